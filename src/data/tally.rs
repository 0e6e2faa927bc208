//! What a column holds without its cells: enough to type it as if all of them were there, in memory that does not grow
//! with their number.

use std::collections::HashMap;

use crate::data::cell::{Notation, NumberFormat, Unit};
use crate::data::date;
use crate::data::hints::Hints;
use crate::data::lane::{First, Lane, NumberFacts, is_missing};
use crate::data::texts::{Class, Texts, classify};
use crate::data::typing;
use crate::data::way::Way;

/// Distinct texts beyond which those of one sort are counted together.
const MANY: usize = if cfg!(test) { 150 } else { 1 << 16 };
/// As [`MANY`], in bytes.
const MANY_BYTES: usize = 32 << 20;
/// The first texts, which are always kept apart: more of them than a category that is used has levels.
const KEPT: usize = if cfg!(test) { 120 } else { 2048 };
/// As [`KEPT`], in bytes.
const KEPT_BYTES: usize = 8 << 20;

/// What a column holds.
#[derive(Debug)]
pub(super) enum Tally {
    Number(Box<NumberTally>),
    Text(Box<TextTally>),
    Skip,
}

/// What a column of numbers holds.
#[derive(Debug)]
pub(super) struct NumberTally {
    pub(super) format: NumberFormat,
    pub(super) n_cells: usize,
    pub(super) facts: NumberFacts,
    pub(super) hints: Hints,
}

/// What a column of texts holds.
#[derive(Debug, Default)]
pub(super) struct TextTally {
    /// Seeded anew in each process; nothing is read in its order.
    seen: HashMap<Box<str>, First, foldhash::fast::RandomState>,
    bytes: usize,
    n_cells: usize,
    empty: First,
    order: Order,
    /// The last cell but one, and the last.
    last: [Option<Box<str>>; 2],
}

impl Tally {
    /// Nothing yet.
    pub(super) fn new(lane: &Lane) -> Self {
        match lane {
            Lane::Number(format) => Self::of_numbers(*format, &[], NumberFacts::default()),
            Lane::Text => Self::Text(Box::default()),
            Lane::Skip => Self::Skip,
        }
    }

    /// Of these numbers.
    pub(super) fn of_numbers(format: NumberFormat, values: &[f64], facts: NumberFacts) -> Self {
        Self::Number(Box::new(NumberTally { format, n_cells: values.len(), facts, hints: Hints::of(values) }))
    }

    /// Of these texts; `missing` are those that mean a missing cell, if not the usual ones.
    pub(super) fn of_texts(texts: &Texts, missing: Option<&[String]>) -> Self {
        let (seen, empty) = texts.counts();
        let seen: HashMap<Box<str>, First, _> = condense(seen, missing).into_iter().collect();
        Self::Text(Box::new(TextTally {
            bytes: seen.keys().map(|text| text.len()).sum(),
            seen,
            n_cells: texts.n_cells(),
            empty: empty.clone(),
            order: Order::of(texts, missing),
            last: texts.last_two().map(|cell| cell.map(Into::into)),
        }))
    }

    /// Puts the tally of later cells, from record `records` on, behind this one.
    pub(super) fn append(&mut self, later: Self, records: usize, missing: Option<&[String]>) {
        match (self, later) {
            (Self::Number(tally), Self::Number(later)) => {
                tally.n_cells += later.n_cells;
                tally.facts.append(&later.facts, records);
                tally.hints.append(&later.hints, records);
            }
            (Self::Text(tally), Self::Text(later)) => tally.append(*later, records, missing),
            _ => {}
        }
    }

    /// Whether the numbers count the records one by one.
    pub(super) fn counts(&self) -> bool {
        matches!(self, Self::Number(tally) if tally.hints.counts())
    }

    /// Whether the cells are at least three distinct dates in order of time.
    pub(super) fn is_in_time(&self) -> bool {
        matches!(self, Self::Text(tally) if tally.order.ascends && tally.seen.len() > 2)
    }

    /// The first cell that a way of reading the column does not know.
    pub(super) fn unfit(&self, way: &Way, missing: Option<&[String]>) -> Option<First> {
        match self {
            Self::Number(tally) => Some(&tally.facts.offenders).filter(|first| first.count > 0).cloned(),
            Self::Text(tally) => {
                let texts = tally.seen.iter();
                let unfit = texts.filter(|(text, first)| !way.knows(text, classify(&first.text, missing)));
                unfit.map(|(_, first)| first).min_by_key(|first| first.record).cloned()
            }
            Self::Skip => None,
        }
    }

    /// Adds the records whose lines may be named.
    pub(super) fn add_places(&self, records: &mut Vec<usize>) {
        match self {
            Self::Number(tally) => {
                records.extend(tally.facts.firsts().map(|first| first.record).chain(tally.hints.places()));
            }
            Self::Text(tally) => {
                records.push(tally.empty.record);
                records.extend(tally.seen.values().map(|first| first.record));
            }
            Self::Skip => {}
        }
    }

    /// The last cell but one, and the last, of a column of texts.
    pub(super) fn last_two(&self) -> [Option<&str>; 2] {
        match self {
            Self::Text(tally) => tally.last.each_ref().map(Option::as_deref),
            _ => [None; 2],
        }
    }
}

