//! Leaving the open table, back to the welcome page; pinning and the guide.

use eframe::egui;

use crate::app::command::Command;
use crate::app::data_view::{Columns, DataView, Page};
use crate::app::{App, Side};

impl App {
    /// Pins a fit, leaves the table, or shows the guide.
    pub(super) fn attend(&mut self, ctx: &egui::Context, command: &Command) {
        match command {
            Command::Pin => self.toggle_pin(ctx),
            Command::CloseTable => self.close_table(),
            Command::Help => self.is_help_open = !self.is_help_open,
            _ => {}
        }
    }

    /// Forgets the table, its result and the steps that could be taken back. A running tour is left by its own button.
    pub(super) fn close_table(&mut self) {
        if self.tour.is_some() {
            return;
        }
        (self.job, self.side_job, self.measuring) = (None, None, None);
        (self.document, self.shown, self.verified) = (None, None, None);
        (self.opened, self.import) = (None, None);
        (self.message, self.fit_failure, self.read_failure) = (None, None, None);
        (self.wanted_target, self.wanted_selection) = (None, None);
        (self.page, self.side) = (Page::Analysis, Side::Results);
        self.histograms.clear();
        self.columns = Columns::default();
        self.data_view = DataView::default();
        self.history.clear();
        self.revision += 1;
    }
}
