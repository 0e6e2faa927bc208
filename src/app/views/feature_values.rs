//! The numbers of the feature table: coefficients at the cursors, folds that keep a feature, and all of it as text.

use crate::analysis::{Analysis, Penalty};
use crate::app::selection::{Selection, Units};
#[cfg(doc)]
use crate::model::cross_validation::CrossValidation;

/// Coefficient of a feature at the cursor, in the units shown; `None` where least squares is not unique.
pub(super) fn coefficient(analysis: &Analysis, selection: &Selection, column: Column, j: usize) -> Option<f64> {
    let scale = |own: f64| match selection.units {
        Units::PerSd => own * analysis.lasso.path.scaling().sds[j],
        Units::Own => own,
    };
    match column {
        Column::Lasso => Some(scale(selection.point(analysis, Penalty::Lasso).coefficient(j))),
        Column::Ridge => Some(scale(selection.point(analysis, Penalty::Ridge).coefficient(j))),
        Column::LeastSquares => analysis.least_squares.as_ref().ok().map(|fit| scale(fit.coefficients[j])),
        Column::Pinned => {
            let name = &analysis.design.features[j].name;
            selection.pinned.as_ref()?.coefficient(selection.leader(), name, j, selection.units == Units::PerSd)
        }
        Column::Change => {
            let now = scale(selection.point(analysis, selection.leader()).coefficient(j));
            Some(now - coefficient(analysis, selection, Column::Pinned, j).unwrap_or(0.0))
        }
    }
}

/// Which fit a column of the table shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Column {
    Lasso,
    Ridge,
    LeastSquares,
    /// The pinned fit of the penalty that leads.
    Pinned,
    /// That penalty's present coefficient less the pinned one; what was no feature counts as 0.
    Change,
}

/// In how many folds the lasso keeps each feature at the alpha of the grid nearest to the cursor; `None` before
/// cross-validation.
pub(super) fn kept_in_folds(analysis: &Analysis, selection: &Selection) -> Option<Vec<u32>> {
    let cv = analysis.lasso.cross_validation.as_ref()?;
    let k = selection.cursor(Penalty::Lasso).nearest();
    let mut kept = vec![0; analysis.design.features.len()];
    for fold in &cv.fold_coefficients {
        for &(j, _) in fold.get(k).map_or(&[][..], Vec::as_slice) {
            if let Some(count) = kept.get_mut(j as usize) {
                *count += 1;
            }
        }
    }
    Some(kept)
}

/// How many folds keep the fits of the lasso: see [`CrossValidation::fold_coefficients`].
pub(super) fn kept_folds(analysis: &Analysis) -> usize {
    analysis.lasso.cross_validation.as_ref().map_or(0, |cv| cv.fold_coefficients.len())
}

/// The table as tab-separated text, selected features first.
pub fn as_text(analysis: &Analysis, selection: &Selection) -> String {
    let mut text = String::from("feature\tlasso\tridge\tols\tfolds\n");
    let kept = kept_in_folds(analysis, selection);
    let folds = kept_folds(analysis);
    let solution = selection.point(analysis, Penalty::Lasso).solution();
    let (chosen, left_out): (Vec<usize>, Vec<usize>) = analysis.entry_order.iter().partition(|&&j| solution[j] != 0.0);
    for j in chosen.into_iter().chain(left_out) {
        let cell = |c| coefficient(analysis, selection, c, j).map_or_else(String::new, |v| v.to_string());
        let name = analysis.design.features[j].name.replace(['\t', '\n', '\r'], " ");
        let (lasso, ridge, ols) = (cell(Column::Lasso), cell(Column::Ridge), cell(Column::LeastSquares));
        let folds_kept = kept.as_ref().map_or_else(String::new, |kept| format!("{}/{folds}", kept[j]));
        text.push_str(&[name.as_str(), &lasso, &ridge, &ols, &folds_kept].join("\t"));
        text.push('\n');
    }
    text
}
