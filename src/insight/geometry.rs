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
        let pull = match penalty {
            Penalty::Lasso | Penalty::Ridge => [g[pair.0], g[pair.1]],
        };
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
        let size = |v: f64| if penalty == Penalty::Lasso { v.abs() } else { v * v };
        let scale = (h[0][0] * h[1][1]).sqrt();
        Self {
            fit,
            center,
            pull,
            curvature,
            axes,
            budget: size(fit[0]) + size(fit[1]),
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

    /// How far the region reaches along an axis: the diamond's corner or the circle's radius.
    pub fn reach(&self, penalty: Penalty) -> f64 {
        if penalty == Penalty::Lasso { self.budget } else { self.budget.sqrt() }
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
            Contact::Circle => across(self.fit),
            Contact::Edge => across([self.fit[0].signum(), self.fit[1].signum()]),
            // The normals at a corner fill the cone |g_zero| ≤ g_other in the direction of the other.
            Contact::Corner(zero) => {
                let outward = self.pull[1 - zero] * self.fit[1 - zero].signum();
                ((self.pull[zero].abs() - outward) / length).max(0.0)
            }
            Contact::BothZero => 0.0,
        }
    }
}

/// `t` of the whole model at position `k`: `‖w‖₁` for the lasso, `‖w‖₂²` for ridge.
pub fn budget(analysis: &Analysis, penalty: Penalty, k: usize) -> f64 {
    let w = analysis.penalty(penalty).path.solution(k);
    match penalty {
        Penalty::Lasso => w.iter().map(|v| v.abs()).sum(),
        Penalty::Ridge => w.iter().map(|v| v * v).sum(),
    }
}

/// `X_S'X_S / n` of two scaled, centred columns; missing cells stand at the mean.
fn hessian(analysis: &Analysis, penalty: Penalty, pair: (usize, usize)) -> [[f64; 2]; 2] {
    let design = &analysis.design;
    let scaling = analysis.penalty(penalty).path.scaling();
    let value = |row: usize, j: usize| {
        let present = design.missing.as_ref().is_none_or(|m| !m[[row, j]]);
        if present { (design.x[[row, j]] - scaling.means[j]) / scaling.scales[j] } else { 0.0 }
    };
    let n = design.y.len();
    let mut h = [[0.0; 2]; 2];
    for row in 0..n {
        let x = [value(row, pair.0), value(row, pair.1)];
        h[0][0] += x[0] * x[0];
        h[0][1] += x[0] * x[1];
        h[1][1] += x[1] * x[1];
    }
    h[1][0] = h[0][1];
    h.map(|row| row.map(|v| v / n as f64))
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
    fn eigen_of_a_correlation_matrix() {
        let (values, axes) = symmetric_eigen([[1.0, 0.6], [0.6, 1.0]]);
        assert!((values[0] - 1.6).abs() < 1e-15 && (values[1] - 0.4).abs() < 1e-15);
        assert!((axes[0][0] - axes[0][1]).abs() < 1e-15);
    }
}
