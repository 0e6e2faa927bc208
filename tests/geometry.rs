//! The picture of the constraint is exact: the contour through the fit touches the region, on any data.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a failing test may panic, and zeros are exact")]

mod support;

use std::sync::Arc;

use ndarray::Array2;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use shrinkscope::analysis::{Analysis, Penalty, Settings, analyze};
use shrinkscope::data::design::Design;
use shrinkscope::insight::budget::budget;
use shrinkscope::insight::geometry::{Others, Slice, cursor_of_pair_budget, locus, pair_budget};
use shrinkscope::insight::plane::{Contact, Loss};
use shrinkscope::model::folds::FoldRule;
use shrinkscope::model::path::Grid;
use shrinkscope::model::progress::Progress;
use shrinkscope::model::standardize::Scale;
use support::{Random, design_of, diabetes};

const PENALTIES: [Penalty; 2] = [Penalty::Lasso, Penalty::Ridge];

/// Largest sine of the angle between pull and normal.
const TANGENT: f64 = 1e-8;
/// Share of the largest pull of all, `max_j |x_j'y| / n`, from which on that is asked for. Where a weak ridge leaves less, rounding
/// of the residuals is a share of it: there the sine is bounded by the fit's own KKT violation.
const LEAST_PULL: f64 = 1e-6;

fn analyzed(design: Design, scale: Scale, l1_ratio: f64, alphas: usize) -> Analysis {
    let settings = Settings {
        scale,
        l1_ratio,
        folds: FoldRule::Interleaved { folds: 2 },
        lasso_grid: Grid::Auto { count: alphas, ratio: Some(1e-3) },
        ridge_grid: Grid::Auto { count: alphas, ratio: None },
        ..Settings::default()
    };
    analyze(&Arc::new(design), &settings, &Progress::new()).unwrap()
}

/// What a problem is made from.
#[derive(Debug, Clone)]
struct Problem {
    n: usize,
    p: usize,
    seed: u64,
    rho: f64,
    with_missing: bool,
    with_weights: bool,
    scale: Scale,
    l1_ratio: f64,
}

impl Problem {
    /// Correlated columns of their own scales and places, with missing cells and case weights if so asked.
    fn analyzed(&self) -> Analysis {
        let mut random = Random(self.seed);
        let (mut x, y) = random.regression(self.n, self.p, self.rho);
        for (j, mut column) in x.columns_mut().into_iter().enumerate() {
            column.mapv_inplace(|v| v * [1.0, 3.0, 0.4][j % 3] + [0.0, -20.0, 5.0][j % 3]);
        }
        let mut design = design_of(&[], x, y);
        if self.with_missing {
            let mask = Array2::from_shape_fn((self.n, self.p), |_| random.uniform() < 0.1);
            design.x.zip_mut_with(&mask, |v, missing| *v = if *missing { f64::NAN } else { *v });
            design.missing = Some(mask);
        }
        if self.with_weights {
            design.case_weights = Some((0..self.n).map(|_| 0.2 + 2.0 * random.uniform()).collect());
        }
        analyzed(design, self.scale, self.l1_ratio, 6)
    }
}

/// Every point of the contour is on its level, but for the rounding of its own coordinates.
fn assert_level(loss: &Loss, through: [f64; 2]) -> Result<(), TestCaseError> {
    let level = loss.excess(through);
    for b in loss.contour(level, 48) {
        let size = loss.center.iter().chain(&b).map(|v| v.abs()).fold(0.0, f64::max);
        let gradient = loss.gradient(b);
        let rounding = 16.0
            * f64::EPSILON
            * size
            * (gradient[0].abs() + gradient[1].abs() + loss.curvature[0] * size * 16.0 * f64::EPSILON);
        let off = (loss.excess(b) - level).abs();
        prop_assert!(off <= 1e-9 * level + rounding, "off by {off:e} of {level:e}");
    }
    Ok(())
}

