//! What is chosen in the playground. Cheap and instant; needs no data.

use crate::app::lens::Lens;
use crate::app::weight_decay::{Decay, Ground, WeightDecay};
use crate::insight::playground::{Playground, Preset, REACH};

/// Which pictures of the playground are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pictures {
    /// Diamond and circle side by side.
    #[default]
    Both,
    /// The diamond alone.
    L1,
    /// The circle alone.
    L2,
}

/// What is chosen in the playground.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Play {
    /// The loss and the budget.
    pub shape: Playground,
    /// The situation chosen last; none once it has been reshaped.
    preset: Option<Preset>,
    /// Which pictures are shown.
    pub pictures: Pictures,
    /// The descent on it.
    pub decay: WeightDecay,
    /// What part of each picture is looked at, diamond and circle.
    pub lenses: [Lens; 2],
    /// It stands in place of the user's own data.
    pub is_open: bool,
}

impl Play {
    /// The situation on the pictures; the first one at the beginning, none once anything but the budget has been changed.
    pub fn preset(&self) -> Option<Preset> {
        let preset = self.preset.unwrap_or(Preset::Corner);
        let mut same = preset.playground();
        same.set_budget(1.0, self.shape.budget(1.0).min(REACH));
        let unshaped = |p: &Playground| (p.least_squares(), p.correlation(), p.sds(), p.l1_ratio(), p.standardize);
        (unshaped(&same) == unshaped(&self.shape)).then_some(preset)
    }

    /// Shows a situation; the descent begins anew.
    pub fn choose(&mut self, preset: Preset) {
        self.preset = Some(preset);
        self.shape = preset.playground();
        self.lenses = [Lens::default(); 2];
        self.decay.forget_place();
    }

    /// The ratio of a picture: that of the diamond, or 0.
    pub fn l1_ratio(&self, decay: Decay) -> f64 {
        match decay {
            Decay::L2 => 0.0,
            Decay::L1 => self.shape.l1_ratio(),
        }
    }

    /// The picture of the descent is shown: where it is not, the other decay is chosen.
    pub fn keep_visible(&mut self) {
        match self.pictures {
            Pictures::Both => {}
            Pictures::L1 => self.decay.decay = Decay::L1,
            Pictures::L2 => self.decay.decay = Decay::L2,
        }
    }

    /// What the descent runs on.
    pub fn ground(&self) -> Ground {
        let l1_ratio = self.l1_ratio(self.decay.decay);
        let alpha = self.shape.solution(l1_ratio).alpha;
        let loss = self.shape.loss();
        Ground { loss, l1_ratio, alpha, start: Ground::start_away(loss.center, [-REACH, -REACH], [REACH, REACH]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_situation_is_left_by_reshaping_not_by_its_budget() {
        let mut play = Play::default();
        assert_eq!(play.preset(), Some(Preset::Corner));
        play.choose(Preset::Collinear);
        play.shape.set_budget(1.0, 1.0);
        assert_eq!(play.preset(), Some(Preset::Collinear));
        play.shape.set_correlation(0.2);
        assert_eq!(play.preset(), None);
    }

    #[test]
    fn the_descent_is_on_a_picture_that_is_shown() {
        let mut play = Play { pictures: Pictures::L1, ..Play::default() };
        play.keep_visible();
        assert_eq!(play.decay.decay, Decay::L1);
        assert!((play.ground().l1_ratio - 1.0).abs() < 1e-15);
    }
}
