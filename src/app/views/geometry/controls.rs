//! The budget slider and the legend below the pictures.

use eframe::egui::{Align, Align2, Layout, Rect, RichText, Shape, Slider, Stroke, StrokeKind, Ui, WidgetInfo, pos2};

use crate::analysis::{Analysis, Penalty};
use crate::app::format;
use crate::app::selection::Selection;
use crate::app::theme;
use crate::app::views::path::penalty_title;
use crate::insight::budget::budget;

pub(super) fn budget_row(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection, penalty: Penalty) {
    let tokens = theme::tokens(ui);
    let path = &analysis.penalty(penalty).path;
    let largest = budget(path.point(path.len() - 1));
    let mut t = budget(selection.point(analysis, penalty));
    ui.horizontal(|ui| {
        ui.label(RichText::new("Budget t").color(tokens.text2)).on_hover_text(match (penalty, analysis.settings.l1_ratio < 1.0) {
            (Penalty::Lasso, true) => "t = Σ l1_ratio·|w| + (1 − l1_ratio)/2·w², the budget of the elastic net over all features, from coefficients per SD",
            (Penalty::Lasso, false) => "t = Σ|w|, the budget C of the textbooks, over all features: the sum of the sizes of all coefficients per SD",
            (Penalty::Ridge, _) => "t = Σw², the budget C of the textbooks, over all features: the sum of the squares of all coefficients per SD",
        });
        ui.label(RichText::new(format::number(t)).font(theme::strong()));
        if ui.available_width() < 60.0 {
            return;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new(format!("of {}", format::number(largest))).small().color(tokens.text2));
        });
    });
    ui.spacing_mut().slider_width = ui.available_width();
    let title = penalty_title(analysis, penalty);
    slim_slider(ui);
    let slider = ui.add(Slider::new(&mut t, 0.0..=largest.max(f64::MIN_POSITIVE)).show_value(false));
    slider.widget_info(|| WidgetInfo::slider(true, t, format!("{title} budget t")));
    if slider.has_focus() {
        let ring = Stroke::new(1.5, tokens.accent);
        ui.painter().rect_stroke(slider.rect.expand(1.0), 4, ring, StrokeKind::Outside);
    }
    if slider.changed() {
        selection.set_budget(analysis, penalty, t);
    }
}

/// A rail in the accent with a small round handle.
fn slim_slider(ui: &mut Ui) {
    let tokens = theme::tokens(ui);
    ui.spacing_mut().interact_size.y = 18.0;
    let visuals = ui.visuals_mut();
    visuals.selection.bg_fill = tokens.accent;
    for widget in [&mut visuals.widgets.inactive, &mut visuals.widgets.hovered, &mut visuals.widgets.active] {
        widget.bg_fill = tokens.border;
        widget.fg_stroke = Stroke::new(2.0, tokens.accent);
    }
}

pub(super) fn legend(ui: &Ui, inner: Rect, offset: f32) {
    let y = inner.top() + offset + 10.0;
    if y > inner.bottom() - 4.0 {
        return;
    }
    let (painter, tokens) = (ui.painter(), theme::tokens(ui));
    let mut x = inner.left() + 8.0;
    let mut entry = |text: &str, mark: &dyn Fn(f32)| {
        mark(x);
        let end = painter.text(pos2(x + 16.0, y), Align2::LEFT_CENTER, text, theme::small(), tokens.text2);
        x = end.right() + 22.0;
    };
    entry("fit", &|x| {
        painter.circle_filled(pos2(x + 4.0, y), 4.5, tokens.accent);
    });
    entry("least squares", &|x| {
        painter.circle(pos2(x + 4.0, y), 3.5, tokens.surface, Stroke::new(1.75, tokens.text));
    });
    entry("pull of the loss", &|x| {
        painter.line_segment([pos2(x - 6.0, y), pos2(x + 6.0, y)], Stroke::new(1.5, tokens.text));
        painter.add(Shape::convex_polygon(
            vec![pos2(x + 11.0, y), pos2(x + 4.0, y - 3.5), pos2(x + 4.0, y + 3.5)],
            tokens.text,
            Stroke::NONE,
        ));
    });
    entry("fit as t varies", &|x| {
        painter.extend(Shape::dashed_line(
            &[pos2(x - 8.0, y), pos2(x + 11.0, y)],
            Stroke::new(1.5, tokens.accent),
            4.0,
            3.0,
        ));
    });
}
