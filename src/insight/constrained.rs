//! Where a loss of two weights is least on the region of a budget, exactly.
//!
//! On the diamond the least is that of its four edges, each a parabola. On the circle it is found by the secular equation (Moré and
//! Sorensen 1983, SIAM J. Sci. Stat. Comput. 4(3)). Between them, for the elastic net, alpha is halved to the last bit.

use crate::insight::plane::{Ball, Loss};

/// The minimiser on a ball, and the penalty that has the same minimiser.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constrained {
    /// Where the loss is least on the ball.
    pub weights: [f64; 2],
    /// The alpha of the objective at which [`Loss::minimizer`] gives the same weights; 0 where the budget does not bind,
    /// infinite for ridge without any budget.
    pub alpha: f64,
}

impl Loss {
    /// The minimiser of the loss on the ball `Σ size ≤ t` of [`Ball::of`] the ratio.
    pub fn constrained(&self, l1_ratio: f64, t: f64) -> Constrained {
        let ball = Ball::of(l1_ratio);
        let size = |w: [f64; 2]| ball.size(w[0]) + ball.size(w[1]);
        if size(self.center) <= t {
            return Constrained { weights: self.center, alpha: 0.0 };
        }
        let c = self.pull([0.0; 2]);
        if t <= 0.0 {
            return Constrained { weights: [0.0; 2], alpha: c[0].abs().max(c[1].abs()) / l1_ratio };
        }
        if l1_ratio == 0.0 {
            return self.on_circle(t.sqrt());
        }
        if l1_ratio >= 1.0 {
            return self.on_diamond(t);
        }
        // The size of the penalised solution falls as alpha grows; halve until no number lies between.
        let (mut low, mut high) = (0.0, c[0].abs().max(c[1].abs()) / l1_ratio);
        loop {
            let middle = f64::midpoint(low, high);
            if middle <= low || middle >= high {
                return Constrained { weights: self.minimizer(high, l1_ratio), alpha: high };
            }
            if size(self.minimizer(middle, l1_ratio)) > t { low = middle } else { high = middle }
        }
    }

    /// The least of the four edges; on each the loss is a parabola.
    fn on_diamond(&self, t: f64) -> Constrained {
        let mut best: Option<([f64; 2], f64)> = None;
        for s in [[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]] {
            let (from, along) = ([t * s[0], 0.0], [-t * s[0], t * s[1]]);
            let bend = dot(along, times(self.hessian(), along));
            let slope = dot(along, self.pull(from));
            let share = if bend > 0.0 { (slope / bend).clamp(0.0, 1.0) } else { f64::from(slope > 0.0) };
            let w = [t * s[0] * (1.0 - share), t * s[1] * share];
            let excess = self.excess(w);
            if best.is_none_or(|(_, least)| excess < least) {
                best = Some((w, excess));
            }
        }
        // A zero from the clamp may be −0: the sign says nothing.
        let weights = best.map_or([0.0; 2], |(w, _)| w.map(|x| x + 0.0));
        let pull = self.pull(weights);
        Constrained { weights, alpha: pull[0].abs().max(pull[1].abs()) }
    }

    /// The root of `1/‖w(alpha)‖ = 1/radius`, a concave function of alpha: Newton's steps from 0 never pass it.
    fn on_circle(&self, radius: f64) -> Constrained {
        let c = self.pull([0.0; 2]);
        let h = self.hessian();
        let shifted = |alpha: f64| [[h[0][0] + alpha, h[0][1]], [h[1][0], h[1][1] + alpha]];
        let (mut low, mut high) = (0.0_f64, c[0].hypot(c[1]) / radius);
        let mut alpha = 0.0;
        let mut weights = self.center;
        for _ in 0..200 {
            let length = weights[0].hypot(weights[1]);
            if length > radius {
                low = low.max(alpha);
            } else {
                high = high.min(alpha);
            }
            // d‖w‖/dalpha = −w' (H + alpha I)⁻¹ w / ‖w‖.
            let fall = solve(shifted(alpha), weights).map_or(0.0, |z| dot(weights, z));
            let mut next = alpha + (length - radius) / radius * length * length / fall;
            if !(next > low && next < high) {
                next = f64::midpoint(low, high);
            }
            let done = (next - alpha).abs() <= f64::EPSILON * alpha || next <= low || next >= high;
            alpha = next;
            weights = solve(shifted(alpha), c).unwrap_or(self.center);
            if done {
                break;
            }
        }
        Constrained { weights, alpha }
    }
}

fn times(a: [[f64; 2]; 2], v: [f64; 2]) -> [f64; 2] {
    [dot(a[0], v), dot(a[1], v)]
}

