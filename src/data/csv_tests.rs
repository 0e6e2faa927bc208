//! Tests of the loader as a whole. Blocks are tiny here, so that records are cut everywhere.

use std::io::Write;
use std::ops::ControlFlow;

use proptest::prelude::*;

use crate::data::csv::{no_tick, read_bytes, read_table};
use crate::data::error::ReadError;
use crate::data::options::{
    Comment, DecimalMark, Header, ImportOptions, Quote, Ragged, Separator, Thousands, TypeChoice,
};
use crate::data::table::{Column, ColumnType, Table, Values};

pub(super) fn with(text: &str, options: &ImportOptions) -> Result<Table, ReadError> {
    read_bytes("test", text.as_bytes(), options, &no_tick)
}

pub(super) fn read(text: &str) -> Table {
    with(text, &ImportOptions::default()).unwrap()
}

pub(super) fn kinds(table: &Table) -> Vec<&str> {
    table.notes.iter().map(|n| n.kind).collect()
}

pub(super) fn numbers<'a>(table: &'a Table, name: &str) -> &'a [f64] {
    match &table.columns[table.column_index(name).unwrap()].values {
        Values::Numbers(values) => values,
        Values::Levels { levels, .. } => panic!("{name} is text: {levels:?}"),
    }
}

pub(super) fn cell(column: &Column, record: usize) -> Option<String> {
    match &column.values {
        Values::Numbers(values) => Some(values[record]).filter(|v| !v.is_nan()).map(|v| v.to_string()),
        Values::Levels { levels, codes } => levels.get(codes[record] as usize).cloned(),
    }
}

/// All that a reader sees of a table.
fn digest(table: &Table) -> String {
    let cells: Vec<Vec<Option<String>>> =
        table.columns.iter().map(|c| (0..table.n_records).map(|r| cell(c, r)).collect()).collect();
    let heads: Vec<_> = table.columns.iter().map(|c| (&c.name, c.column_type, c.n_missing)).collect();
    let lines: Vec<u64> = (0..table.n_records).map(|r| table.line(r)).collect();
    format!("{heads:?} {cells:?} {lines:?} {:?}", table.notes)
}

#[test]
fn types_come_from_all_cells() {
    let late = "x,y\n".to_owned() + &"1,2\n".repeat(200) + "oops,3\n" + &"4,5\n".repeat(50);
    let table = read(&late);
    assert_eq!(table.columns[0].column_type, ColumnType::Text);
    let note = table.notes.iter().find(|n| n.kind == "text_in_numbers").unwrap();
    assert_eq!((note.line, note.text.as_deref()), (Some(202), Some("oops")));
    assert_eq!(cell(&table.columns[0], 200).as_deref(), Some("oops"));
    assert_eq!(numbers(&table, "y").len(), 251);
}

#[test]
fn decimal_commas_in_one_column_cast_doubt_on_points_in_another() {
    let body = "1,5;1.234;3\n2,5;5.678;4\n".repeat(30);
    let table = read(&format!("a;b;y\n{body}"));
    assert_eq!(table.columns[1].column_type, ColumnType::Text);
    assert!(kinds(&table).contains(&"ambiguous_number"));
    assert_eq!(numbers(&table, "a")[..2], [1.5, 2.5]);
    let options = ImportOptions { decimal: Some(DecimalMark::Comma), ..ImportOptions::default() };
    let table = with(&format!("a;b;y\n{body}"), &options).unwrap();
    assert_eq!(numbers(&table, "b")[..2], [1234.0, 5678.0]);
}

