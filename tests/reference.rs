//! Our numbers beside exact references and other tools.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a failing test may panic, and zeros are exact")]

mod support;

use std::sync::Arc;

use serde_json::Value;
use shrinkscope::analysis::{Analysis, Settings, analyze};
use shrinkscope::model::criteria::{aic, bic, gcv, noise_variance, ridge_leave_one_out};
use shrinkscope::model::folds::FoldRule;
use shrinkscope::model::path::{Grid, RegularizationPath};
use shrinkscope::model::progress::Progress;
use shrinkscope::model::sample::Sample;
use shrinkscope::model::standardize::Scale;
use support::{coefficient_error, diabetes, error, fit_at, number, numbers, read_json};

/// Columns of diabetes.csv.
const NAMES: [&str; 10] = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"];

/// Fold = row mod 10, and for ridge the 100 alphas of CONVENTIONS.
fn known_analysis() -> Analysis {
    let alphas = (0..100).map(|k| 97.815_790_63 * (7.208_477_048e-5_f64 / 97.815_790_63).powf(f64::from(k) / 99.0));
    let settings = Settings {
        folds: FoldRule::Interleaved { folds: 10 },
        ridge_grid: Grid::Explicit(alphas.collect()),
        ..Settings::default()
    };
    analyze(&Arc::new(diabetes()), &settings, &Progress::new()).unwrap()
}

#[test]
fn lasso_of_diabetes_gives_the_known_answers() {
    let analysis = known_analysis();
    let (path, cv) = (&analysis.lasso.path, analysis.lasso.cross_validation.as_ref().unwrap());
    assert!(error(path.alphas()[0], 45.160_030_02) < 1e-9);
    assert_eq!((cv.index_min, cv.index_1se), (43, 19));
    assert!(error(path.alphas()[43], 0.826_761_957_0) < 1e-9);
    assert!(error(cv.mean[43], 2_977.120_604_8) < 1e-10);
    assert!(error(cv.se[43], 211.235_866_0) < 1e-9);
    assert_eq!(path.n_nonzero(43), 8);
    assert!(error(path.alphas()[19], 7.710_409_681_5) < 1e-9);
    assert!(error(cv.mean[19], 3_180.664_953_3) < 1e-10);
    assert!(error(cv.se[19], 199.093_403_9) < 1e-9);
    assert!(error(path.intercept(19), -208.189_415_298_4) < 1e-12);
    let expected = [0.0, 0.0, 5.318_701_949_6, 0.592_183_210_1, 0.0, 0.0, -0.347_847_604_7, 0.0, 39.063_197_407_3, 0.0];
    for (j, expected) in expected.into_iter().enumerate() {
        assert!(error(path.coefficient(19, j), expected) < 1e-9, "{}", NAMES[j]);
    }
}

#[test]
fn ridge_of_diabetes_gives_the_known_answers() {
    let analysis = known_analysis();
    let (path, cv) = (&analysis.ridge.path, analysis.ridge.cross_validation.as_ref().unwrap());
    assert_eq!((cv.index_min, cv.index_1se), (54, 35));
    assert!(error(path.alphas()[54], 0.044_195_013_4) < 1e-8);
    assert!(error(path.degrees_of_freedom(54), 8.382_889) < 1e-7);
    assert!(error(cv.mean[54], 2_978.803_568_9) < 1e-9);
    assert!(error(cv.se[54], 216.789_467_4) < 1e-9);
    assert!(error(path.degrees_of_freedom(35), 4.720_008) < 1e-7);
    assert!(error(cv.mean[35], 3_171.966_907_3) < 1e-9);
    assert!(error(cv.se[35], 208.787_418_1) < 1e-9);
}

#[test]
fn the_default_ridge_grid_runs_through_one_to_all_but_one_in_a_hundred_thousand_degrees_of_freedom() {
    let design = diabetes();
    let path = support::fit(RegularizationPath::ridge(), &design.x, &design.y);
    assert!(error(path.alphas()[0], 97.815_790_63) < 1e-9);
    assert!(error(path.degrees_of_freedom(0), 0.1) < 1e-9);
    assert!(error(10.0 - path.degrees_of_freedom(99), 1e-4) < 1e-9);
}

#[test]
fn every_knot_and_point_of_the_exact_reference_is_met() {
    let design = diabetes();
    let reference = &read_json("nist/reference.json")["diabetes"];
    let exact = |fit: &Value| -> Vec<f64> { NAMES.iter().map(|name| number(&fit["coef"][*name])).collect() };
    let (mut worst_knot, mut worst_lasso, mut worst_ridge) = (0.0_f64, 0.0_f64, 0.0_f64);
    for knot in reference["lasso_knots"].as_array().unwrap().iter().filter(|knot| number(&knot["lambda"]) > 0.0) {
        let path = fit_at(1.0, &[number(&knot["lambda"])], &design.x, &design.y);
        let ours: Vec<f64> = (0..10).map(|j| path.coefficient_per_sd(0, j)).collect();
        worst_knot = worst_knot.max(coefficient_error(&ours, &numbers(&knot["coef_std"])));
    }
    for (l1_ratio, key, worst) in [(1.0, "lasso_at", &mut worst_lasso), (0.0, "ridge_at", &mut worst_ridge)] {
        for point in reference[key].as_array().unwrap() {
            let path = fit_at(l1_ratio, &[number(&point["lambda"])], &design.x, &design.y);
            let expected = exact(point);
            for (j, expected) in expected.iter().enumerate() {
                *worst = worst.max(error(path.coefficient(0, j), *expected));
            }
            *worst = worst.max(error(path.intercept(0), number(&point["coef"]["(intercept)"])));
            if let Some(nonzero) = point["nonzero"].as_u64() {
                assert_eq!(path.n_nonzero(0) as u64, nonzero);
            }
        }
    }
    assert!(
        worst_knot < 1e-11 && worst_lasso < 1e-10 && worst_ridge < 1e-11,
        "largest relative error: knots {worst_knot:.1e}, lasso {worst_lasso:.1e}, ridge {worst_ridge:.1e}"
    );
}

