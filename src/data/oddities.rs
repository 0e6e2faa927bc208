//! What was odd about lines and records: how often, and where first.

/// How often something was seen, and where first.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Seen {
    pub(super) count: u64,
    pub(super) line: u64,
    pub(super) text: String,
}

impl Seen {
    pub(super) fn add(&mut self, line: u64, text: impl FnOnce() -> String) {
        if self.count == 0 {
            self.line = line;
            self.text = text();
        }
        self.count += 1;
    }

    pub(super) fn append(&mut self, later: Self, lines: u64) {
        if self.count == 0 && later.count > 0 {
            *self = Self { line: later.line + lines, ..later };
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
    /// Lines with letters that another program has lost.
    pub(super) damaged: Seen,
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

    pub(super) fn append(&mut self, later: Self, lines: u64) {
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
        self.damaged.append(later.damaged, lines);
        self.kept_remarks.append(later.kept_remarks, lines);
        self.padded_quotes.append(later.padded_quotes, lines);
        for (sum, n) in self.ends.iter_mut().zip(later.ends) {
            *sum += n;
        }
    }
}
