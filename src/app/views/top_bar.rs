//! File, shape and target first; actions stay quiet.

use eframe::egui::{Align, Button, CornerRadius, Layout, RichText, Sense, Stroke, ThemePreference, Ui, vec2};

use crate::app::command::Command;
use crate::app::data_view::Page;
use crate::app::document::Document;
use crate::app::format;
use crate::app::preferences::Recent;
use crate::app::theme;
use crate::app::views::picker;
use crate::app::views::widgets::{combo, elided, segments};
use crate::data::design::Guess;
use crate::data::examples;
use crate::export::File;

/// What target, switch of pages and actions need of the width.
const REST: f32 = 786.0;

/// Width of the window from which on the tour has a button of its own.
const ROOM_FOR_TOUR: f32 = 1100.0;

/// Why there are no predictions.
pub const NO_ROWS: &str =
    "Predictions need rows, and only their moments were opened: apply the coefficients where the rows are";

/// What the bar reads.
pub struct Context<'a> {
    /// What is open.
    pub document: Option<&'a Document>,
    /// How the target was guessed, until one is chosen.
    pub guess: Option<Guess>,
    /// Whether there is something to export.
    pub can_export: bool,
    /// Name of the step that Undo takes back.
    pub undo: Option<&'a str>,
    /// Name of the step that Redo does again.
    pub redo: Option<&'a str>,
    /// Files opened before, newest first.
    pub recent: &'a [Recent],
    /// Chosen theme.
    pub theme: ThemePreference,
    /// What fills the middle of the window.
    pub page: Page,
    /// Whether the guided tour is on.
    pub is_touring: bool,
}

/// The whole bar.
pub fn show(ui: &mut Ui, context: &Context<'_>) -> Option<Command> {
    let mut command = None;
    ui.horizontal_centered(|ui| {
        ui.add_space(8.0);
        mark(ui, 18.0);
        let open = ui.button(Command::OpenDialog.text()).on_hover_text(with_key(ui, &Command::OpenDialog));
        if open.clicked() {
            command = Some(Command::OpenDialog);
        }
        command = examples_menu(ui, context).or(command.take());
        if let Some(document) = context.document {
            ui.add_space(4.0);
            vertical_line(ui);
            ui.add_space(4.0);
            command = file_and_target(ui, document, context.guess).or(command.take());
            ui.add_space(4.0);
            vertical_line(ui);
            ui.add_space(4.0);
            command = pages(ui, context.page).or(command.take());
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            command = actions(ui, context).or(command.take());
        });
    });
    command
}

/// Diamond in circle.
pub fn mark(ui: &mut Ui, size: f32) {
    let tokens = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(size, size), Sense::hover());
    let (center, r) = (rect.center(), size / 2.0);
    let painter = ui.painter();
    painter.circle_stroke(center, r, Stroke::new(1.25, tokens.axis));
    let corners = [vec2(0.0, -r), vec2(r, 0.0), vec2(0.0, r), vec2(-r, 0.0)].map(|v| center + v).to_vec();
    painter.add(egui::Shape::convex_polygon(corners, tokens.region, Stroke::new(1.5, tokens.accent)));
}

fn vertical_line(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(1.0, 24.0), Sense::hover());
    ui.painter().rect_filled(rect, CornerRadius::ZERO, theme::tokens(ui).border);
}

fn with_key(ui: &Ui, command: &Command) -> String {
    match command.shortcut() {
        Some(shortcut) => format!("{} ({})", command.tooltip(), ui.ctx().format_shortcut(&shortcut)),
        None => command.tooltip().to_owned(),
    }
}

fn examples_menu(ui: &mut Ui, context: &Context<'_>) -> Option<Command> {
    let mut command = None;
    ui.menu_button("Examples ▾", |ui| {
        ui.set_min_width(260.0);
        for example in examples::all() {
            if ui.button(example.title).on_hover_text(example.description).clicked() {
                command = Some(Command::OpenExample(example.name));
                ui.close();
            }
        }
        if context.document.is_some() && !context.is_touring {
            let close = Command::CloseTable;
            ui.separator();
            if ui.button(close.text()).on_hover_text(close.tooltip()).clicked() {
                command = Some(close);
                ui.close();
            }
        }
        if !context.recent.is_empty() {
            ui.separator();
            ui.label(RichText::new("Recent files").small().weak());
            for Recent { path, .. } in context.recent {
                let name =
                    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
                let name = elided(ui.painter(), &name, &theme::body(), 240.0);
                if ui.button(name).on_hover_text(path.display().to_string()).clicked() {
                    command = Some(Command::OpenPath(path.clone()));
                    ui.close();
                }
            }
            if ui.button(RichText::new(Command::ClearRecent.text()).weak()).clicked() {
                command = Some(Command::ClearRecent);
                ui.close();
            }
        }
    })
    .response
    .on_hover_text("Tables that come with the program, and files opened before");
    command
}

