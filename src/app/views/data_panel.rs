//! The data and how it is analysed: columns, preparation, cross-validation, grid, link.

use eframe::egui::{self, CursorIcon, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, vec2};

use crate::analysis::Analysis;
use crate::app::command::Command;
use crate::app::document::Document;
use crate::app::finder::Filter;
use crate::app::format;
use crate::app::panel_layout::PanelLayout;
use crate::app::sections::Section;
use crate::app::selection::Selection;
use crate::app::theme;
use crate::app::views::picker::reveal;
use crate::app::views::settings::{cross_validation, grid, link, preparation, wide_button};
use crate::app::views::widgets::{divider, section};
use crate::app::views::{feature_picker, panel_frame};

/// What the panel reads besides the document.
pub struct Context<'a> {
    /// The result on screen, if any.
    pub analysis: Option<&'a Analysis>,
    /// Histogram of every column of the table.
    pub histograms: &'a [Vec<u32>],
}

/// Row of the button at the foot.
const FOOT: f32 = 48.0;
/// The settings have at least this much room, before the list of features has more than a few rows.
const LEAST_SETTINGS: f32 = 176.0;

/// The whole panel: features above settings, which scroll apart where both do not fit.
pub fn show(
    ui: &mut Ui,
    document: &Document,
    context: &Context<'_>,
    selection: Option<&mut Selection>,
    (filter, layout): (&mut Filter, &mut PanelLayout),
) -> Option<Command> {
    let mut command = None;
    let mut selection = selection;
    let area = ui.max_rect();
    let has_foot = document.moments.is_none();
    let page = area.with_max_y(area.bottom() - if has_foot { FOOT } else { 0.0 });
    let id = ui.scope_id().with("height of the settings");
    let known = ui.data(|d| d.get_temp::<f32>(id));
    let upper = ui.scope_builder(UiBuilder::new().max_rect(page).id_salt("upper"), |ui| {
        ui.set_clip_rect(page.intersect(ui.clip_rect()));
        ui.spacing_mut().item_spacing.y = 4.0;
        let room = (page.height(), known.unwrap_or(LEAST_SETTINGS), LEAST_SETTINGS);
        command = feature_picker::show(ui, document, context, selection.as_deref_mut(), filter, room);
    });
    let lower = page.with_min_y(upper.response.rect.bottom().min(page.bottom() - 40.0));
    let height = ui
        .scope_builder(UiBuilder::new().max_rect(lower).id_salt("lower"), |ui| {
            ui.set_clip_rect(lower.intersect(ui.clip_rect()));
            divider(ui);
            let mut other = None;
            let drawn = ScrollArea::vertical().id_salt("settings").auto_shrink([false, false]).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 4.0;
                other = settings(ui, document, context, selection, layout);
            });
            command = command.take().or(other);
            drawn.content_size.y + 1.0
        })
        .inner;
    if known.is_none_or(|known| (known - height).abs() > 0.5) {
        ui.data_mut(|d| d.insert_temp(id, height));
        ui.ctx().request_discard("the settings have another height");
    }
    if has_foot {
        let foot = area.with_min_y(page.bottom());
        ui.painter().hline(foot.x_range(), foot.top() + 0.5, Stroke::new(1.0, theme::tokens(ui).border));
        let inside = foot.shrink2(vec2(theme::PADDING, (FOOT - theme::CONTROL) * 0.5));
        ui.scope_builder(UiBuilder::new().max_rect(inside).id_salt("foot"), |ui| {
            if wide_button(ui, &Command::Verify, context.analysis.is_some()) {
                command = Some(Command::Verify);
            }
        });
    }
    command
}

/// The sections below the features, each of which can be folded to its title.
fn settings(
    ui: &mut Ui,
    document: &Document,
    context: &Context<'_>,
    selection: Option<&mut Selection>,
    layout: &mut PanelLayout,
) -> Option<Command> {
    let mut form = document.form.clone();
    let mut command = None;
    let mut linked = context.analysis.zip(selection);
    let mut is_first = true;
    for section in Section::ALL {
        if section == Section::Link && linked.is_none() {
            continue;
        }
        if !std::mem::take(&mut is_first) {
            divider(ui);
        }
        egui::Frame::new().inner_margin(egui::Margin::symmetric(16, 4)).show(ui, |ui| {
            let remark = remark(section, document, context);
            let is_folded = layout.is_section_folded(section);
            if folding_section(ui, section.title(), &remark, is_folded) {
                layout.fold_section(section, !is_folded);
            }
            if is_folded {
                return;
            }
            match section {
                Section::Preparation => command = preparation(ui, document, &mut form).or(command.take()),
                Section::Folds => command = cross_validation(ui, document, &mut form).or(command.take()),
                Section::Grid => grid(ui, document, context, &mut form),
                Section::Link => {
                    if let Some((analysis, selection)) = &mut linked {
                        link(ui, analysis, selection);
                    }
                }
            }
        });
    }
    if form == document.form { command } else { Some(Command::SetForm(form)) }
}

/// What stands at the right of a section's title.
fn remark(section: Section, document: &Document, context: &Context<'_>) -> String {
    match section {
        Section::Folds => {
            if let Some(file) = &document.moments {
                return format!("{} folds", format::count(file.folds.len()));
            }
            let used = context.analysis.map(|a| a.folds.n_folds).filter(|n| *n != document.form.folds);
            used.map_or_else(String::new, |n| format!("{} folds used", format::count(n)))
        }
        Section::Grid => "per penalty".to_owned(),
        Section::Preparation | Section::Link => String::new(),
    }
}

/// The title of a section; true if it was clicked. A chevron in the margin says whether it is folded.
fn folding_section(ui: &mut Ui, title: &str, remark: &str, is_folded: bool) -> bool {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme::CONTROL), Sense::hover());
    let whole = rect.expand2(vec2(theme::PADDING, 0.0));
    let response = ui.interact(whole, ui.scope_id().with(("section", title)), Sense::click());
    let name = format!("{} {title}", if is_folded { "Open" } else { "Fold" });
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    reveal(ui, &response);
    panel_frame::fold_mark(ui, whole, &response, is_folded);
    ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| section(ui, title, remark));
    response.on_hover_cursor(CursorIcon::PointingHand).clicked()
}
