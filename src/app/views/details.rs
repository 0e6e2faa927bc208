//! How steady the selected coefficients are across folds, and why the others are left out.

use eframe::egui::{
    self, Align2, CursorIcon, Id, Painter, Pos2, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use crate::analysis::{Analysis, Penalty};
use crate::app::format;
use crate::app::selection::{Selection, Units};
use crate::app::theme::{self, Tokens};
use crate::app::twins::Twin;
use crate::app::views::assumptions;
use crate::app::views::chart::{Chart, Range, linear_ticks};
use crate::app::views::explain::{self, explain};
use crate::app::views::names;
use crate::app::views::path::penalty_title;
use crate::app::views::table_twin;
use crate::app::views::widgets::{panel_head, swatch, text_width};
use crate::app::walk;
use crate::model::cross_validation::CrossValidation;

/// Pixels within which the pointer is on a dot.
const DOT_REACH: f32 = 4.0;
/// Folds whose dots lie over each other, listed at most.
const DOTS_LISTED: usize = 6;

/// Height of the fold panel for `rows` features.
pub fn folds_height(rows: usize) -> f32 {
    theme::PANEL_HEAD + rows as f32 * 24.0 + 28.0
}

/// Height of the left-out panel for `rows` features.
pub fn left_out_height(rows: usize) -> f32 {
    theme::PANEL_HEAD + rows as f32 * 22.0 + 24.0
}

/// How many features a fold panel this high shows.
pub fn folds_rows(height: f32) -> usize {
    ((height - theme::PANEL_HEAD - 28.0) / 24.0).max(1.0) as usize
}

/// How many features a left-out panel this high shows.
pub fn left_out_rows(height: f32) -> usize {
    ((height - theme::PANEL_HEAD - 24.0) / 22.0).max(1.0) as usize
}

/// One dot a fold for the first `rows` selected features, the fit on all rows as a tick.
pub fn folds(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection, rows: usize) {
    let tokens = theme::tokens(ui);
    let n = selection.point(analysis, Penalty::Lasso).n_nonzero();
    let first = if n > rows { format!("first {rows} of {}, ", format::count(n)) } else { String::new() };
    let unit = if selection.units == Units::PerSd { "coefficient per SD" } else { "coefficient" };
    let remark = &format!("{first}{} {unit}", penalty_title(analysis, Penalty::Lasso).to_lowercase());
    let Some(cv) = &analysis.lasso.cross_validation else {
        panel_head(ui, "Across folds", remark, |_| {});
        let rect = ui.available_rect_before_wrap();
        return instead(ui, rect, "Shown with the cross-validation");
    };
    panel_head(ui, &format!("Across {} folds", cv.fold_coefficients.len()), remark, |ui| {
        table_twin::button(ui, selection, Twin::Folds);
    });
    let rect = ui.available_rect_before_wrap();
    let picture = ui.allocate_rect(rect, Sense::hover());
    // Folds are fitted on the grid.
    let k = selection.cursor(Penalty::Lasso).nearest();
    let path = &analysis.lasso.path;
    let point = selection.point(analysis, Penalty::Lasso);
    let solution = point.solution();
    let shown: Vec<usize> = analysis.entry_order.iter().copied().filter(|&j| solution[j] != 0.0).take(rows).collect();
    let whole: Vec<f64> = shown.iter().map(|&j| point.coefficient(j)).collect();
    let painter = ui.painter().clone();
    if shown.is_empty() {
        return instead(ui, rect, "No feature is selected at this alpha");
    }
    let per_sd = selection.units == Units::PerSd;
    let scale = |j: usize, own: f64| if per_sd { own * path.scaling().sds[j] } else { own };
    let dots: Vec<Vec<f64>> =
        shown.iter().map(|&j| in_folds(cv, k, j).into_iter().map(|own| scale(j, own)).collect()).collect();
    let height = shown.len() as f32 * 24.0;
    let head = Rect::from_min_max(rect.left_top() - vec2(0.0, theme::PANEL_HEAD), rect.right_top());
    explain(
        ui,
        head,
        "folds",
        "A dot is the coefficient fitted without one of the folds, the dark tick that of all rows: dots far apart say that it hangs on which rows were drawn",
    );
    let area = Rect::from_min_max(rect.min + vec2(92.0, 0.0), pos2(rect.right() - theme::PADDING, rect.top() + height));
    let ticks = shown.iter().zip(&whole).map(|(&j, &own)| scale(j, own));
    let x = Range::of(dots.iter().flatten().copied().chain(ticks).chain([0.0]), 0.06);
    let chart = Chart { area, x, y: Range { min: 0.0, max: 1.0 } };
    fold_axis(&painter, tokens, &chart);
    for (i, (&j, dots)) in shown.iter().zip(&dots).enumerate() {
        let row = Rect::from_min_size(rect.min + vec2(0.0, i as f32 * 24.0), vec2(rect.width(), 24.0));
        row_ground(ui, analysis, selection, j, row);
        let y = row.center().y;
        let is_hovered = selection.hovered == Some(j);
        let font = if is_hovered { theme::strong() } else { theme::body() };
        let name = names::feature(&painter, analysis, j, &font, 92.0 - theme::PADDING - 8.0);
        painter.text(pos2(row.left() + theme::PADDING, y), Align2::LEFT_CENTER, name, font, tokens.text);
        let color = tokens.feature(analysis.entry_rank[j]);
        for &dot in dots {
            painter.circle(pos2(chart.px(dot), y), 2.5, color, Stroke::new(0.5, tokens.surface));
        }
        let all = scale(j, whole[i]);
        painter.vline(chart.px(all), y - 7.0..=y + 7.0, Stroke::new(1.5, tokens.text));
        let response = ui.interact(row, ui.scope_id().with(("folds of", j)), Sense::hover());
        let pointer = response.hover_pos().map(|pointer| pointer.x);
        let name = &analysis.design.features[j].name;
        response.on_hover_ui(|ui| {
            ui.label(RichText::new(name).strong());
            ui.label(fold_values(dots, all, pointer, |value| chart.px(value)));
        });
    }
    picture.widget_info(|| {
        let features = shown.iter().zip(&dots).zip(&whole).map(|((&j, dots), &own)| {
            let range = Range::of(dots.iter().copied(), 0.0);
            let [all, low, high] = [scale(j, own), range.min, range.max].map(format::number);
            format!("{} {all}, in the folds {low} to {high}", analysis.design.features[j].name)
        });
        image("Coefficients across folds", features.collect::<Vec<_>>().join("; "))
    });
    if let Some((i, fold)) = picture.hover_pos().and_then(|pointer| dot_at(&chart, rect.top(), &dots, pointer)) {
        let name = &analysis.design.features[shown[i]].name;
        let unit = if per_sd { " per SD" } else { "" };
        let [without, all] = [dots[i][fold], scale(shown[i], whole[i])].map(|v| format::number(v) + unit);
        let fold = name_of_fold(fold, cv.n_folds, cv.fold_coefficients.len());
        picture.on_hover_text_at_pointer(format!("{name} {without}, fitted without {fold}\n{all} on all rows"));
    }
}

/// As people count, with the repeat where there is more than one.
fn name_of_fold(m: usize, n_folds: usize, n_fits: usize) -> String {
    let (fold, repeat) = (m % n_folds + 1, m / n_folds + 1);
    if n_fits > n_folds { format!("fold {fold} of repeat {repeat}") } else { format!("fold {fold}") }
}

/// Grid, numbers below, and the line at zero.
fn fold_axis(painter: &Painter, tokens: &Tokens, chart: &Chart) {
    let area = chart.area;
    for tick in linear_ticks(chart.x, 4) {
        let at = chart.px(tick.value).round() + 0.5;
        let color = if tick.value == 0.0 { tokens.control_border } else { tokens.grid };
        painter.vline(at, area.top()..=area.bottom(), Stroke::new(1.0, color));
        painter.text(pos2(at, area.bottom() + 4.0), Align2::CENTER_TOP, &tick.label, theme::small(), tokens.text2);
    }
}

/// The dot nearest to a pixel, if one is within reach: its row, and its place in it.
fn dot_at(chart: &Chart, top: f32, dots: &[Vec<f64>], pointer: Pos2) -> Option<(usize, usize)> {
    const REACH: f32 = 5.0;
    let i = ((pointer.y - top) / 24.0).floor();
    let row = dots.get(i as usize).filter(|_| i >= 0.0 && (pointer.y - top - 24.0 * i - 12.0).abs() <= REACH)?;
    let distance = |dot: &f64| (chart.px(*dot) - pointer.x).abs();
    let nearest = row.iter().enumerate().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)))?;
    (distance(nearest.1) <= REACH).then_some((i as usize, nearest.0))
}

