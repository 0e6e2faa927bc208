//! Which column of a table plays which part in a regression.

use std::collections::{BTreeMap, BTreeSet};

use crate::data::design::column;
use crate::data::design_error::DesignError;
use crate::data::table::{ColumnType, Table, Values};

/// Highest power of a column that can be asked for: beyond it powers of one column are all but collinear.
pub const MAX_DEGREE: u32 = 15;

/// What happens to records with a missing feature. Records with a missing target are always left out of the fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// Leave the record out, counted.
    #[default]
    Drop,
    /// Put in the mean of the training rows, inside each fold.
    Mean,
    /// As [`Missing::Mean`], with a 0/1 feature beside each column that lacks cells: 1 where the cell is missing.
    MeanAndIndicator,
}

impl Missing {
    /// Whether missing cells stay in, at the mean of the training rows.
    pub fn imputes(self) -> bool {
        self != Self::Drop
    }
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
    /// Column of case weights; never a feature.
    pub weight_column: Option<usize>,
    /// What happens to missing cells.
    pub missing: Missing,
    /// The level that a category's indicators are compared with, where it is not the first in byte order.
    pub references: BTreeMap<usize, String>,
    /// Highest power of a numeric column, where it is above 1.
    pub degrees: BTreeMap<usize, u32>,
    /// Columns whose products two by two are features too.
    pub interactions: BTreeSet<usize>,
}

impl Roles {
    /// Predicts `target` from all other columns, each as it is.
    pub fn new(target: usize) -> Self {
        Self {
            target,
            excluded: BTreeSet::new(),
            fold_column: None,
            group_column: None,
            weight_column: None,
            missing: Missing::default(),
            references: BTreeMap::new(),
            degrees: BTreeMap::new(),
            interactions: BTreeSet::new(),
        }
    }

    /// Whether a column has a part that keeps it from being a feature.
    pub fn is_reserved(&self, j: usize) -> bool {
        j == self.target || [self.fold_column, self.group_column, self.weight_column].contains(&Some(j))
    }

    /// Columns that are of use only where rows are at hand.
    pub(super) fn that_need_rows(&self) -> impl Iterator<Item = usize> {
        let parts = [self.fold_column, self.group_column, self.weight_column];
        parts.into_iter().flatten().chain(self.degrees.keys().copied()).chain(self.interactions.iter().copied())
    }

    /// # Errors
    /// [`DesignError`] names the column whose part cannot be played.
    pub(super) fn check(&self, table: &Table) -> Result<(), DesignError> {
        let named = [
            (Some(self.target), "the target"),
            (self.fold_column, "the fold column"),
            (self.group_column, "the group column"),
            (self.weight_column, "the weight column"),
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
        for (&j, &degree) in &self.degrees {
            let column = column(table, j)?;
            if column.column_type != ColumnType::Number || !(1..=MAX_DEGREE).contains(&degree) {
                return Err(DesignError::Degree { column: column.name.clone(), degree, highest: MAX_DEGREE });
            }
        }
        for (&j, level) in &self.references {
            let column = column(table, j)?;
            match &column.values {
                Values::Levels { levels, .. } if levels.contains(level) => {}
                Values::Levels { levels, .. } => {
                    let some: Vec<&str> = levels.iter().take(12).map(String::as_str).collect();
                    let more = if levels.len() > 12 { ", …" } else { "" };
                    let levels = format!("{}{more}", some.join(", "));
                    return Err(DesignError::UnknownLevel {
                        column: column.name.clone(),
                        level: level.clone(),
                        levels,
                    });
                }
                Values::Numbers(_) => return Err(DesignError::NoLevels { column: column.name.clone() }),
            }
        }
        self.interactions.iter().try_for_each(|&j| column(table, j).map(|_| ()))
    }
}
