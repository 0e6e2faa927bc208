//! From a table and roles to the numbers of a regression: X, y, a mask of missing cells, and who was left out and why.

use ndarray::{Array1, Array2, ShapeBuilder};

use crate::data::cell;
pub use crate::data::design_error::DesignError;
use crate::data::design_notes::{self, LeftOut, Orders};
use crate::data::design_rows::{Rows, constant, labels, too_few_rows};
pub use crate::data::feature::{Factor, Feature};
use crate::data::feature::{features, reference};
use crate::data::notes::Note;
use crate::data::polynomial;
pub use crate::data::polynomial::sole_predictor;
use crate::data::prints::Prints;
pub use crate::data::roles::{MAX_DEGREE, Missing, Roles};
use crate::data::scanner::clip;
use crate::data::table::{Column, ColumnType, Table, Values};

/// Most levels that become indicators.
const MAX_LEVELS: usize = 1000;
/// Most columns of X: interactions of many columns are refused before they are listed.
pub(super) const MAX_FEATURES: usize = 1 << 20;

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
    /// Case weight of each row, above 0, as the file has it; `None` where all rows count alike.
    pub case_weights: Option<Array1<f64>>,
    /// Record of the file behind each row, ascending.
    pub records: Vec<usize>,
    /// Records in the file.
    pub n_records: usize,
    /// Records without a target.
    pub n_missing_target: usize,
    /// Records left out for a missing feature.
    pub n_missing_feature: usize,
    /// Records left out because their case weight is 0.
    pub n_without_weight: usize,
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

/// How a target was guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// Its name is one that targets often have.
    Name,
    /// It is the last column of numbers.
    Last,
}

/// A column to predict until the user names one: of one of the usual names, else the last of numbers.
pub fn suggest_target(table: &Table) -> Option<usize> {
    guess_target(table).map(|(column, _)| column)
}

/// As [`suggest_target`], and how it was found.
pub fn guess_target(table: &Table) -> Option<(usize, Guess)> {
    const NAMES: [&str; 5] = ["target", "y", "outcome", "response", "label"];
    let numeric = |t: ColumnType| matches!(t, ColumnType::Number | ColumnType::Boolean);
    let columns = || table.columns.iter().enumerate().filter(|(_, c)| numeric(c.column_type));
    let named = |name: &str| columns().find(|(_, c)| c.name.eq_ignore_ascii_case(name));
    let by_name = NAMES.iter().find_map(|name| named(name)).map(|(j, _)| (j, Guess::Name));
    let last = || columns().rfind(|(_, c)| c.column_type == ColumnType::Number).or_else(|| columns().next_back());
    by_name.or_else(|| last().map(|(j, _)| (j, Guess::Last)))
}

