//! The geometry on screen by its controls: the page, the pair, the plane, units, zoom.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod window;

use eframe::egui::{Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, TouchPhase, accesskit::Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use shrinkscope::analysis::Penalty;
use shrinkscope::app::command::Command;
use shrinkscope::app::data_view::Page;
use shrinkscope::app::plane_choice::Extent;
use shrinkscope::app::selection::Units;
use shrinkscope::app::{App, Opening};
use shrinkscope::insight::geometry::{Others, pair_budget};
use window::{window, window_with};

const SIZE: [f32; 2] = [1440.0, 900.0];

fn page<'a>() -> Harness<'a, App> {
    let (mut harness, _) = window(SIZE, Opening::default());
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, Command::ShowPage(Page::Geometry));
    harness.run();
    harness
}

fn value_of(harness: &Harness<'_, App>, label: &str) -> String {
    harness.get_by_label(label).value().unwrap_or_default()
}

fn feature(harness: &Harness<'_, App>, name: &str) -> usize {
    harness.state().analysis().unwrap().design.features.iter().position(|f| f.name == name).unwrap()
}

fn pair(harness: &Harness<'_, App>) -> (usize, usize) {
    harness.state().selection().unwrap().pair()
}

#[test]
fn the_page_opens_by_button_and_key_and_closes_by_escape() {
    let (mut harness, _) = window(SIZE, Opening::default());
    harness.get_by_label("Show the geometry large").click();
    harness.run();
    assert_eq!(harness.state().page(), Page::Geometry);
    harness.get_by_label("Behind the pictures");
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(harness.state().page(), Page::Analysis);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    harness.run();
    assert_eq!(harness.state().page(), Page::Geometry);
    harness.get_by_label("Back").click();
    harness.run();
    assert_eq!(harness.state().page(), Page::Analysis);
}

#[test]
fn a_double_click_on_the_title_opens_the_page_and_goes_back() {
    // Steps so short that two clicks are a double click.
    let (mut harness, _) = window_with(SIZE, Opening::default(), |builder| builder.with_step_dt(0.02));
    for page in [Page::Geometry, Page::Analysis] {
        let at = harness.get_by_role_and_label(Role::Label, "Geometry").rect().center();
        for _ in 0..2 {
            harness.hover_at(at);
            harness.drag_at(at);
            harness.drop_at(at);
            harness.step();
        }
        harness.run_steps(20);
        harness.run();
        assert_eq!(harness.state().page(), page);
    }
}

#[test]
fn with_only_these_two_the_budget_is_theirs() {
    let mut harness = page();
    let whole = value_of(&harness, "Lasso geometry");
    harness.get_by_label("Other features").click();
    harness.run();
    harness.get_all_by_label("Only these two").last().unwrap().click();
    harness.run();
    let t = harness.get_by_label("Lasso budget t").accesskit_node().numeric_value().unwrap();
    let state = harness.state();
    let (analysis, selection) = (state.analysis().unwrap(), state.selection().unwrap());
    let alpha = selection.point(analysis, Penalty::Lasso).alpha();
    let spent = pair_budget(analysis, Penalty::Lasso, alpha, selection.pair());
    assert_eq!(t.to_bits(), spent.to_bits());
    assert_ne!(whole, value_of(&harness, "Lasso geometry"));
}

#[test]
fn escape_closes_an_open_list_before_the_page() {
    let mut harness = page();
    harness.get_by_label("Suggest").click();
    harness.run();
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(harness.state().page(), Page::Geometry);
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(harness.state().page(), Page::Analysis);
}

#[test]
fn clicks_on_features_set_the_first_and_then_the_second() {
    let (mut harness, _) = window(SIZE, Opening::default());
    let (bp, s3, s1) = (feature(&harness, "bp"), feature(&harness, "s3"), feature(&harness, "s1"));
    harness.get_by_label_contains("bp, lasso").click();
    harness.run();
    assert_eq!(pair(&harness).0, bp);
    harness.get_by_label_contains("s3, lasso").click();
    harness.run();
    assert_eq!(pair(&harness), (bp, s3));
    harness.get_by_label("s1 at its Ridge line").click();
    harness.run();
    assert_eq!(pair(&harness), (s1, s3));
}

