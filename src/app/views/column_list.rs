//! The columns of the table, one a row: type, missing cells, range, mean, shape. Only the rows on screen are laid out.

use eframe::egui::{
    Align2, CursorIcon, EventFilter, FontId, Key, Modifiers, Painter, Rect, Role, ScrollArea, Sense, Stroke, TextEdit,
    Ui, WidgetInfo, pos2, vec2,
};

use crate::app::command::Command;
use crate::app::data_view::{DataView, Place, SortBy};
use crate::app::format;
use crate::app::theme::{self, Tokens};
use crate::app::views::column_type::{column_menu, type_menu};
use crate::app::views::data_page::{Context, refresh};
use crate::app::views::feature_picker::small_histogram;
use crate::app::views::import_panel::type_name;
use crate::app::views::widgets::{elided, panel_head, shortened, text_width};
use crate::data::options::TypeChoice;
use crate::data::table::Values;
use crate::insight::columns::Summary;

/// Height of the headings.
const HEAD: f32 = 24.0;
/// Width of a number.
const NUMBER: f32 = 72.0;

/// Where each part of a row stands; what does not fit is left out.
struct Ruler {
    name: f32,
    kind: f32,
    missing: f32,
    /// Right edges of smallest, mean and largest value.
    numbers: [Option<f32>; 3],
    /// Left and right edge of what is said of texts.
    levels: [f32; 2],
    histogram: Option<Rect>,
}

impl Ruler {
    fn new(rect: Rect, n_columns: usize) -> Self {
        let mut right = rect.right() - theme::PADDING;
        let histogram = (rect.width() >= 520.0).then(|| {
            right -= 72.0;
            Rect::from_min_max(pos2(right + 16.0, 4.0), pos2(right + 72.0, theme::ROW - 4.0))
        });
        let has_mean = rect.width() >= 480.0;
        let min = right - if has_mean { 2.0 } else { 1.0 } * NUMBER;
        let numbers = [Some(min), has_mean.then_some(right - NUMBER), Some(right)];
        let levels = [min - NUMBER + 16.0, right];
        let missing = min - NUMBER - 8.0;
        let places = if n_columns < 1000 { 24.0 } else { 40.0 };
        Self { name: rect.left() + theme::PADDING + places, kind: missing - 128.0, missing, numbers, levels, histogram }
    }
}

/// The whole list.
pub(super) fn show(ui: &mut Ui, context: &Context<'_>, view: &mut DataView) -> Option<Command> {
    let table = &context.document.table;
    let all = table.columns.len();
    let n = view.shown().len();
    let remark =
        if view.search().is_empty() { format::count(all) } else { format!("{} of {}", format::count(n), format::count(all)) };
    panel_head(ui, "Columns", &remark, 200.0, |ui| search(ui, view));
    let rect = ui.available_rect_before_wrap();
    let ruler = Ruler::new(rect, all);
    headings(ui, &ruler, view);
    // Search and headings have just been used.
    refresh(ui, context, view);
    let shown = view.shown().len();
    let ignored: Vec<&String> = context
        .options
        .into_iter()
        .flat_map(|options| &options.types)
        .filter(|(name, choice)| {
            **choice == TypeChoice::Ignore && view.finds(name) && table.column_index(name).is_none()
        })
        .map(|(name, _)| name)
        .collect();
    if shown + ignored.len() == 0 {
        let tokens = theme::tokens(ui);
        let text = shortened(ui.painter(), &format!("No column is called “{}”", view.search()), &theme::body(), 320.0);
        ui.painter().text(
            ui.available_rect_before_wrap().center_top() + vec2(0.0, 32.0),
            Align2::CENTER_CENTER,
            text,
            theme::body(),
            tokens.text2,
        );
        return None;
    }
    let mut command = None;
    ScrollArea::vertical().id_salt("columns").auto_shrink([false, false]).show_viewport(ui, |ui, viewport| {
        let height = (shown + ignored.len()) as f32 * theme::ROW;
        let sense = Sense::CLICK | Sense::FOCUSABLE;
        let (area, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), sense);
        response.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, "Columns of the table"));
        if response.clicked() {
            response.request_focus();
        }
        if response.has_focus() {
            keys(ui, response.id, view, (viewport.height() / theme::ROW) as usize);
        }
        let row_at = |i: usize| {
            Rect::from_min_size(
                pos2(area.left(), area.top() + i as f32 * theme::ROW),
                vec2(area.width(), theme::ROW),
            )
        };
        if std::mem::take(&mut view.reveal_column)
            && let Some(i) = view.chosen().column.and_then(|c| view.shown().iter().position(|&j| j == c))
        {
            ui.scroll_to_rect(row_at(i), None);
        }
        let first = (viewport.top() / theme::ROW) as usize;
        let end = (viewport.bottom() / theme::ROW).ceil() as usize;
        let row = Row { context, ruler: &ruler, has_focus: response.has_focus() };
        for i in first..end.min(shown) {
            let column = view.shown()[i];
            command = row.show(ui, view, column, row_at(i)).or(command.take());
        }
        for i in first.max(shown)..end.min(shown + ignored.len()) {
            command = row.ignored(ui, ignored[i - shown], row_at(i)).or(command.take());
        }
    });
    command
}

