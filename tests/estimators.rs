//! The paths as linfa estimators, and what surrounds a fit: missing cells, the reference engine, cancelling, threads.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a failing test may panic, and zeros are exact")]

mod support;

use std::sync::Arc;

use linfa::ParamGuard;
use linfa::prelude::{Dataset, Fit, Predict, SingleTargetRegression};
use ndarray::{Array1, Array2, Axis, ShapeBuilder, array};
use shrinkscope::analysis::{AnalysisError, Engine, Settings, analyze};
use shrinkscope::data::design::Design;
use shrinkscope::model::cross_validation::cross_validate;
use shrinkscope::model::folds::{FoldRule, Folds};
use shrinkscope::model::path::{Grid, PathError, PathParams, RegularizationPath};
use shrinkscope::model::progress::Progress;
use shrinkscope::model::reference::Witness;
use shrinkscope::model::sample::Sample;
use shrinkscope::model::standardize::Scale;
use support::{Random, dataset, diabetes, error, fit};

#[test]
fn the_intercept_is_right_for_uncentred_columns() {
    // y = 2 x + 7, where linfa-elasticnet alone answers 213.
    let x = array![[101.0], [102.0], [103.0], [104.0], [105.0]];
    let y = x.column(0).mapv(|x| 2.0 * x + 7.0);
    let path = RegularizationPath::lasso().grid(Grid::Explicit(vec![1e-13])).fit(&Dataset::new(x, y)).unwrap();
    assert!((path.coefficient(0, 0) - 2.0).abs() < 1e-12 && (path.intercept(0) - 7.0).abs() < 1e-9);
}

#[test]
fn predictions_of_the_path_and_of_a_model_agree_and_fit_linfas_metrics() {
    let design = diabetes();
    let path = fit(RegularizationPath::lasso(), &design.x, &design.y);
    let all: Array2<f64> = path.predict(&design.x);
    assert_eq!(all.dim(), (442, 100));
    for k in [0, 40, 99] {
        let one: Array1<f64> = path.model(k).predict(&design.x);
        assert!((&one - &all.column(k)).iter().all(|d| d.abs() < 1e-10));
        let residuals = &design.y - &one;
        assert!(error(residuals.dot(&residuals), path.residual_sum(k)) < 1e-12);
        assert!((one.r2(&design.y).unwrap() - path.r_squared(k)).abs() < 1e-12);
    }
}

#[test]
fn row_major_and_column_major_records_give_the_same_path() {
    let design = diabetes();
    let row_major =
        Array2::from_shape_vec((442, 10), design.x.rows().into_iter().flatten().copied().collect()).unwrap();
    let a = fit(RegularizationPath::lasso(), &design.x, &design.y);
    let b = fit(RegularizationPath::lasso(), &row_major, &design.y);
    assert!((0..100).all(|k| a.solution(k) == b.solution(k)));
}

#[test]
fn parameters_are_checked_once() {
    for l1_ratio in [-0.1, 1.1, f64::NAN] {
        assert!(matches!(PathParams::new(l1_ratio).check(), Err(PathError::InvalidL1Ratio(_))));
    }
    assert!(matches!(PathParams::new(1.0).grid(Grid::Explicit(vec![])).check(), Err(PathError::InvalidGrid(_))));
    let (x, y) = (array![[1.0], [2.0]], array![1.0]);
    let error = PathParams::new(1.0).check().unwrap().fit(&Dataset::new(x, y)).unwrap_err();
    assert_eq!(error, PathError::Shape { records: 2, targets: 1 });
}

#[test]
fn explicit_alphas_are_visited_from_the_largest() {
    let design = diabetes();
    let path = support::fit_at(1.0, &[1.0, 20.0, 5.0], &design.x, &design.y);
    assert_eq!(path.alphas().to_vec(), [20.0, 5.0, 1.0]);
}