impl TextTally {
    fn append(&mut self, later: Self, records: usize, missing: Option<&[String]>) {
        let others: Vec<(Box<str>, First)> = later.seen.into_iter().collect();
        for (text, first) in others {
            let size = text.len();
            let known = self.seen.entry(text).or_insert_with(|| {
                self.bytes += size;
                First::default()
            });
            known.append(&first, records);
        }
        self.empty.append(&later.empty, records);
        self.order.append(later.order);
        self.last = match (later.n_cells, std::mem::take(&mut self.last), later.last) {
            (0, mine, _) => mine,
            (1, [_, before], [_, last]) => [before, last],
            (_, _, last) => last,
        };
        self.n_cells += later.n_cells;
        if self.seen.len() > MANY || self.bytes > MANY_BYTES {
            self.compress(missing);
        }
    }

    /// The texts by their first records.
    fn take_texts(&mut self) -> Vec<(Box<str>, First)> {
        let mut texts: Vec<(Box<str>, First)> = std::mem::take(&mut self.seen).into_iter().collect();
        texts.sort_unstable_by_key(|(_, first)| first.record);
        texts
    }

    fn compress(&mut self, missing: Option<&[String]>) {
        let texts = self.take_texts();
        self.seen.extend(condense(texts.iter().map(|(text, first)| (text.as_ref(), first)), missing));
        self.bytes = self.seen.keys().map(|text| text.len()).sum();
    }

    /// The texts, to be typed.
    pub(super) fn into_texts(mut self) -> Texts {
        let (distinct, counts) = self.take_texts().into_iter().unzip();
        Texts::of_tally(distinct, counts, self.empty)
    }
}

/// Counts texts that say the same about the type of their column together, but for the first ones. They come in the order
/// of their first records.
fn condense<'a>(
    texts: impl Iterator<Item = (&'a str, &'a First)> + Clone,
    missing: Option<&[String]>,
) -> Vec<(Box<str>, First)> {
    let mut bytes = 0;
    let is_short = |(text, _): &(&str, &First)| {
        bytes += text.len();
        bytes < KEPT_BYTES
    };
    let n_kept = texts.clone().take(KEPT).take_while(is_short).count();
    let mut kept: Vec<(Box<str>, First)> =
        texts.clone().take(n_kept).map(|(text, first)| (text.into(), first.clone())).collect();
    let mut rest = texts.clone().skip(n_kept).peekable();
    if rest.peek().is_none() {
        return kept;
    }
    let is_text = |text: &str| matches!(classify(text.trim(), missing), Class::Text);
    let suffix = texts.filter_map(|(text, first)| Some((text, typing::suffix(&first.text)?)));
    let suffix = suffix.filter(|(text, _)| is_text(text)).map(|(_, suffix)| suffix).next();
    let mut sorts: Vec<(Sort, Box<str>, First)> = Vec::new();
    for (text, first) in rest {
        let sort = Sort::of(&first.text, missing, suffix);
        match sorts.iter_mut().find(|(known, ..)| *known == sort) {
            Some((_, _, known)) => known.count += first.count,
            None => sorts.push((sort, text.into(), first.clone())),
        }
    }
    kept.extend(sorts.into_iter().map(|(_, text, first)| (text, first)));
    kept
}

/// Texts of one sort say the same about the type of their column.
#[derive(Debug, PartialEq)]
enum Sort {
    /// Words that stand for themselves.
    Word(String),
    Amount(Notation, Unit),
    /// Whether it sorts by time.
    Date(bool),
    /// Whether it ends as the first one does.
    Text(bool),
}

impl Sort {
    fn of(text: &str, missing: Option<&[String]>, suffix: Option<&str>) -> Self {
        match classify(text, missing) {
            Class::Missing | Class::Infinite | Class::Boolean(..) => Self::Word(text.to_owned()),
            Class::Amount(amount) => Self::Amount(amount.notation, amount.unit),
            Class::Date => Self::Date(date::sorts_by_text(text)),
            Class::Text => Self::Text(suffix.is_some() && typing::suffix(text) == suffix),
        }
    }
}

/// Whether cells ascend as dates that sort by their texts, missing ones last.
#[derive(Debug)]
struct Order {
    ascends: bool,
    /// First and last cell; `None` inside where they are missing.
    ends: Option<[Option<Box<str>>; 2]>,
}

impl Default for Order {
    fn default() -> Self {
        Self { ascends: true, ends: None }
    }
}

impl Order {
    fn of(texts: &Texts, missing: Option<&[String]>) -> Self {
        let unordered = Self { ascends: false, ends: None };
        let mut ends: Option<[Option<&str>; 2]> = None;
        for cell in texts.cells() {
            let cell = cell.filter(|text| !is_missing(text.trim(), missing));
            if cell.is_some_and(|text| !date::sorts_by_text(text.trim())) {
                return unordered;
            }
            ends = match ends {
                Some([_, last]) if !ascends(last, cell) => return unordered,
                Some([first, _]) => Some([first, cell]),
                None => Some([cell, cell]),
            };
        }
        Self { ascends: true, ends: ends.map(|ends| ends.map(|cell| cell.map(Into::into))) }
    }

    fn append(&mut self, later: Self) {
        self.ascends &= later.ascends;
        self.ends = match (self.ends.take(), later.ends) {
            (Some([first, last]), Some([next, end])) => {
                self.ascends &= ascends(last.as_deref(), next.as_deref());
                Some([first, end])
            }
            (mine, other) => mine.or(other),
        };
    }
}

/// Missing cells come last.
fn ascends(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a <= b,
        (None, Some(_)) => false,
        (_, None) => true,
    }
}
