//! What one column may do beyond being a feature, by its menu.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod window;

use std::fmt::Write as _;
use std::fs;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use shrinkscope::app::{App, Opening};
use window::{settle, window};

const SIZE: [f32; 2] = [1440.0, 900.0];

fn names(harness: &Harness<'_, App>) -> Vec<String> {
    harness.state().analysis().unwrap().design.features.iter().map(|f| f.name.clone()).collect()
}

/// Opens the menu of a column and clicks an entry.
fn choose(harness: &mut Harness<'_, App>, column: &str, entry: &str) {
    harness.get_by_label(&format!("Options of {column}")).click();
    harness.run();
    harness.get_by_label(entry).click();
    settle(harness);
}

#[test]
fn powers_and_interactions_become_features_and_are_undone() {
    let (mut harness, _) = window(SIZE, Opening::default());
    choose(&mut harness, "age", "Powers of age up to 2");
    assert!(names(&harness).contains(&"age^2".to_owned()));
    choose(&mut harness, "age", "Interactions");
    choose(&mut harness, "bmi", "Interactions");
    assert!(names(&harness).contains(&"age:bmi".to_owned()));
    assert_eq!(names(&harness).len(), 12);
    for left in [11, 11, 10] {
        harness.get_by_label("Undo").click();
        settle(&mut harness);
        assert_eq!(names(&harness).len(), left);
    }
}

#[test]
fn a_reference_level_and_weights_are_chosen_in_the_window() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("groups.csv");
    let mut text = "g,x,w,y\n".to_owned();
    for i in 0..30 {
        let group = ["red", "blue", "green"][i % 3];
        writeln!(text, "{group},{},{},{}", i * 7 % 11, 1 + i % 4, i * 5 % 13).unwrap();
    }
    fs::write(&path, text).unwrap();
    let opening = Opening { file: Some(path), target: Some("y".to_owned()), ..Opening::default() };
    let (mut harness, _) = window(SIZE, opening);
    assert_eq!(names(&harness), ["g=green", "g=red", "x", "w"]);
    choose(&mut harness, "g", "red");
    assert_eq!(names(&harness), ["g=blue", "g=green", "x", "w"]);
    choose(&mut harness, "w", "Use as case weights");
    assert_eq!(names(&harness), ["g=blue", "g=green", "x"]);
    assert!(harness.state().analysis().unwrap().design.case_weights.is_some());
    choose(&mut harness, "w", "Use as folds");
    let analysis = harness.state().analysis().unwrap().clone();
    assert_eq!(analysis.lasso.cross_validation.as_ref().unwrap().n_folds, 4);
    assert!(analysis.design.case_weights.is_none(), "a column plays one part");
    choose(&mut harness, "w", "Use as case weights");
    assert_eq!(
        harness.state().analysis().unwrap().lasso.cross_validation.as_ref().unwrap().n_folds,
        10,
        "dealt at random again"
    );
    choose(&mut harness, "w", "Use as case weights");
    assert_eq!(names(&harness), ["g=blue", "g=green", "x", "w"]);
}
