//! One path from start to end: training rows → solutions → certificates → the fit at every alpha.

use faer::{Mat, Par};
use ndarray::{Array1, Array2};

use crate::model::active_set::{ActiveSet, InnerProducts, active_block};
use crate::model::certificate::{Point, Residuals};
use crate::model::criteria::elastic_net_degrees_of_freedom;
use crate::model::decompose::{cholesky, solve_by_cholesky};
use crate::model::grid::{Grid, alpha_grid, descending};
use crate::model::moments::MomentProducts;
use crate::model::path::{Engine, PathError, PathValidParams, RegularizationPath};
use crate::model::progress::Progress;
use crate::model::reference;
use crate::model::residual::DataProducts;
use crate::model::ridge::Spectrum;
use crate::model::sample::{Rows, Sample};
use crate::model::training::Training;

/// A certificate above these is improved by the residuals of the data.
const POOR: Quality = Quality {
    duality_gap: 1e-13,
    kkt: 1e-12,
};
/// A certificate still above these sends the path to the columns themselves.
const BAD: Quality = Quality {
    duality_gap: 1e-12,
    kkt: 1e-11,
};
/// Newton corrections of a solution from moments.
const CORRECTIONS: usize = 2;
/// Most cells of X that are copied as columns of unit variance where n ≥ p/2: 1 GiB.
const MOST_COPIED: usize = 1 << 27;

/// Largest relative duality gap and KKT violation.
struct Quality {
    duality_gap: f64,
    kkt: f64,
}

/// A penalized regression ready to be solved.
#[expect(
    clippy::large_enum_variant,
    reason = "one per fit, and never moved in bulk"
)]
pub(crate) enum Problem {
    /// Lasso or elastic net from cross-products.
    Moments(MomentProducts),
    /// Lasso or elastic net from the columns.
    Columns(DataProducts),
    /// Ridge.
    Spectrum(Spectrum),
    /// Lasso or elastic net by linfa-elasticnet.
    Reference(reference::Columns),
}

impl Problem {
    /// # Errors
    /// [`PathError::Decomposition`] for ridge.
    pub(crate) fn new(
        params: &PathValidParams,
        training: &Training<'_, '_>,
    ) -> Result<Self, PathError> {
        if params.l1_ratio() == 0.0 {
            return Ok(Self::Spectrum(Spectrum::of(training)?));
        }
        if params.engine() == Engine::Linfa {
            return Ok(Self::Reference(reference::Columns::of(training)));
        }
        Ok(match training.moment_products() {
            Some(products) => Self::Moments(products),
            None => Self::columns(training),
        })
    }

    fn columns(training: &Training<'_, '_>) -> Self {
        let columns = training
            .sample
            .pack_all(training.rows, &training.frame.normalizing());
        Self::Columns(DataProducts::new(columns, Par::rayon(0)))
    }

    /// The grid that the parameters ask for, descending.
    fn alphas(&self, params: &PathValidParams, training: &Training<'_, '_>) -> Vec<f64> {
        let (count, ratio) = match params.grid() {
            Grid::Explicit(alphas) => return descending(alphas),
            Grid::Auto { count, ratio } => (*count, *ratio),
        };
        let weights = training.frame.weights();
        let largest_of = |c: &[f64]| {
            c.iter()
                .zip(weights)
                .fold(0.0, |m: f64, (c, f)| m.max(c.abs() / f))
        };
        let largest = match self {
            Self::Spectrum(spectrum) => {
                let (largest, smallest) = spectrum.alpha_range().unwrap_or((1.0, 1e-4));
                return alpha_grid(largest, smallest, count);
            }
            Self::Moments(products) => largest_of(products.with_target()),
            Self::Columns(products) => largest_of(products.with_target()),
            Self::Reference(columns) => columns
                .products()
                .with_target()
                .iter()
                .fold(0.0, |m: f64, c| m.max(c.abs())),
        };
        // Where nothing pulls on y, every alpha gives zeros; the target's deviation is a number of the right unit.
        let alpha_max = if largest > 0.0 {
            largest / params.l1_ratio()
        } else {
            training.frame.target_deviation()
        };
        let ratio = ratio.unwrap_or(if training.rows.len() > weights.len() {
            1e-4
        } else {
            1e-2
        });
        alpha_grid(alpha_max, alpha_max * ratio, count)
    }

