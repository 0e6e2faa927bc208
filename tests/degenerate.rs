//! Inputs that break other tools: each fits exactly, or is refused in words. Never a NaN.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a failing test may panic, and zeros are exact")]

mod support;

use linfa::ParamGuard;
use linfa::prelude::Fit;
use ndarray::{Array1, Array2, ShapeBuilder, array};
use shrinkscope::analysis::{AnalysisError, Settings};
use shrinkscope::model::folds::FoldRule;
use shrinkscope::model::path::{Grid, PathError, PathParams, RegularizationPath};
use support::{Random, analyzed, dataset, fit, fit_at, kinds, with_column};

#[test]
fn a_constant_column_gets_zero_and_disturbs_nobody() {
    let (x, y) = Random(1).regression(40, 3, 0.2);
    // Among them one that centring leaves rounding dust of.
    for constant in [0.0, 7.0, 1e9 + 0.1, 1e-300, -3e200, 0.1 + 0.2] {
        let wide = with_column(&x, &Array1::from_elem(40, constant));
        for l1_ratio in [1.0, 0.5, 0.0] {
            let alone = fit(PathParams::new(l1_ratio), &x, &y);
            let path = fit_at(l1_ratio, alone.alphas().as_slice().unwrap(), &wide, &y);
            for k in 0..path.len() {
                assert_eq!(path.coefficient(k, 3), 0.0);
                for j in 0..3 {
                    assert!((path.coefficient(k, j) - alone.coefficient(k, j)).abs() < 1e-12);
                }
            }
        }
        let least_squares = analyzed(&wide, &y, &Settings::default()).unwrap().least_squares.unwrap();
        assert_eq!(least_squares.coefficients[3], 0.0);
    }
}

#[test]
fn a_column_that_varies_only_by_rounding_is_constant() {
    let (x, y) = Random(1).regression(40, 2, 0.2);
    let dust = Array1::from_shape_fn(40, |i| if i % 2 == 0 { 0.3 } else { 0.1 + 0.2 });
    let path = fit(RegularizationPath::lasso(), &with_column(&x, &dust), &y);
    assert!(path.entry(2).is_none() && path.scaling().sds[2] == 0.0);
}

#[test]
fn a_column_constant_in_some_training_rows_gets_zero_there() {
    let (x, y) = Random(2).regression(30, 2, 0.2);
    let only_first = Array1::from_shape_fn(30, |i| f64::from(u8::from(i == 0)));
    let settings = Settings { folds: FoldRule::Contiguous { folds: 5 }, ..Settings::default() };
    let analysis = analyzed(&with_column(&x, &only_first), &y, &settings).unwrap();
    assert!(
        analysis.lasso.cross_validation.as_ref().unwrap().fold_coefficients[0].iter().flatten().all(|(j, _)| *j != 2)
    );
}

#[test]
fn duplicated_columns_are_named_and_share_the_ridge_coefficient() {
    let (x, y) = Random(3).regression(50, 4, 0.3);
    let twice = with_column(&x, &x.column(1).to_owned());
    let analysis = analyzed(&twice, &y, &Settings::default()).unwrap();
    let note = analysis.notes.iter().find(|note| note.kind == "collinear_pair").unwrap();
    assert!(note.action.contains("\"x1\"") && note.action.contains("\"x4\""), "{}", note.action);
    assert!(kinds(&analysis).contains(&"ols_not_unique"));
    let path = &analysis.ridge.path;
    for k in 0..path.len() {
        let (a, b) = (path.coefficient(k, 1), path.coefficient(k, 4));
        assert!((a - b).abs() <= 1e-12 * a.abs().max(1.0));
    }
    // The lasso's fit is the same as without the twin.
    let alone = fit_at(1.0, analysis.lasso.path.alphas().as_slice().unwrap(), &x, &y);
    for k in 0..alone.len() {
        let (a, b) = (analysis.lasso.path.residual_sum(k), alone.residual_sum(k));
        assert!((a - b).abs() <= 1e-11 * b);
    }
}

#[test]
fn a_sum_of_two_columns_leaves_the_lasso_optimal() {
    let (x, y) = Random(4).regression(60, 3, 0.3);
    let sum = with_column(&x, &(&x.column(0) + &x.column(1)));
    let analysis = analyzed(&sum, &y, &Settings::default()).unwrap();
    assert!(analysis.least_squares.unwrap_err().to_string().contains("only 3 are linearly independent"));
}

#[test]
fn a_constant_target_is_refused_by_name() {
    let (x, _) = Random(5).regression(20, 2, 0.0);
    for value in [0.0, 4.2, 1e9 + 0.1] {
        let y = Array1::from_elem(20, value);
        let error = analyzed(&x, &y, &Settings::default()).unwrap_err();
        assert_eq!(error, AnalysisError::ConstantTarget { target: "y".to_owned(), rows: 20 });
        let error = PathParams::new(1.0).check().unwrap().fit(&dataset(&x, &y)).unwrap_err();
        assert_eq!(error, PathError::ConstantTarget { rows: 20 });
    }
}

