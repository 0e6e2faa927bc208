//! A table in place of a picture, with the same numbers: to be read aloud, and to be copied.

use eframe::egui::{
    self, Align2, Button, EventFilter, FontId, Id, Key, Label, Rect, RichText, Role, ScrollArea, Sense, Stroke, Ui,
    UiBuilder, Vec2, WidgetInfo, pos2, style::ScrollAnimation, vec2,
};

use crate::analysis::{Analysis, Penalty};
use crate::app::command::Command;
use crate::app::format;
use crate::app::selection::{Selection, Units};
use crate::app::theme;
use crate::app::twins::Twin;
use crate::app::views::path::{drawn_features, penalty_title};
use crate::app::views::widgets::{elided, head_icon, panel_head, shortened, text_width};
use crate::insight::table_twin::{self, Cell, TableTwin};

/// Height of a row.
const ROW: f32 = 22.0;
/// Least width of a column, without the gap.
const LEAST: f32 = 66.0;
/// Widest head of a column of numbers.
const WIDEST: f32 = 92.0;
/// Width of a column of names.
const NAMES: f32 = 132.0;
/// Between columns.
const GAP: f32 = 14.0;

/// The table of a picture.
///
/// # Errors
/// Why there is none, in a sentence.
pub fn table<'a>(twin: Twin, analysis: &'a Analysis, selection: &'a Selection) -> Result<TableTwin<'a>, String> {
    let per_sd = selection.units == Units::PerSd;
    let point = |penalty| selection.point(analysis, penalty);
    let path = |penalty: Penalty| {
        let at = (penalty_title(analysis, penalty), selection.cursor(penalty).nearest());
        let drawn = drawn_features(analysis, analysis.penalty(penalty));
        Ok(table_twin::path(analysis, penalty, &drawn, per_sd, at))
    };
    match twin {
        Twin::Lasso => path(Penalty::Lasso),
        Twin::Ridge => path(Penalty::Ridge),
        Twin::Geometry if analysis.design.features.len() < 2 => {
            Err("Two features make a plane; this regression has one".to_owned())
        }
        Twin::Geometry => {
            let points = [point(Penalty::Lasso), point(Penalty::Ridge)];
            let units = (per_sd, penalty_title(analysis, Penalty::Lasso));
            let table = table_twin::geometry(analysis, points, selection.pair(), selection.plane.others, units);
            table.map_err(|why| format!("Others refitted: {why}"))
        }
        Twin::Fit if analysis.design.y.is_empty() => Err("Only moments were opened, which hold no rows".to_owned()),
        Twin::Fit => Ok(table_twin::fit(analysis, point(selection.fit), penalty_title(analysis, selection.fit))),
        Twin::Folds => {
            let nearest = selection.cursor(Penalty::Lasso).nearest();
            let table = table_twin::folds(analysis, point(Penalty::Lasso), nearest, per_sd);
            table.ok_or_else(|| "Shown with the cross-validation".to_owned())
        }
        Twin::LeftOut => Ok(table_twin::left_out(analysis, point(Penalty::Lasso))),
    }
}

/// A small button in the head of a panel: from the picture to its table, or back.
pub fn button(ui: &mut Ui, selection: &mut Selection, twin: Twin) {
    let tokens = theme::tokens(ui);
    let rect = head_icon(ui);
    // Of the same name in the head of the picture and in that of the table, so that it keeps the focus.
    let response = ui.interact(rect, Id::unique(("table twin", twin)), Sense::click());
    let is_shown = selection.twins.is_shown(twin);
    let name = format!("Show {} as a table", twin.name());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_shown, name.clone()));
    let is_lit = response.hovered() || response.has_focus() || is_shown;
    let stroke = Stroke::new(1.25, if is_lit { tokens.accent } else { tokens.text2 });
    let icon = Rect::from_center_size(rect.center(), vec2(13.0, 11.0));
    ui.painter().rect_stroke(icon, 1, stroke, egui::StrokeKind::Inside);
    for share in [0.34, 0.67] {
        ui.painter().hline(icon.x_range(), icon.top() + share * icon.height(), stroke);
    }
    ui.painter().vline(icon.left() + 4.5, icon.y_range(), stroke);
    if response.has_focus() {
        ui.painter().rect_stroke(rect.shrink(2.0), 3, Stroke::new(1.5, tokens.accent), egui::StrokeKind::Inside);
    }
    if response.clicked() {
        selection.twins.toggle(twin);
    }
    response.on_hover_text(if is_shown { "Back to the picture (Esc)" } else { "Show as table" });
}

