//! The columns of the table: which are used, what they hold, what they look like.

use eframe::egui::{self, Align2, Id, Rect, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::app::command::Command;
use crate::app::document::Document;
use crate::app::finder::Filter;
use crate::app::format;
use crate::app::selection::Selection;
use crate::app::theme;
use crate::app::views::column_menu;
use crate::app::views::data_panel::Context;
use crate::app::views::filter_row;
use crate::app::views::names;
use crate::app::views::picker::reveal;
use crate::app::views::widgets::{Tick, check_box, elided, section, text_width};
use crate::app::walk;
use crate::data::table::{Column, ColumnType};

/// Width of the button with a column's options.
const MENU: f32 = 20.0;
/// As many rows are shown before the settings below have all their room.
const SURE: f32 = 10.0;
/// As many are shown even where the settings then have less than they need.
const LEAST: f32 = 5.0;
/// Rows used, and the buttons below.
const BELOW: f32 = 60.0;

/// How many rows of `n` are shown where there is `room` for list and settings, which need `wanted` and have at least `least`.
fn rows_shown(n: usize, room: f32, wanted: f32, least: f32) -> f32 {
    let rows = |settings: f32| ((room - settings) / theme::ROW).floor();
    // Whole rows: one cut in half looks like a fault.
    rows(wanted).max(SURE.min(rows(least.min(wanted)))).max(LEAST).min(n as f32)
}

/// Head, list and what is below it. `room` is the height of the panel, what the settings would need, and their least.
pub(super) fn show(
    ui: &mut Ui,
    document: &Document,
    context: &Context<'_>,
    selection: Option<&mut Selection>,
    filter: &mut Filter,
    room: (f32, f32, f32),
) -> Option<Command> {
    let top = ui.cursor().top();
    let table = &document.table;
    let mut columns: Vec<usize> = (0..table.columns.len()).filter(|&c| c != document.roles.target).collect();
    let usable: Vec<usize> = columns.iter().copied().filter(|&c| document.can_be_feature(c)).collect();
    let used = usable.iter().filter(|c| !document.roles.excluded.contains(c)).count();
    let mut command = None;
    let spacing = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
    let counts = format!("{} of {} used", format::count(used), format::count(usable.len()));
    egui::Frame::new().inner_margin(egui::Margin::symmetric(16, 8)).show(ui, |ui| section(ui, "Features", &counts));
    if filter.is_offered(columns.len()) {
        egui::Frame::new().inner_margin(egui::Margin::symmetric(16, 0)).show(ui, |ui| {
            filter_row::show(ui, filter, "features", ("Used", "Hide the columns that are not used"));
        });
    }
    let found: Vec<usize> = if filter.is_on() {
        let admits = filter.admits();
        let is_used = |c: usize| document.can_be_feature(c) && !document.roles.excluded.contains(&c);
        columns.retain(|&c| admits(&table.columns[c].name, is_used(c)));
        columns.iter().copied().filter(|&c| document.can_be_feature(c)).collect()
    } else {
        usable.clone()
    };
    let (panel, wanted, least) = room;
    let room = panel - (ui.cursor().top() - top) - BELOW;
    let height = rows_shown(columns.len(), room, wanted, least) * theme::ROW;
    let fade = std::mem::replace(&mut ui.spacing_mut().scroll.fade.strength, 0.0);
    let mut hover = None;
    ScrollArea::vertical()
        .id_salt("features")
        .max_height(height)
        .min_scrolled_height(height)
        .auto_shrink([false, false])
        .show_rows(ui, theme::ROW, columns.len(), |ui, range| {
            for &column in &columns[range] {
                let row =
                    FeatureRow { document, context, column, hovered: selection.as_deref().and_then(|s| s.hovered) };
                let (toggled, is_hovered) = row.show(ui);
                command = toggled.or(command.take());
                if is_hovered {
                    hover = row.first_feature();
                }
            }
        });
    ui.spacing_mut().item_spacing.y = spacing;
    ui.spacing_mut().scroll.fade.strength = fade;
    if let (Some(j), Some(selection)) = (hover, selection) {
        selection.hover(j);
    }
    egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 16, top: 4, bottom: 8 }).show(ui, |ui| {
        if columns.is_empty() {
            let tokens = theme::tokens(ui);
            ui.add(egui::Label::new(RichText::new(filter_row::nothing(filter)).color(tokens.text2)).truncate());
        }
        rows_used(ui, document, context);
        if usable.len() > 1 {
            ui.horizontal(|ui| {
                command = all_or_none(ui, document, found, filter.is_on()).or(command.take());
            });
        }
    });
    command
}

