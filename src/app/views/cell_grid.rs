//! The cells as they were read: records down, columns across. Only what is on screen is laid out, in both directions.

use std::ops::Range;

use eframe::egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::app::command::Command;
use crate::app::data_view::{DataView, Place};
use crate::app::theme::{self, Tokens};
use crate::app::views::cell_keys::keys;
use crate::app::views::column_type::type_box;
use crate::app::views::data_page::Context;
use crate::app::views::scroll_bar;
use crate::app::views::widgets::{elided, panel_head};
use crate::app::walk;
use crate::app::{format, views::widgets::text_width};
use crate::data::table::{Table, Values};

/// Height of the heads of the columns.
const HEAD: f32 = 72.0;
/// Blank at either side of a cell.
pub(super) const INSET: f32 = 8.0;
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
    let grid = Grid::new(ui, context, view, rect);
    let sense = Sense::CLICK | Sense::FOCUSABLE;
    let response = ui.interact(grid.lines.union(grid.body), ui.scope_id().with("cells"), sense);
    walk::home(ui, response.id);
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
    let mut command = None;
    let Some((index, column)) = chosen.column.and_then(|c| Some((c, table.columns.get(c)?))) else {
        let remark = format!("as read, {} rows", format::count(table.n_records));
        panel_head(ui, "Cells", &remark, |ui| command = import_button(ui, context));
        return command;
    };
    let title = elided(ui.painter(), &column.name, &theme::strong(), (ui.available_width() * 0.35).max(80.0));
    let remark = chosen.record.map(|record| {
        let cell = context.text(index, record).unwrap_or_else(|| "missing".to_owned());
        let cell: String = cell.chars().take(LONGEST).collect();
        format!("line {}: {cell}", table.line(record))
    });
    let has_room = ui.available_width() > 560.0 && context.leads_to_import;
    panel_head(ui, &title, &remark.unwrap_or_default(), |ui| {
        if has_room {
            command = import_button(ui, context);
        }
        command = type_box(ui, context.document, context.options, index).or(command.take());
        ui.label(egui::RichText::new("Type").color(theme::tokens(ui).text2));
    });
    command
}

fn import_button(ui: &mut Ui, context: &Context<'_>) -> Option<Command> {
    let command = Command::ShowImport;
    let is_there = context.leads_to_import && context.options.is_some();
    let is_wanted = is_there && ui.button(command.text()).on_hover_text(command.tooltip()).clicked();
    is_wanted.then_some(command)
}

/// Where everything stands in this frame.
pub(super) struct Grid<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) tokens: &'static Tokens,
    /// Heads of the columns.
    pub(super) head: Rect,
    /// Numbers of the lines.
    pub(super) lines: Rect,
    /// Cells.
    pub(super) body: Rect,
    /// Pixels of all cells, right and down.
    content: [f64; 2],
    /// Width of a digit.
    pub(super) digit: f32,
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

    pub(super) fn table(&self) -> &'a Table {
        &self.context.document.table
    }

    /// Rows that fit.
    fn page(&self) -> usize {
        (self.body.height() / theme::ROW) as usize
    }

    pub(super) fn left(&self, view: &DataView, position: usize) -> f32 {
        self.body.left() + (view.edges[position] - view.offset[0]) as f32
    }

    pub(super) fn top(&self, view: &DataView, record: usize) -> f32 {
        self.body.top() + (record as f64 * f64::from(theme::ROW) - view.offset[1]) as f32
    }

    pub(super) fn visible_records(&self, view: &DataView) -> Range<usize> {
        let first = (view.offset[1] / f64::from(theme::ROW)) as usize;
        let end = ((view.offset[1] + f64::from(self.body.height())) / f64::from(theme::ROW)).ceil() as usize;
        first.min(self.table().n_records)..end.min(self.table().n_records)
    }

    pub(super) fn visible_positions(&self, view: &DataView) -> Range<usize> {
        let n = view.shown().len();
        let (left, right) = (view.offset[0], view.offset[0] + f64::from(self.body.width()));
        let first = view.edges.partition_point(|edge| *edge <= left).saturating_sub(1);
        let end = view.edges.partition_point(|edge| *edge < right);
        first.min(n)..end.min(n)
    }

    /// Record and column under a point; no column beside the cells.
    pub(super) fn hit(&self, view: &DataView, point: egui::Pos2) -> Option<(usize, Option<usize>)> {
        let down = f64::from(point.y - self.body.top()) + view.offset[1];
        let record = (down >= 0.0).then_some((down / f64::from(theme::ROW)) as usize)?;
        let across = f64::from(point.x - self.body.left()) + view.offset[0];
        let position = view.edges.partition_point(|edge| *edge <= across).checked_sub(1);
        let column = position.filter(|_| point.x >= self.body.left()).and_then(|p| view.shown().get(p).copied());
        (record < self.table().n_records).then_some((record, column))
    }

    /// Wheel, bars, and the chosen place where it is to be seen.
    fn scroll(&self, ui: &Ui, view: &mut DataView) {
        let room = |axis: usize, length: f32| (self.content[axis] - f64::from(length)).max(0.0);
        let rooms = [room(0, self.body.width()), room(1, self.body.height())];
        if ui.rect_contains_pointer(self.lines.union(self.body).union(self.head)) {
            let delta = ui.input_mut(|i| std::mem::take(&mut i.smooth_scroll_delta));
            view.offset[0] -= f64::from(delta.x);
            view.offset[1] -= f64::from(delta.y);
        }
        if std::mem::take(&mut view.asked.reveal_cell) {
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
