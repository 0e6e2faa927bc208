//! Solutions with their certificates: measured on the rows (on their moments where there are no rows, or too many), and
//! improved where moments alone were not enough.

use faer::Mat;
use ndarray::{Array1, Array2};

use crate::model::certificate::{Point, Residuals};
use crate::model::decompose::{cholesky, solve_by_cholesky};
use crate::model::inner_products::active_block;
use crate::model::moments::MomentProducts;
use crate::model::path::{PathError, PathValidParams, RegularizationPath};
use crate::model::ridge::Spectrum;
use crate::model::sample::Packing;
use crate::model::sweep::Problem;
use crate::model::training::Training;

/// A certificate above these is improved by the residuals of the data.
const POOR: Quality = Quality { duality_gap: 1e-13, kkt: 1e-12 };
/// A certificate still above these sends the path to the columns themselves.
pub(crate) const BAD: Quality = Quality { duality_gap: 1e-12, kkt: 1e-11 };
/// Newton corrections of a solution from moments.
const CORRECTIONS: usize = 2;

/// Largest relative duality gap and KKT violation.
pub(crate) struct Quality {
    duality_gap: f64,
    kkt: f64,
}

/// Solutions with what the residuals of the data say about them.
pub(crate) struct Measured<'m, 's> {
    params: &'m PathValidParams,
    training: &'m Training<'m, 's>,
    alphas: Vec<f64>,
    /// Shape `(p, n_alphas)`.
    solutions: Mat<f64>,
    residuals: Residuals,
    is_measured_on_rows: Vec<bool>,
    target_sum: f64,
    largest_pull: f64,
}

impl<'m, 's> Measured<'m, 's> {
    /// `solutions` has shape `(p, n_alphas)`; those at `positions` are measured by one pass over the training rows.
    pub(crate) fn new(
        params: &'m PathValidParams,
        training: &'m Training<'m, 's>,
        alphas: Vec<f64>,
        solutions: Mat<f64>,
        positions: &[usize],
    ) -> Self {
        let (p, n_alphas) = solutions.shape();
        // The residuals of w = 0 are the target itself.
        let mut with_zero = solutions.clone();
        with_zero.resize_with(p, n_alphas + 1, |_, _| 0.0);
        let from_moments = training.moments().filter(|_| positions.len() < n_alphas || training.data.is_none());
        let residuals = match from_moments {
            Some(moments) => Residuals::of_moments(moments, &objective(training), with_zero.as_ref()),
            None => measure(training, &with_zero),
        };
        let (target_sum, largest_pull) = (residuals.sums[n_alphas], residuals.gradients.col(n_alphas).norm_max());
        let is_measured_on_rows = vec![from_moments.is_none(); n_alphas];
        let mut measured =
            Self { params, training, alphas, solutions, residuals, is_measured_on_rows, target_sum, largest_pull };
        if from_moments.is_some() && training.data.is_some() {
            let some = Mat::from_fn(p, positions.len(), |j, to| measured.solutions[(j, positions[to])]);
            let residuals = measure(training, &some);
            for (from, &k) in positions.iter().enumerate() {
                measured.take(k, &some, &residuals, from);
            }
        }
        measured
    }

    /// Descending, shape `(n_alphas,)`.
    pub(crate) fn alphas(&self) -> &[f64] {
        &self.alphas
    }

