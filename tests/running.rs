//! How an analysis runs: progress, cancelling, threads.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a failing test may panic, and zeros are exact")]

mod support;

use std::sync::Arc;

use shrinkscope::analysis::{Analysis, AnalysisError, Settings, analyze};
use shrinkscope::model::folds::FoldRule;
use shrinkscope::model::path::{Grid, PathError};
use shrinkscope::model::progress::Progress;
use support::{Random, diabetes};

#[test]
fn progress_counts_an_alpha_a_fit() {
    let design = Arc::new(diabetes());
    let progress = Progress::new();
    let settings = Settings { folds: FoldRule::Random { folds: 5, seed: 0 }, repeats: 2, ..Settings::default() };
    analyze(&design, &settings, &progress).unwrap();
    assert!((progress.fraction() - 1.0).abs() < 1e-6);
    // Nothing beyond what was expected: one unit more to come is one unit short.
    progress.expect(11 * 200);
    assert!((progress.fraction() - 0.5).abs() < 1e-6);
}

#[test]
fn a_cancelled_analysis_ends_at_once() {
    let design = Arc::new(diabetes());
    let progress = Progress::new();
    progress.cancel();
    let error = analyze(&design, &Settings::default(), &progress).unwrap_err();
    assert!(matches!(error, AnalysisError::Path(PathError::Cancelled(_))));
}

#[test]
fn cancelling_ends_a_long_analysis_before_its_first_path() {
    // Seconds of work: near saturation, many features come and go.
    let (x, y) = Random(8).regression(600, 1200, 0.9);
    let design = support::shared(x, y);
    let progress = Arc::new(Progress::new());
    let settings = Settings { lasso_grid: Grid::Auto { count: 400, ratio: Some(1e-6) }, ..Settings::default() };
    let (design, shared) = (Arc::clone(&design), Arc::clone(&progress));
    let worker = std::thread::Builder::new()
        .name("analyze".to_owned())
        .spawn(move || analyze(&design, &settings, &*shared).map(|_| ()))
        .unwrap();
    while progress.fraction() < 0.01 {
        std::thread::yield_now();
    }
    progress.cancel();
    let error = worker.join().unwrap().unwrap_err();
    assert!(matches!(error, AnalysisError::Path(PathError::Cancelled(_))));
    assert!(progress.fraction() < 400.0 / 5500.0);
}

/// All numbers of an analysis, bit for bit.
fn bits(analysis: &Analysis) -> Vec<u64> {
    let mut bits = Vec::new();
    for penalty in [&analysis.lasso, &analysis.ridge] {
        let (path, cv) = (&penalty.path, penalty.cross_validation.as_ref().unwrap());
        bits.extend(path.alphas().iter().chain(&cv.fold_errors).chain(&cv.mean).chain(&cv.se).map(|v| v.to_bits()));
        for k in 0..path.len() {
            bits.extend(path.coefficients(k).iter().chain(path.gradient(k)).map(|v| v.to_bits()));
            bits.extend(
                [path.kkt(k), path.residual_sum(k), path.degrees_of_freedom(k), path.intercept(k)].map(f64::to_bits),
            );
        }
    }
    bits
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    for (n, p) in [(442, 10), (40_000, 7), (700, 300), (60, 900)] {
        let (x, y) = Random(9).regression(n, p, 0.4);
        let design = support::shared(x, y);
        let settings = Settings {
            lasso_grid: Grid::Auto { count: 25, ratio: None },
            ridge_grid: Grid::Auto { count: 25, ratio: None },
            folds: FoldRule::Random { folds: 4, seed: 1 },
            ..Settings::default()
        };
        let with_threads = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| bits(&analyze(&design, &settings, &Progress::new()).unwrap()))
        };
        let one = with_threads(1);
        for threads in [2, 8] {
            assert!(with_threads(threads) == one, "{n} x {p} on {threads} threads");
        }
    }
}
