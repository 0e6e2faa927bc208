//! No table open: one obvious action, examples, recent files.

use std::time::SystemTime;

use eframe::egui::{
    Align, Align2, Button, CursorIcon, Layout, Rect, RichText, Role, ScrollArea, Sense, Shape, Stroke, StrokeKind, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::app::command::Command;
use crate::app::format;
use crate::app::preferences::Recent;
use crate::app::theme;
use crate::app::views::thumbnail;
use crate::app::views::top_bar::mark;
use crate::app::views::widgets::{divider, elided, primary_button, shortened};
use crate::data::examples;

/// Width of the column in the middle.
const WIDTH: f32 = 896.0;
/// Recent files listed at most.
const LISTED: usize = 6;
/// Height of a recent file.
const RECENT_ROW: f32 = 32.0;
/// What an example is in words, below its picture.
const CAPTION: f32 = 64.0;

/// Heights that grow with the window, so that the column neither leaves it nor looks lost in it.
struct Heights {
    /// Above the column.
    top: f32,
    drop_zone: f32,
    picture: f32,
    /// Between its parts.
    gap: f32,
}

impl Heights {
    /// For so many recent files in so much height.
    fn new(height: f32, n_recent: usize) -> Self {
        let recent = if n_recent == 0 { 0.0 } else { 24.0 + RECENT_ROW * n_recent as f32 };
        // Title, heading of the examples, captions and the tour.
        let fixed = 60.0 + 28.0 + CAPTION + theme::CONTROL + recent;
        let (smallest, largest) = ([128.0, 80.0, 16.0], [184.0, 136.0, 28.0]);
        let sum = |[drop_zone, picture, gap]: [f32; 3]| fixed + drop_zone + picture + 3.0 * gap;
        let share = ((height - 32.0 - sum(smallest)) / (sum(largest) - sum(smallest))).clamp(0.0, 1.0);
        let between = |i: usize| (smallest[i] + share * (largest[i] - smallest[i])).round();
        let at = [between(0), between(1), between(2)];
        let top = ((height - sum(at)) * 0.4).round().max(16.0);
        Self { top, drop_zone: at[0], picture: at[1], gap: at[2] }
    }
}

/// The whole view.
pub fn show(ui: &mut Ui, recent: &[Recent]) -> Option<Command> {
    let mut command = None;
    let heights = Heights::new(ui.available_height(), recent.len().min(LISTED));
    let width = WIDTH.min(ui.available_width() - 48.0);
    let margin = ((ui.available_width() - width) / 2.0).round();
    ScrollArea::vertical().id_salt("welcome").auto_shrink([false, false]).show(ui, |ui| {
        let left = ui.max_rect().left() + margin;
        let top = ui.max_rect().top() + heights.top;
        let column = Rect::from_min_size(pos2(left, top), vec2(width, f32::INFINITY));
        ui.scope_builder(UiBuilder::new().max_rect(column), |ui| {
            let tokens = theme::tokens(ui);
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.label(RichText::new("Open a table to see what shrinks").font(theme::heading()));
            ui.add_space(4.0);
            ui.label(RichText::new("Pick a numeric target. Lasso and ridge run over the whole alpha range with cross-validation, on this computer.").color(tokens.text2));
            ui.add_space(16.0);
            command = drop_zone(ui, heights.drop_zone);
            ui.add_space(heights.gap);
            ui.horizontal(|ui| {
                ui.label(RichText::new("Examples").font(theme::strong()));
                ui.label(RichText::new("built in, open with one click").small().color(tokens.text2));
            });
            ui.add_space(8.0);
            command = cards(ui, heights.picture).or(command.take());
            ui.add_space((heights.gap * 0.6).round());
            command = tour(ui).or(command.take());
            if !recent.is_empty() {
                ui.add_space((heights.gap * 0.8).round());
                command = recent_files(ui, recent).or(command.take());
            }
            ui.add_space(16.0);
        });
    });
    command
}

fn drop_zone(ui: &mut Ui, height: f32) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let is_over = ui.input(|i| !i.raw.hovered_files.is_empty());
    let (ground, edge) = if is_over { (tokens.tint, tokens.accent) } else { (tokens.chrome, tokens.axis) };
    ui.painter().rect_filled(rect, 6, ground);
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    let corners = corners.map(|corner| corner + (rect.center() - corner).normalized() * 0.5);
    ui.painter().extend(Shape::dashed_line(&corners, Stroke::new(1.0, edge), 4.0, 3.0));
    let mut command = None;
    // Mark, words, button, key.
    let inside = 40.0 + 10.0 + 20.0 + 8.0 + theme::CONTROL + 8.0 + 14.0;
    ui.new_child(UiBuilder::new().max_rect(rect)).scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.vertical_centered(|ui| {
            ui.add_space(((height - inside) / 2.0).max(2.0).round());
            mark(ui, 40.0);
            ui.add_space(10.0);
            let words = if is_over { "Drop it to open it" } else { "Drop a CSV file here" };
            ui.label(RichText::new(words).font(theme::heading()));
            ui.add_space(8.0);
            if primary_button(ui, Command::OpenDialog.text()).clicked() {
                command = Some(Command::OpenDialog);
            }
            ui.add_space(8.0);
            let key = Command::OpenDialog.shortcut().map(|s| ui.ctx().format_shortcut(&s)).unwrap_or_default();
            let words = format!("{key} · comma, semicolon or tab · .csv .tsv .txt .gz");
            ui.label(RichText::new(words).small().color(tokens.text2));
        });
    });
    command
}

