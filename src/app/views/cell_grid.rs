//! The cells as they were read: records down, columns across. Only what is on screen is laid out, in both directions.

use std::ops::Range;

use eframe::egui::{
    Align2, Color32, EventFilter, Key, Modifiers, Painter, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::app::cell_text::copied;
use crate::app::command::Command;
use crate::app::data_view::{DataView, Place};
use crate::app::theme::{self, Tokens};
use crate::app::views::column_type::{column_menu, type_box};
use crate::app::views::data_page::Context;
use crate::app::views::feature_picker::small_histogram;
use crate::app::views::import_panel::type_name;
use crate::app::views::scroll_bar;
use crate::app::views::widgets::{elided, panel_head, shortened};
use crate::app::{format, views::widgets::text_width};
use crate::data::table::{Table, Values};

/// Height of the heads of the columns.
const HEAD: f32 = 72.0;
/// Blank at either side of a cell.
const INSET: f32 = 8.0;
/// Least and most width of a column.
const WIDTH: [f32; 2] = [72.0, 240.0];
/// A name takes at most this much.
const NAME: f32 = 120.0;
/// Characters of a cell that are ever laid out.
const LONGEST: usize = 200;

/// Finds the edges of the columns shown from their names, types and the cells of the sample.
pub(super) fn measure(ui: &Ui, context: &Context<'_>, view: &mut DataView) {
    let columns = &context.document.table.columns;
    let mut edges = Vec::with_capacity(view.shown().len() + 1);
    let mut edge = 0.0_f64;
    edges.push(edge);
    ui.fonts_mut(|fonts| {
        let (body, strong) = (theme::body(), theme::strong());
        let (digit, letter) = (fonts.glyph_width(&body, '0'), fonts.glyph_width(&body, 'n'));
        for &j in view.shown() {
            let column = &columns[j];
            let name: f32 = column.name.chars().take(40).map(|c| fonts.glyph_width(&strong, c)).sum();
            let of_one = if matches!(column.values, Values::Numbers(_)) { digit } else { letter };
            let cells = context.columns.styles.get(j).map_or(0, |s| s.widest).min(60) as f32 * of_one;
            // A name alone makes no column wide: it is elided sooner than cells are.
            let width = name.min(NAME).max(cells) + 2.0 * INSET + 4.0;
            edge += f64::from((width / 8.0).ceil() * 8.0).clamp(WIDTH[0].into(), WIDTH[1].into());
            edges.push(edge);
        }
    });
    view.edges = edges;
}

/// The whole grid.
pub(super) fn show(ui: &mut Ui, context: &Context<'_>, view: &mut DataView) -> Option<Command> {
    let mut command = head(ui, context, view);
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    let mut grid = Grid::new(ui, context, view, rect);
    let sense = Sense::CLICK | Sense::FOCUSABLE;
    let response = ui.interact(grid.lines.union(grid.body), ui.scope_id().with("cells"), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Grid, true, "Cells of the table"));
    if response.clicked() {
        response.request_focus();
        if let Some((record, column)) = response.interact_pointer_pos().and_then(|p| grid.hit(view, p)) {
            view.choose(Place { record: Some(record), column: column.or(view.chosen().column) });
        }
    }
    if response.has_focus() {
        keys(ui, response.id, context, view, grid.page());
    }
    grid.scroll(ui, view);
    grid.rows(ui, view, &response);
    command = grid.heads(ui, view, &response).or(command.take());
    grid.frame(ui);
    if let Some((record, column)) = response.hover_pos().and_then(|p| grid.hit(view, p)) {
        let lines = grid.tip(view, record, column);
        if !lines.is_empty() {
            response.on_hover_text_at_pointer(lines.join("\n"));
        }
    }
    command
}

