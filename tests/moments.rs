//! Analyses from sums over rows: the same as from the rows, whether they come in blocks, from elsewhere, or from before.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a failing test may panic, and equal is no error")]

mod support;

use std::sync::Arc;

use ndarray::{Array1, Array2, ArrayView, Axis, Dimension, RemoveAxis, Slice};
use shrinkscope::analysis::{Analysis, Settings, analyze, analyze_again, analyze_moments};
use shrinkscope::data::design::{Design, Feature};
use shrinkscope::model::fold_moments::{Accumulator, FoldMoments};
use shrinkscope::model::fold_parts::FoldPart;
use shrinkscope::model::folds::{FoldRule, Folds};
use shrinkscope::model::path::Grid;
use shrinkscope::model::progress::Progress;
use shrinkscope::model::standardize::Scale;
use shrinkscope::model::units::Units;
use support::{Random, design_of, diabetes, error};

fn all_close(ours: impl IntoIterator<Item = f64>, theirs: &[f64], tolerance: f64, what: &str) {
    let scale = theirs.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    for (k, (a, b)) in ours.into_iter().zip(theirs).enumerate() {
        assert!((a - b).abs() <= tolerance * scale, "{what} at {k}: {a} and {b}");
    }
}

/// Alphas, coefficients, errors and least squares agree.
fn same(ours: &Analysis, theirs: &Analysis, tolerance: f64) {
    assert_eq!(ours.n_samples(), theirs.n_samples());
    for (a, b) in [(&ours.lasso, &theirs.lasso), (&ours.ridge, &theirs.ridge)] {
        all_close(a.path.alphas().to_vec(), &b.path.alphas().to_vec(), tolerance, "alpha");
        for k in 0..a.path.len() {
            all_close(a.path.coefficients(k), &b.path.coefficients(k).to_vec(), tolerance, "coefficient");
            assert!(error(a.path.intercept(k), b.path.intercept(k)) < tolerance.sqrt(), "intercept");
        }
        let (a, b) = (a.cross_validation.as_ref().unwrap(), b.cross_validation.as_ref().unwrap());
        all_close(a.mean.to_vec(), &b.mean.to_vec(), tolerance, "mean");
        all_close(a.se.to_vec(), &b.se.to_vec(), tolerance, "standard error");
        assert_eq!((a.index_min, a.index_1se, &a.fold_sizes), (b.index_min, b.index_1se, &b.fold_sizes));
    }
    match (&ours.least_squares, &theirs.least_squares) {
        (Ok(a), Ok(b)) => all_close(a.coefficients.to_vec(), &b.coefficients.to_vec(), tolerance, "least squares"),
        (a, b) => assert_eq!(a.is_ok(), b.is_ok()),
    }
}

/// 600 rows of 12 features far from zero, in very different units, with case weights.
fn far_away() -> Design {
    let mut random = Random(11);
    let (mut x, y) = random.regression(600, 12, 0.5);
    for (j, mut column) in x.columns_mut().into_iter().enumerate() {
        let unit = 10.0_f64.powi(j as i32 - 6);
        column.mapv_inplace(|v| (v + 1e3) * unit);
    }
    let weights = Array1::from_shape_fn(600, |i| 1.0 + (i % 3) as f64);
    Design { case_weights: Some(weights), ..design_of(&[], x, y) }
}

fn rows_of<'a, D: Dimension + RemoveAxis>(
    x: ArrayView<'a, f64, D>,
    rows: &std::ops::Range<usize>,
) -> ArrayView<'a, f64, D> {
    let mut x = x;
    x.slice_axis_inplace(Axis(0), Slice::from(rows.clone()));
    x
}

fn dealt(design: &Design, settings: &Settings) -> Folds {
    Folds::deal(&settings.folds, &design.records, design.n_records, None, 1).unwrap().0
}

