//! K-fold cross-validation along a path: everything is learned from the training rows of each fold.

use faer::Mat;
use ndarray::{Array1, Array2, Axis};
use rayon::prelude::*;

use crate::model::certificate::residual_sums;
use crate::model::column_folds::ColumnFolds;
use crate::model::fold_moments::FoldMoments;
use crate::model::folds::Folds;
use crate::model::kernel_ridge::{RowProducts, row_products_pay};
use crate::model::moment_ridge;
use crate::model::moments::{Merge, Moments, merged};
use crate::model::path::{Engine, PathError, PathValidParams};
use crate::model::progress::Progress;
use crate::model::rows::Rows;
use crate::model::sample::Sample;
use crate::model::sweep::Problem;
use crate::model::training::{Summary, Training, moments_pay};
use crate::model::triangle::Triangle;

/// Most numbers that what is learned from each fold may take together: 512 MiB.
const MOST_IN_PARTS: usize = 1 << 26;
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

/// What one held-out fold gives.
struct HeldOut {
    /// Mean squared error at each alpha.
    errors: Vec<f64>,
    /// Case weight of the rows.
    weight: f64,
    coefficients: Vec<Vec<(u32, f64)>>,
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
    let mut each = cross_validate_each(&[(params, alphas)], sample, folds, None, progress)?;
    each.pop().ok_or(PathError::Empty)
}

/// The moments of each fold of a deal, where they serve: no missing cells, and not too many numbers.
pub(crate) fn fold_moments(sample: &Sample<'_>, folds: &Folds, repeat: usize) -> Option<FoldMoments> {
    let (n, p) = (sample.n_samples(), sample.n_features());
    let serves = !sample.has_missing() && folds.n_folds * (p + 1).pow(2) <= MOST_IN_PARTS && moments_pay(n, p);
    serves.then(|| FoldMoments::of(sample, &folds.assignments[repeat], folds.n_folds))
}

