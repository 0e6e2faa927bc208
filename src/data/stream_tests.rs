//! Files read in one pass give what they give in memory.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;

use ndarray::ArrayBase;

use crate::data::csv::{no_tick, read_table};
use crate::data::design::{Design, DesignError, Roles, suggest_target};
use crate::data::notes::Note;
use crate::data::options::{Header, ImportOptions, Ragged, TypeChoice};
use crate::data::stream::{RowBlock, RowSink, Stream, StreamError, Streamed};
use crate::data::table::Table;

/// Keeps all rows.
#[derive(Default)]
pub(super) struct Rows {
    x: Vec<Vec<f64>>,
    y: Vec<f64>,
    case_weights: Vec<f64>,
    records: Vec<usize>,
    labels: Vec<u32>,
}

impl RowSink for Rows {
    fn begin(&mut self, n_features: usize) {
        *self = Self { x: vec![Vec::new(); n_features], ..Self::default() };
    }

    fn take(&mut self, rows: &RowBlock) {
        let columns = rows.x.chunks_exact(rows.y.len());
        self.x.iter_mut().zip(columns).for_each(|(all, more)| all.extend(more));
        self.y.extend(&rows.y);
        self.records.extend(&rows.records);
        self.case_weights.extend(rows.case_weights.iter().flatten());
        self.labels.extend(rows.labels.iter().flatten());
    }
}

type Both = (Table, Result<Design, DesignError>, Result<(Streamed, Rows), StreamError>);

/// Both ways, with roles that depend on the table.
fn both(text: &[u8], options: &ImportOptions, change: impl Fn(&Table, &mut Roles)) -> Both {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, text).unwrap();
    let table = read_table(&path, options, &no_tick).unwrap();
    let roles = |table: &Table| {
        let mut roles = Roles::new(table.column_index("y").or_else(|| suggest_target(table)).unwrap());
        change(table, &mut roles);
        roles
    };
    let design = Design::new(&table, &roles(&table));
    let stream = Stream::open(&path, options, &no_tick).unwrap();
    let mut rows = Rows::default();
    let streamed = stream.read(&roles(stream.head()), 0, &mut rows, &no_tick);
    (table, design, streamed.map(|streamed| (streamed, rows)))
}

fn assert_same(text: &[u8], options: &ImportOptions, change: impl Fn(&Table, &mut Roles)) -> Streamed {
    let shown = String::from_utf8_lossy(text.get(..400).unwrap_or(text)).into_owned();
    let (table, design, streamed) = both(text, options, change);
    let (streamed, rows) = streamed.unwrap_or_else(|e| panic!("{e}\n{shown}"));
    assert_equal(&table, &design.unwrap(), &streamed, &rows, &shown);
    streamed
}

/// Table, design and rows are the same both ways.
pub(super) fn assert_equal(table: &Table, design: &Design, streamed: &Streamed, rows: &Rows, shown: &str) {
    // Which values are far away is judged by those of the first records.
    let is_usual = |note: &&Note| !["pass_restarted", "streamed", "sentinel", "compressed"].contains(&note.kind);
    let notes: Vec<&Note> = streamed.table.notes.iter().filter(is_usual).collect();
    assert_eq!(notes, table.notes.iter().filter(is_usual).collect::<Vec<_>>(), "{shown}");
    let heads = |table: &Table| -> Vec<_> {
        table.columns.iter().map(|c| (c.name.clone(), c.column_type, c.n_missing)).collect()
    };
    assert_eq!(heads(&streamed.table), heads(table), "{shown}");
    assert_eq!(streamed.table.n_records, table.n_records);
    assert_eq!((&streamed.table.dialect, &streamed.table.source), (&table.dialect, &table.source));

    let found = &streamed.design;
    assert_eq!(found.features, design.features, "{shown}");
    assert_eq!(found.notes, design.notes, "{shown}");
    assert_eq!((&found.x, &found.y), (&design.x, &design.y), "{shown}");
    assert_eq!((&found.records, &found.case_weights), (&design.records, &design.case_weights), "{shown}");
    assert_eq!(found.fold_labels, design.fold_labels, "{shown}");
    let counts = |d: &Design| (d.n_records, d.n_missing_target, d.n_missing_feature, d.n_without_weight);
    assert_eq!(counts(found), counts(design), "{shown}");

    assert_eq!(streamed.n_rows, design.y.len());
    assert_eq!((&rows.y, &rows.records), (&design.y.to_vec(), &design.records), "{shown}");
    for (j, kept) in streamed.kept.iter().enumerate() {
        assert_eq!(rows.x[*kept], design.x.column(j).to_vec(), "{shown}");
    }
    assert_eq!(rows.case_weights, design.case_weights.as_ref().map_or_else(Vec::new, ArrayBase::to_vec));
    let rank = |label: &u32| streamed.label_ranks.as_ref().unwrap()[*label as usize];
    assert_eq!(rows.labels.iter().map(rank).collect::<Vec<_>>(), design.fold_labels.clone().unwrap_or_default());
}

