//! The numbers of an analysis: both paths, their cross-validation and least squares, without a name of anything.

use std::time::{Duration, Instant};

use crate::analysis::cursor::Refit;
use crate::analysis::{PenaltyAnalysis, Settings, Timings};
use crate::model::cross_validation::{CrossValidation, Ground, cross_validate_each};
use crate::model::moments::MomentProducts;
use crate::model::ols::{LeastSquares, NotUnique};
use crate::model::path::{PathError, PathValidParams};
use crate::model::progress::Progress;
use crate::model::training::Training;

/// Multiplications up to which the certificates of all alphas are measured on the rows; beyond, those of the chosen alphas
/// and of the ends of the grid, the others on moments.
const MOST_MEASURED: usize = 1 << 27;
/// Multiplications up to which least squares decomposes the rows themselves.
const MOST_DECOMPOSED: usize = 1 << 27;

/// What was computed.
pub(super) struct Fits {
    pub(super) lasso: PenaltyAnalysis,
    pub(super) ridge: PenaltyAnalysis,
    pub(super) least_squares: Result<LeastSquares, NotUnique>,
    /// Inner products of the columns of unit variance, where they fit into memory.
    pub(super) products: Option<MomentProducts>,
    pub(super) refit: Option<Refit>,
    pub(super) timings: Timings,
}

impl Fits {
    /// Progress counts one unit an alpha a fit.
    pub(super) fn new(
        (lasso, ridge): (&PathValidParams, &PathValidParams),
        settings: &Settings,
        ground: &Ground<'_, '_>,
        progress: &Progress,
    ) -> Result<Self, PathError> {
        let start = Instant::now();
        let training = lasso.summarize(ground)?;
        let solved_lasso = lasso.solve(&training, progress)?;
        let lasso_time = start.elapsed();

        let start = Instant::now();
        let solved_ridge = ridge.solve(&training, progress)?;
        let least_squares = least_squares(&training, settings)?;
        let ridge_time = start.elapsed();

        let start = Instant::now();
        let each = [(lasso, solved_lasso.alphas()), (ridge, solved_ridge.alphas())];
        let mut errors = cross_validate_each(&each, ground, progress)?.into_iter();
        let (Some(lasso_errors), Some(ridge_errors)) = (errors.next(), errors.next()) else {
            return Err(PathError::Empty);
        };
        let cross_validation = start.elapsed();

        let start = Instant::now();
        let cost = training.n_rows * training.n_features();
        let positions = |errors: &CrossValidation| measured_positions(cost, errors);
        let lasso = PenaltyAnalysis {
            path: solved_lasso.certify_at(&positions(&lasso_errors), progress)?,
            cross_validation: lasso_errors,
        };
        let ridge = PenaltyAnalysis {
            path: solved_ridge.certify_at(&positions(&ridge_errors), progress)?,
            cross_validation: ridge_errors,
        };
        let sums = Duration::ZERO;
        let timings =
            Timings { sums, lasso: lasso_time, ridge: ridge_time, cross_validation, certificates: start.elapsed() };
        Ok(Self {
            lasso,
            ridge,
            least_squares,
            products: training.moment_products(),
            refit: Refit::of(&training),
            timings,
        })
    }
}

/// By QR of the rows, unless they are many and their moments keep enough digits, or there are none.
fn least_squares(
    training: &Training<'_, '_>,
    settings: &Settings,
) -> Result<Result<LeastSquares, NotUnique>, PathError> {
    let Some(data) = &training.data else { return Ok(LeastSquares::of(training)) };
    let is_large = training.n_rows * training.n_features().pow(2) > MOST_DECOMPOSED;
    if is_large && training.is_well_conditioned() {
        return Ok(LeastSquares::of(training));
    }
    Ok(LeastSquares::of(&Training::for_ridge(data.sample, data.rows, settings.scale)?))
}

/// Positions of the grid whose certificates are measured on rows; `cost`: cells of X.
fn measured_positions(cost: usize, errors: &CrossValidation) -> Vec<usize> {
    let n_alphas = errors.mean.len();
    if cost * n_alphas <= MOST_MEASURED {
        return (0..n_alphas).collect();
    }
    let mut chosen = vec![0, errors.index_1se, errors.index_min, n_alphas - 1];
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
