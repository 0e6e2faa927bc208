//! One penalty: coefficient paths above, cross-validation curve below, one alpha cursor through both.

use eframe::egui::{Align2, Color32, Context, CornerRadius, CursorIcon, EventFilter, Id, Key, Painter, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};
use eframe::egui::{Shape, WidgetInfo, Role};
use egui_plot::{Line, PlotPoints};

use crate::analysis::{Analysis, Penalty, PenaltyAnalysis};
use crate::app::format;
use crate::app::selection::{Link, Rule, Selection, Units, XAxis};
use crate::app::theme::{self, Tokens};
use crate::app::views::chart::{Chart, Range, Tick, linear_ticks, log_ticks, spread};
use crate::app::views::widgets::{combo, elided, panel_head, segments};

/// Lines in colour; the others are quiet grey.
const COLOURED: usize = 10;
/// Grey lines drawn at most, the largest ones.
const GREY: usize = 300;
/// Pixels within which the pointer is on a line.
const REACH: f32 = 9.0;

fn plot_id(penalty: Penalty) -> Id {
    Id::unique(("coefficient paths", penalty))
}

fn cursor_id(penalty: Penalty) -> Id {
    Id::unique(("alpha cursor", penalty))
}

fn handle_id(penalty: Penalty) -> Id {
    Id::unique(("alpha handle", penalty))
}

/// Horizontal position of every alpha, growing as the penalty weakens.
fn positions(analysis: &PenaltyAnalysis, axis: XAxis) -> Vec<f64> {
    let path = &analysis.path;
    (0..path.len())
        .map(|k| match axis {
            XAxis::LogAlpha => -path.alphas()[k].log10(),
            XAxis::Df => path.degrees_of_freedom(k),
            XAxis::L1Norm => path.solution(k).iter().map(|w| w.abs()).sum(),
        })
        .collect()
}

fn nearest(xs: &[f64], x: f64) -> usize {
    (0..xs.len()).min_by(|&a, &b| (xs[a] - x).abs().total_cmp(&(xs[b] - x).abs())).unwrap_or(0)
}

/// Takes drags, clicks and keys on the cursors before anything is drawn, so that every view follows in the same frame.
pub fn take_input(ctx: &Context, analysis: &Analysis, selection: &mut Selection) {
    for penalty in [Penalty::Lasso, Penalty::Ridge] {
        let pointer = [handle_id(penalty), cursor_id(penalty)].into_iter().find_map(|id| {
            let response = ctx.read_response(id)?;
            if response.dragged() || response.clicked() { response.interact_pointer_pos() } else { None }
        });
        if let Some(pointer) = pointer
            && let Some(x) = Chart::last_x_at(ctx, plot_id(penalty), pointer.x)
        {
            let xs = positions(analysis.penalty(penalty), selection.x_axis);
            selection.move_to(analysis, penalty, nearest(&xs, x));
        }
        if ctx.memory(|m| m.has_focus(handle_id(penalty))) {
            take_keys(ctx, analysis, selection, penalty);
        }
    }
}

fn take_keys(ctx: &Context, analysis: &Analysis, selection: &mut Selection, penalty: Penalty) {
    let at = selection.cursor(penalty);
    let last = analysis.penalty(penalty).path.len() - 1;
    let (left, right, home, end, shift) = ctx.input(|i| {
        (i.key_pressed(Key::ArrowLeft), i.key_pressed(Key::ArrowRight), i.key_pressed(Key::Home), i.key_pressed(Key::End), i.modifiers.shift)
    });
    let step = |forward: bool| if shift { next_change(analysis, penalty, at, forward) } else { one_step(at, last, forward) };
    let to = match (left, right, home, end) {
        (true, ..) => step(false),
        (_, true, ..) => step(true),
        (_, _, true, _) => 0,
        (.., true) => last,
        _ => return,
    };
    selection.move_to(analysis, penalty, to);
}

fn one_step(at: usize, last: usize, forward: bool) -> usize {
    if forward { (at + 1).min(last) } else { at.saturating_sub(1) }
}