fn usual(text: &str) -> Streamed {
    assert_same(text.as_bytes(), &ImportOptions::default(), |_, _| ())
}

/// `n` records below a header, each from its number.
fn file(header: &str, n: usize, record: impl Fn(usize) -> String) -> String {
    let mut text = format!("{header}\n");
    for i in 0..n {
        writeln!(text, "{}", record(i)).unwrap();
    }
    text
}

fn kinds(notes: &[Note]) -> Vec<&str> {
    notes.iter().map(|n| n.kind).collect()
}

#[test]
fn plain_numbers_with_missing_cells() {
    let streamed = usual(&file("a,b,y", 60, |i| match i % 7 {
        3 => format!("{i},,{}", i * i),
        5 => format!("{i},NA,{}", i * 3),
        6 => format!("{i},{},", i % 5),
        _ => format!("{i},{}.5,{}", i % 4, i * i % 11),
    }));
    assert_eq!(kinds(&streamed.table.notes), ["streamed", "missing_tokens"]);
    assert!(kinds(&streamed.design.notes).contains(&"id_like"));
}

#[test]
fn categories_and_yes_and_no_become_the_same_indicators() {
    let streamed = usual(&file("k,b,c,y", 60, |i| {
        let k = ["north", "south", " west"][i % 3];
        let b = ["yes", "no", "Yes", ""][i % 4];
        format!("{k},{b},7,{}", i * i % 17)
    }));
    assert_eq!(streamed.design.features.len(), 3);
    assert!(kinds(&streamed.design.notes).contains(&"constant_column"));
}

#[test]
fn new_level_begins_the_pass_anew() {
    let streamed = usual(&file("k,y", 80, |i| {
        let k = if i >= 50 { ["c", "b", "0"][i % 3] } else { ["b", "c"][i % 2] };
        format!("{k},{}", i * i % 17)
    }));
    let note = &streamed.table.notes[1];
    assert_eq!((note.kind, note.line, note.text.as_deref()), ("pass_restarted", Some(52), Some("0")));
    assert_eq!(streamed.design.features.len(), 2);
}

#[test]
fn text_among_numbers_begins_the_pass_anew() {
    let streamed = usual(&file("a,b,y", 80, |i| {
        let a = if i == 70 { "x7".to_owned() } else { format!("{}", i % 9) };
        format!("{a},{},{}", i % 5, i * i % 17)
    }));
    let note = &streamed.table.notes[1];
    assert_eq!((note.kind, note.line, note.text.as_deref()), ("pass_restarted", Some(72), Some("x7")));
    assert_eq!(streamed.design.features.len(), 1);
}

#[test]
fn numbers_below_empty_cells_and_other_notations_are_found() {
    usual(&file("a,b,y", 80, |i| {
        let a = if i < 40 { String::new() } else { format!("{}", i % 9) };
        format!("{a},{},{}", i % 5, i * i % 17)
    }));
    // The target itself is empty at first.
    usual(&file("a,y", 90, |i| if i < 60 { format!("{i},") } else { format!("{i},{}", i * i % 7) }));
    // A comma is the decimal mark, as later cells show.
    usual(&file(
        "a;b;y",
        80,
        |i| if i < 60 { format!("{i};1.234;{}", i % 7) } else { format!("{i};1.234;{},5", i % 7) },
    ));
    usual(&file("a;b;y", 80, |i| {
        if i < 60 { format!("{i};{};{}", i * 3 % 7, i % 7) } else { format!("{i};1.234,5;{}", i % 7) }
    }));
    // More than 20 levels in the end; and a third word beside yes and no.
    usual(&file("k,b,y", 120, |i| {
        let b = if i == 100 { "maybe" } else { ["yes", "no"][i % 2] };
        format!("k{},{b},{}", if i < 60 { i % 3 } else { i % 30 }, i * i % 13)
    }));
    usual(&file("k,b,y", 200, |i| format!("{}{},x,{}", if i < 100 { "a" } else { "b" }, i % 2, i * i % 13)));
}

