//! The selected features: lasso, ridge and least squares side by side, the left-out ones below with the alpha at which they enter.

mod columns;
mod head;

use eframe::egui::{
    Align2, Color32, FontId, Id, Painter, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use self::columns::{Columns, Span, cell};
use crate::analysis::{Analysis, Penalty};
use crate::app::finder::Filter;
use crate::app::format;
use crate::app::selection::{Selection, SortBy, Units};
use crate::app::theme::{self, Tokens};
use crate::app::views::feature_values::{Column, coefficient, kept_folds, kept_in_folds};
use crate::app::views::filter_row;
use crate::app::views::names;
use crate::app::views::path::penalty_title;
use crate::app::views::picker::reveal;
use crate::app::views::pinned;
use crate::app::views::widgets::{panel_head, segments, shortened, swatch};
use crate::app::walk;

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Row {
    Feature(usize),
    Intercept,
    LeftOutHead(usize),
    LeftOut(usize),
}

impl Row {
    fn height(self) -> f32 {
        match self {
            Self::Feature(_) | Self::Intercept => theme::TABLE_ROW,
            Self::LeftOut(_) => theme::ROW,
            Self::LeftOutHead(_) => 36.0,
        }
    }
}

/// Everything one pass of the table needs.
struct Table<'a> {
    analysis: &'a Analysis,
    /// `None` before cross-validation.
    kept: Option<Vec<u32>>,
    folds: usize,
    decimals: usize,
    largest: f64,
    columns: Columns,
    /// What the third and the fourth of the columns show.
    last: [Column; 2],
}

/// Where names begin, from the left of the panel.
const NAME: f32 = theme::PADDING + 18.0;

/// The whole panel.
pub fn show(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection, filter: &mut Filter) {
    let (n, p) = (selection.point(analysis, Penalty::Lasso).n_nonzero(), analysis.design.features.len());
    let (n, p) = (format::count(n), format::count(p));
    panel_head(ui, "Selected features", &format!("{n} of {p}"), |ui| {
        let options = [
            ("Per SD", Units::PerSd, "Change of the target for one standard deviation of the feature: sizes compare"),
            ("Own", Units::Own, "Change of the target for one unit of the feature: what you put into a formula"),
        ];
        segments(ui, "Coefficients", &options, &mut selection.units);
        pinned::button(ui, analysis, selection);
    });
    pinned::show(ui, analysis, selection);
    if filter.is_offered(analysis.design.features.len()) {
        let area = ui.available_rect_before_wrap().shrink2(vec2(theme::PADDING, 0.0));
        ui.scope_builder(UiBuilder::new().max_rect(area), |ui| {
            let tip = "Hide the features that the lasso leaves out at its alpha";
            filter_row::show(ui, filter, "selected features", ("Selected only", tip));
        });
    }
    let table = Table::new(ui, analysis, selection);
    table.head(ui, selection);
    let rows = table.rows(selection, filter);
    if filter.is_on() && !rows.iter().any(|row| matches!(row, Row::Feature(_) | Row::LeftOut(_))) {
        let at = ui.available_rect_before_wrap().left_top() + vec2(theme::PADDING, 16.0);
        let text = shortened(ui.painter(), &filter_row::nothing(filter), &theme::body(), ui.available_width() - 32.0);
        ui.painter().text(at, Align2::LEFT_CENTER, text, theme::body(), theme::tokens(ui).text2);
        return;
    }
    let mut tops = Vec::with_capacity(rows.len() + 1);
    let mut total = 0.0;
    for row in &rows {
        tops.push(total);
        total += row.height();
    }
    let salt = ("selected features", &analysis.design.target, analysis.design.features.len());
    ScrollArea::vertical().id_salt(salt).auto_shrink([false, false]).show_viewport(ui, |ui, viewport| {
        let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), total), Sense::hover());
        let first = tops.partition_point(|top| *top < viewport.top()).saturating_sub(1);
        for (row, top) in rows.iter().zip(&tops).skip(first).take_while(|(_, top)| **top < viewport.bottom()) {
            let rect = Rect::from_min_size(pos2(area.left(), area.top() + top), vec2(area.width(), row.height()));
            table.row(ui, selection, *row, rect);
        }
        let head = rows.iter().zip(&tops).find(|(row, _)| matches!(row, Row::LeftOutHead(_)));
        if let Some((row, top)) = head.filter(|(row, top)| *top + row.height() > viewport.bottom()) {
            let rect = Rect::from_min_size(pos2(area.left(), area.top() + top), vec2(area.width(), row.height()));
            table.more_below(ui, selection, *row, rect);
        }
    });
}

