//! The whole window by keyboard: keys of commands, the walk with Tab, lists.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod window;

use eframe::egui::{Key, Modifiers, Role};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use shrinkscope::analysis::{Cursor, Penalty};
use shrinkscope::app::command::Command;
use shrinkscope::app::data_view::Page;
use shrinkscope::app::keys::keys_of;
use shrinkscope::app::palette::title;
use shrinkscope::app::selection::Rule;
use shrinkscope::app::{App, Opening};
use window::{settle, window};

const SIZE: [f32; 2] = [1280.0, 800.0];

fn press(harness: &mut Harness<'_, App>, key: Key) {
    press_with(harness, Modifiers::NONE, key);
}

fn press_with(harness: &mut Harness<'_, App>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run();
}

fn at(harness: &Harness<'_, App>, penalty: Penalty) -> Cursor {
    harness.state().selection().unwrap().cursor(penalty).clone()
}

/// Features the lasso selects at its cursor.
fn selected(harness: &Harness<'_, App>) -> Vec<bool> {
    let app = harness.state();
    let point = app.selection().unwrap().point(app.analysis().unwrap(), Penalty::Lasso);
    point.solution().iter().map(|w| *w != 0.0).collect()
}

#[test]
fn arrows_step_the_alpha_moved_last() {
    for page in [Page::Analysis, Page::Geometry] {
        let (mut harness, _) = window(SIZE, Opening::default());
        let ctx = harness.ctx.clone();
        harness.state_mut().run(&ctx, Command::ShowPage(page));
        harness.run();
        let start = at(&harness, Penalty::Lasso).nearest();
        press(&mut harness, Key::ArrowRight);
        assert_eq!(at(&harness, Penalty::Lasso), Cursor::on_grid(start + 1));
        press(&mut harness, Key::ArrowLeft);
        press(&mut harness, Key::ArrowLeft);
        assert_eq!(at(&harness, Penalty::Lasso), Cursor::on_grid(start - 1));
        let before = selected(&harness);
        press_with(&mut harness, Modifiers::SHIFT, Key::ArrowRight);
        assert_ne!(selected(&harness), before);
        let there = at(&harness, Penalty::Lasso).nearest();
        press(&mut harness, Key::ArrowLeft);
        assert_eq!(selected(&harness), before, "the first place where the set differs");
        assert!(there > start - 1);
        press(&mut harness, Key::Home);
        assert_eq!(at(&harness, Penalty::Lasso), Cursor::on_grid(0));
        assert!(selected(&harness).iter().all(|kept| !kept));
    }
}

#[test]
fn m_and_s_follow_the_rules_and_are_taken_back() {
    let (mut harness, _) = window(SIZE, Opening::default());
    let rule = |h: &Harness<'_, App>| h.state().selection().unwrap().rule(Penalty::Lasso);
    assert_eq!(rule(&harness), Rule::OneSe);
    press(&mut harness, Key::M);
    assert_eq!(rule(&harness), Rule::Min);
    let least = harness.state().analysis().unwrap().lasso.cross_validation.as_ref().unwrap().index_min;
    assert_eq!(at(&harness, Penalty::Lasso), Cursor::on_grid(least));
    press_with(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(rule(&harness), Rule::OneSe);
    press(&mut harness, Key::M);
    press(&mut harness, Key::S);
    assert_eq!(rule(&harness), Rule::OneSe);
}

#[test]
fn a_text_field_and_a_focused_control_keep_their_keys() {
    let (mut harness, _) = window(SIZE, Opening::default());
    let before = at(&harness, Penalty::Lasso);
    harness.get_by_label("Tour").focus();
    harness.run();
    press(&mut harness, Key::ArrowRight);
    assert_eq!(at(&harness, Penalty::Lasso), before);
    press_with(&mut harness, Modifiers::COMMAND, Key::F);
    for key in [Key::M, Key::ArrowRight, Key::Questionmark] {
        press(&mut harness, key);
    }
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, Command::ShowPage(Page::Analysis));
    harness.run();
    assert_eq!(at(&harness, Penalty::Lasso), before);
    assert!(harness.query_by_label("Close keys").is_none());
}

#[test]
fn the_key_sheet_names_every_key_of_a_command() {
    let (mut harness, _) = window(SIZE, Opening::default());
    press_with(&mut harness, Modifiers::SHIFT, Key::Questionmark);
    for command in Command::WITH_KEYS {
        assert!(command.shortcut().is_some());
        let keys = keys_of(&harness.ctx, &command).unwrap();
        assert!(harness.query_all_by_label(&keys).next().is_some(), "{keys}");
        assert!(harness.query_all_by_label(&title(&command)).next().is_some(), "{}", title(&command));
    }
    let before = at(&harness, Penalty::Lasso);
    press(&mut harness, Key::M);
    assert_eq!(at(&harness, Penalty::Lasso), before, "what lies below is out of reach");
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("Close keys").is_none());
}

#[test]
fn no_two_commands_share_a_key() {
    let all: Vec<_> = Command::WITH_KEYS.iter().flat_map(|c| [c.shortcut(), c.other_shortcut()]).flatten().collect();
    for (i, key) in all.iter().enumerate() {
        assert!(!all[..i].contains(key), "{key:?}");
        // A key without Shift is heard with Shift, too, so the one with Shift must be asked first.
        let hides = |earlier: &eframe::egui::KeyboardShortcut| {
            earlier.logical_key == key.logical_key && key.modifiers.matches_logically(earlier.modifiers)
        };
        assert!(!all[..i].iter().any(hides), "{key:?} is never heard");
    }
}
