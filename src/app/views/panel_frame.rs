//! What surrounds every panel: dividers, heads that collapse and fill the page, strips of folded columns.

use eframe::egui::{
    Align2, Color32, CursorIcon, EventFilter, Id, Key, PointerButton, Pos2, Rect, Response, Role, Sense, Stroke, Ui,
    Vec2, WidgetInfo, pos2, vec2,
};

use crate::analysis::{Analysis, Penalty};
use crate::app::command::Command;
use crate::app::data_view::Page;
use crate::app::panel_layout::{Column, PanelLayout, PanelName, Room};
use crate::app::panel_places::{Handle, Places};
use crate::app::theme;
use crate::app::views::path::penalty_title;
use crate::app::views::widgets::{AROUND_ICON, corners, text_width};
use crate::app::walk;

/// Height of the row above a panel that fills the page.
pub const BACK_ROW: f32 = 32.0;
/// How far from a divider the pointer still takes it.
const REACH: f32 = 3.0;
/// How far an arrow key moves a divider; with Shift four times as far.
const KEY_STEP: f32 = 8.0;

/// What became of a divider in this pass.
#[derive(Debug, Default)]
pub struct Moved {
    /// A drag has ended.
    pub has_ended: bool,
    /// Asked for in the divider's menu.
    pub command: Option<Command>,
}

/// Title of a panel.
pub fn title(panel: PanelName, analysis: &Analysis) -> String {
    match panel {
        PanelName::Data => "Features and settings".to_owned(),
        PanelName::Lasso => format!("{} path", penalty_title(analysis, Penalty::Lasso)),
        PanelName::Ridge => format!("{} path", penalty_title(analysis, Penalty::Ridge)),
        PanelName::Geometry => "Geometry".to_owned(),
        PanelName::Fit => "Fit".to_owned(),
        PanelName::Features => "Selected features".to_owned(),
        PanelName::Folds => "Across folds".to_owned(),
        PanelName::LeftOut => "Why left out".to_owned(),
    }
}

fn column_title(column: Column) -> &'static str {
    match column {
        Column::Paths => "Paths",
        Column::Middle => "Geometry and fit",
        Column::Right => "Selected features",
    }
}

/// A chevron that points right (0), down (1) or left (2).
fn chevron(ui: &Ui, center: Pos2, turn: usize, color: Color32) {
    let points = [vec2(-1.75, -3.5), vec2(1.75, 0.0), vec2(-1.75, 3.5)].map(|d| match turn {
        0 => center + d,
        1 => center + vec2(d.y, d.x),
        _ => center - d,
    });
    ui.painter().line(points.to_vec(), Stroke::new(1.25, color));
}

/// A small button in the margin of a head.
fn margin_button(ui: &Ui, rect: Rect, id: Id, name: &str, tip: &str, draw: impl FnOnce(Color32)) -> bool {
    let tokens = theme::tokens(ui);
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    walk::minor(ui, id);
    let is_lit = response.hovered() || response.has_focus();
    draw(if is_lit { tokens.accent } else { tokens.text2 });
    focus_ring(ui, &response, rect);
    response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(tip).clicked()
}

pub(super) fn focus_ring(ui: &Ui, response: &Response, rect: Rect) {
    if response.has_focus() {
        let stroke = Stroke::new(1.5, theme::tokens(ui).accent);
        ui.painter().rect_stroke(rect.shrink(1.0), 3, stroke, egui::StrokeKind::Inside);
    }
}

fn head_of(area: Rect) -> Rect {
    Rect::from_min_size(area.min, vec2(area.width(), theme::PANEL_HEAD))
}

/// The heads, registered before the panels so that their controls stay above: double-click and menu.
pub fn heads(ui: &Ui, places: &Places, analysis: &Analysis, layout: &mut PanelLayout, room: Room) -> Option<Command> {
    let mut command = None;
    for &(panel, area, collapsed) in &places.panels {
        let title = title(panel, analysis);
        let head = head_of(area);
        let response = ui.interact(head, Id::unique(("head", panel as u8)), Sense::CLICK);
        response.widget_info(|| WidgetInfo::labeled(Role::Group, true, format!("Head of {title}")));
        let is_filling = layout.maximised() == Some(panel);
        if response.double_clicked() {
            match (is_filling, panel) {
                (true, _) => {
                    layout.restore();
                }
                (false, PanelName::Geometry) => command = Some(Command::ShowPage(Page::Geometry)),
                (false, _) => layout.maximise(panel),
            }
        }
        response.context_menu(|ui| {
            if is_filling {
                if ui.button("Show all panels").clicked() {
                    layout.restore();
                }
            } else {
                if ui.button("Fill the page").clicked() {
                    if panel == PanelName::Geometry {
                        command = Some(Command::ShowPage(Page::Geometry));
                    }
                    layout.maximise(panel);
                }
                if ui.button(if collapsed { "Open" } else { "Collapse" }).clicked() {
                    layout.set_collapsed(panel, !collapsed, room);
                }
            }
            if ui.button(Command::ResetLayout.text()).on_hover_text(Command::ResetLayout.tooltip()).clicked() {
                command = Some(Command::ResetLayout);
            }
        });
        let wide = text_width(ui.painter(), &title, &theme::strong());
        let is_on_title = ui.input(|i| i.pointer.hover_pos()).is_some_and(|p| p.x < head.left() + wide + 24.0);
        if is_on_title && !is_filling {
            response.on_hover_text("Double-click: fill the page, Esc leads back\nRight-click: collapse, reset layout");
        }
    }
    command
}

