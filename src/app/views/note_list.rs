//! The notes beside the table: a click shows the cell that a note is about.

use eframe::egui::{Align2, CursorIcon, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::app::data_view::{DataView, Place};
use crate::app::format::{self, sentence};
use crate::app::theme;
use crate::app::views::notes::{place, title};
use crate::app::views::widgets::{panel_head, shortened, text_width};
use crate::data::notes::Note;
use crate::data::table::Table;

/// Height of one note.
const ROW: f32 = 48.0;

/// Height that `n` notes would like.
pub(super) fn height(n: usize) -> f32 {
    theme::PANEL_HEAD + n as f32 * ROW
}

/// The whole list.
pub(super) fn show(ui: &mut Ui, table: &Table, notes: &[&Note], view: &mut DataView) {
    panel_head(ui, "Notes", &format::count(notes.len()), |ui| {
        if ui.button("Hide notes").on_hover_text("The status line brings them back").clicked() {
            view.hides_notes = true;
        }
    });
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().id_salt("notes of the table").auto_shrink([false, false]).show_rows(
        ui,
        ROW,
        notes.len(),
        |ui, rows| {
            for i in rows {
                row(ui, table, notes[i], view);
            }
        },
    );
}

fn row(ui: &mut Ui, table: &Table, note: &Note, view: &mut DataView) {
    let tokens = theme::tokens(ui);
    let has_place = Place::is_likely(note);
    let sense = if has_place { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), sense);
    let (name, place) = (title(note), place(note));
    response.widget_info(|| {
        let role = if has_place { Role::Button } else { Role::Label };
        let mut info = WidgetInfo::labeled(role, true, format!("{name}: {}", note.action));
        info.current_text_value = Some(place.clone());
        info
    });
    let painter = ui.painter();
    if has_place && (response.hovered() || response.has_focus()) {
        painter.rect_filled(rect, 0, tokens.warn_ground);
        painter.rect_filled(Rect::from_min_size(rect.min, vec2(3.0, ROW)), 0, tokens.warn);
    }
    let (left, right) = (rect.left() + theme::PADDING, rect.right() - theme::PADDING);
    painter.text(pos2(left, rect.top() + 15.0), Align2::LEFT_CENTER, &name, theme::small_strong(), tokens.text);
    let room = right - left - text_width(painter, &name, &theme::small_strong()) - 16.0;
    let place = shortened(painter, &place, &theme::small(), room);
    let color = if has_place { tokens.accent } else { tokens.text2 };
    painter.text(pos2(right, rect.top() + 15.0), Align2::RIGHT_CENTER, place, theme::small(), color);
    let action = shortened(painter, &sentence(&note.action), &theme::body(), right - left);
    painter.text(pos2(left, rect.top() + 33.0), Align2::LEFT_CENTER, action, theme::body(), tokens.text);
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.grid));
    if response.clicked()
        && let Some(place) = Place::of(table, note)
    {
        view.jump(table, place);
    }
    let response = if has_place { response.on_hover_cursor(CursorIcon::PointingHand) } else { response };
    response.on_hover_text(format!("{}\n{}", sentence(&note.action), sentence(&note.remedy)));
}
