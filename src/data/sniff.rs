//! Guessing how a file is written from its first lines: delimiter, quote, remarks, header.
//!
//! Each candidate delimiter divides the sample; the one that makes a table with the most regular widths and the most
//! cells of a clear type wins. Two that do equally well are an error, not a choice.

use std::cell::OnceCell;

use crate::data::cell::{self, Notation};
use crate::data::dialect::{Dialect, Look, Row, Sample, look};
use crate::data::error::ReadError;
use crate::data::layout::{self, Layout};
use crate::data::options::{Comment, DecimalMark, ImportOptions, Quote, Separator, Thousands};
use crate::data::scanner::{self, QuoteProblem, Quoting, Span};

/// The sample as one delimiter divides it.
#[derive(Debug)]
struct Candidate {
    quoting: Quoting,
    rows: Vec<Row>,
    malformed: Option<bool>,
    /// Most frequent number of cells.
    width: usize,
    quality: f64,
    regularity: f64,
}

/// Rows looked at for the choice of a delimiter.
const ROWS: usize = 400;
/// Cells looked at.
const CELLS: usize = 20_000;

const COMMON: [u8; 4] = [b',', b';', b'\t', b'|'];
const RARE: [u8; 8] = [b':', b'~', b'^', b'!', b' ', 0x1f, 0x1e, 0x01];

/// Guesses the dialect and the layout of the first lines.
pub(super) fn sniff(sample: Sample<'_>, options: &ImportOptions) -> Result<(Dialect, Layout), ReadError> {
    let start = skip_lines(sample.bytes, options.skip_lines.unwrap_or(0));
    let candidate = choose(sample, start, options)?;
    let single = candidate.width == 1 && options.delimiter.is_none();
    let mut dialect = Dialect { quoting: candidate.quoting, comment: None, single };
    let layout = layout::find(&candidate.rows, candidate.width, options)?;
    dialect.comment = layout.comment;
    Ok((dialect, layout))
}

/// Position behind the first `count` lines, with the line number there being `count + 1`.
fn skip_lines(bytes: &[u8], count: usize) -> usize {
    let mut at = 0;
    for _ in 0..count {
        at = scanner::skip_line_end(bytes, scanner::line_end(bytes, at));
    }
    at
}

fn choose(sample: Sample<'_>, start: usize, options: &ImportOptions) -> Result<Candidate, ReadError> {
    let quotes: &[Option<u8>] = match options.quote {
        Some(quote) => &[quote.byte()],
        None => &[Some(b'"'), Some(b'\'')],
    };
    let divide = |delimiter, quote| Candidate::new(sample, start, options, delimiter, quote);
    let plain_quote = quotes.first().copied().flatten();
    if let Some(delimiter) = options.delimiter {
        let double = divide(delimiter.byte(), plain_quote);
        return Ok(with_single_quotes(double, quotes, &divide));
    }
    let unused = [0x1f, 0x1e, 0x01, 0x02, 0x1c].into_iter().find(|b| !sample.bytes.contains(b));
    let undivided = OnceCell::new();
    let single = || undivided.get_or_init(|| divide(unused.unwrap_or(0x1f), plain_quote));
    if has_short_lines(sample.bytes, start) && single().holds_grouped_numbers() {
        return Ok(undivided.into_inner().unwrap_or_else(|| divide(b',', plain_quote)));
    }
    let occurs = |d: &&u8| sample.bytes.contains(d);
    let common = COMMON.iter().filter(occurs).map(|d| divide(*d, plain_quote));
    let mut found: Vec<Candidate> = common.filter(|c| c.width > 1).collect();
    if !found.iter().any(|c| c.regularity > 0.9) && single().typed_share() < 0.9 {
        let rare = RARE.iter().filter(occurs).map(|d| divide(*d, plain_quote));
        found.extend(rare.filter(|c| c.width > 1 && c.is_sure(single())));
    }
    found.sort_by(|a, b| b.quality.total_cmp(&a.quality));
    if let [best, second, ..] = found.as_slice()
        && second.quality > 0.97 * best.quality
        && best.regularity > 0.95
    {
        return Err(tie(sample, best, second));
    }
    match found.into_iter().next() {
        Some(best) => Ok(with_single_quotes(best, quotes, &divide)),
        // A line of numbers with a comma in it is ragged, not silently one cell.
        None if !sample.bytes.contains(&b',') || single().typed_share() > 0.5 => Ok(divide(b',', plain_quote)),
        None => Ok(undivided.into_inner().unwrap_or_else(|| divide(b',', plain_quote))),
    }
}

