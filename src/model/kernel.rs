//! Products of rows, `K = ZZ'`: all that ridge needs of X where it has fewer rows than columns.
//!
//! With `w = Z'a` the ridge of `Z` (centred columns, rows times the roots of their case weights) is
//! `(K + n·alpha) a = y`, whatever p is (Saunders, Gammerman, Vovk 1998, ICML). As columns are centred, `K` sends the
//! direction of the intercept to zero; a reflection takes that direction out, so that it never mixes with others.

use faer::Mat;
use rayon::prelude::*;

use crate::model::product::{add_products_of_columns, dot};
use crate::model::rows::Rows;
use crate::model::sample::{Packing, Sample};

/// Cells packed before they are multiplied: they stay in the cache of one core.
const BLOCK: usize = 16_384;
/// Columns packed by one core of a block that several share.
const PACKED_AT_ONCE: usize = 128;
/// Most rows whose products are summed up in parts, each with a matrix of its own.
const FEW_ROWS: usize = 1024;
/// Most parts.
const PARTS: usize = 8;
/// Least columns of a part.
const FEW_COLUMNS: usize = 512;

/// `√c_i` of these rows: the direction of the intercept.
pub(crate) fn roots(sample: &Sample<'_>, rows: Rows<'_>) -> Vec<f64> {
    let weights = sample.case_weights_of(rows);
    weights.map_or_else(|| vec![1.0; rows.len()], |weights| weights.iter().map(|c| c.sqrt()).collect())
}

/// The lower triangle of `K`, shape `(n, n)`, of these rows; X is read once, in blocks. Each column is packed, then
/// `finish`ed.
pub(crate) fn row_products(
    sample: &Sample<'_>,
    rows: Rows<'_>,
    packing: &Packing,
    finish: impl Fn(&mut [f64]) + Sync,
) -> Mat<f64> {
    let (n, p) = (rows.len(), sample.n_features());
    let columns = (BLOCK / n).clamp(32, 512);
    let of_part = |part: (usize, usize)| {
        let mut products = Mat::zeros(n, n);
        let mut block = Mat::zeros(n, columns.min(part.1 - part.0));
        for from in (part.0..part.1).step_by(columns) {
            let width = columns.min(part.1 - from);
            block.subcols_mut(0, width).par_col_iter_mut().with_min_len(PACKED_AT_ONCE).enumerate().for_each(
                |(k, column)| {
                    if let Some(column) = column.try_as_col_major_mut() {
                        let (j, column) = (from + k, column.as_slice_mut());
                        sample.pack_column(rows, j, packing.center[j], packing.factor[j], column);
                        finish(column);
                    }
                },
            );
            add_products_of_columns(&mut products, block.subcols(0, width).transpose());
        }
        products
    };
    // A matrix a part, in the same parts on every machine; the products of many rows are parted themselves.
    let width = if n <= FEW_ROWS { p.div_ceil(PARTS).max(FEW_COLUMNS) } else { p.max(1) };
    let parts: Vec<_> = (0..p).step_by(width).map(|from| (from, (from + width).min(p))).collect();
    let parts: Vec<Mat<f64>> = parts.into_par_iter().map(of_part).collect();
    parts.into_iter().reduce(|sum, part| sum + part).unwrap_or_else(|| Mat::zeros(n, n))
}

/// The target of these rows, packed and `finish`ed.
pub(crate) fn packed_target(
    sample: &Sample<'_>,
    rows: Rows<'_>,
    packing: &Packing,
    finish: impl Fn(&mut [f64]),
) -> Vec<f64> {
    let (mut target, p) = (vec![0.0; rows.len()], sample.n_features());
    sample.pack_column(rows, p, packing.center[p], packing.factor[p], &mut target);
    finish(&mut target);
    target
}

/// `H = I − β v v'`, orthogonal and symmetric: sends one direction to the first axis.
#[derive(Debug)]
pub(crate) struct Reflection {
    v: Vec<f64>,
    beta: f64,
}

impl Reflection {
    /// `direction` has no negative entry and is not zero; it may be shorter than what is reflected.
    pub(crate) fn of(direction: &[f64]) -> Self {
        let length = dot(direction, direction).sqrt();
        let mut v: Vec<f64> = direction.iter().map(|d| d / length).collect();
        // ‖v‖² = 2 (1 + d_1/‖d‖)
        v[0] += 1.0;
        Self { beta: v[0].recip(), v }
    }

    /// `b ← H b`
    pub(crate) fn reflect(&self, b: &mut [f64]) {
        let along = self.beta * dot(&self.v, &b[..self.v.len()]);
        for (b, v) in b.iter_mut().zip(&self.v) {
            *b -= along * v;
        }
    }

    /// The lower triangle of `H K H` from that of `K`, with `H` the identity beyond its own length.
    pub(crate) fn reflect_both_sides(&self, k: &mut Mat<f64>) {
        let n = k.nrows();
        let mut v = self.v.clone();
        v.resize(n, 0.0);
        // q = β K v
        let mut q = vec![0.0; n];
        for j in 0..n {
            let column = &k.col_as_slice(j)[j..];
            q[j] += self.beta * dot(column, &v[j..]);
            let share = self.beta * v[j];
            for (q, k) in q[j + 1..].iter_mut().zip(&column[1..]) {
                *q += share * k;
            }
        }
        // H K H = K − v w' − w v' with w = q − (β/2) (v'q) v
        let half = self.beta / 2.0 * dot(&v, &q);
        for (q, v) in q.iter_mut().zip(&v) {
            *q -= half * v;
        }
        for j in 0..n {
            let (vj, wj) = (v[j], q[j]);
            for ((k, v), w) in k.col_as_slice_mut(j)[j..].iter_mut().zip(&v[j..]).zip(&q[j..]) {
                *k -= v * wj + w * vj;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_direction_is_taken_out() {
        let z = Mat::from_fn(7, 5, |i, j| ((i * 5 + j * 3 + i * i) % 11) as f64);
        let direction: Vec<f64> = (0..6).map(|i| 1.0 + f64::from(i)).collect();
        let reflection = Reflection::of(&direction);
        let mut along = direction.clone();
        reflection.reflect(&mut along);
        assert!(along[1..].iter().all(|b| b.abs() < 1e-13));

        let mut reflected = z.clone();
        for j in 0..5 {
            reflection.reflect(reflected.col_as_slice_mut(j));
        }
        let expected = &reflected * reflected.transpose();
        let mut k = &z * z.transpose();
        reflection.reflect_both_sides(&mut k);
        assert!((0..7).all(|j| (j..7).all(|i| (k[(i, j)] - expected[(i, j)]).abs() < 1e-10)));
    }
}
