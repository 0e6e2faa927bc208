//! All keys of the window.

use eframe::egui::{Context, Frame, Grid, Id, Modal, RichText, ScrollArea, Ui};

use crate::app::command::Command;
use crate::app::keys::keys_of;
use crate::app::palette::title;
use crate::app::theme;
use crate::app::views::scrolled::scrolled;

/// Keys that belong to whatever has the focus.
const FOCUSED: [(&str, &str); 9] = [
    ("Tab, Shift+Tab", "Next and former control"),
    ("Enter or Space", "Press the control, open its list"),
    ("↑ ↓ ← →", "Walk through a list, choose in a row of choices"),
    ("← → ↑ ↓", "Move what has the focus: alpha, a point, the part in view"),
    ("Shift with an arrow", "Ten times as far"),
    ("+ − 0", "Look closer at a geometry, farther, at all of it"),
    ("PgUp, PgDn, Home, End", "Farther through tables, lists and texts"),
    ("Space, Shift+Space", "A page on or back in a text"),
    ("Esc", "Close what lies on top, give the focus back, leave the geometry"),
];

/// The sheet over the window; false once it is closed.
pub fn show(ctx: &Context) -> bool {
    let room = ctx.content_rect().size();
    let frame = Frame::popup(&ctx.global_style()).inner_margin(16);
    let modal = Modal::new(Id::unique("keys")).frame(frame).show(ctx, |ui| {
        ui.set_width(640.0_f32.min(room.x - 64.0));
        ui.label(RichText::new(Command::ShowKeys.text()).font(theme::heading()));
        ui.add_space(theme::GAP);
        let is_new = ui.memory(|m| m.focused().is_none());
        let area = ScrollArea::vertical().max_height(room.y - 128.0).min_scrolled_height(room.y - 160.0);
        scrolled(ui, area, (Id::unique("keys text"), "List of keys"), is_new, |ui| {
            ui.label(RichText::new("Anywhere").font(theme::strong()));
            table(ui, "anywhere", commands(ui.ctx()));
            ui.add_space(theme::GAP);
            ui.label(RichText::new("Where the focus is").font(theme::strong()));
            table(ui, "focused", FOCUSED.map(|(key, what)| (key.to_owned(), what.to_owned())).to_vec());
        });
        ui.add_space(theme::GAP);
        ui.vertical_centered(|ui| ui.button("Close keys").clicked()).inner
    });
    !(modal.inner || modal.should_close())
}

/// Key and name of every command that has a key.
fn commands(ctx: &Context) -> Vec<(String, String)> {
    Command::WITH_KEYS.iter().filter_map(|command| Some((keys_of(ctx, command)?, title(command)))).collect()
}

fn table(ui: &mut Ui, name: &str, rows: Vec<(String, String)>) {
    let tokens = theme::tokens(ui);
    ui.spacing_mut().interact_size.y = 16.0;
    Grid::new(name).num_columns(2).min_col_width(150.0).spacing([16.0, 3.0]).show(ui, |ui| {
        for (key, what) in rows {
            ui.label(RichText::new(key).color(tokens.text2));
            ui.label(what);
            ui.end_row();
        }
    });
}
