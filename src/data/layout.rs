//! Where the table begins inside a file: title lines, remarks, header, trailing delimiter.

use std::collections::HashSet;

use crate::data::cell;
use crate::data::dialect::{Look, Row, look};
use crate::data::error::{ReadError, plural};
use crate::data::notes::Note;
use crate::data::options::{Header, ImportOptions};
use crate::data::remarks::Remarks;
use crate::data::scanner::clip;

/// The first lines of a file, understood.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// Names as written, one per column; empty where there is no header.
    pub(super) names: Vec<String>,
    /// Number of cells of a record.
    pub(super) width: usize,
    /// Line of the header, where there is one.
    pub(super) header: Option<u64>,
    /// First byte of the first record.
    pub(super) body_start: usize,
    /// Its line.
    pub(super) body_line: u64,
    /// Mark of remarks below the header.
    pub(super) comment: Option<u8>,
    pub(super) notes: Vec<Note>,
    /// Last line with text.
    pub(super) last_line: (u64, String),
}

/// Finds the layout of rows divided by the chosen delimiter.
pub(super) fn find(rows: &[Row], modal: usize, options: &ImportOptions) -> Result<Layout, ReadError> {
    let Some(last) = rows.last() else {
        return Err(ReadError::NoDataRows { line: 1, text: String::new() });
    };
    let last_line = (last.line, clip(&last.cells.join(" ")));
    let remarks = Remarks::find(rows, modal, options);
    let table: Vec<&Row> = rows.iter().filter(|r| remarks.keeps(r)).collect();
    let skipped = if options.skip_lines.is_some() { 0 } else { preamble_len(&table, modal) };
    let above = table.first().filter(|_| skipped > 0).map(|r| (*r, skipped));
    let table = table.get(skipped..).unwrap_or_default();
    let Some((&first, body)) = table.split_first() else {
        let (line, text) = last_line;
        return Err(ReadError::NoDataRows { line, text });
    };
    let guess = guess_header(first, body);
    let has_names = match options.header {
        Some(Header::Yes) => true,
        Some(Header::No) => false,
        None => guess != Guess::Data,
    };
    let width = table_width(first, body, modal, has_names);
    let names = if has_names { first.cells.iter().take(width).cloned().collect() } else { Vec::new() };
    let mut notes = above_notes(first, above, options);
    if options.header.is_none() {
        notes.extend(guess.note(first, width));
    }
    if has_names && first.cells.len() > width {
        let action = "the header ends in a delimiter: no column was made of it".to_owned();
        let remedy = "remove the delimiter at its end";
        notes.push(Note::file("trailing_delimiter", action, remedy).at(first.line));
    }
    // Remarks between the header and the first record are skipped like all others below.
    let (body_start, body_line) =
        if has_names { (first.next, first.line + first.lines) } else { (first.start, first.line) };
    Ok(Layout {
        names,
        width,
        header: has_names.then_some(first.line),
        body_start,
        body_line,
        comment: remarks.body,
        notes: [remarks.note(rows, body_start), notes].concat(),
        last_line,
    })
}

/// Rows above the header that are no part of the table: a title, a remark in words.
pub(super) fn preamble_len(table: &[&Row], modal: usize) -> usize {
    let mut start = 0;
    if let Some(first_fit) = table.iter().position(|r| r.fits(modal)).filter(|at| *at > 0) {
        let (above, below) = table.split_at(first_fit);
        if let Some((header, body)) = below.split_first() {
            let is_title = above.iter().all(|r| r.trimmed_width() == 1);
            let narrow = above.iter().all(|r| r.cells.len() < modal);
            // Two rows of several cells each are a table of their own, not a title.
            let is_table = above.iter().filter(|r| r.trimmed_width() > 1).count() > 1;
            let supported = supports(header, body);
            if is_evident(header) && narrow && !is_table && (supported || (is_title && modal > 2)) {
                start = first_fit;
            }
        }
    }
    // A title padded with delimiters to the width of the table.
    while let [title, header, body @ ..] = table.get(start..).unwrap_or_default() {
        let filled = title.cells.iter().filter(|c| !c.trim().is_empty()).count();
        let is_title = filled == 1 && title.cells.len() > 1 && look(first_cell(title)) == Look::Text;
        let wide = title.cells.len() > 2 || supports(header, body);
        if is_title && wide && header.fits(modal) && is_evident(header) && !body.is_empty() {
            start += 1;
        } else {
            break;
        }
    }
    start
}

fn first_cell(row: &Row) -> &str {
    row.cells.first().map_or("", String::as_str)
}

/// Whether a row can only be names: every cell text, no two alike.
pub(super) fn is_evident(row: &Row) -> bool {
    let cells = row.cells.get(..row.trimmed_width()).unwrap_or_default();
    let mut seen = HashSet::new();
    cells.iter().all(|c| look(c) == Look::Text && seen.insert(c.trim()))
}

/// Whether a text cell of the row stands above numbers or dates.
pub(super) fn supports(row: &Row, body: &[&Row]) -> bool {
    let above = row.cells.iter().enumerate().filter(|(_, c)| look(c) == Look::Text);
    above.map(|(column, _)| column).any(|column| is_typed(column, body))
}