#[test]
fn rows_in_blocks_give_what_rows_in_memory_give() {
    for design in [diabetes(), far_away()] {
        let settings = Settings::default();
        let folds = dealt(&design, &settings);
        let first = rows_of(design.x.view(), &(0..50));
        let units = Units::of(first, None, rows_of(design.y.view(), &(0..50))).unwrap();
        let (n, columns) = (design.y.len(), design.features.len() + 1);
        let mut accumulator = Accumulator::new(columns, folds.n_folds);
        for from in (0..n).step_by(37) {
            let rows = from..(from + 37).min(n);
            let weights = design.case_weights.as_ref().map(|w| rows_of(w.view(), &rows).to_vec());
            accumulator.add(
                &units,
                rows_of(design.x.view(), &rows),
                rows_of(design.y.view(), &rows),
                &folds.assignments[0][rows],
                weights.as_deref(),
            );
        }
        let moments = accumulator.finish(units);
        let design = Arc::new(design);
        let streamed = analyze_moments(&design, &moments, &settings, None, &Progress::new()).unwrap();
        let in_memory = analyze(&design, &settings, &Progress::new()).unwrap();
        same(&streamed, &in_memory, 1e-11);
        assert!((0..100).all(|k| !streamed.lasso.path.is_measured_on_rows(k)));
        assert!((0..100).all(|k| in_memory.lasso.path.is_measured_on_rows(k)));
        assert!(streamed.lasso.is_certified() && streamed.ridge.is_certified());
    }
}

/// What a database would answer, fold by fold, in the user's units: two passes.
fn parts_of(design: &Design, folds: &Folds) -> Vec<FoldPart> {
    let p = design.features.len();
    let value = |i: usize, j: usize| if j < p { design.x[[i, j]] } else { design.y[i] };
    let weight = |i: usize| design.case_weights.as_ref().map_or(1.0, |w| w[i]);
    let part = |fold: usize| {
        let (rows, _) = folds.split(0, fold);
        let total: f64 = rows.iter().map(|&i| weight(i)).sum();
        let means: Vec<f64> =
            (0..=p).map(|j| rows.iter().map(|&i| weight(i) * value(i, j)).sum::<f64>() / total).collect();
        let product = |a: usize, b: usize| -> f64 {
            rows.iter().map(|&i| weight(i) * (value(i, a) - means[a]) * (value(i, b) - means[b])).sum()
        };
        let products = (0..=p).flat_map(|a| (0..=a).map(move |b| (a, b))).map(|(a, b)| product(a, b)).collect();
        FoldPart { n_rows: rows.len(), weight: total, means, products }
    };
    (0..folds.n_folds).map(part).collect()
}

#[test]
fn sums_from_elsewhere_give_what_rows_give() {
    for design in [diabetes(), far_away()] {
        let settings = Settings { l1_ratio: 0.7, ..Settings::default() };
        let moments = FoldMoments::from_parts(
            &vec![0.0; design.features.len() + 1],
            &parts_of(&design, &dealt(&design, &settings)),
        );
        let design = Arc::new(design);
        let elsewhere = analyze_moments(&design, &moments, &settings, None, &Progress::new()).unwrap();
        same(&elsewhere, &analyze(&design, &settings, &Progress::new()).unwrap(), 1e-11);
    }
}

/// The design without some features, and with another target if asked for.
fn changed(design: &Design, without: &[usize], target: Option<usize>) -> Design {
    let kept: Vec<usize> = (0..design.features.len()).filter(|j| !without.contains(j) && Some(*j) != target).collect();
    let mut x = design.x.select(Axis(1), &kept);
    let mut features: Vec<Feature> = kept.iter().map(|&j| design.features[j].clone()).collect();
    let (mut y, mut name) = (design.y.clone(), design.target.clone());
    if let Some(j) = target {
        x.push_column(design.y.view()).unwrap();
        features.push(Feature {
            name: std::mem::replace(&mut name, design.features[j].name.clone()),
            ..features[0].clone()
        });
        y = design.x.column(j).to_owned();
    }
    let x = Array2::from_shape_vec(ndarray::ShapeBuilder::f(x.dim()), x.t().iter().copied().collect()).unwrap();
    Design { x, y, features, target: name, ..design.clone() }
}

