//! One row of the list of columns, with its menus.

use eframe::egui::{Align2, Painter, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::app::command::Command;
use crate::app::data_view::{DataView, Place};
use crate::app::format;
use crate::app::theme::{self, Tokens};
use crate::app::views::column_list::Ruler;
use crate::app::views::column_type::{column_menu, type_menu};
use crate::app::views::data_page::Context;
use crate::app::views::feature_picker::small_histogram;
use crate::app::views::import_panel::type_name;
use crate::app::views::names;
use crate::app::views::widgets::{elided, shortened, text_width};
use crate::data::table::Values;
use crate::insight::columns::Summary;

/// One column of the list.
pub(super) struct Row<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) ruler: &'a Ruler,
    pub(super) has_focus: bool,
}

impl Row<'_> {
    pub(super) fn show(&self, ui: &Ui, view: &mut DataView, index: usize, rect: Rect) -> Option<Command> {
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
            view.asked.reveal_column = false;
        }
        let is_target = self.context.role(index) == "target";
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
        let name = names::column(painter, &document.table, index, &font, room);
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
            pos2(self.ruler.missing - 48.0, rect.bottom() - 2.0),
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
            Some(Summary::Moments { mean, .. }) => {
                if let Some(x) = self.ruler.numbers[1] {
                    number(painter, x, y, &format::number(*mean), ink);
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
        let mut parts = vec![column.name.clone(), type_name(column.column_type).to_owned()];
        let role = self.context.role(index);
        if !role.is_empty() {
            parts.push(role.to_owned());
        }
        parts.push(format!("{} missing", format::count(column.n_missing)));
        match self.context.columns.summaries.get(index) {
            Some(Summary::Numbers { min, mean, max }) => {
                let [min, mean, max] = [min, mean, max].map(|v| format::number(*v));
                parts.push(format!("min {min}, mean {mean}, max {max}"));
            }
            Some(Summary::Moments { mean, deviation }) => {
                let [mean, deviation] = [mean, deviation].map(|v| format::number(*v));
                parts.push(format!("mean {mean}, standard deviation {deviation}"));
            }
            Some(Summary::Levels { .. }) => parts.push(self.levels(index)),
            Some(Summary::Empty) | None => {}
        }
        parts.join(", ")
    }

    /// A column that the user had left out of the table, so that it can come back.
    pub(super) fn ignored(&self, ui: &Ui, name: &str, rect: Rect) -> Option<Command> {
        let tokens = theme::tokens(ui);
        let painter = ui.painter();
        let shown = elided(painter, name, &theme::body(), self.ruler.kind - self.ruler.name - 8.0);
        let at = pos2(self.ruler.name, rect.center().y);
        painter.text(at, Align2::LEFT_CENTER, shown, theme::body(), tokens.text3);
        self.chip(ui, rect, usize::MAX, name, "ignored", tokens.text3)
    }
}

/// A number of one of the columns; a long one in small digits.
fn number(painter: &Painter, right: f32, y: f32, text: &str, color: egui::Color32) {
    let font = if text.chars().count() > 9 { theme::small() } else { theme::body() };
    painter.text(pos2(right, y), Align2::RIGHT_CENTER, text, font, color);
}
