//! What lasso and ridge take for granted: scaling, sparsity and collinear columns on this data, one line each.

use eframe::egui::{Align2, CursorIcon, Painter, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::analysis::{Analysis, Penalty};
use crate::app::command::Command;
use crate::app::document::SettingsForm;
use crate::app::format;
use crate::app::selection::{Explained, Selection};
use crate::app::theme;
use crate::app::twins::Twin;
use crate::app::views::names;
use crate::app::views::table_twin;
use crate::app::views::widgets::{self, segments, shortened, switch, text_width};
use crate::insight::assumptions::{Assumptions, Gain, Pair, ScaleResult, concentration};
use crate::model::standardize::Scale;

/// Share of `‖w‖₁` whose holders are counted.
const SHARE: f64 = 0.8;
/// Width of the captions at the left.
const CAPTIONS: f32 = 68.0;
/// Lines of the section.
const LINES: f32 = 6.0;
/// Widest name of a feature in a line.
const NAME: f32 = 64.0;

/// Head of the section that explains: a choice of what, and a remark.
pub fn head(ui: &mut Ui, selection: &mut Selection, remark: &str) {
    let mut chosen = selection.explained;
    let choice = |ui: &mut Ui| {
        let options = [
            ("Why left out", Explained::LeftOut, "How near the features that are out are to entering"),
            (
                "Assumptions",
                Explained::Assumptions,
                "Whether features are scaled, sparsity is plausible, and columns are alike",
            ),
        ];
        segments(ui, "Explain", &options, &mut chosen);
    };
    let has_table = selection.explained == Explained::LeftOut;
    widgets::head(ui, choice, remark, |ui| {
        if has_table {
            table_twin::button(ui, selection, Twin::LeftOut);
        }
    });
    selection.explained = chosen;
}

/// The six lines.
pub fn show(
    ui: &mut Ui,
    analysis: &Analysis,
    assumptions: &Assumptions,
    selection: &mut Selection,
    form: &SettingsForm,
) -> Option<Command> {
    head(ui, selection, "");
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    let height = (rect.height() / LINES).clamp(17.0, 24.0);
    let line = |i: usize| {
        let top = rect.top() - 2.0 + i as f32 * height;
        Rect::from_x_y_ranges(rect.x_range().shrink(theme::PADDING), top..=top + height)
    };
    let own = if analysis.settings.scale == Scale::Standardize { "own units" } else { "standardized" };
    let command = scale(ui, analysis, assumptions, form, line(0));
    let pull = pull(ui.painter(), analysis, assumptions, own);
    let pull_tip = "The features that the target pulls most while all coefficients are 0: the first of them enters the lasso first. Dividing by the standard deviation decides the order";
    text(ui, line(1), "Pull", &pull, pull_tip);
    let errors = compared_errors(assumptions, selection, own);
    let kept_tip =
        "Features that the first penalty keeps by the 1-SE rule. Switch Standardized above to see both side by side";
    text(ui, line(2), "1-SE keeps", &kept(analysis, assumptions, selection, own), &format!("{errors}{kept_tip}"));
    let sparse_tip = "How few of the selected features hold 80 % of the L1 norm, coefficients per SD. Sparsity is plausible unless ridge, which keeps all, predicts better by more than one standard error";
    text(ui, line(3), "Sparsity", &sparsity(analysis, assumptions, selection), sparse_tip);
    let gain_tip = "How much smaller the error in cross-validation is at min than that of ridge at its min, and than that of predicting the mean: the mean difference of the folds in its standard errors";
    text(ui, line(4), "CV gain", &gains(assumptions), gain_tip);
    pairs(ui, analysis, assumptions, selection, line(5));
    command
}

fn caption(ui: &Ui, line: Rect, name: &str) -> Rect {
    let tokens = theme::tokens(ui);
    ui.painter().text(line.left_center(), Align2::LEFT_CENTER, name, theme::small(), tokens.text2);
    line.with_min_x(line.left() + CAPTIONS)
}

/// A line of text; its tooltip says what the numbers are.
fn text(ui: &Ui, line: Rect, name: &str, value: &str, tip: &str) {
    let place = caption(ui, line, name);
    let tokens = theme::tokens(ui);
    let shown = shortened(ui.painter(), value, &theme::small(), place.width());
    ui.painter().text(place.left_center(), Align2::LEFT_CENTER, shown, theme::small(), tokens.text);
    let response = ui.interact(line, ui.scope_id().with(("assumption", name)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name} {value}")));
    response.on_hover_text(format!("{value}\n{tip}"));
}

/// Whether columns are divided by their standard deviation, and how far these lie apart.
fn scale(
    ui: &mut Ui,
    analysis: &Analysis,
    assumptions: &Assumptions,
    form: &SettingsForm,
    line: Rect,
) -> Option<Command> {
    let place = caption(ui, line, "Scale");
    let mut is_on = form.scale == Scale::Standardize;
    let tip = "Divide each column by its standard deviation, so that the penalty falls on all alike: the same setting as at the left";
    let switch_rect = Rect::from_center_size(place.center(), vec2(place.width(), theme::ROW));
    let switch_rect = switch_rect.with_max_x(place.left() + 112.0);
    let changed = ui
        .scope_builder(UiBuilder::new().max_rect(switch_rect).id_salt("scale"), |ui| {
            switch(ui, "Standardized", &mut is_on).on_hover_text(tip).changed()
        })
        .inner;
    if let Some((smallest, largest)) = assumptions.spread {
        let tokens = theme::tokens(ui);
        let space = line.right() - switch_rect.right() - 8.0;
        let number = |sd: f64| format::significant(sd, 2);
        let name = |j: usize| names::feature(ui.painter(), analysis, j, &theme::small(), NAME);
        let long = format!(
            "SD {} {} to {} {}",
            number(smallest.sd),
            name(smallest.feature),
            number(largest.sd),
            name(largest.feature)
        );
        let short = format!("SD {} to {}", number(smallest.sd), number(largest.sd));
        let shown = if text_width(ui.painter(), &long, &theme::small()) <= space { &long } else { &short };
        let at = pos2(line.right(), line.center().y);
        ui.painter().text(at, Align2::RIGHT_CENTER, shown, theme::small(), tokens.text);
        let id = ui.scope_id().with("spread");
        let response = ui.interact(line.with_min_x(switch_rect.right()), id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, long.clone()));
        let names = [smallest, largest].map(|s| analysis.design.features[s.feature].name.as_str());
        response.on_hover_text(format!("Standard deviations run from that of {} to that of {}", names[0], names[1]));
    }
    changed.then(|| {
        let scale = if is_on { Scale::Standardize } else { Scale::Keep };
        Command::SetForm(SettingsForm { scale, ..form.clone() })
    })
}

fn other(scale: Scale) -> Scale {
    if scale == Scale::Standardize { Scale::Keep } else { Scale::Standardize }
}

/// `bmi, s5 · own units s1, s6`.
fn pull(painter: &Painter, analysis: &Analysis, assumptions: &Assumptions, own: &str) -> String {
    let scale = analysis.settings.scale;
    let names = |scale| {
        let first = assumptions.first(scale, 2).iter();
        let names = first.map(|&j| names::feature(painter, analysis, j, &theme::small(), NAME));
        names.collect::<Vec<_>>().join(", ")
    };
    let (now, then) = (names(scale), names(other(scale)));
    match (now.is_empty(), now == then) {
        (true, _) => "the grid begins with features in".to_owned(),
        (_, true) => format!("{now} under either scaling"),
        _ => format!("{now} · {own} {then}"),
    }
}

/// `4 of 10 · own units 3`, once both were seen.
fn kept(analysis: &Analysis, assumptions: &Assumptions, selection: &Selection, own: &str) -> String {
    let [n, p] = [assumptions.here.n_selected, analysis.design.features.len()].map(format::count);
    match selection.other_scale {
        Some(then) => format!("{n} of {p} · {own} {}", format::count(then.n_selected)),
        None => format!("{n} of {p}; switch Standardized to compare"),
    }
}

/// The smallest errors under both scalings, once both were seen.
fn compared_errors(assumptions: &Assumptions, selection: &Selection, own: &str) -> String {
    let error = |result: ScaleResult| format::number(result.least_error);
    selection.other_scale.map_or_else(String::new, |then| {
        format!("Smallest error in cross-validation {}, {own} {}\n", error(assumptions.here), error(then))
    })
}

fn sparsity(analysis: &Analysis, assumptions: &Assumptions, selection: &Selection) -> String {
    let (few, all) = concentration(selection.point(analysis, Penalty::Lasso), SHARE);
    let held = match all {
        0 => "no feature is selected".to_owned(),
        _ => format!("{} of {} hold 80 % of the L1 norm", format::count(few), format::count(all)),
    };
    let beats = |gain: Gain, limit: f64| gain.in_se().unwrap_or(gain.mean.signum() * f64::INFINITY) > limit;
    let word = match assumptions.over_mean {
        Some(gain) if !beats(gain, 1.0) => "nothing predicts",
        _ if beats(assumptions.over_ridge, -1.0) => "plausible",
        _ => "doubtful",
    };
    format!("{word}; {held}")
}

fn gains(assumptions: &Assumptions) -> String {
    let in_se = |gain: Gain| match gain.in_se() {
        Some(ratio) if ratio >= 0.0 => format!("+{}", format::fixed(ratio, 1)),
        Some(ratio) => format::fixed(ratio, 1),
        None => "–".to_owned(),
    };
    let over_ridge = format!("{} SE on ridge", in_se(assumptions.over_ridge));
    match assumptions.over_mean {
        Some(gain) => format!("{over_ridge}, {} SE on the mean", in_se(gain)),
        None => over_ridge,
    }
}

/// The most correlated pairs, each to be shown in the geometry.
fn pairs(ui: &Ui, analysis: &Analysis, assumptions: &Assumptions, selection: &mut Selection, line: Rect) {
    let place = caption(ui, line, "Collinear");
    let tokens = theme::tokens(ui);
    let painter = ui.painter();
    let compared = &assumptions.pairs;
    let p = analysis.design.features.len();
    if compared.list.is_empty() {
        painter.text(place.left_center(), Align2::LEFT_CENTER, "one feature has no pair", theme::small(), tokens.text2);
        return;
    }
    let mut x = place.left();
    for (i, pair) in compared.list.iter().enumerate() {
        let name = |j: usize, width: f32| names::feature(painter, analysis, j, &theme::small(), width);
        let label = |width| {
            let (first, second) = (name(pair.first, width), name(pair.second, width));
            // All but 1 is not 1.
            let decimals = if pair.correlation.abs() >= 0.995 { 3 } else { 2 };
            format!("{first} × {second} {}", format::fixed(pair.correlation, decimals))
        };
        let galley = painter.layout_no_wrap(label(if i == 0 { 96.0 } else { NAME }), theme::small(), tokens.accent);
        let width = galley.size().x;
        if x + width > place.right() {
            break;
        }
        let rect = Rect::from_x_y_ranges(x..=x + width, place.y_range());
        let response = ui.interact(rect, ui.scope_id().with(("pair", i)), Sense::click());
        let whole = sentence(analysis, pair);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &whole));
        painter.galley(pos2(x, place.center().y - galley.size().y / 2.0), galley, tokens.accent);
        if response.hovered() || response.has_focus() {
            painter.hline(x..=x + width, place.center().y + 7.0, Stroke::new(1.0, tokens.accent));
        }
        if response.clicked() {
            selection.set_pair(pair.first, pair.second);
        }
        let among = if compared.n_compared < p {
            format!("\nOf the first {} features that enter", format::count(compared.n_compared))
        } else {
            String::new()
        };
        let tip = format!("{whole}{among}\nThe lasso may take either of such a pair; ridge shares the weight");
        response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(tip);
        x += width + 12.0;
    }
}

fn sentence(analysis: &Analysis, pair: &Pair) -> String {
    let name = |j: usize| &analysis.design.features[j].name;
    let r = format::fixed(pair.correlation, 4);
    format!("Show {} and {} in the geometry, correlation {r}", name(pair.first), name(pair.second))
}
