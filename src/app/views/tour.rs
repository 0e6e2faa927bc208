//! The guided tour: what the step says, its formula, and the way on, in a bar that covers nothing.

use eframe::egui::{Align, Button, CornerRadius, Layout, Rect, RichText, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use eframe::egui::{Label, Role};

use crate::app::command::Command;
use crate::app::theme;
use crate::app::tour::{Formula, STEPS};
use crate::app::views::formula;
use crate::app::views::widgets::primary_button;

/// Height of the bar.
pub const HEIGHT: f32 = 96.0;

/// The whole bar at step `at`.
pub fn show(ui: &mut Ui, at: usize) -> Option<Command> {
    let (tokens, rect) = (theme::tokens(ui), ui.max_rect());
    let step = &STEPS[at];
    ui.painter().rect_filled(rect, CornerRadius::ZERO, tokens.tint);
    ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(rect.width(), 2.0)), CornerRadius::ZERO, tokens.accent);
    let inner = rect.shrink2(vec2(theme::PADDING, 10.0));
    let buttons = Rect::from_min_max(pos2(inner.right() - 280.0, inner.top()), inner.max);
    let formula_width = if step.formula.is_some() { 210.0 } else { 0.0 };
    let shown = Rect::from_min_max(pos2(buttons.left() - formula_width - theme::PADDING, inner.top()), inner.max);
    let text = Rect::from_min_max(inner.min, pos2(shown.left() - theme::PADDING, inner.bottom()));
    ui.scope_builder(UiBuilder::new().max_rect(text).id_salt("tour text"), |ui| {
        ui.label(RichText::new(step.title).font(theme::heading()));
        ui.add_space(2.0);
        ui.add(Label::new(step.text).wrap());
    });
    ui.scope_builder(UiBuilder::new().max_rect(shown).id_salt("tour formula"), |ui| {
        let Some(which) = step.formula else { return };
        let (caption, text, spoken) = match which {
            Formula::Lasso => (
                "The lasso minimizes",
                formula::text::LASSO,
                "Lasso loss: squared error over 2n, plus alpha times the sum of |w|",
            ),
            Formula::Ridge => (
                "Ridge minimizes",
                formula::text::RIDGE,
                "Ridge loss: squared error over 2n, plus alpha/2 times the sum of w squared",
            ),
            Formula::WeightDecay => (
                "A step of gradient descent",
                formula::text::WEIGHT_DECAY,
                "Update step: w becomes 1 minus 2 eta lambda times w, minus eta times the gradient of the loss",
            ),
        };
        ui.label(RichText::new(caption).small().color(tokens.text2));
        ui.add_space(6.0);
        formula::show(ui, text, spoken);
    });
    ui.scope_builder(UiBuilder::new().max_rect(buttons).id_salt("tour buttons"), |ui| way_on(ui, at)).inner
}

fn way_on(ui: &mut Ui, at: usize) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let mut command = None;
    let last = at + 1 == STEPS.len();
    ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
        let next = if last { ("End the tour", Command::LeaveTour) } else { ("Next", Command::ShowTourStep(at + 1)) };
        if primary_button(ui, next.0).on_hover_text(next.1.tooltip()).clicked() {
            command = Some(next.1);
        }
        if ui.add_enabled(at > 0, Button::new("Back")).clicked() {
            command = Some(Command::ShowTourStep(at.saturating_sub(1)));
        }
        if !last && ui.button("Leave the tour").on_hover_text(Command::LeaveTour.tooltip()).clicked() {
            command = Some(Command::LeaveTour);
        }
    });
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let (dots, response) = ui.allocate_exact_size(vec2(12.0 * STEPS.len() as f32, 12.0), Sense::hover());
        for i in 0..STEPS.len() {
            let color = if i == at { tokens.accent } else { tokens.control_border };
            let center = pos2(dots.left() + 6.0 + 12.0 * i as f32, dots.center().y);
            ui.painter().circle_filled(center, if i == at { 4.0 } else { 3.0 }, color);
        }
        let place = format!("Step {} of {}", at + 1, STEPS.len());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &place));
        ui.add(Label::new(RichText::new(STEPS[at].source).small().color(tokens.text2)).truncate());
    });
    command
}
