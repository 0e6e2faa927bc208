//! Undo and redo of every change of document and selection, with names.

use std::sync::Arc;

use crate::app::document::Document;
use crate::app::selection::Selection;

/// Steps kept.
const STEPS: usize = 200;
/// Seconds within which steps of one name, one key after the other, are one step.
const TOGETHER: f64 = 0.8;

/// What a step changes.
#[derive(Debug, Clone)]
pub struct State {
    /// What is open, and what is asked of it.
    pub document: Document,
    /// What is chosen in its result, if there was one.
    pub selection: Option<Selection>,
}

impl State {
    /// Whether both ask for the same analysis.
    pub fn is_same_document(&self, document: &Document) -> bool {
        Arc::ptr_eq(&self.document.table, &document.table)
            && self.document.roles == document.roles
            && self.document.form == document.form
    }
}

/// What can be taken back and done again.
#[derive(Debug, Default)]
pub struct History {
    past: Vec<(String, State)>,
    future: Vec<(String, State)>,
    /// When the last step was noted, in seconds.
    noted: f64,
}

impl History {
    /// Notes that `before` is about to be changed by a step of this name, at `now` seconds.
    pub fn record(&mut self, name: String, before: State, now: f64) {
        self.past.push((name, before));
        if self.past.len() > STEPS {
            self.past.remove(0);
        }
        self.future.clear();
        self.noted = now;
    }

    /// As [`History::record`], but a step that follows at once on one of the same name is part of it.
    pub fn record_or_continue(&mut self, name: String, before: impl FnOnce() -> State, now: f64) {
        let continues = self.future.is_empty() && now - self.noted < TOGETHER && self.undo_name() == Some(&name);
        if continues {
            self.noted = now;
        } else {
            self.record(name, before(), now);
        }
    }

    /// The state before the last step; `now` can then be had again by [`History::redo`].
    pub fn undo(&mut self, now: State) -> Option<State> {
        let (name, before) = self.past.pop()?;
        self.future.push((name, now));
        Some(before)
    }

    /// The state after the step last taken back.
    pub fn redo(&mut self, now: State) -> Option<State> {
        let (name, after) = self.future.pop()?;
        self.past.push((name, now));
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
        *self = Self::default();
    }
}
