//! Few rows, many columns: cross-validation on products of rows, or on one copy of X, equals a fit to the rows of each fold.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a failing test may panic, and zeros are exact")]

mod support;

use linfa::ParamGuard;
use ndarray::{Array1, Array2, Axis};
use shrinkscope::model::criteria::ridge_leave_one_out;
use shrinkscope::model::cross_validation::{CrossValidation, cross_validate};
use shrinkscope::model::folds::{FoldRule, Folds};
use shrinkscope::model::path::{Grid, PathParams};
use shrinkscope::model::predict::LinearModel;
use shrinkscope::model::progress::Progress;
use shrinkscope::model::sample::Sample;
use shrinkscope::model::standardize::Scale;
use support::{Random, error, fit};

struct Case {
    name: &'static str,
    x: Array2<f64>,
    y: Array1<f64>,
    folds: usize,
}

fn case(name: &'static str, n: usize, p: usize, folds: usize, change: impl Fn(&mut Array2<f64>)) -> Case {
    let (mut x, y) = Random(n as u64).regression(n, p, 0.4);
    change(&mut x);
    Case { name, x, y, folds }
}

fn cases() -> Vec<Case> {
    vec![
        case("plain", 30, 200, 4, |_| {}),
        case("folds of one row", 12, 150, 12, |_| {}),
        case("three rows", 3, 90, 3, |_| {}),
        case("nearly square", 70, 72, 5, |_| {}),
        case("equal rows", 24, 100, 4, |x| {
            let row = x.row(3).to_owned();
            x.row_mut(14).assign(&row);
            x.row_mut(15).assign(&row);
        }),
        case("equal and opposite columns", 24, 100, 4, |x| {
            let column = x.column(2).to_owned();
            x.column_mut(60).assign(&column);
            x.column_mut(61).assign(&-column);
        }),
        // Rows 0 to 5 are the first contiguous fold.
        case("constant outside of a fold", 24, 100, 4, |x| {
            for i in 6..24 {
                x[[i, 5]] = 0.1;
                x[[i, 6]] = -7e5;
            }
            x.column_mut(7).fill(3.0);
        }),
        case("far from zero, and other units", 24, 100, 4, |x| {
            x.column_mut(8).mapv_inplace(|v| v + 1e7);
            x.column_mut(9).mapv_inplace(|v| v * 1e-3);
            x.column_mut(10).mapv_inplace(|v| v * 30.0);
        }),
        case("large folds", 80, 120, 2, |_| {}),
        case("an outlier", 24, 100, 4, |x| x[[2, 11]] = 3e4),
        case("a far outlier", 24, 100, 4, |x| x[[2, 11]] = 1e6),
    ]
}

fn deal(case: &Case) -> Folds {
    let records: Vec<usize> = (0..case.y.len()).collect();
    let rule = FoldRule::Contiguous { folds: case.folds };
    Folds::deal(&rule, &records, case.y.len(), None, 1).unwrap().0
}

fn params(l1_ratio: f64, scale: Scale, alphas: &[f64]) -> PathParams {
    PathParams::new(l1_ratio).scale(scale).grid(Grid::Explicit(alphas.to_vec()))
}

fn cross_validated(case: &Case, params: PathParams, alphas: &[f64]) -> CrossValidation {
    let sample = Sample::new(case.x.view(), None, case.y.view()).unwrap();
    cross_validate(&params.check().unwrap(), &sample, alphas, &deal(case), &Progress::new()).unwrap()
}

/// The mean squared error of the held-out rows, for a fit to the others.
fn direct(case: &Case, fold: usize, params: &PathParams) -> Vec<f64> {
    let (out, rows) = deal(case).split(0, fold);
    let path = fit(params.clone(), &case.x.select(Axis(0), &rows), &case.y.select(Axis(0), &rows));
    let error = |LinearModel { coefficients, intercept }: LinearModel| {
        out.iter().map(|&i| (case.y[i] - intercept - case.x.row(i).dot(&coefficients)).powi(2)).sum::<f64>()
    };
    (0..path.len()).map(|k| error(path.model(k)) / out.len() as f64).collect()
}

#[test]
fn held_out_errors_are_those_of_a_fit_to_each_fold() {
    for case in cases() {
        for scale in [Scale::Standardize, Scale::Keep] {
            for (l1_ratio, alphas) in
                [(0.0, [30.0, 1.0, 1e-2, 1e-4]), (1.0, [0.8, 0.4, 0.1, 0.03]), (0.5, [0.8, 0.4, 0.1, 0.03])]
            {
                let params = params(l1_ratio, scale, &alphas);
                let ours = cross_validated(&case, params.clone(), &alphas);
                for fold in 0..case.folds {
                    for (k, expected) in direct(&case, fold, &params).into_iter().enumerate() {
                        let found = ours.fold_errors[[fold, k]];
                        let off = error(found, expected);
                        assert!(
                            off < 1e-9,
                            "{}, {scale:?}, {l1_ratio}, fold {fold}, {k}: {found} {expected} {off:e}",
                            case.name
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn leave_one_out_is_a_fit_without_each_row_at_the_same_n_alpha() {
    for case in cases().into_iter().filter(|case| !case.name.starts_with("constant") && !case.name.contains("outlier"))
    {
        let n = case.y.len();
        let sample = Sample::new(case.x.view(), None, case.y.view()).unwrap();
        let alphas = [30.0, 1.0, 1e-2];
        let ours = ridge_leave_one_out(&sample, Scale::Keep, &alphas, &Progress::new()).unwrap();
        let without = alphas.map(|alpha| alpha * n as f64 / (n - 1) as f64);
        let each = Case { folds: n, ..case };
        let params = params(0.0, Scale::Keep, &without);
        let expected =
            (0..n).map(|row| Array1::from(direct(&each, row, &params))).reduce(|sum, row| sum + row).unwrap();
        for (k, ours) in ours.iter().enumerate() {
            assert!(error(*ours, expected[k] / n as f64) < 1e-10, "{}, {k}", each.name);
        }
    }
}
