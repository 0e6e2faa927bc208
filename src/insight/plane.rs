//! A quadratic loss of two weights, and the region that a budget leaves them.
//!
//! Knows no data: the same numbers stand behind the slice of the user's own regression and behind a loss made up to play with.
//! `L(b) = L* + ½ (b − b*)' H (b − b*)`, and the region `Σ size(b) ≤ t`. Where `b` minimises `L(b) + alpha · penalty(b)`, the
//! contour of `L` through `b` touches the region of budget `t = Σ size(b)`: Tibshirani (1996), J. R. Stat. Soc. B 58(1), section 2.3.

/// A quadratic of two weights, bounded below.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loss {
    /// `b*`, where the loss is least; of several such points the one it was made with.
    pub center: [f64; 2],
    /// `L*`, half the mean squared error there.
    pub least: f64,
    /// Eigenvalues of `H`, larger first; 0 where the loss is flat but for rounding.
    pub curvature: [f64; 2],
    /// Eigenvectors of `H`, one for each eigenvalue.
    pub axes: [[f64; 2]; 2],
    hessian: [[f64; 2]; 2],
}

/// Share of the larger eigenvalue up to which the smaller one is taken for rounding.
const FLAT: f64 = 1e-12;

impl Loss {
    /// From `H`, the point of least loss and the loss there.
    pub fn new(hessian: [[f64; 2]; 2], center: [f64; 2], least: f64) -> Self {
        let (mut curvature, axes) = symmetric_eigen(hessian);
        if curvature[1] <= curvature[0] * FLAT {
            curvature[1] = 0.0;
        }
        Self { center, least, curvature, axes, hessian }
    }

    /// From `H`, and a point with the loss and its pull `−∇L` there. Where the loss is flat along a line, the point of least
    /// loss nearest to the given one becomes the centre.
    pub fn through(hessian: [[f64; 2]; 2], point: [f64; 2], pull: [f64; 2], loss: f64) -> Self {
        let mut plane = Self::new(hessian, point, loss);
        let mut excess = 0.0;
        for (value, axis) in plane.curvature.iter().zip(&plane.axes) {
            if *value > 0.0 {
                let along = dot(pull, *axis) / value;
                excess += 0.5 * value * along * along;
                plane.center[0] += along * axis[0];
                plane.center[1] += along * axis[1];
            }
        }
        plane.least = loss - excess;
        plane
    }

    /// `H`, half the second derivatives of the mean squared error.
    pub fn hessian(&self) -> [[f64; 2]; 2] {
        self.hessian
    }

    /// `½ (b − b*)' H (b − b*)`: how much the loss at `b` exceeds the least.
    pub fn excess(&self, b: [f64; 2]) -> f64 {
        let d = [b[0] - self.center[0], b[1] - self.center[1]];
        self.curvature.iter().zip(&self.axes).map(|(value, axis)| 0.5 * value * dot(d, *axis).powi(2)).sum()
    }

    /// `L(b)`, half the mean squared error.
    pub fn value(&self, b: [f64; 2]) -> f64 {
        self.least + self.excess(b)
    }

    /// `∇L = H (b − b*)`
    pub fn gradient(&self, b: [f64; 2]) -> [f64; 2] {
        let d = [b[0] - self.center[0], b[1] - self.center[1]];
        [dot(self.hessian[0], d), dot(self.hessian[1], d)]
    }

    /// `−∇L`, down the steepest slope.
    pub fn pull(&self, b: [f64; 2]) -> [f64; 2] {
        self.gradient(b).map(|g| -g)
    }

    /// Whether the loss does not change along a line, as for two columns that are one.
    pub fn is_flat(&self) -> bool {
        self.curvature[1] == 0.0
    }

