//! The regularization path: checked parameters, and the fit at every alpha.

use linfa::ParamGuard;
use linfa::dataset::{AsSingleTargets, DatasetBase};
use linfa::traits::Fit;
use ndarray::{Array1, Array2, ArrayBase, ArrayView1, Data, Ix2};

pub use crate::model::grid::Grid;
pub use crate::model::path_error::PathError;
pub use crate::model::penalty::{FeaturePenalties, Sign};
pub use crate::model::predict::LinearModel;
use crate::model::progress::Progress;
use crate::model::sample::Sample;
use crate::model::standardize::{Scale, Scaling};

/// Who computes the solutions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    /// Our exact path.
    #[default]
    Pathwise,
    /// linfa-elasticnet, alpha by alpha. Ridge stays exact: linfa's own never meets its stopping rule.
    Linfa,
}

/// Checked parameters of a path; see [`PathParams`].
#[derive(Debug, Clone, PartialEq)]
pub struct PathValidParams {
    l1_ratio: f64,
    scale: Scale,
    grid: Grid,
    engine: Engine,
    penalties: FeaturePenalties,
}

/// Parameters of a path, to be checked by [`ParamGuard::check`].
///
/// | name | default | purpose | range |
/// |---|---|---|---|
/// | `l1_ratio` | 1 | share of the L1 penalty: 1 lasso, 0 ridge | [0, 1] |
/// | `scale` | standardize | divide columns by their standard deviation | |
/// | `grid` | 100 alphas | see [`Grid`] | |
/// | `penalty_factors` | all 1 | how much of the penalty each feature bears | above 0 |
/// | `signs` | any | sign that each coefficient may take: see [`Sign`] | |
/// | `engine` | pathwise | see [`Engine`] | |
#[derive(Debug, Clone, PartialEq)]
pub struct PathParams(PathValidParams);

/// Relative duality gap up to which a fit is called optimal.
const PROMISED_GAP: f64 = 1e-9;
/// KKT violation, relative to `max_j |x_j'y| / n`, up to which a fit is called optimal.
const PROMISED_KKT: f64 = 1e-8;

/// The fit at every alpha of the grid, largest alpha first.
#[derive(Debug, Clone)]
pub struct RegularizationPath {
    pub(crate) l1_ratio: f64,
    pub(crate) alphas: Array1<f64>,
    pub(crate) solutions: Array2<f64>,
    pub(crate) scaling: Scaling,
    pub(crate) duality_gaps: Vec<Option<f64>>,
    pub(crate) kkt: Vec<f64>,
    pub(crate) degrees_of_freedom: Vec<f64>,
    pub(crate) gradients: Array2<f64>,
    pub(crate) residual_sums: Vec<f64>,
    pub(crate) target_sum: f64,
    pub(crate) n_samples: usize,
    pub(crate) entries: Vec<Option<usize>>,
    pub(crate) is_measured_on_rows: Vec<bool>,
}

impl RegularizationPath {
    /// The lasso path with default parameters.
    pub fn lasso() -> PathParams {
        PathParams::new(1.0)
    }

    /// The ridge path with default parameters.
    pub fn ridge() -> PathParams {
        PathParams::new(0.0)
    }

    /// 1 for the lasso, 0 for ridge.
    pub fn l1_ratio(&self) -> f64 {
        self.l1_ratio
    }

    /// Strictly descending, shape `(n_alphas,)`.
    pub fn alphas(&self) -> &Array1<f64> {
        &self.alphas
    }

    /// Number of alphas.
    pub fn len(&self) -> usize {
        self.alphas.len()
    }

    /// True if there is no alpha (never so after a fit).
    pub fn is_empty(&self) -> bool {
        self.alphas.is_empty()
    }

    /// Number of columns of X.
    pub fn n_features(&self) -> usize {
        self.solutions.ncols()
    }

