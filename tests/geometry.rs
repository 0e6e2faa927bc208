//! The picture of the constraint is exact: the contour through the fit touches the region.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::sync::Arc;

use shrinkscope::analysis::{Analysis, Penalty, Settings, analyze};
use shrinkscope::data::design::{Design, Roles};
use shrinkscope::data::examples;
use shrinkscope::insight::geometry::Slice;
use shrinkscope::insight::plane::Contact;
use shrinkscope::model::progress::Progress;

fn analysis(l1_ratio: f64) -> Analysis {
    let table = examples::find("diabetes").unwrap().table().unwrap();
    let roles = Roles::new(table.column_index("y").unwrap());
    let design = Arc::new(Design::new(&table, &roles).unwrap());
    analyze(&design, &Settings { l1_ratio, ..Settings::default() }, &Progress::new()).unwrap()
}

/// The pull at a fit that is exact to rounding has a relative error of about eps · ‖y‖ / |pull|; alphas here are at least 1e-4 of the largest.
const TANGENT: f64 = 1e-8;

#[test]
fn contours_touch_the_region_at_every_alpha_and_pair() {
    for l1_ratio in [1.0, 0.5, 0.05] {
        let analysis = analysis(l1_ratio);
        for penalty in [Penalty::Lasso, Penalty::Ridge] {
            let path = &analysis.penalty(penalty).path;
            for k in (0..path.len()).step_by(3) {
                for j in 0..path.n_features() {
                    for i in 0..j {
                        let slice = Slice::new(&analysis, penalty, k, (i, j));
                        let residual = slice.tangency_residual();
                        // Ridge at a vanishing alpha has a pull of rounding size: nothing to touch with.
                        if slice.pull[0].hypot(slice.pull[1]) > 1e-6 {
                            assert!(residual <= TANGENT, "{penalty:?} {l1_ratio} {k} ({i}, {j}): {residual}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn corners_are_exact_zeros() {
    let analysis = analysis(1.0);
    let path = &analysis.lasso.path;
    for k in 0..path.len() {
        let slice = Slice::new(&analysis, Penalty::Lasso, k, (2, 8));
        let zeros = [path.solution(k)[2] == 0.0, path.solution(k)[8] == 0.0];
        let expected = match zeros {
            [true, true] => Contact::BothZero,
            [true, false] => Contact::Corner(0),
            [false, true] => Contact::Corner(1),
            [false, false] => Contact::Edge,
        };
        assert_eq!(slice.contact(), expected);
    }
}
