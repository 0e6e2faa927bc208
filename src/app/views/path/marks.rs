//! The cross-validation curve, the cursor through both charts, and what the pointer is on.

use eframe::egui::{Align2, CornerRadius, Id, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};
use egui_plot::{Line, PlotPoints};

use super::curves::{Panel, value, value_at};
use super::handle_id;
use crate::analysis::Analysis;
use crate::app::format;
use crate::app::selection::{Selection, Units, XAxis};
use crate::app::theme::{self, Tokens};
use crate::app::views::chart::linear_ticks;
use crate::app::views::names;
use crate::model::cross_validation::CrossValidation;

/// Pixels within which the pointer is on a line.
const REACH: f32 = 9.0;

impl Panel<'_> {
    pub(super) fn cross_validation(&self, ui: &mut Ui, tokens: &Tokens, selection: &Selection) {
        let painter = ui.painter().clone();
        let has_errors = self.data.cross_validation.is_some();
        let y_ticks = if has_errors { linear_ticks(self.lower.y, 4) } else { Vec::new() };
        self.lower.grid(&painter, tokens, &self.x_ticks, &y_ticks);
        self.lower.y_axis(&painter, tokens, &y_ticks);
        self.lower.y_name(ui, tokens, self.lower.area.left() - 63.0, "CV error");
        self.lower.x_axis(&painter, tokens, &self.x_ticks);
        let below = self.lower.area.bottom() + 24.0;
        let (name, end) = match selection.x_axis {
            XAxis::LogAlpha => ("alpha", "weaker penalty →"),
            XAxis::Df => ("degrees of freedom", "weaker penalty →"),
            XAxis::L1Norm => ("L1 norm of w", "weaker penalty →"),
        };
        painter.text(pos2(self.lower.area.left(), below), Align2::LEFT_TOP, name, theme::small(), tokens.text2);
        let end = if self.lower.area.width() > 170.0 { end } else { "" };
        painter.text(pos2(self.lower.area.right(), below), Align2::RIGHT_TOP, end, theme::small(), tokens.text2);
        if let Some(cv) = &self.data.cross_validation {
            self.errors(ui, &painter, tokens, cv);
            self.markers(&painter, tokens, cv);
        }
    }

    /// Curve and standard errors, and how far one of them reaches above the smallest error.
    fn errors(&self, ui: &mut Ui, painter: &Painter, tokens: &Tokens, cv: &CrossValidation) {
        let clipped = painter.with_clip_rect(self.lower.area.expand(3.0));
        for k in 0..self.xs.len() {
            let x = self.lower.px(self.xs[k]);
            let span = self.lower.py(cv.mean[k] + cv.se[k])..=self.lower.py(cv.mean[k] - cv.se[k]);
            clipped.vline(x, span, Stroke::new(1.0, tokens.error_bar));
        }
        let threshold = cv.mean[cv.index_min] + cv.se[cv.index_min];
        let y = self.lower.py(threshold);
        let from = self.lower.px(self.xs[cv.index_1se]).min(self.lower.px(self.xs[cv.index_min]));
        let dashes = Shape::dashed_line(
            &[pos2(from, y), pos2(self.lower.area.right(), y)],
            Stroke::new(1.0, tokens.axis),
            3.0,
            3.0,
        );
        painter.extend(dashes);
        painter.text(
            pos2(self.lower.area.right() + 6.0, y),
            Align2::LEFT_CENTER,
            "+1 SE",
            theme::small(),
            tokens.text2,
        );
        let points: Vec<[f64; 2]> = (0..self.xs.len()).map(|k| [self.xs[k], cv.mean[k]]).collect();
        let color = tokens.contour_touching;
        self.lower.show(ui, Id::unique(("cross-validation", self.penalty)), move |plot| {
            plot.line(
                Line::new("CV error", PlotPoints::new(points))
                    .color(color)
                    .width(1.75)
                    .allow_hover(false)
                    .allow_band(false),
            );
        });
    }

    /// Dashed lines at min and 1-SE through both charts.
    fn markers(&self, painter: &Painter, tokens: &Tokens, cv: &CrossValidation) {
        let alpha = self.at.alpha();
        for k in [cv.index_1se, cv.index_min] {
            let x = self.lower.px(self.xs[k]);
            if self.data.path.alphas()[k].to_bits() != alpha.to_bits() {
                let line = [pos2(x, self.upper.area.top()), pos2(x, self.lower.area.bottom())];
                painter.extend(Shape::dashed_line(&line, Stroke::new(1.0, tokens.axis), 2.0, 3.0));
            }
            let at = pos2(x, self.lower.py(cv.mean[k]));
            painter.circle(at, 3.5, tokens.surface, Stroke::new(1.75, tokens.text));
        }
        self.marker_names(painter, tokens, cv);
    }

    /// Their names in one row, beside them and clear of the handle, of the lines and of each other.
    fn marker_names(&self, painter: &Painter, tokens: &Tokens, cv: &CrossValidation) {
        let named = if cv.index_min == cv.index_1se {
            vec![(cv.index_min, "min, 1-SE")]
        } else {
            vec![(cv.index_1se, "1-SE"), (cv.index_min, "min")]
        };
        let area = self.lower.area;
        let cursor = self.lower.px(self.at_x);
        let upright = |x: f32| Rect::from_x_y_ranges(x - 2.0..=x + 2.0, area.y_range().expand(40.0));
        let mut taken = vec![self.handle_rect().expand2(vec2(3.0, 0.0)), upright(cursor)];
        taken.extend(named.iter().map(|(k, _)| upright(self.lower.px(self.xs[*k]))));
        let galleys: Vec<_> = named
            .iter()
            .map(|(_, name)| painter.layout_no_wrap((*name).to_owned(), theme::small_strong(), tokens.text2))
            .collect();
        // Right or left of the marker, or left of a cursor that stands there.
        let places = |i: usize, y: f32| {
            let (x, size) = (self.lower.px(self.xs[named[i].0]), galleys[i].size());
            [x + 5.0, x - 5.0 - size.x, x.min(cursor) - 5.0 - size.x].map(|x| Rect::from_min_size(pos2(x, y), size))
        };
        let cost = |rect: &Rect| {
            let is_outside = rect.left() < area.left() || rect.right() > area.right() + 40.0;
            let over = taken.iter().filter(|t| t.intersects(*rect)).count();
            let on_curve =
                (0..self.xs.len()).filter(|k| rect.contains(self.lower.pos(self.xs[*k], cv.mean[*k]))).count();
            10 * (usize::from(is_outside) + over) + on_curve.min(9)
        };
        // In the row of the handle, or where that stands, just below it.
        let mut both = Vec::new();
        for y in [area.top() - 12.0, area.top() - 2.0] {
            for first in places(0, y) {
                match galleys.len() {
                    1 => both.push(vec![first]),
                    _ => both.extend(places(1, y).map(|second| vec![first, second])),
                }
            }
        }
        let total = |rects: &Vec<Rect>| {
            let touch = rects.len() > 1 && rects[0].expand2(vec2(6.0, 0.0)).intersects(rects[1]);
            rects.iter().map(cost).sum::<usize>() + 15 * usize::from(touch)
        };
        for (rect, galley) in both.into_iter().min_by_key(total).into_iter().flatten().zip(&galleys) {
            painter.galley(rect.min, galley.clone(), tokens.text2);
        }
    }

    /// The cursor: a line through both charts, a point on every line, the handle between.
    pub(super) fn cursor(&self, ui: &Ui, tokens: &Tokens) {
        let painter = ui.painter();
        let x = self.upper.px(self.at_x);
        painter.vline(x, self.upper.area.top()..=self.lower.area.bottom(), Stroke::new(1.5, tokens.accent));
        if let Some(error) = self.at_error {
            painter.circle(self.lower.pos(self.at_x, error), 4.0, tokens.accent, Stroke::new(1.0, tokens.surface));
        }
        let rect = self.handle_rect();
        let focused = ui.memory(|m| m.has_focus(handle_id(self.penalty)));
        if focused {
            painter.rect_stroke(
                rect.expand(2.5),
                CornerRadius::same(7),
                Stroke::new(2.0, tokens.accent),
                StrokeKind::Outside,
            );
        }
        painter.rect_filled(rect, CornerRadius::same(5), tokens.accent);
        for (i, j) in [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2)] {
            let dot = rect.left_center() + vec2(8.0 + 4.0 * i as f32, -4.0 + 4.0 * j as f32);
            painter.circle_filled(dot, 1.0, tokens.on_accent);
        }
        let alpha = format::number(self.at.alpha());
        painter.text(rect.center() + vec2(7.0, 0.0), Align2::CENTER_CENTER, alpha, theme::strong(), tokens.on_accent);
    }

    pub(super) fn handle_rect(&self) -> Rect {
        let (area, half) = (self.upper.area, self.handle_width / 2.0);
        // It reaches a little beyond the ends of the axis.
        let (first, last) = (area.left() + half - 22.0, area.right() - half + 22.0);
        let x = self.upper.px(self.at_x).clamp(first.min(last), last.max(first));
        Rect::from_center_size(pos2(x, self.handle_y), vec2(self.handle_width, 20.0))
    }

    /// The feature whose line is nearest to a pixel, if any is within reach.
    pub(super) fn feature_at(&self, pointer: Pos2, units: Units) -> Option<usize> {
        if !self.upper.area.expand(4.0).contains(pointer) {
            return None;
        }
        let x = self.upper.x_at(pointer.x);
        let right = self.xs.partition_point(|v| *v < x).clamp(1, self.xs.len().max(2) - 1);
        let (k0, k1) = (right - 1, right.min(self.xs.len() - 1));
        let span = self.xs[k1] - self.xs[k0];
        let share = if span > 0.0 { ((x - self.xs[k0]) / span).clamp(0.0, 1.0) } else { 0.0 };
        let distance = |j: usize| {
            let (a, b) = (value(self.data, units, k0, j), value(self.data, units, k1, j));
            (self.upper.py(a + share * (b - a)) - pointer.y).abs()
        };
        let near = self.drawn.iter().map(|&j| (j, distance(j))).filter(|(_, d)| *d <= REACH);
        near.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(j, _)| j)
    }

    /// Name and value of the hovered feature, beside the cursor line.
    pub(super) fn hover_chip(&self, ui: &Ui, tokens: &Tokens, analysis: &Analysis, selection: &Selection) {
        let Some(j) = selection.hovered.filter(|j| *j < analysis.design.features.len()) else { return };
        let painter = ui.painter();
        let shown = value_at(self.at, selection.units, j);
        let point = self.upper.pos(self.at_x, shown);
        let color = tokens.feature(analysis.entry_rank[j]);
        painter.circle(point, 4.0, color, Stroke::new(1.0, tokens.surface));
        let unit = if selection.units == Units::PerSd { "per SD" } else { "" };
        let name = names::feature(painter, analysis, j, &theme::strong(), 160.0);
        let title = painter.layout_no_wrap(format!("{name} {}", format::number(shown)), theme::strong(), tokens.text);
        let unit = painter.layout_no_wrap(unit.to_owned(), theme::small(), tokens.text2);
        let size = vec2(title.size().x + unit.size().x + 34.0, 24.0);
        let mut corner = point + vec2(10.0, -34.0);
        corner.x = if corner.x + size.x > self.upper.area.right() + 40.0 { point.x - 10.0 - size.x } else { corner.x };
        corner.x = corner.x.max(self.upper.area.left() - 40.0);
        corner.y = corner.y.max(self.upper.area.top() + 2.0);
        let rect = Rect::from_min_size(corner, size);
        painter.rect(
            rect,
            CornerRadius::same(4),
            tokens.surface,
            Stroke::new(1.0, tokens.control_border),
            StrokeKind::Inside,
        );
        painter.rect_filled(
            Rect::from_center_size(rect.left_center() + vec2(12.0, 0.0), theme::SWATCH),
            CornerRadius::same(2),
            color,
        );
        let baseline = rect.center().y;
        let after = rect.left() + 24.0 + title.size().x + 5.0;
        painter.galley(pos2(rect.left() + 22.0, baseline - title.size().y / 2.0), title, tokens.text);
        painter.galley(pos2(after, baseline - unit.size().y / 2.0 + 0.5), unit, tokens.text2);
    }
}
