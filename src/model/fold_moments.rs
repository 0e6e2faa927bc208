//! The moments of every fold, from one pass over the rows.
//!
//! Rows are read in blocks in the order of the data; within a block they are packed fold by fold, so that each fold's rows
//! lie together and a block of the data is read once while it is in the cache, however folds are dealt. The training
//! moments of a fold are the merge of all others (Chan), so cross-validation costs one pass whatever the number of alphas.

use faer::Mat;
use rayon::prelude::*;

use crate::model::moments::{Moments, block_rows, merged};
use crate::model::rows::Rows;
use crate::model::sample::{Packing, Sample};

/// Least rows of one fold in a block, on average: fewer waste the pass over the products.
const LEAST_OF_FOLD: usize = 256;
/// Most numbers in the moments of all parts together: 128 MiB.
const MOST_IN_PARTS: usize = 1 << 24;

/// What the rows of each fold sum up to.
#[derive(Debug, Clone)]
pub(crate) struct FoldMoments {
    /// In the order of the folds.
    pub(crate) folds: Vec<Moments>,
}

impl FoldMoments {
    /// `assignment`: the fold of each row, in `0..n_folds`. The sample has no missing cells.
    pub(crate) fn of(sample: &Sample<'_>, assignment: &[u32], n_folds: usize) -> Self {
        let columns = sample.n_features() + 1;
        let size = block_rows(columns).max(LEAST_OF_FOLD * n_folds);
        let parts: Vec<Rows<'_>> = parts(sample.n_samples(), columns, n_folds, size);
        let of_part = |rows: Rows<'_>| {
            let mut folds = vec![Moments::new(columns); n_folds];
            let mut block = Block::new(size.min(rows.len()), columns, n_folds);
            for rows in rows.blocks(size) {
                block.add(sample, rows, assignment, &mut folds);
            }
            folds
        };
        let parts: Vec<Vec<Moments>> = parts.into_par_iter().map(of_part).collect();
        let mut parts = parts.into_iter();
        let mut folds = parts.next().unwrap_or_default();
        for part in parts {
            for (fold, other) in folds.iter_mut().zip(&part) {
                crate::model::moments::Merge::merge(fold, other);
            }
        }
        Self { folds }
    }

    /// Of all rows.
    pub(crate) fn all(&self) -> Option<Moments> {
        merged(&self.folds)
    }
}

/// The rows cut into parts for the cores: the same on every machine, so that sums are the same too.
fn parts(n: usize, columns: usize, n_folds: usize, size: usize) -> Vec<Rows<'static>> {
    let most = (MOST_IN_PARTS / (n_folds * columns * columns).max(1)).clamp(1, 16);
    Rows::Range(0, n).blocks(n.div_ceil(most).max(2 * size)).collect()
}

/// One block of rows, packed fold by fold.
struct Block {
    packed: Mat<f64>,
    /// Rows of the sample in the order of their folds.
    order: Vec<usize>,
    /// Where each fold starts in it.
    starts: Vec<usize>,
    packing: Packing,
}

impl Block {
    fn new(size: usize, columns: usize, n_folds: usize) -> Self {
        Self {
            packed: Mat::zeros(size, columns),
            order: vec![0; size],
            starts: vec![0; n_folds + 1],
            packing: Packing::around(vec![0.0; columns]),
        }
    }

    fn add(&mut self, sample: &Sample<'_>, rows: Rows<'_>, assignment: &[u32], folds: &mut [Moments]) {
        self.sort(rows, assignment);
        let order = &self.order[..rows.len()];
        sample.pack(Rows::of(order), &self.packing, &mut self.packed);
        for (fold, moments) in folds.iter_mut().enumerate() {
            let (from, to) = (self.starts[fold], self.starts[fold + 1]);
            if from < to {
                let weights = sample.case_weights_of(Rows::List(&order[from..to]));
                moments.add_block(self.packed.subrows_mut(from, to - from), weights.as_deref());
            }
        }
    }

    /// Counting sort by fold, stable.
    fn sort(&mut self, rows: Rows<'_>, assignment: &[u32]) {
        self.starts.fill(0);
        for r in 0..rows.len() {
            self.starts[assignment[rows.row(r)] as usize + 1] += 1;
        }
        for fold in 1..self.starts.len() {
            self.starts[fold] += self.starts[fold - 1];
        }
        let mut next = self.starts.clone();
        for r in 0..rows.len() {
            let place = &mut next[assignment[rows.row(r)] as usize];
            self.order[*place] = rows.row(r);
            *place += 1;
        }
    }
}
