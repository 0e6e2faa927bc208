//! Records with quotes: split by the csv crate, and checked, because it takes broken quotes as they come.

use std::borrow::Cow;
use std::io::{Cursor, SeekFrom};

use crate::data::chunk::Reader;
use crate::data::encoding::UTF_8_MARK;
use crate::data::error::ReadError;
use crate::data::options::Ragged;
use crate::data::scanner::{self, QuoteProblem, Quoting};

impl Reader<'_> {
    /// Reads a block that may hold quotes: the csv crate splits, the scanner checks.
    pub(super) fn read_quoted(&mut self) -> Result<(), ReadError> {
        let Quoting { delimiter, quote, escape } = self.plan.dialect.quoting;
        // The splitter drops a byte order mark wherever it begins to read, so it begins with a line end.
        let lead = usize::from(self.bytes.starts_with(UTF_8_MARK));
        let text = if lead == 1 { Cow::Owned([b"\n", self.bytes].concat()) } else { Cow::Borrowed(self.bytes) };
        let mut splitter = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .quoting(quote.is_some())
            .quote(quote.unwrap_or(b'"'))
            .escape(escape)
            .buffer_capacity(1 << 14)
            .from_reader(Cursor::new(text));
        let mut record = csv::ByteRecord::new();
        let mut at = 0;
        loop {
            let remarks = self.chunk.oddities.remarks.count;
            let start = self.skip_gap(at);
            if start >= self.bytes.len() {
                return Ok(());
            }
            if self.chunk.oddities.remarks.count > remarks {
                // The splitter knows remarks that end in LF only, so it never sees one.
                let begin = (start + lead - 1) as u64;
                let mut position = csv::Position::new();
                position.set_byte(begin);
                splitter.seek_raw(SeekFrom::Start(begin), position).unwrap_or_default();
            }
            // Splitting bytes in memory into flexible records cannot fail.
            if !splitter.read_byte_record(&mut record).unwrap_or(false) {
                return Ok(());
            }
            at = (splitter.position().byte() as usize).saturating_sub(lead);
            self.take(&record, start, at)?;
        }
    }

    fn take(&mut self, record: &csv::ByteRecord, start: usize, next: usize) -> Result<(), ReadError> {
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
        self.count_blank();
        if record.len() != width {
            let last = record.iter().next_back().unwrap_or_default();
            let is_trailing = record.len() == width + 1 && last.trim_ascii().is_empty();
            if is_trailing {
                self.chunk.oddities.trailing.add(line, || scanner::clip_line(self.bytes, start));
            } else {
                self.count_ragged(record.len(), line, start);
                if self.plan.ragged != Ragged::Pad || record.len() > width {
                    return Ok(());
                }
            }
        }
        if scanner::is_remark(raw, 0, Some(b'#')) {
            let text = || scanner::clip_line(self.bytes, start);
            self.chunk.oddities.kept_remarks.add(line, text);
        }
        self.mark(line);
        if lines > 2 {
            self.check_swallowed(record, line);
        }
        self.store(record, line, has_quote)
    }

    fn store(&mut self, record: &csv::ByteRecord, line: u64, has_quote: bool) -> Result<(), ReadError> {
        let index = self.chunk.n_records;
        let quote = self.plan.dialect.quoting.quote.filter(|_| has_quote);
        for column in 0..self.chunk.sinks.len() {
            let cell = record.get(column).unwrap_or_default();
            self.check_length(cell, line)?;
            let is_bare = self.spans.get(column).is_some_and(|s| !s.quoted);
            let inside = quote.filter(|_| is_bare).and_then(|q| scanner::unwrap_padded(cell, q));
            if inside.is_some() {
                let text = || scanner::clip(&String::from_utf8_lossy(cell));
                self.chunk.oddities.padded_quotes.add(line, text);
            }
            if let Some(sink) = self.chunk.sinks.get_mut(column) {
                sink.push(inside.as_deref().unwrap_or(cell), index, self.plan.missing);
            }
        }
        self.chunk.n_records += 1;
        Ok(())
    }

    /// The csv crate takes broken quotes as they come; here they are refused.
    fn check_quotes(&mut self, start: usize, line: u64) -> Result<(), ReadError> {
        self.spans.clear();
        let quoting = self.plan.dialect.quoting;
        let scanned = scanner::scan_record(self.bytes, start, quoting, &mut self.spans);
        let place = |at: usize| {
            let before = self.bytes.get(start..at).unwrap_or_default();
            (line + scanner::count_line_ends(before), scanner::clip_line(self.bytes, at))
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
            if self.plan.width > 1 && n_lines > 1 && n_delimiters >= n_lines * (self.plan.width - 1) {
                let text = || scanner::clip_line(cell, 0);
                self.chunk.oddities.quoted_lines.add(line, text);
            }
        }
    }
}
