//! Undo and redo of every change of the document, with names.

use crate::app::document::Document;

/// Steps kept.
const STEPS: usize = 100;

/// What can be taken back and done again.
#[derive(Debug, Default)]
pub struct History {
    past: Vec<(String, Document)>,
    future: Vec<(String, Document)>,
}

impl History {
    /// Notes that `before` is about to be changed by a step of this name.
    pub fn record(&mut self, name: String, before: Document) {
        self.past.push((name, before));
        if self.past.len() > STEPS {
            self.past.remove(0);
        }
        self.future.clear();
    }

    /// The document before the last step; `now` can then be had again by [`History::redo`].
    pub fn undo(&mut self, now: &Document) -> Option<Document> {
        let (name, before) = self.past.pop()?;
        self.future.push((name, now.clone()));
        Some(before)
    }

    /// The document after the step last taken back.
    pub fn redo(&mut self, now: &Document) -> Option<Document> {
        let (name, after) = self.future.pop()?;
        self.past.push((name, now.clone()));
        Some(after)
    }

    /// Name of the step that Undo takes back.
    pub fn undo_name(&self) -> Option<&str> {
        self.past.last().map(|(name, _)| name.as_str())
    }

    /// Name of the step that Redo does again.
    pub fn redo_name(&self) -> Option<&str> {
        self.future.last().map(|(name, _)| name.as_str())
    }

    /// Forgets everything: another table is open.
    pub fn clear(&mut self) {
        self.past.clear();
        self.future.clear();
    }
}