/// The pull of the residuals on the first left-out features against alpha: the optimality condition as a picture.
pub fn left_out(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection, rows: usize) {
    let tokens = theme::tokens(ui);
    let n = analysis.lasso.path.n_features() - selection.point(analysis, Penalty::Lasso).n_nonzero();
    let nearest = if n > rows {
        format!("nearest {rows} of {}", format::count(n))
    } else {
        "pull of the residuals stays below alpha".to_owned()
    };
    assumptions::head(ui, selection, &nearest);
    let rect = ui.available_rect_before_wrap();
    let picture = ui.allocate_rect(rect, Sense::hover());
    let path = &analysis.lasso.path;
    let (alpha, solution, gradient) = {
        let point = selection.point(analysis, Penalty::Lasso);
        (point.alpha(), point.solution().to_vec(), point.gradient().to_vec())
    };
    let threshold = alpha * path.l1_ratio();
    let mut out: Vec<usize> = (0..path.n_features()).filter(|&j| solution[j] == 0.0).collect();
    // The first rows of the order alone: there may be many thousands.
    let order = |a: &usize, b: &usize| gradient[*b].abs().total_cmp(&gradient[*a].abs()).then(a.cmp(b));
    if out.len() > rows {
        out.select_nth_unstable_by(rows, order);
        out.truncate(rows);
    }
    out.sort_by(order);
    let painter = ui.painter().clone();
    if out.is_empty() {
        return instead(ui, rect, "Every feature is in at this alpha");
    }
    let decimals = format::common_decimals([threshold]).min(6);
    // No pull is above the threshold: no number is wider.
    let written =
        |pull: f64| if threshold < 1e-3 { format::significant(pull, 3) } else { format::fixed(pull, decimals) };
    let number = text_width(&painter, &written(threshold), &theme::body()) + 12.0;
    let (left, right) = (rect.left() + 92.0, rect.right() - theme::PADDING - number.max(56.0));
    let length = |v: f64| left + ((v / threshold) as f32).clamp(0.0, 1.0) * (right - left);
    for (i, &j) in out.iter().enumerate() {
        let row = Rect::from_min_size(rect.min + vec2(0.0, i as f32 * 22.0), vec2(rect.width(), 22.0));
        row_ground(ui, analysis, selection, j, row);
        ask_why(ui, analysis, selection, (j, row.with_max_x(right)), (gradient[j].abs(), threshold));
        let y = row.center().y;
        let color = tokens.feature(analysis.entry_rank[j]);
        swatch(&painter, pos2(row.left() + theme::PADDING + 4.0, y), tokens.faded(color, 0.6));
        let name = names::feature(&painter, analysis, j, &theme::body(), 92.0 - theme::PADDING - 24.0);
        painter.text(
            pos2(row.left() + theme::PADDING + 16.0, y),
            Align2::LEFT_CENTER,
            name,
            theme::body(),
            tokens.text2,
        );
        painter.rect_filled(Rect::from_x_y_ranges(left..=right, y - 4.0..=y + 4.0), 0, tokens.grid);
        let pull = gradient[j].abs();
        painter.rect_filled(Rect::from_x_y_ranges(left..=length(pull), y - 4.0..=y + 4.0), 0, tokens.faded(color, 0.6));
        painter.text(
            pos2(rect.right() - theme::PADDING, y),
            Align2::RIGHT_CENTER,
            written(pull),
            theme::body(),
            tokens.text2,
        );
    }
    let bottom = rect.top() + out.len() as f32 * 22.0;
    explain(ui, Rect::from_min_max(pos2(right, rect.top()), pos2(rect.right(), bottom)), "pull", explain::PULL);
    painter.vline(right, rect.top()..=bottom, Stroke::new(1.5, tokens.accent));
    let name = if path.l1_ratio() < 1.0 { "alpha · l1_ratio" } else { "alpha" };
    painter.text(
        pos2(right, bottom + 3.0),
        Align2::CENTER_TOP,
        format!("{name} {}", format::number(threshold)),
        theme::small_strong(),
        tokens.accent,
    );
    picture.widget_info(|| {
        let pulls = out.iter().map(|&j| {
            format!("{}: pull {} does not exceed", analysis.design.features[j].name, format::number(gradient[j].abs()))
        });
        let words = pulls.map(|words| format!("{words} {name} {}", format::number(threshold)));
        image("Why features are left out", words.collect::<Vec<_>>().join("; "))
    });
}

