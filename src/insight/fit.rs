//! The fit against the observations.

use crate::analysis::Analysis;
use crate::model::path_point::PathPoint;

/// One row of the data: what was observed and what the fit says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FittedRow {
    /// Row of the design.
    pub row: usize,
    /// Prediction, in the target's unit.
    pub predicted: f64,
    /// Observation, in the target's unit.
    pub observed: f64,
}

/// What one fit says about any row; a missing cell counts as its column's mean.
pub fn row_fit<'a>(analysis: &'a Analysis, point: PathPoint<'a>) -> impl Fn(usize) -> FittedRow + 'a {
    let design = &analysis.design;
    let path = point.path();
    let means = &path.scaling().means;
    let active: Vec<(usize, f64)> =
        (0..path.n_features()).map(|j| (j, point.coefficient(j))).filter(|(_, c)| *c != 0.0).collect();
    let mean = path.scaling().target_mean;
    move |row| {
        let present = |j: usize| design.missing.as_ref().is_none_or(|m| !m[[row, j]]);
        let centred = active.iter().filter(|(j, _)| present(*j)).map(|&(j, c)| c * (design.x[[row, j]] - means[j]));
        FittedRow { row, predicted: mean + centred.sum::<f64>(), observed: design.y[row] }
    }
}

/// Predictions of one fit for at most `limit` rows, evenly spaced: see [`row_fit`].
pub fn fitted_rows(analysis: &Analysis, point: PathPoint<'_>, limit: usize) -> Vec<FittedRow> {
    let n = analysis.design.y.len();
    let step = n.div_ceil(limit.max(1)).max(1);
    (0..n).step_by(step).map(row_fit(analysis, point)).collect()
}

/// The two values that part a column's present cells, on the given rows, into a low, a middle and a high third.
pub fn thirds(analysis: &Analysis, feature: usize, rows: &[FittedRow]) -> Option<(f64, f64)> {
    let column = analysis.design.x.column(feature);
    let mut values: Vec<f64> = rows.iter().map(|r| column[r.row]).collect();
    if values.len() < 3 {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let (low, high) = (values[0], values[values.len() - 1]);
    // Two values are two classes.
    if low < high && values.iter().all(|v| *v <= low || *v >= high) {
        return Some((high, high));
    }
    Some((values[values.len() / 3], values[2 * values.len() / 3]))
}
