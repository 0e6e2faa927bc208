//! Carrying commands out: what each does to the document, the jobs and the disk.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use eframe::egui;

use crate::analysis::Penalty;
use crate::app::command::Command;
use crate::app::data_view::Page;
use crate::app::document::{Deal, Document, SettingsForm};
use crate::app::format;
use crate::app::history::State;
use crate::app::job::{Export, Work};
use crate::app::selection::Selection;
use crate::app::states::Remedy;
use crate::app::twins::Twin;
use crate::app::views::{feature_values, table_twin};
use crate::app::{App, Message, Side, panel_columns};
use crate::data::examples;
use crate::data::options::{ImportOptions, TypeChoice};
use crate::export::{Chosen, File};

impl App {
    /// Carries a command out.
    pub fn run(&mut self, ctx: &egui::Context, command: Command) {
        match command {
            Command::OpenDialog => {
                if self.asking.is_none() {
                    self.asking = Some(Instant::now());
                    self.surroundings.dialogs.open(ctx, self.answers.0.clone());
                }
            }
            Command::OpenPath(path) => self.load(ctx, path, ImportOptions::default()),
            Command::ShowImport => self.side = Side::Import,
            Command::SetImport(options) => {
                if let Some((path, _)) = self.import.clone() {
                    self.message = None;
                    self.load(ctx, path, *options);
                }
            }
            Command::SetColumnType(column, choice) => self.set_column_type(ctx, &column, choice),
            Command::ShowPage(page) if self.document.is_some() => self.page = page,
            Command::ShowPage(_) => {}
            Command::FindColumn => {
                if self.document.is_some() {
                    self.page = Page::Data;
                    self.data_view.asked.focus_search = true;
                }
            }
            Command::OpenExample(name) => self.open_example(ctx, name),
            Command::ClearRecent => {
                self.preferences.recent.clear();
                self.save_preferences();
            }
            Command::SetTarget(..)
            | Command::SetExcluded(..)
            | Command::SetRoles(..)
            | Command::SetDeal(..)
            | Command::SetForm(_) => {
                self.change_document(ctx, command);
            }
            Command::Cancel => self.cancel(),
            Command::Verify => self.verify(ctx),
            Command::Export(file) => {
                if self.asking.is_none() && self.can_export() {
                    self.asking = Some(Instant::now());
                    self.surroundings.dialogs.save(ctx, file, self.answers.0.clone());
                }
            }
            Command::CopyTable => self.copy_table(ctx),
            Command::CopyTwin(twin) => self.copy_twin(ctx, twin),
            Command::SetTheme(theme) => {
                ctx.set_theme(theme);
                self.preferences.set_theme(theme);
                self.save_preferences();
            }
            Command::ResetLayout | Command::KeepLayout => panel_columns::keep(self, &command),
            Command::Recompute => {
                self.message = None;
                self.reanalyze(ctx);
            }
            Command::DismissMessage => {
                self.message = None;
                self.read_failure = None;
                self.import.clone_from(&self.opened);
            }
            Command::Pin | Command::CloseTable | Command::Help => self.attend(ctx, &command),
            Command::StartTour => self.start_tour(ctx),
            Command::ShowTourStep(at) => self.show_tour_step(ctx, at),
            Command::LeaveTour => self.leave_tour(ctx),
            Command::Undo => {
                let name = self.history.undo_name().map(|name| format!("Taken back: {name}"));
                let before = self.state().and_then(|now| self.history.undo(now));
                self.replace_state(ctx, before);
                self.message = name.map(|name| Message::Done(name, Instant::now())).or(self.message.take());
            }
            Command::Redo => {
                let name = self.history.redo_name().map(|name| format!("Done again: {name}"));
                let after = self.state().and_then(|now| self.history.redo(now));
                self.replace_state(ctx, after);
                self.message = name.map(|name| Message::Done(name, Instant::now())).or(self.message.take());
            }
            asked => self.run_from_keys(ctx, &asked),
        }
    }

