//! One piece of work on a thread of its own: progress, cancel, and a guard against panics.

use std::any::Any;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant};

use eframe::egui::Context;

use crate::analysis::sums::{Sums, SumsError};
use crate::analysis::{Analysis, AnalysisError, Cursor, Penalty};
use crate::app::analyzed;
use crate::app::document::Document;
use crate::app::loaded::{Loaded, load, load_bytes, read_failure};
pub use crate::app::pace::Pace;
use crate::app::remaining::Estimate;
use crate::data::design::{DesignError, Roles};
use crate::data::error::ReadError;
use crate::data::examples::Example;
use crate::data::moments_file::MomentsError;
use crate::data::options::ImportOptions;
use crate::data::table::Table;
use crate::export::{self, At, Chosen, ExportError, File, Results};
use crate::model::path::PathError;
use crate::model::progress::Progress;
use crate::model::reference::Witness;

/// Why there is no result. Every message says what, where and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The file was not read.
    #[error("cannot open {name}: {source}")]
    Read {
        /// File name.
        name: String,
        /// Why.
        source: ReadError,
    },
    /// The moments were not read.
    #[error("cannot open {name}: {source}")]
    Moments {
        /// File name.
        name: String,
        /// Why.
        source: Box<MomentsError>,
    },
    /// No regression can be set up.
    #[error(transparent)]
    Design(#[from] DesignError),
    /// Nothing was computed.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// Rows could not be summed up.
    #[error(transparent)]
    Sums(#[from] SumsError),
    /// The file was not written.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The witness could not be asked.
    #[error("{0}")]
    Witness(String),
    /// A fault in this program.
    #[error(
        "this calculation failed ({0}); the data and the last result are kept. Other settings may work; please report it with the file"
    )]
    Panic(String),
    /// No thread could be started.
    #[error("no thread could be started: {0}; close other programs and try again")]
    Thread(std::io::Error),
    /// The user asked to stop.
    #[error("cancelled")]
    Cancelled,
}

/// What came out.
#[derive(Debug)]
pub enum Outcome {
    /// A table was read.
    Loaded(Loaded),
    /// The document of this revision was analysed; in a long job first without cross-validation, then with it.
    Analyzed {
        /// The result.
        analysis: Arc<Analysis>,
        /// What its rows sum up to, if they are not kept.
        sums: Option<Arc<Sums>>,
        /// Revision of the document it belongs to.
        revision: u64,
        /// How long it took.
        elapsed: Duration,
    },
    /// A lasso point was refitted.
    Verified {
        /// Where on the lasso's path.
        cursor: Cursor,
        /// Both fits.
        witness: Box<Witness>,
    },
    /// The fit at a cursor was held against all rows; `None` if that could not be done.
    Measured(Penalty, Option<Cursor>),
    /// A file was written.
    Exported(PathBuf),
}

impl Outcome {
    /// Whether the job goes on after it.
    pub fn is_preliminary(&self) -> bool {
        matches!(self, Self::Analyzed { analysis, .. } if !analysis.is_cross_validated())
    }
}

/// Work that can be asked for.
#[derive(Debug, Clone)]
pub enum Work {
    /// Read a file with these options.
    Load(PathBuf, ImportOptions),
    /// Read dropped bytes.
    LoadBytes(String, Vec<u8>),
    /// Read a bundled example.
    Example(&'static Example),
    /// Analyse a document of this revision; a former result of the same table saves work, and sums a pass over the file.
    Analyze(Document, u64, Option<Arc<Analysis>>, Option<Arc<Sums>>),
    /// Refit a lasso point with linfa-elasticnet.
    Verify(Arc<Analysis>, Cursor),
    /// Hold the fit at a cursor against all rows.
    Measure(Arc<Analysis>, Penalty, Cursor),
    /// Write a file.
    Export(Box<Export>),
    /// Fails on purpose, to test the guard.
    #[cfg(test)]
    Panic,
}

/// What is written where.
#[derive(Debug, Clone)]
pub struct Export {
    /// Which file.
    pub file: File,
    /// Where.
    pub path: PathBuf,
    /// The table as read, without its cells if they are not kept.
    pub table: Arc<Table>,
    /// Who plays which part in it.
    pub roles: Roles,
    /// The result.
    pub analysis: Arc<Analysis>,
    /// Where the cursors stand.
    pub chosen: Chosen,
}

impl Work {
    /// For the status line.
    fn what(&self) -> String {
        match self {
            Self::Load(path, _) => format!("Reading {}", file_name(path)),
            Self::LoadBytes(name, _) => format!("Reading {name}"),
            Self::Example(example) => format!("Reading {}", example.title),
            Self::Analyze(document, _, _, sums) if document.needs_pass(sums.as_deref()) => {
                format!("Reading {} in one pass", document.table.name)
            }
            Self::Analyze(..) => "Sweeping lasso and ridge".to_owned(),
            Self::Verify(..) => "Verifying with linfa".to_owned(),
            Self::Measure(..) => "Holding the fit against the rows".to_owned(),
            Self::Export(export) => format!("Writing {}", file_name(&export.path)),
            #[cfg(test)]
            Self::Panic => "Failing".to_owned(),
        }
    }

