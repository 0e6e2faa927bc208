//! From a table and roles to the numbers of a regression: X, y, a mask of missing cells, and who was left out and why.

use std::collections::{BTreeSet, HashSet};

use ndarray::{Array1, Array2, ShapeBuilder};

use crate::data::cell;
pub use crate::data::design_error::DesignError;
use crate::data::design_notes::{self, LeftOut};
use crate::data::design_rows::{Rows, constant, labels, too_few_rows};
use crate::data::notes::Note;
use crate::data::scanner::clip;
use crate::data::table::{Column, ColumnType, Table, Values};

/// Most levels that become indicators.
const MAX_LEVELS: usize = 1000;

/// What happens to records with a missing feature. Records with a missing target are always left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// Leave the record out, counted.
    #[default]
    Drop,
    /// Put in the mean of the training rows, inside each fold.
    Mean,
}

/// Which column plays which part; positions in [`Table::columns`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles {
    /// Column to predict.
    pub target: usize,
    /// Columns the user switched off.
    pub excluded: BTreeSet<usize>,
    /// Column whose distinct values are the folds; never a feature.
    pub fold_column: Option<usize>,
    /// Column whose distinct values are groups that no fold may split; never a feature.
    pub group_column: Option<usize>,
    /// What happens to missing cells.
    pub missing: Missing,
}

/// One column of X.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// `column`, or `column=level` for an indicator.
    pub name: String,
    /// Column of the table it comes from.
    pub column: usize,
}

/// The numbers of a regression.
#[derive(Debug, Clone)]
pub struct Design {
    /// Name of the target column.
    pub target: String,
    /// The columns of X, in order.
    pub features: Vec<Feature>,
    /// Shape `(n_samples, n_features)`, column-major, in the user's units; missing cells hold 0.
    pub x: Array2<f64>,
    /// True where a cell of X is missing; `None` where none is. Same shape as `x`.
    pub missing: Option<Array2<bool>>,
    /// Shape `(n_samples,)`, in the user's units.
    pub y: Array1<f64>,
    /// Record of the file behind each row, ascending.
    pub records: Vec<usize>,
    /// Records in the file.
    pub n_records: usize,
    /// Records without a target.
    pub n_missing_target: usize,
    /// Records left out for a missing feature.
    pub n_missing_feature: usize,
    /// Fold label of each row (`0..k` in order of the column's values), if a fold column was chosen.
    pub fold_labels: Option<Vec<u32>>,
    /// Group label of each row, if a group column was chosen.
    pub group_labels: Option<Vec<u32>>,
    /// What the reader should know: constant columns, left-out text, categories.
    pub notes: Vec<Note>,
}

/// The column of this name.
///
/// # Errors
/// [`DesignError::UnknownColumn`] names some columns there are.
pub fn column_of(table: &Table, name: &str) -> Result<usize, DesignError> {
    table.column_index(name).ok_or_else(|| unknown(table, format!("{name:?}")))
}

fn unknown(table: &Table, column: String) -> DesignError {
    let some: Vec<&str> = table.columns.iter().take(12).map(|c| c.name.as_str()).collect();
    let more = if table.columns.len() > 12 { ", …" } else { "" };
    DesignError::UnknownColumn { column, names: format!("{}{more}", some.join(", ")) }
}

/// The column that is most likely the target: one called so, else the last one with numbers.
pub fn suggest_target(table: &Table) -> Option<usize> {
    const NAMES: [&str; 5] = ["target", "y", "outcome", "response", "label"];
    let numeric = |t: ColumnType| matches!(t, ColumnType::Number | ColumnType::Boolean);
    let columns = || table.columns.iter().enumerate().filter(|(_, c)| numeric(c.column_type));
    let named = |name: &str| columns().find(|(_, c)| c.name.eq_ignore_ascii_case(name));
    let by_name = NAMES.iter().find_map(|name| named(name));
    let last = || columns().rfind(|(_, c)| c.column_type == ColumnType::Number);
    by_name.or_else(last).or_else(|| columns().next_back()).map(|(j, _)| j)
}

