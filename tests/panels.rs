//! The arrangement of the panels by mouse and keys, and what it leaves at every size of the window.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod window;

use std::collections::BTreeMap;

use eframe::egui::{Key, Modifiers, Pos2, Rect, accesskit::Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use shrinkscope::app::command::Command;
use shrinkscope::app::dialogs::SystemDialogs;
use shrinkscope::app::panel_layout::{Divider, PanelLayout, PanelName, Room};
use shrinkscope::app::preferences::Preferences;
use shrinkscope::app::sections::Section;
use shrinkscope::app::{App, Opening, Surroundings};
use window::{settle, window};

const SIZE: [f32; 2] = [1440.0, 900.0];
const SIZES: [[f32; 2]; 5] = [[960.0, 640.0], [1024.0, 700.0], [1280.0, 800.0], [1440.0, 900.0], [1920.0, 1080.0]];

fn drag(harness: &mut Harness<'_, App>, from: Pos2, by: [f32; 2]) {
    let (half, all) = (vec2(by[0], by[1]) * 0.5, vec2(by[0], by[1]));
    harness.hover_at(from);
    harness.step();
    harness.drag_at(from);
    harness.step();
    for way in [half, all] {
        harness.hover_at(from + way);
        harness.step();
    }
    harness.drop_at(from + all);
    harness.run();
}

fn rect(harness: &Harness<'_, App>, label: &str) -> Rect {
    harness.get_by_label(label).rect()
}

/// A point of a divider at which no other ends.
fn grip(harness: &Harness<'_, App>, label: &str) -> Pos2 {
    rect(harness, label).lerp_inside(vec2(0.3, 0.3)).round()
}

/// The window with steps so short that two clicks are a double click.
fn quick<'a>() -> Harness<'a, App> {
    window::window_with(SIZE, Opening::default(), |builder| builder.with_step_dt(0.02)).0
}

fn double_click(harness: &mut Harness<'_, App>, at: Pos2) {
    for _ in 0..2 {
        harness.hover_at(at);
        harness.drag_at(at);
        harness.drop_at(at);
        harness.step();
    }
    // Time passes, so that the next click begins anew.
    harness.run_steps(20);
    harness.run();
}

#[test]
fn every_divider_follows_the_pointer() {
    for (name, by, divider) in [
        ("Divider between data and views", [40.0, 0.0], Divider::Data),
        ("Divider between paths and geometry", [-60.0, 0.0], Divider::Paths),
        ("Divider between geometry and features", [-40.0, 0.0], Divider::Right),
        ("Divider between lasso and ridge", [0.0, 70.0], Divider::Lasso),
        ("Divider between geometry and fit", [0.0, -30.0], Divider::Geometry),
        ("Divider between features and folds", [0.0, -50.0], Divider::Folds),
        ("Divider between folds and left out", [0.0, 30.0], Divider::LeftOut),
    ] {
        let mut harness = quick();
        let before = grip(&harness, name);
        assert_eq!(harness.state().panels().share(divider), None);
        drag(&mut harness, before, by);
        let after = grip(&harness, name);
        let moved = after - before;
        let across = if divider.is_vertical() { moved.x - by[0] } else { moved.y - by[1] };
        // Panels begin on whole points.
        assert!(across.abs() <= 1.0, "{name} moved by {moved}, not {by:?}");
        let share = harness.state().panels().share(divider).unwrap();
        assert!(share > 0.0 && share < 1.0, "{name}: {share}");
        double_click(&mut harness, after);
        assert_eq!(grip(&harness, name), before, "{name} goes back by a double click");
    }
}

#[test]
fn arrow_keys_move_a_focused_divider() {
    let (mut harness, _) = window(SIZE, Opening::default());
    for (name, key, step) in [
        ("Divider between paths and geometry", Key::ArrowRight, vec2(8.0, 0.0)),
        ("Divider between lasso and ridge", Key::ArrowUp, vec2(0.0, -8.0)),
    ] {
        let before = rect(&harness, name).center();
        harness.get_by_label(name).focus();
        harness.run();
        harness.key_press(key);
        harness.run();
        assert_eq!(rect(&harness, name).center() - before, step, "{name}");
        harness.key_press_modifiers(Modifiers::SHIFT, key);
        harness.run();
        assert_eq!(rect(&harness, name).center() - before, step * 5.0, "{name}");
    }
}

#[test]
fn a_panel_dragged_small_collapses_and_opens_again() {
    let (mut harness, _) = window(SIZE, Opening::default());
    let name = "Divider between lasso and ridge";
    let at = rect(&harness, name).center();
    drag(&mut harness, at, [0.0, -340.0]);
    harness.get_by_label("Open Lasso path");
    assert!(harness.query_by_label("Lasso alpha cursor").is_none());
    harness.get_by_label("Open Lasso path").click();
    harness.run();
    harness.get_by_label("Lasso alpha cursor");
    // A whole column becomes a strip.
    let at = grip(&harness, "Divider between paths and geometry");
    drag(&mut harness, at, [-340.0, 0.0]);
    assert!(harness.query_by_label("Ridge alpha cursor").is_none());
    harness.get_by_label("Open Paths").click();
    harness.run();
    harness.get_by_label("Ridge alpha cursor");
}

#[test]
fn chevrons_collapse_and_reset_opens_everything() {
    let (mut harness, _) = window(SIZE, Opening::default());
    let before = rect(&harness, "Ridge alpha cursor");
    for name in ["Ridge path", "Fit", "Across folds", "Features and settings"] {
        harness.get_by_label(&format!("Collapse {name}")).click();
        harness.run();
        harness.get_by_label(&format!("Open {name}"));
    }
    assert!(harness.query_by_label("Ridge alpha cursor").is_none());
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, Command::ResetLayout);
    harness.run();
    assert_eq!(*harness.state().panels(), PanelLayout::default());
    assert_eq!(rect(&harness, "Ridge alpha cursor"), before);
}

