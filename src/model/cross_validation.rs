//! K-fold cross-validation along a path: everything is learned from the training rows of each fold.

use ndarray::{Array1, Array2, Axis};

use crate::model::fold_moments::FoldMoments;
use crate::model::folds::Folds;
use crate::model::hold_out::{Dealt, HeldOut, Job, MOST_IN_PARTS};
use crate::model::path::{PathError, PathValidParams};
use crate::model::progress::Progress;
use crate::model::sample::Sample;
use crate::model::training::moments_pay;
use crate::model::units::Units;

/// Most coefficients kept from all folds together.
const MOST_KEPT: usize = 1 << 26;

/// Held-out errors along a path.
#[derive(Debug, Clone)]
pub struct CrossValidation {
    /// `fold_errors[[m, k]]`: mean squared error of held-out fold `m` at alpha `k`; `m = repeat · n_folds + fold`.
    pub fold_errors: Array2<f64>,
    /// Rows held out in each `m`.
    pub fold_sizes: Vec<usize>,
    /// `n_k`: what the rows held out in each `m` weigh; their number without case weights.
    pub fold_weights: Vec<f64>,
    /// Number of folds in one repeat.
    pub n_folds: usize,
    /// `Σ n_k c_k / n` at each alpha, shape `(n_alphas,)`, averaged over repeats.
    pub mean: Array1<f64>,
    /// `sqrt( Σ n_k (c_k − mean)² / n / (K − 1) )` at each alpha, shape `(n_alphas,)`, averaged over repeats.
    pub se: Array1<f64>,
    /// Position of the largest alpha that attains the smallest mean.
    pub index_min: usize,
    /// Position of the largest alpha with `mean ≤ mean_min + SE_min`.
    pub index_1se: usize,
    /// `fold_coefficients[m][k]`: the coefficients that are not zero at alpha `k` when `m` was held out,
    /// as (feature, coefficient in the user's units). Kept for the lasso and elastic net; empty for ridge, and where
    /// folds times alphas times features would be more than 67 million.
    pub fold_coefficients: Vec<Vec<Vec<(u32, f64)>>>,
}

/// What cross-validation stands on.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'g, 's> {
    /// How columns are read, by the moments and by the sample.
    pub units: &'g Units,
    /// The moments of the first repeat's folds, where they are at hand.
    pub moments: Option<&'g FoldMoments>,
    /// The rows and how they are dealt, where they are at hand.
    pub rows: Option<(&'g Sample<'s>, &'g Folds)>,
}

/// Fits `params` at `alphas` (descending, the same in every fold) on the training rows of each fold, and measures the
/// mean squared error of the held-out rows. Folds run in parallel; one unit of progress an alpha a fold.
///
/// # Errors
/// [`PathError::Cancelled`] if asked to stop, and what [`PathValidParams::sweep`] gives for the training rows.
pub fn cross_validate(
    params: &PathValidParams,
    sample: &Sample<'_>,
    alphas: &[f64],
    folds: &Folds,
    progress: &Progress,
) -> Result<CrossValidation, PathError> {
    let ground = Ground { units: sample.units(), moments: None, rows: Some((sample, folds)) };
    let mut each = cross_validate_each(&[(params, alphas)], &ground, progress)?;
    each.pop().ok_or(PathError::Empty)
}

/// The moments of each fold of a deal, where they serve: no missing cells, and not too many numbers.
pub fn fold_moments(sample: &Sample<'_>, folds: &Folds, repeat: usize) -> Option<FoldMoments> {
    let (n, p) = (sample.n_samples(), sample.n_features());
    let serves = !sample.has_missing() && folds.n_folds * (p + 1).pow(2) <= MOST_IN_PARTS && moments_pay(n, p);
    serves.then(|| FoldMoments::of(sample, &folds.assignments[repeat], folds.n_folds))
}

