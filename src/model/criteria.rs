//! Degrees of freedom and criteria that need no held-out rows: AIC, BIC, generalised cross-validation, leave-one-out.

use faer::Mat;

use crate::model::decompose::{cholesky, weighted_trace_of_inverse};
use crate::model::fold_out::FoldOut;
use crate::model::inner_products::{InnerProducts, active_block};
use crate::model::kernel_ridge::row_products_pay;
use crate::model::moments::block_rows;
use crate::model::path::PathError;
use crate::model::product::add_product;
use crate::model::progress::Progress;
use crate::model::ridge::Spectrum;
use crate::model::sample::Sample;
use crate::model::standardize::{Frame, Scale};
use crate::model::training::Training;

/// `tr X_A (X_A'X_A + n·a2·I)⁻¹ X_A'`: the number of active features for the lasso, less for the elastic net
/// (Zou, Hastie 2005, JRSS B 67; Zou, Hastie, Tibshirani 2007, Ann. Statist. 35).
pub(crate) fn elastic_net_degrees_of_freedom<P: InnerProducts>(
    products: &P,
    l2: &[f64],
    solution: &[f64],
    a2: f64,
) -> f64 {
    let active: Vec<usize> = (0..solution.len()).filter(|&j| solution[j] != 0.0).collect();
    let count = active.len() as f64;
    if a2 == 0.0 {
        return count;
    }
    let Some(factor) = active_block(products, &active, l2, a2).and_then(cholesky) else {
        return count;
    };
    // tr G (G + a2 f²)⁻¹ = |A| − a2 tr f² (G + a2 f²)⁻¹
    let weights: Vec<f64> = active.iter().map(|&j| l2[j].sqrt()).collect();
    count - a2 * weighted_trace_of_inverse(&factor, &weights)
}

/// `n log(2πσ²) + RSS/σ² + 2·df`, with `σ² = RSS_OLS / (n − p − 1)`; see [`noise_variance`].
pub fn aic(n_samples: usize, residual_sum: f64, degrees_of_freedom: f64, noise_variance: f64) -> f64 {
    deviance(n_samples, residual_sum, noise_variance) + 2.0 * degrees_of_freedom
}

/// `n log(2πσ²) + RSS/σ² + log(n)·df`, with `σ² = RSS_OLS / (n − p − 1)`; see [`noise_variance`].
pub fn bic(n_samples: usize, residual_sum: f64, degrees_of_freedom: f64, noise_variance: f64) -> f64 {
    deviance(n_samples, residual_sum, noise_variance) + (n_samples as f64).ln() * degrees_of_freedom
}

fn deviance(n_samples: usize, residual_sum: f64, noise_variance: f64) -> f64 {
    n_samples as f64 * (2.0 * std::f64::consts::PI * noise_variance).ln() + residual_sum / noise_variance
}

/// `σ² = RSS_OLS / (n − p − 1)`; `None` for n ≤ p + 1, where AIC and BIC would pick a saturated model.
pub fn noise_variance(n_samples: usize, n_features: usize, least_squares_residual_sum: f64) -> Option<f64> {
    let rest = n_samples.checked_sub(n_features + 1).filter(|rest| *rest > 0)?;
    Some(least_squares_residual_sum / rest as f64)
}

/// Generalised cross-validation, `(RSS/n) / (1 − (df + 1)/n)²` (Golub, Heath, Wahba 1979); the 1 is the intercept.
pub fn gcv(n_samples: usize, residual_sum: f64, degrees_of_freedom: f64) -> f64 {
    let n = n_samples as f64;
    residual_sum / n / (1.0 - (degrees_of_freedom + 1.0) / n).powi(2)
}

