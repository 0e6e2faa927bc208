//! A few pictures of the whole window, drawn on the CPU: the same bytes on every machine.

mod window;

use eframe::egui::Theme;
use egui_kittest::SnapshotOptions;
use shrinkscope::app::Opening;
use shrinkscope::app::command::Command;
use shrinkscope::app::data_view::Page;
use window::cpu_renderer::CpuRenderer;
use window::window_with;

fn picture(name: &str, size: [f32; 2], theme: Theme, opening: Opening) {
    picture_of(name, size, theme, opening, Page::Analysis);
}

fn picture_of(name: &str, size: [f32; 2], theme: Theme, opening: Opening, page: Page) {
    let (mut harness, _) = window_with(size, opening, |builder| {
        builder
            .with_theme(theme)
            .with_render_cursor(false)
            .renderer(CpuRenderer::default())
            .with_options(SnapshotOptions::new().threshold(0.6))
    });
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, Command::SetTheme(theme.into()));
    harness.state_mut().run(&ctx, Command::ShowPage(page));
    harness.run();
    harness.state_mut().forget_times();
    harness.run();
    harness.snapshot(name);
}

#[test]
fn diabetes_light() {
    picture("diabetes_light", [1280.0, 800.0], Theme::Light, Opening::default());
}

#[test]
fn diabetes_dark() {
    picture("diabetes_dark", [1280.0, 800.0], Theme::Dark, Opening::default());
}

#[test]
fn data_view() {
    picture_of("data_view", [1024.0, 700.0], Theme::Light, Opening::default(), Page::Data);
}

fn noisy_curve() -> Opening {
    Opening { example: Some("noisy_curve".to_owned()), ..Opening::default() }
}

#[test]
fn one_predictor() {
    picture("one_predictor", [1024.0, 700.0], Theme::Light, noisy_curve());
}

#[test]
fn one_predictor_dark() {
    picture("one_predictor_dark", [1280.0, 800.0], Theme::Dark, noisy_curve());
}

#[test]
fn welcome_after_a_missing_file() {
    let opening = Opening { file: Some("/nowhere/table.csv".into()), ..Opening::default() };
    picture("welcome", [1024.0, 700.0], Theme::Light, opening);
}