/// Chevrons, buttons to fill the page, strips and dividers, over the panels.
pub fn controls(ui: &mut Ui, places: &Places, analysis: &Analysis, layout: &mut PanelLayout, room: Room) -> Moved {
    for &(panel, area, collapsed) in &places.panels {
        let title = title(panel, analysis);
        if layout.maximised() == Some(panel) {
            continue;
        }
        let middle = head_of(area).center().y;
        let at = |x: f32| Rect::from_center_size(pos2(x, middle), vec2(14.0, 24.0));
        let left = at(area.left() + 8.5);
        let (name, turn) = if collapsed { (format!("Open {title}"), 0) } else { (format!("Collapse {title}"), 1) };
        let frame = Id::unique(("frame", panel as u8));
        let ids = [Id::unique(("chevron", panel as u8)), Id::unique(("fill", panel as u8))];
        for id in ids {
            walk::one_of(ui, frame, id, false);
        }
        if margin_button(ui, left, ids[0], &name, &name, |color| {
            chevron(ui, left.center(), turn, color);
        }) {
            layout.set_collapsed(panel, !collapsed, room);
        }
        let right = area.right() - theme::PADDING + AROUND_ICON - theme::CONTROL * 0.5;
        let right = Rect::from_center_size(pos2(right, middle), Vec2::splat(theme::CONTROL));
        if !collapsed && panel.can_fill_the_page() {
            let name = format!("Fill the page with {title}");
            let tip = format!("{name}. Double-click on its title does so too; Esc leads back");
            if margin_button(ui, right, ids[1], &name, &tip, |color| {
                corners(ui.painter(), right.center(), color);
            }) {
                layout.maximise(panel);
            }
        }
    }
    for (i, column) in Column::ALL.into_iter().enumerate() {
        if places.folded[i] {
            let area = places.columns[i];
            if strip(ui, area.with_min_x(area.left() + 1.0), column_title(column), i != 2) {
                layout.open(column);
            }
        }
    }
    let mut all = Moved::default();
    for &handle in &places.handles {
        let moved = divider(ui, places, handle, layout, room);
        all.has_ended |= moved.has_ended;
        all.command = moved.command.or(all.command);
    }
    all
}

/// What is left of collapsed panels.
pub fn closed_heads(ui: &Ui, places: &Places, analysis: &Analysis) {
    for (panel, area, _) in places.panels.iter().filter(|(_, _, collapsed)| *collapsed) {
        let at = pos2(area.left() + theme::PADDING, head_of(*area).center().y);
        let text = title(*panel, analysis);
        ui.painter().text(at, Align2::LEFT_CENTER, text, theme::strong(), theme::tokens(ui).text2);
    }
}

