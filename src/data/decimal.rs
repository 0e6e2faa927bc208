//! The double nearest to `w · 10^q`, for mantissas of up to 19 digits and everyday exponents.
//!
//! Method: Lemire (2021), Number parsing at a gigabyte per second, Software: Practice and Experience 51(8). For exponents
//! in [`EXPONENTS`] the product with a 128-bit power of five decides the rounding in every case, so there is no doubtful
//! result to hand on; outside, the caller uses the standard parser.

/// Exponents whose powers of five are in the table.
pub(super) const EXPONENTS: std::ops::RangeInclusive<i64> = -27..=55;

/// `5^q` for each exponent, scaled by a power of two so that bit 127 is set: high and low half. Powers below one are
/// rounded up in the last bit, so that truncated products never fall short of an exact quotient.
const FIVES: [(u64, u64); 83] = fives();

const fn fives() -> [(u64, u64); 83] {
    let mut table = [(0, 0); 83];
    let mut power = 1_u128;
    let mut q = 0;
    while q <= 55 {
        table[27 + q] = halves(power << power.leading_zeros());
        if q < 55 {
            power *= 5;
        }
        q += 1;
    }
    let mut divisor = 1_u128;
    let mut below = 1;
    while below <= 27 {
        divisor *= 5;
        table[27 - below] = halves(reciprocal(divisor) + 1);
        below += 1;
    }
    table
}

const fn halves(power: u128) -> (u64, u64) {
    ((power >> 64) as u64, power as u64)
}

/// `⌊2^(127 + bits) / divisor⌋` where `bits` is the length of the divisor: 128 bits of its reciprocal.
const fn reciprocal(divisor: u128) -> u128 {
    let bits = 128 - divisor.leading_zeros();
    let mut quotient = 0_u128;
    let mut remainder = 1_u128;
    let mut step = 0;
    while step < 127 + bits {
        remainder <<= 1;
        quotient <<= 1;
        if remainder >= divisor {
            remainder -= divisor;
            quotient |= 1;
        }
        step += 1;
    }
    quotient
}

/// The double nearest to `mantissa · 10^exponent`, ties to even; `None` outside [`EXPONENTS`].
#[inline]
pub(super) fn nearest(mantissa: u64, exponent: i64) -> Option<f64> {
    if mantissa == 0 {
        return Some(0.0);
    }
    if !EXPONENTS.contains(&exponent) {
        return None;
    }
    let (high_five, low_five) = *FIVES.get(usize::try_from(exponent + 27).ok()?)?;
    let zeros = mantissa.leading_zeros();
    let w = mantissa << zeros;
    let product = u128::from(w) * u128::from(high_five);
    let (mut high, mut low) = ((product >> 64) as u64, product as u64);
    // Nine bits stand below the 55 that decide; only if all are set can the low half of the power matter.
    if high & 0x1FF == 0x1FF {
        let correction = (u128::from(w) * u128::from(low_five)) >> 64;
        let (sum, carried) = low.overflowing_add(correction as u64);
        low = sum;
        high += u64::from(carried);
    }
    let upper = high >> 63;
    let shift = upper + 9;
    let mut bits = high >> shift;
    // ⌊log2(10^q)⌋ by 217706/2^16; 1023 is the bias.
    let power = ((217_706 * exponent) >> 16) + 63 + upper.cast_signed() - i64::from(zeros) + 1023;
    // Exactly half way between two doubles: to the even one.
    if low <= 1 && (-4..=23).contains(&exponent) && bits & 3 == 1 && bits << shift == high {
        bits &= !1;
    }
    bits = (bits + (bits & 1)) >> 1;
    let carried = bits >> 53;
    bits >>= carried;
    let biased = power + carried.cast_signed();
    if !(1..2047).contains(&biased) {
        return None;
    }
    Some(f64::from_bits(bits & ((1 << 52) - 1) | biased.cast_unsigned() << 52))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_way_cases_go_to_even() {
        for (mantissa, exponent) in [
            (9_007_199_254_740_993, 0),
            (9_007_199_254_740_995, 0),
            (90_071_992_547_409_930, -1),
            (1_801_439_850_948_199, 1),
            (u64::MAX, 0),
            (1, -27),
            (1, 55),
            (u64::MAX, 55),
            (u64::MAX, -27),
        ] {
            let expected: f64 = format!("{mantissa}e{exponent}").parse().unwrap();
            assert_eq!(nearest(mantissa, exponent).map(f64::to_bits), Some(expected.to_bits()));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 20_000,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn every_product_is_rounded_as_the_standard_parser_does(
            mantissa: u64, shift in 0_u32..64, exponent in EXPONENTS
        ) {
            let mantissa = mantissa >> shift;
            let expected: f64 = format!("{mantissa}e{exponent}").parse().unwrap();
            prop_assert_eq!(nearest(mantissa, exponent).map(f64::to_bits), Some(expected.to_bits()));
        }

        #[test]
        fn neighbours_of_half_way_are_rounded_right(bits in 0_u64..1 << 52, exponent in 0_i64..16, off in 0_u64..3) {
            // Odd multiples of half a unit in the last place, and their neighbours.
            let middle = ((1_u64 << 52 | bits) << 1 | 1) + off - 1;
            let expected: f64 = format!("{middle}e{exponent}").parse().unwrap();
            prop_assert_eq!(nearest(middle, exponent).map(f64::to_bits), Some(expected.to_bits()));
        }
    }
}
