//! What to know about how the data were read and analysed: a banner that names the first, a panel that lists all.

use eframe::egui::{
    Align, Button, CornerRadius, CursorIcon, Frame, Id, Label, Layout, Margin, Rect, RichText, ScrollArea, Sense, Ui,
    vec2,
};

use crate::app::command::Command;
use crate::app::data_view::Place;
use crate::app::format::sentence;
use crate::app::theme;
use crate::app::views::scrolled::scrolled;
use crate::app::views::widgets::shortened;
use crate::data::notes::Note;

/// What the user asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Show all of them.
    All,
    /// Show the import options.
    Import,
    /// Show the place of the note at this position.
    Place(usize),
    /// Hide the banner or the panel.
    Close,
}

/// Height of the banner.
pub const BANNER: f32 = 36.0;

/// The banner under the top bar: how many notes the loader left, and the first few in words.
pub fn banner(ui: &mut Ui, notes: &[&Note], is_file: bool) -> Option<Asked> {
    let tokens = theme::tokens(ui);
    let mut asked = None;
    let rect = ui.max_rect();
    ui.painter().rect_filled(rect, CornerRadius::ZERO, tokens.warn_ground);
    ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(3.0, rect.height())), CornerRadius::ZERO, tokens.warn);
    ui.horizontal_centered(|ui| {
        ui.add_space(theme::PADDING);
        let count =
            if notes.len() == 1 { "Read with 1 note".to_owned() } else { format!("Read with {} notes", notes.len()) };
        ui.label(RichText::new(count).font(theme::strong()).color(tokens.warn));
        ui.add_space(8.0);
        for (i, note) in notes.iter().enumerate().take(4) {
            let room = ui.available_width() - 310.0;
            if room < 90.0 {
                break;
            }
            let text = shortened(ui.painter(), &sentence(&note.action), &theme::body(), room.min(560.0));
            let label = Label::new(RichText::new(text).color(tokens.text));
            let tip = format!("{}\n{}", note.action, note.remedy);
            if Place::is_likely(note) {
                let label = ui.add(label.sense(Sense::click())).on_hover_cursor(CursorIcon::PointingHand);
                if label.on_hover_text(format!("{tip}\nClick to show it in the data")).clicked() {
                    asked = Some(Asked::Place(i));
                }
            } else {
                ui.add(label).on_hover_text(tip);
            }
            ui.add_space(12.0);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            if ui.button("Close").on_hover_text("Hide this line; the notes stay in the status line").clicked() {
                asked = Some(Asked::Close);
            }
            if ui.button("All notes").clicked() {
                asked = Some(Asked::All);
            }
            if is_file && ui.button(Command::ShowImport.text()).on_hover_text(Command::ShowImport.tooltip()).clicked() {
                asked = Some(Asked::Import);
            }
        });
    });
    asked
}

/// All notes, one below the other.
pub fn show(ui: &mut Ui, notes: &[&Note]) -> Option<Asked> {
    let tokens = theme::tokens(ui);
    let mut asked = None;
    ui.horizontal(|ui| {
        ui.set_height(theme::PANEL_HEAD);
        ui.add_space(theme::PADDING);
        ui.label(RichText::new("Notes").font(theme::strong()));
        ui.label(RichText::new(format!("{}, none holds the fit back", notes.len())).small().color(tokens.text2));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(theme::PADDING);
            if ui.add(Button::new("Close notes")).clicked() {
                asked = Some(Asked::Close);
            }
        });
    });
    let area = ScrollArea::vertical().id_salt("notes").auto_shrink([false, false]);
    scrolled(ui, area, (Id::unique("notes text"), "All notes"), false, |ui| {
        for (i, note) in notes.iter().enumerate() {
            Frame::new().inner_margin(Margin::symmetric(16, 8)).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.horizontal(|ui| {
                    ui.label(RichText::new(title(note)).font(theme::strong()));
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        if Place::is_likely(note) && ui.link("Show in data").clicked() {
                            asked = Some(Asked::Place(i));
                        }
                    });
                });
                ui.label(sentence(&note.action));
                let place = place(note);
                if !place.is_empty() {
                    ui.label(RichText::new(place).small().color(tokens.text2));
                }
                if !note.remedy.is_empty() {
                    ui.label(RichText::new(sentence(&note.remedy)).small().color(tokens.text2));
                }
            });
            let y = ui.cursor().top();
            ui.painter().hline(ui.max_rect().x_range(), y, egui::Stroke::new(1.0, tokens.border));
        }
    });
    asked
}

/// `duplicate_header` → `Duplicate header`.
pub(super) fn title(note: &Note) -> String {
    sentence(&note.kind.replace('_', " "))
}

/// Line, column and text, as far as there are any.
pub(super) fn place(note: &Note) -> String {
    let mut parts = Vec::new();
    if let Some(line) = note.line {
        parts.push(format!("line {line}"));
    }
    if let Some(column) = &note.column {
        parts.push(format!("column {column}"));
    }
    if let Some(text) = note.text.as_ref().filter(|text| !text.is_empty()) {
        parts.push(format!("“{text}”"));
    }
    parts.join(", ")
}
