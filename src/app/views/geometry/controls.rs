//! What can be set about the pictures, and what their marks mean.

use eframe::egui::{
    Align, Align2, Layout, Painter, Pos2, Rect, RichText, Sense, Shape, Slider, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use crate::analysis::{Analysis, Penalty};
use crate::app::format;
use crate::app::selection::Selection;
use crate::app::theme::{self, Tokens};
use crate::app::views::explain::explain;
use crate::app::views::path::penalty_title;
use crate::app::views::picker::choice;
use crate::app::views::plane::arrow;
use crate::app::views::widgets::{combo, slim_slider};
use crate::app::walk;
use crate::insight::budget::budget;
use crate::insight::geometry::Others;

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
        ui.label(RichText::new(format::number(t)).font(theme::strong()))
            .on_hover_text("What the fit spends: the same fit has the least loss of all with no larger t");
        // Whether the largest is said must not hang on the digits of the present one.
        if ui.max_rect().width() < 176.0 {
            return;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new(format!("of {}", format::number(largest))).small().color(tokens.text2))
                .on_hover_text("What the weakest penalty of the grid spends");
        });
    });
    let title = penalty_title(analysis, penalty);
    let width = ui.available_width();
    let slider = slim_slider(ui, Slider::new(&mut t, 0.0..=largest.max(f64::MIN_POSITIVE)), width);
    slider.widget_info(|| WidgetInfo::slider(true, t, format!("{title} budget t")));
    walk::home(ui, slider.id);
    if slider.changed() {
        selection.set_budget(analysis, penalty, t);
    }
}

/// What happens to all features but the pair.
pub(super) fn others(ui: &mut Ui, selection: &mut Selection) {
    let before = selection.plane.others;
    combo("others")
        .selected_text(others_name(before))
        .width(104.0)
        .show_ui(ui, |ui| {
            for (others, tip) in [
                (Others::Held, "A slice: all other coefficients stay where the fit has them. The contour through the fit touches the region at every alpha"),
                (Others::Refitted, "The textbooks' ellipse: at every point the others are fitted anew by least squares, so it is centred at the least-squares fit. With more than two features it does not touch the region"),
                (Others::Absent, "The regression on these two features alone, at the same alpha"),
            ] {
                choice(ui, &mut selection.plane.others, others, others_name(others)).on_hover_text(tip);
            }
        })
        .response
        .accessible_name("Other features")
        .on_hover_text("What happens to all other features in this plane");
    if selection.plane.others != before {
        selection.plane.see_all();
    }
}

/// What happens to them, in two words.
pub(super) fn others_name(others: Others) -> &'static str {
    match others {
        Others::Held => "Others held",
        Others::Refitted => "Others refitted",
        Others::Absent => "Only these two",
    }
}

/// Draws the mark of a legend at a point.
type Mark<'a> = &'a dyn Fn(Pos2);

/// Calls `with` for the marks of the pictures, each with a short and a long explanation.
fn marks(painter: &Painter, tokens: &Tokens, mut with: impl FnMut(&str, &str, Mark<'_>)) {
    with("fit", "fit, where contour meets budget", &|at| {
        painter.circle_filled(at, 4.5, tokens.accent);
    });
    with("least squares", "least squares in this plane", &|at| {
        painter.circle(at, 3.5, tokens.surface, Stroke::new(1.75, tokens.text));
    });
    with("pull of the loss", "pull of the loss, −∇L at the fit", &|at| {
        arrow(painter, at - vec2(9.0, 0.0), at + vec2(8.0, 0.0), Stroke::new(1.5, tokens.text));
    });
    with("outward normal", "outward normal; at a corner a cone", &|at| {
        let pale = tokens.faded(tokens.accent, 0.62);
        arrow(painter, at - vec2(9.0, 0.0), at + vec2(8.0, 0.0), Stroke::new(3.0, pale));
    });
    with("fit as t varies", "fit as t shrinks, and as it grows", &|at| {
        let ends = [at - vec2(9.0, 0.0), at + vec2(9.0, 0.0)];
        painter.extend(Shape::dashed_line(&ends, Stroke::new(1.5, tokens.accent), 4.0, 3.0));
    });
}

/// What the marks mean, in as many lines as there is room for; last the correlation of the two.
pub(super) fn legend(ui: &Ui, room: Rect, correlation: f64) {
    const STEP: f32 = 16.0;
    let (painter, tokens) = (ui.painter(), theme::tokens(ui));
    let (mut x, mut y) = (room.left() + 9.0, room.top() + 8.0);
    let mut place = |text: &str, indent: f32, mark: Mark<'_>| {
        let galley = painter.layout_no_wrap(text.to_owned(), theme::small(), tokens.text2);
        if x + indent + galley.size().x > room.right() {
            (x, y) = (room.left() + 9.0, y + STEP);
        }
        if y + 7.0 > room.bottom() {
            return;
        }
        mark(pos2(x, y));
        let width = galley.size().x;
        painter.galley(pos2(x + indent, y - galley.size().y / 2.0), galley, tokens.text2);
        x += width + indent + 22.0;
    };
    let first = Rect::from_min_size(room.min, vec2(112.0_f32.min(room.width()), STEP));
    let tip = "Correlation of the two features over the rows used; near 1 or −1 they tell nearly the same, and the loss is a narrow valley";
    explain(ui, first, "correlation", tip);
    place(&format!("correlation {}", format::significant(correlation, 3)), -9.0, &|_| {});
    marks(painter, tokens, |short, _, mark| place(short, 14.0, mark));
}

/// One line for each mark.
pub(super) fn long_legend(ui: &mut Ui) {
    let (painter, tokens) = (ui.painter().clone(), theme::tokens(ui));
    let mut place = |text: &str, mark: Mark<'_>| {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
        mark(rect.left_center() + vec2(12.0, 0.0));
        let at = rect.left_center() + vec2(36.0, 0.0);
        painter.text(at, Align2::LEFT_CENTER, text, theme::body(), tokens.text);
    };
    marks(&painter, tokens, |_, long, mark| place(long, mark));
    place("equal mean squared error", &|at| {
        for (i, share) in [0.0, 0.4, 1.0].into_iter().enumerate() {
            let y = at.y - 4.0 + 4.0 * i as f32;
            painter.hline(at.x - 9.0..=at.x + 9.0, y, Stroke::new(1.25, tokens.loss(share)));
        }
    });
    place("the contour through the fit", &|at| {
        painter.hline(at.x - 9.0..=at.x + 9.0, at.y, Stroke::new(2.0, tokens.contour_touching));
    });
}
