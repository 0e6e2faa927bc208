//! What is chosen for the descent with decay, and how far it has been played. Cheap and instant; stays valid by its own methods.

use crate::insight::plane::Loss;
use crate::insight::weight_decay::Descent;

/// What shrinks the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Decay {
    /// A share of each weight at every step, as ridge.
    #[default]
    L2,
    /// The same amount off each weight at every step, as the lasso.
    L1,
}

/// The plane that the descent runs on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ground {
    /// What it descends.
    pub loss: Loss,
    /// Of the penalty: 0 for ridge.
    pub l1_ratio: f64,
    /// Alpha of the fit on the picture.
    pub alpha: f64,
    /// Where a start of nobody's choice lies.
    pub start: [f64; 2],
}

/// What is chosen for the descent.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightDecay {
    /// What shrinks the weights; says which picture the descent is drawn on.
    pub decay: Decay,
    /// `None`: a share of the bound that looks well.
    step_size: Option<f64>,
    /// `None`: the alpha of the fit on the picture.
    alpha: Option<f64>,
    start: Option<[f64; 2]>,
    steps: usize,
    /// How many of the steps are shown; `None`: all.
    shown: Option<usize>,
    /// When the next step is due, in the window's seconds, while it plays.
    next_at: Option<f64>,
}

impl Ground {
    /// A start in ranges from `low` to `high`, on the other side of the vertical middle than the centre.
    pub fn start_away(center: [f64; 2], low: [f64; 2], high: [f64; 2]) -> [f64; 2] {
        let middle = [0, 1].map(|d| f64::midpoint(low[d], high[d]));
        let side = |d: usize| if center[d] >= middle[d] { 1.0 } else { -1.0 };
        let half = [0, 1].map(|d| (high[d] - low[d]) / 2.0);
        [middle[0] - 0.7 * side(0) * half[0], middle[1] + 0.68 * side(1) * half[1]]
    }
}

impl Default for WeightDecay {
    fn default() -> Self {
        Self { decay: Decay::L2, step_size: None, alpha: None, start: None, steps: 40, shown: None, next_at: None }
    }
}

impl WeightDecay {
    /// Largest number of steps.
    pub const MOST_STEPS: usize = 200;
    /// Share of the bound that the step size has until it is chosen.
    const SHARE: f64 = 0.15;
    /// A step takes this many seconds at most, and all of them together [`Self::WHOLE`].
    const PERIOD: f64 = 0.1;
    const WHOLE: f64 = 5.0;

    /// The descent with decay on a plane.
    pub fn descent(&self, ground: &Ground) -> Descent {
        let alpha = self.alpha.unwrap_or(ground.alpha);
        // Ridge without any budget has no finite alpha.
        let alpha = if alpha.is_finite() { alpha } else { 1e6 };
        let descent = Descent { loss: ground.loss, l1_ratio: ground.l1_ratio, alpha, step_size: 1.0 };
        Descent { step_size: self.step_size.unwrap_or_else(|| Self::suggested(&descent)), ..descent }
    }

    /// The same step size without decay.
    pub fn without_decay(&self, ground: &Ground) -> Descent {
        Descent { alpha: 0.0, ..self.descent(ground) }
    }

    /// A step size below the bound, of two digits.
    pub fn suggested(descent: &Descent) -> f64 {
        let wanted = Self::SHARE * descent.bound();
        if !wanted.is_finite() {
            return 1.0;
        }
        let unit = 10_f64.powf(wanted.log10().floor() - 1.0);
        (wanted / unit).floor() * unit
    }

    /// Sets η; `None` puts it back below the bound.
    pub fn set_step_size(&mut self, step_size: Option<f64>) {
        self.step_size = step_size.filter(|s| s.is_finite() && *s > 0.0);
    }

    /// Sets λ; `None` ties it to the fit on the picture.
    pub fn set_alpha(&mut self, alpha: Option<f64>) {
        self.alpha = alpha.filter(|a| a.is_finite() && *a >= 0.0);
    }

    /// Whether λ follows the fit on the picture.
    pub fn follows_fit(&self) -> bool {
        self.alpha.is_none()
    }

    /// Where the descent starts.
    pub fn start(&self, ground: &Ground) -> [f64; 2] {
        self.start.unwrap_or(ground.start)
    }

    /// Moves the start; `None` puts it back.
    pub fn set_start(&mut self, start: Option<[f64; 2]>) {
        self.start = start.filter(|s| s.iter().all(|w| w.is_finite()));
    }

    /// The plane is another one: what was set in its units is forgotten.
    pub fn forget_place(&mut self) {
        self.start = None;
        self.step_size = None;
        self.alpha = None;
        self.next_at = None;
        self.shown = None;
    }

