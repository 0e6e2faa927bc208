//! Records with quotes: divided by the scanner, and refused where the quotes are broken.

use crate::data::chunk::Reader;
use crate::data::error::ReadError;
use crate::data::options::Ragged;
use crate::data::scanner::{self, QuoteProblem, Span};

impl Reader<'_> {
    /// Reads a block that may hold quotes; its lines without any are read as in blocks without.
    pub(super) fn read_quoted(&mut self) -> Result<(), ReadError> {
        let quote = self.plan.dialect.quoting.quote;
        let quote_behind = |at: usize| {
            let rest = self.bytes.get(at..).unwrap_or_default();
            at + quote.and_then(|q| memchr::memchr(q, rest)).unwrap_or(rest.len())
        };
        let mut next_quote = quote_behind(0);
        let mut at = self.skip_gap(0);
        while at < self.bytes.len() {
            if next_quote < at {
                next_quote = quote_behind(at);
            }
            let is_plain = self.plan.ragged == Ragged::Refuse && scanner::line_end(self.bytes, at) <= next_quote;
            at = if is_plain { self.plain_line(at)? } else { self.quoted_record(at)? };
        }
        Ok(())
    }

    /// Takes the record that begins at `start`; where the next one begins.
    fn quoted_record(&mut self, start: usize) -> Result<usize, ReadError> {
        let mut spans = std::mem::take(&mut self.spans);
        spans.clear();
        let scanned = scanner::scan_record(self.bytes, start, self.plan.dialect.quoting, &mut spans);
        if let Some(problem) = scanned.problem {
            return Err(self.refuse_quotes(problem, start));
        }
        self.take(&spans, start, scanned.next)?;
        self.spans = spans;
        Ok(self.skip_gap(scanned.next))
    }

    fn take(&mut self, spans: &[Span], start: usize, next: usize) -> Result<(), ReadError> {
        let line = self.chunk.lines;
        let raw = self.bytes.get(start..next).unwrap_or_default();
        let quote = self.plan.dialect.quoting.quote;
        let mut lines = 1;
        let has_quote = quote.is_some_and(|q| memchr::memchr(q, raw).is_some());
        if has_quote {
            let ended = raw.last().is_some_and(|b| scanner::is_line_end(*b));
            lines = scanner::count_line_ends(raw) + u64::from(!ended);
        }
        self.count_end(next);
        self.chunk.lines += lines;
        let width = self.plan.width;
        if spans.len() == 1 && raw.iter().all(u8::is_ascii_whitespace) {
            self.chunk.pending_blank.add(line, String::new);
            return Ok(());
        }
        self.count_blank();
        if spans.len() != width {
            let last = spans.last().and_then(|s| self.bytes.get(s.start..s.end)).unwrap_or_default();
            let is_trailing = spans.len() == width + 1 && last.trim_ascii().is_empty();
            if is_trailing {
                self.chunk.oddities.trailing.add(line, || scanner::clip_line(self.bytes, start));
            } else {
                self.count_ragged(spans.len(), line, start);
                if self.plan.ragged != Ragged::Pad || spans.len() > width {
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
            self.check_swallowed(spans, line);
        }
        self.store(spans, line, has_quote)?;
        if self.chunk.n_records == 1 {
            self.make_room(next - start);
        }
        Ok(())
    }

    fn store(&mut self, spans: &[Span], line: u64, has_quote: bool) -> Result<(), ReadError> {
        let (bytes, index) = (self.bytes, self.chunk.n_records);
        let quoting = self.plan.dialect.quoting;
        for column in 0..self.chunk.sinks.len() {
            let span = spans.get(column).copied().unwrap_or(Span { start: 0, end: 0, quoted: false });
            let raw = bytes.get(span.start..span.end).unwrap_or_default();
            if !span.quoted && raw.first().is_some_and(|b| b.is_ascii_digit() || *b == b'-') {
                self.plain_cell(span.start, column, line)?;
                continue;
            }
            let cell = scanner::unquote(raw, span, quoting);
            self.check_length(&cell, line)?;
            let quote = quoting.quote.filter(|_| has_quote && !span.quoted);
            let inside = quote.and_then(|q| scanner::unwrap_padded(&cell, q));
            if inside.is_some() {
                let text = || scanner::clip(&String::from_utf8_lossy(&cell));
                self.chunk.oddities.padded_quotes.add(line, text);
            }
            if let Some(sink) = self.chunk.sinks.get_mut(column) {
                sink.push(inside.as_deref().unwrap_or(&cell), index, self.plan.missing);
            }
        }
        self.chunk.n_records += 1;
        Ok(())
    }

    /// What is wrong with the quotes of the record that begins at `start`.
    fn refuse_quotes(&self, problem: QuoteProblem, start: usize) -> ReadError {
        let (QuoteProblem::Unterminated { at } | QuoteProblem::Malformed { at, .. }) = problem;
        let before = self.bytes.get(start..at).unwrap_or_default();
        let line = self.chunk.lines + scanner::count_line_ends(before);
        let text = scanner::clip_line(self.bytes, at);
        match problem {
            QuoteProblem::Unterminated { .. } => ReadError::UnterminatedQuote { line, text },
            QuoteProblem::Malformed { .. } => ReadError::MalformedQuote { line, text },
        }
    }

    /// A quoted cell over several lines with as many delimiters as a record looks like swallowed records.
    fn check_swallowed(&mut self, spans: &[Span], line: u64) {
        let quoting = self.plan.dialect.quoting;
        for span in spans {
            let raw = self.bytes.get(span.start..span.end).unwrap_or_default();
            let cell = &scanner::unquote(raw, *span, quoting);
            let n_delimiters = cell.split(|b| *b == quoting.delimiter).count() - 1;
            let n_lines = scanner::count_line_ends(cell) as usize;
            if self.plan.width > 1 && n_lines > 1 && n_delimiters >= n_lines * (self.plan.width - 1) {
                let text = || scanner::clip_line(cell, 0);
                self.chunk.oddities.quoted_lines.add(line, text);
            }
        }
    }
}
