//! Region, points, lines and arrows of a picture.

use eframe::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2, vec2};

use super::labels::around;
use super::{Labels, Picture, PlaneMap, Size};
use crate::app::theme::{self, Tokens};
use crate::insight::plane::{Contact, Region};

/// The point where contour and region meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The two weights.
    pub at: [f64; 2],
    /// `−∇L` there.
    pub pull: [f64; 2],
    /// Its name, in a large picture.
    pub label: String,
}

/// A line laid over a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// Through these weights.
    pub points: Vec<[f64; 2]>,
    /// Of line and points.
    pub color: Color32,
    /// In pixels.
    pub width: f32,
    /// Not drawn through.
    pub is_dashed: bool,
    /// Radius of a dot at every point; 0 for none.
    pub dots: f32,
    /// Name, written at its middle where there is room; may be empty.
    pub label: String,
}

/// A point laid over a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// The two weights.
    pub at: [f64; 2],
    /// How it looks.
    pub kind: SpotKind,
    /// Of the point.
    pub color: Color32,
    /// Name, written beside it; may be empty.
    pub label: String,
}

/// How a point looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpotKind {
    /// A disc.
    Filled,
    /// A circle.
    Ring,
    /// A large circle that asks to be dragged.
    Handle,
}

/// Length of the arrow of the pull, and of the outward normal below it.
fn lengths(size: Size) -> [f32; 2] {
    match size {
        Size::Small => [28.0, 43.0],
        Size::Large => [40.0, 62.0],
    }
}

fn outline(map: &PlaneMap, region: &Region) -> Vec<Pos2> {
    region.outline().into_iter().map(|b| map.pos(b)).collect()
}

pub(super) fn region_fill(painter: &Painter, tokens: &Tokens, map: &PlaneMap, region: &Region) {
    if region.budget > 0.0 {
        painter.add(Shape::convex_polygon(outline(map, region), tokens.region, Stroke::NONE));
    }
}

pub(super) fn region_outline(painter: &Painter, tokens: &Tokens, map: &PlaneMap, region: &Region) {
    if region.budget > 0.0 {
        painter.add(Shape::closed_line(outline(map, region), Stroke::new(1.75, tokens.accent)));
    }
}

/// Keeps words off the points and arrows.
pub(super) fn reserve(map: &PlaneMap, size: Size, picture: &Picture<'_>, labels: &mut Labels) {
    let square = |at: Pos2, r: f32| Rect::from_center_size(at, vec2(2.0 * r, 2.0 * r));
    labels.take(square(map.pos(picture.loss.center), 7.0));
    if let Some(region) = &picture.region {
        for at in outline(map, region).into_iter().step_by(2) {
            labels.take(square(at, 3.0));
        }
    }
    if let Some(fit) = &picture.fit {
        let at = map.pos(fit.at);
        labels.take(square(at, 8.0));
        let along = map.gradient(fit.pull);
        for step in [0.35_f32, 0.7, 1.0] {
            labels.take(square(at + along * lengths(size)[1] * step, 5.0));
        }
    }
    let cone = picture.region.zip(picture.fit.as_ref()).and_then(|(region, fit)| {
        Some((map.pos(fit.at), region.normal_cone(fit.at)?.map(|normal| map.gradient(normal))))
    });
    if let Some((at, sides)) = cone {
        for side in sides {
            for step in [0.3_f32, 0.6, 0.86] {
                labels.take(square(at + side * lengths(size)[1] * step, 4.0));
            }
        }
    }
    for spot in &picture.spots {
        labels.take(square(map.pos(spot.at), if spot.kind == SpotKind::Handle { 10.0 } else { 7.0 }));
    }
    for track in &picture.tracks {
        labels.avoid(&track.points.iter().map(|b| map.pos(*b)).collect::<Vec<_>>());
    }
}

pub(super) fn tracks(painter: &Painter, tokens: &Tokens, map: &PlaneMap, tracks: &[Track]) {
    for track in tracks {
        let points: Vec<Pos2> = track.points.iter().map(|b| map.pos(*b)).collect();
        let stroke = Stroke::new(track.width, track.color);
        if track.is_dashed {
            // Only what is in view is cut into dashes: a line may go far outside.
            let view = map.area().expand(8.0);
            for part in in_view(&points, view) {
                painter.extend(Shape::dashed_line(&part, stroke, 4.0, 3.0));
            }
        } else if points.len() > 1 {
            painter.add(Shape::line(points.clone(), stroke));
        }
        if track.dots > 0.0 {
            for at in points {
                painter.circle(at, track.dots, track.color, Stroke::new(0.75, tokens.surface));
            }
        }
    }
}

