//! A table as it was read: typed columns with the notes about how they were read.

use std::path::PathBuf;

use crate::data::notes::Note;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Finite numbers.
    Number,
    /// Two words read as 0 and 1.
    Boolean,
    /// Text with few levels: becomes indicators.
    Category,
    /// Dates: never a predictor by themselves.
    Date,
    /// Other text: left out.
    Text,
    /// No cell is present.
    Empty,
}

/// The cells of one column.
#[derive(Debug, Clone)]
pub enum Values {
    /// One number a record; NaN where the cell is missing.
    Numbers(Vec<f64>),
    /// Dictionary-coded text: `codes[record]` points into `levels` (byte order), [`Values::MISSING`] where the cell is missing.
    Levels {
        /// Distinct texts in byte order.
        levels: Vec<String>,
        /// Index into `levels` per record.
        codes: Vec<u32>,
    },
}

impl Values {
    /// The code of a missing text cell.
    pub const MISSING: u32 = u32::MAX;
}

/// One column of the file.
#[derive(Debug, Clone)]
pub struct Column {
    /// Unique name.
    pub name: String,
    /// What it was read as.
    pub column_type: ColumnType,
    /// Its cells; numbers for [`ColumnType::Number`] and [`ColumnType::Boolean`].
    pub values: Values,
    /// How many cells are missing.
    pub n_missing: usize,
}

impl Column {
    /// Whether the cell of a record is missing.
    pub fn is_missing(&self, record: usize) -> bool {
        match &self.values {
            Values::Numbers(values) => values.get(record).is_none_or(|v| v.is_nan()),
            Values::Levels { codes, .. } => codes.get(record).is_none_or(|c| *c == Values::MISSING),
        }
    }

    /// The last cell but one, and the last.
    pub(super) fn last_two(&self) -> [Option<String>; 2] {
        let n = match &self.values {
            Values::Numbers(values) => values.len(),
            Values::Levels { codes, .. } => codes.len(),
        };
        [2, 1].map(|back| n.checked_sub(back).and_then(|record| self.cell(record)))
    }

    /// The cell of a record in words; `None` where it is missing.
    pub fn cell(&self, record: usize) -> Option<String> {
        match &self.values {
            Values::Numbers(values) => values.get(record).filter(|v| !v.is_nan()).map(ToString::to_string),
            Values::Levels { levels, codes } => levels.get(*codes.get(record)? as usize).cloned(),
        }
    }
}

/// Where a table came from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A file on disk.
    File {
        /// Its path as opened.
        path: PathBuf,
        /// Its length in bytes when it was read.
        bytes: u64,
        /// Its time of change when it was read.
        modified: Option<std::time::SystemTime>,
    },
    /// A bundled example of this name.
    Example(&'static str),
}

/// A table as read.
#[derive(Debug, Clone)]
pub struct Table {
    /// File name or example title, for the screen.
    pub name: String,
    /// Where it came from.
    pub source: Source,
    /// The columns, in file order.
    pub columns: Vec<Column>,
    /// Number of records.
    pub n_records: usize,
    /// What the reader should know, in the order of the file.
    pub notes: Vec<Note>,
    /// How the file was read, for the status line: `UTF-8, comma`.
    pub dialect: String,
    /// `(first record, line it starts on)` wherever the step from record to line changes; see [`Table::line`].
    pub line_marks: Vec<(usize, u64)>,
}

impl Table {
    /// The 1-based line on which a record starts.
    pub fn line(&self, record: usize) -> u64 {
        let at = self.line_marks.partition_point(|&(first, _)| first <= record);
        match at.checked_sub(1).and_then(|i| self.line_marks.get(i)) {
            Some(&(first, line)) => line + (record - first) as u64,
            None => record as u64 + 1,
        }
    }

    /// The record on a 1-based line of the file: the last one that starts there or before; `None` above the first.
    pub fn record_at(&self, line: u64) -> Option<usize> {
        let (mut low, mut high) = (0, self.n_records);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.line(middle) <= line { low = middle + 1 } else { high = middle }
        }
        low.checked_sub(1)
    }

    /// Position of the column of this name.
    pub fn column_index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_records_find_each_other() {
        let table = Table {
            name: String::new(),
            source: Source::Example("none"),
            columns: Vec::new(),
            n_records: 6,
            notes: Vec::new(),
            dialect: String::new(),
            // Header on line 1, a blank line 4, a record over lines 6 and 7.
            line_marks: vec![(0, 2), (2, 5), (4, 8)],
        };
        let lines: Vec<u64> = (0..6).map(|record| table.line(record)).collect();
        assert_eq!(lines, [2, 3, 5, 6, 8, 9]);
        for (record, line) in lines.into_iter().enumerate() {
            assert_eq!(table.record_at(line), Some(record));
        }
        assert_eq!([1, 4, 7, 99].map(|line| table.record_at(line)), [None, Some(1), Some(3), Some(5)]);
    }
}