fn dot(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

/// `a⁻¹ v` of a symmetric positive matrix, elimination beginning at its larger diagonal; `None` where it is singular to rounding.
fn solve(a: [[f64; 2]; 2], v: [f64; 2]) -> Option<[f64; 2]> {
    let (i, j) = if a[0][0] >= a[1][1] { (0, 1) } else { (1, 0) };
    let ratio = a[j][i] / a[i][i];
    let rest = a[j][j] - ratio * a[i][j];
    if rest.is_nan() || rest <= a[j][j] * 4.0 * f64::EPSILON {
        return None;
    }
    let mut x = [0.0; 2];
    x[j] = (v[j] - ratio * v[i]) / rest;
    x[i] = (v[i] - a[i][j] * x[j]) / a[i][i];
    Some(x)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "zeros, halves and the centre itself are exact")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    prop_compose! {
        fn quadratics()(
            rho in -0.99..0.99_f64, s in prop::array::uniform2(0.2..5.0_f64), center in prop::array::uniform2(-9.0..9.0_f64),
        ) -> Loss {
            let between = rho * s[0] * s[1];
            Loss::new([[s[0] * s[0], between], [between, s[1] * s[1]]], center, 0.0)
        }
    }

    /// How far `g` is from `a1 · ∂|w|`.
    fn distance_to_subgradient(g: f64, w: f64, a1: f64) -> f64 {
        if w == 0.0 { (g.abs() - a1).max(0.0) } else { (g - a1 * w.signum()).abs() }
    }

    fn ratios() -> impl Strategy<Value = f64> {
        prop_oneof![Just(1.0), Just(0.0), 0.05..0.95_f64]
    }

    /// Largest distance of `pull − a2·w` from `a1 · ∂|w|`, relative to the pull at 0.
    fn kkt(q: &Loss, l1_ratio: f64, alpha: f64, w: [f64; 2]) -> f64 {
        let (pull, whole) = (q.pull(w), q.pull([0.0; 2]));
        let (a1, a2) = (alpha * l1_ratio, alpha * (1.0 - l1_ratio));
        let worst = (0..2).map(|j| distance_to_subgradient(pull[j] - a2 * w[j], w[j], a1)).fold(0.0, f64::max);
        worst / whole[0].abs().max(whole[1].abs()).max(f64::MIN_POSITIVE)
    }

    fn size(l1_ratio: f64, w: [f64; 2]) -> f64 {
        let ball = Ball::of(l1_ratio);
        ball.size(w[0]) + ball.size(w[1])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn a_penalised_minimum_meets_its_conditions(q in quadratics(), l1_ratio in ratios(), share in 1e-6..1.2_f64) {
            let whole = q.pull([0.0; 2]);
            let alpha = share * whole[0].abs().max(whole[1].abs());
            let w = q.minimizer(alpha, l1_ratio);
            prop_assert!(kkt(&q, l1_ratio, alpha, w) <= 1e-12, "{}", kkt(&q, l1_ratio, alpha, w));
        }

        #[test]
        fn a_minimum_on_a_ball_meets_its_conditions(q in quadratics(), l1_ratio in ratios(), share in 1e-6..1.5_f64) {
            let t = share * size(l1_ratio, q.center);
            let found = q.constrained(l1_ratio, t);
            if share >= 1.0 {
                prop_assert_eq!(found, Constrained { weights: q.center, alpha: 0.0 });
            } else {
                // The budget is spent, and the pull is alpha times a subgradient of the size.
                prop_assert!((size(l1_ratio, found.weights) - t).abs() <= 1e-10 * t);
                prop_assert!(found.alpha >= 0.0);
                prop_assert!(kkt(&q, l1_ratio, found.alpha, found.weights) <= 1e-10);
            }
        }

        #[test]
        fn the_alpha_of_a_ball_gives_its_minimum_back(q in quadratics(), l1_ratio in ratios(), share in 0.01..0.99_f64) {
            let found = q.constrained(l1_ratio, share * size(l1_ratio, q.center));
            let w = q.minimizer(found.alpha, l1_ratio);
            let distance = (w[0] - found.weights[0]).hypot(w[1] - found.weights[1]);
            // Two columns correlated up to .99 and of standard deviations up to 25 fold have a condition number of at most 2e5.
            prop_assert!(distance <= 2e5 * 1e-12 * q.center[0].hypot(q.center[1]), "{distance}");
        }

        #[test]
        fn a_budget_that_vanishes_leaves_nothing(q in quadratics(), l1_ratio in ratios()) {
            prop_assert_eq!(q.constrained(l1_ratio, 0.0).weights, [0.0; 2]);
            let t = 1e-12 * size(l1_ratio, q.center);
            let w = q.constrained(l1_ratio, t).weights;
            prop_assert!(size(l1_ratio, w) <= t * (1.0 + 1e-10));
        }
    }

    #[test]
    fn uncorrelated_columns_shrink_by_the_textbook_formulas() {
        let q = Loss::new([[1.0, 0.0], [0.0, 1.0]], [3.0, -1.0], 0.0);
        assert_eq!(q.minimizer(0.5, 1.0), [2.5, -0.5]);
        assert_eq!(q.minimizer(1.0, 1.0), [2.0, 0.0]);
        assert_eq!(q.minimizer(1.0, 0.0), [1.5, -0.5]);
        assert_eq!(q.constrained(1.0, 1.5).weights, [1.5, 0.0]);
    }

    #[test]
    fn equal_columns_still_have_a_minimum() {
        let q = Loss::new([[1.0, 1.0], [1.0, 1.0]], [1.0, 1.0], 0.0);
        for (l1_ratio, alpha) in [(1.0, 0.5), (0.0, 0.5), (0.5, 0.5)] {
            assert!(kkt(&q, l1_ratio, alpha, q.minimizer(alpha, l1_ratio)) <= 1e-15);
        }
    }
}
