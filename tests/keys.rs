//! The whole window by keyboard: keys of commands, the walk with Tab, lists.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod window;

use eframe::egui::{Event, Key, KeyboardShortcut, Modifiers, Role};
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
        let hides = |earlier: &KeyboardShortcut| {
            earlier.logical_key == key.logical_key && key.modifiers.matches_logically(earlier.modifiers)
        };
        assert!(!all[..i].iter().any(hides), "{key:?} is never heard");
    }
}

fn many_columns() -> Opening {
    Opening { example: Some("correlated".to_owned()), ..Opening::default() }
}

/// Opens the list of a box by keyboard alone, as its focus would after Tab.
fn open_box(harness: &mut Harness<'_, App>, name: &str) {
    harness.get_by_role_and_label(Role::ComboBox, name).focus();
    harness.run();
    press(harness, Key::Enter);
}

fn finish(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    harness.run_ok();
    settle(harness);
}

#[test]
fn a_long_list_of_targets_is_searched_and_walked() {
    let (mut harness, _) = window(SIZE, many_columns());
    let before = harness.state().analysis().unwrap().design.target.clone();
    open_box(&mut harness, "Target");
    let field = harness.get_by_role_and_label(Role::TextInput, "Search target columns").rect();
    let rows: Vec<_> = harness.query_all_by_role(Role::ListBoxOption).collect();
    let present = rows.iter().find(|row| row.accesskit_node().label().as_deref() == Some(before.as_str())).unwrap();
    assert!(present.rect().top() > field.bottom(), "the present target is in view");
    drop(rows);
    harness.event(Event::Text("x3".to_owned()));
    harness.run();
    press(&mut harness, Key::ArrowDown);
    finish(&mut harness, Key::Enter);
    // x3 itself comes first, then x30.
    assert_eq!(harness.state().analysis().unwrap().design.target, "x30");
    assert!(harness.get_by_role_and_label(Role::ComboBox, "Target").is_focused(), "the focus comes back");
}

#[test]
fn the_last_of_a_long_list_scrolls_into_view() {
    let (mut harness, _) = window(SIZE, many_columns());
    open_box(&mut harness, "First feature of the geometry");
    for _ in 0..60 {
        harness.key_press(Key::ArrowDown);
    }
    harness.run();
    finish(&mut harness, Key::Enter);
    let app = harness.state();
    assert_eq!(app.selection().unwrap().pair().0, *app.analysis().unwrap().entry_order.last().unwrap());
}

#[test]
fn a_short_list_opens_at_its_choice_and_is_walked() {
    let (mut harness, _) = window(SIZE, Opening::default());
    open_box(&mut harness, "Target");
    assert!(harness.query_by_role(Role::TextInput).is_none(), "eleven columns need no search");
    press(&mut harness, Key::ArrowUp);
    press(&mut harness, Key::ArrowUp);
    finish(&mut harness, Key::Enter);
    // The target is the last column.
    assert_eq!(harness.state().analysis().unwrap().design.target, "s5");
    let axis = "Horizontal axis of the paths";
    open_box(&mut harness, axis);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().selection().unwrap().x_axis, shrinkscope::app::selection::XAxis::Df);
    open_box(&mut harness, axis);
    press(&mut harness, Key::Escape);
    assert!(harness.get_by_role_and_label(Role::ComboBox, axis).is_focused());
}

#[test]
fn a_menu_is_walked_by_arrows() {
    let (mut harness, _) = window(SIZE, Opening::default());
    harness.get_by_role_and_label(Role::Button, "Examples").focus();
    harness.run();
    press(&mut harness, Key::Enter);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::ArrowDown);
    finish(&mut harness, Key::Enter);
    assert_eq!(harness.state().document().unwrap().table.columns.len(), 41);
}

/// Everything Tab comes to has a name and lies in the window; a feature below the visible part of the list is walked to.
#[test]
fn tab_goes_through_the_whole_window() {
    for (opening, page) in
        [(many_columns(), Page::Analysis), (Opening::default(), Page::Geometry), (Opening::default(), Page::Data)]
    {
        let (mut harness, _) = window(SIZE, opening);
        let ctx = harness.ctx.clone();
        harness.state_mut().run(&ctx, Command::ShowPage(page));
        harness.run();
        let mut visited = Vec::new();
        for _ in 0..400 {
            press(&mut harness, Key::Tab);
            let Some(node) = harness.query_by(|node| node.is_focused() && node.role() != Role::Window) else { break };
            let access = node.accesskit_node();
            let name = access.label().or_else(|| access.value()).unwrap_or_default();
            assert!(!name.is_empty(), "after {:?}: {:?} has no name", visited.last(), access.role());
            let middle = node.rect().center();
            let inside = (0.0..=SIZE[0]).contains(&middle.x) && (0.0..=SIZE[1]).contains(&middle.y);
            assert!(inside, "{name} is out of sight at {middle}");
            if visited.first() == Some(&name) {
                break;
            }
            visited.push(name);
        }
        assert!(visited.len() > 10, "{page:?}: {visited:?}");
        if page == Page::Analysis {
            harness.get_by_label("Use x1").focus();
            harness.run();
            for _ in 0..39 {
                press(&mut harness, Key::ArrowDown);
            }
            let last = format!("Use {}", harness.state().document().unwrap().table.columns[39].name);
            let node = harness.get_by_label(&last);
            assert!(node.is_focused(), "a list is one stop, walked by arrows to its end");
            assert!((0.0..=SIZE[1]).contains(&node.rect().center().y), "out of sight at {}", node.rect());
        }
    }
}
