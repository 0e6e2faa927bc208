//! What the text of one cell may mean: missing, an amount (in which notation), a date, a yes or no, or text.

use crate::data::date;
use crate::data::number::{self, Number, mark};
use crate::data::options::{DecimalMark, Thousands};

/// Spellings of "missing", lower case.
const MISSING: [&str; 9] = ["na", "n/a", "#n/a", "nan", "null", "none", ".", "-", "?"];

/// Spellings of infinity, lower case, without sign.
const INFINITE: [&str; 3] = ["inf", "infinity", "∞"];

/// Pairs of words that are one 0/1 column: no first, yes second.
pub(super) const BOOLEANS: [[&str; 2]; 4] = [["false", "true"], ["no", "yes"], ["n", "y"], ["f", "t"]];

/// Signs and codes of money.
const CURRENCIES: [&str; 17] =
    ["US$", "$", "€", "£", "¥", "₹", "USD", "EUR", "GBP", "CHF", "JPY", "AUD", "CAD", "SEK", "NOK", "DKK", "INR"];

/// Signs that stand for a minus: the hyphen first.
const MINUS: [char; 7] = ['-', '\u{2212}', '\u{2013}', '\u{2010}', '\u{2011}', '\u{fe63}', '\u{ff0d}'];

/// How the numbers of one column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NumberFormat {
    pub(super) decimal: DecimalMark,
    pub(super) thousands: Thousands,
    pub(super) unit: Unit,
    /// `007` is 7 because the user says so.
    pub(super) leading_zeros: bool,
}

impl NumberFormat {
    /// `1.5` and nothing else.
    pub(super) const PLAIN: Self =
        Self { decimal: DecimalMark::Point, thousands: Thousands::None, unit: Unit::None, leading_zeros: false };
}

/// What stands around the digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    None,
    Percent,
    /// One of [`CURRENCIES`].
    Currency(&'static str),
}

/// The notation of one amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// `12`, `12e3`
    Digits,
    /// `007`
    LeadingZero,
    /// `1.5`, `0,125`: the mark can only be the decimal one.
    Decimal(DecimalMark),
    /// `1,234`: the mark is the decimal one or parts thousands.
    OneGroup(DecimalMark),
    /// `1,234,567`, `1.234,5`, `1 234`: groups, and decimals behind the other mark.
    Groups(Thousands, Option<DecimalMark>),
}

/// A cell that is a number in some notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Amount<'a> {
    pub(super) notation: Notation,
    pub(super) unit: Unit,
    negative: bool,
    /// Digits, marks and exponent without sign and unit.
    core: &'a str,
    /// Whether the minus is no hyphen, or a pair of brackets.
    odd_minus: bool,
}

