//! Counting work done and asking work to stop, from any thread.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Shared by the one who works and the one who waits.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicUsize,
    total: AtomicUsize,
    cancelled: AtomicBool,
}

/// The one who waits has asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

impl Progress {
    /// Nothing done, nothing expected.
    pub fn new() -> Self {
        Self::default()
    }

    /// Announces `units` more units of work.
    pub fn expect(&self, units: usize) {
        self.total.fetch_add(units, Ordering::Relaxed);
    }

    /// Counts `units` as done.
    ///
    /// # Errors
    /// [`Cancelled`] if [`Progress::cancel`] was called: the caller unwinds with it.
    pub fn advance(&self, units: usize) -> Result<(), Cancelled> {
        self.done.fetch_add(units, Ordering::Relaxed);
        self.check()
    }

    /// # Errors
    /// [`Cancelled`] if [`Progress::cancel`] was called.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.cancelled.load(Ordering::Relaxed) { Err(Cancelled) } else { Ok(()) }
    }

    /// Asks the work to stop at its next check.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Share of the expected work that is done, 0 to 1; 0 while nothing is expected.
    pub fn fraction(&self) -> f32 {
        let total = self.total.load(Ordering::Relaxed);
        if total == 0 { 0.0 } else { (self.done.load(Ordering::Relaxed) as f32 / total as f32).min(1.0) }
    }
}
