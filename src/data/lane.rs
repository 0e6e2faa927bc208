//! The way of one column's cells into storage: straight to numbers while they are numbers, else as coded text.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::data::cell::{self, NumberFormat, Unit, read_number};
use crate::data::number::{Number, mark};
use crate::data::table::Values;

/// Marks of numbers that the reader hears of.
const REMARKABLE: u8 = mark::OVERFLOW | mark::INEXACT | mark::UNDERFLOW | mark::PADDED | mark::ODD_MINUS;

/// How the cells of a column are read in one pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// Numbers in one notation; what is none is counted and read anew as text, unless forced.
    Number(NumberFormat),
    /// Distinct texts, to be typed when all are known.
    Text,
    /// Not now.
    Skip,
}

/// The first of something, by record, and how many.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct First {
    pub(super) count: u64,
    pub(super) record: usize,
    pub(super) text: String,
}

impl First {
    pub(super) fn add(&mut self, count: u64, record: usize, text: &str) {
        if self.count == 0 || record < self.record {
            self.record = record;
            text.clone_into(&mut self.text);
        }
        self.count += count;
    }

    /// Puts what was seen of later records behind this.
    pub(super) fn append(&mut self, later: &Self, records: usize) {
        if later.count > 0 {
            self.add(later.count, later.record + records, &later.text);
        }
    }
}

/// What was seen among the cells of a number column.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct NumberFacts {
    /// Bits of [`mark`] of all numbers.
    pub(super) marks: u8,
    pub(super) n_numbers: u64,
    pub(super) empty: First,
    /// Spellings of "missing" as found, with counts.
    pub(super) missing: Vec<First>,
    /// Infinite words and numbers beyond the range.
    pub(super) infinite: First,
    /// Cells that are no number.
    pub(super) offenders: First,
    pub(super) inexact: First,
    pub(super) underflow: First,
    pub(super) padded: First,
    pub(super) odd_minus: First,
    /// First number whose notation is not plain, in columns of such numbers.
    pub(super) example: First,
    /// Its value.
    pub(super) example_value: f64,
}

impl NumberFacts {
    pub(super) fn add_missing(&mut self, count: u64, record: usize, text: &str) {
        if let Some(known) = self.missing.iter_mut().find(|f| f.text == text) {
            known.add(count, record, text);
        } else {
            self.missing.push(First { count, record, text: text.to_owned() });
        }
    }

    /// Cells that no number or text came of, where all cells are texts.
    pub(super) fn n_missing(&self) -> u64 {
        self.empty.count + self.missing.iter().map(|f| f.count).sum::<u64>()
    }

    /// All that has a place.
    pub(super) fn firsts(&self) -> impl Iterator<Item = &First> {
        let one = [&self.empty, &self.infinite, &self.offenders, &self.inexact, &self.underflow, &self.padded];
        one.into_iter().chain([&self.odd_minus, &self.example]).chain(&self.missing)
    }

    /// Puts what was seen of later records behind this.
    pub(super) fn append(&mut self, later: &Self, records: usize) {
        self.marks |= later.marks;
        self.n_numbers += later.n_numbers;
        self.empty.append(&later.empty, records);
        for token in &later.missing {
            self.add_missing(token.count, token.record + records, &token.text);
        }
        self.infinite.append(&later.infinite, records);
        self.offenders.append(&later.offenders, records);
        self.inexact.append(&later.inexact, records);
        self.underflow.append(&later.underflow, records);
        self.padded.append(&later.padded, records);
        self.odd_minus.append(&later.odd_minus, records);
        if self.example.count == 0 {
            self.example_value = later.example_value;
            self.example.append(&later.example, records);
        }
    }

    /// Keeps the first number that shows how the column is written.
    pub(super) fn illustrate(&mut self, value: f64, record: usize, text: &str) {
        let is_plain = text.trim().bytes().all(|b| b.is_ascii_digit() || b == b'-');
        if !is_plain && (self.example.count == 0 || record < self.example.record) {
            self.example = First { count: 1, record, text: text.to_owned() };
            self.example_value = value;
        }
    }

    /// Whether there is an example yet.
    fn is_illustrated(&self) -> bool {
        self.example.count > 0
    }

