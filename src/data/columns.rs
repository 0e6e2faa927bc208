//! The end of a pass: cells become typed columns, or ask to be read once more as text.

use crate::data::cell::{BOOLEANS, NumberFormat, Unit};
use crate::data::findings::Findings;
use crate::data::lane::{First, Lane, NumberFacts, Sink};
use crate::data::number::mark;
use crate::data::options::{DecimalMark, ImportOptions, Thousands, TypeChoice};
use crate::data::table::{Column, ColumnType, Values};
use crate::data::texts::Texts;
use crate::data::typing::{Reading, Why, decide};

/// Most levels of a category.
const MAX_LEVELS: usize = 20;
/// Texts that are looked at for being few levels with blanks around them.
const MAX_PADDED_LEVELS: usize = 4 * MAX_LEVELS;

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
    pub(super) remarks: Vec<(&'static str, First, String)>,
}

/// Types the cells of one column.
///
/// `doubt` is set for numbers such as `1.234` in a file whose other columns use the decimal comma.
pub(super) fn finish(name: &str, sink: Sink, options: &ImportOptions, doubt: bool) -> Finished {
    let choice = options.types.get(name).copied();
    match sink {
        Sink::Number {
            format,
            values,
            facts,
        } => {
            let is_forced = choice == Some(TypeChoice::Number);
            let is_number = facts.n_numbers > 0 && facts.offenders.count == 0;
            if !is_number && !is_forced {
                return Finished::Again(Lane::Text);
            }
            number_column(name, values, format, *facts, options)
        }
        Sink::Text { dictionary, codes } => {
            let texts = Texts::new(dictionary.into_texts(), codes);
            let mut reading = decide(&texts, options, choice);
            if doubt && let Reading::Number(_) = reading {
                let first = texts.first_marked();
                reading = Reading::Text(Why::Ambiguous(first.clone(), first));
            }
            text_column(name, &texts, reading, options)
        }
        Sink::Skip => Finished::Again(Lane::Skip),
    }
}

fn number_column(
    name: &str,
    values: Vec<f64>,
    format: NumberFormat,
    facts: NumberFacts,
    options: &ImportOptions,
) -> Finished {
    let mut remarks = Vec::new();
    if facts.offenders.count > 0 {
        let n = facts.offenders.count;
        let what = format!(
            "{n} cells are no numbers and count as missing, first {}",
            facts.offenders.text
        );
        remarks.push(("text_in_numbers", facts.offenders.clone(), what));
    }
    remarks.extend(format_remarks(&facts, format, options));
    remarks.extend(sentinel(&values));
    let n_missing = values.iter().filter(|v| v.is_nan()).count();
    let column = Column {
        name: name.to_owned(),
        column_type: ColumnType::Number,
        values: Values::Numbers(values),
        n_missing,
    };
    Finished::Column(
        column,
        Box::new(Told {
            facts,
            format: Some(format),
            remarks,
        }),
    )
}

/// How the numbers of a column were read, where that was not plain.
fn format_remarks(
    facts: &NumberFacts,
    format: NumberFormat,
    options: &ImportOptions,
) -> Vec<(&'static str, First, String)> {
    let mut remarks = Vec::new();
    let first = &facts.example;
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
                return number_column(name, values, format, facts, options);
            }
            // The chosen marks do not fit some cells.
            let why = Why::Ambiguous(facts.offenders.clone(), facts.offenders);
            return text_column(name, texts, Reading::Text(why), options);
        }
        Reading::Boolean(pair) => {
            let (values, facts) = texts.booleans(options);
            if let Some([no, yes]) = BOOLEANS.get(pair) {
                let what = format!("{yes} read as 1 and {no} as 0");
                remarks.push(("boolean_column", texts.first(), what));
            }
            (ColumnType::Boolean, Values::Numbers(values), facts)
        }
        Reading::Date => {
            let (values, facts) = texts.levels(options, false, true);
            remarks.push((
                "date_column",
                texts.first(),
                "dates, not used as predictors,".to_owned(),
            ));
            (ColumnType::Date, values, facts)
        }
        Reading::Empty => {
            let (values, facts) = texts.levels(options, false, true);
            let first = First {
                text: String::new(),
                ..facts.empty.clone()
            };
            remarks.push(("empty_column", first, "no cell is filled".to_owned()));
            (ColumnType::Empty, values, facts)
        }
        Reading::Text(why) => {
            remarks.extend(why_text(&why));
            level_column(texts, &why, options)
        }
    };
    let n_missing = match &values {
        Values::Numbers(values) => values.iter().filter(|v| v.is_nan()).count(),
        Values::Levels { codes, .. } => codes.iter().filter(|c| **c == Values::MISSING).count(),
    };
    let column = Column {
        name: name.to_owned(),
        column_type,
        values,
        n_missing,
    };
    Finished::Column(
        column,
        Box::new(Told {
            facts,
            format: None,
            remarks,
        }),
    )
}

