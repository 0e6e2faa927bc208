//! Held-out errors of ridge from one fit to all rows, where every fold shares one scale.
//!
//! With `M = I − H` of all rows, the errors of a fold that is left out are `e = (M_kk)⁻¹ (M y)_k`, exactly (for one row
//! this is the leave-one-out formula: Allen 1974, Technometrics 16; for blocks: Cook, Weisberg 1982, 2.5). In the
//! eigenvectors `u` of `ZZ'` besides the intercept's direction, `M = U diag(λ/(d² + λ)) U'`: a sum of positive terms that
//! keeps its digits where `1 − H − 1/n` loses them. One decomposition serves all folds and alphas.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};
use rayon::prelude::*;

use crate::model::decompose::{cholesky, left_svd, solve_by_cholesky, split_eigen};
use crate::model::kernel::{Reflection, packed_target, roots, row_products};
use crate::model::path::PathError;
use crate::model::product::{dot, sum, vectorized};
use crate::model::sample::{Packing, Sample};
use crate::model::tridiagonal::LEAST_DIGITS;

/// Largest fold whose systems are solved side by side for all alphas.
const SMALL_FOLD: usize = 32;

/// Share of the largest weight `λ/(d² + λ)` below which a pivot of `M_kk` has lost too many digits.
const LEAST_PIVOT: f64 = 1e-5;
/// Share of a row of weights that is rounding.
const ALIKE: f64 = 2e-15;
/// Rows of a piece of leave-one-out.
const ROWS: usize = 128;

/// The rows of all folds in the eigenvectors of `ZZ'`.
#[derive(Debug)]
pub(crate) struct FoldOut {
    /// `U'`, one column a row of the sample: shape `(n − 1, n)`.
    left: Mat<f64>,
    /// `d²`, shape `(n − 1,)`, none below 0.
    squares: Vec<f64>,
    /// `U'y`, shape `(n − 1,)`.
    target: Vec<f64>,
}

impl FoldOut {
    /// Of all rows of a sample without missing cells, in columns of which `factors` says the unit, shape `(p + 1,)`; `least`
    /// is the smallest `λ` that will be asked for. From products of rows where these keep enough digits, else from the
    /// rows themselves; `None` where some rows are so much larger than others that these do not either.
    ///
    /// # Errors
    /// [`PathError::Decomposition`] if an iteration does not end.
    pub(crate) fn new(sample: &Sample<'_>, factors: Vec<f64>, least: f64) -> Result<Option<Self>, PathError> {
        let (rows, n, p) = (sample.all(), sample.n_samples(), sample.n_features());
        let packing = Packing { center: vec![0.0; p + 1], factor: factors };
        let roots = roots(sample, rows);
        let reflection = Reflection::of(&roots);
        let weights: Vec<f64> = roots.iter().map(|root| root * root).collect();
        let weight = sum(&weights);
        let center = |column: &mut [f64]| center(column, &roots, &weights, weight);
        let mut target = packed_target(sample, rows, &packing, center);
        reflection.reflect(&mut target);

        let mut products = row_products(sample, rows, &packing, center);
        reflection.reflect_both_sides(&mut products);
        let inner = products.submatrix(1, 1, n - 1, n - 1);
        let (mut squares, mut vectors) = split_eigen(inner).ok_or(PathError::Decomposition)?;
        let end = |square: Option<&f64>| square.map_or(0.0, |d| d.max(0.0));
        if f64::EPSILON * end(squares.first()) > LEAST_DIGITS * (end(squares.last()) + least) {
            let mut z = Mat::zeros(n, p);
            z.par_col_iter_mut().enumerate().for_each(|(j, column)| {
                if let Some(column) = column.try_as_col_major_mut() {
                    let column = column.as_slice_mut();
                    sample.pack_column(rows, j, 0.0, packing.factor[j], column);
                    center(column);
                    reflection.reflect(column);
                }
            });
            let d;
            (vectors, d) = left_svd(z.subrows(1, n - 1)).ok_or(PathError::Decomposition)?;
            squares = d.into_iter().map(|d| d * d).collect();
            squares.resize(n - 1, 0.0);
            if f64::EPSILON * end(squares.first()).sqrt() > LEAST_DIGITS * (end(squares.last()) + least).sqrt() {
                return Ok(None);
            }
        }
        for square in &mut squares {
            *square = square.max(0.0);
        }
        let target = (0..n - 1).map(|k| dot(vectors.col_as_slice(k), &target[1..])).collect();
        Ok(Some(Self { left: back(&reflection, &vectors), squares, target }))
    }

