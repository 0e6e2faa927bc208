//! Columns of any scale and offset, values that are no numbers, settings that make no sense.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a failing test may panic, and zeros are exact")]

mod support;

use std::sync::Arc;

use linfa::ParamGuard;
use linfa::prelude::Fit;
use ndarray::{Array1, Array2, ShapeBuilder};
use shrinkscope::analysis::{AnalysisError, Settings, analyze};
use shrinkscope::model::folds::{FoldRule, Folds};
use shrinkscope::model::path::{Grid, PathError, PathParams};
use shrinkscope::model::progress::Progress;
use shrinkscope::model::standardize::Scale;
use support::{Random, analyzed, dataset, design_of, finite, fit_at, shared};

#[test]
fn extreme_columns_are_fitted_as_others_or_refused_by_name() {
    let (x, y) = Random(11).regression(40, 4, 0.3);
    let mut extreme = x.clone();
    for (mut column, scale) in extreme.columns_mut().into_iter().zip([1e-300, 1e160, 1e300, 1.0]) {
        column.mapv_inplace(|c| c * scale);
    }
    let plain = analyzed(&x, &y, &Settings::default()).unwrap();
    let analysis = analyzed(&extreme, &y, &Settings::default()).unwrap();
    for (a, b) in [(&analysis.lasso, &plain.lasso), (&analysis.ridge, &plain.ridge)] {
        for k in 0..a.path.len() {
            for j in 0..4 {
                assert!((a.path.coefficient_per_sd(k, j) - b.path.coefficient_per_sd(k, j)).abs() < 1e-12);
            }
        }
        assert_eq!(a.cross_validation.as_ref().unwrap().index_min, b.cross_validation.as_ref().unwrap().index_min);
        assert!(
            (a.cross_validation.as_ref().unwrap().mean[50] - b.cross_validation.as_ref().unwrap().mean[50]).abs()
                < 1e-12 * b.cross_validation.as_ref().unwrap().mean[50]
        );
    }
    let kept = Settings { scale: Scale::Keep, ..Settings::default() };
    let error = analyze(&shared(extreme, y), &kept, &Progress::new()).unwrap_err();
    assert!(error.to_string().starts_with("feature \"x0\" has the standard deviation 8."), "{error}");
}

#[test]
fn extreme_targets_are_refused() {
    let (x, y) = Random(12).regression(20, 2, 0.3);
    for scale in [1e160, 1e-160] {
        let error = analyzed(&x, &(&y * scale), &Settings::default()).unwrap_err();
        assert!(matches!(error, AnalysisError::Path(PathError::ExtremeTarget { .. })));
    }
}

#[test]
fn a_mean_of_a_thousand_million_costs_no_digit_that_the_data_hold() {
    let (mut x, _) = Random(13).regression(50, 1, 0.0);
    x.mapv_inplace(|c| 1e9 + c);
    let y = x.column(0).mapv(|c| 2.0 * (c - 1e9) + 1.0);
    let path = fit_at(1.0, &[1e-13], &x, &y);
    assert!((path.coefficient(0, 0) - 2.0).abs() < 1e-12);
    let path = fit_at(0.0, &[1e-16], &x, &y);
    assert!((path.coefficient(0, 0) - 2.0).abs() < 1e-12);
}

#[test]
fn nan_and_infinity_never_reach_a_fit() {
    let (x, y) = Random(14).regression(10, 2, 0.0);
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let (mut bad_x, mut bad_y) = (x.clone(), y.clone());
        bad_x[[3, 1]] = bad;
        bad_y[7] = bad;
        let refused =
            |x: &Array2<f64>, y: &Array1<f64>| PathParams::new(1.0).check().unwrap().fit(&dataset(x, y)).unwrap_err();
        assert_eq!(refused(&bad_x, &y), PathError::NotFinite { row: 3 });
        assert_eq!(refused(&x, &bad_y), PathError::NotFinite { row: 7 });
    }
}

