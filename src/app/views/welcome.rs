//! No table open: one obvious action, examples, recent files.

use std::path::PathBuf;

use eframe::egui::text::LayoutJob;
use eframe::egui::{Align2, Rect, RichText, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::app::command::Command;
use crate::app::theme;
use crate::app::views::thumbnail;
use crate::app::views::top_bar::mark;
use crate::app::views::widgets::{divider, elided, primary_button, shortened};
use crate::data::examples;

/// Width of the column in the middle.
const WIDTH: f32 = 800.0;
/// Space above it, at most.
const TOP: f32 = 96.0;
/// Height of all but the list of recent files.
const NEEDED: f32 = 560.0;
/// Height of the card of an example.
const CARD: f32 = 180.0;

/// The whole view.
pub fn show(ui: &mut Ui, recent: &[PathBuf]) -> Option<Command> {
    let mut command = None;
    let width = WIDTH.min(ui.available_width() - 48.0);
    let left = ui.max_rect().center().x - width / 2.0;
    let column = Rect::from_min_max(
        pos2(left, ui.max_rect().top() + ((ui.max_rect().height() - NEEDED) / 3.0).clamp(16.0, TOP)),
        pos2(left + width, ui.max_rect().bottom()),
    );
    ui.scope_builder(egui::UiBuilder::new().max_rect(column), |ui| {
        let tokens = theme::tokens(ui);
        ui.label(RichText::new("Open a table to see what shrinks").font(theme::heading()));
        ui.label(RichText::new("Pick a numeric target. Lasso and ridge run over the whole alpha range with cross-validation, on this computer.").color(tokens.text2));
        ui.add_space(16.0);
        command = drop_zone(ui);
        ui.add_space(24.0);
        ui.label(RichText::new("Examples").font(theme::strong()));
        ui.add_space(8.0);
        command = cards(ui).or(command.take());
        ui.add_space(theme::PADDING);
        command = tour(ui).or(command.take());
        if !recent.is_empty() {
            ui.add_space(theme::PADDING);
            command = recent_files(ui, recent).or(command.take());
        }
    });
    command
}

fn drop_zone(ui: &mut Ui) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 168.0), Sense::hover());
    ui.painter().rect_filled(rect, 6, tokens.chrome);
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    ui.painter().extend(Shape::dashed_line(&corners, Stroke::new(1.0, tokens.axis), 4.0, 3.0));
    let mut command = None;
    ui.new_child(egui::UiBuilder::new().max_rect(rect)).scope(|ui| {
        ui.vertical_centered(|ui| {
            ui.add_space(20.0);
            mark(ui, 40.0);
            ui.add_space(8.0);
            ui.label(RichText::new("Drop a CSV file here").font(theme::heading()));
            ui.add_space(6.0);
            if primary_button(ui, Command::OpenDialog.text()).clicked() {
                command = Some(Command::OpenDialog);
            }
            ui.add_space(4.0);
            let key = Command::OpenDialog.shortcut().map(|s| ui.ctx().format_shortcut(&s)).unwrap_or_default();
            ui.label(RichText::new(format!("{key} · comma, semicolon or tab")).small().color(tokens.text2));
        });
    });
    command
}

fn cards(ui: &mut Ui) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let mut command = None;
    let all = examples::all();
    let width = (ui.available_width() - 16.0 * (all.len() as f32 - 1.0)) / all.len() as f32;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        for example in all {
            let (rect, response) = ui.allocate_exact_size(vec2(width, CARD), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Open example {}", example.title)));
            let lit = response.hovered() || response.has_focus();
            let edge = if lit { tokens.accent } else { tokens.border };
            ui.painter().rect(rect, 6, tokens.surface, Stroke::new(1.0, edge), StrokeKind::Inside);
            let picture =
                Rect::from_min_max(rect.min + vec2(16.0, 14.0), pos2(rect.right() - 16.0, rect.bottom() - 86.0));
            if let Some(thumbnail) = thumbnail::of(example) {
                thumbnail::draw(ui.painter(), tokens, thumbnail, picture);
            }
            let painter = ui.painter_at(rect.shrink(8.0));
            painter.text(
                pos2(rect.left() + 16.0, rect.bottom() - 68.0),
                Align2::LEFT_CENTER,
                example.title,
                theme::strong(),
                if lit { tokens.accent } else { tokens.text },
            );
            let mut words =
                LayoutJob::simple(example.description.to_owned(), theme::small(), tokens.text2, width - 32.0);
            words.wrap.max_rows = 3;
            let words = painter.layout_job(words);
            painter.galley(pos2(rect.left() + 16.0, rect.bottom() - 57.0), words, tokens.text2);
            if response.on_hover_text(example.description).clicked() {
                command = Some(Command::OpenExample(example.name));
            }
        }
    });
    command
}

fn tour(ui: &mut Ui) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let mut command = None;
    ui.horizontal(|ui| {
        if ui.button("Take the tour").on_hover_text(Command::StartTour.tooltip()).clicked() {
            command = Some(Command::StartTour);
        }
        let what = "Six short steps on the diabetes data: alpha, paths, cross-validation, corner and circle";
        let text = shortened(ui.painter(), what, &theme::body(), ui.available_width() - 8.0);
        ui.label(RichText::new(text).color(tokens.text2));
    });
    command
}

fn recent_files(ui: &mut Ui, recent: &[PathBuf]) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let mut command = None;
    ui.label(RichText::new("Recent").font(theme::strong()));
    ui.add_space(4.0);
    for path in recent.iter().take(6) {
        divider(ui);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::TABLE_ROW), Sense::click());
        let name = crate::app::job::file_name(path);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Open {name}")));
        let exists = path.exists();
        let (font, color) = if exists { (theme::strong(), tokens.text) } else { (theme::body(), tokens.text3) };
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect, 2, tokens.tint);
        }
        let third = rect.width() / 3.0;
        let y = rect.center().y;
        let shown = elided(ui.painter(), &name, &font, third - 16.0);
        ui.painter().text(pos2(rect.left() + 8.0, y), Align2::LEFT_CENTER, shown, font, color);
        let folder = path.parent().map(|p| p.display().to_string()).unwrap_or_default();
        let folder = elided(ui.painter(), &folder, &theme::body(), rect.width() - third - 140.0);
        ui.painter().text(pos2(rect.left() + third, y), Align2::LEFT_CENTER, folder, theme::body(), tokens.text2);
        if !exists {
            ui.painter().text(
                pos2(rect.right() - 8.0, y),
                Align2::RIGHT_CENTER,
                "file not found",
                theme::body(),
                tokens.warn,
            );
        }
        if response.clicked() {
            command = Some(Command::OpenPath(path.clone()));
        }
    }
    command
}
