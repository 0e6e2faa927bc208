//! How the loss bends along two coefficients when all others are fitted anew: the profile of the textbooks' ellipse.

use std::sync::{Arc, OnceLock};

use faer::Mat;

use crate::analysis::Analysis;
use crate::model::decompose::{cholesky, solve_by_cholesky};
use crate::model::ols::NotUnique;

/// Most features whose correlation matrix is factored: `p³/3` operations once, then `2p²` a pair.
const MOST_FEATURES: usize = 1000;

/// Why there is no profile of the loss.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoProfile {
    /// It is centred at least squares, which has no one place.
    #[error("{0}")]
    NotUnique(#[from] NotUnique),
    /// The correlations lose the digits that it needs.
    #[error("the columns are so nearly dependent that their correlations cannot be inverted")]
    NearlyDependent,
    /// It would take too long.
    #[error("offered up to {MOST_FEATURES} features, and there are {n_features}")]
    TooManyFeatures {
        /// Columns of X.
        n_features: usize,
    },
}

/// The lower Cholesky factor of the correlation matrix, computed when it is first asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct CorrelationFactor(OnceLock<Option<Arc<Mat<f64>>>>);

impl Analysis {
    /// The Schur complement of all other features in the correlation matrix `R`: `((R⁻¹)_SS)⁻¹` for `S = {i, j}`, `i ≠ j`.
    ///
    /// # Errors
    /// [`NoProfile`] says why there is none.
    pub fn partial_correlation_matrix(&self, i: usize, j: usize) -> Result<[[f64; 2]; 2], NoProfile> {
        if let Err(why) = &self.least_squares {
            return Err(why.clone().into());
        }
        let p = self.lasso.path.n_features();
        if p > MOST_FEATURES || self.products.is_none() {
            return Err(NoProfile::TooManyFeatures { n_features: p });
        }
        if p == 2 {
            let between = self.correlation(i, j);
            return Ok([[1.0, between], [between, 1.0]]);
        }
        let factored = || cholesky(Mat::from_fn(p, p, |a, b| self.correlation(a, b))).map(Arc::new);
        let factor = self.correlation_factor.0.get_or_init(factored).as_ref().ok_or(NoProfile::NearlyDependent)?;
        let [column_i, column_j] = [i, j].map(|k| {
            let mut column = vec![0.0; p];
            column[k] = 1.0;
            solve_by_cholesky(factor, &mut column);
            column
        });
        let (a, b, c) = (column_i[i], f64::midpoint(column_i[j], column_j[i]), column_j[j]);
        let determinant = a * c - b * b;
        if determinant > 0.0 {
            Ok([[c / determinant, -b / determinant], [-b / determinant, a / determinant]])
        } else {
            Err(NoProfile::NearlyDependent)
        }
    }
}