    /// The line on which the loss exceeds the least by `excess`, closed, of `n + 1` points: an ellipse, or where the loss is
    /// flat two parallels joined far away. Empty where the loss does not change at all.
    pub fn contour(&self, excess: f64, n: usize) -> Vec<[f64; 2]> {
        if self.curvature[0] <= 0.0 {
            return Vec::new();
        }
        let a = (2.0 * excess / self.curvature[0]).sqrt();
        let at = |x: f64, y: f64| [0, 1].map(|d| self.center[d] + x * self.axes[0][d] + y * self.axes[1][d]);
        if self.is_flat() {
            let far = 1e4 * (a + self.center[0].hypot(self.center[1]));
            return [[a, -far], [a, far], [-a, far], [-a, -far], [a, -far]].map(|[x, y]| at(x, y)).to_vec();
        }
        let b = (2.0 * excess / self.curvature[1]).sqrt();
        (0..=n)
            .map(|i| {
                let (sin, cos) = (std::f64::consts::TAU * i as f64 / n as f64).sin_cos();
                at(a * cos, b * sin)
            })
            .collect()
    }

    /// Where `L(b) + alpha (l1_ratio ‖b‖₁ + (1 − l1_ratio)/2 ‖b‖²)` is least: see [`minimizer`].
    pub fn minimizer(&self, alpha: f64, l1_ratio: f64) -> [f64; 2] {
        minimizer(self.hessian, self.gradient([0.0, 0.0]).map(|g| -g), alpha, l1_ratio)
    }
}

/// Where `½ b'Hb − q'b + alpha (l1_ratio ‖b‖₁ + (1 − l1_ratio)/2 ‖b‖²)` is least, `alpha ≥ 0`: exact, by looking at every
/// pattern of zeros and signs. Of several such points one.
pub fn minimizer(hessian: [[f64; 2]; 2], q: [f64; 2], alpha: f64, l1_ratio: f64) -> [f64; 2] {
    let (a1, a2) = (alpha * l1_ratio, alpha * (1.0 - l1_ratio));
    let h = [[hessian[0][0] + a2, hessian[0][1]], [hessian[1][0], hessian[1][1] + a2]];
    let alone = |j: usize| {
        let mut b = [0.0; 2];
        if h[j][j] > 0.0 {
            let beyond = q[j].abs() - a1;
            // At the alpha where it enters, what is left is rounding.
            b[j] = if beyond > 8.0 * f64::EPSILON * a1 { q[j].signum() * beyond / h[j][j] } else { 0.0 };
        }
        b
    };
    let mut candidates = vec![[0.0; 2], alone(0), alone(1)];
    let determinant = h[0][0] * h[1][1] - h[0][1] * h[1][0];
    if determinant > h[0][0] * h[1][1] * FLAT {
        let solve = |v: [f64; 2]| {
            [(h[1][1] * v[0] - h[0][1] * v[1]) / determinant, (h[0][0] * v[1] - h[1][0] * v[0]) / determinant]
        };
        for signs in [[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]] {
            let rest = [q[0] - a1 * signs[0], q[1] - a1 * signs[1]];
            let rough = solve(rest);
            // Cramer's rule leaves a residual of eps times the condition: one correction takes it away.
            let correction = solve([rest[0] - dot(h[0], rough), rest[1] - dot(h[1], rough)]);
            let b = [rough[0] + correction[0], rough[1] + correction[1]];
            if a1 == 0.0 || (b[0] * signs[0] > 0.0 && b[1] * signs[1] > 0.0) {
                candidates.push(b);
            }
        }
    }
    let violation = |b: &[f64; 2]| {
        [0, 1]
            .map(|j| {
                let g = q[j] - dot(h[j], *b);
                if b[j] == 0.0 { (g.abs() - a1).max(0.0) } else { (g - a1 * b[j].signum()).abs() }
            })
            .into_iter()
            .fold(0.0, f64::max)
    };
    candidates.into_iter().min_by(|a, b| violation(a).total_cmp(&violation(b))).unwrap_or_default()
}

/// The shape that a penalty gives to the region of a budget: `Σ linear·|b| + quadratic·b² ≤ t`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ball {
    linear: f64,
    quadratic: f64,
}

impl Ball {
    /// Ridge: `Σb²`. Lasso: `Σ|b|`. Elastic net: `Σ l1_ratio·|b| + (1 − l1_ratio)/2·b²`.
    pub fn of(l1_ratio: f64) -> Self {
        if l1_ratio == 0.0 {
            Self { linear: 0.0, quadratic: 1.0 }
        } else {
            Self { linear: l1_ratio, quadratic: (1.0 - l1_ratio) / 2.0 }
        }
    }

