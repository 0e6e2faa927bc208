//! Sufficient statistics of rows: weight, means and centred cross-products, from which a whole path follows.
//!
//! Row blocks are centred by their own means and put together by Chan's update (Chan, Golub, `LeVeque` 1983), so that
//! nothing is ever subtracted from a larger sum: the moments of the training rows of a fold are the merge of the other
//! folds, never total minus fold. With columns of mean 1e6 and standard deviation 1, correlations by subtraction are off
//! by 2e-2, by merging by 1e-15.

use faer::{Mat, MatRef};
use rayon::prelude::*;

use crate::model::inner_products::InnerProducts;
use crate::model::product::{add_product, add_products_of_columns, dot, subtract_columns, sum};
use crate::model::rows::Rows;
use crate::model::sample::{ColumnSums, Packing, Sample};
use crate::model::standardize::Frame;

/// Parts of rows that are learned apart and put together.
pub(crate) trait Merge: Clone + Send + Sync {
    /// Takes in what `other` learned from other rows.
    fn merge(&mut self, other: &Self);
}

/// What rows of `[X y]` sum up to, in the coordinates `z` of the sample.
#[derive(Debug, Clone)]
pub struct Moments {
    /// Number of rows.
    n_rows: usize,
    /// `Σ c`: the number of rows without case weights `c`.
    weight: f64,
    /// Shape `(p + 1,)`, the target last.
    means: Vec<f64>,
    /// `Σ c (z − mean)(z − mean)'`, shape `(p + 1, p + 1)`; the lower triangle counts.
    products: Mat<f64>,
}

/// Rows and columns of a square that stays in the nearest cache.
const TILE: usize = 32;
/// Largest error of a sum of squared residuals from moments, relative to it.
const LEAST_DIGITS: f64 = 1e-9;

/// Rows to a block: a block of `columns` columns stays in the cache of one core.
pub(crate) fn block_rows(columns: usize) -> usize {
    (65_536 / columns).clamp(256, 4096)
}

