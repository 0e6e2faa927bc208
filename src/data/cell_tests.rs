//! Tests of the notations of numbers.

use crate::data::cell::{Notation, NumberFormat, Unit, amount, read_number};
use crate::data::number::mark;
use crate::data::options::DecimalMark::{Comma, Point};
use crate::data::options::Thousands;
use proptest::prelude::*;

fn notation_of(text: &str) -> Option<Notation> {
    amount(text).map(|a| a.notation)
}

#[test]
fn notations_are_told_apart() {
    assert_eq!(notation_of("12e3"), Some(Notation::Digits));
    assert_eq!(notation_of("1,5"), Some(Notation::Decimal(Comma)));
    assert_eq!(notation_of("0,125"), Some(Notation::Decimal(Comma)));
    assert_eq!(notation_of("1234,567"), Some(Notation::Decimal(Comma)));
    assert_eq!(notation_of("1,53e4"), Some(Notation::Decimal(Comma)));
    assert_eq!(notation_of("1,234"), Some(Notation::OneGroup(Comma)));
    assert_eq!(notation_of("1.234.567"), Some(Notation::Groups(Thousands::Point, None)));
    assert_eq!(notation_of("1.234,5"), Some(Notation::Groups(Thousands::Point, Some(Comma))));
    assert_eq!(notation_of("1'234.5"), Some(Notation::Groups(Thousands::Apostrophe, Some(Point))));
    assert_eq!(notation_of("1\u{a0}234"), Some(Notation::Groups(Thousands::Blank, None)));
    assert_eq!(notation_of("007"), Some(Notation::LeadingZero));
}

#[test]
fn no_number_is_made_of_half_a_text() {
    for text in [
        "12 kg",
        "1.2.3",
        "1,2,3",
        "31.12.2024",
        "0x1F",
        "1_000",
        "12,34,567",
        "1 2",
        "--5",
        "(-5)",
        "1.234.56",
        "1,234,56",
        "%",
        "$",
        "1e",
        "1,234e5.",
        "5 %%",
        "$5%",
    ] {
        assert_eq!(amount(text).map(|a| a.notation), None, "{text}");
    }
}

#[test]
fn every_sign_of_minus_is_one() {
    for text in ["-5", "\u{2212}5", "\u{2013}5", "\u{2010}5", "\u{ff0d}5", "- 5", "(5)"] {
        let number = read_number(text.as_bytes(), NumberFormat::PLAIN).unwrap();
        assert_eq!(number.value.to_bits(), (-5.0_f64).to_bits(), "{text}");
        assert_eq!(number.marks & mark::ODD_MINUS == 0, text == "-5", "{text}");
    }
    for text in ["\u{2013}\u{2013}5", "-\u{2212}5", "+ 5", "5\u{2013}6"] {
        assert_eq!(amount(text), None, "{text}");
    }
}

#[test]
fn amounts_are_read_under_their_format() {
    let dollars = NumberFormat { thousands: Thousands::Comma, unit: Unit::Currency("$"), ..NumberFormat::PLAIN };
    let value = |text: &str, format| read_number(text.as_bytes(), format).map(|n| n.value);
    assert_eq!(value("$1,200.50", dollars), Some(1200.5));
    assert_eq!(value("-$5", dollars), Some(-5.0));
    assert_eq!(value("($5)", dollars), Some(-5.0));
    assert_eq!(value("5", dollars), None);
    let percent = NumberFormat { unit: Unit::Percent, ..NumberFormat::PLAIN };
    assert_eq!(value("12.5%", percent), Some(12.5));
    assert_eq!(value("12.5 %", percent), Some(12.5));
    let euro =
        NumberFormat { decimal: Comma, thousands: Thousands::Point, unit: Unit::Currency("€"), leading_zeros: false };
    assert_eq!(value("1.200,50 €", euro), Some(1200.5));
    assert_eq!(value(" \u{2212}1", NumberFormat::PLAIN), Some(-1.0));
    assert_eq!(value("1,5", NumberFormat::PLAIN), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn groups_and_commas_change_no_bit(
        groups in proptest::collection::vec(0_u32..1000, 0..12), first in 1_u32..1000,
        decimals in proptest::option::of("[0-9]{1,60}"), negative: bool
    ) {
        let sign = if negative { "-" } else { "" };
        let join = |separator: &str, mark: &str| {
            let groups: Vec<String> = groups.iter().map(|g| format!("{separator}{g:03}")).collect();
            let decimals = decimals.as_ref().map(|d| format!("{mark}{d}")).unwrap_or_default();
            format!("{sign}{first}{}{decimals}", groups.concat())
        };
        let expected: f64 = join("", ".").parse().unwrap();
        for (thousands, separators) in [
            (Thousands::None, &[""][..]),
            (Thousands::Point, &["."]),
            (Thousands::Comma, &[","]),
            (Thousands::Blank, &[" ", "\u{a0}", "\u{202f}"]),
            (Thousands::Apostrophe, &["'", "\u{2019}"]),
        ] {
            for (decimal, mark) in [(Point, "."), (Comma, ",")] {
                if separators[0] == mark {
                    continue;
                }
                let format = NumberFormat { decimal, thousands, ..NumberFormat::PLAIN };
                for separator in separators {
                    let text = join(separator, mark);
                    let ours = read_number(text.as_bytes(), format).map(|n| n.value.to_bits());
                    prop_assert_eq!(ours, Some(expected.to_bits()), "{}", text);
                }
            }
        }
    }
}