    /// What one coefficient takes of the budget.
    pub fn size(self, b: f64) -> f64 {
        self.linear * b.abs() + self.quadratic * b * b
    }

    /// Derivative of [`Ball::size`] at `b ≠ 0`.
    fn slope(self, b: f64) -> f64 {
        self.linear * b.signum() + 2.0 * self.quadratic * b
    }

    /// Distance from 0 to the edge of `Σ size ≤ t` in a direction of length 1.
    pub fn radius(self, direction: [f64; 2], t: f64) -> f64 {
        let linear = self.linear * (direction[0].abs() + direction[1].abs());
        // The root of quadratic·r² + linear·r = t that does not cancel.
        let root = (linear * linear + 4.0 * self.quadratic * t).sqrt();
        if t > 0.0 { 2.0 * t / (linear + root) } else { 0.0 }
    }
}

/// A ball with its budget.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region {
    /// Shape.
    pub ball: Ball,
    /// `t`, ≥ 0.
    pub budget: f64,
}

/// How a contour meets the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    /// On an edge of the diamond.
    Edge,
    /// On a corner: the weight of this position in the pair is exactly zero.
    Corner(usize),
    /// On the circle.
    Circle,
    /// Nothing is left to either.
    BothZero,
}

impl Region {
    /// The region that `b` fills up.
    pub fn around(ball: Ball, b: [f64; 2]) -> Self {
        Self { ball, budget: ball.size(b[0]) + ball.size(b[1]) }
    }

    /// How far it reaches along an axis.
    pub fn reach(&self) -> f64 {
        self.ball.radius([1.0, 0.0], self.budget)
    }

    /// Its edge through its corners, not closed.
    pub fn outline(&self) -> Vec<[f64; 2]> {
        const POINTS: u16 = 192;
        (0..POINTS)
            .map(|i| {
                // Multiples of a quarter turn are taken exactly: there the corners lie.
                let (sin, cos) = match (i * 4 / POINTS, (i * 4) % POINTS) {
                    (0, 0) => (0.0, 1.0),
                    (1, 0) => (1.0, 0.0),
                    (2, 0) => (0.0, -1.0),
                    (3, 0) => (-1.0, 0.0),
                    _ => (std::f64::consts::TAU * f64::from(i) / f64::from(POINTS)).sin_cos(),
                };
                let radius = self.ball.radius([cos, sin], self.budget);
                [radius * cos, radius * sin]
            })
            .collect()
    }

    /// How a contour meets it at `b`.
    pub fn contact(&self, b: [f64; 2]) -> Contact {
        match (b[0] == 0.0, b[1] == 0.0) {
            (true, true) => Contact::BothZero,
            _ if self.ball.linear == 0.0 => Contact::Circle,
            (true, false) => Contact::Corner(0),
            (false, true) => Contact::Corner(1),
            (false, false) => Contact::Edge,
        }
    }

    /// The two ends of the cone of outward normals at `b`: the same one twice but at a corner. `None` where both weights are
    /// zero.
    pub fn normal_cone(&self, b: [f64; 2]) -> Option<[[f64; 2]; 2]> {
        match self.contact(b) {
            Contact::BothZero => None,
            Contact::Circle | Contact::Edge => Some([b.map(|w| self.ball.slope(w)); 2]),
            Contact::Corner(zero) => Some([1.0, -1.0].map(|sign| {
                let mut normal = b.map(|w| self.ball.slope(w));
                normal[zero] = sign * self.ball.linear;
                normal
            })),
        }
    }

