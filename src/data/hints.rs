//! Numbers that may mean something else. They stay numbers; the reader is told.
//!
//! What is seen of some values can be put behind what was seen of others, so that no more than some need be at hand.

use crate::data::columns::Remark;
use crate::data::lane::First;

/// What the values of a column have in common.
#[derive(Debug, Clone)]
pub(super) struct Hints {
    /// The least and the greatest value that is there.
    ends: [End; 2],
    dates: Dates,
    steps: Steps,
}

/// The least or the greatest value; where it stands, if it may be a code for a missing cell.
#[derive(Debug, Clone, Default)]
struct End {
    value: f64,
    cells: First,
}

/// Whether all values look like dates; the first of them, by record.
#[derive(Debug, Clone)]
struct Dates {
    all: bool,
    first: Option<(usize, f64)>,
    n_cells: usize,
}

/// Whether each value is one more than the one before.
#[derive(Debug, Clone)]
struct Steps {
    ends: Option<(f64, f64)>,
    by_one: bool,
}

impl Hints {
    pub(super) fn of(values: &[f64]) -> Self {
        let (low, high) = range(values);
        let first = values.iter().position(|v| !v.is_nan());
        let mut present = values.iter().filter(|v| !v.is_nan());
        Self {
            ends: [low, high].map(|value| End { value, cells: cells_with(values, value) }),
            dates: Dates {
                all: present.all(|v| is_date(*v)),
                first: first.and_then(|record| Some((record, *values.get(record)?))),
                n_cells: values.len(),
            },
            steps: Steps { ends: values.first().copied().zip(values.last().copied()), by_one: climbs(values) },
        }
    }

    /// Puts what was seen of later values, from record `records` on, behind this.
    pub(super) fn append(&mut self, later: &Self, records: usize) {
        for (end, (other, is_beyond)) in
            self.ends.iter_mut().zip(later.ends.iter().zip([f64::lt as fn(&f64, &f64) -> bool, f64::gt]))
        {
            let cells = First { record: other.cells.record + records, ..other.cells.clone() };
            if is_beyond(&other.value, &end.value) {
                *end = End { value: other.value, cells };
            } else if other.value.to_bits() == end.value.to_bits() && cells.count > 0 {
                end.cells.add(cells.count, cells.record, &cells.text);
            }
        }
        self.dates.all &= later.dates.all;
        let later_first = || later.dates.first.map(|(record, value)| (record + records, value));
        self.dates.first = self.dates.first.or_else(later_first);
        self.dates.n_cells += later.dates.n_cells;
        if let (Some((first, last)), Some((next, end))) = (self.steps.ends, later.steps.ends) {
            self.steps.by_one &= later.steps.by_one && is_step(last, next);
            self.steps.ends = Some((first, end));
        } else {
            self.steps.ends = self.steps.ends.or(later.steps.ends);
            self.steps.by_one &= later.steps.by_one;
        }
    }

    /// What the reader should know. Quartiles of the values are asked for only where there is a reason to.
    pub(super) fn remarks(&self, quartiles: impl FnOnce() -> Option<(f64, f64)>) -> Vec<Remark> {
        self.sentinel(quartiles).into_iter().chain(self.packed_date()).collect()
    }

    /// 999 or -99 far from all other values: perhaps a missing cell in disguise.
    fn sentinel(&self, quartiles: impl FnOnce() -> Option<(f64, f64)>) -> Option<Remark> {
        if self.ends.iter().all(|end| !is_code(end.value)) {
            return None;
        }
        let (lower, upper) = quartiles()?;
        let range = upper - lower;
        let is_far = |v: f64| range > 0.0 && (lower - v).max(v - upper) > 5.0 * range;
        let codes = self.ends.iter().filter(|end| is_code(end.value) && is_far(end.value));
        let codes: Vec<&End> = codes.collect();
        let names: Vec<String> = codes.iter().map(|end| end.value.to_string()).collect();
        let mut all = First::default();
        for First { count, record, text } in codes.into_iter().map(|end| &end.cells) {
            all.add(*count, *record, text);
        }
        let what = format!("{} far from all other values, kept as a number", names.join(" and "));
        (all.count > 0).then_some(("sentinel", all, what))
    }

    /// 20240131 in every cell: a date that looks like a number.
    fn packed_date(&self) -> Option<Remark> {
        let (record, value) = self.dates.first.filter(|_| self.dates.all)?;
        let text = value.to_string();
        let what = format!("{text} may be a date, kept as a number");
        Some(("packed_date", First { count: self.dates.n_cells as u64, record, text }, what))
    }