    /// How many steps there are.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Sets how many steps there are, and shows them all.
    pub fn set_steps(&mut self, steps: usize) {
        self.steps = steps.clamp(1, Self::MOST_STEPS);
        self.shown = None;
        self.next_at = None;
    }

    /// How many steps are shown.
    pub fn shown(&self) -> usize {
        self.shown.unwrap_or(self.steps).min(self.steps)
    }

    /// Whether it plays.
    pub fn is_playing(&self) -> bool {
        self.next_at.is_some()
    }

    /// Plays on from what is shown, from the start if all is shown; or stops.
    pub fn toggle_play(&mut self, now: f64) {
        if self.is_playing() {
            self.next_at = None;
            return;
        }
        if self.shown() == self.steps {
            self.shown = Some(0);
        }
        self.next_at = Some(now + self.period());
    }

    /// Shows one step more, the first one if all are shown.
    pub fn step(&mut self) {
        let shown = if self.shown() == self.steps { 0 } else { self.shown() };
        self.shown = Some(shown + 1);
        self.next_at = None;
    }

    /// Back to the start, before the first step.
    pub fn reset(&mut self) {
        self.shown = Some(0);
        self.next_at = None;
    }

    /// Shows the steps that are due at `now`; while it plays, the seconds until the next one.
    pub fn advance(&mut self, now: f64) -> Option<f64> {
        let mut due = self.next_at?;
        if now - due > 1.0 {
            // The window was away: go on from here rather than jump.
            due = now;
        }
        let mut shown = self.shown();
        while due <= now && shown < self.steps {
            shown += 1;
            due += self.period();
        }
        self.shown = Some(shown);
        self.next_at = Some(due).filter(|_| shown < self.steps);
        self.next_at.map(|at| at - now)
    }

    fn period(&self) -> f64 {
        Self::PERIOD.min(Self::WHOLE / self.steps as f64)
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "what is kept is kept to the bit")]
mod tests {
    use super::*;

    fn ground() -> Ground {
        let loss = Loss::new([[1.0, 0.5], [0.5, 1.0]], [2.0, 1.0], 0.0);
        Ground { loss, l1_ratio: 0.0, alpha: 0.7, start: [-1.0, 2.0] }
    }

    #[test]
    fn what_is_not_chosen_converges_and_follows_the_fit() {
        let decay = WeightDecay::default();
        for alpha in [0.0, 0.7, 300.0, f64::INFINITY] {
            let descent = decay.descent(&Ground { alpha, ..ground() });
            assert!(descent.is_stable() && descent.step_size > 0.0, "{alpha}");
            assert!(decay.without_decay(&ground()).is_stable());
        }
        assert!((decay.descent(&ground()).alpha - 0.7).abs() < 1e-15);
    }

    #[test]
    fn playing_shows_every_step_and_stops_at_the_end() {
        let mut decay = WeightDecay::default();
        decay.set_steps(5);
        decay.toggle_play(10.0);
        assert_eq!(decay.shown(), 0);
        let mut now = 10.0;
        let mut seen = vec![0];
        while let Some(wait) = decay.advance(now) {
            assert!(wait > 0.0);
            now += wait;
            seen.push(decay.shown());
        }
        assert_eq!(seen, [0, 0, 1, 2, 3, 4]);
        assert_eq!(decay.shown(), 5);
        assert!(!decay.is_playing());
        assert_eq!(decay.advance(now + 60.0), None);
    }

    #[test]
    fn after_a_long_pause_it_goes_on_where_it_was() {
        let mut decay = WeightDecay::default();
        decay.toggle_play(0.0);
        decay.advance(1000.0);
        assert_eq!(decay.shown(), 1);
        assert!(decay.is_playing());
    }

    #[test]
    fn stepping_begins_again_after_the_last() {
        let mut decay = WeightDecay::default();
        decay.step();
        assert_eq!(decay.shown(), 1);
        decay.step();
        assert_eq!(decay.shown(), 2);
        decay.reset();
        assert_eq!(decay.shown(), 0);
        decay.set_steps(7);
        assert_eq!(decay.shown(), 7);
    }

    #[test]
    fn what_cannot_be_is_not_taken() {
        let mut decay = WeightDecay::default();
        decay.set_step_size(Some(0.0));
        decay.set_alpha(Some(f64::NAN));
        decay.set_start(Some([f64::NAN, 0.0]));
        decay.set_steps(0);
        assert_eq!(decay.steps(), 1);
        assert!(decay.follows_fit());
        assert_eq!(decay.start(&ground()), ground().start);
        assert!(decay.descent(&ground()).is_stable());
    }
}
