//! The constraint geometry of two features, exactly on the user's own data.
//!
//! All other coefficients stand where the chosen fit has them. In the plane of the two that remain, the loss is the quadratic
//! of [`Loss`] with `H = X_S'X_S / n` and `b* = w_S + H⁻¹ g_S`, where `g_S = X_S'r / n` is the pull of the residuals at the fit.
//! The penalty leaves the region `|b_j| + |b_k| ≤ t_S` (lasso) or `b_j² + b_k² ≤ t_S` (ridge), and by block optimality the
//! contour through the fit touches that region.

use crate::analysis::{Analysis, Penalty};
use crate::insight::plane::{Ball, Contact, Loss, Region};

/// The plane of two features at one fit, in the units of the objective (`w`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slice {
    /// `w` of the two features.
    pub fit: [f64; 2],
    /// `g_S`, pointing from the fit down the loss.
    pub pull: [f64; 2],
    /// The loss in this plane; its centre is the nearest to the fit where least squares is not unique.
    pub loss: Loss,
    /// The region of `t_S`: what the other coefficients leave to these two.
    pub region: Region,
    /// `t` of the whole model, `‖w‖₁` or `‖w‖₂²`.
    pub whole_budget: f64,
    /// Correlation of the two columns.
    pub correlation: f64,
}

impl Slice {
    /// The plane of `pair` at position `k` of a penalty's path.
    pub fn new(analysis: &Analysis, penalty: Penalty, k: usize, pair: (usize, usize)) -> Self {
        let path = &analysis.penalty(penalty).path;
        let (w, g) = (path.solution(k), path.gradient(k));
        let fit = [w[pair.0], w[pair.1]];
        let pull = [g[pair.0], g[pair.1]];
        let loss = path.residual_sum(k) / (2.0 * path.n_samples() as f64);
        let h = hessian(analysis, penalty, pair);
        let scale = (h[0][0] * h[1][1]).sqrt();
        Self {
            fit,
            pull,
            loss: Loss::through(h, fit, pull, loss),
            region: Region::around(Ball::of(path.l1_ratio()), fit),
            whole_budget: budget(analysis, penalty, k),
            correlation: if scale > 0.0 { h[0][1] / scale } else { 0.0 },
        }
    }

    /// How the contour meets the region.
    pub fn contact(&self) -> Contact {
        self.region.contact(self.fit)
    }

    /// Sine of the angle between the pull and the region's outward normals at the fit: 0 where the contour is tangent.
    pub fn tangency_residual(&self) -> f64 {
        self.region.tangency_residual(self.fit, self.pull)
    }
}

/// `t` of the whole model at position `k`: see [`Ball::of`].
pub fn budget(analysis: &Analysis, penalty: Penalty, k: usize) -> f64 {
    let path = &analysis.penalty(penalty).path;
    let ball = Ball::of(path.l1_ratio());
    path.solution(k).iter().map(|w| ball.size(*w)).sum()
}

/// `X_S'X_S / n` of two scaled, centred columns, rows counted by their case weights; missing cells stand at the mean.
fn hessian(analysis: &Analysis, penalty: Penalty, pair: (usize, usize)) -> [[f64; 2]; 2] {
    let scaling = analysis.penalty(penalty).path.scaling();
    let length = |j: usize| scaling.sds[j] / scaling.scales[j];
    let between = length(pair.0) * length(pair.1) * analysis.correlation(pair.0, pair.1);
    [[length(pair.0).powi(2), between], [between, length(pair.1).powi(2)]]
}
