//! The data and how it is analysed: columns, preparation, cross-validation, grid, link.

use eframe::egui::{Pos2, Response, Align2, DragValue, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, Role, pos2, vec2};

use crate::analysis::{Analysis, Engine};
use crate::app::command::Command;
use crate::app::document::{Deal, Document, SettingsForm};
use crate::app::format;
use crate::app::selection::{Link, Selection};
use crate::app::theme::{self, Tokens};
use crate::app::views::widgets::{combo, divider, elided, labelled, section};
use crate::data::design::Missing;
use crate::data::table::{Column, ColumnType};
use crate::insight::columns::histogram;
use crate::model::standardize::Scale;

/// Width of the fields at the right of their labels.
const FIELD: f32 = 104.0;
/// Bins of the small histograms.
const BINS: usize = 14;
/// What the sections below the features need.
const LOWER: f32 = 548.0;

/// What the panel reads besides the document.
pub struct Context<'a> {
    /// The result on screen, if any.
    pub analysis: Option<&'a Analysis>,
    /// Histogram of every column of the table.
    pub histograms: &'a [Vec<u32>],
}

/// The whole panel.
pub fn show(ui: &mut Ui, document: &Document, context: &Context<'_>, selection: Option<&mut Selection>) -> Option<Command> {
    let mut command = None;
    let mut selection = selection;
    let width = ui.available_width();
    ScrollArea::vertical().id_salt("data panel").auto_shrink([false, false]).show(ui, |ui| {
        ui.set_width(width);
        ui.add_space(theme::GAP);
        command = features(ui, document, context, selection.as_deref_mut());
        divider(ui);
        let mut form = document.form.clone();
        let mut other = None;
        egui::Frame::new().inner_margin(egui::Margin::symmetric(16, 4)).show(ui, |ui| {
            other = preparation(ui, document, &mut form);
        });
        divider(ui);
        egui::Frame::new().inner_margin(egui::Margin::symmetric(16, 4)).show(ui, |ui| {
            other = cross_validation(ui, document, &mut form).or(other.take());
        });
        divider(ui);
        egui::Frame::new().inner_margin(egui::Margin::symmetric(16, 4)).show(ui, |ui| grid(ui, context, &mut form));
        divider(ui);
        egui::Frame::new().inner_margin(egui::Margin::symmetric(16, 4)).show(ui, |ui| {
            if let (Some(analysis), Some(selection)) = (context.analysis, selection) {
                link(ui, analysis, selection);
            }
            ui.add_space(theme::GAP);
            let verify = ui.add_sized(vec2(ui.available_width(), theme::CONTROL), egui::Button::new(Command::Verify.text()));
            if verify.on_hover_text(Command::Verify.tooltip()).clicked() {
                command = Some(Command::Verify);
            }
        });
        if form != document.form {
            command = Some(Command::SetForm(form));
        }
        command = command.take().or(other);
    });
    command
}

fn features(ui: &mut Ui, document: &Document, context: &Context<'_>, selection: Option<&mut Selection>) -> Option<Command> {
    let table = &document.table;
    let columns: Vec<usize> = (0..table.columns.len()).filter(|&c| c != document.roles.target).collect();
    let usable: Vec<usize> = columns.iter().copied().filter(|&c| document.can_be_feature(c)).collect();
    let used = usable.iter().filter(|c| !document.roles.excluded.contains(c)).count();
    let mut command = None;
    egui::Frame::new().inner_margin(egui::Margin::symmetric(16, 0)).show(ui, |ui| {
        section(ui, "Features", &format!("{} of {} used", format::count(used), format::count(usable.len())));
    });
    let height = (ui.clip_rect().height() - LOWER).max(5.0 * theme::ROW).min(columns.len() as f32 * theme::ROW);
    let mut hover = None;
    let spacing = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
    ScrollArea::vertical().id_salt("features").max_height(height).min_scrolled_height(height).auto_shrink([false, false]).show_rows(ui, theme::ROW, columns.len(), |ui, range| {
        for &column in &columns[range] {
            let row = FeatureRow { document, context, column, hovered: selection.as_deref().and_then(|s| s.hovered) };
            let (toggled, is_hovered) = row.show(ui);
            command = toggled.or(command.take());
            if is_hovered {
                hover = row.first_feature();
            }
        }
    });
    ui.spacing_mut().item_spacing.y = spacing;
    if let (Some(j), Some(selection)) = (hover, selection) {
        selection.hover(j);
    }
    egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 16, top: 4, bottom: 6 }).show(ui, |ui| {
        rows_used(ui, context);
        if usable.len() > 1 {
            ui.horizontal(|ui| {
                if ui.add_enabled(used < usable.len(), egui::Button::new("All").small()).on_hover_text("Use every column that can be a feature").clicked() {
                    command = Some(Command::SetExcluded(usable.clone(), false));
                }
                if ui.add_enabled(used > 0, egui::Button::new("None").small()).on_hover_text("Leave out every column, then choose a few").clicked() {
                    command = Some(Command::SetExcluded(usable.clone(), true));
                }
            });
        }
    });
    command
}

