//! The files have exactly the forms of DESIGN.md: other programs read them.

use serde_json::{Value, json};

use super::command::{FEATURES, Folder, diabetes, index, number, numbers, small};

#[test]
fn coefficients_hold_the_intercept_and_every_feature_of_both_penalties() {
    let folder = Folder::new();
    let written = folder.analyze(&diabetes(), "y", "out", &[]);
    assert_eq!(folder.names("out"), ["analysis.json", "coefficients.csv", "cv.csv", "path.csv"]);
    assert_eq!(written.header("coefficients.csv"), "penalty,feature,coefficient,coefficient_per_sd,selected");

    let rows = written.rows("coefficients.csv");
    let expected: Vec<_> = ["lasso", "ridge"]
        .iter()
        .flat_map(|penalty| std::iter::once("(intercept)").chain(FEATURES).map(move |name| (*penalty, name)))
        .collect();
    let found: Vec<_> = rows.iter().map(|row| (row["penalty"].as_str(), row["feature"].as_str())).collect();
    assert_eq!(found, expected);
    assert!(rows.iter().any(|row| number(&row["coefficient"]) == 0.0), "zeros are written too");
    for row in &rows {
        let (coefficient, per_sd) = (number(&row["coefficient"]), number(&row["coefficient_per_sd"]));
        assert_eq!(row["selected"], (coefficient != 0.0).to_string());
        assert_eq!(coefficient == 0.0, per_sd == 0.0);
    }
}

