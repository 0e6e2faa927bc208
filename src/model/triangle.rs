//! The square root of the moments: the triangular factor `R` of the centred `[X y] = QR`.
//!
//! `R'R` are the centred cross-products, but `R` keeps all digits where products keep half of them; ridge and least
//! squares stand on it. Two factors are put together by a QR of the one above the other above the row
//! `δ' √(a·b/(a+b))` (Chan's update, before squaring), so the factor of the training rows of a fold is the merge of
//! the other folds', and a tall table is never held as a whole.

use faer::{Mat, MatRef};
use rayon::prelude::*;

use crate::model::decompose::{symmetric_eigen, triangular_factor};
use crate::model::moments::{Merge, Moments, block_rows, merged, parts};
use crate::model::product::dot;
use crate::model::rows::Rows;
use crate::model::sample::{ColumnSums, Sample};

/// Weight, means and triangular factor of `[X y]`, in the coordinates `z` of the sample.
#[derive(Debug, Clone)]
pub(crate) struct Triangle {
    /// `Σ c`: the number of rows without case weights `c`.
    weight: f64,
    /// Shape `(p + 1,)`, the target last.
    means: Vec<f64>,
    /// Upper triangular, shape `(min(rows, p + 1), p + 1)`.
    factor: Mat<f64>,
}

/// The normal form of a regression: `‖y − Xw‖² = ‖q − R w‖² + rest²` for any `w`.
#[derive(Debug, Clone)]
pub(crate) struct Reduced {
    /// `R`, shape `(p, p)`; upper triangular if it comes from rows.
    pub(crate) r: Mat<f64>,
    /// `Q'y`, shape `(p,)`.
    pub(crate) q: Vec<f64>,
    /// What no combination of columns reaches.
    pub(crate) rest: f64,
}

impl Reduced {
    /// From products, with column `j` of X multiplied by `factors[j]`: `R = D V'` of `X'X = V D² V'`, and `q = D⁻¹ V'X'y`.
    /// Rows of `R` that rounding has made up are 0.
    pub(crate) fn of_moments(moments: &Moments, factors: &[f64]) -> Option<Self> {
        let p = factors.len() - 1;
        let product = |i: usize, j: usize| moments.product(i, j) * factors[i] * factors[j];
        let (values, vectors) = symmetric_eigen(Mat::from_fn(p, p, product).as_ref())?;
        let least = values.first().copied().unwrap_or(0.0) * p as f64 * f64::EPSILON;
        let d: Vec<f64> = values.iter().map(|value| if *value > least { value.sqrt() } else { 0.0 }).collect();
        let with_target: Vec<f64> = (0..p).map(|j| product(p, j)).collect();
        let along = |k: usize| if d[k] > 0.0 { dot(vectors.col_as_slice(k), &with_target) / d[k] } else { 0.0 };
        let q: Vec<f64> = (0..p).map(along).collect();
        let rest = (product(p, p) - dot(&q, &q)).max(0.0).sqrt();
        Some(Self { r: Mat::from_fn(p, p, |k, j| d[k] * vectors[(j, k)]), q, rest })
    }
}

impl Triangle {
    fn new(columns: usize) -> Self {
        Self { weight: 0.0, means: vec![0.0; columns], factor: Mat::zeros(0, columns) }
    }

    /// Of `rows`; a missing cell is taken to hold `origin`, shape `(p + 1,)`.
    pub(crate) fn of(sample: &Sample<'_>, rows: Rows<'_>, origin: &[f64]) -> Self {
        let columns = origin.len();
        let parts = parts(rows, columns);
        // Each block is stacked on the factor of those before: few rows would waste the work on the factor.
        let size = block_rows(columns).max(3 * columns);
        let of_part = |part: Rows<'_>| {
            let mut triangle = Self::new(columns);
            let mut block = Mat::zeros(size.min(part.len()), columns);
            for rows in part.blocks(size) {
                let weights = sample.case_weights_of(rows);
                let means = sample.pack_centered(rows, origin, weights.as_deref(), &mut block);
                triangle.stack(block.subrows(0, rows.len()), &means, sample.weight_of(rows));
            }
            triangle
        };
        let parts: Vec<Self> = parts.into_par_iter().map(of_part).collect();
        let mut triangle = merged(&parts).unwrap_or_else(|| Self::new(columns));
        for (mean, origin) in triangle.means.iter_mut().zip(origin) {
            *mean += origin;
        }
        triangle
    }

    /// Takes in rows of weight `b` with these means and with `lower` as centred rows or as their factor.
    fn stack(&mut self, lower: MatRef<'_, f64>, means: &[f64], b: f64) {
        let a = self.weight;
        let (above, below) = (self.factor.nrows(), lower.nrows());
        let share = if b > 0.0 { b / (a + b) } else { 0.0 };
        let root = (a * share).sqrt();
        let mut stacked = Mat::zeros(above + below + 1, means.len());
        stacked.subrows_mut(0, above).copy_from(&self.factor);
        stacked.subrows_mut(above, below).copy_from(lower);
        for (j, mean) in means.iter().enumerate() {
            let delta = mean - self.means[j];
            stacked[(above + below, j)] = delta * root;
            self.means[j] += delta * share;
        }
        self.weight += b;
        self.factor = triangular_factor(stacked);
    }

    /// `Σ c` of the rows taken in: their number without case weights.
    pub(crate) fn weight(&self) -> f64 {
        self.weight
    }

    /// Mean and sum of squares of each column, the target last.
    pub(crate) fn column_sums(&self) -> Vec<ColumnSums> {
        let squares = |j: usize| self.factor.col(j).iter().map(|r| r * r).sum();
        self.means.iter().enumerate().map(|(j, &mean)| ColumnSums { mean, squares: squares(j) }).collect()
    }

    /// `R`, `Q'y` and the rest, with column `j` of X multiplied by `factors[j]`.
    pub(crate) fn reduced(&self, factors: &[f64]) -> Reduced {
        let p = self.means.len() - 1;
        let entry = |i: usize, j: usize| {
            if i < self.factor.nrows() { self.factor[(i, j)] } else { 0.0 }
        };
        Reduced {
            r: Mat::from_fn(p, p, |i, j| if i <= j { entry(i, j) * factors[j] } else { 0.0 }),
            q: (0..p).map(|i| entry(i, p)).collect(),
            rest: entry(p, p),
        }
    }
}

impl Merge for Triangle {
    fn merge(&mut self, other: &Self) {
        self.stack(other.factor.as_ref(), &other.means, other.weight);
    }
}
