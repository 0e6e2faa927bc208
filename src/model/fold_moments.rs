//! The moments of every fold, from one pass over the rows: all that lasso, ridge and their cross-validation need.
//!
//! Rows are read in blocks in the order of the data; within a block they are packed fold by fold, so that each fold's rows
//! lie together and a block of the data is read once while it is in the cache, however folds are dealt. The training
//! moments of a fold are the merge of all others (Chan), so cross-validation costs one pass whatever the number of alphas.
//!
//! Rows may also come from elsewhere, block by block ([`Accumulator`]), or be summed up elsewhere
//! ([`FoldMoments::from_parts`]): then no row is ever held here.

mod growth;

use std::ops::Range;

use faer::Mat;
use ndarray::{ArrayView1, ArrayView2};
use rayon::prelude::*;

use crate::model::moments::{Merge, Moments, block_rows, merged};
use crate::model::path::PathError;
use crate::model::rows::Rows;
use crate::model::sample::{Sample, center};
use crate::model::sparse_columns::SparseColumns;
use crate::model::units::Units;

/// Least rows of one fold in a block, on average: fewer waste the pass over the products.
const LEAST_OF_FOLD: usize = 128;
/// Most numbers in the moments of all parts together: 64 MiB.
const MOST_IN_PARTS: usize = 1 << 23;
/// Most parts: more cores than that are of no use.
const MOST_PARTS: usize = 16;
/// Columns from which the folds of a block are summed up side by side.
const WIDE: usize = 128;
/// Cells that are summed up by one thread.
const SMALL: usize = 1 << 15;

/// What the rows of each fold sum up to.
#[derive(Debug, Clone)]
pub struct FoldMoments {
    /// How columns were read.
    units: Units,
    /// In the order of the folds.
    folds: Vec<Moments>,
}

impl FoldMoments {
    /// `assignment`: the fold of each row, in `0..n_folds`. The sample has no missing cells.
    pub(crate) fn of(sample: &Sample<'_>, assignment: &[u32], n_folds: usize) -> Self {
        let Some(sparse) = SparseColumns::of(sample, assignment, n_folds) else {
            let columns: Vec<usize> = (0..=sample.n_features()).collect();
            return Self::new(sample.units().clone(), of_columns(sample, &columns, assignment, n_folds));
        };
        let dense = of_columns(sample, sparse.dense(), assignment, n_folds);
        let parts = parts(sample.n_samples(), sample.n_features() + 1, n_folds, block_rows(dense.len()));
        Self::new(sample.units().clone(), sparse.complete(sample, assignment, &dense, &parts))
    }

    /// Of these; the case weights are brought to mean 1.
    pub(super) fn new(units: Units, folds: Vec<Moments>) -> Self {
        let mut all = Self { units, folds };
        all.normalize_weights();
        all
    }

    /// How columns were read.
    pub(crate) fn units(&self) -> &Units {
        &self.units
    }

    /// In the order of the folds.
    pub fn folds(&self) -> &[Moments] {
        &self.folds
    }

    /// Of all rows.
    pub(crate) fn all(&self) -> Option<Moments> {
        merged(&self.folds)
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.folds.iter().map(Moments::n_rows).sum()
    }

    /// Number of doubles it holds.
    pub(crate) fn size(&self) -> usize {
        self.folds.len() * (self.units.n_features() + 1).pow(2)
    }

    /// Whether nothing overflowed: not so where a column is read in far too small a unit.
    pub fn is_finite(&self) -> bool {
        let is_finite =
            |fold: &Moments| (0..fold.n_columns()).all(|j| fold.product(j, j).is_finite() && fold.mean(j).is_finite());
        self.folds.iter().all(is_finite)
    }

    /// Of these columns in this order, the last as target. The former target is column `p`.
    ///
    /// # Errors
    /// [`PathError::ExtremeTarget`] if the new target cannot be squared in its own unit.
    pub fn select(&self, columns: &[usize]) -> Result<Self, PathError> {
        let units = self.units.select(columns);
        let factor = |k: usize| units.unit(k).reciprocal / self.units.unit(columns[k]).reciprocal;
        let fold = |fold: &Moments| {
            let product = |i: usize, j: usize| {
                if i < j { 0.0 } else { fold.product(columns[i], columns[j]) * factor(i) * factor(j) }
            };
            let means = columns.iter().enumerate().map(|(k, &j)| fold.mean(j) * factor(k)).collect();
            Moments::from_parts(
                fold.n_rows(),
                fold.weight(),
                means,
                Mat::from_fn(columns.len(), columns.len(), product),
            )
        };
        let selected = Self { folds: self.folds.iter().map(fold).collect(), units };
        if selected.is_finite() {
            return Ok(selected);
        }
        let largest = columns.last().map_or(0.0, |&j| self.units.unit(j).reciprocal.recip());
        Err(PathError::ExtremeTarget { largest })
    }

