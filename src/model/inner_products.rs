//! What the active set asks of the data: inner products of columns, and the gradient. Moments answer, or the columns.

use crate::model::cholesky::LeftOver;

/// Inner products of columns `z_j` of unit variance (zero, if they do not vary) and of the centred target.
pub(crate) trait InnerProducts {
    /// `c_j = z_j'y / n`, shape `(p,)`.
    fn with_target(&self) -> &[f64];
    /// `G_ij = z_i'z_j / n` for `i` in `others`.
    fn gram(&self, j: usize, others: &[usize]) -> Vec<f64>;
    /// Writes `g_j = z_j'(y − Z_A b) / n` into `out[j]` for `j` in `features`; `values` is `b`, in the order of `active`.
    fn gradient_of(&mut self, features: &[usize], active: &[usize], values: &[f64], out: &mut [f64]);
    /// What `Z_A β` leaves over of `z_j`, where columns are at hand to measure it.
    fn left_over(&self, _j: usize, _active: &[usize], _combination: &[f64]) -> Option<LeftOver> {
        None
    }
    /// Whether the gradient of all features costs no more than picking some.
    fn sees_all(&self) -> bool {
        false
    }
    /// As [`InnerProducts::gradient_of`] for all features.
    fn gradient(&mut self, active: &[usize], values: &[f64], out: &mut [f64]);
    /// As [`InnerProducts::gradient`], but a feature certainly below `limit` may get an estimate that is below it too, and
    /// active features keep what `out` holds: their gradient. Gives those near the limit or beyond, in any order.
    fn gradient_within(&mut self, active: &[usize], values: &[f64], _limit: Limit<'_>, out: &mut [f64]) -> Vec<usize> {
        self.gradient(active, values, out);
        (0..out.len()).collect()
    }
    /// Hears that feature `j` will be active, before its products are asked for.
    fn take_in(&mut self, _j: usize) {}
}

/// `a1 f_j`: what the penalty can hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit<'l> {
    /// `a1`
    pub(crate) a1: f64,
    /// `f`, shape `(p,)`.
    pub(crate) weights: &'l [f64],
}

/// Lower triangle of `G_AA + a2 l2`; `None` if nothing is active.
pub(crate) fn active_block<P: InnerProducts>(
    products: &P,
    active: &[usize],
    l2: &[f64],
    a2: f64,
) -> Option<faer::Mat<f64>> {
    if active.is_empty() {
        return None;
    }
    let mut block = faer::Mat::zeros(active.len(), active.len());
    for (k, &j) in active.iter().enumerate() {
        block.col_as_slice_mut(k)[k..].copy_from_slice(&products.gram(j, &active[k..]));
        block[(k, k)] += a2 * l2[j];
    }
    Some(block)
}
