//! The window while cross-validation runs, and after. A gate holds the job between paths and cross-validation.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use shrinkscope::analysis::Penalty;
use shrinkscope::app::job::Pace;
use shrinkscope::app::selection::{Link, Rule};
use shrinkscope::app::{App, Opening};

use crate::window::{Answers, settle, window_at};

const SIZE: [f32; 2] = [1440.0, 900.0];
const RUNNING: &str = "Cross-validating…";
const CANCELLED: &str = "Cross-validation was cancelled";

/// Every job hands over its paths and waits there for a word; once the sender is gone none waits any more.
fn gate() -> (Pace, Sender<()>) {
    let (open, opened) = channel();
    let opened = Mutex::new(opened);
    let wait = move || {
        // An error says that the gate is gone.
        opened.lock().unwrap().recv().ok();
    };
    (Pace { after: Duration::ZERO, handed_over: Arc::new(wait), ..Pace::default() }, open)
}

/// Steps until something holds.
fn step_until(harness: &mut Harness<'_, App>, what: &str, holds: impl Fn(&App) -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !holds(harness.state()) {
        assert!(Instant::now() < deadline, "never {what}");
        harness.step();
        std::thread::yield_now();
    }
    // What is said is on screen.
    harness.step();
}

/// The diabetes example, its paths on screen, cross-validation held.
fn held<'a>() -> (Harness<'a, App>, Answers, Sender<()>) {
    let (pace, open) = gate();
    let (mut harness, answers) = window_at(SIZE, Opening::default(), pace, |builder| builder);
    step_until(&mut harness, "paths", |app| app.analysis().is_some());
    assert!(!harness.state().analysis().unwrap().is_cross_validated());
    (harness, answers, open)
}

fn cursor(harness: &Harness<'_, App>, penalty: Penalty) -> usize {
    harness.state().selection().unwrap().cursor(penalty).nearest()
}

fn index_1se(harness: &Harness<'_, App>) -> usize {
    harness.state().analysis().unwrap().lasso.cross_validation.as_ref().unwrap().index_1se
}

fn press(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    harness.step();
}

#[test]
fn paths_are_on_screen_before_their_cross_validation() {
    let (mut harness, answers, open) = held();
    assert!(harness.state().is_busy() && !harness.state().is_stale());
    assert_eq!(harness.query_all_by_label(RUNNING).count(), 2, "for either penalty");
    for label in ["Lasso path", "Ridge path", "Lasso alpha cursor", "Selected features", "Lasso geometry"] {
        harness.get_by_label(label);
    }
    assert!(harness.query_by_label("CV error").is_none(), "there is no error yet");
    assert!(harness.query_by_label_contains("kept in").is_none(), "nor a fold");
    for label in ["Lasso alpha Min", "Lasso alpha 1-SE", "Ridge alpha Min", "Export coefficients…"] {
        assert!(harness.get_by_label(label).accesskit_node().is_disabled(), "{label}");
    }
    let path = std::path::PathBuf::from("not asked for.csv");
    *answers.save.lock().unwrap() = Some(path.clone());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    harness.step();
    assert_eq!(*answers.save.lock().unwrap(), Some(path), "no dialog was opened");

    drop(open);
    settle(&mut harness);
    assert!(harness.state().analysis().unwrap().is_cross_validated());
    assert_eq!(harness.query_all_by_label(RUNNING).count(), 0);
    harness.get_by_label("CV error");
    assert!(harness.query_all_by_label_contains("kept in 10 of 10 folds").count() > 0);
    for label in ["Lasso alpha Min", "Lasso alpha 1-SE", "Ridge alpha Min", "Export coefficients…"] {
        assert!(!harness.get_by_label(label).accesskit_node().is_disabled(), "{label}");
    }
}

