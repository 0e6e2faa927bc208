//! The window. [`App`] owns all state: it takes in results in `logic` and lays out the views in `ui`.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use eframe::egui;

use crate::analysis::Analysis;
use crate::app::command::Command;
use crate::app::dialogs::Answer;
use crate::app::document::Document;
use crate::app::format::sentence;
use crate::app::history::History;
use crate::app::job::{Failure, Job, Loaded, Outcome, Work};
use crate::app::preferences::Preferences;
use crate::app::selection::Selection;
use crate::data::design::suggest_target;
use crate::data::examples;
use crate::data::options::ImportOptions;
use crate::data::table::Source;
use crate::model::reference::Witness;

pub mod command;
pub mod dialogs;
pub mod document;
pub mod format;
pub mod history;
pub mod job;
mod layout;
mod opening;
pub mod preferences;
mod run;
pub mod selection;
pub mod theme;
pub mod views;

pub use opening::{Opening, Surroundings, run};

/// Longest time a job goes unmentioned, so that quick ones do not flicker.
const UNMENTIONED: Duration = Duration::from_millis(200);

/// Said where a save dialog could not be shown.
const NO_SAVE_DIALOG: &str =
    "Nothing was written, since no save dialog could be shown; `shrinkscope analyze` writes the same files without one";

/// A result on screen, with what it belongs to.
struct Shown {
    analysis: Arc<Analysis>,
    revision: u64,
    elapsed: Duration,
    selection: Selection,
    /// It belongs to the table that was open before; shown until the new one is analysed.
    is_of_former_table: bool,
}

/// Something to tell the user.
#[derive(Debug, Clone, PartialEq)]
enum Message {
    /// Something did not work; says why and what to do.
    Problem(String),
    /// Something worked; fades after a while.
    Done(String, Instant),
    /// The dialog gave no file; a path can be typed.
    NoFile(String),
}

/// Owns all state.
pub struct App {
    document: Option<Document>,
    /// Grows with every change of the document.
    revision: u64,
    shown: Option<Shown>,
    /// Histograms of the open table's columns.
    histograms: Vec<Vec<u32>>,
    /// Load or analyse.
    job: Option<Job>,
    /// Verify or export, beside it.
    side_job: Option<Job>,
    history: History,
    message: Option<Message>,
    /// Why the present document has no fit.
    fit_failure: Option<String>,
    verified: Option<(usize, Box<Witness>)>,
    /// What stands in place of the right column, if anything.
    side: Side,
    /// The open file and how it was read.
    opened: Option<(PathBuf, ImportOptions)>,
    /// The file read last, or tried, and how.
    import: Option<(PathBuf, ImportOptions)>,
    /// Why it was not read.
    read_failure: Option<String>,
    banner_open: bool,
    preferences: Preferences,
    surroundings: Surroundings,
    answers: (Sender<Answer>, Receiver<Answer>),
    /// A dialog is on screen since then.
    asking: Option<Instant>,
    /// The running drag has its entry in the history already.
    drag_is_recorded: bool,
    /// Target named on the command line, until the file is read.
    wanted_target: Option<String>,
}

impl App {
    /// The window's state at start; the opening file or example is being read.
    pub fn new(ctx: &egui::Context, opening: Opening, surroundings: Surroundings) -> Self {
        theme::apply(ctx);
        let preferences = surroundings.preferences.as_deref().map(Preferences::load).unwrap_or_default();
        ctx.set_theme(preferences.theme());
        let mut app = Self {
            document: None,
            revision: 0,
            shown: None,
            histograms: Vec::new(),
            job: None,
            side_job: None,
            history: History::default(),
            message: None,
            fit_failure: None,
            verified: None,
            side: Side::Results,
            opened: None,
            import: None,
            read_failure: None,
            banner_open: true,
            preferences,
            surroundings,
            answers: channel(),
            asking: None,
            drag_is_recorded: false,
            wanted_target: opening.target,
        };
        match (opening.file, opening.example) {
            (Some(file), _) => app.load(ctx, file, ImportOptions::default()),
            (None, Some(name)) => app.open_example(ctx, &name),
            (None, None) => app.open_example(ctx, "diabetes"),
        }
        app
    }

    /// The result on screen.
    pub fn analysis(&self) -> Option<&Arc<Analysis>> {
        self.shown.as_ref().map(|s| &s.analysis)
    }

    /// What is chosen and hovered.
    pub fn selection(&self) -> Option<&Selection> {
        self.shown.as_ref().map(|s| &s.selection)
    }

    /// What is open.
    pub fn document(&self) -> Option<&Document> {
        self.document.as_ref()
    }

