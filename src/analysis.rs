//! Settings → one immutable [`Analysis`]: all that a view may read.

use std::sync::Arc;
use std::time::Duration;

use crate::data::design::Design;
use crate::data::notes::Note;
use crate::model::cross_validation::CrossValidation;
use crate::model::folds::{FoldRule, Folds};
use crate::model::ols::{LeastSquares, NotUnique};
use crate::model::path::{Grid, PathError, RegularizationPath};
use crate::model::progress::Progress;
use crate::model::standardize::Scale;

/// Who computes the sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    /// Our exact path.
    #[default]
    Pathwise,
    /// linfa-elasticnet, alpha by alpha.
    Linfa,
}

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
}

/// Why nothing was computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AnalysisError {
    /// A path could not be fitted.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Too few rows.
    #[error("at least 3 complete rows are needed, but there are {rows}; fill in missing cells or leave out columns that lack many")]
    TooFewRows {
        /// Complete rows.
        rows: usize,
    },
}

/// Runs both paths, their cross-validation and least squares.
///
/// # Errors
/// [`AnalysisError`] says what stands in the way.
pub fn analyze(_design: &Arc<Design>, _settings: &Settings, _progress: &Progress) -> Result<Analysis, AnalysisError> {
    todo!()
}