#[test]
fn constants_twins_dates_and_hints_are_noted_alike() {
    usual(&file("d,a,b,c,p,y", 60, |i| {
        format!(
            "2024-01-{:02},{},{},{},202401{:02},{}",
            i % 28 + 1,
            i % 6,
            i % 6,
            if i == 59 { 999 } else { i % 5 },
            i % 28 + 1,
            i * i % 11
        )
    }));
    usual(&file("d,a,y", 50, |i| format!("20{:02}-01-05,{},{}", i + 10, i % 6, i * i % 11)));
    usual(&file("d,a,y", 50, |i| {
        format!(
            "{},{},{}",
            if i % 9 == 3 { String::new() } else { format!("20{:02}-01-05", i + 10) },
            i % 6,
            i * i % 11
        )
    }));
    usual(&file("name,a,y", 50, |i| {
        format!("{},{},{}", if i == 49 { "Total".to_owned() } else { format!("n{}", i * i) }, i % 6, i * i % 11)
    }));
    usual(&file("name,a,y,", 50, |i| format!("NA {i},{},{},", i % 6, i % 6)));
}

#[test]
fn quotes_line_ends_remarks_and_ragged_records() {
    usual(&file("k,a,y", 60, |i| format!("\"one,\ntwo{}\",{},{}\n", i % 2, i % 7, i * i % 11)));
    usual(&file("k,a,y", 60, |i| format!("\"q{}\",{},{}", i % 2, i % 7, i * i % 11)).replace('\n', "\r\n"));
    usual(&file("k,a,y", 60, |i| format!("q{},{},{}", i % 2, i % 7, i * i % 11)).replace('\n', "\r"));
    usual(&file("k,a,y", 60, |i| {
        format!("{}q{},{},{}", if i == 50 { "# a remark\n" } else { "" }, i % 2, i % 7, i * i % 11)
    }));
    let ragged =
        file("a,b,y", 60, |i| if i % 13 == 9 { "1,2".to_owned() } else { format!("{i},{},{}", i % 7, i * i % 11) });
    for how in [Ragged::Skip, Ragged::Pad] {
        let options = ImportOptions { ragged: how, ..ImportOptions::default() };
        assert_same(ragged.as_bytes(), &options, |_, _| ());
    }
    let bom = [b"\xEF\xBB\xBF", file("é,y", 60, |i| format!("ü{},{}", i % 2, i % 7)).as_bytes()].concat();
    assert_same(&bom, &ImportOptions::default(), |_, _| ());
}

