//! Undo takes back what was chosen, with what was asked.

mod window;

use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable;
use shrinkscope::analysis::Penalty;
use shrinkscope::app::selection::Rule;
use shrinkscope::app::{App, Opening};
use window::{settle, window};

const SIZE: [f32; 2] = [1440.0, 900.0];

#[test]
fn undo_takes_back_what_was_chosen_too() {
    let (mut harness, _) = window(SIZE, Opening::default());
    let alpha = |h: &egui_kittest::Harness<'_, App>| {
        let app = h.state();
        app.selection().unwrap().point(app.analysis().unwrap(), Penalty::Lasso).alpha()
    };
    let (first, pair) = (alpha(&harness), harness.state().selection().unwrap().pair());
    // A drag over many frames is one step.
    let center = harness.get_by_label("Lasso alpha cursor").rect().center();
    harness.hover_at(center);
    harness.step();
    harness.drag_at(center);
    harness.step();
    for i in 1..6_u8 {
        harness.hover_at(center + vec2(10.0 * f32::from(i), 0.0));
        harness.step();
    }
    harness.drop_at(center + vec2(50.0, 0.0));
    harness.run();
    let dragged = alpha(&harness);
    assert!(dragged < first);
    harness.get_by_label_contains("sex, lasso").click();
    harness.run();
    assert_ne!(harness.state().selection().unwrap().pair(), pair);
    harness.get_by_label("Use age").click();
    harness.run_ok();
    settle(&mut harness);
    assert_eq!(harness.state().analysis().unwrap().design.features.len(), 9);
    let undo = |harness: &mut egui_kittest::Harness<'_, App>| {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        harness.run_ok();
        settle(harness);
    };
    undo(&mut harness);
    assert_eq!(harness.state().analysis().unwrap().design.features.len(), 10);
    assert_eq!(alpha(&harness).to_bits(), dragged.to_bits(), "the choice comes back with its analysis");
    undo(&mut harness);
    assert_eq!(harness.state().selection().unwrap().pair(), pair);
    assert_eq!(alpha(&harness).to_bits(), dragged.to_bits());
    undo(&mut harness);
    assert_eq!(alpha(&harness).to_bits(), first.to_bits());
    assert_eq!(harness.state().selection().unwrap().rule(Penalty::Lasso), Rule::OneSe);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    harness.run_ok();
    assert_eq!(alpha(&harness).to_bits(), dragged.to_bits(), "and again");
}
