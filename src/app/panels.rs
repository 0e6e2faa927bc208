//! The page of the analysis: all views side by side.

use eframe::egui::{Align, Button, Layout, Rect, Stroke, StrokeKind, Ui, UiBuilder, pos2};

use crate::analysis::{Analysis, Penalty};
use crate::app::command::Command;
use crate::app::document::SettingsForm;
use crate::app::selection::{Explained, Selection};
use crate::app::theme;
use crate::app::tour::Focus;
use crate::app::twins::Twin;
use crate::app::views::path::NoErrors;
use crate::app::views::widgets::primary_button;
use crate::app::views::{assumptions, details, features_table, fit, geometry, path, table_twin};
use crate::app::{App, Shown, Side, UNMENTIONED, layout};
use crate::export::File;
use crate::insight::assumptions::Assumptions;

/// All views side by side. Those whose controls move the cursors are drawn first, so that the others follow in the same frame.
pub(super) fn show(app: &mut App, ui: &mut Ui) -> Option<Command> {
    let is_stale = app.is_stale();
    let is_late = app.job.as_ref().is_none_or(|job| job.running_for() > UNMENTIONED);
    let rect = ui.max_rect();
    let tokens = theme::tokens(ui);
    let table_width = (rect.width() * 0.31).clamp(316.0, 420.0);
    let rest = rect.width() - table_width;
    let path_width = (rest * 0.465).round();
    let (first, second) = (rect.left() + path_width, rect.right() - table_width);
    let half = (rect.top() + rect.height() * 0.5).round();
    let geometry_height = {
        let side = (second - first - 64.0) / 2.0 - 26.0;
        (theme::PANEL_HEAD + side + 184.0).min(rect.height() * 0.62)
    };
    let below_geometry = (rect.top() + geometry_height).round();
    let line = Stroke::new(1.0, tokens.border);
    for x in [rect.left(), first, second] {
        ui.painter().vline(x + 0.5, rect.y_range(), line);
    }
    ui.painter().hline(rect.left()..=first, half + 0.5, line);
    ui.painter().hline(first..=second, below_geometry + 0.5, line);
    let no_errors = match (&app.job, &app.fit_failure) {
        (Some(job), _) if job.is_analysis() => NoErrors::Running(job.fraction()),
        (_, Some(why)) => NoErrors::Failed(why),
        _ => NoErrors::Cancelled,
    };
    let shown = app.shown.as_mut()?;
    let (analysis, selection) = (shown.analysis.as_ref(), &mut shown.selection);
    let mut command = None;
    let mut at = |name: &str, area: Rect, draw: &mut dyn FnMut(&mut Ui)| {
        ui.scope_builder(UiBuilder::new().max_rect(area).id_salt(name), |ui| {
            ui.set_clip_rect(area.intersect(ui.clip_rect()));
            ui.spacing_mut().item_spacing.y = 0.0;
            if is_stale && is_late {
                ui.multiply_opacity(0.5);
            }
            draw(ui);
        });
    };
    at("geometry", Rect::from_min_max(pos2(first, rect.top()), pos2(second, below_geometry)), &mut |ui| {
        command = instead(ui, Twin::Geometry, analysis, selection, geometry::show);
    });
    at("lasso", Rect::from_min_max(rect.min, pos2(first, half)), &mut |ui| {
        let picture = |ui: &mut Ui, analysis: &_, selection: &mut _| {
            path::show(ui, analysis, selection, Penalty::Lasso, no_errors)
        };
        command = instead(ui, Twin::Lasso, analysis, selection, picture).or(command.take());
    });
    at("ridge", Rect::from_min_max(pos2(rect.left(), half), pos2(first, rect.bottom())), &mut |ui| {
        let picture = |ui: &mut Ui, analysis: &_, selection: &mut _| {
            path::show(ui, analysis, selection, Penalty::Ridge, no_errors)
        };
        command = instead(ui, Twin::Ridge, analysis, selection, picture).or(command.take());
    });
    at("fit", Rect::from_min_max(pos2(first, below_geometry), pos2(second, rect.bottom())), &mut |ui| {
        command = instead(ui, Twin::Fit, analysis, selection, without_command(fit::show)).or(command.take());
    });
    let column = Rect::from_min_max(pos2(second, rect.top()), rect.max);
    let focus = app.tour.as_ref().map(|tour| tour.step().focus);
    if app.side != Side::Results {
        at("side", column, &mut |ui| command = layout::side(app, ui).or(command.take()));
    } else if let Some(shown) = &mut app.shown {
        let form = app.document.as_ref().map(|document| &document.form);
        at("features", column, &mut |ui| command = right_column(ui, shown, form, column).or(command.take()));
    }
    let looked_at = match focus {
        Some(Focus::Lasso) => Some(Rect::from_min_max(rect.min, pos2(first, half))),
        Some(Focus::Ridge) => Some(Rect::from_min_max(pos2(rect.left(), half), pos2(first, rect.bottom()))),
        Some(Focus::Features) => Some(column),
        Some(Focus::Geometry) | None => None,
    };
    if let Some(area) = looked_at {
        ui.painter().rect_stroke(area.shrink(1.0), 4, Stroke::new(2.0, tokens.accent), StrokeKind::Inside);
    }
    command
}