fn rows_used(ui: &mut Ui, context: &Context<'_>) {
    let tokens = theme::tokens(ui);
    let Some(analysis) = context.analysis else { return };
    let design = &analysis.design;
    let (used, all) = (design.y.len(), design.n_records);
    let out = design.n_missing_target + design.n_missing_feature;
    let (text, color) = if out == 0 {
        (format!("No missing values, {} rows used", format::count(used)), tokens.text2)
    } else {
        (format!("{} of {} rows used, {} with missing values left out", format::count(used), format::count(all), format::count(out)), tokens.warn)
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
        self.context.analysis?.design.features.iter().position(|f| f.column == self.column && f.name.starts_with(self.data().name.as_str()))
    }

    fn show(&self, ui: &mut Ui) -> (Option<Command>, bool) {
        let tokens = theme::tokens(ui);
        let column = self.data();
        let is_usable = self.document.can_be_feature(self.column);
        let is_used = is_usable && !self.document.roles.excluded.contains(&self.column);
        let sense = if is_usable { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), sense);
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, is_usable, is_used, format!("Use {}", column.name)));
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
        painter.text(pos2(x + 4.0, y), Align2::CENTER_CENTER, type_mark(column.column_type), theme::small(), tokens.text3);
        x += 16.0;
        painter.rect_filled(Rect::from_center_size(pos2(x + 4.0, y), theme::SWATCH), 2, color);
        x += 16.0;
        let right = rect.right() - theme::PADDING;
        let (font, ink) = match (is_lit, is_used) {
            (true, _) => (theme::strong(), tokens.text),
            (false, true) => (theme::body(), tokens.text),
            (false, false) => (theme::body(), tokens.text3),
        };
        let name = elided(painter, &column.name, &font, right - 60.0 - x);
        painter.text(pos2(x, y), Align2::LEFT_CENTER, name, font, ink);
        if let Some(counts) = self.context.histograms.get(self.column) {
            let bars = Rect::from_min_max(pos2(right - 52.0, rect.top() + 5.0), pos2(right, rect.bottom() - 5.0));
            small_histogram(ui, bars, counts, if is_lit { color } else { tokens.histogram });
        }
        let is_hovered = response.hovered();
        let clicked = response.clicked();
        response.on_hover_text(self.tip());
        (clicked.then(|| Command::SetExcluded(vec![self.column], is_used)), is_hovered)
    }

    fn tip(&self) -> String {
        let column = self.data();
        let kind = type_name(column.column_type);
        let role = if self.document.roles.fold_column == Some(self.column) {
            "gives the folds, so it is no feature"
        } else if self.document.roles.group_column == Some(self.column) {
            "gives the groups, so it is no feature"
        } else if !self.document.can_be_feature(self.column) {
            "left out: only numbers and categories can be features"
        } else {
            "click to switch it on or off"
        };
        let missing = if column.n_missing > 0 { format!(", {} missing", format::count(column.n_missing)) } else { String::new() };
        format!("{}\n{kind}{missing}; {role}", column.name)
    }
}

/// How a check box looks.
#[derive(Clone, Copy, PartialEq)]
enum Tick {
    On,
    Off,
    Disabled,
}

fn check_box(ui: &Ui, tokens: &Tokens, center: Pos2, tick: Tick, response: &Response) {
    let painter = ui.painter();
    let rect = Rect::from_center_size(center, vec2(14.0, 14.0));
    if tick == Tick::On {
        painter.rect_filled(rect, 3, tokens.accent);
        let mark = vec![center + vec2(-3.5, 0.0), center + vec2(-1.0, 3.0), center + vec2(4.0, -3.0)];
        painter.line(mark, Stroke::new(1.75, tokens.on_accent));
    } else {
        let color = if tick == Tick::Off { tokens.control_border } else { tokens.border };
        painter.rect(rect, 3, tokens.control, Stroke::new(1.0, color), StrokeKind::Inside);
    }
    if response.has_focus() {
        painter.rect_stroke(rect.expand(2.5), 4, Stroke::new(1.5, tokens.accent), StrokeKind::Outside);
    }
}

