//! Notes about the file as a whole: delimiter, lines left out, ragged records, size.

use crate::data::chunk;
use crate::data::dialect::Dialect;
use crate::data::error::plural;
use crate::data::notes::Note;
use crate::data::oddities::{Oddities, Seen};
use crate::data::options::{ImportOptions, Quote, Ragged, Separator};
use crate::data::table::{ColumnType, Table, Values};

/// What divides and wraps the cells, where that is neither usual nor chosen.
pub(super) fn delimiter(dialect: Dialect, options: &ImportOptions) -> Vec<Note> {
    const REMEDY: &str = "choose the delimiter in the import options";
    let mut notes = Vec::new();
    let byte = dialect.quoting.delimiter;
    if options.delimiter.is_none() && !dialect.single && !matches!(byte, b',' | b'\t') {
        let name = Separator::new(byte).map_or_else(String::new, Separator::describe);
        notes.push(Note::file("delimiter", format!("cells divided by {name}"), REMEDY));
    }
    if options.quote.is_none() && dialect.quoting.quote == Quote::Single.byte() {
        let action = "cells wrapped in ' and read without it".to_owned();
        notes.push(Note::file("quote", action, "choose the quote in the import options"));
    }
    if dialect.quoting.escape.is_some() {
        let action = "\\\" inside quotes read as \"".to_owned();
        notes.push(Note::file("escape", action, "write quotes inside a cell twice"));
    }
    notes
}

/// Kind, where and how often, what was done, what to do.
type Odd<'a> = (&'static str, &'a Seen, String, &'static str);

/// What was odd about lines and records.
pub(super) fn oddities(odd: &Oddities, ragged: Ragged) -> Vec<Note> {
    let all = records(odd, ragged).into_iter().chain(cells(odd));
    all.filter(|(_, seen, ..)| seen.count > 0)
        .map(|(kind, seen, action, remedy)| Note::file(kind, action, remedy).at(seen.line).with_text(&seen.text))
        .chain(line_ends(odd.ends))
        .collect()
}

fn counted(seen: &Seen, word: &str) -> String {
    format!("{} {}", seen.count, plural(seen.count, word))
}

fn records(odd: &Oddities, ragged: Ragged) -> [Odd<'_>; 6] {
    const MEND: &str = "mend these lines in the file, or choose otherwise in the import options";
    let records = |seen: &Seen| counted(seen, "record");
    let short = match ragged {
        Ragged::Refuse | Ragged::Skip => "with too few cells left out",
        Ragged::Pad => "with too few cells filled with missing ones",
    };
    [
        (
            "blank_lines_skipped",
            &odd.blank_lines,
            format!("{} without any cell left out", counted(&odd.blank_lines, "line")),
            "remove the blank lines, or write NA where a value is missing",
        ),
        (
            "comments_skipped",
            &odd.remarks,
            format!("{} below the header left out as remarks", counted(&odd.remarks, "line")),
            "set the comment mark to none to keep such lines",
        ),
        (
            "comments_kept",
            &odd.kept_remarks,
            format!("{} beginning with # read as data", records(&odd.kept_remarks)),
            "set the comment mark to # if these are remarks",
        ),
        (
            "trailing_delimiter",
            &odd.trailing,
            format!("{} with an empty cell behind the last column", records(&odd.trailing)),
            "remove the delimiter at the end of the lines",
        ),
        ("ragged_short", &odd.short, format!("{} {short}", records(&odd.short)), MEND),
        ("ragged_long", &odd.long, format!("{} with too many cells left out", records(&odd.long)), MEND),
    ]
}

fn cells(odd: &Oddities) -> [Odd<'_>; 4] {
    const QUOTE: &str = "check whether a quote is missing there";
    let cells = |seen: &Seen| counted(seen, "cell");
    [
        (
            "encoding",
            &odd.damaged,
            format!("{} with {}: letters were lost before", counted(&odd.damaged, "line"), chunk::REPLACEMENT),
            "export the data again with the right encoding",
        ),
        (
            "quote",
            &odd.padded_quotes,
            format!("blanks before the quotes of {} left out", cells(&odd.padded_quotes)),
            "choose the quote none in the import options to keep them",
        ),
        ("long_cell", &odd.long_cell, format!("{} of more than 32,767 characters", cells(&odd.long_cell)), QUOTE),
        (
            "quoted_newline",
            &odd.quoted_lines,
            format!("{} over several lines, with delimiters inside", cells(&odd.quoted_lines)),
            QUOTE,
        ),
    ]
}

/// Line ends that are not all LF or all CRLF.
fn line_ends([lf, crlf, cr]: [u64; 3]) -> Option<Note> {
    if [lf, crlf, cr].iter().filter(|n| **n > 0).count() > 1 {
        let action = format!("line ends differ: LF {lf}, CRLF {crlf}, CR {cr}");
        return Some(Note::file("mixed_eol", action, "none needed: all end a record"));
    }
    let action = "lines end in CR alone, as on old Macs".to_owned();
    (cr > 0).then(|| Note::file("eol_cr", action, "none needed: it ends a record"))
}

/// The last column was nothing but what stands behind a last delimiter.
pub(super) fn last_column_dropped() -> Note {
    let action = "the last column has neither name nor cells and was left out".to_owned();
    Note::file("trailing_delimiter", action, "remove the delimiter at the end of the lines")
}

/// A last record that sums up the others and would be fitted as one of them; `last_two` are the last cell but one and the
/// last of each column.
pub(super) fn total(table: &Table, last_two: &[[Option<String>; 2]]) -> Option<Note> {
    const WORDS: [&str; 10] =
        ["total", "totals", "grand total", "subtotal", "sum", "average", "mean", "summe", "gesamt", "totale"];
    let last = table.n_records.checked_sub(1).filter(|n| *n > 0)?;
    let is_total = |cell: &str| WORDS.iter().any(|w| w.eq_ignore_ascii_case(cell.trim().trim_end_matches(':')));
    let is_named = |cell: &Option<String>| cell.as_ref().is_some_and(|cell| is_total(cell));
    let mut columns = table.columns.iter().zip(last_two);
    let (column, [_, text]) = columns
        .find(|(c, [before, last])| matches!(c.values, Values::Levels { .. }) && is_named(last) && !is_named(before))?;
    let text = text.as_deref().unwrap_or_default();
    let action = format!("the last record is named {text} and was read like any other");
    let note = Note::file("total_row", action, "remove this line from the file if it sums up the others");
    Some(note.at(table.line(last)).in_column(&column.name).with_text(text))
}

/// What keeps a table from being fitted.
pub(super) fn size(table: &Table) -> Vec<Note> {
    let mut notes = Vec::new();
    let numeric = |t: ColumnType| matches!(t, ColumnType::Number | ColumnType::Boolean);
    let n_numeric = table.columns.iter().filter(|c| numeric(c.column_type)).count();
    if n_numeric == 0 {
        let action = "no column holds numbers, so there is no target to choose".to_owned();
        notes.push(Note::file("no_numeric_columns", action, "check the delimiter and the decimal mark"));
    }
    if table.n_records < 3 {
        let n = table.n_records as u64;
        let action = format!("{n} {}: a fit needs at least 3", plural(n, "record"));
        notes.push(Note::file("too_few_rows", action, "choose a file with more rows"));
    }
    if table.columns.len() < 2 {
        let action = "one column: a fit needs a target and at least one feature".to_owned();
        notes.push(Note::file("too_few_columns", action, "choose a file with more columns, or check the delimiter"));
    }
    notes
}