#[test]
fn a_target_among_the_features_is_a_perfect_fit_and_named() {
    let (x, y) = Random(6).regression(50, 3, 0.3);
    let analysis = analyzed(&with_column(&x, &(&y * 2.0 - 3.0)), &y, &Settings::default()).unwrap();
    let note = analysis.notes.iter().find(|note| note.kind == "perfect_fit").unwrap();
    assert_eq!(note.column.as_deref(), Some("x3"));
    let sum = with_column(&x, &(&y - &x.column(0)));
    let analysis = analyzed(&sum, &y, &Settings::default()).unwrap();
    let note = analysis.notes.iter().find(|note| note.kind == "perfect_fit").unwrap();
    assert_eq!(note.column, None);
}

#[test]
fn fewer_than_three_rows_are_refused() {
    for n in 1..3 {
        let (x, y) = (Array2::from_shape_fn((n, 1).f(), |(i, _)| i as f64), Array1::from_shape_fn(n, |i| i as f64));
        assert_eq!(analyzed(&x, &y, &Settings::default()).unwrap_err(), AnalysisError::TooFewRows { rows: n });
    }
    let (x, y) = (array![[1.0], [2.0], [4.0]], array![1.0, 2.0, 3.0]);
    let analysis = analyzed(&x, &y, &Settings::default()).unwrap();
    assert_eq!(analysis.folds.n_folds, 3);
    assert_eq!(kinds(&analysis)[0], "folds_capped");
}

#[test]
fn more_folds_than_rows_become_leave_one_out() {
    let (x, y) = Random(7).regression(12, 3, 0.2);
    let settings = Settings { folds: FoldRule::Random { folds: 50, seed: 0 }, ..Settings::default() };
    let analysis = analyzed(&x, &y, &settings).unwrap();
    assert_eq!((analysis.folds.n_folds, kinds(&analysis)[0]), (12, "folds_capped"));
    assert_eq!(analysis.lasso.cross_validation.as_ref().unwrap().fold_sizes, vec![1; 12]);
}

#[test]
fn one_predictor_and_none() {
    let (x, y) = Random(8).regression(30, 1, 0.0);
    let analysis = analyzed(&x, &y, &Settings::default()).unwrap();
    assert_eq!(analysis.lasso.path.n_nonzero(99), 1);
    let none = Array2::zeros((30, 0).f());
    let analysis = analyzed(&none, &y, &Settings::default()).unwrap();
    assert!((analysis.lasso.path.intercept(5) - y.mean().unwrap()).abs() < 1e-14);
    assert!(analysis.least_squares.unwrap().coefficients.is_empty());
}

#[test]
fn more_features_than_rows_select_less_than_the_rows() {
    let (x, y) = Random(9).regression(25, 200, 0.3);
    let settings = Settings { lasso_grid: Grid::Auto { count: 60, ratio: Some(1e-7) }, ..Settings::default() };
    let analysis = analyzed(&x, &y, &settings).unwrap();
    let path = &analysis.lasso.path;
    assert!((0..path.len()).all(|k| path.n_nonzero(k) <= 24) && path.n_nonzero(59) == 24);
    assert!(kinds(&analysis).contains(&"more_features_than_rows"));
    let words = analysis.least_squares.unwrap_err().to_string();
    assert!(words.contains("200 features need more than 200 rows, but there are 25"), "{words}");
}

#[test]
fn an_all_zero_row_is_a_row_like_others() {
    let (mut x, mut y) = Random(10).regression(20, 3, 0.2);
    x.row_mut(4).fill(0.0);
    y[4] = 0.0;
    analyzed(&x, &y, &Settings::default()).unwrap();
}

#[test]
fn nothing_to_predict_says_so() {
    let mut random = Random(16);
    let x = random.matrix(60, 5);
    let y = Array1::from_shape_fn(60, |_| random.normal());
    let analysis = analyzed(&x, &y, &Settings::default()).unwrap();
    assert!(kinds(&analysis).contains(&"empty_1se_model") && kinds(&analysis).contains(&"alpha_at_grid_end"));
    // A target that no column pulls on at all still has a path, of zeros.
    let x = array![[1.0], [-1.0], [1.0], [-1.0]];
    let y = array![1.0, 1.0, -1.0, -1.0];
    let settings = Settings { folds: FoldRule::Interleaved { folds: 2 }, ..Settings::default() };
    let analysis = analyzed(&x, &y, &settings).unwrap();
    assert!((0..100).all(|k| analysis.lasso.path.n_nonzero(k) == 0));
}
