//! The coefficient paths: lines, the numbers along the top, names at the line ends.

use eframe::egui::{
    Align2, Color32, CornerRadius, CursorIcon, Id, Painter, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};
use egui_plot::{Line, PlotPoints};

use super::{penalty_title, plot_id, position, positions};
use crate::analysis::{Analysis, Cursor, Penalty, PenaltyAnalysis};
use crate::app::format;
use crate::app::selection::{Selection, Units, XAxis};
use crate::app::theme::{self, Tokens};
use crate::app::views::chart::{Chart, Range, Tick, linear_ticks, log_ticks, spread};
use crate::app::views::widgets::elided;
use crate::model::path_point::PathPoint;

/// Lines in colour; the others are quiet grey.
pub(super) const COLOURED: usize = 10;

/// Grey lines drawn at most, the largest ones.
pub(super) const GREY: usize = 300;

/// Everything that one pass of the panel needs.
pub(super) struct Panel<'a> {
    pub(super) penalty: Penalty,
    pub(super) data: &'a PenaltyAnalysis,
    /// The fit at the cursor.
    pub(super) at: PathPoint<'a>,
    /// Where the cursor stands on the horizontal axis.
    pub(super) at_x: f64,
    /// Mean held-out error at the cursor, once the path is cross-validated.
    pub(super) at_error: Option<f64>,
    pub(super) title: &'static str,
    pub(super) xs: Vec<f64>,
    pub(super) upper: Chart,
    pub(super) lower: Chart,
    /// Where the handle's row runs, between the charts.
    pub(super) handle_y: f32,
    pub(super) x_ticks: Vec<Tick>,
    /// Features drawn, those in colour first.
    pub(super) drawn: Vec<usize>,
}

/// Value of a feature on the path in the units shown.
pub(super) fn value(data: &PenaltyAnalysis, units: Units, k: usize, j: usize) -> f64 {
    value_at(data.path.point(k), units, j)
}

/// Value of a feature in a fit, in the units shown.
pub(super) fn value_at(point: PathPoint<'_>, units: Units, j: usize) -> f64 {
    match units {
        Units::PerSd => point.coefficient_per_sd(j),
        Units::Own => point.coefficient(j),
    }
}

