//! What an analysis has to say in words: folds changed, an alpha at the end of its grid, collinear columns.

use crate::analysis::{Analysis, Engine, Penalty, PenaltyAnalysis};
use crate::data::notes::Note;
use crate::model::cross_validation::CrossValidation;
use crate::model::folds::FoldsNote;
use crate::model::moments::MomentProducts;

/// Columns are called collinear above this correlation.
const COLLINEAR: f64 = 0.999;
/// Most pairs that are named.
const MOST_PAIRS: usize = 3;
/// Unexplained share of the target's variance below which a fit is called perfect.
const PERFECT: f64 = 1e-12;
/// A chosen alpha at the end of the grid says nothing if the errors there differ by less.
const FLAT: f64 = 1e-12;

/// Two columns and their correlation.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pair {
    first: usize,
    second: usize,
    correlation: f64,
}

/// The first pairs of columns with a correlation above 0.999 in magnitude.
fn collinear_pairs(products: &MomentProducts) -> Vec<Pair> {
    let p = products.len();
    let pairs = (0..p).flat_map(|first| (first + 1..p).map(move |second| (first, second)));
    let with_correlation =
        pairs.map(|(first, second)| Pair { first, second, correlation: products.correlation(first, second) });
    with_correlation.filter(|pair| pair.correlation.abs() > COLLINEAR).take(MOST_PAIRS).collect()
}

/// All notes of an analysis.
pub(super) fn remarks(analysis: &Analysis, folds: Option<&FoldsNote>) -> Vec<Note> {
    let collinear = analysis.products.as_deref().map_or_else(Vec::new, collinear_pairs);
    let mut notes = Vec::new();
    notes.extend(folds.map(fold_note));
    notes.extend(shape_notes(analysis));
    notes.extend(collinear.iter().map(|pair| collinear_note(analysis, pair)));
    notes.extend(perfect_fit_note(analysis));
    for penalty in [Penalty::Lasso, Penalty::Ridge] {
        notes.extend(path_notes(analysis, penalty));
    }
    if analysis.settings.engine == Engine::Linfa {
        notes.push(note(
            "reference_engine",
            "The first path and its cross-validation were computed by linfa-elasticnet, alpha by alpha; ridge by our own exact solver, because linfa's ridge never meets its stopping rule".to_owned(),
            "Choose the pathwise engine for exact certificates",
        ));
    }
    notes
}

fn note(kind: &'static str, action: String, remedy: &str) -> Note {
    Note { kind, line: None, column: None, text: None, action, remedy: remedy.to_owned() }
}

fn fold_note(folds: &FoldsNote) -> Note {
    match folds {
        FoldsNote::Capped { asked, rows } => note(
            "folds_capped",
            format!(
                "{asked} folds were asked for, but only {rows} rows are complete: each row is a fold of its own (leave-one-out)"
            ),
            "Choose fewer folds",
        ),
        FoldsNote::Emptied { asked, used } => note(
            "folds_empty",
            format!("{} of {asked} folds held no complete row: cross-validation uses {used} folds", asked - used),
            "Choose fewer folds or another rule",
        ),
    }
}

fn shape_notes(analysis: &Analysis) -> Vec<Note> {
    let (n, p) = (analysis.n_samples(), analysis.design.features.len());
    let mut notes = Vec::new();
    if p >= n {
        notes.push(note(
            "more_features_than_rows",
            format!("There are {p} features, but only {n} rows: at most {} lasso coefficients are not zero, and least squares is not unique", n - 1),
            "Trust cross-validation rather than the fit on the training rows",
        ));
    } else if let Err(not_unique) = &analysis.least_squares {
        notes.push(note("ols_not_unique", not_unique.to_string(), "Leave out a feature that the others determine"));
    }
    notes
}

fn collinear_note(analysis: &Analysis, pair: &Pair) -> Note {
    let name = |j: usize| analysis.design.features[j].name.clone();
    let action = format!(
        "{:?} and {:?} are almost the same column (correlation {:.6}): the lasso may take either",
        name(pair.first),
        name(pair.second),
        pair.correlation
    );
    Note { column: Some(name(pair.second)), ..note("collinear_pair", action, "Leave one of them out") }
}

