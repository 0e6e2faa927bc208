//! The end of a pass: cells become typed columns, or ask to be read once more as text.

use crate::data::cell::{NumberFormat, Unit};
use crate::data::error::plural;
use crate::data::findings::Findings;
use crate::data::hints::{self, Hints};
use crate::data::lane::{First, Lane, NumberFacts, Sink};
use crate::data::number::mark;
use crate::data::options::{DecimalMark, ImportOptions, Thousands, TypeChoice};
use crate::data::scanner::clip;
use crate::data::table::{Column, ColumnType, Values};
use crate::data::tally::Tally;
use crate::data::texts::{Blanks, Texts, Words};
use crate::data::typing::{Reading, Why, decide};

/// Most levels of a category.
const MAX_LEVELS: usize = 20;
/// Texts that are looked at for being few levels with blanks around them.
const MAX_PADDED_LEVELS: usize = 4 * MAX_LEVELS;

/// Kind, place and words of something that was done with a column.
pub(super) type Remark = (&'static str, First, String);

/// A column after a pass.
#[derive(Debug)]
pub(super) enum Finished {
    Column(Column, Box<Told>),
    /// It must be read again in this lane.
    Again(Lane),
}

/// What a finished column has to say, with what decides about the other columns.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) facts: NumberFacts,
    pub(super) format: Option<NumberFormat>,
    pub(super) remarks: Vec<Remark>,
}

/// Types the cells of one column.
///
/// `doubt` is set for numbers such as `1.234` in a file whose other columns use the decimal comma.
pub(super) fn finish(name: &str, sink: Sink, options: &ImportOptions, doubt: bool) -> Finished {
    match sink {
        Sink::Number(numbers) => {
            let format = numbers.format;
            let (values, facts) = numbers.into_parts();
            if is_to_be_text(&facts) {
                return Finished::Again(Lane::Text);
            }
            let hints = Hints::of(&values).remarks(|| hints::quartiles(&values));
            let n_cells = values.len();
            number_column(name, (values, n_cells), format, facts, hints, options)
        }
        Sink::Text { dictionary, codes } => {
            finish_texts(name, &Texts::new(dictionary.into_texts(), codes), options, doubt)
        }
        Sink::Skip => Finished::Again(Lane::Skip),
    }
}

/// Types a column whose cells were not kept; `known` are values of its first cells, if it was one of numbers there.
pub(super) fn conclude(name: &str, tally: Tally, options: &ImportOptions, doubt: bool, known: &[f64]) -> Finished {
    match tally {
        Tally::Number(tally) if is_to_be_text(&tally.facts) => Finished::Again(Lane::Text),
        Tally::Number(tally) => {
            let hints = tally.hints.remarks(|| hints::quartiles(known));
            number_column(name, (Vec::new(), tally.n_cells), tally.format, tally.facts, hints, options)
        }
        Tally::Text(tally) => finish_texts(name, &tally.into_texts(), options, doubt),
        Tally::Skip => Finished::Again(Lane::Skip),
    }
}

/// Also where numbers are chosen: all cells decide how they are written, not the first ones.
fn is_to_be_text(facts: &NumberFacts) -> bool {
    facts.n_numbers == 0 || facts.offenders.count > 0
}

fn finish_texts(name: &str, texts: &Texts, options: &ImportOptions, doubt: bool) -> Finished {
    let mut reading = decide(texts, options, options.types.get(name).copied());
    if doubt && let Reading::Number(_) = reading {
        let first = texts.first_marked();
        reading = Reading::Text(Why::Ambiguous(first.clone(), first));
    }
    text_column(name, texts, reading, options)
}

