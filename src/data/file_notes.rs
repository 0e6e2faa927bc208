//! Notes about the file as a whole: delimiter, lines left out, ragged records, size.

use crate::data::chunk::{Oddities, Seen};
use crate::data::dialect::Dialect;
use crate::data::error::plural;
use crate::data::notes::Note;
use crate::data::options::{ImportOptions, Quote, Ragged, Separator};
use crate::data::table::{ColumnType, Table};

/// What divides and wraps the cells, where that is neither usual nor chosen.
pub(super) fn delimiter(dialect: Dialect, options: &ImportOptions) -> Vec<Note> {
    const REMEDY: &str = "choose the delimiter in the import options";
    let mut notes = Vec::new();
    let byte = dialect.quoting.delimiter;
    if options.delimiter.is_none() && !dialect.single && !matches!(byte, b',' | b'\t') {
        let name = Separator::new(byte).map_or_else(String::new, Separator::describe);
        notes.push(Note::file(
            "delimiter",
            format!("cells divided by {name}"),
            REMEDY,
        ));
    }
    if options.quote.is_none() && dialect.quoting.quote == Quote::Single.byte() {
        let action = "cells wrapped in ' and read without it".to_owned();
        notes.push(Note::file(
            "quote",
            action,
            "choose the quote in the import options",
        ));
    }
    if dialect.quoting.escape.is_some() {
        let action = "\\\" inside quotes read as \"".to_owned();
        notes.push(Note::file(
            "escape",
            action,
            "write quotes inside a cell twice",
        ));
    }
    notes
}

/// What was odd about lines and records.
pub(super) fn oddities(odd: &Oddities, options: &ImportOptions, drops_last: bool) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut push = |kind, seen: &Seen, action: String, remedy: &str| {
        if seen.count > 0 {
            notes.push(
                Note::file(kind, action, remedy)
                    .at(seen.line)
                    .with_text(&seen.text),
            );
        }
    };
    let lines = |n: u64| format!("{n} {}", plural(n, "line"));
    let records = |n: u64| format!("{n} {}", plural(n, "record"));
    push(
        "blank_lines_skipped",
        &odd.blank_lines,
        format!("{} without any cell left out", lines(odd.blank_lines.count)),
        "remove the blank lines, or write NA where a value is missing",
    );
    if options.comment.is_none() || odd.remarks.count > 0 {
        push(
            "comments_skipped",
            &odd.remarks,
            format!(
                "{} below the header left out as remarks",
                lines(odd.remarks.count)
            ),
            "set the comment mark to none to keep such lines",
        );
    }
    push(
        "trailing_delimiter",
        &odd.trailing,
        format!(
            "{} with an empty cell behind the last column: left out",
            records(odd.trailing.count)
        ),
        "remove the delimiter at the end of the lines",
    );
    let (short, long) = match options.ragged {
        Ragged::Refuse | Ragged::Skip => (
            "with too few cells left out",
            "with too many cells left out",
        ),
        Ragged::Pad => (
            "with too few cells filled with missing ones",
            "with too many cells left out",
        ),
    };
    let remedy = "mend these lines in the file, or choose otherwise in the import options";
    push(
        "ragged_short",
        &odd.short,
        format!("{} {short}", records(odd.short.count)),
        remedy,
    );
    push(
        "ragged_long",
        &odd.long,
        format!("{} {long}", records(odd.long.count)),
        remedy,
    );
    push(
        "long_cell",
        &odd.long_cell,
        format!(
            "{} of more than 32,767 characters",
            plural(odd.long_cell.count, "cell")
        ),
        "check whether a quote is missing there",
    );
    push(
        "quoted_newline",
        &odd.quoted_lines,
        format!(
            "{} over several lines, with delimiters inside",
            plural(odd.quoted_lines.count, "cell")
        ),
        "check whether a quote is missing there",
    );
    if drops_last {
        let action = "the last column has neither name nor cells and was left out".to_owned();
        notes.push(Note::file(
            "trailing_delimiter",
            action,
            "remove the delimiter at the end of the lines",
        ));
    }
    let [lf, crlf, cr] = odd.ends;
    if [lf, crlf, cr].iter().filter(|n| **n > 0).count() > 1 {
        let action = format!("line ends differ: LF {lf}, CRLF {crlf}, CR {cr}");
        notes.push(Note::file(
            "mixed_eol",
            action,
            "none needed: all end a record",
        ));
    } else if cr > 0 {
        let action = "lines end in CR alone, as on old Macs".to_owned();
        notes.push(Note::file(
            "eol_cr",
            action,
            "none needed: it ends a record",
        ));
    }
    notes
}

/// What keeps a table from being fitted.
pub(super) fn size(table: &Table) -> Vec<Note> {
    let mut notes = Vec::new();
    let numeric = |t: ColumnType| matches!(t, ColumnType::Number | ColumnType::Boolean);
    let n_numeric = table
        .columns
        .iter()
        .filter(|c| numeric(c.column_type))
        .count();
    if n_numeric == 0 {
        let action = "no column holds numbers, so there is no target to choose".to_owned();
        notes.push(Note::file(
            "no_numeric_columns",
            action,
            "check the delimiter and the decimal mark",
        ));
    }
    if table.n_records < 3 {
        let n = table.n_records as u64;
        let action = format!("{n} {}: a fit needs at least 3", plural(n, "record"));
        notes.push(Note::file(
            "too_few_rows",
            action,
            "choose a file with more rows",
        ));
    }
    if table.columns.len() < 2 {
        let action = "one column: a fit needs a target and at least one feature".to_owned();
        notes.push(Note::file(
            "too_few_columns",
            action,
            "choose a file with more columns, or check the delimiter",
        ));
    }
    notes
}
