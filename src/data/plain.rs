//! Records without quotes: one pass from bytes to numbers, with no record kept in between.

use crate::data::chunk::Reader;
use crate::data::error::ReadError;
use crate::data::lane::Sink;
use crate::data::number::{self, mark};
use crate::data::scanner;

/// Marks that need a second look at the text.
const REMARKABLE: u8 =
    mark::OVERFLOW | mark::INEXACT | mark::UNDERFLOW | mark::PADDED | mark::ODD_MINUS | mark::LEADING_ZERO;

impl Reader<'_> {
    /// Reads a block without quotes whose ragged records refuse the file.
    pub(super) fn read_plain(&mut self) -> Result<(), ReadError> {
        let mut at = self.skip_gap(0);
        while at < self.bytes.len() {
            at = self.plain_line(at)?;
        }
        Ok(())
    }

    /// Takes the line without quotes that begins at `at`; where the next record begins.
    pub(super) fn plain_line(&mut self, at: usize) -> Result<usize, ReadError> {
        let first = self.bytes.get(at).copied();
        let is_blank = first.is_some_and(|b| b.is_ascii_whitespace()) && self.is_blank_line(at);
        let end = if is_blank {
            self.chunk.pending_blank.add(self.chunk.lines, String::new);
            scanner::line_end(self.bytes, at)
        } else {
            self.count_blank();
            self.plain_record(at)?
        };
        let next = scanner::skip_line_end(self.bytes, end);
        self.chunk.lines += 1;
        self.count_end(next);
        Ok(self.skip_gap(next))
    }

    fn is_blank_line(&self, at: usize) -> bool {
        let end = scanner::line_end(self.bytes, at);
        let delimiter = self.plan.dialect.quoting.delimiter;
        let line = self.bytes.get(at..end).unwrap_or_default();
        line.iter().all(|b| b.is_ascii_whitespace() && *b != delimiter)
    }

    /// Takes the record that begins at `start`; where its line ends.
    fn plain_record(&mut self, start: usize) -> Result<usize, ReadError> {
        let (bytes, delimiter) = (self.bytes, self.plan.dialect.quoting.delimiter);
        let (record, line) = (self.chunk.n_records, self.chunk.lines);
        let is_end = |at: usize| bytes.get(at).is_none_or(|b| scanner::is_line_end(*b));
        let width = self.plan.width;
        let mut at = start;
        for column in 0..width {
            at = self.plain_cell(at, column, line)?;
            if column + 1 < width {
                if is_end(at) {
                    self.drop_ragged(column + 1, start);
                    return Ok(at);
                }
                at += 1;
            }
        }
        if !is_end(at) {
            let end = scanner::line_end(bytes, at);
            let rest = bytes.get(at + 1..end).unwrap_or_default();
            at = end;
            if rest.contains(&delimiter) || !rest.trim_ascii().is_empty() {
                self.drop_ragged(width + rest.split(|b| *b == delimiter).count(), start);
                return Ok(at);
            }
            let text = || scanner::clip_line(bytes, start);
            self.chunk.oddities.trailing.add(line, text);
        }
        if scanner::is_remark(bytes, start, Some(b'#')) {
            let text = || scanner::clip_line(bytes, start);
            self.chunk.oddities.kept_remarks.add(line, text);
        }
        self.mark(line);
        if record == 0 {
            self.make_room(at - start + 1);
        }
        self.chunk.n_records += 1;
        Ok(at)
    }

    /// Takes the cell that begins at `at` into a column; where it ends.
    #[inline]
    pub(super) fn plain_cell(&mut self, at: usize, column: usize, line: u64) -> Result<usize, ReadError> {
        let (bytes, delimiter) = (self.bytes, self.plan.dialect.quoting.delimiter);
        let ends = |b: u8| b == delimiter || scanner::is_line_end(b);
        if self.takes_plain
            && let Some(Sink::Number(numbers)) = self.chunk.sinks.get_mut(column)
            && let Some(decimal) = numbers.plain_mark()
            && let Some((number, end)) = number::scan(bytes, at, decimal)
            && number.marks & REMARKABLE == 0
            && bytes.get(end).is_none_or(|b| ends(*b))
        {
            numbers.push_plain(number);
            return Ok(end);
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let length = rest.iter().position(|b| ends(*b)).unwrap_or(rest.len());
        let cell = rest.get(..length).unwrap_or_default();
        self.check_length(cell, line)?;
        let record = self.chunk.n_records;
        if let Some(sink) = self.chunk.sinks.get_mut(column) {
            sink.push(cell, record, self.plan.missing);
        }
        Ok(at + length)
    }

    /// Counts a ragged record and takes back its cells.
    fn drop_ragged(&mut self, found: usize, start: usize) {
        self.count_ragged(found, self.chunk.lines, start);
        let kept = self.chunk.n_records;
        self.chunk.sinks.iter_mut().for_each(|sink| sink.truncate(kept));
    }
}
