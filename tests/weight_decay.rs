//! Gradient descent with decay ends where the path has its fit, on a real regression of two features.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::sync::Arc;

use shrinkscope::analysis::{Analysis, Penalty, Settings, analyze};
use shrinkscope::data::design::{Design, Roles};
use shrinkscope::data::examples;
use shrinkscope::insight::geometry::{Others, Slice};
use shrinkscope::insight::plane::Loss;
use shrinkscope::insight::weight_decay::Descent;
use shrinkscope::model::progress::Progress;

/// Diabetes with two of its features.
fn analysis(kept: [&str; 2]) -> Analysis {
    let table = examples::find("diabetes").unwrap().table().unwrap();
    let mut roles = Roles::new(table.column_index("y").unwrap());
    let is_other = |j: &usize| *j != roles.target && !kept.contains(&table.columns[*j].name.as_str());
    roles.excluded = (0..table.columns.len()).filter(is_other).collect();
    let design = Arc::new(Design::new(&table, &roles).unwrap());
    analyze(&design, &Settings::default(), &Progress::new()).unwrap()
}

fn loss(analysis: &Analysis, penalty: Penalty, k: usize) -> Loss {
    let fit = analysis.penalty(penalty).path.point(k);
    Slice::new(analysis, penalty, fit, (0, 1), Others::Held).unwrap().loss
}

#[test]
fn it_ends_at_the_fit_of_the_path_at_the_same_alpha() {
    for kept in [["bmi", "s5"], ["s1", "s2"]] {
        let analysis = analysis(kept);
        for (penalty, l1_ratio) in [(Penalty::Ridge, 0.0), (Penalty::Lasso, 1.0)] {
            let path = &analysis.penalty(penalty).path;
            assert_eq!(path.n_features(), 2);
            for k in (0..path.len()).step_by(7) {
                let loss = loss(&analysis, penalty, k);
                let mut descent = Descent { loss, l1_ratio, alpha: path.alphas()[k], step_size: 1.0 };
                descent.step_size = 0.45 * descent.bound();
                let start = [-34.0, 38.0];
                let steps = (1e-11_f64.ln() / descent.rate().ln()).ceil() as usize;
                let last = descent.run(start, steps).last().unwrap().weights;
                let fit = path.solution(k);
                let distance = (last[0] - fit[0]).hypot(last[1] - fit[1]);
                // 1e-11 of a way of at most 100, and the engine's own promise: a KKT violation of 1e-10 of the largest pull, 45,
                // divided by the least curvature.
                let promised = 1e-9 + 45.0 * 1e-10 / (1.0 - loss.hessian()[0][1].abs());
                assert!(distance <= promised, "{kept:?} {penalty:?} {k}: {distance}");
            }
        }
    }
}

#[test]
fn without_decay_it_ends_at_least_squares() {
    let analysis = analysis(["bmi", "s5"]);
    let loss = loss(&analysis, Penalty::Ridge, 50);
    let descent = Descent { loss, l1_ratio: 0.0, alpha: 0.0, step_size: 0.4 };
    let last = descent.run([-34.0, 38.0], 400).last().unwrap().weights;
    let ols = analysis.least_squares.as_ref().unwrap();
    let scales = &analysis.ridge.path.scaling().scales;
    for (j, w) in last.into_iter().enumerate() {
        let per_sd = ols.coefficients[j] * scales[j];
        assert!((w - per_sd).abs() < 1e-9, "{w} {per_sd}");
    }
}