    /// Records whose lines may be named.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        self.ends.iter().map(|end| end.cells.record).chain(self.dates.first.map(|(record, _)| record))
    }

    /// Whether the values count the records one by one.
    pub(super) fn counts(&self) -> bool {
        self.dates.n_cells > 2 && self.steps.by_one
    }
}

/// A quarter of the values is at most the first, a quarter at least the second.
pub(super) fn quartiles(values: &[f64]) -> Option<(f64, f64)> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let quarter = sorted.len() / 4;
    Some((*sorted.get(quarter)?, *sorted.get(sorted.len() - 1 - quarter)?))
}

fn is_code(v: f64) -> bool {
    const CODES: [f64; 5] = [99.0, 999.0, 9999.0, 99_999.0, 999_999.0];
    CODES.iter().any(|code| code.to_bits() == v.abs().to_bits())
}

/// The cells with this code.
fn cells_with(values: &[f64], code: f64) -> First {
    let mut cells = First::default();
    if is_code(code) {
        let with_code = values.iter().enumerate().filter(|(_, v)| v.to_bits() == code.to_bits());
        with_code.for_each(|(record, _)| cells.add(1, record, &code.to_string()));
    }
    cells
}

/// Whether values count the records one by one.
pub(super) fn counts(values: &[f64]) -> bool {
    values.len() > 2 && climbs(values)
}

fn climbs(values: &[f64]) -> bool {
    values.iter().zip(values.iter().skip(1)).all(|(a, b)| is_step(*a, *b))
}

fn is_step(a: f64, b: f64) -> bool {
    (b - a - 1.0).abs() < f64::EPSILON
}

fn is_date(v: f64) -> bool {
    let n = v as i64;
    let (month, day) = (n / 100 % 100, n % 100);
    v.fract().abs() < f64::EPSILON
        && (19_000_101..=21_001_231).contains(&n)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
}

/// The least and the greatest value that is there, in lanes so that the compiler can take several at once.
fn range(values: &[f64]) -> (f64, f64) {
    const LANES: usize = 8;
    let mut low = [f64::INFINITY; LANES];
    let mut high = [f64::NEG_INFINITY; LANES];
    for chunk in values.chunks(LANES) {
        for ((low, high), value) in low.iter_mut().zip(&mut high).zip(chunk) {
            // A missing value is neither less nor greater.
            *low = if *value < *low { *value } else { *low };
            *high = if *value > *high { *value } else { *high };
        }
    }
    (low.into_iter().fold(f64::INFINITY, f64::min), high.into_iter().fold(f64::NEG_INFINITY, f64::max))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seen at once, and in two parts.
    fn both(values: &[f64]) -> [Hints; 2] {
        let (first, rest) = values.split_at(values.len() / 3);
        let mut parts = Hints::of(first);
        parts.append(&Hints::of(rest), first.len());
        [Hints::of(values), parts]
    }

    #[test]
    fn codes_far_away_are_named() {
        let mut values: Vec<f64> = (0..40).map(|i| f64::from(i % 9)).collect();
        assert!(both(&values).iter().all(|hints| hints.sentinel(|| quartiles(&values)).is_none()));
        values.extend([999.0, -999.0, 999.0]);
        assert_eq!(range(&[f64::NAN, 3.0, -999.0, 2.0, 1.0, 0.0, 5.0, 6.0, 7.0, f64::NAN, 8.0]), (-999.0, 8.0));
        for hints in both(&values) {
            let (_, first, what) = hints.sentinel(|| quartiles(&values)).unwrap();
            assert_eq!((first.count, first.record, first.text.as_str()), (3, 40, "999"));
            assert!(what.starts_with("-999 and 999 far"));
        }
    }

    #[test]
    fn packed_dates_are_told_from_numbers() {
        let told = |values: &[f64]| both(values).map(|hints| hints.packed_date().is_some());
        assert_eq!(told(&[20_240_131.0, f64::NAN, 19_991_231.0]), [true; 2]);
        assert_eq!(told(&[20_240_131.0, 20_241_331.0]), [false; 2]);
        assert_eq!(told(&[2024.0]), [false; 2]);
    }

    #[test]
    fn columns_that_count_are_told_from_others() {
        let counts = |values: &[f64]| both(values).map(|hints| hints.counts());
        assert_eq!(counts(&[3.0, 4.0, 5.0, 6.0]), [true; 2]);
        assert_eq!(counts(&[3.0, 4.0, 6.0, 7.0]), [false; 2]);
        assert_eq!(counts(&[3.0, 4.0]), [false; 2]);
        assert_eq!(counts(&[3.0, 4.0, f64::NAN, 6.0]), [false; 2]);
    }
}
