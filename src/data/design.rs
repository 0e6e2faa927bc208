//! From a table and roles to the numbers of a regression: X, y, a mask of missing cells, and who was left out and why.

use std::collections::BTreeSet;

use ndarray::{Array1, Array2};

use crate::data::notes::Note;
use crate::data::table::Table;

/// What happens to records with a missing feature. Records with a missing target are always left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// Leave the record out, counted.
    #[default]
    Drop,
    /// Put in the mean of the training rows, inside each fold.
    Mean,
}

/// Which column plays which part.
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

/// Why no regression can be set up.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DesignError {
    /// The target column does not vary.
    #[error("the target {column:?} does not vary: all {rows} complete rows hold {value}; choose another target")]
    TargetConstant {
        /// Target.
        column: String,
        /// Rows seen.
        rows: usize,
        /// The one value.
        value: f64,
    },
}

impl Design {
    /// Sets up the regression of `roles.target` on the other columns.
    ///
    /// # Errors
    /// [`DesignError`] says which column, line or count stands in the way, and what to do.
    pub fn new(_table: &Table, _roles: &Roles) -> Result<Self, DesignError> {
        todo!()
    }
}
