//! Why a file is not loaded: what, where, what to do next.

use std::path::PathBuf;

/// Why a file is not loaded. Nothing of it is kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// No such file.
    #[error("there is no such file; check the name and the folder: {}", path.display())]
    NotFound {
        /// As given.
        path: PathBuf,
    },
    /// A folder.
    #[error("this is a folder; choose a file inside it: {}", path.display())]
    IsDirectory {
        /// As given.
        path: PathBuf,
    },
    /// A pipe, a device, a socket.
    #[error("this is {found}, not a file; save the data into a file first: {}", path.display())]
    NotRegularFile {
        /// What it is, in words.
        found: &'static str,
        /// As given.
        path: PathBuf,
    },
    /// Not readable for this user.
    #[error("this file may not be read by you; change its permissions or copy it: {}", path.display())]
    PermissionDenied {
        /// As given.
        path: PathBuf,
    },
    /// The system could not read on.
    #[error("reading stopped: {source}; check the disk or the network and try again: {}", path.display())]
    Io {
        /// What the system says.
        source: std::io::Error,
        /// As given.
        path: PathBuf,
    },
    /// Its length or time of change is not what it was at opening.
    #[error("the file changed while it was read; open it again when the other program is done: {}", path.display())]
    ChangedWhileReading {
        /// As given.
        path: PathBuf,
    },
    /// Nothing in it.
    #[error("the file is empty; export the data again")]
    EmptyFile,
    /// Blank lines or a header and nothing else.
    #[error("there are no data rows below line {line}: {text}; choose a file with data", text = in_quotes(text))]
    NoDataRows {
        /// Last line with text.
        line: u64,
        /// That line, cut at 40 characters.
        text: String,
    },
    /// Excel, JSON, HTML, PDF and the like.
    #[error("this is {found}, not a table of text; {remedy}")]
    NotDelimitedText {
        /// What it is, in words.
        found: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// Packed in a way that is not unpacked here, or growing beyond the cap.
    #[error("this file is packed with {format}: {problem}; unpack it and open the result")]
    Compressed {
        /// Format of the archive.
        format: &'static str,
        /// Why it is not unpacked here.
        problem: String,
    },
    /// Bytes that no text of this encoding holds.
    #[error(
        "line {line} is not valid {encoding}: {text}; choose the encoding in the import options (Windows-1252 reads any)", text = in_quotes(text))]
    InvalidEncoding {
        /// Where.
        line: u64,
        /// Encoding that was tried.
        encoding: String,
        /// The line, cut at 40 characters.
        text: String,
    },
    /// An encoding label that nobody knows.
    #[error("{label:?} is no known encoding; use utf-8, utf-16le, windows-1252 or another browser label")]
    UnknownEncoding {
        /// As given.
        label: String,
    },
    /// A zero byte.
    #[error(
        "NUL byte on line {line}, in {text:?}: is this UTF-16 without its mark, or a binary file? Save it as UTF-8"
    )]
    NulByte {
        /// Where.
        line: u64,
        /// The text around it, cut at 40 characters.
        text: String,
    },
    /// Two delimiters explain the file equally well.
    #[error(
        "{first} and {second} divide the lines equally well, as on line {line}: {text}; choose the delimiter in the import options", text = in_quotes(text))]
    AmbiguousDelimiter {
        /// One of them, in words.
        first: String,
        /// The other.
        second: String,
        /// A line both divide.
        line: u64,
        /// That line, cut at 40 characters.
        text: String,
    },
    /// A quote that no quote ends.
    #[error(
        "the quote opened on line {line} is never closed: {text}; close it, or choose another quote in the import options", text = in_quotes(text))]
    UnterminatedQuote {
        /// Where it was opened.
        line: u64,
        /// What follows it, cut at 40 characters.
        text: String,
    },
    /// Text between a closing quote and the delimiter.
    #[error(
        "line {line} has text after a closing quote: {text}; write quotes inside a cell twice, or choose another quote in the import options", text = in_quotes(text))]
    MalformedQuote {
        /// Where.
        line: u64,
        /// The cell, cut at 40 characters.
        text: String,
    },
    /// A record with more or fewer cells than the header.
    #[error(
        "line {line} has {found} {}, the header has {expected} ({count} such {}): {text}; mend the {}, or skip or pad such records in the import options",
        plural(*found as u64, "cell"), plural(*count, "line"), plural(*count, "line"), text = in_quotes(text))]
    Ragged {
        /// The first such line.
        line: u64,
        /// Its cells.
        found: usize,
        /// The header's.
        expected: usize,
        /// How many such records.
        count: u64,
        /// The line, cut at 40 characters.
        text: String,
    },
    /// A cell or a record beyond the limits of the loader.
    #[error(
        "line {line} holds {found} of {bytes} bytes or more, beginning {text}; the limit is {limit}. Is this a table?", text = in_quotes(text))]
    TooLong {
        /// Where it begins.
        line: u64,
        /// `a cell` or `a record`.
        found: &'static str,
        /// Length seen.
        bytes: usize,
        /// Limit in bytes.
        limit: usize,
        /// Its beginning, cut at 40 characters.
        text: String,
    },
    /// More columns than the loader takes.
    #[error("line {line} has {columns} columns; the limit is {limit}")]
    TooWide {
        /// Line of the header.
        line: u64,
        /// Columns seen.
        columns: usize,
        /// Columns allowed.
        limit: usize,
    },
    /// More numbers than fit into memory.
    #[error("the table needs about {need_mib} MiB and {free_mib} MiB are free or allowed; use fewer rows or columns")]
    TooLarge {
        /// Estimate.
        need_mib: u64,
        /// Available now, or the limit that was chosen.
        free_mib: u64,
    },
    /// Columns that many blanks part.
    #[error(
        "this file is too large to be kept in memory, and its cells are divided by many blanks; save it with a delimiter between the cells"
    )]
    NotStreamed,
    /// A type option for a column that is not there.
    #[error("there is no column {column:?} to be read as a chosen type; the file has {names}")]
    UnknownColumn {
        /// As given.
        column: String,
        /// Some of the names there are.
        names: String,
    },
    /// The one who waits asked to stop.
    #[error("cancelled")]
    Cancelled,
}

