//! The guided tour moves real controls on the example, and leaves what was open as it was.

mod window;

use std::fmt::Write;

use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use shrinkscope::analysis::Penalty;
use shrinkscope::app::command::Command;
use shrinkscope::app::data_view::Page;
use shrinkscope::app::selection::Rule;
use shrinkscope::app::tour::{Focus, STEPS};
use shrinkscope::app::{App, Opening};
use shrinkscope::model::standardize::Scale;
use window::{settle, window};

const SIZE: [f32; 2] = [1280.0, 800.0];

fn click(harness: &mut Harness<'_, App>, label: &str) {
    harness.get_by_label(label).click();
    harness.run_ok();
    settle(harness);
}

#[test]
fn every_step_shows_what_it_tells_of() {
    let (mut harness, _) = window(SIZE, Opening::default());
    click(&mut harness, "Tour");
    for (at, step) in STEPS.iter().enumerate() {
        let app = harness.state();
        assert_eq!(app.tour().unwrap().at(), at);
        harness.get_by_label(step.title);
        harness.get_by_label(step.text);
        harness.get_by_label(&format!("Step {} of {}", at + 1, STEPS.len()));
        assert_eq!(app.analysis().unwrap().settings.scale, step.scale, "step {at}");
        assert_eq!(app.page() == Page::Geometry, step.focus == Focus::Geometry, "step {at}");
        if at + 1 < STEPS.len() {
            click(&mut harness, "Next");
        }
    }
    click(&mut harness, "Back");
    assert_eq!(harness.state().analysis().unwrap().settings.scale, Scale::Standardize, "a step back is one");
    click(&mut harness, "Leave the tour");
    assert!(harness.state().tour().is_none());
}

#[test]
fn what_was_open_comes_back_untouched() {
    let opening = Opening { example: Some("correlated".to_owned()), ..Opening::default() };
    let (mut harness, _) = window(SIZE, opening);
    click(&mut harness, "Use x3");
    click(&mut harness, "Lasso alpha Min");
    let (analysis, selection) = {
        let app = harness.state();
        (app.analysis().unwrap().clone(), app.selection().unwrap().clone())
    };
    assert_eq!(selection.rule(Penalty::Lasso), Rule::Min);
    click(&mut harness, "Tour");
    click(&mut harness, "Next");
    // Whatever is done to the example meanwhile.
    click(&mut harness, "Use bmi");
    assert_eq!(harness.state().analysis().unwrap().design.features.len(), 9);
    click(&mut harness, "Leave the tour");
    let app = harness.state();
    assert!(std::sync::Arc::ptr_eq(app.analysis().unwrap(), &analysis), "not even computed again");
    assert_eq!(app.selection().unwrap().cursor(Penalty::Lasso), selection.cursor(Penalty::Lasso));
    assert!(!app.is_stale());
    // Its steps can still be taken back: first the alpha, then the feature.
    for _ in 0..2 {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        harness.run_ok();
        settle(&mut harness);
    }
    assert_eq!(harness.state().analysis().unwrap().design.features.len(), analysis.design.features.len() + 1);
}

#[test]
fn enter_leads_on_and_escape_out() {
    let (mut harness, _) = window(SIZE, Opening::default());
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, Command::StartTour);
    settle(&mut harness);
    harness.key_press(Key::Enter);
    harness.run_ok();
    settle(&mut harness);
    assert_eq!(harness.state().tour().unwrap().at(), 1);
    harness.key_press(Key::Escape);
    harness.run_ok();
    settle(&mut harness);
    assert!(harness.state().tour().is_none());
}

#[test]
fn opening_a_table_ends_the_tour() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.csv");
    let mut text = "a,b,y\n".to_owned();
    for i in 0..30 {
        writeln!(text, "{i},{},{}", i * 7 % 11, i + i * 7 % 11).unwrap();
    }
    std::fs::write(&path, text).unwrap();
    let (mut harness, answers) = window(SIZE, Opening::default());
    click(&mut harness, "Tour");
    *answers.open.lock().unwrap() = Some(path);
    click(&mut harness, "Open CSV…");
    let app = harness.state();
    assert!(app.tour().is_none());
    assert_eq!(app.document().unwrap().table.name, "two.csv");
}