    /// `w` of the objective at alpha `k`, shape `(n_features,)`: per divisor `s_j`.
    pub fn solution(&self, k: usize) -> ArrayView1<'_, f64> {
        self.solutions.row(k)
    }

    /// Coefficient of feature `j` at alpha `k` in the user's units.
    pub fn coefficient(&self, k: usize, j: usize) -> f64 {
        self.solutions[[k, j]] / self.scaling.scales[j]
    }

    /// Coefficient of feature `j` at alpha `k` times the standard deviation of the column.
    pub fn coefficient_per_sd(&self, k: usize, j: usize) -> f64 {
        self.coefficient(k, j) * self.scaling.sds[j]
    }

    /// Coefficients at alpha `k` in the user's units, shape `(n_features,)`.
    pub fn coefficients(&self, k: usize) -> Array1<f64> {
        &self.solutions.row(k) / &self.scaling.scales
    }

    /// Intercept at alpha `k` in the user's units.
    pub fn intercept(&self, k: usize) -> f64 {
        self.scaling.target_mean - self.coefficients(k).dot(&self.scaling.means)
    }

    /// The fit at alpha `k`, to predict with.
    pub fn model(&self, k: usize) -> LinearModel {
        LinearModel { coefficients: self.coefficients(k), intercept: self.intercept(k) }
    }

    /// Duality gap at alpha `k` relative to `‖y‖²/2n`: see [`Self::is_measured_on_rows`].
    pub fn duality_gap(&self, k: usize) -> Option<f64> {
        self.duality_gaps[k]
    }

    /// KKT violation at alpha `k` relative to `max_j |x_j'y| / n`: see [`Self::is_measured_on_rows`].
    pub fn kkt(&self, k: usize) -> f64 {
        self.kkt[k]
    }

    /// Whether the certificate at alpha `k` is measured on the residuals of the rows; else on their moments.
    pub fn is_measured_on_rows(&self, k: usize) -> bool {
        self.is_measured_on_rows[k]
    }

    /// Whether the certificate at alpha `k` keeps the promise: relative duality gap ≤ 1e-9 and KKT violation ≤ 1e-8.
    pub fn is_certified(&self, k: usize) -> bool {
        self.kkt[k] <= PROMISED_KKT && self.duality_gaps[k].is_none_or(|gap| gap <= PROMISED_GAP)
    }

    /// Degrees of freedom at alpha `k`, without the intercept.
    pub fn degrees_of_freedom(&self, k: usize) -> f64 {
        self.degrees_of_freedom[k]
    }

    /// Number of coefficients that are not exactly zero at alpha `k`.
    pub fn n_nonzero(&self, k: usize) -> usize {
        self.solutions.row(k).iter().filter(|w| **w != 0.0).count()
    }

    /// `g_j = x_j'r / n` at alpha `k`, shape `(n_features,)`, in the scaled columns.
    pub fn gradient(&self, k: usize) -> ArrayView1<'_, f64> {
        self.gradients.row(k)
    }

    /// `‖r‖²` at alpha `k`.
    pub fn residual_sum(&self, k: usize) -> f64 {
        self.residual_sums[k]
    }

    /// `‖y − ȳ‖²`
    pub fn target_sum(&self) -> f64 {
        self.target_sum
    }

    /// Share of the target's variance explained on the training rows, `1 − ‖r‖²/‖y − ȳ‖²`.
    pub fn r_squared(&self, k: usize) -> f64 {
        1.0 - self.residual_sums[k] / self.target_sum
    }

    /// Rows of the data set it was fitted on.
    pub fn n_samples(&self) -> usize {
        self.n_samples
    }

    /// Centre and scale of the columns.
    pub fn scaling(&self) -> &Scaling {
        &self.scaling
    }

    /// First position (largest alpha) at which feature `j` is not zero.
    pub fn entry(&self, j: usize) -> Option<usize> {
        self.entries[j]
    }
}

impl PathParams {
    /// Defaults at this `l1_ratio`.
    pub fn new(l1_ratio: f64) -> Self {
        Self(PathValidParams {
            l1_ratio,
            scale: Scale::default(),
            grid: Grid::default(),
            engine: Engine::default(),
            penalties: FeaturePenalties::default(),
        })
    }