    /// `Σ c (y − ŷ)²` of `held_out` for each penalty `λ` (n·alpha of the rows left in), shape `(n_penalties,)`.
    ///
    /// `None` where a direction lies in the held-out rows but for rounding: then its weight in `M_kk` is rounding too.
    pub(crate) fn residual_sums(&self, held_out: &[usize], penalties: &[f64]) -> Option<Vec<f64>> {
        let (rank, m) = (self.squares.len(), held_out.len());
        let kept = self.kept(penalties);
        let low_rank = (m > SMALL_FOLD).then(|| low_rank(&kept));
        // M_ij = Σ_k u_ik u_jk λ/(d_k² + λ) for i ≥ j, and (M y)_i: one product for all penalties.
        let mut pairs = Mat::zeros(rank, m + 1);
        let mut system: Vec<Mat<f64>> = Vec::with_capacity(m);
        for (j, &row) in held_out.iter().enumerate() {
            let own = self.left.col_as_slice(row);
            for (i, &other) in held_out[j..].iter().enumerate() {
                multiply(pairs.col_as_slice_mut(i), own, self.left.col_as_slice(other));
            }
            multiply(pairs.col_as_slice_mut(m - j), own, &self.target);
            let pairs = pairs.subcols(0, m - j + 1);
            system.push(match &low_rank {
                Some((factor, basis)) => multiplied(factor.as_ref(), multiplied(basis.as_ref(), pairs).as_ref()),
                None => multiplied(kept.as_ref(), pairs),
            });
        }
        let smallest = self.squares.last().copied().unwrap_or(0.0);
        let floors: Vec<f64> = penalties.iter().map(|penalty| LEAST_PIVOT * penalty / (smallest + penalty)).collect();
        if m <= SMALL_FOLD {
            side_by_side(&mut system, &floors)
        } else {
            floors.iter().enumerate().map(|(a, floor)| one_by_one(&system, a, *floor)).collect()
        }
    }

    /// `Σ c (r / (1 − h))²` of all rows for each penalty `λ`: every row held out by itself, shape `(n_penalties,)`.
    pub(crate) fn leave_one_out_sums(&self, penalties: &[f64]) -> Vec<f64> {
        let (rank, n) = self.left.shape();
        let kept = self.kept(penalties);
        let with_target = Mat::from_fn(penalties.len(), rank, |a, k| kept[(a, k)] * self.target[k]);
        let of_rows = |left: MatRef<'_, f64>| {
            let squares = Mat::from_fn(rank, left.ncols(), |k, i| left[(k, i)] * left[(k, i)]);
            let residuals = multiplied(with_target.as_ref(), left);
            let spared = multiplied(kept.as_ref(), squares.as_ref());
            let mut sums = vec![0.0; penalties.len()];
            for i in 0..left.ncols() {
                let pairs = residuals.col_as_slice(i).iter().zip(spared.col_as_slice(i));
                for (sum, (residual, spared)) in sums.iter_mut().zip(pairs) {
                    *sum += (residual / spared).powi(2);
                }
            }
            sums
        };
        let blocks: Vec<_> = (0..n).step_by(ROWS).map(|from| self.left.subcols(from, ROWS.min(n - from))).collect();
        let parts: Vec<Vec<f64>> = blocks.into_par_iter().map(of_rows).collect();
        let mut sums = vec![0.0; penalties.len()];
        for part in parts {
            for (sum, part) in sums.iter_mut().zip(part) {
                *sum += part;
            }
        }
        sums
    }

    /// `λ/(d² + λ)`, one row a penalty.
    fn kept(&self, penalties: &[f64]) -> Mat<f64> {
        let share = |a: usize, k: usize| penalties[a] / (self.squares[k] + penalties[a]);
        Mat::from_fn(penalties.len(), self.squares.len(), share)
    }
}

