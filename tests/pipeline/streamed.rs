//! Files larger than the memory limit: the same files are written, and what needs all rows is refused.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::command::{Folder, numbers, said};

/// 2000 records: `g` a category, `x` with gaps.
fn table() -> String {
    let mut text = "x,z,g,y\n".to_owned();
    for i in 0..2000_usize {
        let x = if i % 9 == 4 { String::new() } else { format!("{}.5", i * 7 % 101) };
        writeln!(text, "{x},{}.125,{},{}.25", i * i % 17, ["a", "b", "c"][i % 3], i * 5 % 13 + i % 101).unwrap();
    }
    text
}

fn assert_close(ours: &Value, theirs: &Value) {
    let (ours, theirs) = (numbers(ours), numbers(theirs));
    let scale = theirs.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    assert_eq!(ours.len(), theirs.len());
    assert!(ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() <= 1e-12 * scale), "{ours:?} {theirs:?}");
}

#[test]
fn rows_that_are_not_kept_give_the_same_numbers() {
    let folder = Folder::new();
    let file = folder.file("table.csv", table());
    let kept = folder.analyze(&file, "y", "kept", &[]).json();
    let streamed = folder.analyze(&file, "y", "streamed", &["--memory-limit", "20KB", "--threads", "1"]);
    let again = folder.analyze(&file, "y", "again", &["--memory-limit", "20KB", "--threads", "4"]);
    for name in ["analysis.json", "coefficients.csv", "path.csv", "cv.csv"] {
        assert_eq!(streamed.bytes(name), again.bytes(name), "{name}");
    }
    let streamed = streamed.json();
    for key in ["data", "features", "seed"] {
        assert_eq!(streamed[key], kept[key]);
    }
    for penalty in ["lasso", "ridge"] {
        let (ours, theirs) = (&streamed[penalty], &kept[penalty]);
        for key in ["alphas", "cv_mean", "cv_se", "df", "intercept"] {
            assert_close(&ours[key], &theirs[key]);
        }
        for (ours, theirs) in
            ours["coefficients"].as_array().unwrap().iter().zip(theirs["coefficients"].as_array().unwrap())
        {
            assert_close(ours, theirs);
        }
        assert_eq!((&ours["index_min"], &ours["index_1se"]), (&theirs["index_min"], &theirs["index_1se"]));
    }
    assert_eq!((&kept["settings"]["streamed"], &streamed["settings"]["streamed"]), (&json!(false), &json!(true)));
    assert!(streamed.get("row_folds").is_none());
    assert_eq!(streamed["settings"]["rule"], "random");
}

#[test]
fn what_needs_all_rows_is_refused_with_what_to_choose() {
    let folder = Folder::new();
    let file = folder.file("table.csv", table());
    for (option, expected) in [
        ("--predictions", "leave it out, or raise --memory-limit"),
        ("--contiguous", "let folds be drawn"),
        ("--group-column=g", "let folds be drawn, or use a column of folds"),
        ("--repeats=2", "choose one repeat"),
        ("--engine=linfa", "choose the pathwise engine"),
        ("--missing=mean", "leave such rows out"),
    ] {
        let output = folder.try_analyze(&file, "y", "out", &["--memory-limit", "20KB", option]);
        assert_eq!(output.status.code(), Some(1), "{option}");
        assert!(said(&output).contains(expected), "{}", said(&output));
        assert!(!folder.path("out").exists());
    }
}
