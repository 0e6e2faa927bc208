//! Gradient descent with decay: its lines on a picture, its controls, and how far it is from its end.

use std::time::Duration;

use eframe::egui::{
    Align2, Button, Color32, Id, Painter, Rangef, Rect, RichText, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2,
    vec2,
};

use crate::app::format;
use crate::app::theme::{self, Tokens};
use crate::app::views::chart::{Chart, Range, Tick, linear_ticks, log_ticks, spread};
use crate::app::views::formula;
use crate::app::views::plane::{PlaneMap, Spot, SpotKind, Track};
use crate::app::views::plane_handle;
use crate::app::views::shaping::{Knob, knob};
use crate::app::views::widgets::{section, segments};
use crate::app::weight_decay::{Decay, Ground, WeightDecay};
use crate::insight::weight_decay::{Descent, Step};

/// Height of the chart of distances with its axis and its title.
const CHART: f32 = 124.0;

/// The descent as it is drawn in this pass.
pub struct Run {
    descent: Descent,
    with: Vec<Step>,
    without: Vec<Step>,
    end: [f64; 2],
    shown: usize,
}

/// Color of the descent with decay; no feature of a pair at the start of the entry order has it.
fn color(tokens: &Tokens) -> Color32 {
    tokens.feature(3)
}

/// Moves the start as the hand did since the last pass, and plays on. Called before anything is drawn.
pub fn take_input(ui: &Ui, id: Id, map: &PlaneMap, state: &mut WeightDecay, ground: &Ground) {
    if let Some(start) = plane_handle::moved(ui.ctx(), id, map, state.start(ground)) {
        state.set_start(Some(start));
    }
    let now = ui.input(|i| i.time);
    if let Some(wait) = state.advance(now) {
        ui.ctx().request_repaint_after(Duration::from_secs_f64(wait));
    }
}

/// The start can be taken hold of; called after the picture.
pub fn start_handle(ui: &Ui, id: Id, map: &PlaneMap, state: &mut WeightDecay, ground: &Ground) {
    let tip = "Start of the descent\nDrag it, or move it with the arrow keys; double-click puts it back";
    if plane_handle::register(ui, id, map, state.start(ground), "Start of the descent", tip) {
        state.set_start(None);
    }
}

impl Run {
    /// All steps from the start.
    pub fn new(state: &WeightDecay, ground: &Ground) -> Self {
        let (descent, start) = (state.descent(ground), state.start(ground));
        Self {
            descent,
            with: descent.run(start, state.steps()),
            without: state.without_decay(ground).run(start, state.steps()),
            end: descent.end(start),
            shown: state.shown(),
        }
    }

    /// Lines and points of the picture, whose fit is at `fit`.
    pub fn overlay(&self, fit: [f64; 2], tokens: &Tokens) -> (Vec<Track>, Vec<Spot>) {
        let way = self.with[0].distance.max(self.without[0].distance);
        // A descent that leaves is followed as far as the eye can.
        let is_near = |s: &&Step| s.distance <= 6.0 * way;
        let track = |steps: &[Step], color, width, is_dashed, dots, label: &str| Track {
            points: steps.iter().take(self.shown + 1).take_while(is_near).map(|s| s.weights).collect(),
            color,
            width,
            is_dashed,
            dots,
            label: if self.shown > 0 { label.to_owned() } else { String::new() },
        };
        let tracks = vec![
            track(&self.without, tokens.text2, 1.25, true, 1.5, "without decay"),
            track(&self.with, color(tokens), 1.75, false, 2.5, "with decay"),
        ];
        let spot = |at, kind, color, label: &str| Spot { at, kind, color, label: label.to_owned() };
        let mut spots = vec![spot(self.with[0].weights, SpotKind::Handle, color(tokens), "start")];
        let apart = (self.end[0] - fit[0]).hypot(self.end[1] - fit[1]);
        if apart > 0.02 * way {
            spots.push(spot(self.end, SpotKind::Ring, color(tokens), "end with decay"));
        }
        (tracks, spots)
    }

