//! How cells and heads of columns look.

use eframe::egui::{
    Align2, Color32, Painter, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::app::command::Command;
use crate::app::data_view::{DataView, Place};
use crate::app::theme;
use crate::app::views::cell_grid::{Grid, INSET};
use crate::app::views::column_type::column_menu;
use crate::app::views::feature_picker::small_histogram;
use crate::app::views::import_panel::type_name;
use crate::app::views::scroll_bar;
use crate::app::views::widgets::{elided, shortened};
use crate::data::table::Values;

/// Characters of a cell that are ever laid out.
const LONGEST: usize = 200;

impl Grid<'_> {
    pub(super) fn rows(&self, ui: &Ui, view: &DataView, response: &Response) {
        let painter = ui.painter().with_clip_rect(self.body.intersect(ui.clip_rect()));
        let margin = ui.painter().with_clip_rect(self.lines.intersect(ui.clip_rect()));
        let chosen = view.chosen();
        let hovered = response.hover_pos().and_then(|p| self.hit(view, p)).map(|(record, _)| record);
        let positions = self.visible_positions(view);
        let right = self.left(view, view.shown().len()).min(self.body.right());
        let bottom = self.top(view, self.table().n_records).min(self.body.bottom());
        let down_to = pos2(self.lines.right(), self.lines.bottom() + scroll_bar::STRIP);
        ui.painter().rect_filled(Rect::from_min_max(self.lines.min, down_to), 0, self.tokens.chrome);
        if let Some(record) = hovered {
            let min = pos2(self.body.left(), self.top(view, record));
            painter.rect_filled(Rect::from_min_max(min, pos2(right, min.y + theme::ROW)), 0, self.tokens.chrome);
        }
        for position in positions.clone().filter(|p| chosen.column == Some(view.shown()[*p])) {
            let column = Rect::from_min_max(
                pos2(self.left(view, position), self.body.top()),
                pos2(self.left(view, position + 1), bottom),
            );
            painter.rect_filled(column, 0, self.tokens.faded(self.tokens.tint, 0.5));
        }
        for record in self.visible_records(view) {
            let top = self.top(view, record);
            let y = top + theme::ROW / 2.0;
            let is_left_out = self.context.is_left_out(record);
            let (font, color) = if chosen.record == Some(record) {
                (theme::small_strong(), self.tokens.accent)
            } else {
                (theme::small(), self.tokens.text3)
            };
            let line = self.table().line(record).to_string();
            margin.text(pos2(self.lines.right() - INSET, y), Align2::RIGHT_CENTER, line, font, color);
            for position in positions.clone() {
                let (left, right) = (self.left(view, position), self.left(view, position + 1));
                let cell = Rect::from_min_max(pos2(left, top), pos2(right, top + theme::ROW));
                let column = view.shown()[position];
                let ink = match (view.note_at(record, column), is_left_out) {
                    (Some(_), _) => self.tokens.warn,
                    (None, true) => self.tokens.text3,
                    (None, false) => self.tokens.text,
                };
                self.cell(ui, &painter, cell, (record, column), ink);
            }
            let rule = Stroke::new(1.0, self.tokens.grid);
            painter.hline(self.body.left()..=right, top + theme::ROW - 0.5, rule);
        }
        if let (Some(record), Some(column)) = (chosen.record, chosen.column)
            && let Some(position) = positions.clone().find(|p| view.shown()[*p] == column)
        {
            let min = pos2(self.left(view, position), self.top(view, record));
            let max = pos2(self.left(view, position + 1), min.y + theme::ROW - 1.0);
            let width = if response.has_focus() { 2.0 } else { 1.5 };
            let stroke = Stroke::new(width, self.tokens.accent);
            painter.rect_stroke(Rect::from_min_max(min, max), 2, stroke, StrokeKind::Inside);
        }
    }

    /// One cell; `ink` tells what there is to say about it.
    fn cell(&self, ui: &Ui, painter: &Painter, rect: Rect, (record, column): (usize, usize), ink: Color32) {
        let text = self.context.text(column, record);
        let response = ui.interact(rect, ui.scope_id().with((record, column)), Sense::hover());
        response.widget_info(|| {
            let table = self.table();
            let name = format!("{}, line {}", table.columns[column].name, table.line(record));
            let mut info = WidgetInfo::labeled(Role::Cell, true, name);
            info.current_text_value = Some(text.clone().unwrap_or_else(|| "missing".to_owned()));
            info
        });
        let is_marked = ink == self.tokens.warn;
        if is_marked {
            painter.rect_filled(rect, 0, self.tokens.warn_ground);
        }
        let y = rect.center().y;
        let Some(text) = text else {
            if !is_marked {
                painter.rect_filled(rect.shrink2(vec2(4.0, 4.0)), 3, self.tokens.grid);
            }
            let color = if is_marked { self.tokens.warn } else { self.tokens.text3 };
            painter.text(rect.center(), Align2::CENTER_CENTER, "–", theme::small(), color);
            return;
        };
        let is_number = matches!(self.table().columns[column].values, Values::Numbers(_));
        let (x, anchor) = if is_number {
            let blanks = self.context.columns.styles.get(column).map_or(0, |style| style.blanks(&text));
            (rect.right() - INSET - blanks as f32 * self.digit, Align2::RIGHT_CENTER)
        } else {
            (rect.left() + INSET, Align2::LEFT_CENTER)
        };
        fitting(painter, pos2(x, y), anchor, &text, rect.width() - 2.0 * INSET, ink);
    }

    /// Names, types and shapes of the columns.
    pub(super) fn heads(&self, ui: &Ui, view: &mut DataView, cells: &Response) -> Option<Command> {
        let mut command = None;
        let corner = Rect::from_min_max(pos2(self.lines.left(), self.head.top()), self.lines.right_top());
        let strip = pos2(self.head.right() + scroll_bar::STRIP, self.head.bottom());
        ui.painter().rect_filled(Rect::from_min_max(corner.min, strip), 0, self.tokens.chrome);
        let place = pos2(corner.right() - INSET, corner.top() + 16.0);
        ui.painter().text(place, Align2::RIGHT_CENTER, "line", theme::small(), self.tokens.text2);
        let painter = ui.painter().with_clip_rect(self.head.intersect(ui.clip_rect()));
        for position in self.visible_positions(view) {
            let index = view.shown()[position];
            let (left, right) = (self.left(view, position), self.left(view, position + 1));
            let rect = Rect::from_min_max(pos2(left, self.head.top()), pos2(right, self.head.bottom()));
            let response = ui.interact(rect.intersect(self.head), ui.scope_id().with(("head", index)), Sense::CLICK);
            let column = &self.table().columns[index];
            let is_chosen = view.chosen().column == Some(index);
            response.widget_info(|| {
                let mut info =
                    WidgetInfo::selected(Role::ColumnHeader, true, is_chosen, format!("Column {}", column.name));
                info.current_text_value = Some(type_name(column.column_type).to_owned());
                info
            });
            if response.clicked() {
                view.choose(Place { record: None, column: Some(index) });
                cells.request_focus();
            }
            self.one_head(&painter, index, rect, is_chosen || response.hovered());
            command = column_menu(&response, self.context.document, self.context.options, index).or(command.take());
            response.on_hover_text(&column.name);
        }
        command
    }

    fn one_head(&self, painter: &Painter, index: usize, rect: Rect, is_lit: bool) {
        let tokens = self.tokens;
        let column = &self.table().columns[index];
        let role = self.context.role(index);
        let is_target = self.context.role(index) == "target";
        if is_lit {
            painter.rect_filled(rect, 0, tokens.tint);
        }
        if is_target {
            painter.rect_filled(Rect::from_min_size(rect.min, vec2(rect.width(), 2.0)), 0, tokens.accent);
        }
        let room = rect.width() - 2.0 * INSET;
        let is_used = is_target || role.is_empty();
        let color = if is_target {
            tokens.accent
        } else if is_used {
            tokens.text
        } else {
            tokens.text3
        };
        let left = rect.left() + INSET;
        let name = elided(painter, &column.name, &theme::strong(), room);
        painter.text(pos2(left, rect.top() + 16.0), Align2::LEFT_CENTER, name, theme::strong(), color);
        let kind = if role.is_empty() { type_name(column.column_type) } else { role };
        let second = if is_target { tokens.accent } else { tokens.text2 };
        painter.text(pos2(left, rect.top() + 33.0), Align2::LEFT_CENTER, kind, theme::small(), second);
        if let Some(counts) = self.context.histograms.get(index) {
            let bars =
                Rect::from_min_max(pos2(left, rect.top() + 44.0), pos2(left + room.min(96.0), rect.bottom() - 6.0));
            small_histogram(painter, bars, counts, if is_target { tokens.accent } else { tokens.histogram });
        }
    }

    /// Lines around heads and numbers of lines.
    pub(super) fn frame(&self, ui: &Ui) {
        let line = Stroke::new(1.0, self.tokens.border);
        let right = self.body.right() + scroll_bar::STRIP;
        ui.painter().hline(self.lines.left()..=right, self.head.bottom() - 0.5, line);
        ui.painter().vline(self.lines.right() - 0.5, self.head.top()..=self.body.bottom() + scroll_bar::STRIP, line);
    }

    /// What there is to say about a cell that cannot be seen at a glance.
    pub(super) fn tip(&self, view: &DataView, record: usize, column: Option<usize>) -> Vec<String> {
        let mut lines = Vec::new();
        let table = self.table();
        if let Some(column) = column {
            if let Some(note) = view.note_at(record, column).and_then(|i| table.notes.get(i)) {
                let read = note.text.as_ref().map(|text| format!("“{text}” in the file; ")).unwrap_or_default();
                lines.push(format!("{read}{}", note.action));
            }
            match self.context.text(column, record) {
                None => lines.push("Missing".to_owned()),
                Some(text) if text.chars().count() > 9 => lines.push(text.chars().take(1000).collect()),
                Some(_) => {}
            }
        }
        lines.extend(self.context.left_out_reason(record));
        lines
    }
}

/// One line of text, cut where it is wider than `room`.
fn fitting(painter: &Painter, at: egui::Pos2, anchor: Align2, text: &str, room: f32, color: Color32) {
    let text: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let galley = painter.layout_no_wrap(text, theme::body(), color);
    if galley.size().x <= room {
        painter.galley(anchor.anchor_size(at, galley.size()).min, galley, color);
    } else {
        let text = shortened(painter, galley.text(), &theme::body(), room);
        painter.text(at, anchor, text, theme::body(), color);
    }
}