/// The whole panel as a table.
pub fn show(ui: &mut Ui, twin: Twin, analysis: &Analysis, selection: &mut Selection) -> Option<Command> {
    let mut command = None;
    // As it was when the pass began: the button and the rows may change it.
    let chosen = selection.clone();
    let table = table(twin, analysis, &chosen);
    let (title, remark) = match &table {
        Ok(table) => (table.title.clone(), format!("{} rows", format::count(table.n_rows))),
        Err(_) => (format::sentence(twin.name()), String::new()),
    };
    panel_head(ui, &title, &remark, |ui| {
        button(ui, selection, twin);
        let copy = Command::CopyTwin(twin);
        if table.is_ok() {
            let response =
                ui.add(Button::new(copy.text())).accessible_name(format!("Copy the table of {}", twin.name()));
            if response.on_hover_text(copy.tooltip()).clicked() {
                command = Some(copy);
            }
        }
    });
    let rect = ui.available_rect_before_wrap().shrink2(vec2(theme::PADDING, 0.0));
    let clicked = match &table {
        Ok(table) => {
            let grid = Grid::new(ui, table, twin);
            let inside = UiBuilder::new().max_rect(rect).id_salt(("table twin", twin));
            ui.scope_builder(inside, |ui| grid.show(ui)).inner
        }
        Err(why) => {
            let why = RichText::new(why).color(theme::tokens(ui).text2);
            ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| ui.add(Label::new(why).wrap()));
            None
        }
    };
    match (twin, clicked) {
        (Twin::Lasso, Some(k)) => selection.move_to(analysis, Penalty::Lasso, k),
        (Twin::Ridge, Some(k)) => selection.move_to(analysis, Penalty::Ridge, k),
        _ => {}
    }
    command
}

/// A table and where its columns end.
struct Grid<'t> {
    table: &'t TableTwin<'t>,
    twin: Twin,
    /// Left and right of each drawn column, from the left of the table.
    columns: Vec<(f32, f32)>,
}

impl<'t> Grid<'t> {
    fn new(ui: &Ui, table: &'t TableTwin<'t>, twin: Twin) -> Self {
        let mut left = 0.0;
        let columns = table.columns.iter().take(table.n_drawn).enumerate().map(|(i, name)| {
            let is_text = table.n_rows > 0 && matches!(table.cell(0, i), Cell::Text(_));
            let head = || text_width(ui.painter(), name, &theme::small()).clamp(LEAST, WIDEST);
            let span = (left, left + if is_text { NAMES } else { head() });
            left = span.1 + GAP;
            span
        });
        Self { table, twin, columns: columns.collect() }
    }

    fn width(&self) -> f32 {
        self.columns.last().map_or(0.0, |column| column.1) + GAP
    }

