//! What a column of texts is: numbers in which notation, yes and no, dates, levels, or just text.
//!
//! Decided from all distinct texts of the column, never from its first rows.

use crate::data::cell::{self, BOOLEANS, Notation, NumberFormat, Unit};
use crate::data::lane::First;
use crate::data::options::{DecimalMark, ImportOptions, Thousands, TypeChoice};
use crate::data::texts::{Class, Texts};

/// What a column is read as, before its cells are converted.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reading {
    Empty,
    Number(NumberFormat),
    /// Pair of [`BOOLEANS`].
    Boolean(usize),
    Date,
    Text(Why),
}

/// Why a column is text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Why {
    /// Because it is.
    Words,
    /// Because the user wants levels.
    Chosen,
    /// `007`
    LeadingZeros(First),
    /// Numbers, and some texts among them.
    Offenders(First),
    /// Marks that can be read in two ways: one example of each.
    Ambiguous(First, First),
    /// Numbers that all have the same letters behind them: `5 kg`.
    Suffix(First),
    /// Percent or currency in some cells only, or two currencies.
    Units(First, First),
}

/// Decides what a column is.
pub(super) fn decide(texts: &Texts, options: &ImportOptions, choice: Option<TypeChoice>) -> Reading {
    let mut profile = Profile::default();
    for (class, first) in texts.classes(options) {
        profile.add(class, first);
    }
    match choice {
        Some(TypeChoice::Category) => return Reading::Text(Why::Chosen),
        Some(TypeChoice::Number) => return Reading::Number(profile.forced_format(options)),
        _ => {}
    }
    let n_present = profile.n_present;
    if n_present == 0 {
        Reading::Empty
    } else if profile.n_numbers > 0 && profile.n_numbers + profile.n_infinite == n_present {
        profile.format(options).map_or_else(Reading::Text, Reading::Number)
    } else if let Some(pair) = profile.boolean_pair() {
        Reading::Boolean(pair)
    } else if profile.n_dates == n_present {
        Reading::Date
    } else if profile.n_numbers * 2 >= n_present {
        Reading::Text(Why::Offenders(profile.offenders))
    } else if profile.suffix.as_ref().is_some_and(|(_, first)| first.count == n_present) {
        Reading::Text(Why::Suffix(profile.offenders))
    } else {
        Reading::Text(Why::Words)
    }
}

/// What notations, words and dates a column holds.
#[derive(Debug, Default)]
struct Profile {
    /// Cells that are not missing.
    n_present: u64,
    n_numbers: u64,
    n_infinite: u64,
    n_dates: u64,
    offenders: First,
    /// What follows the last digit of the first text that begins with a number, and all texts that end so.
    suffix: Option<(String, First)>,
    booleans: [[u64; 2]; 4],
    leading_zero: First,
    units: Vec<(Unit, First)>,
    marks: Marks,
}

/// First examples of what points, commas and groups mean. Of two, the first is for the point.
#[derive(Debug, Default)]
struct Marks {
    /// `1.5` | `1,5`
    decimal: [First; 2],
    /// `1.234` | `1,234`
    one_group: [First; 2],
    /// `1.234.567`, `1.234,5` | `1,234,567`, `1,234.5`
    groups: [First; 2],
    /// `1 234` | `1'234`
    other_groups: [First; 2],
}

const POINT: usize = 0;
const COMMA: usize = 1;

const fn side(mark: DecimalMark) -> usize {
    match mark {
        DecimalMark::Point => POINT,
        DecimalMark::Comma => COMMA,
    }
}

