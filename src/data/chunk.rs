//! One block of whole records → cells in their columns, with everything that was odd about it.
//!
//! Lines and records count from the block's beginning; [`load`](super::load) puts blocks together. Blocks without a quote
//! are read in one pass ([`plain`](super::plain)), the others record by record ([`quoted`](super::quoted)).

use rayon::prelude::*;

use crate::data::dialect::Dialect;
use crate::data::error::ReadError;
use crate::data::lane::{Lane, Sink};
use crate::data::oddities::{Oddities, Seen};
use crate::data::options::Ragged;
use crate::data::scanner::{self, Span};

/// Longest cell that is read.
const CELL_LIMIT: usize = 1 << 20;
/// From here on a cell is noted as long: Excel's own limit.
const LONG_CELL: usize = 32_767;
/// Stands where a letter was lost.
pub(super) const REPLACEMENT: &str = "\u{FFFD}";
/// Cells from which on columns are joined in parallel.
const MANY: usize = 1 << 16;

/// How a block is to be read.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub(super) dialect: Dialect,
    pub(super) width: usize,
    pub(super) lanes: &'a [Lane],
    pub(super) ragged: Ragged,
    /// Texts that mean "missing"; `None` for the usual ones.
    pub(super) missing: Option<&'a [String]>,
}

impl Plan<'_> {
    /// Whether a number may mean "missing".
    pub(super) fn has_missing_numbers(&self) -> bool {
        let has_digit = |text: &String| text.bytes().any(|b| b.is_ascii_digit());
        self.missing.is_some_and(|texts| texts.iter().any(has_digit))
    }
}

/// Records in their columns.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub(super) n_records: usize,
    /// Lines begun.
    pub(super) lines: u64,
    pub(super) sinks: Vec<Sink>,
    /// `(record, line)` where the step from one record to the next is not one line.
    pub(super) marks: Vec<(usize, u64)>,
    pub(super) oddities: Oddities,
    /// Blank lines at the end, not yet counted: they are nothing if the file ends with them.
    pub(super) pending_blank: Seen,
}

impl Chunk {
    /// No records yet; `line` is where the first will begin.
    pub(super) fn new(lanes: &[Lane], line: u64) -> Self {
        Self { lines: line, sinks: lanes.iter().map(Sink::new).collect(), ..Self::default() }
    }

    /// Puts a later block behind this one; its sinks come back empty, with their room.
    pub(super) fn append(&mut self, mut later: Self) -> Vec<Sink> {
        let (records, lines) = (self.n_records, self.lines);
        let expected = |marks: &[(usize, u64)]| marks.last().map(|m| m.1 + (records - m.0) as u64);
        for (record, line) in later.marks {
            let (record, line) = (record + records, line + lines);
            if record > records || expected(&self.marks) != Some(line) {
                self.marks.push((record, line));
            }
        }
        // Records that were left out end a gap, too.
        if later.n_records > 0 || later.oddities.n_ragged() > 0 {
            let pending = std::mem::take(&mut self.pending_blank);
            self.oddities.blank_lines.append(pending, 0);
            self.pending_blank = Seen::default();
        }
        self.pending_blank.append(later.pending_blank, lines);
        self.oddities.append(later.oddities, lines);
        let pairs = (&mut self.sinks, &mut later.sinks);
        if later.n_records * pairs.1.len() > MANY {
            pairs.into_par_iter().for_each(|(sink, more)| sink.append(more, records));
        } else {
            pairs.0.iter_mut().zip(pairs.1).for_each(|(sink, more)| sink.append(more, records));
        }
        self.n_records += later.n_records;
        self.lines += later.lines;
        later.sinks
    }
}

/// Reads a block that begins and ends between records; line 0 is its first.
///
/// `sinks` are empty ones of an earlier block, or none.
pub(super) fn read(bytes: &[u8], plan: &Plan<'_>, sinks: Vec<Sink>) -> Result<Chunk, ReadError> {
    check_text(bytes)?;
    let chunk = if sinks.is_empty() { Chunk::new(plan.lanes, 0) } else { Chunk { sinks, ..Chunk::default() } };
    let takes_plain = !plan.has_missing_numbers();
    let mut reader = Reader { bytes, plan, takes_plain, chunk, spans: Vec::new() };
    if !bytes.is_ascii() {
        reader.count_damaged();
    }
    let has_quote = plan.dialect.quoting.quote.is_some_and(|q| memchr::memchr(q, bytes).is_some());
    if has_quote || plan.ragged != Ragged::Refuse {
        reader.read_quoted()?;
    } else {
        reader.read_plain()?;
    }
    Ok(reader.chunk)
}

/// Whether the bytes are UTF-8 but for a character that is cut at their end.
pub(super) fn is_cut_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

/// Refuses zero bytes and what is no UTF-8.
pub(super) fn check_text(bytes: &[u8]) -> Result<(), ReadError> {
    let place = |at: usize| {
        let before = bytes.get(..at).unwrap_or_default();
        let start = before.iter().rposition(|b| scanner::is_line_end(*b)).map_or(0, |s| s + 1);
        (scanner::count_line_ends(before), scanner::clip_line(bytes, start))
    };
    if let Some(at) = memchr::memchr(0, bytes) {
        let (line, text) = place(at);
        return Err(ReadError::NulByte { line, text });
    }
    if bytes.is_ascii() {
        return Ok(());
    }
    std::str::from_utf8(bytes).map(drop).map_err(|error| {
        let (line, text) = place(error.valid_up_to());
        ReadError::InvalidEncoding { line, encoding: "UTF-8".to_owned(), text }
    })
}

