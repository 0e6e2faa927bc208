//! The results: those of the rows themselves, whichever engine summed them up.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;
use shrinkscope::analysis::{Analysis, Penalty, Settings, analyze, analyze_file};
use shrinkscope::data::csv::{no_tick, read_table};
use shrinkscope::data::design::{Design, Roles};
use shrinkscope::data::moments_file::{MomentsFile, parse_moments, read_moments};
use shrinkscope::data::options::ImportOptions;
use shrinkscope::data::table::{Table, Values};
use shrinkscope::model::folds::FoldRule;
use shrinkscope::model::progress::Progress;

/// What issue and README promise.
const TOLERANCE: f64 = 1e-9;
const TABLES: [(&str, &str, usize); 2] =
    [("diabetes", "assets/diabetes.csv", 10), ("offset", "tests/fixtures/moments/offset.csv", 5)];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fixture(name: &str) -> PathBuf {
    root().join("tests/fixtures/moments").join(name)
}

fn of_rows(path: &str, roles: impl FnOnce(&dyn Fn(&str) -> usize) -> Roles, folds: usize) -> Analysis {
    let table = read_table(&root().join(path), &ImportOptions::default(), &no_tick).unwrap();
    let roles = roles(&|name| table.column_index(name).unwrap());
    let design = Arc::new(Design::new(&table, &roles).unwrap());
    let settings = Settings { folds: FoldRule::Interleaved { folds }, ..Settings::default() };
    analyze(&design, &settings, &Progress::new()).unwrap()
}

fn of_moments(file: &MomentsFile, roles: impl FnOnce(&dyn Fn(&str) -> usize) -> Roles) -> Analysis {
    let roles = roles(&|name| file.columns.iter().position(|column| column == name).unwrap());
    let design = Arc::new(file.design(&roles).unwrap());
    analyze_file(file, roles.target, &design, &Settings::default(), &Progress::new()).unwrap()
}

/// Relative to the largest number of the kind.
fn close(ours: &[f64], theirs: &[f64], what: &str) {
    assert_eq!(ours.len(), theirs.len());
    let scale = theirs.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    for (k, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!((a - b).abs() <= TOLERANCE * scale, "{what} at {k}: {a} and {b}");
    }
}

fn same(ours: &Analysis, theirs: &Analysis) {
    let names =
        |analysis: &Analysis| analysis.design.features.iter().map(|feature| feature.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(ours), names(theirs));
    assert_eq!(ours.n_samples(), theirs.n_samples());
    for penalty in [Penalty::Lasso, Penalty::Ridge] {
        let (a, b) = (ours.penalty(penalty), theirs.penalty(penalty));
        close(&a.path.alphas().to_vec(), &b.path.alphas().to_vec(), "alpha");
        for k in 0..a.path.len() {
            close(&a.path.coefficients(k).to_vec(), &b.path.coefficients(k).to_vec(), "coefficient");
            close(&[a.path.intercept(k)], &[b.path.intercept(k)], "intercept");
        }
        let (a, b) = (a.cross_validation.as_ref().unwrap(), b.cross_validation.as_ref().unwrap());
        close(&a.mean.to_vec(), &b.mean.to_vec(), "cross-validation error");
        close(&a.se.to_vec(), &b.se.to_vec(), "standard error");
        assert_eq!((a.index_min, a.index_1se, &a.fold_sizes), (b.index_min, b.index_1se, &b.fold_sizes));
    }
    let (a, b) = (ours.least_squares.as_ref().unwrap(), theirs.least_squares.as_ref().unwrap());
    close(&a.coefficients.to_vec(), &b.coefficients.to_vec(), "least squares");
    assert!(ours.lasso.is_certified() && ours.ridge.is_certified());
}

fn predict_y(column: &dyn Fn(&str) -> usize) -> Roles {
    Roles::new(column("y"))
}

#[test]
fn moments_of_duckdb_and_spark_give_the_results_of_the_rows() {
    for (name, path, folds) in TABLES {
        let theirs = of_rows(path, predict_y, folds);
        for engine in ["duckdb", "spark"] {
            let file = read_moments(&fixture(&format!("{engine}-{name}.json")), &no_tick).unwrap();
            same(&of_moments(&file, predict_y), &theirs);
        }
    }
}

