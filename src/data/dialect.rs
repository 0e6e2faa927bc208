//! How a file is written, and its first lines as a delimiter divides them.

use crate::data::cell;
use crate::data::scanner::Quoting;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) quoting: Quoting,
    /// Lines that begin with this are left out.
    pub(super) comment: Option<u8>,
    /// Whether no delimiter was found: every line is one cell.
    pub(super) single: bool,
}

/// The beginning of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample<'a> {
    pub(super) bytes: &'a [u8],
    /// Whether the file ends where the sample ends.
    pub(super) complete: bool,
}

/// A record of the sample.
#[derive(Debug)]
pub(super) struct Row {
    /// 1-based line on which it begins.
    pub(super) line: u64,
    /// Lines it takes.
    pub(super) lines: u64,
    /// Where it begins.
    pub(super) start: usize,
    /// Where the next line begins.
    pub(super) next: usize,
    /// Its cells without quotes.
    pub(super) cells: Vec<String>,
    /// Whether it begins with the mark of a remark.
    pub(super) remark: bool,
}

/// What a cell looks like at first sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Missing,
    Number,
    Date,
    Text,
}

/// First sight of a cell.
pub(super) fn look(text: &str) -> Look {
    let text = text.trim();
    if text.is_empty() || cell::is_missing_word(text) {
        Look::Missing
    } else if cell::amount(text).is_some() || cell::is_infinite_word(text) {
        Look::Number
    } else if cell::is_date(text) {
        Look::Date
    } else {
        Look::Text
    }
}

impl Row {
    /// Cells, counted without an empty last one (a delimiter may end a line).
    pub(super) fn trimmed_width(&self) -> usize {
        match self.cells.last() {
            Some(last) if last.trim().is_empty() && self.cells.len() > 1 => self.cells.len() - 1,
            _ => self.cells.len(),
        }
    }

    /// Whether the record has this width, or one more with nothing behind its last delimiter.
    pub(super) fn fits(&self, width: usize) -> bool {
        self.cells.len() == width || (self.cells.len() == width + 1 && self.trimmed_width() == width)
    }
}