#[test]
fn options_override_every_guess() {
    let set = |change: &dyn Fn(&mut ImportOptions)| {
        let mut options = ImportOptions::default();
        change(&mut options);
        options
    };
    let table = with("a;b\n1;2\n", &set(&|o| o.delimiter = Separator::new(b','))).unwrap();
    assert_eq!(table.columns.len(), 1);
    let table = with("1,2\n3,4\n", &set(&|o| o.header = Some(Header::Yes))).unwrap();
    assert_eq!((table.columns[1].name.as_str(), table.n_records), ("2", 1));
    let table = with("a,b\nc,d\n", &set(&|o| o.header = Some(Header::No))).unwrap();
    assert_eq!((table.columns[1].name.as_str(), table.n_records), ("V2", 2));
    let table = with("junk\nmore,junk,here\na,b\n1,2\n", &set(&|o| o.skip_lines = Some(2))).unwrap();
    assert_eq!((table.columns[0].name.as_str(), table.line(0)), ("a", 4));
    let table = with("a,b\n%1,2\n3,4\n", &set(&|o| o.comment = Some(Comment::Start(b'%')))).unwrap();
    assert_eq!(numbers(&table, "a"), [3.0]);
    let table = with("a,b\n'1,5',2\n3,4\n", &set(&|o| o.quote = Some(Quote::Single))).unwrap();
    assert_eq!(numbers(&table, "a"), [1.5, 3.0]);
    let table = with("a,b\n\"1,2\n3,4\n", &set(&|o| o.quote = Some(Quote::None))).unwrap();
    assert_eq!(cell(&table.columns[0], 0).as_deref(), Some("\"1"));
    let table = with("a,b\n\"1,234\",2\n3,4\n", &set(&|o| o.thousands = Some(Thousands::Comma))).unwrap();
    assert_eq!(numbers(&table, "a"), [1234.0, 3.0]);
    let tokens = Some(vec!["-9".to_owned(), "u".to_owned()]);
    let table = with("a,b\n-9,u\n3,v\n4,v\n", &set(&|o| o.missing_tokens.clone_from(&tokens))).unwrap();
    assert_eq!((table.columns[0].n_missing, table.columns[1].n_missing), (1, 1));
    let long = format!("a,b\n{}", "-9,u\n3,v\n".repeat(100));
    let table = with(&long, &set(&|o| o.missing_tokens.clone_from(&tokens))).unwrap();
    assert_eq!((table.columns[0].n_missing, table.columns[1].n_missing), (100, 100));
    let types = |choice| [("a".to_owned(), choice)].into_iter().collect();
    let table = with("a,b\n07,1\nx,2\n", &set(&|o| o.types = types(TypeChoice::Number))).unwrap();
    assert_eq!((numbers(&table, "a")[0], table.columns[0].n_missing), (7.0, 1));
    let table = with("a,b\n7,1\n8,2\n", &set(&|o| o.types = types(TypeChoice::Category))).unwrap();
    assert_eq!(table.columns[0].column_type, ColumnType::Category);
    let table = with("a,b\n7,1\n8,2\n", &set(&|o| o.types = types(TypeChoice::Ignore))).unwrap();
    assert_eq!(table.columns.len(), 1);
    let latin = set(&|o| o.encoding = Some("iso-8859-2".to_owned()));
    let table = read_bytes("t", b"a,b\n\xB1,2\n", &latin, &no_tick).unwrap();
    assert_eq!(cell(&table.columns[0], 0).as_deref(), Some("ą"));
    let error = with("a,b\n1,2\n", &set(&|o| o.types = [("z".to_owned(), TypeChoice::Number)].into())).unwrap_err();
    assert!(error.to_string().contains("a, b"));
}

#[test]
fn ragged_records_are_skipped_or_filled_by_choice() {
    let text = "a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n";
    let error = with(text, &ImportOptions::default()).unwrap_err();
    assert!(matches!(error, ReadError::Ragged { line: 3, found: 2, expected: 3, count: 2, .. }));
    let skip = ImportOptions { ragged: Ragged::Skip, ..ImportOptions::default() };
    let table = with(text, &skip).unwrap();
    assert_eq!(numbers(&table, "a"), [1.0, 10.0]);
    assert_eq!(table.line(1), 5);
    let pad = ImportOptions { ragged: Ragged::Pad, ..ImportOptions::default() };
    let table = with(text, &pad).unwrap();
    assert_eq!(numbers(&table, "a"), [1.0, 4.0, 10.0]);
    assert_eq!(table.columns[2].n_missing, 1);
    assert!(kinds(&table).contains(&"ragged_short") && kinds(&table).contains(&"ragged_long"));
}

