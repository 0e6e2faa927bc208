//! The fit of one predictor as a curve, and below or beside it how well it predicts along alpha.

use eframe::egui::{
    Align2, Color32, Context, CursorIcon, Id, Rangef, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};
use egui_plot::{Line, LineStyle, PlotPoints, Points};

use crate::analysis::{Analysis, Penalty};
use crate::app::format;
use crate::app::selection::Selection;
use crate::app::theme::{self, Tokens};
use crate::app::views::chart::{Chart, Range, Tick, linear_ticks, log_ticks, spread};
use crate::app::views::path::penalty_title;
use crate::app::views::widgets::{elided, text_width};
use crate::insight::curve::{Curve, Fitted, least_squares_error, training_error, training_errors};

/// Rows drawn at most.
const ROWS: usize = 2000;
/// Places at which a curve is computed.
const PLACES: usize = 300;
/// From this width on the errors stand beside the curve.
const WIDE: f32 = 600.0;
/// Least height of a panel that has room for both, one below the other.
const TALL: f32 = 250.0;
/// Room right of a chart for the names at the line ends.
const NAMES: f32 = 56.0;
/// Decades of error shown at most: a fit through every point would take the axis down for ever.
const MOST_DECADES: f64 = 4.0;

fn errors_id() -> Id {
    Id::unique("errors along alpha")
}

fn errors_plot_id() -> Id {
    Id::unique("errors plot")
}

/// Takes drags and clicks on the errors before anything is drawn, so that every view follows in the same frame.
pub fn take_input(ctx: &Context, analysis: &Analysis, selection: &mut Selection) {
    let Some(response) = ctx.read_response(errors_id()) else { return };
    let pointer = response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked());
    if let Some(pointer) = pointer
        && let Some(x) = Chart::last_x_at(ctx, errors_plot_id(), pointer.x)
    {
        selection.move_to_alpha(analysis, selection.fit, 10.0_f64.powf(-x));
    }
}

/// Both pictures, in what is left of the panel.
pub fn show(ui: &mut Ui, analysis: &Analysis, selection: &Selection, curve: &Curve<'_>) {
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    if rect.height() < 110.0 {
        return;
    }
    // The predictor's name stands at the end of its axis, or below it if it is long.
    let is_short = text_width(ui.painter(), curve.predictor(), &theme::small()) <= NAMES - 16.0;
    let below = if is_short { 26.0 } else { 40.0 };
    let inside = |rect: Rect, below: f32| Rect::from_min_max(rect.min + vec2(64.0, 8.0), rect.max - vec2(NAMES, below));
    if rect.width() >= WIDE {
        let middle = (rect.left() + rect.width() * 0.52).round();
        fitted(ui, analysis, selection, curve, inside(rect.with_max_x(middle), 40.0), is_short);
        errors(ui, analysis, selection, inside(rect.with_min_x(middle), 40.0));
    } else if rect.height() >= TALL {
        let middle = (rect.top() + rect.height() * 0.54).round();
        fitted(ui, analysis, selection, curve, inside(rect.with_max_y(middle), below), is_short);
        errors(ui, analysis, selection, inside(rect.with_min_y(middle), 40.0));
    } else {
        fitted(ui, analysis, selection, curve, inside(rect, below), is_short);
    }
}

/// How each fit is drawn; the one whose errors are shown is the strongest.
struct Style<'p> {
    name: &'static str,
    fitted: Fitted<'p>,
    color: Color32,
    width: f32,
    dashes: LineStyle,
}

fn styles<'p>(analysis: &'p Analysis, selection: &'p Selection, tokens: &Tokens) -> [Style<'p>; 3] {
    let of = |penalty| {
        let is_chosen = selection.fit == penalty;
        let (color, dashes) = match penalty {
            Penalty::Lasso => (tokens.accent, LineStyle::Solid),
            Penalty::Ridge => (tokens.text, LineStyle::dashed_dense()),
        };
        let name = match penalty_title(analysis, penalty) {
            "Elastic net" => "el. net",
            "Lasso" => "lasso",
            _ => "ridge",
        };
        let width = if is_chosen { 2.25 } else { 1.5 };
        Style { name, fitted: Fitted::Path(selection.point(analysis, penalty)), color, width, dashes }
    };
    let least_squares =
        Style { name: "OLS", fitted: Fitted::LeastSquares, color: tokens.axis, width: 1.0, dashes: LineStyle::Solid };
    // The chosen one is drawn last.
    [least_squares, of(crate::app::selection::other(selection.fit)), of(selection.fit)]
}

