//! Predictions of a fit, as linfa asks for them.

use linfa::traits::PredictInplace;
use ndarray::{Array1, Array2, ArrayBase, Data, Ix2};

use crate::model::path::RegularizationPath;

/// The fit at one alpha, in the user's units.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearModel {
    /// Shape `(n_features,)`.
    pub coefficients: Array1<f64>,
    /// Prediction where all features are 0.
    pub intercept: f64,
}

/// `y = X coefficients + intercept`, shape `(n_samples,)`.
impl<D: Data<Elem = f64>> PredictInplace<ArrayBase<D, Ix2>, Array1<f64>> for LinearModel {
    fn predict_inplace(&self, x: &ArrayBase<D, Ix2>, y: &mut Array1<f64>) {
        *y = x.dot(&self.coefficients) + self.intercept;
    }

    fn default_target(&self, x: &ArrayBase<D, Ix2>) -> Array1<f64> {
        Array1::zeros(x.nrows())
    }
}

/// The prediction at every alpha, shape `(n_samples, n_alphas)`: one matrix product.
impl<D: Data<Elem = f64>> PredictInplace<ArrayBase<D, Ix2>, Array2<f64>> for RegularizationPath {
    fn predict_inplace(&self, x: &ArrayBase<D, Ix2>, y: &mut Array2<f64>) {
        let coefficients = &self.solutions / &self.scaling.scales;
        let intercepts: Array1<f64> = (0..self.len()).map(|k| self.intercept(k)).collect();
        *y = x.dot(&coefficients.t()) + &intercepts;
    }

    fn default_target(&self, x: &ArrayBase<D, Ix2>) -> Array2<f64> {
        Array2::zeros((x.nrows(), self.len()))
    }
}