/// Levels if they are few enough (or chosen), else text as it stands.
fn level_column(
    texts: &Texts,
    why: &Why,
    options: &ImportOptions,
) -> (ColumnType, Values, NumberFacts) {
    let drops_missing = options.missing_tokens.is_some();
    let may_be_levels =
        matches!(why, Why::Words | Why::LeadingZeros(_)) && texts.len() <= MAX_PADDED_LEVELS;
    if may_be_levels || *why == Why::Chosen {
        let (values, facts) = texts.levels(options, true, drops_missing);
        if let Values::Levels { levels, codes } = &values {
            let n_present = codes.iter().filter(|c| **c != Values::MISSING).count();
            let few = (2..=MAX_LEVELS).contains(&levels.len()) && n_present >= 2 * levels.len();
            if few || *why == Why::Chosen {
                return (ColumnType::Category, values, facts);
            }
        }
    }
    let (values, facts) = texts.levels(options, false, drops_missing);
    (ColumnType::Text, values, facts)
}

/// Why a column that holds numbers is text.
fn why_text(why: &Why) -> Option<(&'static str, First, String)> {
    let (kind, first, what) = match why {
        Why::Words | Why::Chosen => return None,
        Why::LeadingZeros(first) => (
            "leading_zero_id",
            first,
            format!("{} kept as text", first.text),
        ),
        Why::Offenders(first) => {
            let n = first.count;
            let what = if n == 1 {
                format!("1 cell is no number, {}: kept as text", first.text)
            } else {
                format!(
                    "{n} cells are no numbers, first {}: kept as text",
                    first.text
                )
            };
            ("text_in_numbers", first, what)
        }
        Why::Ambiguous(a, b) if a.text == b.text => (
            "ambiguous_number",
            a,
            format!("{} can be read in two ways: kept as text", a.text),
        ),
        Why::Ambiguous(a, b) => (
            "ambiguous_number",
            if a.record <= b.record { a } else { b },
            format!(
                "{} and {} use two decimal marks: kept as text",
                a.text, b.text
            ),
        ),
        Why::Units(a, b) => {
            let kind = if a.text.contains('%') || b.text.contains('%') {
                "percent"
            } else {
                "currency"
            };
            (
                kind,
                a,
                format!(
                    "{} and {} have different units: kept as text",
                    a.text, b.text
                ),
            )
        }
    };
    Some((kind, first.clone(), what))
}

/// 999 or -99 far from all other values: perhaps a missing cell in disguise. Never replaced.
fn sentinel(values: &[f64]) -> Option<(&'static str, First, String)> {
    let is_code = |v: f64| {
        let text = format!("{}", v.abs());
        text.len() >= 2 && v.abs() < 1e6 && text.bytes().all(|b| b == b'9')
    };
    let present = || values.iter().copied().filter(|v| !v.is_nan());
    let (low, high) = present().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
        (l.min(v), h.max(v))
    });
    if !is_code(low) && !is_code(high) {
        return None;
    }
    let mut sorted: Vec<f64> = present().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let quantile = |share: f64| {
        sorted
            .get((share * (sorted.len() - 1) as f64) as usize)
            .copied()
    };
    let (lower, upper) = (quantile(0.25)?, quantile(0.75)?);
    let range = upper - lower;
    let code = [low, high].into_iter().find(|v| {
        let distance = if *v < lower { lower - v } else { v - upper };
        is_code(*v) && range > 0.0 && distance > 5.0 * range
    })?;
    let same = |v: &f64| v.to_bits() == code.to_bits();
    let first = First {
        count: values.iter().filter(|v| same(v)).count() as u64,
        record: values.iter().position(|v| same(&v))?,
        text: code.to_string(),
    };
    Some((
        "sentinel",
        first,
        format!("{code} is far from all other values and was kept as a number"),
    ))
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

/// Whether the column proves that the file uses the decimal comma.
pub(super) fn uses_comma(findings: &Told) -> bool {
    findings
        .format
        .is_some_and(|f| f.decimal == DecimalMark::Comma)
}

/// Says which columns use the decimal point, where others use the comma.
pub(super) fn compare_marks(
    uses_comma_anywhere: bool,
    told: &Told,
    column: usize,
    findings: &mut Findings,
) {
    let uses_point = told.format.is_some_and(|f| f.decimal == DecimalMark::Point)
        && told.facts.marks & (mark::DECIMAL | mark::ONE_GROUP) != 0;
    if uses_comma_anywhere && uses_point {
        let what = "the point read as the decimal mark, unlike in other columns,".to_owned();
        findings.add(
            "mixed_decimal_marks",
            column,
            &First {
                count: 1,
                ..First::default()
            },
            what,
        );
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