#[test]
fn a_double_click_on_a_title_fills_the_page_and_leads_back() {
    let mut harness = quick();
    let title = rect(&harness, "Ridge path").center();
    double_click(&mut harness, title);
    assert_eq!(harness.state().panels().maximised(), Some(PanelName::Ridge));
    assert!(harness.query_by_label("Lasso alpha cursor").is_none());
    let wide = rect(&harness, "Ridge coefficient paths and cross-validation curve");
    assert!(wide.width() > SIZE[0] * 0.8, "{wide}");
    let title = rect(&harness, "Ridge path").center();
    double_click(&mut harness, title);
    assert_eq!(harness.state().panels().maximised(), None);
    harness.get_by_label("Lasso alpha cursor");

    harness.get_by_label("Fill the page with Fit").click();
    harness.run();
    assert_eq!(harness.state().panels().maximised(), Some(PanelName::Fit));
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(harness.state().panels().maximised(), None);
    harness.get_by_label("Lasso alpha cursor");
}

#[test]
fn the_arrangement_is_there_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("preferences.json");
    let start = || {
        let surroundings = Surroundings {
            dialogs: Box::new(SystemDialogs),
            preferences: Some(path.clone()),
            pace: shrinkscope::app::job::Pace::default(),
        };
        let mut harness = Harness::builder()
            .with_size(SIZE)
            .with_max_steps(24)
            .build_eframe(|cc| App::new(&cc.egui_ctx, Opening::default(), surroundings));
        settle(&mut harness);
        harness
    };
    let name = "Divider between paths and geometry";
    let (kept, at) = {
        let mut harness = start();
        let from = grip(&harness, name);
        drag(&mut harness, from, [-70.0, 0.0]);
        harness.get_by_label("Collapse Fit").click();
        harness.run();
        (harness.state().panels().clone(), rect(&harness, name))
    };
    assert!(Preferences::load(&path).panels.is_collapsed(PanelName::Fit, Room::from(vec2(1440.0, 828.0))));
    let harness = start();
    assert_eq!(rect(&harness, name), at);
    harness.get_by_label("Open Fit");
    let share = |layout: &PanelLayout| layout.share(Divider::Paths).unwrap();
    // Six digits are written.
    assert!((share(harness.state().panels()) - share(&kept)).abs() < 1e-6);
}

/// Names of the features whose whole row stands between head and settings.
fn features_in_sight(harness: &Harness<'_, App>) -> usize {
    let end = rect(harness, "All").top();
    let rows = harness.get_all_by(|node| node.label().is_some_and(|name| name.starts_with("Use ")));
    rows.filter(|row| row.rect().top() > 44.0 && row.rect().bottom() < end).count()
}

#[test]
fn ten_features_and_verify_are_in_sight_and_settings_scroll() {
    let (mut harness, _) = window([1280.0, 800.0], Opening::default());
    assert_eq!(features_in_sight(&harness), 10);
    let page = Rect::from_min_max(Pos2::new(0.0, 44.0), Pos2::new(1280.0, 772.0));
    assert!(page.contains_rect(rect(&harness, "Verify with linfa")));
    let link =
        |harness: &Harness<'_, App>| harness.get_by_role_and_label(Role::ComboBox, "Link lasso and ridge").rect();
    let foot = rect(&harness, "Verify with linfa").top();
    assert!(link(&harness).top() > foot);
    harness.get_by_role_and_label(Role::ComboBox, "Link lasso and ridge").focus();
    harness.run();
    assert!(link(&harness).bottom() < foot);
}

