//! Case weights: a row of weight 2 is the row twice, in every quantity that is reported.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a failing test may panic, and zeros are exact")]

mod support;

use std::sync::Arc;

use ndarray::{Array2, ShapeBuilder};
use shrinkscope::analysis::{Analysis, Engine, Settings, analyze};
use shrinkscope::data::design::Design;
use shrinkscope::model::criteria::ridge_leave_one_out;
use shrinkscope::model::folds::FoldRule;
use shrinkscope::model::path::Grid;
use shrinkscope::model::progress::Progress;
use shrinkscope::model::sample::Sample;
use shrinkscope::model::standardize::Scale;
use support::{Random, coefficient_error, design_of, diabetes, error, number, numbers, read_json};

/// `n` rows of `p` columns with weights 1 to 3, and the same with each row as often as its weight says.
fn twins(n: usize, p: usize, seed: u64) -> (Design, Design) {
    let (x, y) = Random(seed).regression(n, p, 0.5);
    let weights: Vec<usize> = (0..n).map(|i| 1 + (i * 7 + i / 3) % 3).collect();
    let folds: Vec<u32> = (0..n).map(|i| (i % 4) as u32).collect();
    let rows: Vec<usize> = (0..n).flat_map(|i| std::iter::repeat_n(i, weights[i])).collect();
    let often = Array2::from_shape_fn((rows.len(), p).f(), |(r, j)| x[[rows[r], j]]);
    let mut repeated = design_of(&[], often, rows.iter().map(|i| y[*i]).collect());
    repeated.fold_labels = Some(rows.iter().map(|i| folds[*i]).collect());
    let mut weighted = design_of(&[], x, y);
    // Only ratios matter.
    weighted.case_weights = Some(weights.iter().map(|w| *w as f64 * 0.37).collect());
    weighted.fold_labels = Some(folds);
    (weighted, repeated)
}

fn settings(scale: Scale, l1_ratio: f64, engine: Engine) -> Settings {
    let lasso_grid = Grid::Auto { count: 20, ratio: Some(1e-2) };
    let ridge_grid = Grid::Auto { count: 20, ratio: None };
    Settings { folds: FoldRule::Given, scale, l1_ratio, engine, lasso_grid, ridge_grid, ..Settings::default() }
}

fn both(n: usize, p: usize, settings: &Settings) -> [Analysis; 2] {
    let (weighted, repeated) = twins(n, p, 5);
    [weighted, repeated].map(|design| analyze(&Arc::new(design), settings, &Progress::new()).unwrap())
}

#[test]
fn a_weight_of_two_is_the_row_twice() {
    for (n, p) in [(60, 5), (40, 70), (12, 90)] {
        for (scale, l1_ratio) in [(Scale::Standardize, 1.0), (Scale::Keep, 1.0), (Scale::Standardize, 0.4)] {
            let [weighted, repeated] = both(n, p, &settings(scale, l1_ratio, Engine::Pathwise));
            for (a, b) in [(&weighted.lasso, &repeated.lasso), (&weighted.ridge, &repeated.ridge)] {
                let at = format!("{n} × {p}, {scale:?}, {}", a.path.l1_ratio());
                // Repeated rows count for the rank's tolerance, which moves the ends of ridge's grid by rounding.
                for k in 0..a.path.len() {
                    assert!(error(a.path.alphas()[k], b.path.alphas()[k]) < 1e-9, "{at}: alpha {k}");
                    let (ours, theirs) = (a.path.coefficients(k), b.path.coefficients(k));
                    let coefficients = coefficient_error(ours.as_slice().unwrap(), theirs.as_slice().unwrap());
                    assert!(coefficients < 1e-8, "{at}: coefficients {k} {coefficients:e}");
                    assert!(error(a.path.degrees_of_freedom(k), b.path.degrees_of_freedom(k)) < 1e-8, "{at}: df {k}");
                    assert!(
                        error(
                            a.cross_validation.as_ref().unwrap().mean[k],
                            b.cross_validation.as_ref().unwrap().mean[k]
                        ) < 1e-8,
                        "{at}: mean {k}"
                    );
                    assert!(
                        error(a.cross_validation.as_ref().unwrap().se[k], b.cross_validation.as_ref().unwrap().se[k])
                            < 1e-8,
                        "{at}: SE {k}"
                    );
                    assert!(a.path.is_certified(k), "{at}: certificate {k}");
                }
            }
            match (&weighted.least_squares, &repeated.least_squares) {
                (Ok(a), Ok(b)) => {
                    let (a, b) = (a.coefficients.as_slice().unwrap(), b.coefficients.as_slice().unwrap());
                    assert!(coefficient_error(a, b) < 1e-10);
                }
                (a, _) => assert!(a.is_err() && p >= n),
            }
        }
    }
}