fn search(ui: &mut Ui, view: &mut DataView) {
    let mut text = view.search().to_owned();
    let width = ui.available_width().clamp(80.0, 176.0);
    let field = ui.add(TextEdit::singleline(&mut text).id_salt("find column").hint_text("Find column").desired_width(width - 16.0));
    field.widget_info(|| WidgetInfo::text_edit(true, view.search(), &text, "Find column"));
    let name = Command::FindColumn;
    let key = name.shortcut().map(|s| ui.ctx().format_shortcut(&s)).unwrap_or_default();
    if std::mem::take(&mut view.focus_search) {
        field.request_focus();
    }
    field.accessible_name(name.text()).on_hover_text(format!("{} ({key})", name.tooltip()));
    view.set_search(text);
}

fn headings(ui: &mut Ui, ruler: &Ruler, view: &mut DataView) {
    let tokens = theme::tokens(ui);
    let rect = ui.available_rect_before_wrap();
    let rect = Rect::from_min_size(rect.min, vec2(rect.width(), HEAD));
    ui.advance_cursor_after_rect(rect);
    let (left, right) = (Align2::LEFT_CENTER, Align2::RIGHT_CENTER);
    let [min, mean, max] = ruler.numbers;
    let cells = [
        (Some(rect.left() + theme::PADDING), left, "#", "order in the file", SortBy::Order),
        (Some(ruler.name), left, "name", "name", SortBy::Name),
        (Some(ruler.kind), left, "type", "type", SortBy::Type),
        (Some(ruler.missing), right, "missing", "missing cells", SortBy::Missing),
        (min, right, "min", "smallest value", SortBy::Min),
        (mean, right, "mean", "mean", SortBy::Mean),
        (max, right, "max", "largest value", SortBy::Max),
    ];
    let (sorted, is_descending) = view.sort();
    for (x, anchor, text, what, by) in cells {
        let Some(x) = x else { continue };
        let is_sorted = by == sorted && (by != SortBy::Order || is_descending);
        let (font, color) =
            if is_sorted { (theme::small_strong(), tokens.text) } else { (theme::small(), tokens.text2) };
        let arrow = if is_descending { "↓" } else { "↑" };
        let shown = match (is_sorted, anchor == left) {
            (false, _) => text.to_owned(),
            (true, true) => format!("{text} {arrow}"),
            (true, false) => format!("{arrow} {text}"),
        };
        let galley = ui.painter().layout_no_wrap(shown, font, color);
        let cell = anchor.anchor_size(pos2(x, rect.center().y), galley.size());
        let response = ui.interact(cell.expand2(vec2(4.0, 5.0)), ui.scope_id().with(("sort", text)), Sense::click());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Button, true, format!("Sort columns by {what}"));
            if is_sorted {
                info.current_text_value = Some(if is_descending { "descending" } else { "ascending" }.to_owned());
            }
            info
        });
        ui.painter().galley(cell.min, galley, color);
        if response.has_focus() || response.hovered() {
            ui.painter().hline(cell.x_range(), cell.bottom() + 1.0, Stroke::new(1.0, tokens.accent));
        }
        if response.clicked() {
            view.sort_by(by);
        }
        response
            .on_hover_cursor(CursorIcon::PointingHand)
            .on_hover_text(format!("Sort by {what}; again: the other way round"));
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.border));
}

