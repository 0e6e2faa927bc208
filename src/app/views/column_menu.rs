//! What one column may do beyond being on or off: powers, interactions, reference level, weights, folds, groups.

use eframe::egui::{self, Align2, Rect, ScrollArea, Sense, Ui, Vec2, WidgetInfo};

use crate::app::command::Command;
use crate::app::document::Document;
use crate::app::theme;
use crate::app::views::widgets::{elided, switch};
use crate::app::walk;
use crate::data::design::Roles;
use crate::data::table::{Column, ColumnType, Values};

/// Highest power offered here; the command line goes further.
const HIGHEST: u32 = 6;
/// Levels listed at most.
const MOST_LEVELS: usize = 200;
/// Width of the menu.
const WIDTH: f32 = 232.0;

/// The button at the end of a column's row, in `rect`; its menu gives the command chosen.
pub(super) fn button(ui: &Ui, rect: Rect, document: &Document, column: usize) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let data = document.table.columns.get(column)?;
    let response = ui.interact(rect, ui.scope_id().with(("column menu", column)), Sense::click());
    walk::one_of(ui, egui::Id::unique("used features"), response.id, false);
    let label = format!("Options of {}", data.name);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &label));
    let is_marked = mark(&document.roles, column).is_some();
    let color = match (response.hovered() || response.has_focus(), is_marked) {
        (true, _) => tokens.accent,
        (false, true) => tokens.text,
        (false, false) => tokens.text3,
    };
    if response.has_focus() {
        let stroke = egui::Stroke::new(1.5, tokens.accent);
        ui.painter().rect_stroke(rect, 4, stroke, egui::StrokeKind::Inside);
    }
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, "⋯", theme::strong(), color);
    let mut command = None;
    egui::Popup::menu(&response).show(|ui| {
        egui::Frame::new().inner_margin(8).show(ui, |ui| {
            ui.set_width(WIDTH);
            command = menu(ui, document, column, data);
        });
        if command.is_some() {
            ui.close();
        }
    });
    if !egui::Popup::is_id_open(ui.ctx(), egui::Popup::default_response_id(&response)) {
        response.on_hover_text("Powers, interactions, reference level, weights, folds");
    }
    command
}

