//! The search of commands: a field, the answers, and what the chosen one does.

use eframe::egui::{Align2, Context, Frame, Id, Label, Margin, Modal, Rect, RichText, Ui, pos2, vec2};

use crate::app::command::Command;
use crate::app::document::Document;
use crate::app::keys::keys_of;
use crate::app::palette::{Entry, Palette, entry_of};
use crate::app::theme;
use crate::app::views::pick_list::Rows;
use crate::app::views::widgets::{divider, elided, text_width};

const WIDTH: f32 = 560.0;
const ROW: f32 = 28.0;
/// Rows seen at once.
const MOST: f32 = 12.0;
/// Distance from the top of the window.
const TOP: f32 = 64.0;
/// Field, line below and margins.
const REST: f32 = 112.0;

/// What the user asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// It stays open.
    Nothing,
    /// Close it.
    Close,
    /// Close it and do this.
    Run(Command),
}

/// The palette over the window.
pub fn show(ctx: &Context, state: &mut Palette, entries: &[Entry], document: Option<&Document>) -> Asked {
    let id = Id::unique("palette");
    let room = ctx.content_rect();
    let width = WIDTH.min(room.width() - 32.0);
    let area = Modal::default_area(id).anchor(Align2::CENTER_TOP, vec2(0.0, TOP.min(room.height() * 0.08)));
    let frame = Frame::popup(&ctx.global_style()).inner_margin(Margin::same(8)).corner_radius(8);
    let modal = Modal::new(id).area(area).frame(frame).show(ctx, |ui| {
        ui.set_width(width);
        contents(ui, state, entries, document, room.height() - TOP - REST)
    });
    match modal.inner {
        Some(command) => Asked::Run(command),
        None if modal.should_close() => Asked::Close,
        None => Asked::Nothing,
    }
}

fn contents(
    ui: &mut Ui,
    state: &mut Palette,
    entries: &[Entry],
    document: Option<&Document>,
    room: f32,
) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let field = Id::unique("palette field");
    let count = state.found(entries, document).len();
    let entered = state.list.take_keys(ui, count);
    let former = state.list.query.clone();
    state.list.field(ui, field, "Search commands", "Search commands and columns");
    ui.add_space(6.0);
    let found = state.found(entries, document).to_vec();
    let height = (MOST * ROW).min(room).max(2.0 * ROW);
    let at = |i: usize| found.get(i).and_then(|&item| entry_of(item, entries, document));
    let rows = Rows {
        field,
        count: found.len(),
        row: ROW,
        height,
        name: &|i| at(i).map_or_else(Default::default, |entry| (entry.title, entry.refusal.is_none())),
    };
    let clicked = state.list.rows(ui, &rows, |ui, rect, i, _| {
        if let Some(entry) = at(i) {
            row(ui, rect, &entry);
        }
    });
    if found.is_empty() {
        ui.add_space(4.0);
        ui.label(RichText::new("Nothing has this name").color(tokens.text2));
    }
    ui.add_space(6.0);
    divider(ui);
    ui.add_space(4.0);
    let chosen = at(state.list.chosen);
    let what = chosen.as_ref().map_or("", |entry| entry.refusal.unwrap_or_else(|| tip(entry)));
    ui.add(Label::new(RichText::new(what).small().color(tokens.text2)).truncate());
    // Enter is for what stood there when it was pressed.
    let entered = entered && former == state.list.query;
    let done = clicked.and_then(at).or_else(|| chosen.filter(|_| entered));
    done.filter(|entry| entry.refusal.is_none()).map(|entry| entry.command)
}

fn tip(entry: &Entry) -> &'static str {
    match &entry.command {
        Command::OpenExample(name) => crate::data::examples::find(name).map_or("", |example| example.description),
        Command::SetTarget(_) => "Predict this column",
        Command::SetExcluded(_, true) => "Leave this column out of the features",
        Command::SetExcluded(_, false) => "Use this column as a feature",
        Command::SetForm(_) => "Whether each column is divided by its standard deviation before it is penalised",
        Command::SetTheme(_) => "Colours of the window",
        command => command.tooltip(),
    }
}

fn row(ui: &Ui, rect: Rect, entry: &Entry) {
    let tokens = theme::tokens(ui);
    let painter = ui.painter();
    let ink = if entry.refusal.is_none() { tokens.text } else { tokens.text3 };
    let y = rect.center().y;
    let mut right = rect.right() - 8.0;
    let key = keys_of(ui.ctx(), &entry.command).or_else(|| entry.refusal.map(str::to_owned));
    if let Some(key) = key {
        let key = elided(painter, &key, &theme::small(), rect.width() * 0.5);
        painter.text(pos2(right, y), Align2::RIGHT_CENTER, &key, theme::small(), tokens.text2);
        right -= text_width(painter, &key, &theme::small()) + 12.0;
    }
    let left = rect.left() + 8.0;
    let title = elided(painter, &entry.title, &theme::body(), right - left);
    painter.text(pos2(left, y), Align2::LEFT_CENTER, title, theme::body(), ink);
}
