//! The window on a table with one predictor: its polynomial, the fitted curves, the errors along alpha.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod window;

use eframe::egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use shrinkscope::analysis::Penalty;
use shrinkscope::app::{App, Opening};
use window::{settle, window};

const SIZE: [f32; 2] = [1280.0, 800.0];

fn noisy_curve<'a>() -> Harness<'a, App> {
    window(SIZE, Opening { example: Some("noisy_curve".to_owned()), ..Opening::default() }).0
}

fn degree(harness: &Harness<'_, App>) -> usize {
    harness.state().analysis().unwrap().design.features.len()
}

fn value_of(harness: &Harness<'_, App>, label: &str) -> String {
    harness.get_by_label(label).accesskit_node().value().unwrap_or_default()
}

#[test]
fn the_degree_is_a_setting_that_is_undone() {
    let mut harness = noisy_curve();
    assert_eq!(degree(&harness), 15);
    let field = |h: &Harness<'_, App>, value: f64| {
        h.get_by_role_and_label(Role::SpinButton, "Polynomial degree").set_value_accesskit(value);
    };
    for (value, expected) in [(4.0, 4), (1.0, 1)] {
        field(&harness, value);
        settle(&mut harness);
        assert_eq!(degree(&harness), expected);
    }
    for expected in [4, 15] {
        harness.get_by_label("Undo").click();
        settle(&mut harness);
        assert_eq!(degree(&harness), expected);
    }
}

#[test]
fn only_one_predictor_has_a_degree() {
    let (mut harness, _) = window([1440.0, 900.0], Opening::default());
    assert!(harness.query_by_label("Polynomial degree").is_none());
    harness.get_by_label("None").click();
    settle(&mut harness);
    harness.get_by_label("Use bmi").click();
    settle(&mut harness);
    assert_eq!(degree(&harness), 1);
    harness.get_by_role_and_label(Role::SpinButton, "Polynomial degree").set_value_accesskit(3.0);
    settle(&mut harness);
    let names: Vec<String> =
        harness.state().analysis().unwrap().design.features.iter().map(|f| f.name.clone()).collect();
    assert_eq!(names, ["bmi", "(bmi - 26)^2", "(bmi - 26)^3"]);
    assert!(harness.query_by_label("y against bmi").is_some());
}

#[test]
fn a_click_on_the_errors_moves_the_cursor_and_flattens_the_curve() {
    let mut harness = noisy_curve();
    let errors = "Lasso training and cross-validation error along alpha";
    let before = value_of(&harness, "y against x");
    let area = harness.get_by_label(errors).rect();
    for (place, is_flat) in [(area.left_center(), true), (area.right_center(), false)] {
        let place = place + (area.center() - place) * 0.01;
        harness.drag_at(place);
        harness.step();
        harness.drop_at(place);
        harness.run();
        let (analysis, selection) = (harness.state().analysis().unwrap(), harness.state().selection().unwrap());
        let k = selection.cursor(Penalty::Lasso).nearest();
        assert_eq!(analysis.lasso.path.n_nonzero(k) == 0, is_flat, "{k}");
        assert_ne!(value_of(&harness, "y against x"), before);
    }
}

#[test]
fn the_curve_gives_way_to_predictions_and_back() {
    let mut harness = noisy_curve();
    harness.get_by_label("Fit as Predicted").click();
    harness.run();
    assert!(harness.query_by_label("y against x").is_none());
    assert!(harness.query_by_label("Predicted against observed").is_some());
    harness.get_by_label("Fit as Curve").click();
    harness.get_by_label("Fit of Ridge").click();
    harness.run();
    assert!(harness.query_by_label("Ridge training and cross-validation error along alpha").is_some());
}