impl Design {
    /// Sets up the regression of `roles.target` on the other columns.
    ///
    /// Columns of numbers and of yes and no are features, categories become one indicator per level but the first in
    /// byte order. Left out, with a note: dates, other text, empty columns, and columns that do not vary in the rows used.
    ///
    /// # Errors
    /// [`DesignError`] says which column, line or count stands in the way, and what to do.
    pub fn new(table: &Table, roles: &Roles) -> Result<Self, DesignError> {
        check_roles(table, roles)?;
        let target = column(table, roles.target)?;
        let y_all = target_values(table, target)?;
        let mut left_out = LeftOut::default();
        let candidates = candidates(table, roles, &mut left_out);
        let rows = Rows::select(table, &candidates, y_all, roles.missing);
        if rows.records.len() < 3 {
            return Err(too_few_rows(table, &candidates, target, &rows));
        }
        let y: Vec<f64> = rows.pick(y_all);
        if let Some(value) = constant(&y, None) {
            let rows = y.len();
            return Err(DesignError::TargetConstant { column: target.name.clone(), rows, value });
        }
        let mut builder = Builder::new(&rows, table, &candidates)?;
        for &j in &candidates {
            builder.add(j, column(table, j)?, &mut left_out);
        }
        if builder.features.is_empty() {
            return Err(DesignError::NoFeature { target: target.name.clone(), reason: left_out.reason() });
        }
        let fold_labels = roles.fold_column.map(|j| labels(table, &rows, j, "fold")).transpose()?;
        let group_labels = roles.group_column.map(|j| labels(table, &rows, j, "group")).transpose()?;
        let mut notes = left_out.into_notes(table);
        notes.extend(rows.notes(table));
        notes.extend(design_notes::order(table, &candidates));
        let Builder { features, x, missing, has_missing, .. } = builder;
        notes.extend(design_notes::twins(&features, &x, &y, &target.name));
        let shape = (rows.records.len(), features.len());
        Ok(Self {
            target: target.name.clone(),
            x: Array2::from_shape_vec(shape.f(), x).unwrap_or_else(|_| Array2::zeros(shape.f())),
            missing: has_missing.then(|| Array2::from_shape_vec(shape.f(), missing).ok()).flatten(),
            features,
            y: Array1::from_vec(y),
            n_records: table.n_records,
            n_missing_target: rows.n_missing_target,
            n_missing_feature: rows.n_missing_feature,
            records: rows.records,
            fold_labels,
            group_labels,
            notes,
        })
    }
}

pub(super) fn column(table: &Table, j: usize) -> Result<&Column, DesignError> {
    table.columns.get(j).ok_or_else(|| unknown(table, j.to_string()))
}

fn check_roles(table: &Table, roles: &Roles) -> Result<(), DesignError> {
    let named = [
        (Some(roles.target), "the target"),
        (roles.fold_column, "the fold column"),
        (roles.group_column, "the group column"),
    ];
    for (at, (first_column, first)) in named.iter().enumerate() {
        let Some(j) = *first_column else { continue };
        let name = &column(table, j)?.name;
        for (other, second) in named.iter().skip(at + 1) {
            if *other == Some(j) {
                return Err(DesignError::RoleClash { column: name.clone(), first, second });
            }
        }
    }
    Ok(())
}

/// The numbers of the target, or the first cell that is none.
fn target_values<'a>(table: &Table, target: &'a Column) -> Result<&'a [f64], DesignError> {
    match &target.values {
        Values::Numbers(values) => Ok(values),
        Values::Levels { levels, codes } => {
            let is_number = |text: &str| {
                cell::read_number(text.as_bytes(), cell::NumberFormat::PLAIN).is_some_and(|n| n.value.is_finite())
                    || cell::is_missing_word(text.trim())
            };
            let numeric: Vec<bool> = levels.iter().map(|l| is_number(l)).collect();
            let is_text = |code: &u32| numeric.get(*code as usize) == Some(&false);
            let record = codes.iter().position(is_text).or_else(|| codes.iter().position(|c| *c != Values::MISSING));
            let text = record.and_then(|r| codes.get(r)).and_then(|c| levels.get(*c as usize));
            Err(DesignError::TargetNotNumeric {
                line: table.line(record.unwrap_or(0)),
                column: target.name.clone(),
                text: clip(text.map_or("", String::as_str)),
            })
        }
    }
}

