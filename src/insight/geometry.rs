//! The constraint geometry of two features, exactly on the user's own data.
//!
//! All other coefficients stand where the chosen fit has them. In the plane of the two that remain, the loss is the quadratic
//! `L(b) = L* + ½ (b − b*)' H (b − b*)` with `H = X_S'X_S / n` and `b* = w_S + H⁻¹ g_S`, where `g_S = X_S'r / n` is the pull of the
//! residuals at the fit. The penalty leaves the region `|b_j| + |b_k| ≤ t_S` (lasso) or `b_j² + b_k² ≤ t_S` (ridge), and by block
//! optimality the contour through the fit touches that region: Tibshirani (1996), J. R. Stat. Soc. B 58(1), section 2.3.

use crate::analysis::{Analysis, Penalty};

/// The plane of two features at one fit, in the units of the objective (`w`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slice {
    /// `w` of the two features.
    pub fit: [f64; 2],
    /// Least squares in this plane, `b*`; of all of them the nearest to the fit where it is not unique.
    pub center: [f64; 2],
    /// `g_S`, pointing from the fit down the loss.
    pub pull: [f64; 2],
    /// Eigenvalues of `H`, larger first.
    pub curvature: [f64; 2],
    /// Eigenvectors of `H`, one for each eigenvalue.
    pub axes: [[f64; 2]; 2],
    /// Shape of the region.
    pub ball: Ball,
    /// `t_S`: what the other coefficients leave to these two.
    pub budget: f64,
    /// `t` of the whole model, `‖w‖₁` or `‖w‖₂²`.
    pub whole_budget: f64,
    /// Correlation of the two columns.
    pub correlation: f64,
}

/// How the contour through the fit meets the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    /// On an edge of the diamond.
    Edge,
    /// On a corner: the feature of this position in the pair is exactly zero.
    Corner(usize),
    /// On the circle.
    Circle,
    /// Nothing is left to either.
    BothZero,
}

impl Slice {
    /// The plane of `pair` at position `k` of a penalty's path.
    pub fn new(analysis: &Analysis, penalty: Penalty, k: usize, pair: (usize, usize)) -> Self {
        let path = &analysis.penalty(penalty).path;
        let (w, g) = (path.solution(k), path.gradient(k));
        let fit = [w[pair.0], w[pair.1]];
        let pull = [g[pair.0], g[pair.1]];
        let h = hessian(analysis, penalty, pair);
        let (curvature, axes) = symmetric_eigen(h);
        let mut center = fit;
        for (value, axis) in curvature.iter().zip(&axes) {
            // Along a direction without curvature every point is as good: stay at the fit.
            if *value > curvature[0] * 1e-12 {
                let along = (pull[0] * axis[0] + pull[1] * axis[1]) / value;
                center[0] += along * axis[0];
                center[1] += along * axis[1];
            }
        }
        let ball = Ball::of(path.l1_ratio());
        let scale = (h[0][0] * h[1][1]).sqrt();
        Self {
            fit,
            center,
            pull,
            curvature,
            axes,
            ball,
            budget: ball.size(fit[0]) + ball.size(fit[1]),
            whole_budget: budget(analysis, penalty, k),
            correlation: if scale > 0.0 { h[0][1] / scale } else { 0.0 },
        }
    }

    /// `½ (b − b*)' H (b − b*)`: how much the loss at `b` exceeds the least of the plane.
    pub fn excess(&self, b: [f64; 2]) -> f64 {
        let d = [b[0] - self.center[0], b[1] - self.center[1]];
        let along = |axis: &[f64; 2]| d[0] * axis[0] + d[1] * axis[1];
        self.curvature.iter().zip(&self.axes).map(|(value, axis)| 0.5 * value * along(axis).powi(2)).sum()
    }

    /// The ellipse on which the loss exceeds the least by `excess`, as a closed line of `n` points.
    pub fn contour(&self, excess: f64, n: usize) -> Vec<[f64; 2]> {
        let radius = |value: f64| (2.0 * excess / value.max(self.curvature[0] * 1e-9)).sqrt();
        let (a, b) = (radius(self.curvature[0]), radius(self.curvature[1]));
        (0..=n)
            .map(|i| {
                let (sin, cos) = (std::f64::consts::TAU * i as f64 / n as f64).sin_cos();
                [0, 1].map(|d| self.center[d] + a * cos * self.axes[0][d] + b * sin * self.axes[1][d])
            })
            .collect()
    }

    /// How far the region reaches along an axis.
    pub fn reach(&self) -> f64 {
        self.ball.radius([1.0, 0.0], self.budget)
    }

    /// The edge of the region through its corners, not closed.
    pub fn region(&self) -> Vec<[f64; 2]> {
        (0..96)
            .map(|i| {
                // Multiples of a quarter turn are taken exactly: there the corners lie.
                let (sin, cos) = match i {
                    24 => (1.0, 0.0),
                    48 => (0.0, -1.0),
                    72 => (-1.0, 0.0),
                    0 => (0.0, 1.0),
                    _ => (std::f64::consts::TAU * f64::from(i) / 96.0).sin_cos(),
                };
                let radius = self.ball.radius([cos, sin], self.budget);
                [radius * cos, radius * sin]
            })
            .collect()
    }