/// As [`cross_validate`] for several paths, which share one pass over the rows a repeat; `first`: the moments of the
/// first repeat's folds, if they are at hand.
pub(crate) fn cross_validate_each(
    each: &[(&PathValidParams, &[f64])],
    sample: &Sample<'_>,
    folds: &Folds,
    first: Option<FoldMoments>,
    progress: &Progress,
) -> Result<Vec<CrossValidation>, PathError> {
    let n_fits = folds.assignments.len() * folds.n_folds;
    let kept_at_most = n_fits * sample.n_features().min(sample.n_samples());
    let jobs: Vec<Job<'_, '_>> = each
        .iter()
        .map(|&(params, alphas)| {
            let keeps = params.l1_ratio() > 0.0 && kept_at_most * alphas.len() <= MOST_KEPT;
            Job { params, sample, alphas, progress, keeps }
        })
        .collect();
    let mut held_out: Vec<Vec<HeldOut>> = jobs.iter().map(|_| Vec::with_capacity(n_fits)).collect();
    let mut fold_sizes = Vec::with_capacity(n_fits);
    let mut first = first;
    for repeat in 0..folds.assignments.len() {
        let splits: Vec<_> = (0..folds.n_folds).map(|fold| folds.split(repeat, fold)).collect();
        fold_sizes.extend(splits.iter().map(|(out, _)| out.len()));
        let needed = !jobs.iter().all(Job::is_on_row_products);
        let moments = first.take().or_else(|| if needed { fold_moments(sample, folds, repeat) } else { None });
        for (job, held_out) in jobs.iter().zip(&mut held_out) {
            for result in job.run(&splits, moments.as_ref()) {
                held_out.push(result?);
            }
        }
    }
    let put_together = |(job, held_out): (&Job<'_, '_>, Vec<HeldOut>)| {
        let fold_weights = held_out.iter().map(|fold| fold.weight).collect();
        let fold_errors = Array2::from_shape_fn((n_fits, job.alphas.len()), |(m, k)| held_out[m].errors[k]);
        let fold_coefficients =
            if job.keeps { held_out.into_iter().map(|fold| fold.coefficients).collect() } else { Vec::new() };
        CrossValidation::new(fold_errors, (fold_sizes.clone(), fold_weights), folds.n_folds, fold_coefficients)
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

/// What is the same for every fold.
struct Job<'j, 's> {
    params: &'j PathValidParams,
    sample: &'j Sample<'s>,
    alphas: &'j [f64],
    progress: &'j Progress,
    keeps: bool,
}

impl Job<'_, '_> {
    /// All folds of one deal, in order; `splits` holds (held-out rows, training rows), `moments` those of each fold.
    fn run(
        &self,
        splits: &[(Vec<usize>, Vec<usize>)],
        moments: Option<&FoldMoments>,
    ) -> Vec<Result<HeldOut, PathError>> {
        let (n, p) = (self.sample.n_samples(), self.sample.n_features());
        let is_ridge = self.params.l1_ratio() == 0.0;
        if self.is_on_row_products() {
            return self.run_on_row_products(splits);
        }
        if let Some(moments) = moments.filter(|_| is_ridge) {
            let results = self.run_ridge_on_moments(splits, moments);
            if results.iter().all(|result| !matches!(result, Ok(None))) {
                return results.into_iter().filter_map(Result::transpose).collect();
            }
        }
        match moments.filter(|_| !is_ridge && self.params.engine() == Engine::Pathwise) {
            Some(moments) => {
                let training = |rows, others| Training::from_moments(self.sample, rows, others, self.params.scale());
                self.run_in_parts(splits, &moments.folds, Some(moments), training)
            }
            _ if is_ridge
                && !self.sample.has_missing()
                && splits.len() * (p + 1).pow(2) <= MOST_IN_PARTS
                && n > 8 * p =>
            {
                let origin = vec![0.0; p + 1];
                let learn = |(held_out, _): &(Vec<usize>, _)| Triangle::of(self.sample, Rows::List(held_out), &origin);
                let parts: Vec<Triangle> = splits.par_iter().map(learn).collect();
                let training = |rows, others| Training::from_triangle(self.sample, rows, others, self.params.scale());
                self.run_in_parts(splits, &parts, None, training)
            }
            None if !is_ridge && self.params.engine() == Engine::Pathwise && !moments_pay(n, p) => {
                self.run_on_columns(splits)
            }
            _ => {
                let fold = |(held_out, rows): &(Vec<usize>, Vec<usize>)| {
                    self.progress.check()?;
                    self.hold_out(held_out, None, &self.params.training(self.sample, Rows::List(rows))?)
                };
                splits.par_iter().map(fold).collect()
            }
        }
    }

    /// Lasso and elastic net on one copy of X; a fold that it does not serve learns from its own rows.
    fn run_on_columns(&self, splits: &[(Vec<usize>, Vec<usize>)]) -> Vec<Result<HeldOut, PathError>> {
        let columns = ColumnFolds::new(self.sample, splits.iter().map(|(held_out, _)| held_out.as_slice()));
        let fold = |(k, (held_out, rows)): (usize, &(Vec<usize>, Vec<usize>))| {
            self.progress.check()?;
            let kind = (self.params.l1_ratio(), self.params.scale());
            let path = columns.as_ref().map(|columns| columns.path(k, kind, self.alphas, self.progress));
            let Some(path) = path.transpose()?.flatten() else {
                return self.hold_out(held_out, None, &self.params.training(self.sample, Rows::List(rows))?);
            };
            let weight = self.sample.weight_of(Rows::List(held_out));
            let errors = path.residual_sums.into_iter().map(|sum| sum / weight).collect();
            Ok(HeldOut { errors, weight, coefficients: if self.keeps { path.coefficients } else { Vec::new() } })
        };
        splits.par_iter().enumerate().map(fold).collect()
    }

    fn is_on_row_products(&self) -> bool {
        let (n, p) = (self.sample.n_samples(), self.sample.n_features());
        self.params.l1_ratio() == 0.0 && !self.sample.has_missing() && row_products_pay(n, p, self.params.scale())
    }

    /// Ridge from products of rows; a fold where these keep too few digits goes back to the data.
    fn run_on_row_products(&self, splits: &[(Vec<usize>, Vec<usize>)]) -> Vec<Result<HeldOut, PathError>> {
        let (sample, scale) = (self.sample, self.params.scale());
        let least_weight =
            splits.iter().map(|(_, rows)| sample.weight_of(Rows::List(rows))).fold(f64::INFINITY, f64::min);
        let least = self.alphas.iter().copied().fold(f64::INFINITY, f64::min) * least_weight;
        let products = match RowProducts::new(sample, scale, least) {
            Ok(products) => products,
            Err(error) => return vec![Err(error)],
        };
        let fold = |(held_out, rows): &(Vec<usize>, Vec<usize>)| {
            self.progress.check()?;
            let Some(sums) = products.residual_sums(sample, scale, (held_out, rows), self.alphas)? else {
                return self.hold_out(held_out, None, &self.params.training(sample, Rows::List(rows))?);
            };
            self.progress.advance(self.alphas.len())?;
            let weight = sample.weight_of(Rows::List(held_out));
            let errors = sums.into_iter().map(|sum| sum / weight).collect();
            Ok(HeldOut { errors, weight, coefficients: Vec::new() })
        };
        splits.par_iter().map(fold).collect()
    }

    /// `None` for a fold in which moments keep too few digits.
    fn run_ridge_on_moments(
        &self,
        splits: &[(Vec<usize>, Vec<usize>)],
        moments: &FoldMoments,
    ) -> Vec<Result<Option<HeldOut>, PathError>> {
        let visit = |fold: usize, others: Moments| {
            self.progress.check()?;
            let (held_out, rows) = &splits[fold];
            let training = Training::from_moments(self.sample, Rows::List(rows), others, self.params.scale())?;
            let Summary::Moments(others) = &training.summary else { return Ok(None) };
            let packing = training.frame.objective(self.sample);
            let Some(solutions) = moment_ridge::solutions(others, &packing, self.alphas) else { return Ok(None) };
            self.progress.advance(self.alphas.len())?;
            Ok(Some(self.judge(held_out, Some(&moments.folds[fold]), &training, &solutions)))
        };
        complements(&moments.folds, 0, None, &visit)
    }

    /// What the training rows of a fold sum up to is the merge of all other folds.
    fn run_in_parts<'r, 's: 'r, M: Merge>(
        &self,
        splits: &'r [(Vec<usize>, Vec<usize>)],
        parts: &[M],
        moments: Option<&FoldMoments>,
        training: impl Fn(Rows<'r>, M) -> Result<Training<'r, 's>, PathError> + Sync,
    ) -> Vec<Result<HeldOut, PathError>> {
        let visit = |fold: usize, others: M| {
            self.progress.check()?;
            let (held_out, rows) = &splits[fold];
            let moments = moments.map(|moments| &moments.folds[fold]);
            self.hold_out(held_out, moments, &training(Rows::List(rows), others)?)
        };
        complements(parts, 0, None, &visit)
    }

    /// Fits the training rows and looks at the held-out ones: at their moments, where these keep enough digits.
    fn hold_out(
        &self,
        held_out: &[usize],
        moments: Option<&Moments>,
        training: &Training<'_, '_>,
    ) -> Result<HeldOut, PathError> {
        let solutions =
            Problem::new(self.params, training)?.solutions(self.params, training, self.alphas, self.progress)?;
        Ok(self.judge(held_out, moments, training, &solutions))
    }

    /// Looks at the held-out rows.
    fn judge(
        &self,
        held_out: &[usize],
        moments: Option<&Moments>,
        training: &Training<'_, '_>,
        solutions: &Mat<f64>,
    ) -> HeldOut {
        let packing = training.frame.objective(self.sample);
        let rows = Rows::List(held_out);
        let sums = moments.and_then(|moments| moments.residual_sums(&packing, solutions.as_ref()));
        let sums = sums.unwrap_or_else(|| residual_sums(self.sample, rows, &packing, solutions.as_ref()));
        let weight = self.sample.weight_of(rows);
        HeldOut {
            errors: sums.into_iter().map(|sum| sum / weight).collect(),
            weight,
            coefficients: if self.keeps { self.in_users_units(training, solutions) } else { Vec::new() },
        }
    }

    fn in_users_units(&self, training: &Training<'_, '_>, solutions: &Mat<f64>) -> Vec<Vec<(u32, f64)>> {
        let scales = training.frame.scaling(self.sample).scales;
        let at = |k: usize| {
            let solution = solutions.col_as_slice(k).iter().enumerate();
            solution.filter(|(_, w)| **w != 0.0).map(|(j, w)| (j as u32, w / scales[j])).collect()
        };
        (0..self.alphas.len()).map(at).collect()
    }
}

/// Calls `visit(fold, merge of all parts but that)` for each part. By halves: what lies outside of a half is what lies
/// outside of the whole and the other half, so K parts cost K log K merges, and nothing is ever taken out of a sum.
fn complements<M: Merge, R: Send>(
    parts: &[M],
    first: usize,
    outside: Option<M>,
    visit: &(impl Fn(usize, M) -> R + Sync),
) -> Vec<R> {
    if parts.len() == 1 {
        return outside.map(|outside| visit(first, outside)).into_iter().collect();
    }
    let (left, right) = parts.split_at(parts.len() / 2);
    let with = |half: &[M]| match (&outside, merged(half)) {
        (Some(outside), Some(half)) => {
            let mut all = outside.clone();
            all.merge(&half);
            Some(all)
        }
        (None, half) => half,
        (Some(outside), None) => Some(outside.clone()),
    };
    let (mut results, others) = rayon::join(
        || complements(left, first, with(right), visit),
        || complements(right, first + left.len(), with(left), visit),
    );
    results.extend(others);
    results
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[derive(Clone)]
    struct Set(Vec<usize>);
    impl Merge for Set {
        fn merge(&mut self, other: &Self) {
            self.0.extend(&other.0);
            self.0.sort_unstable();
        }
    }

    #[test]
    fn a_complement_is_the_merge_of_all_others() {
        for count in 2..12 {
            let parts: Vec<Set> = (0..count).map(|k| Set(vec![k])).collect();
            let complements = complements(&parts, 0, None, &|fold, others: Set| (fold, others.0));
            let expected: Vec<_> =
                (0..count).map(|fold| (fold, (0..count).filter(|k| *k != fold).collect::<Vec<_>>())).collect();
            assert_eq!(complements, expected);
        }
    }

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
