//! Sufficient statistics of rows: weight, means and centred cross-products, from which a whole path follows.
//!
//! Row blocks are centred by their own means and put together by Chan's update (Chan, Golub, `LeVeque` 1983), so that
//! nothing is ever subtracted from a larger sum: the moments of the training rows of a fold are the merge of the other
//! folds, never total minus fold. With columns of mean 1e6 and standard deviation 1, correlations by subtraction are off
//! by 2e-2, by merging by 1e-15.

use faer::Mat;
use rayon::prelude::*;

use crate::model::active_set::InnerProducts;
use crate::model::product::add_products_of_columns;
use crate::model::rows::Rows;
use crate::model::sample::{ColumnSums, Packing, Sample, scale};
use crate::model::standardize::Frame;

/// Parts of rows that are learned apart and put together.
pub(crate) trait Merge: Clone + Send + Sync {
    /// Takes in what `other` learned from other rows.
    fn merge(&mut self, other: &Self);
}

/// What rows of `[X y]` sum up to, in the coordinates `z` of the sample.
#[derive(Debug, Clone)]
pub(crate) struct Moments {
    /// `Σ c`: the number of rows without case weights `c`.
    weight: f64,
    /// Shape `(p + 1,)`, the target last.
    means: Vec<f64>,
    /// `Σ c (z − mean)(z − mean)'`, shape `(p + 1, p + 1)`; the lower triangle counts.
    products: Mat<f64>,
}

/// Rows to a block: a block of `columns` columns stays in the cache of one core.
pub(crate) fn block_rows(columns: usize) -> usize {
    (131_072 / columns).clamp(256, 4096)
}

/// The rows cut into parts for the cores: the same parts on every machine, so that sums are the same too.
pub(crate) fn parts(rows: Rows<'_>, columns: usize) -> Vec<Rows<'_>> {
    // Each part pays for a matrix of its own.
    let least = (4 * block_rows(columns)).max(4 * columns);
    rows.blocks(rows.len().div_ceil(16).max(least)).collect()
}

impl Moments {
    fn new(columns: usize) -> Self {
        Self { weight: 0.0, means: vec![0.0; columns], products: Mat::zeros(columns, columns) }
    }

    /// Of `rows`; a missing cell is taken to hold `origin`, shape `(p + 1,)`.
    pub(crate) fn of(sample: &Sample<'_>, rows: Rows<'_>, origin: &[f64]) -> Self {
        let around = Packing::around(origin.to_vec());
        let columns = origin.len();
        let parts = parts(rows, columns);
        let of_part = |part: Rows<'_>| {
            let mut moments = Self::new(columns);
            let mut block = Mat::zeros(block_rows(columns).min(part.len()), columns);
            for rows in part.blocks(block_rows(columns)) {
                sample.pack(rows, &around, &mut block);
                moments.add_block(&mut block, rows.len(), sample.case_weights_of(rows).as_deref());
            }
            moments
        };
        let parts: Vec<Self> = parts.into_par_iter().map(of_part).collect();
        let mut moments = merged(&parts).unwrap_or_else(|| Self::new(columns));
        for (mean, origin) in moments.means.iter_mut().zip(origin) {
            *mean += origin;
        }
        moments
    }

    /// Adds the first `m` rows of `block`, which is centred in place.
    fn add_block(&mut self, block: &mut Mat<f64>, m: usize, case_weights: Option<&[f64]>) {
        let (means, weight) = center(block, m, case_weights);
        let z = block.subrows(0, m);
        self.add_mean(&means, weight);
        add_products_of_columns(&mut self.products, z);
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

    /// `Σ c` of the rows summed up: their number without case weights.
    pub(crate) fn weight(&self) -> f64 {
        self.weight
    }

    /// Mean and sum of squares of each column, the target last.
    pub(crate) fn column_sums(&self) -> Vec<ColumnSums> {
        let squares = |j: usize| self.products[(j, j)];
        self.means.iter().enumerate().map(|(j, &mean)| ColumnSums { mean, squares: squares(j) }).collect()
    }
}

impl Merge for Moments {
    fn merge(&mut self, other: &Self) {
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

/// Centres the first `m` rows of each column, multiplies them by the roots of their case weights, and gives the means
/// and the weight of all rows.
pub(crate) fn center(block: &mut Mat<f64>, m: usize, case_weights: Option<&[f64]>) -> (Vec<f64>, f64) {
    let weight = case_weights.map_or(m as f64, |weights| weights.iter().sum());
    let roots: Option<Vec<f64>> = case_weights.map(|weights| weights.iter().map(|c| c.sqrt()).collect());
    let mut means = Vec::with_capacity(block.ncols());
    for j in 0..block.ncols() {
        let column = &mut block.col_as_slice_mut(j)[..m];
        let rough = match case_weights {
            None => column.iter().sum::<f64>(),
            Some(weights) => column.iter().zip(weights).map(|(z, c)| z * c).sum(),
        } / weight;
        let mut rest = 0.0;
        for (r, z) in column.iter_mut().enumerate() {
            *z -= rough;
            rest += case_weights.map_or(*z, |weights| weights[r] * *z);
        }
        // The second pass takes away the rounding of the first.
        let rest = rest / weight;
        for z in &mut *column {
            *z -= rest;
        }
        if let Some(roots) = &roots {
            scale(column, roots);
        }
        means.push(rough + rest);
    }
    (means, weight)
}

/// `G = Z'Z/n` and `c = Z'y/n` (n the weight of the rows) of columns with unit variance, from moments.
#[derive(Debug)]
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
        let reciprocals: Vec<f64> = (0..p).map(reciprocal).collect();
        let product = |i: usize, j: usize| moments.products[(i.max(j), i.min(j))] / n;
        Self {
            gram: Mat::from_fn(p, p, |i, j| product(i, j) * reciprocals[i] * reciprocals[j]),
            with_target: (0..p).map(|j| product(p, j) * reciprocals[j]).collect(),
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

    fn gram(&self, j: usize, others: &[usize]) -> Vec<f64> {
        let column = self.gram.col_as_slice(j);
        others.iter().map(|&i| column[i]).collect()
    }

    fn gradient_of(&mut self, features: &[usize], active: &[usize], values: &[f64], out: &mut [f64]) {
        // Walking down columns is so much faster than picking from rows that all features cost less than a quarter of them.
        if 4 * features.len() > self.len() {
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
        for (&i, &b) in active.iter().zip(values) {
            for (g, gram) in out.iter_mut().zip(self.gram.col_as_slice(i)) {
                *g -= gram * b;
            }
        }
    }
}