#[test]
fn the_reference_engine_weighs_as_ours_does() {
    let [linfa, _] = both(60, 5, &settings(Scale::Standardize, 1.0, Engine::Linfa));
    let [ours, _] = both(60, 5, &settings(Scale::Standardize, 1.0, Engine::Pathwise));
    for k in 0..ours.lasso.path.len() {
        // linfa stops at a gap of 1e-8: the root of that in coefficients.
        assert!(
            error(
                linfa.lasso.cross_validation.as_ref().unwrap().mean[k],
                ours.lasso.cross_validation.as_ref().unwrap().mean[k]
            ) < 1e-3,
            "{k}"
        );
        assert!(linfa.lasso.path.duality_gap(k).unwrap() < 1e-6, "{k}");
    }
    let witness = ours.witness(ours.lasso.path.alphas()[10], &Progress::new()).unwrap();
    assert!(witness.duality_gap < 1e-10 && witness.converged);
}

/// The solution of a small linear system by elimination.
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for k in 0..n {
        for i in k + 1..n {
            let factor = a[i][k] / a[k][k];
            let pivot = a[k].clone();
            a[i].iter_mut().zip(pivot).for_each(|(a, pivot)| *a -= factor * pivot);
            b[i] -= factor * b[k];
        }
    }
    for k in (0..n).rev() {
        let known: f64 = (k + 1..n).map(|j| a[k][j] * b[j]).sum();
        b[k] = (b[k] - known) / a[k][k];
    }
    b
}

#[test]
fn leave_one_out_equals_leaving_each_row_out() {
    let (design, _) = twins(15, 3, 9);
    let weights: Vec<f64> = design.case_weights.unwrap().iter().map(|w| w * 15.0 / 11.1).collect();
    let total: f64 = weights.iter().sum();
    let sample = Sample::new(design.x.view(), None, design.y.view()).unwrap().weighted(&weights).unwrap();
    let alphas = [0.3, 0.01];
    let ours = ridge_leave_one_out(&sample, Scale::Standardize, &alphas, &Progress::new()).unwrap();
    let mean = |values: &dyn Fn(usize) -> f64| (0..15).map(|i| weights[i] * values(i)).sum::<f64>() / total;
    let columns: Vec<(f64, f64)> = (0..3)
        .map(|j| {
            let center = mean(&|i| design.x[[i, j]]);
            (center, mean(&|i| (design.x[[i, j]] - center).powi(2)).sqrt())
        })
        .collect();
    let row = |i: usize| -> Vec<f64> {
        let scaled = columns.iter().enumerate().map(|(j, (center, sd))| (design.x[[i, j]] - center) / sd);
        std::iter::once(1.0).chain(scaled).collect()
    };
    for (alpha, ours) in alphas.iter().zip(ours) {
        let mut sum = 0.0;
        for out in 0..15 {
            let mut a = vec![vec![0.0; 4]; 4];
            let mut b = vec![0.0; 4];
            for i in (0..15).filter(|i| *i != out) {
                let z = row(i);
                for j in 0..4 {
                    b[j] += weights[i] * z[j] * design.y[i];
                    for k in 0..4 {
                        a[j][k] += weights[i] * z[j] * z[k];
                    }
                }
            }
            for (j, row) in a.iter_mut().enumerate().skip(1) {
                row[j] += total * alpha;
            }
            let prediction: f64 = solve(a, b).iter().zip(row(out)).map(|(b, z)| b * z).sum();
            sum += weights[out] * (design.y[out] - prediction).powi(2);
        }
        assert!(error(ours, sum / total) < 1e-10, "{alpha}: {ours} against {}", sum / total);
    }
}

#[test]
fn glmnet_agrees() {
    let tool = read_json("peers/glmnet_weights.json");
    let mut design = diabetes();
    design.case_weights = Some((0..442).map(|i| 1.0 + f64::from(i % 3)).collect());
    let grid = Grid::Explicit(numbers(&tool["alphas"]));
    let settings = Settings {
        folds: FoldRule::Interleaved { folds: 10 },
        lasso_grid: grid.clone(),
        ridge_grid: grid,
        ..Settings::default()
    };
    let analysis = analyze(&Arc::new(design), &settings, &Progress::new()).unwrap();
    for (kind, path) in [("lasso", &analysis.lasso.path), ("ridge", &analysis.ridge.path)] {
        for (k, fit) in tool[kind]["fits"].as_array().unwrap().iter().enumerate() {
            let coefficients = path.coefficients(k);
            let worst = coefficient_error(coefficients.as_slice().unwrap(), &numbers(&fit["coefficients"]))
                .max(error(path.intercept(k), number(&fit["intercept"])));
            // Its coordinate descent ends near 1e-9 at any threshold.
            assert!(worst < 2e-8, "{kind} {k} {worst:e}");
        }
    }
    let cv = analysis.lasso.cross_validation.as_ref().unwrap();
    for (ours, theirs) in [(&cv.mean, "mean"), (&cv.se, "se")] {
        assert!(ours.iter().zip(numbers(&tool["lasso_cv"][theirs])).all(|(a, b)| error(*a, b) < 1e-8), "{theirs}");
    }
}
