//! The columns of the table, one a row: type, missing cells, range, mean, shape. Only the rows on screen are laid out.

use eframe::egui::{
    Align2, CursorIcon, EventFilter, Id, Key, Modifiers, Rect, Role, ScrollArea, Sense, Stroke, TextEdit, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::app::command::Command;
use crate::app::data_view::{DataView, Place, SortBy};
use crate::app::format;
use crate::app::theme;
use crate::app::views::column_row::Row;
use crate::app::views::data_page::{Context, refresh};
use crate::app::views::widgets::{panel_head, shortened};
use crate::app::walk;
use crate::data::options::TypeChoice;

/// Height of the headings.
const HEAD: f32 = 24.0;
/// Width of a number.
const NUMBER: f32 = 78.0;

/// Where each part of a row stands; what does not fit is left out.
pub(super) struct Ruler {
    pub(super) name: f32,
    pub(super) kind: f32,
    pub(super) missing: f32,
    /// Right edges of smallest, mean and largest value.
    pub(super) numbers: [Option<f32>; 3],
    /// Left and right edge of what is said of texts.
    pub(super) levels: [f32; 2],
    pub(super) histogram: Option<Rect>,
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
        Self { name: rect.left() + theme::PADDING + places, kind: missing - 120.0, missing, numbers, levels, histogram }
    }
}

/// The whole list.
pub(super) fn show(ui: &mut Ui, context: &Context<'_>, view: &mut DataView) -> Option<Command> {
    let table = &context.document.table;
    let all = table.columns.len();
    let n = view.shown().len();
    let remark = if view.search().is_empty() {
        format::count(all)
    } else {
        format!("{} of {}", format::count(n), format::count(all))
    };
    panel_head(ui, "Columns", &remark, |ui| search(ui, view));
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
        walk::home(ui, response.id);
        if response.clicked() {
            response.request_focus();
        }
        if response.has_focus() {
            keys(ui, response.id, view, (viewport.height() / theme::ROW) as usize);
        }
        let row_at = |i: usize| {
            Rect::from_min_size(pos2(area.left(), area.top() + i as f32 * theme::ROW), vec2(area.width(), theme::ROW))
        };
        if std::mem::take(&mut view.asked.reveal_column)
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
    let field = ui.add(
        TextEdit::singleline(&mut text).id_salt("find column").hint_text("Find column").desired_width(width - 16.0),
    );
    let name = Command::FindColumn;
    let key = name.shortcut().map(|s| ui.ctx().format_shortcut(&s)).unwrap_or_default();
    if std::mem::take(&mut view.asked.focus_search) {
        field.request_focus();
    }
    if field.lost_focus() && ui.input(|i| i.key_pressed(Key::Escape)) {
        text.clear();
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
        walk::one_of(ui, Id::unique("sort columns"), response.id, is_sorted);
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
fn keys(ui: &Ui, id: Id, view: &mut DataView, page: usize) {
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