/// The parts of a line inside a rectangle.
fn in_view(points: &[Pos2], view: Rect) -> Vec<Vec<Pos2>> {
    let mut parts: Vec<Vec<Pos2>> = Vec::new();
    for ends in points.windows(2) {
        let Some([from, to]) = clipped(ends[0], ends[1], view) else { continue };
        match parts.last_mut() {
            Some(part) if part.last() == Some(&from) => part.push(to),
            _ => parts.push(vec![from, to]),
        }
    }
    parts
}

/// The part of a segment inside a rectangle (Liang and Barsky 1984, ACM Trans. Graph. 3(1)).
fn clipped(from: Pos2, to: Pos2, view: Rect) -> Option<[Pos2; 2]> {
    let along = to - from;
    let (mut first, mut last) = (0.0_f32, 1.0_f32);
    for (step, room) in [
        (-along.x, from.x - view.left()),
        (along.x, view.right() - from.x),
        (-along.y, from.y - view.top()),
        (along.y, view.bottom() - from.y),
    ] {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            first = first.max(room / step);
        } else {
            last = last.min(room / step);
        }
    }
    let at = |share: f32| if share >= 1.0 { to } else { from + along * share };
    (first < last).then(|| [at(first), at(last)])
}

/// Arrows and points.
pub(super) fn draw(painter: &Painter, tokens: &Tokens, map: &PlaneMap, size: Size, picture: &Picture<'_>) {
    let [pull, normal] = lengths(size);
    if let Some(fit) = &picture.fit {
        let at = map.pos(fit.at);
        if let Some(region) = &picture.region {
            normals(painter, tokens, map, region, fit, normal);
        }
        let along = map.gradient(fit.pull);
        if along != Vec2::ZERO {
            arrow(painter, at + along * 6.0, at + along * pull, Stroke::new(1.75, tokens.text));
        }
    }
    let center = map.pos(picture.loss.center);
    painter.circle(center, 4.0, tokens.surface, Stroke::new(1.75, tokens.text));
    if let Some(fit) = &picture.fit {
        painter.circle(map.pos(fit.at), 5.5, tokens.accent, Stroke::new(1.25, tokens.surface));
    }
    for spot in &picture.spots {
        let at = map.pos(spot.at);
        match spot.kind {
            SpotKind::Filled => painter.circle(at, 4.5, spot.color, Stroke::new(1.0, tokens.surface)),
            SpotKind::Ring => painter.circle(at, 4.0, tokens.surface, Stroke::new(1.75, spot.color)),
            SpotKind::Handle => painter.circle(at, 5.5, tokens.surface, Stroke::new(2.0, spot.color)),
        };
    }
}

/// The outward normals of the region at the fit: one arrow, or at a corner the cone that they fill.
fn normals(painter: &Painter, tokens: &Tokens, map: &PlaneMap, region: &Region, fit: &Fit, length: f32) {
    let at = map.pos(fit.at);
    let Some(cone) = region.normal_cone(fit.at) else { return };
    let [one, other] = cone.map(|normal| map.gradient(normal));
    if region.contact(fit.at) == Contact::Circle || one == other {
        let pale = tokens.faded(tokens.accent, 0.62);
        arrow(painter, at + one * 6.0, at + one * length, Stroke::new(3.0, pale));
        return;
    }
    let (from, turn) = (one.angle(), turn(one, other));
    let mut wedge = vec![at];
    wedge.extend((0..=16).map(|i| at + Vec2::angled(from + turn * i as f32 / 16.0) * length * 0.86));
    painter.add(Shape::convex_polygon(wedge, tokens.accent.gamma_multiply(0.20), Stroke::NONE));
    for side in [one, other] {
        painter.line_segment([at, at + side * length * 0.86], Stroke::new(1.0, tokens.faded(tokens.accent, 0.62)));
    }
}