/// Equal but for a share of the size of a plane.
fn near(a: [f64; 2], b: [f64; 2], tolerance: f64, slice: &Slice) -> bool {
    let size = slice.fit.iter().chain(&slice.loss.center).map(|v| v.abs()).fold(0.0, f64::max);
    a.iter().zip(&b).all(|(a, b)| (a - b).abs() <= tolerance * size)
}

fn config(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { cases };
    let rng_seed = match default.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..default }
}

prop_compose! {
    fn problems(p: std::ops::Range<usize>)(
        n in 12_usize..40,
        p in p,
        seed: u64,
        rho in 0.0..0.9_f64,
        with_missing: bool,
        with_weights: bool,
        scale in prop_oneof![Just(Scale::Standardize), Just(Scale::Keep)],
        l1_ratio in prop_oneof![Just(1.0), 0.05..1.0_f64],
    ) -> Problem {
        Problem { n, p, seed, rho, with_missing, with_weights, scale, l1_ratio }
    }
}

proptest! {
    #![proptest_config(config(1000))]

    /// Every pair, alpha and penalty of a thousand problems.
    #[test]
    fn contours_touch_the_region(problem in problems(2..6)) {
        let analysis = problem.analyzed();
        // The first alpha of the lasso's own grid is the one at which the largest pull is alpha · l1_ratio.
        let largest = analysis.lasso.path.alphas()[0] * problem.l1_ratio;
        for penalty in PENALTIES {
            let path = &analysis.penalty(penalty).path;
            for k in 0..path.len() {
                let fit = analysis.penalty(penalty).path.point(k);
                let at = (0..path.n_features()).flat_map(|i| (0..i).map(move |j| (i, j)));
                for pair in at {
                    let slice = Slice::held(&analysis, penalty, fit, pair);
                    if slice.contact() == Contact::BothZero {
                        let most = slice.threshold * (1.0 + 1e-9);
                        prop_assert!(slice.pull.iter().all(|g| g.abs() <= most), "{:?} {}", slice.pull, slice.threshold);
                    } else {
                        let (residual, length) = (slice.tangency_residual(), slice.pull[0].hypot(slice.pull[1]));
                        let most = if length >= LEAST_PULL * largest { TANGENT } else { 2.0 * path.kkt(k) * largest / length };
                        prop_assert!(residual <= most, "{penalty:?} {k} {pair:?}: {residual:e} of {length:e}");
                    }
                    assert_level(&slice.loss, slice.fit)?;
                    // Block optimality: the fit is the least of its own plane.
                    let again = slice.loss.minimizer(fit.alpha(), path.l1_ratio());
                    prop_assert!(near(again, slice.fit, 1e-8, &slice), "{again:?} {:?}", slice.fit);
                }
            }
        }
    }

    #[test]
    fn the_three_planes_of_two_features_are_one(problem in problems(2..3)) {
        let analysis = problem.analyzed();
        for penalty in PENALTIES {
            let path = &analysis.penalty(penalty).path;
            let alone = locus(&analysis, penalty, (0, 1), Others::Absent);
            for (k, alone) in alone.iter().enumerate() {
                let fit = path.point(k);
                let plane = |others| Slice::new(&analysis, penalty, fit, (0, 1), others).unwrap();
                let held = plane(Others::Held);
                for other in [plane(Others::Refitted), plane(Others::Absent)] {
                    prop_assert!(other.is_tangent);
                    prop_assert!(near(other.fit, held.fit, 1e-9, &held), "{:?} {:?}", other.fit, held.fit);
                    prop_assert!(near(other.loss.center, held.loss.center, 1e-9, &held), "{:?} {:?}", other.loss, held.loss);
                    prop_assert!(other.loss.curvature.iter().zip(held.loss.curvature).all(|(a, b)| (a - b).abs() <= 1e-12 * held.loss.curvature[0]));
                    prop_assert!((other.loss.least - held.loss.least).abs() <= 1e-9 * path.target_sum() / path.n_samples() as f64);
                    prop_assert!((other.region.budget - held.region.budget).abs() <= 1e-9 * held.region.budget);
                }
                prop_assert!(near(*alone, held.fit, 1e-9, &held));
            }
        }
    }

    /// At any point of the profile the third coefficient stands where the loss is least.
    #[test]
    fn the_profile_is_the_least_over_the_others(problem in problems(3..4), at in [-3.0..3.0_f64, -3.0..3.0]) {
        let analysis = problem.analyzed();
        let (penalty, k) = (Penalty::Lasso, 2);
        let fit = analysis.penalty(penalty).path.point(k);
        let profile = Slice::new(&analysis, penalty, fit, (0, 1), Others::Refitted).unwrap();
        let scaling = analysis.lasso.path.scaling();
        let length = |j: usize| scaling.sds[j] / scaling.scales[j];
        let h = |i: usize, j: usize| length(i) * length(j) * analysis.correlation(i, j);
        let w = fit.solution();
        let shift = [at[0] - w[0], at[1] - w[1]];
        // With the first two moved, the third goes to (g_2 − H_2S · shift) / H_22 further on.
        let third = (fit.gradient()[2] - h(2, 0) * shift[0] - h(2, 1) * shift[1]) / h(2, 2);
        let d = [shift[0], shift[1], third];
        let quadratic: f64 = (0..3).flat_map(|i| (0..3).map(move |j| (i, j))).map(|(i, j)| 0.5 * d[i] * h(i, j) * d[j]).sum();
        let linear: f64 = (0..3).map(|i| fit.gradient()[i] * d[i]).sum();
        let half_mse = fit.residual_sum() / (2.0 * analysis.n_samples() as f64) - linear + quadratic;
        let value = profile.loss.value(at);
        prop_assert!((value - half_mse).abs() <= 1e-9 * half_mse.abs().max(1.0), "{value} {half_mse}");
        prop_assert!(!profile.is_tangent);
    }
}

