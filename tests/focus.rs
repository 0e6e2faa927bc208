//! Where the focus goes: Tab in the order of reading, F6 from part to part, arrows within a group, and back again.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod window;

use eframe::egui::{Key, Modifiers, Rect, Role};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use shrinkscope::app::command::Command;
use shrinkscope::app::data_view::Page;
use shrinkscope::app::{App, Opening};
use window::window;

const SIZE: [f32; 2] = [1280.0, 800.0];

fn on_page<'a>(page: Page) -> Harness<'a, App> {
    let (mut harness, _) = window(SIZE, Opening::default());
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, Command::ShowPage(page));
    harness.run();
    harness
}

fn press(harness: &mut Harness<'_, App>, modifiers: Modifiers, key: Key) -> String {
    harness.key_press_modifiers(modifiers, key);
    harness.run();
    focused(harness).map(|(name, _)| name).unwrap_or_default()
}

fn focused(harness: &Harness<'_, App>) -> Option<(String, Rect)> {
    let node = harness.query_by(|node| node.is_focused() && node.role() != Role::Window)?;
    let access = node.accesskit_node();
    Some((access.label().or_else(|| access.value()).unwrap_or_default(), node.rect()))
}

/// Everything the key comes to, once round.
fn round(harness: &mut Harness<'_, App>, modifiers: Modifiers, key: Key) -> Vec<(String, Rect)> {
    let mut visited: Vec<(String, Rect)> = Vec::new();
    for _ in 0..200 {
        press(harness, modifiers, key);
        let now = focused(harness).unwrap();
        if visited.first().is_some_and(|first| first.0 == now.0) {
            return visited;
        }
        visited.push(now);
    }
    panic!("no way round: {visited:?}");
}