/// Columns that can be features, in order; the others are noted.
fn candidates(table: &Table, roles: &Roles, left_out: &mut LeftOut) -> Vec<usize> {
    let mut candidates = Vec::new();
    for (j, column) in table.columns.iter().enumerate() {
        let has_role = j == roles.target || roles.fold_column == Some(j) || roles.group_column == Some(j);
        if has_role || roles.excluded.contains(&j) {
            continue;
        }
        match (column.column_type, &column.values) {
            (ColumnType::Category, Values::Levels { levels, .. }) if levels.len() > MAX_LEVELS => {
                left_out.texts.push(j);
            }
            (ColumnType::Number | ColumnType::Boolean | ColumnType::Category, _) => {
                candidates.push(j);
            }
            (ColumnType::Date, _) => left_out.dates.push(j),
            (ColumnType::Text, _) => left_out.texts.push(j),
            (ColumnType::Empty, _) => left_out.empty.push(j),
        }
    }
    candidates
}

/// X as it grows, column by column.
struct Builder<'a> {
    rows: &'a Rows,
    features: Vec<Feature>,
    names: HashSet<String>,
    x: Vec<f64>,
    missing: Vec<bool>,
    /// Whether a mask is kept.
    has_missing: bool,
}

impl<'a> Builder<'a> {
    fn new(rows: &'a Rows, table: &Table, candidates: &[usize]) -> Result<Self, DesignError> {
        let columns = || candidates.iter().filter_map(|j| table.columns.get(*j));
        let n_features: usize = columns()
            .map(|c| match &c.values {
                Values::Numbers(_) => 1,
                Values::Levels { levels, .. } => levels.len().saturating_sub(1),
            })
            .sum();
        let n = rows.records.len();
        let has_missing = rows.policy == Missing::Mean && columns().any(|c| c.n_missing > 0);
        let mut x = Vec::new();
        let too_large = |_| DesignError::TooLarge { rows: n, features: n_features, mib: (n * n_features) >> 17 };
        x.try_reserve_exact(n.saturating_mul(n_features)).map_err(too_large)?;
        let names = columns().map(|c| c.name.clone()).collect();
        Ok(Self { rows, features: Vec::with_capacity(n_features), names, x, missing: Vec::new(), has_missing })
    }

    fn add(&mut self, j: usize, column: &Column, left_out: &mut LeftOut) {
        match &column.values {
            Values::Numbers(values) => {
                let feature = Feature { name: column.name.clone(), column: j };
                self.push(feature, values, |v| v, f64::is_nan, left_out);
            }
            Values::Levels { levels, codes } => {
                if levels.len() == 1 {
                    left_out.constant.push(column.name.clone());
                }
                for (level, text) in levels.iter().enumerate().skip(1) {
                    let feature = Feature { name: self.free_name(&column.name, text), column: j };
                    let indicator = |code: u32| f64::from(u8::from(code as usize == level));
                    self.push(feature, codes, indicator, |c| c == Values::MISSING, left_out);
                }
                left_out.categories.extend(levels.first().map(|reference| (j, reference.clone())));
            }
        }
    }

    fn free_name(&mut self, column: &str, level: &str) -> String {
        let mut name = format!("{column}={level}");
        while !self.names.insert(name.clone()) {
            name.push('\'');
        }
        name
    }

    /// Adds a column of X unless it does not vary.
    fn push<T: Copy>(
        &mut self,
        feature: Feature,
        cells: &[T],
        value: impl Fn(T) -> f64,
        is_missing: impl Fn(T) -> bool,
        left_out: &mut LeftOut,
    ) {
        let n = self.rows.records.len();
        let start = self.x.len();
        let cell = |c: T| if is_missing(c) { 0.0 } else { value(c) };
        let all = n == cells.len();
        if all {
            self.x.extend(cells.iter().map(|c| cell(*c)));
        } else {
            self.x.extend(self.rows.records.iter().filter_map(|r| cells.get(*r)).map(|c| cell(*c)));
        }
        if self.has_missing {
            let picked = self.rows.records.iter().filter_map(|r| cells.get(*r));
            self.missing.extend(picked.map(|c| is_missing(*c)));
        }
        let column = self.x.get(start..).unwrap_or_default();
        let mask = self.has_missing.then(|| self.missing.get(start..).unwrap_or_default());
        let has_value = mask.is_none_or(|m| m.contains(&false));
        if !has_value || constant(column, mask).is_some() {
            self.x.truncate(start);
            self.missing.truncate(start);
            left_out.constant.push(feature.name);
        } else {
            self.features.push(feature);
        }
    }
}
