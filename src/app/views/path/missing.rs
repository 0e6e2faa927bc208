//! What stands in place of the cross-validation curve while there is none.

use eframe::egui::{Button, CornerRadius, Label, ProgressBar, Rect, RichText, Stroke, StrokeKind, Ui, UiBuilder, vec2};

use super::curves::Panel;
use crate::app::command::Command;
use crate::app::theme::Tokens;

/// Why a path has no cross-validation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NoErrors<'a> {
    /// It is being computed: the share that is done, 0 to 1.
    Running(f32),
    /// The user stopped it.
    Cancelled,
    /// It was not possible, and why.
    Failed(&'a str),
}

impl NoErrors<'_> {
    fn text(self) -> &'static str {
        match self {
            Self::Running(_) => "Cross-validating…",
            Self::Cancelled => "Cross-validation was cancelled",
            Self::Failed(_) => "Cross-validation failed",
        }
    }
}

impl Panel<'_> {
    /// A small card in the lower chart, and a way to go on.
    pub(super) fn no_errors(&self, ui: &mut Ui, tokens: &Tokens, why: NoErrors<'_>) -> Option<Command> {
        let is_running = matches!(why, NoErrors::Running(_));
        let area = self.lower.area;
        let size = vec2(208.0_f32.min(area.width()), if is_running { 44.0 } else { 64.0 });
        let card = Rect::from_center_size(area.center(), size);
        let line = Stroke::new(1.0, tokens.border);
        ui.painter().rect(card, CornerRadius::same(4), tokens.surface, line, StrokeKind::Inside);
        let mut command = None;
        ui.scope_builder(UiBuilder::new().max_rect(card.shrink(8.0)), |ui| {
            ui.vertical_centered(|ui| {
                ui.spacing_mut().item_spacing.y = 6.0;
                let text = Label::new(RichText::new(why.text()).color(tokens.text2)).truncate();
                let label = ui.add(text);
                if let NoErrors::Failed(reason) = why {
                    label.on_hover_text(reason);
                }
                if let NoErrors::Running(fraction) = why {
                    ui.visuals_mut().extreme_bg_color = tokens.grid;
                    let bar = ProgressBar::new(fraction).desired_width(160.0).desired_height(6.0).corner_radius(3);
                    ui.add(bar.fill(tokens.accent));
                } else {
                    let again = Command::Recompute;
                    if ui.add(Button::new(again.text())).on_hover_text(again.tooltip()).clicked() {
                        command = Some(again);
                    }
                }
            });
        });
        command
    }
}