    /// Sets the grid.
    #[must_use]
    pub fn grid(mut self, grid: Grid) -> Self {
        self.0.grid = grid;
        self
    }

    /// Sets whether columns are divided by their standard deviation.
    #[must_use]
    pub fn scale(mut self, scale: Scale) -> Self {
        self.0.scale = scale;
        self
    }

    /// Sets how much of the penalty each feature bears: `φ`, finite and above 0, shape `(n_features,)`. Lasso and elastic
    /// net only.
    #[must_use]
    pub fn penalty_factors(mut self, factors: Vec<f64>) -> Self {
        self.0.penalties.set_factors(factors);
        self
    }

    /// Sets the sign that each coefficient may take, shape `(n_features,)`. Lasso and elastic net only.
    #[must_use]
    pub fn signs(mut self, signs: Vec<Sign>) -> Self {
        self.0.penalties.set_signs(signs);
        self
    }

    /// Sets who computes.
    #[must_use]
    pub fn engine(mut self, engine: Engine) -> Self {
        self.0.engine = engine;
        self
    }
}

impl ParamGuard for PathParams {
    type Checked = PathValidParams;
    type Error = PathError;

    fn check_ref(&self) -> Result<&Self::Checked, PathError> {
        let params = &self.0;
        if !(0.0..=1.0).contains(&params.l1_ratio) {
            return Err(PathError::InvalidL1Ratio(params.l1_ratio));
        }
        params.grid.check()?;
        params.penalties.check()?;
        Ok(params)
    }

    fn check(self) -> Result<Self::Checked, PathError> {
        self.check_ref()?;
        Ok(self.0)
    }
}

impl PathValidParams {
    /// 1 for the lasso, 0 for ridge.
    pub fn l1_ratio(&self) -> f64 {
        self.l1_ratio
    }

    /// Whether columns are divided by their standard deviation.
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// Which alphas the path visits.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// What the penalty asks of each feature.
    pub fn penalties(&self) -> &FeaturePenalties {
        &self.penalties
    }

    /// # Errors
    /// [`PathError::InvalidPenalty`] if there are not as many factors or signs as features, or they are not for this path.
    pub(crate) fn check_penalties(&self, n_features: usize) -> Result<(), PathError> {
        let serves = self.l1_ratio > 0.0 && self.engine == Engine::Pathwise;
        if !serves && !self.penalties.is_plain() {
            let only = "penalty factors and signs are for the lasso and the elastic net by the pathwise engine";
            return Err(PathError::InvalidPenalty(only.to_owned()));
        }
        self.penalties.check_length(n_features)
    }

    /// Who computes.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// As [`Fit::fit`], counting one unit of progress an alpha. The data set's weights count as case weights.
    ///
    /// # Errors
    /// [`PathError::Cancelled`] if asked to stop, [`PathError::NotFinite`] for a NaN or infinity, and the other
    /// variants of [`PathError`] for data that no path can be fitted to.
    pub fn sweep<D: Data<Elem = f64>, T: AsSingleTargets<Elem = f64>>(
        &self,
        dataset: &DatasetBase<ArrayBase<D, Ix2>, T>,
        progress: &Progress,
    ) -> Result<RegularizationPath, PathError> {
        let targets = dataset.as_single_targets();
        let sample = Sample::new(dataset.records().view(), None, targets.view())?;
        let sample = match dataset.weights() {
            Some(weights) => sample.weighted(&weights.iter().map(|w| f64::from(*w)).collect::<Vec<_>>())?,
            None => sample,
        };
        self.sweep_sample(&sample, progress)
    }
}

impl<D: Data<Elem = f64>, T: AsSingleTargets<Elem = f64>> Fit<ArrayBase<D, Ix2>, T, PathError> for PathValidParams {
    type Object = RegularizationPath;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<Self::Object, PathError> {
        self.sweep(dataset, &Progress::new())
    }
}