/// The coefficient of a feature in each fold.
fn in_folds(cv: &CrossValidation, k: usize, j: usize) -> Vec<f64> {
    let in_fold = |fold: &Vec<Vec<(u32, f64)>>| {
        fold.get(k).and_then(|c| c.iter().find(|(f, _)| *f as usize == j)).map_or(0.0, |c| c.1)
    };
    cv.fold_coefficients.iter().map(in_fold).collect()
}

/// The folds whose dots are under the pointer with their coefficients, else all rows and the range of the folds.
fn fold_values(dots: &[f64], all: f64, pointer: Option<f32>, px: impl Fn(f64) -> f32) -> String {
    let is_under = |value: f64| pointer.is_some_and(|x| (px(value) - x).abs() <= DOT_REACH);
    let under: Vec<usize> = (0..dots.len()).filter(|&fold| is_under(dots[fold])).collect();
    let mut lines: Vec<String> = Vec::new();
    if under.is_empty() || is_under(all) {
        lines.push(format!("All rows {}", format::number(all)));
    }
    if under.is_empty() {
        let low = dots.iter().copied().fold(f64::INFINITY, f64::min);
        let high = dots.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        lines.push(format!("In the {} folds {} to {}", dots.len(), format::number(low), format::number(high)));
    }
    let listed = under.iter().take(DOTS_LISTED);
    lines.extend(listed.map(|&fold| format!("Without fold {} {}", fold + 1, format::number(dots[fold]))));
    if under.len() > DOTS_LISTED {
        lines.push(format!("and {} more folds here", under.len() - DOTS_LISTED));
    }
    lines.join("\n")
}