/// The next position at which the set of non-zero features differs.
fn next_change(analysis: &Analysis, penalty: Penalty, at: usize, forward: bool) -> usize {
    let path = &analysis.penalty(penalty).path;
    let last = path.len() - 1;
    let differs = |k: usize| path.solution(k).iter().zip(path.solution(at)).any(|(a, b)| (*a == 0.0) != (*b == 0.0));
    let mut k = at;
    loop {
        let next = one_step(k, last, forward);
        if next == k || differs(next) {
            return next;
        }
        k = next;
    }
}

/// The whole panel of one penalty.
pub fn show(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection, penalty: Penalty) {
    let tokens = theme::tokens(ui);
    let rect = ui.available_rect_before_wrap();
    head(ui, analysis, selection, penalty);
    let body = Rect::from_min_max(pos2(rect.left(), rect.top() + theme::PANEL_HEAD), rect.max);
    ui.allocate_rect(body, Sense::hover());
    if body.height() < 160.0 || body.width() < 180.0 {
        return;
    }
    let panel = Panel::new(ui, analysis, selection, penalty, body);
    interact(ui, &panel, selection);
    panel.paths(ui, tokens, analysis, selection);
    panel.cross_validation(ui, tokens, selection);
    panel.cursor(ui, tokens, selection);
    panel.hover_chip(ui, tokens, analysis, selection);
}

fn head(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection, penalty: Penalty) {
    let title = penalty_title(analysis, penalty);
    panel_head(ui, &format!("{title} path"), "", 0.0, |ui| {
        if penalty == Penalty::Lasso && ui.available_width() > 180.0 {
            combo("x axis").selected_text(selection.x_axis.label()).width(96.0).show_ui(ui, |ui| {
                for axis in XAxis::ALL {
                    ui.selectable_value(&mut selection.x_axis, axis, axis.label());
                }
            })
            .response
            .accessible_name("Horizontal axis of the paths")
            .on_hover_text("What runs along the horizontal axis of both paths");
        }
        let options = [
            ("Min", Rule::Min, "The alpha with the smallest cross-validation error"),
            ("1-SE", Rule::OneSe, "The largest alpha whose error is within one standard error of the smallest: a simpler model that predicts about as well"),
            ("Manual", Rule::Manual, "Where you drag it"),
        ];
        let mut rule = selection.rule(penalty);
        let options = if ui.available_width() < 230.0 { &options[..2] } else { &options[..] };
        if segments(ui, &format!("{title} alpha"), options, &mut rule) && rule != Rule::Manual {
            selection.choose_rule(analysis, penalty, rule);
        }
        if penalty == Penalty::Ridge && selection.link() != Link::Free && ui.available_width() > 150.0 {
            let follows = match selection.link() {
                Link::EqualDf => "linked at equal df",
                Link::SameRule => "linked by CV rule",
                Link::EqualAlpha => "linked at equal alpha",
                Link::Free => "",
            };
            ui.label(egui::RichText::new(follows).small().weak());
        }
    });
}

/// `Lasso`, `Elastic net` or `Ridge`.
pub fn penalty_title(analysis: &Analysis, penalty: Penalty) -> &'static str {
    match penalty {
        Penalty::Ridge => "Ridge",
        Penalty::Lasso if analysis.settings.l1_ratio < 1.0 => "Elastic net",
        Penalty::Lasso => "Lasso",
    }
}

/// Everything that one pass of the panel needs.
struct Panel<'a> {
    penalty: Penalty,
    data: &'a PenaltyAnalysis,
    title: &'static str,
    xs: Vec<f64>,
    upper: Chart,
    lower: Chart,
    /// Where the handle's row runs, between the charts.
    handle_y: f32,
    x_ticks: Vec<Tick>,
    /// Features drawn, those in colour first.
    drawn: Vec<usize>,
}

/// Value of a feature on the path in the units shown.
fn value(data: &PenaltyAnalysis, units: Units, k: usize, j: usize) -> f64 {
    match units {
        Units::PerSd => data.path.coefficient_per_sd(k, j),
        Units::Own => data.path.coefficient(k, j),
    }
}