fn cards(ui: &mut Ui, picture: f32) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let mut command = None;
    let all = examples::all();
    let width = ((ui.available_width() - 16.0 * (all.len() as f32 - 1.0)) / all.len() as f32).floor();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        for example in all {
            let (rect, response) = ui.allocate_exact_size(vec2(width, picture + CAPTION), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Open example {}", example.title)));
            let lit = response.hovered() || response.has_focus();
            let area = rect.with_max_y(rect.top() + picture);
            ui.painter().rect_filled(rect, 6, tokens.surface);
            ui.painter().rect_filled(area, egui::CornerRadius { nw: 6, ne: 6, sw: 0, se: 0 }, tokens.chrome);
            let preview = thumbnail::of(example);
            if let Some(preview) = preview {
                let inner = area.shrink2(vec2(12.0, 14.0));
                thumbnail::draw(&ui.painter_at(area.shrink(1.0)), tokens, &preview.thumbnail, inner);
            }
            ui.painter().hline(rect.x_range(), area.bottom() - 0.5, Stroke::new(1.0, tokens.border));
            let edge = if lit { Stroke::new(1.5, tokens.accent) } else { Stroke::new(1.0, tokens.border) };
            ui.painter().rect_stroke(rect, 6, edge, StrokeKind::Inside);
            if response.has_focus() {
                ui.painter().rect_stroke(rect.expand(2.0), 8, Stroke::new(1.5, tokens.accent), StrokeKind::Outside);
            }
            let color = if lit { tokens.accent } else { tokens.text };
            let line = pos2(rect.left() + 16.0, area.bottom() + 22.0);
            ui.painter().text(line, Align2::LEFT_CENTER, example.title, theme::strong(), color);
            if let Some(preview) = preview {
                let shape = format!("{} × {}", format::count(preview.n_rows), format::count(preview.n_predictors));
                let end = pos2(rect.right() - 16.0, line.y);
                ui.painter().text(end, Align2::RIGHT_CENTER, shape, theme::body(), tokens.text2);
            }
            let words = shortened(ui.painter(), example.summary, &theme::small(), width - 32.0);
            let below = line + vec2(0.0, 21.0);
            ui.painter().text(below, Align2::LEFT_CENTER, words, theme::small(), tokens.text2);
            if response.on_hover_text(example.description).on_hover_cursor(CursorIcon::PointingHand).clicked() {
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

fn recent_files(ui: &mut Ui, recent: &[Recent]) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let mut command = None;
    ui.horizontal(|ui| {
        ui.set_height(20.0);
        ui.label(RichText::new("Recent").font(theme::strong()));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let text = RichText::new(Command::ClearRecent.text()).small().color(tokens.text2);
            if ui
                .add(Button::new(text).frame(false))
                .on_hover_text("Forget these files; they stay where they are")
                .clicked()
            {
                command = Some(Command::ClearRecent);
            }
        });
    });
    ui.add_space(4.0);
    let now = SystemTime::now();
    divider(ui);
    for file in recent.iter().take(LISTED) {
        if recent_file(ui, file, now) {
            command = Some(Command::OpenPath(file.path.clone()));
        }
        divider(ui);
    }
    command
}