/// Two buttons that use or leave out all columns that are found.
fn all_or_none(ui: &mut Ui, document: &Document, found: Vec<usize>, is_filtered: bool) -> Option<Command> {
    let used = found.iter().filter(|c| !document.roles.excluded.contains(c)).count();
    let (all, none) = if is_filtered {
        ("Use every column found", "Leave out every column found")
    } else {
        ("Use every column that can be a feature", "Leave out every column, then choose a few")
    };
    let mut button = |is_possible: bool, text: &str, tip: &str| {
        ui.add_enabled(is_possible, egui::Button::new(text)).on_hover_text(tip).clicked()
    };
    let (uses, leaves_out) = (button(used < found.len(), "All", all), button(used > 0, "None", none));
    (uses || leaves_out).then_some(Command::SetExcluded(found, leaves_out))
}

fn rows_used(ui: &mut Ui, document: &Document, context: &Context<'_>) {
    let tokens = theme::tokens(ui);
    let Some(analysis) = context.analysis else { return };
    let design = &analysis.design;
    if document.moments.is_some() {
        let text = format!("Moments of {} rows", format::count(analysis.n_samples()));
        ui.label(RichText::new(text).small().color(tokens.text2));
        return;
    }
    let (used, all) = (design.y.len(), design.n_records);
    let out = design.n_missing_target + design.n_missing_feature;
    let (text, color) = if out == 0 && design.missing.is_some() {
        (format!("Missing cells filled with means, {} rows used", format::count(used)), tokens.warn)
    } else if out == 0 {
        (format!("No missing values, {} rows used", format::count(used)), tokens.text2)
    } else {
        (
            format!(
                "{} of {} rows used, {} with missing values left out",
                format::count(used),
                format::count(all),
                format::count(out)
            ),
            tokens.warn,
        )
    };
    ui.label(RichText::new(text).small().color(color));
}

struct FeatureRow<'a> {
    document: &'a Document,
    context: &'a Context<'a>,
    column: usize,
    hovered: Option<usize>,
}