impl<'a> Panel<'a> {
    pub(super) fn new(
        ui: &Ui,
        analysis: &'a Analysis,
        selection: &Selection,
        (penalty, cursor): (Penalty, &'a Cursor),
        body: Rect,
    ) -> Self {
        let (data, at) = (analysis.penalty(penalty), analysis.point(penalty, cursor));
        let xs = positions(data, selection.x_axis);
        let drawn = drawn_features(analysis, data);
        let labels = label_width(ui, analysis, &drawn).min(body.width() * 0.22);
        let (left, right) = (body.left() + 64.0, body.right() - labels - 20.0);
        let bottom = body.bottom() - 40.0;
        let inner = bottom - (body.top() + 16.0);
        let split = body.top() + 16.0 + (inner - 28.0) * 0.62;
        let x = Range::of(xs.iter().copied(), 0.012);
        let y = shared_range(analysis, selection, data);
        let errors = data
            .cross_validation
            .iter()
            .flat_map(|cv| cv.mean.iter().zip(&cv.se).flat_map(|(mean, se)| [mean - se, mean + se]));
        let width = right - left;
        let x_ticks = match selection.x_axis {
            XAxis::LogAlpha => log_ticks(x, -1.0, width),
            XAxis::Df | XAxis::L1Norm => linear_ticks(x, 5),
        };
        Self {
            penalty,
            data,
            at,
            at_x: position(at, selection.x_axis),
            at_error: analysis.held_out_error(penalty, cursor).map(|(mean, _)| mean),
            title: penalty_title(analysis, penalty),
            upper: Chart { area: Rect::from_min_max(pos2(left, body.top() + 16.0), pos2(right, split)), x, y },
            lower: Chart {
                area: Rect::from_min_max(pos2(left, split + 28.0), pos2(right, bottom)),
                x,
                y: Range::of(errors, 0.06),
            },
            handle_y: split + 12.0,
            xs,
            x_ticks,
            drawn,
        }
    }

    pub(super) fn paths(&self, ui: &mut Ui, tokens: &Tokens, analysis: &Analysis, selection: &mut Selection) {
        let painter = ui.painter().clone();
        let y_ticks = linear_ticks(self.upper.y, 5);
        self.upper.grid(&painter, tokens, &self.x_ticks, &y_ticks);
        self.upper.rule(&painter, 0.0, tokens.control_border);
        self.upper.y_axis(&painter, tokens, &y_ticks);
        let unit = if selection.units == Units::PerSd { "coefficient per SD" } else { "coefficient" };
        self.upper.y_name(ui, tokens, self.upper.area.left() - 63.0, unit);
        self.top_axis(&painter, tokens);
        let lines: Vec<Line<'static>> = self.lines(tokens, analysis, selection);
        self.upper.show(ui, plot_id(self.penalty), move |plot| {
            for line in lines {
                plot.line(line);
            }
        });
        self.end_labels(ui, tokens, analysis, selection);
    }

    /// Grey first, colours over them, the hovered one on top.
    pub(super) fn lines(&self, tokens: &Tokens, analysis: &Analysis, selection: &Selection) -> Vec<Line<'static>> {
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
                let width = if is_hovered {
                    2.75
                } else if rank < COLOURED {
                    1.5
                } else {
                    1.0
                };
                let points: Vec<[f64; 2]> =
                    (0..self.xs.len()).map(|k| [self.xs[k], value(self.data, selection.units, k, j)]).collect();
                Line::new(format!("{} {j}", analysis.design.features[j].name), PlotPoints::new(points))
                    .color(color)
                    .width(width)
                    .allow_hover(false)
                    .allow_band(false)
            })
            .collect()
    }

    /// Number of non-zeros, or df, along the top, with the current one in a chip.
    pub(super) fn top_axis(&self, painter: &Painter, tokens: &Tokens) {
        let path = &self.data.path;
        let text = match self.penalty {
            Penalty::Lasso => self.at.n_nonzero().to_string(),
            Penalty::Ridge => format::significant(self.at.degrees_of_freedom(), 3),
        };
        let y = self.upper.area.top() - 9.0;
        let caption = if self.penalty == Penalty::Lasso { "non-zero" } else { "df" };
        painter.text(
            pos2(self.upper.area.left() - 8.0, y),
            Align2::RIGHT_CENTER,
            caption,
            theme::small(),
            tokens.text2,
        );
        let chip_x = self.upper.px(self.at_x).clamp(self.upper.area.left() + 8.0, self.upper.area.right() - 8.0);
        let chip = painter.layout_no_wrap(text, theme::small_strong(), tokens.accent);
        let chip_rect = Rect::from_center_size(pos2(chip_x, y), vec2(chip.size().x + 10.0, 16.0));
        let mut right = self.upper.area.left() - 12.0;
        let mut shown = String::new();
        for k in 0..path.len() {
            let label = match self.penalty {
                Penalty::Lasso => path.n_nonzero(k).to_string(),
                Penalty::Ridge => {
                    whole_df(path.degrees_of_freedom(k), k, |k| path.degrees_of_freedom(k)).unwrap_or_default()
                }
            };
            if label.is_empty() || label == shown {
                continue;
            }
            let galley = painter.layout_no_wrap(label.clone(), theme::small(), tokens.text2);
            let x = self.upper.px(self.xs[k]);
            let rect = Rect::from_center_size(pos2(x, y), galley.size());
            if rect.left() > right + 8.0
                && rect.right() <= self.upper.area.right() + 8.0
                && !rect.expand(3.0).intersects(chip_rect)
            {
                painter.galley(rect.min, galley, tokens.text2);
                right = rect.right();
                shown = label;
            }
        }
        painter.rect(
            chip_rect,
            CornerRadius::same(3),
            tokens.tint,
            Stroke::new(1.0, tokens.accent),
            StrokeKind::Inside,
        );
        painter.galley(chip_rect.center() - chip.size() / 2.0, chip, tokens.accent);
    }

    /// Names at the least-squares end, never over each other.
    pub(super) fn end_labels(&self, ui: &Ui, tokens: &Tokens, analysis: &Analysis, selection: &mut Selection) {
        let painter = ui.painter();
        let last = self.xs.len() - 1;
        let mut labelled: Vec<usize> =
            self.drawn.iter().copied().filter(|&j| analysis.entry_rank[j] < COLOURED).collect();
        if let Some(hovered) = selection.hovered.filter(|j| self.drawn.contains(j) && !labelled.contains(j)) {
            labelled.push(hovered);
        }
        let wanted: Vec<f32> =
            labelled.iter().map(|&j| self.upper.py(value(self.data, selection.units, last, j))).collect();
        let bounds = self.upper.area.y_range().expand(4.0);
        let placed = spread(&wanted, 12.5, bounds);
        for ((&j, &from), &to) in labelled.iter().zip(&wanted).zip(&placed) {
            let color = tokens.feature(analysis.entry_rank[j]);
            let is_hovered = selection.hovered == Some(j);
            let line_color = if selection.hovered.is_some() && !is_hovered { tokens.faded(color, 0.45) } else { color };
            let start = pos2(self.upper.px(self.xs[last]), from);
            let right = self.upper.area.right();
            painter.line(
                vec![start, pos2(right + 3.0, from), pos2(right + 8.0, to), pos2(right + 12.0, to)],
                Stroke::new(if is_hovered { 2.0 } else { 1.0 }, line_color),
            );
            let (font, text) =
                if is_hovered { (theme::small_strong(), tokens.text) } else { (theme::small(), tokens.text2) };
            let width = ui_width_left(painter, right + 15.0);
            let name = elided(painter, &analysis.design.features[j].name, &font, width);
            let rect = painter.text(pos2(right + 15.0, to), Align2::LEFT_CENTER, name, font, text);
            self.end_label_input(ui, analysis, selection, j, rect);
        }
    }
}

impl Panel<'_> {
    /// A name at the end of a line lights its feature, and a click takes it into the geometry.
    fn end_label_input(&self, ui: &Ui, analysis: &Analysis, selection: &mut Selection, j: usize, rect: Rect) {
        let id = Id::unique(("path label", self.penalty, j));
        let name = &analysis.design.features[j].name;
        let response = ui.interact(rect, id, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{name} at its {} line", self.title)));
        if response.hovered() {
            selection.hover(j);
        }
        if response.clicked() {
            selection.pick(j);
        }
        response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(format!(
            "{name}\nClick, or Shift and click on its line, to take it into the geometry: the first click sets its first feature, the next one the second"
        ));
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
/// Features whose lines are drawn, those in colour first.
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
