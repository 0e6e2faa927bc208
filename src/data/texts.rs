//! A column of distinct texts with codes, and its conversion to numbers or levels once its type is known.

use rayon::prelude::*;

use crate::data::cell::{self, Amount, NumberFormat};
use crate::data::lane::{First, NumberFacts, is_missing};
use crate::data::options::ImportOptions;
use crate::data::table::Values;

/// A column of texts with codes, as read.
#[derive(Debug)]
pub(super) struct Texts {
    distinct: Vec<Box<str>>,
    codes: Vec<u32>,
    /// Per text: how often, the first record, and the text without blanks around it.
    counts: Vec<First>,
    empty: First,
}

/// One distinct text, classified.
#[derive(Debug, Clone, Copy)]
pub(super) enum Class<'a> {
    Missing,
    Infinite,
    Amount(Amount<'a>),
    /// Pair of [`cell::BOOLEANS`] and value.
    Boolean(usize, usize),
    Date,
    Text,
}

/// What happens to blanks around a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blanks {
    Keep,
    Cut,
}

/// What words for "missing" mean among levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// Themselves.
    Text,
    Missing,
}

impl Texts {
    /// `codes[record]` points into `distinct`; [`Values::MISSING`] where the cell is empty.
    pub(super) fn new(distinct: Vec<Box<str>>, codes: Vec<u32>) -> Self {
        let mut counts = vec![First::default(); distinct.len()];
        let mut empty = First::default();
        for (record, code) in codes.iter().enumerate() {
            let first = counts.get_mut(*code as usize).unwrap_or(&mut empty);
            if first.count == 0 {
                first.record = record;
            }
            first.count += 1;
        }
        for (first, text) in counts.iter_mut().zip(&distinct) {
            text.trim().clone_into(&mut first.text);
        }
        Self { distinct, codes, counts, empty }
    }

    /// Distinct texts with how often and where each stands; the cells themselves were not kept.
    pub(super) fn of_tally(distinct: Vec<Box<str>>, counts: Vec<First>, empty: First) -> Self {
        Self { distinct, codes: Vec::new(), counts, empty }
    }

    /// Cells of the column.
    pub(super) fn n_cells(&self) -> usize {
        (self.empty.count + self.counts.iter().map(|f| f.count).sum::<u64>()) as usize
    }

    /// The cells as they stand in the file; `None` where they are empty.
    pub(super) fn cells(&self) -> impl DoubleEndedIterator<Item = Option<&str>> {
        self.codes.iter().map(|code| self.distinct.get(*code as usize).map(AsRef::as_ref))
    }

    /// The last cell but one, and the last.
    pub(super) fn last_two(&self) -> [Option<&str>; 2] {
        let mut cells = self.cells();
        let last = cells.next_back().flatten();
        [cells.next_back().flatten(), last]
    }

    /// The distinct texts with how often and where each stands, and the same of empty cells.
    pub(super) fn counts(&self) -> (impl Iterator<Item = (&str, &First)> + Clone, &First) {
        (self.distinct.iter().map(AsRef::as_ref).zip(&self.counts), &self.empty)
    }

    /// Number of distinct texts.
    pub(super) fn len(&self) -> usize {
        self.distinct.len()
    }

    /// The first text of the column.
    pub(super) fn first(&self) -> First {
        self.counts.iter().min_by_key(|f| f.record).cloned().unwrap_or_default()
    }

    /// The first cell of a column without values.
    pub(super) fn first_cell(&self) -> First {
        let count = self.n_cells() as u64;
        First { count, record: 0, ..self.first() }
    }

    /// Words for "missing" that are kept as text, if there are any that mean nothing else.
    pub(super) fn kept_words(&self) -> Option<First> {
        const WORDS: [&str; 5] = ["na", "n/a", "#n/a", "nan", "null"];
        let is_word = |f: &&First| WORDS.iter().any(|w| w.eq_ignore_ascii_case(&f.text));
        let mut words = self.counts.iter().filter(is_word).cloned();
        let mut all = words.next()?;
        words.for_each(|word| all.add(word.count, word.record, &word.text));
        Some(all)
    }

    /// How the column spells a word of [`cell::BOOLEANS`].
    pub(super) fn spelling(&self, pair: usize, value: usize) -> &str {
        let spelled = self.counts.iter().map(|f| f.text.as_str());
        let usual = cell::BOOLEANS.get(pair).and_then(|words| words.get(value)).copied();
        spelled.filter(|text| cell::boolean(text) == Some((pair, value))).min().or(usual).unwrap_or_default()
    }

    /// The first number with a mark inside.
    pub(super) fn first_marked(&self) -> First {
        let marked = self.counts.iter().filter(|f| f.text.contains(['.', ',']));
        marked.min_by_key(|f| f.record).cloned().unwrap_or_default()
    }