/// Angle from one direction to another, the shorter way round.
fn turn(from: Vec2, to: Vec2) -> f32 {
    use std::f32::consts::{PI, TAU};
    (to.angle() - from.angle() + PI).rem_euclid(TAU) - PI
}

/// A line with a head.
pub fn arrow(painter: &Painter, from: Pos2, tip: Pos2, stroke: Stroke) {
    let along = (tip - from).normalized();
    let (length, half) = (6.0 + stroke.width, 2.5 + stroke.width * 0.75);
    let side = along.rot90() * half;
    painter.line_segment([from, tip - along * (length - 1.0)], stroke);
    painter.add(Shape::convex_polygon(
        vec![tip, tip - along * length + side, tip - along * length - side],
        stroke.color,
        Stroke::NONE,
    ));
}

/// Words beside points and lines.
pub(super) fn names(
    painter: &Painter,
    tokens: &Tokens,
    map: &PlaneMap,
    size: Size,
    picture: &Picture<'_>,
    labels: &mut Labels,
) {
    labels.draw_put_off(painter, tokens);
    let font = theme::small_strong();
    for spot in picture.spots.iter().filter(|spot| !spot.label.is_empty()) {
        labels.write(painter, tokens, (&spot.label, font.clone(), spot.color), around(map.pos(spot.at), 15.0));
    }
    if size == Size::Large {
        if let Some(fit) = picture.fit.as_ref().filter(|fit| !fit.label.is_empty()) {
            // Inside the region first: outside, the arrows stand.
            let at = map.pos(fit.at);
            let mut anchors = around(at, 13.0);
            let along = map.gradient(fit.pull);
            anchors.sort_by(|a, b| (a.0 - at).dot(along).total_cmp(&(b.0 - at).dot(along)));
            labels.write(painter, tokens, (&fit.label, font.clone(), tokens.accent), anchors);
        }
        if let Some(label) = picture.center_label {
            labels.write(
                painter,
                tokens,
                (label, font.clone(), tokens.text),
                around(map.pos(picture.loss.center), 10.0),
            );
        }
    }
    for track in picture.tracks.iter().filter(|track| !track.label.is_empty()) {
        let points: Vec<Pos2> = track.points.iter().map(|b| map.pos(*b)).collect();
        let anchors = [0.5, 0.35, 0.65, 0.2, 0.8].into_iter().filter_map(|share| along(&points, share));
        let anchors = anchors.flat_map(|at| around(at, 11.0));
        labels.write(painter, tokens, (&track.label, font.clone(), track.color), anchors.collect::<Vec<_>>());
    }
}

/// The point at a share of the length of a line.
fn along(points: &[Pos2], share: f32) -> Option<Pos2> {
    let length = |ends: &[Pos2]| ends[0].distance(ends[1]);
    let mut left = share * points.windows(2).map(length).sum::<f32>();
    for ends in points.windows(2) {
        let part = length(ends);
        if left <= part && part > 0.0 {
            return Some(ends[0].lerp(ends[1], left / part));
        }
        left -= part;
    }
    points.last().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::pos2;

    #[test]
    fn a_share_of_a_line_is_that_of_its_length() {
        let line = [pos2(0.0, 0.0), pos2(0.0, 0.0), pos2(8.0, 0.0), pos2(8.0, 2.0)];
        assert_eq!(along(&line, 0.5), Some(pos2(5.0, 0.0)));
        assert_eq!(along(&line, 0.9), Some(pos2(8.0, 1.0)));
        assert_eq!(along(&line[..1], 0.5), Some(line[0]));
        assert_eq!(along(&[], 0.5), None);
    }

    #[test]
    fn a_line_is_cut_where_it_leaves_the_view() {
        let view = Rect::from_min_max(pos2(0.0, 0.0), pos2(10.0, 10.0));
        let line = [pos2(1.0, 1.0), pos2(5.0, 1.0), pos2(5.0, 1e6), pos2(9.0, 1e6), pos2(9.0, 3.0), pos2(9.0, 4.0)];
        let parts = in_view(&line, view);
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0], [pos2(1.0, 1.0), pos2(5.0, 1.0), pos2(5.0, 10.0)]);
        assert_eq!(parts[1].len(), 3);
        assert!(in_view(&[pos2(-3.0, -1.0), pos2(20.0, -1.0)], view).is_empty());
    }
}
