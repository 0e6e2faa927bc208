//! `analyze --moments`: the files are those of the rows, and what needs rows is refused.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::command::{Folder, said, shrinkscope};

fn moments() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/moments/duckdb-diabetes.json")
}

fn run(folder: &Folder, options: &[&str]) -> std::process::Output {
    let mut command = shrinkscope();
    command.arg("analyze").arg("--moments").arg(moments()).arg("--out").arg(folder.path("out")).args(options);
    command.output().unwrap()
}

#[test]
fn the_usual_files_are_written() {
    let folder = Folder::new();
    let output = run(&folder, &["--target", "y", "--exclude", "s6"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let line = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(line.contains("442 of 442 rows") && line.contains("4 files written"), "{line}");
    assert!(said(&output).contains("no row is here"), "{}", said(&output));
    assert_eq!(folder.names("out"), ["analysis.json", "coefficients.csv", "cv.csv", "path.csv"]);
    let analysis: Value = serde_json::from_slice(&std::fs::read(folder.path("out/analysis.json")).unwrap()).unwrap();
    assert_eq!(analysis["settings"]["rule"], "given");
    assert_eq!(analysis["settings"]["folds"], 10);
    assert_eq!(analysis["data"]["rows"], 442);
    assert_eq!(analysis["features"].as_array().unwrap().len(), 9);
}

#[test]
fn what_needs_rows_is_refused() {
    let folder = Folder::new();
    for options in [
        &["--predictions"][..],
        &["--folds", "5"],
        &["--interleaved"],
        &["--fold-column", "age"],
        &["--missing", "mean"],
        &["--degree", "bmi=2"],
        &["--weight-column", "age"],
        &["--engine", "linfa"],
        &["--decimal", "comma"],
        &["--example", "diabetes"],
    ] {
        let output = run(&folder, &[&["--target", "y"], options].concat());
        assert_eq!(output.status.code(), Some(1), "{options:?}");
        assert!(said(&output).contains("--moments"), "{options:?}: {}", said(&output));
    }
    for (target, expected) in [("z", "--target: there is no column \"z\""), ("y", "y")] {
        let output = run(&folder, &["--target", target, "--exclude", "y"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains(expected), "{}", said(&output));
    }
    assert!(!folder.path("out").exists());
}

#[test]
fn without_the_option_the_way_is_named() {
    let folder = Folder::new();
    let output = folder.try_analyze(&moments(), "y", "out", &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("this is a file of moments, not a table of text; analyze it with --moments"));
}

#[test]
fn other_files_are_refused_by_name() {
    let folder = Folder::new();
    for (name, content, expected) in [
        ("a.json", "{\"version\": 1}", "a.json: this is no file of moments"),
        ("b.csv", "x,y\n1,2\n", "b.csv: this is no file of moments"),
        ("c.json", "", "c.json: the file holds no record"),
    ] {
        let file = folder.file(name, content);
        let mut command = shrinkscope();
        command.arg("analyze").arg("--moments").arg(&file).args(["--target", "y", "--out"]).arg(folder.path("out"));
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains(expected), "{}", said(&output));
    }
}