#[test]
fn errors_name_the_line_behind_blocks_and_quoted_line_breaks() {
    let good = "1,\"a\nb\"\n2,c\n".repeat(40);
    let error = with(&format!("x,y\n{good}3,\"open\n4,d\n"), &ImportOptions::default()).unwrap_err();
    assert!(matches!(error, ReadError::UnterminatedQuote { line: 122, .. }), "{error}");
    let error = with(&format!("x,y\n{good}3,\"q\"q\n4,d\n"), &ImportOptions::default()).unwrap_err();
    assert!(matches!(error, ReadError::MalformedQuote { line: 122, .. }), "{error}");
    let error = with(&format!("x,y\n{good}3,4,5\n"), &ImportOptions::default()).unwrap_err();
    assert!(matches!(error, ReadError::Ragged { line: 122, .. }), "{error}");
    let error = with(&format!("x,y\n{good}3,a\0b\n"), &ImportOptions::default()).unwrap_err();
    assert!(matches!(error, ReadError::NulByte { line: 122, .. }), "{error}");
}

#[test]
fn packed_text_is_unpacked_up_to_a_cap() {
    let pack = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    let table = read_bytes("t.gz", &pack(b"x,y\n1,2\n3,4\n5,6\n"), &ImportOptions::default(), &no_tick).unwrap();
    assert_eq!(numbers(&table, "y"), [2.0, 4.0, 6.0]);
    assert!(kinds(&table).contains(&"compressed"));
    let bomb = pack(&vec![b'1'; 40 << 20]);
    let error = read_bytes("t.gz", &bomb, &ImportOptions::default(), &no_tick).unwrap_err();
    assert_eq!(error.kind(), "compressed");
    let twice = pack(&pack(b"x,y\n1,2\n"));
    let error = read_bytes("t.gz", &twice, &ImportOptions::default(), &no_tick).unwrap_err();
    assert_eq!(error.kind(), "compressed");
    let cut = &pack(b"x,y\n1,2\n3,4\n5,6\n")[..20];
    assert_eq!(read_bytes("t.gz", cut, &ImportOptions::default(), &no_tick).unwrap_err().kind(), "compressed");
}

#[test]
fn long_cells_and_records_have_limits() {
    let long = "a".repeat((1 << 20) + 1);
    let error = with(&format!("x,y\n{long},2\n"), &ImportOptions::default()).unwrap_err();
    assert_eq!((error.kind(), error.line()), ("too_long", Some(2)));
}

#[test]
fn a_header_over_several_lines_is_one_record() {
    for (text, end) in [("\"a\nb\",y\n1,2\n3,x\n", 3), ("\"a\rb\",y\r1,2\r3,x\r", 3)] {
        let table = read(text);
        assert_eq!((table.n_records, table.line(0)), (2, end), "{text:?}");
    }
}

#[test]
fn lost_letters_are_told_with_their_line() {
    let text = "x,y\r\n".to_owned() + &"1,é\r\n".repeat(60) + "2,\u{FFFD}t\r\n";
    let table = read(&text);
    let note = table.notes.iter().find(|n| n.kind == "encoding").unwrap();
    assert_eq!(note.line, Some(62));
}

fn stream(text: &[u8], options: &ImportOptions) -> Result<Table, ReadError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text).unwrap();
    read_table(file.path(), options, &no_tick)
}

#[test]
fn streamed_files_are_decoded_if_they_must_be() {
    let latin: Vec<u8> = [b"x,y\n".to_vec(), b"1,a\n".repeat(100), b"2,\xE9t\xE9\n".to_vec()].concat();
    let table = stream(&latin, &ImportOptions::default()).unwrap();
    assert_eq!(cell(&table.columns[1], 100).as_deref(), Some("été"));
    assert!(kinds(&table).contains(&"encoding"));
    let utf_8 = ImportOptions { encoding: Some("utf-8".into()), ..ImportOptions::default() };
    let error = stream(&latin, &utf_8).unwrap_err();
    assert!(matches!(error, ReadError::InvalidEncoding { line: 102, .. }), "{error}");
    let marked = [b"\xEF\xBB\xBFx,y\n".to_vec(), b"1,a\n".repeat(100)].concat();
    assert_eq!(stream(&marked, &ImportOptions::default()).unwrap().columns[0].name, "x");
}

