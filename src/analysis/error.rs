//! Why nothing was computed, with the names that the model room does not know.

use crate::data::design::Design;
use crate::model::folds::FoldsError;
use crate::model::path::PathError;

/// Why nothing was computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AnalysisError {
    /// A path could not be fitted.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Rows could not be dealt to folds.
    #[error(transparent)]
    Folds(#[from] FoldsError),
    /// Too few rows.
    #[error(
        "at least 3 complete rows are needed, but there are {rows}; fill in missing cells or leave out columns that lack many"
    )]
    TooFewRows {
        /// Complete rows.
        rows: usize,
    },
    /// All of y is one value.
    #[error("the target {target:?} does not vary: all {rows} rows hold the same value; choose another target")]
    ConstantTarget {
        /// Name of the target.
        target: String,
        /// Rows.
        rows: usize,
    },
    /// A column whose squares or coefficient overflow or vanish.
    #[error(
        "feature {feature:?} has the standard deviation {deviation:e}, too extreme to be used as it is; standardize, or multiply it by a power of ten"
    )]
    ExtremeFeature {
        /// Name of the feature.
        feature: String,
        /// Its standard deviation.
        deviation: f64,
    },
    /// What needs the rows, where they were summed up.
    #[error(
        "only what the rows sum up to is at hand, so that linfa cannot fit them; verify on a smaller part of the rows"
    )]
    RowsNotKept,
    /// The first path is a lasso or an elastic net.
    #[error("l1_ratio must lie above 0 and at most at 1, but is {0}; ridge is fitted beside it in any case")]
    InvalidL1Ratio(f64),
}

impl AnalysisError {
    /// With the names that the model room does not know.
    pub(super) fn from_path(error: PathError, design: &Design) -> Self {
        match error {
            PathError::ConstantTarget { rows } => Self::ConstantTarget { target: design.target.clone(), rows },
            PathError::ExtremeColumn { column, deviation } if column < design.features.len() => {
                Self::ExtremeFeature { feature: design.features[column].name.clone(), deviation }
            }
            other => Self::Path(other),
        }
    }
}