#[test]
fn any_column_can_be_the_target_and_any_be_left_out() {
    let roles = |column: &dyn Fn(&str) -> usize| {
        let mut roles = Roles::new(column("bmi"));
        roles.excluded.extend([column("y"), column("s3")]);
        roles
    };
    let file = read_moments(&fixture("duckdb-diabetes.json"), &no_tick).unwrap();
    same(&of_moments(&file, roles), &of_rows("assets/diabetes.csv", roles, 10));
}

/// One record a fold and pair of `names`, summed up with the case weights `age`: what a script of the user's would do.
fn weighted_by_age(table: &Table, names: &[&str], folds: usize) -> String {
    let column = |name: &str| match &table.columns[table.column_index(name).unwrap()].values {
        Values::Numbers(values) => values,
        Values::Levels { .. } => panic!("{name} holds text"),
    };
    let weights = column("age");
    let mut text = String::new();
    for fold in 0..folds {
        let rows = || (fold..table.n_records).step_by(folds);
        let weight: f64 = rows().map(|i| weights[i]).sum();
        let mean = |name: &str| rows().map(|i| weights[i] * column(name)[i]).sum::<f64>() / weight;
        for (k, a) in names.iter().enumerate() {
            for b in &names[..=k] {
                let (x, y, of_x, of_y) = (column(a), column(b), mean(a), mean(b));
                let covariance = rows().map(|i| weights[i] * (x[i] - of_x) * (y[i] - of_y)).sum::<f64>() / weight;
                let record = json!({
                    "shrinkscope_moments": 1, "fold": fold, "rows": rows().count(), "weight": weight,
                    "a": a, "b": b, "mean": of_x, "covariance": covariance
                });
                writeln!(text, "{record}").unwrap();
            }
        }
    }
    text
}

#[test]
fn case_weights_count_as_in_the_rows() {
    let table = read_table(&root().join("assets/diabetes.csv"), &ImportOptions::default(), &no_tick).unwrap();
    let names = ["sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6", "y"];
    let text = weighted_by_age(&table, &names, 10);
    let file = parse_moments("weighted", text.as_bytes()).unwrap();
    assert!(file.is_weighted);
    let by_age = |column: &dyn Fn(&str) -> usize| Roles { weight_column: Some(column("age")), ..predict_y(column) };
    same(&of_moments(&file, predict_y), &of_rows("assets/diabetes.csv", by_age, 10));
}

#[test]
fn columns_of_one_value_are_left_out_with_a_note() {
    let text = fs::read_to_string(fixture("duckdb-diabetes.json")).unwrap();
    let file = parse_moments("m", text.as_bytes()).unwrap();
    let constant = file.columns.iter().position(|name| name == "s6").unwrap();
    let mut flat = file.clone();
    flat.origins[constant] = 0.1;
    for fold in &mut flat.folds {
        fold.means[constant] = 0.0;
        for j in 0..file.columns.len() {
            let (i, j) = (constant.max(j), constant.min(j));
            fold.covariances[i * (i + 1) / 2 + j] = 0.0;
        }
    }
    let column = |name: &str| flat.columns.iter().position(|column| column == name).unwrap();
    let design = flat.design(&Roles::new(column("y"))).unwrap();
    assert!(design.features.iter().all(|feature| feature.name != "s6"));
    assert_eq!(design.notes[0].kind, "constant_column");
    let message = flat.design(&Roles::new(constant)).unwrap_err().to_string();
    assert!(message.contains("\"s6\" does not vary: all 442 complete rows hold 0.1"), "{message}");
    let mut roles = Roles::new(column("y"));
    roles.degrees.insert(column("bmi"), 2);
    let message = flat.design(&roles).unwrap_err().to_string();
    assert!(message.contains("\"bmi\"") && message.contains("put them into the query"), "{message}");
}

#[test]
fn queries_of_the_readme_made_the_fixtures() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for engine in ["duckdb.sql", "spark.sql"] {
        let query = fs::read_to_string(fixture(engine)).unwrap();
        assert!(
            readme.contains(&format!("```sql\n{query}```")),
            "README.md has another query than {engine}: run tests/moments_file/check.py with --write"
        );
    }
}
