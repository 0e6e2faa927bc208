//! Ordinary least squares by linfa-linear, behind a rank guard.
//!
//! linfa-linear is handed `R` and `Q'y` of the centred columns of unit variance (the same solution as from the rows,
//! and fast for tall tables), because on other columns it answers singular problems with numbers of size 1e13.

use linfa::prelude::{Dataset, Fit};
use linfa_linear::LinearRegression;
use ndarray::{Array1, Array2};

use crate::model::decompose::{ThinSvd, thin_svd};
use crate::model::product::dot;
use crate::model::training::{Summary, Training, triangle_pays};
use crate::model::triangle::Reduced;

/// Cells of X up to which coefficients are refined.
const MOST_REFINED: usize = 1 << 20;
/// Share of the largest singular value above which all must lie for that: else the corrections are no better.
const LEAST_REFINED: f64 = 1e-6;
/// Times that coefficients are corrected.
const CORRECTIONS: usize = 2;

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
    #[error(
        "least squares is not unique: {n_features} features, but only {rank} are linearly independent in {n_samples} rows"
    )]
    RankDeficient {
        /// Columns of X that vary.
        n_features: usize,
        /// Numerical rank of the centred, scaled X.
        rank: usize,
        /// Rows.
        n_samples: usize,
    },
    /// Not more rows than columns.
    #[error(
        "least squares is not unique: {n_features} features need more than {n_features} rows, but there are {n_samples}"
    )]
    TooFewRows {
        /// Columns of X.
        n_features: usize,
        /// Rows.
        n_samples: usize,
    },
    /// linfa-linear refused.
    #[error("least squares failed in linfa-linear: {0}")]
    Linfa(String),
}

impl LeastSquares {
    /// Of training rows summed up by their triangular factor, or by moments: those keep half of its digits. A column that
    /// does not vary gets the coefficient 0.
    ///
    /// # Errors
    /// [`NotUnique`] says how many columns are independent.
    pub(crate) fn of(training: &Training<'_, '_>) -> Result<Self, NotUnique> {
        let (n_samples, p) = (training.n_rows, training.n_features());
        let factors = training.frame.normalizing().factor;
        let reduced = match &training.summary {
            Summary::Triangle(triangle) => Some(triangle.reduced(&factors)),
            Summary::Moments(moments) if triangle_pays(n_samples, p) => Reduced::of_moments(moments, &factors),
            _ => None,
        };
        let reduced = reduced.ok_or(NotUnique::TooFewRows { n_features: p, n_samples })?;
        let varying: Vec<usize> = (0..p).filter(|&j| training.frame.varies(j)).collect();
        let r = Array2::from_shape_fn((p, varying.len()), |(i, k)| reduced.r[(i, varying[k])]);
        let svd = thin_svd(faer::Mat::from_fn(p, varying.len(), |i, k| r[[i, k]]).as_ref())
            .ok_or_else(|| NotUnique::Linfa("the singular value decomposition did not converge".to_owned()))?;
        let least = svd.d.first().copied().unwrap_or(0.0) * n_samples.max(p) as f64 * f64::EPSILON;
        let rank = svd.d.iter().take_while(|d| **d > least).count();
        if rank < varying.len() {
            return Err(NotUnique::RankDeficient { n_features: varying.len(), rank, n_samples });
        }
        let q = Array1::from(reduced.q);
        let fitted = if varying.is_empty() {
            Array1::zeros(0)
        } else {
            let dataset = Dataset::new(r.clone(), q.clone());
            let model = LinearRegression::new().with_intercept(false).fit(&dataset);
            model.map_err(|error| NotUnique::Linfa(error.to_string()))?.params().clone()
        };
        let misfit = q - r.dot(&fitted);
        let scaling = training.frame.scaling(training.units);
        let mut coefficients = Array1::zeros(p);
        for (&j, v) in varying.iter().zip(&fitted) {
            coefficients[j] = v / scaling.sds[j];
        }
        let intercept = scaling.target_mean - coefficients.dot(&scaling.means);
        let mut fit = Self { coefficients, intercept, residual_sum: misfit.dot(&misfit) + reduced.rest.powi(2) };
        fit.refine(training, &varying, &svd);
        Ok(fit)
    }

    /// Corrects the coefficients by residuals with twice the digits, `δ = (R'R)⁻¹ X'r` (corrected seminormal equations:
    /// Björck 1987, Linear Algebra Appl. 88/89), where rows are at hand, complete and few.
    fn refine(&mut self, training: &Training<'_, '_>, varying: &[usize], svd: &ThinSvd) {
        let Some(data) = &training.data else { return };
        let is_few = training.n_rows * training.n_features() <= MOST_REFINED && !data.sample.has_missing();
        let (Some(largest), Some(smallest)) = (svd.d.first(), svd.d.last()) else { return };
        if !is_few || *smallest < LEAST_REFINED * largest {
            return;
        }
        let scaling = training.frame.scaling(training.units);
        let centers = scaling.means.to_vec();
        for _ in 0..CORRECTIONS {
            let at = (self.coefficients.to_vec(), self.intercept);
            let (pulls, sum, _) = data.sample.precise_pulls(data.rows, (&at.0, at.1), &centers);
            let pull: Vec<f64> = varying.iter().map(|&j| pulls[j] / scaling.sds[j]).collect();
            let along = |k: usize| dot(svd.v.col_as_slice(k), &pull) / svd.d[k].powi(2);
            let along: Vec<f64> = (0..svd.d.len()).map(along).collect();
            self.intercept += sum / training.weight;
            for (i, &j) in varying.iter().enumerate() {
                let step = along.iter().enumerate().map(|(k, a)| svd.v[(i, k)] * a).sum::<f64>() / scaling.sds[j];
                self.coefficients[j] += step;
                self.intercept -= step * centers[j];
            }
        }
        let at = (self.coefficients.to_vec(), self.intercept);
        self.residual_sum = data.sample.precise_pulls(data.rows, (&at.0, at.1), &centers).2;
    }
}