#[test]
fn features_enter_in_the_known_order_and_s3_leaves_and_returns() {
    let design = diabetes();
    let alphas: Vec<f64> = (0..4000).map(|k| 45.16 * (0.05_f64 / 45.16).powf(f64::from(k) / 3999.0)).collect();
    let path = fit_at(1.0, &alphas, &design.x, &design.y);
    let mut events = Vec::new();
    for k in 1..path.len() {
        for (j, name) in NAMES.iter().enumerate() {
            match (path.solution(k - 1)[j] != 0.0, path.solution(k)[j] != 0.0) {
                (false, true) => events.push(format!("+{name}")),
                (true, false) => events.push(format!("-{name}")),
                _ => {}
            }
        }
    }
    let expected = ["bmi", "s5", "bp", "s3", "sex", "s6", "s1", "s4", "s2", "age"].map(|name| format!("+{name}"));
    // bmi is in from the first alpha below alpha_max on.
    let expected: Vec<String> = expected[1..].iter().cloned().chain(["-s3".to_owned(), "+s3".to_owned()]).collect();
    assert!(path.solution(0)[2] != 0.0 && events.ends_with(&expected), "{events:?}");
    assert_eq!(events.len(), if path.n_nonzero(0) == 1 { 11 } else { 12 });
}

#[test]
fn least_squares_of_diabetes_is_the_end_of_both_paths() {
    let design = diabetes();
    let analysis = known_analysis();
    let fit = analysis.least_squares.as_ref().unwrap();
    assert!(error(fit.residual_sum / 431.0, 2_932.681_6) < 1e-7);
    for l1_ratio in [1.0, 0.0] {
        let path = fit_at(l1_ratio, &[1e-12], &design.x, &design.y);
        let ours: Vec<f64> = path.coefficients(0).to_vec();
        assert!(coefficient_error(&ours, fit.coefficients.as_slice().unwrap()) < 1e-9);
        assert!(error(path.intercept(0), fit.intercept) < 1e-9);
    }
}

#[test]
fn information_criteria_choose_as_lasso_lars_ic() {
    let analysis = known_analysis();
    let variance = noise_variance(442, 10, analysis.least_squares.as_ref().unwrap().residual_sum).unwrap();
    assert!(error(variance, 2_932.681_6) < 1e-7);
    let of = |path: &RegularizationPath, k: usize| {
        let (rss, df) = (path.residual_sum(k), path.degrees_of_freedom(k));
        (aic(442, rss, df, variance), bic(442, rss, df, variance))
    };
    let path = &analysis.lasso.path;
    let smallest = |pick: fn((f64, f64)) -> f64| {
        (0..100).min_by(|a, b| pick(of(path, *a)).total_cmp(&pick(of(path, *b)))).unwrap()
    };
    assert_eq!((smallest(|c| c.0), smallest(|c| c.1)), (41, 41));
    assert!(error(of(path, 41).0, 4_790.105_1) < 2e-8 && error(of(path, 41).1, 4_818.744_2) < 2e-8);
    let design = diabetes();
    // Just below the knot the set is the one LassoLarsIC counts; the coefficient of s4 is 0 at it.
    let knot = fit_at(1.0, &[0.950_407_115_826_305_8], &design.x, &design.y);
    assert_eq!(knot.n_nonzero(0), 7);
    assert!(error(of(&knot, 0).0, 4_790.002_4) < 2e-8 && error(of(&knot, 0).1, 4_818.641_5) < 2e-8);
}

#[test]
fn leave_one_out_and_gcv_of_ridge_choose_as_ridge_cv() {
    let design = diabetes();
    let sample = Sample::new(design.x.view(), None, design.y.view()).unwrap();
    let reference = &read_json("peers/scikit_learn.json")["ridge_cv"];
    let alphas: Vec<f64> = numbers(&reference["alphas"]).iter().map(|alpha| alpha / 442.0).collect();
    let errors = ridge_leave_one_out(&sample, Scale::Standardize, &alphas, &Progress::new()).unwrap();
    for (ours, theirs) in errors.iter().zip(numbers(&reference["mse"])) {
        assert!(error(*ours, theirs) < 1e-11);
    }
    let best = (0..61).min_by(|a, b| errors[*a].total_cmp(&errors[*b])).unwrap();
    assert!(
        error(alphas[best] * 442.0, number(&reference["chosen"])) < 1e-12
            && error(errors[best], 2_999.776_779_3) < 1e-10
    );

    let path = fit_at(0.0, &alphas, &design.x, &design.y);
    assert!(error(path.degrees_of_freedom(60 - best) + 1.0, 10.55) < 1e-3);
    let gcv = |k: usize| gcv(442, path.residual_sum(k), path.degrees_of_freedom(k));
    let best = (0..61).min_by(|a, b| gcv(*a).total_cmp(&gcv(*b))).unwrap();
    assert!(error(path.alphas()[best] * 442.0, 3.162_277_7) < 1e-7 && error(gcv(best), 3_003.970_98) < 1e-8);
}
