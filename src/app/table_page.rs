//! What the data view is given of the window's state, and how a note opens it.

use eframe::egui::Ui;

use crate::app::command::Command;
use crate::app::data_view::{Page, Place};
use crate::app::views::data_page;
use crate::app::{App, Side, layout};
use crate::data::notes::Note;

/// The table as read, whether it could be fitted or not.
pub(super) fn show(app: &mut App, ui: &mut Ui) -> Option<Command> {
    let mut view = std::mem::take(&mut app.data_view);
    let notes = all_notes(app);
    let has_banner = app.banner_open && !reading_notes(app).is_empty();
    let has_panel = ui.ctx().content_rect().width() >= layout::ROOM_FOR_ALL;
    let command = app.document.as_ref().and_then(|document| {
        let shown = app.own_result().filter(|s| s.revision == app.revision);
        let context = data_page::Context {
            document,
            columns: &app.columns,
            histograms: &app.histograms,
            options: app.type_options().map(|(_, options)| options),
            analysis: shown.map(|s| s.analysis.as_ref()),
            leads_to_import: !has_banner && !has_panel && app.side != Side::Import,
            notes: &notes,
        };
        data_page::show(ui, &context, &mut view)
    });
    app.data_view = view;
    command
}

/// What the loader and the design noted.
pub(super) fn reading_notes(app: &App) -> Vec<&Note> {
    let read = app.document.as_ref().map(|d| &d.table);
    // Those of the whole file, where the table holds its first records only.
    let whole = app.own_result().and_then(|s| s.sums.as_ref()).map(|sums| &sums.table);
    let table = whole.or(read).into_iter().flat_map(|table| &table.notes);
    let design = app.own_result().into_iter().flat_map(|s| &s.analysis.design.notes);
    // The loader has named the dates already.
    table.chain(design.filter(|note| note.kind != "date_left_out")).collect()
}

/// These and what the analysis noted.
pub(super) fn all_notes(app: &App) -> Vec<&Note> {
    let mut notes = reading_notes(app);
    notes.extend(app.own_result().into_iter().flat_map(|s| &s.analysis.notes));
    notes
}

/// Shows the cell that a note is about.
pub(super) fn show_place(app: &mut App, note: Option<Note>) {
    let place = note.zip(app.document.as_ref()).and_then(|(note, document)| {
        let table = &document.table;
        // The table may hold the first records only.
        let is_read = |line: &u64| table.n_records.checked_sub(1).is_some_and(|last| *line <= table.line(last));
        let line = note.line.filter(|line| document.stream.is_none() || is_read(line));
        Place::of(table, &Note { line, ..note })
    });
    if let (Some(place), Some(document)) = (place, &app.document) {
        app.page = Page::Data;
        app.data_view.jump(&document.table, place);
    }
}
