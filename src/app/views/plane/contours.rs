//! Lines of equal loss, coloured and labelled by it.

use eframe::egui::{Align2, Painter, Pos2, Rect, Shape, Stroke};

use super::{Labels, Picture, PlaneMap, Size};
use crate::app::format;
use crate::app::theme::{self, Tokens};
use crate::insight::plane::Loss;

/// Pixels from one contour to the next, along the diagonal of a picture.
const APART: f64 = 35.0;
/// Largest distance in pixels between a contour and the line drawn for it.
const TOLERANCE: f64 = 0.06;

/// One contour.
pub(super) struct Ring {
    excess: f64,
    /// From 0 at the least loss to 1 at the largest in view.
    share: f64,
}

/// The contours in view, at even steps of distance from the point of least loss. Steps are powers of √2, so that contours
/// stand still while the ranges change a little. None lies close to the touching one, of which the excess is given.
pub(super) fn rings(map: &PlaneMap, loss: &Loss, touching: Option<f64>) -> Vec<Ring> {
    let area = map.area();
    let edge = (0..=16).flat_map(|i| {
        let s = i as f32 / 16.0;
        let (x, y) = (area.left() + s * area.width(), area.top() + s * area.height());
        [Pos2::new(x, area.top()), Pos2::new(x, area.bottom()), Pos2::new(area.left(), y), Pos2::new(area.right(), y)]
    });
    let distances: Vec<f64> = edge.map(|at| loss.excess(map.at(at)).sqrt()).collect();
    let farthest = distances.iter().copied().fold(0.0, f64::max);
    let nearest =
        if area.contains(map.pos(loss.center)) { 0.0 } else { distances.iter().copied().fold(f64::INFINITY, f64::min) };
    let span = farthest - nearest;
    if !(span > 0.0 && span.is_finite()) {
        return Vec::new();
    }
    let wanted = (f64::from(area.size().length()) / APART).clamp(10.0, 26.0) * 0.75 + 3.0;
    let step = 2.0_f64.powf((2.0 * (span / wanted).log2()).round() / 2.0);
    let first = (nearest / step).floor().max(0.0);
    (1..=40)
        .map(|i| (first + f64::from(i)) * step)
        .take_while(|distance| *distance < farthest)
        .filter(|distance| touching.is_none_or(|excess| (distance - excess.sqrt()).abs() > 0.22 * step))
        .map(|distance| Ring { excess: distance * distance, share: (distance - nearest) / span })
        .collect()
}

pub(super) fn draw(painter: &Painter, tokens: &Tokens, map: &PlaneMap, loss: &Loss, rings: &[Ring]) {
    for ring in rings {
        let color = tokens.loss(ring.share as f32);
        line(painter, map, loss, ring.excess, Stroke::new(1.0, color));
    }
}

/// The contour through a point, set off.
pub(super) fn touching(painter: &Painter, tokens: &Tokens, map: &PlaneMap, loss: &Loss, at: [f64; 2]) {
    line(painter, map, loss, loss.excess(at), Stroke::new(2.0, tokens.contour_touching));
}

fn line(painter: &Painter, map: &PlaneMap, loss: &Loss, excess: f64, stroke: Stroke) {
    let points = pixels(map, loss, excess);
    if points.len() > 1 {
        painter.add(Shape::line(points, stroke));
    }
}

/// As many points as keep the line on the contour.
pub(super) fn pixels(map: &PlaneMap, loss: &Loss, excess: f64) -> Vec<Pos2> {
    let scale = map.scale();
    let longest = loss.curvature.iter().filter(|v| **v > 0.0).map(|v| (2.0 * excess / v).sqrt()).fold(0.0, f64::max);
    let radius = longest * scale[0].max(scale[1]);
    // A chord of an n-gon lies radius · π² / 2n² off its circle.
    let n = (std::f64::consts::PI * (radius / (2.0 * TOLERANCE)).sqrt()).clamp(48.0, 1500.0) as usize;
    loss.contour(excess, n).into_iter().map(|b| map.pos(b)).collect()
}

/// The loss of a few contours, and of the one through the fit, as mean squared errors. Where they stand, and what they mean.
pub(super) fn values(
    painter: &Painter,
    tokens: &Tokens,
    map: &PlaneMap,
    size: Size,
    picture: &Picture<'_>,
    rings: &[Ring],
    labels: &mut Labels,
) -> Vec<(Rect, String)> {
    let loss = picture.loss;
    let mut told = Vec::new();
    let mut write = |excess: f64, font, color, labels: &mut Labels, line: &str| {
        let text = format::number(2.0 * (loss.least + excess));
        let points = pixels(map, loss, excess);
        // Away from the origin first, where the region is not.
        let origin = map.pos([0.0, 0.0]);
        let mut anchors: Vec<Pos2> = points.iter().step_by((points.len() / 24).max(1)).copied().collect();
        anchors.sort_by(|a, b| b.distance(origin).total_cmp(&a.distance(origin)));
        let anchors = anchors.into_iter().map(|at| (at, Align2::CENTER_CENTER));
        let Some(rect) = labels.write(painter, tokens, (&text, font, color), anchors) else { return false };
        told.push((rect, format!("{text}: mean squared error everywhere on {line}, in squared units of the target")));
        true
    };
    if let Some(fit) = &picture.fit {
        let excess = loss.excess(fit.at);
        write(excess, theme::small_strong(), tokens.text, labels, "the contour through the fit");
    }
    let wanted = if size == Size::Small { 1 } else { 3 };
    let every = (rings.len() / (wanted + 1)).max(1);
    let mut written = 0;
    for ring in rings.iter().skip(every).step_by(every) {
        if written < wanted && write(ring.excess, theme::small(), tokens.text2, labels, "this contour") {
            written += 1;
        }
    }
    told
}