/// Whether the second line is short enough to be one number.
fn has_short_lines(bytes: &[u8], start: usize) -> bool {
    let second = scanner::skip_line_end(bytes, scanner::line_end(bytes, start));
    scanner::line_end(bytes, second) - second < 100
}

fn tie(sample: Sample<'_>, best: &Candidate, second: &Candidate) -> ReadError {
    let name = |c: &Candidate| Separator::new(c.quoting.delimiter).map_or_else(String::new, Separator::describe);
    let row = best.rows.iter().find(|r| !r.remark);
    ReadError::AmbiguousDelimiter {
        first: name(best),
        second: name(second),
        line: row.map_or(1, |r| r.line),
        text: scanner::clip_line(sample.bytes, row.map_or(0, |r| r.start)),
    }
}

/// The same delimiter with `'` as the quote, where cells are wrapped in it and none in `"`.
fn with_single_quotes(
    double: Candidate,
    quotes: &[Option<u8>],
    divide: &dyn Fn(u8, Option<u8>) -> Candidate,
) -> Candidate {
    let Some(single) = quotes.get(1).copied().flatten() else {
        return double;
    };
    let cells = || double.rows.iter().filter(|r| !r.remark).flat_map(|r| &r.cells);
    let opened = cells().filter(|c| c.starts_with('\'')).count();
    if opened < 2 || double.malformed.is_some() {
        return double;
    }
    let other = divide(double.quoting.delimiter, Some(single));
    let wrapped = cells().filter(|c| c.len() > 1 && c.starts_with('\'') && c.ends_with('\'')).count();
    let better = other.quality > double.quality || wrapped * 10 >= opened * 9;
    if better && other.malformed.is_none() { other } else { double }
}

impl Candidate {
    fn new(sample: Sample<'_>, start: usize, options: &ImportOptions, delimiter: u8, quote: Option<u8>) -> Self {
        let mark = match options.comment {
            Some(Comment::Start(mark)) => Some(mark),
            Some(Comment::None) => None,
            None => Some(b'#'),
        };
        let mut quoting = Quoting { delimiter, quote, escape: None };
        let (mut rows, mut malformed) = divide(sample, start, quoting, mark);
        if malformed == Some(true) && options.quote != Some(Quote::None) {
            // \" inside quotes: is the backslash an escape?
            let escaped = Quoting { escape: Some(b'\\'), ..quoting };
            let (other, still) = divide(sample, start, escaped, mark);
            if still.is_none() {
                (quoting, rows, malformed) = (escaped, other, None);
            }
        }
        let width = modal_width(&rows);
        let mut candidate = Self { quoting, rows, malformed, width, quality: 0.0, regularity: 0.0 };
        candidate.rate();
        candidate
    }

    fn rate(&mut self) {
        let rows: Vec<&Row> = self.rows.iter().filter(|r| !r.remark).collect();
        let preamble = layout::preamble_len(&rows, self.width);
        let table = rows.get(preamble..).unwrap_or_default();
        let fitting = table.iter().filter(|r| r.fits(self.width)).count();
        self.regularity = fitting as f64 / table.len().max(1) as f64;
        let body = table.get(1..).filter(|b| !b.is_empty()).unwrap_or(table);
        let clarity = body.iter().flat_map(|r| &r.cells).map(|c| self.clarity(c));
        let (count, sum) = clarity.fold((0, 0.0), |(n, s), c| (n + 1, s + c));
        self.quality = self.regularity.powi(2) * sum / f64::from(count.max(1));
        if preamble > 0 {
            self.quality *= 0.9;
        }
        if self.malformed.is_some() {
            self.quality *= 0.5;
        }
    }

    /// How much a cell looks like one cell.
    fn clarity(&self, text: &str) -> f64 {
        let other = |c: char| COMMON.iter().any(|d| char::from(*d) == c && *d != self.quoting.delimiter);
        match look(text) {
            Look::Text if text.contains(other) => 0.3,
            Look::Text => 0.8,
            _ => 1.0,
        }
    }

