//! Where the table begins inside a file: title lines, remarks, header, trailing delimiter.

use std::collections::HashSet;

use crate::data::dialect::{Look, Row, look};
use crate::data::error::ReadError;
use crate::data::notes::Note;
use crate::data::options::{Comment, Header, ImportOptions};
use crate::data::scanner::clip;

/// The first lines of a file, understood.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// Names as written, one per column; empty where there is no header.
    pub(super) names: Vec<String>,
    /// Number of cells of a record.
    pub(super) width: usize,
    /// Whether records may end in one more, empty cell.
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
pub(super) fn find(
    rows: &[Row],
    modal: usize,
    options: &ImportOptions,
) -> Result<Layout, ReadError> {
    let Some(last) = rows.last() else {
        return Err(ReadError::NoDataRows {
            line: 1,
            text: String::new(),
        });
    };
    let last_line = (last.line, clip(&last.cells.join(" ")));
    let remarks = Remarks::find(rows, modal, options);
    let table: Vec<&Row> = rows.iter().filter(|r| remarks.keeps(r)).collect();
    let skipped = if options.skip_lines.is_some() {
        0
    } else {
        preamble_len(&table, modal)
    };
    let mut notes = Vec::new();
    if let Some(first) = rows
        .first()
        .filter(|r| options.skip_lines.is_some() && r.line > 1)
    {
        notes.push(Note::file(
            "lines_skipped",
            format!("the table begins on line {}, as chosen", first.line),
            "change the number of lines to skip",
        ));
    }
    if let Some(title) = table.first().filter(|_| skipped > 0) {
        let lines = if skipped == 1 {
            "1 line".to_owned()
        } else {
            format!("{skipped} lines")
        };
        notes.push(
            Note::file(
                "preamble_skipped",
                format!("{lines} above the header left out"),
                "set the number of lines to skip to 0 to keep them",
            )
            .at(title.line)
            .with_text(title.cells.join(" ").trim()),
        );
    }
    let table = table.get(skipped..).unwrap_or_default();
    let Some((&first, body)) = table.split_first() else {
        return Err(ReadError::NoDataRows {
            line: last_line.0,
            text: last_line.1,
        });
    };
    let header = guess_header(first, body);
    let has_names = match options.header {
        Some(Header::Yes) => true,
        Some(Header::No) => false,
        None => header != Guess::Data,
    };
    let width = table_width(first, body, modal, has_names);
    if !has_names && options.header.is_none() {
        notes.push(
            Note::file(
                "no_header",
                format!("the first line looks like data: columns named V1 to V{width}"),
                "set the header to yes if it holds names",
            )
            .at(first.line)
            .with_text(&first.cells.join(" ")),
        );
    }
    if has_names && header == Guess::NumberNames && options.header.is_none() {
        notes.push(
            Note::file(
                "numeric_header",
                "the first line holds numbers and was read as names".to_owned(),
                "set the header to no if it is data",
            )
            .at(first.line)
            .with_text(&first.cells.join(" ")),
        );
    }
    let names = if has_names {
        first.cells.iter().take(width).cloned().collect()
    } else {
        Vec::new()
    };
    if has_names && first.cells.len() > width {
        notes.push(
            Note::file(
                "trailing_delimiter",
                "the header ends in a delimiter: no column was made of it".to_owned(),
                "remove the delimiter at its end",
            )
            .at(first.line),
        );
    }
    // Remarks between the header and the first record are skipped like all others below.
    let (body_start, body_line) = if has_names {
        (first.next, first.line + line_breaks(first))
    } else {
        (first.start, first.line)
    };
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

/// Lines that a record of the sample takes.
fn line_breaks(row: &Row) -> u64 {
    let inside: usize = row.cells.iter().map(|c| c.matches('\n').count()).sum();
    1 + inside as u64
}

/// Which lines that begin with a mark are remarks.
struct Remarks {
    /// Mark of remarks below the header, where there are any.
    body: Option<u8>,
    /// Whether the lines above the first other line are remarks.
    leading: bool,
    /// Line of a header that begins with the mark.
    header: Option<u64>,
    by_choice: bool,
}

impl Remarks {
    fn find(rows: &[Row], modal: usize, options: &ImportOptions) -> Self {
        let mark = match options.comment {
            Some(Comment::Start(mark)) => {
                return Self {
                    body: Some(mark),
                    leading: true,
                    header: None,
                    by_choice: true,
                };
            }
            Some(Comment::None) => {
                return Self {
                    body: None,
                    leading: false,
                    header: None,
                    by_choice: true,
                };
            }
            None => b'#',
        };
        let n_leading = rows.iter().take_while(|r| r.remark).count();
        let rest = rows.get(n_leading..).unwrap_or_default();
        let others: Vec<&Row> = rest.iter().filter(|r| !r.remark).collect();
        // `#id,x,y` above data is a header, not a remark.
        let header = rows
            .get(..n_leading)
            .and_then(<[Row]>::last)
            .filter(|r| {
                r.cells.len() == modal && modal > 1 && is_evident(r) && supports(r, &others)
            })
            .filter(|_| {
                others.first().is_none_or(|f| {
                    guess_header(f, others.get(1..).unwrap_or_default()) == Guess::Data
                })
            })
            .map(|r| r.line);
        let first_column_is_text = others
            .iter()
            .skip(1)
            .filter_map(|r| r.cells.first())
            .any(|c| look(c) == Look::Text);
        let odd = |r: &Row| r.remark && (r.cells.len() != modal || !first_column_is_text);
        let body = rest.iter().any(odd).then_some(mark);
        Self {
            body,
            leading: true,
            header,
            by_choice: false,
        }
    }

    fn keeps(&self, row: &Row) -> bool {
        !row.remark || self.header == Some(row.line) || (self.body.is_none() && !self.leading)
    }

    fn note(&self, rows: &[Row], body_start: usize) -> Vec<Note> {
        let left_out = rows
            .iter()
            .filter(|r| r.start < body_start && !self.keeps(r));
        let lines: Vec<&Row> = left_out.collect();
        let Some(first) = lines.first() else {
            return Vec::new();
        };
        if self.by_choice {
            return Vec::new();
        }
        let count = lines.len();
        let action = if count == 1 {
            "1 line above the table begins with # and was left out".to_owned()
        } else {
            format!("{count} lines above the table begin with # and were left out")
        };
        vec![
            Note::file(
                "comments_skipped",
                action,
                "set the comment mark to none to keep such lines",
            )
            .at(first.line)
            .with_text(&first.cells.join(",")),
        ]
    }
}

/// Rows above the header that are no part of the table: a title, a remark in words.
pub(super) fn preamble_len(table: &[&Row], modal: usize) -> usize {
    let mut start = 0;
    if let Some(first_fit) = table
        .iter()
        .position(|r| r.fits(modal))
        .filter(|at| *at > 0)
    {
        let (above, below) = table.split_at(first_fit);
        if let Some((header, body)) = below.split_first() {
            let is_title = above.iter().all(|r| r.trimmed_width() == 1);
            let narrow = above.iter().all(|r| r.cells.len() < modal);
            let supported = supports(header, body);
            if is_evident(header) && narrow && (supported || (is_title && modal > 2)) {
                start = first_fit;
            }
        }
    }
    // A title padded with delimiters to the width of the table.
    while let [title, header, body @ ..] = table.get(start..).unwrap_or_default() {
        let filled = title.cells.iter().filter(|c| !c.trim().is_empty()).count();
        let is_title =
            filled == 1 && title.cells.len() > 1 && look(first_cell(title)) == Look::Text;
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
fn is_evident(row: &Row) -> bool {
    let cells = row.cells.get(..row.trimmed_width()).unwrap_or_default();
    let mut seen = HashSet::new();
    cells
        .iter()
        .all(|c| look(c) == Look::Text && seen.insert(c.trim()))
}

/// Whether a text cell of the row stands above numbers or dates.
fn supports(row: &Row, body: &[&Row]) -> bool {
    let above = row
        .cells
        .iter()
        .enumerate()
        .filter(|(_, c)| look(c) == Look::Text);
    above
        .map(|(column, _)| column)
        .any(|column| is_typed(column, body))
}

/// Whether most cells of a column that are not missing are numbers or dates.
fn is_typed(column: usize, body: &[&Row]) -> bool {
    let looks = body
        .iter()
        .filter_map(|r| r.cells.get(column))
        .map(|c| look(c));
    let (typed, text) = looks.fold((0, 0), |(typed, text), l| match l {
        Look::Missing => (typed, text),
        Look::Number | Look::Date => (typed + 1, text),
        Look::Text => (typed, text + 1),
    });
    typed > text
}

/// What the first record seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guess {
    Names,
    /// Names, some of them numbers.
    NumberNames,
    Data,
}

fn guess_header(first: &Row, body: &[&Row]) -> Guess {
    let looks: Vec<Look> = first.cells.iter().map(|c| look(c)).collect();
    let data: Vec<usize> = (0..looks.len())
        .filter(|j| matches!(looks.get(*j), Some(Look::Number | Look::Date)))
        .collect();
    if data.is_empty() {
        return Guess::Names;
    }
    if supports(first, body) {
        return Guess::NumberNames;
    }
    let is_year = |text: &str| {
        text.trim()
            .parse()
            .is_ok_and(|y: u32| (1800..=2100).contains(&y))
    };
    let cells = |row: &Row, ok: &dyn Fn(&str) -> bool| {
        data.iter()
            .all(|j| row.cells.get(*j).is_some_and(|c| ok(c)))
    };
    let years_above_others = cells(first, &is_year)
        && data.len() < looks.len()
        && !body.is_empty()
        && !body.iter().any(|r| cells(r, &is_year));
    if years_above_others {
        return Guess::NumberNames;
    }
    let counts = first
        .cells
        .iter()
        .enumerate()
        .all(|(j, c)| c.trim() == j.to_string());
    let fractions = body
        .iter()
        .any(|r| r.cells.iter().filter(|c| c.contains('.')).count() * 2 > r.cells.len());
    if counts && looks.len() > 1 && fractions {
        Guess::NumberNames
    } else {
        Guess::Data
    }
}

/// Cells of a record: the header's, without an empty last one where the records or the header alone end in a delimiter.
fn table_width(first: &Row, body: &[&Row], modal: usize, has_names: bool) -> usize {
    let width = first.cells.len();
    if !has_names || body.is_empty() {
        return width;
    }
    let ends_blank = first.trimmed_width() < width;
    let all_shorter = body.iter().all(|r| r.cells.len() + 1 == width);
    if ends_blank && (all_shorter || modal + 1 == width) {
        width - 1
    } else {
        width
    }
}