/// The rows cut into parts for the cores: the same parts on every machine, so that sums are the same too.
pub(crate) fn parts(rows: Rows<'_>, columns: usize) -> Vec<Rows<'_>> {
    // Each part pays for a matrix of its own.
    let least = (4 * block_rows(columns)).max(4 * columns);
    rows.blocks(rows.len().div_ceil(16).max(least)).collect()
}

impl Moments {
    /// Of no rows.
    pub(crate) fn new(columns: usize) -> Self {
        Self { n_rows: 0, weight: 0.0, means: vec![0.0; columns], products: Mat::zeros(columns, columns) }
    }

    /// From their parts: see the fields.
    pub(crate) fn from_parts(n_rows: usize, weight: f64, means: Vec<f64>, products: Mat<f64>) -> Self {
        Self { n_rows, weight, means, products }
    }

    /// Of `rows`; a missing cell is taken to hold `origin`, shape `(p + 1,)`.
    pub(crate) fn of(sample: &Sample<'_>, rows: Rows<'_>, origin: &[f64]) -> Self {
        let columns = origin.len();
        let of_part = |part: Rows<'_>| {
            let mut moments = Self::new(columns);
            let mut block = Mat::zeros(block_rows(columns).min(part.len()), columns);
            for rows in part.blocks(block_rows(columns)) {
                let weights = sample.case_weights_of(rows);
                let means = sample.pack_centered(rows, origin, weights.as_deref(), &mut block);
                moments.add_block(block.subrows(0, rows.len()), &means, weights.as_deref());
            }
            moments
        };
        let parts: Vec<Self> = parts(rows, columns).into_par_iter().map(of_part).collect();
        let mut moments = merged(&parts).unwrap_or_else(|| Self::new(columns));
        for (mean, origin) in moments.means.iter_mut().zip(origin) {
            *mean += origin;
        }
        moments
    }

    /// Adds rows that [`center`] has centred at these means.
    pub(crate) fn add_block(&mut self, block: MatRef<'_, f64>, means: &[f64], case_weights: Option<&[f64]>) {
        self.add_mean(means, case_weights.map_or(block.nrows() as f64, sum));
        self.n_rows += block.nrows();
        add_products_of_columns(&mut self.products, block);
    }

    /// Chan's update without the products of the other part: `products += δδ' · a · b / (a + b)` of weights `a` and `b`.
    fn add_mean(&mut self, means: &[f64], b: f64) {
        let a = self.weight;
        let delta: Vec<f64> = means.iter().zip(&self.means).map(|(other, own)| other - own).collect();
        if a > 0.0 && b > 0.0 {
            for (j, d) in delta.iter().enumerate() {
                let weight = d * (a * b / (a + b));
                for (product, d) in self.products.col_as_slice_mut(j)[j..].iter_mut().zip(&delta[j..]) {
                    *product += d * weight;
                }
            }
        }
        self.weight += b;
        let share = if b > 0.0 { b / (a + b) } else { 0.0 };
        for (mean, d) in self.means.iter_mut().zip(&delta) {
            *mean += d * share;
        }
    }

    /// `Σ c (z_i − mean)(z_j − mean)` of two columns, the target being the last.
    pub(crate) fn product(&self, i: usize, j: usize) -> f64 {
        self.products[(i.max(j), i.min(j))]
    }

    /// Mean of `z_j`, the target being the last.
    pub(crate) fn mean(&self, j: usize) -> f64 {
        self.means[j]
    }

    /// `Σ c` of the rows summed up: their number without case weights.
    pub(crate) fn weight(&self) -> f64 {
        self.weight
    }

    /// Number of rows summed up.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Number of columns, the target among them.
    pub(crate) fn n_columns(&self) -> usize {
        self.means.len()
    }

    /// As if every case weight were multiplied by `factor`.
    pub(crate) fn scale_weights(&mut self, factor: f64) {
        self.weight *= factor;
        self.products *= faer::Scale(factor);
    }

    /// `S v` for each column of `v`, shape `(p + 1, n)`, with `S` the products.
    pub(crate) fn image(&self, v: MatRef<'_, f64>) -> Mat<f64> {
        let symmetric = symmetric(self.products.as_ref(), |_| 1.0);
        let mut image = Mat::zeros(v.nrows(), v.ncols());
        add_product(image.as_mut(), 1.0, symmetric.as_ref(), v);
        image
    }

    /// `Σ c (y − Xw)²` of these rows for each solution in the columns of `packing`, shape `(p, n_alphas)`, with a bound
    /// of its rounding: with `v = (−w, 1)` times the factors and `δ` the distance of the means from the centre,
    /// `v'Sv + Σc (δ'v)²`.
    pub(crate) fn rough_residual_sums(&self, packing: &Packing, solutions: MatRef<'_, f64>) -> Vec<(f64, f64)> {
        let (p, n_alphas) = solutions.shape();
        let v = Mat::from_fn(p + 1, n_alphas, |j, k| packing.factor[j] * if j < p { -solutions[(j, k)] } else { 1.0 });
        let image = self.image(v.as_ref());
        let delta: Vec<f64> = self.means.iter().zip(&packing.center).map(|(mean, center)| mean - center).collect();
        let length: Vec<f64> = (0..=p).map(|j| self.product(j, j).sqrt()).collect();
        let residual_sum = |k: usize| {
            let v = v.col_as_slice(k);
            let total = dot(v, image.col_as_slice(k)) + self.weight * dot(v, &delta).powi(2);
            let bound: f64 = v.iter().zip(&length).zip(&delta).map(|((v, s), d)| v.abs() * (s + d.abs())).sum();
            (total.max(0.0), f64::EPSILON * bound * bound)
        };
        (0..n_alphas).map(residual_sum).collect()
    }

    /// As [`Moments::rough_residual_sums`]; `None` where rounding in these sums could reach 1e-9 of the result: then the
    /// rows have to be looked at.
    pub(crate) fn residual_sums(&self, packing: &Packing, solutions: MatRef<'_, f64>) -> Option<Vec<f64>> {
        let sums = self.rough_residual_sums(packing, solutions).into_iter();
        sums.map(|(total, rounding)| (rounding <= LEAST_DIGITS * total).then_some(total)).collect()
    }

    /// Mean and sum of squares of each column, the target last.
    pub(crate) fn column_sums(&self) -> Vec<ColumnSums> {
        let squares = |j: usize| self.products[(j, j)];
        self.means.iter().enumerate().map(|(j, &mean)| ColumnSums { mean, squares: squares(j) }).collect()
    }
}

