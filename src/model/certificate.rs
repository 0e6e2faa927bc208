//! How far a point is from optimal: duality gap and KKT violation, measured on the residuals of the data.
//!
//! Every solver of this crate, linfa's too, is judged by this one file. The dual point is a multiple of the residuals,
//! `θ = s r / n` (Kim, Koh, Lustig, Boyd, Gorinevsky 2007, IEEE J. Sel. Top. Signal Process. 1(4)); all gaps are summed
//! up term by term, because primal minus dual would lose their digits.

use faer::{Mat, MatRef};
use rayon::prelude::*;

use crate::model::moments::{Moments, block_rows, parts};
use crate::model::penalty::FeaturePenalties;
use crate::model::product::{add_product, dot};
use crate::model::rows::Rows;
use crate::model::sample::{Packing, Sample};

/// One point of a path with what its residuals say.
#[derive(Debug, Clone, Copy)]
pub struct Point<'a> {
    /// 1 for the lasso, 0 for ridge.
    pub l1_ratio: f64,
    /// Penalty strength.
    pub alpha: f64,
    /// `w`, shape `(p,)`.
    pub solution: &'a [f64],
    /// `g = X'(y − Xw)/n`, shape `(p,)`.
    pub gradient: &'a [f64],
    /// `‖y − Xw‖²`.
    pub residual_sum: f64,
    /// `‖y‖²`, y centred.
    pub target_sum: f64,
    /// `max_j |x_j'y| / n`.
    pub largest_pull: f64,
    /// n of the objective: the number of rows, or the sum of their case weights.
    pub weight: f64,
    /// `φ_j`, and the signs that coefficients may take.
    pub penalties: &'a FeaturePenalties,
}

impl Point<'_> {
    /// Primal minus dual objective relative to `‖y‖²/2n`, at least 0; `None` at alpha = 0, where there is no dual point.
    ///
    /// With penalty factors, `alpha` stands for `alpha φ_j`; with signs, `|g_j|` for the pull to where `w_j` may go.
    ///
    /// * lasso: with `s = min(1, alpha / max_j |g_j|)`, `(1 − s)² ‖r‖²/2n + Σ_j (alpha |w_j| − s w_j g_j)`
    /// * ridge: `‖g − alpha w‖² / (2 alpha)`
    /// * elastic net: `Σ_j [a1 |w_j| + a2 w_j²/2 + max(|s g_j| − a1, 0)²/(2 a2) − s w_j g_j] + (1 − s)² ‖r‖²/2n`,
    ///   the smaller of `s = 1` and the lasso's `s`
    pub fn duality_gap(&self) -> Option<f64> {
        let (a1, a2) = self.strengths();
        if self.alpha == 0.0 {
            return None;
        }
        let gap = if a1 == 0.0 {
            self.pairs().map(|(_, w, g)| (g - self.alpha * w).powi(2)).sum::<f64>() / (2.0 * self.alpha)
        } else {
            let pull = |(j, _, g): (usize, f64, f64)| self.penalties.sign(j).pull(g) / self.penalties.factor(j);
            let largest = self.pairs().map(pull).fold(0.0, f64::max);
            let s = if largest > a1 { a1 / largest } else { 1.0 };
            let scaled = self.gap_with_dual_scale(s);
            if a2 == 0.0 { scaled } else { scaled.min(self.gap_with_dual_scale(1.0)) }
        };
        let reference = self.target_sum / (2.0 * self.weight);
        Some(relative(gap, reference).max(0.0))
    }

    /// The gap at the dual point `θ = s r / n`.
    fn gap_with_dual_scale(&self, s: f64) -> f64 {
        let (a1, a2) = self.strengths();
        let term = |(j, w, g): (usize, f64, f64)| {
            let (factor, pull) = (self.penalties.factor(j), self.penalties.sign(j).pull(s * g));
            let (a1, a2) = (a1 * factor, a2 * factor);
            let excess = if a2 == 0.0 { 0.0 } else { (pull - a1).max(0.0).powi(2) / (2.0 * a2) };
            a1 * w.abs() + a2 * w * w / 2.0 + excess - s * w * g
        };
        let terms: f64 = self.pairs().map(term).sum();
        terms + (1.0 - s).powi(2) * self.residual_sum / (2.0 * self.weight)
    }

    /// Largest distance of `g_j − a2 w_j` from `a1 · ∂|w_j|`, relative to `max_j |x_j'y| / n`.
    pub fn kkt(&self) -> f64 {
        let (a1, a2) = self.strengths();
        let distance = |(j, w, g): (usize, f64, f64)| {
            let (a1, a2) = (a1 * self.penalties.factor(j), a2 * self.penalties.factor(j));
            let pull = g - a2 * w;
            if w == 0.0 { (self.penalties.sign(j).pull(g) - a1).max(0.0) } else { (pull - a1 * w.signum()).abs() }
        };
        relative(self.pairs().map(distance).fold(0.0, f64::max), self.largest_pull)
    }

    /// `(a1, a2)`
    fn strengths(&self) -> (f64, f64) {
        (self.alpha * self.l1_ratio, self.alpha * (1.0 - self.l1_ratio))
    }

    /// `(j, w_j, g_j)`
    fn pairs(&self) -> impl Iterator<Item = (usize, f64, f64)> {
        self.solution.iter().zip(self.gradient).enumerate().map(|(j, (w, g))| (j, *w, *g))
    }
}

