//! The reader: the whole form is taken, and every fault is named with its place.

use proptest::prelude::*;
use serde_json::{Value, json};
use shrinkscope::data::moments_file::{MomentsFile, looks_like_moments, parse_moments};

/// Two folds of the columns `x` and `y`.
fn records() -> Vec<Value> {
    let record = |fold: usize, a: &str, b: &str, covariance: f64| {
        json!({
            "shrinkscope_moments": 1, "fold": fold, "rows": 5, "a": a, "b": b, "mean": 2.5, "covariance": covariance
        })
    };
    let of_fold = |fold| [record(fold, "x", "x", 2.0), record(fold, "y", "x", 1.0), record(fold, "y", "y", 3.0)];
    (0..2).flat_map(of_fold).collect()
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|record| record.to_string() + "\n").collect()
}

fn parse(text: &str) -> Result<MomentsFile, String> {
    parse_moments("m.json", text.as_bytes()).map_err(|error| error.to_string())
}

/// What is said about the records after `change`.
fn refusal(change: impl FnOnce(&mut Vec<Value>)) -> String {
    let mut records = records();
    change(&mut records);
    parse(&lines(&records)).unwrap_err()
}

#[test]
fn lines_a_list_and_any_order_are_the_same() {
    let expected = parse(&lines(&records())).unwrap();
    assert_eq!(expected.columns, ["x", "y"]);
    assert_eq!(expected.folds.len(), 2);
    assert_eq!(expected.folds[1].covariances, [2.0, 1.0, 3.0]);
    assert!(!expected.is_weighted && (expected.folds[0].weight - 5.0).abs() < 1e-15);

    let list = parse(&format!("\u{feff} {}", Value::Array(records()))).unwrap();
    assert_eq!((&list.columns, &list.folds), (&expected.columns, &expected.folds));

    let mut backwards = records();
    backwards[1]["a"] = json!("x");
    backwards[1]["b"] = json!("y");
    backwards.reverse();
    let backwards = parse(&lines(&backwards)).unwrap();
    assert_eq!(backwards.columns, ["y", "x"]);
    assert_eq!(backwards.folds[0].covariances, [3.0, 1.0, 2.0]);
}

#[test]
fn a_full_matrix_is_taken() {
    let mut full = records();
    for mut record in records().into_iter().filter(|r| r["a"] != r["b"]) {
        record["a"] = json!("x");
        record["b"] = json!("y");
        full.push(record);
    }
    assert_eq!(parse(&lines(&full)).unwrap().folds, parse(&lines(&records())).unwrap().folds);
}

#[test]
fn folds_stand_in_order_numbers_first() {
    let mut all = Vec::new();
    for label in [json!("b"), json!(10), json!("a"), json!(9)] {
        all.extend(records().into_iter().take(3).map(|mut record| {
            record["fold"] = label.clone();
            record
        }));
    }
    let folds = parse(&lines(&all)).unwrap().folds;
    assert_eq!(folds.iter().map(|fold| fold.label.as_str()).collect::<Vec<_>>(), ["9", "10", "a", "b"]);
}

#[test]
fn rounding_below_zero_is_zero() {
    let mut records = records();
    records[0]["covariance"] = json!(-1e-25);
    records[1]["covariance"] = json!(0.0);
    assert!(parse(&lines(&records)).unwrap().folds[0].covariances[0].abs() < 1e-300);
}