/// Whether a trimmed text is one of the usual spellings of "missing".
pub(super) fn is_missing_word(text: &str) -> bool {
    text.len() <= 4 && MISSING.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a trimmed text is a spelling of infinity.
pub(super) fn is_infinite_word(text: &str) -> bool {
    let bare = text.strip_prefix(['-', '+']).unwrap_or(text);
    bare.len() <= 8 && INFINITE.iter().any(|word| word.eq_ignore_ascii_case(bare))
}

/// Whether a trimmed text is a number, however written, that no double is large enough for.
pub(super) fn is_beyond_range(text: &str) -> bool {
    let number = amount(text).and_then(|amount| amount.value(amount.own_format()));
    number.is_some_and(|number| number.value.is_infinite())
}

/// Whether a trimmed text is a date, a time or both.
pub(super) fn is_date(text: &str) -> bool {
    date::is_date(text)
}

/// The amount a trimmed text may stand for, whatever the notation.
pub(super) fn amount(text: &str) -> Option<Amount<'_>> {
    // Most texts are none at first sight: only signs of money begin with a letter.
    let is_word =
        text.starts_with(|c: char| c.is_ascii_alphabetic()) && !CURRENCIES.iter().any(|sign| text.starts_with(sign));
    if text.len() > 400 || is_word || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut rest = text;
    let mut minus = 0;
    let mut odd_minus = false;
    if let Some(inner) = rest.strip_prefix('(').and_then(|r| r.strip_suffix(')')) {
        (rest, minus, odd_minus) = (inner.trim(), 1, true);
    }
    let mut unit = Unit::None;
    let mut signed = false;
    // A sign may stand before or behind the sign of money, once.
    for _ in 0..2 {
        let sign = rest.chars().next().filter(|c| !signed && (*c == '+' || MINUS.contains(c)));
        if let Some(sign) = sign {
            let after = rest.get(sign.len_utf8()..).unwrap_or_default();
            signed = true;
            rest = after;
            if sign != '+' {
                rest = after.trim_start();
                odd_minus |= sign != '-' || rest.len() < after.len();
                minus += 1;
            }
        }
        if unit == Unit::None
            && let Some((found, after)) = currency_prefix(rest)
        {
            (unit, rest) = (Unit::Currency(found), after.trim_start());
        }
    }
    if let Some(before) = rest.strip_suffix('%') {
        if unit != Unit::None {
            return None;
        }
        (unit, rest) = (Unit::Percent, before.trim_end());
    } else if unit == Unit::None
        && let Some((found, before)) = currency_suffix(rest)
    {
        (unit, rest) = (Unit::Currency(found), before.trim_end());
    }
    if minus > 1 {
        return None;
    }
    let notation = notation(rest)?;
    Some(Amount { notation, unit, negative: minus == 1, core: rest, odd_minus })
}

fn currency_prefix(text: &str) -> Option<(&'static str, &str)> {
    CURRENCIES.iter().find_map(|&sign| Some((sign, text.strip_prefix(sign)?)))
}

fn currency_suffix(text: &str) -> Option<(&'static str, &str)> {
    CURRENCIES.iter().find_map(|&sign| Some((sign, text.strip_suffix(sign)?)))
}

/// The kind of separator that a character is.
fn separator(c: char) -> Option<Thousands> {
    match c {
        '.' => Some(Thousands::Point),
        ',' => Some(Thousands::Comma),
        ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' => Some(Thousands::Blank),
        '\'' | '\u{2019}' => Some(Thousands::Apostrophe),
        _ => None,
    }
}

const fn decimal_mark(separator: Thousands) -> Option<DecimalMark> {
    match separator {
        Thousands::Point => Some(DecimalMark::Point),
        Thousands::Comma => Some(DecimalMark::Comma),
        _ => None,
    }
}

/// How digits and separators are arranged; `None` if that is no number.
fn notation(core: &str) -> Option<Notation> {
    let (mantissa, exponent) = match core.find(['e', 'E']) {
        Some(at) => (core.get(..at)?, Some(core.get(at + 1..)?)),
        None => (core, None),
    };
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
    }
    // Runs of digits and what parts them: 1.234,5 → lengths 1 3 1, separators point comma.
    let mut lengths = vec![0_usize];
    let mut separators = Vec::new();
    for c in mantissa.chars() {
        if c.is_ascii_digit() {
            *lengths.last_mut()? += 1;
        } else {
            separators.push(separator(c)?);
            lengths.push(0);
        }
    }
    let (&first, &last) = (lengths.first()?, lengths.last()?);
    let leading_zero = mantissa.starts_with('0');
    match *separators.as_slice() {
        [] if first == 0 => None,
        [] if leading_zero && first > 1 && exponent.is_none() => Some(Notation::LeadingZero),
        [] => Some(Notation::Digits),
        [only] => {
            let group = (1..=3).contains(&first) && last == 3 && exponent.is_none();
            match decimal_mark(only) {
                Some(mark) if group && !leading_zero => Some(Notation::OneGroup(mark)),
                Some(mark) => (first + last > 0).then_some(Notation::Decimal(mark)),
                None => group.then_some(Notation::Groups(only, None)),
            }
        }
        [group, .., end] => {
            let full = |runs: &[usize]| runs.iter().all(|length| *length == 3);
            let same = separators.iter().rev().skip(1).all(|s| *s == group);
            if !same || !(1..=3).contains(&first) || exponent.is_some() {
                return None;
            }
            if end == group {
                return full(lengths.get(1..)?).then_some(Notation::Groups(group, None));
            }
            let decimal = decimal_mark(end)?;
            let groups = lengths.get(1..lengths.len() - 1)?;
            full(groups).then_some(Notation::Groups(group, Some(decimal)))
        }
    }
}