#[test]
fn numbers_read_back_to_the_same_bits_from_every_file() {
    let folder = Folder::new();
    let written = folder.analyze(&diabetes(), "y", "out", &["--at", "min"]);
    let json = written.json();
    for penalty in ["lasso", "ridge"] {
        let fits = &json[penalty];
        let k = index(&fits["index_min"]);
        assert_eq!(index(&fits["index_chosen"]), k);
        let mut expected = vec![fits["intercept"][k].as_f64().unwrap()];
        expected.extend(numbers(&fits["coefficients"][k]));
        let found: Vec<_> = written.coefficients(penalty).into_iter().map(|(_, value)| value).collect();
        assert_eq!(bits(&found), bits(&expected));
    }

    let mut rows = written.rows("path.csv").into_iter();
    let mut errors = written.rows("cv.csv").into_iter();
    for penalty in ["lasso", "ridge"] {
        let fits = &json[penalty];
        for (k, alpha) in numbers(&fits["alphas"]).into_iter().enumerate() {
            for (feature, coefficient) in FEATURES.iter().zip(numbers(&fits["coefficients"][k])) {
                let row = rows.next().unwrap();
                assert_eq!((row["penalty"].as_str(), row["feature"].as_str()), (penalty, *feature));
                assert_eq!(row["alpha_index"], k.to_string());
                let found = [number(&row["alpha"]), number(&row["coefficient"])];
                assert_eq!(bits(&found), bits(&[alpha, coefficient]));
            }
            let row = errors.next().unwrap();
            assert_eq!((row["penalty"].as_str(), row["alpha_index"].as_str()), (penalty, k.to_string().as_str()));
            let found = ["alpha", "mean", "se", "df"].map(|name| number(&row[name]));
            let at = |key: &str| fits[key][k].as_f64().unwrap();
            assert_eq!(bits(&found), bits(&[alpha, at("cv_mean"), at("cv_se"), at("df")]));
        }
    }
    assert_eq!((rows.next(), errors.next()), (None, None));
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn long_tables_have_their_columns() {
    let folder = Folder::new();
    let table = folder.file("small.csv", small(30));
    let written = folder.analyze(&table, "y", "out", &["--folds", "3", "--alphas", "7"]);
    assert_eq!(written.header("path.csv"), "penalty,alpha_index,alpha,feature,coefficient");
    assert_eq!(written.header("cv.csv"), "penalty,alpha_index,alpha,mean,se,df,fold_0,fold_1,fold_2");
    assert_eq!(written.rows("path.csv").len(), 2 * 7 * 2);
    assert_eq!(written.rows("cv.csv").len(), 2 * 7);
    let text = String::from_utf8(written.bytes("path.csv")).unwrap();
    assert!(text.ends_with('\n') && !text.contains('\r') && !text.contains('#'));

    let repeated = folder.analyze(&table, "y", "repeated", &["--folds", "2", "--repeats", "2", "--alphas", "3"]);
    assert_eq!(
        repeated.header("cv.csv"),
        "penalty,alpha_index,alpha,mean,se,df,repeat_0_fold_0,repeat_0_fold_1,repeat_1_fold_0,repeat_1_fold_1"
    );
    assert_eq!(repeated.json()["row_folds_by_repeat"].as_array().unwrap().len(), 2);
}

#[test]
fn analysis_has_its_keys_and_lengths() {
    let folder = Folder::new();
    let table = folder.file("a.csv", format!("{}3,,4\n", small(40)));
    let options = ["--missing", "drop", "--seed", "7", "--alpha-min-ratio", "0.01", "--ridge-alphas", "0.1,10,1"];
    let written = folder.analyze(&table, "y", "out", &options);
    let json = written.json();
    let keys: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
    for key in ["version", "data", "settings", "seed", "row_folds", "features", "lasso", "ridge"] {
        assert!(keys.iter().any(|found| found == key), "{key} is missing in {keys:?}");
    }
    assert_eq!(json["version"], 1);
    assert_eq!(json["data"]["path"], table.to_str().unwrap());
    assert_eq!(json["data"]["rows"], 41);
    assert_eq!(json["data"]["columns"], 3);
    assert_eq!(json["data"]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(json["seed"], 7);
    assert_eq!(json["features"], json!(["x", "noise"]));
    assert_eq!(
        json["settings"],
        json!({
            "target": "y", "l1_ratio": 1.0, "folds": 10, "seed": 7, "rule": "random", "repeats": 1,
            "standardize": true, "streamed": false, "missing": "drop", "missing_indicators": false, "exclude": [],
            "fold_column": null, "group_column": null, "weight_column": null,
            "references": {}, "degrees": {}, "interactions": [], "engine": "pathwise", "at": "1se",
            "grids": {"lasso": {"alphas": 100, "alpha_min_ratio": 0.01}, "ridge": {"values": [10.0, 1.0, 0.1]}},
        })
    );
    let folds = json["row_folds"].as_array().unwrap();
    assert_eq!(folds.len(), 41);
    assert_eq!(folds[40], Value::Null);
    assert!(folds[..40].iter().all(|fold| fold.as_u64().unwrap() < 10));
    assert_penalty_has_its_lengths(&json["lasso"], 100);
    assert_penalty_has_its_lengths(&json["ridge"], 3);
    assert_eq!(numbers(&json["ridge"]["alphas"]), [10.0, 1.0, 0.1]);
}

fn assert_penalty_has_its_lengths(fits: &Value, n_alphas: usize) {
    for key in ["alphas", "cv_mean", "cv_se", "df", "gap", "kkt", "intercept", "coefficients"] {
        assert_eq!(fits[key].as_array().unwrap().len(), n_alphas, "{key}");
    }
    assert!(numbers(&fits["alphas"]).windows(2).all(|pair| pair[0] > pair[1]));
    assert!(numbers(&fits["gap"]).iter().all(|gap| *gap <= 1e-9), "the promise of CONVENTIONS.md");
    assert!(numbers(&fits["kkt"]).iter().all(|kkt| *kkt <= 1e-8), "the promise of CONVENTIONS.md");
    assert!(index(&fits["index_1se"]) <= index(&fits["index_min"]), "1-SE is the larger alpha");
    assert!(fits["coefficients"].as_array().unwrap().iter().all(|of_alpha| numbers(of_alpha).len() == 2));
}

#[test]
fn names_that_a_spreadsheet_would_run_are_made_inert() {
    let folder = Folder::new();
    let table = folder.file("a.csv", small(30).replacen("x,noise", "=1+1,\"@n,\"\"q\"\"\"", 1));
    let written = folder.analyze(&table, "y", "out", &[]);
    let json = written.json();
    assert_eq!(json["features"], json!(["=1+1", "@n,\"q\""]));
    assert_eq!(json["neutralized_names"], json!({"'=1+1": "=1+1", "'@n,\"q\"": "@n,\"q\""}));
    let names: Vec<_> = written.coefficients("ridge").into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["(intercept)", "'=1+1", "'@n,\"q\""]);
    for name in ["coefficients.csv", "path.csv"] {
        let text = String::from_utf8(written.bytes(name)).unwrap();
        assert!(!text.contains(",=") && !text.contains(",@") && !text.contains("\"@"), "{text}");
    }
}

#[test]
fn columns_that_never_vary_are_absent() {
    let folder = Folder::new();
    let table = folder.file("a.csv", small(30).replace('\n', ",5\n").replacen(",5\n", ",constant\n", 1));
    let json = folder.analyze(&table, "y", "out", &[]).json();
    assert_eq!(json["features"], json!(["x", "noise"]));
    assert_eq!(json["data"]["columns"], 4);
}