/// Whether most cells of a column that are not missing are numbers or dates.
fn is_typed(column: usize, body: &[&Row]) -> bool {
    let looks = body.iter().filter_map(|r| r.cells.get(column)).map(|c| look(c));
    let (typed, text) = looks.fold((0, 0), |(typed, text), l| match l {
        Look::Missing => (typed, text),
        Look::Number | Look::Date => (typed + 1, text),
        Look::Text => (typed, text + 1),
    });
    typed > text
}

/// What the first record seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    Names,
    /// Names, some of them numbers.
    NumberNames,
    Data,
}

impl Guess {
    fn note(self, first: &Row, width: usize) -> Option<Note> {
        let (kind, action, remedy) = match self {
            Self::Names => {
                let missing = first.cells.iter().map(|c| c.trim()).find(|c| cell::is_missing_word(c))?;
                (
                    "numeric_header",
                    format!("the first line holds {missing} and was read as names"),
                    "set the header to no if it is data",
                )
            }
            Self::NumberNames => (
                "numeric_header",
                "the first line holds numbers and was read as names".to_owned(),
                "set the header to no if it is data",
            ),
            Self::Data => (
                "no_header",
                format!("the first line looks like data: columns named V1 to V{width}"),
                "set the header to yes if it holds names",
            ),
        };
        let note = Note::file(kind, action, remedy).at(first.line);
        Some(note.with_text(&first.cells.join(" ")))
    }
}

/// What was left out above the first row of the table.
fn above_notes(first: &Row, above: Option<(&Row, usize)>, options: &ImportOptions) -> Vec<Note> {
    let mut notes = Vec::new();
    if options.skip_lines.is_some_and(|n| n > 0) {
        let action = format!("the table begins on line {}, as chosen", first.line);
        notes.push(Note::file("lines_skipped", action, "change the number of lines to skip"));
    }
    if let Some((title, count)) = above {
        let lines = plural(count as u64, "line");
        let action = format!("{count} {lines} above the header left out");
        let remedy = "set the number of lines to skip to 0 to keep them";
        let note = Note::file("preamble_skipped", action, remedy).at(title.line);
        notes.push(note.with_text(title.cells.join(" ").trim()));
    }
    notes
}

pub(super) fn guess_header(first: &Row, body: &[&Row]) -> Guess {
    let looks: Vec<Look> = first.cells.iter().map(|c| look(c)).collect();
    let data: Vec<usize> =
        (0..looks.len()).filter(|j| matches!(looks.get(*j), Some(Look::Number | Look::Date))).collect();
    if data.is_empty() {
        return if holds_answers(first, body) { Guess::Data } else { Guess::Names };
    }
    if supports(first, body) {
        return Guess::NumberNames;
    }
    let is_date_above_numbers = |j: &usize| {
        let below = body.iter().filter_map(|r| r.cells.get(*j)).map(|c| look(c));
        let (numbers, others) = below.fold((0, 0), |(n, o), l| match l {
            Look::Number => (n + 1, o),
            Look::Missing => (n, o),
            Look::Date | Look::Text => (n, o + 1),
        });
        looks.get(*j) == Some(&Look::Date) && numbers > others
    };
    if data.iter().any(is_date_above_numbers) {
        return Guess::NumberNames;
    }
    let is_year = |text: &str| text.trim().parse().is_ok_and(|y: u32| (1800..=2100).contains(&y));
    let cells = |row: &Row, ok: &dyn Fn(&str) -> bool| data.iter().all(|j| row.cells.get(*j).is_some_and(|c| ok(c)));
    let years_above_others = cells(first, &is_year)
        && data.len() < looks.len()
        && !body.is_empty()
        && !body.iter().any(|r| cells(r, &is_year));
    if years_above_others {
        return Guess::NumberNames;
    }
    let counts = first.cells.iter().enumerate().all(|(j, c)| c.trim() == j.to_string());
    let fractions = body.iter().any(|r| r.cells.iter().filter(|c| c.contains('.')).count() * 2 > r.cells.len());
    if counts && looks.len() > 1 && fractions { Guess::NumberNames } else { Guess::Data }
}

/// Whether `yes` or `false` stands above nothing but the like: no name would. Single letters may be names.
fn holds_answers(first: &Row, body: &[&Row]) -> bool {
    let pair = |cell: &str| cell::boolean(cell.trim()).map(|(pair, _)| pair).filter(|_| cell.trim().len() > 1);
    let repeats = |(j, name): (usize, &String)| {
        let below = || body.iter().filter_map(|r| r.cells.get(j)).filter(|c| look(c) != Look::Missing);
        pair(name).is_some() && below().count() > 0 && below().all(|c| pair(c) == pair(name))
    };
    !supports(first, body) && first.cells.iter().enumerate().any(repeats)
}

/// Cells of a record: the header's, without an empty last one where the records or the header alone end in a delimiter.
fn table_width(first: &Row, body: &[&Row], modal: usize, has_names: bool) -> usize {
    let width = first.cells.len();
    if !has_names || body.is_empty() {
        return width;
    }
    let ends_blank = first.trimmed_width() < width;
    let all_shorter = body.iter().all(|r| r.cells.len() + 1 == width);
    if ends_blank && (all_shorter || modal + 1 == width) { width - 1 } else { width }
}
