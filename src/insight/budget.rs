//! The budget t of the constrained form, and the way back from it to alpha.
//!
//! Minimizing the loss under `penalty(w) ≤ t` and minimizing `loss + alpha · penalty(w)` have the same solutions: t falls as
//! alpha grows (Hastie, Tibshirani, Wainwright 2015, Statistical Learning with Sparsity, section 2.2).

use crate::analysis::{Analysis, Cursor, Penalty};
use crate::insight::plane::Ball;
use crate::model::path_point::PathPoint;

/// Steps of the search for an alpha at most; each is a fit.
const STEPS: usize = 60;
/// Relative distance from what is wanted at which the search ends.
const CLOSE: f64 = 1e-14;

/// t of the whole model, the budget C of the textbooks: see [`Ball::of`].
pub fn budget(point: PathPoint<'_>) -> f64 {
    let ball = Ball::of(point.path().l1_ratio());
    point.solution().iter().map(|w| ball.size(*w)).sum()
}

/// The cursor at which the whole model spends `t`, between none (the largest alpha) and all (the smallest).
pub fn cursor_of_budget(analysis: &Analysis, penalty: Penalty, t: f64) -> Cursor {
    cursor_where(analysis, penalty, t, budget)
}

/// The cursor of ridge at which it spends `df` degrees of freedom.
pub fn ridge_cursor_of_df(analysis: &Analysis, df: f64) -> Cursor {
    cursor_where(analysis, Penalty::Ridge, df, |point| point.degrees_of_freedom())
}

/// The cursor at which `value`, which grows as alpha falls, is `wanted`: false position on alpha (the Illinois rule of Dowell
/// and Jarratt 1971), since in alpha the lasso is a broken line. At the nearest alpha of the grid where nothing is solved between.
pub(super) fn cursor_where(
    analysis: &Analysis,
    penalty: Penalty,
    wanted: f64,
    value: impl Fn(PathPoint<'_>) -> f64,
) -> Cursor {
    let path = &analysis.penalty(penalty).path;
    let excess = |cursor: &Cursor| value(analysis.point(penalty, cursor)) - wanted;
    let last = path.len() - 1;
    let Some(k) = (0..=last).find(|&k| value(path.point(k)) >= wanted) else { return Cursor::on_grid(last) };
    if k == 0 || value(path.point(k)) <= wanted {
        return Cursor::on_grid(k);
    }
    let (mut high, mut low) = (path.alphas()[k - 1], path.alphas()[k]);
    let (mut below, mut above) = (excess(&Cursor::on_grid(k - 1)), excess(&Cursor::on_grid(k)));
    let mut moved_high = None;
    let mut best = Cursor::on_grid(if -below < above { k - 1 } else { k });
    for _ in 0..STEPS {
        let alpha = low + (high - low) * above / (above - below);
        if !(low < alpha && alpha < high) {
            break;
        }
        let cursor = analysis.cursor_at(penalty, alpha);
        if cursor.grid_position(path).is_some() {
            break;
        }
        let at = excess(&cursor);
        if at.abs() <= excess(&best).abs() {
            best = cursor;
        }
        if at.abs() <= CLOSE * wanted.abs() {
            break;
        }
        // An end that stays twice counts half, so that it is left.
        let moves_high = at < 0.0;
        let share = if moved_high.replace(moves_high) == Some(moves_high) { 0.5 } else { 1.0 };
        if moves_high {
            (high, below, above) = (alpha, at, above * share);
        } else {
            (low, above, below) = (alpha, at, below * share);
        }
    }
    best
}
