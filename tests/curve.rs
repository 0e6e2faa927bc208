//! The fitted curve of one predictor is the fit, from the flat line to least squares.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use shrinkscope::analysis::{Analysis, Penalty, Settings, analyze};
use shrinkscope::data::csv::{no_tick, read_bytes};
use shrinkscope::data::design::{Design, Roles};
use shrinkscope::data::examples;
use shrinkscope::data::options::ImportOptions;
use shrinkscope::data::table::Table;
use shrinkscope::insight::curve::{Curve, Fitted, least_squares_error, training_errors};
use shrinkscope::model::folds::FoldRule;
use shrinkscope::model::path::Grid;
use shrinkscope::model::progress::Progress;

fn of_degree(table: &Table, degree: u32, settings: &Settings) -> Analysis {
    let mut roles = Roles::new(table.columns.len() - 1);
    roles.degrees.insert(0, degree);
    analyze(&Arc::new(Design::new(table, &roles).unwrap()), settings, &Progress::new()).unwrap()
}

fn noisy_curve(degree: u32) -> Analysis {
    of_degree(&examples::find("noisy_curve").unwrap().table().unwrap(), degree, &Settings::default())
}

#[test]
fn a_strong_penalty_leaves_the_line_at_the_mean() {
    let table = examples::find("noisy_curve").unwrap().table().unwrap();
    let grid = Grid::Explicit(vec![1e15, 1e12, 1.0]);
    let settings = Settings { lasso_grid: grid.clone(), ridge_grid: grid, ..Settings::default() };
    let analysis = of_degree(&table, 9, &settings);
    let curve = Curve::of(&analysis).unwrap();
    let mean = analysis.design.y.mean().unwrap();
    for (penalty, k) in [(Penalty::Lasso, 0), (Penalty::Lasso, 1), (Penalty::Ridge, 0), (Penalty::Ridge, 1)] {
        // Ridge's weights are at most ‖x_j'y‖ / (n · alpha), a billionth of the target's own unit here.
        for [x, y] in curve.line(Fitted::Path(analysis.penalty(penalty).path.point(k)), (0.0, 10.0), 50) {
            assert!((y - mean).abs() < 1e-9, "{penalty:?} {k} at {x}: {y}, mean {mean}");
        }
    }
}

#[test]
fn curves_pass_through_the_predictions_of_the_rows() {
    let analysis = noisy_curve(15);
    let curve = Curve::of(&analysis).unwrap();
    let points = curve.points(usize::MAX);
    assert_eq!(points.len(), 60);
    let error = |fitted| points.iter().map(|[x, y]| (curve.at(fitted, *x).unwrap() - y).powi(2)).sum::<f64>() / 60.0;
    let least = least_squares_error(&analysis).unwrap();
    assert!((error(Fitted::LeastSquares) - least).abs() < 1e-9 * least);
    for penalty in [Penalty::Lasso, Penalty::Ridge] {
        for (k, expected) in training_errors(&analysis, penalty).into_iter().enumerate() {
            assert!(
                (error(Fitted::Path(analysis.penalty(penalty).path.point(k))) - expected).abs() < 1e-9 * expected,
                "{penalty:?} {k}"
            );
        }
    }
    let fit = analysis.least_squares.as_ref().unwrap();
    for (row, [x, _]) in points.iter().enumerate() {
        let expected = analysis.design.x.row(row).dot(&fit.coefficients) + fit.intercept;
        // The terms are up to some thousands.
        assert!((curve.at(Fitted::LeastSquares, *x).unwrap() - expected).abs() < 1e-9);
    }
}

#[test]
fn the_example_overfits_at_the_weak_end_and_flattens_at_the_other() {
    let example = examples::find("noisy_curve").unwrap();
    let table = example.table().unwrap();
    let analysis = noisy_curve(example.degrees(&table)[&0]);
    for penalty in [Penalty::Lasso, Penalty::Ridge] {
        let errors = analysis.penalty(penalty).cross_validation.as_ref().unwrap();
        let (best, last) = (errors.mean[errors.index_min], errors.mean[errors.mean.len() - 1]);
        assert!(errors.index_min < errors.mean.len() - 1 && last > 1.1 * best, "{penalty:?}: {best}, {last}");
        assert!(errors.mean[0] > 5.0 * best, "{penalty:?}");
    }
}

#[test]
fn several_predictors_have_no_curve() {
    let table = examples::find("diabetes").unwrap().table().unwrap();
    let design = Arc::new(Design::new(&table, &Roles::new(table.column_index("y").unwrap())).unwrap());
    assert!(Curve::of(&analyze(&design, &Settings::default(), &Progress::new()).unwrap()).is_none());
}

#[test]
fn rows_without_a_predictor_are_no_points() {
    let text = "x,y\n-3,9\n-2,5\n,7\n0,0\n1,1\n2,3\n3,10\n";
    let table = read_bytes("test", text.as_bytes(), &ImportOptions::default(), &no_tick).unwrap();
    let mut roles = Roles::new(1);
    roles.missing = shrinkscope::data::design::Missing::Mean;
    roles.degrees.insert(0, 2);
    let settings = Settings { folds: FoldRule::Interleaved { folds: 3 }, ..Settings::default() };
    let analysis = analyze(&Arc::new(Design::new(&table, &roles).unwrap()), &settings, &Progress::new()).unwrap();
    let curve = Curve::of(&analysis).unwrap();
    assert_eq!((curve.predictor(), curve.degree(), curve.points(100).len()), ("x", 2, 6));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn training_error_falls_with_alpha(
        ys in prop::collection::vec(-5.0_f64..5.0, 12..40),
        degree in 1_u32..9,
        offset in -100.0_f64..100.0,
    ) {
        let mut text = "x,y\n".to_owned();
        for (i, y) in ys.iter().enumerate() {
            writeln!(text, "{},{y}", offset + i as f64 / 4.0).unwrap();
        }
        let table = read_bytes("test", text.as_bytes(), &ImportOptions::default(), &no_tick).unwrap();
        let analysis = of_degree(&table, degree, &Settings::default());
        let total = analysis.lasso.path.target_sum() / ys.len() as f64;
        for penalty in [Penalty::Lasso, Penalty::Ridge] {
            let errors = training_errors(&analysis, penalty);
            for pair in errors.windows(2) {
                // A relative duality gap of 1e-12 leaves the loss open by that share of the target's variance.
                prop_assert!(pair[1] <= pair[0] + 1e-12 * total, "{penalty:?}: {} after {}", pair[1], pair[0]);
            }
            if let Some(least) = least_squares_error(&analysis) {
                prop_assert!(errors.iter().all(|error| *error >= least - 1e-12 * total));
            }
        }
    }
}