    fn point<'p>(&'p self, k: usize, solution: &'p [f64], gradient: &'p [f64], residual_sum: f64) -> Point<'p> {
        Point {
            l1_ratio: self.params.l1_ratio(),
            alpha: self.alphas[k],
            solution,
            gradient,
            residual_sum,
            target_sum: self.target_sum,
            largest_pull: self.largest_pull,
            weight: self.training.weight,
            penalties: self.params.penalties(),
        }
    }

    fn own_point(&self, k: usize) -> Point<'_> {
        self.point(k, self.solutions.col_as_slice(k), self.residuals.gradients.col_as_slice(k), self.residuals.sums[k])
    }

    /// Alphas whose certificate is poorer than `quality`.
    pub(crate) fn positions_above(&self, quality: &Quality) -> Vec<usize> {
        let is_above = |k: &usize| {
            let point = self.own_point(*k);
            point.kkt() > quality.kkt || point.duality_gap().is_some_and(|gap| gap > quality.duality_gap)
        };
        (0..self.alphas.len()).filter(is_above).collect()
    }

    /// Newton steps with the gradient of the data, where moments or singular vectors alone were not enough.
    pub(crate) fn correct(&mut self, problem: &Problem) {
        for _ in 0..CORRECTIONS {
            let poor = self.positions_above(&POOR);
            let mut corrected = Mat::from_fn(self.solutions.nrows(), poor.len(), |j, to| self.solutions[(j, poor[to])]);
            for (to, &k) in poor.iter().enumerate() {
                match problem {
                    Problem::Moments(products, _) => {
                        self.newton_step(products, k, corrected.col_as_slice_mut(to));
                    }
                    Problem::Spectrum(spectrum) => {
                        self.ridge_step(spectrum, k, corrected.col_as_slice_mut(to));
                    }
                    // The columns have refined themselves; linfa stands as it is.
                    Problem::Columns(_) | Problem::Reference(_) => return,
                }
            }
            if poor.is_empty() || !self.improve(&poor, &corrected) {
                break;
            }
        }
    }

    /// `δ = (X'X/n + alpha)⁻¹ ρ` with `ρ = g − alpha w`.
    fn ridge_step(&self, spectrum: &Spectrum, k: usize, solution: &mut [f64]) {
        let gradient = self.residuals.gradients.col_as_slice(k);
        let rho: Vec<f64> = gradient.iter().zip(&*solution).map(|(g, w)| g - self.alphas[k] * w).collect();
        for (w, d) in solution.iter_mut().zip(spectrum.solve(&rho, self.alphas[k])) {
            *w += d;
        }
    }

    /// `δ = (G_AA + a2 f²)⁻¹ ρ`, in columns of unit variance; not taken if it would flip a sign.
    fn newton_step(&self, products: &MomentProducts, k: usize, solution: &mut [f64]) {
        let (weights, penalties) = (self.training.frame.weights(), self.params.penalties());
        let (a1, a2) = (self.alphas[k] * self.params.l1_ratio(), self.alphas[k] * (1.0 - self.params.l1_ratio()));
        let gradient = self.residuals.gradients.col_as_slice(k);
        let active: Vec<usize> = (0..solution.len()).filter(|&j| solution[j] != 0.0).collect();
        let Some(factor) = active_block(products, &active, &penalties.of_columns(weights).l2, a2).and_then(cholesky)
        else {
            return;
        };
        // With w = f v, the gradient by v is f times the gradient by w.
        let rho = |&j: &usize| {
            weights[j] * (gradient[j] - penalties.factor(j) * (a2 * solution[j] + a1 * solution[j].signum()))
        };
        let mut step: Vec<f64> = active.iter().map(rho).collect();
        solve_by_cholesky(&factor, &mut step);
        let moved: Vec<f64> = active.iter().enumerate().map(|(i, &j)| solution[j] + step[i] * weights[j]).collect();
        if active.iter().zip(&moved).all(|(&j, w)| w * solution[j] > 0.0) {
            for (&j, w) in active.iter().zip(moved) {
                solution[j] = w;
            }
        }
    }

    /// Takes over those of `others`, at `positions` of the grid, that violate KKT less. True if there was one.
    pub(crate) fn improve(&mut self, positions: &[usize], others: &Mat<f64>) -> bool {
        let residuals = measure(self.training, others);
        let mut any = false;
        for (from, &k) in positions.iter().enumerate() {
            let (solution, gradient) = (others.col_as_slice(from), residuals.gradients.col_as_slice(from));
            if self.point(k, solution, gradient, residuals.sums[from]).kkt() < self.own_point(k).kkt() {
                self.take(k, others, &residuals, from);
                any = true;
            }
        }
        any
    }

    /// Takes over the solution and residuals in column `from`, measured on the rows if there are any.
    fn take(&mut self, k: usize, others: &Mat<f64>, residuals: &Residuals, from: usize) {
        self.solutions.col_as_slice_mut(k).copy_from_slice(others.col_as_slice(from));
        self.residuals.gradients.col_as_slice_mut(k).copy_from_slice(residuals.gradients.col_as_slice(from));
        self.residuals.sums[k] = residuals.sums[from];
        self.is_measured_on_rows[k] = self.training.data.is_some();
    }

    /// # Errors
    /// [`PathError::ExtremeColumn`] if a coefficient overflows in the user's units.
    pub(crate) fn into_path(self, problem: &Problem) -> Result<RegularizationPath, PathError> {
        let scaling = self.training.frame.scaling(self.training.units);
        let (p, n_alphas) = self.solutions.shape();
        for j in 0..p {
            if (0..n_alphas).any(|k| !(self.solutions[(j, k)] / scaling.scales[j]).is_finite()) {
                return Err(PathError::ExtremeColumn { column: j, deviation: scaling.sds[j] });
            }
        }
        let degrees_of_freedom = |k: usize| {
            problem.degrees_of_freedom(self.params, self.training, self.solutions.col_as_slice(k), self.alphas[k])
        };
        Ok(RegularizationPath {
            l1_ratio: self.params.l1_ratio(),
            solutions: Array2::from_shape_fn((n_alphas, p), |(k, j)| self.solutions[(j, k)]),
            gradients: Array2::from_shape_fn((n_alphas, p), |(k, j)| self.residuals.gradients[(j, k)]),
            duality_gaps: (0..n_alphas).map(|k| self.own_point(k).duality_gap()).collect(),
            kkt: (0..n_alphas).map(|k| self.own_point(k).kkt()).collect(),
            degrees_of_freedom: (0..n_alphas).map(degrees_of_freedom).collect(),
            residual_sums: self.residuals.sums[..n_alphas].to_vec(),
            target_sum: self.target_sum,
            n_samples: self.training.n_rows,
            entries: (0..p).map(|j| (0..n_alphas).position(|k| self.solutions[(j, k)] != 0.0)).collect(),
            is_measured_on_rows: self.is_measured_on_rows,
            scaling,
            alphas: Array1::from(self.alphas),
        })
    }
}

/// On the rows, where they are at hand; else on their moments.
fn measure(training: &Training<'_, '_>, solutions: &Mat<f64>) -> Residuals {
    let packing = objective(training);
    match (&training.data, training.moments()) {
        (Some(data), _) => Residuals::measure(data.sample, data.rows, &packing, solutions.as_ref()),
        (None, Some(moments)) => Residuals::of_moments(moments, &packing, solutions.as_ref()),
        // No problem is set up of neither: see `Problem::new`.
        (None, None) => unreachable!("a training set without rows and without moments"),
    }
}

fn objective(training: &Training<'_, '_>) -> Packing {
    training.frame.objective(training.units)
}
