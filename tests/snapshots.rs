//! A few pictures of the whole window, drawn on the CPU: the same bytes on every machine.

mod window;

use eframe::egui::Theme;
use egui_kittest::SnapshotOptions;
use egui_kittest::kittest::Queryable;
use shrinkscope::app::Opening;
use shrinkscope::app::command::Command;
use shrinkscope::app::data_view::Page;
use window::cpu_renderer::CpuRenderer;
use window::window_with;

fn picture(name: &str, size: [f32; 2], theme: Theme, opening: Opening) {
    picture_of(name, size, theme, opening, Page::Analysis);
}

fn picture_of(name: &str, size: [f32; 2], theme: Theme, opening: Opening, page: Page) {
    picture_with(name, size, theme, opening, page, &[]);
}

/// As [`picture_of`], after clicks on rows of features.
fn picture_with(name: &str, size: [f32; 2], theme: Theme, opening: Opening, page: Page, clicks: &[&str]) {
    let (mut harness, _) = window_with(size, opening, |builder| {
        builder
            .with_theme(theme)
            .with_render_cursor(false)
            .renderer(CpuRenderer::default())
            .with_options(SnapshotOptions::new().threshold(0.6))
    });
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, Command::SetTheme(theme.into()));
    for row in clicks {
        harness.get_by_label_contains(row).click();
        harness.run();
    }
    harness.remove_cursor();
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

/// The lasso at a corner, ridge touching smoothly.
#[test]
fn geometry_corner_light() {
    let clicks = ["sex, lasso"];
    picture_with("geometry_corner", [1280.0, 800.0], Theme::Light, Opening::default(), Page::Geometry, &clicks);
}

/// Neither of two features pays the lasso's alpha: the box of their pulls.
#[test]
fn geometry_both_out_dark() {
    let clicks = ["s6, lasso", "s1, lasso"];
    picture_with("geometry_both_out", [1280.0, 800.0], Theme::Dark, Opening::default(), Page::Geometry, &clicks);
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