/// Points, and the curves of least squares, ridge and lasso.
fn fitted(ui: &mut Ui, analysis: &Analysis, selection: &Selection, curve: &Curve<'_>, area: Rect, is_short: bool) {
    let tokens = theme::tokens(ui);
    let points = curve.points(ROWS);
    let x = Range::of(points.iter().map(|p| p[0]), 0.0);
    // Least squares may run far out at the ends: the points decide what is shown.
    let y = Range::of(points.iter().map(|p| p[1]), 0.12);
    let margin = (x.max - x.min) * 0.02;
    let chart = Chart { area, x: Range { min: x.min - margin, max: x.max + margin }, y };
    let painter = ui.painter().clone();
    let (x_ticks, y_ticks) = (linear_ticks(chart.x, 6), linear_ticks(chart.y, 5));
    chart.grid(&painter, tokens, &x_ticks, &y_ticks);
    chart.y_axis(&painter, tokens, &y_ticks);
    chart.x_axis(&painter, tokens, &x_ticks);
    let name = |text: &str| elided(&painter, text, &theme::small(), 120.0);
    chart.y_name(ui, tokens, area.left() - 63.0, &name(&analysis.design.target));
    let (at, anchor) = if is_short {
        (pos2(area.right() + 11.0, area.bottom() + 7.0), Align2::LEFT_TOP)
    } else {
        (pos2(area.right(), area.bottom() + 22.0), Align2::RIGHT_TOP)
    };
    painter.text(at, anchor, name(curve.predictor()), theme::small(), tokens.text2);
    let styles = styles(analysis, selection, tokens);
    let lines: Vec<Vec<[f64; 2]>> = styles.iter().map(|s| curve.line(s.fitted, (x.min, x.max), PLACES)).collect();
    end_names(ui, &chart, &styles, &lines);
    let dots = tokens.faded(tokens.axis, 0.6);
    chart.show(ui, Id::unique("curve"), move |plot| {
        plot.points(Points::new("rows", points).radius(2.2).color(dots).allow_hover(false));
        for (style, line) in styles.into_iter().zip(lines) {
            plot.line(
                Line::new(style.name, PlotPoints::new(line))
                    .color(style.color)
                    .width(style.width)
                    .style(style.dashes)
                    .allow_hover(false)
                    .allow_band(false),
            );
        }
    });
    let response = ui.interact(area, Id::unique("curve plot"), Sense::hover());
    response.widget_info(|| {
        let label = format!("{} against {}", analysis.design.target, curve.predictor());
        let mut info = WidgetInfo::labeled(Role::Image, true, label);
        let spread = |penalty| {
            let fitted = Fitted::Path(selection.point(analysis, penalty));
            let line = curve.line(fitted, (x.min, x.max), PLACES);
            let range = Range::of(line.iter().map(|p| p[1]), 0.0);
            format!(
                "{} from {} to {}",
                penalty_title(analysis, penalty),
                format::number(range.min),
                format::number(range.max)
            )
        };
        info.current_text_value = Some([Penalty::Lasso, Penalty::Ridge].map(spread).join(", "));
        info
    });
}

