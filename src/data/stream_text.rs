//! The text of a file whose rows are not kept: decoded as it is read, if need be, and its first records.

use std::borrow::Cow;
use std::path::PathBuf;

use crate::data::blanks;
use crate::data::chunk;
use crate::data::dialect::Dialect;
use crate::data::error::ReadError;
use crate::data::layout::Layout;
use crate::data::notes::Note;
use crate::data::open::Opened;
use crate::data::options::ImportOptions;
use crate::data::source::Text;
use crate::data::split;
use crate::data::table::{Source, Table};

/// Bytes of the first records, which tell the types.
const HEAD: usize = if cfg!(test) { 200 } else { 32 << 20 };

/// Where a text comes from.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) path: PathBuf,
    pub(super) source: Source,
    /// Name of the encoding, and what was noted about it.
    pub(super) encoding: &'static str,
    pub(super) notes: Vec<Note>,
}

impl Named {
    /// Says of a table where it comes from.
    pub(super) fn name(&self, table: Table) -> Table {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned();
        let dialect = format!("{}, {}", self.encoding, table.dialect);
        let notes = self.notes.iter().cloned().chain(table.notes).collect();
        Table { name, source: self.source.clone(), dialect, notes, ..table }
    }
}

/// A text with the name of its encoding and what was noted about it.
pub(super) type Encoded<'a> = (Text<'a>, &'static str, Vec<Note>);

/// The text of a file, decoded as it is read if need be.
pub(super) fn text_of<'a>(opened: &'a Opened<'_>, options: &ImportOptions) -> Result<Encoded<'a>, ReadError> {
    let label = options.encoding.as_deref();
    let encoded = match opened.utf_8_text(label)? {
        Some(text) => {
            let (head, _) = text.head(HEAD)?;
            let is_utf_8 = chunk::is_cut_text(&head) || std::str::from_utf8(&head).is_ok() || label.is_some();
            if is_utf_8 { (text, "UTF-8", Vec::new()) } else { opened.recoded_text(label)? }
        }
        None => opened.recoded_text(label)?,
    };
    if options.delimiter.is_none() && blanks::is_aligned(&encoded.0.head(1 << 14)?.0) {
        return Err(ReadError::NotStreamed);
    }
    Ok(encoded)
}

/// The first records of a text, as many as fit into [`HEAD`] bytes.
pub(super) fn whole_records<'a>(text: Text<'a>, layout: &Layout, dialect: Dialect) -> Result<Cow<'a, [u8]>, ReadError> {
    let mut length = HEAD.max(2 * layout.body_start);
    loop {
        let (bytes, is_all) = text.head(length)?;
        if is_all {
            return Ok(bytes);
        }
        let body = bytes.get(layout.body_start..).unwrap_or_default();
        if let Some(end) = split::ends(body, false, dialect, 1).last() {
            let mut bytes = bytes.into_owned();
            bytes.truncate(layout.body_start + end);
            return Ok(Cow::Owned(bytes));
        }
        length *= 2;
    }
}
