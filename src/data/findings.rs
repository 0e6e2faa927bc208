//! What was found in single columns, gathered into one note per kind.

use crate::data::error::plural;
use crate::data::lane::{First, NumberFacts};
use crate::data::notes::Note;
use crate::data::scanner::clip;

/// Something found in a column.
#[derive(Debug, Clone)]
struct Finding {
    kind: &'static str,
    column: usize,
    first: First,
    /// What was done with it; empty for missing cells, which are summed up.
    what: String,
}

/// Everything found in the columns of a file.
#[derive(Debug, Default)]
pub(super) struct Findings {
    found: Vec<Finding>,
}

impl Findings {
    /// Records that `what` was done in a column, first at `first`.
    pub(super) fn add(&mut self, kind: &'static str, column: usize, first: &First, what: String) {
        self.found.push(Finding { kind, column, first: first.clone(), what });
    }

    /// Records the missing cells and odd numbers of a column.
    pub(super) fn add_facts(&mut self, column: usize, facts: &NumberFacts) {
        let empty = Some(&facts.empty).filter(|f| f.count > 0);
        for first in facts.missing.iter().chain(empty) {
            self.add("missing_tokens", column, first, String::new());
        }
        let cells = |n: u64| format!("{n} {}", plural(n, "cell"));
        let mut add = |kind, first: &First, what: &dyn Fn(&str) -> String| {
            if first.count > 0 {
                self.add(kind, column, first, what(&clip(first.text.trim())));
            }
        };
        add("non_finite", &facts.infinite, &|text| {
            format!("{text} is no finite number: {} missing", cells(facts.infinite.count))
        });
        add("precision_loss", &facts.inexact, &|text| {
            format!("{text} has more digits than a number can keep and was rounded")
        });
        add("precision_loss", &facts.underflow, &|text| format!("{text} is so small that it was read as 0"));
        add("whitespace_trimmed", &facts.padded, &|_| format!("blanks cut around {}", cells(facts.padded.count)));
        add("minus_sign", &facts.odd_minus, &|text| format!("{text} read as a negative number"));
    }

    /// One note per kind, in the order of the first of each.
    pub(super) fn into_notes(mut self, names: &[String], line: &dyn Fn(usize) -> u64) -> Vec<Note> {
        self.found.sort_by_key(|f| (f.kind, f.column));
        let groups = self.found.chunk_by(|a, b| a.kind == b.kind);
        let mut notes: Vec<Note> = groups.filter_map(|group| note(group, names, line)).collect();
        notes.sort_by_key(|n| n.line);
        notes
    }
}

fn note(group: &[Finding], names: &[String], line: &dyn Fn(usize) -> u64) -> Option<Note> {
    let first = group.first()?;
    let name = |column: usize| names.get(column).map_or("", String::as_str);
    let mut columns: Vec<&str> = group.iter().map(|f| name(f.column)).collect();
    columns.dedup();
    let place = columns_phrase(&columns);
    let action = if first.kind == "missing_tokens" {
        missing_action(group, &place)
    } else {
        format!("{} in {place}", first.what)
    };
    let earliest = group.iter().min_by_key(|f| f.first.record).unwrap_or(first);
    Some(
        Note::file(first.kind, action, remedy(first.kind))
            .at(line(earliest.first.record))
            .in_column(name(earliest.column))
            .with_text(&earliest.first.text),
    )
}

fn missing_action(group: &[Finding], place: &str) -> String {
    let mut tokens: Vec<(&str, u64)> = Vec::new();
    for finding in group {
        let text = match finding.first.text.as_str() {
            "" => "empty",
            text => text,
        };
        match tokens.iter_mut().find(|(known, _)| *known == text) {
            Some((_, count)) => *count += finding.first.count,
            None => tokens.push((text, finding.first.count)),
        }
    }
    tokens.sort_by_key(|(text, count)| (std::cmp::Reverse(*count), *text));
    let total = tokens.iter().map(|(_, count)| count).sum();
    let list: Vec<String> = tokens.iter().take(6).map(|(text, n)| format!("{text} ({n})")).collect();
    let more = if tokens.len() > 6 { ", …" } else { "" };
    format!("{total} {} missing in {place}: {}{more}", plural(total, "cell"), list.join(", "))
}

/// `column a`, `columns a, b and c`, `columns a, b, c and 12 more`.
pub(super) fn columns_phrase(names: &[&str]) -> String {
    match names {
        [] => "no column".to_owned(),
        [one] => format!("column {one}"),
        [first @ .., last] if names.len() <= 4 => {
            format!("columns {} and {last}", first.join(", "))
        }
        [a, b, c, rest @ ..] => format!("columns {a}, {b}, {c} and {} more", rest.len()),
        [first, ..] => format!("column {first}"),
    }
}

fn remedy(kind: &str) -> &'static str {
    match kind {
        "missing_tokens" => "choose which texts mean missing in the import options",
        "decimal_comma" | "thousands" | "ambiguous_number" | "mixed_decimal_marks" => {
            "choose the decimal mark and the thousands separator in the import options"
        }
        "leading_zero_id" | "percent" | "currency" => {
            "choose the column's type in the import options: number or category"
        }
        "text_in_numbers" => "correct these cells, or choose the column's type: number makes them missing",
        "boolean_column" => "choose the column's type category to keep the words",
        "date_column" => "compute a number from the date before opening the file, if it is to predict",
        "non_finite" | "precision_loss" => "correct these cells in the file",
        "whitespace_trimmed" => "quote the cells and choose the type category to keep blanks",
        "minus_sign" | "empty_column" => "choose the column's type in the import options",
        "unit_in_cells" => "write the unit into the header and numbers alone into the cells",
        "missing_words_kept" => "add the word to the texts that mean missing",
        "packed_date" => "choose the column's type: category or ignore",
        "sentinel" => "if it stands for missing, add it to the texts that mean missing",
        _ => "change the import options",
    }
}
