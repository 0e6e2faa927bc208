//! When a job shows what it has so far, and the clock it goes by.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::model::progress::Progress;

/// Paths are shown before their cross-validation where a job has run this long by then; what is quicker would flicker.
const UNSEEN: Duration = Duration::from_millis(200);

/// When paths are shown before their cross-validation, and where a test takes hold of a job.
#[derive(Clone)]
pub struct Pace {
    /// How long a job must have run by then.
    pub after: Duration,
    /// Called on the job's thread as soon as the paths are handed over: a test holds the job there.
    pub handed_over: Arc<dyn Fn() + Send + Sync>,
    /// Called on the job's thread before it begins, with its progress.
    pub begun: Arc<dyn Fn(&Progress) + Send + Sync>,
    /// Tells the time that has passed since some moment, by which the rest is estimated.
    pub clock: Arc<dyn Fn() -> Duration + Send + Sync>,
}

impl Default for Pace {
    fn default() -> Self {
        let start = Instant::now();
        Self {
            after: UNSEEN,
            handed_over: Arc::new(|| ()),
            begun: Arc::new(|_| ()),
            clock: Arc::new(move || start.elapsed()),
        }
    }
}