    /// Every distinct text with its class, its count and its first record.
    pub(super) fn classes<'a>(&'a self, options: &'a ImportOptions) -> impl Iterator<Item = (Class<'a>, &'a First)> {
        let missing = options.missing_tokens.as_deref();
        self.counts.iter().map(move |first| (classify(&first.text, missing), first))
    }

    /// The numbers under a format, NaN where missing, with what was seen on the way.
    pub(super) fn numbers(&self, format: NumberFormat, options: &ImportOptions) -> (Vec<f64>, NumberFacts) {
        let mut facts = NumberFacts { empty: self.empty.clone(), ..NumberFacts::default() };
        let mut values = Vec::with_capacity(self.distinct.len());
        for ((class, first), text) in self.classes(options).zip(&self.distinct) {
            let number = match class {
                Class::Missing => None,
                _ => cell::read_number(text.as_bytes(), format),
            };
            values.push(match (number, class) {
                (Some(number), _) => {
                    if format != NumberFormat::PLAIN {
                        facts.illustrate(number.value, first.record, text);
                    }
                    facts.add_number(number, first.count, first.record, || text.to_string())
                }
                (None, Class::Missing) => missing_text(&mut facts, first),
                (None, Class::Infinite) => {
                    facts.infinite.add(first.count, first.record, &first.text);
                    f64::NAN
                }
                (None, _) => {
                    facts.offenders.add(first.count, first.record, &first.text);
                    f64::NAN
                }
            });
        }
        (self.spread(&values, f64::NAN), facts)
    }

    /// 0 and 1 for the words of a pair, NaN where missing.
    pub(super) fn booleans(&self, options: &ImportOptions) -> (Vec<f64>, NumberFacts) {
        let mut facts = NumberFacts { empty: self.empty.clone(), ..NumberFacts::default() };
        let values: Vec<f64> = self
            .classes(options)
            .map(|(class, first)| match class {
                Class::Boolean(_, value) => value as f64,
                _ => missing_text(&mut facts, first),
            })
            .collect();
        (self.spread(&values, f64::NAN), facts)
    }

    /// Codes of the cells under levels in byte order, without blanks around them; `None` where there is another level.
    pub(super) fn codes_in(&self, levels: &[String], words: Words, missing: Option<&[String]>) -> Option<Vec<u32>> {
        let code = |(text, first): (&str, &First)| {
            if words == Words::Missing && is_missing_level(&first.text, missing) {
                return Some(Values::MISSING);
            }
            let level = text.trim_matches(' ');
            levels.binary_search_by(|known| known.as_str().cmp(level)).ok().map(|code| code as u32)
        };
        let of_text: Option<Vec<u32>> = self.counts().0.map(code).collect();
        Some(self.spread(&of_text?, Values::MISSING))
    }

    fn spread<T: Copy>(&self, of_text: &[T], missing: T) -> Vec<T> {
        self.codes.iter().map(|c| of_text.get(*c as usize).copied().unwrap_or(missing)).collect()
    }

    /// The texts as levels in byte order.
    pub(super) fn levels(&self, options: &ImportOptions, blanks: Blanks, words: Words) -> (Values, NumberFacts) {
        let mut facts = NumberFacts { empty: self.empty.clone(), ..NumberFacts::default() };
        let mut levels: Vec<Option<&str>> = Vec::with_capacity(self.distinct.len());
        let missing = options.missing_tokens.as_deref();
        for (first, text) in self.counts.iter().zip(&self.distinct) {
            levels.push(match text {
                _ if words == Words::Missing && is_missing_level(&first.text, missing) => {
                    missing_text(&mut facts, first);
                    None
                }
                text if blanks == Blanks::Cut => {
                    let cut = text.trim_matches(' ');
                    if cut.len() < text.len() {
                        facts.padded.add(first.count, first.record, text);
                    }
                    Some(cut)
                }
                text => Some(text),
            });
        }
        let present = levels.iter().enumerate().filter_map(|(text, level)| Some(((*level)?, text)));
        let mut sorted: Vec<(&str, usize)> = present.collect();
        sorted.par_sort_unstable();
        let mut codes = vec![Values::MISSING; levels.len()];
        let mut distinct: Vec<String> = Vec::new();
        for same in sorted.chunk_by(|a, b| a.0 == b.0) {
            for (_, text) in same {
                if let Some(code) = codes.get_mut(*text) {
                    *code = distinct.len() as u32;
                }
            }
            distinct.extend(same.first().map(|(level, _)| (*level).to_owned()));
        }
        (Values::Levels { levels: distinct, codes: self.spread(&codes, Values::MISSING) }, facts)
    }
}

fn is_missing_level(trimmed: &str, missing: Option<&[String]>) -> bool {
    trimmed.is_empty() || is_missing(trimmed, missing)
}

fn missing_text(facts: &mut NumberFacts, first: &First) -> f64 {
    facts.add_missing(first.count, first.record, &first.text);
    f64::NAN
}

/// What a trimmed text may be; `missing` are those that mean a missing cell, if not the usual ones.
pub(super) fn classify<'a>(trimmed: &'a str, missing: Option<&[String]>) -> Class<'a> {
    if trimmed.is_empty() || is_missing(trimmed, missing) {
        Class::Missing
    } else if let Some(amount) = cell::amount(trimmed) {
        match amount.value(amount.own_format()) {
            Some(number) if number.value.is_infinite() => Class::Infinite,
            _ => Class::Amount(amount),
        }
    } else if cell::is_infinite_word(trimmed) {
        Class::Infinite
    } else if let Some((pair, value)) = cell::boolean(trimmed) {
        Class::Boolean(pair, value)
    } else if cell::is_date(trimmed) {
        Class::Date
    } else {
        Class::Text
    }
}