impl Design {
    /// Sets up the regression of `roles.target` on the other columns.
    ///
    /// Columns of numbers and of yes and no are features, categories become one indicator per level but the reference;
    /// powers and interactions are added as the roles say, see [`Feature`]. Left out, with a note: dates, other text, empty columns, and columns that do not vary in the rows used.
    ///
    /// # Errors
    /// [`DesignError`] says which column, line or count stands in the way, and what to do.
    pub fn new(table: &Table, roles: &Roles) -> Result<Self, DesignError> {
        roles.check(table)?;
        let target = column(table, roles.target)?;
        let y_all = target_values(table, target)?;
        let mut left_out = LeftOut::default();
        let candidates = candidates(table, roles, &mut left_out);
        let rows = Rows::select(table, &candidates, y_all, roles)?;
        if rows.records.len() < 3 {
            return Err(too_few_rows(table, &candidates, target, &rows));
        }
        let y: Vec<f64> = rows.pick(y_all);
        if let Some(value) = constant(&y, None) {
            let rows = y.len();
            return Err(DesignError::TargetConstant { column: target.name.clone(), rows, value });
        }
        note_categories(table, roles, &candidates, &mut left_out);
        let Builder { features, x, missing, .. } = Builder::build(table, roles, &candidates, &rows, &mut left_out)?;
        if features.is_empty() {
            return Err(DesignError::NoFeature { target: target.name.clone(), reason: left_out.reason() });
        }
        let fold_labels = roles.fold_column.map(|j| labels(table, &rows, j, "fold")).transpose()?;
        let group_labels = roles.group_column.map(|j| labels(table, &rows, j, "group")).transpose()?;
        let mut notes = left_out.into_notes(table);
        notes.extend(rows.notes(table));
        notes.extend(design_notes::order(table, &candidates, &Orders::of(table)));
        let shape = (rows.records.len(), features.len());
        let columns = x.chunks_exact(shape.0).chain([y.as_slice()]);
        let prints: Vec<u64> = columns.map(|values| Prints::of(values).hash()).collect();
        notes.extend(design_notes::twins(&features, &prints, &target.name));
        Ok(Self {
            target: target.name.clone(),
            x: Array2::from_shape_vec(shape.f(), x).unwrap_or_else(|_| Array2::zeros(shape.f())),
            missing: missing.and_then(|missing| Array2::from_shape_vec(shape.f(), missing).ok()),
            features,
            y: Array1::from_vec(y),
            case_weights: rows.case_weights.map(Array1::from_vec),
            n_records: table.n_records,
            n_missing_target: rows.n_missing_target,
            n_missing_feature: rows.n_missing_feature,
            n_without_weight: rows.n_without_weight,
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

/// The numbers of the target, or the first cell that is none.
pub(super) fn target_values<'a>(table: &Table, target: &'a Column) -> Result<&'a [f64], DesignError> {
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
pub(super) fn candidates(table: &Table, roles: &Roles, left_out: &mut LeftOut) -> Vec<usize> {
    let mut candidates = Vec::new();
    for (j, column) in table.columns.iter().enumerate() {
        if roles.is_reserved(j) || roles.excluded.contains(&j) {
            continue;
        }
        if is_candidate(table, roles, j) {
            candidates.push(j);
            continue;
        }
        match column.column_type {
            ColumnType::Date => left_out.dates.push(j),
            ColumnType::Empty => left_out.empty.push(j),
            _ => left_out.texts.push(j),
        }
    }
    candidates
}

/// Whether a column can be a feature in these roles.
pub(super) fn is_candidate(table: &Table, roles: &Roles, j: usize) -> bool {
    let is_free = !roles.is_reserved(j) && !roles.excluded.contains(&j);
    is_free
        && table.columns.get(j).is_some_and(|column| match (column.column_type, &column.values) {
            (ColumnType::Category, Values::Levels { levels, .. }) => levels.len() <= MAX_LEVELS,
            (kind, _) => matches!(kind, ColumnType::Number | ColumnType::Boolean | ColumnType::Category),
        })
}

/// Categories with the level that theirs are compared with; those with one level only say nothing.
pub(super) fn note_categories(table: &Table, roles: &Roles, candidates: &[usize], left_out: &mut LeftOut) {
    for &j in candidates {
        if let Some(Column { name, values: Values::Levels { levels, .. }, .. }) = table.columns.get(j) {
            if levels.len() == 1 {
                left_out.constant.push(name.clone());
            }
            let compared_with = levels.get(reference(roles, j, levels) as usize);
            left_out.categories.extend(compared_with.map(|level| (j, level.clone())));
        }
    }
}

/// X as it grows, column by column.
struct Builder {
    features: Vec<Feature>,
    x: Vec<f64>,
    /// Where cells are missing, if any may be.
    missing: Option<Vec<bool>>,
}

impl Builder {
    fn build(
        table: &Table,
        roles: &Roles,
        candidates: &[usize],
        rows: &Rows,
        left_out: &mut LeftOut,
    ) -> Result<Self, DesignError> {
        let n = rows.records.len();
        let too_large = |p: usize| DesignError::TooLarge { rows: n, features: p, mib: n.saturating_mul(p) >> 17 };
        let n_listed = count(table, roles, candidates);
        if n_listed > MAX_FEATURES {
            return Err(too_large(n_listed));
        }
        let center = polynomial::center(table, roles, rows.records.iter().copied());
        let features = features(table, roles, candidates, center);
        let mut x = Vec::new();
        x.try_reserve_exact(n.saturating_mul(features.len())).map_err(|_refused| too_large(features.len()))?;
        let lacks_cells = |j: &usize| table.columns.get(*j).is_some_and(|c| c.n_missing > 0);
        let has_missing = roles.missing.imputes() && candidates.iter().any(lacks_cells);
        let mut builder = Self { features: Vec::with_capacity(features.len()), x, missing: has_missing.then(Vec::new) };
        for feature in features {
            builder.push(feature, table, rows, left_out)?;
        }
        Ok(builder)
    }

    /// Adds a column of X unless it does not vary.
    fn push(
        &mut self,
        feature: Feature,
        table: &Table,
        rows: &Rows,
        left_out: &mut LeftOut,
    ) -> Result<(), DesignError> {
        let start = self.x.len();
        feature.extend(table, &rows.records, &mut self.x);
        let column = self.x.get_mut(start..).unwrap_or_default();
        if let Some(missing) = &mut self.missing {
            missing.extend(column.iter().map(|v| v.is_nan()));
            column.iter_mut().filter(|v| v.is_nan()).for_each(|v| *v = 0.0);
        }
        if !feature.is_plain()
            && let Some(row) = column.iter().position(|v| !v.is_finite())
        {
            let line = table.line(rows.records.get(row).copied().unwrap_or(0));
            return Err(DesignError::Overflow { line, feature: feature.name });
        }
        let mask = self.missing.as_ref().map(|missing| missing.get(start..).unwrap_or_default());
        let has_value = mask.is_none_or(|mask| mask.contains(&false));
        if !has_value || constant(column, mask).is_some() {
            self.x.truncate(start);
            if let Some(missing) = &mut self.missing {
                missing.truncate(start);
            }
            left_out.constant.push(feature.name);
        } else {
            self.features.push(feature);
        }
        Ok(())
    }
}

/// How many features there will be at most: no list of them is made before it is known to be short enough.
pub(super) fn count(table: &Table, roles: &Roles, candidates: &[usize]) -> usize {
    let plain = |j: &usize| match table.columns.get(*j).map(|c| &c.values) {
        Some(Values::Levels { levels, .. }) => levels.len().saturating_sub(1),
        _ => 1,
    };
    let own: usize = candidates.iter().map(|j| plain(j) + 1 + roles.degrees.get(j).map_or(0, |d| *d as usize)).sum();
    let interacting: Vec<usize> = candidates.iter().filter(|j| roles.interactions.contains(j)).map(plain).collect();
    let sum: usize = interacting.iter().sum();
    let squares: usize = interacting.iter().map(|p| p * p).sum();
    own + (sum.saturating_mul(sum) - squares) / 2
}