    /// How the contour meets the region.
    pub fn contact(&self, penalty: Penalty) -> Contact {
        match (self.fit[0] == 0.0, self.fit[1] == 0.0, penalty) {
            (true, true, _) => Contact::BothZero,
            (_, _, Penalty::Ridge) => Contact::Circle,
            (true, false, Penalty::Lasso) => Contact::Corner(0),
            (false, true, Penalty::Lasso) => Contact::Corner(1),
            (false, false, Penalty::Lasso) => Contact::Edge,
        }
    }

    /// Sine of the angle between the pull and the region's outward normals at the fit: 0 where the contour is tangent.
    pub fn tangency_residual(&self, penalty: Penalty) -> f64 {
        let length = self.pull[0].hypot(self.pull[1]);
        if length == 0.0 {
            return 0.0;
        }
        let across = |normal: [f64; 2]| {
            (self.pull[0] * normal[1] - self.pull[1] * normal[0]).abs() / (length * normal[0].hypot(normal[1]))
        };
        match self.contact(penalty) {
            Contact::Circle | Contact::Edge => across(self.fit.map(|w| self.ball.slope(w))),
            // The normals at a corner fill the cone |n_zero| ≤ (slope at 0+) · n_other / (slope at the other).
            Contact::Corner(zero) => {
                let other = self.fit[1 - zero];
                let outward = self.pull[1 - zero] * other.signum();
                let cone = outward * self.ball.slope(f64::MIN_POSITIVE) / self.ball.slope(other).abs();
                ((self.pull[zero].abs() - cone) / length).max(0.0)
            }
            Contact::BothZero => 0.0,
        }
    }
}

/// The set that a budget leaves: `Σ linear·|w| + quadratic·w² ≤ t`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ball {
    linear: f64,
    quadratic: f64,
}

impl Ball {
    /// Ridge: `Σw²`. Lasso: `Σ|w|`. Elastic net: `Σ l1_ratio·|w| + (1 − l1_ratio)/2·w²`.
    pub fn of(l1_ratio: f64) -> Self {
        if l1_ratio == 0.0 {
            Self { linear: 0.0, quadratic: 1.0 }
        } else {
            Self { linear: l1_ratio, quadratic: (1.0 - l1_ratio) / 2.0 }
        }
    }

    /// What one coefficient takes of the budget.
    pub fn size(self, w: f64) -> f64 {
        self.linear * w.abs() + self.quadratic * w * w
    }

    /// Derivative of [`Ball::size`] at `w ≠ 0`.
    fn slope(self, w: f64) -> f64 {
        self.linear * w.signum() + 2.0 * self.quadratic * w
    }

    /// Distance from 0 to the edge of `Σ size ≤ t` in a direction of length 1.
    pub fn radius(self, direction: [f64; 2], t: f64) -> f64 {
        let linear = self.linear * (direction[0].abs() + direction[1].abs());
        // The root of quadratic·r² + linear·r = t that does not cancel.
        let root = (linear * linear + 4.0 * self.quadratic * t).sqrt();
        if t > 0.0 { 2.0 * t / (linear + root) } else { 0.0 }
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

/// Eigenvalues, larger first, and eigenvectors of a symmetric 2 × 2 matrix.
fn symmetric_eigen(h: [[f64; 2]; 2]) -> ([f64; 2], [[f64; 2]; 2]) {
    let (mean, half) = (f64::midpoint(h[0][0], h[1][1]), (h[0][0] - h[1][1]) / 2.0);
    let spread = half.hypot(h[0][1]);
    // The angle of the leading eigenvector satisfies tan 2θ = h01 / half.
    let (sin, cos) = (h[0][1].atan2(half) / 2.0).sin_cos();
    ([mean + spread, (mean - spread).max(0.0)], [[cos, sin], [-sin, cos]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edge_of_a_ball_spends_the_whole_budget() {
        for l1_ratio in [0.0, 0.3, 0.99, 1.0] {
            let ball = Ball::of(l1_ratio);
            for direction in [[1.0, 0.0], [0.6, 0.8], [-0.8, 0.6]] {
                let r = ball.radius(direction, 7.0);
                let spent = ball.size(r * direction[0]) + ball.size(r * direction[1]);
                assert!((spent - 7.0).abs() < 1e-13 * 7.0, "{l1_ratio}: {spent}");
            }
        }
    }

    #[test]
    fn eigen_of_a_correlation_matrix() {
        let (values, axes) = symmetric_eigen([[1.0, 0.6], [0.6, 1.0]]);
        assert!((values[0] - 1.6).abs() < 1e-15 && (values[1] - 0.4).abs() < 1e-15);
        assert!((axes[0][0] - axes[0][1]).abs() < 1e-15);
    }
}