/// What is left of a folded column: a strip that opens it. True if it was clicked.
pub fn strip(ui: &Ui, area: Rect, title: &str, opens_to_the_right: bool) -> bool {
    let tokens = theme::tokens(ui);
    let response = ui.interact(area, Id::unique(("strip", title)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Open {title}")));
    let is_lit = response.hovered() || response.has_focus();
    ui.painter().rect_filled(area, 0, if is_lit { tokens.tint } else { tokens.chrome });
    let color = if is_lit { tokens.accent } else { tokens.text2 };
    let top = pos2(area.center().x, area.top() + theme::PANEL_HEAD * 0.5);
    chevron(ui, top, if opens_to_the_right { 0 } else { 2 }, color);
    let galley = ui.painter().layout_no_wrap(title.to_owned(), theme::strong(), color);
    let at = pos2(area.center().x - galley.size().y * 0.5, area.top() + theme::PANEL_HEAD + galley.size().x);
    ui.painter().add(egui::epaint::TextShape::new(at, galley, color).with_angle(-std::f32::consts::FRAC_PI_2));
    focus_ring(ui, &response, area);
    response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(format!("Open {title}")).clicked()
}

/// The chevron in the margin of a section that folds.
pub(super) fn fold_mark(ui: &Ui, whole: Rect, response: &Response, is_folded: bool) {
    let tokens = theme::tokens(ui);
    let is_lit = response.hovered() || response.has_focus();
    let at = pos2(whole.left() + 8.0, whole.center().y);
    chevron(ui, at, usize::from(!is_folded), if is_lit { tokens.accent } else { tokens.axis });
    focus_ring(ui, response, whole);
}

/// The chevron that collapses the data panel. True if it was clicked.
pub fn data_chevron(ui: &Ui, area: Rect, title: &str) -> bool {
    let rect = Rect::from_center_size(pos2(area.left() + 8.0, area.top() + 20.0), vec2(14.0, 24.0));
    let name = format!("Collapse {title}");
    margin_button(ui, rect, Id::unique("data chevron"), &name, &name, |color| chevron(ui, rect.center(), 2, color))
}

/// The row above a panel that fills the page. True if the user wants all panels back.
pub fn back_row(ui: &mut Ui, area: Rect) -> bool {
    let tokens = theme::tokens(ui);
    ui.painter().rect_filled(area, 0, tokens.chrome);
    ui.painter().hline(area.x_range(), area.bottom() - 0.5, Stroke::new(1.0, tokens.border));
    let rect = Rect::from_min_size(area.min + vec2(8.0, 4.0), vec2(96.0, 24.0));
    let button = ui.put(rect, egui::Button::new("‹ All panels").frame_when_inactive(false));
    let at = pos2(rect.right() + 8.0, rect.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, "Esc", theme::small(), tokens.text2);
    button.on_hover_text("Show all panels again (Esc, or double-click on the title)").clicked()
}

/// A line that can be dragged, and moved by the arrow keys.
pub fn divider(ui: &Ui, places: &Places, handle: Handle, layout: &mut PanelLayout, room: Room) -> Moved {
    let tokens = theme::tokens(ui);
    let Handle { divider, at, along } = handle;
    let is_vertical = divider.is_vertical();
    let across = egui::Rangef::new(at - REACH, at + REACH);
    let rect = if is_vertical { Rect::from_x_y_ranges(across, along) } else { Rect::from_x_y_ranges(along, across) };
    let id = Id::unique(("divider", divider as u8));
    let response = ui.interact(rect, id, Sense::CLICK | Sense::DRAG | Sense::FOCUSABLE);
    walk::between(ui, id);
    let share = if is_vertical {
        (at - places.page.left()) / room.window_width
    } else {
        (at - places.page.top()) / room.height
    };
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Splitter, true, divider.name());
        info.value = Some(f64::from((share * 100.0).round()));
        info
    });
    let is_lit = response.hovered() || response.dragged() || response.has_focus();
    if is_lit {
        let strong = response.dragged() || response.has_focus();
        let stroke =
            Stroke::new(if strong { 2.0 } else { 1.5 }, tokens.faded(tokens.accent, if strong { 1.0 } else { 0.6 }));
        let line = if is_vertical {
            [pos2(at + 0.5, along.min), pos2(at + 0.5, along.max)]
        } else {
            [pos2(along.min, at + 0.5), pos2(along.max, at + 0.5)]
        };
        ui.painter().line_segment(line, stroke);
    }
    if response.dragged_by(PointerButton::Primary)
        && let Some(pointer) = response.interact_pointer_pos()
    {
        let here = if is_vertical { pointer.x } else { pointer.y };
        let press = ui.input(|i| i.pointer.press_origin()).unwrap_or(pointer);
        if response.drag_started() {
            ui.data_mut(|d| d.insert_temp(id, at - if is_vertical { press.x } else { press.y }));
        }
        // The line stays as far from the pointer as where it was taken.
        let to = here + ui.data(|d| d.get_temp(id)).unwrap_or(0.0_f32);
        places.drag(layout, divider, if is_vertical { pos2(to, along.min) } else { pos2(along.min, to) }, room);
    }
    let step = key_step(ui, &response, is_vertical);
    if step != 0.0 {
        let to = if is_vertical { pos2(at + step, along.min) } else { pos2(along.min, at + step) };
        places.drag(layout, divider, to, room);
    }
    if response.double_clicked() {
        layout.release(divider);
    }
    let mut command = None;
    response.context_menu(|ui| {
        if ui.button(Command::ResetLayout.text()).on_hover_text(Command::ResetLayout.tooltip()).clicked() {
            command = Some(Command::ResetLayout);
        }
    });
    let has_ended = response.drag_stopped();
    let icon = if is_vertical { CursorIcon::ResizeHorizontal } else { CursorIcon::ResizeVertical };
    let tip = "Drag to resize, far to collapse. Arrow keys move it; double-click: as at first";
    let response = response.on_hover_and_drag_cursor(icon);
    if !response.dragged() {
        response.on_hover_text_at_pointer(tip);
    }
    Moved { has_ended, command }
}

/// How far the arrow keys move a focused divider in this pass.
fn key_step(ui: &Ui, response: &Response, is_vertical: bool) -> f32 {
    if !response.has_focus() {
        return 0.0;
    }
    let filter =
        EventFilter { horizontal_arrows: is_vertical, vertical_arrows: !is_vertical, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
    let (back, forth) = if is_vertical { (Key::ArrowLeft, Key::ArrowRight) } else { (Key::ArrowUp, Key::ArrowDown) };
    ui.input(|i| {
        let step = if i.modifiers.shift { 4.0 * KEY_STEP } else { KEY_STEP };
        let pressed = |key| i.num_presses(key) as f32;
        step * (pressed(forth) - pressed(back))
    })
}
