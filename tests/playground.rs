//! The playground and the descent with decay by their controls.

#![allow(clippy::float_cmp, reason = "what is put back is put back to the bit")]

mod window;

use eframe::egui::{Key, Theme, Vec2, vec2};
use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotOptions};
use shrinkscope::app::format::number;
use shrinkscope::app::lens::Lens;
use shrinkscope::app::playground::Play;
use shrinkscope::app::weight_decay::Decay;
use shrinkscope::app::{theme, views};
use shrinkscope::insight::playground::Preset;
use window::cpu_renderer::CpuRenderer;

/// The page alone, without data.
fn page<'a>(size: impl Into<Vec2>, look: Theme, play: Play) -> Harness<'a, Play> {
    let mut is_dressed = false;
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(look)
        .with_render_cursor(false)
        .with_step_dt(1.0 / 30.0)
        .with_max_steps(24)
        .renderer(CpuRenderer::default())
        .with_options(SnapshotOptions::new().threshold(0.6))
        .build_ui_state(
            move |ui, play: &mut Play| {
                if !is_dressed {
                    theme::apply(ui.ctx());
                    ui.ctx().request_discard("fonts");
                    is_dressed = true;
                    return;
                }
                views::playground::show(ui, play);
            },
            play,
        );
    harness.run();
    harness
}

const SIZE: [f32; 2] = [1280.0, 720.0];

fn light() -> Harness<'static, Play> {
    page(SIZE, Theme::Light, Play::default())
}

fn value_of(harness: &Harness<'_, Play>, label: &str) -> String {
    harness.get_by_label(label).value().unwrap_or_default()
}

/// Takes hold of what has this label and moves it, without letting go.
fn drag(harness: &mut Harness<'_, Play>, label: &str, by: Vec2) {
    let center = harness.get_by_label(label).rect().center();
    harness.hover_at(center);
    harness.step();
    harness.drag_at(center);
    harness.step();
    harness.hover_at(center + by);
    harness.step();
}

#[test]
fn dragging_least_squares_moves_both_pictures_in_the_same_frame() {
    let mut harness = light();
    let before = harness.state().shape.least_squares();
    let pictures = ["Lasso playground", "Ridge playground"].map(|name| value_of(&harness, name));
    drag(&mut harness, "Least squares of the lasso picture", vec2(-40.0, -60.0));
    let after = harness.state().shape.least_squares();
    assert!(after[0] < before[0] && after[1] > before[1], "{before:?} {after:?}");
    for (name, before) in ["Lasso playground", "Ridge playground"].into_iter().zip(pictures) {
        assert_ne!(value_of(&harness, name), before);
    }
    let shown = after.map(number);
    assert_eq!(value_of(&harness, "Least squares of the ridge picture"), format!("{}, {}", shown[0], shown[1]));
    // The pictures stand still under the hand.
    assert!(harness.state().lenses.iter().all(Lens::is_home));
}

#[test]
fn each_situation_is_one_click_away() {
    let mut harness = light();
    for (preset, seen) in [
        (Preset::Edge, "Touches an edge: both stay in"),
        (Preset::Collinear, "Touches a corner, so w₂ is exactly 0"),
        (Preset::Unscaled, "Touches a corner, so w₂ is exactly 0"),
        (Preset::Corner, "Touches a corner, so w₂ is exactly 0"),
    ] {
        harness.get_by_label(preset.label()).click();
        harness.run();
        assert_eq!(harness.state().preset(), Some(preset));
        harness.get_by_label(preset.sentence());
        let value = value_of(&harness, "Lasso playground");
        assert!(value.contains(seen), "{preset:?}: {value}");
    }
    harness.get_by_label(Preset::Unscaled.label()).click();
    harness.run();
    harness.get_by_label("Standardize").click();
    harness.run();
    assert!(value_of(&harness, "Lasso playground").contains("Touches an edge"));
}

#[test]
fn a_budget_slider_moves_both_regions() {
    let mut harness = light();
    harness.get_by_label("Ridge budget t").focus();
    harness.run();
    let before = harness.state().shape.radius();
    harness.key_press(Key::ArrowRight);
    harness.run();
    let shape = &harness.state().shape;
    assert!(shape.radius() > before);
    assert!(value_of(&harness, "Lasso playground").contains(&format!("budget {}", number(shape.budget(1.0)))));
    assert!(value_of(&harness, "Ridge playground").contains(&format!("budget {}", number(shape.budget(0.0)))));
}

