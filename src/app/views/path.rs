//! One penalty: coefficient paths above, cross-validation curve below, one alpha cursor through both.

use eframe::egui::{Context, CursorIcon, EventFilter, Id, Key, Rect, Sense, Ui, pos2};
use eframe::egui::{Role, WidgetInfo};

use crate::analysis::{Analysis, Penalty, PenaltyAnalysis};
use crate::app::choices::Step;
use crate::app::command::Command;
use crate::app::format;
use crate::app::selection::{Link, Rule, Selection, XAxis};
use crate::app::theme;
use crate::app::twins::Twin;
use crate::app::views::chart::Chart;
use crate::app::views::path::curves::Panel;
use crate::app::views::picker::choice;
use crate::app::views::table_twin;
use crate::app::views::widgets::{combo, panel_head, segments};
use crate::app::walk;
use crate::model::path_point::PathPoint;

mod cache;
mod curves;
mod explained;
mod ghost;
mod marks;
mod missing;

pub use cache::{Cache, drawn_features, prominent_features};
pub use missing::NoErrors;

/// Lines in colour; the others are quiet grey.
const COLOURED: usize = 10;

fn plot_id(penalty: Penalty) -> Id {
    Id::unique(("coefficient paths", penalty))
}

fn cursor_id(penalty: Penalty) -> Id {
    Id::unique(("alpha cursor", penalty))
}

fn handle_id(penalty: Penalty) -> Id {
    Id::unique(("alpha handle", penalty))
}

/// Horizontal position of every alpha, growing as the penalty weakens.
fn positions(analysis: &PenaltyAnalysis, axis: XAxis) -> Vec<f64> {
    let path = &analysis.path;
    (0..path.len()).map(|k| position(path.point(k), axis)).collect()
}

fn position(point: PathPoint<'_>, axis: XAxis) -> f64 {
    match axis {
        XAxis::LogAlpha => -point.alpha().log10(),
        XAxis::Df => point.degrees_of_freedom(),
        XAxis::L1Norm => point.solution().iter().map(|w| w.abs()).sum(),
    }
}

fn nearest(xs: &[f64], x: f64) -> usize {
    (0..xs.len()).min_by(|&a, &b| (xs[a] - x).abs().total_cmp(&(xs[b] - x).abs())).unwrap_or(0)
}

/// Takes drags, clicks and keys on the cursors before anything is drawn, so that every view follows in the same frame.
pub fn take_input(ctx: &Context, analysis: &Analysis, selection: &mut Selection) {
    for penalty in [Penalty::Lasso, Penalty::Ridge] {
        let pointer = [handle_id(penalty), cursor_id(penalty)].into_iter().find_map(|id| {
            let response = ctx.read_response(id)?;
            // Shift and a click take a line into the geometry.
            let is_click = response.clicked() && !ctx.input(|i| i.modifiers.shift);
            if response.dragged() || is_click { response.interact_pointer_pos() } else { None }
        });
        if let Some(pointer) = pointer
            && let Some(x) = Chart::last_x_at(ctx, plot_id(penalty), pointer.x)
        {
            if selection.x_axis == XAxis::LogAlpha {
                selection.move_to_alpha(analysis, penalty, 10.0_f64.powf(-x));
            } else {
                let xs = positions(analysis.penalty(penalty), selection.x_axis);
                selection.move_to(analysis, penalty, nearest(&xs, x));
            }
        }
        if ctx.memory(|m| m.has_focus(handle_id(penalty))) {
            take_keys(ctx, analysis, selection, penalty);
        }
    }
}

/// The penalty whose cursor has the focus.
pub fn focused(ctx: &Context) -> Option<Penalty> {
    [Penalty::Lasso, Penalty::Ridge].into_iter().find(|penalty| ctx.memory(|m| m.has_focus(handle_id(*penalty))))
}

