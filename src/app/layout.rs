//! Where each view stands, and which state of the window is shown.

use eframe::egui::{self, Align, CornerRadius, Frame, Layout, Panel, Rect, RichText, Ui, vec2};

use crate::app::command::Command;
use crate::app::data_view::Page;
use crate::app::panel_layout::PanelLayout;
use crate::app::table_page::{self, all_notes, reading_notes, show_place};
use crate::app::tour::Tour;
use crate::app::views::{data_panel, geometry, help, import_panel, notes, status_bar, top_bar, tour, welcome};
use crate::app::walk::{self, Region};
use crate::app::{App, Message, Side, UNMENTIONED, overlays, panel_columns, panels, states, theme};
use crate::data::table::Source;

/// From this width on the data panel stands beside the table too, which has a list of columns of its own.
pub(super) const ROOM_FOR_ALL: f32 = 1440.0;

/// Draws the whole window.
pub(super) fn show(app: &mut App, ui: &mut Ui) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let mut command = None;
    let bar = Frame::new().fill(tokens.chrome);
    Panel::top("top bar").exact_size(theme::TOP_BAR).frame(bar).show(ui, |ui| {
        walk::region(ui, Region::TopBar, ui.max_rect());
        command = top(app, ui);
    });
    Panel::bottom("status bar").exact_size(theme::STATUS_BAR).frame(bar).show(ui, |ui| {
        walk::region(ui, Region::StatusBar, ui.max_rect());
        command = status(app, ui).or(command.take());
    });
    if let Some(at) = app.tour.as_ref().map(Tour::at) {
        Panel::bottom("tour").exact_size(tour::HEIGHT).frame(bar).show(ui, |ui| {
            walk::region(ui, Region::Tour, ui.max_rect());
            command = tour::show(ui, at).or(command.take());
        });
    }
    // The page of the analysis says in its middle why there is no fit.
    let lacks_fit = app.page == Page::Data && app.message.is_none() && app.fit_failure.is_some();
    if lacks_fit || matches!(app.message, Some(Message::Problem(_) | Message::NoDialog(_))) {
        Panel::top("message").exact_size(notes::BANNER).frame(bar).show(ui, |ui| {
            walk::region(ui, Region::Message, ui.max_rect());
            command = message(app, ui).or(command.take());
        });
    }
    if !lacks_fit && app.banner_open && !reading_notes(app).is_empty() {
        Panel::top("notes banner").exact_size(notes::BANNER).frame(bar).show(ui, |ui| {
            walk::region(ui, Region::Banner, ui.max_rect());
            banner(app, ui);
        });
    }
    let is_table = app.page == Page::Data && app.document.is_some();
    let is_geometry = app.page == Page::Geometry && app.shown.is_some();
    let shows_data = app.document.is_some() && !is_geometry && (!is_table || ui.available_width() >= ROOM_FOR_ALL);
    let data_edge = if shows_data {
        let shown = panel_columns::data(app, ui, bar);
        command = shown.0.or(command.take());
        shown.1
    } else {
        None
    };
    if (app.side == Side::Import && is_table) || (app.side != Side::Results && app.shown.is_none() && !is_table) {
        let frame = Frame::new().fill(tokens.surface);
        Panel::right("side").exact_size(360.0).frame(frame).show(ui, |ui| command = side(app, ui).or(command.take()));
    }
    let surface = Frame::new().fill(tokens.surface);
    egui::CentralPanel::default().frame(surface).show(ui, |ui| {
        let area = ui.max_rect();
        command = centre(app, ui).or(command.take());
        // After its parts, so that it has what none of them holds.
        let is_of_panels = app.shown.is_some() && app.page == Page::Analysis;
        walk::region(ui, if is_of_panels { Region::Frame } else { Region::Page(u8::MAX) }, area);
    });
    if let Some(edge) = data_edge {
        command = panel_columns::data_divider(app, ui, edge).or(command.take());
    }
    overlays::show(app, ui);
    if app.is_help_open { help::show(ui).or(command) } else { command }
}

fn top(app: &App, ui: &mut Ui) -> Option<Command> {
    let context = top_bar::Context {
        document: app.document.as_ref(),
        guess: app.guess,
        can_export: app.can_export(),
        undo: app.history.undo_name(),
        redo: app.history.redo_name(),
        recent: &app.preferences.recent,
        theme: app.preferences.theme(),
        page: app.page,
        is_touring: app.tour.is_some(),
    };
    top_bar::show(ui, &context)
}

fn status(app: &mut App, ui: &mut Ui) -> Option<Command> {
    // Where nothing is on screen yet, the middle of the window shows the progress.
    let is_middle_filled = app.shown.is_some() || (app.page == Page::Data && app.document.is_some());
    let main_job = app.job.as_ref().filter(|_| is_middle_filled);
    let running = [app.side_job.as_ref(), main_job].into_iter().flatten().find(|job| job.running_for() > UNMENTIONED);
    let context = status_bar::Context {
        is_former: app.is_stale(),
        is_open: app.document.is_some(),
        is_reading: app.job.is_some(),
        // The page of the analysis says it in the middle, the table in a banner.
        failure: app.fit_failure.as_deref().filter(|_| app.page == Page::Data && app.message.is_some()),
        shown: app.shown.as_ref().map(|s| (s.analysis.as_ref(), &s.selection)),
        running: running.map(|job| status_bar::Running {
            what: job.what(),
            fraction: job.fraction(),
            remaining: job.remaining(),
        }),
        notes: all_notes(app).len(),
        elapsed: app
            .shown
            .as_ref()
            .filter(|s| s.analysis.is_cross_validated())
            .map(|s| s.elapsed)
            .filter(|e| !e.is_zero()),
    };
    match status_bar::show(ui, &context)? {
        status_bar::Asked::Command(command) => Some(command),
        status_bar::Asked::Notes if app.page == Page::Data => {
            app.data_view.hides_notes = !app.data_view.hides_notes;
            None
        }
        status_bar::Asked::Notes => {
            app.side = if app.side == Side::Notes { Side::Results } else { Side::Notes };
            None
        }
    }
}