impl<'a> Panel<'a> {
    fn new(ui: &Ui, analysis: &'a Analysis, selection: &Selection, penalty: Penalty, body: Rect) -> Self {
        let data = analysis.penalty(penalty);
        let xs = positions(data, selection.x_axis);
        let drawn = drawn_features(analysis, data);
        let labels = label_width(ui, analysis, &drawn).min(body.width() * 0.22);
        let (left, right) = (body.left() + 58.0, body.right() - labels - 20.0);
        let bottom = body.bottom() - 40.0;
        let inner = bottom - (body.top() + 16.0);
        let split = body.top() + 16.0 + (inner - 28.0) * 0.62;
        let x = Range::of(xs.iter().copied(), 0.012);
        let y = shared_range(analysis, selection, data);
        let cv = &data.cross_validation;
        let errors = (0..cv.mean.len()).flat_map(|k| [cv.mean[k] - cv.se[k], cv.mean[k] + cv.se[k]]);
        let width = right - left;
        let x_ticks = match selection.x_axis {
            XAxis::LogAlpha => log_ticks(x, -1.0, width),
            XAxis::Df | XAxis::L1Norm => linear_ticks(x, 5),
        };
        Self {
            penalty,
            data,
            title: penalty_title(analysis, penalty),
            upper: Chart { area: Rect::from_min_max(pos2(left, body.top() + 16.0), pos2(right, split)), x, y },
            lower: Chart { area: Rect::from_min_max(pos2(left, split + 28.0), pos2(right, bottom)), x, y: Range::of(errors, 0.06) },
            handle_y: split + 12.0,
            xs,
            x_ticks,
            drawn,
        }
    }

    fn paths(&self, ui: &mut Ui, tokens: &Tokens, analysis: &Analysis, selection: &Selection) {
        let painter = ui.painter().clone();
        let y_ticks = linear_ticks(self.upper.y, 5);
        self.upper.grid(&painter, tokens, &self.x_ticks, &y_ticks);
        self.upper.rule(&painter, 0.0, tokens.control_border);
        self.upper.y_axis(&painter, tokens, &y_ticks);
        let unit = if selection.units == Units::PerSd { "coefficient per SD" } else { "coefficient" };
        self.upper.y_name(ui, tokens, self.upper.area.left() - 56.0, unit);
        self.top_axis(&painter, tokens, selection);
        let lines: Vec<Line<'static>> = self.lines(tokens, analysis, selection);
        self.upper.show(ui, plot_id(self.penalty), move |plot| {
            for line in lines {
                plot.line(line);
            }
        });
        self.end_labels(&painter, tokens, analysis, selection);
    }

