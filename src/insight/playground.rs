//! A loss of two weights that the user shapes, to see when a budget makes a weight exactly zero.
//!
//! Two features of standard deviations `s` and correlation ρ explain `y` with noise of standard deviation σ. Their weights per standard
//! deviation have least squares at a point that the user sets; the penalty sees the weights of the columns as they are, `w_j / s_j`,
//! unless they are standardised first. With `u_j` = 1 or `s_j`, the loss is `½ (w − c)' H (w − c)`, `H_jk = ρ_jk u_j u_k`.

use crate::insight::constrained::Constrained;
use crate::insight::plane::{Ball, Contact, Loss, Region};

/// Rows that the sampling spread is drawn for.
pub const ROWS: f64 = 25.0;

/// Largest size of a weight on the picture.
pub const REACH: f64 = 5.0;

/// What the user shapes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Playground {
    /// Weights per standard deviation at least squares.
    effects: [f64; 2],
    correlation: f64,
    noise: f64,
    sds: [f64; 2],
    l1_ratio: f64,
    radius: f64,
    /// Whether the columns are divided by their standard deviations before the penalty sees their weights.
    pub standardize: bool,
}

impl Default for Playground {
    fn default() -> Self {
        Preset::Corner.playground()
    }
}

impl Playground {
    /// Largest correlation, and its negative the smallest.
    pub const MAX_CORRELATION: f64 = 0.98;
    /// Range of the standard deviation of a feature.
    pub const SDS: (f64, f64) = (0.4, 2.5);
    /// Range of the standard deviation of the noise.
    pub const NOISE: (f64, f64) = (0.5, 8.0);
    /// Smallest `l1_ratio` of the diamond; at 0 it would be the circle.
    pub const MIN_L1_RATIO: f64 = 0.05;

    /// The loss in the weights that the penalty sees.
    pub fn loss(&self) -> Loss {
        let u = self.units();
        let between = self.correlation * u[0] * u[1];
        let least = self.noise * self.noise / 2.0;
        Loss::new([[u[0] * u[0], between], [between, u[1] * u[1]]], self.least_squares(), least)
    }

    /// Where the loss is least, in the weights that the penalty sees.
    pub fn least_squares(&self) -> [f64; 2] {
        let u = self.units();
        [self.effects[0] / u[0], self.effects[1] / u[1]]
    }

    /// Puts least squares at a point of the picture; beyond its edge it stays inside.
    pub fn set_least_squares(&mut self, point: [f64; 2]) {
        let u = self.units();
        for j in 0..2 {
            if point[j].is_finite() {
                self.effects[j] = point[j].clamp(-0.96 * REACH, 0.96 * REACH) * u[j];
            }
        }
        self.keep_inside();
    }

    /// Correlation of the two features.
    pub fn correlation(&self) -> f64 {
        self.correlation
    }

    /// Sets the correlation, kept away from ±1, where the two are one feature.
    pub fn set_correlation(&mut self, rho: f64) {
        self.correlation = clamped(rho, (-Self::MAX_CORRELATION, Self::MAX_CORRELATION), self.correlation);
    }

    /// Standard deviation of the noise in `y`.
    pub fn noise(&self) -> f64 {
        self.noise
    }

    /// Sets the noise.
    pub fn set_noise(&mut self, sigma: f64) {
        self.noise = clamped(sigma, Self::NOISE, self.noise);
    }

    /// Standard deviations of the features.
    pub fn sds(&self) -> [f64; 2] {
        self.sds
    }

    /// Sets the standard deviation of a feature, as if it were measured in another unit: its weight per standard deviation stays.
    pub fn set_sd(&mut self, feature: usize, sd: f64) {
        self.sds[feature] = clamped(sd, Self::SDS, self.sds[feature]);
        self.keep_inside();
    }

    /// `l1_ratio` of the diamond: 1 for the lasso, less for an elastic net.
    pub fn l1_ratio(&self) -> f64 {
        self.l1_ratio
    }