impl Profile {
    fn add(&mut self, class: Class<'_>, first: &First) {
        let count = first.count;
        if !matches!(class, Class::Missing) {
            self.n_present += count;
        }
        match class {
            Class::Missing => {}
            Class::Infinite => self.n_infinite += count,
            Class::Amount(amount) => {
                self.n_numbers += count;
                self.add_unit(amount.unit, first);
                self.marks.add(amount.notation, first);
                if amount.notation == Notation::LeadingZero {
                    add(&mut self.leading_zero, first);
                }
            }
            Class::Boolean(pair, value) => {
                add(&mut self.offenders, first);
                if let Some(n) = self.booleans.get_mut(pair).and_then(|p| p.get_mut(value)) {
                    *n += count;
                }
            }
            Class::Date => {
                add(&mut self.offenders, first);
                self.n_dates += count;
            }
            Class::Text => {
                add(&mut self.offenders, first);
                self.add_suffix(first);
            }
        }
    }

    fn add_suffix(&mut self, first: &First) {
        let Some(suffix) = suffix(&first.text) else {
            return;
        };
        let (known, seen) = self.suffix.get_or_insert_with(|| (suffix.to_owned(), First::default()));
        if known == suffix {
            add(seen, first);
        }
    }

    fn add_unit(&mut self, unit: Unit, first: &First) {
        match self.units.iter_mut().find(|(known, _)| *known == unit) {
            Some((_, seen)) => add(seen, first),
            None => self.units.push((unit, first.clone())),
        }
    }

    /// The pair of words that all cells belong to. Single letters must both be there.
    fn boolean_pair(&self) -> Option<usize> {
        let pair = self.booleans.iter().position(|n| n.iter().sum::<u64>() == self.n_present)?;
        let [no, yes] = *self.booleans.get(pair)?;
        let letters = BOOLEANS.get(pair)?.iter().all(|word| word.len() == 1);
        (!letters || (no > 0 && yes > 0)).then_some(pair)
    }

    /// The one notation of all numbers, or why there is none.
    fn format(&self, options: &ImportOptions) -> Result<NumberFormat, Why> {
        if self.leading_zero.count > 0 {
            return Err(Why::LeadingZeros(self.leading_zero.clone()));
        }
        let unit = match self.units.as_slice() {
            [(unit, _)] => *unit,
            [(_, a), (_, b), ..] => return Err(Why::Units(a.clone(), b.clone())),
            [] => Unit::None,
        };
        let (decimal, thousands) = self.marks.decide(options)?;
        Ok(NumberFormat { decimal, thousands, unit, leading_zeros: false })
    }

    /// The notation of most numbers, where the user wants numbers whatever the cells hold.
    fn forced_format(&self, options: &ImportOptions) -> NumberFormat {
        let most = self.units.iter().max_by_key(|(_, seen)| seen.count);
        let usual = (
            options.decimal.unwrap_or(DecimalMark::Point),
            options.thousands.unwrap_or(match options.decimal {
                Some(DecimalMark::Comma) => Thousands::Point,
                _ => Thousands::Comma,
            }),
        );
        let (decimal, thousands) = self.marks.decide(options).unwrap_or(usual);
        let unit = most.map_or(Unit::None, |(unit, _)| *unit);
        NumberFormat { decimal, thousands, unit, leading_zeros: true }
    }
}

/// What stands behind the number that a text begins with.
pub(super) fn suffix(text: &str) -> Option<&str> {
    let digits_end = text.rfind(|c: char| c.is_ascii_digit()).map_or(0, |at| at + 1);
    let (number, suffix) = text.split_at(digits_end);
    cell::amount(number).map(|_| suffix)
}

fn add(seen: &mut First, first: &First) {
    seen.add(first.count, first.record, &first.text);
}

impl Marks {
    fn add(&mut self, notation: Notation, first: &First) {
        match notation {
            Notation::Digits | Notation::LeadingZero => {}
            Notation::Decimal(mark) => add_at(&mut self.decimal, side(mark), first),
            Notation::OneGroup(mark) => add_at(&mut self.one_group, side(mark), first),
            Notation::Groups(thousands, decimal) => {
                match thousands {
                    Thousands::Point => add_at(&mut self.groups, POINT, first),
                    Thousands::Comma => add_at(&mut self.groups, COMMA, first),
                    Thousands::Blank | Thousands::None => add_at(&mut self.other_groups, 0, first),
                    Thousands::Apostrophe => add_at(&mut self.other_groups, 1, first),
                }
                if let Some(mark) = decimal {
                    add_at(&mut self.decimal, side(mark), first);
                }
            }
        }
    }

