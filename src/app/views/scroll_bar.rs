//! A scroll bar over more pixels than `f32` can count.

use eframe::egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::app::theme;

/// Width of the strip in which the bar stands.
pub(super) const STRIP: f32 = 12.0;
/// A thumb is at least this long.
const THUMB: f32 = 32.0;

/// Draws the bar in `track`, upright or lying, and moves `offset` where it is dragged or its track is clicked.
pub(super) fn show(ui: &Ui, name: &str, track: Rect, is_upright: bool, content: f64, offset: &mut f64) {
    let length = if is_upright { track.height() } else { track.width() };
    let room = content - f64::from(length);
    if room <= 0.0 || length < THUMB {
        return;
    }
    let thumb = (f64::from(length) / content * f64::from(length)).max(f64::from(THUMB)) as f32;
    let free = length - thumb;
    let response = ui.interact(track, ui.scope_id().with(name), Sense::CLICK | Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, true, name));
    let along = |point: egui::Pos2| if is_upright { point.y - track.top() } else { point.x - track.left() };
    if free > 0.0
        && let Some(pointer) = response.interact_pointer_pos()
    {
        let start = (*offset / room) as f32 * free;
        let origin = ui.input(|i| i.pointer.press_origin()).map_or(0.0, along);
        let is_on_thumb = (start..=start + thumb).contains(&origin);
        if response.dragged() {
            let moved = response.drag_delta();
            *offset += f64::from(if is_upright { moved.y } else { moved.x }) / f64::from(free) * room;
        } else if response.is_pointer_button_down_on() && !is_on_thumb {
            *offset = f64::from((along(pointer) - thumb / 2.0) / free) * room;
        }
        *offset = offset.clamp(0.0, room);
    }
    let start = (*offset / room) as f32 * free;
    let is_lit = response.hovered() || response.dragged();
    let tokens = theme::tokens(ui);
    let half = if is_lit { 4.0 } else { 3.0 };
    let bar = if is_upright {
        Rect::from_min_size(pos2(track.center().x - half, track.top() + start), vec2(2.0 * half, thumb))
    } else {
        Rect::from_min_size(pos2(track.left() + start, track.center().y - half), vec2(thumb, 2.0 * half))
    };
    ui.painter().rect_filled(bar, 4, if is_lit { tokens.axis } else { tokens.control_border });
}
