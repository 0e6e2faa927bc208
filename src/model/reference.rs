//! The same through linfa-elasticnet: the reference engine of the sweep and the witness of *Verify*.
//!
//! linfa neither centres nor scales X, starts cold at every alpha, and ends silently where it did not converge; so it
//! is given the columns of the objective, one alpha at a time, and judged by our own certificate.

use linfa::prelude::{Dataset, Fit};
use linfa_elasticnet::ElasticNet;
use ndarray::{Array1, Array2, ShapeBuilder};

use crate::model::certificate::{Point, Residuals};
use crate::model::path::PathError;
use crate::model::penalty::FeaturePenalties;
use crate::model::progress::Progress;
use crate::model::residual::DataProducts;
use crate::model::sample::{Packing, Sample};
use crate::model::standardize::Scale;
use crate::model::training::{Data, Training};

/// linfa stops at `gap < tolerance · ‖y‖²`, its gap being n times ours: half of our relative gap.
const SWEEP_TOLERANCE: f64 = 1e-8;
const WITNESS_TOLERANCE: f64 = 1e-12;
/// Sweeps of the first attempt of a fit that is watched.
const FIRST_SWEEPS: u32 = 16;
/// Largest p whose inverse, where n > p, is cheap beside the sweeps.
const FEW_INVERTED: usize = 200;
/// Units in which its progress is counted.
const REFIT_UNITS: usize = 100;
/// Cells of X that one fit may visit.
const MOST_WORK: usize = 4_000_000_000;
/// Largest p where n > p: each fit of linfa inverts X'X there, unasked.
const MOST_INVERTED: usize = 1000;

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

impl Witness {
    /// Refits `alpha` of the lasso (of the elastic net for `l1_ratio < 1`) on all rows.
    ///
    /// # Errors
    /// [`PathError::Reference`] where linfa cannot fit: in words, with what stands in the way;
    /// [`PathError::Cancelled`] if asked to stop.
    pub fn refit(
        sample: &Sample<'_>,
        scale: Scale,
        l1_ratio: f64,
        alpha: f64,
        progress: &Progress,
    ) -> Result<Self, PathError> {
        // One unit for the columns, one for the certificate.
        progress.expect(REFIT_UNITS + 2);
        let training = Training::from_rows(sample, sample.all(), scale)?;
        if !training.frame.target_varies() {
            return Err(PathError::ConstantTarget { rows: sample.n_samples() });
        }
        let columns = Columns::of(&training, &Data { sample, rows: sample.all() });
        progress.advance(1)?;
        let fit = columns.fit_watched(l1_ratio, alpha, progress)?;
        let p = sample.n_features();
        // The residuals of w = 0 are the target itself.
        let both = faer::Mat::from_fn(p, 2, |j, k| if k == 0 { fit.solution[j] } else { 0.0 });
        let residuals = Residuals::measure(sample, sample.all(), &columns.packing, both.as_ref());
        let point = Point {
            l1_ratio,
            alpha,
            solution: both.col_as_slice(0),
            gradient: residuals.gradients.col_as_slice(0),
            residual_sum: residuals.sums[0],
            target_sum: residuals.sums[1],
            largest_pull: residuals.gradients.col(1).norm_max(),
            weight: training.weight,
            penalties: &FeaturePenalties::default(),
        };
        let duality_gap = point.duality_gap().unwrap_or(f64::NAN);
        progress.advance(1)?;
        let scaling = training.frame.scaling(training.units);
        let coefficients = &fit.solution / &scaling.scales;
        let intercept = scaling.target_mean - coefficients.dot(&scaling.means);
        Ok(Self {
            solution: fit.solution,
            coefficients,
            intercept,
            duality_gap,
            converged: fit.converged,
            n_steps: fit.n_steps,
        })
    }
}

/// The columns of the objective as linfa takes them.
pub(crate) struct Columns {
    packing: Packing,
    dataset: Dataset<f64, f64, ndarray::Ix1>,
    products: DataProducts,
    /// `Σ c / n`: linfa divides by the number of rows, the objective by their case weights.
    rows_of_weight: f64,
}

/// One fit by linfa.
struct LinfaFit {
    solution: Array1<f64>,
    converged: bool,
    n_steps: u32,
    /// As linfa has it, n times ours.
    gap: f64,
}

