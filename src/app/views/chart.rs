//! The quiet chrome that all plots share: grid, ticks, axis names, and the map between values and pixels.

use eframe::egui::{Align2, Color32, Id, Painter, Pos2, Rect, Sense, Stroke, Ui, UiBuilder, pos2, vec2};
use egui_plot::{Plot, PlotBounds, PlotMemory, PlotUi};

use crate::app::format;
use crate::app::theme::{self, Tokens};

/// One tick of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Where.
    pub value: f64,
    /// What it says; empty for a minor tick.
    pub label: String,
}

/// Range of one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Left or bottom.
    pub min: f64,
    /// Right or top.
    pub max: f64,
}

impl Range {
    /// The range of some values, widened by `margin` of its length at both ends; never empty.
    pub fn of(values: impl IntoIterator<Item = f64>, margin: f64) -> Self {
        let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|v| v.is_finite()) {
            (min, max) = (min.min(value), max.max(value));
        }
        if min > max {
            (min, max) = (0.0, 1.0);
        }
        let length = max - min;
        // A range of no length, or one that floats cannot resolve, gets the room of its own size.
        let pad = if length > min.abs().max(max.abs()) * 1e-12 { length * margin } else { min.abs().max(1e-12) * 0.5 };
        Self { min: min - pad, max: max + pad }
    }
}

/// A plot area with its scales.
#[derive(Debug, Clone, Copy)]
pub struct Chart {
    /// The area inside the axes.
    pub area: Rect,
    /// Horizontal range.
    pub x: Range,
    /// Vertical range.
    pub y: Range,
}

impl Chart {
    /// Pixel of a horizontal value.
    pub fn px(&self, x: f64) -> f32 {
        let share = (x - self.x.min) / (self.x.max - self.x.min);
        self.area.left() + (share as f32) * self.area.width()
    }

    /// Pixel of a vertical value.
    pub fn py(&self, y: f64) -> f32 {
        let share = (y - self.y.min) / (self.y.max - self.y.min);
        self.area.bottom() - (share as f32) * self.area.height()
    }

    /// Pixel of a point.
    pub fn pos(&self, x: f64, y: f64) -> Pos2 {
        pos2(self.px(x), self.py(y))
    }

    /// Horizontal value of a pixel.
    pub fn x_at(&self, px: f32) -> f64 {
        self.x.min + f64::from((px - self.area.left()) / self.area.width()) * (self.x.max - self.x.min)
    }

    /// Grid lines and the line at zero.
    pub fn grid(&self, painter: &Painter, tokens: &Tokens, x_ticks: &[Tick], y_ticks: &[Tick]) {
        let stroke = Stroke::new(1.0, tokens.grid);
        let snap = |v: f32| v.round() + 0.5;
        for tick in x_ticks.iter().filter(|t| !t.label.is_empty()) {
            painter.vline(snap(self.px(tick.value)), self.area.y_range(), stroke);
        }
        for tick in y_ticks {
            painter.hline(self.area.x_range(), snap(self.py(tick.value)), stroke);
        }
    }

    /// A line across at `y`.
    pub fn rule(&self, painter: &Painter, y: f64, color: Color32) {
        if y > self.y.min && y < self.y.max {
            painter.hline(self.area.x_range(), self.py(y).round() + 0.5, Stroke::new(1.0, color));
        }
    }

    /// Numbers left of the area.
    pub fn y_axis(&self, painter: &Painter, tokens: &Tokens, ticks: &[Tick]) {
        for tick in ticks {
            let at = pos2(self.area.left() - 8.0, self.py(tick.value));
            painter.text(at, Align2::RIGHT_CENTER, &tick.label, theme::small(), tokens.text2);
        }
    }

    /// Axis line, ticks and numbers below the area.
    pub fn x_axis(&self, painter: &Painter, tokens: &Tokens, ticks: &[Tick]) {
        let bottom = self.area.bottom();
        painter.hline(self.area.x_range(), bottom + 0.5, Stroke::new(1.0, tokens.axis));
        for tick in ticks {
            let x = self.px(tick.value);
            let length = if tick.label.is_empty() { 3.0 } else { 5.0 };
            painter.vline(x, bottom..=bottom + length, Stroke::new(1.0, tokens.axis));
            painter.text(pos2(x, bottom + 7.0), Align2::CENTER_TOP, &tick.label, theme::small(), tokens.text2);
        }
    }

    /// A name along the left edge of the area, reading upwards, at pixel `x`.
    pub fn y_name(&self, ui: &Ui, tokens: &Tokens, x: f32, name: &str) {
        let galley = ui.painter().layout_no_wrap(name.to_owned(), theme::small(), tokens.text2);
        let at = pos2(x, self.area.center().y + galley.size().x / 2.0);
        ui.painter()
            .add(egui::epaint::TextShape::new(at, galley, tokens.text2).with_angle(-std::f32::consts::FRAC_PI_2));
    }

