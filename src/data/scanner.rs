//! Where records and cells begin and end, strictly: the judge of quotes.
//!
//! It looks at the first lines while the dialect is unknown, finds places where a block may be cut, and divides every
//! record that holds a quote, saying what is wrong with it.

use std::borrow::Cow;

/// Bytes that divide text into records and cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quoting {
    pub(super) delimiter: u8,
    pub(super) quote: Option<u8>,
    /// `\` where quotes inside quotes are written `\"`.
    pub(super) escape: Option<u8>,
}

/// A cell inside the scanned bytes, quotes included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quoted: bool,
}

/// What is wrong with the quotes of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QuoteProblem {
    /// No quote closes the one opened here.
    Unterminated { at: usize },
    /// Text follows the closing quote of the cell that begins here.
    Malformed { at: usize, escaped: bool },
}

/// A record: where the next one begins, and the first problem inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scanned {
    pub(super) next: usize,
    pub(super) problem: Option<QuoteProblem>,
}

/// Scans the record that begins at `start`; pushes its cells.
pub(super) fn scan_record(bytes: &[u8], start: usize, quoting: Quoting, cells: &mut Vec<Span>) -> Scanned {
    let mut at = start;
    let mut problem = None;
    loop {
        let begin = at;
        let mut quoted = false;
        if quoting.quote.is_some() && bytes.get(at).copied() == quoting.quote {
            quoted = true;
            let (after, found) = skip_quoted(bytes, at, quoting);
            at = after;
            problem = problem.or(found);
        }
        while bytes.get(at).is_some_and(|b| *b != quoting.delimiter && !is_line_end(*b)) {
            at += 1;
        }
        cells.push(Span { start: begin, end: at, quoted });
        match bytes.get(at) {
            Some(b) if *b == quoting.delimiter => at += 1,
            Some(_) => {
                return Scanned { next: skip_line_end(bytes, at), problem };
            }
            None => return Scanned { next: at, problem },
        }
    }
}

/// Position behind the closing quote of the cell opened at `open`, with what is wrong.
fn skip_quoted(bytes: &[u8], open: usize, quoting: Quoting) -> (usize, Option<QuoteProblem>) {
    let mut at = open + 1;
    let mut escaped = false;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        if quoting.escape == Some(byte) {
            at += 2;
        } else if quoting.quote != Some(byte) {
            at += 1;
        } else if next == quoting.quote {
            at += 2;
        } else {
            // Blanks may follow the closing quote; anything else means that the quotes do not pair as they seem to.
            let mut after = at + 1;
            while matches!(bytes.get(after), Some(b' ' | b'\t')) && bytes.get(after) != Some(&quoting.delimiter) {
                after += 1;
            }
            let clean = bytes.get(after).is_none_or(|b| *b == quoting.delimiter || is_line_end(*b));
            escaped |= at > open + 1 && bytes.get(at - 1) == Some(&b'\\');
            let problem = (!clean).then_some(QuoteProblem::Malformed { at: open, escaped });
            return (at + 1, problem);
        }
    }
    (bytes.len(), Some(QuoteProblem::Unterminated { at: open }))
}

/// What a spreadsheet writes where it could not compute: cells, not remarks.
const ERROR_VALUES: [&[u8]; 10] =
    [b"#N/A", b"#NV", b"#DIV/0!", b"#REF!", b"#VALUE!", b"#NAME?", b"#NUM!", b"#NULL!", b"#CALC!", b"#SPILL!"];

/// Whether the line at `at` begins with the mark of remarks, and is one.
pub(super) fn is_remark(bytes: &[u8], at: usize, mark: Option<u8>) -> bool {
    let Some(line) = bytes.get(at..).filter(|line| mark.is_some() && line.first().copied() == mark) else {
        return false;
    };
    let is_cell = |value: &&[u8]| {
        let rest = line.strip_prefix(*value);
        rest.is_some_and(|r| r.first().is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b' '))
    };
    !ERROR_VALUES.iter().any(is_cell)
}

pub(super) const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Position behind the LF, CR or CRLF at `at`.
pub(super) fn skip_line_end(bytes: &[u8], at: usize) -> usize {
    match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => at + 2,
        (Some(b'\r' | b'\n'), _) => at + 1,
        _ => at,
    }
}

/// Position of the first line end at or behind `at`, or the end of the bytes.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())
}

