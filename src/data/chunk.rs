//! One block of whole records → cells in their columns, with everything that was odd about it.
//!
//! Lines and records count from the block's beginning; [`csv`](super::csv) puts blocks together.

use crate::data::dialect::Dialect;
use crate::data::error::ReadError;
use crate::data::lane::{Lane, Sink};
use crate::data::options::Ragged;
use crate::data::scanner::{self, QuoteProblem, Quoting, Span};

/// Longest cell that is read.
pub(super) const CELL_LIMIT: usize = 1 << 20;
/// From here on a cell is noted as long: Excel's own limit.
const LONG_CELL: usize = 32_767;

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

/// How often something was seen, and where first.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Seen {
    pub(super) count: u64,
    pub(super) line: u64,
    pub(super) text: String,
}

impl Seen {
    fn add(&mut self, line: u64, text: impl FnOnce() -> String) {
        if self.count == 0 {
            self.line = line;
            self.text = text();
        }
        self.count += 1;
    }

    fn append(&mut self, later: Self, lines: u64) {
        if self.count == 0 && later.count > 0 {
            *self = Self {
                line: later.line + lines,
                ..later
            };
        } else {
            self.count += later.count;
        }
    }
}

/// What was odd about records and lines.
#[derive(Debug, Clone, Default)]
pub(super) struct Oddities {
    pub(super) blank_lines: Seen,
    pub(super) remarks: Seen,
    /// Records with one more, empty cell.
    pub(super) trailing: Seen,
    pub(super) short: Seen,
    pub(super) long: Seen,
    /// Width of the first short or long record.
    pub(super) ragged_width: usize,
    /// Whether every ragged record begins with `#`.
    pub(super) ragged_remarks: bool,
    pub(super) long_cell: Seen,
    /// Records that begin with `#` and were read as records.
    pub(super) kept_remarks: Seen,
    /// Blanks between a delimiter and a quote.
    pub(super) padded_quotes: Seen,
    /// Cells with line breaks and delimiters inside, as if lines had been swallowed.
    pub(super) quoted_lines: Seen,
    /// Ends of records: LF, CRLF, CR.
    pub(super) ends: [u64; 3],
}

impl Oddities {
    /// Short and long records.
    pub(super) fn n_ragged(&self) -> u64 {
        self.short.count + self.long.count
    }

    fn append(&mut self, later: Self, lines: u64) {
        if self.n_ragged() == 0 {
            self.ragged_width = later.ragged_width;
            self.ragged_remarks = later.ragged_remarks;
        } else if later.n_ragged() > 0 {
            self.ragged_remarks &= later.ragged_remarks;
        }
        self.blank_lines.append(later.blank_lines, lines);
        self.remarks.append(later.remarks, lines);
        self.trailing.append(later.trailing, lines);
        self.short.append(later.short, lines);
        self.long.append(later.long, lines);
        self.long_cell.append(later.long_cell, lines);
        self.quoted_lines.append(later.quoted_lines, lines);
        self.kept_remarks.append(later.kept_remarks, lines);
        self.padded_quotes.append(later.padded_quotes, lines);
        for (sum, n) in self.ends.iter_mut().zip(later.ends) {
            *sum += n;
        }
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
        Self {
            lines: line,
            sinks: lanes.iter().map(Sink::new).collect(),
            ..Self::default()
        }
    }

    /// Puts a later block behind this one.
    pub(super) fn append(&mut self, later: Self) {
        let (records, lines) = (self.n_records, self.lines);
        let expected = |marks: &[(usize, u64)]| marks.last().map(|m| m.1 + (records - m.0) as u64);
        for (record, line) in later.marks {
            let (record, line) = (record + records, line + lines);
            if record > records || expected(&self.marks) != Some(line) {
                self.marks.push((record, line));
            }
        }
        if later.n_records > 0 {
            let pending = std::mem::take(&mut self.pending_blank);
            self.oddities.blank_lines.append(pending, 0);
            self.pending_blank = Seen::default();
        }
        self.pending_blank.append(later.pending_blank, lines);
        self.oddities.append(later.oddities, lines);
        for (sink, more) in self.sinks.iter_mut().zip(later.sinks) {
            sink.append(more, records);
        }
        self.n_records += later.n_records;
        self.lines += later.lines;
    }
}

