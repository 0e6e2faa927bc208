//! Matrix products, split over the cores in the same pieces on every machine: no bit depends on the number of threads.

use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, Mat, MatMut, MatRef, Par};
use pulp::Arch;
use rayon::prelude::*;

/// Rows of a piece of a tall product.
const ROWS: usize = 512;
/// Columns of a piece of a triangular product.
const COLUMNS: usize = 128;
/// Columns up to which a triangular product stays in one piece: that takes fewer multiplications.
const ONE_PIECE: usize = 1024;

/// `out += factor · a b`
pub(crate) fn add_product(out: MatMut<'_, f64>, factor: f64, a: MatRef<'_, f64>, b: MatRef<'_, f64>) {
    if out.nrows() <= ROWS {
        matmul(out, Accum::Add, a, b, factor, Par::Seq);
        return;
    }
    out.par_row_chunks_mut(ROWS).enumerate().for_each(|(piece, out)| {
        let a = a.subrows(piece * ROWS, out.nrows());
        matmul(out, Accum::Add, a, b, factor, Par::Seq);
    });
}

/// The lower triangle of `out += z'z`; what stands above it is of no meaning.
pub(crate) fn add_products_of_columns(out: &mut Mat<f64>, z: MatRef<'_, f64>) {
    if out.ncols() <= ONE_PIECE {
        let (lower, full) = (BlockStructure::TriangularLower, BlockStructure::Rectangular);
        triangular::matmul(out.as_mut(), lower, Accum::Add, z.transpose(), full, z, full, 1.0, Par::Seq);
        return;
    }
    out.par_col_chunks_mut(COLUMNS).enumerate().for_each(|(piece, out)| {
        let from = piece * COLUMNS;
        let (below, width) = (out.nrows() - from, out.ncols());
        let (right, panel) = (z.subcols(from, below), z.subcols(from, width));
        matmul(out.subrows_mut(from, below), Accum::Add, right.transpose(), panel, 1.0, Par::Seq);
    });
}

/// Runs `work` in code for the widest vectors of this machine. Sums have a fixed order, so no bit depends on it.
#[inline]
pub(crate) fn vectorized<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}

/// `out −= Σ_k values_k · column_k`, four columns at a time: `out` is read and written a quarter as often.
pub(crate) fn subtract_columns(out: &mut [f64], columns: MatRef<'_, f64>, which: &[usize], values: &[f64]) {
    let column =
        |k: usize| -> &[f64] { columns.col(which[k]).try_as_col_major().map_or(&[][..], |column| column.as_slice()) };
    let fours = which.len() / 4 * 4;
    vectorized(
        #[inline(always)]
        || {
            for k in (0..fours).step_by(4) {
                let (a, b, c, d) = (column(k), column(k + 1), column(k + 2), column(k + 3));
                let [va, vb, vc, vd] = [values[k], values[k + 1], values[k + 2], values[k + 3]];
                for ((((out, a), b), c), d) in out.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                    *out -= (a * va + b * vb) + (c * vc + d * vd);
                }
            }
            for (k, value) in values.iter().enumerate().skip(fours) {
                for (out, a) in out.iter_mut().zip(column(k)) {
                    *out -= a * value;
                }
            }
        },
    );
}

/// `Σ a_i b_i` in eight running sums, 32 where there is much to sum: faster than one, and rounding grows less.
#[expect(clippy::inline_always, reason = "compiled anew inside of `vectorized`")]
#[inline(always)]
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let mut many = [0.0; 32];
    let (a32, b32) = (a.chunks_exact(32), b.chunks_exact(32));
    let (a_rest, b_rest) = (a32.remainder(), b32.remainder());
    for (a, b) in a32.zip(b32) {
        for k in 0..32 {
            many[k] += a[k] * b[k];
        }
    }
    for k in 0..8 {
        sums[k] = (many[k] + many[8 + k]) + (many[16 + k] + many[24 + k]);
    }
    let (a8, b8) = (a_rest.chunks_exact(8), b_rest.chunks_exact(8));
    let rest: f64 = a8.remainder().iter().zip(b8.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a8.zip(b8) {
        for k in 0..8 {
            sums[k] += a[k] * b[k];
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// `Σ a_i`, as [`dot`].
#[expect(clippy::inline_always, reason = "compiled anew inside of `vectorized`")]
#[inline(always)]
pub(crate) fn sum(a: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let a8 = a.chunks_exact(8);
    let rest: f64 = a8.remainder().iter().sum();
    for a in a8 {
        for k in 0..8 {
            sums[k] += a[k];
        }
    }
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "exact by construction")]

    use super::*;

    #[test]
    fn pieces_make_up_the_whole() {
        let a = Mat::from_fn(1100, 3, |i, j| ((i * 7 + j * 5) % 11) as f64 - 5.0);
        let b = Mat::from_fn(3, 4, |i, j| (i + 2 * j) as f64);
        let mut out = Mat::zeros(1100, 4);
        add_product(out.as_mut(), -2.0, a.as_ref(), b.as_ref());
        assert!((&out + 2.0 * (&a * &b)).norm_max() < 1e-12);

        let n = ONE_PIECE + 100;
        let z = Mat::from_fn(3, n, |i, j| ((i * 3 + j * 7) % 13) as f64 - 6.0);
        let mut out = Mat::zeros(n, n);
        add_products_of_columns(&mut out, z.as_ref());
        let whole = z.transpose() * &z;
        assert!((0..n).all(|j| (j..n).all(|i| (out[(i, j)] - whole[(i, j)]).abs() < 1e-12)));
    }

    #[test]
    fn dot_takes_every_element() {
        for n in 0..40 {
            let a: Vec<f64> = (0..n).map(f64::from).collect();
            let expected = (0..n).map(|i| f64::from(i * i)).sum::<f64>();
            assert_eq!(dot(&a, &a), expected);
        }
    }
}