fn names(visited: &[(String, Rect)]) -> Vec<&str> {
    visited.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn tab_goes_from_left_to_right_and_back() {
    let mut harness = on_page(Page::Analysis);
    let visited = round(&mut harness, Modifiers::NONE, Key::Tab);
    let bar: Vec<f32> = visited.iter().take_while(|(_, at)| at.bottom() < 44.0).map(|(_, at)| at.left()).collect();
    assert!(bar.len() > 6 && bar.is_sorted(), "{bar:?}");
    // Of 133 that can have the focus.
    assert!(visited.len() < 70, "{}: {:?}", visited.len(), names(&visited));
    let at =
        |name: &str| visited.iter().position(|(other, _)| other.contains(name)).unwrap_or_else(|| panic!("{name}"));
    let order =
        ["Help", "Use age", "Verify", "Lasso alpha cursor", "Ridge alpha cursor", "Lasso budget", "Fit of", "Pin"];
    let places: Vec<usize> = order.into_iter().map(at).collect();
    assert!(places.is_sorted(), "{places:?}");
    let mut back = round(&mut harness, Modifiers::SHIFT, Key::Tab);
    back.reverse();
    let first = back.iter().position(|(name, _)| *name == visited[0].0).unwrap();
    back.rotate_left(first);
    assert_eq!(names(&back), names(&visited));
}

#[test]
fn f6_leads_through_all_parts_and_back() {
    for (page, first, parts) in [
        (Page::Analysis, "Open CSV…", vec!["Use age", "Lasso alpha cursor", "Ridge alpha cursor", "Lasso budget t"]),
        (Page::Geometry, "Open CSV…", vec!["First feature of the geometry", "Lasso budget t", "Geometry of Your data"]),
        (Page::Data, "Open CSV…", vec!["Columns of the table", "Cells of the table"]),
    ] {
        let mut harness = on_page(page);
        let there = round(&mut harness, Modifiers::NONE, Key::F6);
        assert_eq!(there[0].0, first);
        assert_eq!(names(&there[1..=parts.len()]), parts);
        let n = if page == Page::Analysis { 10 } else { parts.len() + 1 };
        assert_eq!(there.len(), n, "{there:?}");
        let mut back = round(&mut harness, Modifiers::SHIFT, Key::F6);
        back.reverse();
        assert_eq!(names(&back), names(&there), "{page:?}");
    }
}

#[test]
fn f6_skips_what_is_collapsed() {
    let mut harness = on_page(Page::Analysis);
    harness.get_by_label("Collapse Ridge path").click();
    harness.run();
    let parts = round(&mut harness, Modifiers::NONE, Key::F6);
    assert!(!names(&parts).contains(&"Ridge alpha cursor"), "{parts:?}");
}

#[test]
fn arrows_walk_a_group_and_choose_of_a_row() {
    let mut harness = on_page(Page::Analysis);
    harness.get_by_label("Use age").focus();
    harness.run();
    assert_eq!(press(&mut harness, Modifiers::NONE, Key::ArrowDown), "Use sex");
    assert_eq!(press(&mut harness, Modifiers::NONE, Key::ArrowRight), "Options of sex");
    assert_eq!(press(&mut harness, Modifiers::NONE, Key::ArrowLeft), "Use sex");
    // Also those that are scrolled out of sight; the last stays.
    for _ in 0..10 {
        press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    }
    assert_eq!(focused(&harness).unwrap().0, "Use s6");
    // Away and back: Tab comes to the one left.
    press(&mut harness, Modifiers::NONE, Key::Tab);
    assert_eq!(press(&mut harness, Modifiers::SHIFT, Key::Tab), "Use s6");
    harness.get_by_label("Show Analysis").focus();
    harness.run();
    assert_eq!(press(&mut harness, Modifiers::NONE, Key::ArrowRight), "Show Geometry");
    assert_eq!(harness.state().page(), Page::Geometry);
}

#[test]
fn the_guide_is_read_by_keys_and_gives_the_focus_back() {
    let mut harness = on_page(Page::Analysis);
    harness.get_by_label("Lasso alpha cursor").focus();
    harness.run();
    assert_eq!(press(&mut harness, Modifiers::NONE, Key::F1), "The guide");
    let top = |h: &Harness<'_, App>| h.get_by_label("What the numbers mean").rect().top();
    let start = top(&harness);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    let a_line = top(&harness);
    assert!(a_line < start);
    press(&mut harness, Modifiers::NONE, Key::PageDown);
    let a_page = top(&harness);
    assert!(a_page < a_line - 200.0);
    press(&mut harness, Modifiers::NONE, Key::End);
    assert!(top(&harness) < a_page);
    press(&mut harness, Modifiers::NONE, Key::Home);
    assert!((top(&harness) - start).abs() < 0.5);
    harness.get_by_label("Keys (?)").click();
    harness.run();
    assert!(harness.query_by_label("Close keys").is_some());
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.query_by_label("Close keys").is_none());
    assert_eq!(press(&mut harness, Modifiers::NONE, Key::Escape), "Lasso alpha cursor");
}

#[test]
fn the_focus_goes_on_from_where_it_was_lost() {
    let mut harness = on_page(Page::Analysis);
    harness.get_by_label("Pin").click();
    harness.run();
    let close = harness.get_by_role_and_label(Role::Button, "Unpin");
    close.focus();
    harness.run();
    let was = focused(&harness).unwrap().1.center();
    press(&mut harness, Modifiers::NONE, Key::Enter);
    let after = press(&mut harness, Modifiers::NONE, Key::Tab);
    let below = focused(&harness).unwrap().1;
    assert!((0.0..60.0).contains(&(below.center().y - was.y)), "{after} at {below}, from {was}");
}

#[test]
fn m_and_s_mean_the_cursor_that_has_the_focus() {
    use shrinkscope::analysis::Penalty;
    use shrinkscope::app::selection::Rule;
    let mut harness = on_page(Page::Analysis);
    harness.get_by_label("Ridge alpha cursor").focus();
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::M);
    let selection = harness.state().selection().unwrap();
    assert_eq!((selection.leader(), selection.rule(Penalty::Ridge)), (Penalty::Ridge, Rule::Min));
}
