//! faer's decompositions as this room uses them: with their workspace, each on one core or in a fixed number of pieces, so
//! that no bit depends on the number of threads.

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt;
use faer::linalg::cholesky::llt::factor::LltRegularization;
use faer::linalg::evd::{self, ComputeEigenvectors};
use faer::linalg::qr::no_pivoting::factor::{qr_in_place, qr_in_place_scratch, recommended_block_size};
use faer::linalg::svd::{self, ComputeSvdVectors};
use faer::linalg::triangular_solve::solve_lower_triangular_in_place;
use faer::{Mat, MatMut, MatRef, Par, Spec};

/// Pieces of one large decomposition.
const PIECES: usize = 4;

/// `A = U diag(d) V'` with `min(rows, columns)` singular values, largest first.
#[derive(Debug, Clone)]
pub(crate) struct ThinSvd {
    /// Shape `(rows, min)`.
    pub(crate) u: Mat<f64>,
    /// Shape `(min,)`.
    pub(crate) d: Vec<f64>,
    /// Shape `(columns, min)`.
    pub(crate) v: Mat<f64>,
}

/// The triangular factor `R` of `A = QR`, shape `(min(rows, columns), columns)`; `A` is spent.
pub(crate) fn triangular_factor(mut a: Mat<f64>) -> Mat<f64> {
    let (rows, columns) = a.shape();
    let size = rows.min(columns);
    if size == 0 {
        return Mat::zeros(size, columns);
    }
    let block = recommended_block_size::<f64>(rows, columns);
    let mut householder = Mat::zeros(block, size);
    let mut workspace = MemBuffer::new(qr_in_place_scratch::<f64>(rows, columns, block, Par::Seq, Spec::default()));
    qr_in_place(a.as_mut(), householder.as_mut(), Par::Seq, MemStack::new(&mut workspace), Spec::default());
    Mat::from_fn(size, columns, |i, j| if i <= j { a[(i, j)] } else { 0.0 })
}

/// The thin singular value decomposition; `None` if the iteration does not end (never seen on finite numbers).
pub(crate) fn thin_svd(a: MatRef<'_, f64>) -> Option<ThinSvd> {
    let (rows, columns) = a.shape();
    let size = rows.min(columns);
    let mut d = Diag::zeros(size);
    let (mut u, mut v) = (Mat::zeros(rows, size), Mat::zeros(columns, size));
    if size > 0 {
        let thin = ComputeSvdVectors::Thin;
        let mut workspace =
            MemBuffer::new(svd::svd_scratch::<f64>(rows, columns, thin, thin, Par::Seq, Spec::default()));
        let stack = MemStack::new(&mut workspace);
        svd::svd(a, d.as_mut(), Some(u.as_mut()), Some(v.as_mut()), Par::Seq, stack, Spec::default()).ok()?;
    }
    Some(ThinSvd { u, d: d.column_vector().iter().copied().collect(), v })
}

/// Eigenvalues, largest first, and eigenvectors as columns of a symmetric matrix whose lower triangle is given; `None` if
/// the iteration does not end.
pub(crate) fn symmetric_eigen(a: MatRef<'_, f64>) -> Option<(Vec<f64>, Mat<f64>)> {
    eigen(a, Par::Seq)
}

/// As [`symmetric_eigen`] for one large matrix: split over the cores in the same pieces on every machine.
pub(crate) fn split_eigen(a: MatRef<'_, f64>) -> Option<(Vec<f64>, Mat<f64>)> {
    eigen(a, Par::rayon(PIECES))
}

fn eigen(a: MatRef<'_, f64>, par: Par) -> Option<(Vec<f64>, Mat<f64>)> {
    let n = a.nrows();
    if n == 0 {
        return Some((Vec::new(), Mat::new()));
    }
    let (mut values, mut vectors) = (Diag::zeros(n), Mat::zeros(n, n));
    let compute = ComputeEigenvectors::Yes;
    let mut workspace = MemBuffer::new(evd::self_adjoint_evd_scratch::<f64>(n, compute, par, Spec::default()));
    let stack = MemStack::new(&mut workspace);
    evd::self_adjoint_evd(a, values.as_mut(), Some(vectors.as_mut()), par, stack, Spec::default()).ok()?;
    // They come smallest first.
    let values = values.column_vector().iter().rev().copied().collect();
    Some((values, vectors.reverse_cols().to_owned()))
}

