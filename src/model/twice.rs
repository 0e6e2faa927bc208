//! Numbers with twice the digits of a double: `high + low`, of which `low` is what rounding took off `high`
//! (Dekker 1971, Numer. Math. 18; Knuth, TAOCP 2, 4.2.2). For the few sums whose terms cancel.

/// A sum as it grows.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Twice {
    high: f64,
    low: f64,
}

impl Twice {
    /// Adds a number.
    pub(crate) fn add(self, v: f64) -> Self {
        let sum = self.high + v;
        let back = sum - self.high;
        Self { high: sum, low: self.low + ((self.high - (sum - back)) + (v - back)) }
    }

    /// Adds a product, without rounding it first.
    pub(crate) fn add_product(self, a: f64, b: f64) -> Self {
        let product = a * b;
        self.add(product).add(a.mul_add(b, -product))
    }

    /// The double nearest to it, and the rest.
    pub(crate) fn parts(self) -> (f64, f64) {
        let high = self.value();
        (high, self.low - (high - self.high))
    }

    /// Rounded to a double.
    pub(crate) fn value(self) -> f64 {
        self.high + self.low
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "exact by construction")]

    use super::*;

    #[test]
    fn what_cancels_leaves_all_its_digits() {
        let sum = Twice::default().add(1e16).add(1.0).add(-1e16);
        assert_eq!(sum.value(), 1.0);
        let product = Twice::default().add_product(1e8 + 1.0, 1e8 - 1.0).add(-1e16);
        assert_eq!(product.value(), -1.0);
    }
}
