//! What cannot be analysed gets a sentence with what, where and what to do; nothing is written.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::command::{Folder, said, shrinkscope, small};

/// `analyze` refuses with exit code 1, one sentence that holds `expected`, and writes nothing.
fn assert_refused(folder: &Folder, file: &Path, options: &[&str], expected: &[&str]) {
    let output = folder.try_analyze(file, "y", "out", options);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for text in expected {
        assert!(said.to_lowercase().contains(&text.to_lowercase()), "{text:?} is not in: {said}");
    }
    assert!(!said.contains("panicked"), "{said}");
    assert!(output.stdout.is_empty());
    assert!(!folder.path("out").exists());
}

#[test]
fn what_is_no_file_is_refused_by_name() {
    let folder = Folder::new();
    assert_refused(&folder, &folder.path("none.csv"), &[], &["none.csv", "no such file"]);
    fs::create_dir(folder.path("data")).unwrap();
    assert_refused(&folder, &folder.path("data"), &[], &["data", "folder"]);
}

#[test]
fn tables_that_cannot_be_fitted_are_refused_with_place_and_remedy() {
    let folder = Folder::new();
    let text_in_target = small(20).replacen("3,10,", "3,10,many", 1);
    assert!(text_in_target.contains("many"));
    let cases: [(&str, &str, &[&str]); 8] = [
        ("empty", "", &["empty"]),
        ("header only", "x,y\n", &["no data rows", "line 1"]),
        ("ragged", "x,y\n1,2\n3,4,5\n6,7\n", &["line 3", "3 cells", "2", "skip or pad"]),
        ("text in target", &text_in_target, &["line 4", "\"y\"", "many"]),
        ("no numeric feature", "name,y\nanna,1\nbea,2\ncarl,3\ndora,4\n", &["no column can predict \"y\"", "numbers"]),
        ("constant target", "x,y\n1,5\n2,5\n3,5\n4,5\n", &["\"y\"", "5", "choose another target"]),
        ("2 complete rows", "x,y\n1,5\n2,6\n,5\n,6\n", &["2 of 4 rows are complete", "at least 3"]),
        ("unclosed quote", "x,y\n1,\"2\n3,4\n", &["line 2", "quote"]),
    ];
    for (name, text, expected) in cases {
        let file = folder.file(&format!("{name}.csv"), text);
        assert_refused(&folder, &file, &[], expected);
    }
}

#[test]
fn columns_are_refused_by_name_with_those_there_are() {
    let folder = Folder::new();
    let file = folder.file("a.csv", small(20));
    let refused = |options: &[&str], expected: &[&str]| assert_refused(&folder, &file, options, expected);
    refused(&["--exclude", "z"], &["--exclude", "\"z\"", "x, noise, y"]);
    refused(&["--exclude", "y"], &["\"y\"", "the target and excluded"]);
    refused(&["--fold-column", "z"], &["--fold-column", "\"z\""]);
    refused(&["--group-column", "y"], &["\"y\"", "the target and the group column"]);
    let other = folder.file("b.csv", "a,b\n1,2\n3,5\n5,4\n");
    assert_refused(&folder, &other, &[], &["--target", "\"y\"", "a, b"]);
}

#[test]
fn options_are_refused_with_rule_and_value() {
    let folder = Folder::new();
    let file = folder.file("a.csv", small(20));
    let cases: [(&[&str], &str); 22] = [
        (&["--folds", "1"], "--folds"),
        (&["--folds", "ten"], "--folds"),
        (&["--alphas", "0"], "--alphas"),
        (&["--alpha-min-ratio", "1"], "between 0 and 1"),
        (&["--alpha-min-ratio", "0.1", "--lasso-alphas", "1"], "--lasso-alphas"),
        (&["--lasso-alphas", "1,0.5,1"], "1 stands there twice"),
        (&["--ridge-alphas", "1,-2"], "above 0"),
        (&["--ridge-alphas", "inf"], "finite"),
        (&["--ridge-alphas", ""], "not a number"),
        (&["--l1-ratio", "0"], "above 0"),
        (&["--l1-ratio", "1.5"], "at most 1"),
        (&["--missing", "median"], "drop, mean"),
        (&["--at", "max"], "min, 1se"),
        (&["--engine", "gpu"], "pathwise, linfa"),
        (&["--threads", "0"], "--threads"),
        (&["--seed", "-1"], "--seed"),
        (&["--seed", "1", "--seed", "2"], "--seed"),
        (&["--repeats", "2", "--contiguous"], "--contiguous"),
        (&["--interleaved", "--contiguous"], "--contiguous"),
        (&["--group-column", "x", "--interleaved"], "--interleaved"),
        (&["--header", "maybe"], "yes or no"),
        (&["--nonsense"], "--nonsense"),
    ];
    for (options, expected) in cases {
        assert_refused(&folder, &file, options, &[expected]);
    }
    for other in [
        &["--folds", "5"][..],
        &["--repeats", "2"],
        &["--contiguous"],
        &["--interleaved"],
        &["--group-column", "noise"],
    ] {
        assert_refused(&folder, &file, &[&["--fold-column", "x"], other].concat(), &["--fold-column", other[0]]);
    }
}

