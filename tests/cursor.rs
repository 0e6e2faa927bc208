//! Fits between the alphas of the grid, and the way from the budget t to alpha and back.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a test that cannot go on must fail; equal means equal")]

mod support;

use std::sync::Arc;

use ndarray::{Array1, Array2};
use proptest::prelude::*;
use shrinkscope::analysis::{Analysis, Cursor, Penalty, Settings, analyze};
use shrinkscope::data::design::{Design, Roles};
use shrinkscope::data::examples;
use shrinkscope::insight::budget::{budget, cursor_of_budget, ridge_cursor_of_df};
use shrinkscope::model::path::Grid;
use shrinkscope::model::progress::Progress;
use support::design_of;

fn diabetes(settings: &Settings) -> Analysis {
    let table = examples::find("diabetes").unwrap().table().unwrap();
    let roles = Roles::new(table.column_index("y").unwrap());
    let design = Arc::new(Design::new(&table, &roles).unwrap());
    analyze(&design, settings, &Progress::new()).unwrap()
}

/// Alphas in the middle, in log, of two neighbours of the grid.
fn between(analysis: &Analysis, penalty: Penalty) -> Vec<f64> {
    let alphas = analysis.penalty(penalty).path.alphas();
    (1..alphas.len()).map(|k| (alphas[k - 1] * alphas[k]).sqrt()).collect()
}

#[test]
fn a_fit_between_is_that_of_a_sweep_with_this_alpha() {
    for l1_ratio in [1.0, 0.4] {
        let analysis = diabetes(&Settings { l1_ratio, ..Settings::default() });
        let grids = [Penalty::Lasso, Penalty::Ridge].map(|penalty| Grid::Explicit(between(&analysis, penalty)));
        let [lasso_grid, ridge_grid] = grids;
        let swept = diabetes(&Settings { l1_ratio, lasso_grid, ridge_grid, ..Settings::default() });
        for penalty in [Penalty::Lasso, Penalty::Ridge] {
            let path = &swept.penalty(penalty).path;
            for (k, &alpha) in path.alphas().iter().enumerate() {
                let cursor = analysis.cursor_at(penalty, alpha);
                let point = analysis.point(penalty, &cursor);
                assert_eq!(point.alpha().to_bits(), alpha.to_bits());
                assert!(point.is_certified() && point.is_measured_on_rows());
                let largest = path.solution(k).iter().fold(0.0_f64, |m, w| m.max(w.abs()));
                for (ours, theirs) in point.solution().iter().zip(path.solution(k)) {
                    assert!((ours - theirs).abs() <= 1e-10 * largest.max(1.0), "{penalty:?} {alpha}: {ours} {theirs}");
                }
            }
        }
    }
}

#[test]
fn budget_and_alpha_lead_to_each_other_along_the_path() {
    for l1_ratio in [1.0, 0.4] {
        let analysis = diabetes(&Settings { l1_ratio, ..Settings::default() });
        for penalty in [Penalty::Lasso, Penalty::Ridge] {
            let path = &analysis.penalty(penalty).path;
            for alpha in between(&analysis, penalty).into_iter().chain(path.alphas().iter().copied()) {
                let cursor = analysis.cursor_at(penalty, alpha);
                let t = budget(analysis.point(penalty, &cursor));
                let back = cursor_of_budget(&analysis, penalty, t);
                let there = analysis.point(penalty, &back);
                assert!((budget(there) - t).abs() <= 1e-9 * t, "{penalty:?} {alpha}: t {t} became {}", budget(there));
                // Where t hardly moves with alpha, its rounding is all that is known of alpha.
                let nearby = analysis.cursor_at(penalty, alpha * (1.0 - 1e-6));
                let nearby = budget(analysis.point(penalty, &nearby));
                let slope = (nearby - t).abs() / 1e-6;
                let known = 1e-9_f64.max(64.0 * f64::EPSILON * t / slope.max(f64::MIN_POSITIVE));
                let off = (there.alpha() - alpha).abs() / alpha;
                assert!(off <= known, "{penalty:?}: alpha {alpha} became {}, {off} off, {known} known", there.alpha());
            }
        }
    }
}

