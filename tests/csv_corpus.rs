//! Every file of the CSV corpus, read and compared with its index: rows, columns, names, numbers, missing cells, values,
//! and the kinds of notes and errors. The rules are those of the corpus' own `score.py`, and some more.

#![expect(clippy::unwrap_used, reason = "a broken index must stop the test")]

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::Value;
use shrinkscope::data::csv::{no_tick, read_bytes, read_table};
use shrinkscope::data::error::ReadError;
use shrinkscope::data::inspect::Inspection;
use shrinkscope::data::options::ImportOptions;

/// Refusals that say exactly that the file is too small to fit.
const SMALL: [&str; 4] = ["too_few_rows", "too_few_columns", "no_numeric_columns", "no_data_rows"];

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/csv-corpus")
}

fn inspect(path: &Path) -> Value {
    let load = read_table(path, &ImportOptions::default(), &no_tick);
    serde_json::to_value(Inspection::new(&load)).unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().map(|a| a.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

fn len(value: &Value) -> usize {
    value.as_array().map_or(0, Vec::len)
}

/// Position of a column that the index names or numbers.
fn position(key: &Value, expected: &Value, names: &[&str]) -> usize {
    let name = match key.as_u64() {
        Some(position) => return position as usize,
        None => key.as_str().unwrap(),
    };
    let in_index = texts(&expected["column_names"]).iter().position(|n| *n == name);
    in_index.or_else(|| names.iter().position(|n| *n == name)).unwrap()
}

/// What is wrong with a load; empty if nothing is.
fn judge(file: &Value, read: &Value) -> Vec<String> {
    let expected = &file["expect"];
    let outcome = expected["outcome"].as_str().unwrap();
    let notes = texts(&read["notes"]);
    if read["loaded"] == false {
        return judge_refusal(expected, outcome, read);
    }
    let mut wrong = Vec::new();
    if outcome == "reject" {
        return vec!["loaded".to_owned()];
    }
    if !expected["rows"].is_null() {
        judge_table(expected, read, &mut wrong);
    }
    let wanted = texts(&expected["notes"]);
    let is_told = |kind: &&str| *kind == "any" || notes.contains(kind);
    match outcome {
        // A blank line may be a skipped line or a missing cell: one note says which.
        "note" if file["file"] == "blank_line_single_column.csv" && wanted.iter().any(is_told) => {}
        "note" => {
            let silent: Vec<&&str> = wanted.iter().filter(|k| !is_told(k)).collect();
            if !silent.is_empty() {
                wrong.push(format!("no word about {silent:?}, only {notes:?}"));
            }
        }
        "note_or_reject" if !wanted.iter().any(is_told) => {
            wrong.push(format!("none of {wanted:?} in {notes:?}"));
        }
        _ if file["category"] == "plain" && outcome == "accept" && !notes.is_empty() => {
            wrong.push(format!("needless {notes:?}"));
        }
        _ => {}
    }
    wrong
}

fn judge_refusal(expected: &Value, outcome: &str, read: &Value) -> Vec<String> {
    let error = read["error"].as_str().unwrap_or_default();
    let message = read["message"].as_str().unwrap_or_default();
    let small = expected["rows"].as_u64().unwrap_or(0) < 3 || len(&expected["numeric_columns"]) < 2;
    if message.is_empty() {
        return vec!["refused without a message".to_owned()];
    }
    if small && SMALL.contains(&error) {
        return Vec::new();
    }
    if outcome != "reject" && outcome != "note_or_reject" {
        return vec![format!("refused: {error}")];
    }
    let kinds = [texts(&expected["notes"]), vec![expected["error"].as_str().unwrap_or_default()]].concat();
    let meant = kinds.iter().any(|k| *k == "any" || *k == error);
    if meant { Vec::new() } else { vec![format!("refused as {error} instead of {kinds:?}")] }
}

fn judge_table(expected: &Value, read: &Value, wrong: &mut Vec<String>) {
    let names = texts(&read["names"]);
    let (rows, width) = (len(&read["cells"]), names.len());
    let among = |n: usize, kind: &str| {
        let others = expected[format!("{kind}_alt")].as_array();
        expected[kind] == n || others.is_some_and(|o| o.iter().any(|v| *v == n))
    };
    if !among(rows, "rows") || !among(width, "columns") {
        wrong.push(format!("{rows} x {width} cells"));
        return;
    }
    let wanted = texts(&expected["column_names"]);
    for (name, read_as) in wanted.iter().zip(&names) {
        let is_unique = wanted.iter().filter(|w| w == &name).count() == 1;
        if is_unique && !name.trim().is_empty() && name != read_as {
            wrong.push(format!("column {name:?} named {read_as:?}"));
        }
    }
    let distinct: std::collections::BTreeSet<&&str> = names.iter().collect();
    if distinct.len() != width {
        wrong.push(format!("names not unique: {names:?}"));
    }
    let positions = |kind: &str| -> Vec<usize> {
        let keys = expected[kind].as_array().cloned().unwrap_or_default();
        keys.iter().map(|k| position(k, expected, &names)).collect()
    };
    let (numeric, optional) = (positions("numeric_columns"), positions("optional_numeric_columns"));
    let found: Vec<usize> = read["numeric"].as_array().unwrap().iter().map(|j| j.as_u64().unwrap() as usize).collect();
    // Stricter than the score: a numeric column may not become text, note or not.
    if !numeric.iter().all(|j| found.contains(j)) {
        wrong.push(format!("numeric {found:?}, lost some of {numeric:?}"));
    }
    if found.iter().any(|j| !numeric.contains(j) && !optional.contains(j)) {
        wrong.push(format!("numeric {found:?}, more than {numeric:?}"));
    }
    let cell = |row: usize, column: usize| &read["cells"][row][column];
    let missing: usize = numeric.iter().map(|j| (0..rows).filter(|r| cell(*r, *j).is_null()).count()).sum();
    if expected["rows"] == rows && expected["missing_numeric"] != missing {
        wrong.push(format!("{missing} missing numbers instead of {}", expected["missing_numeric"]));
    }
    for value in expected["values"].as_array().into_iter().flatten() {
        let row = value[0].as_u64().unwrap() as usize;
        let read_as = cell(row, position(&value[1], expected, &names));
        let same = match value[2].as_f64() {
            Some(number) => read_as.as_f64() == Some(number),
            None => *read_as == value[2],
        };
        if !same {
            wrong.push(format!("{value} read as {read_as}"));
        }
    }
}

#[test]
fn every_file_of_the_corpus_is_read_right_or_refused_rightly() {
    let index: Value = serde_json::from_str(&std::fs::read_to_string(corpus().join("index.json")).unwrap()).unwrap();
    let mut failures = Vec::new();
    for file in index["files"].as_array().unwrap() {
        let name = file["file"].as_str().unwrap();
        let wrong = judge(file, &inspect(&corpus().join(name)));
        if !wrong.is_empty() {
            failures.push(format!("{name}: {}", wrong.join("; ")));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_must_not_be_read_is_not_read() {
    let read = inspect(&corpus().join("thousands_unquoted.csv"));
    assert!(!read["cells"].to_string().contains("[68.0"), "{read}");
    let read = inspect(&corpus().join("unterminated_quote.csv"));
    assert_eq!(read["error"], "unterminated_quote");
    assert!(read["message"].as_str().unwrap().contains("line 4"));
}

#[test]
fn every_prefix_of_every_file_is_read_or_refused() {
    for entry in std::fs::read_dir(corpus()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let step = 1 + bytes.len() / 40;
        for end in (0..bytes.len()).step_by(step) {
            let load = read_bytes("prefix", &bytes[..end], &ImportOptions::default(), &no_tick);
            if let Ok(table) = load {
                let json = serde_json::to_value(Inspection::new(&Ok(table))).unwrap();
                let width = len(&json["names"]);
                assert!(json["cells"].as_array().unwrap().iter().all(|r| len(r) == width));
            }
        }
    }
}

#[test]
fn a_cancelled_load_says_so() {
    let path = corpus().join("readr_challenge.csv");
    let load = read_table(&path, &ImportOptions::default(), &|_, _| ControlFlow::Break(()));
    assert!(matches!(load, Err(ReadError::Cancelled)));
}

#[test]
fn what_is_no_file_is_refused_before_it_is_opened() {
    let refuse = |path: &Path| read_table(path, &ImportOptions::default(), &no_tick).map(|t| t.name).unwrap_err();
    assert_eq!(refuse(&corpus()).kind(), "is_directory");
    let missing = refuse(&corpus().join("no such file.csv"));
    assert_eq!(missing.kind(), "not_found");
    assert!(missing.to_string().contains("no such file.csv"));
    #[cfg(unix)]
    {
        assert_eq!(refuse(Path::new("/dev/zero")).kind(), "not_regular_file");
        let folder = tempfile::tempdir().unwrap();
        let loop_a = folder.path().join("a.csv");
        std::os::unix::fs::symlink(&loop_a, folder.path().join("b.csv")).unwrap();
        std::os::unix::fs::symlink(folder.path().join("b.csv"), &loop_a).unwrap();
        assert_eq!(refuse(&loop_a).kind(), "io");
        let socket = folder.path().join("socket.csv");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert_eq!(refuse(&socket).kind(), "not_regular_file");
        let fifo = folder.path().join("fifo.csv");
        if std::process::Command::new("mkfifo").arg(&fifo).status().is_ok_and(|s| s.success()) {
            assert_eq!(refuse(&fifo).kind(), "not_regular_file");
        }
        let locked = folder.path().join("locked.csv");
        std::fs::write(&locked, "x,y\n1,2\n").unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o000);
        std::fs::set_permissions(&locked, mode).unwrap();
        // Root may read what nobody may.
        if std::fs::File::open(&locked).is_err() {
            assert_eq!(refuse(&locked).kind(), "permission_denied");
        }
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("growing.csv");
    let text = "x,y\n".to_owned() + &"1.5,2.5\n".repeat(1 << 19);
    std::fs::write(&path, &text).unwrap();
    let change = |length: u64| {
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.set_len(length).unwrap();
    };
    for length in [100, 10_000_000] {
        std::fs::write(&path, &text).unwrap();
        let load = read_table(&path, &ImportOptions::default(), &|_, _| {
            change(length);
            ControlFlow::Continue(())
        });
        assert!(matches!(load, Err(ReadError::ChangedWhileReading { .. })));
    }
}
