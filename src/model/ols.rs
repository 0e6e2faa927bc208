//! Ordinary least squares by linfa-linear, behind a rank guard.

use ndarray::Array1;

/// The least-squares fit on the same columns.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastSquares {
    /// In the user's units, shape `(n_features,)`.
    pub coefficients: Array1<f64>,
    /// In the user's units.
    pub intercept: f64,
    /// `‖r‖²`.
    pub residual_sum: f64,
}

/// Why there is no unique least-squares fit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NotUnique {
    /// Fewer independent columns than columns.
    #[error("least squares is not unique: {n_features} features, but only {rank} are linearly independent in {n_samples} rows")]
    RankDeficient {
        /// Columns of X.
        n_features: usize,
        /// Numerical rank of the centred, scaled X.
        rank: usize,
        /// Rows.
        n_samples: usize,
    },
}