/// Notes or import options.
pub(super) fn side(app: &mut App, ui: &mut Ui) -> Option<Command> {
    walk::region(ui, Region::Side, ui.max_rect());
    if app.side == Side::Notes {
        match notes::show(ui, &all_notes(app)) {
            Some(notes::Asked::Close) => app.side = Side::Results,
            Some(notes::Asked::Place(i)) => show_place(app, all_notes(app).get(i).copied().cloned()),
            Some(notes::Asked::All | notes::Asked::Import) | None => {}
        }
        return None;
    }
    let Some((path, options)) = &app.import else {
        app.side = Side::Results;
        return None;
    };
    let is_of_path = |source: &Source| matches!(source, Source::File { path: read, .. } if read == path);
    let table = app.document.as_ref().map(|d| d.table.as_ref()).filter(|t| is_of_path(&t.source));
    let name = crate::app::job::file_name(path);
    let context = import_panel::Context { name: &name, options, table, failure: app.read_failure.as_deref() };
    match import_panel::show(ui, &context)? {
        import_panel::Asked::Read(options) => Some(Command::SetImport(options)),
        import_panel::Asked::Close => {
            app.side = Side::Results;
            None
        }
    }
}

fn banner(app: &mut App, ui: &mut Ui) {
    match notes::banner(ui, &reading_notes(app), app.import.is_some()) {
        Some(notes::Asked::All) if app.page == Page::Data => app.data_view.hides_notes = false,
        Some(notes::Asked::All) => app.side = Side::Notes,
        Some(notes::Asked::Place(i)) => show_place(app, reading_notes(app).get(i).copied().cloned()),
        Some(notes::Asked::Import) => app.side = Side::Import,
        Some(notes::Asked::Close) => app.banner_open = false,
        None => {}
    }
}

fn message(app: &mut App, ui: &mut Ui) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let rect = ui.max_rect();
    ui.painter().rect_filled(rect, CornerRadius::ZERO, tokens.warn_ground);
    ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(3.0, rect.height())), CornerRadius::ZERO, tokens.warn);
    let mut command = None;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add_space(theme::PADDING);
        if app.message.is_some() && ui.button("Dismiss").clicked() {
            command = Some(Command::DismissMessage);
        }
        let is_about_file = app.message.is_none() && app.import.is_some();
        if (is_about_file || app.read_failure.is_some()) && ui.button(Command::ShowImport.text()).clicked() {
            command = Some(Command::ShowImport);
        }
        let way_back = states::way_back(app).filter(|_| app.is_stale() && app.job.is_none());
        if let Some((text, step)) = way_back
            && ui.button(text).on_hover_text(step.tooltip()).clicked()
        {
            command = Some(step);
        }
        if let Some(Message::NoDialog(typed)) = &mut app.message {
            command = typed.show(ui).or(command.take());
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add_space(theme::PADDING);
            let text = app.message().unwrap_or_default().to_owned();
            ui.add(egui::Label::new(RichText::new(&text).color(tokens.text)).truncate()).on_hover_text(text);
        });
    });
    command
}

/// Columns and settings.
pub(super) fn data(app: &mut App, ui: &mut Ui, layout: &mut PanelLayout) -> Option<Command> {
    let document = app.document.as_ref()?;
    let (analysis, selection) = match &mut app.shown {
        Some(shown) if !shown.is_of_former_table => (Some(shown.analysis.clone()), Some(&mut shown.selection)),
        _ => (None, None),
    };
    let context = data_panel::Context { analysis: analysis.as_deref(), histograms: &app.histograms };
    data_panel::show(ui, document, &context, selection, (&mut app.finder.columns, layout))
}

fn centre(app: &mut App, ui: &mut Ui) -> Option<Command> {
    if app.page == Page::Data && app.document.is_some() {
        return table_page::show(app, ui);
    }
    if app.shown.is_some() && app.page == Page::Geometry {
        return geometry_page(app, ui);
    }
    if app.shown.is_some() {
        return panels::show(app, ui);
    }
    match (&app.job, &app.document) {
        (Some(job), _) => states::running(ui, job),
        (None, Some(_)) => states::no_fit(app, ui),
        (None, None) => welcome::show(ui, &app.preferences.recent),
    }
}

/// The geometry alone, with the notes or the import options over its right column where they are asked for.
fn geometry_page(app: &mut App, ui: &mut Ui) -> Option<Command> {
    if app.side != Side::Results {
        let frame = Frame::new().fill(theme::tokens(ui).surface);
        let panel = Panel::right("geometry side").exact_size(360.0).frame(frame);
        let command = panel.show(ui, |ui| side(app, ui)).inner;
        if command.is_some() {
            return command;
        }
    }
    let is_late = app.job.as_ref().is_none_or(|job| job.running_for() > UNMENTIONED);
    if app.is_stale() && is_late {
        ui.multiply_opacity(0.5);
    }
    let shown = app.shown.as_mut()?;
    ui.spacing_mut().item_spacing.y = 0.0;
    geometry::page::show(ui, &shown.analysis, &mut shown.selection)
}
