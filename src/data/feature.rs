//! The columns of X as recipes: powers of a column, indicators of a level or of a missing cell, and products of two.

use std::collections::HashSet;

use crate::data::polynomial;
use crate::data::roles::{Missing, Roles};
use crate::data::table::{Column, Table, Values};

/// One column of X: the product of its factors.
///
/// | name | factors |
/// |---|---|
/// | `age` | the column |
/// | `age^2` | its power |
/// | `(year - 2010)^2` | the power of what is left after a centre is taken off |
/// | `region=north` | 1 where the category has this level, else 0 |
/// | `age (missing)` | 1 where the cell is missing, else 0 |
/// | `age:bmi`, `age:region=north` | the product of two of these |
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Unique name, see above; an apostrophe is added where it would not be.
    pub name: String,
    /// Column of the table it comes from; of an interaction, the first of the two.
    pub column: usize,
    /// What is multiplied.
    pub factors: Vec<Factor>,
}

/// What a factor makes of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Factor {
    /// The number to this power, from 1.
    Power {
        /// Position in [`Table::columns`].
        column: usize,
        /// Exponent.
        degree: u32,
    },
    /// The number less `center`, to this power.
    CenteredPower {
        /// Position in [`Table::columns`].
        column: usize,
        /// What is taken off, in the column's unit.
        center: f64,
        /// Exponent.
        degree: u32,
    },
    /// 1 where the category has this level, else 0.
    Level {
        /// Position in [`Table::columns`].
        column: usize,
        /// Position among the levels.
        level: u32,
    },
    /// 1 where the cell is missing, else 0: never missing itself.
    IsMissing {
        /// Position in [`Table::columns`].
        column: usize,
    },
}

impl Feature {
    /// Whether it is a column or an indicator of one, neither power nor product nor mark of missing cells.
    pub fn is_plain(&self) -> bool {
        matches!(self.factors.as_slice(), [Factor::Power { degree: 1, .. } | Factor::Level { .. }])
    }

    /// Whether it comes from this column of the table, alone or with another.
    pub fn uses(&self, column: usize) -> bool {
        self.factors.iter().any(|factor| factor.column() == column)
    }

    /// Its value for one record; NaN where a cell that it needs is missing.
    pub fn value(&self, table: &Table, record: usize) -> f64 {
        let cell = |factor: &Factor| factor.cells(table).map_or(f64::NAN, |cells| cells.at(record));
        self.factors.iter().map(cell).product()
    }

    /// Its value where the cell of `column` holds `number`, if it comes from no other column and looks at no level.
    pub fn of_number(&self, column: usize, number: f64) -> Option<f64> {
        let factor = |factor: &Factor| match *factor {
            Factor::Power { column: own, degree } if own == column => Some(number.powi(degree as i32)),
            Factor::CenteredPower { column: own, center, degree } if own == column => {
                Some((number - center).powi(degree as i32))
            }
            _ => None,
        };
        let product: Option<f64> = self.factors.iter().map(factor).product();
        product.filter(|_| !self.factors.is_empty())
    }

    /// Appends its values for `records` (ascending) to `out`; NaN where a cell that it needs is missing.
    pub(super) fn extend(&self, table: &Table, records: &[usize], out: &mut Vec<f64>) {
        let start = out.len();
        for (k, cells) in self.factors.iter().filter_map(|factor| factor.cells(table)).enumerate() {
            if k == 0 {
                cells.extend(records, table.n_records, out);
            } else {
                let values = out.iter_mut().skip(start);
                values.zip(records).for_each(|(value, &record)| *value *= cells.at(record));
            }
        }
    }
}

impl Factor {
    /// Position in [`Table::columns`].
    pub fn column(self) -> usize {
        match self {
            Self::Power { column, .. }
            | Self::CenteredPower { column, .. }
            | Self::Level { column, .. }
            | Self::IsMissing { column } => column,
        }
    }

    fn cells(self, table: &Table) -> Option<Cells<'_>> {
        Some(match (self, &table.columns.get(self.column())?.values) {
            (Self::Power { degree: 1, .. }, Values::Numbers(values)) => Cells::Numbers(values),
            (Self::Power { degree, .. }, Values::Numbers(values)) => Cells::Powers(values, degree as i32),
            (Self::CenteredPower { center, degree, .. }, Values::Numbers(values)) => {
                Cells::CenteredPowers(values, center, degree as i32)
            }
            (Self::Level { level, .. }, Values::Levels { codes, .. }) => Cells::Level(codes, level),
            (Self::IsMissing { .. }, Values::Numbers(values)) => Cells::MissingNumber(values),
            (Self::IsMissing { .. }, Values::Levels { codes, .. }) => Cells::MissingText(codes),
            (Self::Power { .. } | Self::CenteredPower { .. }, Values::Levels { .. })
            | (Self::Level { .. }, Values::Numbers(_)) => return None,
        })
    }
}

