//! Settings → one immutable [`Analysis`]: all that a view may read.

mod remarks;

use std::sync::Arc;
use std::time::{Duration, Instant};

use linfa::ParamGuard;
use ndarray::ArrayBase;

use crate::data::design::Design;
use crate::data::notes::Note;
use crate::model::cross_validation::{CrossValidation, cross_validate_each, fold_moments};
use crate::model::fold_moments::FoldMoments;
use crate::model::folds::{FoldRule, Folds, FoldsError, FoldsNote};
use crate::model::ols::{LeastSquares, NotUnique};
pub use crate::model::path::Engine;
use crate::model::path::{Grid, PathError, PathParams, PathValidParams, RegularizationPath};
use crate::model::progress::Progress;
use crate::model::reference::Witness;
use crate::model::sample::Sample;
use crate::model::standardize::Scale;
use crate::model::training::Training;

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
    /// The held-out errors at every alpha.
    pub cross_validation: CrossValidation,
}

/// Wall time of each step.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Timings {
    /// The lasso path on all rows.
    pub lasso: Duration,
    /// The ridge path on all rows.
    pub ridge: Duration,
    /// Cross-validation of both.
    pub cross_validation: Duration,
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
}

impl Analysis {
    /// The path of one penalty.
    pub fn penalty(&self, penalty: Penalty) -> &PenaltyAnalysis {
        match penalty {
            Penalty::Lasso => &self.lasso,
            Penalty::Ridge => &self.ridge,
        }
    }

    /// Refits the first path's alpha `k` by linfa-elasticnet: an independent witness.
    ///
    /// # Errors
    /// [`AnalysisError`] says in words why linfa cannot fit it.
    pub fn witness(&self, k: usize) -> Result<Witness, AnalysisError> {
        let refit = || {
            Witness::refit(
                &sample_of(&self.design)?,
                self.settings.scale,
                self.settings.l1_ratio,
                self.lasso.path.alphas()[k],
            )
        };
        refit().map_err(|error| AnalysisError::from_path(error, &self.design))
    }

    /// Fold of every record of the file, for each repeat; `None` where the record was left out.
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

/// Why nothing was computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AnalysisError {
    /// A path could not be fitted.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Rows could not be dealt to folds.
    #[error(transparent)]
    Folds(#[from] FoldsError),
    /// Too few rows.
    #[error(
        "at least 3 complete rows are needed, but there are {rows}; fill in missing cells or leave out columns that lack many"
    )]
    TooFewRows {
        /// Complete rows.
        rows: usize,
    },
    /// All of y is one value.
    #[error("the target {target:?} does not vary: all {rows} rows hold the same value; choose another target")]
    ConstantTarget {
        /// Name of the target.
        target: String,
        /// Rows.
        rows: usize,
    },
    /// A column whose squares or coefficient overflow or vanish.
    #[error(
        "feature {feature:?} has the standard deviation {deviation:e}, too extreme to be used as it is; standardize, or multiply it by a power of ten"
    )]
    ExtremeFeature {
        /// Name of the feature.
        feature: String,
        /// Its standard deviation.
        deviation: f64,
    },
    /// The first path is a lasso or an elastic net.
    #[error("l1_ratio must lie above 0 and at most at 1, but is {0}; ridge is fitted beside it in any case")]
    InvalidL1Ratio(f64),
}

impl AnalysisError {
    /// With the names that the model room does not know.
    fn from_path(error: PathError, design: &Design) -> Self {
        match error {
            PathError::ConstantTarget { rows } => Self::ConstantTarget { target: design.target.clone(), rows },
            PathError::ExtremeColumn { column, deviation } if column < design.features.len() => {
                Self::ExtremeFeature { feature: design.features[column].name.clone(), deviation }
            }
            other => Self::Path(other),
        }
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
pub fn analyze(design: &Arc<Design>, settings: &Settings, progress: &Progress) -> Result<Analysis, AnalysisError> {
    let named = |error: PathError| AnalysisError::from_path(error, design);
    let (lasso, ridge) = settings.check()?;
    let rows = design.y.len();
    if rows < 3 {
        return Err(AnalysisError::TooFewRows { rows });
    }
    let (folds, folds_note) = deal(design, settings)?;
    let sample = sample_of(design).map_err(named)?;
    let n_fits = 1 + folds.assignments.len() * folds.n_folds;
    progress.expect(n_fits * (settings.lasso_grid.len() + settings.ridge_grid.len()));

    let start = Instant::now();
    let moments = fold_moments(&sample, &folds, 0);
    let training = match moments.as_ref().and_then(FoldMoments::all) {
        Some(all) => Training::from_moments(&sample, sample.all(), all, settings.scale),
        None => lasso.training(&sample, sample.all()),
    };
    let training = training.map_err(named)?;
    let lasso_path = lasso.sweep_training(&training, progress).map_err(named)?;
    let lasso_time = start.elapsed();
    let collinear = training.moment_products().map_or_else(Vec::new, |products| remarks::collinear_pairs(&products));

    let start = Instant::now();
    let ridge_path = ridge.sweep_training(&training, progress).map_err(named)?;
    drop(training);
    let training = Training::for_ridge(&sample, sample.all(), settings.scale).map_err(named)?;
    let least_squares = LeastSquares::of(&training);
    let ridge_time = start.elapsed();
    drop(training);

    let start = Instant::now();
    let alphas = [&lasso_path, &ridge_path].map(|path| path.alphas().to_vec());
    let each = [(&lasso, alphas[0].as_slice()), (&ridge, alphas[1].as_slice())];
    let mut errors = cross_validate_each(&each, &sample, &folds, moments, progress).map_err(named)?.into_iter();
    let (Some(lasso_errors), Some(ridge_errors)) = (errors.next(), errors.next()) else {
        return Err(AnalysisError::TooFewRows { rows });
    };
    let lasso = PenaltyAnalysis { path: lasso_path, cross_validation: lasso_errors };
    let ridge = PenaltyAnalysis { path: ridge_path, cross_validation: ridge_errors };
    let timings = Timings { lasso: lasso_time, ridge: ridge_time, cross_validation: start.elapsed() };

    let entry_order = entry_order(&lasso.path);
    let mut entry_rank = vec![0; entry_order.len()];
    for (rank, j) in entry_order.iter().enumerate() {
        entry_rank[*j] = rank;
    }
    let mut analysis = Analysis {
        design: Arc::clone(design),
        settings: settings.clone(),
        lasso,
        ridge,
        least_squares,
        folds,
        entry_order,
        entry_rank,
        notes: Vec::new(),
        timings,
    };
    analysis.notes = remarks::remarks(&analysis, folds_note.as_ref(), &collinear);
    Ok(analysis)
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