#[test]
fn faults_are_named_with_their_place() {
    let y_x_of_fold_1 = "fold 1, \"y\" with \"x\"";
    let set = |at: usize, key: &'static str, value: Value| move |r: &mut Vec<Value>| r[at][key] = value;
    for (message, parts) in [
        (refusal(|r| r.truncate(3)), ["at least 2 folds", "holds 1"]),
        (refusal(|r| drop(r.remove(4))), [y_x_of_fold_1, "is not there"]),
        (refusal(|r| r.push(r[4].clone())), [y_x_of_fold_1, "twice"]),
        (refusal(set(4, "covariance", json!(null))), [y_x_of_fold_1, "\"covariance\" is missing"]),
        (refusal(set(3, "mean", json!(null))), ["fold 1, \"x\" with \"x\"", "\"mean\" is missing"]),
        (refusal(set(4, "covariance", json!("NaN"))), ["line 5", "invalid type: string \"NaN\""]),
        (refusal(set(3, "origin", json!(2.5))), ["fold 1: the origin of \"x\" is 2.5", "0 in another fold"]),
        (refusal(set(4, "rows", json!(4))), [y_x_of_fold_1, "\"rows\" is 4, but 5"]),
        (refusal(set(4, "rows", json!(-4))), ["line 5", "invalid value"]),
        (refusal(set(4, "weight", json!(4))), ["fold 1", "no weight"]),
        (refusal(set(4, "fold", json!(null))), ["record 5", "null"]),
        (refusal(set(3, "covariance", json!(-0.1))), ["fold 1", "variance of \"x\" is -1e-1"]),
        (refusal(set(4, "covariance", json!(2.5))), ["\"y\" with \"x\" is 2.5e0", "(2.449"]),
        (refusal(set(0, "shrinkscope_moments", json!(2))), ["version 2", "reads version 1"]),
        (refusal(|r| r[0] = json!({"version": 1})), ["no file of moments", "README.md"]),
        (refusal(|r| r.retain(|r| r["a"] == "x")), ["one column \"x\"", "at least one feature"]),
        (refusal(|r| r.iter_mut().for_each(|r| r["rows"] = json!(1))), ["at least 3", "there are 2"]),
        (refusal(|r| r[..3].iter_mut().for_each(|r| r["rows"] = json!(0))), ["fold 0", "0 rows"]),
        (refusal(|r| r.iter_mut().for_each(|r| r["weight"] = json!(0))), ["fold 0", "above 0"]),
        (refusal(|r| r.push(json!({"rows": 1}))), ["line 7", "missing field"]),
    ] {
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }
}

#[test]
fn two_covariances_of_one_pair_must_agree() {
    let message = refusal(|r| {
        let mut other = r[1].clone();
        other["a"] = json!("x");
        other["b"] = json!("y");
        other["covariance"] = json!(1.1);
        r.push(other);
    });
    assert!(message.contains("of \"y\" with \"x\" is 1, that of \"x\" with \"y\" is 1.1"), "{message}");
}

#[test]
fn covariances_that_no_rows_have_are_refused() {
    let mut all = Vec::new();
    for fold in 0..2 {
        for (a, b, covariance) in
            [("u", "u", 1.0), ("v", "u", 0.9), ("v", "v", 1.0), ("w", "u", 0.9), ("w", "v", -0.9), ("w", "w", 1.0)]
        {
            all.push(json!({
                "shrinkscope_moments": 1, "fold": fold, "rows": 9, "a": a, "b": b, "mean": 0, "covariance": covariance
            }));
        }
    }
    let message = parse(&lines(&all)).unwrap_err();
    assert!(message.contains("fold 0: no rows have these covariances of \"w\""), "{message}");
}

#[test]
fn other_files_are_told_apart() {
    for (text, part) in [
        ("", "no record"),
        (" \n", "no record"),
        ("[]", "no record"),
        ("a,b\n1,2\n", "no file of moments"),
        ("{\"version\": 1}", "no file of moments"),
        ("{\"shrinkscope_moments\": \"one\"}", "no file of moments"),
        ("{\"shrinkscope_moments\": 1", "line 1"),
    ] {
        let message = parse(text).unwrap_err();
        assert!(message.contains(part), "{text:?}: {message}");
    }
    assert!(looks_like_moments(lines(&records()).as_bytes()));
    assert!(looks_like_moments(Value::Array(records()).to_string().as_bytes()));
    assert!(!looks_like_moments(b"{\"version\": 1}") && !looks_like_moments(b"a,b\n1,2"));
}

proptest! {
    /// Whatever a few bytes become: numbers that can be used, or a sentence.
    #[test]
    fn damage_is_refused_or_harmless(damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = lines(&records()).into_bytes();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        match parse_moments("damaged", &bytes) {
            Ok(file) => for fold in &file.folds {
                prop_assert!(fold.weight > 0.0 && fold.covariances.iter().chain(&fold.means).all(|v| v.is_finite()));
            },
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
