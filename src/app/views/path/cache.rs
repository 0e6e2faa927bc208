//! What the paths of one analysis look like, kept from pass to pass: nothing in here depends on where the cursors stand.

use std::sync::Arc;

use eframe::egui::epaint::{Mesh, PathStroke, TessellationOptions, Tessellator};
use eframe::egui::{Color32, Pos2, Rect, Shape};

use super::curves::value;
use super::{COLOURED, positions};
use crate::analysis::{Analysis, Penalty, PenaltyAnalysis};
use crate::app::selection::{Selection, Units, XAxis};
use crate::app::views::chart::{Chart, Range};

/// Grey lines drawn at most, the largest ones.
const GREY: usize = 300;
/// Grey lines named at most.
const PROMINENT: usize = 3;
/// Share of the largest coefficient that a grey line must have to be named.
const LARGE: f64 = 0.5;
/// How much larger than the next grey one it must be.
const APART: f64 = 1.3;
/// Features that decide the vertical range.
const IN_RANGE: usize = 60;
/// How far a grey line may run from its points, in pixels: less than what is seen.
const TOLERANCE: f32 = 0.05;

/// Kept beside the analysis it belongs to.
#[derive(Debug, Default)]
pub struct Cache {
    lasso: OfPenalty,
    ridge: OfPenalty,
}

#[derive(Debug, Default)]
struct OfPenalty {
    drawn: Option<Arc<[usize]>>,
    prominent: Option<Arc<[usize]>>,
    /// By units.
    ranges: [Option<Range>; 2],
    /// By horizontal axis.
    xs: [Option<Arc<[f64]>>; 3],
    along_top: Option<Arc<[f64]>>,
    /// Grey lines, lit and dimmed.
    grey: [Option<(Look, Arc<Mesh>)>; 2],
}

/// What is read off a path for one pass.
pub(super) struct Known {
    /// Features with a line, those in colour first.
    pub(super) drawn: Arc<[usize]>,
    /// Grey ones that are named none the less.
    pub(super) prominent: Arc<[usize]>,
    /// Vertical range of the paths.
    pub(super) y: Range,
    /// Horizontal position of every alpha.
    pub(super) xs: Arc<[f64]>,
    /// Non-zero coefficients at every alpha; for ridge degrees of freedom.
    pub(super) along_top: Arc<[f64]>,
}

/// What the grey lines look like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Look {
    pub(super) area: Rect,
    pub(super) x: Range,
    pub(super) y: Range,
    pub(super) units: Units,
    pub(super) axis: XAxis,
    pub(super) color: Color32,
    pub(super) pixels_per_point: f32,
}

impl Cache {
    pub(super) fn known(&mut self, analysis: &Analysis, selection: &Selection, penalty: Penalty) -> Known {
        let units = selection.units;
        let [lasso, ridge] = [Penalty::Lasso, Penalty::Ridge].map(|p| self.of(p).range(analysis, p, units));
        let of = self.of(penalty);
        let data = analysis.penalty(penalty);
        let own = if penalty == Penalty::Lasso { lasso } else { ridge };
        // Both penalties share the vertical range, so that the two pictures compare, unless one would be flattened by it.
        let shared = Range { min: lasso.min.min(ridge.min), max: lasso.max.max(ridge.max) };
        let y = if own.max - own.min >= 0.3 * (shared.max - shared.min) { shared } else { own };
        let axis = XAxis::ALL.iter().position(|axis| *axis == selection.x_axis).unwrap_or(0);
        let xs = of.xs[axis].get_or_insert_with(|| positions(data, selection.x_axis).into());
        let along_top = of.along_top.get_or_insert_with(|| {
            let path = &data.path;
            let number = |k: usize| match penalty {
                Penalty::Lasso => path.n_nonzero(k) as f64,
                Penalty::Ridge => path.degrees_of_freedom(k),
            };
            (0..path.len()).map(number).collect()
        });
        let (xs, along_top) = (Arc::clone(xs), Arc::clone(along_top));
        let drawn = of.drawn(analysis, penalty);
        let prominent =
            Arc::clone(of.prominent.get_or_insert_with(|| prominent_features(analysis, data, &drawn).into()));
        Known { drawn, prominent, y, xs, along_top }
    }