#[test]
fn sums_of_a_former_analysis_serve_other_columns_targets_scales_and_grids() {
    for design in [diabetes(), far_away()] {
        let settings = Settings::default();
        let mut former = analyze(&Arc::new(design.clone()), &settings, &Progress::new()).unwrap();
        let kept = Settings { scale: Scale::Keep, ..settings.clone() };
        let explicit = Settings { lasso_grid: Grid::Explicit(vec![0.5, 0.1, 0.01]), l1_ratio: 0.4, ..settings.clone() };
        let other_folds = Settings { folds: FoldRule::Interleaved { folds: 5 }, ..settings.clone() };
        for (without, target, settings) in [
            (vec![2], None, &settings),
            (vec![0, 7], Some(3), &settings),
            (vec![], Some(5), &explicit),
            (vec![1], None, &kept),
            (vec![], None, &other_folds),
            (vec![4], None, &settings),
        ] {
            let design = Arc::new(changed(&design, &without, target));
            let again = analyze_again(&design, settings, Some(&former), &Progress::new()).unwrap();
            let fresh = analyze(&design, settings, &Progress::new()).unwrap();
            same(&again, &fresh, 1e-10);
            former = again;
        }
    }
}

/// What becomes of value `v` in row `i`.
type Change = fn(usize, f64) -> f64;

/// Columns that sums without care answer with noise: 20,000 rows, 40 columns, ten folds in a row.
#[test]
fn held_out_errors_keep_their_digits_on_ill_conditioned_columns() {
    let (n, p) = (20_000, 40);
    let held_out = n / 10;
    let mut random = Random(5);
    let (plain, y) = random.regression(n, p, 0.3);
    // Means come to the reference in the user's units: with a mean of 1e8 they have lost half of their digits.
    let tables: [(&str, Change, f64); 6] = [
        ("mean 1e6, standard deviation 1", |_, v| v + 1e6, 1e-10),
        ("mean 1e8, standard deviation 1", |_, v| v + 1e8, 1e-8),
        ("mean 1e6, first row all zero", |i, v| if i == 0 { 0.0 } else { v + 1e6 }, 1e-10),
        ("a ramp from -1e6 to 1e6", |i, v| v + 1e2 * (i as f64 - 1e4), 1e-10),
        ("a fold with 1e12 times the variance", |i, v| if i < 2000 { 1e6 * v } else { v }, 1e-10),
        ("hardly varying outside of a fold", |i, v| if i < 2000 { v } else { 1e-3 * v + 5.0 }, 1e-10),
    ];
    for (what, change, tolerance) in tables {
        let x = Array2::from_shape_fn(ndarray::ShapeBuilder::f((n, p)), |(i, j)| change(i, plain[[i, j]]));
        let settings = Settings { folds: FoldRule::Contiguous { folds: 10 }, ..Settings::default() };
        let analysis = analyze(&Arc::new(design_of(&[], x.clone(), y.clone())), &settings, &Progress::new()).unwrap();
        // The training set of the first fold, alone, learns the same.
        let rows = held_out..n;
        let training = design_of(&[], rows_of(x.view(), &rows).to_owned(), rows_of(y.view(), &rows).to_owned());
        let fixed = |grid: &[f64]| Grid::Explicit(grid.to_vec());
        let alone = Settings {
            lasso_grid: fixed(&analysis.lasso.path.alphas().to_vec()),
            ridge_grid: fixed(&analysis.ridge.path.alphas().to_vec()),
            ..settings
        };
        let alone = analyze(&Arc::new(training), &alone, &Progress::new()).unwrap();
        for (name, cv, path) in [
            ("lasso", analysis.lasso.cross_validation.as_ref().unwrap(), &alone.lasso.path),
            ("ridge", analysis.ridge.cross_validation.as_ref().unwrap(), &alone.ridge.path),
        ] {
            for k in (0..path.len()).step_by(9) {
                let (coefficients, scaling) = (path.coefficients(k), path.scaling());
                let fit = |i: usize| (&x.row(i) - &scaling.means).dot(&coefficients) + scaling.target_mean;
                let mean = (0..held_out).map(|i| (y[i] - fit(i)).powi(2)).sum::<f64>() / held_out as f64;
                let error = error(cv.fold_errors[[0, k]], mean);
                // Columns a millionth apart: rounding of w alone leaves a gap at the end of the grid, and says so.
                let left_open = 20.0 * path.duality_gap(k).unwrap();
                assert!(error <= tolerance.max(left_open), "{what}, {name} at {k}: {error}");
            }
        }
    }
}
