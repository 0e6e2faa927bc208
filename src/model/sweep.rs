//! One path from start to end: training rows → solutions → certificates → the fit at every alpha.

use faer::Mat;

use crate::model::active_set::ActiveSet;
use crate::model::criteria::elastic_net_degrees_of_freedom;
use crate::model::cross_validation::Ground;
use crate::model::fold_moments::FoldMoments;
use crate::model::grid::{Grid, alpha_grid, descending};
use crate::model::inner_products::InnerProducts;
use crate::model::measured::{BAD, Measured};
use crate::model::moments::MomentProducts;
use crate::model::path::{Engine, PathError, PathValidParams, RegularizationPath};
use crate::model::progress::Progress;
use crate::model::reference;
use crate::model::residual::DataProducts;
use crate::model::ridge::Spectrum;
use crate::model::rows::Rows;
use crate::model::sample::Sample;
use crate::model::training::{Data, Training};

/// Most cells of X that are copied as columns of unit variance where n ≥ p/2: 1 GiB.
const MOST_COPIED: usize = 1 << 27;

/// A penalized regression ready to be solved.
#[expect(clippy::large_enum_variant, reason = "one per fit, and never moved in bulk")]
pub(crate) enum Problem {
    /// Lasso or elastic net from cross-products, with the smallest share of a column that those active before it left over.
    Moments(MomentProducts, f64),
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
    pub(crate) fn new(params: &PathValidParams, training: &Training<'_, '_>) -> Result<Self, PathError> {
        params.check_penalties(training.n_features())?;
        if params.l1_ratio() == 0.0 {
            return Ok(Self::Spectrum(Spectrum::of(training)?));
        }
        if params.engine() == Engine::Linfa {
            let data = training.data.as_ref().ok_or(PathError::NoRows)?;
            return Ok(Self::Reference(reference::Columns::of(training, data)));
        }
        match (training.moment_products(), &training.data) {
            (Some(products), _) => Ok(Self::Moments(products, 1.0)),
            (None, Some(data)) => Ok(Self::columns(training, data)),
            (None, None) => Err(PathError::NoRows),
        }
    }

    fn columns(training: &Training<'_, '_>, data: &Data<'_, '_>) -> Self {
        let columns = data.sample.pack_all(data.rows, &training.frame.normalizing());
        Self::Columns(DataProducts::new(columns, training.weight))
    }

    /// The grid that the parameters ask for, descending.
    fn alphas(&self, params: &PathValidParams, training: &Training<'_, '_>) -> Vec<f64> {
        let (count, ratio) = match params.grid() {
            Grid::Explicit(alphas) => return descending(alphas),
            Grid::Auto { count, ratio } => (*count, *ratio),
        };
        let penalties = params.penalties().of_columns(training.frame.weights());
        let largest = match self {
            Self::Spectrum(spectrum) => {
                let (largest, smallest) = spectrum.alpha_range().unwrap_or((1.0, 1e-4));
                return alpha_grid(largest, smallest, count);
            }
            Self::Moments(products, _) => penalties.largest_pull(products.with_target()),
            Self::Columns(products) => penalties.largest_pull(products.with_target()),
            Self::Reference(columns) => columns.products().with_target().iter().fold(0.0, |m: f64, c| m.max(c.abs())),
        };
        // Where nothing pulls on y, every alpha gives zeros; the target's deviation is a number of the right unit.
        let alpha_max = if largest > 0.0 { largest / params.l1_ratio() } else { training.frame.target_deviation() };
        let ratio = ratio.unwrap_or(if training.n_rows > training.n_features() { 1e-4 } else { 1e-2 });
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
        let follow = Follow { training, params, alphas, progress };
        match self {
            Self::Moments(products, least_share) => {
                let (solutions, least) = follow.path(products)?;
                *least_share = least;
                Ok(solutions)
            }
            Self::Columns(products) => Ok(follow.path(products)?.0),
            Self::Spectrum(spectrum) => {
                progress.advance(alphas.len())?;
                Ok(spectrum.solutions(alphas))
            }
            Self::Reference(columns) => columns.solutions(params.l1_ratio(), alphas, progress),
        }
    }
}