/// As [`cross_validate`] for several paths, which share one pass over the rows a repeat. Without rows there is one
/// repeat: that of the moments.
///
/// # Errors
/// As [`cross_validate`]; [`PathError::NoRows`] for what needs rows.
pub fn cross_validate_each(
    each: &[(&PathValidParams, &[f64])],
    ground: &Ground<'_, '_>,
    progress: &Progress,
) -> Result<Vec<CrossValidation>, PathError> {
    let of_rows = ground.rows.map(|(_, folds)| (folds.assignments.len(), folds.n_folds));
    let of_moments = ground.moments.map(|moments| (1, moments.folds().len()));
    let (repeats, n_folds) = of_rows.or(of_moments).ok_or(PathError::NoRows)?;
    for (params, _) in each {
        params.check_penalties(ground.units.n_features())?;
    }
    let n_fits = repeats * n_folds;
    let kept_at_most = n_fits * ground.units.n_features();
    let jobs: Vec<Job<'_>> = each
        .iter()
        .map(|&(params, alphas)| {
            let keeps = params.l1_ratio() > 0.0 && kept_at_most * alphas.len() <= MOST_KEPT;
            Job { params, units: ground.units, alphas, progress, keeps }
        })
        .collect();
    let mut held_out: Vec<Vec<HeldOut>> = jobs.iter().map(|_| Vec::with_capacity(n_fits)).collect();
    // Products of rows and the columns themselves need none.
    let stands_on_rows = |job: &Job<'_>| ground.rows.is_some_and(|(sample, _)| job.stands_on_row_products(sample));
    let needs_moments = !jobs.iter().all(stands_on_rows);
    for repeat in 0..repeats {
        let fresh;
        let moments = match (ground.moments, ground.rows) {
            (Some(moments), _) if repeat == 0 => Some(moments),
            (_, Some((sample, folds))) => {
                fresh = if needs_moments { fold_moments(sample, folds, repeat) } else { None };
                fresh.as_ref()
            }
            (_, None) => None,
        };
        let rows = ground.rows.map(|(sample, folds)| Dealt { sample, folds, repeat });
        for (job, held_out) in jobs.iter().zip(&mut held_out) {
            for result in job.run(moments, rows.as_ref())? {
                held_out.push(result?);
            }
        }
    }
    let put_together = |(job, held_out): (&Job<'_>, Vec<HeldOut>)| {
        let fold_sizes = held_out.iter().map(|fold| fold.n_rows).collect();
        let fold_weights = held_out.iter().map(|fold| fold.weight).collect();
        let fold_errors = Array2::from_shape_fn((n_fits, job.alphas.len()), |(m, k)| held_out[m].errors[k]);
        let fold_coefficients =
            if job.keeps { held_out.into_iter().map(|fold| fold.coefficients).collect() } else { Vec::new() };
        CrossValidation::new(fold_errors, (fold_sizes, fold_weights), n_folds, fold_coefficients)
    };
    Ok(jobs.iter().zip(held_out).map(put_together).collect())
}

impl CrossValidation {
    fn new(
        fold_errors: Array2<f64>,
        (fold_sizes, fold_weights): (Vec<usize>, Vec<f64>),
        n_folds: usize,
        fold_coefficients: Vec<Vec<Vec<(u32, f64)>>>,
    ) -> Self {
        let n_alphas = fold_errors.ncols();
        let (mut mean, mut se) = (Array1::zeros(n_alphas), Array1::zeros(n_alphas));
        let repeats = (fold_sizes.len() / n_folds) as f64;
        for (errors, weights) in fold_errors.axis_chunks_iter(Axis(0), n_folds).zip(fold_weights.chunks(n_folds)) {
            let n: f64 = weights.iter().sum();
            let share = Array1::from_iter(weights.iter().map(|weight| weight / n));
            for (k, errors) in errors.columns().into_iter().enumerate() {
                let center = share.dot(&errors);
                // In units of the largest difference: the square of a squared error easily leaves the range of doubles.
                let largest = errors.iter().map(|c| (c - center).abs()).fold(0.0_f64, f64::max);
                let unit = if largest > 0.0 { largest } else { 1.0 };
                let spread: f64 =
                    share.iter().zip(errors).map(|(share, c)| share * ((c - center) / unit).powi(2)).sum();
                mean[k] += center / repeats;
                se[k] += unit * (spread / (n_folds - 1) as f64).sqrt() / repeats;
            }
        }
        let smallest = mean.fold(f64::INFINITY, |m, v| m.min(*v));
        let index_min = mean.iter().position(|v| *v <= smallest).unwrap_or(0);
        let limit = smallest + se[index_min];
        let index_1se = mean.iter().position(|v| *v <= limit).unwrap_or(index_min);
        Self { fold_errors, fold_sizes, fold_weights, n_folds, mean, se, index_min, index_1se, fold_coefficients }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn mean_and_error_weigh_unequal_folds_by_their_rows() {
        let cv = CrossValidation::new(array![[1.0], [4.0], [7.0]], (vec![2, 1, 1], vec![2.0, 1.0, 1.0]), 3, Vec::new());
        assert!((cv.mean[0] - (2.0 + 4.0 + 7.0) / 4.0).abs() < 1e-15);
        let spread = (2.0 * (1.0_f64 - 3.25).powi(2) + (4.0_f64 - 3.25).powi(2) + (7.0_f64 - 3.25).powi(2)) / 4.0 / 2.0;
        assert!((cv.se[0] - spread.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn with_repeats_means_and_errors_are_averaged() {
        let cv = CrossValidation::new(array![[1.0], [3.0], [2.0], [4.0]], (vec![1; 4], vec![1.0; 4]), 2, Vec::new());
        assert!((cv.mean[0] - 2.5).abs() < 1e-15 && (cv.se[0] - 1.0).abs() < 1e-15);
    }

    #[test]
    fn one_standard_error_goes_towards_the_larger_alpha() {
        let cv = CrossValidation::new(
            array![[9.0, 5.0, 3.0, 2.0, 2.0, 8.0], [9.0, 5.0, 5.0, 4.0, 4.0, 8.0]],
            (vec![5, 5], vec![5.0, 5.0]),
            2,
            Vec::new(),
        );
        // mean 9 5 4 3 3 8, SE 1 at the minimum: the largest alpha with mean ≤ 4 is at position 2.
        assert_eq!((cv.index_min, cv.index_1se), (3, 2));
    }
}
