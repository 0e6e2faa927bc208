//! The descent with decay on the user's own data, in the window.

#![allow(clippy::float_cmp, reason = "what is put back is put back to the bit")]

mod window;

use eframe::egui::{Key, Theme, Vec2, vec2};
use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotOptions};
use shrinkscope::app::command::Command;
use shrinkscope::app::data_view::Page;
use shrinkscope::app::weight_decay::Decay;
use shrinkscope::app::{App, Opening};
use window::cpu_renderer::CpuRenderer;
use window::window_with;

/// The geometry alone.
fn page<'a>(size: impl Into<Vec2>, look: Theme) -> Harness<'a, App> {
    let (mut harness, _) = window_with(size, Opening::default(), |builder| {
        builder
            .with_theme(look)
            .with_render_cursor(false)
            .renderer(CpuRenderer::default())
            .with_options(SnapshotOptions::new().threshold(0.6))
    });
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, Command::SetTheme(look.into()));
    harness.state_mut().run(&ctx, Command::ShowPage(Page::Geometry));
    harness.run();
    harness.state_mut().forget_times();
    harness.run();
    harness
}

fn value_of(harness: &Harness<'_, App>, label: &str) -> String {
    harness.get_by_label(label).value().unwrap_or_default()
}

fn factor(harness: &Harness<'_, App>) -> String {
    let node = harness.get_by_label_contains("factor 1 − 2ηλ");
    node.value().unwrap_or_default()
}

#[test]
fn dragging_the_start_moves_the_chart_in_the_same_frame() {
    let mut harness = page([1440.0, 900.0], Theme::Light);
    let (start, chart) = (value_of(&harness, "Start of the descent"), value_of(&harness, "Distance chart"));
    let center = harness.get_by_label("Start of the descent").rect().center();
    harness.hover_at(center);
    harness.step();
    harness.drag_at(center);
    harness.step();
    harness.hover_at(center + vec2(60.0, 40.0));
    harness.step();
    assert_ne!(value_of(&harness, "Start of the descent"), start);
    assert_ne!(value_of(&harness, "Distance chart"), chart);
    assert!(harness.get_by_label("Start of the descent").rect().center().distance(center + vec2(60.0, 40.0)) < 1.5);
    harness.drop_at(center + vec2(60.0, 40.0));
    harness.run();
    // Another plane has another start.
    let mut selection = harness.state().selection().unwrap().clone();
    let (first, second) = selection.pair();
    let descent = selection.descent.clone();
    selection.set_pair(second, first);
    assert_ne!(selection.descent, descent);
}

#[test]
fn decay_follows_the_cursor_in_the_same_frame() {
    let mut harness = page([1440.0, 900.0], Theme::Light);
    let before = factor(&harness);
    let center = harness.get_by_label("Ridge budget t").rect().center();
    harness.hover_at(center);
    harness.step();
    harness.drag_at(center);
    harness.step();
    harness.hover_at(center + vec2(40.0, 0.0));
    harness.step();
    assert_ne!(factor(&harness), before);
}

#[test]
fn the_playground_is_one_click_away_and_back() {
    let mut harness = page([1280.0, 800.0], Theme::Light);
    harness.get_by_label("Geometry of Playground").click();
    harness.run();
    harness.get_by_label("Lasso playground");
    harness.get_by_label("Least squares of the ridge picture");
    assert!(harness.query_by_label("Lasso geometry").is_none());
    harness.get_by_label("Geometry of Your data").click();
    harness.run();
    harness.get_by_label("Lasso geometry");
    harness.get_by_label("Geometry of Playground").click();
    harness.run();
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(harness.state().page(), Page::Analysis);
}

#[test]
fn playing_in_the_window_ends_and_rests() {
    let mut harness = page([1280.0, 800.0], Theme::Light);
    harness.get_by_label("Play").click();
    harness.step();
    for _ in 0..1000 {
        if !harness.state().selection().unwrap().descent.is_playing() {
            break;
        }
        harness.step();
    }
    let descent = &harness.state().selection().unwrap().descent;
    assert!(!descent.is_playing() && descent.shown() == descent.steps());
    harness.run();
}

#[test]
fn descent_light() {
    page([1280.0, 800.0], Theme::Light).snapshot("descent_light");
}

#[test]
fn descent_dark_lasso() {
    let mut harness = page([1280.0, 800.0], Theme::Dark);
    harness.get_by_label("Decay L1 soft threshold").click();
    harness.run();
    harness.remove_cursor();
    harness.run();
    assert_eq!(harness.state().selection().unwrap().descent.decay, Decay::L1);
    harness.snapshot("descent_dark");
}