/// Centres a column at its weighted mean, and multiplies by the roots of the weights.
fn center(column: &mut [f64], roots: &[f64], weights: &[f64], weight: f64) {
    vectorized(
        #[inline(always)]
        || {
            let mean = dot(column, weights) / weight;
            for (z, root) in column.iter_mut().zip(roots) {
                *z = (*z - mean) * root;
            }
        },
    );
}

/// `C B = W` to rounding, where the rows of `W` are alike: `C` of shape `(rows, rank)`, `B` of shape `(rank, columns)`.
///
/// `λ/(d² + λ)` at many `λ` is such a matrix: its singular values fall like a geometric series (Beckermann, Townsend 2017,
/// SIAM J. Matrix Anal. Appl. 38), so that 100 penalties over six decades need 50 products. By Gram and Schmidt, the row
/// of which most is left over coming next.
fn low_rank(w: &Mat<f64>) -> (Mat<f64>, Mat<f64>) {
    let mut rest = w.transpose().to_owned();
    for a in 0..rest.ncols() {
        let row = rest.col_as_slice_mut(a);
        let length = dot(row, row).sqrt();
        for x in &mut *row {
            *x /= length;
        }
    }
    let mut basis: Vec<Vec<f64>> = Vec::new();
    while basis.len() < w.nrows() {
        let lengths = (0..rest.ncols()).map(|a| dot(rest.col_as_slice(a), rest.col_as_slice(a)).sqrt());
        let longest = lengths.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        let Some((next, length)) = longest.filter(|(_, length)| *length > ALIKE) else { break };
        let mut direction: Vec<f64> = rest.col_as_slice(next).iter().map(|x| x / length).collect();
        for former in &basis {
            subtract_along(&mut direction, former);
        }
        let length = dot(&direction, &direction).sqrt();
        for x in &mut direction {
            *x /= length;
        }
        for a in 0..rest.ncols() {
            subtract_along(rest.col_as_slice_mut(a), &direction);
        }
        basis.push(direction);
    }
    let basis = Mat::from_fn(basis.len(), w.ncols(), |i, k| basis[i][k]);
    (multiplied(w.as_ref(), basis.transpose()), basis)
}

/// `x ← x − (e'x) e`
fn subtract_along(x: &mut [f64], e: &[f64]) {
    vectorized(
        #[inline(always)]
        || {
            let along = dot(x, e);
            for (x, e) in x.iter_mut().zip(e) {
                *x -= along * e;
            }
        },
    );
}

/// `a b`
fn multiplied(a: MatRef<'_, f64>, b: MatRef<'_, f64>) -> Mat<f64> {
    let mut product = Mat::zeros(a.nrows(), b.ncols());
    matmul(product.as_mut(), Accum::Replace, a, b, 1.0, Par::Seq);
    product
}

/// `out_k = a_k b_k`
fn multiply(out: &mut [f64], a: &[f64], b: &[f64]) {
    vectorized(
        #[inline(always)]
        || {
            for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
                *out = a * b;
            }
        },
    );
}

