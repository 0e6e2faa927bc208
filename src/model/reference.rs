//! The same through linfa-elasticnet: the reference engine of the sweep and the witness of *Verify*.

use ndarray::Array1;

/// One lasso point refitted by linfa-elasticnet, beside ours.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    /// Per divisor `s_j`, shape `(n_features,)`.
    pub solution: Array1<f64>,
    /// In the user's units, shape `(n_features,)`.
    pub coefficients: Array1<f64>,
    /// In the user's units.
    pub intercept: f64,
    /// Duality gap of linfa's solution relative to `‖y‖²/2n`, by our own certificate.
    pub duality_gap: f64,
    /// Whether linfa met its own stopping rule.
    pub converged: bool,
    /// Sweeps it took.
    pub n_steps: u32,
}