    /// Takes `count` cells with one number and what was remarkable about it; its value, missing if infinite.
    pub(super) fn add_number(
        &mut self,
        number: Number,
        count: u64,
        record: usize,
        text: impl FnOnce() -> String,
    ) -> f64 {
        self.marks |= number.marks;
        if number.marks & REMARKABLE != 0 {
            let text = text();
            if number.marks & mark::OVERFLOW != 0 {
                self.infinite.add(count, record, text.trim());
                return f64::NAN;
            }
            for (bit, first) in [
                (mark::INEXACT, &mut self.inexact),
                (mark::UNDERFLOW, &mut self.underflow),
                (mark::PADDED, &mut self.padded),
                (mark::ODD_MINUS, &mut self.odd_minus),
            ] {
                if number.marks & bit != 0 {
                    first.add(count, record, &text);
                }
            }
        }
        self.n_numbers += count;
        number.value
    }
}

/// Distinct texts in order of appearance.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    /// Its hashes are quick and seeded anew in each process.
    codes: HashMap<Box<str>, u32, foldhash::fast::RandomState>,
}

impl Dictionary {
    /// The code of a text, new if need be.
    fn code(&mut self, text: &str) -> u32 {
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        let code = self.codes.len() as u32;
        self.codes.insert(text.into(), code);
        code
    }

    /// The texts in order of their codes.
    pub(super) fn into_texts(self) -> Vec<Box<str>> {
        let mut pairs: Vec<(Box<str>, u32)> = self.codes.into_iter().collect();
        pairs.sort_unstable_by_key(|(_, code)| *code);
        pairs.into_iter().map(|(text, _)| text).collect()
    }
}

/// Cells of one column as they come.
#[derive(Debug)]
pub(super) enum Sink {
    Number(Numbers),
    Text { dictionary: Dictionary, codes: Vec<u32> },
    Skip,
}

impl Sink {
    pub(super) fn new(lane: &Lane) -> Self {
        match lane {
            Lane::Number(format) => Self::Number(Numbers::new(*format)),
            Lane::Text => Self::Text { dictionary: Dictionary::default(), codes: Vec::new() },
            Lane::Skip => Self::Skip,
        }
    }

    /// Takes the cell of a record.
    pub(super) fn push(&mut self, cell: &[u8], record: usize, missing: Option<&[String]>) {
        match self {
            Self::Number(numbers) => numbers.push(cell, record, missing),
            Self::Text { dictionary, codes } => {
                let code = if cell.trim_ascii().is_empty() {
                    Values::MISSING
                } else {
                    dictionary.code(&String::from_utf8_lossy(cell))
                };
                codes.push(code);
            }
            Self::Skip => {}
        }
    }

    /// Cells taken.
    pub(super) const fn len(&self) -> usize {
        match self {
            Self::Number(numbers) => numbers.values.len(),
            Self::Text { codes, .. } => codes.len(),
            Self::Skip => 0,
        }
    }

    /// Bytes that a cell takes.
    pub(super) const fn cell_size(&self) -> usize {
        match self {
            Self::Number(_) => 8,
            Self::Text { .. } => 4,
            Self::Skip => 0,
        }
    }

    /// Makes room for `more` cells.
    pub(super) fn reserve(&mut self, more: usize) {
        match self {
            Self::Number(numbers) => numbers.values.reserve(more),
            Self::Text { codes, .. } => codes.reserve(more),
            Self::Skip => {}
        }
    }

    /// Takes back the cells of records behind the first `kept`.
    pub(super) fn truncate(&mut self, kept: usize) {
        match self {
            Self::Number(numbers) => numbers.values.truncate(kept),
            Self::Text { codes, .. } => codes.truncate(kept),
            Self::Skip => {}
        }
    }

    /// Puts the cells of a later block behind these; the later sink is empty then and keeps its room.
    pub(super) fn append(&mut self, later: &mut Self, records: usize) {
        match (self, later) {
            (Self::Number(numbers), Self::Number(more)) => numbers.append(more, records),
            (Self::Text { dictionary, codes }, Self::Text { dictionary: other, codes: more }) => {
                let texts = std::mem::take(other).into_texts();
                let known: Vec<u32> = texts.iter().map(|t| dictionary.code(t)).collect();
                codes.extend(more.iter().map(|c| known.get(*c as usize).copied().unwrap_or(Values::MISSING)));
                more.clear();
            }
            _ => {}
        }
    }
}

