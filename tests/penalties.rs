//! Penalty factors and signs: optimal by their own conditions, and equal to what they mean.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a failing test may panic, and zeros are exact")]

mod support;

use linfa::ParamGuard;
use linfa::prelude::Fit;
use ndarray::{Array1, Array2, Axis};
use shrinkscope::model::cross_validation::cross_validate;
use shrinkscope::model::folds::{FoldRule, Folds};
use shrinkscope::model::path::{Engine, Grid, PathError, PathParams, RegularizationPath, Sign};
use shrinkscope::model::progress::Progress;
use shrinkscope::model::sample::Sample;
use shrinkscope::model::standardize::Scale;
use support::{Random, dataset, fit};

/// Tall, and with more features than rows.
fn problems() -> [(Array2<f64>, Array1<f64>); 2] {
    [Random(1).regression(90, 8, 0.6), Random(2).regression(30, 120, 0.4)]
}

fn factors(p: usize) -> Vec<f64> {
    (0..p).map(|j| 0.3 + 0.4 * (j % 5) as f64).collect()
}

fn signs(p: usize) -> Vec<Sign> {
    (0..p).map(|j| [Sign::NonNegative, Sign::Any, Sign::NonPositive][j % 3]).collect()
}

/// `alpha φ_j (l1_ratio ∂|w_j| + (1 − l1_ratio) w_j)` holds the pull of the residuals, where `w_j` may go.
fn assert_optimal(path: &RegularizationPath, x: &Array2<f64>, y: &Array1<f64>, factors: &[f64], signs: &[Sign]) {
    let (n, l1_ratio) = (x.nrows() as f64, path.l1_ratio());
    let scaling = path.scaling();
    for k in 0..path.len() {
        let (w, alpha) = (path.solution(k), path.alphas()[k]);
        let z = (x - &scaling.means) / &scaling.scales;
        let residuals = y - scaling.target_mean - z.dot(&w);
        let g = z.t().dot(&residuals) / n;
        for j in 0..w.len() {
            let (a1, a2) = (alpha * factors[j] * l1_ratio, alpha * factors[j] * (1.0 - l1_ratio));
            let fault = match (w[j] == 0.0, signs[j]) {
                (false, _) => (g[j] - a2 * w[j] - a1 * w[j].signum()).abs(),
                (true, Sign::Any) => g[j].abs() - a1,
                (true, Sign::NonNegative) => g[j] - a1,
                (true, Sign::NonPositive) => -g[j] - a1,
            };
            assert!(fault < 1e-12, "alpha {k}, feature {j}: {fault}");
            assert!(signs[j] != Sign::NonNegative || w[j] >= 0.0);
            assert!(signs[j] != Sign::NonPositive || w[j] <= 0.0);
        }
        assert!(path.kkt(k) < 1e-12 && path.duality_gap(k).unwrap() < 1e-12, "{:?}", path.duality_gap(k));
    }
}

#[test]
fn paths_with_factors_and_signs_meet_their_own_conditions() {
    for (x, y) in problems() {
        let p = x.ncols();
        for l1_ratio in [1.0, 0.4] {
            for scale in [Scale::Standardize, Scale::Keep] {
                let params = || PathParams::new(l1_ratio).scale(scale);
                let free = vec![Sign::Any; p];
                let path = fit(params().penalty_factors(factors(p)), &x, &y);
                assert_optimal(&path, &x, &y, &factors(p), &free);
                let path = fit(params().signs(signs(p)), &x, &y);
                assert_optimal(&path, &x, &y, &vec![1.0; p], &signs(p));
                let path = fit(params().penalty_factors(factors(p)).signs(signs(p)), &x, &y);
                assert_optimal(&path, &x, &y, &factors(p), &signs(p));
                assert!(path.solution(0).iter().all(|w| *w == 0.0), "the grid starts where nothing enters");
                assert!(path.n_nonzero(1) > 0, "and no earlier");
            }
        }
    }
}

#[test]
fn a_factor_is_a_column_in_another_unit_for_the_lasso() {
    for (x, y) in problems() {
        let factors = factors(x.ncols());
        let alphas = Grid::Explicit(vec![0.5, 0.1, 0.02]);
        let params = PathParams::new(1.0).scale(Scale::Keep).grid(alphas.clone());
        let with_factors = fit(params.clone().penalty_factors(factors.clone()), &x, &y);
        let in_units = fit(params, &(&x / &Array1::from(factors.clone())), &y);
        for k in 0..3 {
            for (j, factor) in factors.iter().enumerate() {
                let difference = with_factors.coefficient(k, j) - in_units.coefficient(k, j) / factor;
                assert!(difference.abs() < 1e-11, "{k} {j}: {difference}");
            }
        }
    }
}

#[test]
fn factors_and_signs_that_ask_nothing_change_nothing() {
    for (x, y) in problems() {
        let p = x.ncols();
        let plain = fit(PathParams::new(1.0), &x, &y);
        let asked = fit(PathParams::new(1.0).penalty_factors(vec![1.0; p]).signs(vec![Sign::Any; p]), &x, &y);
        assert!((0..plain.len()).all(|k| plain.solution(k) == asked.solution(k)));
    }
}

#[test]
fn cross_validation_holds_to_factors_and_signs() {
    for (x, y) in problems() {
        let (n, p) = x.dim();
        let alphas = [0.6, 0.2, 0.05];
        let params = PathParams::new(1.0).grid(Grid::Explicit(alphas.to_vec()));
        let params = params.penalty_factors(factors(p)).signs(signs(p)).check().unwrap();
        let records: Vec<usize> = (0..n).collect();
        let (folds, _) = Folds::deal(&FoldRule::Interleaved { folds: 3 }, &records, n, None, 1).unwrap();
        let sample = Sample::new(x.view(), None, y.view()).unwrap();
        let cv = cross_validate(&params, &sample, &alphas, &folds, &Progress::new()).unwrap();
        for fold in 0..3 {
            let (held_out, rows) = folds.split(0, fold);
            let path = params.fit(&dataset(&x.select(Axis(0), &rows), &y.select(Axis(0), &rows))).unwrap();
            for k in 0..3 {
                let model = path.model(k);
                let square = |i: &usize| (y[*i] - model.intercept - x.row(*i).dot(&model.coefficients)).powi(2);
                let error = held_out.iter().map(square).sum::<f64>() / held_out.len() as f64;
                assert!(support::error(cv.fold_errors[[fold, k]], error) < 1e-10);
            }
        }
    }
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let (x, y) = Random(1).regression(20, 3, 0.0);
    let refused = |params: PathParams| params.check().and_then(|params| params.fit(&dataset(&x, &y))).unwrap_err();
    for (params, words) in [
        (PathParams::new(1.0).penalty_factors(vec![1.0, 0.0, 1.0]), "feature 2 must be finite and above 0, but is 0"),
        (PathParams::new(1.0).penalty_factors(vec![1.0; 2]), "3 features, but 2 penalty factors"),
        (PathParams::new(1.0).signs(vec![Sign::Any; 4]), "3 features, but 4 signs"),
        (PathParams::new(0.0).penalty_factors(vec![1.0; 3]), "for the lasso and the elastic net"),
        (PathParams::new(1.0).signs(vec![Sign::Any; 3]).engine(Engine::Linfa), "by the pathwise engine"),
    ] {
        let error = refused(params);
        assert!(matches!(error, PathError::InvalidPenalty(_)) && error.to_string().contains(words), "{error}");
    }
}
