//! Centring and scaling of columns, and the way back to the user's units.

use ndarray::Array1;

/// Whether columns are divided by their standard deviation before the fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// `s_j` = population standard deviation of the training rows.
    #[default]
    Standardize,
    /// `s_j = 1`; columns are centred all the same.
    Keep,
}

/// Centre and scale of each column, learned from training rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Scaling {
    /// Mean of each column, shape `(n_features,)`.
    pub means: Array1<f64>,
    /// Divisor `s_j` of each column, shape `(n_features,)`; 1 where the column does not vary.
    pub scales: Array1<f64>,
    /// Population standard deviation of each column, shape `(n_features,)`; 0 where the column does not vary.
    pub sds: Array1<f64>,
    /// Mean of the target.
    pub target_mean: f64,
}