#[test]
fn the_start_is_moved_by_hand_and_by_keys_and_put_back() {
    let mut harness = light();
    let ground = harness.state().ground();
    drag(&mut harness, "Start of the descent", vec2(50.0, 30.0));
    let dragged = harness.state().decay.start(&ground);
    assert!(dragged[0] > ground.start[0] && dragged[1] < ground.start[1]);
    let center = harness.get_by_label("Start of the descent").rect().center();
    harness.drop_at(center);
    harness.remove_cursor();
    harness.run();
    harness.get_by_label("Start of the descent").focus();
    harness.run();
    harness.key_press(Key::ArrowUp);
    harness.run();
    assert!(harness.state().decay.start(&ground)[1] > dragged[1]);
    let center = harness.get_by_label("Start of the descent").rect().center();
    for _ in 0..2 {
        harness.drag_at(center);
        harness.step();
        harness.drop_at(center);
        harness.step();
    }
    harness.run();
    assert_eq!(harness.state().decay.start(&ground), ground.start);
}

#[test]
fn playing_takes_every_step_and_then_rests() {
    let mut harness = light();
    harness.get_by_label("Play").click();
    harness.step();
    assert!(harness.state().decay.is_playing());
    let mut seen = Vec::new();
    while harness.state().decay.is_playing() {
        harness.step();
        seen.push(harness.state().decay.shown());
        assert!(seen.len() < 1000, "it never ends");
    }
    assert!(seen.windows(2).all(|pair| pair[0] <= pair[1]));
    assert_eq!(seen.last(), Some(&40));
    // `run` fails where the window goes on asking to be drawn.
    harness.run();
    assert!(harness.ctx.input(|i| i.time) > 0.0 && !harness.ctx.has_requested_repaint());
}

#[test]
fn steps_are_taken_one_by_one_from_the_start() {
    let mut harness = light();
    harness.get_by_label("Reset").click();
    harness.run();
    assert_eq!(harness.state().decay.shown(), 0);
    for k in 1..=3 {
        harness.get_by_label("Step").click();
        harness.run();
        assert_eq!(harness.state().decay.shown(), k);
        assert!(value_of(&harness, "Distance chart").contains(&format!("after {k} steps")));
    }
}

#[test]
fn the_chosen_decay_says_which_picture_the_descent_is_on() {
    let mut harness = light();
    let on_ridge = harness.get_by_label("Start of the descent").rect().center().x;
    harness.get_by_label("Decay L1 soft threshold").click();
    harness.run();
    assert_eq!(harness.state().decay.decay, Decay::L1);
    let on_lasso = harness.get_by_label("Start of the descent").rect().center().x;
    assert!(on_lasso < on_ridge - 100.0);
    harness.get_by_label_contains("threshold 2ηλ");
    harness.get_by_label("Pictures L2").click();
    harness.run();
    assert_eq!(harness.state().decay.decay, Decay::L2);
    assert!(harness.query_by_label("Lasso playground").is_none());
}

#[test]
fn a_step_size_above_the_bound_is_explained_and_mended() {
    let mut harness = light();
    assert!(harness.query_by_label_contains("is not below").is_none());
    let bound = harness.state().decay.descent(&harness.state().ground()).bound();
    harness.state_mut().decay.set_step_size(Some(1.2 * bound));
    harness.run();
    harness.get_by_label_contains(&format!("is not below {}", number(bound)));
    harness.get_by_label_contains("Use η = ").click();
    harness.run();
    assert!(harness.query_by_label_contains("is not below").is_none());
    assert!(harness.state().decay.descent(&harness.state().ground()).is_stable());
}

#[test]
fn decay_follows_the_budget_until_it_is_set() {
    let mut harness = light();
    let alpha = |h: &Harness<'_, Play>| h.state().decay.descent(&h.state().ground()).alpha;
    let before = alpha(&harness);
    harness.state_mut().shape.set_budget(0.0, 1.0);
    harness.run();
    assert!(alpha(&harness) > before, "a smaller budget is a larger alpha");
    harness.get_by_label("Decay λ").focus();
    harness.run();
    harness.key_press(Key::ArrowLeft);
    harness.run();
    assert!(!harness.state().decay.follows_fit());
    harness.get_by_label("λ of the fit").click();
    harness.run();
    assert!(harness.state().decay.follows_fit());
}

#[test]
fn playground_light() {
    light().snapshot("playground_light");
}

#[test]
fn playground_dark_lasso() {
    let mut play = Play::default();
    play.choose(Preset::Collinear);
    play.decay.decay = Decay::L1;
    page([1064.0, 688.0], Theme::Dark, play).snapshot("playground_dark");
}

#[test]
fn playground_runaway() {
    let mut play = Play::default();
    let bound = play.decay.descent(&play.ground()).bound();
    play.decay.set_step_size(Some(1.06 * bound));
    page([1704.0, 968.0], Theme::Light, play).snapshot("playground_runaway");
}