#[test]
fn sections_fold_and_stay_folded() {
    let (mut harness, _) = window([1280.0, 800.0], Opening::default());
    harness.get_by_label("Fold Cross-validation").click();
    harness.run();
    assert!(harness.query_by_label("Folds").is_none());
    assert!(harness.state().panels().is_section_folded(Section::Folds));
    harness.get_by_label("Open Cross-validation").click();
    harness.run();
    harness.get_by_label("Folds");
    assert!(!harness.state().panels().is_section_folded(Section::Folds));
}

/// Every node of the page with its rectangle; what a scroll area hides is not on the page.
fn nodes(harness: &Harness<'_, App>) -> Vec<(Role, String, Rect)> {
    let mut found = Vec::new();
    let mut open = vec![harness.root()];
    while let Some(node) = open.pop() {
        open.extend(node.children());
        let access = node.accesskit_node();
        let Some(bounds) = access.raw_bounds() else { continue };
        if node.children().next().is_some() {
            continue;
        }
        let role = access.role();
        let name = access.label().or_else(|| access.value()).unwrap_or_default();
        let rect = Rect::from_min_max(
            Pos2::new(bounds.x0 as f32, bounds.y0 as f32),
            Pos2::new(bounds.x1 as f32, bounds.y1 as f32),
        );
        found.push((role, name, rect));
    }
    found
}

#[test]
fn nothing_stands_outside_the_window_and_no_labels_overlap() {
    for size in SIZES {
        for scale in [1.0, 2.0] {
            let (mut harness, _) = window::window_with(size, Opening::default(), |b| b.with_pixels_per_point(scale));
            harness.remove_cursor();
            harness.run();
            let data_edge =
                harness.query_by_label("Divider between data and views").map_or(0.0, |divider| divider.rect().left());
            let page = Rect::from_min_size(Pos2::ZERO, size.into()).expand(0.5);
            let all = nodes(&harness);
            let mut labels: BTreeMap<String, Rect> = BTreeMap::new();
            let mut n = 0;
            for (role, name, rect) in all {
                // The panel of the data scrolls.
                if rect.right() <= data_edge + 4.0 && rect.top() > 44.0 && rect.bottom() > size[1] - 28.0 {
                    continue;
                }
                n += 1;
                assert!(page.contains_rect(rect), "{role:?} {name:?} at {rect} in {size:?}");
                if role == Role::Label && !name.is_empty() {
                    let other = labels.iter().find(|(_, other)| other.shrink(0.5).intersects(rect.shrink(0.5)));
                    assert!(other.is_none(), "{name:?} at {rect} over {other:?} in {size:?}");
                    labels.insert(format!("{name} {rect}"), rect);
                }
            }
            assert!(n > 60 && labels.len() > 10, "{n} nodes, {} labels", labels.len());
        }
    }
}

/// Moving alpha changes numbers, and nothing else moves.
#[test]
fn nothing_jumps_while_alpha_is_dragged() {
    for size in [SIZES[0], SIZES[1], SIZES[3]] {
        let (mut harness, _) = window(size, Opening::default());
        let still = ["Budget t", "CV error", "R²", "alpha", "Lasso path", "Geometry", "Fit", "Selected features"];
        let handle = "Lasso alpha cursor";
        let places = |harness: &Harness<'_, App>| -> Vec<Rect> {
            let fixed = still.iter().flat_map(|label| harness.get_all_by_label(label).map(|node| node.rect()));
            let sliders = ["Lasso budget t", "Ridge budget t"].map(|label| rect(harness, label));
            fixed.chain(sliders).collect()
        };
        let (before, handle_size) = (places(&harness), rect(&harness, handle).size().round());
        let at = rect(&harness, handle).center();
        harness.hover_at(at);
        harness.step();
        harness.drag_at(at);
        harness.step();
        for dx in [-20.0, 10.0, 30.0, 60.0, 90.0] {
            harness.hover_at(at + vec2(dx, 0.0));
            harness.step();
            assert_eq!(places(&harness), before, "at {dx} in {size:?}");
            assert_eq!(rect(&harness, handle).size().round(), handle_size);
        }
    }
}
