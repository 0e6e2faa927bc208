//! A point of a picture that the hand moves: by dragging it, or with the arrow keys.

use eframe::egui::{Context, CursorIcon, EventFilter, Id, Key, Rect, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use crate::app::format;
use crate::app::theme;
use crate::app::views::plane::PlaneMap;

/// Side of the square that takes hold of the point.
const GRIP: f32 = 22.0;

/// Where the hand has moved the point since the last pass, if it has. Called before anything is drawn, so that all follows at once.
pub fn moved(ctx: &Context, id: Id, map: &PlaneMap, at: [f64; 2]) -> Option<[f64; 2]> {
    let response = ctx.read_response(id)?;
    let area = map.area().shrink(2.0);
    if response.dragged() {
        return Some(map.at(area.clamp(response.interact_pointer_pos()?)));
    }
    if !response.has_focus() {
        return None;
    }
    let (by, far) = ctx.input(|i| {
        let count = |key| i.num_presses(key) as f32;
        let right = count(Key::ArrowRight) - count(Key::ArrowLeft);
        let down = count(Key::ArrowDown) - count(Key::ArrowUp);
        (vec2(right, down), if i.modifiers.shift { 10.0 } else { 1.0 })
    });
    let pixel = map.pos(at) + by * far * area.width() / 200.0;
    (by != vec2(0.0, 0.0)).then(|| map.at(area.clamp(pixel)))
}

/// Takes hold of the point; called after the picture, so that it lies on top. Returns whether it was clicked twice.
pub fn register(ui: &Ui, id: Id, map: &PlaneMap, at: [f64; 2], name: &str, tooltip: &str) -> bool {
    let center = map.pos(at);
    if !map.area().expand(1.0).contains(center) {
        return false;
    }
    let response = ui.interact(Rect::from_center_size(center, vec2(GRIP, GRIP)), id, Sense::click_and_drag());
    if response.has_focus() {
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
        ui.painter_at(map.area()).circle_stroke(center, 9.5, Stroke::new(1.5, theme::tokens(ui).accent));
    }
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Slider, true, name);
        info.current_text_value = Some(format!("{}, {}", format::number(at[0]), format::number(at[1])));
        info
    });
    let twice = response.double_clicked();
    if response.dragged() {
        ui.set_cursor_icon(CursorIcon::Grabbing);
    } else {
        response.on_hover_cursor(CursorIcon::Grab).on_hover_text(tooltip);
    }
    twice
}
