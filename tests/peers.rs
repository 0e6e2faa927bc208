//! Our fits beside those of scikit-learn, glmnet and linfa-elasticnet.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a failing test may panic, and zeros are exact")]

mod support;

use std::sync::Arc;

use linfa::ParamGuard;
use linfa::prelude::Fit;
use ndarray::Array1;
use serde_json::Value;
use shrinkscope::analysis::{Settings, analyze};
use shrinkscope::model::folds::FoldRule;
use shrinkscope::model::path::{Grid, RegularizationPath};
use shrinkscope::model::progress::Progress;
use shrinkscope::model::standardize::Scale;
use support::{coefficient_error, dataset, diabetes, error, fit_at, number, numbers, read_json};

/// Largest coefficient error of our fits beside those of a fixture.
fn fits_error(tool: &Value, kind: &str, l1_ratio: f64) -> f64 {
    let design = diabetes();
    let path = fit_at(l1_ratio, &numbers(&tool["alphas"]), &design.x, &design.y);
    let fits = tool[kind]["fits"].as_array().unwrap();
    // At alpha_max itself all is rounding.
    (1..fits.len())
        .map(|k| {
            let coefficients =
                coefficient_error(path.coefficients(k).as_slice().unwrap(), &numbers(&fits[k]["coefficients"]));
            coefficients.max(error(path.intercept(k), number(&fits[k]["intercept"])))
        })
        .fold(0.0, f64::max)
}

#[test]
fn scikit_learn_agrees() {
    let tool = read_json("peers/scikit_learn.json");
    for (kind, l1_ratio) in [("lasso", 1.0), ("elastic_net", 0.3), ("ridge", 0.0)] {
        let worst = fits_error(&tool, kind, l1_ratio);
        // Its stopping rule is gap ≤ 1e-15 ‖y‖², which leaves the root of that in coefficients times the condition.
        assert!(worst < 1e-8, "{kind} {worst:e}");
    }
}

#[test]
fn lasso_cv_of_scikit_learn_agrees_fold_by_fold() {
    let tool = read_json("peers/scikit_learn.json");
    let mut design = diabetes();
    // It is given columns standardized once, and only centres them in each fold.
    for mut column in design.x.columns_mut() {
        let (mean, sd) = (column.mean().unwrap(), column.std(0.0));
        column.mapv_inplace(|x| (x - mean) / sd);
    }
    let settings = Settings {
        folds: FoldRule::Contiguous { folds: 5 },
        scale: Scale::Keep,
        lasso_grid: Grid::Explicit(numbers(&tool["alphas"])),
        ..Settings::default()
    };
    let cv = analyze(&Arc::new(design), &settings, &Progress::new()).unwrap().lasso.cross_validation.unwrap();
    for (k, folds) in tool["lasso_cv"]["mse"].as_array().unwrap().iter().enumerate() {
        for (fold, theirs) in numbers(folds).into_iter().enumerate() {
            assert!(error(cv.fold_errors[[fold, k]], theirs) < 1e-8);
        }
    }
}

#[test]
fn lasso_cv_defaults_of_scikit_learn_choose_the_known_alphas() {
    let mut design = diabetes();
    for mut column in design.x.columns_mut() {
        let (mean, sd) = (column.mean().unwrap(), column.std(0.0));
        column.mapv_inplace(|x| (x - mean) / sd);
    }
    let design = Arc::new(design);
    for (folds, alpha, nonzero, mean) in [(5, 0.078_918_4, 9, 2_991.807), (10, 1.199_49, 7, 2_987.252)] {
        let settings = Settings {
            folds: FoldRule::Contiguous { folds },
            scale: Scale::Keep,
            lasso_grid: Grid::Auto { count: 100, ratio: Some(1e-3) },
            ..Settings::default()
        };
        let analysis = analyze(&design, &settings, &Progress::new()).unwrap();
        let unweighted =
            analysis.lasso.cross_validation.as_ref().unwrap().fold_errors.mean_axis(ndarray::Axis(0)).unwrap();
        let best = (0..100).min_by(|a, b| unweighted[*a].total_cmp(&unweighted[*b])).unwrap();
        let path = &analysis.lasso.path;
        assert!(error(path.alphas()[best], alpha) < 1e-5 && path.n_nonzero(best) == nonzero);
        assert!(error(unweighted[best], mean) < 1e-6);
    }
}

#[test]
fn glmnet_agrees() {
    let tool = read_json("peers/glmnet.json");
    for (kind, l1_ratio) in [("lasso", 1.0), ("elastic_net", 0.3), ("ridge", 0.0)] {
        let worst = fits_error(&tool, kind, l1_ratio);
        // Its coordinate descent ends near 1e-9 at any threshold.
        assert!(worst < 2e-8, "{kind} {worst:e}");
    }
    let settings = Settings {
        folds: FoldRule::Interleaved { folds: 10 },
        lasso_grid: Grid::Explicit(numbers(&tool["alphas"])),
        ..Settings::default()
    };
    let cv = analyze(&Arc::new(diabetes()), &settings, &Progress::new()).unwrap().lasso.cross_validation.unwrap();
    for (ours, theirs) in [(&cv.mean, "mean"), (&cv.se, "se")] {
        assert!(ours.iter().zip(numbers(&tool["lasso_cv"][theirs])).all(|(a, b)| error(*a, b) < 1e-8), "{theirs}");
    }
}

#[test]
fn linfa_elasticnet_is_nowhere_better_than_its_gap_allows() {
    let design = diabetes();
    let (n, y) = (442.0, &design.y - design.y.mean().unwrap());
    let path = support::fit(RegularizationPath::lasso(), &design.x, &design.y);
    let mut z = design.x.clone();
    for (j, mut column) in z.columns_mut().into_iter().enumerate() {
        let scaling = path.scaling();
        column.mapv_inplace(|x| (x - scaling.means[j]) / scaling.scales[j]);
    }
    let objective = |alpha: f64, w: &Array1<f64>| {
        let r = &y - &z.dot(w);
        r.dot(&r) / (2.0 * n) + alpha * w.iter().map(|w| w.abs()).sum::<f64>()
    };
    let mut converged = 0;
    for k in 0..path.len() {
        let alpha = path.alphas()[k];
        let params = linfa_elasticnet::ElasticNet::lasso()
            .penalty(alpha)
            .with_intercept(false)
            .tolerance(1e-9)
            .max_iterations(20_000);
        let model = params.check().unwrap().fit(&dataset(&z, &y)).unwrap();
        if model.duality_gap() < 1e-9 * y.dot(&y) {
            converged += 1;
            let excess = objective(alpha, model.hyperplane()) - objective(alpha, &path.solution(k).to_owned());
            // Rounding of two objectives of size ‖y‖²/2n.
            let rounding = 8.0 * f64::EPSILON * y.dot(&y) / (2.0 * n);
            assert!(excess <= model.duality_gap() / n + rounding && excess >= -rounding, "{k}: {excess:e}");
        }
    }
    assert!(converged > 90, "{converged}");
}