impl Problem {
    /// Of a solution at `alpha`.
    pub(crate) fn degrees_of_freedom(
        &self,
        params: &PathValidParams,
        training: &Training<'_, '_>,
        solution: &[f64],
        alpha: f64,
    ) -> f64 {
        let a2 = alpha * (1.0 - params.l1_ratio());
        let l2 = || params.penalties().of_columns(training.frame.weights()).l2;
        match self {
            Self::Moments(products, _) => elastic_net_degrees_of_freedom(products, &l2(), solution, a2),
            Self::Columns(products) => elastic_net_degrees_of_freedom(products, &l2(), solution, a2),
            // These columns are those of the objective, whatever their variance.
            Self::Reference(columns) => {
                elastic_net_degrees_of_freedom(columns.products(), &vec![1.0; solution.len()], solution, a2)
            }
            Self::Spectrum(spectrum) => spectrum.degrees_of_freedom(alpha),
        }
    }
}

/// The active set from alpha to alpha.
struct Follow<'f, 't, 's> {
    training: &'f Training<'t, 's>,
    params: &'f PathValidParams,
    alphas: &'f [f64],
    progress: &'f Progress,
}

impl Follow<'_, '_, '_> {
    /// `w` at every alpha, and [`ActiveSet::least_share`].
    fn path<P: InnerProducts>(&self, products: &mut P) -> Result<(Mat<f64>, f64), PathError> {
        let (weights, l1_ratio) = (self.training.frame.weights(), self.params.l1_ratio());
        let penalties = self.params.penalties().of_columns(weights);
        let mut solutions = Mat::zeros(weights.len(), self.alphas.len());
        let mut active_set = ActiveSet::new(products, &penalties);
        for (k, alpha) in self.alphas.iter().enumerate() {
            active_set.solve(alpha * l1_ratio, alpha * (1.0 - l1_ratio), self.progress)?;
            for (j, v) in active_set.solution() {
                // w_j = v_j s_j / sd_j
                solutions[(j, k)] = v * weights[j];
            }
            self.progress.advance(1)?;
        }
        Ok((solutions, active_set.least_share()))
    }
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

    /// What a fit to all rows learns from: the moments of the folds together, if they are at hand, else the rows, in which
    /// missing cells are taken to hold the mean of their column.
    ///
    /// # Errors
    /// [`PathError::ExtremeColumn`] if the columns' own scale is kept and cannot be squared; [`PathError::NoRows`] if
    /// neither is at hand.
    pub fn summarize<'t, 's>(&self, ground: &Ground<'t, 's>) -> Result<Training<'t, 's>, PathError> {
        let on_moments = ground.moments.and_then(FoldMoments::all);
        let on_moments = on_moments.map(|all| Training::from_moments(ground.units, all, self.scale())).transpose()?;
        match (on_moments, ground.rows) {
            (Some(training), Some((sample, _))) => Ok(training.with_rows(sample, sample.all())),
            (Some(training), None) => Ok(training),
            (None, Some((sample, _))) => self.training(sample, sample.all()),
            (None, None) => Err(PathError::NoRows),
        }
    }

    /// As [`sweep`](Self::sweep), for rows with missing cells too: those are taken to hold the mean of their column.
    ///
    /// # Errors
    /// As [`sweep`](Self::sweep).
    pub fn sweep_sample(&self, sample: &Sample<'_>, progress: &Progress) -> Result<RegularizationPath, PathError> {
        self.sweep_training(&self.training(sample, sample.all())?, progress)
    }

    /// # Errors
    /// As [`sweep`](Self::sweep).
    pub(crate) fn sweep_training(
        &self,
        training: &Training<'_, '_>,
        progress: &Progress,
    ) -> Result<RegularizationPath, PathError> {
        self.solve(training, progress)?.certify(progress)
    }

    /// The solution at every alpha, not yet held against the data: see [`Solved::certify`].
    ///
    /// # Errors
    /// As [`sweep`](Self::sweep).
    pub fn solve<'a, 's>(
        &'a self,
        training: &'a Training<'a, 's>,
        progress: &Progress,
    ) -> Result<Solved<'a, 's>, PathError> {
        if !training.frame.target_varies() {
            return Err(PathError::ConstantTarget { rows: training.n_rows });
        }
        let mut problem = Problem::new(self, training)?;
        let alphas = problem.alphas(self, training);
        let solutions = problem.solutions(self, training, &alphas, progress)?;
        Ok(Solved { params: self, training, problem, alphas, solutions })
    }
}