#[test]
fn a_suggestion_is_taken() {
    let mut harness = page();
    harness.get_by_label("Suggest").click();
    harness.run();
    harness.get_by_label_contains("Most correlated").click();
    harness.run();
    let (one, other) = pair(&harness);
    let analysis = harness.state().analysis().unwrap().clone();
    let p = analysis.design.features.len();
    let largest = (0..p).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| analysis.correlation(i, j).abs());
    let largest = largest.fold(0.0, f64::max);
    assert!(analysis.correlation(one, other).abs() >= largest);
}

#[test]
fn two_that_are_out_show_their_pulls() {
    let (mut harness, _) = window(SIZE, Opening::default());
    for name in ["s6, lasso", "s1, lasso"] {
        harness.get_by_label_contains(name).click();
        harness.run();
    }
    let value = value_of(&harness, "Lasso geometry");
    assert!(value.starts_with("both zero; pulls"), "{value}");
    assert!(value_of(&harness, "Ridge geometry").starts_with("fit "), "ridge keeps them");
}

#[test]
fn other_planes_are_chosen_and_say_whether_they_touch() {
    let mut harness = page();
    for (name, others, says) in [
        ("Others refitted", Others::Refitted, "not tangent"),
        ("Only these two", Others::Absent, "tangency residual"),
        ("Others held", Others::Held, "tangency residual"),
    ] {
        harness.get_by_label("Other features").click();
        harness.run();
        harness.get_all_by_label(name).last().unwrap().click();
        harness.run();
        assert_eq!(harness.state().selection().unwrap().plane.others, others);
        assert!(value_of(&harness, "Lasso geometry").contains(says), "{}", value_of(&harness, "Lasso geometry"));
    }
}

#[test]
fn units_change_the_numbers_and_not_the_contact() {
    let mut harness = page();
    let before = value_of(&harness, "Ridge geometry");
    harness.get_by_label("Units of the pictures Own units").click();
    harness.run();
    assert_eq!(harness.state().selection().unwrap().units, Units::Own);
    let after = value_of(&harness, "Ridge geometry");
    assert_ne!(before, after);
    let after_fit = |text: &str| text.split_once("; ").unwrap().1.to_owned();
    assert_eq!(after_fit(&before), after_fit(&after), "budget, contact and residual are those of the penalty");
}

#[test]
fn zoom_by_wheel_and_keys_and_home_again() {
    let mut harness = page();
    let center = harness.get_by_label("Lasso geometry").rect().center();
    let sees_all = |h: &Harness<'_, App>| h.state().selection().unwrap().plane.sees_all();
    harness.hover_at(center);
    harness.run();
    harness.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, 80.0),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    harness.run();
    assert!(!sees_all(&harness));
    harness.get_by_label("See all").click();
    harness.run();
    assert!(sees_all(&harness));
    harness.get_by_label("Ridge geometry").focus();
    harness.run();
    harness.key_press(Key::Plus);
    harness.run();
    assert!(!sees_all(&harness));
    harness.key_press(Key::Num0);
    harness.run();
    assert!(sees_all(&harness));
    harness.key_press(Key::ArrowLeft);
    harness.run();
    assert!(!sees_all(&harness));
    harness.get_by_label("Scale of the pictures Fill each").click();
    harness.run();
    assert!(sees_all(&harness), "another scale shows everything");
    assert_eq!(harness.state().selection().unwrap().plane.extent(), Extent::Each);
}

#[test]
fn the_budget_moves_alpha_on_the_page_too() {
    let mut harness = page();
    harness.get_by_role_and_label(Role::Slider, "Ridge budget t").set_value_accesskit(0.0);
    harness.run();
    assert_eq!(harness.state().selection().unwrap().cursor(Penalty::Ridge).nearest(), 0);
}
