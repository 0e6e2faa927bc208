//! The palette: everything by a few letters of its name.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod window;

use eframe::egui::{Event, Key, Modifiers, Role, Theme};
use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotOptions};
use shrinkscope::app::choices::Link;
use shrinkscope::app::command::Command;
use shrinkscope::app::data_view::Page;
use shrinkscope::app::palette::title;
use shrinkscope::app::{App, Opening};
use shrinkscope::export::File;
use window::cpu_renderer::CpuRenderer;
use window::{settle, window, window_with};

const SIZE: [f32; 2] = [1280.0, 800.0];

fn open(harness: &mut Harness<'_, App>) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run();
}

/// Opens the palette, types and presses Enter.
fn run(harness: &mut Harness<'_, App>, typed: &str) {
    open(harness);
    harness.event(Event::Text(typed.to_owned()));
    harness.run();
    harness.key_press(Key::Enter);
    harness.run_ok();
    settle(harness);
}

fn is_open(harness: &Harness<'_, App>) -> bool {
    harness.query_by_label("Search commands").is_some()
}

#[test]
fn a_few_letters_and_enter_carry_a_command_out() {
    let (mut harness, _) = window(SIZE, Opening::default());
    run(&mut harness, "geom");
    assert_eq!(harness.state().page(), Page::Geometry);
    assert!(!is_open(&harness));
    run(&mut harness, "LINK alpha");
    assert_eq!(harness.state().selection().unwrap().link(), Link::EqualAlpha);
    run(&mut harness, "known truth");
    assert_eq!(harness.state().document().unwrap().table.columns.len(), 41);
    assert_eq!(harness.state().analysis().unwrap().design.features.len(), 40);
}

#[test]
fn columns_are_found_by_name() {
    let (mut harness, _) = window(SIZE, Opening::default());
    run(&mut harness, "target bmi");
    assert_eq!(harness.state().analysis().unwrap().design.target, "bmi");
    let names = |harness: &Harness<'_, App>| -> Vec<String> {
        harness.state().analysis().unwrap().design.features.iter().map(|f| f.name.clone()).collect()
    };
    assert!(names(&harness).contains(&"s5".to_owned()));
    run(&mut harness, "exclude s5");
    assert!(!names(&harness).contains(&"s5".to_owned()));
    run(&mut harness, "include s5");
    assert!(names(&harness).contains(&"s5".to_owned()));
    run(&mut harness, "undo");
    assert!(!names(&harness).contains(&"s5".to_owned()), "what the palette did is taken back");
}

#[test]
fn the_choice_moves_by_arrows_and_escape_closes_only_the_palette() {
    let (mut harness, _) = window(SIZE, Opening::default());
    run(&mut harness, "geom");
    open(&mut harness);
    // Data is the third, Geometry the second.
    for key in [Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::ArrowUp] {
        harness.key_press(key);
    }
    harness.run();
    harness.key_press(Key::Escape);
    harness.run();
    assert!(!is_open(&harness));
    assert_eq!(harness.state().page(), Page::Geometry, "Esc closed the palette alone");
    open(&mut harness);
    for key in [Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::ArrowUp] {
        harness.key_press(key);
    }
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(harness.state().page(), Page::Data);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::P);
    harness.run();
    assert!(is_open(&harness), "by its second key, too");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run();
    assert!(!is_open(&harness), "the key that opens it closes it");
}

#[test]
fn a_click_chooses_and_the_last_row_is_reached() {
    let (mut harness, _) = window(SIZE, Opening::default());
    open(&mut harness);
    harness.get_by_label("Show data").click();
    harness.run();
    assert_eq!(harness.state().page(), Page::Data);
    open(&mut harness);
    assert!(harness.query_by_label("Do not standardize columns").is_none(), "below what is seen");
    for _ in 0..100 {
        harness.key_press(Key::ArrowDown);
    }
    harness.run();
    let palette = harness.get_by_label("Search commands").rect();
    let row = harness.get_by_label("Do not standardize columns").rect();
    assert!(row.top() > palette.bottom() && row.bottom() < SIZE[1], "scrolled into view");
    harness.key_press(Key::Enter);
    harness.run_ok();
    settle(&mut harness);
    let scale = harness.state().document().unwrap().form.scale;
    assert_eq!(scale, shrinkscope::model::standardize::Scale::Keep);
}

#[test]
fn what_cannot_be_done_says_why_and_stays() {
    let (mut harness, _) = window(SIZE, Opening::default());
    open(&mut harness);
    harness.event(Event::Text("redo".to_owned()));
    harness.run();
    assert!(harness.query_by_label("Nothing was taken back").is_some());
    harness.key_press(Key::Enter);
    harness.run();
    assert!(is_open(&harness));
    harness.get_by_role_and_label(Role::ListBoxOption, "Redo").click();
    harness.run();
    assert!(is_open(&harness));
}

#[test]
fn all_that_has_a_key_and_every_export_is_listed() {
    let (mut harness, _) = window([1280.0, 2400.0], Opening::default());
    let exports = File::ALL.map(Command::Export);
    for command in Command::WITH_KEYS.into_iter().chain(exports).filter(|c| *c != Command::ShowPalette) {
        open(&mut harness);
        let name = title(&command);
        harness.event(Event::Text(name.clone()));
        harness.run();
        assert!(harness.query_by_role_and_label(Role::ListBoxOption, &name).is_some(), "{name}");
        open(&mut harness);
    }
}

#[test]
fn palette_light() {
    let (mut harness, _) = window_with([1024.0, 700.0], Opening::default(), |builder| {
        builder
            .with_theme(Theme::Light)
            .with_render_cursor(false)
            .renderer(CpuRenderer::default())
            .with_options(SnapshotOptions::new().threshold(0.6))
    });
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, Command::SetTheme(Theme::Light.into()));
    harness.state_mut().forget_times();
    open(&mut harness);
    harness.event(Event::Text("ex".to_owned()));
    harness.run();
    harness.key_press(Key::ArrowDown);
    harness.run();
    harness.snapshot("palette");
}