/// Moves the choice while the list has the keys.
fn keys(ui: &Ui, id: egui::Id, view: &mut DataView, page: usize) {
    let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
    let last = view.shown().len().saturating_sub(1);
    let now = view.chosen().column.and_then(|c| view.shown().iter().position(|&j| j == c));
    let page = page.saturating_sub(1).max(1);
    let steps = [
        (Key::ArrowDown, now.map_or(0, |i| i + 1)),
        (Key::ArrowUp, now.unwrap_or(0).saturating_sub(1)),
        (Key::PageDown, now.unwrap_or(0) + page),
        (Key::PageUp, now.unwrap_or(0).saturating_sub(page)),
        (Key::Home, 0),
        (Key::End, last),
    ];
    for (key, to) in steps {
        if ui.input_mut(|i| i.consume_key(Modifiers::NONE, key))
            && let Some(&column) = view.shown().get(to.min(last))
        {
            view.choose(Place { record: view.chosen().record, column: Some(column) });
        }
    }
}

struct Row<'a> {
    context: &'a Context<'a>,
    ruler: &'a Ruler,
    has_focus: bool,
}

impl Row<'_> {
    fn show(&self, ui: &Ui, view: &mut DataView, index: usize, rect: Rect) -> Option<Command> {
        let tokens = theme::tokens(ui);
        let document = self.context.document;
        let column = &document.table.columns[index];
        let is_chosen = view.chosen().column == Some(index);
        let response = ui.interact(rect, ui.scope_id().with(("column", index)), Sense::CLICK);
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, self.sentence(index)));
        let painter = ui.painter();
        if is_chosen {
            painter.rect_filled(rect, 0, tokens.tint);
            painter.rect_filled(Rect::from_min_size(rect.min, vec2(3.0, rect.height())), 0, tokens.accent);
        } else if response.hovered() {
            painter.rect_filled(rect, 0, tokens.chrome);
        }
        if is_chosen && self.has_focus {
            painter.rect_stroke(rect.shrink(1.0), 2, Stroke::new(1.0, tokens.accent), egui::StrokeKind::Inside);
        }
        if response.clicked() {
            view.choose(Place { record: view.chosen().record, column: Some(index) });
            view.reveal_column = false;
        }
        let is_target = document.roles.target == index;
        let is_used = is_target || (document.can_be_feature(index) && !document.roles.excluded.contains(&index));
        let ink = if is_used { tokens.text } else { tokens.text3 };
        let y = rect.center().y;
        let small = |x: f32, anchor: Align2, text: &str, color| {
            painter.text(pos2(x, y), anchor, text, theme::small(), color);
        };
        small(rect.left() + theme::PADDING, Align2::LEFT_CENTER, &format::count(index + 1), tokens.text3);
        let role = self.context.role(index);
        let role_width = if role.is_empty() { 0.0 } else { text_width(painter, role, &theme::small()) + 8.0 };
        let (font, color) = if is_target { (theme::strong(), tokens.accent) } else { (theme::body(), ink) };
        let room = self.ruler.kind - self.ruler.name - role_width - 8.0;
        let name = elided(painter, &column.name, &font, room);
        let written = painter.text(pos2(self.ruler.name, y), Align2::LEFT_CENTER, &name, font, color);
        small(written.right() + 8.0, Align2::LEFT_CENTER, role, if is_target { tokens.accent } else { tokens.text3 });
        if column.n_missing > 0 {
            number(painter, self.ruler.missing, y, &format::count(column.n_missing), tokens.warn);
        } else {
            number(painter, self.ruler.missing, y, "0", tokens.text3);
        }
        self.summary(painter, tokens, index, y, ink);
        if let (Some(bars), Some(counts)) = (self.ruler.histogram, self.context.histograms.get(index)) {
            let color = if is_target { tokens.accent } else { tokens.histogram };
            small_histogram(painter, bars.translate(vec2(0.0, rect.top())), counts, color);
        }
        let command = column_menu(&response, document, self.context.options, index);
        response.on_hover_text(&column.name);
        self.chip(ui, rect, index, &column.name, type_name(column.column_type), ink).or(command)
    }

    /// The type, with its menu.
    fn chip(&self, ui: &Ui, rect: Rect, id: usize, name: &str, kind: &str, ink: egui::Color32) -> Option<Command> {
        let tokens = theme::tokens(ui);
        let cell = Rect::from_min_max(
            pos2(self.ruler.kind - 6.0, rect.top() + 2.0),
            pos2(self.ruler.missing - 56.0, rect.bottom() - 2.0),
        );
        let response = ui.interact(cell, ui.scope_id().with(("type", id, name)), Sense::CLICK);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Type of {name}")));
        let painter = ui.painter();
        if response.hovered() {
            painter.rect(cell, 4, tokens.control, Stroke::new(1.0, tokens.control_border), egui::StrokeKind::Inside);
            let c = pos2(cell.right() - 9.0, cell.center().y);
            let chevron = vec![c + vec2(-3.0, -1.5), c + vec2(0.0, 1.5), c + vec2(3.0, -1.5)];
            painter.line(chevron, Stroke::new(1.25, tokens.text2));
        }
        painter.text(pos2(self.ruler.kind, rect.center().y), Align2::LEFT_CENTER, kind, theme::small(), ink);
        let command = type_menu(&response, self.context.options, name);
        response.on_hover_text(Command::SetColumnType(String::new(), None).tooltip());
        command
    }

    fn summary(&self, painter: &Painter, tokens: &Tokens, index: usize, y: f32, ink: egui::Color32) {
        match self.context.columns.summaries.get(index) {
            Some(Summary::Numbers { min, mean, max }) => {
                let places = self.ruler.numbers.into_iter().zip([min, mean, max]);
                for (x, value) in places.filter_map(|(x, value)| Some((x?, value))) {
                    number(painter, x, y, &format::number(*value), ink);
                }
            }
            Some(Summary::Levels { .. }) => {
                let [left, right] = self.ruler.levels;
                let text = shortened(painter, &self.levels(index), &theme::small(), right - left);
                painter.text(pos2(left, y), Align2::LEFT_CENTER, text, theme::small(), tokens.text2);
            }
            Some(Summary::Empty) | None => {}
        }
    }

    /// `12 different, mostly Berlin`
    fn levels(&self, index: usize) -> String {
        let column = &self.context.document.table.columns[index];
        match (self.context.columns.summaries.get(index), &column.values) {
            (Some(Summary::Levels { count, mode, mode_count }), Values::Levels { levels, .. }) => {
                let most = levels.get(*mode).map_or("", String::as_str);
                if *count == 1 {
                    format!("all {most}")
                } else if *mode_count == 1 {
                    format!("{} different", format::count(*count))
                } else {
                    format!("{} different, mostly {most}", format::count(*count))
                }
            }
            _ => String::new(),
        }
    }

    /// All of the row in words.
    fn sentence(&self, index: usize) -> String {
        let column = &self.context.document.table.columns[index];
        let mut text = format!("{}, {}", column.name, type_name(column.column_type));
        let role = self.context.role(index);
        if !role.is_empty() {
            text.push_str(", ");
            text.push_str(role);
        }
        text.push_str(&format!(", {} missing", format::count(column.n_missing)));
        match self.context.columns.summaries.get(index) {
            Some(Summary::Numbers { min, mean, max }) => {
                let [min, mean, max] = [min, mean, max].map(|v| format::number(*v));
                text.push_str(&format!(", min {min}, mean {mean}, max {max}"));
            }
            Some(Summary::Levels { .. }) => {
                text.push_str(", ");
                text.push_str(&self.levels(index));
            }
            Some(Summary::Empty) | None => {}
        }
        text
    }

    /// A column that the user had left out of the table, so that it can come back.
    fn ignored(&self, ui: &Ui, name: &str, rect: Rect) -> Option<Command> {
        let tokens = theme::tokens(ui);
        let painter = ui.painter();
        let shown = elided(painter, name, &theme::body(), self.ruler.kind - self.ruler.name - 8.0);
        let at = pos2(self.ruler.name, rect.center().y);
        painter.text(at, Align2::LEFT_CENTER, shown, theme::body(), tokens.text3);
        self.chip(ui, rect, usize::MAX, name, "ignored", tokens.text3)
    }
}

fn number(painter: &Painter, right: f32, y: f32, text: &str, color: egui::Color32) {
    let font: FontId = theme::body();
    painter.text(pos2(right, y), Align2::RIGHT_CENTER, text, font, color);
}