    /// Grey first, colours over them, the hovered one on top.
    fn lines(&self, tokens: &Tokens, analysis: &Analysis, selection: &Selection) -> Vec<Line<'static>> {
        let mut order: Vec<usize> = self.drawn.iter().rev().copied().collect();
        if let Some(hovered) = selection.hovered.filter(|j| self.drawn.contains(j)) {
            order.retain(|&j| j != hovered);
            order.push(hovered);
        }
        order
            .into_iter()
            .map(|j| {
                let rank = analysis.entry_rank[j];
                let color = tokens.feature(rank);
                let is_hovered = selection.hovered == Some(j);
                let dimmed = selection.hovered.is_some() && !is_hovered;
                let color = match (dimmed, rank < COLOURED) {
                    (true, _) => tokens.faded(color, if rank < COLOURED { 0.6 } else { 0.3 }),
                    (false, false) if !is_hovered => tokens.faded(color, 0.55),
                    _ => color,
                };
                let width = if is_hovered { 2.75 } else if rank < COLOURED { 1.5 } else { 1.0 };
                let points: Vec<[f64; 2]> = (0..self.xs.len()).map(|k| [self.xs[k], value(self.data, selection.units, k, j)]).collect();
                Line::new(format!("{} {j}", analysis.design.features[j].name), PlotPoints::new(points)).color(color).width(width).allow_hover(false)
            })
            .collect()
    }

    /// Number of non-zeros, or df, along the top, with the current one in a chip.
    fn top_axis(&self, painter: &Painter, tokens: &Tokens, selection: &Selection) {
        let at = selection.cursor(self.penalty);
        let path = &self.data.path;
        let text = |k: usize| match self.penalty {
            Penalty::Lasso => path.n_nonzero(k).to_string(),
            Penalty::Ridge => format::significant(path.degrees_of_freedom(k), 3),
        };
        let y = self.upper.area.top() - 9.0;
        let caption = if self.penalty == Penalty::Lasso { "non-zero" } else { "df" };
        painter.text(pos2(self.upper.area.left() - 8.0, y), Align2::RIGHT_CENTER, caption, theme::small(), tokens.text2);
        let chip_x = self.upper.px(self.xs[at]).clamp(self.upper.area.left() + 8.0, self.upper.area.right() - 8.0);
        let chip = painter.layout_no_wrap(text(at), theme::small_strong(), tokens.accent);
        let chip_rect = Rect::from_center_size(pos2(chip_x, y), vec2(chip.size().x + 10.0, 16.0));
        let mut right = self.upper.area.left() - 12.0;
        let mut shown = String::new();
        for k in 0..path.len() {
            let label = match self.penalty {
                Penalty::Lasso => text(k),
                Penalty::Ridge => whole_df(path.degrees_of_freedom(k), k, |k| path.degrees_of_freedom(k)).unwrap_or_default(),
            };
            if label.is_empty() || label == shown {
                continue;
            }
            let galley = painter.layout_no_wrap(label.clone(), theme::small(), tokens.text2);
            let x = self.upper.px(self.xs[k]);
            let rect = Rect::from_center_size(pos2(x, y), galley.size());
            if rect.left() > right + 8.0 && rect.right() <= self.upper.area.right() + 8.0 && !rect.expand(3.0).intersects(chip_rect) {
                painter.galley(rect.min, galley, tokens.text2);
                right = rect.right();
                shown = label;
            }
        }
        painter.rect(chip_rect, CornerRadius::same(3), tokens.tint, Stroke::new(1.0, tokens.accent), StrokeKind::Inside);
        painter.galley(chip_rect.center() - chip.size() / 2.0, chip, tokens.accent);
    }

    /// Names at the least-squares end, never over each other.
    fn end_labels(&self, painter: &Painter, tokens: &Tokens, analysis: &Analysis, selection: &Selection) {
        let last = self.xs.len() - 1;
        let mut labelled: Vec<usize> = self.drawn.iter().copied().filter(|&j| analysis.entry_rank[j] < COLOURED).collect();
        if let Some(hovered) = selection.hovered.filter(|j| self.drawn.contains(j) && !labelled.contains(j)) {
            labelled.push(hovered);
        }
        let wanted: Vec<f32> = labelled.iter().map(|&j| self.upper.py(value(self.data, selection.units, last, j))).collect();
        let bounds = self.upper.area.y_range().expand(4.0);
        let placed = spread(&wanted, 12.5, bounds);
        for ((&j, &from), &to) in labelled.iter().zip(&wanted).zip(&placed) {
            let color = tokens.feature(analysis.entry_rank[j]);
            let is_hovered = selection.hovered == Some(j);
            let line_color = if selection.hovered.is_some() && !is_hovered { tokens.faded(color, 0.45) } else { color };
            let start = pos2(self.upper.px(self.xs[last]), from);
            let right = self.upper.area.right();
            painter.line(vec![start, pos2(right + 3.0, from), pos2(right + 8.0, to), pos2(right + 12.0, to)], Stroke::new(if is_hovered { 2.0 } else { 1.0 }, line_color));
            let (font, text) = if is_hovered { (theme::small_strong(), tokens.text) } else { (theme::small(), tokens.text2) };
            let width = ui_width_left(painter, right + 15.0);
            let name = elided(painter, &analysis.design.features[j].name, &font, width);
            painter.text(pos2(right + 15.0, to), Align2::LEFT_CENTER, name, font, text);
        }
    }

    fn cross_validation(&self, ui: &mut Ui, tokens: &Tokens, selection: &Selection) {
        let painter = ui.painter().clone();
        let cv = &self.data.cross_validation;
        let y_ticks = linear_ticks(self.lower.y, 4);
        self.lower.grid(&painter, tokens, &self.x_ticks, &y_ticks);
        self.lower.y_axis(&painter, tokens, &y_ticks);
        self.lower.y_name(ui, tokens, self.lower.area.left() - 56.0, "CV error");
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
        let clipped = painter.with_clip_rect(self.lower.area.expand(3.0));
        for k in 0..self.xs.len() {
            let x = self.lower.px(self.xs[k]);
            let span = self.lower.py(cv.mean[k] + cv.se[k])..=self.lower.py(cv.mean[k] - cv.se[k]);
            clipped.vline(x, span, Stroke::new(1.0, tokens.error_bar));
        }
        let threshold = cv.mean[cv.index_min] + cv.se[cv.index_min];
        let y = self.lower.py(threshold);
        let from = self.lower.px(self.xs[cv.index_1se]).min(self.lower.px(self.xs[cv.index_min]));
        let dashes = Shape::dashed_line(&[pos2(from, y), pos2(self.lower.area.right(), y)], Stroke::new(1.0, tokens.axis), 3.0, 3.0);
        painter.extend(dashes);
        painter.text(pos2(self.lower.area.right() + 6.0, y), Align2::LEFT_CENTER, "+1 SE", theme::small(), tokens.text2);
        let points: Vec<[f64; 2]> = (0..self.xs.len()).map(|k| [self.xs[k], cv.mean[k]]).collect();
        let color = tokens.contour_touching;
        self.lower.show(ui, Id::unique(("cross-validation", self.penalty)), move |plot| {
            plot.line(Line::new("CV error", PlotPoints::new(points)).color(color).width(1.75).allow_hover(false));
        });
        self.markers(&painter, tokens, selection);
    }

    /// Dashed lines at min and 1-SE through both charts.
    fn markers(&self, painter: &Painter, tokens: &Tokens, selection: &Selection) {
        let cv = &self.data.cross_validation;
        let at = selection.cursor(self.penalty);
        let label_y = self.lower.area.top() - 4.0;
        let (x_min, x_1se) = (self.lower.px(self.xs[cv.index_min]), self.lower.px(self.xs[cv.index_1se]));
        let apart = (x_min - x_1se).abs() > 40.0;
        for (k, name) in [(cv.index_1se, "1-SE"), (cv.index_min, "min")] {
            let x = self.lower.px(self.xs[k]);
            let y = self.lower.py(cv.mean[k]);
            if k != at {
                let line = [pos2(x, self.upper.area.top()), pos2(x, self.lower.area.bottom())];
                painter.extend(Shape::dashed_line(&line, Stroke::new(1.0, tokens.axis), 2.0, 3.0));
            }
            painter.circle(pos2(x, y), 3.5, tokens.surface, Stroke::new(1.75, tokens.text));
            let above_handle = (x - self.lower.px(self.xs[at])).abs() < 60.0;
            if name == "min" || apart {
                let (anchor, dx) = if name == "1-SE" && !apart { (Align2::RIGHT_TOP, -5.0) } else { (Align2::LEFT_TOP, 5.0) };
                let y = if above_handle { label_y + 2.0 } else { label_y - 8.0 };
                painter.text(pos2(x + dx, y), anchor, name, theme::small_strong(), tokens.text2);
            }
        }
    }

    /// The cursor: a line through both charts, a point on every line, the handle between.
    fn cursor(&self, ui: &Ui, tokens: &Tokens, selection: &Selection) {
        let painter = ui.painter();
        let at = selection.cursor(self.penalty);
        let x = self.upper.px(self.xs[at]);
        painter.vline(x, self.upper.area.top()..=self.lower.area.bottom(), Stroke::new(1.5, tokens.accent));
        let cv = &self.data.cross_validation;
        painter.circle(self.lower.pos(self.xs[at], cv.mean[at]), 4.0, tokens.accent, Stroke::new(1.0, tokens.surface));
        let rect = self.handle_rect(at);
        let focused = ui.memory(|m| m.has_focus(handle_id(self.penalty)));
        if focused {
            painter.rect_stroke(rect.expand(2.5), CornerRadius::same(7), Stroke::new(2.0, tokens.accent), StrokeKind::Outside);
        }
        painter.rect_filled(rect, CornerRadius::same(5), tokens.accent);
        for (i, j) in [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2)] {
            let dot = rect.left_center() + vec2(8.0 + 4.0 * i as f32, -4.0 + 4.0 * j as f32);
            painter.circle_filled(dot, 1.0, tokens.on_accent);
        }
        let alpha = format::number(self.data.path.alphas()[at]);
        painter.text(rect.center() + vec2(7.0, 0.0), Align2::CENTER_CENTER, alpha, theme::strong(), tokens.on_accent);
    }

    fn handle_rect(&self, at: usize) -> Rect {
        let x = self.upper.px(self.xs[at]).clamp(self.upper.area.left() + 20.0, self.upper.area.right() - 20.0);
        Rect::from_center_size(pos2(x, self.handle_y), vec2(84.0, 20.0))
    }

    /// The feature whose line is nearest to a pixel, if any is within reach.
    fn feature_at(&self, pointer: Pos2, units: Units) -> Option<usize> {
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
    fn hover_chip(&self, ui: &Ui, tokens: &Tokens, analysis: &Analysis, selection: &Selection) {
        let Some(j) = selection.hovered.filter(|j| *j < analysis.design.features.len()) else { return };
        let at = selection.cursor(self.penalty);
        let painter = ui.painter();
        let shown = value(self.data, selection.units, at, j);
        let point = self.upper.pos(self.xs[at], shown);
        let color = tokens.feature(analysis.entry_rank[j]);
        painter.circle(point, 4.0, color, Stroke::new(1.0, tokens.surface));
        let unit = if selection.units == Units::PerSd { "per SD" } else { "" };
        let name = elided(painter, &analysis.design.features[j].name, &theme::strong(), 160.0);
        let title = painter.layout_no_wrap(format!("{name} {}", format::number(shown)), theme::strong(), tokens.text);
        let unit = painter.layout_no_wrap(unit.to_owned(), theme::small(), tokens.text2);
        let size = vec2(title.size().x + unit.size().x + 34.0, 24.0);
        let mut corner = point + vec2(10.0, -34.0);
        corner.x = if corner.x + size.x > self.upper.area.right() + 40.0 { point.x - 10.0 - size.x } else { corner.x };
        corner.y = corner.y.max(self.upper.area.top() + 2.0);
        let rect = Rect::from_min_size(corner, size);
        painter.rect(rect, CornerRadius::same(4), tokens.surface, Stroke::new(1.0, tokens.control_border), StrokeKind::Inside);
        painter.rect_filled(Rect::from_center_size(rect.left_center() + vec2(12.0, 0.0), theme::SWATCH), CornerRadius::same(2), color);
        let baseline = rect.center().y;
        let after = rect.left() + 24.0 + title.size().x + 5.0;
        painter.galley(pos2(rect.left() + 22.0, baseline - title.size().y / 2.0), title, tokens.text);
        painter.galley(pos2(after, baseline - unit.size().y / 2.0 + 0.5), unit, tokens.text2);
    }
}