/// diabetes with some cells missing.
fn with_missing() -> Design {
    let mut design = diabetes();
    let mut random = Random(3);
    let missing = Array2::from_shape_fn((442, 10).f(), |(_, j)| j % 3 == 0 && random.uniform() < 0.1);
    design.x.zip_mut_with(&missing, |x, is_missing| {
        if *is_missing {
            *x = 0.0;
        }
    });
    design.missing = Some(missing);
    design
}

#[test]
fn missing_cells_take_the_mean_of_the_training_rows_in_each_fold() {
    let design = with_missing();
    let missing = design.missing.clone().unwrap();
    let imputed = |rows: &[usize]| {
        let mut x = design.x.clone();
        for j in 0..10 {
            let there: Vec<f64> = rows.iter().filter(|i| !missing[[**i, j]]).map(|i| x[[*i, j]]).collect();
            let mean = there.iter().sum::<f64>() / there.len() as f64;
            for i in 0..442 {
                if missing[[i, j]] {
                    x[[i, j]] = mean;
                }
            }
        }
        x
    };
    let settings = Settings { folds: FoldRule::Interleaved { folds: 4 }, ..Settings::default() };
    let analysis = analyze(&Arc::new(design.clone()), &settings, &Progress::new()).unwrap();
    let all: Vec<usize> = (0..442).collect();
    for (penalty, l1_ratio) in [(&analysis.lasso, 1.0), (&analysis.ridge, 0.0)] {
        assert!(penalty.is_certified());
        let alphas = penalty.path.alphas().to_vec();
        let whole = support::fit_at(l1_ratio, &alphas, &imputed(&all), &design.y);
        assert!(
            (0..100)
                .all(|k| { (&penalty.path.coefficients(k) - &whole.coefficients(k)).iter().all(|d| d.abs() < 1e-10) })
        );
        for fold in 0..4 {
            let (out, rows) = analysis.folds.split(0, fold);
            let x = imputed(&rows);
            let path = support::fit_at(l1_ratio, &alphas, &x.select(Axis(0), &rows), &design.y.select(Axis(0), &rows));
            let predicted: Array2<f64> = path.predict(&x.select(Axis(0), &out));
            for k in 0..100 {
                let residuals = &design.y.select(Axis(0), &out) - &predicted.column(k);
                let expected = residuals.dot(&residuals) / out.len() as f64;
                assert!(error(penalty.cross_validation.as_ref().unwrap().fold_errors[[fold, k]], expected) < 1e-10);
            }
        }
    }
}

#[test]
fn cross_validation_equals_fits_of_the_training_rows_alone() {
    let (x, y) = Random(5).regression(57, 80, 0.4);
    let settings =
        Settings { folds: FoldRule::Random { folds: 5, seed: 2 }, repeats: 2, l1_ratio: 0.7, ..Settings::default() };
    let analysis = analyze(&support::shared(x.clone(), y.clone()), &settings, &Progress::new()).unwrap();
    for (penalty, l1_ratio) in [(&analysis.lasso, 0.7), (&analysis.ridge, 0.0)] {
        let alphas = penalty.path.alphas().to_vec();
        for m in 0..10 {
            let (out, rows) = analysis.folds.split(m / 5, m % 5);
            let path = support::fit_at(l1_ratio, &alphas, &x.select(Axis(0), &rows), &y.select(Axis(0), &rows));
            let predicted: Array2<f64> = path.predict(&x.select(Axis(0), &out));
            for k in 0..100 {
                let residuals = &y.select(Axis(0), &out) - &predicted.column(k);
                let expected = residuals.dot(&residuals) / out.len() as f64;
                assert!(error(penalty.cross_validation.as_ref().unwrap().fold_errors[[m, k]], expected) < 1e-10);
            }
        }
    }
}

