//! Settings → one immutable [`Analysis`]: all that a view may read.

mod cursor;
mod error;
mod fits;
mod pool;
mod profile;
mod remarks;
mod summed;
pub mod sums;
#[cfg(test)]
mod sums_tests;
mod watch;

use std::sync::Arc;
use std::time::{Duration, Instant};

use linfa::ParamGuard;
use ndarray::ArrayBase;

pub use crate::analysis::cursor::Cursor;
use crate::analysis::cursor::Refit;
pub use crate::analysis::error::AnalysisError;
use crate::analysis::fits::Fits;
use crate::analysis::pool::Pool;
use crate::analysis::profile::CorrelationFactor;
pub use crate::analysis::profile::NoProfile;
pub use crate::analysis::summed::analyze_file;
use crate::analysis::watch::watched;
pub use crate::analysis::watch::{Preview, Watch};
use crate::data::design::Design;
use crate::data::notes::Note;
use crate::model::cross_validation::{CrossValidation, Ground, fold_moments};
use crate::model::fold_moments::FoldMoments;
use crate::model::folds::{FoldRule, Folds, FoldsError, FoldsNote};
use crate::model::moments::MomentProducts;
use crate::model::ols::{LeastSquares, NotUnique};
pub use crate::model::path::Engine;
use crate::model::path::{Grid, PathError, PathParams, PathValidParams, RegularizationPath};
use crate::model::progress::Progress;
use crate::model::reference::Witness;
use crate::model::sample::Sample;
use crate::model::standardize::Scale;

/// Most doubles in the sums over rows that are kept for the next analysis: 64 MiB.
const MOST_KEPT: usize = 1 << 23;

/// What to compute.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Whether columns are divided by their standard deviation.
    pub scale: Scale,
    /// How rows are dealt to folds.
    pub folds: FoldRule,
    /// How often cross-validation is repeated with another deal.
    pub repeats: usize,
    /// Share of the L1 penalty in the first path, in (0, 1].
    pub l1_ratio: f64,
    /// Alphas of the first path.
    pub lasso_grid: Grid,
    /// Alphas of ridge.
    pub ridge_grid: Grid,
    /// Who computes.
    pub engine: Engine,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            scale: Scale::default(),
            folds: FoldRule::Random { folds: 10, seed: 0 },
            repeats: 1,
            l1_ratio: 1.0,
            lasso_grid: Grid::default(),
            ridge_grid: Grid::default(),
            engine: Engine::default(),
        }
    }
}

/// The two penalties that are shown side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Penalty {
    /// The lasso, or the elastic net if `l1_ratio` is below 1.
    Lasso,
    /// Ridge.
    Ridge,
}

/// One penalty's path with its cross-validation.
#[derive(Debug, Clone)]
pub struct PenaltyAnalysis {
    /// The fit on all rows at every alpha.
    pub path: RegularizationPath,
    /// The held-out errors at every alpha; `None` in a [`Preview`], for both penalties.
    pub cross_validation: Option<CrossValidation>,
}

/// Wall time of each step.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Timings {
    /// Sums over the rows, where none were at hand.
    pub sums: Duration,
    /// The lasso path on all rows.
    pub lasso: Duration,
    /// The ridge path on all rows.
    pub ridge: Duration,
    /// Cross-validation of both.
    pub cross_validation: Duration,
    /// Certificates of both paths.
    pub certificates: Duration,
}

/// Everything that was computed, immutable.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The numbers it was computed from.
    pub design: Arc<Design>,
    /// What was asked.
    pub settings: Settings,
    /// Lasso (or elastic net).
    pub lasso: PenaltyAnalysis,
    /// Ridge.
    pub ridge: PenaltyAnalysis,
    /// Least squares, or why there is none.
    pub least_squares: Result<LeastSquares, NotUnique>,
    /// The fold of every row.
    pub folds: Folds,
    /// Features in order of entry into the lasso (largest alpha first, then larger coefficient at entry); those that never enter come last, in column order.
    pub entry_order: Vec<usize>,
    /// Position of each feature in `entry_order`.
    pub entry_rank: Vec<usize>,
    /// What the reader should know: fewer folds than asked, an alpha at the end of the grid, collinear columns.
    pub notes: Vec<Note>,
    /// How long it took.
    pub timings: Timings,
    /// Inner products of the columns of unit variance; `None` where they would be too many.
    products: Option<Arc<MomentProducts>>,
    correlation_factor: CorrelationFactor,
    /// Sums over rows, to be used again.
    pool: Option<Arc<Pool>>,
    /// For fits between the alphas of the grid.
    refit: Option<Arc<Refit>>,
}

impl Analysis {
    /// The path of one penalty.
    pub fn penalty(&self, penalty: Penalty) -> &PenaltyAnalysis {
        match penalty {
            Penalty::Lasso => &self.lasso,
            Penalty::Ridge => &self.ridge,
        }
    }

    /// Whether both paths are cross-validated; else this is a [`Preview`].
    pub fn is_cross_validated(&self) -> bool {
        self.lasso.cross_validation.is_some() && self.ridge.cross_validation.is_some()
    }