#[test]
fn settings_that_make_no_sense_are_refused_in_words() {
    let (x, y) = Random(15).regression(20, 2, 0.0);
    let settings = |change: fn(&mut Settings)| {
        let mut settings = Settings::default();
        change(&mut settings);
        analyze(&shared(x.clone(), y.clone()), &settings, &Progress::new()).unwrap_err().to_string()
    };
    assert!(settings(|s| s.l1_ratio = 0.0).contains("l1_ratio must lie above 0"));
    assert!(settings(|s| s.l1_ratio = f64::NAN).contains("l1_ratio must lie above 0"));
    assert!(settings(|s| s.repeats = 0).contains("at least 1 repeat"));
    assert!(
        settings(|s| s.folds = FoldRule::Random { folds: 1, seed: 0 }).contains("at least 2 folds, but there is 1")
    );
    assert!(settings(|s| s.folds = FoldRule::Random { folds: 0, seed: 0 }).contains("but there are 0"));
    assert!(settings(|s| s.folds = FoldRule::Given).contains("choose the column that holds the folds"));
    assert!(
        settings(|s| s.folds = FoldRule::Groups { folds: 2, seed: 0 })
            .contains("choose the column that holds the groups")
    );
    assert!(settings(|s| s.ridge_grid = Grid::Explicit(vec![1.0, 1.0])).contains("stands there twice"));
}

/// Columns and held-out folds that ruin moments by subtraction.
#[test]
fn training_moments_survive_what_subtraction_would_not() {
    let n = 2000;
    let mut random = Random(17);
    let (x, y) = random.regression(n, 4, 0.3);
    let spoil = |change: &dyn Fn(usize, f64) -> f64| Array2::from_shape_fn((n, 4).f(), |(i, j)| change(i, x[[i, j]]));
    let cases = [
        ("mean 1e6", spoil(&|_, c| c + 1e6)),
        ("mean 1e8", spoil(&|_, c| c + 1e8)),
        ("mean 1e6, first row zero", spoil(&|i, c| if i == 0 { 0.0 } else { c + 1e6 })),
        ("ramp", spoil(&|i, c| c + (i as f64 - 1000.0) * 1e3)),
        ("held-out fold holds 1e12 x the variance", spoil(&|i, c| if i < 200 { c * 1e6 } else { c })),
        ("constant outside the fold", spoil(&|i, c| if i < 200 { c } else { c.signum() * 3.0 })),
    ];
    for (name, x) in cases {
        let settings = Settings { folds: FoldRule::Contiguous { folds: 10 }, ..Settings::default() };
        // With the zero row, columns are twins but for 1e-9 and coefficients per standard deviation so large that their
        // own rounding leaves gaps of 1e-8 on all rows; the training rows of the fold are sound.
        let analysis = finite(&x, &y, &settings).unwrap();
        // Fold 0 is held out; a fit of the other rows alone, from their own moments, is the reference.
        let rows: Vec<usize> = (200..n).collect();
        let (train_x, train_y) = (x.select(ndarray::Axis(0), &rows), y.select(ndarray::Axis(0), &rows));
        let alone = fit_at(1.0, analysis.lasso.path.alphas().as_slice().unwrap(), &train_x, &train_y);
        let kept = &analysis.lasso.cross_validation.as_ref().unwrap().fold_coefficients[0];
        for (k, kept) in kept.iter().enumerate() {
            for (j, coefficient) in kept {
                let j = *j as usize;
                let (a, b) = (coefficient * alone.scaling().sds[j], alone.coefficient_per_sd(k, j));
                assert!((a - b).abs() < 1e-10, "{name}: {a} {b}");
            }
        }
    }
}

#[test]
fn rows_left_out_do_not_move_the_folds_of_the_others() {
    let (x, y) = Random(18).regression(30, 2, 0.2);
    let mut design = design_of(&[], x, y);
    design.n_records = 45;
    design.records = (0..45).filter(|record| record % 3 != 1).collect();
    let settings = Settings { folds: FoldRule::Random { folds: 5, seed: 9 }, ..Settings::default() };
    let analysis = analyze(&Arc::new(design), &settings, &Progress::new()).unwrap();
    let (full, _) = Folds::deal(&settings.folds, &(0..45).collect::<Vec<_>>(), 45, None, 1).unwrap();
    for (record, fold) in analysis.row_folds().swap_remove(0).into_iter().enumerate() {
        assert_eq!(fold, if record % 3 == 1 { None } else { Some(full.assignments[0][record]) });
    }
}
