//! Sufficient statistics of rows: count, means and centred cross-products, from which a whole path follows.
//!
//! Row blocks are centred by their own means and put together by Chan's update (Chan, Golub, `LeVeque` 1983), so that
//! nothing is ever subtracted from a larger sum: the moments of the training rows of a fold are the merge of the other
//! folds, never total minus fold. With columns of mean 1e6 and standard deviation 1, correlations by subtraction are off
//! by 2e-2, by merging by 1e-15.

use faer::Mat;
use rayon::prelude::*;

use crate::model::active_set::InnerProducts;
use crate::model::product::add_products_of_columns;
use crate::model::sample::{ColumnSums, Packing, Rows, Sample};
use crate::model::standardize::Frame;

/// Parts of rows that are learned apart and put together.
pub(crate) trait Merge: Clone + Send + Sync {
    /// Takes in what `other` learned from other rows.
    fn merge(&mut self, other: &Self);
}

/// What `count` rows of `[X y]` sum up to, in the coordinates `z` of the sample.
#[derive(Debug, Clone)]
pub(crate) struct Moments {
    count: usize,
    /// Shape `(p + 1,)`, the target last.
    means: Vec<f64>,
    /// `Σ (z − mean)(z − mean)'`, shape `(p + 1, p + 1)`; the lower triangle counts.
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
        Self { count: 0, means: vec![0.0; columns], products: Mat::zeros(columns, columns) }
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
                moments.add_block(&mut block, rows.len());
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
    fn add_block(&mut self, block: &mut Mat<f64>, m: usize) {
        let means = center(block, m);
        let z = block.subrows(0, m);
        self.add_mean(&means, m);
        add_products_of_columns(&mut self.products, z);
    }

    /// Chan's update without the products of the other part: `products += δδ' · count · m / (count + m)`.
    fn add_mean(&mut self, means: &[f64], m: usize) {
        let (a, b) = (self.count as f64, m as f64);
        let delta: Vec<f64> = means.iter().zip(&self.means).map(|(other, own)| other - own).collect();
        if self.count > 0 && m > 0 {
            for (j, d) in delta.iter().enumerate() {
                let weight = d * (a * b / (a + b));
                for (product, d) in self.products.col_as_slice_mut(j)[j..].iter_mut().zip(&delta[j..]) {
                    *product += d * weight;
                }
            }
        }
        self.count += m;
        let share = b / (a + b).max(1.0);
        for (mean, d) in self.means.iter_mut().zip(&delta) {
            *mean += d * share;
        }
    }

    /// Rows summed up.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Mean and sum of squares of each column, the target last.
    pub(crate) fn column_sums(&self) -> Vec<ColumnSums> {
        let squares = |j: usize| self.products[(j, j)];
        self.means.iter().enumerate().map(|(j, &mean)| ColumnSums { mean, squares: squares(j) }).collect()
    }
}

impl Merge for Moments {
    fn merge(&mut self, other: &Self) {
        self.add_mean(&other.means, other.count);
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

/// Centres the first `m` rows of each column and gives the means.
pub(crate) fn center(block: &mut Mat<f64>, m: usize) -> Vec<f64> {
    let mut means = Vec::with_capacity(block.ncols());
    for j in 0..block.ncols() {
        let column = &mut block.col_as_slice_mut(j)[..m];
        let rough = column.iter().sum::<f64>() / m as f64;
        let mut rest = 0.0;
        for z in &mut *column {
            *z -= rough;
            rest += *z;
        }
        // The second pass takes away the rounding of the first.
        let rest = rest / m as f64;
        for z in column {
            *z -= rest;
        }
        means.push(rough + rest);
    }
    means
}

/// `G = Z'Z/n` and `c = Z'y/n` of columns with unit variance, from moments.
#[derive(Debug)]
pub(crate) struct MomentProducts {
    gram: Mat<f64>,
    with_target: Vec<f64>,
}

impl MomentProducts {
    /// Columns that do not vary are zero.
    pub(crate) fn new(moments: &Moments, frame: &Frame) -> Self {
        let p = moments.means.len() - 1;
        let n = moments.count as f64;
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