    /// `early` takes what can be shown before the end.
    fn run(self, progress: &Progress, early: &Early<'_>) -> Result<Outcome, Failure> {
        match self {
            Self::Load(path, options) => load(&path, &options, &ticker(progress)).map(Outcome::Loaded),
            Self::LoadBytes(name, bytes) => load_bytes(name, &bytes, &ticker(progress)).map(Outcome::Loaded),
            Self::Example(example) => {
                let table = example.table().map_err(|source| read_failure(example.title.to_owned(), source))?;
                Ok(Outcome::Loaded(table.into()))
            }
            Self::Analyze(document, revision, former, sums) => {
                let start = Instant::now();
                let outcome = |(analysis, sums)| {
                    let elapsed = start.elapsed();
                    Outcome::Analyzed { analysis: Arc::new(analysis), sums, revision, elapsed }
                };
                let on_paths = |preview: analyzed::Preview<'_>| {
                    // What stands in its way stands in the way of the whole, which says so.
                    if start.elapsed() >= early.after
                        && let Ok(paths) = preview()
                    {
                        (early.send)(outcome(paths));
                    }
                };
                let whole = analyzed::analyze(&document, former.as_deref(), sums, progress, &on_paths)?;
                Ok(outcome(whole))
            }
            Self::Verify(analysis, cursor) => {
                let alpha = analysis.point(Penalty::Lasso, &cursor).alpha();
                let witness = analysis.witness(alpha, progress).map_err(|error| match error {
                    AnalysisError::Path(PathError::Cancelled(_)) => Failure::Cancelled,
                    error => Failure::Witness(error.to_string()),
                })?;
                Ok(Outcome::Verified { cursor, witness: Box::new(witness) })
            }
            Self::Measure(analysis, penalty, cursor) => {
                Ok(Outcome::Measured(penalty, analysis.measured_on_rows(penalty, &cursor, progress)))
            }
            Self::Export(export) => {
                let Export { file, path, table, roles, analysis, chosen } = *export;
                let results = Results::new((&table, &roles), &analysis, At::Cursor(chosen))?;
                match export::write(file, &path, &results, progress) {
                    Err(ExportError::Cancelled(_)) => return Err(Failure::Cancelled),
                    written => written?,
                }
                Ok(Outcome::Exported(path))
            }
            #[cfg(test)]
            Self::Panic => unreachable!("asked to fail"),
        }
    }
}