    /// `w` of the objective at every alpha, shape `(p, n_alphas)`; one unit of progress an alpha.
    ///
    /// # Errors
    /// [`PathError::Cancelled`] if asked to stop; [`PathError::Reference`] from linfa.
    pub(crate) fn solutions(
        &mut self,
        params: &PathValidParams,
        training: &Training<'_, '_>,
        alphas: &[f64],
        progress: &Progress,
    ) -> Result<Mat<f64>, PathError> {
        let weights = training.frame.weights();
        match self {
            Self::Moments(products) => {
                follow(products, weights, params.l1_ratio(), alphas, progress)
            }
            Self::Columns(products) => {
                follow(products, weights, params.l1_ratio(), alphas, progress)
            }
            Self::Spectrum(spectrum) => {
                progress.advance(alphas.len())?;
                Ok(spectrum.solutions(alphas))
            }
            Self::Reference(columns) => columns.solutions(params.l1_ratio(), alphas, progress),
        }
    }
}

/// The active set from alpha to alpha.
fn follow<P: InnerProducts>(
    products: &mut P,
    weights: &[f64],
    l1_ratio: f64,
    alphas: &[f64],
    progress: &Progress,
) -> Result<Mat<f64>, PathError> {
    let mut solutions = Mat::zeros(weights.len(), alphas.len());
    let mut active_set = ActiveSet::new(products, weights);
    for (k, alpha) in alphas.iter().enumerate() {
        active_set.solve(alpha * l1_ratio, alpha * (1.0 - l1_ratio), progress)?;
        for (j, v) in active_set.solution() {
            // w_j = v_j s_j / sd_j
            solutions[(j, k)] = v * weights[j];
        }
        progress.advance(1)?;
    }
    Ok(solutions)
}

impl PathValidParams {
    /// Training rows summed up as this path needs them.
    ///
    /// # Errors
    /// [`PathError::ExtremeColumn`] if the columns' own scale is kept and cannot be squared.
    pub(crate) fn training<'t, 's>(
        &self,
        sample: &'t Sample<'s>,
        rows: Rows<'t>,
    ) -> Result<Training<'t, 's>, PathError> {
        if self.l1_ratio() == 0.0 {
            Training::for_ridge(sample, rows, self.scale())
        } else if self.engine() == Engine::Linfa {
            Training::from_rows(sample, rows, self.scale())
        } else {
            Training::for_active_set(sample, rows, self.scale())
        }
    }

    /// As [`sweep`](Self::sweep), for rows with missing cells too: those are taken to hold the mean of their column.
    ///
    /// # Errors
    /// As [`sweep`](Self::sweep).
    pub fn sweep_sample(
        &self,
        sample: &Sample<'_>,
        progress: &Progress,
    ) -> Result<RegularizationPath, PathError> {
        self.sweep_training(&self.training(sample, sample.all())?, progress)
    }

    /// # Errors
    /// As [`sweep`](Self::sweep).
    pub(crate) fn sweep_training(
        &self,
        training: &Training<'_, '_>,
        progress: &Progress,
    ) -> Result<RegularizationPath, PathError> {
        if !training.frame.target_varies() {
            return Err(PathError::ConstantTarget {
                rows: training.rows.len(),
            });
        }
        let mut problem = Problem::new(self, training)?;
        let alphas = problem.alphas(self, training);
        let solutions = problem.solutions(self, training, &alphas, progress)?;
        let mut measured = Measured::new(self, training, alphas, solutions);
        if let Problem::Moments(products) = &problem {
            measured.correct(products);
            if !measured.positions_above(&BAD).is_empty()
                && training.rows.len() * training.sample.n_features() <= MOST_COPIED
            {
                let solutions = Problem::columns(training).solutions(
                    self,
                    training,
                    &measured.alphas,
                    &Progress::new(),
                )?;
                let all: Vec<usize> = (0..measured.alphas.len()).collect();
                measured.improve(&all, &solutions);
            }
        }
        measured.into_path(&problem)
    }
}

