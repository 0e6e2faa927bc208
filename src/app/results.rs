//! Taking in what jobs and dialogs have finished.

use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui;

use crate::analysis::{Analysis, Penalty};
use crate::app::data_view::Page;
use crate::app::dialogs::Answer;
use crate::app::document::Document;
use crate::app::finder::Finder;
use crate::app::format::sentence;
use crate::app::job::{Failure, Job, Outcome, Work};
use crate::app::loaded::Loaded;
use crate::app::selection::Selection;
use crate::app::states::Remedy;
use crate::app::tour;
use crate::app::typed_path::{TypedPath, Wanted};
use crate::app::views::path::Cache;
use crate::app::{App, Message, Shown, states};
use crate::data::design::guess_target;
use crate::data::examples;
use crate::data::options::ImportOptions;
use crate::data::table::{Source, Table};

impl App {
    pub(super) fn fail(&mut self, failure: &Failure) {
        self.drop_former_table();
        if matches!(failure, Failure::Cancelled) {
            return;
        }
        let text = sentence(&failure.to_string());
        match failure {
            Failure::Read { source, .. } if source.is_about_contents() => self.read_failure = Some(text.clone()),
            // Import options do not help there.
            Failure::Read { .. } | Failure::Moments { .. } => self.import.clone_from(&self.opened),
            _ => {}
        }
        let is_about_fit =
            matches!(failure, Failure::Design(_) | Failure::Analysis(_) | Failure::Sums(_) | Failure::Panic(_));
        let lacks_errors = !self.is_stale() && self.analysis().is_some_and(|a| !a.is_cross_validated());
        self.remedy = Remedy::of(failure);
        if is_about_fit && (self.shown.is_none() || (lacks_errors && self.job.is_none())) {
            // The middle of the window says it.
            self.fit_failure = Some(text.clone());
        }
        match &mut self.message {
            Some(Message::NoDialog(typed)) if !is_about_fit => typed.refuse(text),
            _ if !is_about_fit || self.shown.is_some() => self.message = Some(Message::Problem(text)),
            _ => {}
        }
    }

    /// The new table has no result: that of the former one would only mislead.
    pub(super) fn drop_former_table(&mut self) {
        if self.shown.as_ref().is_some_and(|s| s.is_of_former_table) {
            self.shown = None;
        }
    }

    /// Takes in what jobs and dialogs have finished.
    pub(super) fn take_results(&mut self, ctx: &egui::Context) {
        for slot in [Slot::Main, Slot::Side, Slot::Measuring] {
            while let Some(result) = self.slot(slot).as_mut().and_then(Job::poll) {
                if !result.as_ref().is_ok_and(Outcome::is_preliminary) {
                    *self.slot(slot) = None;
                }
                match result {
                    Ok(outcome) => self.take_outcome(ctx, outcome),
                    Err(failure) => self.fail(&failure),
                }
            }
        }
        while let Ok(answer) = self.answers.1.try_recv() {
            let asked = self.asking.take();
            match answer {
                Answer::Open(Some(path)) => self.load(ctx, path, ImportOptions::default()),
                Answer::Save(file, Some(path)) => self.export(ctx, file, path),
                Answer::Open(None) if was_never_shown(asked) => {
                    self.message = Some(Message::NoDialog(TypedPath::new(Wanted::Open)));
                }
                Answer::Save(file, None) if was_never_shown(asked) => {
                    self.message = Some(Message::NoDialog(TypedPath::new(Wanted::Save(file))));
                }
                Answer::Open(None) | Answer::Save(..) => {}
            }
        }
        if self.job.is_some() || self.side_job.is_some() {
            ctx.request_repaint_after(Duration::from_millis(50));
        }
    }

    /// The fits at the cursors are what people leave with: where the certificate of one stands on sums over the rows, it is
    /// measured on the rows themselves, as soon as the cursor rests.
    pub(super) fn measure_on_rows(&mut self, ctx: &egui::Context) {
        let is_quiet = self.measuring.is_none() && self.job.is_none() && !ctx.egui_is_using_pointer();
        let Some(shown) = self.shown.as_ref().filter(|s| is_quiet && !self.is_stale() && !s.cannot_measure) else {
            return;
        };
        let analysis = &shown.analysis;
        let is_wanting = |penalty: &Penalty| {
            analysis.has_all_rows() && !shown.selection.point(analysis, *penalty).is_measured_on_rows()
        };
        let Some(penalty) = [Penalty::Lasso, Penalty::Ridge].into_iter().find(is_wanting) else { return };
        let work = Work::Measure(Arc::clone(analysis), penalty, shown.selection.cursor(penalty).clone());
        self.start(ctx, work);
    }

    fn slot(&mut self, slot: Slot) -> &mut Option<Job> {
        match slot {
            Slot::Main => &mut self.job,
            Slot::Side => &mut self.side_job,
            Slot::Measuring => &mut self.measuring,
        }
    }