#[test]
fn text_is_decoded_as_it_is_read() {
    let text = file("name,a,y", 60, |i| format!("{},{},{}", ["Jos\u{e9}", "\u{c1}lvarez"][i % 2], i % 7, i * i % 11));
    let (windows, ..) = encoding_rs::WINDOWS_1252.encode(&text);
    let streamed = assert_same(&windows, &ImportOptions::default(), |_, _| ());
    assert_eq!(streamed.table.dialect, "windows-1252, comma");
    let chosen = ImportOptions { encoding: Some("latin1".to_owned()), ..ImportOptions::default() };
    assert_same(&windows, &chosen, |_, _| ());
    // With characters of two units.
    let text_16 = text.replace('J', "\u{1F600}");
    let order: [fn(u16) -> [u8; 2]; 2] = [u16::to_le_bytes, u16::to_be_bytes];
    for bytes_of in order {
        let bytes: Vec<u8> = std::iter::once(0xFEFF).chain(text_16.encode_utf16()).flat_map(bytes_of).collect();
        assert_same(&bytes, &ImportOptions::default(), |_, _| ());
    }
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(text.as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    let streamed = assert_same(&packed, &ImportOptions::default(), |_, _| ());
    assert!(kinds(&streamed.table.notes).contains(&"compressed"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv.gz");
    fs::write(&path, &packed[..packed.len() - 30]).unwrap();
    let error = Stream::open(&path, &ImportOptions::default(), &no_tick).unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");
}

#[test]
fn choices_of_the_user_are_kept() {
    let text = file("a,b,y", 90, |i| format!("{:03},{},{}", i % 12, if i == 80 { "x" } else { "3" }, i * i % 11));
    for (column, choice) in
        [("a", TypeChoice::Number), ("a", TypeChoice::Category), ("b", TypeChoice::Number), ("b", TypeChoice::Ignore)]
    {
        let mut options = ImportOptions::default();
        options.types.insert(column.to_owned(), choice);
        options.types.insert("y".to_owned(), TypeChoice::Number);
        assert_same(text.as_bytes(), &options, |_, _| ());
    }
    let options = ImportOptions {
        missing_tokens: Some(vec!["3".to_owned(), "x".to_owned()]),
        header: Some(Header::Yes),
        ..ImportOptions::default()
    };
    assert_same(text.as_bytes(), &options, |_, roles| {
        roles.excluded.insert(1);
    });
}

#[test]
fn roles_play_their_parts() {
    let text = file("a,k,w,f,y", 90, |i| {
        format!("{}.5,{},{},{},{}", i % 12, ["u", "v", "w"][i % 3], i % 4, ["z", "x", "y"][i / 40], i * i % 11)
    });
    let streamed = assert_same(text.as_bytes(), &ImportOptions::default(), |_, roles| {
        (roles.weight_column, roles.fold_column) = (Some(2), Some(3));
        roles.degrees.insert(0, 3);
        roles.interactions.extend([0, 1]);
        roles.references.insert(1, "v".to_owned());
    });
    assert_eq!(streamed.design.n_without_weight, 23);
    assert_same(text.as_bytes(), &ImportOptions::default(), |_, roles| roles.fold_column = Some(2));
}

#[test]
fn refusals_say_the_same() {
    let refused = |text: &str, change: &dyn Fn(&Table, &mut Roles)| {
        let (_, design, streamed) = both(text.as_bytes(), &ImportOptions::default(), change);
        assert_eq!(streamed.map(|_| ()).unwrap_err().to_string(), design.unwrap_err().to_string());
    };
    let none: &dyn Fn(&Table, &mut Roles) = &|_, _| ();
    refused(&file("a,y", 60, |i| format!("{i},{}", if i == 50 { "x".to_owned() } else { i.to_string() })), none);
    refused(&file("a,y", 60, |i| format!("{i},{}", if i == 3 { "x".to_owned() } else { i.to_string() })), none);
    refused(&file("a,y", 60, |i| format!("{i},7")), none);
    refused(&file("a,y", 60, |i| format!("7,{i}")), none);
    refused(&file("a,b,y", 60, |i| if i % 2 == 0 { format!(",{i},{i}") } else { format!("{i},,{i}") }), none);
    let text = file("a,w,y", 60, |i| format!("{i},{},{}", if i == 55 { "-2" } else { "1" }, i * i % 7));
    refused(&text, &|_, roles| roles.weight_column = Some(1));
    let text = file("a,f,y", 60, |i| format!("{i},{},{}", if i == 55 { "" } else { "1" }, i * i % 7));
    refused(&text, &|_, roles| roles.fold_column = Some(1));
    let text = file("a,f,y", 60, |i| format!("{i},one,{}", i * i % 7));
    refused(&text, &|_, roles| roles.fold_column = Some(1));
    let text = file("a,y", 60, |i| format!("{},{}", if i == 50 { "1e200" } else { "3" }, i * i % 7));
    refused(&text, &|_, roles| {
        roles.degrees.insert(0, 2);
    });
}

#[test]
fn powers_about_a_mean_of_all_rows_are_refused() {
    let text = file("year,y", 60, |i| format!("{},{}", 1960 + i, i * i % 7));
    let powers: &dyn Fn(&Table, &mut Roles) = &|_, roles| {
        roles.degrees.insert(0, 2);
    };
    let (_, design, streamed) = both(text.as_bytes(), &ImportOptions::default(), powers);
    assert_eq!(design.unwrap().features[1].name, "(year - 1990)^2");
    let error = streamed.map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("\"year\"") && error.contains("about 1973"), "{error}");
}