#[test]
fn corners_are_exact_zeros() {
    let analysis = analyzed(diabetes(), Scale::Standardize, 1.0, 100);
    let path = &analysis.lasso.path;
    for k in 0..path.len() {
        let slice = Slice::held(&analysis, Penalty::Lasso, analysis.lasso.path.point(k), (2, 8));
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

#[test]
fn without_unique_least_squares_there_is_no_profile() {
    let (x, y) = Random(3).regression(10, 14, 0.3);
    let analysis = analyzed(design_of(&[], x, y), Scale::Standardize, 1.0, 8);
    let fit = analysis.lasso.path.point(4);
    let why = Slice::new(&analysis, Penalty::Lasso, fit, (0, 1), Others::Refitted).unwrap_err();
    assert!(why.to_string().contains("not unique"), "{why}");
}

#[test]
fn twins_have_a_flat_plane() {
    let (mut x, y) = Random(4).regression(30, 4, 0.3);
    let twin = x.column(0).to_owned();
    x.column_mut(1).assign(&twin);
    let analysis = analyzed(design_of(&[], x, y), Scale::Standardize, 1.0, 8);
    for penalty in PENALTIES {
        let slice = Slice::held(&analysis, penalty, analysis.penalty(penalty).path.point(5), (0, 1));
        assert!(slice.loss.is_flat() && slice.loss.center.iter().all(|c| c.is_finite()));
    }
}

#[test]
fn the_budget_of_two_alone_leads_to_the_alpha_that_spends_it() {
    let analysis = analyzed(diabetes(), Scale::Standardize, 1.0, 40);
    let pair = (2, 8);
    for penalty in PENALTIES {
        let alphas = analysis.penalty(penalty).path.alphas();
        let spent = |alpha: f64| pair_budget(&analysis, penalty, alpha, pair);
        let most = spent(alphas[alphas.len() - 1]);
        assert!(most < budget(analysis.penalty(penalty).path.point(alphas.len() - 1)), "the whole model spends more");
        for share in [0.05, 0.4, 0.8, 1.0] {
            let cursor = cursor_of_pair_budget(&analysis, penalty, pair, share * most);
            let found = spent(analysis.point(penalty, &cursor).alpha());
            assert!((found - share * most).abs() <= 1e-9 * most, "{penalty:?}: {found} for {}", share * most);
        }
    }
}
