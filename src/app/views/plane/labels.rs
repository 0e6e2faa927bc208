//! Words on a picture that do not lie over each other.

use std::sync::Arc;

use eframe::egui::{Align2, Color32, CornerRadius, FontId, Galley, Painter, Pos2, Rect, vec2};

use crate::app::theme::Tokens;

/// Where words stand, and what they must leave free.
pub struct Labels {
    area: Rect,
    taken: Vec<Rect>,
    lines: Vec<Pos2>,
    put_off: Vec<(Rect, Arc<Galley>)>,
}

impl Labels {
    /// Of an area, with nothing in it.
    pub fn new(area: Rect) -> Self {
        Self { area, taken: Vec::new(), lines: Vec::new(), put_off: Vec::new() }
    }

    /// Keeps a place free of words.
    pub fn take(&mut self, rect: Rect) {
        self.taken.push(rect);
    }

    /// Words stand rather beside this line than on it.
    pub(super) fn avoid(&mut self, line: &[Pos2]) {
        const STEP: f32 = 5.0;
        for ends in line.windows(2) {
            let (from, to) = (self.area.clamp(ends[0]), self.area.clamp(ends[1]));
            let n = (from.distance(to) / STEP).ceil().max(1.0) as usize;
            self.lines.extend((0..n).map(|i| from.lerp(to, i as f32 / n as f32)));
        }
    }

    /// Lines may be written on from here on.
    pub(super) fn forget_lines(&mut self) {
        self.lines.clear();
    }

    /// Whether words can stand there.
    pub fn is_free(&self, rect: Rect) -> bool {
        self.area.contains_rect(rect) && self.taken.iter().all(|taken| !taken.intersects(rect))
    }

    /// Words whose place is settled, to be drawn over everything else.
    pub(super) fn put_off(&mut self, rect: Rect, galley: Arc<Galley>) {
        self.take(rect);
        self.put_off.push((rect, galley));
    }

    pub(super) fn draw_put_off(&mut self, painter: &Painter, tokens: &Tokens) {
        for (rect, galley) in self.put_off.drain(..) {
            painter.rect_filled(rect, CornerRadius::same(2), tokens.surface);
            painter.galley(rect.shrink(2.0).min, galley, tokens.text);
        }
    }

    /// Writes words at an anchor where nothing else stands: the first of those that cover the least of the lines. The
    /// place, or none if there is no such anchor.
    pub fn write(
        &mut self,
        painter: &Painter,
        tokens: &Tokens,
        (text, font, color): (&str, FontId, Color32),
        anchors: impl IntoIterator<Item = (Pos2, Align2)>,
    ) -> Option<Rect> {
        let galley = painter.layout_no_wrap(text.to_owned(), font, color);
        let ground = |(at, align): (Pos2, Align2)| align.anchor_size(at, galley.size()).expand2(vec2(3.0, 1.0));
        let covered = |rect: &Rect| self.lines.iter().filter(|at| rect.contains(**at)).count();
        let rect = anchors.into_iter().map(ground).filter(|rect| self.is_free(*rect)).min_by_key(covered)?;
        self.take(rect);
        painter.rect_filled(rect, CornerRadius::same(2), tokens.surface.gamma_multiply(0.88));
        painter.galley(rect.min + vec2(3.0, 1.0), galley, color);
        Some(rect)
    }
}

/// Places around a point, the best first: right, left, above and below at a distance of `gap`.
pub(super) fn around(at: Pos2, gap: f32) -> Vec<(Pos2, Align2)> {
    let near = gap * 0.72;
    vec![
        (at + vec2(near, near), Align2::LEFT_TOP),
        (at + vec2(-near, near), Align2::RIGHT_TOP),
        (at + vec2(near, -near), Align2::LEFT_BOTTOM),
        (at + vec2(-near, -near), Align2::RIGHT_BOTTOM),
        (at + vec2(gap, 0.0), Align2::LEFT_CENTER),
        (at + vec2(-gap, 0.0), Align2::RIGHT_CENTER),
        (at + vec2(0.0, gap), Align2::CENTER_TOP),
        (at + vec2(0.0, -gap), Align2::CENTER_BOTTOM),
    ]
}