/// What a column does beyond being a feature, in a few signs: `^3 ×`, `weights`.
pub(super) fn mark(roles: &Roles, column: usize) -> Option<String> {
    let parts = [
        (roles.weight_column == Some(column)).then(|| "weights".to_owned()),
        (roles.fold_column == Some(column)).then(|| "folds".to_owned()),
        (roles.group_column == Some(column)).then(|| "groups".to_owned()),
        roles.degrees.get(&column).map(|degree| format!("^{degree}")),
        roles.references.get(&column).map(|level| format!("vs {level}")),
        roles.interactions.contains(&column).then(|| "×".to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn menu(ui: &mut Ui, document: &Document, column: usize, data: &Column) -> Option<Command> {
    let mut roles = document.roles.clone();
    let mut name = String::new();
    ui.label(egui::RichText::new(elided(ui.painter(), &data.name, &theme::strong(), WIDTH)).font(theme::strong()));
    if document.can_be_feature(column) {
        powers(ui, &mut roles, column, data, &mut name);
        levels(ui, &mut roles, column, data, &mut name);
        let mut interacts = roles.interactions.contains(&column);
        let tip = "Adds the product with every other column that is ticked here, such as age:bmi";
        if switch(ui, "Interactions", &mut interacts).on_hover_text(tip).changed() {
            if interacts {
                roles.interactions.insert(column)
            } else {
                roles.interactions.remove(&column)
            };
            name = format!("interactions of {}", data.name);
        }
    }
    if column != roles.target {
        ui.separator();
        let is_number = data.column_type == ColumnType::Number || data.column_type == ColumnType::Boolean;
        let tip = "How often each row counts: a row of weight 2 equals the same row twice. It is then no feature";
        if is_number && part(ui, "Use as case weights", tip, &mut roles.weight_column, column) {
            name = format!("weights {}", data.name);
        }
        if name.is_empty() {
            return folds(ui, document, &roles, column, data);
        }
    }
    (!name.is_empty()).then(|| {
        release(&mut roles, column);
        Command::SetRoles(name, Box::new(roles))
    })
}

/// Folds and groups by this column: it also sets how rows are dealt.
fn folds(ui: &mut Ui, document: &Document, roles: &Roles, column: usize, data: &Column) -> Option<Command> {
    use crate::app::document::Deal;
    let is = |deal| document.form.deal == deal;
    let deal = |what: &str, is_on: bool, by: Deal| {
        let name = format!("{what} by {}", data.name);
        Some(Command::SetDeal(name, if is_on { by } else { Deal::Random }, is_on.then_some(column)))
    };
    let mut by_fold = is(Deal::Column) && roles.fold_column == Some(column);
    let mut by_group = is(Deal::Groups) && roles.group_column == Some(column);
    let tip = "Each value of this column is held out once in cross-validation. It is then no feature";
    if switch(ui, "Use as folds", &mut by_fold).on_hover_text(tip).changed() {
        return deal("folds", by_fold, Deal::Column);
    }
    let tip = "Rows with the same value are held out together. It is then no feature";
    if switch(ui, "Use as groups", &mut by_group).on_hover_text(tip).changed() {
        return deal("groups", by_group, Deal::Groups);
    }
    None
}

/// A column that has become weights is in no other part.
fn release(roles: &mut Roles, column: usize) {
    if roles.weight_column == Some(column) {
        roles.degrees.remove(&column);
        roles.interactions.remove(&column);
        for other in [&mut roles.fold_column, &mut roles.group_column] {
            if *other == Some(column) {
                *other = None;
            }
        }
    }
}

fn part(ui: &mut Ui, label: &str, tip: &str, holder: &mut Option<usize>, column: usize) -> bool {
    let mut is_held = *holder == Some(column);
    let changed = switch(ui, label, &mut is_held).on_hover_text(tip).changed();
    if changed {
        *holder = is_held.then_some(column);
    }
    changed
}

fn powers(ui: &mut Ui, roles: &mut Roles, column: usize, data: &Column, name: &mut String) {
    if data.column_type != ColumnType::Number {
        return;
    }
    let now = roles.degrees.get(&column).copied().unwrap_or(1);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(4.0);
        ui.label("Powers up to").on_hover_text("Adds the square, the cube and so on as features of their own");
        for degree in (1..=HIGHEST).chain((now > HIGHEST).then_some(now)) {
            let response = ui.selectable_label(now == degree, degree.to_string());
            let label = format!("Powers of {} up to {degree}", data.name);
            response.widget_info(|| WidgetInfo::selected(egui::Role::RadioButton, true, now == degree, &label));
            if response.clicked() && now != degree {
                if degree == 1 {
                    roles.degrees.remove(&column)
                } else {
                    roles.degrees.insert(column, degree)
                };
                *name = format!("powers of {}", data.name);
            }
        }
    });
}

fn levels(ui: &mut Ui, roles: &mut Roles, column: usize, data: &Column, name: &mut String) {
    let Values::Levels { levels, .. } = &data.values else { return };
    let now = roles.references.get(&column).or(levels.first()).cloned().unwrap_or_default();
    let tip = "Each other level gets a 0/1 feature: its coefficient is the difference from this level";
    ui.label("Compare levels with").on_hover_text(tip);
    ScrollArea::vertical().max_height(8.0 * theme::ROW).show(ui, |ui| {
        for (i, level) in levels.iter().take(MOST_LEVELS).enumerate() {
            let text = elided(ui.painter(), level, &theme::body(), WIDTH - 40.0);
            (ui.spacing_mut().icon_width, ui.spacing_mut().icon_width_inner) = (14.0, 6.0);
            if ui.radio(*level == now, text).on_hover_text(level).clicked() && *level != now {
                if i == 0 {
                    roles.references.remove(&column)
                } else {
                    roles.references.insert(column, level.clone())
                };
                *name = format!("compare with {level}");
            }
        }
    });
}