    /// Draws data with `egui_plot` in the area; everything outside is clipped.
    pub fn show<'a>(&self, ui: &mut Ui, id: Id, build: impl FnOnce(&mut PlotUi<'a>) + 'a) {
        let (x, y) = (self.x, self.y);
        ui.scope_builder(UiBuilder::new().max_rect(self.area), |ui| {
            ui.set_clip_rect(ui.clip_rect().intersect(self.area.expand2(vec2(4.0, 4.0))));
            Plot::new(id)
                .id(id)
                .width(self.area.width())
                .height(self.area.height())
                .show_axes(false)
                .show_grid(false)
                .show_background(false)
                .show_x(false)
                .show_y(false)
                .allow_zoom(false)
                .allow_drag(false)
                .allow_scroll(false)
                .allow_boxed_zoom(false)
                .allow_double_click_reset(false)
                .allow_axis_zoom_drag(false)
                .set_margin_fraction(vec2(0.0, 0.0))
                .sense(Sense::hover())
                .cursor_color(Color32::TRANSPARENT)
                .label_formatter(|_| None)
                .show(ui, move |plot| {
                    plot.set_plot_bounds(PlotBounds::from_min_max([x.min, y.min], [x.max, y.max]));
                    build(plot);
                });
        });
    }

    /// Horizontal value under a pixel in the last pass of the plot `id`.
    pub fn last_x_at(ctx: &egui::Context, id: Id, px: f32) -> Option<f64> {
        let memory = PlotMemory::load(ctx, id)?;
        Some(memory.transform().value_from_position(pos2(px, 0.0)).x)
    }
}

/// About `target` ticks at round values.
pub fn linear_ticks(range: Range, target: usize) -> Vec<Tick> {
    let rough = (range.max - range.min) / target.max(1) as f64;
    if !rough.is_finite() || rough <= 0.0 {
        return Vec::new();
    }
    let magnitude = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|m| m * magnitude)
        .find(|s| *s >= rough * 0.72)
        .unwrap_or(10.0 * magnitude);
    let first = (range.min / step).ceil() as i64;
    let last = (range.max / step).floor() as i64;
    (first..=last.min(first + 50))
        .map(|i| {
            let value = i as f64 * step;
            Tick { value, label: format::tick(value, step) }
        })
        .collect()
}

/// Decades with labels and 2..9 without, for an axis that shows `sign · log10(value)`.
pub fn log_ticks(range: Range, sign: f64, width: f32) -> Vec<Tick> {
    let (low, high) = if sign > 0.0 { (range.min, range.max) } else { (-range.max, -range.min) };
    let decades = (high - low).max(1e-9);
    // Labels need about 48 px; minor ticks about 40 px a decade.
    let every = (decades * 48.0 / f64::from(width)).ceil().max(1.0) as i32;
    let with_minor = f64::from(width) / decades >= 40.0;
    let mut ticks = Vec::new();
    for d in (low.floor() as i32)..=(high.ceil() as i32) {
        let steps = if with_minor { 1..=9 } else { 1..=1 };
        for m in steps {
            let value = f64::from(d) + f64::from(m).log10();
            if value < low - 1e-9 || value > high + 1e-9 {
                continue;
            }
            let label = if m == 1 && d.rem_euclid(every) == 0 { format::decade(d) } else { String::new() };
            ticks.push(Tick { value: sign * value, label });
        }
    }
    ticks
}

/// Moves labels apart: `wanted` are vertical pixels in any order; the result has the same order, at least `gap` apart, inside `bounds` as far as they fit.
pub fn spread(wanted: &[f32], gap: f32, bounds: egui::Rangef) -> Vec<f32> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let mut placed = wanted.to_vec();
    let mut floor = bounds.min;
    for &i in &order {
        placed[i] = placed[i].max(floor);
        floor = placed[i] + gap;
    }
    let mut ceiling = bounds.max;
    for &i in order.iter().rev() {
        placed[i] = placed[i].min(ceiling);
        ceiling = placed[i] - gap;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::Rangef;

    #[test]
    fn ticks_are_round_and_inside() {
        let ticks = linear_ticks(Range { min: -43.0, max: 41.0 }, 5);
        let labels: Vec<&str> = ticks.iter().map(|t| t.label.as_str()).collect();
        assert_eq!(labels, ["−40", "−20", "0", "20", "40"]);
    }

    #[test]
    fn decades_are_labelled_from_large_to_small() {
        let ticks = log_ticks(Range { min: -1.65, max: 2.35 }, -1.0, 300.0);
        let labels: Vec<&str> = ticks.iter().filter(|t| !t.label.is_empty()).map(|t| t.label.as_str()).collect();
        assert_eq!(labels, ["0.01", "0.1", "1", "10"]);
        assert!(ticks.iter().all(|t| t.value >= -1.65 - 1e-9 && t.value <= 2.35 + 1e-9));
    }

    #[test]
    fn spread_labels_do_not_overlap() {
        let placed = spread(&[10.0, 12.0, 11.0, 90.0], 13.0, Rangef::new(0.0, 92.0));
        let mut sorted = placed.clone();
        sorted.sort_by(f32::total_cmp);
        assert!(sorted.windows(2).all(|w| w[1] - w[0] >= 12.99), "{placed:?}");
        assert!(placed[2] > placed[0] && placed[1] > placed[2]);
    }

    #[test]
    fn a_range_is_never_empty() {
        for values in [vec![], vec![3.0], vec![0.0, 0.0], vec![1e300, 1e300]] {
            let range = Range::of(values, 0.05);
            assert!(range.max > range.min, "{range:?}");
        }
    }
}