/// A column of these values, or of so many cells whose values were not kept.
fn number_column(
    name: &str,
    (values, n_cells): (Vec<f64>, usize),
    format: NumberFormat,
    facts: NumberFacts,
    hints: impl IntoIterator<Item = Remark>,
    options: &ImportOptions,
) -> Finished {
    let mut remarks = Vec::new();
    if facts.offenders.count > 0 {
        let n = facts.offenders.count;
        let text = clip(&facts.offenders.text);
        let what = match n {
            1 => format!("1 cell is no number and counts as missing, {text}"),
            n => format!("{n} cells are no numbers and count as missing, first {text}"),
        };
        remarks.push(("text_in_numbers", facts.offenders.clone(), what));
    }
    remarks.extend(format_remarks(&facts, format, options));
    remarks.extend(hints);
    let n_missing = n_cells - facts.n_numbers as usize;
    let column =
        Column { name: name.to_owned(), column_type: ColumnType::Number, values: Values::Numbers(values), n_missing };
    Finished::Column(column, Box::new(Told { facts, format: Some(format), remarks }))
}

/// How the numbers of a column were read, where that was not plain.
fn format_remarks(facts: &NumberFacts, format: NumberFormat, options: &ImportOptions) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let first = &facts.example;
    if first.count == 0 {
        return remarks;
    }
    let what = format!("{} read as {}", first.text.trim(), facts.example_value);
    if format.decimal == DecimalMark::Comma && options.decimal.is_none() {
        remarks.push(("decimal_comma", first.clone(), what.clone()));
    }
    if format.thousands != Thousands::None && options.thousands.is_none() {
        remarks.push(("thousands", first.clone(), what.clone()));
    }
    match format.unit {
        Unit::None => {}
        Unit::Percent => remarks.push(("percent", first.clone(), what)),
        Unit::Currency(_) => remarks.push(("currency", first.clone(), what)),
    }
    remarks
}

fn text_column(name: &str, texts: &Texts, reading: Reading, options: &ImportOptions) -> Finished {
    let mut remarks = Vec::new();
    let (column_type, values, facts) = match reading {
        Reading::Number(format) => {
            let (values, facts) = texts.numbers(format, options);
            let is_forced = options.types.get(name) == Some(&TypeChoice::Number);
            if facts.offenders.count == 0 || is_forced {
                let hints = Hints::of(&values).remarks(|| hints::quartiles(&values));
                return number_column(name, (values, texts.n_cells()), format, facts, hints, options);
            }
            // The chosen marks do not fit some cells.
            let why = Why::Ambiguous(facts.offenders.clone(), facts.offenders);
            return text_column(name, texts, Reading::Text(why), options);
        }
        Reading::Boolean(pair) => {
            let (values, facts) = texts.booleans(options);
            let spelling = |value: usize| texts.spelling(pair, value);
            let what = format!("{} read as 1 and {} as 0", spelling(1), spelling(0));
            remarks.push(("boolean_column", texts.first(), what));
            (ColumnType::Boolean, Values::Numbers(values), facts)
        }
        Reading::Date => {
            let (values, facts) = texts.levels(options, Blanks::Keep, Words::Missing);
            remarks.push(("date_column", texts.first(), "dates, not used as predictors,".to_owned()));
            (ColumnType::Date, values, facts)
        }
        Reading::Empty => {
            let (values, facts) = texts.levels(options, Blanks::Keep, Words::Missing);
            let first = texts.first_cell();
            remarks.push(("empty_column", first, "no cell is filled".to_owned()));
            (ColumnType::Empty, values, facts)
        }
        Reading::Text(why) => {
            remarks.extend(why_text(&why));
            remarks.extend(kept_words(texts, options));
            level_column(texts, &why, options)
        }
    };
    let n_missing = facts.n_missing() as usize;
    // No cell is filled: that says it all.
    let facts = if column_type == ColumnType::Empty { NumberFacts::default() } else { facts };
    let column = Column { name: name.to_owned(), column_type, values, n_missing };
    Finished::Column(column, Box::new(Told { facts, format: None, remarks }))
}

/// NA and the like among words: perhaps missing, but a country, too.
fn kept_words(texts: &Texts, options: &ImportOptions) -> Option<Remark> {
    let words = texts.kept_words().filter(|_| options.missing_tokens.is_none())?;
    let cells = plural(words.count, "cell");
    let what = format!("{} {cells} with {} kept as text", words.count, words.text);
    Some(("missing_words_kept", words, what))
}