    /// Brings the case weights to mean 1 over all rows: only their ratios count.
    fn normalize_weights(&mut self) {
        let weight: f64 = self.folds.iter().map(Moments::weight).sum();
        let factor = self.n_rows() as f64 / weight;
        if factor.total_cmp(&1.0).is_ne() {
            self.folds.iter_mut().for_each(|fold| fold.scale_weights(factor));
        }
    }
}

/// What these columns sum up to over the rows of each fold, the target being the last.
fn of_columns(sample: &Sample<'_>, columns: &[usize], assignment: &[u32], n_folds: usize) -> Vec<Moments> {
    let (n, width) = (sample.n_samples(), columns.len());
    // Folds in a row need smaller blocks and fewer sums than folds dealt at random.
    let mixed = distinct(assignment.get(..block_rows(width)).unwrap_or(assignment));
    let size = rows_at_once(width, mixed);
    let of_part = |rows: Rows<'_>| {
        let mut accumulator = Accumulator::sized(columns.to_vec(), n_folds, size.min(rows.len()));
        for rows in rows.blocks(size) {
            accumulator.add_rows(sample, rows, assignment);
        }
        accumulator
    };
    let parts = if n * width <= SMALL {
        vec![of_part(Rows::Range(0, n))]
    } else {
        parts(n, width, mixed, size).into_par_iter().map(of_part).collect()
    };
    merged(&parts).unwrap_or_else(|| Accumulator::sized(columns.to_vec(), n_folds, 0)).of_folds()
}

/// Number of folds among these rows.
fn distinct(assignment: &[u32]) -> usize {
    assignment.iter().collect::<std::collections::BTreeSet<_>>().len()
}

/// Rows to a block in which rows of this many folds are mixed.
fn rows_at_once(columns: usize, mixed: usize) -> usize {
    block_rows(columns).max(LEAST_OF_FOLD * mixed)
}

/// The rows cut into parts for the cores: the same on every machine, so that sums are the same too.
fn parts(n: usize, columns: usize, mixed: usize, size: usize) -> Vec<Rows<'static>> {
    let most = (MOST_IN_PARTS / (mixed * columns * columns).max(1)).clamp(1, MOST_PARTS);
    Rows::Range(0, n).blocks(n.div_ceil(most).max(2 * size)).collect()
}

/// Sums up rows as they come, each in its fold.
#[derive(Debug, Clone)]
pub struct Accumulator {
    /// Which are summed up, the target last.
    columns: Vec<usize>,
    /// None where no row has come.
    folds: Vec<Option<Moments>>,
    block: Block,
}

/// One block of rows, packed fold by fold.
#[derive(Debug, Clone)]
struct Block {
    packed: Mat<f64>,
    /// Rows of the sample in the order of their folds.
    order: Vec<usize>,
    /// Where each fold starts in it.
    starts: Vec<usize>,
}

impl Accumulator {
    /// Of no rows: `columns` counts the target, too.
    pub fn new(columns: usize, n_folds: usize) -> Self {
        Self::sized((0..columns).collect(), n_folds, rows_at_once(columns, n_folds))
    }

    /// With blocks of this many rows.
    fn sized(columns: Vec<usize>, n_folds: usize, size: usize) -> Self {
        let packed = Mat::zeros(size, columns.len());
        let block = Block { packed, order: vec![0; size], starts: vec![0; n_folds + 1] };
        Self { columns, folds: vec![None; n_folds], block }
    }

    /// Adds complete rows in the user's units: X of shape `(m, p)`, y, the fold of each row, and its case weight above 0.
    pub fn add<'a>(
        &mut self,
        units: &Units,
        x: ArrayView2<'a, f64>,
        y: ArrayView1<'a, f64>,
        assignment: &[u32],
        case_weights: Option<&[f64]>,
    ) {
        let sample = Sample::in_units(x, y, case_weights, units.clone());
        for rows in sample.all().blocks(self.block.order.len()) {
            self.add_rows(&sample, rows, assignment);
        }
    }

    /// What all rows sum up to; the case weights are brought to mean 1.
    pub fn finish(self, units: Units) -> FoldMoments {
        FoldMoments::new(units, self.of_folds())
    }

    fn of_folds(self) -> Vec<Moments> {
        let of_fold = |fold: Option<Moments>| fold.unwrap_or_else(|| Moments::new(self.columns.len()));
        self.folds.into_iter().map(of_fold).collect()
    }

    fn add_rows(&mut self, sample: &Sample<'_>, rows: Rows<'_>, assignment: &[u32]) {
        let Self { columns, folds, block } = self;
        block.sort(rows, assignment);
        let Block { packed, order, starts } = block;
        let order = &order[..rows.len()];
        let weights = sample.case_weights_of(Rows::List(order));
        let weights = |range: &Range<usize>| weights.as_ref().map(|weights| &weights[range.clone()]);
        let mut filled: Vec<Filled<'_>> = folds
            .iter_mut()
            .zip(starts.windows(2))
            .filter(|(_, ends)| ends[0] < ends[1])
            .map(|(moments, ends)| Filled { moments, range: ends[0]..ends[1], means: vec![0.0; columns.len()] })
            .collect();
        for (k, &j) in columns.iter().enumerate() {
            let column = &mut packed.col_as_slice_mut(k)[..order.len()];
            sample.pack_column(Rows::of(order), j, 0.0, 1.0, column);
            for Filled { range, means, .. } in &mut filled {
                means[k] = center(&mut column[range.clone()], weights(range));
            }
        }
        let add = |Filled { moments, range, means }: &mut Filled<'_>| {
            let moments = moments.get_or_insert_with(|| Moments::new(columns.len()));
            moments.add_block(packed.subrows(range.start, range.len()), means, weights(range));
        };
        if columns.len() >= WIDE {
            filled.par_iter_mut().for_each(add);
        } else {
            filled.iter_mut().for_each(add);
        }
    }
}

