//! What can be set about the pictures, and what their marks mean.

use eframe::egui::{Align, Layout, Painter, Pos2, Rect, RichText, Shape, Slider, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::analysis::{Analysis, Penalty};
use crate::app::format;
use crate::app::selection::Selection;
use crate::app::theme::{self, Tokens};
use crate::app::views::explain::explain;
use crate::app::views::path::penalty_title;
use crate::app::views::picker::choice;
use crate::app::views::plane::{Size, arrow};
use crate::app::views::widgets::{combo, slim_slider};
use crate::app::walk;
use crate::insight::budget::budget;
use crate::insight::geometry::{Others, pair_budget};
use crate::model::path_point::PathPoint;

pub(super) fn budget_row(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection, penalty: Penalty) {
    let tokens = theme::tokens(ui);
    let path = &analysis.penalty(penalty).path;
    let (last, at) = (path.point(path.len() - 1), selection.point(analysis, penalty));
    let is_alone = selection.plane.others == Others::Absent;
    let spent = |point: PathPoint<'_>| {
        if is_alone { pair_budget(analysis, penalty, point.alpha(), selection.pair()) } else { budget(point) }
    };
    let (largest, mut t) = (spent(last), spent(at));
    ui.horizontal(|ui| {
        let formula = match (penalty, analysis.settings.l1_ratio < 1.0) {
            (Penalty::Lasso, true) => "t = Σ l1_ratio·|w| + (1 − l1_ratio)/2·w², the budget of the elastic net",
            (Penalty::Lasso, false) => {
                "t = Σ|w|, the budget C of the textbooks: the sum of the sizes of the coefficients"
            }
            (Penalty::Ridge, _) => "t = Σw², the budget C of the textbooks: the sum of the squares of the coefficients",
        };
        let over = if is_alone { "these two features, which are the whole model here" } else { "all features" };
        let tip = format!("{formula}, per SD and over {over}");
        ui.label(RichText::new("Budget t").color(tokens.text2)).on_hover_text(tip);
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

/// What the correlation of the pair means.
pub(super) const CORRELATION: &str = "Correlation of the two features over the rows used; near 1 or −1 they tell nearly the same, and the loss is a narrow valley";

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

/// Calls `with` for the marks of the pictures, each with its name and what it means.
fn marks(painter: &Painter, tokens: &Tokens, size: Size, mut with: impl FnMut(&str, &str, Mark<'_>)) {
    with("fit", "The two coefficients of the fit: where the contour meets the budget", &|at| {
        painter.circle_filled(at, 4.5, tokens.accent);
    });
    with("least squares", "Where the error of this plane is least: the fit without a penalty on these two", &|at| {
        painter.circle(at, 3.5, tokens.surface, Stroke::new(1.75, tokens.text));
    });
    with("pull of the loss", "−∇L at the fit: the direction in which the loss falls fastest", &|at| {
        arrow(painter, at - vec2(9.0, 0.0), at + vec2(8.0, 0.0), Stroke::new(1.5, tokens.text));
    });
    let normal = "At right angles to the edge of the region; at a corner all directions of a cone. The fit stands where the pull lies on it";
    with("outward normal", normal, &|at| {
        let pale = tokens.faded(tokens.accent, 0.62);
        arrow(painter, at - vec2(9.0, 0.0), at + vec2(8.0, 0.0), Stroke::new(3.0, pale));
    });
    with("fit as t varies", "Where the fit goes as the budget shrinks to nothing, and paler as it grows", &|at| {
        let ends = [at - vec2(9.0, 0.0), at + vec2(9.0, 0.0)];
        painter.extend(Shape::dashed_line(&ends, Stroke::new(1.5, tokens.accent), 4.0, 3.0));
    });
    if size == Size::Small {
        return;
    }
    let equal = "Contours: on each the mean squared error is the same; the colour follows it. The numbers on them are in squared units of the target";
    with("equal error", equal, &|at| {
        for (i, share) in [0.0, 0.4, 1.0].into_iter().enumerate() {
            let y = at.y - 4.0 + 4.0 * i as f32;
            painter.hline(at.x - 9.0..=at.x + 9.0, y, Stroke::new(1.25, tokens.loss(share)));
        }
    });
    with("error of the fit", "The contour through the fit, with its mean squared error", &|at| {
        painter.hline(at.x - 9.0..=at.x + 9.0, at.y, Stroke::new(2.0, tokens.contour_touching));
    });
}

/// What the marks mean, in as many lines as there is room for; in a small picture first the correlation of the two.
pub fn legend(ui: &Ui, room: Rect, size: Size, correlation: f64) {
    const STEP: f32 = 16.0;
    let (painter, tokens) = (ui.painter(), theme::tokens(ui));
    let (mut x, mut y) = (room.left() + 9.0, room.top() + 8.0);
    let mut place = |text: &str, tip: &str, indent: f32, mark: Mark<'_>| {
        let galley = painter.layout_no_wrap(text.to_owned(), theme::small(), tokens.text2);
        if x + indent + galley.size().x > room.right() {
            (x, y) = (room.left() + 9.0, y + STEP);
        }
        if y + 7.0 > room.bottom() {
            return;
        }
        mark(pos2(x, y));
        let width = galley.size().x;
        let place = Rect::from_min_max(pos2(x - 10.0, y - STEP / 2.0), pos2(x + indent + width + 4.0, y + STEP / 2.0));
        painter.galley(pos2(x + indent, y - galley.size().y / 2.0), galley, tokens.text2);
        explain(ui, place, text, tip);
        x += width + indent + 18.0;
    };
    if size == Size::Small {
        place(&format!("correlation {}", format::significant(correlation, 3)), CORRELATION, -9.0, &|_| {});
    }
    marks(painter, tokens, size, |name, tip, mark| place(name, tip, 14.0, mark));
}

/// Room that the legend of large pictures takes.
pub(super) fn legend_height(width: f32) -> f32 {
    if width > 860.0 { 20.0 } else { 36.0 }
}