/// The cells of a column of numbers.
#[derive(Debug)]
pub(super) struct Numbers {
    pub(super) format: NumberFormat,
    values: Vec<f64>,
    /// Bits of [`mark`] of all numbers.
    marks: u8,
    /// What was odd, once something was: most columns of most blocks need none.
    facts: Option<Box<NumberFacts>>,
    /// Decimal mark of numbers that [`Numbers::push_plain`] may take.
    plain: Option<u8>,
}

impl Numbers {
    fn new(format: NumberFormat) -> Self {
        let plain = (format == NumberFormat::PLAIN).then_some(b'.');
        Self { format, values: Vec::new(), marks: 0, facts: None, plain }
    }

    /// The decimal mark, if digits around it are all that a number of this column needs.
    #[inline]
    pub(super) const fn plain_mark(&self) -> Option<u8> {
        self.plain
    }

    /// Takes a number without remarkable marks, read with [`Numbers::plain_mark`].
    #[inline]
    pub(super) fn push_plain(&mut self, number: Number) {
        self.marks |= number.marks;
        self.values.push(number.value);
    }

    fn push(&mut self, cell: &[u8], record: usize, missing: Option<&[String]>) {
        let chosen = missing.is_some() && is_missing(lossy(cell).trim(), missing);
        let Some(number) = read_number(cell, self.format).filter(|_| !chosen) else {
            self.values.push(odd_cell(cell, record, missing, self.facts.get_or_insert_default()));
            return;
        };
        if self.plain.is_none() {
            self.illustrate(number.value, cell, record);
        }
        self.marks |= number.marks;
        let value = if number.marks & REMARKABLE == 0 {
            number.value
        } else {
            self.facts.get_or_insert_default().add_number(number, 1, record, || lossy(cell).into_owned())
        };
        self.values.push(value);
    }

    /// Looks for an example in a column of numbers that are not plain.
    fn illustrate(&mut self, value: f64, cell: &[u8], record: usize) {
        let facts = self.facts.get_or_insert_default();
        if !facts.is_illustrated() {
            facts.illustrate(value, record, &lossy(cell));
        } else if self.format.unit == Unit::None && !self.format.leading_zeros {
            self.plain = Some(self.format.decimal.byte());
        }
    }

    fn append(&mut self, later: &mut Self, records: usize) {
        self.marks |= later.marks;
        if let Some(seen) = later.facts.take() {
            self.facts.get_or_insert_default().append(&seen, records);
        }
        self.values.append(&mut later.values);
        (later.marks, later.plain) = (0, Self::new(later.format).plain);
    }

    /// The values, with what was seen among them.
    pub(super) fn into_parts(self) -> (Vec<f64>, NumberFacts) {
        let mut facts = self.facts.map_or_else(NumberFacts::default, |facts| *facts);
        facts.marks |= self.marks;
        facts.n_numbers = self.values.iter().filter(|v| !v.is_nan()).count() as u64;
        (self.values, facts)
    }
}

/// A cell of a number column that is no number.
fn odd_cell(cell: &[u8], record: usize, missing: Option<&[String]>, facts: &mut NumberFacts) -> f64 {
    let text = lossy(cell);
    let trimmed = text.trim();
    if trimmed.is_empty() {
        facts.empty.add(1, record, "");
    } else if is_missing(trimmed, missing) {
        facts.add_missing(1, record, trimmed);
    } else if cell::is_infinite_word(trimmed) || cell::is_beyond_range(trimmed) {
        facts.infinite.add(1, record, trimmed);
    } else {
        facts.offenders.add(1, record, trimmed);
    }
    f64::NAN
}

/// Whether a trimmed text means "missing": by choice, or by the usual spellings.
pub(super) fn is_missing(trimmed: &str, chosen: Option<&[String]>) -> bool {
    match chosen {
        Some(tokens) => tokens.iter().any(|t| t.trim().eq_ignore_ascii_case(trimmed)),
        None => cell::is_missing_word(trimmed),
    }
}

fn lossy(cell: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(cell)
}