    /// The last step shown.
    fn last(&self) -> (usize, Step) {
        let k = self.shown.min(self.with.len() - 1);
        (k, self.with[k])
    }
}

/// The section of the right column. `end` names what the descent with decay ends at.
pub fn show(ui: &mut Ui, state: &mut WeightDecay, ground: &Ground, end: &str) {
    let remark = match state.decay {
        Decay::L2 => "ridge, step by step",
        Decay::L1 if ground.l1_ratio < 1.0 => "elastic net, step by step",
        Decay::L1 => "lasso, step by step",
    };
    section(ui, "Weight decay", remark);
    explain(ui, state, ground, end);
    controls(ui, state, ground);
    buttons(ui, state);
    let run = Run::new(state, ground);
    ui.scope(|ui| verdict(ui, state, &run, end));
    chart(ui, &run, state.steps());
}

/// What shrinks the weights, to be chosen before the plane of it is looked up.
pub fn choose(ui: &mut Ui, state: &mut WeightDecay) {
    segments(
        ui,
        "Decay",
        &[
            (
                "L2 weight decay",
                Decay::L2,
                "Each step takes the same share off every weight; drawn on the ridge picture",
            ),
            (
                "L1 soft threshold",
                Decay::L1,
                "Each step takes the same amount off every weight; drawn on the lasso picture",
            ),
        ],
        &mut state.decay,
    );
}

fn explain(ui: &mut Ui, state: &WeightDecay, ground: &Ground, end: &str) {
    let tokens = theme::tokens(ui);
    let words = match state.decay {
        Decay::L2 => {
            format!("Gradient descent that shrinks w a little each step ends at {end}")
        }
        Decay::L1 => format!("Gradient descent that takes the same off each weight ends at {end}"),
    };
    ui.add(egui::Label::new(RichText::new(words).color(tokens.text2)).wrap());
    ui.add_space(2.0);
    let (text, spoken) = match (state.decay, ground.l1_ratio < 1.0) {
        (Decay::L2, _) => (formula::text::WEIGHT_DECAY, "w becomes (1 − 2ηλ) w − η times the gradient of L"),
        (Decay::L1, false) => {
            (formula::text::SOFT_THRESHOLD, "w becomes w − η times the gradient of L, soft thresholded by 2ηλ")
        }
        (Decay::L1, true) => (
            formula::text::ELASTIC,
            "w becomes (1 − 2ηλ(1 − r)) w − η times the gradient of L, soft thresholded by 2ηλr; r is the l1_ratio",
        ),
    };
    formula::show(ui, text, spoken).on_hover_text(
        "L = (1/n) ‖y − Xw‖², the mean squared error, and λ = alpha.\nOn (1/2n) ‖y − Xw‖² the same step has twice the size, 2η.",
    );
}

fn controls(ui: &mut Ui, state: &mut WeightDecay, ground: &Ground) {
    let descent = state.descent(ground);
    let bound = descent.bound();
    let most = if bound.is_finite() { 1.3 * bound } else { 1.0 };
    let mut step_size = descent.step_size;
    let tip = format!(
        "η: how far a step follows the gradient\nBelow {} every step comes closer to the end; above it the steps grow",
        format::number(bound)
    );
    if knob(ui, &Knob { name: "Step size η", tip: &tip, range: (most * 1e-3, most), log: false }, &mut step_size) {
        state.set_step_size(Some(step_size));
    }
    let mut alpha = descent.alpha;
    let tip = "λ = alpha: how much the weights are shrunk\nFollows the fit on the picture until it is set here";
    let most = 1e2_f64.max(2.0 * ground.alpha).min(1e6);
    if knob(ui, &Knob { name: "Decay λ", tip, range: (0.0, most), log: true }, &mut alpha) {
        state.set_alpha(Some(alpha));
    }
    let mut steps = state.steps() as f64;
    let most = WeightDecay::MOST_STEPS as f64;
    if knob(ui, &Knob { name: "Steps", tip: "How many steps are taken", range: (1.0, most), log: false }, &mut steps) {
        state.set_steps(steps.round() as usize);
    }
}