impl FeatureRow<'_> {
    fn data(&self) -> &Column {
        &self.document.table.columns[self.column]
    }

    /// First feature of the analysis that comes from this column.
    fn first_feature(&self) -> Option<usize> {
        self.context.analysis?.design.features.iter().position(|f| f.column == self.column)
    }

    fn show(&self, ui: &mut Ui) -> (Option<Command>, bool) {
        let tokens = theme::tokens(ui);
        let column = self.data();
        let is_usable = self.document.can_be_feature(self.column);
        let is_used = is_usable && !self.document.roles.excluded.contains(&self.column);
        let sense = if is_usable { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), sense);
        response
            .widget_info(|| WidgetInfo::selected(Role::CheckBox, is_usable, is_used, format!("Use {}", column.name)));
        reveal(ui, &response);
        walk::one_of(ui, Id::unique("used features"), response.id, false);
        walk::home(ui, response.id);
        let painter = ui.painter();
        let feature = self.first_feature();
        let is_lit = feature.is_some() && feature == self.hovered;
        let color = match (self.context.analysis, feature) {
            (Some(analysis), Some(j)) if is_used => tokens.feature(analysis.entry_rank[j]),
            _ => tokens.control_border,
        };
        if is_lit {
            painter.rect_filled(rect, 0, tokens.hover);
            painter.rect_filled(Rect::from_min_size(rect.min, vec2(3.0, rect.height())), 0, color);
        }
        let y = rect.center().y;
        let mut x = rect.left() + theme::PADDING;
        let tick = match (is_usable, is_used) {
            (_, true) => Tick::On,
            (true, false) => Tick::Off,
            (false, false) => Tick::Disabled,
        };
        check_box(ui, tokens, pos2(x + 7.0, y), tick, &response);
        x += 24.0;
        painter.text(
            pos2(x + 4.0, y),
            Align2::CENTER_CENTER,
            type_mark(column.column_type),
            theme::small(),
            tokens.text3,
        );
        x += 16.0;
        painter.rect_filled(Rect::from_center_size(pos2(x + 4.0, y), theme::SWATCH), 2, color);
        x += 16.0;
        let right = rect.right() - theme::PADDING - MENU;
        let menu = Rect::from_min_max(pos2(right + 4.0, rect.top()), pos2(rect.right() - 8.0, rect.bottom()));
        let (font, ink) = match (is_lit, is_used) {
            (true, _) => (theme::strong(), tokens.text),
            (false, true) => (theme::body(), tokens.text),
            (false, false) => (theme::body(), tokens.text3),
        };
        // A long name takes the place of the histogram.
        let has_histogram = text_width(painter, &column.name, &font) <= right - 60.0 - x;
        let mut end = if has_histogram { right - 60.0 } else { right - 4.0 };
        if let Some(mark) = column_menu::mark(&self.document.roles, self.column) {
            let mark = elided(painter, &mark, &theme::small(), (end - x) * 0.5);
            painter.text(pos2(end, y), Align2::RIGHT_CENTER, &mark, theme::small(), tokens.text2);
            end -= text_width(painter, &mark, &theme::small()) + 8.0;
        }
        let name = names::column(painter, &self.document.table, self.column, &font, end - x);
        painter.text(pos2(x, y), Align2::LEFT_CENTER, name, font, ink);
        if let Some(counts) = self.context.histograms.get(self.column).filter(|_| has_histogram) {
            let bars = Rect::from_min_max(pos2(right - 52.0, rect.top() + 5.0), pos2(right, rect.bottom() - 5.0));
            small_histogram(ui.painter(), bars, counts, if is_lit { color } else { tokens.histogram });
        }
        let is_hovered = response.hovered();
        let clicked = response.clicked();
        response.on_hover_text(self.tip());
        // What the menu offers needs rows.
        let has_menu = self.document.moments.is_none();
        let chosen = has_menu.then(|| column_menu::button(ui, menu, self.document, self.column)).flatten();
        (chosen.or_else(|| clicked.then(|| Command::SetExcluded(vec![self.column], is_used))), is_hovered)
    }

    fn tip(&self) -> String {
        let column = self.data();
        let kind = type_name(column.column_type);
        let role = if self.document.roles.fold_column == Some(self.column) {
            "gives the folds, so it is no feature"
        } else if self.document.roles.group_column == Some(self.column) {
            "gives the groups, so it is no feature"
        } else if self.document.roles.weight_column == Some(self.column) {
            "gives the case weights, so it is no feature"
        } else if !self.document.can_be_feature(self.column) {
            "left out: only numbers and categories can be features"
        } else {
            "click to switch it on or off"
        };
        let missing =
            if column.n_missing > 0 { format!(", {} missing", format::count(column.n_missing)) } else { String::new() };
        format!("{}\n{kind}{missing}; {role}", column.name)
    }
}

pub(super) fn small_histogram(painter: &egui::Painter, rect: Rect, counts: &[u32], color: egui::Color32) {
    let largest = counts.iter().copied().max().unwrap_or(0);
    if largest == 0 {
        return;
    }
    let step = rect.width() / counts.len() as f32;
    for (i, &count) in counts.iter().enumerate().filter(|(_, c)| **c > 0) {
        let height = (count as f32 / largest as f32 * rect.height()).max(1.0);
        let left = rect.left() + i as f32 * step;
        painter.rect_filled(
            Rect::from_min_max(pos2(left, rect.bottom() - height), pos2(left + step - 1.0, rect.bottom())),
            0,
            color,
        );
    }
}

fn type_mark(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::Number => "#",
        ColumnType::Boolean => "0/1",
        ColumnType::Category => "A B",
        ColumnType::Date => "date",
        ColumnType::Text => "text",
        ColumnType::Empty => "–",
    }
}

fn type_name(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::Number => "Number",
        ColumnType::Boolean => "Two words, read as 0 and 1",
        ColumnType::Category => "Category, one indicator for each level but the reference",
        ColumnType::Date => "Date",
        ColumnType::Text => "Text",
        ColumnType::Empty => "No cell is filled in",
    }
}