/// A picture, or its table in its place.
fn instead(
    ui: &mut Ui,
    twin: Twin,
    analysis: &Analysis,
    selection: &mut Selection,
    picture: impl FnOnce(&mut Ui, &Analysis, &mut Selection) -> Option<Command>,
) -> Option<Command> {
    if selection.twins.is_shown(twin) {
        table_twin::show(ui, twin, analysis, selection)
    } else {
        picture(ui, analysis, selection)
    }
}

/// A picture that asks for nothing.
fn without_command(
    picture: impl FnOnce(&mut Ui, &Analysis, &mut Selection),
) -> impl FnOnce(&mut Ui, &Analysis, &mut Selection) -> Option<Command> {
    |ui, analysis, selection| {
        picture(ui, analysis, selection);
        None
    }
}

fn right_column(ui: &mut Ui, shown: &mut Shown, form: Option<&SettingsForm>, column: Rect) -> Option<Command> {
    let (analysis, selection) = (shown.analysis.as_ref(), &mut shown.selection);
    let known = &mut shown.assumptions;
    let tokens = theme::tokens(ui);
    let mut command = None;
    let rows = if column.height() > 780.0 { (5, 6) } else { (4, 4) };
    let buttons = 48.0;
    let left_out_top = column.bottom() - buttons - details::left_out_height(rows.1);
    let folds_top = left_out_top - details::folds_height(rows.0);
    let part =
        |top: f32, bottom: f32| Rect::from_min_max(pos2(column.left() + 1.0, top + 1.0), pos2(column.right(), bottom));
    let mut at = |name: &str, area: Rect, draw: &mut dyn FnMut(&mut Ui)| {
        ui.scope_builder(UiBuilder::new().max_rect(area).id_salt(name), |ui| {
            ui.set_clip_rect(area.intersect(ui.clip_rect()));
            draw(ui);
        });
    };
    at("table", part(column.top(), folds_top), &mut |ui| features_table::show(ui, analysis, selection));
    at("folds", part(folds_top, left_out_top), &mut |ui| {
        let picture = without_command(|ui, analysis, selection| details::folds(ui, analysis, selection, rows.0));
        command = instead(ui, Twin::Folds, analysis, selection, picture);
    });
    at("left out", part(left_out_top, column.bottom() - buttons), &mut |ui| {
        if known.is_none() && selection.explained == Explained::Assumptions {
            *known = Assumptions::new(analysis);
        }
        if let Some((form, known)) = form.zip(known.as_ref()).filter(|_| selection.explained == Explained::Assumptions)
        {
            command = assumptions::show(ui, analysis, known, selection, form);
        } else {
            let picture = without_command(|ui, analysis, selection| details::left_out(ui, analysis, selection, rows.1));
            command = instead(ui, Twin::LeftOut, analysis, selection, picture).or(command.take());
        }
    });
    at("buttons", part(column.bottom() - buttons, column.bottom()), &mut |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(theme::PADDING);
            let export = Command::Export(File::Coefficients);
            let button = |ui: &mut Ui| primary_button(ui, export.text());
            let response = ui.add_enabled_ui(analysis.is_cross_validated(), button).inner;
            let response = response.on_disabled_hover_text("Once the paths are cross-validated");
            if response.on_hover_text(export.tooltip()).clicked() {
                command = Some(export);
            }
            if ui.add(Button::new(Command::CopyTable.text())).on_hover_text(Command::CopyTable.tooltip()).clicked() {
                command = Some(Command::CopyTable);
            }
        });
    });
    for y in [folds_top, left_out_top, column.bottom() - buttons] {
        ui.painter().hline(column.x_range(), y + 0.5, Stroke::new(1.0, tokens.border));
    }
    command
}
