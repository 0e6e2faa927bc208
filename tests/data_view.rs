//! The table as read, by its controls: search, sort, jump from a note, types, keys, and what is laid out of large tables.

mod window;

use std::fmt::Write as _;
use std::path::PathBuf;

use eframe::egui::{Event, Key, Modifiers, OutputCommand, accesskit::Role};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use shrinkscope::app::data_view::{Page, Place};
use shrinkscope::app::{App, Opening};
use shrinkscope::data::table::ColumnType;
use window::{settle, window};

const SIZE: [f32; 2] = [1280.0, 800.0];

/// One cell that is no number, two missing ones, words, and a target.
const ODD: &str =
    "city,size,score\nBern,1.5,10\nOslo,x2,21\nBern,NA,29\nUlm,4.25,42\nOslo,5,\nUlm,6,61\nBern,7.5,70\nOslo,8,83\n";

fn table(folder: &tempfile::TempDir, text: &str) -> Opening {
    let path: PathBuf = folder.path().join("t.csv");
    std::fs::write(&path, text).expect("a file in the test's folder");
    Opening { file: Some(path), ..Opening::default() }
}

/// The window with the data view open.
fn data_view<'a>(opening: Opening) -> Harness<'a, App> {
    let (mut harness, _) = window(SIZE, opening);
    harness.get_by_label("Show Data").click();
    harness.run();
    assert_eq!(harness.state().page(), Page::Data);
    harness
}

fn shown(harness: &Harness<'_, App>) -> Vec<String> {
    let app = harness.state();
    let columns = &app.document().expect("a table is open").table.columns;
    app.data_view().shown().iter().map(|&j| columns[j].name.clone()).collect()
}

fn cell(harness: &Harness<'_, App>, label: &str) -> String {
    harness.get_by_role_and_label(Role::Cell, label).value().unwrap_or_default()
}

fn chosen(harness: &Harness<'_, App>) -> (Option<usize>, Option<usize>) {
    let Place { record, column } = harness.state().data_view().chosen();
    (record, column)
}

fn n_cells(harness: &Harness<'_, App>) -> usize {
    harness.query_all_by_role(Role::Cell).count()
}

/// The text copied in the last frame.
fn copied(harness: &Harness<'_, App>) -> Option<String> {
    harness.output().platform_output.commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

#[test]
fn shows_cells_and_what_sums_columns_up() {
    let mut harness = data_view(Opening::default());
    assert_eq!(cell(&harness, "bmi, line 2"), "32.1");
    harness.get_by_label("bmi, number, 0 missing, min 18.00, mean 26.38, max 42.20");
    harness.get_by_label_contains("y, number, target");
    assert_eq!(harness.get_by_label("Column bmi").value().as_deref(), Some("number"));
    assert!(harness.query_by_label("Lasso path").is_none());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num1);
    harness.run();
    harness.get_by_label("Lasso path");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num3);
    harness.run();
    assert!(harness.query_by_label("Lasso path").is_none());
}

#[test]
fn searching_shows_the_columns_whose_names_match() {
    let (mut harness, _) = window(SIZE, Opening::default());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run();
    let field = harness.get_by_role_and_label(Role::TextInput, "Find column");
    assert!(field.is_focused());
    field.type_text("B");
    harness.run();
    assert_eq!(shown(&harness), ["bmi", "bp"]);
    harness.get_by_label("Column bp");
    assert!(harness.query_by_label("Column age").is_none());
    harness.get_by_role_and_label(Role::TextInput, "Find column").type_text("zz");
    harness.run();
    assert!(shown(&harness).is_empty());
}

#[test]
fn headings_sort_and_turn_the_order_round() {
    let mut harness = data_view(Opening::default());
    harness.get_by_label("Sort columns by mean").click();
    harness.run();
    assert_eq!(shown(&harness)[..3], ["s1", "y", "s2"]);
    assert_eq!(harness.get_by_label("Sort columns by mean").value().as_deref(), Some("descending"));
    harness.get_by_label("Sort columns by mean").click();
    harness.run();
    assert_eq!(shown(&harness)[..2], ["sex", "s4"]);
    harness.get_by_label("Sort columns by order in the file").click();
    harness.run();
    assert_eq!(shown(&harness)[..2], ["age", "sex"]);
}

#[test]
fn a_note_leads_to_its_cell() {
    let folder = tempfile::tempdir().unwrap();
    let (mut harness, _) = window(SIZE, table(&folder, ODD));
    harness.get_by_label_contains("x2: kept as text").click();
    harness.run();
    assert_eq!(harness.state().page(), Page::Data);
    assert_eq!(chosen(&harness), (Some(1), Some(1)));
    assert_eq!(cell(&harness, "size, line 3"), "x2");
    // From the list beside the cells, though the search hides the column.
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Find column").type_text("city");
    harness.run();
    harness.get_by_label_contains("Missing tokens").click();
    harness.run();
    assert_eq!(chosen(&harness), (Some(4), Some(2)));
    assert_eq!(cell(&harness, "score, line 6"), "missing");
    assert_eq!(shown(&harness).len(), 3);
}