fn buttons(ui: &mut Ui, state: &mut WeightDecay) {
    ui.horizontal(|ui| {
        let now = ui.input(|i| i.time);
        let width = vec2(56.0, theme::CONTROL);
        let play = if state.is_playing() { "Pause" } else { "Play" };
        if ui.add(Button::new(play).min_size(width)).on_hover_text("Takes the steps one after the other").clicked() {
            state.toggle_play(now);
            // The first step is due later; this pass already shows the start alone.
            ui.ctx().request_repaint();
        }
        if ui.add(Button::new("Step").min_size(width)).on_hover_text("Takes one step").clicked() {
            state.step();
        }
        if ui.add(Button::new("Reset").min_size(width)).on_hover_text("Back to the start").clicked() {
            state.reset();
        }
        if !state.follows_fit()
            && ui.link("λ of the fit").on_hover_text("Ties λ to the fit on the picture again").clicked()
        {
            state.set_alpha(None);
        }
    });
}

/// The factor and the bound with their values, where the descent stands, and what is wrong if the steps grow.
fn verdict(ui: &mut Ui, state: &mut WeightDecay, run: &Run, end: &str) {
    let tokens = theme::tokens(ui);
    let descent = &run.descent;
    let row = |ui: &mut Ui, formula: &str, spoken: &str, value: f64| {
        ui.horizontal(|ui| {
            ui.set_height(20.0);
            let value = format::number(value);
            formula::show(ui, formula, &format!("{spoken} {value}"));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.label(RichText::new(value).font(theme::strong()));
            });
        });
    };
    ui.spacing_mut().item_spacing.y = 0.0;
    if descent.l1_ratio < 1.0 {
        let formula = if descent.l1_ratio > 0.0 { "1 − 2ηλ(1 − r)" } else { r"\hl{1 − 2ηλ}" };
        row(ui, formula, "factor 1 − 2ηλ", descent.factor());
    }
    if descent.l1_ratio > 0.0 {
        let formula = if descent.l1_ratio < 1.0 { "2ηλr" } else { r"\hl{2ηλ}" };
        row(ui, formula, "threshold 2ηλ", descent.threshold());
    }
    row(ui, "stable below η =", "stable below η =", descent.bound());
    if descent.is_stable() {
        let (k, step) = run.last();
        let steps = if k == 1 { "step" } else { "steps" };
        let words = format!("After {k} {steps} {} from its end", format::significant(step.distance, 2));
        let label = ui.label(RichText::new(words).small().color(tokens.text2));
        label.on_hover_text(format!(
            "w {}, {}\nMSE {} above the least of this plane\nEach step leaves at most {} of the distance",
            format::number(step.weights[0]),
            format::number(step.weights[1]),
            format::number(step.mse_excess),
            format::number(descent.rate())
        ));
        return;
    }
    let suggestion = WeightDecay::suggested(descent);
    let words = format!(
        "η = {} is not below {}: each step overshoots by more than the last, so the points leave the picture instead of ending at {end}.",
        format::number(descent.step_size),
        format::number(descent.bound())
    );
    egui::Frame::new().fill(tokens.warn_ground).inner_margin(6).corner_radius(4).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.add(egui::Label::new(RichText::new(words).color(tokens.warn)).wrap());
        if ui.link(format!("Use η = {}", format::number(suggestion))).clicked() {
            state.set_step_size(None);
        }
    });
}