/// The rows of one fold in a block.
struct Filled<'f> {
    moments: &'f mut Option<Moments>,
    range: Range<usize>,
    means: Vec<f64>,
}

impl Merge for Accumulator {
    fn merge(&mut self, other: &Self) {
        for (fold, other) in self.folds.iter_mut().zip(&other.folds) {
            match (fold, other) {
                (Some(fold), Some(other)) => fold.merge(other),
                (fold @ None, Some(other)) => *fold = Some(other.clone()),
                (_, None) => {}
            }
        }
    }
}

impl Block {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::random::SplitMix64;
    use crate::model::twice::Twice;
    use ndarray::{Array1, Array2, ShapeBuilder};

    /// Correlations of the rows, to all digits.
    fn correlations(x: &Array2<f64>, rows: Range<usize>) -> Array2<f64> {
        let (n, p) = (rows.len() as f64, x.ncols());
        // Centred by a mean with twice the digits: what the first part leaves, the second takes.
        let mean = |j: usize| {
            let sum = rows.clone().fold(Twice::default(), |sum, i| sum.add(x[[i, j]]));
            let mean = sum.value() / n;
            let rest = rows.clone().fold(Twice::default(), |sum, i| sum.add(x[[i, j]]).add(-mean));
            (mean, rest.value() / n)
        };
        let means: Vec<(f64, f64)> = (0..p).map(mean).collect();
        let centred =
            Array2::from_shape_fn((rows.len(), p), |(i, j)| (x[[rows.start + i, j]] - means[j].0) - means[j].1);
        let product = |a: usize, b: usize| {
            (0..rows.len()).fold(Twice::default(), |sum, i| sum.add_product(centred[[i, a]], centred[[i, b]])).value()
        };
        let squares: Vec<f64> = (0..p).map(|j| product(j, j)).collect();
        Array2::from_shape_fn((p, p), |(a, b)| product(a, b) / (squares[a] * squares[b]).sqrt())
    }

    /// What becomes of value `v` in row `i`.
    type Change = fn(usize, f64) -> f64;

    /// The six tables on which total minus fold loses up to all digits.
    #[test]
    fn training_moments_keep_their_digits() {
        let (n, p) = (20_000, 6);
        let mut random = SplitMix64::new(3);
        let uniform = |bits: u64| (bits >> 11) as f64 / (1_u64 << 53) as f64;
        let plain =
            Array2::from_shape_simple_fn((n, p).f(), || (0..12).map(|_| uniform(random.next())).sum::<f64>() - 6.0);
        let y = Array1::from_shape_fn(n, |i| plain[[i, 0]] + plain[[i, 1]]);
        let tables: [(&str, Change); 6] = [
            ("mean 1e6", |_, v| v + 1e6),
            ("mean 1e8", |_, v| v + 1e8),
            ("mean 1e6, first row zero", |i, v| if i == 0 { 0.0 } else { v + 1e6 }),
            ("ramp", |i, v| v + 1e2 * (i as f64 - 1e4)),
            ("a fold with 1e12 times the variance", |i, v| if i < 2000 { 1e6 * v } else { v }),
            ("constant outside of the fold", |i, v| if i < 2000 { v } else { 1e-9 * v + 5.0 }),
        ];
        for (what, change) in tables {
            let x = Array2::from_shape_fn((n, p).f(), |(i, j)| change(i, plain[[i, j]]));
            let assignment: Vec<u32> = (0..n).map(|i| (i / 2000) as u32).collect();
            let sample = Sample::new(x.view(), None, y.view()).unwrap();
            let folds = FoldMoments::of(&sample, &assignment, 10);
            let training = merged(&folds.folds[1..]).unwrap();
            let expected = correlations(&x, 2000..n);
            for a in 0..p {
                for b in 0..a {
                    let scale = (training.product(a, a) * training.product(b, b)).sqrt();
                    let error = (training.product(a, b) / scale - expected[[a, b]]).abs();
                    assert!(error < 1e-10, "{what}: {error}");
                }
            }
        }
    }
}
