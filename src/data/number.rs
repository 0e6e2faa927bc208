//! One number from the decimal text of a cell: correctly rounded, never infinite by accident, never by half.

use crate::data::decimal;

/// A number and what was remarkable about its text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    /// Nearest double; infinite where the text is beyond the range.
    pub(super) value: f64,
    /// Bits of [`mark`].
    pub(super) marks: u8,
}

/// Remarks on the text of a number.
pub(super) mod mark {
    /// `1.234`: the point might part thousands.
    pub(in crate::data) const ONE_GROUP: u8 = 1;
    /// `1.5`: the point can only be a decimal mark.
    pub(in crate::data) const DECIMAL: u8 = 2;
    /// `007`
    pub(in crate::data) const LEADING_ZERO: u8 = 4;
    /// An integer beyond 2⁵³ that is not a double.
    pub(in crate::data) const INEXACT: u8 = 8;
    /// `1e-400`: nearest double is 0.
    pub(in crate::data) const UNDERFLOW: u8 = 16;
    /// `1e400`: beyond the largest double.
    pub(in crate::data) const OVERFLOW: u8 = 32;
    /// Blanks around it.
    pub(in crate::data) const PADDED: u8 = 64;
    /// A minus that is no hyphen, or brackets.
    pub(in crate::data) const ODD_MINUS: u8 = 128;
}

/// Reads `[+-] digits [. digits] [e [+-] digits]` with a digit somewhere in front; nothing else is a number.
pub(super) fn parse(text: &[u8]) -> Option<Number> {
    parse_marked(text, b'.')
}

/// [`parse`] with another decimal mark.
pub(super) fn parse_marked(text: &[u8], decimal: u8) -> Option<Number> {
    let (number, end) = scan(text, 0, decimal)?;
    (end == text.len()).then_some(number)
}

/// Reads the number that begins at `begin`, with this decimal mark, and where it ends.
#[inline]
pub(super) fn scan(text: &[u8], begin: usize, decimal: u8) -> Option<(Number, usize)> {
    let first = *text.get(begin)?;
    let negative = first == b'-';
    // Added rather than branched on: nobody can tell which sign comes next.
    let start = begin + usize::from(negative || first == b'+');
    let mut mantissa = 0_u64;
    let integer_end = short_digits(text, start, &mut mantissa);
    let integer_len = integer_end - start;
    let mut at = integer_end;
    let mut fraction_len = 0;
    let has_point = text.get(at) == Some(&decimal);
    if has_point {
        at = digits(text, integer_end + 1, &mut mantissa);
        fraction_len = at - integer_end - 1;
    }
    let n_digits = integer_len + fraction_len;
    if n_digits == 0 {
        return None;
    }
    let digits_end = at;
    let has_exponent = matches!(text.get(at), Some(b'e' | b'E'));
    let mut power = -i64::try_from(fraction_len).ok()?;
    if has_exponent {
        let (exponent, end) = exponent(text, at + 1)?;
        power += exponent;
        at = end;
    }
    // Wrapped mantissas of more than 19 digits are read anew.
    let is_whole = n_digits <= 19 || n_digits - leading_zeros(text.get(start..digits_end)?) <= 19;
    let fast = if is_whole { decimal::nearest(mantissa, power) } else { None };
    let magnitude = match fast {
        Some(magnitude) => magnitude,
        None => slow(text.get(start..at)?, decimal)?,
    };
    let mut marks = 0;
    let leading_zero = text.get(start) == Some(&b'0');
    if has_point {
        let grouped = !has_exponent && fraction_len == 3 && (1..=3).contains(&integer_len);
        marks |= if grouped && !leading_zero { mark::ONE_GROUP } else { mark::DECIMAL };
    } else if leading_zero && integer_len > 1 && !has_exponent {
        marks |= mark::LEADING_ZERO;
    }
    if fast.is_none() || integer_len > 15 {
        marks |= range_marks(text.get(start..at)?, magnitude, has_point || has_exponent);
    }
    let value = if negative { -magnitude } else { magnitude };
    Some((Number { value, marks }, at))
}