    /// Decimal mark and thousands separator that explain every cell, if exactly one pair does without doubt.
    fn decide(&self, options: &ImportOptions) -> Result<(DecimalMark, Thousands), Why> {
        let seen = |firsts: &[First; 2], side: usize| firsts.get(side).filter(|f| f.count > 0).cloned();
        let other = match (seen(&self.other_groups, 0), seen(&self.other_groups, 1)) {
            (Some(a), Some(b)) => return Err(Why::Ambiguous(a, b)),
            (Some(_), None) => Some(Thousands::Blank),
            (None, Some(_)) => Some(Thousands::Apostrophe),
            (None, None) => None,
        };
        if options.decimal.is_some() || options.thousands.is_some() {
            return self.decide_by_choice(options, other);
        }
        let conflict = |a: Option<First>, b: Option<First>| match (a, b) {
            (Some(a), Some(b)) => Err(Why::Ambiguous(a, b)),
            _ => Ok(()),
        };
        let (point, comma) = (seen(&self.decimal, POINT), seen(&self.decimal, COMMA));
        let (points, commas) = (seen(&self.groups, POINT), seen(&self.groups, COMMA));
        let (one_point, one_comma) = (seen(&self.one_group, POINT), seen(&self.one_group, COMMA));
        conflict(point.clone(), comma.clone())?;
        conflict(points.clone(), commas.clone())?;
        conflict(point.clone(), points.clone())?;
        conflict(comma.clone(), commas.clone())?;
        if comma.is_some() {
            // 5,5 beside 5.555: thousands only if another cell proves it.
            if points.is_none() {
                conflict(comma, one_point)?;
            }
            let thousands = if points.is_some() { Thousands::Point } else { other.unwrap_or(Thousands::None) };
            return Ok((DecimalMark::Comma, thousands));
        }
        if points.is_some() {
            conflict(points, one_comma)?;
            return Ok((DecimalMark::Comma, Thousands::Point));
        }
        if commas.is_none() {
            // 1,234 is 1.234 or 1234; nothing here tells which.
            if let Some(example) = one_comma {
                return Err(Why::Ambiguous(example.clone(), point.unwrap_or(example)));
            }
        } else if point.is_none() {
            conflict(commas.clone(), one_point)?;
        }
        let thousands = if commas.is_some() { Thousands::Comma } else { other.unwrap_or(Thousands::None) };
        Ok((DecimalMark::Point, thousands))
    }

    /// As [`Marks::decide`], with one or both of the marks chosen by the user.
    fn decide_by_choice(
        &self,
        options: &ImportOptions,
        other: Option<Thousands>,
    ) -> Result<(DecimalMark, Thousands), Why> {
        let decimal = options.decimal.unwrap_or(match options.thousands {
            Some(Thousands::Point) => DecimalMark::Comma,
            _ => DecimalMark::Point,
        });
        let opposite = match decimal {
            DecimalMark::Point => COMMA,
            DecimalMark::Comma => POINT,
        };
        let grouping = [Thousands::Point, Thousands::Comma].get(opposite).copied();
        let at = |firsts: &[First; 2]| firsts.get(opposite).filter(|f| f.count > 0).cloned();
        let example = at(&self.groups).or_else(|| at(&self.one_group));
        let thousands = match (options.thousands, &example) {
            (Some(chosen), _) => Some(chosen),
            (None, Some(_)) => grouping,
            (None, None) => other,
        };
        // A decimal mark where the user says there is another one.
        match at(&self.decimal) {
            Some(wrong) => Err(Why::Ambiguous(wrong.clone(), wrong)),
            None => Ok((decimal, thousands.unwrap_or(Thousands::None))),
        }
    }
}

fn add_at(firsts: &mut [First; 2], side: usize, first: &First) {
    if let Some(seen) = firsts.get_mut(side) {
        add(seen, first);
    }
}
