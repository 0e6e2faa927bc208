//! Parts that columns play: weights, marks, reference levels, powers, interactions; and predictions for every record.

use std::fmt::Write as _;

use serde_json::json;

use super::command::{Folder, said};

/// Forty records: `g` a category, `x` with gaps, `w` weights, `y` missing in the last two.
fn table() -> String {
    let mut text = "x,z,g,w,y\n".to_owned();
    for i in 0..40 {
        let x = if i % 9 == 4 { String::new() } else { format!("{}.5", i * 7 % 11) };
        let y = if i >= 38 { String::new() } else { format!("{}.25", i * 5 % 13 + i) };
        writeln!(text, "{x},{}.125,{},{},{y}", i * i % 17, ["a=1", "b", "c"][i % 3], i % 4).unwrap();
    }
    text
}

#[test]
fn options_of_columns_arrive_in_features_and_settings() {
    let folder = Folder::new();
    let file = folder.file("table.csv", table());
    let options = "--missing mean --missing-indicators --weight-column w --reference g=b --degree x=3 \
        --interaction x --interaction z --folds 4";
    let written = folder.analyze(&file, "y", "out", &options.split_whitespace().collect::<Vec<_>>());
    let analysis = written.json();
    let features = json!(["x", "x^2", "x^3", "x (missing)", "z", "g=a=1", "g=c", "x:z"]);
    assert_eq!(analysis["features"], features);
    let settings = &analysis["settings"];
    assert_eq!(settings["missing"], "mean");
    assert_eq!(settings["missing_indicators"], true);
    assert_eq!(settings["weight_column"], "w");
    assert_eq!(settings["references"], json!({"g": "b"}));
    assert_eq!(settings["degrees"], json!({"x": 3}));
    assert_eq!(settings["interactions"], json!(["x", "z"]));
    // Every fourth row has the weight 0, and the last two no target.
    let left_out: Vec<usize> = (0..40).filter(|i| analysis["row_folds"][*i].is_null()).collect();
    assert_eq!(left_out, (0..40).filter(|i| i % 4 == 0 || *i >= 38).collect::<Vec<_>>());
    assert_eq!(folder.names("out"), ["analysis.json", "coefficients.csv", "cv.csv", "path.csv"]);
}

#[test]
fn predictions_hold_every_record_that_can_be_predicted() {
    let folder = Folder::new();
    let file = folder.file("table.csv", table());
    for (missing, without) in [("mean", 0), ("drop", 4)] {
        let out = format!("out-{missing}");
        let written = folder.analyze(&file, "y", &out, &["--predictions", "--missing", missing, "--at", "min"]);
        let analysis = written.json();
        let rows = written.rows("predictions.csv");
        assert_eq!(rows.len(), 40);
        let index = analysis["ridge"]["index_min"].as_u64().unwrap() as usize;
        let coefficient = |name: &str| {
            let features = analysis["features"].as_array().unwrap();
            let j = features.iter().position(|feature| feature == name).unwrap();
            analysis["ridge"]["coefficients"][index][j].as_f64().unwrap()
        };
        let intercept = analysis["ridge"]["intercept"][index].as_f64().unwrap();
        let mut n_empty = 0;
        for (i, row) in rows.iter().enumerate() {
            assert_eq!(row["line"], (i + 2).to_string());
            assert_eq!(row["observed"].is_empty(), i >= 38);
            assert_eq!(row["used"] == "true", !analysis["row_folds"][i].is_null());
            n_empty += usize::from(row["ridge"].is_empty());
            if i % 9 != 4 {
                let (x, z, w) = ((i * 7 % 11) as f64 + 0.5, (i * i % 17) as f64 + 0.125, (i % 4) as f64);
                let level = ["a=1", "b", "c"][i % 3];
                let group = if level == "a=1" { 0.0 } else { coefficient(&format!("g={level}")) };
                let expected = intercept + coefficient("x") * x + coefficient("z") * z + coefficient("w") * w + group;
                let ridge: f64 = row["ridge"].parse().unwrap();
                assert!((ridge - expected).abs() < 1e-9 * expected.abs().max(1.0), "row {i}: {ridge}, {expected}");
            }
        }
        assert_eq!(n_empty, without, "{missing}");
    }
}

#[test]
fn degree_without_a_column_is_that_of_the_only_predictor() {
    let folder = Folder::new();
    let file = folder.file("table.csv", table());
    let alone = ["--exclude", "x", "--exclude", "w", "--exclude", "g", "--degree", "3"];
    let analysis = folder.analyze(&file, "y", "out", &alone).json();
    assert_eq!(analysis["settings"]["degrees"], json!({"z": 3}));
    assert_eq!(analysis["features"], json!(["z", "(z - 8)^2", "(z - 8)^3"]));
    for several in [&alone[2..], &alone[4..]] {
        let output = folder.try_analyze(&file, "y", "out", several);
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains("--degree COLUMN=3"), "{}", said(&output));
    }
}

#[test]
fn options_that_say_nothing_are_refused() {
    let folder = Folder::new();
    let file = folder.file("table.csv", table());
    for (options, expected) in [
        (&["--missing-indicators"][..], "--missing mean"),
        (&["--interaction", "x"], "one column only"),
        (&["--degree", "x=0"], "COLUMN=D"),
        (&["--degree", "g=2"], "\"g\""),
        (&["--degree", "nope=2"], "--degree"),
        (&["--reference", "g=d"], "a=1, b, c"),
        (&["--reference", "nope=d"], "--reference"),
        (&["--weight-column", "y"], "the weight column"),
        (&["--weight-column", "g"], "does not hold numbers"),
        (&["--interaction", "y", "--interaction", "x"], "in an interaction"),
    ] {
        let output = folder.try_analyze(&file, "y", "out", options);
        assert_eq!(output.status.code(), Some(1), "{options:?}");
        assert!(said(&output).contains(expected), "{options:?}: {}", said(&output));
    }
}
