//! Symmetric systems with many shifts: `(A + λ) x = b` from one tridiagonal form, without eigenvectors.
//!
//! `A = Q T Q'` costs `4/3 n³`; after it every `λ` is a recurrence over the tridiagonal `T` (Golub, Van Loan 2013, 8.3
//! and 4.3). The eigenvectors, which cost several times that, are never formed. Positive definite systems only: there
//! the recurrence `T + λ = L D L'` is stable without pivoting.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::tridiag::{tridiag_in_place, tridiag_in_place_scratch};
use faer::linalg::householder::{
    apply_block_householder_sequence_on_the_left_in_place_scratch as apply_scratch,
    apply_block_householder_sequence_on_the_left_in_place_with_conj as apply,
    apply_block_householder_sequence_transpose_on_the_left_in_place_scratch as apply_transpose_scratch,
    apply_block_householder_sequence_transpose_on_the_left_in_place_with_conj as apply_transpose,
};
use faer::linalg::qr::no_pivoting::factor::recommended_block_size;
use faer::{Conj, Mat, MatMut, Par, Spec};

use crate::model::product::vectorized;

/// Share of a solution up to which rounding in the matrix may reach: a bound that errors come up to, mostly a tenth of it.
pub(crate) const LEAST_DIGITS: f64 = 1e-10;

/// `A = Q T Q'` of a symmetric matrix.
#[derive(Debug)]
pub(crate) struct Tridiagonal {
    /// Householder vectors of `Q` below the subdiagonal, shape `(n, n)`.
    vectors: Mat<f64>,
    /// Their triangular factors, block by block, shape `(block, n − 1)`.
    factors: Mat<f64>,
    /// `T_ii`, shape `(n,)`.
    diagonal: Vec<f64>,
    /// `T_{i+1,i}`, shape `(n − 1,)`.
    below: Vec<f64>,
}

impl Tridiagonal {
    /// Of the symmetric matrix whose lower triangle is given.
    pub(crate) fn of(mut a: Mat<f64>) -> Self {
        let n = a.nrows();
        let mut factors = Mat::zeros(recommended_block_size::<f64>(n.max(1), n.max(1)), n.saturating_sub(1));
        if n > 1 {
            let mut workspace = MemBuffer::new(tridiag_in_place_scratch::<f64>(n, Par::Seq, Spec::default()));
            let stack = MemStack::new(&mut workspace);
            tridiag_in_place(a.as_mut(), factors.as_mut(), Par::Seq, stack, Spec::default());
        }
        let diagonal = (0..n).map(|i| a[(i, i)]).collect();
        let below = (1..n).map(|i| a[(i, i - 1)]).collect();
        Self { vectors: a, factors, diagonal, below }
    }

    /// An upper bound of all eigenvalues: the largest row sum of `|T|`.
    pub(crate) fn largest(&self) -> f64 {
        let beside = |i: usize| {
            let at = |k: Option<usize>| k.and_then(|k| self.below.get(k)).map_or(0.0, |t| t.abs());
            at(i.checked_sub(1)) + at(Some(i))
        };
        (0..self.diagonal.len()).map(|i| self.diagonal[i].abs() + beside(i)).fold(0.0, f64::max)
    }

    /// Whether all eigenvalues are above `least`: all pivots of `T − least` are positive (Sylvester's law of inertia).
    pub(crate) fn is_above(&self, least: f64) -> bool {
        let mut pivot = f64::INFINITY;
        self.diagonal.iter().enumerate().all(|(i, t)| {
            let carried = if i == 0 { 0.0 } else { self.below[i - 1] / pivot * self.below[i - 1] };
            pivot = t - least - carried;
            pivot > 0.0
        })
    }

    /// Whether `(A + λ)⁻¹` keeps its digits for all `λ ≥ least` although `A` carries rounding errors of `eps` times its
    /// largest eigenvalue: their share of the smallest eigenvalue of `A + λ` stays below [`LEAST_DIGITS`].
    pub(crate) fn keeps_digits(&self, least: f64) -> bool {
        self.is_above(f64::EPSILON * self.largest() / LEAST_DIGITS - least)
    }

    /// `b ← Q'b`
    pub(crate) fn rotate(&self, b: MatMut<'_, f64>) {
        let n = self.diagonal.len();
        if n > 1 {
            let block = self.factors.nrows();
            let mut workspace = MemBuffer::new(apply_transpose_scratch::<f64>(n - 1, block, b.ncols()));
            let vectors = self.vectors.submatrix(1, 0, n - 1, n - 1);
            let stack = MemStack::new(&mut workspace);
            apply_transpose(vectors, self.factors.as_ref(), Conj::No, b.subrows_mut(1, n - 1), Par::Seq, stack);
        }
    }