/// A path that is solved, but whose certificates are not measured yet.
pub struct Solved<'a, 's> {
    params: &'a PathValidParams,
    training: &'a Training<'a, 's>,
    problem: Problem,
    alphas: Vec<f64>,
    solutions: Mat<f64>,
}

impl Solved<'_, '_> {
    /// Descending, shape `(n_alphas,)`.
    pub fn alphas(&self) -> &[f64] {
        &self.alphas
    }

    /// Intercept, then the coefficients, at alpha `k`, in the user's units.
    pub fn model(&self, k: usize) -> Vec<f64> {
        let scaling = self.training.frame.scaling(self.training.units);
        let coefficients = self.solutions.col_as_slice(k).iter().zip(&scaling.scales).map(|(w, s)| w / s);
        let mut model: Vec<f64> = std::iter::once(0.0).chain(coefficients).collect();
        model[0] = scaling.target_mean - model[1..].iter().zip(&scaling.means).map(|(b, mean)| b * mean).sum::<f64>();
        model
    }

    /// Measures duality gaps and KKT violations by a pass over the rows (from moments where there are none), and improves
    /// the solutions whose certificates are poor: by Newton steps, or from the columns themselves where moments were too
    /// ill-conditioned.
    ///
    /// # Errors
    /// [`PathError::Cancelled`] if asked to stop; [`PathError::ExtremeColumn`] if a coefficient overflows.
    pub fn certify(self, progress: &Progress) -> Result<RegularizationPath, PathError> {
        let all: Vec<usize> = (0..self.alphas.len()).collect();
        let measured = Measured::new(self.params, self.training, self.alphas, self.solutions, &all);
        certified(measured, self.params, self.training, &self.problem, progress)
    }

    /// As [`Solved::certify`], with a pass over the rows for the alphas at these positions only; the certificates of the
    /// others come from the moments, where there are any.
    ///
    /// # Errors
    /// As [`Solved::certify`].
    pub fn certify_at(&self, positions: &[usize], progress: &Progress) -> Result<RegularizationPath, PathError> {
        let (alphas, solutions) = (self.alphas.clone(), self.solutions.clone());
        let measured = Measured::new(self.params, self.training, alphas, solutions, positions);
        certified(measured, self.params, self.training, &self.problem, progress)
    }
}

/// The path with its certificates, improved where they are poor.
fn certified(
    mut measured: Measured<'_, '_>,
    params: &PathValidParams,
    training: &Training<'_, '_>,
    problem: &Problem,
    progress: &Progress,
) -> Result<RegularizationPath, PathError> {
    measured.correct(problem);
    if let (Problem::Moments(..), Some(data)) = (problem, &training.data)
        && training.n_rows * training.n_features() <= MOST_COPIED
        && !measured.positions_above(&BAD).is_empty()
    {
        let alphas = measured.alphas().to_vec();
        progress.expect(alphas.len());
        let again = Problem::columns(training, data).solutions(params, training, &alphas, progress)?;
        measured.improve(&(0..alphas.len()).collect::<Vec<_>>(), &again);
    }
    measured.into_path(problem)
}
