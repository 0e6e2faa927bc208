//! The numbers of an analysis: both paths, their cross-validation and least squares, without a name of anything.

use std::sync::Arc;
use std::time::Instant;

use crate::analysis::cursor::Refit;
use crate::analysis::{PenaltyAnalysis, Settings, Timings};
use crate::model::cross_validation::{CrossValidation, Ground, cross_validate_each};
use crate::model::moments::MomentProducts;
use crate::model::ols::{LeastSquares, NotUnique};
use crate::model::path::{PathError, PathValidParams, RegularizationPath};
use crate::model::progress::Progress;
use crate::model::sweep::Solved;
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
    pub(super) products: Option<Arc<MomentProducts>>,
    pub(super) refit: Option<Arc<Refit>>,
    pub(super) timings: Timings,
}

/// A way to the fits without their cross-validation, as soon as both paths are solved.
pub(super) type First<'a> = &'a dyn Fn() -> Result<Fits, PathError>;

impl Fits {
    /// Progress counts one unit an alpha a fit. `on_paths` is called once, before cross-validation.
    pub(super) fn new(
        (lasso, ridge): (&PathValidParams, &PathValidParams),
        settings: &Settings,
        ground: &Ground<'_, '_>,
        progress: &Progress,
        on_paths: &dyn Fn(First<'_>),
    ) -> Result<Self, PathError> {
        let start = Instant::now();
        let training = lasso.summarize(ground)?;
        let solved_lasso = lasso.solve(&training, progress)?;
        let mut timings = Timings { lasso: start.elapsed(), ..Timings::default() };

        let start = Instant::now();
        let solved_ridge = ridge.solve(&training, progress)?;
        let least_squares = least_squares(&training, settings)?;
        timings.ridge = start.elapsed();

        let start = Instant::now();
        let alphas = [solved_lasso.alphas().to_vec(), solved_ridge.alphas().to_vec()];
        let lasso_path = Certified::new(solved_lasso, &training, progress)?;
        let ridge_path = Certified::new(solved_ridge, &training, progress)?;
        let products = training.moment_products().map(Arc::new);
        let refit = Refit::of(&training).map(Arc::new);
        timings.certificates = start.elapsed();
        on_paths(&|| {
            let start = Instant::now();
            let lasso = PenaltyAnalysis { path: lasso_path.first(progress)?, cross_validation: None };
            let ridge = PenaltyAnalysis { path: ridge_path.first(progress)?, cross_validation: None };
            let certificates = timings.certificates + start.elapsed();
            let (least_squares, products, refit) = (least_squares.clone(), products.clone(), refit.clone());
            Ok(Self { lasso, ridge, least_squares, products, refit, timings: Timings { certificates, ..timings } })
        });

        let start = Instant::now();
        let each = [(lasso, alphas[0].as_slice()), (ridge, alphas[1].as_slice())];
        let mut errors = cross_validate_each(&each, ground, progress)?.into_iter();
        let (Some(lasso_errors), Some(ridge_errors)) = (errors.next(), errors.next()) else {
            return Err(PathError::Empty);
        };
        timings.cross_validation = start.elapsed();

        let start = Instant::now();
        let lasso = lasso_path.with_errors(lasso_errors, progress)?;
        let ridge = ridge_path.with_errors(ridge_errors, progress)?;
        timings.certificates += start.elapsed();
        Ok(Self { lasso, ridge, least_squares, products, refit, timings })
    }
}

/// A path whose certificates are measured before cross-validation, unless they are too many to be measured on the rows at
/// every alpha: then those of the chosen alphas are, and these are chosen by cross-validation.
enum Certified<'a, 's> {
    Everywhere(RegularizationPath),
    Chosen(Solved<'a, 's>),
}

impl<'a, 's> Certified<'a, 's> {
    fn new(solved: Solved<'a, 's>, training: &Training<'_, '_>, progress: &Progress) -> Result<Self, PathError> {
        let cost = training.n_rows * training.n_features() * solved.alphas().len();
        let has_choice = training.data.is_some() && training.moments().is_some();
        if has_choice && cost > MOST_MEASURED {
            return Ok(Self::Chosen(solved));
        }
        solved.certify(progress).map(Self::Everywhere)
    }

    /// Without the choice of cross-validation.
    fn first(&self, progress: &Progress) -> Result<RegularizationPath, PathError> {
        match self {
            Self::Everywhere(path) => Ok(path.clone()),
            Self::Chosen(solved) => solved.certify_at(&[0, solved.alphas().len() - 1], progress),
        }
    }

    fn with_errors(self, errors: CrossValidation, progress: &Progress) -> Result<PenaltyAnalysis, PathError> {
        let path = match self {
            Self::Everywhere(path) => path,
            Self::Chosen(solved) => {
                let mut chosen = vec![0, errors.index_1se, errors.index_min, solved.alphas().len() - 1];
                chosen.sort_unstable();
                chosen.dedup();
                solved.certify_at(&chosen, progress)?
            }
        };
        Ok(PenaltyAnalysis { path, cross_validation: Some(errors) })
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