/// `U'` from the eigenvectors of the reflected rows but the first, shape `(n − 1, n)`.
fn back(reflection: &Reflection, vectors: &Mat<f64>) -> Mat<f64> {
    let n = vectors.nrows() + 1;
    let mut left = Mat::zeros(vectors.ncols(), n);
    left.subcols_mut(1, n - 1).copy_from(vectors.transpose());
    let mut column = vec![0.0; n];
    for k in 0..vectors.ncols() {
        column[0] = 0.0;
        column[1..].copy_from_slice(vectors.col_as_slice(k));
        reflection.reflect(&mut column);
        for (i, u) in column.iter().enumerate() {
            left[(k, i)] = *u;
        }
    }
    left
}

/// `‖M⁻¹ r‖²` for all penalties at once by `M = L D L'`; `system[j]` holds `M_ij` for `i ≥ j` and then `r_j`, one row a
/// penalty, and is spent. `None` if a pivot has lost too many digits.
fn side_by_side(system: &mut [Mat<f64>], floors: &[f64]) -> Option<Vec<f64>> {
    let m = system.len();
    for j in 0..m {
        let (head, rest) = system.split_at_mut(j + 1);
        let own = &mut head[j];
        if !own.col_as_slice(0).iter().zip(floors).all(|(pivot, floor)| pivot > floor) {
            return None;
        }
        for (step, below) in rest.iter_mut().enumerate() {
            // l_ij = M_ij / D_j;  M_hi −= l_ij M_hj for h ≥ i;  r_i −= l_ij r_j
            let i = step + 1;
            let l: Vec<f64> = own.col_as_slice(i).iter().zip(own.col_as_slice(0)).map(|(m, d)| m / d).collect();
            for h in 0..below.ncols() {
                subtract_product(below.col_as_slice_mut(h), &l, own.col_as_slice(i + h));
            }
        }
    }
    let mut errors = Mat::<f64>::zeros(floors.len(), m);
    let mut sums = vec![0.0; floors.len()];
    for j in (0..m).rev() {
        // e_j = (r_j − Σ_{i>j} M_ij e_i) / D_j, with M_ij = l_ij D_j
        let own = &system[j];
        let mut error = own.col_as_slice(m - j).to_vec();
        for i in j + 1..m {
            subtract_product(&mut error, own.col_as_slice(i - j), errors.col_as_slice(i));
        }
        for ((error, pivot), sum) in error.iter_mut().zip(own.col_as_slice(0)).zip(&mut sums) {
            *error /= pivot;
            *sum += *error * *error;
        }
        errors.col_as_slice_mut(j).copy_from_slice(&error);
    }
    Some(sums)
}

/// `out_a −= x_a y_a`
fn subtract_product(out: &mut [f64], x: &[f64], y: &[f64]) {
    vectorized(
        #[inline(always)]
        || {
            for ((out, x), y) in out.iter_mut().zip(x).zip(y) {
                *out -= x * y;
            }
        },
    );
}

/// As [`side_by_side`] for penalty `a` alone.
fn one_by_one(system: &[Mat<f64>], a: usize, floor: f64) -> Option<f64> {
    let m = system.len();
    let own = Mat::from_fn(m, m, |i, j| if i >= j { system[j][(a, i - j)] } else { 0.0 });
    let mut errors: Vec<f64> = system.iter().enumerate().map(|(j, of_row)| of_row[(a, m - j)]).collect();
    let factor = cholesky(own)?;
    if !(0..m).all(|j| factor[(j, j)].powi(2) > floor) {
        return None;
    }
    solve_by_cholesky(&factor, &mut errors);
    Some(dot(&errors, &errors))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_many_penalties_are_combinations_of_few() {
        let weight = |a: usize, k: usize| {
            let (penalty, square) = (10.0_f64.powf(3.0 - a as f64 / 12.0), (k * k) as f64 / 300.0);
            penalty / (square + penalty)
        };
        let w = Mat::from_fn(90, 400, weight);
        let (factor, basis) = low_rank(&w);
        assert!(basis.nrows() < 60, "{}", basis.nrows());
        assert!((&factor * &basis - &w).norm_max() < 1e-14);
    }
}
