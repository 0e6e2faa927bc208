//! Cross-validation of lasso and elastic net for p ≫ n: the fits of all folds stand on one copy of X.
//!
//! Rows are put in the order of their folds, so that a fold's held-out rows lie together. Centre and scale of each fold's
//! training rows are merged from those of the other folds (Chan), never taken out of a sum; the columns themselves stay
//! as they are, see [`DataProducts`]. Held-out rows are predicted by the active features alone.

use std::ops::Range;
use std::sync::Arc;

use faer::Mat;
use rayon::prelude::*;

use crate::model::active_set::ActiveSet;
use crate::model::path::{PathError, PathValidParams};
use crate::model::product::{dot, vectorized};
use crate::model::progress::Progress;
use crate::model::residual::{ColumnFrame, DataProducts};
use crate::model::rows::Rows;
use crate::model::sample::{ColumnSums, Packing, Sample};
use crate::model::standardize::Frame;

/// Most numbers that the folds' centres and scales may take together: 512 MiB.
const MOST_SUMS: usize = 1 << 25;
/// Farthest centre from zero, in standard deviations: beyond it the shared column keeps too few digits for the fold.
const FARTHEST: f64 = 100.0;

/// One copy of X for all folds.
#[derive(Debug)]
pub(crate) struct ColumnFolds<'c, 's> {
    sample: &'c Sample<'s>,
    /// `√c z`, the rows in the order of their folds, shape `(n, p + 1)`, the target last.
    columns: Arc<Mat<f64>>,
    /// `√c`, shape `(n,)`.
    roots: Vec<f64>,
    /// Rows of each fold.
    folds: Vec<Range<usize>>,
    /// `sums[j][k]`: what column `j` sums up to over the training rows of fold `k`.
    sums: Vec<Vec<Part>>,
}

/// What one fold gives.
#[derive(Debug)]
pub(crate) struct FoldPath {
    /// `Σ c (y − ŷ)²` of the held-out rows at each alpha.
    pub(crate) residual_sums: Vec<f64>,
    /// At each alpha those that are not zero, in the user's units, in the order of the features.
    pub(crate) coefficients: Vec<Vec<(u32, f64)>>,
}

/// Weight, mean and sum of squares about it of some rows of a column.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    weight: f64,
    sums: ColumnSums,
}

impl<'c, 's> ColumnFolds<'c, 's> {
    /// `held_out`: the rows of each fold, all rows together. `None` where another way is better: missing cells, or too many
    /// folds.
    pub(crate) fn new(sample: &'c Sample<'s>, held_out: &[Vec<usize>]) -> Option<Self> {
        let (mut order, mut folds) = (Vec::with_capacity(sample.n_samples()), Vec::new());
        for rows in held_out {
            folds.push(order.len()..order.len() + rows.len());
            order.extend_from_slice(rows);
        }
        let columns = sample.n_features() + 1;
        if sample.has_missing() || folds.len() * columns > MOST_SUMS {
            return None;
        }
        let weights = sample.case_weights_of(Rows::List(&order));
        let roots: Vec<f64> =
            weights.map_or_else(|| vec![1.0; order.len()], |weights| weights.iter().map(|c| c.sqrt()).collect());
        let columns = Arc::new(
            sample.pack_all(Rows::of(&order), &Packing { center: vec![0.0; columns], factor: vec![1.0; columns] }),
        );
        let of_column = |j: usize| {
            let column = columns.col_as_slice(j);
            let of_fold = |rows: &Range<usize>| Part::of(&column[rows.clone()], &roots[rows.clone()]);
            complements(&folds.iter().map(of_fold).collect::<Vec<_>>())
        };
        let sums = (0..columns.ncols()).into_par_iter().map(of_column).collect();
        Some(Self { sample, columns, roots, folds, sums })
    }

    /// The path of the training rows when fold `k` is held out; one unit of progress an alpha. `None` where the shared
    /// columns keep too few digits for this fold.
    ///
    /// # Errors
    /// [`PathError::Cancelled`] if asked to stop, and as [`Frame::learn`].
    pub(crate) fn path(
        &self,
        k: usize,
        params: &PathValidParams,
        alphas: &[f64],
        progress: &Progress,
    ) -> Result<Option<FoldPath>, PathError> {
        let weight = self.sums.last().map_or(0.0, |of_target| of_target[k].weight);
        let sums: Vec<ColumnSums> = self.sums.iter().map(|of_column| of_column[k].sums).collect();
        let (frame, l1_ratio) = (Frame::learn(self.sample.units(), weight, &sums, params.scale())?, params.l1_ratio());
        let Packing { center: centers, factor: factors } = frame.normalizing();
        if centers.iter().zip(&factors).any(|(center, factor)| (center * factor).abs() > FARTHEST * factor.signum()) {
            return Ok(None);
        }
        let held_out = self.folds[k].clone();
        let column_frame = ColumnFrame { centers, factors, roots: self.roots.clone(), held_out, weight };
        let mut products = DataProducts::in_frame(Arc::clone(&self.columns), column_frame);
        let (weights, scales) = (frame.weights(), frame.scaling(self.sample.units()).scales);
        let penalties = params.penalties().of_columns(weights);
        let mut active_set = ActiveSet::new(&mut products, &penalties);
        let mut solutions = Vec::with_capacity(alphas.len());
        for alpha in alphas {
            active_set.solve(alpha * l1_ratio, alpha * (1.0 - l1_ratio), progress)?;
            let mut solution: Vec<(usize, f64)> = active_set.solution().filter(|(_, v)| *v != 0.0).collect();
            solution.sort_unstable_by_key(|(j, _)| *j);
            solutions.push(solution);
            progress.advance(1)?;
        }
        let in_users_units = |(j, v): &(usize, f64)| (*j as u32, v * weights[*j] / scales[*j]);
        let residual_sums = solutions.iter().map(|solution| products.held_out_residual_sum(solution)).collect();
        let coefficients = solutions.iter().map(|solution| solution.iter().map(in_users_units).collect()).collect();
        Ok(Some(FoldPath { residual_sums, coefficients }))
    }
}

impl Part {
    /// Of `√c z` with these `√c`.
    fn of(column: &[f64], roots: &[f64]) -> Self {
        vectorized(
            #[inline(always)]
            || {
                let weight = dot(roots, roots);
                let mean = if weight > 0.0 { dot(column, roots) / weight } else { 0.0 };
                let squares = column.iter().zip(roots).map(|(z, root)| (z - mean * root).powi(2)).sum();
                Self { weight, sums: ColumnSums { mean, squares } }
            },
        )
    }

    /// With other rows (Chan, Golub, `LeVeque` 1983).
    fn and(self, other: Self) -> Self {
        let weight = self.weight + other.weight;
        if other.weight == 0.0 || self.weight == 0.0 {
            return if other.weight == 0.0 { self } else { other };
        }
        let (delta, share) = (other.sums.mean - self.sums.mean, other.weight / weight);
        let squares = self.sums.squares + other.sums.squares + delta * delta * self.weight * share;
        Self { weight, sums: ColumnSums { mean: self.sums.mean + delta * share, squares } }
    }
}

/// For each part all others together.
fn complements(parts: &[Part]) -> Vec<Part> {
    let mut after = vec![Part::default(); parts.len() + 1];
    for k in (0..parts.len()).rev() {
        after[k] = parts[k].and(after[k + 1]);
    }
    let mut before = Part::default();
    let mut complements = Vec::with_capacity(parts.len());
    for (part, after) in parts.iter().zip(&after[1..]) {
        complements.push(before.and(*after));
        before = before.and(*part);
    }
    complements
}
