//! Predicted against observed at the cursor.

use eframe::egui::{Align2, Id, Pos2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_plot::{Line, PlotPoints, Points};

use crate::analysis::{Analysis, Penalty};
use crate::app::format;
use crate::app::selection::{FitView, Rule, Selection};
use crate::app::theme;
use crate::app::twins::Twin;
use crate::app::views::chart::{Chart, Range, linear_ticks};
use crate::app::views::curve;
use crate::app::views::explain::{self, explain};
use crate::app::views::names;
use crate::app::views::path::penalty_title;
use crate::app::views::table_twin;
use crate::app::views::widgets::{elided, no_rows, panel_head, segments};
use crate::insight::curve::Curve;
use crate::insight::fit::{FittedRow, fitted_rows, thirds};

/// Rows drawn at most.
const ROWS: usize = 2000;

/// The whole panel.
pub fn show(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) {
    let tokens = theme::tokens(ui);
    let curve = Curve::of(analysis);
    head(ui, analysis, selection, curve.as_ref());
    if let Some(curve) = curve.filter(|_| selection.fit_view == FitView::Curve) {
        curve::show(ui, analysis, selection, &curve);
        return;
    }
    if analysis.design.y.is_empty() {
        without_rows(ui, analysis, selection);
        return;
    }
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    if rect.height() < 110.0 {
        return;
    }
    let penalty = selection.fit;
    let point = selection.point(analysis, penalty);
    let rows = fitted_rows(analysis, point, ROWS);
    let painter = ui.painter().clone();
    let area = Rect::from_min_max(rect.min + vec2(64.0, 8.0), rect.max - vec2(theme::PADDING, 40.0));
    let chart = Chart {
        area,
        x: Range::of(rows.iter().map(|r| r.predicted), 0.06),
        y: Range::of(rows.iter().map(|r| r.observed), 0.06),
    };
    let (x_ticks, y_ticks) = (linear_ticks(chart.x, 6), linear_ticks(chart.y, 5));
    chart.grid(&painter, tokens, &x_ticks, &y_ticks);
    chart.y_axis(&painter, tokens, &y_ticks);
    chart.x_axis(&painter, tokens, &x_ticks);
    let target = elided(&painter, &analysis.design.target, &theme::small(), 120.0);
    chart.y_name(ui, tokens, area.left() - 63.0, &format!("observed {target}"));
    painter.text(
        pos2(area.right(), area.bottom() + 24.0),
        Align2::RIGHT_TOP,
        format!("predicted {target}"),
        theme::small(),
        tokens.text2,
    );
    points(ui, analysis, selection, &chart, &rows);
    let rmse = (point.residual_sum() / analysis.n_samples() as f64).sqrt();
    let (r2, rmse) = (format::number(point.r_squared()), format::number(rmse));
    let mut x = area.left() + 12.0;
    for (name, value, tip) in [("R²", &r2, explain::R_SQUARED), ("RMSE", &rmse, explain::RMSE)] {
        let galley = painter.layout_no_wrap(format!("{name} "), theme::body(), tokens.text2);
        let value = painter.layout_no_wrap(value.clone(), theme::strong(), tokens.text);
        let ground =
            Rect::from_min_size(pos2(x - 4.0, area.top() + 4.0), vec2(galley.size().x + value.size().x + 8.0, 20.0));
        painter.rect_filled(ground, 3, tokens.surface);
        let after = x + galley.size().x;
        painter.galley(pos2(x, area.top() + 6.0), galley, tokens.text2);
        let end = after + value.size().x;
        painter.galley(pos2(after, area.top() + 6.0), value, tokens.text);
        explain(ui, ground, name, tip);
        x = end + 16.0;
    }
    if rows.len() < analysis.n_samples() {
        let text = format!("{} of {} rows drawn", format::count(rows.len()), format::count(analysis.n_samples()));
        painter.text(pos2(area.left(), area.bottom() + 24.0), Align2::LEFT_TOP, text, theme::small(), tokens.text2);
    }
    let response = ui.interact(area, Id::unique("fit plot"), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Image, true, "Predicted against observed");
        info.current_text_value = Some(format!("R² {r2}, RMSE {rmse}"));
        info
    });
    if let Some(row) = response.hover_pos().and_then(|pointer| row_at(&chart, &rows, pointer)) {
        response.on_hover_text_at_pointer(told(analysis, row));
    }
}

/// What the line says, below its upper end.
fn name_of_identity(ui: &Ui, chart: &Chart) {
    let (painter, tokens, area) = (ui.painter(), theme::tokens(ui), chart.area);
    let galley = painter.layout_no_wrap("predicted = observed".to_owned(), theme::small(), tokens.text2);
    // The last place at which it is right of the line and inside.
    let top = area.left() + chart.px(chart.y.max) - chart.px(chart.x.min);
    let left = (area.right() - galley.size().x - 6.0).min(top);
    let rect = Rect::from_min_size(pos2(left, chart.py(chart.x_at(left)) + 5.0), galley.size());
    if area.width() < 280.0 || !area.contains_rect(rect) {
        return;
    }
    painter.rect_filled(rect.expand2(vec2(3.0, 1.0)), 2, tokens.surface.gamma_multiply(0.88));
    painter.galley(rect.min, galley, tokens.text2);
    explain(
        ui,
        rect,
        "identity",
        "Points on this line are predicted as observed; above it the fit predicts too little, below it too much",
    );
}