impl Amount<'_> {
    /// A format under which this amount is a number, whatever the rest of the column says.
    pub(super) const fn own_format(&self) -> NumberFormat {
        let (decimal, thousands) = match self.notation {
            Notation::Decimal(mark) | Notation::OneGroup(mark) => (mark, Thousands::None),
            Notation::Groups(Thousands::Point, None) => (DecimalMark::Comma, Thousands::Point),
            Notation::Groups(thousands, Some(mark)) => (mark, thousands),
            Notation::Groups(thousands, None) => (DecimalMark::Point, thousands),
            Notation::Digits | Notation::LeadingZero => (DecimalMark::Point, Thousands::None),
        };
        NumberFormat { decimal, thousands, unit: self.unit, leading_zeros: true }
    }

    /// The number under a format; `None` where the notation does not fit it.
    pub(super) fn value(&self, format: NumberFormat) -> Option<Number> {
        let mark_of = |decimal: DecimalMark| match decimal {
            DecimalMark::Point => Thousands::Point,
            DecimalMark::Comma => Thousands::Comma,
        };
        let fits = self.unit == format.unit
            && match self.notation {
                Notation::Digits => true,
                Notation::LeadingZero => format.leading_zeros,
                Notation::Decimal(decimal) => decimal == format.decimal,
                Notation::OneGroup(decimal) => decimal == format.decimal || mark_of(decimal) == format.thousands,
                Notation::Groups(thousands, decimal) => {
                    thousands == format.thousands && decimal.is_none_or(|d| d == format.decimal)
                }
            };
        if !fits {
            return None;
        }
        let mut plain = String::with_capacity(self.core.len() + 1);
        if self.negative {
            plain.push('-');
        }
        for c in self.core.chars() {
            match separator(c) {
                Some(s) if s == mark_of(format.decimal) => plain.push('.'),
                Some(_) => {}
                None => plain.push(c),
            }
        }
        let mut number = number::parse(plain.as_bytes())?;
        if self.odd_minus {
            number.marks |= mark::ODD_MINUS;
        }
        Some(number)
    }
}

/// Reads a cell of a column that is written in `format`; blanks around it are marked.
#[inline]
pub(super) fn read_number(cell: &[u8], format: NumberFormat) -> Option<Number> {
    if format.unit == Unit::None
        && let Some(number) = number::parse_marked(cell, format.decimal.byte())
    {
        return (format.leading_zeros || number.marks & mark::LEADING_ZERO == 0).then_some(number);
    }
    let text = std::str::from_utf8(cell).ok()?;
    let trimmed = text.trim();
    let mut number = amount(trimmed)?.value(format)?;
    if trimmed.len() < text.len() {
        number.marks |= mark::PADDED;
    }
    Some(number)
}

/// Position of a trimmed word in [`BOOLEANS`]: pair and 0 or 1.
pub(super) fn boolean(text: &str) -> Option<(usize, usize)> {
    if text.len() > 5 {
        return None;
    }
    BOOLEANS.iter().enumerate().find_map(|(pair, words)| {
        let value = words.iter().position(|word| word.eq_ignore_ascii_case(text))?;
        Some((pair, value))
    })
}
