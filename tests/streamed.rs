//! A file larger than the memory limit, in the window.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod window;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use shrinkscope::app::command::Command;
use shrinkscope::app::{App, Opening};
use shrinkscope::data::options::ImportOptions;
use window::{settle, window};

const SIZE: [f32; 2] = [1920.0, 1000.0];

fn run(harness: &mut Harness<'_, App>, command: Command) {
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, command);
    settle(harness);
}

/// The window with a table of 25000 rows, of which the limit allows none to be kept.
fn streamed<'a>(folder: &tempfile::TempDir) -> (Harness<'a, App>, PathBuf) {
    let path = folder.path().join("rows.csv");
    let mut text = "a,k,y\n".to_owned();
    for i in 0..25_000 {
        let a = if i % 100 == 7 { String::new() } else { (i * 7 % 11).to_string() };
        writeln!(text, "{a},{},{}", ["u", "v", "w"][i % 3], i * 5 % 13 + i % 3).unwrap();
    }
    fs::write(&path, text).unwrap();
    let opening = Opening { file: Some(path.clone()), target: Some("y".to_owned()), ..Opening::default() };
    let (mut harness, _) = window(SIZE, opening);
    let options = ImportOptions { memory_limit: Some(10_000), ..ImportOptions::default() };
    run(&mut harness, Command::SetImport(Box::new(options)));
    (harness, path)
}

#[test]
fn rows_are_summed_up_and_the_window_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (mut harness, _) = streamed(&folder);
    let analysis = harness.state().analysis().unwrap().clone();
    assert_eq!((analysis.n_samples(), analysis.keeps_rows()), (24_750, false));
    assert_eq!(analysis.design.features.len(), 3);
    for said in ["24,750 rows in one pass", "first 25,000 rows × 3 columns"] {
        assert!(harness.query_by_label(said).is_some(), "{said}");
    }
    assert!(harness.query_all_by_label_contains("read in one pass and not kept").next().is_some());

    run(&mut harness, Command::Verify);
    assert!(harness.state().message().unwrap().contains("what the rows sum up to"));
}

#[test]
fn other_settings_of_the_sweep_need_no_other_pass() {
    let folder = tempfile::tempdir().unwrap();
    let (mut harness, path) = streamed(&folder);
    fs::remove_file(path).unwrap();
    let mut form = harness.state().document().unwrap().form.clone();
    form.l1_ratio = 0.5;
    run(&mut harness, Command::SetForm(form.clone()));
    assert_eq!(harness.state().analysis().unwrap().settings.l1_ratio.to_bits(), 0.5_f64.to_bits());
    assert_eq!(harness.state().message(), None);

    // Another deal does.
    form.seed = 7;
    run(&mut harness, Command::SetForm(form));
    assert!(harness.state().message().unwrap().contains("there is no such file"));
}
