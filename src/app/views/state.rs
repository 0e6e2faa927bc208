//! In place of a picture: what happens or has happened, why, and what to do next. One look for all such states.

use eframe::egui::{Align, Button, Label, Layout, ProgressBar, RichText, Sense, Stroke, Ui, pos2, vec2};

use crate::app::command::Command;
use crate::app::theme;
use crate::app::views::top_bar::mark;
use crate::app::views::widgets::{primary_button, text_width};

/// What stands above the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Diamond in circle: all goes well.
    Mark,
    /// Something stands in the way.
    Problem,
    /// The user stopped it.
    Stopped,
}

/// What is said.
pub struct State<'a> {
    /// Above the words.
    pub sign: Sign,
    /// What happens or has happened.
    pub heading: &'a str,
    /// Why, and what to do: a sentence whose last part, behind a semicolon, is the remedy.
    pub why: &'a str,
    /// Share done of what is running, and what is said of it.
    pub progress: Option<(f32, String)>,
    /// The next steps, the likeliest first, and the words on their buttons.
    pub steps: &'a [(String, Command)],
}

/// Width of the words.
const WIDTH: f32 = 480.0;
/// Width of the bar.
const BAR: f32 = 280.0;
/// Side of the sign.
const SIGN: f32 = 40.0;

/// The whole view, somewhat above the middle.
pub fn show(ui: &mut Ui, state: &State<'_>) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let mut command = None;
    let top = ((ui.available_height() - 200.0) * 0.42).max(16.0).round();
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.vertical_centered(|ui| {
        ui.add_space(top);
        sign(ui, state.sign);
        ui.add_space(14.0);
        ui.label(RichText::new(state.heading).font(theme::heading()));
        ui.add_space(theme::GAP);
        if let Some((share, words)) = &state.progress {
            let bar = ProgressBar::new(*share).desired_width(BAR).desired_height(6.0).corner_radius(3);
            ui.visuals_mut().extreme_bg_color = tokens.border;
            ui.add(bar.fill(tokens.accent));
            ui.add_space(theme::GAP);
            // A line even while there are no words, so that the button below stays where it is.
            let words = if words.is_empty() { " " } else { words };
            ui.label(RichText::new(words).small().color(tokens.text2));
        } else {
            ui.scope(|ui| {
                ui.set_max_width(WIDTH.min(ui.available_width() - 2.0 * theme::PADDING));
                let (why, remedy) = parts(state.why);
                ui.add(Label::new(RichText::new(why).color(tokens.text)).wrap());
                if let Some(remedy) = remedy {
                    ui.add_space(4.0);
                    ui.add(Label::new(RichText::new(remedy).color(tokens.text2)).wrap());
                }
            });
        }
        ui.add_space(theme::PADDING);
        command = steps(ui, state.steps);
    });
    command
}

/// The sentence and its remedy, a sentence of its own.
fn parts(why: &str) -> (&str, Option<String>) {
    match why.rsplit_once("; ") {
        Some((why, remedy)) => (why, Some(crate::app::format::sentence(remedy))),
        None => (why, None),
    }
}

/// Side by side in the middle; the first is the one that matters most.
fn steps(ui: &mut Ui, steps: &[(String, Command)]) -> Option<Command> {
    let mut command = None;
    let padding = 2.0 * ui.spacing().button_padding.x;
    let width = |(i, (text, _)): (usize, &(String, Command))| {
        let font = if i == 0 && steps.len() > 1 { theme::strong() } else { theme::body() };
        (text_width(ui.painter(), text, &font) + padding).max(88.0).ceil()
    };
    let widths: Vec<f32> = steps.iter().enumerate().map(width).collect();
    let whole = widths.iter().sum::<f32>() + theme::GAP * (steps.len().max(1) - 1) as f32;
    ui.allocate_ui_with_layout(vec2(whole, theme::CONTROL), Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = theme::GAP;
        for (i, ((text, step), width)) in steps.iter().zip(&widths).enumerate() {
            let size = vec2(*width, theme::CONTROL);
            let response = ui.allocate_ui_with_layout(size, Layout::top_down_justified(Align::Center), |ui| {
                if i == 0 && steps.len() > 1 { primary_button(ui, text) } else { ui.add(Button::new(text.as_str())) }
            });
            if response.inner.on_hover_text(step.tooltip()).clicked() {
                command = Some(step.clone());
            }
        }
    });
    command
}

fn sign(ui: &mut Ui, sign: Sign) {
    if sign == Sign::Mark {
        mark(ui, SIGN);
        return;
    }
    let tokens = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(SIGN, SIGN), Sense::hover());
    let (center, painter) = (rect.center(), ui.painter());
    let (ground, color) =
        if sign == Sign::Problem { (tokens.warn_ground, tokens.warn) } else { (tokens.chrome, tokens.text2) };
    painter.circle(center, SIGN / 2.0, ground, Stroke::new(1.25, color));
    if sign == Sign::Problem {
        painter.line_segment([center - vec2(0.0, 9.0), center + vec2(0.0, 3.0)], Stroke::new(2.5, color));
        painter.circle_filled(center + vec2(0.0, 8.5), 1.75, color);
    } else {
        let square = egui::Rect::from_center_size(pos2(center.x, center.y), vec2(12.0, 12.0));
        painter.rect_filled(square, 2, color);
    }
}