impl<'a> Table<'a> {
    fn new(ui: &Ui, analysis: &'a Analysis, selection: &Selection) -> Self {
        let p = analysis.design.features.len();
        let is_pinned = selection.pinned.is_some();
        let last = if is_pinned { [Column::Pinned, Column::Change] } else { [Column::LeastSquares; 2] };
        let mut spans = [Some(Span::default()), Some(Span::default()), Some(Span::default()), None];
        spans[3] = is_pinned.then(Span::default);
        for (span, column) in spans.iter_mut().zip([Column::Lasso, Column::Ridge, last[0], last[1]]) {
            let Some(span) = span else { continue };
            (0..p).filter_map(|j| coefficient(analysis, selection, column, j)).for_each(|value| span.take(value));
        }
        let decimals = format::common_decimals(spans.iter().flatten().map(Span::reach));
        let largest = spans[0].map_or(0.0, |span| span.reach());
        for (span, value) in spans.iter_mut().zip(intercepts(analysis, selection)) {
            if let Some((span, value)) = span.as_mut().zip(value) {
                span.take(value);
            }
        }
        let lasso = penalty_title(analysis, Penalty::Lasso).to_lowercase();
        let heads = if is_pinned { pinned::HEADS.map(|head| head.0) } else { ["OLS", "folds"] };
        let rect = ui.available_rect_before_wrap();
        let ends = (rect.left() + NAME, rect.right() - theme::PADDING);
        let folds = kept_folds(analysis);
        let names = analysis.design.features.iter().map(|feature| feature.name.as_str());
        let longest = names.max_by_key(|name| name.len()).unwrap_or_default();
        let heads = [lasso.as_str(), "ridge", heads[0], heads[1]];
        let widest = (format!("{folds}/{folds}"), longest);
        let columns = Columns::measured(ui.painter(), ends, (spans, decimals), heads, (&widest.0, widest.1));
        Self { analysis, kept: kept_in_folds(analysis, selection), folds, decimals, largest, columns, last }
    }

    fn rows(&self, selection: &Selection, filter: &Filter) -> Vec<Row> {
        let solution = selection.point(self.analysis, Penalty::Lasso).solution();
        let admits = filter.admits();
        let shown = self.analysis.entry_order.iter().copied();
        let shown = shown.filter(|&j| admits(&self.analysis.design.features[j].name, solution[j] != 0.0));
        let (mut chosen, mut left_out): (Vec<usize>, Vec<usize>) = shown.partition(|&j| solution[j] != 0.0);
        let size = |column: Column, j: usize| coefficient(self.analysis, selection, column, j).map_or(-1.0, f64::abs);
        for list in [&mut chosen, &mut left_out] {
            match selection.sort {
                SortBy::Entry => {}
                SortBy::Name => list.sort_by(|&a, &b| {
                    self.analysis.design.features[a].name.cmp(&self.analysis.design.features[b].name)
                }),
                SortBy::Lasso => list.sort_by(|&a, &b| size(Column::Lasso, b).total_cmp(&size(Column::Lasso, a))),
                SortBy::Ridge => list.sort_by(|&a, &b| size(Column::Ridge, b).total_cmp(&size(Column::Ridge, a))),
                SortBy::LeastSquares => {
                    list.sort_by(|&a, &b| size(Column::LeastSquares, b).total_cmp(&size(Column::LeastSquares, a)));
                }
                SortBy::Pinned => list.sort_by(|&a, &b| size(Column::Pinned, b).total_cmp(&size(Column::Pinned, a))),
                SortBy::Change => list.sort_by(|&a, &b| size(Column::Change, b).total_cmp(&size(Column::Change, a))),
                SortBy::Folds => list.sort_by_key(|&j| std::cmp::Reverse(self.kept.as_ref().map(|kept| kept[j]))),
            }
        }
        let mut rows: Vec<Row> = chosen.into_iter().map(Row::Feature).collect();
        if filter.text.is_empty() {
            rows.push(Row::Intercept);
        }
        if !left_out.is_empty() {
            rows.push(Row::LeftOutHead(left_out.len()));
            rows.extend(left_out.into_iter().map(Row::LeftOut));
        }
        rows
    }

