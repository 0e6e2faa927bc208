//! What a screen reader is told: names, roles and values of all that can be used or seen.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use eframe::egui::accesskit::{Action, Role};
use eframe::egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use shrinkscope::app::command::Command;
use shrinkscope::app::data_view::Page;
use shrinkscope::app::twins::Twin;
use shrinkscope::app::{App, Opening};
use shrinkscope::data::examples;

mod window;

use window::{settle, window};

fn opened(opening: Opening) -> Harness<'static, App> {
    window(vec2(1440.0, 900.0), opening).0
}

fn example(name: &str) -> Harness<'static, App> {
    opened(Opening { example: Some(name.to_owned()), ..Opening::default() })
}

fn is_control(role: Role) -> bool {
    matches!(
        role,
        Role::Button
            | Role::CheckBox
            | Role::ComboBox
            | Role::Link
            | Role::MenuItem
            | Role::RadioButton
            | Role::ScrollBar
            | Role::SearchInput
            | Role::Slider
            | Role::SpinButton
            | Role::Splitter
            | Role::Switch
            | Role::Tab
            | Role::TextInput
            | Role::MultilineTextInput
    )
}

/// What is wrong with the nodes of a page, one line each.
fn faults(harness: &Harness<'_, App>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut names = std::collections::BTreeMap::<String, usize>::new();
    for node in harness.get_all(egui_kittest::kittest::by().recursive(true)) {
        let node = node.accesskit_node();
        let (role, name, value) = (node.role(), node.label().unwrap_or_default(), node.value());
        let words = node.description().or(value).unwrap_or_default();
        let place = format!("{role:?} {name:?} at {:?}", node.bounding_box());
        if (is_control(role) || role == Role::Image || node.data().supports_action(Action::Focus))
            && name.trim().is_empty()
        {
            faults.push(format!("no name: {place}"));
        }
        if matches!(role, Role::Slider | Role::SpinButton) && node.numeric_value().is_none() && words.is_empty() {
            faults.push(format!("no value: {place}"));
        }
        if matches!(role, Role::ComboBox | Role::Image) && words.trim().is_empty() {
            faults.push(format!("says nothing: {place}"));
        }
        // The same command may stand in two places.
        if is_control(role) && role != Role::ScrollBar && name != Command::OpenDialog.text() {
            *names.entry(format!("{role:?} {name:?}")).or_default() += 1;
        }
    }
    faults.extend(names.into_iter().filter(|(_, n)| *n > 1).map(|(name, n)| format!("{n} of the same name: {name}")));
    faults
}

fn assert_spoken(harness: &Harness<'_, App>, page: &str) {
    let faults = faults(harness);
    assert!(faults.is_empty(), "{page}:\n{}", faults.join("\n"));
}

/// Carries a command out, as a menu or a key would.
fn run(harness: &mut Harness<'_, App>, command: Command) {
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, command);
    settle(harness);
}

#[test]
fn every_page_names_its_controls_and_tells_its_pictures() {
    for name in examples::all().iter().map(|example| example.name) {
        let mut harness = example(name);
        assert_spoken(&harness, &format!("analysis of {name}"));
        run(&mut harness, Command::ShowPage(Page::Geometry));
        assert_spoken(&harness, &format!("geometry of {name}"));
        run(&mut harness, Command::ShowPage(Page::Data));
        assert_spoken(&harness, &format!("data of {name}"));
    }
}

#[test]
fn playground_assumptions_notes_and_tables_do_so_too() {
    let mut harness = example("diabetes");
    harness.get_by_label("Explain Assumptions").click();
    harness.run();
    assert_spoken(&harness, "assumptions");
    harness.get_by_label("Explain Why left out").click();
    harness.run();
    for twin in Twin::ALL {
        harness.get_by_label(&show_as_table(twin)).click();
        harness.run();
    }
    assert_spoken(&harness, "tables");
    run(&mut harness, Command::ShowImport);
    assert_spoken(&harness, "import options");
    run(&mut harness, Command::ShowPage(Page::Geometry));
    harness.get_by_label("Geometry of Playground").click();
    harness.run();
    assert_spoken(&harness, "playground");
    run(&mut harness, Command::StartTour);
    assert_spoken(&harness, "tour");
}

#[test]
fn welcome_and_failed_do_so_too() {
    let missing = opened(Opening { file: Some("no such file.csv".into()), ..Opening::default() });
    assert_spoken(&missing, "welcome");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("constant.csv");
    std::fs::write(&path, "a,b\n1,2\n1,3\n1,5\n1,2\n").unwrap();
    let mut failed = opened(Opening { file: Some(path), target: Some("b".to_owned()), ..Opening::default() });
    failed.run();
    assert_spoken(&failed, "failed");
}

fn show_as_table(twin: Twin) -> String {
    format!("Show {} as a table", twin.name())
}

#[test]
fn a_choice_without_the_pointer_closes_its_list() {
    let mut harness = example("diabetes");
    harness.get_by_role_and_label(Role::ComboBox, "Target").click_accesskit();
    harness.run();
    let choice = harness.get_by_role(Role::ListBox).get_by_label("bmi");
    choice.click_accesskit();
    settle(&mut harness);
    assert!(harness.query_by_role(Role::ListBox).is_none());
    assert_eq!(harness.state().document().unwrap().roles.target, 2);
}