/// The standard parser's answer.
#[cold]
fn slow(text: &[u8], decimal: u8) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    if decimal == b'.' { text.parse().ok() } else { text.replace(char::from(decimal), ".").parse().ok() }
}

/// Zeros before the first other digit, wherever the decimal mark stands.
#[cold]
fn leading_zeros(digits: &[u8]) -> usize {
    let before = digits.iter().take_while(|b| !(b'1'..=b'9').contains(b));
    before.filter(|b| **b == b'0').count()
}

/// Marks of numbers that are too large, too small, or integers of too many digits.
fn range_marks(text: &[u8], value: f64, is_fraction: bool) -> u8 {
    if value.is_infinite() {
        mark::OVERFLOW
    } else if value == 0.0 && has_nonzero(text) {
        mark::UNDERFLOW
    } else if !is_fraction && !is_exact(text, value) {
        mark::INEXACT
    } else {
        0
    }
}

/// Takes digits from `at` on into `mantissa` (wrapping), eight at a time; where they end.
#[inline]
fn digits(text: &[u8], at: usize, mantissa: &mut u64) -> usize {
    let mut end = at;
    while let Some(eight) = text.get(end..end + 8).and_then(|b| <[u8; 8]>::try_from(b).ok()) {
        let digits = u64::from_le_bytes(eight) ^ 0x3030_3030_3030_3030;
        // A byte above 9 carries into its high half when 6 is added, or has one already; it is the lowest marked.
        let others = (digits.wrapping_add(0x0606_0606_0606_0606) | digits) & 0xF0F0_F0F0_F0F0_F0F0;
        if others != 0 {
            // Fewer than eight: moved up behind zeros they are read like eight, without a step for each.
            let n_bits = others.trailing_zeros() & !7;
            let n = (n_bits / 8) as usize;
            let aligned = digits.checked_shl(64 - n_bits).unwrap_or(0);
            let scale = POWERS.get(n).copied().unwrap_or(1);
            *mantissa = mantissa.wrapping_mul(scale).wrapping_add(spelled(aligned));
            return end + n;
        }
        *mantissa = mantissa.wrapping_mul(100_000_000).wrapping_add(spelled(digits));
        end += 8;
    }
    short_digits(text, end, mantissa)
}

/// [`digits`] one by one: faster for the few in front of a decimal mark.
#[inline]
fn short_digits(text: &[u8], at: usize, mantissa: &mut u64) -> usize {
    let mut end = at;
    while let Some(digit) = text.get(end).map(|b| b.wrapping_sub(b'0')).filter(|d| *d < 10) {
        *mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
        end += 1;
    }
    end
}

/// Powers of ten that make room for up to seven digits.
const POWERS: [u64; 8] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// The number of eight digits, one a byte, the first in the lowest.
#[inline]
const fn spelled(digits: u64) -> u64 {
    // Pairs, then fours, then all eight: each step joins neighbours with one multiplication.
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let low = (pairs & 0x0000_00FF_0000_00FF).wrapping_mul(100 + (1_000_000 << 32));
    let high = ((pairs >> 16) & 0x0000_00FF_0000_00FF).wrapping_mul(1 + (10_000 << 32));
    low.wrapping_add(high) >> 32
}

/// The exponent that begins at `begin`, and where it ends.
fn exponent(text: &[u8], begin: usize) -> Option<(i64, usize)> {
    let (negative, start) = match text.get(begin)? {
        b'-' => (true, begin + 1),
        b'+' => (false, begin + 1),
        _ => (false, begin),
    };
    let mut at = start;
    let mut exponent = 0_i64;
    while let Some(digit) = text.get(at).map(|b| b.wrapping_sub(b'0')).filter(|d| *d < 10) {
        exponent = (exponent * 10 + i64::from(digit)).min(1_000_000_000);
        at += 1;
    }
    let signed = if negative { -exponent } else { exponent };
    (at > start).then_some((signed, at))
}