    /// Sets the `l1_ratio` of the diamond.
    pub fn set_l1_ratio(&mut self, ratio: f64) {
        self.l1_ratio = clamped(ratio, (Self::MIN_L1_RATIO, 1.0), self.l1_ratio);
    }

    /// How far diamond and circle reach along an axis; they share their corners.
    pub fn radius(&self) -> f64 {
        self.radius
    }

    /// Budget of the ball of a ratio: `Σ size ≤ t`, see [`Ball::of`].
    pub fn budget(&self, l1_ratio: f64) -> f64 {
        Ball::of(l1_ratio).size(self.radius)
    }

    /// The budget of the ball of a ratio that leaves least squares alone.
    pub fn whole_budget(&self, l1_ratio: f64) -> f64 {
        self.least_squares().into_iter().map(|w| Ball::of(l1_ratio).size(w)).sum()
    }

    /// Sets the budget of the ball of a ratio; the other ball keeps the same corners.
    pub fn set_budget(&mut self, l1_ratio: f64, t: f64) {
        self.radius = clamped(Ball::of(l1_ratio).radius([1.0, 0.0], t), (0.0, 2.0 * REACH), self.radius);
    }

    /// The minimum on the ball of a ratio.
    pub fn solution(&self, l1_ratio: f64) -> Constrained {
        self.loss().constrained(l1_ratio, self.budget(l1_ratio))
    }

    /// The region of the budget.
    pub fn region(&self, l1_ratio: f64) -> Region {
        Region { ball: Ball::of(l1_ratio), budget: self.budget(l1_ratio) }
    }

    /// How that minimum meets the region; `None` where the budget does not bind and least squares lies inside.
    pub fn contact(&self, l1_ratio: f64) -> Option<Contact> {
        let found = self.solution(l1_ratio);
        (found.alpha > 0.0).then(|| self.region(l1_ratio).contact(found.weights))
    }

    /// The minima as the budget grows from 0 to the present one, `n` of them.
    pub fn locus(&self, l1_ratio: f64, n: usize) -> Vec<[f64; 2]> {
        let (loss, t) = (self.loss(), self.budget(l1_ratio).min(self.whole_budget(l1_ratio)));
        (0..n).map(|i| loss.constrained(l1_ratio, t * i as f64 / (n - 1).max(1) as f64).weights).collect()
    }

    /// Excess of the loss on the ellipse one standard error around least squares in [`ROWS`] rows: `σ²/2n`.
    ///
    /// The covariance of least squares is `σ² H⁻¹ / n`, so that its ellipses are contours of the loss.
    pub fn sampling_excess(&self) -> f64 {
        self.noise * self.noise / (2.0 * ROWS)
    }

    fn units(&self) -> [f64; 2] {
        if self.standardize { [1.0; 2] } else { self.sds }
    }

    /// Least squares stays on the picture, whether the columns are standardised or not.
    fn keep_inside(&mut self) {
        for j in 0..2 {
            let most = 0.96 * REACH * self.sds[j].min(1.0);
            self.effects[j] = self.effects[j].clamp(-most, most);
        }
    }
}

fn clamped(value: f64, range: (f64, f64), otherwise: f64) -> f64 {
    if value.is_finite() { value.clamp(range.0, range.1) } else { otherwise }
}

/// A situation worth seeing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// The lasso drops a weight.
    Corner,
    /// It drops none.
    Edge,
    /// Two features that tell nearly the same.
    Collinear,
    /// Features of unlike scale.
    Unscaled,
}

impl Preset {
    /// All, in menu order.
    pub const ALL: [Self; 4] = [Self::Corner, Self::Edge, Self::Collinear, Self::Unscaled];

