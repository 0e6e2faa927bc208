//! Long names in the window: told apart in every list, whole where the pointer rests, and the largest lines named.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod window;

use std::fmt::Write;

use eframe::egui::{Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use shrinkscope::app::views::path::{drawn_features, prominent_features};
use shrinkscope::app::{App, Opening};
use tempfile::TempDir;
use window::window;

fn station(j: usize) -> String {
    format!("average monthly rainfall at the {j}th station of the northern valley in millimetres")
}

/// `y` is the sum of the columns times `weights`; the numbers follow from a seed alone.
fn open(
    names: &[String],
    weights: &[f64],
    columns: impl Fn(&mut dyn FnMut() -> f64) -> Vec<f64>,
) -> (TempDir, Opening) {
    let mut state = 11_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    let mut text = names.join(",");
    text.push_str(",y\n");
    for _ in 0..120 {
        let row = columns(&mut next);
        for value in &row {
            write!(text, "{value:.5},").unwrap();
        }
        let y: f64 = row.iter().zip(weights).map(|(x, w)| x * w).sum();
        writeln!(text, "{:.5}", y + 0.2 * next()).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("names.csv");
    std::fs::write(&path, text).unwrap();
    (folder, Opening { file: Some(path), target: Some("y".to_owned()), ..Opening::default() })
}

fn stations() -> (TempDir, Opening) {
    let names: Vec<String> = (0..6).map(station).collect();
    open(&names, &[6.0, 5.0, 4.0, 3.0, 2.0, 0.0], |next| (0..6).map(|_| next()).collect())
}

/// What stands in tooltips after the pointer has rested somewhere relative to a label.
fn told(harness: &mut Harness<'_, App>, label: &str, by: Vec2) -> bool {
    let at = harness.get_by_label(label).rect().left_top() + by;
    harness.hover_at(at);
    harness.run_steps(40);
    let told = (0..6).any(|j| harness.query_by_label(&station(j)).is_some());
    harness.hover_at(pos2(2.0, 2.0));
    harness.run_steps(4);
    told
}

#[test]
fn painted_names_are_told_whole_where_the_pointer_rests() {
    let (_folder, opening) = stations();
    let (mut harness, _) = window([1440.0, 900.0], opening);
    assert!((0..6).all(|j| harness.query_by_label(&station(j)).is_none()), "nothing is told before");
    assert!(told(&mut harness, "Across 10 folds", vec2(8.0, 44.0)), "a row of the folds");
    let axis = harness.get_by_label("Lasso geometry").rect();
    harness.hover_at(axis.right_bottom() + vec2(-20.0, 26.0));
    harness.run_steps(40);
    assert!((0..6).any(|j| harness.query_by_label(&station(j)).is_some()), "the axis of the geometry");
}

#[test]
fn a_dot_of_the_folds_tells_its_fold() {
    let (mut harness, _) = window([1440.0, 900.0], Opening::default());
    let head = harness.get_by_label("Across 10 folds").rect();
    harness.hover_at(head.left_top() + vec2(8.0, 44.0));
    harness.run_steps(40);
    assert!(harness.query_by_label_contains("In the 10 folds").is_some());
    // Somewhere along the row stand the dots.
    let mut is_told = false;
    for x in (80..330).step_by(4) {
        harness.hover_at(head.left_top() + vec2(x as f32, 44.0));
        harness.run_steps(30);
        is_told |= harness.query_by_label_contains("Without fold").is_some();
    }
    assert!(is_told);
}

#[test]
fn the_left_out_ones_are_one_click_away() {
    let names: Vec<String> = (0..40).map(|j| format!("x{j}")).collect();
    let weights: Vec<f64> = (0..40).map(|j| if j < 20 { 3.0 } else { 0.0 }).collect();
    let (_folder, opening) = open(&names, &weights, |next| (0..40).map(|_| next()).collect());
    let (mut harness, _) = window([1280.0, 800.0], opening);
    harness.get_by_label("Show the left-out features").click();
    harness.run();
    assert!(harness.query_by_label("Show the left-out features").is_none(), "their head is in view now");
}

#[test]
fn the_largest_lines_are_named_though_they_enter_last() {
    // Two nearly equal columns whose effects nearly cancel: large coefficients, late on the path.
    let names: Vec<String> = (0..10).map(|j| format!("x{j}")).chain(["inlet".into(), "outlet".into()]).collect();
    let weights: Vec<f64> = vec![2.0; 10].into_iter().chain([20.0, -20.0]).collect();
    let (_folder, opening) = open(&names, &weights, |next| {
        let mut row: Vec<f64> = (0..11).map(|_| next()).collect();
        row.push(row[10] + 0.05 * next());
        row
    });
    let (harness, _) = window([1440.0, 900.0], opening);
    let analysis = harness.state().analysis().unwrap();
    assert!(analysis.entry_rank[10] >= 10 && analysis.entry_rank[11] >= 10);
    for data in [&analysis.lasso, &analysis.ridge] {
        let mut named = prominent_features(analysis, data, &drawn_features(analysis, data));
        named.sort_unstable();
        assert_eq!(named, [10, 11]);
    }
    for path in ["Lasso", "Ridge"] {
        for name in ["inlet", "outlet"] {
            harness.get_by_label(&format!("{name} at its {path} line"));
        }
    }
}

#[test]
fn lines_like_all_others_stay_without_a_name() {
    let names: Vec<String> = (0..16).map(|j| format!("x{j}")).collect();
    let weights: Vec<f64> = (0..16).map(|j| 4.0 - 0.2 * f64::from(j)).collect();
    let (_folder, opening) = open(&names, &weights, |next| (0..16).map(|_| next()).collect());
    let (harness, _) = window([1440.0, 900.0], opening);
    let analysis = harness.state().analysis().unwrap();
    let data = &analysis.ridge;
    assert!(prominent_features(analysis, data, &drawn_features(analysis, data)).is_empty());
}