/// Solutions with what the residuals of the data say about them.
struct Measured<'m, 's> {
    params: &'m PathValidParams,
    training: &'m Training<'m, 's>,
    alphas: Vec<f64>,
    /// Shape `(p, n_alphas)`.
    solutions: Mat<f64>,
    residuals: Residuals,
    target_sum: f64,
    largest_pull: f64,
}

impl<'m, 's> Measured<'m, 's> {
    fn new(
        params: &'m PathValidParams,
        training: &'m Training<'m, 's>,
        alphas: Vec<f64>,
        solutions: Mat<f64>,
    ) -> Self {
        let (p, n_alphas) = solutions.shape();
        // The residuals of w = 0 are the target itself.
        let mut with_zero = solutions.clone();
        with_zero.resize_with(p, n_alphas + 1, |_, _| 0.0);
        let residuals = measure(training, &with_zero);
        let largest_pull = residuals.gradients.col(n_alphas).norm_max();
        Self {
            params,
            training,
            alphas,
            solutions,
            target_sum: residuals.sums[n_alphas],
            residuals,
            largest_pull,
        }
    }

    fn point<'p>(
        &self,
        k: usize,
        solution: &'p [f64],
        gradient: &'p [f64],
        residual_sum: f64,
    ) -> Point<'p> {
        Point {
            l1_ratio: self.params.l1_ratio(),
            alpha: self.alphas[k],
            solution,
            gradient,
            residual_sum,
            target_sum: self.target_sum,
            largest_pull: self.largest_pull,
            n_samples: self.training.rows.len(),
        }
    }

    fn own_point(&self, k: usize) -> Point<'_> {
        self.point(
            k,
            self.solutions.col_as_slice(k),
            self.residuals.gradients.col_as_slice(k),
            self.residuals.sums[k],
        )
    }

    /// Alphas whose certificate is poorer than `quality`.
    fn positions_above(&self, quality: &Quality) -> Vec<usize> {
        let is_above = |k: &usize| {
            let point = self.own_point(*k);
            point.kkt() > quality.kkt
                || point
                    .duality_gap()
                    .is_some_and(|gap| gap > quality.duality_gap)
        };
        (0..self.alphas.len()).filter(is_above).collect()
    }

    /// Newton steps on the active set with the gradient of the data, where moments alone were not enough.
    fn correct(&mut self, products: &MomentProducts) {
        for _ in 0..CORRECTIONS {
            let poor = self.positions_above(&POOR);
            let mut corrected = Mat::zeros(self.solutions.nrows(), poor.len());
            for (to, &k) in poor.iter().enumerate() {
                corrected
                    .col_as_slice_mut(to)
                    .copy_from_slice(self.solutions.col_as_slice(k));
                self.newton_step(products, k, corrected.col_as_slice_mut(to));
            }
            if poor.is_empty() || !self.improve(&poor, &corrected) {
                break;
            }
        }
    }

    /// `δ = (G_AA + a2 f²)⁻¹ ρ`, in columns of unit variance; not taken if it would flip a sign.
    fn newton_step(&self, products: &MomentProducts, k: usize, solution: &mut [f64]) {
        let weights = self.training.frame.weights();
        let (a1, a2) = (
            self.alphas[k] * self.params.l1_ratio(),
            self.alphas[k] * (1.0 - self.params.l1_ratio()),
        );
        let gradient = self.residuals.gradients.col_as_slice(k);
        let active: Vec<usize> = (0..solution.len())
            .filter(|&j| solution[j] != 0.0)
            .collect();
        let Some(factor) = active_block(products, &active, weights, a2)
            .and_then(|block| cholesky(block, Par::Seq))
        else {
            return;
        };
        // f ρ = g − a2 w − a1 sign(w), and w = f v
        let rho =
            |&j: &usize| weights[j] * (gradient[j] - a2 * solution[j] - a1 * solution[j].signum());
        let mut step: Vec<f64> = active.iter().map(rho).collect();
        solve_by_cholesky(&factor, &mut step);
        let moved: Vec<f64> = active
            .iter()
            .enumerate()
            .map(|(i, &j)| solution[j] + step[i] * weights[j])
            .collect();
        if active
            .iter()
            .zip(&moved)
            .all(|(&j, w)| w * solution[j] > 0.0)
        {
            for (&j, w) in active.iter().zip(moved) {
                solution[j] = w;
            }
        }
    }

    /// Takes over those of `others`, at `positions` of the grid, that violate KKT less. True if there was one.
    fn improve(&mut self, positions: &[usize], others: &Mat<f64>) -> bool {
        let residuals = measure(self.training, others);
        let mut any = false;
        for (from, &k) in positions.iter().enumerate() {
            let (solution, gradient) = (
                others.col_as_slice(from),
                residuals.gradients.col_as_slice(from),
            );
            if self
                .point(k, solution, gradient, residuals.sums[from])
                .kkt()
                < self.own_point(k).kkt()
            {
                self.solutions.col_as_slice_mut(k).copy_from_slice(solution);
                self.residuals
                    .gradients
                    .col_as_slice_mut(k)
                    .copy_from_slice(gradient);
                self.residuals.sums[k] = residuals.sums[from];
                any = true;
            }
        }
        any
    }

    fn into_path(self, problem: &Problem) -> Result<RegularizationPath, PathError> {
        let scaling = self.training.frame.scaling(self.training.sample);
        let (p, n_alphas) = self.solutions.shape();
        for j in 0..p {
            if (0..n_alphas).any(|k| !(self.solutions[(j, k)] / scaling.scales[j]).is_finite()) {
                return Err(PathError::ExtremeColumn {
                    column: j,
                    deviation: scaling.sds[j],
                });
            }
        }
        let weights = self.training.frame.weights();
        let degrees_of_freedom = |k: usize| {
            let (solution, a2) = (
                self.solutions.col_as_slice(k),
                self.alphas[k] * (1.0 - self.params.l1_ratio()),
            );
            match problem {
                Problem::Moments(products) => {
                    elastic_net_degrees_of_freedom(products, weights, solution, a2)
                }
                Problem::Columns(products) => {
                    elastic_net_degrees_of_freedom(products, weights, solution, a2)
                }
                Problem::Reference(columns) => {
                    elastic_net_degrees_of_freedom(columns.products(), &vec![1.0; p], solution, a2)
                }
                Problem::Spectrum(spectrum) => spectrum.degrees_of_freedom(self.alphas[k]),
            }
        };
        Ok(RegularizationPath {
            l1_ratio: self.params.l1_ratio(),
            solutions: Array2::from_shape_fn((n_alphas, p), |(k, j)| self.solutions[(j, k)]),
            gradients: Array2::from_shape_fn((n_alphas, p), |(k, j)| {
                self.residuals.gradients[(j, k)]
            }),
            duality_gaps: (0..n_alphas)
                .map(|k| self.own_point(k).duality_gap())
                .collect(),
            kkt: (0..n_alphas).map(|k| self.own_point(k).kkt()).collect(),
            degrees_of_freedom: (0..n_alphas).map(degrees_of_freedom).collect(),
            residual_sums: self.residuals.sums[..n_alphas].to_vec(),
            target_sum: self.target_sum,
            n_samples: self.training.rows.len(),
            scaling,
            alphas: Array1::from(self.alphas),
        })
    }
}

fn measure(training: &Training<'_, '_>, solutions: &Mat<f64>) -> Residuals {
    let packing = training.frame.objective(training.sample);
    Residuals::measure(training.sample, training.rows, &packing, solutions.as_ref())
}