fn take_keys(ctx: &Context, analysis: &Analysis, selection: &mut Selection, penalty: Penalty) {
    let taken = ctx.input(|i| {
        let (back, forward) =
            if i.modifiers.shift { (Step::BackToChange, Step::ForwardToChange) } else { (Step::Back, Step::Forward) };
        let steps =
            [(Key::ArrowLeft, back), (Key::ArrowRight, forward), (Key::Home, Step::First), (Key::End, Step::Last)];
        steps.into_iter().find(|(key, _)| i.key_pressed(*key))
    });
    if let Some((_, step)) = taken {
        take_step(analysis, selection, penalty, step);
    }
}

/// Moves a cursor along its path; the other follows by the link.
pub fn take_step(analysis: &Analysis, selection: &mut Selection, penalty: Penalty, step: Step) {
    let last = analysis.penalty(penalty).path.len() - 1;
    // Between two alphas of the grid the next step leads to either of them.
    let (before, share) = analysis.grid_place(penalty, selection.cursor(penalty));
    let (at, after) = if share > 0.0 { (before + 1, before) } else { (before, before) };
    let to = match step {
        Step::Back => one_step(at, last, false),
        Step::Forward => one_step(after, last, true),
        Step::BackToChange => next_change(analysis, penalty, at, false),
        Step::ForwardToChange => next_change(analysis, penalty, after, true),
        Step::First => 0,
        Step::Last => last,
    };
    selection.move_to(analysis, penalty, to);
}

fn one_step(at: usize, last: usize, forward: bool) -> usize {
    if forward { (at + 1).min(last) } else { at.saturating_sub(1) }
}

/// The next position at which the set of non-zero features differs.
fn next_change(analysis: &Analysis, penalty: Penalty, at: usize, forward: bool) -> usize {
    let path = &analysis.penalty(penalty).path;
    let last = path.len() - 1;
    let differs = |k: usize| path.solution(k).iter().zip(path.solution(at)).any(|(a, b)| (*a == 0.0) != (*b == 0.0));
    let mut k = at;
    loop {
        let next = one_step(k, last, forward);
        if next == k || differs(next) {
            return next;
        }
        k = next;
    }
}

/// The whole panel of one penalty; `no_errors` says why there is no curve, where there is none.
pub fn show(
    ui: &mut Ui,
    analysis: &Analysis,
    selection: &mut Selection,
    penalty: Penalty,
    no_errors: NoErrors<'_>,
    cache: &mut Cache,
) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let rect = ui.available_rect_before_wrap();
    head(ui, analysis, selection, penalty);
    let body = Rect::from_min_max(pos2(rect.left(), rect.top() + theme::PANEL_HEAD), rect.max);
    ui.allocate_rect(body, Sense::hover());
    if body.height() < 160.0 || body.width() < 180.0 {
        return None;
    }
    let cursor = selection.cursor(penalty).clone();
    let known = cache.known(analysis, selection, penalty);
    let panel = Panel::new(ui, analysis, selection, (penalty, &cursor), known, body);
    interact(ui, &panel, analysis, selection);
    panel.paths(ui, tokens, analysis, selection, cache);
    panel.cross_validation(ui, tokens, selection);
    panel.ghost(ui, tokens, analysis, selection);
    panel.cursor(ui, tokens);
    panel.explained(ui, selection);
    panel.hover_chip(ui, tokens, analysis, selection);
    if panel.data.cross_validation.is_some() { None } else { panel.no_errors(ui, tokens, no_errors) }
}

