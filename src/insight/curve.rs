//! The fit as a curve, where all features are powers of one predictor: what regularization does to it, to be seen.

use crate::analysis::{Analysis, Penalty};
use crate::data::design::Feature;
use crate::model::path_point::PathPoint;

/// Which fit is drawn.
#[derive(Debug, Clone, Copy)]
pub enum Fitted<'p> {
    /// Without a penalty.
    LeastSquares,
    /// A fit of a path.
    Path(PathPoint<'p>),
}

/// An analysis of one predictor.
#[derive(Debug, Clone, Copy)]
pub struct Curve<'a> {
    analysis: &'a Analysis,
    /// The predictor's column in the table.
    column: usize,
    /// Feature that is the predictor itself.
    itself: usize,
}

impl<'a> Curve<'a> {
    /// `None` if there are several predictors, other features than powers, or no row at hand.
    pub fn of(analysis: &'a Analysis) -> Option<Self> {
        let design = &analysis.design;
        let column = design.features.first().filter(|_| !design.y.is_empty())?.column;
        let itself = design.features.iter().position(Feature::is_plain)?;
        let is_curve = design.features.iter().all(|feature| feature.of_number(column, 0.0).is_some());
        is_curve.then_some(Self { analysis, column, itself })
    }

    /// Name of the predictor.
    pub fn predictor(&self) -> &'a str {
        &self.analysis.design.features[self.itself].name
    }

    /// Number of powers.
    pub fn degree(&self) -> usize {
        self.analysis.design.features.len()
    }

    /// `(x, y)` of at most `limit` rows, evenly spaced among those that hold a predictor.
    pub fn points(&self, limit: usize) -> Vec<[f64; 2]> {
        let design = &self.analysis.design;
        let step = design.y.len().div_ceil(limit.max(1)).max(1);
        let is_present = |row: &usize| design.missing.as_ref().is_none_or(|missing| !missing[[*row, self.itself]]);
        let rows = (0..design.y.len()).step_by(step).filter(is_present);
        rows.map(|row| [design.x[[row, self.itself]], design.y[row]]).collect()
    }

    /// The predictor in a row; `None` where it is missing.
    pub fn predictor_at(&self, row: usize) -> Option<f64> {
        let design = &self.analysis.design;
        let is_missing = design.missing.as_ref().is_some_and(|missing| missing[[row, self.itself]]);
        (!is_missing).then(|| design.x[[row, self.itself]])
    }

    /// The fit at `x`: `ȳ + Σ c_j (f_j(x) − f̄_j)`, in the target's unit. `None` where least squares is not unique.
    pub fn at(&self, fitted: Fitted<'_>, x: f64) -> Option<f64> {
        let coefficients = self.coefficients(fitted)?;
        Some(self.value(&coefficients, x))
    }

    /// The fit at `n` evenly spaced places from `from` to `to`; empty where least squares is not unique.
    pub fn line(&self, fitted: Fitted<'_>, (from, to): (f64, f64), n: usize) -> Vec<[f64; 2]> {
        let Some(coefficients) = self.coefficients(fitted) else { return Vec::new() };
        let x = |i: usize| from + (to - from) * i as f64 / n.saturating_sub(1).max(1) as f64;
        (0..n).map(|i| [x(i), self.value(&coefficients, x(i))]).collect()
    }

    fn coefficients(&self, fitted: Fitted<'_>) -> Option<Vec<f64>> {
        match fitted {
            Fitted::LeastSquares => self.analysis.least_squares.as_ref().ok().map(|fit| fit.coefficients.to_vec()),
            Fitted::Path(point) => Some((0..point.path().n_features()).map(|j| point.coefficient(j)).collect()),
        }
    }

    fn value(&self, coefficients: &[f64], x: f64) -> f64 {
        let scaling = self.analysis.lasso.path.scaling();
        let features = self.analysis.design.features.iter().zip(coefficients).zip(&scaling.means);
        let parts = features.map(|((feature, c), mean)| {
            let value = feature.of_number(self.column, x).unwrap_or(*mean);
            c * (value - mean)
        });
        scaling.target_mean + parts.sum::<f64>()
    }
}

/// Mean squared error on the training rows at every alpha, `‖r‖² / n`, in the unit of the cross-validation error.
pub fn training_errors(analysis: &Analysis, penalty: Penalty) -> Vec<f64> {
    let path = &analysis.penalty(penalty).path;
    (0..path.len()).map(|k| training_error(analysis, path.point(k))).collect()
}

/// Mean squared error of one fit on the training rows, `‖r‖² / n`.
pub fn training_error(analysis: &Analysis, point: PathPoint<'_>) -> f64 {
    point.residual_sum() / weight(analysis)
}

/// Mean squared error of least squares on the training rows, where it is unique.
pub fn least_squares_error(analysis: &Analysis) -> Option<f64> {
    analysis.least_squares.as_ref().ok().map(|fit| fit.residual_sum / weight(analysis))
}

/// What all rows weigh together: their number, without case weights.
fn weight(analysis: &Analysis) -> f64 {
    match (&analysis.ridge.cross_validation, &analysis.design.case_weights) {
        (Some(errors), _) => errors.fold_weights.iter().take(errors.n_folds).sum(),
        (None, Some(weights)) => weights.sum(),
        (None, None) => analysis.n_samples() as f64,
    }
}