fn perfect_fit_note(analysis: &Analysis) -> Option<Note> {
    let fit = analysis.least_squares.as_ref().ok()?;
    let path = &analysis.ridge.path;
    if fit.residual_sum > PERFECT * path.target_sum() {
        return None;
    }
    // A single column that explains all is named.
    let explains_all = |j: &usize| {
        let coefficient = fit.coefficients[*j] * path.scaling().sds[*j];
        let unexplained = path.target_sum() / path.n_samples() as f64 - coefficient * coefficient;
        unexplained.abs() <= PERFECT.sqrt() * path.target_sum() / path.n_samples() as f64
            && fit
                .coefficients
                .iter()
                .enumerate()
                .all(|(i, c)| i == *j || (c * path.scaling().sds[i]).abs() <= PERFECT.sqrt() * coefficient.abs())
    };
    let twin = (0..fit.coefficients.len()).find(explains_all).map(|j| analysis.design.features[j].name.clone());
    let action = match &twin {
        Some(name) => format!(
            "{name:?} alone explains the target {:?} entirely: is it the target under another name?",
            analysis.design.target
        ),
        None => {
            format!("The features explain the target {:?} entirely: is it computed from them?", analysis.design.target)
        }
    };
    Some(Note { column: twin, ..note("perfect_fit", action, "Leave out features that hold the target") })
}

fn path_notes(analysis: &Analysis, penalty: Penalty) -> Vec<Note> {
    let name = match penalty {
        Penalty::Ridge => "ridge",
        Penalty::Lasso if analysis.settings.l1_ratio < 1.0 => "elastic net",
        Penalty::Lasso => "lasso",
    };
    let PenaltyAnalysis { path, cross_validation } = analysis.penalty(penalty);
    let mut notes = Vec::new();
    if let Some(cv) = cross_validation {
        notes.extend(grid_end_notes(name, cv));
        if penalty == Penalty::Lasso && path.n_nonzero(cv.index_1se) == 0 {
            notes.push(note(
                "empty_1se_model",
                format!("By the 1-SE rule the {name} selects no feature: its error is within one standard error of predicting the mean"),
                "Look at the alpha with the smallest error, or gather more rows",
            ));
        }
    }
    if !analysis.penalty(penalty).is_certified() {
        let worst_gap = (0..path.len()).filter_map(|k| path.duality_gap(k)).fold(0.0, f64::max);
        let worst_kkt = (0..path.len()).map(|k| path.kkt(k)).fold(0.0, f64::max);
        notes.push(note(
            "not_converged",
            format!("Not every alpha of the {name} path is solved to the promised accuracy: duality gap up to {worst_gap:.1e}, KKT violation up to {worst_kkt:.1e}"),
            "Look for columns that nearly determine each other, check the scale of the columns, or end the grid at a larger alpha",
        ));
    }
    notes
}

/// A chosen alpha at an end of the grid.
fn grid_end_notes(name: &str, cv: &CrossValidation) -> Vec<Note> {
    let last = cv.mean.len() - 1;
    let ends = [(cv.index_min, "with the smallest cross-validation error"), (cv.index_1se, "by the 1-SE rule")];
    let spread = cv.mean.iter().fold(0.0, |m: f64, v| m.max(*v)) - cv.mean[cv.index_min];
    let at_end = |(index, _): &(usize, &str)| (*index == 0 || *index == last) && spread > FLAT * cv.mean[cv.index_min];
    let noted = |(index, rule): (usize, &str)| {
        let end = if index == 0 { "largest" } else { "smallest" };
        note(
            "alpha_at_grid_end",
            format!("The {name} alpha {rule} is the {end} of the grid: the best may lie beyond it"),
            if index == 0 {
                "Where nothing predicts the target, this is right; else start the grid at a larger alpha"
            } else {
                "Let the grid run to smaller alphas; where least squares is nearly exact, this is right"
            },
        )
    };
    ends.into_iter().filter(at_end).map(noted).collect()
}