    /// Refits the first path at `alpha` by linfa-elasticnet: an independent witness.
    ///
    /// # Errors
    /// [`AnalysisError`] says in words why linfa cannot fit it, or that it was asked to stop.
    pub fn witness(&self, alpha: f64, progress: &Progress) -> Result<Witness, AnalysisError> {
        if !self.has_all_rows() {
            return Err(AnalysisError::RowsNotKept);
        }
        let Settings { scale, l1_ratio, .. } = self.settings;
        let refit = || Witness::refit(&sample_of(&self.design)?, scale, l1_ratio, alpha, progress);
        refit().map_err(|error| AnalysisError::from_path(error, &self.design))
    }

    fn assemble(
        design: &Arc<Design>,
        settings: &Settings,
        fits: Fits,
        folds: &Folds,
        pool: Option<Arc<Pool>>,
        folds_note: Option<&FoldsNote>,
    ) -> Self {
        let entry_order = entry_order(&fits.lasso.path);
        let mut entry_rank = vec![0; entry_order.len()];
        for (rank, j) in entry_order.iter().enumerate() {
            entry_rank[*j] = rank;
        }
        let mut analysis = Self {
            design: Arc::clone(design),
            settings: settings.clone(),
            lasso: fits.lasso,
            ridge: fits.ridge,
            least_squares: fits.least_squares,
            folds: folds.clone(),
            entry_order,
            entry_rank,
            products: fits.products,
            correlation_factor: CorrelationFactor::default(),
            notes: Vec::new(),
            timings: fits.timings,
            pool,
            refit: fits.refit,
        };
        analysis.notes = remarks::remarks(&analysis, folds_note);
        analysis
    }

    /// Rows that were fitted: more than `design` holds where they were not all kept.
    pub fn n_samples(&self) -> usize {
        self.lasso.path.n_samples()
    }

    /// Whether rows were kept, each with its fold.
    pub fn keeps_rows(&self) -> bool {
        !self.folds.assignments.is_empty()
    }

    /// Whether `design` holds all rows that were fitted.
    pub fn has_all_rows(&self) -> bool {
        self.design.y.len() == self.n_samples()
    }

    /// Correlation of two features on the rows that were fitted, counted by their case weights; missing cells stand at the
    /// mean. 0 if one of them does not vary.
    pub fn correlation(&self, i: usize, j: usize) -> f64 {
        let Some(products) = &self.products else { return self.correlation_on_rows(i, j) };
        products.correlation(i, j)
    }

    /// Multiplications that one [`Analysis::correlation`] takes.
    pub fn correlation_cost(&self) -> usize {
        if self.products.is_some() { 1 } else { self.design.y.len().max(1) }
    }

    fn correlation_on_rows(&self, i: usize, j: usize) -> f64 {
        let (design, scaling) = (&self.design, self.lasso.path.scaling());
        if scaling.sds[i] == 0.0 || scaling.sds[j] == 0.0 {
            return 0.0;
        }
        let value = |row: usize, j: usize| {
            let present = design.missing.as_ref().is_none_or(|missing| !missing[[row, j]]);
            if present { (design.x[[row, j]] - scaling.means[j]) / scaling.sds[j] } else { 0.0 }
        };
        let (mut sum, mut n) = (0.0, 0.0);
        for row in 0..design.y.len() {
            let weight = design.case_weights.as_ref().map_or(1.0, |weights| weights[row]);
            sum += weight * value(row, i) * value(row, j);
            n += weight;
        }
        sum / n
    }

    /// Fold of every record of the file, for each repeat; `None` where the record was left out. Empty where rows are not
    /// kept.
    pub fn row_folds(&self) -> Vec<Vec<Option<u32>>> {
        let of_repeat = |assignment: &Vec<u32>| {
            let mut row_folds = vec![None; self.design.n_records];
            for (record, fold) in self.design.records.iter().zip(assignment) {
                row_folds[*record] = Some(*fold);
            }
            row_folds
        };
        self.folds.assignments.iter().map(of_repeat).collect()
    }
}

impl PenaltyAnalysis {
    /// Whether the certificates at all alphas keep the promise of [`RegularizationPath::is_certified`].
    pub fn is_certified(&self) -> bool {
        (0..self.path.len()).all(|k| self.path.is_certified(k))
    }
}

impl Settings {
    /// Parameters of the two paths.
    ///
    /// # Errors
    /// [`AnalysisError`] says which setting cannot be used.
    pub fn check(&self) -> Result<(PathValidParams, PathValidParams), AnalysisError> {
        if !(self.l1_ratio > 0.0 && self.l1_ratio <= 1.0) {
            return Err(AnalysisError::InvalidL1Ratio(self.l1_ratio));
        }
        let params = |l1_ratio: f64, grid: &Grid| {
            PathParams::new(l1_ratio).scale(self.scale).grid(grid.clone()).engine(self.engine).check()
        };
        Ok((params(self.l1_ratio, &self.lasso_grid)?, params(0.0, &self.ridge_grid)?))
    }
}

