//! Gradient descent that also shrinks the weights at every step, on a quadratic loss of two weights.
//!
//! The textbooks write the step for the mean squared error, `MSE(w) = (1/n) ‖y − Xw‖²`, with the decay λ:
//!
//! ```text
//! w ← (1 − 2ηλ) w − η ∇MSE(w)
//! ```
//!
//! It descends `MSE(w) + λ‖w‖²`. That is twice our objective `(1/2n) ‖y − Xw‖² + (alpha/2) ‖w‖²` with λ = alpha, so the step ends at
//! the ridge solution of the same alpha; on our objective it is a step of size 2η. The lasso has no gradient at 0, and takes the same
//! step followed by the soft threshold: `w ← soft(w − η ∇MSE(w), 2ηλ)`, λ = alpha again (ISTA; Daubechies, Defrise and De Mol 2004).
//! The elastic net does both, `w ← soft((1 − 2ηλ(1 − l1_ratio)) w − η ∇MSE(w), 2ηλ·l1_ratio)`.
//!
//! With `h` the eigenvalues of `H = X'X/n`, `∇MSE = 2H(w − c)`. What precedes the threshold multiplies the distance to the end point
//! along each eigenvector by `1 − 2η(h + a2)`, `a2 = λ(1 − l1_ratio)`, and the threshold never lengthens a distance. All factors lie
//! in (−1, 1) exactly where `η < 1 / (h_max + a2)`; then every step multiplies the distance by at most the largest of them.

use crate::insight::plane::Loss;

/// Gradient descent with decay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Descent {
    /// The loss, `MSE/2` up to a constant.
    pub loss: Loss,
    /// 0 for weight decay, 1 for the soft threshold, between them both.
    pub l1_ratio: f64,
    /// λ of the step, alpha of the objective, ≥ 0.
    pub alpha: f64,
    /// η, > 0.
    pub step_size: f64,
}

/// The descent after some steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Where it stands.
    pub weights: [f64; 2],
    /// By how much the mean squared error exceeds the least of the plane: `(w − c)' H (w − c)`.
    pub mse_excess: f64,
    /// Euclidean distance to [`Descent::end`].
    pub distance: f64,
}

impl Descent {
    /// `1 − 2ηλ(1 − l1_ratio)`: what a step leaves of the weights before the loss pulls.
    pub fn factor(&self) -> f64 {
        1.0 - 2.0 * self.step_size * self.alpha * (1.0 - self.l1_ratio)
    }

    /// `2ηλ·l1_ratio`: what a step takes off the size of each weight.
    pub fn threshold(&self) -> f64 {
        2.0 * self.step_size * self.alpha * self.l1_ratio
    }

    /// `1 / (h_max + λ(1 − l1_ratio))`: below this step size the descent converges from everywhere; infinite for a loss without slope.
    pub fn bound(&self) -> f64 {
        1.0 / (self.loss.curvature[0] + self.alpha * (1.0 - self.l1_ratio))
    }

    /// Whether the step size is below the bound.
    pub fn is_stable(&self) -> bool {
        self.step_size < self.bound()
    }

    /// `max |1 − 2η(h + a2)|`: no step multiplies the distance to the end point by more.
    pub fn rate(&self) -> f64 {
        let a2 = self.alpha * (1.0 - self.l1_ratio);
        self.loss.curvature.iter().map(|h| (1.0 - 2.0 * self.step_size * (h + a2)).abs()).fold(0.0, f64::max)
    }

    /// One step.
    #[must_use]
    pub fn step(&self, w: [f64; 2]) -> [f64; 2] {
        let (pull, factor, threshold) = (self.loss.pull(w), self.factor(), self.threshold());
        // −∇MSE = 2 H (c − w).
        [0, 1].map(|j| soft(factor * w[j] + 2.0 * self.step_size * pull[j], threshold))
    }

    /// Where it ends: the minimiser of the penalised loss.
    ///
    /// Without decay along a direction in which the loss is flat, the descent keeps the place of its start there, and so does this.
    pub fn end(&self, start: [f64; 2]) -> [f64; 2] {
        if self.alpha > 0.0 {
            return self.loss.minimizer(self.alpha, self.l1_ratio);
        }
        let center = self.loss.center;
        if !self.loss.is_flat() {
            return center;
        }
        let h = self.loss.curvature[0];
        let away = [start[0] - center[0], start[1] - center[1]];
        if h == 0.0 {
            return start;
        }
        // H has rank one: H / h projects on its eigenvector, the rest of the way stays.
        let a = self.loss.hessian();
        [0, 1].map(|j| center[j] + away[j] - (a[j][0] * away[0] + a[j][1] * away[1]) / h)
    }

    /// The start and up to `steps` steps; it ends early where the descent has left for good: not finite, or 10⁹ times as far from the
    /// end point as at the start.
    pub fn run(&self, start: [f64; 2], steps: usize) -> Vec<Step> {
        let end = self.end(start);
        let measure = |w: [f64; 2]| Step {
            weights: w,
            mse_excess: 2.0 * self.loss.excess(w),
            distance: (w[0] - end[0]).hypot(w[1] - end[1]),
        };
        let first = measure(start);
        let lost = 1e9 * first.distance.max(f64::MIN_POSITIVE);
        let mut taken = Vec::with_capacity(steps + 1);
        taken.push(first);
        let mut w = start;
        for _ in 0..steps {
            w = self.step(w);
            let step = measure(w);
            if !(step.distance <= lost && step.mse_excess.is_finite()) {
                break;
            }
            taken.push(step);
        }
        taken
    }
}