/// A picture, to be read aloud.
fn image(name: &str, words: String) -> WidgetInfo {
    let mut info = WidgetInfo::labeled(Role::Image, true, name);
    info.current_text_value = Some(words);
    info
}

/// Why there are no rows.
fn instead(ui: &Ui, rect: Rect, text: &str) {
    let at = rect.left_top() + vec2(theme::PADDING, 12.0);
    ui.painter().text(at, Align2::LEFT_CENTER, text, theme::body(), theme::tokens(ui).text2);
}

/// Hovering a left-out feature says why; a click shows it beside the selected feature that it is most like.
fn ask_why(
    ui: &Ui,
    analysis: &Analysis,
    selection: &mut Selection,
    (j, row): (usize, Rect),
    (pull, threshold): (f64, f64),
) {
    let response = ui.interact(row, ui.scope_id().with(("left out", j)), Sense::click());
    let full = &analysis.design.features[j].name;
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Why {full} is left out")));
    walk::one_of(ui, Id::unique("left out rows"), response.id, false);
    walk::home(ui, response.id);
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    let clicked = response.clicked();
    let twin = || most_alike(analysis, &selection.point(analysis, Penalty::Lasso).solution().to_vec(), j);
    let why = |ui: &mut Ui| {
        ui.label(why_out(analysis, j, (pull, threshold), twin()));
    };
    if response.has_focus() {
        let ring = Stroke::new(1.5, theme::tokens(ui).accent);
        ui.painter().rect_stroke(row.shrink(1.0), 2, ring, egui::StrokeKind::Inside);
    }
    // Who came here by a key asks as well as who rests the pointer here.
    if walk::is_by_key(ui, response.id) {
        response.show_tooltip_ui(why);
    } else {
        response.on_hover_ui(why);
    }
    if clicked {
        let twin = twin().map_or(selection.pair().0, |(twin, _)| twin);
        selection.set_pair(twin, j);
    }
}

/// The selected feature that is most correlated with `j`, and the correlation.
fn most_alike(analysis: &Analysis, solution: &[f64], j: usize) -> Option<(usize, f64)> {
    let selected = (0..solution.len()).filter(|&k| solution[k] != 0.0);
    let correlations = selected.map(|k| (k, analysis.correlation(j, k)));
    correlations.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
}

/// Why a feature is out, in words.
fn why_out(analysis: &Analysis, j: usize, (pull, threshold): (f64, f64), twin: Option<(usize, f64)>) -> String {
    let name = |j: usize| &analysis.design.features[j].name;
    let (pull, threshold) = (format::number(pull), format::number(threshold));
    let why = format!(
        "{} is out: its pull on the residuals, {pull}, does not exceed {threshold}, the price of a coefficient.",
        name(j)
    );
    let Some((twin, correlation)) = twin else { return why };
    let (twin, correlation) = (name(twin), format::significant(correlation, 3));
    format!(
        "{why}\nOf the selected features it is most like {twin} (correlation {correlation}): what they share, that one explains. Click or press Enter to see the two in the geometry"
    )
}

fn row_ground(ui: &Ui, analysis: &Analysis, selection: &mut Selection, j: usize, row: Rect) {
    let tokens = theme::tokens(ui);
    if selection.hovered == Some(j) {
        ui.painter().rect_filled(row, 0, tokens.hover);
        let edge = Rect::from_min_size(row.min, vec2(3.0, row.height()));
        ui.painter().rect_filled(edge, 0, tokens.feature(analysis.entry_rank[j]));
    }
    if ui.rect_contains_pointer(row) {
        selection.hover(j);
    }
}
