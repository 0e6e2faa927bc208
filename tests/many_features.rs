//! Many features: the lists can be searched, and what they hide stays in the model.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod window;

use std::fmt::Write;

use eframe::egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use shrinkscope::analysis::Penalty;
use shrinkscope::app::{App, Opening};
use tempfile::TempDir;
use window::{settle, window};

const IN_LIST: &str = "Find in features";
const IN_TABLE: &str = "Find in selected features";

/// `y` follows the first three of `p` columns; every second name begins with `gene`, the others with `dose`.
fn table(p: usize) -> (TempDir, Opening) {
    let mut state = 7_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    let name = |j: usize| format!("{}_{j}", if j.is_multiple_of(2) { "gene" } else { "dose" });
    let mut text = (0..p).map(name).collect::<Vec<_>>().join(",");
    text.push_str(",y\n");
    for _ in 0..60 {
        let row: Vec<f64> = (0..p).map(|_| next()).collect();
        for value in &row {
            write!(text, "{value:.4},").unwrap();
        }
        writeln!(text, "{:.5}", 9.0 * row[0] + 6.0 * row[1] - 4.0 * row[2] + next()).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.csv");
    std::fs::write(&path, text).unwrap();
    (folder, Opening { file: Some(path), target: Some("y".to_owned()), ..Opening::default() })
}

fn type_into(harness: &mut Harness<'_, App>, field: &str, text: &str) {
    harness.get_by_label(field).click();
    harness.run();
    harness.get_by_label(field).type_text(text);
    harness.run();
}

/// How many rows of the table stand on the screen.
fn rows(harness: &Harness<'_, App>) -> (usize, usize) {
    let of = |name: &str| {
        harness
            .query_all_by_label_contains(", least squares")
            .filter(|node| node.accesskit_node().label().is_some_and(|label| label.starts_with(name)))
            .count()
    };
    (of("gene"), of("dose"))
}

#[test]
fn a_few_features_need_no_search() {
    let (_folder, opening) = table(20);
    let (harness, _) = window([1440.0, 900.0], opening);
    assert!(harness.query_by_label(IN_LIST).is_none());
    assert!(harness.query_by_label(IN_TABLE).is_none());
}

#[test]
fn the_table_shows_what_is_found_and_selected() {
    let (_folder, opening) = table(40);
    let (mut harness, _) = window([1440.0, 900.0], opening);
    let (genes, doses) = rows(&harness);
    assert!(genes > 0 && doses > 0);
    let before = harness.state().selection().unwrap().clone();
    type_into(&mut harness, IN_TABLE, "GENE_");
    let (genes, doses) = rows(&harness);
    assert!(genes > 0 && doses == 0, "{genes} genes, {doses} doses");
    harness.get_by_label("Selected only").click();
    harness.run();
    let app = harness.state();
    let point = app.selection().unwrap().point(app.analysis().unwrap(), Penalty::Lasso);
    let selected = (0..40).filter(|j| j % 2 == 0 && point.solution()[*j] != 0.0).count();
    assert!(selected > 0 && selected < 20);
    assert_eq!(rows(&harness), (selected, 0), "all of them fit on the screen");
    assert_eq!(app.selection().unwrap().cursor(Penalty::Lasso), before.cursor(Penalty::Lasso));
    type_into(&mut harness, IN_TABLE, "nowhere");
    assert_eq!(rows(&harness), (0, 0));
    harness.key_press(Key::Escape);
    harness.run();
    assert!(rows(&harness).1 > 0, "Esc in the field clears it");
}

#[test]
fn all_and_none_mean_the_columns_that_are_found() {
    let (_folder, opening) = table(40);
    let (mut harness, _) = window([1440.0, 900.0], opening);
    type_into(&mut harness, IN_LIST, "dose");
    assert!(harness.query_by_label("Use gene_0").is_none());
    harness.get_by_label("None").click();
    settle(&mut harness);
    let roles = &harness.state().document().unwrap().roles;
    assert_eq!(roles.excluded.iter().copied().collect::<Vec<_>>(), (1..40).step_by(2).collect::<Vec<_>>());
    assert_eq!(harness.state().analysis().unwrap().design.features.len(), 20);
    harness.get_by_label("Used").click();
    harness.run();
    assert!(harness.query_by_label("Use dose_1").is_none(), "none of those that are found is used");
    harness.get_by_label("Used").click();
    harness.run();
    harness.get_by_label("All").click();
    settle(&mut harness);
    assert_eq!(harness.state().analysis().unwrap().design.features.len(), 40);
}