fn has_nonzero(text: &[u8]) -> bool {
    text.iter().take_while(|b| !matches!(b, b'e' | b'E')).any(|b| (b'1'..=b'9').contains(b))
}

/// Whether an integer of many digits is exactly its nearest double.
fn is_exact(digits: &[u8], value: f64) -> bool {
    let printed = format!("{:.0}", value.abs());
    let from = digits.iter().position(|b| *b != b'0').unwrap_or(digits.len());
    digits.get(from..) == Some(printed.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(text: &str) -> Option<f64> {
        parse(text.as_bytes()).map(|n| n.value)
    }

    fn number_bits(text: &str) -> u64 {
        text.parse::<f64>().unwrap().to_bits()
    }

    #[test]
    fn plain_forms_are_numbers() {
        for text in ["1e5", "+5", ".5", "5.", "-0", "1E-3", "007", "0.1", "-.5e+2"] {
            assert_eq!(value(text), text.parse().ok(), "{text}");
        }
    }

    #[test]
    fn words_and_odd_forms_are_not() {
        for text in [
            "", "-", "+", ".", "e5", "1e", "1e+", "inf", "nan", "infinity", "-inf", "0x1F", "1_000", "1,5", "1 2",
            "--1", "1.2.3", "1e5.0", "5f", "\u{0661}",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn extremes_are_correctly_rounded() {
        for text in [
            "4.9e-324",
            "1e-310",
            "2.2250738585072014e-308",
            "1.7976931348623157e308",
            "82544000000000707.52",
            "9007199254740993",
            "9007199254740991",
            "0.1234567890123456789",
            "123456789012345678901234567890",
            "9007199254740992.5",
            "9007199254740991.4999999999999999999999999999999",
            "2.4703282292062327208e-324",
            "2.4703282292062328e-324",
            "2.2250738585072011e-308",
            "1.7976931348623158e308",
            "1e22",
            "1e23",
            "8.5e-22",
        ] {
            assert_eq!(value(text).map(f64::to_bits), text.parse().ok().map(f64::to_bits), "{text}");
        }
    }

    #[test]
    fn marks_say_what_is_remarkable() {
        let marks = |text: &str| parse(text.as_bytes()).unwrap().marks;
        assert_eq!(marks("1e400"), mark::OVERFLOW);
        assert_eq!(marks("1e-400"), mark::UNDERFLOW);
        assert_eq!(marks("0e-400"), 0);
        assert_eq!(marks("9007199254740993"), mark::INEXACT);
        assert_eq!(marks("9007199254740992"), 0);
        assert_eq!(marks("007"), mark::LEADING_ZERO);
        assert_eq!(marks("0.125"), mark::DECIMAL);
        assert_eq!(marks("5.555"), mark::ONE_GROUP);
        assert_eq!(marks("1234.555"), mark::DECIMAL);
    }

    #[test]
    fn another_decimal_mark_changes_nothing_else() {
        for text in
            ["1.5", "-0.0625", "12", "5.", ".5", "1.53e4", "1.234", "0.00012345678901234567", "1e400", "4.9e-324"]
        {
            let comma = text.replace('.', ",");
            assert_eq!(parse_marked(comma.as_bytes(), b','), parse(text.as_bytes()), "{text}");
        }
        assert_eq!(parse_marked(b"1.5", b','), None);
    }

    /// Decimal text of exactly half way between a double and its upper neighbour, and of one digit more or less.
    fn around_half_way(number: f64) -> [String; 3] {
        let exponent = (number.to_bits() >> 52) as i32;
        let bits = number.to_bits() & ((1 << 52) - 1);
        let mantissa = if exponent == 0 { bits } else { bits | 1 << 52 };
        // (2 m + 1) · 2^(e − 1), as decimal digits.
        let mut digits: Vec<u8> = (2 * mantissa + 1).to_string().bytes().rev().map(|b| b - b'0').collect();
        let power = exponent.max(1) - 1075 - 1;
        let mut tens = 0;
        for _ in 0..power.abs() {
            // 2^-1 = 5 · 10^-1
            let factor = if power < 0 { 5 } else { 2 };
            tens -= i32::from(power < 0);
            let mut carry = 0;
            for digit in &mut digits {
                let product = *digit * factor + carry;
                (*digit, carry) = (product % 10, product / 10);
            }
            digits.extend((carry > 0).then_some(carry));
        }
        let text: String = digits.iter().rev().map(|d| char::from(b'0' + d)).collect();
        let below = {
            let at = digits.iter().position(|d| *d > 0).unwrap();
            let mut less = digits.clone();
            less[at] -= 1;
            less[..at].fill(9);
            less.iter().rev().map(|d| char::from(b'0' + d)).collect::<String>()
        };
        [format!("{text}e{tens}"), format!("{text}1e{}", tens - 1), format!("{below}9e{}", tens - 1)]
    }

    proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_double_survives_its_text(bits: u64, digits in 1_usize..25) {
            let number = f64::from_bits(bits);
            prop_assume!(number.is_finite());
            // Behind it stands what no number takes.
            for text in [format!("{number}"), format!("{number:e}"), format!("{number:.digits$e}")] {
                let inside = format!("{text},12345678");
                let scanned = scan(inside.as_bytes(), 0, b'.').map(|(n, end)| (n.value.to_bits(), end));
                prop_assert_eq!(scanned, Some((number_bits(&text), text.len())), "{}", inside);
                let ours = parse(text.as_bytes()).map(|n| n.value.to_bits());
                prop_assert_eq!(ours, text.parse().ok().map(f64::to_bits), "{}", text);
            }
        }

        #[test]
        fn half_way_is_rounded_to_even_and_its_neighbours_to_theirs(bits in 0..f64::MAX.to_bits()) {
            let number = f64::from_bits(bits);
            let next = f64::from_bits(bits + 1);
            let even = if bits % 2 == 0 { number } else { next };
            for (text, expected) in around_half_way(number).iter().zip([even, next, number]) {
                let ours = parse(text.as_bytes()).map(|n| n.value.to_bits());
                prop_assert_eq!(ours, Some(expected.to_bits()), "{}", text);
                prop_assert_eq!(ours, text.parse().ok().map(f64::to_bits), "{}", text);
            }
        }

        #[test]
        fn up_to_eight_hundred_digits_all_count(
            text in "[1-9][0-9]{0,400}\\.[0-9]{0,400}", zeros in 0_usize..330, exponent in -330_i32..330
        ) {
            let small = format!("0.{}{}", "0".repeat(zeros), text.replace('.', ""));
            for text in [format!("{text}e{exponent}"), small, text] {
                let ours = parse(text.as_bytes()).map(|n| n.value.to_bits());
                prop_assert_eq!(ours, text.parse().ok().map(f64::to_bits), "{}", text);
            }
        }

        #[test]
        fn integers_around_two_to_the_53_are_exact_or_marked(off in -40_i64..40, shift in 0_u32..10) {
            let integer = (1_i64 << (53 + shift)) + off;
            let number = parse(integer.to_string().as_bytes()).unwrap();
            prop_assert_eq!(number.value.to_bits(), (integer as f64).to_bits());
            let is_exact = number.value as i64 == integer;
            prop_assert_eq!(number.marks & mark::INEXACT == 0, is_exact, "{}", integer);
        }

        #[test]
        fn any_decimal_text_is_rounded_as_the_standard_parser_does(
            text in "[+-]?[0-9]{0,22}\\.?[0-9]{0,22}([eE][+-]?[0-9]{1,3})?"
        ) {
            let ours = parse(text.as_bytes()).map(|n| n.value.to_bits());
            prop_assert_eq!(ours, text.parse().ok().map(f64::to_bits), "{}", text);
        }
    }
}