/// A piece of a file as people quote it: “rural". What cannot be seen is written out, so that no terminal obeys it.
pub(super) fn in_quotes(text: &str) -> String {
    let mut quoted = String::from("“");
    for c in text.chars() {
        if c.is_control() { quoted.extend(c.escape_default()) } else { quoted.push(c) }
    }
    quoted.push('”');
    quoted
}

impl ReadError {
    /// Whether what the file holds is at fault, which other import options may mend; else the file cannot be had at all.
    pub const fn is_about_contents(&self) -> bool {
        !matches!(
            self,
            Self::NotFound { .. }
                | Self::IsDirectory { .. }
                | Self::NotRegularFile { .. }
                | Self::PermissionDenied { .. }
                | Self::Io { .. }
                | Self::ChangedWhileReading { .. }
                | Self::EmptyFile
                | Self::Cancelled
        )
    }

    /// The kind as other programs spell it: `ragged`, `unterminated_quote`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not_found",
            Self::IsDirectory { .. } => "is_directory",
            Self::NotRegularFile { .. } => "not_regular_file",
            Self::PermissionDenied { .. } => "permission_denied",
            Self::Io { .. } => "io",
            Self::ChangedWhileReading { .. } => "changed_while_reading",
            Self::EmptyFile => "empty_file",
            Self::NoDataRows { .. } => "no_data_rows",
            Self::NotDelimitedText { .. } => "not_delimited_text",
            Self::Compressed { .. } => "compressed",
            Self::InvalidEncoding { .. } => "invalid_encoding",
            Self::UnknownEncoding { .. } => "unknown_encoding",
            Self::NulByte { .. } => "nul_byte",
            Self::AmbiguousDelimiter { .. } => "ambiguous_delimiter",
            Self::UnterminatedQuote { .. } => "unterminated_quote",
            Self::MalformedQuote { .. } => "malformed_quote",
            Self::Ragged { .. } => "ragged",
            Self::TooLong { .. } => "too_long",
            Self::TooWide { .. } => "too_wide",
            Self::TooLarge { .. } => "too_large",
            Self::NotStreamed => "not_streamed",
            Self::UnknownColumn { .. } => "unknown_column",
            Self::Cancelled => "cancelled",
        }
    }

    /// The same error further down in the file.
    pub(super) fn below(mut self, lines: u64) -> Self {
        if let Self::NulByte { line, .. }
        | Self::InvalidEncoding { line, .. }
        | Self::UnterminatedQuote { line, .. }
        | Self::MalformedQuote { line, .. }
        | Self::TooLong { line, .. } = &mut self
        {
            *line += lines;
        }
        self
    }

    /// The line at fault, where there is one.
    pub const fn line(&self) -> Option<u64> {
        match self {
            Self::NoDataRows { line, .. }
            | Self::InvalidEncoding { line, .. }
            | Self::NulByte { line, .. }
            | Self::AmbiguousDelimiter { line, .. }
            | Self::UnterminatedQuote { line, .. }
            | Self::MalformedQuote { line, .. }
            | Self::Ragged { line, .. }
            | Self::TooLong { line, .. }
            | Self::TooWide { line, .. } => Some(*line),
            _ => None,
        }
    }
}

/// `word` with an `s` unless there is exactly one.
pub(super) fn plural(count: u64, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_of_a_file_is_quoted_as_people_do_and_shows_what_is_hidden() {
        let error = ReadError::UnterminatedQuote { line: 7, text: "\"rural,\t3\u{1b}[31m".to_owned() };
        let text = "“\"rural,\\t3\\u{1b}[31m”";
        assert!(error.to_string().contains(text), "{error}");
    }
}