    /// The row that was clicked, if any.
    fn show(&self, ui: &mut Ui) -> Option<usize> {
        let rect = ui.available_rect_before_wrap();
        let list = ui.interact(rect, Id::unique(("rows of the table", self.twin)), Sense::FOCUSABLE);
        let table = self.table;
        list.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::List, true, format!("{} as a table", table.title));
            info.current_text_value = Some(format!("{} rows, {} columns", table.n_rows, table.n_drawn));
            info
        });
        let body = Rect::from_min_max(pos2(rect.left(), rect.top() + ROW), rect.max);
        let by = scrolled_by(ui, &list, body.height(), self.table.n_rows as f32 * ROW);
        let mut clicked = None;
        let inside = UiBuilder::new().max_rect(body).accessibility_parent(list.id);
        let offset = ui.scope_builder(inside, |ui| {
            let area = ScrollArea::both().id_salt("rows").auto_shrink([false, false]);
            let shown = area.show_viewport(ui, |ui, viewport| {
                ui.set_min_size(vec2(self.width(), self.table.n_rows as f32 * ROW));
                if by != Vec2::ZERO {
                    ui.scroll_with_delta_animation(by, ScrollAnimation::none());
                }
                clicked = self.rows(ui, viewport);
            });
            shown.state.clamped_offset().x
        });
        self.head(ui, Rect::from_min_max(rect.min, pos2(rect.right(), body.top())), offset.inner);
        if list.has_focus() {
            let line = Stroke::new(1.5, theme::tokens(ui).accent);
            ui.painter().rect_stroke(rect.expand(2.0), 2, line, egui::StrokeKind::Inside);
        }
        clicked
    }

    /// Columns between two places.
    fn seen(&self, left: f32, right: f32) -> std::ops::Range<usize> {
        let from = self.columns.partition_point(|column| column.1 < left);
        from..self.columns.partition_point(|column| column.0 <= right).max(from)
    }

    fn head(&self, ui: &Ui, rect: Rect, offset: f32) {
        let (painter, tokens) = (ui.painter().with_clip_rect(rect.intersect(ui.clip_rect())), theme::tokens(ui));
        for i in self.seen(offset, offset + rect.width()) {
            let (left, right) = self.columns[i];
            let name = elided(&painter, &self.table.columns[i], &theme::small(), right - left);
            let is_text = self.table.n_rows > 0 && matches!(self.table.cell(0, i), Cell::Text(_));
            let (x, anchor) = if is_text { (left, Align2::LEFT_CENTER) } else { (right, Align2::RIGHT_CENTER) };
            let at = pos2(rect.left() + x - offset, rect.center().y);
            painter.text(at, anchor, name, theme::small(), tokens.text2);
        }
        painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.border));
    }

    fn rows(&self, ui: &Ui, viewport: Rect) -> Option<usize> {
        let origin = ui.min_rect().min;
        let first = (viewport.top() / ROW) as usize;
        let last = ((viewport.bottom() / ROW).ceil() as usize).min(self.table.n_rows);
        let columns = self.seen(viewport.left(), viewport.right());
        let mut clicked = None;
        for row in first..last {
            let left_top = pos2(origin.x + viewport.left(), origin.y + row as f32 * ROW);
            let rect = Rect::from_min_size(left_top, vec2(viewport.width(), ROW));
            // A row of a path is a place for its cursor.
            let sense = if self.table.at.is_some() { Sense::CLICK } else { Sense::hover() };
            let response = ui.interact(rect, ui.scope_id().with(("row", row)), sense);
            response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, self.spoken_row(row)));
            let is_at = self.table.at == Some(row);
            self.row(ui, row, rect, columns.clone(), origin.x, (is_at, response.hovered()));
            if response.clicked() {
                clicked = Some(row);
            }
        }
        clicked
    }

    fn row(&self, ui: &Ui, row: usize, rect: Rect, columns: std::ops::Range<usize>, x: f32, look: (bool, bool)) {
        let (painter, tokens) = (ui.painter(), theme::tokens(ui));
        match look {
            (true, _) => painter.rect_filled(rect, 0, tokens.tint),
            (_, true) => painter.rect_filled(rect, 0, tokens.hover),
            _ => painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.grid)),
        };
        let font: FontId = if look.0 { theme::strong() } else { theme::body() };
        for i in columns {
            let (left, right) = self.columns[i];
            match self.table.cell(row, i) {
                Cell::Text(name) => {
                    let name = shortened(painter, &name, &font, right - left);
                    painter.text(pos2(x + left, rect.center().y), Align2::LEFT_CENTER, name, font.clone(), tokens.text);
                }
                cell => {
                    let at = pos2(x + right, rect.center().y);
                    painter.text(at, Align2::RIGHT_CENTER, written(&cell), font.clone(), tokens.text);
                }
            }
        }
    }

    /// `alpha 7.025, df 4, …`, all columns of the picture.
    fn spoken_row(&self, row: usize) -> String {
        let cells = (0..self.table.n_drawn).map(|i| match self.table.cell(row, i) {
            Cell::Text(name) => name,
            cell => format!("{} {}", self.table.columns[i], written(&cell)),
        });
        cells.collect::<Vec<_>>().join(", ")
    }
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Text(name) => name.clone(),
        Cell::Count(n) => format::count(*n),
        Cell::Number(value) => format::number(*value),
        Cell::Missing => "–".to_owned(),
    }
}

/// How far the keys move the table that has the focus.
fn scrolled_by(ui: &Ui, list: &egui::Response, page: f32, all: f32) -> Vec2 {
    if !list.has_focus() {
        return Vec2::ZERO;
    }
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(list.id, arrows));
    let page = (page - ROW).max(ROW);
    let steps = [
        (Key::ArrowUp, vec2(0.0, ROW)),
        (Key::ArrowDown, vec2(0.0, -ROW)),
        (Key::PageUp, vec2(0.0, page)),
        (Key::PageDown, vec2(0.0, -page)),
        (Key::Home, vec2(0.0, all)),
        (Key::End, vec2(0.0, -all)),
        (Key::ArrowLeft, vec2(LEAST + GAP, 0.0)),
        (Key::ArrowRight, vec2(-LEAST - GAP, 0.0)),
    ];
    ui.input(|i| steps.into_iter().filter(|(key, _)| i.key_pressed(*key)).fold(Vec2::ZERO, |all, (_, by)| all + by))
}
