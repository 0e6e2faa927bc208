//! Ridge cross-validation where X has fewer rows than columns: no solution `w` is ever formed, no p × p matrix either.
//!
//! Where folds share one scale, all follow from one decomposition: [`FoldOut`]. Where each fold has its own, the errors of
//! its held-out rows `o` follow from the products of rows, `ŷ_o = K_ot (K_tt + λ)⁻¹ y_t`, with one tridiagonal form of
//! `K_tt` for all alphas.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, Par};

use crate::model::fold_out::FoldOut;
use crate::model::kernel::{Reflection, packed_target, roots, row_products};
use crate::model::path::PathError;
use crate::model::rows::Rows;
use crate::model::sample::Sample;
use crate::model::standardize::{Frame, Scale};
use crate::model::tridiagonal::Tridiagonal;

/// Units of columns whose squares can be summed up whatever their deviation.
const SAFE_UNITS: std::ops::Range<f64> = 1e-100..1e100;

/// Whether ridge errors of `n` rows and `p` columns come from products of rows rather than of columns.
pub(crate) fn row_products_pay(n: usize, p: usize, scale: Scale) -> bool {
    match scale {
        // One matrix for all folds.
        Scale::Keep => 3 * p >= 2 * n,
        Scale::Standardize => p > n,
    }
}

/// What serves the folds of one deal.
pub(crate) enum RowProducts {
    /// One scale for all: one decomposition.
    Shared(FoldOut),
    /// A scale for each.
    Each,
}

impl RowProducts {
    /// For a sample without missing cells; `least` is the smallest `n·alpha` that will be asked for.
    ///
    /// # Errors
    /// [`PathError::Decomposition`], or [`PathError::ExtremeColumn`].
    pub(crate) fn new(sample: &Sample<'_>, scale: Scale, least: f64) -> Result<Self, PathError> {
        if scale == Scale::Standardize {
            return Ok(Self::Each);
        }
        let units = (0..=sample.n_features()).map(|j| sample.units().unit(j).reciprocal.recip());
        let mut factors: Vec<f64> = units.collect();
        if !factors.iter().all(|unit| SAFE_UNITS.contains(unit)) {
            let rows = sample.all();
            let frame = Frame::learn(sample.units(), sample.weight_of(rows), &sample.column_sums(rows), scale)?;
            factors = frame.objective(sample.units()).factor;
        }
        Ok(FoldOut::new(sample, factors, least)?.map_or(Self::Each, Self::Shared))
    }

    /// `Σ c (y − ŷ)²` of the held-out rows of a split (held-out rows, training rows) at each alpha.
    ///
    /// `None` where products of rows keep too few digits.
    ///
    /// # Errors
    /// [`PathError::ExtremeColumn`].
    pub(crate) fn residual_sums(
        &self,
        sample: &Sample<'_>,
        scale: Scale,
        (held_out, rows): (&[usize], &[usize]),
        alphas: &[f64],
    ) -> Result<Option<Vec<f64>>, PathError> {
        let weight = sample.weight_of(Rows::List(rows));
        let penalties: Vec<f64> = alphas.iter().map(|alpha| alpha * weight).collect();
        match self {
            Self::Shared(fold_out) => Ok(fold_out.residual_sums(held_out, &penalties)),
            Self::Each => of_split(sample, scale, held_out, rows, &penalties),
        }
    }
}

/// From the training rows of one fold, in their own scale.
fn of_split(
    sample: &Sample<'_>,
    scale: Scale,
    held_out: &[usize],
    rows: &[usize],
    penalties: &[f64],
) -> Result<Option<Vec<f64>>, PathError> {
    let (n, m) = (rows.len(), held_out.len());
    let training = Rows::List(rows);
    let frame = Frame::learn(sample.units(), sample.weight_of(training), &sample.column_sums(training), scale)?;
    let packing = frame.objective(sample.units());
    // Training rows first.
    let order: Vec<usize> = rows.iter().chain(held_out).copied().collect();
    let order = Rows::List(&order);
    let roots = roots(sample, order);
    let weigh = |column: &mut [f64]| column.iter_mut().zip(&roots).for_each(|(z, root)| *z *= root);
    let mut target = packed_target(sample, order, &packing, weigh);
    let mut products = row_products(sample, order, &packing, weigh);
    let reflection = Reflection::of(&roots[..n]);
    reflection.reflect(&mut target);
    reflection.reflect_both_sides(&mut products);

    let form = Tridiagonal::of(products.submatrix(1, 1, n - 1, n - 1).to_owned());
    let least = penalties.iter().copied().fold(f64::INFINITY, f64::min);
    if !form.keeps_digits(least) {
        return Ok(None);
    }
    // Q'y and Q'K_to
    let mut rotated =
        Mat::from_fn(n - 1, 1 + m, |i, k| if k == 0 { target[1 + i] } else { products[(n + k - 1, 1 + i)] });
    form.rotate(rotated.as_mut());
    let solved = form.solve(rotated.col_as_slice(0), penalties);
    // One row a penalty: ŷ_o' = ((T + λ)⁻¹ Q'y)' Q'K_to
    let mut errors = Mat::from_fn(penalties.len(), m, |_, o| target[n + o]);
    matmul(errors.as_mut(), Accum::Add, solved.as_ref(), rotated.subcols(1, m), -1.0, Par::Seq);
    let mut sums = vec![0.0; penalties.len()];
    for o in 0..m {
        for (sum, error) in sums.iter_mut().zip(errors.col_as_slice(o)) {
            *sum += error * error;
        }
    }
    Ok(Some(sums))
}
