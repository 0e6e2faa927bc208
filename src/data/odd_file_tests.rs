//! Tests of what fuzzers and odd files have found.

use crate::data::csv::{no_tick, read_bytes};
use crate::data::csv_tests::{cell, kinds, numbers, read, with};
use crate::data::options::{Comment, Header, ImportOptions, Ragged, TypeChoice};
use crate::data::table::ColumnType;

#[test]
fn chosen_numbers_are_written_as_all_cells_say_not_as_the_first() {
    let text = "a,b\n".to_owned() + &"\"1,5\",1\n".repeat(60) + "x,2\n" + &"2.5,3\n".repeat(90);
    let options = ImportOptions { types: [("a".to_owned(), TypeChoice::Number)].into(), ..ImportOptions::default() };
    let table = with(&text, &options).unwrap();
    assert_eq!((numbers(&table, "a")[61], table.columns[0].n_missing), (2.5, 61));
    let forced = with("a,b\nx,2\n1,3\n4,4\n", &options).unwrap();
    let note = forced.notes.iter().find(|n| n.kind == "text_in_numbers").unwrap();
    assert!(note.action.starts_with("1 cell is no number and counts as missing, x"));
}

#[test]
fn numbers_that_mean_missing_do_so_in_long_files_too() {
    let rows: String =
        (0..300).map(|i| if i % 7 == 0 { format!("-999,{i}\n") } else { format!("{i},\"2,5\"\n") }).collect();
    let tokens = Some(vec!["-999".to_owned(), "14".to_owned()]);
    let options = ImportOptions { missing_tokens: tokens, ..ImportOptions::default() };
    for rows in [rows.replace("\"2,5\"", "3"), rows] {
        let table = with(&format!("a,b\n{rows}"), &options).unwrap();
        assert_eq!((table.columns[0].n_missing, table.columns[1].n_missing), (43, 1));
    }
}

#[test]
fn a_remark_without_a_line_end_is_the_end() {
    let options = ImportOptions { comment: Some(Comment::Start(b'#')), ..ImportOptions::default() };
    assert_eq!(with("a,b\n\"1\",2\n3,4\n#,x,", &options).unwrap().n_records, 2);
}

#[test]
fn blank_lines_count_before_records_that_are_left_out() {
    let text = "a\tb\n1\t2\n".to_owned() + &"\n".repeat(100) + &"1\t2\t3\n".repeat(30);
    let skip = ImportOptions { ragged: Ragged::Skip, ..ImportOptions::default() };
    let table = with(&text, &skip).unwrap();
    assert!(table.notes.iter().any(|n| n.action.starts_with("100 lines without any cell")), "{:?}", table.notes);
}

#[test]
fn a_byte_order_mark_at_a_cut_is_kept_as_everywhere() {
    let skip = ImportOptions { ragged: Ragged::Skip, header: Some(Header::Yes), ..ImportOptions::default() };
    for before in 0..97 {
        let text = "name,b\n".to_owned() + &"x".repeat(before) + ",1\n" + &"\u{feff}a,2\n".repeat(20);
        let table = with(&text, &skip).unwrap();
        let found = (1..=20).map(|r| cell(&table.columns[0], r).unwrap());
        assert!(found.into_iter().all(|c| c == "\u{feff}a"), "{before}");
    }
    let remark = "a,b\n#\n\u{feff}x,1\n#,,\n\u{feff}x,\"2\"\n";
    let options = ImportOptions { comment: Some(Comment::Start(b'#')), ..ImportOptions::default() };
    let table = with(remark, &options).unwrap();
    assert_eq!(cell(&table.columns[0], 1).as_deref(), Some("\u{feff}x"));
    assert_eq!(read("\u{feff}\u{feff}a,b\n1,2\n").columns[0].name, "a");
}

#[test]
fn errors_of_a_spreadsheet_are_cells_not_remarks() {
    for quote in ["", "\""] {
        let table = read(&format!("a,b\n1,{quote}2{quote}\n#N/A,3\n4,5\n#N/A,6\n"));
        assert_eq!((table.n_records, table.columns[0].n_missing), (4, 2));
        assert_eq!(kinds(&table), ["missing_tokens"]);
    }
    let table = read("a,b\n1,2\n#DIV/0!,3\n# a remark\n4,5\n");
    assert_eq!(table.n_records, 3);
    assert!(kinds(&table).contains(&"text_in_numbers") && kinds(&table).contains(&"comments_skipped"));
}

#[test]
fn a_first_record_of_answers_is_no_header() {
    let table = read("yes,no\nno,no\nyes,yes\nno,yes\n");
    assert_eq!((table.n_records, numbers(&table, "V1")), (4, &[1.0, 0.0, 1.0, 0.0][..]));
    assert_eq!(read("x,y\n1,n\n2,y\n3,y\n").columns[1].name, "y");
    let table = read("a,NA\nb,1\nc,2\nd,4\n");
    assert_eq!(kinds(&table), ["numeric_header"]);
}

#[test]
fn a_header_that_begins_like_a_remark_may_be_quoted() {
    let table = read("#id,\"a, \"\"b\"\"\",y\n1,2,3\n4,5,7\n6,8,8\n");
    let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!((names, table.n_records), (vec!["#id", "a, \"b\"", "y"], 3));
    let table = read("# 5\" pipes, \"open\na,b\n1,2\n3,4\n5,6\n");
    assert_eq!((table.columns[0].name.as_str(), table.n_records), ("a", 3));
}

#[test]
fn units_and_totals_are_told() {
    let table = read("a,b\n1,5 kg\n2,10 kg\n3,12 kg\n");
    assert_eq!((kinds(&table), table.columns[1].column_type), (vec!["unit_in_cells"], ColumnType::Text));
    assert!(kinds(&read("a,b\n1,1st\n2,2nd\n3,3rd\n4,1st\n")).is_empty());
    let table = read("region,sales\nnorth,1\nsouth,2\nTotal:,3\n");
    let note = table.notes.iter().find(|n| n.kind == "total_row").unwrap();
    assert_eq!((note.line, note.text.as_deref()), (Some(4), Some("Total:")));
    assert!(kinds(&read("kind,v\ntotal,1\ntotal,2\nmean,3\ntotal,4\ntotal,5\n")).is_empty());
}

#[test]
fn windows_1252_without_words_shows_its_signs() {
    let table = read_bytes("t", b"a;b\n1;5 \x80\n2;6 \x80\n3;7 \x80\n", &ImportOptions::default(), &no_tick).unwrap();
    assert!(table.notes[0].action.contains("5 €"), "{}", table.notes[0].action);
}