#[test]
fn the_linfa_engine_comes_close_and_keeps_ridge_exact() {
    let design = Arc::new(diabetes());
    let settings = Settings {
        folds: FoldRule::Interleaved { folds: 3 },
        lasso_grid: Grid::Auto { count: 12, ratio: Some(1e-3) },
        ..Settings::default()
    };
    let ours = analyze(&design, &settings, &Progress::new()).unwrap();
    let linfa = analyze(&design, &Settings { engine: Engine::Linfa, ..settings }, &Progress::new()).unwrap();
    assert_eq!(linfa.notes.last().unwrap().kind, "reference_engine");
    for k in 0..12 {
        let difference = &ours.lasso.path.coefficients(k) - &linfa.lasso.path.coefficients(k);
        // It stops at a gap of 1e-8 of ‖y‖², which leaves 1e-4 of the largest coefficient.
        assert!(difference.iter().all(|d| d.abs() < 1e-2));
        assert!(linfa.lasso.path.duality_gap(k).unwrap() < 2.1e-8);
        assert!(
            error(
                linfa.lasso.cross_validation.as_ref().unwrap().mean[k],
                ours.lasso.cross_validation.as_ref().unwrap().mean[k]
            ) < 1e-5
        );
        assert_eq!(linfa.ridge.path.solution(k), ours.ridge.path.solution(k));
    }
}

#[test]
fn the_witness_agrees_with_the_path_and_states_its_gap() {
    let design = Arc::new(diabetes());
    let analysis = analyze(&design, &Settings::default(), &Progress::new()).unwrap();
    for k in [0, 20, 60, 99] {
        let witness = analysis.witness(analysis.lasso.path.alphas()[k], &Progress::new()).unwrap();
        assert!(witness.converged && witness.duality_gap <= 2.1e-12 && witness.n_steps > 0);
        let ours = analysis.lasso.path.coefficients(k);
        let largest = ours.iter().fold(1.0, |m: f64, c| m.max(c.abs()));
        assert!((&ours - &witness.coefficients).iter().all(|d| d.abs() < 1e-5 * largest));
        assert!((witness.intercept - analysis.lasso.path.intercept(k)).abs() < 1e-5 * largest);
    }
    // p > n, and more columns than linfa can invert.
    let (x, y) = Random(1).regression(30, 60, 0.3);
    let wide = analyze(&support::shared(x, y), &Settings::default(), &Progress::new()).unwrap();
    assert!(wide.witness(wide.lasso.path.alphas()[50], &Progress::new()).unwrap().duality_gap < 1e-6);
    let (x, y) = Random(1).regression(1100, 1050, 0.0);
    let sample = Sample::new(x.view(), None, y.view()).unwrap();
    let words = Witness::refit(&sample, Scale::Standardize, 1.0, 0.1, &Progress::new()).unwrap_err();
    assert!(words.to_string().contains("inverts a matrix of 1050 × 1050"), "{words}");
    // It counts to its end and can be stopped on the way.
    let alpha = wide.lasso.path.alphas()[50];
    let progress = Progress::new();
    wide.witness(alpha, &progress).unwrap();
    assert!((progress.fraction() - 1.0).abs() < 1e-6);
    progress.cancel();
    let stopped = wide.witness(alpha, &progress).unwrap_err();
    assert!(matches!(stopped, AnalysisError::Path(PathError::Cancelled(_))), "{stopped}");
}

#[test]
fn cross_validation_is_a_library_function() {
    let (x, y) = Random(10).regression(50, 4, 0.1);
    let sample = Sample::new(x.view(), None, y.view()).unwrap();
    let (folds, _) =
        Folds::deal(&FoldRule::Contiguous { folds: 5 }, &(0..50).collect::<Vec<_>>(), 50, None, 1).unwrap();
    let params = PathParams::new(1.0).check().unwrap();
    let path = params.fit(&dataset(&x, &y)).unwrap();
    let cv = cross_validate(&params, &sample, path.alphas().as_slice().unwrap(), &folds, &Progress::new()).unwrap();
    assert_eq!(cv.fold_errors.dim(), (5, 100));
    assert_eq!(cv.fold_coefficients.len(), 5);
}