/// Levels if they are few enough (or chosen), else text as it stands.
fn level_column(texts: &Texts, why: &Why, options: &ImportOptions) -> (ColumnType, Values, NumberFacts) {
    let words = if options.missing_tokens.is_some() { Words::Missing } else { Words::Text };
    let may_be_levels =
        matches!(why, Why::Words | Why::LeadingZeros(_) | Why::Suffix(_)) && texts.len() <= MAX_PADDED_LEVELS;
    if may_be_levels || *why == Why::Chosen {
        let (values, facts) = texts.levels(options, Blanks::Cut, words);
        if let Values::Levels { levels, .. } = &values {
            let n_present = texts.n_cells() - facts.n_missing() as usize;
            let few = (2..=MAX_LEVELS).contains(&levels.len()) && n_present >= 2 * levels.len();
            if few || *why == Why::Chosen {
                return (ColumnType::Category, values, facts);
            }
        }
    }
    let (values, facts) = texts.levels(options, Blanks::Keep, words);
    (ColumnType::Text, values, facts)
}

/// Why a column that holds numbers is text.
fn why_text(why: &Why) -> Option<Remark> {
    let (kind, first, what) = match why {
        Why::Words | Why::Chosen => return None,
        Why::LeadingZeros(a) => ("leading_zero_id", a, clip(&a.text)),
        Why::Suffix(a) => ("unit_in_cells", a, format!("{} is a number with something behind it", clip(&a.text))),
        Why::Offenders(a) if a.count == 1 => ("text_in_numbers", a, format!("1 cell is no number, {}", clip(&a.text))),
        Why::Offenders(a) => {
            let what = format!("{} cells are no numbers, first {}", a.count, clip(&a.text));
            ("text_in_numbers", a, what)
        }
        Why::Ambiguous(a, b) if a.text == b.text => {
            ("ambiguous_number", a, format!("{} can be read in two ways", clip(&a.text)))
        }
        Why::Ambiguous(a, b) => {
            let what = format!("{} and {} use two decimal marks", clip(&a.text), clip(&b.text));
            ("ambiguous_number", if a.record <= b.record { a } else { b }, what)
        }
        Why::Units(a, b) => {
            let is_percent = [a, b].iter().any(|f| f.text.contains('%'));
            let kind = if is_percent { "percent" } else { "currency" };
            (kind, a, format!("{} and {} have different units", clip(&a.text), clip(&b.text)))
        }
    };
    let what = if kind == "leading_zero_id" { format!("{what} kept as text") } else { format!("{what}: kept as text") };
    Some((kind, first.clone(), what))
}

/// Whether all points of the column might part thousands.
pub(super) fn is_doubtful(findings: &Told) -> bool {
    findings.format.is_some_and(|f| {
        f.decimal == DecimalMark::Point
            && f.thousands == Thousands::None
            && findings.facts.marks & mark::ONE_GROUP != 0
            && findings.facts.marks & mark::DECIMAL == 0
    })
}

/// Whether the column proves that a point is a decimal mark.
pub(super) fn uses_point(findings: &Told) -> bool {
    let is_point = findings.format.is_some_and(|f| f.decimal == DecimalMark::Point);
    is_point && findings.facts.marks & mark::DECIMAL != 0
}

/// Whether the column proves that the file uses the decimal comma.
pub(super) fn uses_comma(findings: &Told) -> bool {
    findings.format.is_some_and(|f| f.decimal == DecimalMark::Comma)
}

/// Says which columns use the decimal point, where others use the comma.
pub(super) fn compare_marks(uses_comma_anywhere: bool, told: &Told, column: usize, findings: &mut Findings) {
    let uses_point = told.format.is_some_and(|f| f.decimal == DecimalMark::Point)
        && told.facts.marks & (mark::DECIMAL | mark::ONE_GROUP) != 0;
    if uses_comma_anywhere && uses_point {
        let what = "the point read as the decimal mark, unlike in other columns,".to_owned();
        findings.add("mixed_decimal_marks", column, &First { count: 1, ..First::default() }, what);
    }
}

impl Told {
    /// Hands everything over to the notes of the file.
    pub(super) fn report(&self, column: usize, findings: &mut Findings) {
        findings.add_facts(column, &self.facts);
        for (kind, first, what) in &self.remarks {
            findings.add(kind, column, first, what.clone());
        }
    }
}