    pub(super) fn open_example(&mut self, ctx: &egui::Context, name: &str) {
        if let Some(example) = examples::all().iter().find(|e| e.name == name) {
            self.start(ctx, Work::Example(example));
        } else {
            let names: Vec<&str> = examples::all().iter().map(|e| e.name).collect();
            self.message =
                Some(Message::Problem(format!("There is no example “{name}”; choose one of {}", names.join(", "))));
        }
    }

    fn cancel(&mut self) {
        (self.job, self.side_job) = (None, None);
        self.drop_former_table();
        self.remedy = Remedy::Retry;
        if self.is_stale() {
            let text = "Cancelled: what is shown belongs to the former settings";
            self.message = Some(Message::Problem(text.to_owned()));
        }
    }

    fn change_document(&mut self, ctx: &egui::Context, command: Command) {
        match command {
            Command::SetTarget(column) => {
                self.guess = None;
                let name = format!("target {}", self.column_name(column));
                self.change(ctx, name, |d| {
                    d.roles.target = column;
                    d.roles.excluded.remove(&column);
                });
            }
            Command::SetExcluded(columns, exclude) => {
                let what = if let [column] = columns[..] {
                    self.column_name(column)
                } else {
                    format!("{} columns", columns.len())
                };
                let name = format!("{} {what}", if exclude { "exclude" } else { "include" });
                self.change(ctx, name, |d| {
                    for column in columns {
                        if exclude {
                            d.roles.excluded.insert(column)
                        } else {
                            d.roles.excluded.remove(&column)
                        };
                    }
                });
            }
            Command::SetRoles(name, roles) => self.change(ctx, name, |d| {
                d.roles = *roles;
                let without_column = match d.form.deal {
                    Deal::Column => d.roles.fold_column.is_none(),
                    Deal::Groups => d.roles.group_column.is_none(),
                    _ => false,
                };
                // The column that gave the folds now plays another part.
                if without_column {
                    d.form.deal = Deal::Random;
                }
            }),
            Command::SetDeal(name, deal, column) => self.change(ctx, name, |d| {
                d.form.deal = deal;
                let (folds, groups) = (&mut d.roles.fold_column, &mut d.roles.group_column);
                *folds = column.filter(|_| deal == Deal::Column);
                *groups = column.filter(|_| deal == Deal::Groups);
                if d.roles.weight_column == column {
                    d.roles.weight_column = None;
                }
            }),
            Command::SetForm(form) => self.set_form(ctx, form),
            _ => {}
        }
    }

    fn set_column_type(&mut self, ctx: &egui::Context, column: &str, choice: Option<TypeChoice>) {
        let Some((path, mut options)) = self.type_options().cloned() else { return };
        match choice {
            Some(choice) => options.types.insert(column.to_owned(), choice),
            None => options.types.remove(column),
        };
        self.message = None;
        self.load(ctx, path, options);
    }

    /// The open file and how it is read; the latest if it is being read anew.
    pub(super) fn type_options(&self) -> Option<&(PathBuf, ImportOptions)> {
        let opened = self.opened.as_ref()?;
        let import = self.import.as_ref().filter(|(path, _)| *path == opened.0 && self.read_failure.is_none());
        import.or(Some(opened))
    }

    fn set_form(&mut self, ctx: &egui::Context, form: SettingsForm) {
        let needs_column = |document: &Document| match form.deal {
            Deal::Column => document.roles.fold_column.is_none(),
            Deal::Groups => document.roles.group_column.is_none(),
            _ => false,
        };
        // Without its column the deal cannot run yet: the panel now asks for the column.
        if self.document.as_ref().is_some_and(needs_column) {
            if let Some(document) = &mut self.document {
                document.form = form;
            }
            return;
        }
        self.change(ctx, "settings".to_owned(), |d| {
            if form.deal != Deal::Column {
                d.roles.fold_column = None;
            }
            if form.deal != Deal::Groups {
                d.roles.group_column = None;
            }
            d.form = form;
        });
    }

