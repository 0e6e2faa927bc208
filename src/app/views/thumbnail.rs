//! Small pictures of the bundled tables, made from their data: the lasso path, or the points of a single predictor.

use std::sync::{Arc, OnceLock};

use eframe::egui::{Painter, Pos2, Rect, Stroke, pos2};

use crate::analysis::{self, Settings};
use crate::app::theme::Tokens;
use crate::data::design::{Design, Roles};
use crate::data::examples::{self, Example};
use crate::data::table::{Table, Values};
use crate::model::folds::FoldRule;
use crate::model::path::Grid;
use crate::model::progress::Progress;

/// Lines drawn at most, the first that enter.
const LINES: usize = 12;
/// Alphas of the small path.
const ALPHAS: usize = 40;

/// What is drawn, both axes from 0 to 1, upwards.
#[derive(Debug, Clone, PartialEq)]
pub enum Thumbnail {
    /// Coefficients against the weakening penalty, in order of entry, and where zero lies.
    Paths(Vec<Vec<[f32; 2]>>, f32),
    /// Rows.
    Points(Vec<[f32; 2]>),
}

/// What the card of a bundled table shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// Its picture.
    pub thumbnail: Thumbnail,
    /// Rows.
    pub n_rows: usize,
    /// Columns besides the target.
    pub n_predictors: usize,
}

/// The picture of a bundled table and its shape; computed once. `None` if its data do not allow one.
pub fn of(example: &Example) -> Option<&'static Preview> {
    static ALL: OnceLock<Vec<Option<Preview>>> = OnceLock::new();
    let all = ALL.get_or_init(|| examples::all().iter().map(make).collect());
    let at = examples::all().iter().position(|other| other.name == example.name)?;
    all.get(at)?.as_ref()
}

fn make(example: &Example) -> Option<Preview> {
    let table = example.table().ok()?;
    let (n_rows, n_predictors) = (table.n_records, table.columns.len().checked_sub(1)?);
    Some(Preview { thumbnail: picture(example, &table)?, n_rows, n_predictors })
}

fn picture(example: &Example, table: &Table) -> Option<Thumbnail> {
    let target = table.column_index(example.target)?;
    if let Some((name, _)) = example.powers {
        let numbers = |column: usize| match &table.columns.get(column)?.values {
            Values::Numbers(values) => Some(values),
            Values::Levels { .. } => None,
        };
        let (x, y) = (numbers(table.column_index(name)?)?, numbers(target)?);
        let points: Vec<[f64; 2]> = x.iter().zip(y.iter()).map(|(x, y)| [*x, *y]).collect();
        return Some(Thumbnail::Points(scaled(&[points]).0.pop()?));
    }
    let design = Arc::new(Design::new(table, &Roles::new(target)).ok()?);
    let settings = Settings {
        lasso_grid: Grid::Auto { count: ALPHAS, ratio: Some(1e-3) },
        ridge_grid: Grid::Auto { count: 2, ratio: None },
        folds: FoldRule::Interleaved { folds: 2 },
        ..Settings::default()
    };
    let analysis = analysis::analyze(&design, &settings, &Progress::new()).ok()?;
    let path = &analysis.lasso.path;
    let line = |&j: &usize| {
        let at = |k: usize| [-path.alphas()[k].log10(), path.point(k).coefficient_per_sd(j)];
        (0..path.len()).map(at).collect::<Vec<_>>()
    };
    let lines: Vec<_> = analysis.entry_order.iter().take(LINES).map(line).collect();
    let (lines, zero) = scaled(&lines);
    Some(Thumbnail::Paths(lines, zero))
}

/// Lines with both axes brought to 0..1, and where the value 0 lies.
fn scaled(lines: &[Vec<[f64; 2]>]) -> (Vec<Vec<[f32; 2]>>, f32) {
    let range = |axis: usize| {
        let values = || lines.iter().flatten().map(|p| p[axis]).filter(|v| v.is_finite());
        (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max))
    };
    let ((left, right), (low, high)) = (range(0), range(1));
    let share = |v: f64, low: f64, high: f64| if high > low { ((v - low) / (high - low)) as f32 } else { 0.5 };
    let place = |p: &[f64; 2]| [share(p[0], left, right), share(p[1], low, high)];
    let is_finite = |p: &&[f64; 2]| p.iter().all(|v| v.is_finite());
    (lines.iter().map(|line| line.iter().filter(is_finite).map(place).collect()).collect(), share(0.0, low, high))
}

/// Draws it.
pub fn draw(painter: &Painter, tokens: &Tokens, thumbnail: &Thumbnail, area: Rect) {
    let at = |p: &[f32; 2]| -> Pos2 { pos2(area.left() + p[0] * area.width(), area.bottom() - p[1] * area.height()) };
    match thumbnail {
        Thumbnail::Paths(lines, zero) => {
            // The line of zero runs through the whole card.
            let across = painter.clip_rect().x_range();
            painter.hline(across, at(&[0.0, *zero]).y, Stroke::new(1.0, tokens.control_border));
            for (rank, line) in lines.iter().enumerate().rev() {
                painter.line(line.iter().map(at).collect(), Stroke::new(1.5, tokens.feature(rank)));
            }
        }
        Thumbnail::Points(points) => {
            for point in points {
                painter.circle_filled(at(point), 2.0, tokens.accent);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_has_a_picture_that_fits() {
        for example in examples::all() {
            let Preview { thumbnail, n_rows, n_predictors } = of(example).expect(example.name);
            assert!(*n_rows > 0 && *n_predictors > 0);
            let lines = match thumbnail {
                Thumbnail::Paths(lines, zero) => {
                    // The sweep starts where all coefficients are zero.
                    assert!(lines.len() > 1 && lines.iter().all(|line| (line[0][1] - zero).abs() < 1e-6));
                    lines.clone()
                }
                Thumbnail::Points(points) => vec![points.clone()],
            };
            let inside = |v: &f32| (-1e-6..=1.0 + 1e-6).contains(v);
            assert!(lines.iter().flatten().flatten().all(inside), "{}", example.name);
        }
    }
}
