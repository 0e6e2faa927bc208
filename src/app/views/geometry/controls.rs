//! The budget slider and the legend below the pictures.

use eframe::egui::{
    Align, Layout, Pos2, Rect, RichText, Shape, Slider, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::analysis::{Analysis, Penalty};
use crate::app::format;
use crate::app::selection::Selection;
use crate::app::theme;
use crate::app::views::path::penalty_title;
use crate::app::views::plane::arrow;
use crate::app::views::widgets::slim_slider;
use crate::insight::geometry::budget;

pub(super) fn budget_row(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection, penalty: Penalty) {
    let tokens = theme::tokens(ui);
    let last = analysis.penalty(penalty).path.len() - 1;
    let largest = (0..=last).map(|k| budget(analysis, penalty, k)).fold(0.0_f64, f64::max);
    let mut t = budget(analysis, penalty, selection.cursor(penalty));
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
        let distance = |k: usize| (budget(analysis, penalty, k) - t).abs();
        let at = (0..=last).min_by(|&a, &b| distance(a).total_cmp(&distance(b))).unwrap_or(0);
        selection.move_to(analysis, penalty, at);
    }
}

/// What the marks mean, in as many lines as there is room for.
pub(super) fn legend(ui: &Ui, room: Rect) {
    const STEP: f32 = 16.0;
    let (painter, tokens) = (ui.painter(), theme::tokens(ui));
    let entries: [(&str, &dyn Fn(Pos2)); 5] = [
        ("fit", &|at| {
            painter.circle_filled(at, 4.5, tokens.accent);
        }),
        ("least squares", &|at| {
            painter.circle(at, 3.5, tokens.surface, Stroke::new(1.75, tokens.text));
        }),
        ("pull of the loss", &|at| {
            arrow(painter, at - vec2(9.0, 0.0), at + vec2(8.0, 0.0), Stroke::new(1.5, tokens.text));
        }),
        ("outward normal", &|at| {
            let pale = tokens.faded(tokens.accent, 0.62);
            arrow(painter, at - vec2(9.0, 0.0), at + vec2(8.0, 0.0), Stroke::new(3.0, pale));
        }),
        ("fit as t varies", &|at| {
            let ends = [at - vec2(9.0, 0.0), at + vec2(9.0, 0.0)];
            painter.extend(Shape::dashed_line(&ends, Stroke::new(1.5, tokens.accent), 4.0, 3.0));
        }),
    ];
    let (mut x, mut y) = (room.left() + 9.0, room.top() + 8.0);
    for (text, mark) in entries {
        let galley = painter.layout_no_wrap(text.to_owned(), theme::small(), tokens.text2);
        if x + 15.0 + galley.size().x > room.right() {
            (x, y) = (room.left() + 9.0, y + STEP);
        }
        if y + 7.0 > room.bottom() {
            return;
        }
        mark(pos2(x, y));
        let width = galley.size().x;
        painter.galley(pos2(x + 14.0, y - galley.size().y / 2.0), galley, tokens.text2);
        x += width + 36.0;
    }
}