    /// The lines of `grey` features as one shape; `None` if there are none.
    pub(super) fn grey(
        &mut self,
        (penalty, data): (Penalty, &PenaltyAnalysis),
        grey: &[usize],
        look: Look,
        dimmed: bool,
    ) -> Option<Shape> {
        if grey.is_empty() {
            return None;
        }
        let slot = &mut self.of(penalty).grey[usize::from(dimmed)];
        if slot.as_ref().is_none_or(|(drawn, _)| *drawn != look) {
            *slot = Some((look, Arc::new(mesh(data, grey, look))));
        }
        slot.as_ref().map(|(_, mesh)| Shape::Mesh(Arc::clone(mesh)))
    }

    fn of(&mut self, penalty: Penalty) -> &mut OfPenalty {
        match penalty {
            Penalty::Lasso => &mut self.lasso,
            Penalty::Ridge => &mut self.ridge,
        }
    }
}

impl OfPenalty {
    fn drawn(&mut self, analysis: &Analysis, penalty: Penalty) -> Arc<[usize]> {
        let drawn = self.drawn.get_or_insert_with(|| drawn_features(analysis, analysis.penalty(penalty)).into());
        Arc::clone(drawn)
    }

    fn range(&mut self, analysis: &Analysis, penalty: Penalty, units: Units) -> Range {
        let drawn = self.drawn(analysis, penalty);
        let data = analysis.penalty(penalty);
        *self.ranges[usize::from(units == Units::Own)].get_or_insert_with(|| {
            let features = drawn.iter().take(IN_RANGE);
            let values = features.flat_map(|&j| (0..data.path.len()).map(move |k| value(data, units, k, j)));
            Range::of(values.chain([0.0]), 0.05)
        })
    }
}

/// Features with a line: those in colour, then the largest others.
pub fn drawn_features(analysis: &Analysis, data: &PenaltyAnalysis) -> Vec<usize> {
    let path = &data.path;
    let last = path.len() - 1;
    let ever = |j: usize| path.entry(j).is_some();
    let mut drawn: Vec<usize> = analysis.entry_order.iter().copied().take(COLOURED).filter(|&j| ever(j)).collect();
    let mut rest: Vec<usize> = analysis.entry_order.iter().copied().skip(COLOURED).filter(|&j| ever(j)).collect();
    if rest.len() > GREY {
        rest.sort_by(|&a, &b| {
            path.coefficient_per_sd(last, b).abs().total_cmp(&path.coefficient_per_sd(last, a).abs())
        });
        rest.truncate(GREY);
    }
    drawn.append(&mut rest);
    drawn
}

/// Lines without a colour that still stand out where the penalty is weakest: larger than half of those in colour, and well above
/// the next grey one; the largest of all in any case. Sizes per SD, so that they do not hang on units.
pub fn prominent_features(analysis: &Analysis, data: &PenaltyAnalysis, drawn: &[usize]) -> Vec<usize> {
    let last = data.path.len() - 1;
    let size = |j: usize| data.path.coefficient_per_sd(last, j).abs();
    let largest = drawn.iter().map(|&j| size(j)).fold(0.0, f64::max);
    let (mut coloured, mut grey): (Vec<usize>, Vec<usize>) =
        drawn.iter().copied().partition(|&j| analysis.entry_rank[j] < COLOURED);
    coloured.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
    let middle = coloured.get(coloured.len() / 2).map_or(0.0, |&j| size(j));
    grey.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
    let next = |n: usize| grey.get(n).map_or(0.0, |&j| size(j));
    let stands_out = |n: &usize| next(n - 1) >= middle.max(LARGE * largest) && next(n - 1) >= APART * next(*n);
    let most = PROMINENT.min(grey.len());
    let named = (1..=most).rev().find(stands_out).unwrap_or(usize::from(largest > 0.0 && next(0) >= largest));
    grey.truncate(named);
    grey
}

