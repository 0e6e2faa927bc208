//! What stands in the window while there is no result: each state says what happened, why, and what to do next.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod window;

use std::path::{Path, PathBuf};

use eframe::egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use shrinkscope::app::command::Command;
use shrinkscope::app::data_view::Page;
use shrinkscope::app::{App, Opening};
use window::gate::Gate;
use window::{settle, window, window_at};

const SIZE: [f32; 2] = [1440.0, 900.0];

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn opened<'a>(file: PathBuf, target: Option<&str>) -> Harness<'a, App> {
    window(SIZE, Opening { file: Some(file), target: target.map(str::to_owned), ..Opening::default() }).0
}

#[test]
fn a_table_without_numbers_is_shown_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let rows = ["n/k;ann", "12 eur;bob", "13 eur;cid", "15 eur;dan"];
    let path = write(folder.path(), "text.csv", &format!("price;name\n{}\n", rows.join("\n")));
    let mut harness = opened(path, None);
    let app = harness.state();
    assert_eq!((app.page(), app.document().unwrap().table.n_records), (Page::Data, 4));
    let said = app.message().unwrap().to_owned();
    assert!(said.contains("“price” holds") && said.contains("“name” holds") && said.contains("type"), "{said}");
    harness.get_by_label(&said);
    assert!(harness.query_all_by_label("Import options…").count() > 0);
    assert!(harness.query_by_label("Dismiss").is_none(), "it stays true");
    // The analysis says it, too, and leads back.
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, Command::ShowPage(Page::Analysis));
    harness.run();
    harness.get_by_label("No fit yet");
    harness.get_by_label("Show the data").click();
    harness.run();
    assert_eq!(harness.state().page(), Page::Data);
}

#[test]
fn a_guessed_target_is_said_to_be_one_until_it_is_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let text = "a,b,c\n1,2,5\n2,1,6\n3,5,1\n4,4,9\n7,1,3\n";
    let path = write(folder.path(), "table.csv", text);
    let mut harness = opened(path.clone(), None);
    harness.get_by_label("guessed");
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, Command::SetTarget(1));
    settle(&mut harness);
    assert!(harness.query_by_label("guessed").is_none());
    assert!(opened(path, Some("c")).query_by_label("guessed").is_none());
    assert!(window(SIZE, Opening::default()).0.query_by_label("guessed").is_none(), "an example is no guess");
}

#[test]
fn a_failure_offers_only_what_may_help() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "table.csv", "a,b,y\n1,2,5\n2,1,6\n3,5,1\n4,4,9\n");
    let mut harness = opened(path, Some("y"));
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, Command::SetExcluded(vec![0, 1], true));
    settle(&mut harness);
    assert!(harness.state().message().unwrap().starts_with("No column can predict"));
    assert!(harness.query_by_label("Compute again").is_none());
    harness.get_by_label("Undo exclude 2 columns").click();
    settle(&mut harness);
    assert_eq!(harness.state().message(), Some("Taken back: exclude 2 columns"));
    assert!(!harness.state().is_stale());
    let constant = write(folder.path(), "constant.csv", "a,b,y\n1,2,5\n2,1,5\n3,5,5\n4,4,5\n");
    let harness = opened(constant, Some("y"));
    harness.get_by_label("No fit yet");
    harness.get_by_label("Choose another target");
    assert!(harness.query_by_label("Compute again").is_none(), "it would end the same way");
    let harness = opened(folder.path().join("none.csv"), None);
    assert!(harness.state().message().unwrap().contains("no such file"));
    assert!(harness.query_by_label("Import options…").is_none(), "they open no file");
}

#[test]
fn a_running_job_says_how_far_it_is_and_can_be_stopped() {
    let (pace, gate) = Gate::new();
    let (mut harness, _) = window_at(SIZE, Opening::default(), pace, |builder| builder);
    for _ in 0..8 {
        gate.advance(5);
        harness.step();
    }
    harness.get_by_label("Reading Diabetes");
    harness.get_by_label("40 %, about 10 s left");
    harness.key_press(Key::Escape);
    harness.step();
    harness.step();
    harness.get_by_label("Open a table to see what shrinks");
    drop(gate);
}

#[test]
fn an_export_shows_its_progress_and_can_be_stopped() {
    let (pace, gate) = Gate::new();
    let (mut harness, answers) = window_at(SIZE, Opening::default(), pace, |builder| builder);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("path.csv");
    gate.open();
    settle(&mut harness);
    gate.close();
    *answers.save.lock().unwrap() = Some(path.clone());
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, Command::Export(shrinkscope::export::File::Path));
    for _ in 0..8 {
        harness.step();
        gate.advance(5);
    }
    harness.step();
    harness.get_by_label("Writing path.csv, about 10 s left");
    harness.get_by_label("Cancel").click();
    harness.step();
    gate.open();
    settle(&mut harness);
    assert!(!harness.state().is_busy() && !path.exists());
    assert!(harness.state().message().is_none());
    harness.get_by_label("Lasso path");
}