/// Leave-one-out mean squared error of ridge at each alpha, exactly: `mean( (r_i / (1 − h_ii))² )`.
///
/// With case weights `c`: `Σ c_i (r_i / (1 − h_ii))² / Σ c_i`. `h_ii` holds the intercept's 1/n (`c_i / Σ c`); `n·alpha` and the `s_j` stay at their full-data values.
///
/// # Errors
/// [`PathError::Decomposition`], [`PathError::ExtremeColumn`], or [`PathError::Cancelled`] if asked to stop.
pub fn ridge_leave_one_out(
    sample: &Sample<'_>,
    scale: Scale,
    alphas: &[f64],
    progress: &Progress,
) -> Result<Vec<f64>, PathError> {
    if !sample.has_missing() && row_products_pay(sample.n_samples(), sample.n_features(), Scale::Keep) {
        progress.check()?;
        if let Some(errors) = leave_one_out_by_row_products(sample, scale, alphas)? {
            return Ok(errors);
        }
    }
    let training = Training::for_ridge(sample, sample.all(), scale)?;
    let spectrum = Spectrum::of(&training)?;
    let packing = training.frame.objective(training.units);
    let (n, p, rank) = (sample.n_samples(), sample.n_features(), spectrum.rank());
    // U = X V D⁻¹
    let to_left = Mat::from_fn(p, rank, |j, k| spectrum.v[(j, k)] / spectrum.d[k]);
    // 1 − F = n·alpha / (d² + n·alpha), written so that it keeps its digits for small alpha.
    let kept = Mat::from_fn(rank, alphas.len(), |k, a| {
        spectrum.shrinkage(k, alphas[a]) * spectrum.penalty_share(k, alphas[a])
    });
    let kept_target = Mat::from_fn(rank, alphas.len(), |k, a| kept[(k, a)] * spectrum.target[k]);
    let mut sums = vec![0.0; alphas.len()];
    let size = block_rows((p + 1).max(alphas.len()));
    let mut block = Mat::zeros(size.min(n), p + 1);
    for rows in sample.all().blocks(size) {
        progress.check()?;
        let m = rows.len();
        sample.pack_weighted(rows, &packing, &mut block);
        let case_weights = sample.case_weights_of(rows);
        let mut left = Mat::zeros(m, rank);
        add_product(left.as_mut(), 1.0, block.submatrix(0, 0, m, p), to_left.as_ref());
        // r = (y − U U'y) + U (1 − F) U'y,   1 − h = (1 − 1/n − Σ u²) + Σ u² (1 − F)
        let mut residuals = Mat::zeros(m, alphas.len());
        let mut spared = Mat::zeros(m, alphas.len());
        let squares = Mat::from_fn(m, rank, |i, k| left[(i, k)].powi(2));
        add_product(residuals.as_mut(), 1.0, left.as_ref(), kept_target.as_ref());
        add_product(spared.as_mut(), 1.0, squares.as_ref(), kept.as_ref());
        let saturated = rank + 1 >= n;
        for i in 0..m {
            let (fit, leverage) = (0..rank)
                .fold((0.0, 0.0), |(fit, sum), k| (fit + left[(i, k)] * spectrum.target[k], sum + squares[(i, k)]));
            let out_of_reach = if saturated { 0.0 } else { block[(i, p)] - fit };
            let own = case_weights.as_ref().map_or(1.0, |c| c[i]) / training.weight;
            let free = if saturated { 0.0 } else { (1.0 - own - leverage).max(0.0) };
            for (a, sum) in sums.iter_mut().enumerate() {
                *sum += ((out_of_reach + residuals[(i, a)]) / (free + spared[(i, a)])).powi(2);
            }
        }
    }
    Ok(sums.into_iter().map(|sum| sum / training.weight).collect())
}

/// As [`ridge_leave_one_out`] where rows are few; `None` where these keep too few digits together.
fn leave_one_out_by_row_products(
    sample: &Sample<'_>,
    scale: Scale,
    alphas: &[f64],
) -> Result<Option<Vec<f64>>, PathError> {
    let (rows, weight) = (sample.all(), sample.weight_of(sample.all()));
    let frame = Frame::learn(sample.units(), weight, &sample.column_sums(rows), scale)?;
    let penalties: Vec<f64> = alphas.iter().map(|alpha| alpha * weight).collect();
    let least = penalties.iter().copied().fold(f64::INFINITY, f64::min);
    let fold_out = FoldOut::new(sample, frame.objective(sample.units()).factor, least)?;
    let sums = fold_out.map(|fold_out| fold_out.leave_one_out_sums(&penalties));
    Ok(sums.map(|sums| sums.into_iter().map(|sum| sum / weight).collect()))
}
