//! The assumptions of lasso and ridge, on tables of which the answers are known.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a failing test may panic, and zeros are exact")]

mod support;

use std::sync::Arc;

use ndarray::{Array1, Array2};
use shrinkscope::analysis::{Analysis, Penalty, Settings, analyze};
use shrinkscope::data::design::{Design, Roles};
use shrinkscope::data::examples;
use shrinkscope::insight::assumptions::{Assumptions, ScaleResult, concentration};
use shrinkscope::model::folds::FoldRule;
use shrinkscope::model::path::Grid;
use shrinkscope::model::progress::Progress;
use shrinkscope::model::standardize::Scale;
use support::{Random, shared};

fn example(name: &str, settings: &Settings) -> Analysis {
    let table = examples::find(name).unwrap().table().unwrap();
    let design = Design::new(&table, &Roles::new(table.column_index("y").unwrap())).unwrap();
    analyze(&Arc::new(design), settings, &Progress::new()).unwrap()
}

fn name(analysis: &Analysis, feature: usize) -> &str {
    &analysis.design.features[feature].name
}

#[test]
fn spreads_are_the_standard_deviations_of_the_columns() {
    let x = Array2::from_shape_fn((8, 3), |(i, j)| {
        let sign = if (i >> j) % 2 == 0 { 1.0 } else { -1.0 };
        5.0 + sign * [0.25, 300.0, 4.0][j]
    });
    let y = Array1::from_shape_fn(8, |i| x[[i, 0]] + 0.01 * x[[i, 1]] + i as f64);
    let settings = Settings { folds: FoldRule::Interleaved { folds: 4 }, ..Settings::default() };
    let analysis = analyze(&shared(x, y), &settings, &Progress::new()).unwrap();
    let (smallest, largest) = Assumptions::new(&analysis).unwrap().spread.unwrap();
    assert_eq!((smallest.feature, largest.feature), (0, 1));
    assert!((smallest.sd - 0.25).abs() < 1e-15 && (largest.sd - 300.0).abs() < 1e-12);
}

#[test]
fn the_first_to_enter_under_either_scaling_are_foretold() {
    for scale in [Scale::Standardize, Scale::Keep] {
        let analysis = example("diabetes", &Settings { scale, ..Settings::default() });
        let assumptions = Assumptions::new(&analysis).unwrap();
        assert_eq!(name(&analysis, assumptions.first(Scale::Standardize, 1)[0]), "bmi");
        for asked in [Scale::Standardize, Scale::Keep] {
            let really = example("diabetes", &Settings { scale: asked, ..Settings::default() });
            assert_eq!(assumptions.first(asked, 1)[0], really.entry_order[0], "{scale:?} {asked:?}");
        }
    }
}

#[test]
fn a_path_that_begins_with_features_foretells_nothing() {
    let settings = Settings { lasso_grid: Grid::Explicit(vec![0.5, 0.1]), ..Settings::default() };
    assert!(Assumptions::new(&example("diabetes", &settings)).unwrap().first(Scale::Keep, 3).is_empty());
}

#[test]
fn nothing_is_gained_over_the_mean_by_a_model_that_is_the_mean() {
    for repeats in [1, 3] {
        let grid = Grid::Explicit(vec![1e7]);
        let settings = Settings { lasso_grid: grid.clone(), ridge_grid: grid, repeats, ..Settings::default() };
        let analysis = example("diabetes", &settings);
        let gain = Assumptions::new(&analysis).unwrap().over_mean.unwrap();
        let error = analysis.lasso.cross_validation.as_ref().unwrap().mean[0];
        // Both are sums of 442 squares.
        assert!(gain.mean.abs() < 1e-12 * error && gain.se < 1e-12 * error, "{gain:?}");
    }
}

#[test]
fn gains_are_differences_of_the_errors_on_screen() {
    let analysis = example("correlated", &Settings::default());
    let assumptions = Assumptions::new(&analysis).unwrap();
    let least = |penalty| {
        let errors = analysis.penalty(penalty).cross_validation.as_ref().unwrap();
        errors.mean[errors.index_min]
    };
    let difference = least(Penalty::Ridge) - least(Penalty::Lasso);
    assert!((assumptions.over_ridge.mean - difference).abs() < 1e-12 * difference.abs());
    assert!(assumptions.over_ridge.in_se().unwrap() > 0.0, "six of forty coefficients are not zero");
    assert!(assumptions.over_mean.unwrap().in_se().unwrap() > 3.0);
    let (few, selected) =
        concentration(analysis.lasso.path.point(analysis.lasso.cross_validation.as_ref().unwrap().index_1se), 0.8);
    assert!(few <= 6 && few < selected, "{few} of {selected}");
}

#[test]
fn pairs_come_with_their_correlation_largest_first() {
    let mut random = Random(7);
    let n = 60;
    let mut x = Array2::from_shape_simple_fn((n, 4), || random.normal());
    for i in 0..n {
        x[[i, 2]] = -3.0 * x[[i, 0]] + 1.0;
        x[[i, 3]] = x[[i, 1]] + 0.5 * x[[i, 3]];
    }
    let y = Array1::from_shape_simple_fn(n, || random.normal()) + x.column(0);
    let analysis = analyze(&shared(x, y), &Settings::default(), &Progress::new()).unwrap();
    let pairs = Assumptions::new(&analysis).unwrap().pairs;
    assert_eq!((pairs.n_compared, pairs.list.len()), (4, 6));
    let mut first = [pairs.list[0].first, pairs.list[0].second];
    first.sort_unstable();
    assert_eq!(first, [0, 2]);
    assert!((pairs.list[0].correlation + 1.0).abs() < 1e-12);
    assert!(pairs.list.windows(2).all(|two| two[0].correlation.abs() >= two[1].correlation.abs()));
    for pair in &pairs.list {
        assert!((pair.correlation - analysis.correlation(pair.first, pair.second)).abs() < 1e-15);
    }
}

#[test]
fn near_twins_of_the_known_truth_are_the_first_pairs() {
    let analysis = example("correlated", &Settings::default());
    let pairs = Assumptions::new(&analysis).unwrap().pairs;
    let mut twins: Vec<Vec<&str>> = pairs.list[..2]
        .iter()
        .map(|pair| {
            let mut names = vec![name(&analysis, pair.first), name(&analysis, pair.second)];
            names.sort_unstable();
            names
        })
        .collect();
    twins.sort_unstable();
    assert_eq!(twins, [["x1", "x2"], ["x16", "x17"]]);
}

#[test]
fn the_result_of_a_scaling_is_its_1_se_model() {
    let analysis = example("diabetes", &Settings::default());
    let result = ScaleResult::of(&analysis).unwrap();
    let errors = analysis.lasso.cross_validation.as_ref().unwrap();
    assert_eq!(result.scale, Scale::Standardize);
    assert_eq!(result.n_selected, analysis.lasso.path.n_nonzero(errors.index_1se));
    assert!((result.least_error - errors.mean[errors.index_min]).abs() < 1e-300);
}