/// A factor with the cells it reads.
enum Cells<'t> {
    Numbers(&'t [f64]),
    Powers(&'t [f64], i32),
    CenteredPowers(&'t [f64], f64, i32),
    Level(&'t [u32], u32),
    MissingNumber(&'t [f64]),
    MissingText(&'t [u32]),
}

impl Cells<'_> {
    fn at(&self, record: usize) -> f64 {
        let number = |values: &[f64]| values.get(record).copied().unwrap_or(f64::NAN);
        let code = |codes: &[u32]| codes.get(record).copied().unwrap_or(Values::MISSING);
        match *self {
            Self::Numbers(values) => number(values),
            Self::Powers(values, degree) => number(values).powi(degree),
            Self::CenteredPowers(values, center, degree) => (number(values) - center).powi(degree),
            Self::Level(codes, level) => indicator(code(codes), level),
            Self::MissingNumber(values) => one_if(number(values).is_nan()),
            Self::MissingText(codes) => one_if(code(codes) == Values::MISSING),
        }
    }

    fn extend(&self, records: &[usize], n_records: usize, out: &mut Vec<f64>) {
        let all = records.len() == n_records;
        match *self {
            Self::Numbers(values) if all => out.extend_from_slice(values),
            Self::Level(codes, level) if all => out.extend(codes.iter().map(|code| indicator(*code, level))),
            Self::Numbers(values) => out.extend(records.iter().filter_map(|r| values.get(*r))),
            _ => out.extend(records.iter().map(|record| self.at(*record))),
        }
    }
}

fn one_if(is: bool) -> f64 {
    f64::from(u8::from(is))
}

fn indicator(code: u32, level: u32) -> f64 {
    if code == Values::MISSING { f64::NAN } else { one_if(code == level) }
}

/// All features that these columns of the table give, those of one column side by side, interactions last. `center` is
/// taken off before powers are taken: see [`polynomial::center`].
pub(super) fn features(table: &Table, roles: &Roles, candidates: &[usize], center: f64) -> Vec<Feature> {
    let columns = || candidates.iter().filter_map(|&j| Some((j, table.columns.get(j)?)));
    let mut names = Names(columns().map(|(_, column)| column.name.clone()).collect());
    let mut features = Vec::new();
    let mut interacting: Vec<Vec<Feature>> = Vec::new();
    for (j, column) in columns() {
        let plain = plain(&mut names, roles, j, column);
        let degree = roles.degrees.get(&j).copied().unwrap_or(1);
        let powers = (2..=degree).map(|degree| {
            let name = names.free(polynomial::name(&column.name, center, degree));
            let factor = if center == 0.0 {
                Factor::Power { column: j, degree }
            } else {
                Factor::CenteredPower { column: j, center, degree }
            };
            Feature { name, column: j, factors: vec![factor] }
        });
        let powers: Vec<Feature> = powers.collect();
        if roles.interactions.contains(&j) {
            interacting.push(plain.clone());
        }
        features.extend(plain);
        features.extend(powers);
        if roles.missing == Missing::MeanAndIndicator && column.n_missing > 0 {
            let name = names.free(format!("{} (missing)", column.name));
            features.push(Feature { name, column: j, factors: vec![Factor::IsMissing { column: j }] });
        }
    }
    for (at, first) in interacting.iter().enumerate() {
        for second in interacting.iter().skip(at + 1) {
            features.extend(products(&mut names, first, second));
        }
    }
    features
}

/// The column itself, or an indicator of each level but the reference.
fn plain(names: &mut Names, roles: &Roles, j: usize, column: &Column) -> Vec<Feature> {
    match &column.values {
        Values::Numbers(_) => {
            vec![Feature {
                name: column.name.clone(),
                column: j,
                factors: vec![Factor::Power { column: j, degree: 1 }],
            }]
        }
        Values::Levels { levels, .. } => {
            let reference = reference(roles, j, levels);
            let others = levels.iter().zip(0..).filter(|(_, level)| *level != reference);
            let feature = |(text, level)| Feature {
                name: names.free(format!("{}={text}", column.name)),
                column: j,
                factors: vec![Factor::Level { column: j, level }],
            };
            others.map(feature).collect()
        }
    }
}

/// Position of the level that the others are compared with.
pub(super) fn reference(roles: &Roles, j: usize, levels: &[String]) -> u32 {
    let chosen = roles.references.get(&j);
    chosen.and_then(|chosen| levels.iter().position(|level| level == chosen)).unwrap_or(0) as u32
}

fn products(names: &mut Names, first: &[Feature], second: &[Feature]) -> Vec<Feature> {
    let pairs = first.iter().flat_map(|a| second.iter().map(move |b| (a, b)));
    let product = |(a, b): (&Feature, &Feature)| Feature {
        name: names.free(format!("{}:{}", a.name, b.name)),
        column: a.column,
        factors: a.factors.iter().chain(&b.factors).copied().collect(),
    };
    pairs.map(product).collect()
}

/// Names that are taken.
struct Names(HashSet<String>);

impl Names {
    fn free(&mut self, mut name: String) -> String {
        while !self.0.insert(name.clone()) {
            name.push('\'');
        }
        name
    }
}