/// A block on its way into columns.
pub(super) struct Reader<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) plan: &'a Plan<'a>,
    /// Whether every plain number is one, whatever it is.
    pub(super) takes_plain: bool,
    pub(super) chunk: Chunk,
    pub(super) spans: Vec<Span>,
}

impl Reader<'_> {
    /// Counts blank lines and remarks from `at` on; where the next record begins.
    pub(super) fn skip_gap(&mut self, at: usize) -> usize {
        let mut at = at;
        let byte = |at: usize| self.bytes.get(at).copied();
        if byte(at) == Some(b'\n') && at > 0 && byte(at - 1) == Some(b'\r') {
            at += 1;
        }
        while let Some(first) = byte(at) {
            if scanner::is_line_end(first) {
                self.chunk.pending_blank.add(self.chunk.lines, String::new);
                at = scanner::skip_line_end(self.bytes, at);
            } else if scanner::is_remark(self.bytes, at, self.plan.dialect.comment) {
                let text = || scanner::clip_line(self.bytes, at);
                self.chunk.oddities.remarks.add(self.chunk.lines, text);
                at = scanner::skip_line_end(self.bytes, scanner::line_end(self.bytes, at));
            } else {
                break;
            }
            self.chunk.lines += 1;
        }
        at
    }

    /// Notes where this record begins if that is not one line below the one before.
    pub(super) fn mark(&mut self, line: u64) {
        let record = self.chunk.n_records;
        let expected = self.chunk.marks.last().map(|(r, l)| l + (record - r) as u64);
        if expected != Some(line) {
            self.chunk.marks.push((record, line));
        }
    }

    pub(super) fn count_end(&mut self, next: usize) {
        let before = |n: usize| next.checked_sub(n).and_then(|i| self.bytes.get(i));
        let kind = match (before(2), before(1), self.bytes.get(next)) {
            (Some(b'\r'), Some(b'\n'), _) | (_, Some(b'\r'), Some(b'\n')) => 1,
            (_, Some(b'\n'), _) => 0,
            (_, Some(b'\r'), _) => 2,
            _ => return,
        };
        if let Some(count) = self.chunk.oddities.ends.get_mut(kind) {
            *count += 1;
        }
    }

    pub(super) fn count_ragged(&mut self, found: usize, line: u64, start: usize) {
        let oddities = &mut self.chunk.oddities;
        let is_remark = scanner::is_remark(self.bytes, start, Some(b'#'));
        if oddities.n_ragged() == 0 {
            oddities.ragged_width = found;
            oddities.ragged_remarks = true;
        }
        oddities.ragged_remarks &= is_remark;
        let seen = if found < self.plan.width { &mut oddities.short } else { &mut oddities.long };
        seen.add(line, || scanner::clip_line(self.bytes, start));
    }

    /// Counts the lines with a replacement character: letters were lost before the file was saved.
    fn count_damaged(&mut self) {
        let damage = memchr::memmem::Finder::new(REPLACEMENT);
        let is_damaged = |line: &[u8]| damage.find(line).is_some();
        if !is_damaged(self.bytes) {
            return;
        }
        let (mut at, mut line) = (0, 0);
        while at < self.bytes.len() {
            let end = scanner::line_end(self.bytes, at);
            let text = self.bytes.get(at..end).unwrap_or_default();
            if is_damaged(text) {
                let shown = || scanner::clip(&String::from_utf8_lossy(text));
                self.chunk.oddities.damaged.add(line, shown);
            }
            at = scanner::skip_line_end(self.bytes, end);
            line += 1;
        }
    }

    /// Makes room for all records of the block, if they are as long as this one.
    pub(super) fn make_room(&mut self, record_length: usize) {
        let expected = self.bytes.len() / record_length.max(1) + 1;
        self.chunk.sinks.iter_mut().for_each(|sink| sink.reserve(expected));
    }

    /// Blank lines so far stand between records: they count.
    pub(super) fn count_blank(&mut self) {
        if self.chunk.pending_blank.count > 0 {
            let pending = std::mem::take(&mut self.chunk.pending_blank);
            self.chunk.oddities.blank_lines.append(pending, 0);
        }
    }

    /// Notes a long cell, refuses one beyond the limit.
    pub(super) fn check_length(&mut self, cell: &[u8], line: u64) -> Result<(), ReadError> {
        if cell.len() <= LONG_CELL {
            return Ok(());
        }
        let text = || scanner::clip(&String::from_utf8_lossy(cell.get(..200).unwrap_or_default()));
        if cell.len() > CELL_LIMIT {
            let (bytes, limit) = (cell.len(), CELL_LIMIT);
            return Err(ReadError::TooLong { line, found: "a cell", bytes, limit, text: text() });
        }
        self.chunk.oddities.long_cell.add(line, text);
        Ok(())
    }
}
