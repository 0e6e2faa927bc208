//! The page of the analysis: all views side by side.

use std::sync::Arc;

use eframe::egui::{Align, Button, Layout, Rect, Stroke, StrokeKind, Ui, UiBuilder, UiStackInfo};

use crate::analysis::{Analysis, Penalty};
use crate::app::command::Command;
use crate::app::document::SettingsForm;
use crate::app::panel_layout::{PanelLayout, PanelName, Room};
use crate::app::panel_places::Places;
use crate::app::selection::{Explained, Selection};
use crate::app::theme;
use crate::app::tour::Focus;
use crate::app::twins::Twin;
use crate::app::views::path::NoErrors;
use crate::app::views::widgets::{FILLS, primary_button};
use crate::app::views::{assumptions, details, features_table, fit, geometry, panel_frame, path, table_twin};
use crate::app::walk::{self, Region};
use crate::app::{App, Job, Side, UNMENTIONED, layout, panel_columns};
use crate::export::File;
use crate::insight::assumptions::Assumptions;

/// All views side by side. Those whose controls move the cursors are drawn first, so that the others follow in the same frame.
pub(super) fn show(app: &mut App, ui: &mut Ui) -> Option<Command> {
    let is_stale = app.is_stale();
    let is_late = app.job.as_ref().is_none_or(|job| job.running_for() > UNMENTIONED);
    let tokens = theme::tokens(ui);
    let layout = panel_columns::arrangement(app);
    let mut changed = layout.clone();
    let room = panel_columns::room(ui, ui.max_rect().height());
    let places = places(ui, &layout, &mut changed, room, app.side != Side::Results);
    edges(ui, &places);
    regions(ui, &places);
    let no_errors = no_errors(app.job.as_ref(), app.fit_failure.as_deref());
    let shown = app.shown.as_mut()?;
    let (analysis, selection, paths) = (Arc::clone(&shown.analysis), &mut shown.selection, &mut shown.paths);
    let analysis = analysis.as_ref();
    panel_frame::closed_heads(ui, &places, analysis);
    // The steps of the tour point at places: these do not move then.
    let is_fixed = app.tour.is_some();
    let mut command = None;
    if !is_fixed {
        command = panel_frame::heads(ui, &places, analysis, &mut changed, room);
    }
    let mut at = |panel: PanelName, draw: &mut dyn FnMut(&mut Ui)| {
        let Some(area) = places.open(panel) else { return };
        let mut builder = UiBuilder::new().max_rect(area).id_salt(panel as u8);
        if panel.can_fill_the_page() && layout.maximised().is_none() && !is_fixed {
            builder = builder.ui_stack_info(UiStackInfo::default().with_tag(FILLS));
        }
        ui.scope_builder(builder, |ui| {
            ui.set_clip_rect(area.intersect(ui.clip_rect()));
            ui.spacing_mut().item_spacing.y = 0.0;
            if is_stale && is_late {
                ui.multiply_opacity(0.5);
            }
            draw(ui);
        });
    };
    at(PanelName::Geometry, &mut |ui| {
        command = instead(ui, Twin::Geometry, analysis, selection, geometry::show).or(command.take());
    });
    let both = [(PanelName::Lasso, Twin::Lasso, Penalty::Lasso), (PanelName::Ridge, Twin::Ridge, Penalty::Ridge)];
    for (panel, twin, penalty) in both {
        at(panel, &mut |ui| {
            let picture = |ui: &mut Ui, analysis: &_, selection: &mut _| {
                path::show(ui, analysis, selection, penalty, no_errors, paths)
            };
            command = instead(ui, twin, analysis, selection, picture).or(command.take());
        });
    }
    at(PanelName::Fit, &mut |ui| {
        command = instead(ui, Twin::Fit, analysis, selection, without_command(fit::show)).or(command.take());
    });
    let form = app.document.as_ref().map(|document| &document.form);
    let mut other = None;
    let filter = &mut app.finder.features;
    at(PanelName::Features, &mut |ui| features_table::show(ui, analysis, selection, filter));
    at(PanelName::Folds, &mut |ui| {
        let rows = details::folds_rows(ui.max_rect().height());
        let picture = without_command(|ui, analysis, selection| details::folds(ui, analysis, selection, rows));
        other = instead(ui, Twin::Folds, analysis, selection, picture);
    });
    let known = &mut shown.assumptions;
    at(PanelName::LeftOut, &mut |ui| {
        other = left_out(ui, analysis, (selection, known), form).or(other.take());
    });
    if let Some(area) = places.buttons {
        ui.scope_builder(UiBuilder::new().max_rect(area).id_salt("buttons"), |ui| {
            ui.set_clip_rect(area.intersect(ui.clip_rect()));
            other = buttons(ui, analysis).or(other.take());
        });
    }
    command = other.or(command);
    command = beside(app, ui, &places).or(command);
    let mut moved = panel_frame::Moved::default();
    if !is_fixed {
        moved = panel_frame::controls(ui, &places, analysis, &mut changed, room);
    }
    command = moved.command.or(command);
    if let Some(area) = app.tour.as_ref().and_then(|tour| looked_at(tour.step().focus, &places)) {
        ui.painter().rect_stroke(area.shrink(1.0), 4, Stroke::new(2.0, tokens.accent), StrokeKind::Inside);
    }
    panel_columns::take_over(app, ui, changed, &layout, moved.has_ended).or(command)
}