/// All left singular vectors, shape `(rows, rows)`, and the singular values, largest first, shape `(min(rows, columns),)`,
/// split as [`split_eigen`].
pub(crate) fn left_svd(a: MatRef<'_, f64>) -> Option<(Mat<f64>, Vec<f64>)> {
    let (rows, columns) = a.shape();
    let (mut d, mut u) = (Diag::zeros(rows.min(columns)), Mat::zeros(rows, rows));
    let (left, right, par) = (ComputeSvdVectors::Full, ComputeSvdVectors::No, Par::rayon(PIECES));
    let mut workspace = MemBuffer::new(svd::svd_scratch::<f64>(rows, columns, left, right, par, Spec::default()));
    let stack = MemStack::new(&mut workspace);
    svd::svd(a, d.as_mut(), Some(u.as_mut()), None, par, stack, Spec::default()).ok()?;
    Some((u, d.column_vector().iter().copied().collect()))
}

/// The lower Cholesky factor of a symmetric matrix whose lower triangle is given; `None` if it is not positive definite.
pub(crate) fn cholesky(mut a: Mat<f64>) -> Option<Mat<f64>> {
    let mut workspace =
        MemBuffer::new(llt::factor::cholesky_in_place_scratch::<f64>(a.nrows(), Par::Seq, Spec::default()));
    let stack = MemStack::new(&mut workspace);
    llt::factor::cholesky_in_place(a.as_mut(), LltRegularization::default(), Par::Seq, stack, Spec::default()).ok()?;
    Some(a)
}

/// The diagonal of `(L L')⁻¹`, times `weights` squared, summed up: `‖L⁻¹ diag(weights)‖²`.
pub(crate) fn weighted_trace_of_inverse(factor: &Mat<f64>, weights: &[f64]) -> f64 {
    let mut inverse = Mat::from_fn(weights.len(), weights.len(), |i, k| if i == k { weights[k] } else { 0.0 });
    solve_lower_triangular_in_place(factor.as_ref(), inverse.as_mut(), Par::Seq);
    inverse.squared_norm_l2()
}

/// Solves `L L' x = b` in place.
pub(crate) fn solve_by_cholesky(factor: &Mat<f64>, b: &mut [f64]) {
    let n = b.len();
    let mut workspace = MemBuffer::new(llt::solve::solve_in_place_scratch::<f64>(n, 1, Par::Seq));
    let b = MatMut::from_column_major_slice_mut(b, n, 1);
    llt::solve::solve_in_place(factor.as_ref(), b, Par::Seq, MemStack::new(&mut workspace));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_triangular_factor_keeps_the_products_of_columns() {
        let a = Mat::from_fn(7, 3, |i, j| ((i * 5 + j * 3) % 11) as f64 - 4.0);
        let r = triangular_factor(a.clone());
        let difference = a.transpose() * &a - r.transpose() * &r;
        assert!(difference.norm_max() < 1e-13);
    }

    /// Lines through the origin: NIST's sets `NoInt1` and `NoInt2`, whose slopes are certified to 15 digits.
    #[test]
    fn slopes_without_intercept_have_all_certified_digits() {
        let y1 = [130.0, 131.0, 132.0, 133.0, 134.0, 135.0, 136.0, 137.0, 138.0, 139.0, 140.0];
        let x1 = [60.0, 61.0, 62.0, 63.0, 64.0, 65.0, 66.0, 67.0, 68.0, 69.0, 70.0];
        for (x, y, slope) in
            [(&x1[..], &y1[..], 2.074_380_165_289_26), (&[4.0, 5.0, 6.0], &[3.0, 4.0, 4.0], 0.727_272_727_272_727)]
        {
            let r = triangular_factor(Mat::from_fn(x.len(), 2, |i, j| if j == 0 { x[i] } else { y[i] }));
            assert!((r[(0, 1)] / r[(0, 0)] - slope).abs() < 1e-14 * slope);
        }
    }

    #[test]
    fn the_svd_puts_the_matrix_back_together() {
        for (rows, columns) in [(9, 4), (4, 9), (1, 3), (3, 0)] {
            let a = Mat::from_fn(rows, columns, |i, j| ((i * 7 + j * 4) % 13) as f64 - 5.0);
            let svd = thin_svd(a.as_ref()).unwrap();
            let again = Mat::from_fn(rows, columns, |i, j| {
                (0..svd.d.len()).map(|k| svd.u[(i, k)] * svd.d[k] * svd.v[(j, k)]).sum::<f64>()
            });
            assert!((a - again).norm_max() < 1e-13);
        }
    }
}
