//! Where a block of text may be cut: behind a record, never inside quotes.

use crate::data::dialect::Dialect;
use crate::data::scanner;

/// Ends of at most `pieces` parts of about equal length, each behind a record; empty if no record is complete.
///
/// `is_end` says that the text ends with the block; else its last record may go on.
pub(super) fn ends(block: &[u8], is_end: bool, dialect: Dialect, pieces: usize) -> Vec<usize> {
    let has_quote = dialect.quoting.quote.is_some_and(|q| memchr::memchr(q, block).is_some());
    if has_quote {
        return quoted_ends(block, is_end, dialect, pieces);
    }
    let last = if is_end { block.len() } else { last_record_end(block) };
    let mut ends = Vec::with_capacity(pieces);
    for piece in 1..pieces {
        let target = last / pieces * piece;
        let line_end = scanner::line_end(block.get(..last).unwrap_or_default(), target);
        let end = scanner::skip_line_end(block, line_end);
        if end < last && ends.last().is_none_or(|previous| *previous < end) {
            ends.push(end);
        }
    }
    if last > 0 {
        ends.push(last);
    }
    ends
}

/// Position behind the last line end, 0 if there is none. A CR at the very end may be half of a CRLF.
fn last_record_end(block: &[u8]) -> usize {
    let inner = match block.split_last() {
        Some((b'\r', inner)) => inner,
        _ => block,
    };
    inner.iter().rposition(|b| scanner::is_line_end(*b)).map_or(0, |at| at + 1)
}

fn quoted_ends(block: &[u8], is_end: bool, dialect: Dialect, pieces: usize) -> Vec<usize> {
    let mut ends: Vec<usize> = Vec::with_capacity(pieces);
    let (mut at, mut complete) = (0, 0);
    let mut spans = Vec::new();
    let quote_behind = |at: usize| {
        let rest = block.get(at..).unwrap_or_default();
        at + dialect.quoting.quote.and_then(|q| memchr::memchr(q, rest)).unwrap_or(rest.len())
    };
    let mut next_quote = quote_behind(0);
    while at < block.len() {
        if next_quote < at {
            next_quote = quote_behind(at);
        }
        let line_end = scanner::line_end(block, at);
        let is_remark = scanner::is_remark(block, at, dialect.comment);
        at = if is_remark || line_end <= next_quote {
            scanner::skip_line_end(block, line_end)
        } else {
            spans.clear();
            scanner::scan_record(block, at, dialect.quoting, &mut spans).next
        };
        // The record that reaches the end of the block may go on behind it.
        if at >= block.len() && !is_end {
            break;
        }
        complete = at;
        if complete >= block.len() / pieces * (ends.len() + 1) && ends.len() + 1 < pieces {
            ends.push(complete);
        }
    }
    if complete > ends.last().copied().unwrap_or(0) {
        ends.push(complete);
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::scanner::Quoting;

    const COMMA: Dialect =
        Dialect { quoting: Quoting { delimiter: b',', quote: Some(b'"'), escape: None }, comment: None, single: false };

    #[test]
    fn blocks_are_cut_behind_records() {
        assert_eq!(ends(b"a,b\nc,d\ne", false, COMMA, 1), [8]);
        assert_eq!(ends(b"a,b\nc,d\ne", true, COMMA, 1), [9]);
        assert_eq!(ends(b"a,b\nc,d\ne,f\ng,h\n", false, COMMA, 2), [12, 16]);
        assert_eq!(ends(b"a,b\r", false, COMMA, 1), [0_usize; 0]);
        assert_eq!(ends(b"a,\"b\nc\"\nd,\"e\nf", false, COMMA, 1), [8]);
        assert_eq!(ends(b"a,\"b\nc", false, COMMA, 1), [0_usize; 0]);
    }
}