#[test]
fn a_cancelled_stream_ends() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&b"x,y\n1,2\n".repeat(200)).unwrap();
    let ticks = std::cell::Cell::new(0);
    let load = read_table(file.path(), &ImportOptions::default(), &|_, _| {
        ticks.set(ticks.get() + 1);
        if ticks.get() > 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(matches!(load, Err(ReadError::Cancelled)));
}

/// Text of cells with everything that CSV can hold.
fn any_cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,6}",
        "[-+]?[0-9]{1,5}(\\.[0-9]{1,3})?",
        "[ -~]{0,8}",
        "[a\",;\n\r#' é€]{0,6}",
        Just("NA".to_owned()),
        Just(String::new()),
    ]
}

/// Lines that look like a table most of the time.
fn any_text() -> impl Strategy<Value = String> {
    let cell = prop_oneof![
        4 => "[0-9]{1,3}(\\.[0-9]{1,2})?",
        2 => "[a-c]{1,2}",
        1 => "[ -~]{0,5}",
        1 => "[\"#,;\t \r\n-]{0,3}",
        1 => Just("NA".to_owned()),
    ];
    let row = prop::collection::vec(cell, 1..5).prop_map(|cells| cells.join(","));
    (prop::collection::vec(row, 0..40), prop_oneof![Just("\n"), Just("\r\n"), Just("\r")])
        .prop_map(|(rows, end)| rows.join(end))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_quoted_comes_back(
        rows in (1_usize..5).prop_flat_map(|w| prop::collection::vec(prop::collection::vec(any_cell(), w), 1..30))
    ) {
        let width = rows[0].len();
        let names: Vec<String> = (0..width).map(|j| format!("name{j}")).collect();
        let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
        writer.write_record(&names).unwrap();
        let mut lines = Vec::new();
        let mut line = 2;
        for row in &rows {
            lines.push(line);
            writer.write_record(row).unwrap();
            let breaks = row.iter().map(|c| c.replace("\r\n", "\n").matches(['\n', '\r']).count()).sum::<usize>();
            line += 1 + breaks as u64;
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let options = ImportOptions {
            delimiter: Some(Separator::COMMA),
            quote: Some(Quote::Double),
            header: Some(Header::Yes),
            comment: Some(Comment::None),
            types: names.iter().map(|n| (n.clone(), TypeChoice::Category)).collect(),
            ..ImportOptions::default()
        };
        let table = with(&text, &options).unwrap();
        prop_assert_eq!(table.n_records, rows.len());
        for (record, row) in rows.iter().enumerate() {
            prop_assert_eq!(table.line(record), lines[record]);
            for (column, written) in table.columns.iter().zip(row) {
                let expected = Some(written.trim_matches(' ')).filter(|t| !t.trim_ascii().is_empty());
                prop_assert_eq!(cell(column, record), expected.map(str::to_owned));
            }
        }
    }

    #[test]
    fn both_readers_and_both_sources_agree(text in any_text()) {
        let load = with(&text, &ImportOptions::default());
        let streamed = stream(text.as_bytes(), &ImportOptions::default());
        let skip = ImportOptions { ragged: Ragged::Skip, ..ImportOptions::default() };
        match (load, streamed) {
            (Ok(table), Ok(streamed)) => {
                prop_assert_eq!(digest(&table), digest(&streamed));
                let skipped = with(&text, &skip).unwrap();
                prop_assert_eq!(digest(&table), digest(&skipped));
            }
            (Err(a), Err(b)) => prop_assert_eq!(a.to_string(), b.to_string()),
            (a, b) => prop_assert!(false, "{a:?} {b:?}"),
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), text in any_text()) {
        let mixed = [text.as_bytes(), &bytes].concat();
        for bytes in [bytes, mixed] {
            if let Ok(table) = read_bytes("t", &bytes, &ImportOptions::default(), &no_tick) {
                for column in &table.columns {
                    match &column.values {
                        Values::Numbers(values) => {
                            prop_assert_eq!(values.len(), table.n_records);
                            prop_assert!(values.iter().all(|v| !v.is_infinite()));
                        }
                        Values::Levels { codes, .. } => prop_assert_eq!(codes.len(), table.n_records),
                    }
                }
            }
        }
    }
}