/// The largest below the smaller ones, as they lie over each other.
fn mesh(data: &PenaltyAnalysis, grey: &[usize], look: Look) -> Mesh {
    let xs = positions(data, look.axis);
    let chart = Chart { area: look.area, x: look.x, y: look.y };
    let options = TessellationOptions { coarse_tessellation_culling: false, ..TessellationOptions::default() };
    let mut tessellator = Tessellator::new(look.pixels_per_point, options, [1, 1], Vec::new());
    let mut mesh = Mesh::default();
    for &j in grey.iter().rev() {
        let points: Vec<Pos2> =
            xs.iter().enumerate().map(|(k, x)| chart.pos(*x, value(data, look.units, k, j))).collect();
        let path = Shape::line(simplified(&points, TOLERANCE), PathStroke::new(1.0, look.color));
        tessellator.tessellate_shape(path, &mut mesh);
    }
    mesh
}

/// Fewer points of a line, none of the others farther than `tolerance` above or below it (Douglas and Peucker 1973, with
/// vertical distances); `points` run from left to right.
fn simplified(points: &[Pos2], tolerance: f32) -> Vec<Pos2> {
    let mut kept = vec![false; points.len()];
    let mut open = vec![(0, points.len().saturating_sub(1))];
    while let Some((first, last)) = open.pop() {
        for end in [first, last] {
            if let Some(kept) = kept.get_mut(end) {
                *kept = true;
            }
        }
        let Some(inner) = points.get(first + 1..last).filter(|inner| !inner.is_empty()) else { continue };
        let (a, b) = (points[first], points[last]);
        let distance = |p: &Pos2| {
            let run = b.x - a.x;
            let on_line = if run > 0.0 { a.y + (b.y - a.y) * (p.x - a.x) / run } else { a.y };
            // Over each other the points tell by the run too.
            (p.y - on_line).abs().max(if run > 0.0 { 0.0 } else { (p.x - a.x).abs() })
        };
        let farthest = inner.iter().map(distance).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((i, distance)) = farthest
            && distance > tolerance
        {
            open.extend([(first, first + 1 + i), (first + 1 + i, last)]);
        }
    }
    points.iter().zip(kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect()
}

#[cfg(test)]
mod tests {
    use eframe::egui::pos2;

    use super::*;

    #[test]
    fn a_simplified_line_runs_by_all_its_points() {
        for wave in [0.3_f32, 1.0, 7.0] {
            let points: Vec<Pos2> =
                (0..200).map(|k| pos2(k as f32 * 1.5, 40.0 * (k as f32 * 0.01 * wave).sin())).collect();
            let line = simplified(&points, TOLERANCE);
            assert_eq!((line[0], line[line.len() - 1]), (points[0], points[199]));
            assert!(line.len() < points.len(), "{} points", line.len());
            for point in &points {
                let right = line.partition_point(|p| p.x < point.x).max(1);
                let (a, b) = (line[right - 1], line[right]);
                let y = a.y + (b.y - a.y) * (point.x - a.x) / (b.x - a.x);
                assert!((y - point.y).abs() <= TOLERANCE * 1.001, "{y} for {point}");
            }
        }
    }

    #[test]
    fn a_line_of_zeros_needs_its_ends_only() {
        let points: Vec<Pos2> = (0..100).map(|k| pos2(k as f32, if k < 60 { 10.0 } else { 70.0 - k as f32 })).collect();
        assert_eq!(simplified(&points, TOLERANCE), [points[0], points[60], points[99]]);
        assert!(simplified(&[], TOLERANCE).is_empty());
        assert_eq!(simplified(&points[..1], TOLERANCE), [points[0]]);
    }
}