fn file_and_target(ui: &mut Ui, document: &Document, guess: Option<Guess>) -> Option<Command> {
    let table = &document.table;
    let tokens = theme::tokens(ui);
    let room = ui.available_width();
    let name = elided(ui.painter(), &table.name, &theme::heading(), (room - REST).clamp(64.0, 220.0));
    ui.label(RichText::new(name).font(theme::heading())).on_hover_text(format!("{}\n{}", table.name, table.dialect));
    let first = if document.stream.is_some() { "first " } else { "" };
    let (n_records, n_columns) = (format::count(table.n_records), format::count(table.columns.len()));
    let shape = format!("{first}{n_records} rows × {n_columns} columns");
    if ui.available_width() > REST + 170.0 {
        ui.label(RichText::new(shape).color(tokens.text2));
    }
    let mut target = document.roles.target;
    if room > REST + 64.0 {
        ui.label(RichText::new("Target").color(tokens.text2));
    }
    let has_target = Document::can_be_target(table, target);
    let text = if has_target { table.columns[target].name.as_str() } else { "none" };
    let text = elided(ui.painter(), text, &theme::strong(), 110.0);
    combo("target")
        .selected_text(RichText::new(text).font(theme::strong()))
        .width(96.0)
        .height(400.0)
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show_ui(ui, |ui| {
            ui.set_min_width(180.0);
            let columns: Vec<usize> = (0..table.columns.len()).collect();
            let name = |c: usize| (table.columns[c].name.clone(), Document::can_be_target(table, c));
            if let Some(c) = picker::entries(ui, "target columns", &columns, target, &name) {
                target = c;
            }
        })
        .response
        .accessible_name("Target")
        .on_hover_text(guess.map_or("The column to predict", guess_tip));
    if let Some(guess) = guess.filter(|_| ui.available_width() > REST - 190.0) {
        ui.label(RichText::new("guessed").small().color(tokens.text2)).on_hover_text(guess_tip(guess));
    }
    (target != document.roles.target).then_some(Command::SetTarget(target))
}

/// That the target is a guess, and what of.
fn guess_tip(guess: Guess) -> &'static str {
    match guess {
        Guess::Name => "The column to predict, guessed by its name. Choose another if that is not what you mean",
        Guess::Last => {
            "The column to predict, guessed: the last column of numbers. Choose another if that is not what you mean"
        }
    }
}

/// The switch between analysis and table.
fn pages(ui: &mut Ui, page: Page) -> Option<Command> {
    let commands = [Page::Analysis, Page::Geometry, Page::Data].map(Command::ShowPage);
    let tips = commands.each_ref().map(|command| with_key(ui, command));
    let [analysis, geometry, data] = &commands;
    let options = [
        (analysis.text(), Page::Analysis, tips[0].as_str()),
        (geometry.text(), Page::Geometry, tips[1].as_str()),
        (data.text(), Page::Data, tips[2].as_str()),
    ];
    let mut chosen = page;
    segments(ui, "Show", &options, &mut chosen).then_some(Command::ShowPage(chosen))
}

/// Right to left.
fn actions(ui: &mut Ui, context: &Context<'_>) -> Option<Command> {
    let mut command = None;
    ui.add_space(8.0);
    if ui.button(Command::Help.text()).on_hover_text(with_key(ui, &Command::Help)).clicked() {
        command = Some(Command::Help);
    }
    let mut chosen = context.theme;
    let options = [
        ("Light", ThemePreference::Light, "Light colours"),
        ("Dark", ThemePreference::Dark, "Dark colours"),
        ("System", ThemePreference::System, "As the desktop has it"),
    ];
    if segments(ui, "Theme", &options, &mut chosen) {
        command = Some(Command::SetTheme(chosen));
    }
    ui.add_enabled_ui(context.can_export, |ui| {
        ui.menu_button("Export ▾", |ui| {
            ui.set_min_width(220.0);
            for kind in File::ALL {
                let export = Command::Export(kind);
                let mut button = Button::new(export.text());
                if let Some(shortcut) = export.shortcut() {
                    button = button.shortcut_text(ui.ctx().format_shortcut(&shortcut));
                }
                let needs_rows = kind == File::Predictions && context.document.is_some_and(|d| d.moments.is_some());
                let response = ui.add_enabled(!needs_rows, button).on_disabled_hover_text(NO_ROWS);
                if response.on_hover_text(export.tooltip()).clicked() {
                    command = Some(export);
                    ui.close();
                }
            }
        })
        .response
        .on_hover_text("Write the result to a file");
    });
    // Where there is no room for it, the guide leads to it.
    if !context.is_touring && ui.ctx().content_rect().width() >= ROOM_FOR_TOUR {
        let tour = Command::StartTour;
        if ui.button(tour.text()).on_hover_text(tour.tooltip()).clicked() {
            command = Some(tour);
        }
    }
    for (step, what) in [(Command::Redo, context.redo), (Command::Undo, context.undo)] {
        let tip = what.map_or_else(|| step.tooltip().to_owned(), |what| format!("{} {what}", step.text()));
        if ui.add_enabled(what.is_some(), Button::new(step.text()).frame(false)).on_hover_text(tip).clicked() {
            command = Some(step);
        }
    }
    command
}
