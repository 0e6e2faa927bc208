//! Text longer than its place, read by keys as well: arrows, `PgUp` and `PgDn`, Home and End, Space.

use eframe::egui::{
    EventFilter, Id, Key, Modifiers, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, style, vec2,
};

use crate::app::theme;

/// How far an arrow goes.
const LINE: f32 = 32.0;
/// Farther than any text is long.
const ALL: f32 = 1e6;

/// Draws the text below each other in an area that scrolls and can have the focus; it takes the focus where it is `taken`.
pub(super) fn scrolled(ui: &mut Ui, area: ScrollArea, (id, name): (Id, &str), taken: bool, text: impl FnOnce(&mut Ui)) {
    // What was there before knows its size.
    let before: Option<Rect> = ui.data(|d| d.get_temp(id));
    let place = before.unwrap_or_else(|| ui.available_rect_before_wrap());
    let response = ui.interact(place, id, Sense::FOCUSABLE);
    response.widget_info(|| WidgetInfo::labeled(Role::ScrollView, true, name));
    if taken {
        response.request_focus();
    }
    let by = if response.has_focus() { asked(ui, id, place.height()) } else { 0.0 };
    let shown = area.show(ui, |ui| {
        if by != 0.0 {
            ui.scroll_with_delta_animation(vec2(0.0, -by), style::ScrollAnimation::none());
        }
        text(ui);
    });
    ui.data_mut(|d| d.insert_temp(id, shown.inner_rect));
    if response.has_focus() {
        let ring = Stroke::new(1.5, theme::tokens(ui).accent);
        ui.painter().rect_stroke(shown.inner_rect.expand2(vec2(6.0, 0.0)), 3, ring, StrokeKind::Inside);
    }
}

/// How far down the keys ask to go.
fn asked(ui: &Ui, id: Id, height: f32) -> f32 {
    let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
    let page = (height - LINE).max(LINE);
    let steps = [
        (Modifiers::SHIFT, Key::Space, -page),
        (Modifiers::NONE, Key::ArrowUp, -LINE),
        (Modifiers::NONE, Key::ArrowDown, LINE),
        (Modifiers::NONE, Key::PageUp, -page),
        (Modifiers::NONE, Key::PageDown, page),
        (Modifiers::NONE, Key::Space, page),
        (Modifiers::NONE, Key::Home, -ALL),
        (Modifiers::NONE, Key::End, ALL),
    ];
    ui.input_mut(|i| steps.iter().map(|(with, key, by)| i.count_and_consume_key(*with, *key) as f32 * by).sum())
}
