//! What the loader and the design have to say: kind, place, what was done, how to change it.

use serde::Serialize;

use crate::data::scanner::clip;

/// One thing the reader should know about how the file was read. Never holds the fit back.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Note {
    /// What it is about, spelled as in the files other programs read (`duplicate_header`, `missing_values`, …).
    pub kind: &'static str,
    /// 1-based line of the file, where there is one place.
    pub line: Option<u64>,
    /// Name of the column, where there is one.
    pub column: Option<String>,
    /// The cell's text, cut at 40 characters.
    pub text: Option<String>,
    /// What was done, one sentence.
    pub action: String,
    /// How to change it.
    pub remedy: String,
}

impl Note {
    /// A note about the file as a whole.
    pub(crate) fn file(kind: &'static str, action: String, remedy: &str) -> Self {
        Self { kind, line: None, column: None, text: None, action, remedy: remedy.to_owned() }
    }

    /// Adds the place.
    pub(crate) fn at(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }

    /// Adds the column.
    pub(crate) fn in_column(self, column: &str) -> Self {
        Self { column: Some(column.to_owned()), ..self }
    }

    /// Adds the text of the cell, cut at 40 characters.
    pub(crate) fn with_text(self, text: &str) -> Self {
        Self { text: Some(clip(text)), ..self }
    }
}
