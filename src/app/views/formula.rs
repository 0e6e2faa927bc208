//! Formulas with real sub- and superscripts and fractions, on the baseline of the text.
//!
//! Written in a small notation: `x_j`, `w^2`, `a_{ij}`, `\frac{1}{2n}`, `\hl{…}` for what is talked about; all else stands as it is.

use std::sync::Arc;

use eframe::egui::{Color32, FontId, Galley, Painter, Pos2, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::app::theme;

/// Ridge and lasso on our objective, and one step of gradient descent on the mean squared error.
pub mod text {
    /// What ridge minimises.
    pub const RIDGE: &str = r"\frac{1}{2n} ‖y − Xw‖^2 + \frac{α}{2} Σ w_j^2";
    /// What the lasso minimises.
    pub const LASSO: &str = r"\frac{1}{2n} ‖y − Xw‖^2 + α Σ |w_j|";
    /// What the elastic net minimises, `r` its `l1_ratio`.
    pub const ELASTIC_NET: &str = r"\frac{1}{2n} ‖y − Xw‖^2 + α Σ (r |w_j| + \frac{1 − r}{2} w_j^2)";
    /// A step of gradient descent with weight decay.
    pub const WEIGHT_DECAY: &str = r"w ← \hl{(1 − 2ηλ)} w − η ∇L";
    /// A step of gradient descent with the soft threshold.
    pub const SOFT_THRESHOLD: &str = r"w ← soft(w − η ∇L, \hl{2ηλ})";
    /// The same for an elastic net, `r` its `l1_ratio`.
    pub const ELASTIC: &str = r"w ← soft(\hl{(1 − 2ηλ(1 − r))} w − η ∇L, \hl{2ηλr})";
    /// The loss of the step.
    pub const MSE: &str = r"L = \frac{1}{n} ‖y − Xw‖^2";
}

/// Part of a formula.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Text(String),
    Raised(Vec<Piece>),
    Lowered(Vec<Piece>),
    Fraction(Vec<Piece>, Vec<Piece>),
    Highlight(Vec<Piece>),
}

/// A formula as a line of its own; `spoken` is its name for screen readers.
pub fn show(ui: &mut Ui, formula: &str, spoken: &str) -> Response {
    let tokens = theme::tokens(ui);
    let laid = Laid::new(ui.painter(), formula, theme::body().size, tokens.text, tokens.accent);
    let (rect, response) = ui.allocate_exact_size(vec2(laid.width, laid.ascent + laid.descent), Sense::hover());
    laid.paint(ui.painter(), pos2(rect.left(), rect.top() + laid.ascent));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken));
    response
}

/// A formula with every mark at its place relative to the left end of the baseline.
pub struct Laid {
    marks: Vec<(Pos2, Mark)>,
    /// Width.
    pub width: f32,
    /// Above the baseline.
    pub ascent: f32,
    /// Below the baseline.
    pub descent: f32,
}

enum Mark {
    /// A galley by its left top.
    Text(Arc<Galley>, Color32),
    /// The bar of a fraction, by its left end.
    Bar(f32, Color32),
}

/// What all pieces of one formula share.
#[derive(Clone, Copy)]
struct Pen<'a> {
    painter: &'a Painter,
    size: f32,
    color: Color32,
    highlight: Color32,
}

impl Laid {
    /// Lays a formula out at a size of text.
    pub fn new(painter: &Painter, formula: &str, size: f32, color: Color32, highlight: Color32) -> Self {
        let pen = Pen { painter, size, color, highlight };
        let mut laid = Self { marks: Vec::new(), width: 0.0, ascent: 0.0, descent: 0.0 };
        laid.add(pen, &parse(formula), 0.0);
        laid
    }

    /// Draws it with the left end of its baseline at `at`.
    pub fn paint(&self, painter: &Painter, at: Pos2) {
        for (offset, mark) in &self.marks {
            let place = at + offset.to_vec2();
            match mark {
                Mark::Text(galley, color) => {
                    painter.galley(place, Arc::clone(galley), *color);
                }
                Mark::Bar(width, color) => {
                    let y = place.y.round() + 0.5;
                    painter.hline(place.x..=place.x + width, y, Stroke::new(1.0, *color));
                }
            }
        }
    }

    /// Appends pieces, their baseline `drop` below the formula's.
    fn add(&mut self, pen: Pen<'_>, pieces: &[Piece], drop: f32) {
        // Where the script before this one began: `w_j^2` and `w^2_j` stand on the same sign.
        let mut script = None;
        for piece in pieces {
            match piece {
                Piece::Raised(inner) => script = Some(self.script(pen, inner, drop - pen.size * 0.36, script)),
                Piece::Lowered(inner) => script = Some(self.script(pen, inner, drop + pen.size * 0.16, script)),
                Piece::Text(text) => self.text(pen, text, drop),
                Piece::Highlight(inner) => self.add(Pen { color: pen.highlight, ..pen }, inner, drop),
                Piece::Fraction(upper, lower) => self.fraction(pen, upper, lower, drop),
            }
            if !matches!(piece, Piece::Raised(_) | Piece::Lowered(_)) {
                script = None;
            }
        }
    }

    /// A smaller part, beginning where the script before it did; returns where that is.
    fn script(&mut self, pen: Pen<'_>, inner: &[Piece], drop: f32, before: Option<f32>) -> f32 {
        let end = self.width;
        let start = before.unwrap_or(end);
        self.width = start;
        self.add(Pen { size: (pen.size * 0.72).max(9.0), ..pen }, inner, drop);
        self.width = self.width.max(end);
        start
    }

