//! The window. [`App`] owns all state: it takes in results in `logic` and lays out the views in `ui`.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use eframe::egui;

use crate::analysis::sums::Sums;
use crate::analysis::{Analysis, Cursor};
use crate::app::data_view::{Columns, DataView, Page};
use crate::app::dialogs::Answer;
use crate::app::document::Document;
use crate::app::history::History;
use crate::app::job::{Job, Work};
use crate::app::preferences::Preferences;
use crate::app::selection::Selection;
use crate::app::tour::Tour;
use crate::app::typed_path::TypedPath;
use crate::data::design::Guess;
use crate::data::options::ImportOptions;
use crate::insight::assumptions::Assumptions;
use crate::model::reference::Witness;

mod analyzed;
pub mod cell_text;
pub mod choices;
mod closing;
pub mod command;
pub mod data_view;
pub mod dialogs;
pub mod document;
pub mod finder;
pub mod format;
pub mod fuzzy;
pub mod history;
pub mod job;
pub mod keys;
mod layout;
pub mod lens;
pub mod loaded;
mod opening;
mod overlays;
mod pace;
pub mod palette;
mod panel_columns;
pub mod panel_layout;
pub mod panel_places;
mod panels;
pub mod pinned;
pub mod plane_choice;
pub mod playground;
pub mod preferences;
pub mod remaining;
mod resting;
mod results;
mod run;
pub mod sections;
pub mod selection;
pub mod short_names;
pub mod spoken;
mod states;
mod table_page;
pub mod theme;
pub mod tour;
pub mod twins;
mod typed_path;
pub mod views;
pub mod walk;
pub mod weight_decay;

pub use opening::{Opening, Surroundings, options, run};

/// Longest time a job goes unmentioned, so that quick ones do not flicker.
const UNMENTIONED: Duration = Duration::from_millis(200);

/// A result on screen, with what it belongs to.
struct Shown {
    analysis: Arc<Analysis>,
    /// What its rows sum up to, if they are not kept.
    sums: Option<Arc<Sums>>,
    revision: u64,
    elapsed: Duration,
    selection: Selection,
    /// What its paths look like.
    paths: views::path::Cache,
    /// Once they are asked for.
    assumptions: Option<Assumptions>,
    /// It belongs to the table that was open before; shown until the new one is analysed.
    is_of_former_table: bool,
    /// Holding a fit against the rows did not work.
    cannot_measure: bool,
}

/// Something to tell the user.
#[derive(Debug, Clone, PartialEq)]
enum Message {
    /// Something did not work; says why and what to do.
    Problem(String),
    /// Something worked; fades after a while.
    Done(String, Instant),
    /// The dialog gave no file; a path can be typed.
    NoDialog(TypedPath),
}

/// Owns all state.
pub struct App {
    document: Option<Document>,
    /// Grows with every change of the document.
    revision: u64,
    shown: Option<Shown>,
    /// Histograms of the open table's columns.
    histograms: Vec<Vec<u32>>,
    /// What else is known of them.
    columns: Columns,
    /// What fills the middle of the window.
    page: Page,
    /// What is searched, sorted and chosen in the table.
    data_view: DataView,
    /// What is looked for in the lists of features.
    finder: finder::Finder,
    /// Load or analyse.
    job: Option<Job>,
    /// Verify or export, beside it.
    side_job: Option<Job>,
    /// Holds the fit at a cursor against the rows, in the background.
    measuring: Option<Job>,
    history: History,
    message: Option<Message>,
    /// Why the present document has no fit.
    fit_failure: Option<String>,
    /// What may bring one.
    remedy: states::Remedy,
    /// How the target was guessed, until one is chosen.
    guess: Option<Guess>,
    verified: Option<(Cursor, Box<Witness>)>,
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
    /// The guide stands over the right of the window.
    is_help_open: bool,
    /// Target named on the command line, until the file is read.
    wanted_target: Option<String>,
    /// The guided tour, if one is on.
    tour: Option<Tour>,
    /// What was chosen in the result that is being computed again.
    wanted_selection: Option<Selection>,
    /// Palette or key sheet, while one is open.
    overlay: Option<keys::Overlay>,
}

