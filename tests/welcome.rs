//! The welcome page, the guide, and the ways to and from them.

mod window;

use eframe::egui::{Key, accesskit::Role};
use egui_kittest::kittest::Queryable;
use shrinkscope::app::Opening;
use shrinkscope::app::command::Command;
use window::{settle, window};

const SIZE: [f32; 2] = [1280.0, 800.0];

#[test]
fn from_the_welcome_page_to_a_path_in_two_clicks() {
    for (name, rows) in [("Known truth", 200), ("Noisy curve", 60), ("Diabetes", 442)] {
        let (mut harness, _) = window(SIZE, Opening::default());
        let ctx = harness.ctx.clone();
        harness.state_mut().run(&ctx, Command::CloseTable);
        harness.run();
        let app = harness.state();
        assert!(app.document().is_none() && app.analysis().is_none());
        harness.get_by_label("Open a table to see what shrinks");
        // One click, and the path is there; the second chooses alpha in it.
        harness.get_by_label(&format!("Open example {name}")).click();
        settle(&mut harness);
        assert_eq!(harness.state().analysis().expect("analysed").n_samples(), rows);
        harness.get_by_label("Lasso path");
        harness.get_by_label("Lasso alpha Min").click();
        harness.run();
    }
}

#[test]
fn closing_leaves_nothing_of_the_table() {
    let (mut harness, _) = window(SIZE, Opening::default());
    harness.key_press(Key::P);
    harness.run();
    harness.get_by_role_and_label(Role::Button, "Examples").click();
    harness.run();
    harness.get_by_label("Close table").click();
    harness.run();
    harness.get_by_label("No table open");
    harness.get_by_label("Take the tour");
    assert!(harness.query_by_label("Target").is_none());
    // The same table opens as new: no pin, nothing to undo.
    harness.get_by_label("Open example Diabetes").click();
    settle(&mut harness);
    assert!(harness.state().selection().unwrap().pinned.is_none());
    assert!(harness.query_by_label("Unpin").is_none());
}

#[test]
fn a_tour_from_the_welcome_page_leads_back_to_it() {
    let (mut harness, _) = window(SIZE, Opening::default());
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, Command::CloseTable);
    harness.run();
    harness.get_by_label("Take the tour").click();
    settle(&mut harness);
    assert!(harness.state().tour().is_some());
    // A running tour keeps its table.
    harness.state_mut().run(&ctx, Command::CloseTable);
    assert!(harness.state().document().is_some());
    harness.state_mut().run(&ctx, Command::LeaveTour);
    harness.run();
    harness.get_by_label("Open a table to see what shrinks");
}

#[test]
fn help_opens_by_its_button_and_closes_by_escape() {
    let (mut harness, _) = window(SIZE, Opening::default());
    harness.get_by_label("Help").click();
    harness.run();
    harness.get_by_label("What the numbers mean");
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.query_by_label("What the numbers mean").is_none());
    harness.key_press(Key::F1);
    harness.run();
    harness.get_by_label("Close help").click();
    harness.run();
    assert!(harness.query_by_label("Close help").is_none());
    assert!(harness.state().analysis().is_some(), "what is shown stays");
}

#[test]
fn the_tour_starts_from_the_guide() {
    let (mut harness, _) = window(SIZE, Opening::default());
    harness.key_press(Key::F1);
    harness.run();
    harness.get_by_label("Take the tour").click();
    settle(&mut harness);
    assert!(harness.state().tour().is_some());
    assert!(harness.query_by_label("Close help").is_none(), "the guide makes room");
}
