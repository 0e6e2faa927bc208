//! K-fold cross-validation along a path: everything is learned from the training rows of each fold.

use ndarray::{Array1, Array2};

/// Held-out errors along a path.
#[derive(Debug, Clone)]
pub struct CrossValidation {
    /// `fold_errors[[m, k]]`: mean squared error of held-out fold `m` at alpha `k`; `m = repeat · n_folds + fold`.
    pub fold_errors: Array2<f64>,
    /// Rows held out in each `m`.
    pub fold_sizes: Vec<usize>,
    /// Number of folds in one repeat.
    pub n_folds: usize,
    /// `Σ n_k c_k / n` at each alpha, shape `(n_alphas,)`, averaged over repeats.
    pub mean: Array1<f64>,
    /// `sqrt( Σ n_k (c_k − mean)² / n / (K − 1) )` at each alpha, shape `(n_alphas,)`, averaged over repeats.
    pub se: Array1<f64>,
    /// Position of the largest alpha that attains the smallest mean.
    pub index_min: usize,
    /// Position of the largest alpha with `mean ≤ mean_min + SE_min`.
    pub index_1se: usize,
    /// `fold_coefficients[m][k]`: the coefficients that are not zero at alpha `k` when `m` was held out,
    /// as (feature, coefficient in the user's units). Kept for the lasso and elastic net; empty for ridge.
    pub fold_coefficients: Vec<Vec<Vec<(u32, f64)>>>,
}