    /// `b ← Q b`
    pub(crate) fn rotate_back(&self, b: MatMut<'_, f64>) {
        let n = self.diagonal.len();
        if n > 1 {
            let mut workspace = MemBuffer::new(apply_scratch::<f64>(n - 1, self.factors.nrows(), b.ncols()));
            let vectors = self.vectors.submatrix(1, 0, n - 1, n - 1);
            let stack = MemStack::new(&mut workspace);
            apply(vectors, self.factors.as_ref(), Conj::No, b.subrows_mut(1, n - 1), Par::Seq, stack);
        }
    }

    /// `(T + λ)⁻¹ b` for every shift `λ`: shape `(n_shifts, n)`, one row a shift, so that all run side by side.
    pub(crate) fn solve(&self, b: &[f64], shifts: &[f64]) -> Mat<f64> {
        let n = self.diagonal.len();
        let mut x = Mat::zeros(shifts.len(), n);
        let mut pivots = Mat::zeros(shifts.len(), n);
        vectorized(
            #[inline(always)]
            || {
                // D_i = t_i + λ − e²_{i−1} / D_{i−1},   L D z = b
                for (i, (b, t)) in b.iter().zip(&self.diagonal).enumerate() {
                    let (before, own) = x.as_mut().split_at_col_mut(i);
                    let (pivots_before, own_pivots) = pivots.as_mut().split_at_col_mut(i);
                    let (Some(x), Some(pivots)) = (column(own, 0), column(own_pivots, 0)) else { return };
                    for (pivot, shift) in pivots.iter_mut().zip(shifts) {
                        *pivot = t + shift;
                    }
                    x.fill(*b);
                    if i > 0 {
                        let e = self.below[i - 1];
                        let (Some(z), Some(former)) = (column(before, i - 1), column(pivots_before, i - 1)) else {
                            return;
                        };
                        for (((x, pivot), z), former) in x.iter_mut().zip(pivots).zip(z).zip(former) {
                            let l = e / *former;
                            *pivot -= l * e;
                            *x -= l * *z;
                        }
                    }
                }
                // x_i = z_i / D_i − l_i x_{i+1}
                for i in (0..n).rev() {
                    let (own, after) = x.as_mut().split_at_col_mut(i + 1);
                    let (Some(x), Some(pivots)) = (column(own, i), column(pivots.as_mut(), i)) else { return };
                    let e = self.below.get(i).copied().unwrap_or(0.0);
                    if let Some(next) = column(after, 0) {
                        for ((x, pivot), next) in x.iter_mut().zip(pivots).zip(next) {
                            *x = (*x - e * *next) / *pivot;
                        }
                    } else {
                        for (x, pivot) in x.iter_mut().zip(pivots) {
                            *x /= *pivot;
                        }
                    }
                }
            },
        );
        x
    }
}

/// Column `j`, if there is one.
fn column(a: MatMut<'_, f64>, j: usize) -> Option<&mut [f64]> {
    if j >= a.ncols() {
        return None;
    }
    Some(a.col_mut(j).try_as_col_major_mut()?.as_slice_mut())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::decompose::symmetric_eigen;

    fn product(n: usize) -> Mat<f64> {
        let z = Mat::from_fn(n + 2, n, |i, j| ((i * 7 + j * 5 + i * i * j) % 13) as f64 - 6.0);
        z.transpose() * &z
    }

    #[test]
    fn shifted_systems_are_solved() {
        for n in [1, 2, 3, 9, 40] {
            let a = product(n);
            let form = Tridiagonal::of(a.clone());
            let b = Mat::from_fn(n, 1, |i, _| (i as f64).cos());
            let mut rotated = b.clone();
            form.rotate(rotated.as_mut());
            let shifts = [1e-3, 1.0, 500.0];
            let mut x = form.solve(rotated.col_as_slice(0), &shifts).transpose().to_owned();
            form.rotate_back(x.as_mut());
            for (k, shift) in shifts.iter().enumerate() {
                let rest = &a * x.col(k) + faer::Scale(*shift) * x.col(k) - b.col(0);
                assert!(rest.norm_max() < 1e-9, "{n} {shift} {}", rest.norm_max());
            }
        }
    }

    #[test]
    fn eigenvalues_are_bounded_from_both_sides() {
        let a = product(12);
        let (values, _) = symmetric_eigen(a.as_ref()).unwrap();
        let form = Tridiagonal::of(a);
        assert!(form.largest() >= values[0]);
        assert!(form.is_above(values[11] * (1.0 - 1e-9)) && !form.is_above(values[11] * (1.0 + 1e-9)));
    }
}
