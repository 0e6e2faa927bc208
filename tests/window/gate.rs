//! A job held before it begins, and a clock that stands still between two looks at it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use shrinkscope::app::job::Pace;

/// The test's side; once it is dropped no job waits any more.
pub(crate) struct Gate {
    door: Arc<(Mutex<Door>, Condvar)>,
    seconds: Arc<AtomicU64>,
}

#[derive(Default)]
struct Door {
    is_open: bool,
    /// Hundredths that the waiting job is to count as done.
    units: usize,
}

impl Gate {
    /// Every job counts as done what [`Gate::advance`] says, and begins once the gate is open.
    pub(crate) fn new() -> (Pace, Self) {
        let gate = Self { door: Arc::default(), seconds: Arc::default() };
        let (door, seconds) = (Arc::clone(&gate.door), Arc::clone(&gate.seconds));
        let pace = Pace {
            begun: Arc::new(move |progress| {
                let (state, changed) = &*door;
                let mut state = state.lock().unwrap();
                if state.is_open {
                    return;
                }
                progress.expect(100);
                while !state.is_open {
                    // A cancelled job waits on as any other.
                    progress.advance(std::mem::take(&mut state.units)).ok();
                    changed.notify_all();
                    state = changed.wait(state).unwrap();
                }
            }),
            clock: Arc::new(move || Duration::from_secs(seconds.load(Ordering::Relaxed))),
            ..Pace::default()
        };
        (pace, gate)
    }

    /// So many hundredths are done, and a second has passed.
    pub(crate) fn advance(&self, hundredths: usize) {
        let (state, changed) = &*self.door;
        let mut state = state.lock().unwrap();
        state.units = hundredths;
        changed.notify_all();
        drop(changed.wait_while(state, |state| state.units > 0).unwrap());
        self.seconds.fetch_add(1, Ordering::Relaxed);
    }

    /// Lets all jobs by.
    pub(crate) fn open(&self) {
        self.set(true);
    }

    /// Holds those that come.
    pub(crate) fn close(&self) {
        self.set(false);
    }

    fn set(&self, is_open: bool) {
        self.door.0.lock().unwrap().is_open = is_open;
        self.door.1.notify_all();
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.open();
    }
}