#[test]
fn fold_column_with_a_gap_is_refused() {
    let folder = Folder::new();
    let table = "x,y,fold\n1,2,a\n2,3,b\n3,5,\n4,4,a\n5,7,b\n6,6,a\n";
    let file = folder.file("a.csv", table);
    assert_refused(&folder, &file, &["--fold-column", "fold"], &["\"fold\"", "line 4"]);
}

#[test]
fn what_is_odd_loads_with_a_note() {
    let folder = Folder::new();
    let headers = folder.file("headers.csv", small(20).replacen("x,noise", "x,", 1).replacen("x,", "y,", 1));
    let written = folder.analyze(&headers, "y", "headers", &[]);
    let kinds = |json: &serde_json::Value| {
        let notes = json["notes"].as_array().unwrap();
        notes.iter().map(|note| note["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let json = written.json();
    assert!(kinds(&json).iter().any(|kind| kind.contains("header")), "{json}");
    assert!(said(&written.output).contains("note: "));

    let few = folder.file("few.csv", small(6));
    let written = folder.analyze(&few, "y", "few", &["--folds", "10"]);
    let json = written.json();
    assert!(kinds(&json).iter().any(|kind| kind.contains("fold")), "{json}");
    let mut folds: Vec<_> = json["row_folds"].as_array().unwrap().iter().map(|fold| fold.as_u64().unwrap()).collect();
    folds.sort_unstable();
    assert_eq!(folds, [0, 1, 2, 3, 4, 5], "leave-one-out");
}

#[test]
fn other_encodings_are_read_or_refused_in_words() {
    let folder = Folder::new();
    let mut bytes = small(20).into_bytes();
    bytes.splice(0..1, *b"gr\xf6\xdfe");
    let file = folder.file("latin1.csv", bytes);
    let output = folder.try_analyze(&file, "y", "out", &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("1252"), "{}", said(&output));
    let json: serde_json::Value = serde_json::from_slice(&fs::read(folder.path("out/analysis.json")).unwrap()).unwrap();
    assert_eq!(json["features"], json!(["größe", "noise"]));
}

#[test]
fn places_that_cannot_be_written_end_with_code_2_and_leave_what_is_there() {
    let folder = Folder::new();
    let file = folder.file("a.csv", small(20));
    folder.file("out", "a file");
    let output = folder.try_analyze(&file, "y", "out", &[]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("out") && said(&output).contains("choose another folder"), "{}", said(&output));
    assert_eq!(fs::read(folder.path("out")).unwrap(), b"a file");

    fs::create_dir_all(folder.path("taken/path.csv")).unwrap();
    fs::write(folder.path("taken/coefficients.csv"), "old").unwrap();
    let output = folder.try_analyze(&file, "y", "taken", &[]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("path.csv"), "{}", said(&output));
    assert_eq!(fs::read(folder.path("taken/coefficients.csv")).unwrap(), b"old");
    assert_eq!(folder.names("taken"), ["coefficients.csv", "path.csv"]);
}

#[test]
fn data_are_never_written_over() {
    let folder = Folder::new();
    fs::create_dir(folder.path("out")).unwrap();
    let file = folder.file("out/path.csv", small(20));
    let output = folder.try_analyze(&file, "y", "out", &[]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("choose another folder"), "{}", said(&output));
    assert_eq!(fs::read_to_string(&file).unwrap(), small(20));
    assert_eq!(folder.names("out"), ["path.csv"]);
}

/// A file that may not be read. Root may read anything, so root becomes somebody else for it.
#[cfg(unix)]
#[test]
fn no_permission_is_said_in_words() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;

    let folder = Folder::new();
    let file = folder.file("secret.csv", small(20));
    let set_mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    set_mode(&file, 0o000);
    set_mode(file.parent().unwrap(), 0o755);
    let mut command = shrinkscope();
    command.arg("analyze").arg(&file).args(["--target", "y", "--out"]).arg(folder.path("out"));
    let is_root = fs::metadata(&file).unwrap().uid() == 0;
    if is_root {
        command.uid(NOBODY).gid(NOBODY).current_dir("/");
    }
    match command.output() {
        Ok(output) => {
            assert_eq!(output.status.code(), Some(1), "{}", said(&output));
            assert!(said(&output).contains("secret.csv") && said(&output).contains("may not"), "{}", said(&output));
        }
        // The program lies where nobody may go.
        Err(error) => assert!(is_root, "{error}"),
    }
}

#[test]
fn help_and_version_are_no_failure_and_nonsense_is() {
    for (arguments, code) in [
        (&["--help"][..], 0),
        (&["--version"], 0),
        (&["analyze", "--help"], 0),
        (&["inspect"], 1),
        (&["analyze"], 1),
        (&["analyze", "a.csv", "--example", "diabetes", "--target", "y", "--out", "o"], 1),
        (&["--target"], 1),
    ] {
        let output = shrinkscope().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
        assert_eq!(output.stdout.is_empty(), code != 0);
    }
    let output = shrinkscope().args(["analyze", "--example", "none", "--target", "y", "--out", "o"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("diabetes"), "{}", said(&output));
}