/// Counts bytes read in units of 1/1000 of the file.
pub(super) fn ticker(progress: &Progress) -> impl Fn(u64, u64) -> ControlFlow<()> + Sync + '_ {
    progress.expect(1000);
    let reported = std::sync::atomic::AtomicUsize::new(0);
    move |done, total| {
        let share = (done * 1000).checked_div(total).unwrap_or(0).min(1000) as usize;
        let before = reported.fetch_max(share, std::sync::atomic::Ordering::Relaxed);
        if progress.advance(share.saturating_sub(before)).is_err() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// Last part of a path, for people.
pub fn file_name(path: &std::path::Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// How a job hands over what can be shown before its end.
struct Early<'a> {
    /// Only by jobs that have run this long.
    after: Duration,
    send: &'a dyn Fn(Outcome),
}

/// A running piece of work. Dropping it asks it to stop; what it still sends goes nowhere.
pub struct Job {
    what: String,
    is_analysis: bool,
    progress: Arc<Progress>,
    receiver: Receiver<Result<Outcome, Failure>>,
    /// What was waited for and is not taken yet.
    heard: Option<Result<Outcome, Failure>>,
    clock: Arc<dyn Fn() -> Duration + Send + Sync>,
    started: Duration,
    estimate: Estimate,
}

impl Job {
    /// Starts `work` on a named thread; the window is woken when there is something to show.
    ///
    /// # Errors
    /// [`Failure::Thread`] if the system gives no thread.
    pub fn start(ctx: &Context, work: Work, pace: &Pace) -> Result<Self, Failure> {
        let (sender, receiver) = channel();
        let progress = Arc::new(Progress::new());
        let (what, is_analysis) = (work.what(), matches!(work, Work::Analyze(..)));
        let clock = Arc::clone(&pace.clock);
        let (ctx, shared, pace) = (ctx.clone(), Arc::clone(&progress), pace.clone());
        std::thread::Builder::new()
            .name("shrinkscope job".to_owned())
            .spawn(move || {
                let send = |result| {
                    // Nobody listens if the job was dropped.
                    sender.send(result).ok();
                    ctx.request_repaint();
                };
                let early = |outcome| {
                    send(Ok(outcome));
                    (pace.handed_over)();
                };
                (pace.begun)(&shared);
                let run = || work.run(&shared, &Early { after: pace.after, send: &early });
                let result = catch_unwind(AssertUnwindSafe(|| in_pool(run)));
                send(result.unwrap_or_else(|panic| Err(Failure::Panic(panic_text(panic.as_ref())))));
            })
            .map_err(Failure::Thread)?;
        let (heard, started, estimate) = (None, clock(), Estimate::default());
        Ok(Self { what, is_analysis, progress, receiver, heard, clock, started, estimate })
    }

    /// Waits until there is something to [take](Self::poll), for `most` at the longest.
    pub fn wait(&mut self, most: Duration) {
        self.heard = self.heard.take().or_else(|| self.receiver.recv_timeout(most).ok());
    }

    /// The result, once there is one; the job is over unless it [is preliminary](Outcome::is_preliminary).
    pub fn poll(&mut self) -> Option<Result<Outcome, Failure>> {
        self.estimate.note(self.running_for(), self.fraction());
        match self.heard.take().map_or_else(|| self.receiver.try_recv(), Ok) {
            Ok(result) => {
                if result.as_ref().is_ok_and(Outcome::is_preliminary) {
                    "Cross-validating".clone_into(&mut self.what);
                }
                Some(result)
            }
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                Some(Err(Failure::Panic("the thread ended without a result".to_owned())))
            }
        }
    }

    /// For the status line.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// Whether it computes paths and their cross-validation.
    pub fn is_analysis(&self) -> bool {
        self.is_analysis
    }

    /// Share done, 0 to 1.
    pub fn fraction(&self) -> f32 {
        self.progress.fraction()
    }

    /// How long it will still take, once its pace tells.
    pub fn remaining(&self) -> Option<Duration> {
        self.estimate.remaining(self.running_for())
    }

    /// How long it has been running.
    pub fn running_for(&self) -> Duration {
        (self.clock)().saturating_sub(self.started)
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.progress.cancel();
    }
}

/// Runs on a pool that leaves one core to the window.
fn in_pool<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    match rayon::ThreadPoolBuilder::new().num_threads(cores.saturating_sub(1).max(1)).build() {
        Ok(pool) => pool.install(work),
        // Without a pool of its own the work runs on the thread it is on.
        Err(_) => work(),
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "unknown fault".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_message() {
        let mut job = Job::start(&Context::default(), Work::Panic, &Pace::default()).unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        let result = loop {
            if let Some(result) = job.poll() {
                break result;
            }
            assert!(Instant::now() < deadline, "the job never ended");
            std::thread::yield_now();
        };
        assert!(matches!(result, Err(Failure::Panic(text)) if text.contains("asked to fail")));
    }
}