#[test]
fn an_untouched_cursor_goes_to_1se_and_all_else_stays() {
    let (mut harness, _, open) = held();
    harness.get_by_label("Coefficients Own").click();
    harness.get_by_label_contains("s5, lasso").click();
    harness.step();
    let center = harness.get_by_label_contains("bmi, lasso").rect().center();
    harness.hover_at(center);
    harness.step();
    let before = harness.state().selection().unwrap().clone();
    assert!(before.hovered.is_some());
    let places = |harness: &Harness<'_, App>| {
        ["Lasso path", "Ridge path", "Selected features", "Lasso geometry", "Lasso alpha Min"]
            .map(|label| harness.get_by_label(label).rect())
    };
    let stood = places(&harness);
    open.send(()).unwrap();
    settle(&mut harness);
    assert_eq!(cursor(&harness, Penalty::Lasso), index_1se(&harness));
    let after = harness.state().selection().unwrap();
    assert_eq!(after.rule(Penalty::Lasso), Rule::OneSe);
    assert_eq!(after.pair(), before.pair());
    assert_eq!((after.units, after.x_axis, after.link()), (before.units, before.x_axis, before.link()));
    assert_eq!(after.hovered, before.hovered);
    assert_eq!(places(&harness), stood, "nothing jumps");
}

#[test]
fn a_cursor_moved_by_hand_stays() {
    let (mut harness, _, open) = held();
    harness.get_by_label("Lasso alpha cursor").focus();
    harness.step();
    press(&mut harness, Key::End);
    press(&mut harness, Key::ArrowLeft);
    let (lasso, ridge) = (cursor(&harness, Penalty::Lasso), cursor(&harness, Penalty::Ridge));
    open.send(()).unwrap();
    settle(&mut harness);
    assert_eq!(lasso, harness.state().analysis().unwrap().lasso.path.len() - 2);
    assert_eq!((cursor(&harness, Penalty::Lasso), cursor(&harness, Penalty::Ridge)), (lasso, ridge));
    assert_ne!(lasso, index_1se(&harness), "else this says nothing");
    assert_eq!(harness.state().selection().unwrap().rule(Penalty::Lasso), Rule::Manual);
}

#[test]
fn without_a_link_either_cursor_is_judged_by_itself() {
    let (mut harness, _, open) = held();
    let analysis = Arc::clone(harness.state().analysis().unwrap());
    let mut moved = harness.state().selection().unwrap().clone();
    moved.set_link(&analysis, Link::Free);
    moved.move_to(&analysis, Penalty::Ridge, 3);
    open.send(()).unwrap();
    settle(&mut harness);
    let whole = harness.state().analysis().unwrap();
    let after = moved.carried_over(&analysis, whole);
    assert_eq!(after.cursor(Penalty::Ridge).nearest(), 3);
    assert_eq!(after.cursor(Penalty::Lasso).nearest(), index_1se(&harness));
}

#[test]
fn cancelling_keeps_the_paths_and_leads_on() {
    let (mut harness, _, open) = held();
    press(&mut harness, Key::Escape);
    harness.step();
    let app = harness.state();
    assert!(!app.is_busy() && !app.is_stale());
    assert!(app.message().is_none(), "{:?}", app.message());
    assert!(!app.analysis().unwrap().is_cross_validated());
    assert_eq!(harness.query_all_by_label(CANCELLED).count(), 2);
    harness.get_by_label("Lasso path");
    assert!(harness.get_by_label("Export coefficients…").accesskit_node().is_disabled());
    drop(open);
    harness.get_all_by_label("Compute again").next().unwrap().click();
    harness.step();
    settle(&mut harness);
    assert!(harness.state().analysis().unwrap().is_cross_validated());
    assert_eq!(harness.query_all_by_label(CANCELLED).count(), 0);
    assert_eq!(cursor(&harness, Penalty::Lasso), index_1se(&harness));
}

#[test]
fn paths_without_cross_validation_say_why() {
    let pace =
        Pace { after: Duration::ZERO, handed_over: Arc::new(|| panic!("a fault between the two")), ..Pace::default() };
    let (mut harness, _) = window_at(SIZE, Opening::default(), pace, |builder| builder);
    step_until(&mut harness, "a failure", |app| app.message().is_some() && !app.is_busy());
    let app = harness.state();
    assert!(app.message().unwrap().contains("a fault between the two"));
    assert!(app.analysis().is_some_and(|analysis| !analysis.is_cross_validated()));
    assert_eq!(harness.query_all_by_label("Cross-validation failed").count(), 2);
}

#[test]
fn a_quick_job_hands_over_nothing_before_its_end() {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let handed_over = Arc::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    let pace = Pace { after: Duration::MAX, handed_over, ..Pace::default() };
    let (mut harness, _) = window_at(SIZE, Opening::default(), pace, |builder| builder);
    settle(&mut harness);
    assert!(harness.state().analysis().unwrap().is_cross_validated());
    assert_eq!(count.load(Ordering::Relaxed), 0);
}