    /// Changes the document by a named step that can be taken back.
    fn change(&mut self, ctx: &egui::Context, name: String, change: impl FnOnce(&mut Document)) {
        let Some(before) = self.state() else { return };
        let Some(document) = &mut self.document else { return };
        change(document);
        // One drag is one step, however many values it passes.
        if !self.drag_is_recorded {
            self.history.record(name, before, ctx.input(|i| i.time));
            self.drag_is_recorded = ctx.egui_is_using_pointer();
        }
        self.message = None;
        self.reanalyze(ctx);
    }

    /// Notes what the pass has changed in the selection, by the name of the change.
    pub(super) fn record_selection(&mut self, ctx: &egui::Context, before: Option<Selection>) {
        let Some((shown, before)) = self.shown.as_ref().zip(before) else { return };
        let Some(name) = shown.selection.difference(&before) else { return };
        let Some(document) = self.document.clone().filter(|_| !self.drag_is_recorded && !self.is_stale()) else {
            return;
        };
        let state = || State { document, selection: Some(before) };
        self.history.record_or_continue(name.to_owned(), state, ctx.input(|i| i.time));
        self.drag_is_recorded = ctx.egui_is_using_pointer();
    }

    fn state(&self) -> Option<State> {
        let selection = self.shown.as_ref().filter(|_| !self.is_stale()).map(|shown| shown.selection.clone());
        Some(State { document: self.document.clone()?, selection })
    }

    /// Puts a state back: at once if it asks for the analysis on screen, else with the one it asks for.
    fn replace_state(&mut self, ctx: &egui::Context, state: Option<State>) {
        let (Some(state), Some(document)) = (state, &self.document) else { return };
        self.message = None;
        if state.is_same_document(document) && !self.is_stale() {
            if let (Some(shown), Some(selection)) = (&mut self.shown, state.selection) {
                shown.selection = selection;
            }
            return;
        }
        self.document = Some(state.document);
        self.reanalyze(ctx);
        self.wanted_selection = state.selection;
    }

    fn verify(&mut self, ctx: &egui::Context) {
        if let Some(shown) = &self.shown
            && self.side_job.is_none()
        {
            let work = Work::Verify(Arc::clone(&shown.analysis), shown.selection.cursor(Penalty::Lasso).clone());
            self.start(ctx, work);
        }
    }

    pub(super) fn export(&mut self, ctx: &egui::Context, file: File, path: PathBuf) {
        if self.is_stale() {
            let text = "Nothing was written, since the settings changed while the place was chosen; export again";
            self.message = Some(Message::Problem(text.to_owned()));
            return;
        }
        if let (Some(shown), Some(document)) = (&self.shown, &self.document) {
            let chosen = Chosen {
                lasso: shown.selection.cursor(Penalty::Lasso).clone(),
                ridge: shown.selection.cursor(Penalty::Ridge).clone(),
            };
            let table = shown.sums.as_ref().map_or(&document.table, |sums| &sums.table);
            let (table, roles) = (Arc::clone(table), document.roles.clone());
            let export = Export { file, path, table, roles, analysis: Arc::clone(&shown.analysis), chosen };
            self.start(ctx, Work::Export(Box::new(export)));
        }
    }

    fn copy_table(&mut self, ctx: &egui::Context) {
        if let Some(shown) = &self.shown {
            ctx.copy_text(feature_values::as_text(&shown.analysis, &shown.selection));
            self.message = Some(Message::Done(
                "Table copied, tab-separated: paste it into a spreadsheet".to_owned(),
                Instant::now(),
            ));
        }
    }

    fn copy_twin(&mut self, ctx: &egui::Context, twin: Twin) {
        let table = self.shown.as_ref().and_then(|s| table_twin::table(twin, &s.analysis, &s.selection).ok());
        if let Some(table) = table {
            ctx.copy_text(table.as_text());
            let text = format!("{} copied, {} rows, tab-separated", table.title, format::count(table.n_rows));
            self.message = Some(Message::Done(text, Instant::now()));
        }
    }

    fn column_name(&self, column: usize) -> String {
        let name = self.document.as_ref().and_then(|d| d.table.columns.get(column)).map(|c| c.name.clone());
        name.unwrap_or_default()
    }

    pub(super) fn save_preferences(&self) {
        if let Some(path) = &self.surroundings.preferences {
            self.preferences.save(path);
        }
    }
}