impl Merge for Moments {
    fn merge(&mut self, other: &Self) {
        self.n_rows += other.n_rows;
        self.add_mean(&other.means, other.weight);
        for j in 0..self.means.len() {
            for (product, other) in
                self.products.col_as_slice_mut(j)[j..].iter_mut().zip(&other.products.col_as_slice(j)[j..])
            {
                *product += other;
            }
        }
    }
}

/// All parts in order, put together.
pub(crate) fn merged<M: Merge>(parts: &[M]) -> Option<M> {
    let (first, others) = parts.split_first()?;
    let mut all = first.clone();
    for other in others {
        all.merge(other);
    }
    Some(all)
}

/// Both triangles of `S_ij · f_i · f_j` for the first columns of a matrix of which the lower triangle counts.
fn symmetric(lower: MatRef<'_, f64>, factor: impl Fn(usize) -> f64) -> Mat<f64> {
    let n = lower.ncols();
    let factors: Vec<f64> = (0..n).map(factor).collect();
    let mut out = Mat::zeros(n, n);
    // In tiles, so that neither columns nor rows are far apart.
    for left in (0..n).step_by(TILE) {
        for top in (left..n).step_by(TILE) {
            for j in left..(left + TILE).min(n) {
                for i in top.max(j)..(top + TILE).min(n) {
                    let value = lower[(i, j)] * factors[i] * factors[j];
                    out[(i, j)] = value;
                    out[(j, i)] = value;
                }
            }
        }
    }
    out
}

/// `G = Z'Z/n` and `c = Z'y/n` (n the weight of the rows) of columns with unit variance, from moments.
#[derive(Debug, Clone)]
pub(crate) struct MomentProducts {
    gram: Mat<f64>,
    with_target: Vec<f64>,
}

impl MomentProducts {
    /// Columns that do not vary are zero.
    pub(crate) fn new(moments: &Moments, frame: &Frame) -> Self {
        let p = moments.means.len() - 1;
        let n = moments.weight;
        let reciprocal = |j: usize| {
            if frame.varies(j) { frame.deviation(j).recip() } else { 0.0 }
        };
        Self {
            gram: symmetric(moments.products.submatrix(0, 0, p, p), |j| reciprocal(j) / n.sqrt()),
            with_target: (0..p).map(|j| moments.product(p, j) / n * reciprocal(j)).collect(),
        }
    }

    /// Number of features.
    pub(crate) fn len(&self) -> usize {
        self.with_target.len()
    }

    /// `z_i'z_j / n`: the correlation of two columns.
    pub(crate) fn correlation(&self, i: usize, j: usize) -> f64 {
        self.gram[(i, j)]
    }
}

impl InnerProducts for MomentProducts {
    fn with_target(&self) -> &[f64] {
        &self.with_target
    }

    fn sees_all(&self) -> bool {
        true
    }

    fn gram(&self, j: usize, others: &[usize]) -> Vec<f64> {
        let column = self.gram.col_as_slice(j);
        others.iter().map(|&i| column[i]).collect()
    }

    fn gradient_of(&mut self, features: &[usize], active: &[usize], values: &[f64], out: &mut [f64]) {
        if features.len() == self.len() {
            return self.gradient(active, values, out);
        }
        for &j in features {
            let column = self.gram.col_as_slice(j);
            // g_j = c_j − G_jA b
            out[j] = active.iter().zip(values).fold(self.with_target[j], |g, (&i, b)| g - column[i] * b);
        }
    }

    fn gradient(&mut self, active: &[usize], values: &[f64], out: &mut [f64]) {
        out.copy_from_slice(&self.with_target);
        subtract_columns(out, self.gram.as_ref(), active, values);
    }
}