/// 0 where both are 0.
fn relative(value: f64, reference: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value / reference }
}

/// What the residuals of the data say about each of several solutions.
#[derive(Debug)]
pub(crate) struct Residuals {
    /// `X'(y − Xw)/n`, shape `(p, n_alphas)`.
    pub(crate) gradients: Mat<f64>,
    /// `‖y − Xw‖²`, shape `(n_alphas,)`.
    pub(crate) sums: Vec<f64>,
}

impl Residuals {
    /// One pass over `rows`, all alphas at once; `solutions` has shape `(p, n_alphas)` in the columns of `packing`.
    pub(crate) fn measure(sample: &Sample<'_>, rows: Rows<'_>, packing: &Packing, solutions: MatRef<'_, f64>) -> Self {
        let (p, n_alphas) = solutions.shape();
        let parts = parts(rows, p + 1);
        let of_part = |part: Rows<'_>| {
            let mut gradients = Mat::zeros(p, n_alphas);
            let sums = residual_blocks(sample, part, packing, solutions, |x, residuals| {
                // gradients += X'R
                add_product(gradients.as_mut(), 1.0, x.transpose(), residuals);
            });
            Self { gradients, sums }
        };
        let parts: Vec<Self> = parts.into_par_iter().map(of_part).collect();
        let mut all = Self { gradients: Mat::zeros(p, n_alphas), sums: vec![0.0; n_alphas] };
        for part in parts {
            all.gradients += part.gradients;
            add(&mut all.sums, &part.sums);
        }
        all.gradients *= faer::Scale(1.0 / sample.weight_of(rows));
        all
    }

    /// From the moments of the training rows in whose columns the solutions stand: with `v = (−w, 1)` times the factors,
    /// gradients are `S v` times the factors over n, and sums `v'Sv`.
    pub(crate) fn of_moments(moments: &Moments, packing: &Packing, solutions: MatRef<'_, f64>) -> Self {
        let (p, n_alphas) = solutions.shape();
        let v = Mat::from_fn(p + 1, n_alphas, |j, k| packing.factor[j] * if j < p { -solutions[(j, k)] } else { 1.0 });
        let image = moments.image(v.as_ref());
        let gradients = Mat::from_fn(p, n_alphas, |j, k| image[(j, k)] * packing.factor[j] / moments.weight());
        let sums = (0..n_alphas).map(|k| dot(v.col_as_slice(k), image.col_as_slice(k)).max(0.0)).collect();
        Self { gradients, sums }
    }
}

/// `‖y − Xw‖²` over `rows`, each square times its case weight, for each solution, shape `(n_alphas,)`: the squared errors of held-out rows.
pub(crate) fn residual_sums(
    sample: &Sample<'_>,
    rows: Rows<'_>,
    packing: &Packing,
    solutions: MatRef<'_, f64>,
) -> Vec<f64> {
    let parts = parts(rows, solutions.nrows() + 1);
    let of_part = |part: Rows<'_>| residual_blocks(sample, part, packing, solutions, |_, _| {});
    let parts: Vec<Vec<f64>> = parts.into_par_iter().map(of_part).collect();
    let mut sums = vec![0.0; solutions.ncols()];
    for part in parts {
        add(&mut sums, &part);
    }
    sums
}

/// Hands each block of X, shape `(rows, p)`, and its residuals, shape `(rows, n_alphas)`, to `visit`; gives `‖R‖²`.
fn residual_blocks(
    sample: &Sample<'_>,
    rows: Rows<'_>,
    packing: &Packing,
    solutions: MatRef<'_, f64>,
    mut visit: impl FnMut(MatRef<'_, f64>, MatRef<'_, f64>),
) -> Vec<f64> {
    let (p, n_alphas) = solutions.shape();
    let size = block_rows((p + 1).max(n_alphas)).min(rows.len());
    let mut block = Mat::zeros(size, p + 1);
    let mut residuals = Mat::zeros(size, n_alphas);
    let mut sums = vec![0.0; n_alphas];
    for rows in rows.blocks(size.max(1)) {
        let m = rows.len();
        sample.pack_weighted(rows, packing, &mut block);
        for k in 0..n_alphas {
            residuals.col_as_slice_mut(k)[..m].copy_from_slice(&block.col_as_slice(p)[..m]);
        }
        // R = y 1' − X W
        let x = block.submatrix(0, 0, m, p);
        add_product(residuals.subrows_mut(0, m), -1.0, x, solutions);
        for (k, sum) in sums.iter_mut().enumerate() {
            *sum += residuals.col_as_slice(k)[..m].iter().map(|r| r * r).sum::<f64>();
        }
        visit(x, residuals.subrows(0, m));
    }
    sums
}

fn add(sums: &mut [f64], others: &[f64]) {
    for (sum, other) in sums.iter_mut().zip(others) {
        *sum += other;
    }
}