    /// The outward normal at `b` of length 1; at a corner the one of the cone of normals that is nearest to `pull`.
    /// `None` where both weights are zero.
    pub fn normal(&self, b: [f64; 2], pull: [f64; 2]) -> Option<[f64; 2]> {
        let normal = match self.contact(b) {
            Contact::BothZero => return None,
            Contact::Circle | Contact::Edge => b.map(|w| self.ball.slope(w)),
            Contact::Corner(zero) => {
                let other = 1 - zero;
                let slope = self.ball.slope(b[other]);
                // The cone is (x, slope) with |x| ≤ linear: along its directions the pull is matched by x / slope.
                let matched = slope * pull[zero] / pull[other];
                let mut normal = [slope; 2];
                normal[zero] = if slope * pull[other] > 0.0 {
                    matched.clamp(-self.ball.linear, self.ball.linear)
                } else {
                    self.ball.linear * pull[zero].signum()
                };
                normal
            }
        };
        let length = normal[0].hypot(normal[1]);
        Some(normal.map(|v| v / length))
    }

    /// Sine of the angle between a pull at `b` and the outward normals there: 0 where the contour is tangent, 1 where the
    /// pull points inwards.
    pub fn tangency_residual(&self, b: [f64; 2], pull: [f64; 2]) -> f64 {
        let length = pull[0].hypot(pull[1]);
        match self.normal(b, pull) {
            Some(normal) if length > 0.0 => {
                if dot(normal, pull) < 0.0 {
                    return 1.0;
                }
                // Each term is divided first: a pull of any size has an angle.
                (pull[0] / length * normal[1] - pull[1] / length * normal[0]).abs()
            }
            _ => 0.0,
        }
    }
}

fn dot(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[0] + a[1] * b[1]
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
            for [x, y] in (Region { ball, budget: 7.0 }).outline() {
                let spent = ball.size(x) + ball.size(y);
                assert!((spent - 7.0).abs() < 1e-13 * 7.0, "{l1_ratio}: {spent}");
            }
        }
    }

    #[test]
    fn the_outline_holds_all_four_corners() {
        let outline = Region { ball: Ball::of(1.0), budget: 2.0 }.outline();
        for corner in [[2.0, 0.0], [0.0, 2.0], [-2.0, 0.0], [0.0, -2.0]] {
            assert!(outline.contains(&corner), "{corner:?}");
        }
    }

    #[test]
    fn eigen_of_a_correlation_matrix() {
        let (values, axes) = symmetric_eigen([[1.0, 0.6], [0.6, 1.0]]);
        assert!((values[0] - 1.6).abs() < 1e-15 && (values[1] - 0.4).abs() < 1e-15);
        assert!((axes[0][0] - axes[0][1]).abs() < 1e-15);
    }

    #[test]
    fn a_flat_loss_has_parallels_for_contours() {
        let loss = Loss::through([[1.0, 1.0], [1.0, 1.0]], [1.0, 0.0], [2.0, 2.0], 5.0);
        assert!(loss.is_flat());
        let contour = loss.contour(3.0, 64);
        assert!(contour.iter().all(|b| (loss.excess(*b) - 3.0).abs() < 1e-9), "{contour:?}");
        assert!(loss.gradient(loss.center).iter().all(|g| g.abs() < 1e-15));
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "these are exact in binary")]
    fn known_minimizers() {
        let loss = Loss::new([[1.0, 0.0], [0.0, 1.0]], [3.0, -0.5], 0.0);
        assert_eq!(loss.minimizer(1.0, 1.0), [2.0, 0.0], "soft threshold");
        assert_eq!(loss.minimizer(1.0, 0.0), [1.5, -0.25], "shrinkage by 1 / (1 + alpha)");
        assert_eq!(loss.minimizer(0.0, 1.0), [3.0, -0.5], "least squares");
        assert_eq!(loss.minimizer(4.0, 1.0), [0.0, 0.0]);
    }

    #[test]
    fn a_pull_inwards_is_not_tangent() {
        let region = Region { ball: Ball::of(0.0), budget: 1.0 };
        assert!(region.tangency_residual([0.6, 0.8], [0.6, 0.8]) < 1e-15);
        assert_eq!(region.tangency_residual([0.6, 0.8], [-0.6, -0.8]).to_bits(), 1.0_f64.to_bits());
        let diamond = Region { ball: Ball::of(1.0), budget: 1.0 };
        assert!(diamond.tangency_residual([1.0, 0.0], [2.0, 1.5]) < 1e-15);
        assert!(diamond.tangency_residual([1.0, 0.0], [2.0, 2.5]) > 0.1);
    }
}
