//! Any options and bytes: read soundly or refused, the same however they are cut, and as the csv crate reads them where
//! the options leave nothing to guess.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shrinkscope::data::options::{Comment, Header, ImportOptions, Quote, Ragged, Separator, TypeChoice};
use shrinkscope::data::table::{Column, ColumnType, Table, Values};
use shrinkscope_fuzz::input::Input;
use shrinkscope_fuzz::{any_cut, check_cut, check_streamed, init, is_drawn, read, trim_name};

fuzz_target!(init: init(), |bytes: &[u8]| {
    let mut input = Input(bytes);
    let mut options = input.options();
    let (n_types, which) = (input.byte() % 3, input.byte());
    let types: Vec<TypeChoice> = (0..n_types).map(|_| input.type_choice()).collect();
    let bytes = input.0;
    let mut load = read(bytes, &options);
    if let (Ok(table), false) = (&load, types.is_empty()) {
        let names = table.columns.iter().map(|c| c.name.clone());
        options.types = names.cycle().skip(usize::from(which)).zip(types).collect();
        load = read(bytes, &options);
    }
    if is_drawn(bytes, 64) {
        check_streamed(bytes, &options, &load, any_cut(bytes));
    } else {
        check_cut(bytes, &options, &load, any_cut(bytes));
    }
    if is_drawn(bytes, 2) {
        let delimiter = options.delimiter.unwrap_or(Separator::COMMA);
        check_reference(bytes, delimiter);
    }
});

/// Compares with the csv crate, which splits the same text with nothing left to guess.
fn check_reference(bytes: &[u8], delimiter: Separator) {
    let fixed = ImportOptions {
        delimiter: Some(delimiter),
        quote: Some(Quote::Double),
        encoding: Some("utf-8".to_owned()),
        header: Some(Header::Yes),
        skip_lines: Some(0),
        comment: Some(Comment::None),
        ragged: Ragged::Refuse,
        ..ImportOptions::default()
    };
    let Ok(table) = read(bytes, &fixed) else { return };
    // What is packed, cut or mended on purpose reads otherwise.
    const MENDED: [&str; 4] = ["compressed", "trailing_delimiter", "quote", "escape"];
    if table.notes.iter().any(|n| MENDED.contains(&n.kind)) {
        return;
    }
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let records = split(body, delimiter);
    let (header, records) = records.split_first().expect("a table has a header");
    assert_eq!(records.len(), table.n_records, "{header:?}");
    assert_eq!(header.len(), table.columns.len(), "{header:?}");
    for (j, column) in table.columns.iter().enumerate() {
        let name = trim_name(&header[j]);
        let known = header.iter().filter(|n| trim_name(n) == name).count() > 1 || name.is_empty();
        // Blanks before a quote are left out of names, too.
        let is_wrapped = name.starts_with('"');
        assert!(known || is_wrapped || name == column.name, "{name:?} became {:?}", column.name);
        for (record, cells) in records.iter().enumerate() {
            check_cell(&table, column, record, &cells[j]);
        }
    }
}

fn split(body: &[u8], delimiter: Separator) -> Vec<Vec<String>> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter.byte()).from_reader(body);
    let records = reader.byte_records().map(|r| r.expect("memory can be read"));
    let is_blank = |r: &csv::ByteRecord| r.len() == 1 && r[0].trim_ascii().is_empty();
    let mut found: Vec<Vec<String>> = Vec::new();
    for record in records {
        // An empty pair of quotes in a line of its own is a cell; blanks are nothing.
        let start = record.position().expect("records know their place").byte() as usize;
        let line = body[start..].iter().skip_while(|b| matches!(b, b'\r' | b'\n'));
        let first = line.copied().find(|b| !matches!(b, b' ' | b'\t' | b'\x0C'));
        if is_blank(&record) && first != Some(b'"') {
            continue;
        }
        found.push(record.iter().map(|c| String::from_utf8_lossy(c).into_owned()).collect());
    }
    found
}

fn check_cell(table: &Table, column: &Column, record: usize, text: &str) {
    let trimmed = text.trim();
    match &column.values {
        Values::Levels { levels, codes } => match levels.get(codes[record] as usize) {
            Some(level) => assert!(level == text || level == text.trim_matches(' '), "{text:?} became {level:?}"),
            None => assert!(trimmed.is_empty() || column.column_type != ColumnType::Text, "{text:?} is lost"),
        },
        Values::Numbers(values) if column.column_type == ColumnType::Number => {
            let value = values[record];
            let marked = ["decimal_comma", "thousands"];
            let is_plain = !table.notes.iter().any(|n| marked.contains(&n.kind));
            match trimmed.parse::<f64>() {
                Ok(expected) if is_plain && expected.is_finite() => {
                    assert_eq!(value.to_bits(), expected.to_bits(), "{text:?} became {value}");
                }
                Ok(expected) if !expected.is_finite() => assert!(value.is_nan(), "{text:?} became {value}"),
                // Groups, units and other signs of minus.
                _ => {}
            }
        }
        Values::Numbers(_) => {}
    }
}
