//! Numbers that are known from elsewhere, and equalities that must hold.

use std::fmt::Write as _;
use std::fs;

use serde_json::{Value, json};

use super::command::{FEATURES, Folder, Written, diabetes, index, number, numbers, said, shrinkscope, small};

/// A tolerance for published values that were written down with about 10 digits.
fn assert_close(actual: f64, expected: f64) {
    assert!((actual - expected).abs() <= 1e-6 * expected.abs(), "{actual} instead of {expected}");
}

#[test]
fn fold_errors_average_to_the_mean() {
    let folder = Folder::new();
    let written = folder.analyze(&diabetes(), "y", "out", &["--folds", "4"]);
    let folds = written.json()["row_folds"].clone();
    let size = |fold: u64| folds.as_array().unwrap().iter().filter(|value| **value == json!(fold)).count() as f64;
    for row in written.rows("cv.csv") {
        let sum: f64 = (0..4).map(|fold| size(fold) * number(&row[&format!("fold_{fold}")])).sum();
        assert_close(sum / 442.0, number(&row["mean"]));
    }
}

/// Penalty, rule, position, alpha, df, mean and SE of CONVENTIONS.md for folds = row mod 10; ridge on the alphas there.
const KNOWN: &str = "\
lasso index_min 43 0.8267619570 8 2977.1206048 211.2358660
lasso index_1se 19 7.7104096815 4 3180.6649533 199.0934039
ridge index_min 54 0.0441950134 8.382889 2978.8035689 216.7894674
ridge index_1se 35 0.6642480304 4.720008 3171.9669073 208.7874181";

/// Diabetes with a column `fold` = row mod 10 gives the numbers of CONVENTIONS.md.
#[test]
fn diabetes_with_given_folds_gives_the_known_answers() {
    let folder = Folder::new();
    let mut table = String::new();
    for (line, text) in fs::read_to_string(diabetes()).unwrap().lines().enumerate() {
        let fold = if line == 0 { "fold".to_owned() } else { ((line - 1) % 10).to_string() };
        writeln!(table, "{text},{fold}").unwrap();
    }
    let table = folder.file("folds.csv", table);
    let (first, last) = (97.815_790_63_f64, 7.208_477_048e-5_f64);
    let ridge: Vec<_> = (0..100).map(|k| (first * (last / first).powf(f64::from(k) / 99.0)).to_string()).collect();
    let options = ["--fold-column", "fold", "--ridge-alphas", &ridge.join(",")];
    let written = folder.analyze(&table, "y", "out", &options);
    let json = written.json();
    assert_eq!(json["features"], json!(FEATURES));
    assert_eq!((&json["settings"]["fold_column"], &json["settings"]["rule"]), (&json!("fold"), &json!("given")));
    assert!((0..442).all(|row| json["row_folds"][row] == json!(row % 10)));

    for line in KNOWN.lines() {
        let [penalty, rule, k, alpha, df, mean, se] = *line.split_whitespace().collect::<Vec<_>>() else {
            panic!("{line}");
        };
        let fits = &json[penalty];
        assert_eq!(index(&fits[rule]).to_string(), k, "{penalty} {rule}");
        for (key, expected) in [("alphas", alpha), ("df", df), ("cv_mean", mean), ("cv_se", se)] {
            assert_close(fits[key][index(&fits[rule])].as_f64().unwrap(), number(expected));
        }
    }
    assert_selected(&written);

    // The same folds by rule.
    let by_rule = folder.analyze(&diabetes(), "y", "by_rule", &["--interleaved"]).json();
    assert_eq!(by_rule["row_folds"], json["row_folds"]);
    assert_eq!(by_rule["lasso"], json["lasso"]);
}

/// The lasso by the 1-SE rule has the features and coefficients of CONVENTIONS.md.
fn assert_selected(written: &Written) {
    let selected: Vec<_> = written.coefficients("lasso").into_iter().filter(|(_, value)| *value != 0.0).collect();
    let expected = [
        ("(intercept)", -208.189_415_398_4),
        ("bmi", 5.318_701_949_6),
        ("bp", 0.592_183_210_1),
        ("s3", -0.347_847_604_7),
        ("s5", 39.063_197_407_3),
    ];
    assert_eq!(selected.len(), expected.len());
    for ((name, value), (expected_name, expected)) in selected.iter().zip(expected) {
        assert_eq!(name, expected_name);
        assert_close(*value, expected);
    }
}

#[test]
fn same_bytes_on_one_and_two_threads() {
    let folder = Folder::new();
    for options in [vec![], vec!["--repeats", "2", "--l1-ratio", "0.5", "--seed", "3"]] {
        let of = |threads: &str| {
            let options = [&options[..], &["--threads", threads]].concat();
            let written = folder.analyze(&diabetes(), "y", threads, &options);
            folder.names(threads).iter().map(|name| written.bytes(name)).collect::<Vec<_>>()
        };
        assert!(of("1") == of("2"), "{options:?}");
    }
}

#[test]
fn linfa_computes_the_same_sweep() {
    let folder = Folder::new();
    let table = folder.file("small.csv", small(40));
    let options = ["--alphas", "5", "--alpha-min-ratio", "0.1", "--engine"];
    let of = |engine: &str| folder.analyze(&table, "y", engine, &[&options[..], &[engine]].concat()).json();
    let (ours, theirs) = (of("pathwise"), of("linfa"));
    assert_eq!(theirs["settings"]["engine"], "linfa");
    let alphas = |json: &Value| numbers(&json["lasso"]["alphas"]);
    for (ours, theirs) in alphas(&ours).into_iter().zip(alphas(&theirs)) {
        // Two ways to the largest alpha, a few roundings apart.
        assert!((ours / theirs - 1.0).abs() <= 1e-14, "{ours} {theirs}");
    }
    assert_eq!(ours["row_folds"], theirs["row_folds"]);
}

#[test]
fn elastic_net_keeps_the_name_of_the_lasso_and_says_its_ratio() {
    let folder = Folder::new();
    let options = ["--l1-ratio", "0.5", "--no-standardize", "--exclude", "age", "--exclude", "sex"];
    let written = folder.analyze(&diabetes(), "y", "out", &options);
    let json = written.json();
    assert_eq!(json["settings"]["l1_ratio"], 0.5);
    assert_eq!(json["settings"]["standardize"], false);
    assert_eq!(json["settings"]["exclude"], json!(["age", "sex"]));
    assert_eq!(json["features"], json!(FEATURES[2..]));
    assert_eq!(written.coefficients("lasso").len(), 9);
}

#[test]
fn hash_is_that_of_the_file() {
    let folder = Folder::new();
    let json = folder.analyze(&diabetes(), "y", "out", &[]).json();
    // Of the file that ../shared/data/README.md describes.
    let expected = "404632545e101c5a62ed5b7e741ec07734728273dfb993e5a456cd8bc659dd25";
    assert_eq!(json["data"]["sha256"], expected);

    let output =
        shrinkscope().args(["analyze", "--example", "diabetes", "--out"]).arg(folder.path("example")).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let example: Value = serde_json::from_slice(&fs::read(folder.path("example/analysis.json")).unwrap()).unwrap();
    assert_eq!(example["data"]["sha256"], expected);
    assert_eq!((&example["data"]["path"], &example["data"]["example"]), (&Value::Null, &json!("diabetes")));
    assert_eq!(example["lasso"], json["lasso"]);
}