impl App {
    /// The window's state at start; the opening file or example is being read.
    pub fn new(ctx: &egui::Context, opening: Opening, surroundings: Surroundings) -> Self {
        theme::apply(ctx);
        ctx.add_plugin(spoken::Spoken::default());
        ctx.add_plugin(resting::Resting::default());
        let preferences = surroundings.preferences.as_deref().map(Preferences::load).unwrap_or_default();
        ctx.set_theme(preferences.theme());
        let mut app = Self {
            document: None,
            revision: 0,
            shown: None,
            histograms: Vec::new(),
            columns: Columns::default(),
            page: Page::default(),
            data_view: DataView::default(),
            finder: finder::Finder::default(),
            job: None,
            side_job: None,
            measuring: None,
            history: History::default(),
            message: None,
            fit_failure: None,
            remedy: states::Remedy::default(),
            guess: None,
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
            is_help_open: false,
            wanted_target: opening.target,
            tour: None,
            wanted_selection: None,
            overlay: None,
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

    /// How the panels of the analysis are arranged.
    pub fn panels(&self) -> &panel_layout::PanelLayout {
        &self.preferences.panels
    }

    /// What fills the middle of the window.
    pub fn page(&self) -> Page {
        self.page
    }

    /// What is searched, sorted and chosen in the table.
    pub fn data_view(&self) -> &DataView {
        &self.data_view
    }

    /// What is open.
    pub fn document(&self) -> Option<&Document> {
        self.document.as_ref()
    }

    /// The guided tour, if one is on.
    pub fn tour(&self) -> Option<&Tour> {
        self.tour.as_ref()
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
            Message::NoDialog(typed) => Some(typed.sentence()),
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

    /// Reads a file; what is open stays until it is read.
    fn load(&mut self, ctx: &egui::Context, path: PathBuf, options: ImportOptions) {
        self.import = Some((path.clone(), options.clone()));
        self.start(ctx, Work::Load(path, options));
    }

    /// Starts a job; the former one in its place is cancelled.
    fn start(&mut self, ctx: &egui::Context, work: Work) {
        let beside = matches!(work, Work::Verify(..) | Work::Export(..));
        let measures = matches!(work, Work::Measure(..));
        match Job::start(ctx, work, &self.surroundings.pace) {
            Ok(job) if measures => self.measuring = Some(job),
            Ok(job) if beside => self.side_job = Some(job),
            Ok(job) => self.job = Some(job),
            Err(failure) => self.fail(&failure),
        }
    }

    /// The result on screen, if it is one of the open table.
    fn own_result(&self) -> Option<&Shown> {
        self.shown.as_ref().filter(|s| !s.is_of_former_table)
    }

    /// Whether all of the present document's result is there to be exported.
    fn can_export(&self) -> bool {
        !self.is_stale() && self.analysis().is_some_and(|analysis| analysis.is_cross_validated())
    }

    /// The document has changed: analyse it anew.
    fn reanalyze(&mut self, ctx: &egui::Context) {
        self.revision += 1;
        self.fit_failure = None;
        self.wanted_selection = None;
        if let Some(document) = self.document.clone() {
            let former = self.own_result().map(|shown| Arc::clone(&shown.analysis));
            let sums = self.own_result().and_then(|shown| shown.sums.clone());
            self.start(ctx, Work::Analyze(document, self.revision, former, sums));
        }
    }

    /// Back from the table shown last to its picture, or from the panel that fills the page; true if the layout changed.
    fn leave_table_or_panel(&mut self) -> bool {
        let left = self.shown.as_mut().and_then(|shown| shown.selection.twins.leave_last());
        left.is_none() && self.preferences.panels.restore()
    }

    /// Keys and dropped files.
    fn take_input(&mut self, ctx: &egui::Context) {
        self.drag_is_recorded &= ctx.egui_is_using_pointer();
        let asks_for_path = matches!(self.message, Some(Message::NoDialog(_)));
        walk::take_keys(ctx, self.is_covered() || self.is_help_open || asks_for_path);
        self.take_shortcuts(ctx);
        let is_covered = self.is_covered() || egui::Popup::is_any_open(ctx);
        if !is_covered && !self.is_help_open {
            self.take_tour_keys(ctx);
        }
        if !is_covered && ctx.input(|i| i.key_pressed(egui::Key::Escape)) {
            if self.is_help_open {
                self.is_help_open = false;
            } else if self.side != Side::Results {
                self.side = Side::Results;
            } else if self.page == Page::Geometry {
                self.page = Page::Analysis;
            } else if self.page == Page::Analysis && self.leave_table_or_panel() {
                self.save_preferences();
            }
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

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.take_results(ctx);
        self.arrange_tour();
        self.measure_on_rows(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        self.take_input(&ctx);
        views::picker::walk_open_list(&ctx);
        let before = self.shown.as_ref().map(|shown| shown.selection.clone());
        if let Some(shown) = &mut self.shown {
            views::path::take_input(&ctx, &shown.analysis, &mut shown.selection);
            views::curve::take_input(&ctx, &shown.analysis, &mut shown.selection);
        }
        let command = layout::show(self, ui);
        self.record_selection(&ctx, before);
        let command = self.show_overlay(&ctx).or(command);
        if let Some(command) = command {
            self.run(&ctx, command);
        }
        if self.shown.as_mut().is_some_and(|s| s.selection.settle_hover()) {
            ctx.request_discard("another feature is hovered");
        }
    }
}