/// What is chosen, in full, and the type of its column.
fn head(ui: &mut Ui, context: &Context<'_>, view: &DataView) -> Option<Command> {
    let table = &context.document.table;
    let chosen = view.chosen();
    let Some((index, column)) = chosen.column.and_then(|c| Some((c, table.columns.get(c)?))) else {
        panel_head(ui, "Cells", &format!("as read, {} rows", format::count(table.n_records)), 0.0, |_| {});
        return None;
    };
    let title = elided(ui.painter(), &column.name, &theme::strong(), (ui.available_width() * 0.35).max(80.0));
    let remark = chosen.record.map(|record| {
        let cell = context.text(index, record).unwrap_or_else(|| "missing".to_owned());
        let cell: String = cell.chars().take(LONGEST).collect();
        format!("line {}: {cell}", table.line(record))
    });
    let mut command = None;
    panel_head(ui, &title, &remark.unwrap_or_default(), 216.0, |ui| {
        command = type_box(ui, context.document, context.options, index);
        ui.label(egui::RichText::new("Type").color(theme::tokens(ui).text2));
    });
    command
}

struct Grid<'a> {
    context: &'a Context<'a>,
    tokens: &'static Tokens,
    /// Heads of the columns.
    head: Rect,
    /// Numbers of the lines.
    lines: Rect,
    /// Cells.
    body: Rect,
    /// Pixels of all cells, right and down.
    content: [f64; 2],
    /// Width of a digit.
    digit: f32,
}

impl<'a> Grid<'a> {
    fn new(ui: &Ui, context: &'a Context<'a>, view: &DataView, rect: Rect) -> Self {
        let table = &context.document.table;
        let last = table.n_records.checked_sub(1).map_or(1, |record| table.line(record));
        let of_lines = text_width(ui.painter(), &last.to_string(), &theme::small()).max(24.0) + 2.0 * INSET;
        let (x, y) = (rect.left() + of_lines.ceil(), rect.top() + HEAD);
        let (right, bottom) = (rect.right() - scroll_bar::STRIP, rect.bottom() - scroll_bar::STRIP);
        Self {
            context,
            tokens: theme::tokens(ui),
            head: Rect::from_min_max(pos2(x, rect.top()), pos2(right, y)),
            lines: Rect::from_min_max(pos2(rect.left(), y), pos2(x, bottom)),
            body: Rect::from_min_max(pos2(x, y), pos2(right, bottom)),
            digit: ui.fonts_mut(|fonts| fonts.glyph_width(&theme::body(), '0')),
            content: [view.edges.last().copied().unwrap_or(0.0), table.n_records as f64 * f64::from(theme::ROW)],
        }
    }