/// Names at the right end of the lines, moved apart.
fn end_names(ui: &Ui, chart: &Chart, styles: &[Style<'_>], lines: &[Vec<[f64; 2]>]) {
    let ends: Vec<(&Style<'_>, f32)> =
        styles.iter().zip(lines).filter_map(|(style, line)| Some((style, chart.py(line.last()?[1])))).collect();
    let bounds = chart.area.y_range();
    let wanted: Vec<f32> = ends.iter().map(|(_, y)| y.clamp(bounds.min, bounds.max)).collect();
    names_at(ui, chart, &ends.iter().map(|(s, _)| (s.name, s.color)).collect::<Vec<_>>(), &wanted);
}

fn names_at(ui: &Ui, chart: &Chart, names: &[(&str, Color32)], wanted: &[f32]) {
    let tokens = theme::tokens(ui);
    let painter = ui.painter();
    let right = chart.area.right();
    let (top, bottom) = (chart.area.top(), chart.area.bottom());
    let placed = spread(wanted, 13.0, Rangef::new(top - 4.0, bottom - 6.0));
    for (((name, color), &from), &to) in names.iter().zip(wanted).zip(&placed) {
        painter.line(vec![pos2(right + 2.0, from), pos2(right + 8.0, to)], Stroke::new(1.0, *color));
        painter.text(pos2(right + 11.0, to), Align2::LEFT_CENTER, *name, theme::small(), tokens.text2);
    }
}

/// Training error and cross-validation error along alpha, on a logarithmic scale, with the ends named.
fn errors(ui: &mut Ui, analysis: &Analysis, selection: &Selection, area: Rect) {
    let tokens = theme::tokens(ui);
    let penalty = selection.fit;
    let data = analysis.penalty(penalty);
    let (path, cv) = (&data.path, data.cross_validation.as_ref());
    let training = training_errors(analysis, penalty);
    let xs: Vec<f64> = path.alphas().iter().map(|alpha| -alpha.log10()).collect();
    let held_out = cv.map(|cv| (cv, cv.mean.to_vec()));
    let means: &[f64] = held_out.as_ref().map_or(&[], |(_, means)| means);
    let upper = cv.map_or(0.0, |cv| (0..xs.len()).map(|k| cv.mean[k] + cv.se[k]).fold(0.0, f64::max));
    let largest = upper.max(training[0]).max(f64::MIN_POSITIVE);
    let floor = largest * 10_f64.powf(-MOST_DECADES);
    let log = |error: f64| error.max(floor).log10();
    let all = training.iter().chain(means).copied().chain(least_squares_error(analysis));
    let y = Range::of(all.chain([largest]).map(log), 0.06);
    // Cross-validation may explode where the fit does: what matters is below twice the error of the mean.
    let y = Range { max: y.max.min((2.0 * means.first().map_or(training[0], |m| m.max(training[0]))).log10()), ..y };
    let chart = Chart { area, x: Range::of(xs.iter().copied(), 0.012), y };
    let painter = ui.painter().clone();
    let x_ticks = log_ticks(chart.x, -1.0, area.width());
    let y_ticks = error_ticks(chart.y, area.height());
    chart.grid(&painter, tokens, &x_ticks, &y_ticks);
    chart.y_axis(&painter, tokens, &y_ticks);
    chart.x_axis(&painter, tokens, &x_ticks);
    chart.y_name(ui, tokens, area.left() - 63.0, "squared error");
    ends(ui, &chart);
    let clipped = painter.with_clip_rect(area.expand(3.0));
    let line = |errors: &[f64]| xs.iter().zip(errors).map(|(x, e)| [*x, log(*e)]).collect::<Vec<[f64; 2]>>();
    let mut lines = vec![("training", line(&training), tokens.text2, 1.5, LineStyle::dashed_dense())];
    if let Some(cv) = cv {
        for (k, x) in xs.iter().enumerate() {
            let span = chart.py(log(cv.mean[k] + cv.se[k]))..=chart.py(log(cv.mean[k] - cv.se[k]));
            clipped.vline(chart.px(*x), span, Stroke::new(1.0, tokens.error_bar));
        }
        let x_min = chart.px(xs[cv.index_min]);
        let dashes = [pos2(x_min, area.top()), pos2(x_min, area.bottom())];
        clipped.extend(Shape::dashed_line(&dashes, Stroke::new(1.0, tokens.axis), 2.0, 3.0));
        lines.push(("CV", line(means), tokens.contour_touching, 1.75, LineStyle::Solid));
    }
    let names: Vec<(&str, Color32)> = lines.iter().map(|line| (line.0, line.2)).collect();
    let end = |line: &[[f64; 2]]| line.last().map_or(0.0, |p| chart.py(p[1]).clamp(area.top(), area.bottom()));
    let wanted: Vec<f32> = lines.iter().map(|line| end(&line.1)).collect();
    names_at(ui, &chart, &names, &wanted);
    chart.show(ui, errors_plot_id(), move |plot| {
        for (name, line, color, width, style) in lines {
            let line = Line::new(name, PlotPoints::new(line)).color(color).width(width).style(style);
            plot.line(line.allow_hover(false).allow_band(false));
        }
    });
    if let Some(cv) = cv {
        let least = chart.pos(xs[cv.index_min], log(cv.mean[cv.index_min]));
        clipped.circle(least, 3.5, tokens.surface, Stroke::new(1.75, tokens.text));
    }
    let x = -selection.point(analysis, penalty).alpha().log10();
    painter.vline(chart.px(x), area.y_range(), Stroke::new(1.5, tokens.accent));
    let at_cursor = training_error(analysis, selection.point(analysis, penalty));
    let held_out = analysis.held_out_error(penalty, selection.cursor(penalty)).map(|(mean, _)| mean);
    for error in [Some(at_cursor), held_out].into_iter().flatten() {
        clipped.circle(chart.pos(x, log(error)), 4.0, tokens.accent, Stroke::new(1.0, tokens.surface));
    }
    let response = ui.interact(area, errors_id(), Sense::CLICK | Sense::DRAG);
    response.widget_info(|| {
        let label = format!("{} training and cross-validation error along alpha", penalty_title(analysis, penalty));
        let mut info = WidgetInfo::labeled(Role::Image, true, label);
        let held_out = held_out.map_or_else(String::new, |e| format!(", cross-validation {}", format::number(e)));
        info.current_text_value = Some(format!("training {}{held_out}", format::number(at_cursor)));
        info
    });
    let told = response.hover_pos().filter(|_| !response.dragged()).map(|pointer| {
        let at = chart.x_at(pointer.x);
        let k = (0..xs.len()).min_by(|a, b| (xs[*a] - at).abs().total_cmp(&(xs[*b] - at).abs())).unwrap_or(0);
        let held_out = cv.map_or_else(String::new, |cv| {
            format!("\nCV error {} ± {}", format::number(cv.mean[k]), format::number(cv.se[k]))
        });
        let alpha = format::number(10.0_f64.powf(-xs[k]));
        format!("training error {}{held_out}\nat alpha {alpha}", format::number(training[k]))
    });
    let response = response.on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
    if let Some(told) = told {
        response.on_hover_text_at_pointer(told);
    }
}

/// What goes wrong at either end, below the axis.
fn ends(ui: &Ui, chart: &Chart) {
    let tokens = theme::tokens(ui);
    let (painter, area, y) = (ui.painter(), chart.area, chart.area.bottom() + 22.0);
    let right = area.right() + NAMES - theme::PADDING;
    let (strong, weak) = if right - area.left() > 290.0 {
        ("underfits: curve flattens", "overfits: follows the noise")
    } else {
        ("underfits", "overfits")
    };
    painter.text(pos2(area.left(), y), Align2::LEFT_TOP, strong, theme::small(), tokens.text2);
    painter.text(pos2(right, y), Align2::RIGHT_TOP, weak, theme::small(), tokens.text2);
    painter.text(
        pos2(area.left() - 8.0, area.bottom() + 7.0),
        Align2::RIGHT_TOP,
        "alpha",
        theme::small(),
        tokens.text2,
    );
}

/// Ticks at 1, 2, 5 times powers of ten, or at the powers alone, for an axis that shows `log10(error)`.
fn error_ticks(range: Range, height: f32) -> Vec<Tick> {
    let per_decade = f64::from(height) / (range.max - range.min).max(1e-9);
    let steps: &[f64] = if per_decade > 45.0 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let decades = (range.min.floor() as i32)..=(range.max.ceil() as i32);
    let values = decades.flat_map(|d| steps.iter().map(move |m| m * 10_f64.powi(d)));
    let inside = values.filter(|v| (range.min..=range.max).contains(&v.log10()));
    inside.map(|v| Tick { value: v.log10(), label: format::significant(v, 1) }).collect()
}