    /// The head of the left-out ones at the lower edge while it lies below; a click shows them.
    fn more_below(&self, ui: &Ui, selection: &mut Selection, head: Row, place: Rect) {
        let (seen, tokens) = (ui.clip_rect(), theme::tokens(ui));
        let rect =
            Rect::from_min_max(pos2(place.left(), seen.bottom() - theme::ROW), pos2(place.right(), seen.bottom()));
        let response = ui.interact(rect, ui.scope_id().with("left out below"), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Show the left-out features"));
        ui.painter().rect_filled(rect, 0, tokens.surface);
        ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, tokens.border));
        self.row(ui, selection, head, rect);
        let (c, stroke) = (pos2(rect.right() - theme::PADDING - 6.0, rect.center().y), Stroke::new(1.25, tokens.text2));
        ui.painter().line(vec![c + vec2(-3.5, -1.75), c + vec2(0.0, 1.75), c + vec2(3.5, -1.75)], stroke);
        if response.has_focus() {
            ui.painter().rect_stroke(rect.shrink(1.0), 2, Stroke::new(1.5, tokens.accent), egui::StrokeKind::Inside);
        }
        if response.clicked() {
            ui.scroll_to_rect(place, Some(egui::Align::TOP));
        }
        response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text("Scroll to the left-out features");
    }

    fn row(&self, ui: &Ui, selection: &mut Selection, row: Row, rect: Rect) {
        let tokens = theme::tokens(ui);
        let painter = ui.painter().clone();
        match row {
            Row::Feature(j) | Row::LeftOut(j) => self.feature_row(ui, tokens, selection, row, j, rect),
            Row::Intercept => {
                let y = rect.center().y;
                painter.text(
                    pos2(rect.left() + NAME, y),
                    Align2::LEFT_CENTER,
                    "intercept",
                    theme::body(),
                    tokens.text2,
                );
                let values = intercepts(self.analysis, selection);
                for (value, x) in values.into_iter().zip(self.columns.right) {
                    let Some(x) = x else { continue };
                    self.number(&painter, value, x, y, theme::body(), tokens.text2);
                }
                painter.hline(
                    rect.x_range().shrink(theme::PADDING),
                    rect.bottom() - 0.5,
                    Stroke::new(1.0, tokens.border),
                );
            }
            Row::LeftOutHead(n) => {
                let y = rect.bottom() - 12.0;
                let title = painter.text(
                    pos2(rect.left() + theme::PADDING, y),
                    Align2::LEFT_CENTER,
                    "Left out",
                    theme::strong(),
                    tokens.text,
                );
                let order =
                    if selection.sort == SortBy::Entry { ", in order of entry" } else { ", with the alpha of entry" };
                painter.text(
                    pos2(title.right() + 8.0, y),
                    Align2::LEFT_CENTER,
                    format!("{}{order}", format::count(n)),
                    theme::small(),
                    tokens.text2,
                );
            }
        }
    }

    fn feature_row(&self, ui: &Ui, tokens: &Tokens, selection: &mut Selection, row: Row, j: usize, rect: Rect) {
        let is_chosen = matches!(row, Row::Feature(_));
        let painter = ui.painter().clone();
        let name = &self.analysis.design.features[j].name;
        let values = [Column::Lasso, Column::Ridge, self.last[0]].map(|c| coefficient(self.analysis, selection, c, j));
        let response = ui.interact(rect, ui.scope_id().with(("feature row", j)), Sense::click());
        self.describe(&response, name, values, j);
        walk::one_of(ui, Id::unique("feature rows"), response.id, false);
        walk::home(ui, response.id);
        reveal(ui, &response);
        let color = tokens.feature(self.analysis.entry_rank[j]);
        if selection.hovered == Some(j) {
            painter.rect_filled(rect, 0, tokens.hover);
            painter.rect_filled(Rect::from_min_size(rect.min, vec2(3.0, rect.height())), 0, color);
        }
        let y = rect.center().y;
        let dot = if is_chosen { color } else { tokens.faded(color, 0.6) };
        swatch(&painter, pos2(rect.left() + theme::PADDING + 4.0, y), dot);
        let left = rect.left() + NAME;
        let [lasso, ridge, third, fourth] = self.columns.right;
        if is_chosen {
            let text = names::feature(&painter, self.analysis, j, &theme::strong(), self.columns.name - left);
            painter.text(pos2(left, y), Align2::LEFT_CENTER, text, theme::strong(), tokens.text);
            if let Some(zero) = self.columns.bar {
                self.bar(&painter, tokens, zero, y, values[0].unwrap_or(0.0), color);
            }
            painter.hline(rect.x_range().shrink(theme::PADDING), rect.bottom() - 0.5, Stroke::new(1.0, tokens.grid));
        } else {
            let entry = self.entry_text(j, self.columns.bar.is_some());
            let galley = painter.layout_no_wrap(entry, theme::small(), tokens.text3);
            let entry_left = lasso.unwrap_or(rect.right()) - galley.size().x;
            painter.galley(pos2(entry_left, y - galley.size().y / 2.0), galley, tokens.text3);
            let text = names::feature(&painter, self.analysis, j, &theme::body(), entry_left - 8.0 - left);
            painter.text(pos2(left, y), Align2::LEFT_CENTER, text, theme::body(), tokens.text3);
        }
        let quiet = if is_chosen { tokens.text2 } else { tokens.text3 };
        if let Some(x) = lasso.filter(|_| is_chosen) {
            self.number(&painter, values[0], x, y, theme::strong(), tokens.text);
        }
        for (value, x) in values[1..].iter().zip([ridge, third]) {
            let Some(x) = x else { continue };
            self.number(&painter, *value, x, y, theme::body(), quiet);
        }
        if let Some(x) = fourth.filter(|_| self.last[1] == Column::Change) {
            let change = coefficient(self.analysis, selection, Column::Change, j);
            let color = if change.is_some_and(|change| change != 0.0) { tokens.text } else { quiet };
            self.number(&painter, change, x, y, theme::body(), color);
        } else if let Some((x, kept)) = fourth.zip(self.kept.as_ref()) {
            let folds = format!("{}/{}", kept[j], self.folds);
            painter.text(pos2(x, y), Align2::RIGHT_CENTER, folds, theme::body(), quiet);
        }
        if response.contains_pointer() || response.has_focus() {
            selection.hover(j);
        }
        if response.has_focus() {
            painter.rect_stroke(rect.shrink(1.0), 2, Stroke::new(1.5, tokens.accent), egui::StrokeKind::Inside);
        }
        if response.clicked() {
            selection.pick(j);
        }
        response.on_hover_text_at_pointer(format!(
            "{name}\nClick to take it into the geometry: the first click sets its first feature, the next one the second"
        ));
    }

    fn describe(&self, response: &egui::Response, name: &str, values: [Option<f64>; 3], j: usize) {
        let text = values.map(|v| v.map_or_else(|| "–".to_owned(), |v| format::fixed(v, self.decimals)));
        let kept = self.kept.as_ref().map(|kept| format!(", kept in {} of {} folds", kept[j], self.folds));
        let label = format!(
            "{name}, lasso {}, ridge {}, {} {}{}",
            text[0],
            text[1],
            if self.last[0] == Column::Pinned { "pinned" } else { "least squares" },
            text[2],
            kept.unwrap_or_default()
        );
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label.clone()));
    }

    fn number(&self, painter: &Painter, value: Option<f64>, x: f32, y: f32, font: FontId, color: Color32) {
        let text = value.map_or_else(|| "–".to_owned(), |value| cell(value, self.decimals));
        painter.text(pos2(x, y), Align2::RIGHT_CENTER, text, font, color);
    }

    /// Length of the lasso coefficient from a common zero.
    fn bar(&self, painter: &Painter, tokens: &Tokens, zero: f32, y: f32, value: f64, color: Color32) {
        if self.largest > 0.0 {
            let length = (value / self.largest) as f32;
            let end = zero + length * 20.0;
            painter.rect_filled(Rect::from_x_y_ranges(zero.min(end)..=zero.max(end), y - 6.0..=y + 6.0), 1, color);
        }
        painter.vline(zero, y - 8.0..=y + 8.0, Stroke::new(1.0, tokens.control_border));
    }

    fn entry_text(&self, j: usize, is_long: bool) -> String {
        match self.analysis.lasso.path.entry(j) {
            Some(k) if !is_long => format!("at {}", format::significant(self.analysis.lasso.path.alphas()[k], 3)),
            None if !is_long => "never".to_owned(),
            Some(k) => format!("enters at {}", format::number(self.analysis.lasso.path.alphas()[k])),
            None => "never enters".to_owned(),
        }
    }
}

/// Of lasso, ridge and the third column. Per SD the columns are centred, so the intercept there is the target's mean.
fn intercepts(analysis: &Analysis, selection: &Selection) -> [Option<f64>; 3] {
    let is_per_sd = selection.units == Units::PerSd;
    let mean = analysis.lasso.path.scaling().target_mean;
    let of = |penalty| if is_per_sd { mean } else { selection.point(analysis, penalty).intercept() };
    let third = match &selection.pinned {
        Some(pinned) => Some(pinned.intercept(selection.leader(), is_per_sd)),
        None => analysis.least_squares.as_ref().ok().map(|fit| if is_per_sd { mean } else { fit.intercept }),
    };
    [Some(of(Penalty::Lasso)), Some(of(Penalty::Ridge)), third]
}