/// Reads a block that begins and ends between records; `line` 0 is its first.
pub(super) fn read(bytes: &[u8], plan: &Plan<'_>) -> Result<Chunk, ReadError> {
    let mut reader = Reader {
        bytes,
        plan,
        chunk: Chunk::new(plan.lanes, 0),
        spans: Vec::new(),
    };
    if let Some(at) = bytes.iter().position(|b| *b == 0) {
        let line_start = bytes
            .get(..at)
            .and_then(|b| b.iter().rposition(|b| scanner::is_line_end(*b)));
        return Err(ReadError::NulByte {
            line: scanner::count_line_ends(bytes.get(..at).unwrap_or_default()),
            text: scanner::clip_line(bytes, line_start.map_or(0, |s| s + 1)),
        });
    }
    reader.read()?;
    Ok(reader.chunk)
}

struct Reader<'a> {
    bytes: &'a [u8],
    plan: &'a Plan<'a>,
    chunk: Chunk,
    spans: Vec<Span>,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), ReadError> {
        let Quoting {
            delimiter,
            quote,
            escape,
        } = self.plan.dialect.quoting;
        let mut splitter = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .quoting(quote.is_some())
            .quote(quote.unwrap_or(b'"'))
            .escape(escape)
            .comment(self.plan.dialect.comment)
            .buffer_capacity(1 << 16)
            .from_reader(self.bytes);
        let mut record = csv::ByteRecord::new();
        let mut at = 0;
        // Splitting bytes in memory into flexible records cannot fail.
        while splitter.read_byte_record(&mut record).unwrap_or(false) {
            let start = self.skip_gap(at);
            let next = splitter.position().byte() as usize;
            self.take(&record, start, next)?;
            at = next;
        }
        self.skip_gap(at);
        Ok(())
    }

    /// Counts blank lines and remarks from `at` on; where the next record begins.
    fn skip_gap(&mut self, at: usize) -> usize {
        let mut at = at;
        let byte = |at: usize| self.bytes.get(at).copied();
        if byte(at) == Some(b'\n') && at > 0 && byte(at - 1) == Some(b'\r') {
            at += 1;
        }
        while let Some(first) = byte(at) {
            if scanner::is_line_end(first) {
                self.chunk.pending_blank.add(self.chunk.lines, String::new);
                at = scanner::skip_line_end(self.bytes, at);
            } else if self.plan.dialect.comment == Some(first) {
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

    fn take(
        &mut self,
        record: &csv::ByteRecord,
        start: usize,
        next: usize,
    ) -> Result<(), ReadError> {
        let line = self.chunk.lines;
        let raw = self.bytes.get(start..next).unwrap_or_default();
        let quote = self.plan.dialect.quoting.quote;
        let mut lines = 1;
        let has_quote = quote.is_some_and(|q| raw.contains(&q));
        if has_quote {
            self.check_quotes(start, line)?;
            let ended = raw.last().is_some_and(|b| scanner::is_line_end(*b));
            lines = scanner::count_line_ends(raw) + u64::from(!ended);
        }
        self.count_end(next);
        self.chunk.lines += lines;
        let width = self.plan.width;
        if record.len() == 1 && raw.iter().all(u8::is_ascii_whitespace) {
            self.chunk.pending_blank.add(line, String::new);
            return Ok(());
        }
        let pending = std::mem::take(&mut self.chunk.pending_blank);
        self.chunk.oddities.blank_lines.append(pending, 0);
        if record.len() != width {
            let last = record.iter().next_back().unwrap_or_default();
            let is_trailing = record.len() == width + 1 && last.trim_ascii().is_empty();
            if is_trailing {
                self.chunk
                    .oddities
                    .trailing
                    .add(line, || scanner::clip_line(self.bytes, start));
            } else {
                self.count_ragged(record.len(), line, start);
                if self.plan.ragged != Ragged::Pad || record.len() > width {
                    return Ok(());
                }
            }
        }
        if raw.first() == Some(&b'#') {
            let text = || scanner::clip_line(self.bytes, start);
            self.chunk.oddities.kept_remarks.add(line, text);
        }
        self.mark(line);
        if lines > 2 {
            self.check_swallowed(record, line);
        }
        self.store(record, line, has_quote)
    }

    fn store(
        &mut self,
        record: &csv::ByteRecord,
        line: u64,
        has_quote: bool,
    ) -> Result<(), ReadError> {
        let index = self.chunk.n_records;
        let quote = self.plan.dialect.quoting.quote.filter(|_| has_quote);
        for (column, sink) in self.chunk.sinks.iter_mut().enumerate() {
            let cell = record.get(column).unwrap_or_default();
            if cell.len() > LONG_CELL {
                let text = || {
                    scanner::clip(&String::from_utf8_lossy(
                        cell.get(..200).unwrap_or_default(),
                    ))
                };
                if cell.len() > CELL_LIMIT {
                    return Err(ReadError::TooLong {
                        line,
                        found: "a cell",
                        bytes: cell.len(),
                        limit: CELL_LIMIT,
                        text: text(),
                    });
                }
                self.chunk.oddities.long_cell.add(line, text);
            }
            match quote.and_then(|q| scanner::unwrap_padded(cell, q)) {
                Some(inside) => {
                    let text = || scanner::clip(&String::from_utf8_lossy(cell));
                    self.chunk.oddities.padded_quotes.add(line, text);
                    sink.push(&inside, index, self.plan.missing);
                }
                None => sink.push(cell, index, self.plan.missing),
            }
        }
        self.chunk.n_records += 1;
        Ok(())
    }

    /// Notes where this record begins if that is not one line below the one before.
    fn mark(&mut self, line: u64) {
        let record = self.chunk.n_records;
        let expected = self
            .chunk
            .marks
            .last()
            .map(|(r, l)| l + (record - r) as u64);
        if expected != Some(line) {
            self.chunk.marks.push((record, line));
        }
    }

    fn count_end(&mut self, next: usize) {
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

    fn count_ragged(&mut self, found: usize, line: u64, start: usize) {
        let oddities = &mut self.chunk.oddities;
        let is_remark = self.bytes.get(start) == Some(&b'#');
        if oddities.n_ragged() == 0 {
            oddities.ragged_width = found;
            oddities.ragged_remarks = true;
        }
        oddities.ragged_remarks &= is_remark;
        let seen = if found < self.plan.width {
            &mut oddities.short
        } else {
            &mut oddities.long
        };
        seen.add(line, || scanner::clip_line(self.bytes, start));
    }

    /// The csv crate takes broken quotes as they come; here they are refused.
    fn check_quotes(&mut self, start: usize, line: u64) -> Result<(), ReadError> {
        self.spans.clear();
        let quoting = self.plan.dialect.quoting;
        let scanned = scanner::scan_record(self.bytes, start, quoting, &mut self.spans);
        let place = |at: usize| {
            let before = self.bytes.get(start..at).unwrap_or_default();
            (
                line + scanner::count_line_ends(before),
                scanner::clip_line(self.bytes, at),
            )
        };
        match scanned.problem {
            None => Ok(()),
            Some(QuoteProblem::Unterminated { at }) => {
                let (line, text) = place(at);
                Err(ReadError::UnterminatedQuote { line, text })
            }
            Some(QuoteProblem::Malformed { at, .. }) => {
                let (line, text) = place(at);
                Err(ReadError::MalformedQuote { line, text })
            }
        }
    }

    /// A quoted cell over several lines with as many delimiters as a record looks like swallowed records.
    fn check_swallowed(&mut self, record: &csv::ByteRecord, line: u64) {
        let delimiter = self.plan.dialect.quoting.delimiter;
        for cell in record {
            let n_delimiters = cell.split(|b| *b == delimiter).count() - 1;
            let n_lines = scanner::count_line_ends(cell) as usize;
            if self.plan.width > 1 && n_lines > 1 && n_delimiters >= n_lines * (self.plan.width - 1)
            {
                let text = || scanner::clip_line(cell, 0);
                self.chunk.oddities.quoted_lines.add(line, text);
            }
        }
    }
}