#[test]
fn the_budget_holds_at_its_ends() {
    let analysis = diabetes(&Settings::default());
    for penalty in [Penalty::Lasso, Penalty::Ridge] {
        let path = &analysis.penalty(penalty).path;
        let most = budget(path.point(path.len() - 1));
        assert_eq!(cursor_of_budget(&analysis, penalty, 0.0), Cursor::on_grid(0));
        assert_eq!(cursor_of_budget(&analysis, penalty, -1.0), Cursor::on_grid(0));
        assert_eq!(cursor_of_budget(&analysis, penalty, most), Cursor::on_grid(path.len() - 1));
        assert_eq!(cursor_of_budget(&analysis, penalty, 2.0 * most), Cursor::on_grid(path.len() - 1));
    }
}

#[test]
fn ridge_spends_exactly_the_degrees_of_freedom_of_the_lasso() {
    let analysis = diabetes(&Settings::default());
    for df in 1..10 {
        let cursor = ridge_cursor_of_df(&analysis, f64::from(df));
        let spent = analysis.point(Penalty::Ridge, &cursor).degrees_of_freedom();
        assert!((spent - f64::from(df)).abs() <= 1e-9, "{spent} of {df}");
    }
}

#[test]
fn held_out_errors_meet_those_of_the_grid() {
    let analysis = diabetes(&Settings::default());
    let errors = analysis.lasso.cross_validation.as_ref().unwrap();
    for k in [0, 17, 99] {
        let (mean, se) = analysis.held_out_error(Penalty::Lasso, &Cursor::on_grid(k)).unwrap();
        assert_eq!((mean.to_bits(), se.to_bits()), (errors.mean[k].to_bits(), errors.se[k].to_bits()));
    }
    let alphas = analysis.lasso.path.alphas();
    let middle = analysis.cursor_at(Penalty::Lasso, (alphas[30] * alphas[31]).sqrt());
    let (mean, _) = analysis.held_out_error(Penalty::Lasso, &middle).unwrap();
    assert!((mean - f64::midpoint(errors.mean[30], errors.mean[31])).abs() <= 1e-9 * mean);
}

fn table() -> impl Strategy<Value = (Array2<f64>, Array1<f64>)> {
    (12_usize..40, 2_usize..9).prop_flat_map(|(n, p)| {
        let cells = proptest::collection::vec(-3.0..3.0_f64, n * p);
        let noise = proptest::collection::vec(-1.0..1.0_f64, n);
        (cells, noise).prop_map(move |(cells, noise)| {
            let x = Array2::from_shape_vec((n, p), cells).unwrap();
            let y = x.column(0).to_owned() * 2.0 - x.column(1) + Array1::from(noise);
            (x, y)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_budget_is_met((x, y) in table(), share in 0.001..0.999_f64, l1_ratio in prop::sample::select(vec![1.0, 0.5])) {
        let design = Arc::new(design_of(&[], x, y));
        let analysis = analyze(&design, &Settings { l1_ratio, ..Settings::default() }, &Progress::new()).unwrap();
        for penalty in [Penalty::Lasso, Penalty::Ridge] {
            let path = &analysis.penalty(penalty).path;
            let t = share * budget(path.point(path.len() - 1));
            let cursor = cursor_of_budget(&analysis, penalty, t);
            // Ridge spends something at its largest alpha already.
            let wanted = t.max(budget(path.point(0)));
            let spent = budget(analysis.point(penalty, &cursor));
            prop_assert!((spent - wanted).abs() <= 1e-9 * wanted, "{:?}: {} of {}", penalty, spent, wanted);
        }
    }
}

#[test]
fn a_fit_on_sums_is_held_against_the_rows_when_asked() {
    // So many cells that only the chosen alphas and the ends are measured on the rows by the sweep.
    let (n, p) = (30_000, 50);
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    let x = Array2::from_shape_simple_fn((n, p), &mut next);
    let y = Array1::from_shape_fn(n, |i| x[[i, 0]] - 0.5 * x[[i, 1]] + next());
    let analysis = analyze(&Arc::new(design_of(&[], x, y)), &Settings::default(), &Progress::new()).unwrap();
    let path = &analysis.lasso.path;
    let k = (0..path.len()).find(|&k| !path.is_measured_on_rows(k)).unwrap();
    let cursor = Cursor::on_grid(k);
    let measured = analysis.measured_on_rows(Penalty::Lasso, &cursor, &Progress::new()).unwrap();
    let point = analysis.point(Penalty::Lasso, &measured);
    assert!(point.is_measured_on_rows() && point.is_certified());
    assert!(point.duality_gap().unwrap() <= 1e-12, "{:?}", point.duality_gap());
    assert_eq!(measured.grid_position(path), Some(k), "it stands where it stood");
    assert!(analysis.measured_on_rows(Penalty::Lasso, &measured, &Progress::new()).is_none(), "once is enough");
}