/// Line ends in the bytes, CRLF counted once.
pub(super) fn count_line_ends(bytes: &[u8]) -> u64 {
    let mut count = 0;
    let mut previous = 0;
    for &byte in bytes {
        count += u64::from(byte == b'\n' && previous != b'\r' || byte == b'\r');
        previous = byte;
    }
    count
}

/// The text of a cell without its quotes.
pub(super) fn cell_text(bytes: &[u8], span: Span, quoting: Quoting) -> Cow<'_, str> {
    let raw = bytes.get(span.start..span.end).unwrap_or_default();
    if let Some(inside) = quoting.quote.and_then(|q| unwrap_padded(raw, q)) {
        return Cow::Owned(String::from_utf8_lossy(&inside).into_owned());
    }
    match unquote(raw, span, quoting) {
        Cow::Borrowed(text) => String::from_utf8_lossy(text),
        Cow::Owned(text) => Cow::Owned(String::from_utf8_lossy(&text).into_owned()),
    }
}

/// The bytes of a cell without its quotes.
pub(super) fn unquote(raw: &[u8], span: Span, quoting: Quoting) -> Cow<'_, [u8]> {
    let Some(quote) = quoting.quote.filter(|_| span.quoted) else {
        return Cow::Borrowed(raw);
    };
    if let [_, inside @ .., last] = raw
        && *last == quote
        && !inside.iter().any(|b| *b == quote || quoting.escape == Some(*b))
    {
        return Cow::Borrowed(inside);
    }
    let mut text = Vec::with_capacity(raw.len());
    let mut inside = true;
    let mut rest = raw.iter().skip(1).copied().peekable();
    while let Some(byte) = rest.next() {
        if inside && quoting.escape == Some(byte) {
            text.extend(rest.next());
        } else if inside && byte == quote {
            if rest.peek() == Some(&quote) {
                text.extend(rest.next());
            } else {
                inside = false;
            }
        } else {
            text.push(byte);
        }
    }
    Cow::Owned(text)
}

/// The inside of a cell that is quoted behind blanks, ` "a"`, which the rules of quoting take for plain text.
pub(super) fn unwrap_padded(cell: &[u8], quote: u8) -> Option<Vec<u8>> {
    let trimmed = cell.trim_ascii();
    let inside = trimmed.strip_prefix(&[quote])?.strip_suffix(&[quote])?;
    if cell.first() == Some(&quote) {
        return None;
    }
    let mut text = Vec::with_capacity(inside.len());
    let mut rest = inside.iter().copied();
    while let Some(byte) = rest.next() {
        if byte == quote && rest.next() != Some(quote) {
            return None;
        }
        text.push(byte);
    }
    Some(text)
}

/// The beginning of a text for a message: one line of at most 40 characters.
pub(super) fn clip(text: &str) -> String {
    let mut chars = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let cut: String = chars.by_ref().take(40).collect();
    if chars.next().is_some() { format!("{cut}…") } else { cut }
}

/// [`clip`] of the line that begins at `at`.
pub(super) fn clip_line(bytes: &[u8], at: usize) -> String {
    let end = line_end(bytes, at).min(at.saturating_add(200));
    clip(&String::from_utf8_lossy(bytes.get(at..end).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Quoting = Quoting { delimiter: b',', quote: Some(b'"'), escape: None };

    fn cells(text: &str) -> (Vec<String>, Scanned) {
        let mut spans = Vec::new();
        let scanned = scan_record(text.as_bytes(), 0, COMMA, &mut spans);
        let texts = spans.iter().map(|s| cell_text(text.as_bytes(), *s, COMMA).into_owned());
        (texts.collect(), scanned)
    }

    #[test]
    fn quoted_line_breaks_belong_to_the_cell() {
        let (texts, scanned) = cells("a,\"b\n\"\"c\"\"\",d\r\nnext");
        assert_eq!(texts, ["a", "b\n\"c\"", "d"]);
        assert_eq!(scanned, Scanned { next: 15, problem: None });
    }

    #[test]
    fn open_and_broken_quotes_are_found() {
        assert_eq!(cells("a,\"b\nc").1.problem, Some(QuoteProblem::Unterminated { at: 2 }));
        let malformed = QuoteProblem::Malformed { at: 0, escaped: false };
        assert_eq!(cells("\"a\"b,c").1.problem, Some(malformed));
        assert_eq!(cells("\"a\" ,c").1.problem, None);
        assert_eq!(cells("5\" pipe,c").1.problem, None);
    }

    #[test]
    fn line_ends_are_counted_once() {
        assert_eq!(count_line_ends(b"a\r\nb\rc\nd"), 3);
    }
}