/// The row whose point is nearest to a pixel, if one is within reach.
fn row_at<'r>(chart: &Chart, rows: &'r [FittedRow], pointer: Pos2) -> Option<&'r FittedRow> {
    const REACH: f32 = 6.0;
    let distance = |row: &FittedRow| chart.pos(row.predicted, row.observed).distance(pointer);
    rows.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).filter(|row| distance(row) <= REACH)
}

/// Number and values of a row, as the file counts it.
fn told(analysis: &Analysis, row: &FittedRow) -> String {
    let number = analysis.design.records.get(row.row).map_or(row.row, |record| *record) + 1;
    let [observed, predicted, residual] =
        [row.observed, row.predicted, row.observed - row.predicted].map(format::number);
    let target = &analysis.design.target;
    format!("Row {}\nobserved {target} {observed}, predicted {predicted}\nresidual {residual}", format::count(number))
}

fn head(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection, curve: Option<&Curve<'_>>) {
    let place = match selection.followed_rule(analysis, selection.fit) {
        Some(Rule::Min) => "at min",
        Some(Rule::OneSe) => "at 1-SE",
        Some(Rule::Manual) | None => "at the cursor",
    };
    let remark = match curve {
        None => format!("predicted against observed, {place}"),
        // The choices come first where there is little room.
        Some(_) if ui.available_width() < 460.0 => String::new(),
        Some(curve) => format!("degree {}", curve.degree()),
    };
    panel_head(ui, "Fit", &remark, |ui| {
        table_twin::button(ui, selection, Twin::Fit);
        let lasso = penalty_title(analysis, Penalty::Lasso);
        let options = [
            (lasso, Penalty::Lasso, "Predictions of the lasso or elastic net at its alpha"),
            ("Ridge", Penalty::Ridge, "Predictions of ridge at its alpha"),
        ];
        segments(ui, "Fit of", &options, &mut selection.fit);
        if curve.is_some() && ui.available_width() > 140.0 {
            let options = [
                ("Curve", FitView::Curve, "The fitted curves through the points, and the errors along alpha"),
                ("Predicted", FitView::Predicted, "Observed against predicted"),
            ];
            segments(ui, "Fit as", &options, &mut selection.fit_view);
        }
    });
}

/// What can be said where only moments are at hand.
fn without_rows(ui: &mut Ui, analysis: &Analysis, selection: &Selection) {
    let point = selection.point(analysis, selection.fit);
    let rmse = (point.residual_sum() / analysis.n_samples() as f64).sqrt();
    let numbers = format!("R² {}, RMSE {}", format::number(point.r_squared()), format::number(rmse));
    let remedy = "Points need rows, and only their moments were opened. Export the coefficients and apply them where the rows are";
    no_rows(ui, &numbers, remedy);
}

/// Points, parted into thirds of the hovered feature, and the line on which prediction equals observation.
fn points(ui: &mut Ui, analysis: &Analysis, selection: &Selection, chart: &Chart, rows: &[FittedRow]) {
    let tokens = theme::tokens(ui);
    let hovered = selection.hovered.filter(|j| *j < analysis.design.features.len());
    let cuts = hovered.and_then(|j| thirds(analysis, j, rows).map(|cuts| (j, cuts)));
    let mut groups: [Vec<[f64; 2]>; 3] = Default::default();
    for row in rows {
        let group = cuts.map_or(1, |(j, (low, high))| {
            let value = analysis.design.x[[row.row, j]];
            usize::from(value >= low) + usize::from(value >= high)
        });
        groups[group].push([row.predicted, row.observed]);
    }
    let color = cuts.map_or(tokens.axis, |(j, _)| tokens.feature(analysis.entry_rank[j]));
    let shades = if cuts.is_some() { [0.35, 0.65, 1.0] } else { [1.0; 3] };
    let range = chart.x;
    let identity = tokens.contour_touching;
    chart.show(ui, Id::unique("fit"), move |plot| {
        for (i, (group, shade)) in groups.into_iter().zip(shades).enumerate() {
            plot.points(
                Points::new(format!("third {i}"), group)
                    .radius(2.2)
                    .color(tokens.faded(color, shade))
                    .allow_hover(false),
            );
        }
        let line = vec![[range.min, range.min], [range.max, range.max]];
        plot.line(
            Line::new("predicted = observed", PlotPoints::new(line)).color(identity).width(1.0).allow_hover(false),
        );
    });
    name_of_identity(ui, chart);
    if let Some((j, (low, high))) = cuts {
        let painter = ui.painter();
        let name = names::feature(painter, analysis, j, &theme::small_strong(), 120.0);
        let mut x = chart.area.left() + 12.0;
        let y = chart.area.top() + 34.0;
        let title = painter.text(pos2(x, y), Align2::LEFT_CENTER, name, theme::small_strong(), tokens.text);
        x = title.right() + 12.0;
        for (shade, word) in shades.into_iter().zip(["low", "middle", "high"]) {
            if word == "middle" && low >= high {
                continue;
            }
            painter.circle(pos2(x, y), 3.0, tokens.faded(color, shade), Stroke::NONE);
            x = painter.text(pos2(x + 8.0, y), Align2::LEFT_CENTER, word, theme::small(), tokens.text2).right() + 12.0;
        }
    }
}