    /// Whether whole lines are numbers with groups, such as `68,527.00`: then a comma divides nothing.
    fn holds_grouped_numbers(&self) -> bool {
        let lines: Vec<&Row> = self.rows.iter().filter(|r| !r.remark).skip(1).collect();
        let notation = |r: &&Row| {
            let amount = r.cells.first().and_then(|c| cell::amount(c.trim()));
            amount.map(|a| a.notation)
        };
        let is_grouped = |n| matches!(n, Notation::Groups(Thousands::Comma, _));
        let is_decimal_comma = |n| matches!(n, Notation::Decimal(DecimalMark::Comma));
        lines.iter().all(|r| notation(r).is_some_and(|n| !is_decimal_comma(n)))
            && lines.iter().any(|r| notation(r).is_some_and(is_grouped))
    }

    /// Share of lines below the first that are, as a whole, a number or a date.
    fn typed_share(&self) -> f64 {
        let lines = || self.rows.iter().filter(|r| !r.remark).skip(1);
        let typed = |r: &&Row| r.cells.first().is_some_and(|c| look(c) != Look::Text);
        lines().filter(typed).count() as f64 / lines().count().max(1) as f64
    }

    /// Whether a rare delimiter makes numbers of what is text without it.
    fn is_sure(&self, single: &Self) -> bool {
        let numbers = |c: &Self| {
            let body = c.rows.iter().filter(|r| !r.remark).skip(1);
            body.flat_map(|r| &r.cells).filter(|c| look(c) == Look::Number).count()
        };
        let body = || self.rows.iter().filter(|r| !r.remark).skip(1);
        let is_regular = body().count() > 0 && body().all(|r| r.fits(self.width));
        is_regular && numbers(self) > numbers(single)
    }
}

/// Divides the sample into rows; says whether quotes are malformed, and if so whether a backslash stands before one.
fn divide(sample: Sample<'_>, start: usize, quoting: Quoting, mark: Option<u8>) -> (Vec<Row>, Option<bool>) {
    let bytes = sample.bytes;
    let (mut rows, mut malformed) = (Vec::new(), None);
    let (mut at, mut n_cells) = (start, 0);
    let mut line = 1 + scanner::count_line_ends(bytes.get(..start).unwrap_or_default());
    let mut spans: Vec<Span> = Vec::new();
    while at < bytes.len() && rows.len() < ROWS && (n_cells < CELLS || rows.len() < 3) {
        spans.clear();
        let remark = scanner::is_remark(bytes, at, mark);
        let mut rules = quoting;
        let mut scanned = scanner::scan_record(bytes, at, rules, &mut spans);
        let line_end = || scanner::skip_line_end(bytes, scanner::line_end(bytes, at));
        if remark && (scanned.problem.is_some() || scanned.next != line_end()) {
            // A remark ends with its line, whatever quotes it holds; but it may be a header.
            rules = Quoting { quote: None, ..quoting };
            spans.clear();
            scanned = scanner::scan_record(bytes, at, rules, &mut spans);
        }
        let cut = scanned.next >= bytes.len() && !sample.complete;
        match scanned.problem {
            _ if cut => break,
            Some(QuoteProblem::Unterminated { .. }) => break,
            Some(QuoteProblem::Malformed { escaped, .. }) => {
                malformed = Some(malformed.unwrap_or(false) || escaped);
            }
            None => {}
        }
        let cells: Vec<String> = spans.iter().map(|s| scanner::cell_text(bytes, *s, rules).into_owned()).collect();
        let raw = bytes.get(at..scanned.next).unwrap_or_default();
        let lines = scanner::count_line_ends(raw);
        if !raw.iter().all(|b| b.is_ascii_whitespace() && *b != quoting.delimiter) {
            n_cells += cells.len();
            rows.push(Row { line, lines, start: at, next: scanned.next, cells, remark });
        }
        line += lines;
        at = scanned.next;
    }
    (rows, malformed)
}

/// The most frequent width, the greater of equals.
fn modal_width(rows: &[Row]) -> usize {
    let mut widths: Vec<usize> = rows.iter().filter(|r| !r.remark).map(|r| r.cells.len()).collect();
    if widths.is_empty() {
        widths = rows.iter().map(|r| r.cells.len()).collect();
    }
    widths.sort_unstable();
    let runs = widths.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| run.len()).and_then(|run| run.first().copied()).unwrap_or(1)
}