/// Distance to the end point against steps, on a logarithmic scale.
fn chart(ui: &mut Ui, run: &Run, steps: usize) {
    let tokens = theme::tokens(ui);
    ui.add_space(4.0);
    section(ui, "Distance to the end point", "log scale");
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), CHART), Sense::hover());
    let area = Rect::from_min_max(rect.min + vec2(46.0, 6.0), rect.max - vec2(58.0, 34.0));
    let largest = run.with.iter().chain(&run.without).map(|s| s.distance).fold(f64::MIN_POSITIVE, f64::max);
    // What is nearer than this is rounding.
    let floor = largest.max(1e-300) * 1e-14;
    let log = |s: &Step| s.distance.max(floor).log10();
    let mut y = Range::of(run.with.iter().chain(&run.without).map(log), 0.05);
    // Two decades at least, so that one is labelled.
    y.min = y.min.min(y.max - 2.0);
    let chart = Chart { area, x: Range { min: 0.0, max: steps as f64 }, y };
    let painter = ui.painter().clone();
    let ticks = log_ticks(y, 1.0, area.height() * 2.0);
    let labelled: Vec<Tick> = ticks.into_iter().filter(|t| !t.label.is_empty()).collect();
    chart.grid(&painter, tokens, &[], &labelled);
    chart.y_axis(&painter, tokens, &labelled);
    chart.x_axis(&painter, tokens, &whole_ticks(steps));
    painter.text(
        pos2(area.center().x, area.bottom() + 21.0),
        Align2::CENTER_TOP,
        "steps",
        theme::small(),
        tokens.text2,
    );
    let lines = [(&run.without, tokens.text2, "no decay"), (&run.with, color(tokens), "decay")];
    let ends = lines.map(|(line, ..)| line.get(run.shown).or(line.last()).map_or(area.top(), |s| chart.py(log(s))));
    let at = spread(&ends, 13.0, Rangef::new(area.top() - 4.0, area.bottom() - 7.0));
    for (i, (line, color, name)) in lines.into_iter().enumerate() {
        curve(&painter, &chart, line.iter().take(run.shown + 1).map(log), color, i == 0);
        let x = chart.px(run.shown.min(line.len() - 1) as f64) + 6.0;
        painter.text(pos2(x, at[i]), Align2::LEFT_CENTER, name, theme::small_strong(), color);
    }
    let (k, step) = run.last();
    let value = format!("{} after {k} steps", format::significant(step.distance, 2));
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Image, true, "Distance chart");
        info.current_text_value = Some(value.clone());
        info
    });
    if let Some(pointer) = response.hover_pos() {
        let k = chart.x_at(pointer.x).round().clamp(0.0, steps as f64) as usize;
        response.on_hover_text_at_pointer(values_at(run, k));
    }
}

fn curve(painter: &Painter, chart: &Chart, heights: impl Iterator<Item = f64>, color: Color32, is_dashed: bool) {
    let points: Vec<_> = heights.enumerate().map(|(k, y)| chart.pos(k as f64, y)).collect();
    let stroke = Stroke::new(1.75, color);
    if is_dashed {
        painter.extend(Shape::dashed_line(&points, Stroke::new(1.25, color), 4.0, 3.0));
    } else if points.len() > 1 {
        painter.add(Shape::line(points, stroke));
    }
}

fn values_at(run: &Run, k: usize) -> String {
    let line = |name: &str, steps: &[Step]| match steps.get(k) {
        Some(step) => format!(
            "{name}: w {}, {} · MSE {} above the least · {} from its end",
            format::number(step.weights[0]),
            format::number(step.weights[1]),
            format::number(step.mse_excess),
            format::significant(step.distance, 2)
        ),
        None => format!("{name}: far outside by then"),
    };
    format!("Step {k}\n{}\n{}", line("With decay", &run.with), line("Without", &run.without))
}

/// Ticks at whole numbers of steps.
fn whole_ticks(steps: usize) -> Vec<Tick> {
    let range = Range { min: 0.0, max: steps as f64 };
    linear_ticks(range, 3).into_iter().filter(|t| t.value.fract() == 0.0).collect()
}
