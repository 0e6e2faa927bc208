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

    /// Position of the column of this name.
    pub fn column_index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }
}