    /// Whether a job is running.
    pub fn is_busy(&self) -> bool {
        self.job.is_some() || self.side_job.is_some() || self.asking.is_some()
    }

    /// The sentence on screen about what did not work, or what did.
    pub fn message(&self) -> Option<&str> {
        let Some(message) = &self.message else { return self.fit_failure.as_deref() };
        match message {
            Message::Problem(text) | Message::Done(text, _) => Some(text),
            Message::NoFile(_) => Some(layout::NO_FILE),
        }
    }

    /// Whether the result on screen belongs to an earlier state of the document.
    pub fn is_stale(&self) -> bool {
        self.shown.as_ref().is_some_and(|s| s.revision != self.revision)
    }

    /// Takes the time of the sweep off the screen, for pictures that must not change.
    pub fn forget_times(&mut self) {
        if let Some(shown) = &mut self.shown {
            shown.elapsed = Duration::ZERO;
        }
    }

    fn open_example(&mut self, ctx: &egui::Context, name: &str) {
        if let Some(example) = examples::all().iter().find(|e| e.name == name) {
            self.start(ctx, Work::Example(example));
        } else {
            let names: Vec<&str> = examples::all().iter().map(|e| e.name).collect();
            self.message =
                Some(Message::Problem(format!("There is no example {name:?}; choose one of {}", names.join(", "))));
        }
    }

    /// Reads a file; what is open stays until it is read.
    fn load(&mut self, ctx: &egui::Context, path: PathBuf, options: ImportOptions) {
        self.import = Some((path.clone(), options.clone()));
        self.start(ctx, Work::Load(path, options));
    }

    /// Starts a job; the former one in its place is cancelled.
    fn start(&mut self, ctx: &egui::Context, work: Work) {
        let beside = matches!(work, Work::Verify(..) | Work::Export(..));
        match Job::start(ctx, work) {
            Ok(job) if beside => self.side_job = Some(job),
            Ok(job) => self.job = Some(job),
            Err(failure) => self.fail(&failure),
        }
    }

    fn fail(&mut self, failure: &Failure) {
        self.drop_former_table();
        if matches!(failure, Failure::Cancelled) {
            return;
        }
        let text = sentence(&failure.to_string());
        if matches!(failure, Failure::Read { .. }) {
            self.read_failure = Some(text.clone());
        }
        let is_about_fit = matches!(failure, Failure::Design(_) | Failure::Analysis(_) | Failure::Panic(_));
        if is_about_fit && self.shown.is_none() {
            // The middle of the window says it.
            self.fit_failure = Some(text);
        } else {
            self.message = Some(Message::Problem(text));
        }
    }

    /// The new table has no result: that of the former one would only mislead.
    fn drop_former_table(&mut self) {
        if self.shown.as_ref().is_some_and(|s| s.is_of_former_table) {
            self.shown = None;
        }
    }

    /// The result on screen, if it is one of the open table.
    fn own_result(&self) -> Option<&Shown> {
        self.shown.as_ref().filter(|s| !s.is_of_former_table)
    }

    /// Takes in what jobs and dialogs have finished.
    fn take_results(&mut self, ctx: &egui::Context) {
        for slot in [Slot::Main, Slot::Side] {
            let job = match slot {
                Slot::Main => &mut self.job,
                Slot::Side => &mut self.side_job,
            };
            let Some(result) = job.as_ref().and_then(Job::poll) else { continue };
            *job = None;
            match result {
                Ok(outcome) => self.take_outcome(ctx, outcome),
                Err(failure) => self.fail(&failure),
            }
        }
        while let Ok(answer) = self.answers.1.try_recv() {
            let asked = self.asking.take();
            match answer {
                Answer::Open(Some(path)) => self.load(ctx, path, ImportOptions::default()),
                Answer::Save(file, Some(path)) => self.export(ctx, file, path),
                Answer::Open(None) if was_never_shown(asked) => {
                    self.message = Some(Message::NoFile(String::new()));
                }
                Answer::Save(_, None) if was_never_shown(asked) => {
                    self.message = Some(Message::Problem(NO_SAVE_DIALOG.to_owned()));
                }
                Answer::Open(None) | Answer::Save(..) => {}
            }
        }
        if self.job.is_some() || self.side_job.is_some() {
            ctx.request_repaint_after(Duration::from_millis(50));
        }
    }