/// One line: name, folder, shape and target, when it was opened. True if it was chosen.
fn recent_file(ui: &mut Ui, file: &Recent, now: SystemTime) -> bool {
    let tokens = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), RECENT_ROW - 1.0), Sense::click());
    let name = crate::app::job::file_name(&file.path);
    let exists = file.path.exists();
    let known = if exists { known(file) } else { "file not found".to_owned() };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Open {name}, {known}")));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 3, tokens.tint);
    }
    if response.has_focus() {
        ui.painter().rect_stroke(rect, 3, Stroke::new(1.5, tokens.accent), StrokeKind::Inside);
    }
    let folder = file.path.parent().map(|p| p.display().to_string()).unwrap_or_default();
    let when = file.opened_text(now);
    let (font, color) = if exists { (theme::strong(), tokens.text) } else { (theme::body(), tokens.text3) };
    let quiet = if exists { tokens.text2 } else { tokens.text3 };
    let warn = if exists { tokens.text2 } else { tokens.warn };
    // Where each begins, as shares of the width; the last ends at the right.
    let starts = [0.0, 0.27, 0.535, 0.84];
    let texts = [(name, font, color), (folder, theme::body(), quiet), (known, theme::body(), warn)];
    for (i, (text, font, color)) in texts.into_iter().enumerate() {
        let room = rect.width() * (starts[i + 1] - starts[i]) - 16.0;
        let text = elided(ui.painter(), &text, &font, room);
        let at = pos2((rect.left() + 8.0 + starts[i] * rect.width()).round(), rect.center().y);
        ui.painter().text(at, Align2::LEFT_CENTER, text, font, color);
    }
    let end = pos2(rect.right() - 8.0, rect.center().y);
    ui.painter().text(end, Align2::RIGHT_CENTER, when, theme::body(), quiet);
    let tip = file.path.display().to_string();
    response.on_hover_text(tip).on_hover_cursor(CursorIcon::PointingHand).clicked()
}

/// `442 × 11, target y`, as far as it is known.
fn known(file: &Recent) -> String {
    let shape = file.shape.map(|(n, p)| format!("{} × {}", format::count(n), format::count(p)));
    let target = file.target.as_ref().map(|target| format!("target {target}"));
    shape.into_iter().chain(target).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_column_fits_every_window_and_stands_above_its_middle() {
        // Heights left by the bars at 640, 700, 800, 900 and 1080.
        for height in [568.0_f32, 628.0, 728.0, 828.0, 1008.0] {
            for n_recent in 0..=3 {
                let at = Heights::new(height, n_recent);
                let recent = if n_recent == 0 { 0.0 } else { 24.0 + RECENT_ROW * n_recent as f32 };
                let sum = 60.0 + 28.0 + CAPTION + theme::CONTROL + recent + at.drop_zone + at.picture + 3.0 * at.gap;
                let below = height - at.top - sum;
                assert!(below >= -0.5 || (height < 600.0 && n_recent > 1), "{n_recent} files in {height}: {below}");
                assert!(at.top >= 16.0 && (at.top <= below.max(16.0) + 1.0));
            }
        }
    }
}
