//! The coefficient paths: lines, the numbers along the top, names at the line ends.

use std::sync::Arc;

use eframe::egui::{
    Align2, Color32, CornerRadius, CursorIcon, Id, Painter, Rangef, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};
use egui_plot::{Line, PlotPoints};

use super::cache::{Cache, Known, Look};
use super::{COLOURED, penalty_title, plot_id, position};
use crate::analysis::{Analysis, Cursor, Penalty, PenaltyAnalysis};
use crate::app::format;
use crate::app::selection::{Selection, Units, XAxis};
use crate::app::theme::{self, Tokens};
use crate::app::views::chart::{Chart, Range, Tick, linear_ticks, log_ticks, spread};
use crate::app::views::names;
use crate::app::views::widgets::text_width;
use crate::app::walk;
use crate::model::path_point::PathPoint;

/// Height of a name at the end of a line.
const LABEL: f32 = 12.5;

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
    pub(super) xs: Arc<[f64]>,
    pub(super) upper: Chart,
    pub(super) lower: Chart,
    /// Where the handle's row runs, between the charts.
    pub(super) handle_y: f32,
    /// As wide as its number needs.
    pub(super) handle_width: f32,
    pub(super) x_ticks: Vec<Tick>,
    /// Features drawn, those in colour first.
    pub(super) drawn: Arc<[usize]>,
    /// Those without a colour that are named.
    prominent: Arc<[usize]>,
    along_top: Arc<[f64]>,
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
        known: Known,
        body: Rect,
    ) -> Self {
        let (data, at) = (analysis.penalty(penalty), analysis.point(penalty, cursor));
        let Known { drawn, prominent, xs, y, along_top } = known;
        let labels = label_width(ui, analysis, &drawn, &prominent).min(body.width() * 0.22);
        let (left, right) = (body.left() + 64.0, body.right() - labels - 20.0);
        let bottom = body.bottom() - 40.0;
        let inner = bottom - (body.top() + 16.0);
        let split = body.top() + 16.0 + (inner - 28.0) * 0.62;
        let x = Range::of(xs.iter().copied(), 0.012);
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
            handle_width: (text_width(ui.painter(), &format::number(at.alpha()), &theme::strong()) + 27.0).max(84.0),
            xs,
            x_ticks,
            drawn,
            prominent,
            along_top,
        }
    }

    pub(super) fn paths(
        &self,
        ui: &mut Ui,
        tokens: &Tokens,
        analysis: &Analysis,
        selection: &mut Selection,
        cache: &mut Cache,
    ) {
        let painter = ui.painter().clone();
        let y_ticks = linear_ticks(self.upper.y, 5);
        self.upper.grid(&painter, tokens, &self.x_ticks, &y_ticks);
        self.upper.rule(&painter, 0.0, tokens.control_border);
        self.upper.y_axis(&painter, tokens, &y_ticks);
        let unit = if selection.units == Units::PerSd { "coefficient per SD" } else { "coefficient" };
        self.upper.y_name(ui, tokens, self.upper.area.left() - 63.0, unit);
        self.top_axis(&painter, tokens);
        painter
            .with_clip_rect(painter.clip_rect().intersect(self.upper.area))
            .extend(self.grey(ui, tokens, analysis, selection, cache));
        let lines: Vec<Line<'static>> = self.lines(tokens, analysis, selection);
        self.upper.show(ui, plot_id(self.penalty), move |plot| {
            for line in lines {
                plot.line(line);
            }
        });
        self.end_labels(ui, tokens, analysis, selection);
    }

    /// All lines without a colour of their own.
    fn grey(
        &self,
        ui: &Ui,
        tokens: &Tokens,
        analysis: &Analysis,
        selection: &Selection,
        cache: &mut Cache,
    ) -> Option<Shape> {
        let dimmed = selection.hovered.is_some();
        let look = Look {
            area: self.upper.area,
            x: self.upper.x,
            y: self.upper.y,
            units: selection.units,
            axis: selection.x_axis,
            color: tokens.faded(tokens.feature(COLOURED), if dimmed { 0.3 } else { 0.55 }),
            pixels_per_point: ui.pixels_per_point(),
        };
        cache.grey((self.penalty, self.data), &self.drawn[self.n_coloured(analysis)..], look, dimmed)
    }

    fn n_coloured(&self, analysis: &Analysis) -> usize {
        self.drawn.iter().take_while(|&&j| analysis.entry_rank[j] < COLOURED).count()
    }

    /// Lines in colour, the hovered one on top.
    fn lines(&self, tokens: &Tokens, analysis: &Analysis, selection: &Selection) -> Vec<Line<'static>> {
        let coloured = &self.drawn[..self.n_coloured(analysis)];
        let mut order: Vec<usize> = coloured.iter().chain(self.prominent.iter()).rev().copied().collect();
        if let Some(hovered) = selection.hovered.filter(|j| self.drawn.contains(j)) {
            order.retain(|&j| j != hovered);
            order.push(hovered);
        }
        order
            .into_iter()
            .map(|j| {
                let color = tokens.feature(analysis.entry_rank[j]);
                let is_hovered = selection.hovered == Some(j);
                let dimmed = selection.hovered.is_some() && !is_hovered;
                let color = if dimmed { tokens.faded(color, 0.6) } else { color };
                let points: Vec<[f64; 2]> =
                    (0..self.xs.len()).map(|k| [self.xs[k], value(self.data, selection.units, k, j)]).collect();
                Line::new(format!("{} {j}", analysis.design.features[j].name), PlotPoints::new(points))
                    .color(color)
                    .width(if is_hovered { 2.75 } else { 1.5 })
                    .allow_hover(false)
                    .allow_band(false)
            })
            .collect()
    }

    /// Number of non-zeros, or df, along the top, with the current one in a chip.
    pub(super) fn top_axis(&self, painter: &Painter, tokens: &Tokens) {
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
        for (k, &number) in self.along_top.iter().enumerate() {
            let label = match self.penalty {
                Penalty::Lasso => number.to_string(),
                Penalty::Ridge => whole_df(number, k, |k| self.along_top[k]).unwrap_or_default(),
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
        // As far as there is room: a name in colour comes first.
        let room = (self.upper.area.height() / LABEL) as usize + 1;
        labelled.extend(self.prominent.iter().take(room.saturating_sub(labelled.len())));
        if let Some(hovered) = selection.hovered.filter(|j| self.drawn.contains(j) && !labelled.contains(j)) {
            labelled.push(hovered);
        }
        let wanted: Vec<f32> =
            labelled.iter().map(|&j| self.upper.py(value(self.data, selection.units, last, j))).collect();
        // The handle of the cursor stands close below.
        let bounds = Rangef::new(self.upper.area.top() - 4.0, self.upper.area.bottom() - 4.0);
        let placed = spread(&wanted, LABEL, bounds);
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
            let (font, text) = match (is_hovered, self.prominent.contains(&j)) {
                (true, _) => (theme::small_strong(), tokens.text),
                (false, true) => (theme::small(), tokens.text),
                (false, false) => (theme::small(), tokens.text2),
            };
            let width = ui_width_left(painter, right + 15.0);
            let name = names::feature(painter, analysis, j, &font, width);
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
        walk::one_of(ui, Id::unique(("path labels", self.penalty)), id, false);
        if response.has_focus() {
            let ring = Stroke::new(1.5, theme::tokens(ui).accent);
            ui.painter().rect_stroke(rect.expand2(vec2(3.0, 1.0)), 3, ring, StrokeKind::Outside);
        }
        if response.hovered() || response.has_focus() {
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
fn label_width(ui: &Ui, analysis: &Analysis, drawn: &[usize], prominent: &[usize]) -> f32 {
    let widest = drawn.iter().take(COLOURED).chain(prominent).map(|&j| {
        let name: String = analysis.design.features[j].name.chars().take(24).collect();
        ui.painter().layout_no_wrap(name, theme::small_strong(), Color32::BLACK).size().x
    });
    widest.fold(36.0_f32, f32::max).min(96.0)
}
