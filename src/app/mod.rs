//! The window.

use std::path::PathBuf;

/// What the window opens with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opening {
    /// CSV to open; the bundled diabetes data if there is neither file nor example.
    pub file: Option<PathBuf>,
    /// Name of the column to predict.
    pub target: Option<String>,
    /// Name of a bundled example.
    pub example: Option<String>,
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// What eframe says if no window can be opened.
pub fn run(_opening: Opening) -> Result<(), eframe::Error> {
    Err(eframe::Error::AppCreation("there is no window yet".into()))
}