    /// On screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Corner => "Corner hit",
            Self::Edge => "No corner",
            Self::Collinear => "Collinear pair",
            Self::Unscaled => "Unscaled feature",
        }
    }

    /// What to look for, one sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Corner => {
                "The ellipse meets the diamond at a corner, so w₂ is exactly 0; the circle has no corner, so there w₂ only shrinks"
            }
            Self::Edge => {
                "The two effects are alike, so the ellipse meets an edge and the lasso keeps both; with less budget it reaches a corner"
            }
            Self::Collinear => {
                "The two features tell nearly the same: the lasso picks one and drops the other, ridge gives both about the same weight"
            }
            Self::Unscaled => {
                "Both matter equally per SD, but x₂ varies less and needs a larger weight, so it is dropped; standardize and both stay"
            }
        }
    }

    /// The playground of it.
    pub fn playground(self) -> Playground {
        let plain = Playground {
            effects: [3.2, 1.0],
            correlation: 0.45,
            noise: 2.5,
            sds: [1.0; 2],
            l1_ratio: 1.0,
            radius: 1.5,
            standardize: true,
        };
        match self {
            Self::Corner => plain,
            Self::Edge => Playground { effects: [2.9, 2.5], correlation: 0.3, radius: 2.0, ..plain },
            Self::Collinear => Playground { effects: [3.3, 0.7], correlation: 0.95, radius: 2.2, ..plain },
            Self::Unscaled => Playground {
                effects: [1.9, 1.9],
                correlation: 0.0,
                sds: [2.0, 0.5],
                radius: 0.7,
                standardize: false,
                ..plain
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_show_what_they_promise() {
        let [corner, edge, collinear, unscaled] = Preset::ALL.map(Preset::playground);
        assert_eq!((corner.contact(1.0), corner.contact(0.0)), (Some(Contact::Corner(1)), Some(Contact::Circle)));
        assert_eq!(edge.contact(1.0), Some(Contact::Edge));
        let mut tight = edge;
        tight.set_budget(1.0, 0.2);
        assert!(matches!(tight.contact(1.0), Some(Contact::Corner(_))));

        assert_eq!(collinear.contact(1.0), Some(Contact::Corner(1)));
        let shared = collinear.solution(0.0).weights;
        // "About the same": least squares has them 5 to 1.
        assert!(shared[1] / shared[0] > 0.6, "{shared:?}");

        assert_eq!(unscaled.contact(1.0), Some(Contact::Corner(1)));
        let standardized = Playground { standardize: true, ..unscaled };
        assert_eq!(standardized.contact(1.0), Some(Contact::Edge));
        let w = standardized.solution(1.0).weights;
        assert!((w[0] - w[1]).abs() < 1e-14, "equal effects get equal weights: {w:?}");
    }

    #[test]
    fn presets_stand_within_their_own_bounds() {
        for preset in Preset::ALL {
            let playground = preset.playground();
            let mut kept = playground;
            kept.set_least_squares(playground.least_squares());
            kept.set_budget(1.0, playground.budget(1.0));
            let [a, b] = [playground, kept].map(|p| p.least_squares());
            assert!((a[0] - b[0]).abs() < 1e-15 && (a[1] - b[1]).abs() < 1e-15, "{preset:?}");
        }
    }

    #[test]
    fn diamond_and_circle_share_their_corners() {
        let mut playground = Playground::default();
        playground.set_budget(0.0, 4.0);
        assert!((playground.radius() - 2.0).abs() < 1e-15);
        assert!((playground.budget(1.0) - 2.0).abs() < 1e-15);
    }

    #[test]
    fn what_cannot_be_is_not_taken() {
        let mut playground = Playground::default();
        playground.set_correlation(1.0);
        playground.set_noise(f64::NAN);
        playground.set_least_squares([f64::INFINITY, 900.0]);
        playground.set_sd(1, 0.0);
        playground.set_l1_ratio(0.0);
        assert!(playground.correlation() < 0.99 && playground.noise() > 0.0 && playground.l1_ratio() > 0.0);
        playground.standardize = false;
        assert!(playground.least_squares().iter().all(|w| w.abs() <= REACH));
    }

    #[test]
    fn the_spread_of_least_squares_is_a_contour() {
        // Uncorrelated, standardised: the standard error of a weight is σ/√n.
        let mut playground = Playground::default();
        playground.set_correlation(0.0);
        let c = playground.least_squares();
        let one = [c[0] + playground.noise() / ROWS.sqrt(), c[1]];
        assert!((playground.loss().excess(one) - playground.sampling_excess()).abs() < 1e-15);
    }
}