#[test]
fn the_panel_of_notes_leads_there_too() {
    let folder = tempfile::tempdir().unwrap();
    let (mut harness, _) = window(SIZE, table(&folder, ODD));
    harness.get_by_label("All notes").click();
    harness.run();
    harness.get_all_by_label("Show in data").next().unwrap().click();
    harness.run();
    assert_eq!(harness.state().page(), Page::Data);
    assert!(chosen(&harness).1.is_some());
}

#[test]
fn types_are_changed_in_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = data_view(table(&folder, ODD));
    let type_of = |h: &Harness<'_, App>, name: &str| {
        let table = h.state().document().unwrap().table.clone();
        table.column_index(name).map(|j| table.columns[j].column_type)
    };
    let choose = |h: &mut Harness<'_, App>, column: &str, choice: &str| {
        h.get_by_label(&format!("Type of {column}")).click();
        h.run();
        h.get_by_role_and_label(Role::Button, choice).click();
        h.run_ok();
        settle(h);
    };
    assert_ne!(type_of(&harness, "size"), Some(ColumnType::Number));
    choose(&mut harness, "size", "Number");
    assert_eq!(type_of(&harness, "size"), Some(ColumnType::Number));
    assert_eq!(cell(&harness, "size, line 3"), "missing");
    choose(&mut harness, "city", "Ignore");
    assert_eq!(type_of(&harness, "city"), None);
    choose(&mut harness, "city", "As detected");
    assert_eq!(type_of(&harness, "city"), Some(ColumnType::Category));
    assert_eq!(type_of(&harness, "size"), Some(ColumnType::Number), "the other choice stays");
    assert_eq!(harness.state().page(), Page::Data);
}

#[test]
fn keys_move_the_choice_and_copy_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = data_view(table(&folder, ODD));
    harness.get_by_role_and_label(Role::Cell, "city, line 2").click();
    harness.run();
    for key in [Key::ArrowDown, Key::ArrowRight, Key::ArrowDown, Key::ArrowDown] {
        harness.key_press(key);
        harness.run();
    }
    assert_eq!(chosen(&harness), (Some(3), Some(1)));
    harness.event(Event::Copy);
    harness.step();
    assert_eq!(copied(&harness).as_deref(), Some("4.25"));
    harness.key_press(Key::End);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::End);
    harness.run();
    assert_eq!(chosen(&harness), (Some(7), Some(2)));
    harness.get_by_label("Column score").click();
    harness.run();
    harness.event(Event::Copy);
    harness.step();
    assert_eq!(copied(&harness).as_deref(), Some("score\n10\n21\n29\n42\n\n61\n70\n83"));
}

#[test]
fn the_table_is_there_without_a_fit() {
    let folder = tempfile::tempdir().unwrap();
    let (mut harness, _) = window(SIZE, table(&folder, "a,b,y\n1,5,3\n2,3,3\n3,8,3\n4,1,3\n"));
    assert!(harness.state().analysis().is_none());
    harness.get_by_label("Show the data").click();
    harness.run();
    assert_eq!(cell(&harness, "b, line 4"), "8");
    harness.get_by_label_contains("does not vary");
}

#[test]
fn of_ten_thousand_columns_only_those_on_screen_are_laid_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("y");
    for j in 1..10_000 {
        write!(text, ",c{j}").unwrap();
    }
    for i in 0..50_u32 {
        write!(text, "\n{}", i * 7 % 11).unwrap();
        for j in 1..10_000_u32 {
            // Most columns do not vary, which keeps the sweep short.
            write!(text, ",{}", if j % 1000 == 0 { i * j / 1000 % 13 } else { j % 10 }).unwrap();
        }
    }
    text.push('\n');
    let mut harness = data_view(table(&folder, &text));
    let bound = 27 * 12;
    assert!((200..bound).contains(&n_cells(&harness)), "{}", n_cells(&harness));
    assert!(harness.query_all_by_role(Role::ListBoxOption).count() < 40);
    harness.get_by_role_and_label(Role::Grid, "Cells of the table").focus();
    harness.run();
    harness.key_press(Key::End);
    harness.run();
    assert_eq!(chosen(&harness), (Some(0), Some(9_999)));
    assert_eq!(cell(&harness, "c9999, line 2"), "9");
    assert!((200..bound).contains(&n_cells(&harness)), "{}", n_cells(&harness));
    harness.get_by_label_contains("c9999, number");
}

#[test]
fn of_many_rows_only_those_on_screen_are_laid_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("a,y\n");
    for i in 0..300_000_u64 {
        writeln!(text, "{},{}", i % 97, i * 7919 % 101).unwrap();
    }
    let mut harness = data_view(table(&folder, &text));
    assert!(n_cells(&harness) <= 2 * 28);
    harness.get_by_role_and_label(Role::Cell, "a, line 2").click();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::End);
    harness.run();
    let last = harness.get_by_role_and_label(Role::Cell, "a, line 300001");
    assert_eq!(last.value().unwrap_or_default(), (299_999 % 97).to_string());
    assert!((last.rect().height() - 24.0).abs() < 0.01, "no pixel is lost far down");
    assert!(n_cells(&harness) <= 2 * 28);
}
