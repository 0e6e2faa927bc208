//! What a preview holds, beside what the whole analysis holds.

use std::cell::RefCell;
use std::sync::Arc;

use shrinkscope::analysis::{Analysis, AnalysisError, Penalty, Settings, Watch, analyze, analyze_moments};
use shrinkscope::data::design::{Design, Roles, suggest_target};
use shrinkscope::data::examples::find;
use shrinkscope::export::{At, ExportError, Results};
use shrinkscope::model::cross_validation::fold_moments;
use shrinkscope::model::folds::{FoldRule, Folds};
use shrinkscope::model::path::{Grid, PathError, RegularizationPath};
use shrinkscope::model::progress::Progress;
use shrinkscope::model::sample::Sample;

use crate::support::{Random, diabetes, shared};

const FOLDS: usize = 4;

fn settings(n_alphas: usize) -> Settings {
    let grid = Grid::Auto { count: n_alphas, ratio: None };
    let folds = FoldRule::Random { folds: FOLDS, seed: 1 };
    Settings { folds, lasso_grid: grid.clone(), ridge_grid: grid, ..Settings::default() }
}

/// The preview and the whole.
fn both(run: impl FnOnce(Watch<'_>) -> Result<Analysis, AnalysisError>) -> (Analysis, Analysis) {
    let (progress, previews) = (Progress::new(), RefCell::new(Vec::new()));
    let whole = run(Watch {
        progress: &progress,
        on_paths: &|preview| {
            // A unit an alpha a fit: the two fits to all rows are done, those of the folds are not.
            assert!((f64::from(progress.fraction()) - 1.0 / (1.0 + FOLDS as f64)).abs() < 1e-6);
            previews.borrow_mut().push(preview.analysis().unwrap());
        },
    });
    let mut previews = previews.into_inner();
    assert_eq!(previews.len(), 1, "told once");
    (previews.pop().unwrap(), whole.unwrap())
}

/// All numbers of the fit at one alpha, bit for bit.
fn bits(path: &RegularizationPath, k: usize) -> Vec<u64> {
    let single = [
        path.alphas()[k],
        path.duality_gap(k).unwrap_or(-1.0),
        path.kkt(k),
        path.residual_sum(k),
        path.degrees_of_freedom(k),
    ];
    path.solution(k).iter().chain(path.gradient(k)).chain(&single).map(|v| v.to_bits()).collect()
}

fn assert_same_but_for_errors(first: &Analysis, whole: &Analysis) {
    assert!(!first.is_cross_validated() && whole.is_cross_validated());
    assert_eq!(first.settings, whole.settings);
    assert_eq!(first.entry_order, whole.entry_order);
    assert_eq!(first.folds, whole.folds);
    assert_eq!(first.least_squares.is_ok(), whole.least_squares.is_ok());
    assert_eq!(first.correlation(0, 1).to_bits(), whole.correlation(0, 1).to_bits());
    // What is said before stays true after.
    assert!(first.notes.iter().all(|note| whole.notes.contains(note)));
    for penalty in [Penalty::Lasso, Penalty::Ridge] {
        assert!(first.penalty(penalty).cross_validation.is_none());
        assert_eq!(first.penalty(penalty).path.len(), whole.penalty(penalty).path.len());
    }
}

#[test]
fn the_paths_of_a_preview_are_those_of_the_whole_bit_for_bit() {
    let table = |n, p| {
        let (x, y) = Random(3).regression(n, p, 0.4);
        shared(x, y)
    };
    // More rows than features, a saturated one, and more features than moments are formed for.
    for design in [Arc::new(diabetes()), table(60, 80), table(40, 900)] {
        let (first, whole) = both(|watch| analyze(&design, &settings(20), watch));
        assert_same_but_for_errors(&first, &whole);
        for penalty in [Penalty::Lasso, Penalty::Ridge] {
            let (a, b) = (&first.penalty(penalty).path, &whole.penalty(penalty).path);
            assert!((0..a.len()).all(|k| bits(a, k) == bits(b, k)), "{penalty:?}");
        }
    }
}

#[test]
fn so_are_those_from_moments() {
    let design = Arc::new(diabetes());
    let sample = Sample::new(design.x.view(), None, design.y.view()).unwrap();
    let n = design.y.len();
    let (folds, _) = Folds::deal(&settings(20).folds, &design.records, n, None, 1).unwrap();
    let moments = fold_moments(&sample, &folds, 0).unwrap();
    let (first, whole) = both(|watch| analyze_moments(&design, &moments, &settings(20), None, watch));
    assert_same_but_for_errors(&first, &whole);
    for penalty in [Penalty::Lasso, Penalty::Ridge] {
        let (a, b) = (&first.penalty(penalty).path, &whole.penalty(penalty).path);
        assert!((0..a.len()).all(|k| bits(a, k) == bits(b, k)), "{penalty:?}");
    }
}

/// Where only the chosen alphas are measured on the rows, the two that cross-validation chooses are measured later.
#[test]
fn in_a_large_table_the_chosen_alphas_agree_to_the_promise_and_the_others_bit_for_bit() {
    // More than 2²⁷ cells times alphas.
    let (x, y) = Random(5).regression(6000, 60, 0.3);
    let (n, design) = (6000.0, shared(x, y));
    let (first, whole) = both(|watch| analyze(&design, &settings(400), watch));
    assert_same_but_for_errors(&first, &whole);
    for penalty in [Penalty::Lasso, Penalty::Ridge] {
        let (a, b) = (&first.penalty(penalty).path, &whole.penalty(penalty).path);
        let errors = whole.penalty(penalty).cross_validation.as_ref().unwrap();
        let chosen = [errors.index_min, errors.index_1se];
        assert!((0..a.len()).filter(|k| !chosen.contains(k)).all(|k| bits(a, k) == bits(b, k)), "{penalty:?}");
        for k in chosen {
            assert!(!a.is_measured_on_rows(k) && b.is_measured_on_rows(k), "{penalty:?} at {k}");
            assert!(a.is_certified(k) && b.is_certified(k), "{penalty:?} at {k}");
            // Certified to 1e-9 of ‖y − ȳ‖²/2n, both objectives lie that near above the same minimum.
            let objective = |path: &RegularizationPath| {
                let (l1, l2) = path.solution(k).iter().fold((0.0, 0.0), |(l1, l2), w| (l1 + w.abs(), l2 + w * w));
                let penalty = path.l1_ratio() * l1 + (1.0 - path.l1_ratio()) / 2.0 * l2;
                path.residual_sum(k) / (2.0 * n) + path.alphas()[k] * penalty
            };
            let unit = whole.ridge.path.target_sum() / (2.0 * n);
            assert!((objective(a) - objective(b)).abs() <= 1e-9 * unit, "{penalty:?} at {k}");
        }
    }
}

#[test]
fn cancelling_at_the_preview_ends_the_analysis() {
    let progress = Progress::new();
    let on_paths = |preview: shrinkscope::analysis::Preview<'_>| {
        preview.analysis().unwrap();
        progress.cancel();
    };
    let watch = Watch { progress: &progress, on_paths: &on_paths };
    let error = analyze(&Arc::new(diabetes()), &settings(20), watch).unwrap_err();
    assert!(matches!(error, AnalysisError::Path(PathError::Cancelled(_))));
}

#[test]
fn a_preview_is_not_exported() {
    let table = find("diabetes").unwrap().table().unwrap();
    let roles = Roles::new(suggest_target(&table).unwrap());
    let design = Arc::new(Design::new(&table, &roles).unwrap());
    let (first, whole) = both(|watch| analyze(&design, &settings(20), watch));
    for at in [At::Min, At::OneSe] {
        let refused = Results::new((&table, &roles), &first, at.clone()).unwrap_err();
        assert!(matches!(refused, ExportError::NotCrossValidated));
        assert!(Results::new((&table, &roles), &whole, at).is_ok());
    }
}
