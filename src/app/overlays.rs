//! What stands over the views and moves none of them.

use std::time::Duration;

use eframe::egui::{self, Align2, Frame, Id, RichText, Stroke, Ui, vec2};

use crate::analysis::Penalty;
use crate::app::views::verify;
use crate::app::{App, Message, theme};

/// How long a success is mentioned.
const DONE_FOR: Duration = Duration::from_secs(6);

/// Draws whatever there is to draw over the views.
pub(super) fn show(app: &mut App, ui: &Ui) {
    verification(app, ui);
    done_chip(app, ui);
    drop_hint(ui);
}

fn verification(app: &mut App, ui: &Ui) {
    if let (Some(shown), Some((cursor, witness))) = (&app.shown, &app.verified)
        && !verify::show(ui.ctx(), &shown.analysis, shown.analysis.point(Penalty::Lasso, cursor), witness)
    {
        app.verified = None;
    }
}

/// What worked, for a few seconds at the foot of the window, over everything and moving nothing.
fn done_chip(app: &mut App, ui: &Ui) {
    let Some(Message::Done(text, since)) = &app.message else { return };
    let left = DONE_FOR.saturating_sub(since.elapsed());
    if left.is_zero() {
        app.message = None;
        return;
    }
    ui.ctx().request_repaint_after(left);
    let tokens = theme::tokens(ui);
    let offset = vec2(0.0, -theme::STATUS_BAR - 16.0);
    egui::Area::new(Id::unique("done")).anchor(Align2::CENTER_BOTTOM, offset).interactable(false).show(
        ui.ctx(),
        |ui| {
            let frame = Frame::new()
                .fill(tokens.surface)
                .stroke(Stroke::new(1.0, tokens.good))
                .corner_radius(6)
                .inner_margin(egui::Margin::symmetric(16, 8));
            frame.show(ui, |ui| {
                ui.set_max_width(640.0);
                ui.add(egui::Label::new(RichText::new(text).color(tokens.text)).truncate());
            });
        },
    );
}

/// While a file hovers over the window.
fn drop_hint(ui: &Ui) {
    if ui.input(|i| i.raw.hovered_files.is_empty()) {
        return;
    }
    let tokens = theme::tokens(ui);
    let painter = ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Foreground, Id::unique("drop hint")));
    let rect = ui.ctx().content_rect().shrink(16.0);
    painter.rect(rect, 6, tokens.tint.gamma_multiply(0.92), Stroke::new(2.0, tokens.accent), egui::StrokeKind::Inside);
    painter.text(rect.center(), Align2::CENTER_CENTER, "Drop to open this table", theme::heading(), tokens.accent);
}