impl Columns {
    /// Of the training rows.
    pub(crate) fn of(training: &Training<'_, '_>, data: &Data<'_, '_>) -> Self {
        let packing = training.frame.objective(training.units);
        let columns = data.sample.pack_all(data.rows, &packing);
        let (n, p) = (columns.nrows(), columns.ncols() - 1);
        // Column-major: linfa reads column after column.
        let x = Array2::from_shape_fn((n, p).f(), |(i, j)| columns[(i, j)]);
        let y = Array1::from_iter(columns.col_as_slice(p).iter().copied());
        let rows_of_weight = training.weight / n as f64;
        Self {
            packing,
            dataset: Dataset::new(x, y),
            products: DataProducts::new(columns, training.weight),
            rows_of_weight,
        }
    }

    /// Inner products of the columns of the objective.
    pub(crate) fn products(&self) -> &DataProducts {
        &self.products
    }

    /// `w` at every alpha, shape `(p, n_alphas)`.
    ///
    /// # Errors
    /// [`PathError::Reference`] from linfa, [`PathError::Cancelled`] if asked to stop.
    pub(crate) fn solutions(
        &self,
        l1_ratio: f64,
        alphas: &[f64],
        progress: &Progress,
    ) -> Result<faer::Mat<f64>, PathError> {
        let mut solutions = faer::Mat::zeros(self.dataset.records.ncols(), alphas.len());
        for (k, alpha) in alphas.iter().enumerate() {
            let fit = self.fit(l1_ratio, *alpha, SWEEP_TOLERANCE)?;
            for (w, fitted) in solutions.col_as_slice_mut(k).iter_mut().zip(&fit.solution) {
                *w = *fitted;
            }
            progress.advance(1)?;
        }
        Ok(solutions)
    }

    fn fit(&self, l1_ratio: f64, alpha: f64, tolerance: f64) -> Result<LinfaFit, PathError> {
        self.fit_within(l1_ratio, alpha, tolerance, self.most_sweeps())
    }

    /// To the tolerance of a witness, with a word on how far it is.
    ///
    /// linfa cannot be watched nor stopped, and starts cold each time: so it is given 8 times as many sweeps again and
    /// again until it is done, which at most doubles the work. The last has the bits that a single fit would have. The
    /// gap shrinks by about the same factor a sweep, so its logarithm says how far the fit is.
    fn fit_watched(&self, l1_ratio: f64, alpha: f64, progress: &Progress) -> Result<LinfaFit, PathError> {
        let most = self.most_sweeps();
        let target_sum = self.dataset.targets.dot(&self.dataset.targets);
        let (n, p) = self.dataset.records.dim();
        // Where each attempt inverts a large matrix, that is what takes long.
        let first = if n > p && p > FEW_INVERTED { most } else { FIRST_SWEEPS.min(most) };
        let (mut sweeps, mut done) = (first, 0);
        loop {
            let fit = self.fit_within(l1_ratio, alpha, WITNESS_TOLERANCE, sweeps)?;
            let share = (fit.gap / target_sum).ln() / WITNESS_TOLERANCE.ln();
            let is_last = fit.converged || sweeps == most;
            let units = if is_last { REFIT_UNITS } else { (share.clamp(0.0, 0.95) * REFIT_UNITS as f64) as usize };
            progress.advance(units.saturating_sub(done))?;
            if is_last {
                return Ok(fit);
            }
            (sweeps, done) = (sweeps.saturating_mul(8).min(most), units.max(done));
        }
    }

    fn most_sweeps(&self) -> u32 {
        let (n, p) = self.dataset.records.dim();
        (MOST_WORK / (n * p).max(1)).clamp(1000, 100_000) as u32
    }

    fn fit_within(&self, l1_ratio: f64, alpha: f64, tolerance: f64, sweeps: u32) -> Result<LinfaFit, PathError> {
        let (n, p) = self.dataset.records.dim();
        if p == 0 {
            return Ok(LinfaFit { solution: Array1::zeros(0), converged: true, n_steps: 0, gap: 0.0 });
        }
        if n > p && p > MOST_INVERTED {
            return Err(PathError::Reference(format!(
                "each fit inverts a matrix of {p} × {p}, which takes minutes; leave out features until there are at most {MOST_INVERTED}"
            )));
        }
        let model = ElasticNet::params()
            .penalty(alpha * self.rows_of_weight)
            .l1_ratio(l1_ratio)
            .with_intercept(false)
            .tolerance(tolerance)
            .max_iterations(sweeps)
            .fit(&self.dataset)
            .map_err(|error| PathError::Reference(error.to_string()))?;
        let target_sum = self.dataset.targets.dot(&self.dataset.targets);
        Ok(LinfaFit {
            solution: model.hyperplane().clone(),
            converged: model.duality_gap() < tolerance * target_sum,
            n_steps: model.n_steps(),
            gap: model.duality_gap(),
        })
    }
}