    fn take_outcome(&mut self, ctx: &egui::Context, outcome: Outcome) {
        match outcome {
            Outcome::Loaded(loaded) => self.take_table(ctx, loaded),
            Outcome::Analyzed { analysis, revision, elapsed } => {
                let selection = match &self.shown {
                    Some(shown)
                        if !shown.is_of_former_table && shown.analysis.design.target == analysis.design.target =>
                    {
                        shown.selection.carried_over(&shown.analysis, &analysis)
                    }
                    _ => Selection::new(&analysis),
                };
                self.shown = Some(Shown { analysis, revision, elapsed, selection, is_of_former_table: false });
                self.verified = None;
            }
            Outcome::Verified { index, witness } => self.verified = Some((index, witness)),
            Outcome::Exported(path) => {
                self.message = Some(Message::Done(format!("Written {}", path.display()), Instant::now()));
            }
        }
    }

    fn take_table(&mut self, ctx: &egui::Context, loaded: Loaded) {
        let Loaded { table, histograms } = loaded;
        self.read_failure = None;
        let former = self.document.clone().filter(|d| is_same_file(&d.table.source, &table.source));
        let former_target = former.as_ref().map(|d| d.table.columns[d.roles.target].name.clone());
        let wanted = self.wanted_target.take().or(former_target);
        let by_name = wanted.as_deref().and_then(|name| table.column_index(name));
        let Some(target) = by_name.or_else(|| suggest_target(&table)) else {
            self.message = Some(Message::Problem(format!(
                "{}: no column holds numbers, so there is nothing to predict; open a table with a numeric column",
                table.name
            )));
            return;
        };
        self.message = match wanted {
            Some(name) if by_name.is_none() => Some(Message::Problem(format!(
                "There is no column {name:?} in {}; {:?} is predicted instead, choose another as target",
                table.name, table.columns[target].name
            ))),
            _ => None,
        };
        if let Source::File { path, .. } = &table.source {
            self.preferences.add_recent(path);
            self.save_preferences();
        }
        self.opened = self.import.take().filter(|_| matches!(table.source, Source::File { .. }));
        self.import.clone_from(&self.opened);
        self.histograms = histograms;
        let document = Document::new(table, target);
        self.document = Some(former.map_or(document.clone(), |former| document.carrying_over(&former)));
        self.history.clear();
        if let Some(shown) = &mut self.shown {
            shown.is_of_former_table = true;
        }
        self.banner_open = true;
        self.reanalyze(ctx);
    }

    /// The document has changed: analyse it anew.
    fn reanalyze(&mut self, ctx: &egui::Context) {
        self.revision += 1;
        self.fit_failure = None;
        if let Some(document) = self.document.clone() {
            self.start(ctx, Work::Analyze(document, self.revision));
        }
    }

    /// Keys and dropped files.
    fn take_input(&mut self, ctx: &egui::Context) {
        self.drag_is_recorded &= ctx.egui_is_using_pointer();
        for command in Command::WITH_KEYS {
            let Some(shortcut) = command.shortcut() else { continue };
            if command == Command::Cancel && self.job.is_none() && self.side_job.is_none() {
                continue;
            }
            if ctx.input_mut(|i| i.consume_shortcut(&shortcut)) {
                self.run(ctx, command);
            }
        }
        if self.side != Side::Results && ctx.input(|i| i.key_pressed(egui::Key::Escape)) {
            self.side = Side::Results;
        }
        let dropped = ctx.input(|i| i.raw.dropped_files.first().cloned());
        if let Some(file) = dropped {
            let path = file.path();
            if path.as_os_str().is_empty() {
                let name = "dropped file".to_owned();
                match file.bytes() {
                    Ok(bytes) => self.start(ctx, Work::LoadBytes(name, bytes)),
                    Err(error) => {
                        self.message = Some(Message::Problem(format!("The dropped file cannot be read: {error}")));
                    }
                }
            } else {
                let path = path.to_path_buf();
                self.load(ctx, path, ImportOptions::default());
            }
        }
        if let Some(shown) = &mut self.shown {
            views::path::take_input(ctx, &shown.analysis, &mut shown.selection);
        }
    }
}

/// What stands at the right of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Selected features, folds, what is left out.
    Results,
    /// All notes.
    Notes,
    /// Import options.
    Import,
}

fn is_same_file(a: &Source, b: &Source) -> bool {
    matches!((a, b), (Source::File { path: a, .. }, Source::File { path: b, .. }) if a == b)
}

#[derive(Clone, Copy)]
enum Slot {
    Main,
    Side,
}

/// A dialog that answers faster than anyone can click was never shown.
fn was_never_shown(asked: Option<Instant>) -> bool {
    asked.is_some_and(|since| since.elapsed() < Duration::from_millis(700))
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.take_results(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        self.take_input(&ctx);
        if let Some(command) = layout::show(self, ui) {
            self.run(&ctx, command);
        }
        if self.shown.as_mut().is_some_and(|s| s.selection.settle_hover()) {
            ctx.request_discard("another feature is hovered");
        }
    }
}