fn head(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection, penalty: Penalty) {
    let title = penalty_title(analysis, penalty);
    panel_head(ui, &format!("{title} path"), "", |ui| {
        table_twin::button(ui, selection, if penalty == Penalty::Lasso { Twin::Lasso } else { Twin::Ridge });
        if penalty == Penalty::Lasso && ui.available_width() > 180.0 {
            combo("x axis")
                .selected_text(selection.x_axis.label())
                .width(84.0)
                .show_ui(ui, |ui| {
                    for axis in XAxis::ALL {
                        choice(ui, &mut selection.x_axis, axis, axis.label());
                    }
                })
                .response
                .accessible_name("Horizontal axis of the paths")
                .on_hover_text("What runs along the horizontal axis of both paths");
        }
        let options = [
            ("Min", Some(Rule::Min), "The alpha with the smallest cross-validation error"),
            (
                "1-SE",
                Some(Rule::OneSe),
                "The largest alpha whose error is within one standard error of the smallest: a simpler model that predicts about as well",
            ),
            ("Manual", Some(Rule::Manual), "Where you drag it"),
        ];
        let mut rule = selection.followed_rule(analysis, penalty);
        let options = if ui.available_width() < 230.0 { &options[..2] } else { &options[..] };
        let choose = |ui: &mut Ui| segments(ui, &format!("{title} alpha"), options, &mut rule);
        if ui.add_enabled_ui(analysis.is_cross_validated(), choose).inner
            && let Some(rule) = rule.filter(|rule| *rule != Rule::Manual)
        {
            selection.choose_rule(analysis, penalty, rule);
        }
        if penalty == Penalty::Ridge && selection.link() != Link::Free && ui.available_width() > 150.0 {
            let follows = match selection.link() {
                Link::EqualDf => "linked at equal df",
                Link::SameRule => "linked by CV rule",
                Link::EqualAlpha => "linked at equal alpha",
                Link::Free => "",
            };
            ui.label(egui::RichText::new(follows).small().weak());
        }
    });
}

/// `Lasso`, `Elastic net` or `Ridge`.
pub fn penalty_title(analysis: &Analysis, penalty: Penalty) -> &'static str {
    match penalty {
        Penalty::Ridge => "Ridge",
        Penalty::Lasso if analysis.settings.l1_ratio < 1.0 => "Elastic net",
        Penalty::Lasso => "Lasso",
    }
}

/// Registers what can be dragged, clicked and focused, and finds the hovered feature.
fn interact(ui: &Ui, panel: &Panel<'_>, analysis: &Analysis, selection: &mut Selection) {
    let region = Rect::from_min_max(panel.upper.area.left_top(), panel.lower.area.right_bottom());
    let response = ui.interact(region, cursor_id(panel.penalty), Sense::CLICK | Sense::DRAG);
    let (alpha, title) = (panel.at.alpha(), panel.title);
    let (n, p) = (panel.at.n_nonzero(), panel.at.path().n_features());
    response.widget_info(|| {
        let mut info =
            WidgetInfo::labeled(Role::Image, true, format!("{title} coefficient paths and cross-validation curve"));
        info.current_text_value = Some(format!("alpha {}, {n} of {p} features not zero", format::number(alpha)));
        info
    });
    if response.contains_pointer() {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    if !response.dragged()
        && let Some(pointer) = response.hover_pos()
        && let Some(j) = panel.feature_at(pointer, selection.units)
    {
        selection.hover(j);
        if response.clicked() && ui.input(|i| i.modifiers.shift) {
            selection.pick(j);
        }
    }
    let told = response.hover_pos().filter(|_| !response.dragged());
    if let Some(told) = told.and_then(|pointer| panel.told(analysis, selection, pointer)) {
        response.on_hover_text_at_pointer(told);
    }
    let handle =
        ui.interact(panel.handle_rect(), handle_id(panel.penalty), Sense::CLICK | Sense::DRAG | Sense::FOCUSABLE);
    walk::home(ui, handle.id);
    handle.widget_info(|| {
        let mut info = WidgetInfo::slider(true, alpha, format!("{title} alpha cursor"));
        info.current_text_value = Some(format::number(alpha));
        info
    });
    if handle.clicked() || handle.drag_started() {
        handle.request_focus();
    }
    if handle.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(handle.id, filter));
    }
    let handle = handle.on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
    // While it moves, words would hide what moves with it.
    if handle.dragged() {
        return;
    }
    handle.on_hover_text(
        "Drag to change alpha, the strength of the penalty. Arrow keys step; Shift and arrow go to the next change of the selected features",
    );
}