/// `sign(v) · max(|v| − by, 0)`.
fn soft(v: f64, by: f64) -> f64 {
    v.signum() * (v.abs() - by).max(0.0)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "what is kept is kept to the bit")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    prop_compose! {
        /// A descent with its step size as a share of the bound, and a start.
        fn descents()(
            rho in -0.99..0.99_f64, s in prop::array::uniform2(0.3..3.0_f64), center in prop::array::uniform2(-9.0..9.0_f64),
            l1_ratio in prop_oneof![Just(0.0), Just(1.0), 0.05..0.95_f64], alpha in prop_oneof![Just(0.0), 1e-3..5.0_f64],
            share in 0.05..0.99_f64, start in prop::array::uniform2(-20.0..20.0_f64),
        ) -> (Descent, [f64; 2]) {
            let between = rho * s[0] * s[1];
            let loss = Loss::new([[s[0] * s[0], between], [between, s[1] * s[1]]], center, 0.0);
            let mut descent = Descent { loss, l1_ratio, alpha, step_size: 1.0 };
            descent.step_size = share * descent.bound();
            (descent, start)
        }
    }

    /// Rounding of one step, about `4 eps` of the largest weight that occurs, and what the steps before it leave.
    fn rounding(descent: &Descent) -> f64 {
        let largest = 40.0;
        // The end point itself is a solution of a system of condition number at most 2e4.
        4.0 * f64::EPSILON * largest * (1.0 / (1.0 - descent.rate()) + 2e4)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn below_the_bound_every_step_contracts_as_promised((descent, start) in descents()) {
            let rate = descent.rate();
            prop_assert!(descent.is_stable() && rate < 1.0);
            let steps = descent.run(start, 60);
            prop_assert_eq!(steps.len(), 61);
            for (k, step) in steps.iter().enumerate() {
                let promised = rate.powi(k as i32) * steps[0].distance + rounding(&descent);
                prop_assert!(step.distance <= promised, "step {}: {} > {}", k, step.distance, promised);
            }
        }

        #[test]
        fn below_the_bound_it_ends_at_the_penalised_solution((descent, start) in descents()) {
            // As many steps as the rate needs for 1e-8 of the way.
            let steps = (1e-8_f64.ln() / descent.rate().ln()).ceil() as usize;
            let mut w = start;
            for _ in 0..steps {
                w = descent.step(w);
            }
            let end = descent.end(start);
            let way = (start[0] - end[0]).hypot(start[1] - end[1]);
            let left = (w[0] - end[0]).hypot(w[1] - end[1]);
            prop_assert!(left <= 1e-8 * way + rounding(&descent), "{left} of {way}");
            if descent.alpha == 0.0 {
                prop_assert_eq!(end, descent.loss.center);
            }
        }

        #[test]
        fn above_the_bound_weight_decay_leaves((descent, start) in descents(), over in 1.01..2.0_f64) {
            let mut descent = Descent { l1_ratio: 0.0, ..descent };
            descent.step_size = over * descent.bound();
            prop_assert!(!descent.is_stable());
            // The part of the way along the leading eigenvector grows by `2 over − 1` at every step, exactly.
            let (end, h) = (descent.end(start), descent.loss.hessian());
            let theta = h[0][1].atan2((h[0][0] - h[1][1]) / 2.0) / 2.0;
            let along = |w: [f64; 2]| ((w[0] - end[0]) * theta.cos() + (w[1] - end[1]) * theta.sin()).abs();
            prop_assume!(along(start) > 1e-3);
            let steps = descent.run(start, 40);
            for (k, step) in steps.iter().enumerate() {
                let promised = (2.0 * over - 1.0).powi(k as i32) * along(start);
                prop_assert!((along(step.weights) - promised).abs() <= 1e-8 * promised);
            }
        }
    }

    #[test]
    fn a_runaway_is_cut_while_it_can_be_drawn() {
        let loss = Loss::new([[1.0, 0.0], [0.0, 1.0]], [1.0, 1.0], 0.0);
        let steps = Descent { loss, l1_ratio: 0.0, alpha: 0.5, step_size: 50.0 }.run([3.0, -2.0], 10_000);
        assert!(steps.len() < 20);
        assert!(steps.iter().all(|s| s.distance.is_finite() && s.mse_excess.is_finite()));
    }

    #[test]
    fn without_decay_and_slope_the_start_is_kept() {
        let loss = Loss::new([[1.0, 1.0], [1.0, 1.0]], [1.0, 0.0], 0.0);
        let descent = Descent { loss, l1_ratio: 0.0, alpha: 0.0, step_size: 0.3 };
        let steps = descent.run([3.0, -3.0], 200);
        assert!(steps[200].distance < 1e-14 && (steps[200].weights[0] - 3.5).abs() < 1e-14);
    }
}
