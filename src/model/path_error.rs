//! Why a path cannot be fitted.

use crate::model::progress::Cancelled;

/// Why a path cannot be fitted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// Asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// Outside [0, 1].
    #[error("l1_ratio must lie in [0, 1], but is {0}")]
    InvalidL1Ratio(f64),
    /// Explicit alphas must be usable.
    #[error("alphas must be finite, above 0 and distinct: {0}")]
    InvalidGrid(String),
    /// A NaN or an infinity in X or y.
    #[error("row {row} holds a value that is not finite")]
    NotFinite {
        /// 0-based row of the data set.
        row: usize,
    },
    /// A case weight that is zero, negative, not finite, or lost beside the largest one.
    #[error("row {row} has a case weight that cannot be used; weights must be finite and above 0")]
    CaseWeight {
        /// 0-based row of the data set.
        row: usize,
    },
    /// X and y do not belong together.
    #[error("X has {records} rows, but y has {targets}")]
    Shape {
        /// Rows of X.
        records: usize,
        /// Length of y.
        targets: usize,
    },
    /// No rows.
    #[error("there are no rows")]
    Empty,
    /// All of y is one value.
    #[error("the target does not vary: all {rows} rows hold the same value; choose another target")]
    ConstantTarget {
        /// Rows of the data set.
        rows: usize,
    },
    /// The squares of y overflow or vanish.
    #[error(
        "the target's largest magnitude is {largest:e}, and its squares cannot be summed; multiply it by a power of ten"
    )]
    ExtremeTarget {
        /// Largest magnitude in y.
        largest: f64,
    },
    /// Without standardizing, the squares of a column overflow or vanish; or its coefficient does.
    #[error("feature {} has the standard deviation {deviation:e}, too extreme to be used; multiply it by a power of ten", column + 1)]
    ExtremeColumn {
        /// 0-based column of X.
        column: usize,
        /// Its standard deviation.
        deviation: f64,
    },
    /// Penalty factors or signs that cannot be used.
    #[error("{0}")]
    InvalidPenalty(String),
    /// Only moments are at hand.
    #[error(
        "only sums over rows are at hand, and this needs the rows themselves; choose the pathwise engine, or open the table"
    )]
    NoRows,
    /// A singular value decomposition did not end.
    #[error("the singular value decomposition did not converge")]
    Decomposition,
    /// linfa-elasticnet refused.
    #[error("linfa-elasticnet: {0}")]
    Reference(String),
    /// Required by linfa's `Fit`.
    #[error("{0}")]
    Linfa(String),
}

impl From<linfa::Error> for PathError {
    fn from(error: linfa::Error) -> Self {
        Self::Linfa(error.to_string())
    }
}