/// A check box with its label, in the same dress as those of the features.
fn switch(ui: &mut Ui, label: &str, is_on: &mut bool) -> egui::Response {
    let tokens = theme::tokens(ui);
    let (rect, mut response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::click());
    if response.clicked() {
        *is_on = !*is_on;
        response.mark_changed();
    }
    let now = *is_on;
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, now, label));
    let tick = if now { Tick::On } else { Tick::Off };
    check_box(ui, tokens, rect.left_center() + vec2(7.0, 0.0), tick, &response);
    ui.painter().text(rect.left_center() + vec2(24.0, 0.0), Align2::LEFT_CENTER, label, theme::body(), tokens.text);
    response
}

fn small_histogram(ui: &Ui, rect: Rect, counts: &[u32], color: egui::Color32) {
    let largest = counts.iter().copied().max().unwrap_or(0);
    if largest == 0 {
        return;
    }
    let step = rect.width() / counts.len() as f32;
    for (i, &count) in counts.iter().enumerate().filter(|(_, c)| **c > 0) {
        let height = (count as f32 / largest as f32 * rect.height()).max(1.0);
        let left = rect.left() + i as f32 * step;
        ui.painter().rect_filled(Rect::from_min_max(pos2(left, rect.bottom() - height), pos2(left + step - 1.0, rect.bottom())), 0, color);
    }
}

/// Histograms of all columns of a table, for [`Context`].
pub fn histograms(columns: &[Column]) -> Vec<Vec<u32>> {
    columns.iter().map(|c| histogram(c, BINS)).collect()
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
        ColumnType::Category => "Category, one indicator for each level but the first",
        ColumnType::Date => "Date",
        ColumnType::Text => "Text",
        ColumnType::Empty => "No cell is filled in",
    }
}

fn preparation(ui: &mut Ui, document: &Document, form: &mut SettingsForm) -> Option<Command> {
    section(ui, "Preparation", "");
    let mut standardize = form.scale == Scale::Standardize;
    switch(ui, "Standardize features", &mut standardize).on_hover_text(
        "Divide each column by its standard deviation, learned inside each fold. Without it the penalty falls harder on columns in large units",
    );
    form.scale = if standardize { Scale::Standardize } else { Scale::Keep };
    let mut missing = document.roles.missing;
    labelled(ui, "Missing", FIELD, |ui, label| {
        let text = |m| if m == Missing::Drop { "Drop row" } else { "Use mean" };
        combo("missing").selected_text(text(missing)).width(FIELD).show_ui(ui, |ui| {
            for option in [Missing::Drop, Missing::Mean] {
                ui.selectable_value(&mut missing, option, text(option));
            }
        })
        .response
        .labelled_by(label)
        .on_hover_text("Rows with a missing feature: left out and counted, or filled in with the mean of the training rows inside each fold");
    });
    (missing != document.roles.missing).then_some(Command::SetMissing(missing))
}

fn cross_validation(ui: &mut Ui, document: &Document, form: &mut SettingsForm) -> Option<Command> {
    let mut command = None;
    section(ui, "Cross-validation", "");
    if form.deal != Deal::Column {
        number_field(ui, "Folds", "In how many parts the rows are dealt; each is held out once", |ui| ui.add(DragValue::new(&mut form.folds).range(2..=1000).speed(0.1).update_while_editing(false)));
    }
    labelled(ui, "Rows", FIELD, |ui, label| {
        combo("deal").selected_text(form.deal.label()).width(FIELD).show_ui(ui, |ui| {
            for deal in Deal::ALL {
                ui.selectable_value(&mut form.deal, deal, deal.label());
            }
        })
        .response
        .labelled_by(label)
        .on_hover_text("How rows are dealt to folds: at random by the seed, every k-th record, in blocks (for time order), by a column, or so that groups stay together");
    });
    match form.deal {
        Deal::Random => {
            number_field(ui, "Seed", "The same seed deals the same folds, on every machine", |ui| ui.add(DragValue::new(&mut form.seed).speed(0.1).update_while_editing(false)));
        }
        Deal::Column => {
            command = column_box(ui, document, document.roles.fold_column).map(|c| Command::SetFoldColumn(Some(c)));
        }
        Deal::Groups => {
            command = column_box(ui, document, document.roles.group_column).map(|c| Command::SetGroupColumn(Some(c)));
        }
        Deal::Interleaved | Deal::Contiguous => {}
    }
    command
}