/// Notes or import options over the right column, where they are asked for.
fn beside(app: &mut App, ui: &mut Ui, places: &Places) -> Option<Command> {
    if app.side == Side::Results {
        return None;
    }
    let column = places.columns[2].with_min_x(places.columns[2].left() + 1.0);
    let area = UiBuilder::new().max_rect(column).id_salt("side");
    let drawn = ui.scope_builder(area, |ui| {
        ui.set_clip_rect(column.intersect(ui.clip_rect()));
        ui.spacing_mut().item_spacing.y = 0.0;
        layout::side(app, ui)
    });
    drawn.inner
}

/// Why there are no cross-validation errors, where there are none.
fn no_errors<'a>(job: Option<&Job>, failure: Option<&'a str>) -> NoErrors<'a> {
    match (job, failure) {
        (Some(job), _) if job.is_analysis() => NoErrors::Running(job.fraction()),
        (_, Some(why)) => NoErrors::Failed(why),
        _ => NoErrors::Cancelled,
    }
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

/// Where everything stands now; a panel that fills the page has the way back above it.
fn places(ui: &mut Ui, layout: &PanelLayout, changed: &mut PanelLayout, room: Room, keeps_right: bool) -> Places {
    let page = ui.max_rect();
    let Some(panel) = layout.maximised() else { return Places::new(layout, page, room, keeps_right) };
    let below = page.with_min_y(page.top() + panel_frame::BACK_ROW);
    if panel_frame::back_row(ui, page.with_max_y(below.top())) {
        changed.restore();
    }
    Places::maximised(panel, below)
}

/// Tells the keys where the parts stand.
fn regions(ui: &Ui, places: &Places) {
    for &(panel, area, _) in &places.panels {
        walk::region(ui, Region::Panel(panel), area);
    }
    if let Some(area) = places.buttons {
        walk::region(ui, Region::Buttons, area);
    }
    let first = [PanelName::Lasso, PanelName::Geometry, PanelName::Features];
    for (panel, area) in first.into_iter().zip(places.columns) {
        walk::region(ui, Region::Panel(panel), area);
    }
}

/// The lines between panels.
fn edges(ui: &Ui, places: &Places) {
    let line = Stroke::new(1.0, theme::tokens(ui).border);
    for column in places.columns {
        ui.painter().vline(column.left() + 0.5, column.y_range(), line);
    }
    for (_, area, _) in &places.panels {
        ui.painter().hline(area.x_range(), area.top() + 0.5, line);
    }
    if let Some(buttons) = places.buttons {
        ui.painter().hline(buttons.x_range(), buttons.top() + 0.5, line);
    }
}

/// The place that a step of the tour speaks of.
fn looked_at(focus: Focus, places: &Places) -> Option<Rect> {
    match focus {
        Focus::Lasso => places.open(PanelName::Lasso),
        Focus::Ridge => places.open(PanelName::Ridge),
        Focus::Features => Some(places.columns[2]),
        Focus::Geometry => None,
    }
}

fn left_out(
    ui: &mut Ui,
    analysis: &Analysis,
    (selection, known): (&mut Selection, &mut Option<Assumptions>),
    form: Option<&SettingsForm>,
) -> Option<Command> {
    let is_asked = selection.explained == Explained::Assumptions;
    if known.is_none() && is_asked {
        *known = Assumptions::new(analysis);
    }
    if let Some((form, known)) = form.zip(known.as_ref()).filter(|_| is_asked) {
        return assumptions::show(ui, analysis, known, selection, form);
    }
    let rows = details::left_out_rows(ui.max_rect().height());
    let picture = without_command(|ui, analysis, selection| details::left_out(ui, analysis, selection, rows));
    instead(ui, Twin::LeftOut, analysis, selection, picture)
}

fn buttons(ui: &mut Ui, analysis: &Analysis) -> Option<Command> {
    let mut command = None;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add_space(theme::PADDING);
        let export = Command::Export(File::Coefficients);
        let button = |ui: &mut Ui| primary_button(ui, export.text());
        let response = ui.add_enabled_ui(analysis.is_cross_validated(), button).inner;
        walk::home(ui, response.id);
        let response = response.on_disabled_hover_text("Once the paths are cross-validated");
        if response.on_hover_text(export.tooltip()).clicked() {
            command = Some(export);
        }
        if ui.add(Button::new(Command::CopyTable.text())).on_hover_text(Command::CopyTable.tooltip()).clicked() {
            command = Some(Command::CopyTable);
        }
    });
    command
}