/// Whole degrees of freedom at the position where the curve first reaches them.
fn whole_df(df: f64, k: usize, at: impl Fn(usize) -> f64) -> Option<String> {
    let before = if k == 0 { 0.0 } else { at(k - 1) };
    let whole = df.floor();
    (whole >= 1.0 && before < whole).then(|| format!("{whole}"))
}

fn ui_width_left(painter: &Painter, from: f32) -> f32 {
    (painter.clip_rect().right() - from - 4.0).clamp(24.0, 96.0)
}

/// Room for the names at the line ends: the longest, 96 px at most.
fn label_width(ui: &Ui, analysis: &Analysis, drawn: &[usize]) -> f32 {
    let widest = drawn.iter().take(COLOURED).map(|&j| {
        let name: String = analysis.design.features[j].name.chars().take(24).collect();
        ui.painter().layout_no_wrap(name, theme::small_strong(), Color32::BLACK).size().x
    });
    widest.fold(36.0_f32, f32::max).min(96.0)
}

/// Both penalties share the vertical range, so that the two pictures compare, unless one would be flattened by it.
fn shared_range(analysis: &Analysis, selection: &Selection, data: &PenaltyAnalysis) -> Range {
    let of = |d: &PenaltyAnalysis| {
        let features = drawn_features(analysis, d).into_iter().take(COLOURED * 6);
        let values = features.flat_map(|j| (0..d.path.len()).map(move |k| value(d, selection.units, k, j)));
        Range::of(values.chain([0.0]), 0.05)
    };
    let (lasso, ridge, own) = (of(&analysis.lasso), of(&analysis.ridge), of(data));
    let shared = Range { min: lasso.min.min(ridge.min), max: lasso.max.max(ridge.max) };
    if own.max - own.min >= 0.3 * (shared.max - shared.min) { shared } else { own }
}