/// The column newly chosen.
fn column_box(ui: &mut Ui, document: &Document, chosen: Option<usize>) -> Option<usize> {
    let columns = &document.table.columns;
    let mut now = chosen;
    labelled(ui, "Column", FIELD, |ui, label| {
        let text = chosen.and_then(|c| columns.get(c)).map_or("Choose…", |c| c.name.as_str());
        let text = elided(ui.painter(), text, &theme::body(), FIELD - 40.0);
        combo("column of folds or groups").selected_text(text).width(FIELD).show_ui(ui, |ui| {
            for (i, column) in columns.iter().enumerate().filter(|(i, _)| *i != document.roles.target) {
                ui.selectable_value(&mut now, Some(i), elided(ui.painter(), &column.name, &theme::body(), 240.0));
            }
        })
        .response
        .labelled_by(label);
    });
    now.filter(|_| now != chosen)
}

fn number_field(ui: &mut Ui, label: &str, tip: &str, field: impl FnOnce(&mut Ui) -> egui::Response) {
    labelled(ui, label, FIELD, |ui, id| {
        ui.spacing_mut().interact_size.x = FIELD;
        field(ui).labelled_by(id).on_hover_text(tip);
    });
}

fn grid(ui: &mut Ui, context: &Context<'_>, form: &mut SettingsForm) {
    section(ui, "Grid", "per penalty");
    number_field(ui, "Alphas", "How many alphas each path visits", |ui| ui.add(DragValue::new(&mut form.alphas).range(2..=2000).speed(0.5).update_while_editing(false)));
    let shown = context.analysis.map_or(1e-4, |a| {
        let alphas = a.lasso.path.alphas();
        alphas[alphas.len() - 1] / alphas[0]
    });
    let mut exponent = form.ratio.unwrap_or(shown).log10();
    let before = exponent;
    number_field(ui, "Min ratio", "Smallest lasso alpha divided by the largest. Ridge takes its ends from its degrees of freedom", |ui| {
        ui.add(
            DragValue::new(&mut exponent)
                .range(-8.0..=-0.1)
                .speed(0.02)
                .update_while_editing(false)
                .custom_formatter(|e, _| format::significant(10_f64.powf(e), 2))
                .custom_parser(|text| text.trim().replace('−', "-").parse::<f64>().ok().filter(|v| *v > 0.0 && *v < 1.0).map(f64::log10)),
        )
    });
    if (exponent - before).abs() > 1e-12 {
        form.ratio = Some(10_f64.powf(exponent));
    }
    number_field(ui, "L1 ratio", "1 is the lasso; less mixes in the ridge penalty: the elastic net", |ui| ui.add(DragValue::new(&mut form.l1_ratio).range(0.01..=1.0).speed(0.005).max_decimals(3).update_while_editing(false)));
    labelled(ui, "Engine", FIELD, |ui, label| {
        let text = |e| if e == Engine::Pathwise { "Pathwise" } else { "linfa" };
        combo("engine").selected_text(text(form.engine)).width(FIELD).show_ui(ui, |ui| {
            ui.selectable_value(&mut form.engine, Engine::Pathwise, "Pathwise").on_hover_text("Exact at every alpha");
            ui.selectable_value(&mut form.engine, Engine::Linfa, "linfa").on_hover_text("linfa-elasticnet, alpha by alpha: the reference, much slower");
        })
        .response
        .labelled_by(label)
        .on_hover_text("Who computes the sweep: our exact path, or the linfa-elasticnet package as a reference");
    });
}

fn link(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) {
    section(ui, "Link lasso and ridge", "");
    let mut chosen = selection.link();
    combo("link").selected_text(chosen.label()).width(ui.available_width()).show_ui(ui, |ui| {
        for option in Link::ALL {
            ui.selectable_value(&mut chosen, option, option.label());
        }
    })
    .response
    .accessible_name("Link lasso and ridge")
    .on_hover_text("How one cursor follows the other");
    if chosen != selection.link() {
        selection.set_link(analysis, chosen);
    }
    let df = |p| {
        let path = &analysis.penalty(p).path;
        format::significant(path.degrees_of_freedom(selection.cursor(p)), 3)
    };
    let text = format!("Lasso {} df, ridge {} df", df(crate::analysis::Penalty::Lasso), df(crate::analysis::Penalty::Ridge));
    ui.label(RichText::new(text).small().color(theme::tokens(ui).text2));
}