    fn text(&mut self, pen: Pen<'_>, text: &str, drop: f32) {
        let galley = pen.painter.layout_no_wrap(text.to_owned(), FontId::proportional(pen.size), pen.color);
        let Some(row) = galley.rows.first() else { return };
        let baseline = row.pos.y + row.row.glyphs.first().map_or(pen.size, |g| g.pos.y);
        self.ascent = self.ascent.max(baseline - drop);
        self.descent = self.descent.max(galley.size().y - baseline + drop);
        let width = galley.size().x;
        self.marks.push((pos2(self.width, drop - baseline), Mark::Text(galley, pen.color)));
        self.width += width;
    }

    fn fraction(&mut self, pen: Pen<'_>, upper: &[Piece], lower: &[Piece], drop: f32) {
        let small = Pen { size: (pen.size * 0.85).max(9.0), ..pen };
        let side = |pieces: &[Piece]| {
            let mut laid = Self { marks: Vec::new(), width: 0.0, ascent: 0.0, descent: 0.0 };
            laid.add(small, pieces, 0.0);
            laid
        };
        let (upper, lower) = (side(upper), side(lower));
        let width = upper.width.max(lower.width) + 4.0;
        // The bar stands at the height of a minus sign; a line of text has some air of its own above and below.
        let bar = drop - pen.size * 0.34;
        let rise = bar - upper.descent + small.size * 0.14;
        let fall = bar + lower.ascent - small.size * 0.06;
        self.marks.push((pos2(self.width, bar), Mark::Bar(width, pen.color)));
        for (part, baseline) in [(upper, rise), (lower, fall)] {
            let left = self.width + (width - part.width) / 2.0;
            self.ascent = self.ascent.max(part.ascent - baseline);
            self.descent = self.descent.max(part.descent + baseline);
            self.marks.extend(part.marks.into_iter().map(|(at, mark)| (at + vec2(left, baseline), mark)));
        }
        self.width += width + 2.0;
    }
}

/// Reads the notation; a sign that opens nothing stands as it is.
fn parse(formula: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = formula;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if let Some((upper, tail)) = rest.strip_prefix("\\frac").and_then(group)
            && let Some((lower, tail)) = group(tail)
        {
            pieces.push(Piece::Fraction(parse(upper), parse(lower)));
            rest = tail;
            continue;
        }
        if let Some((inner, tail)) = rest.strip_prefix("\\hl").and_then(group) {
            pieces.push(Piece::Highlight(parse(inner)));
            rest = tail;
            continue;
        }
        if matches!(c, '_' | '^')
            && let Some((script, tail)) = group(after).or_else(|| sign(after))
        {
            let inner = parse(script);
            pieces.push(if c == '^' { Piece::Raised(inner) } else { Piece::Lowered(inner) });
            rest = tail;
            continue;
        }
        match pieces.last_mut() {
            Some(Piece::Text(text)) => text.push(c),
            _ => pieces.push(Piece::Text(c.to_string())),
        }
        rest = after;
    }
    pieces
}

/// `{inner}tail`, braces inside counted.
fn group(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('{')?;
    let mut depth = 1;
    for (i, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&inner[..i], &inner[i + 1..]));
        }
    }
    None
}

/// The first sign and the rest.
fn sign(text: &str) -> Option<(&str, &str)> {
    text.chars().next().map(|c| text.split_at(c.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Piece {
        Piece::Text(words.to_owned())
    }

    #[test]
    fn scripts_fractions_and_marks_are_told_apart() {
        assert_eq!(
            parse(r"\frac{1}{2n} w_j^2 + a_{ij}"),
            [
                Piece::Fraction(vec![text("1")], vec![text("2n")]),
                text(" w"),
                Piece::Lowered(vec![text("j")]),
                Piece::Raised(vec![text("2")]),
                text(" + a"),
                Piece::Lowered(vec![text("ij")]),
            ]
        );
        assert_eq!(parse(r"\hl{(1 − 2ηλ)} w")[0], Piece::Highlight(vec![text("(1 − 2ηλ)")]));
        assert_eq!(parse("a_"), [text("a_")]);
        assert_eq!(parse("{a"), [text("{a")]);
    }

    #[test]
    fn every_formula_is_drawn_with_signs_of_our_fonts() {
        let ctx = egui::Context::default();
        theme::apply(&ctx);
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            for formula in [
                text::RIDGE,
                text::LASSO,
                text::ELASTIC_NET,
                text::WEIGHT_DECAY,
                text::SOFT_THRESHOLD,
                text::ELASTIC,
                text::MSE,
            ] {
                let laid = Laid::new(ui.painter(), formula, 13.0, Color32::BLACK, Color32::BLUE);
                assert!(laid.width > 40.0 && laid.ascent > 8.0 && laid.descent > 2.0, "{formula}");
                let known = |c: char| ui.ctx().fonts_mut(|f| f.has_glyph(&theme::body(), c));
                assert!(formula.chars().all(known), "{formula}");
            }
            // A script neither takes a line of its own nor stands on the baseline.
            let [plain, raised] =
                ["w2", "w^2"].map(|f| Laid::new(ui.painter(), f, 13.0, Color32::BLACK, Color32::BLUE));
            assert!(raised.ascent > plain.ascent - 1.0 && raised.width < plain.width);
        });
        output.textures_delta.clear();
    }
}
