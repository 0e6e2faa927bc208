//! What part of a picture is looked at: zoom and pan on top of the part that shows everything.

use crate::app::views::chart::Range;

/// Largest magnification.
const MOST: f64 = 256.0;
/// Smallest.
const LEAST: f64 = 1.0 / 16.0;

/// Zoom and pan of a picture, relative to where it is at home.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lens {
    /// Magnification, 1 at home.
    zoom: f64,
    /// Where the middle lies, in lengths of the home ranges from their middles.
    shift: [f64; 2],
}

impl Default for Lens {
    fn default() -> Self {
        Self { zoom: 1.0, shift: [0.0; 2] }
    }
}

impl Lens {
    /// Whether the picture shows what it shows at first.
    pub fn is_home(&self) -> bool {
        *self == Self::default()
    }

    /// Back to where everything is in view.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Magnifies about a point, given in shares of the visible area from its left and its bottom.
    pub fn zoom_about(&mut self, share: [f64; 2], factor: f64) {
        let zoom = (self.zoom * factor).clamp(LEAST, MOST);
        if zoom.total_cmp(&self.zoom).is_eq() {
            return;
        }
        for (shift, share) in self.shift.iter_mut().zip(share) {
            // What is under the pointer stays there.
            *shift += (share - 0.5) * (1.0 / self.zoom - 1.0 / zoom);
        }
        self.zoom = zoom;
    }

    /// Moves the content by shares of the visible area, right and up.
    pub fn pan(&mut self, share: [f64; 2]) {
        for (shift, share) in self.shift.iter_mut().zip(share) {
            *shift -= share / self.zoom;
        }
    }

    /// The ranges in view where at home these are.
    pub fn view(&self, home: [Range; 2]) -> [Range; 2] {
        [0, 1].map(|d| {
            let length = home[d].max - home[d].min;
            let middle = f64::midpoint(home[d].min, home[d].max) + self.shift[d] * length;
            let half = length / (2.0 * self.zoom);
            Range { min: middle - half, max: middle + half }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: [Range; 2] = [Range { min: -4.0, max: 4.0 }, Range { min: 0.0, max: 2.0 }];

    #[test]
    fn what_is_under_the_pointer_stays_there() {
        let mut lens = Lens::default();
        let at = |lens: &Lens, share: [f64; 2]| {
            let view = lens.view(HOME);
            [0, 1].map(|d| view[d].min + share[d] * (view[d].max - view[d].min))
        };
        let before = at(&lens, [0.2, 0.9]);
        lens.zoom_about([0.2, 0.9], 3.0);
        let after = at(&lens, [0.2, 0.9]);
        assert!((before[0] - after[0]).abs() < 1e-12 && (before[1] - after[1]).abs() < 1e-12, "{before:?} {after:?}");
        lens.pan([0.1, -0.2]);
        let moved = at(&lens, [0.3, 0.7]);
        assert!((moved[0] - before[0]).abs() < 1e-12 && (moved[1] - before[1]).abs() < 1e-12);
    }

    #[test]
    fn zoom_has_ends_and_a_way_home() {
        let mut lens = Lens::default();
        for _ in 0..100 {
            lens.zoom_about([0.0, 0.0], 2.0);
        }
        let view = lens.view(HOME);
        assert!(view[0].max - view[0].min >= 8.0 / MOST * 0.999);
        lens.reset();
        assert!(lens.is_home());
        assert_eq!(lens.view(HOME), HOME);
    }
}