    fn take_outcome(&mut self, ctx: &egui::Context, outcome: Outcome) {
        match outcome {
            Outcome::Loaded(loaded) => self.take_table(ctx, loaded),
            Outcome::Analyzed { analysis, sums, revision, elapsed } => {
                let wanted = self.wanted_selection.take().filter(|wanted| wanted.is_of(&analysis));
                let carried_over = || match &self.shown {
                    Some(shown)
                        if !shown.is_of_former_table && shown.analysis.design.target == analysis.design.target =>
                    {
                        shown.selection.carried_over(&shown.analysis, &analysis)
                    }
                    _ => Selection::new(&analysis),
                };
                let selection = match wanted {
                    Some(wanted) => wanted.put_back(self.shown.as_ref().map(|s| s.analysis.as_ref()), &analysis),
                    None => carried_over(),
                };
                // The paths of one revision are the same before and after cross-validation.
                if self.shown.as_ref().is_none_or(|shown| shown.revision != revision) {
                    self.verified = None;
                }
                self.note_target(&analysis);
                self.shown = Some(Shown {
                    analysis,
                    sums,
                    revision,
                    elapsed,
                    selection,
                    paths: Cache::default(),
                    assumptions: None,
                    is_of_former_table: false,
                    cannot_measure: false,
                });
                self.measuring = None;
            }
            Outcome::Verified { cursor, witness } => self.verified = Some((cursor, witness)),
            Outcome::Measured(penalty, cursor) => {
                if let Some(shown) = &mut self.shown {
                    match cursor {
                        Some(cursor) => shown.selection.take_measured(&shown.analysis, penalty, cursor),
                        None => shown.cannot_measure = true,
                    }
                }
            }
            Outcome::Exported(path) => {
                self.message = Some(Message::Done(format!("Written {}", path.display()), Instant::now()));
            }
        }
    }

    /// The list of recent files says what was predicted last.
    fn note_target(&mut self, analysis: &Analysis) {
        let source = self.document.as_ref().map(|document| &document.table.source);
        if let Some(Source::File { path, .. }) = source
            && self.preferences.note_target(path, &analysis.design.target)
        {
            self.save_preferences();
        }
    }

    fn take_table(&mut self, ctx: &egui::Context, loaded: Loaded) {
        if self.tour.is_some() && !matches!(loaded.table.source, Source::Example(tour::EXAMPLE)) {
            // Another table was opened meanwhile: that is what is wanted now.
            self.tour = None;
        }
        let Loaded { table, stream, moments, histograms, columns } = loaded;
        self.read_failure = None;
        let former = self.document.clone().filter(|d| is_same_file(&d.table.source, &table.source));
        // A column of text may have been all there was.
        let could_be_fitted = |d: &Document| Document::can_be_target(&d.table, d.roles.target);
        let former_target =
            former.as_ref().filter(|d| could_be_fitted(d)).map(|d| d.table.columns[d.roles.target].name.clone());
        let is_chosen = self.wanted_target.is_some() || (former_target.is_some() && self.guess.is_none());
        let wanted = self.wanted_target.take().or(former_target);
        let by_name = wanted.as_deref().and_then(|name| table.column_index(name));
        let guess = guess_target(&table);
        let has_target = by_name.is_some() || guess.is_some();
        let target = by_name.or(guess.map(|(column, _)| column)).unwrap_or_default();
        let may_be_meant_otherwise = !(is_chosen && by_name.is_some()) && moments.is_none();
        let is_file = matches!(table.source, Source::File { .. });
        self.guess =
            guess.filter(|(column, _)| may_be_meant_otherwise && is_file && *column == target).map(|(_, how)| how);
        self.message = match wanted {
            Some(name) if by_name.is_none() && has_target => Some(Message::Problem(format!(
                "There is no column {name:?} in {}; {:?} is predicted instead, choose another as target",
                table.name, table.columns[target].name
            ))),
            _ => None,
        };
        if let Source::File { path, .. } = &table.source {
            let shape = loaded_shape(&table, stream.is_some());
            self.preferences.add_recent(path, shape, &table.columns[target].name);
            self.save_preferences();
        }
        self.opened = self.import.take().filter(|_| moments.is_none() && matches!(table.source, Source::File { .. }));
        self.import.clone_from(&self.opened);
        self.histograms = histograms;
        self.columns = columns;
        self.data_view.renew(&table, former.is_some());
        if former.is_none() {
            self.finder = Finder::default();
        }
        let mut document = Document { stream, moments, ..Document::new(table, target) };
        if let Source::Example(name) = document.table.source
            && let Some(example) = examples::find(name)
        {
            document.roles.degrees = example.degrees(&document.table);
        }
        self.document = Some(former.map_or(document.clone(), |former| document.carrying_over(&former)));
        self.history.clear();
        if let Some(shown) = &mut self.shown {
            shown.is_of_former_table = true;
        }
        self.banner_open = true;
        if has_target {
            self.reanalyze(ctx);
        } else {
            self.show_unfitted_table();
        }
    }

    /// Nothing can be predicted, but the table is there to be looked at, and its types to be set.
    fn show_unfitted_table(&mut self) {
        self.revision += 1;
        self.shown = None;
        (self.wanted_selection, self.remedy) = (None, Remedy::Change);
        self.fit_failure = self.document.as_ref().map(|document| states::nothing_to_predict(&document.table));
        self.page = Page::Data;
    }
}

/// Rows and columns, where all rows were counted.
fn loaded_shape(table: &Table, is_head: bool) -> Option<(usize, usize)> {
    (!is_head && table.n_records > 0).then_some((table.n_records, table.columns.len()))
}

/// A dialog that answers faster than anyone can click was never shown.
fn was_never_shown(asked: Option<Instant>) -> bool {
    asked.is_some_and(|since| since.elapsed() < Duration::from_millis(700))
}

fn is_same_file(a: &Source, b: &Source) -> bool {
    matches!((a, b), (Source::File { path: a, .. }, Source::File { path: b, .. }) if a == b)
}

#[derive(Clone, Copy)]
enum Slot {
    Main,
    Side,
    Measuring,
}