    fn table(&self) -> &'a Table {
        &self.context.document.table
    }

    /// Rows that fit.
    fn page(&self) -> usize {
        (self.body.height() / theme::ROW) as usize
    }

    fn left(&self, view: &DataView, position: usize) -> f32 {
        self.body.left() + (view.edges[position] - view.offset[0]) as f32
    }

    fn top(&self, view: &DataView, record: usize) -> f32 {
        self.body.top() + (record as f64 * f64::from(theme::ROW) - view.offset[1]) as f32
    }

    fn visible_records(&self, view: &DataView) -> Range<usize> {
        let first = (view.offset[1] / f64::from(theme::ROW)) as usize;
        let end = ((view.offset[1] + f64::from(self.body.height())) / f64::from(theme::ROW)).ceil() as usize;
        first.min(self.table().n_records)..end.min(self.table().n_records)
    }

    fn visible_positions(&self, view: &DataView) -> Range<usize> {
        let n = view.shown().len();
        let (left, right) = (view.offset[0], view.offset[0] + f64::from(self.body.width()));
        let first = view.edges.partition_point(|edge| *edge <= left).saturating_sub(1);
        let end = view.edges.partition_point(|edge| *edge < right);
        first.min(n)..end.min(n)
    }

    /// Record and column under a point; no column beside the cells.
    fn hit(&self, view: &DataView, point: egui::Pos2) -> Option<(usize, Option<usize>)> {
        let down = f64::from(point.y - self.body.top()) + view.offset[1];
        let record = (down >= 0.0).then_some((down / f64::from(theme::ROW)) as usize)?;
        let across = f64::from(point.x - self.body.left()) + view.offset[0];
        let position = view.edges.partition_point(|edge| *edge <= across).checked_sub(1);
        let column = position.filter(|_| point.x >= self.body.left()).and_then(|p| view.shown().get(p).copied());
        (record < self.table().n_records).then_some((record, column))
    }

    /// Wheel, bars, and the chosen place where it is to be seen.
    fn scroll(&mut self, ui: &Ui, view: &mut DataView) {
        let room = |axis: usize, length: f32| (self.content[axis] - f64::from(length)).max(0.0);
        let rooms = [room(0, self.body.width()), room(1, self.body.height())];
        if ui.rect_contains_pointer(self.lines.union(self.body).union(self.head)) {
            let delta = ui.input_mut(|i| std::mem::take(&mut i.smooth_scroll_delta));
            view.offset[0] -= f64::from(delta.x);
            view.offset[1] -= f64::from(delta.y);
        }
        if std::mem::take(&mut view.reveal_cell) {
            let Place { record, column } = view.chosen();
            if let Some(position) = column.and_then(|c| view.shown().iter().position(|&j| j == c)) {
                let ends = [view.edges[position], view.edges[position + 1]];
                view.offset[0] = revealed(view.offset[0], self.body.width().into(), ends);
            }
            if let Some(record) = record {
                let top = record as f64 * f64::from(theme::ROW);
                view.offset[1] =
                    revealed(view.offset[1], self.body.height().into(), [top, top + f64::from(theme::ROW)]);
            }
        }
        for (offset, room) in view.offset.iter_mut().zip(rooms) {
            *offset = offset.clamp(0.0, room);
        }
        let strip = scroll_bar::STRIP;
        let upright = Rect::from_min_size(self.body.right_top(), vec2(strip, self.body.height()));
        scroll_bar::show(ui, "Scroll rows", upright, true, self.content[1], &mut view.offset[1]);
        let lying = Rect::from_min_size(self.body.left_bottom(), vec2(self.body.width(), strip));
        scroll_bar::show(ui, "Scroll columns", lying, false, self.content[0], &mut view.offset[0]);
    }

    fn rows(&self, ui: &Ui, view: &DataView, response: &Response) {
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
                let is_marked = view.note_at(record, column).is_some();
                self.cell(ui, &painter, cell, (record, column), is_left_out, is_marked);
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

    fn cell(
        &self,
        ui: &Ui,
        painter: &Painter,
        rect: Rect,
        (record, column): (usize, usize),
        is_left_out: bool,
        is_marked: bool,
    ) {
        let text = self.context.text(column, record);
        let response = ui.interact(rect, ui.scope_id().with((record, column)), Sense::hover());
        response.widget_info(|| {
            let table = self.table();
            let name = format!("{}, line {}", table.columns[column].name, table.line(record));
            let mut info = WidgetInfo::labeled(Role::Cell, true, name);
            info.current_text_value = Some(text.clone().unwrap_or_else(|| "missing".to_owned()));
            info
        });
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
        let ink = match (is_marked, is_left_out) {
            (true, _) => self.tokens.warn,
            (false, true) => self.tokens.text3,
            (false, false) => self.tokens.text,
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
    fn heads(&self, ui: &Ui, view: &mut DataView, cells: &Response) -> Option<Command> {
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
            let response =
                ui.interact(rect.intersect(self.head), ui.scope_id().with(("head", index)), Sense::CLICK);
            let column = &self.table().columns[index];
            let is_chosen = view.chosen().column == Some(index);
            response.widget_info(|| {
                let mut info = WidgetInfo::selected(Role::ColumnHeader, true, is_chosen, format!("Column {}", column.name));
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
        let is_target = self.context.document.roles.target == index;
        if is_lit {
            painter.rect_filled(rect, 0, tokens.tint);
        }
        if is_target {
            painter.rect_filled(Rect::from_min_size(rect.min, vec2(rect.width(), 2.0)), 0, tokens.accent);
        }
        let room = rect.width() - 2.0 * INSET;
        let is_used = is_target || role.is_empty();
        let color = if is_target { tokens.accent } else if is_used { tokens.text } else { tokens.text3 };
        let left = rect.left() + INSET;
        let name = elided(painter, &column.name, &theme::strong(), room);
        painter.text(pos2(left, rect.top() + 16.0), Align2::LEFT_CENTER, name, theme::strong(), color);
        let kind = if role.is_empty() { type_name(column.column_type) } else { role };
        let second = if is_target { tokens.accent } else { tokens.text2 };
        painter.text(pos2(left, rect.top() + 33.0), Align2::LEFT_CENTER, kind, theme::small(), second);
        if let Some(counts) = self.context.histograms.get(index) {
            let bars = Rect::from_min_max(pos2(left, rect.top() + 44.0), pos2(left + room.min(96.0), rect.bottom() - 6.0));
            small_histogram(painter, bars, counts, if is_target { tokens.accent } else { tokens.histogram });
        }
    }

    /// Lines around heads and numbers of lines.
    fn frame(&self, ui: &Ui) {
        let line = Stroke::new(1.0, self.tokens.border);
        let right = self.body.right() + scroll_bar::STRIP;
        ui.painter().hline(self.lines.left()..=right, self.head.bottom() - 0.5, line);
        ui.painter().vline(self.lines.right() - 0.5, self.head.top()..=self.body.bottom() + scroll_bar::STRIP, line);
    }

    /// What there is to say about a cell that cannot be seen at a glance.
    fn tip(&self, view: &DataView, record: usize, column: Option<usize>) -> Vec<String> {
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

/// The offset at which `ends` can be seen: the nearest one, or with them in the middle if they are far off.
fn revealed(offset: f64, length: f64, [start, end]: [f64; 2]) -> f64 {
    if start >= offset && end <= offset + length {
        return offset;
    }
    if start > offset + 2.0 * length || end < offset - length || end - start > length {
        return start - ((length - (end - start)) / 2.0).max(0.0);
    }
    if start < offset { start } else { end - length }
}

/// Moves the choice, and copies it, while the cells have the keys.
fn keys(ui: &Ui, id: egui::Id, context: &Context<'_>, view: &mut DataView, page: usize) {
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
    let table = &context.document.table;
    let (n, p) = (table.n_records, view.shown().len());
    if n == 0 || p == 0 {
        return;
    }
    let now = view.chosen();
    let row = now.record;
    let across = now.column.and_then(|c| view.shown().iter().position(|&j| j == c));
    let page = page.saturating_sub(1).max(1);
    let (y, x) = (row.unwrap_or(0), across.unwrap_or(0));
    let down = |by: usize| row.map_or(0, |r| (r + by).min(n - 1));
    let steps = [
        (Modifiers::COMMAND, Key::Home, 0, x),
        (Modifiers::COMMAND, Key::End, n - 1, x),
        (Modifiers::NONE, Key::ArrowDown, down(1), x),
        (Modifiers::NONE, Key::ArrowUp, y.saturating_sub(1), x),
        (Modifiers::NONE, Key::PageDown, down(page), x),
        (Modifiers::NONE, Key::PageUp, y.saturating_sub(page), x),
        (Modifiers::NONE, Key::ArrowRight, y, across.map_or(0, |x| (x + 1).min(p - 1))),
        (Modifiers::NONE, Key::ArrowLeft, y, x.saturating_sub(1)),
        (Modifiers::NONE, Key::Home, y, 0),
        (Modifiers::NONE, Key::End, y, p - 1),
    ];
    for (modifiers, key, record, position) in steps {
        if ui.input_mut(|i| i.consume_key(modifiers, key)) {
            view.choose(Place { record: Some(record), column: Some(view.shown()[position]) });
        }
    }
    if ui.input(|i| i.events.iter().any(|event| matches!(event, egui::Event::Copy)))
        && let Some(text) = as_text(table, view.chosen())
    {
        ui.ctx().copy_text(text);
    }
}

/// The chosen cell, or the chosen column with its name above.
fn as_text(table: &Table, chosen: Place) -> Option<String> {
    let column = table.columns.get(chosen.column?)?;
    Some(match chosen.record {
        Some(record) => copied(column, record),
        None => {
            let mut text = column.name.replace(['\t', '\n', '\r'], " ");
            for record in 0..table.n_records {
                text.push('\n');
                text.push_str(&copied(column, record));
            }
            text
        }
    })
}

#[cfg(test)]
mod tests {
    use super::revealed;

    #[test]
    fn what_is_seen_stays_where_it_is() {
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
        near(revealed(100.0, 50.0, [110.0, 120.0]), 100.0);
        near(revealed(100.0, 50.0, [140.0, 160.0]), 110.0);
        near(revealed(100.0, 50.0, [90.0, 110.0]), 90.0);
        near(revealed(100.0, 50.0, [1000.0, 1010.0]), 980.0);
        near(revealed(100.0, 50.0, [1000.0, 1100.0]), 1000.0);
    }
}