/// Features with a line: those in colour, then the largest others.
fn drawn_features(analysis: &Analysis, data: &PenaltyAnalysis) -> Vec<usize> {
    let path = &data.path;
    let last = path.len() - 1;
    let ever = |j: usize| path.entry(j).is_some();
    let mut drawn: Vec<usize> = analysis.entry_order.iter().copied().take(COLOURED).filter(|&j| ever(j)).collect();
    let mut rest: Vec<usize> = analysis.entry_order.iter().copied().skip(COLOURED).filter(|&j| ever(j)).collect();
    if rest.len() > GREY {
        rest.sort_by(|&a, &b| path.coefficient_per_sd(last, b).abs().total_cmp(&path.coefficient_per_sd(last, a).abs()));
        rest.truncate(GREY);
    }
    drawn.append(&mut rest);
    drawn
}

/// Registers what can be dragged, clicked and focused, and finds the hovered feature.
fn interact(ui: &Ui, panel: &Panel<'_>, selection: &mut Selection) {
    let region = Rect::from_min_max(panel.upper.area.left_top(), panel.lower.area.right_bottom());
    let response = ui.interact(region, cursor_id(panel.penalty), Sense::CLICK | Sense::DRAG);
    let at = selection.cursor(panel.penalty);
    let path = &panel.data.path;
    let (alpha, title) = (path.alphas()[at], panel.title);
    let (n, p) = (path.n_nonzero(at), path.n_features());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Image, true, format!("{title} coefficient paths and cross-validation curve"));
        info.current_text_value = Some(format!("alpha {}, {n} of {p} features not zero", format::number(alpha)));
        info
    });
    if response.contains_pointer() {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    if !response.dragged() && let Some(pointer) = response.hover_pos() && let Some(j) = panel.feature_at(pointer, selection.units) {
        selection.hover(j);
    }
    let handle = ui.interact(panel.handle_rect(at), handle_id(panel.penalty), Sense::CLICK | Sense::DRAG | Sense::FOCUSABLE);
    handle.widget_info(|| {
        let mut info = WidgetInfo::slider(true, alpha, format!("{title} alpha cursor"));
        info.current_text_value = Some(format::number(alpha));
        info
    });
    if handle.clicked() || handle.drag_started() {
        handle.request_focus();
    }
    if handle.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(handle.id, filter));
    }
    handle.on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal).on_hover_text(
        "Drag to change alpha, the strength of the penalty. Arrow keys step; Shift and arrow go to the next change of the selected features",
    );
}
