//! Where no dialog can be shown, a path is typed: to open, and to write.

mod window;

use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use shrinkscope::app::{App, Opening};
use window::{settle, window};

fn type_and_enter(harness: &mut Harness<'_, App>, text: &str) {
    harness.event(Event::Text(text.to_owned()));
    harness.run_ok();
    harness.key_press(Key::Enter);
    harness.run_ok();
    settle(harness);
}

#[test]
fn a_path_is_typed_at_once_and_mended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.csv");
    std::fs::write(&path, "a,y\n1,2\n2,3\n3,5\n4,4\n5,6\n6,7\n").unwrap();
    let (mut harness, _) = window([1280.0, 800.0], Opening::default());
    // The dialog answers at once, with nothing: it was never shown.
    harness.get_by_label("Open CSV…").click();
    harness.run_ok();
    settle(&mut harness);
    type_and_enter(&mut harness, &format!("{}x", path.display()));
    assert!(harness.state().message().unwrap().contains("two.csvx"), "{:?}", harness.state().message());
    // It stays, with the keys in it, at the end.
    harness.key_press(Key::Backspace);
    harness.run_ok();
    harness.key_press(Key::Enter);
    harness.run_ok();
    settle(&mut harness);
    assert_eq!(harness.state().document().unwrap().table.name, "two.csv");
    assert_eq!(harness.state().message(), None);
}

#[test]
fn a_place_to_write_is_typed_and_nothing_replaced_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.csv");
    let (mut harness, _) = window([1280.0, 800.0], Opening::default());
    for attempt in 0..2 {
        harness.get_by_label("Export coefficients…").click();
        harness.run_ok();
        settle(&mut harness);
        // The field has the keys; what it proposes is replaced.
        harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        harness.run_ok();
        harness.event(Event::Text(path.display().to_string()));
        harness.run_ok();
        harness.get_by_label("Write file").click();
        harness.run_ok();
        settle(&mut harness);
        if attempt == 0 {
            assert!(std::fs::read_to_string(&path).unwrap().starts_with("penalty,feature"));
            std::fs::write(&path, "kept").unwrap();
        }
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "kept", "asked first");
    assert!(harness.state().message().unwrap().contains("exists"));
    harness.get_by_label("Write file").click();
    harness.run_ok();
    settle(&mut harness);
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("penalty,feature"));
}

#[test]
fn escape_puts_the_field_away_and_the_proposal_goes_on_at_its_end() {
    let (mut harness, _) = window([1280.0, 800.0], Opening::default());
    harness.get_by_label("Export coefficients…").click();
    harness.run_ok();
    settle(&mut harness);
    harness.event(Event::Text(".gone".to_owned()));
    harness.run_ok();
    let value = harness.get_by_label("Path of the file to write").value().unwrap();
    assert!(value.ends_with("coefficients.csv.gone"), "{value}");
    harness.key_press(Key::Escape);
    harness.run_ok();
    harness.run_ok();
    assert!(harness.query_by_label("Path of the file to write").is_none());
    assert_eq!(harness.state().message(), None);
}
