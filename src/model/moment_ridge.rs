//! Ridge from cross-products, where they keep enough digits: `(G + alpha) w = c` for all alphas from one tridiagonal form.
//!
//! `G = X'X/n` has eigenvalues with the squared spread of those of X, so rounding in it takes twice the digits; how many
//! are left depends on the smallest alpha too. For cross-validation, which asks for solutions only: the path on all rows
//! has its singular values from [`Spectrum`](crate::model::ridge::Spectrum).

use faer::Mat;

use crate::model::moments::Moments;
use crate::model::sample::Packing;
use crate::model::tridiagonal::Tridiagonal;

/// `w` at every alpha, shape `(p, n_alphas)`; `None` where rounding could reach too far: see
/// [`Tridiagonal::keeps_digits`].
pub(crate) fn solutions(moments: &Moments, packing: &Packing, alphas: &[f64]) -> Option<Mat<f64>> {
    let p = packing.factor.len() - 1;
    let varying: Vec<usize> = (0..p).filter(|j| packing.factor[*j] != 0.0).collect();
    let n = moments.weight();
    let product = |i: usize, j: usize| moments.product(i, j) * packing.factor[i] * packing.factor[j] / n;
    let size = varying.len();
    let gram = Mat::from_fn(size, size, |i, j| if i >= j { product(varying[i], varying[j]) } else { 0.0 });
    let form = Tridiagonal::of(gram);
    let least = alphas.iter().copied().fold(f64::INFINITY, f64::min);
    if !form.keeps_digits(least) {
        return None;
    }
    let mut with_target = Mat::from_fn(size, 1, |i, _| product(p, varying[i]));
    form.rotate(with_target.as_mut());
    let mut solved = form.solve(with_target.col_as_slice(0), alphas).transpose().to_owned();
    form.rotate_back(solved.as_mut());
    if size == p {
        return Some(solved);
    }
    let mut solutions = Mat::zeros(p, alphas.len());
    for (i, &j) in varying.iter().enumerate() {
        solutions.row_mut(j).copy_from(solved.row(i));
    }
    Some(solutions)
}