/// Runs both paths, their cross-validation and least squares. Progress counts one unit an alpha a fit.
///
/// # Errors
/// [`AnalysisError`] says what stands in the way.
pub fn analyze<'w>(
    design: &Arc<Design>,
    settings: &Settings,
    watch: impl Into<Watch<'w>>,
) -> Result<Analysis, AnalysisError> {
    analyze_again(design, settings, None, watch)
}

/// As [`analyze`]. `former`: an analysis of the same table, whose sums over rows are used again where they hold.
///
/// # Errors
/// As [`analyze`].
pub fn analyze_again<'w>(
    design: &Arc<Design>,
    settings: &Settings,
    former: Option<&Analysis>,
    watch: impl Into<Watch<'w>>,
) -> Result<Analysis, AnalysisError> {
    let watch = watch.into();
    let named = |error: PathError| AnalysisError::from_path(error, design);
    let params = settings.check()?;
    let rows = design.y.len();
    if rows < 3 {
        return Err(AnalysisError::TooFewRows { rows });
    }
    let (folds, folds_note) = deal(design, settings)?;
    let sample = sample_of(design).map_err(named)?;
    expect(settings, folds.assignments.len() * folds.n_folds, watch.progress);

    let start = Instant::now();
    let pool = match former.and_then(|former| former.pool_for(design, &folds)) {
        Some(pool) => Some(pool),
        None => fold_moments(&sample, &folds, 0).map(|moments| Arc::new(Pool::new(design, moments))),
    };
    let sums = start.elapsed();
    let moments = pool.as_ref().map(|pool| pool.select(design)).transpose().map_err(named)?;
    let sample = match &moments {
        Some(moments) => sample.with_units(moments.units().clone()),
        None => sample,
    };
    let ground = Ground { units: sample.units(), moments: moments.as_deref(), rows: Some((&sample, &folds)) };
    let kept = pool.as_ref().filter(|pool| pool.size() <= MOST_KEPT);
    let together = |fits| {
        let mut analysis = Analysis::assemble(design, settings, fits, &folds, kept.cloned(), folds_note.as_ref());
        analysis.timings.sums = sums;
        analysis
    };
    watched(&params, &ground, (design, settings), watch, &together)
}

/// As [`analyze`], from the moments of the folds alone: of rows that were read once and not kept, or never seen here.
///
/// `design` names the features in the order of the columns of `moments`; of its rows it may hold a part or none.
/// `folds_note`: what was done to the folds that were asked for.
///
/// # Errors
/// [`AnalysisError`] says what stands in the way.
pub fn analyze_moments<'w>(
    design: &Arc<Design>,
    moments: &FoldMoments,
    settings: &Settings,
    folds_note: Option<&FoldsNote>,
    watch: impl Into<Watch<'w>>,
) -> Result<Analysis, AnalysisError> {
    let watch = watch.into();
    let params = settings.check()?;
    let rows = moments.n_rows();
    if rows < 3 {
        return Err(AnalysisError::TooFewRows { rows });
    }
    let folds = Folds { assignments: Vec::new(), n_folds: moments.folds().len() };
    if folds.n_folds < 2 {
        return Err(FoldsError::TooFew { folds: folds.n_folds }.into());
    }
    expect(settings, folds.n_folds, watch.progress);
    let ground = Ground { units: moments.units(), moments: Some(moments), rows: None };
    let together = |fits| Analysis::assemble(design, settings, fits, &folds, None, folds_note);
    watched(&params, &ground, (design, settings), watch, &together)
}

fn expect(settings: &Settings, n_folds: usize, progress: &Progress) {
    progress.expect((1 + n_folds) * (settings.lasso_grid.len() + settings.ridge_grid.len()));
}

fn sample_of(design: &Design) -> Result<Sample<'_>, PathError> {
    let sample = Sample::new(design.x.view(), design.missing.as_ref().map(ArrayBase::view), design.y.view())?;
    match &design.case_weights {
        Some(weights) => sample.weighted(&weights.to_vec()),
        None => Ok(sample),
    }
}

fn entry_order(path: &RegularizationPath) -> Vec<usize> {
    let mut order: Vec<usize> = (0..path.n_features()).collect();
    let size_at_entry = |j: usize| path.entry(j).map_or(0.0, |k| path.coefficient_per_sd(k, j).abs());
    order.sort_by(|&i, &j| {
        let entry = |j: usize| path.entry(j).unwrap_or(usize::MAX);
        entry(i).cmp(&entry(j)).then(size_at_entry(j).total_cmp(&size_at_entry(i)))
    });
    order
}

fn deal(design: &Design, settings: &Settings) -> Result<(Folds, Option<FoldsNote>), FoldsError> {
    let labels = match settings.folds {
        FoldRule::Given => design.fold_labels.as_deref(),
        _ => design.group_labels.as_deref(),
    };
    Folds::deal(&settings.folds, &design.records, design.n_records, labels, settings.repeats)
}
