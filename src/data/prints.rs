//! What remains of a column of X when its values are gone: whether it varies, and a fingerprint.

/// Of values one after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Prints {
    first: Option<f64>,
    varies: bool,
    hash: u64,
    /// [`ODD`] to the power of the number of values.
    power: u64,
}

const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

impl Prints {
    pub(super) fn of(values: &[f64]) -> Self {
        let first = values.first().copied();
        let step = |(hash, power): (u64, u64), value: &f64| {
            // Zero has one sign.
            let bits = (value + 0.0).to_bits();
            (hash.wrapping_mul(ODD).wrapping_add(mix(bits)), power.wrapping_mul(ODD))
        };
        let (hash, power) = values.iter().fold((0, 1), step);
        Self { first, varies: first.is_some_and(|first| values.iter().any(|v| differs(*v, first))), hash, power }
    }

    /// Puts later values behind these.
    pub(super) fn append(&mut self, later: &Self) {
        self.varies |= later.varies || self.first.zip(later.first).is_some_and(|(a, b)| differs(a, b));
        self.first = self.first.or(later.first);
        self.hash = self.hash.wrapping_mul(later.power).wrapping_add(later.hash);
        self.power = self.power.max(1).wrapping_mul(later.power);
    }

    /// The one value that all hold, if there is only one.
    pub(super) fn constant(&self) -> Option<f64> {
        self.first.filter(|_| !self.varies)
    }

    /// Whether there are two values at least.
    pub(super) const fn varies(&self) -> bool {
        self.varies
    }

    /// A number that equal columns share and others do not.
    pub(super) const fn hash(&self) -> u64 {
        self.hash
    }
}

/// Spreads the bits of a value over all of a number, so that sums of such numbers tell values apart.
fn mix(bits: u64) -> u64 {
    let folded = (bits ^ (bits >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    folded ^ (folded >> 32)
}

fn differs(a: f64, b: f64) -> bool {
    a.partial_cmp(&b) != Some(std::cmp::Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_tell_what_the_whole_does() {
        let values = [1.0, 0.0, -3.5, 2.0, 2.0, 1e300];
        let whole = Prints::of(&values);
        for at in 0..=values.len() {
            let (first, rest) = values.split_at(at);
            let mut parts = Prints::default();
            parts.append(&Prints::of(first));
            parts.append(&Prints::of(rest));
            assert_eq!((parts.hash(), parts.varies()), (whole.hash(), true));
        }
        assert_ne!(Prints::of(&[1.0, 2.0]).hash(), Prints::of(&[2.0, 1.0]).hash());
        assert_eq!(Prints::of(&[0.0, -0.0]).constant(), Some(0.0));
        assert_eq!(Prints::of(&[0.0, -0.0]).hash(), Prints::of(&[0.0, 0.0]).hash());
        assert_eq!(Prints::of(&[1.0, 2.0]).constant(), None);
    }
}
