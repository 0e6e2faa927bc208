//! A loss that the user shapes, under a diamond and a circle: why one of them makes weights exactly zero.

use eframe::egui::{
    Align, Align2, Button, Id, Layout, Rect, RichText, ScrollArea, Slider, Stroke, Ui, UiBuilder, WidgetInfo, pos2,
    vec2,
};

use crate::app::format;
use crate::app::playground::{Pictures, Play};
use crate::app::theme;
use crate::app::views::chart::Range;
use crate::app::views::geometry::legend;
use crate::app::views::plane::{self, AxisName, Fit, Home, Picture, PlaneMap, Size, Spot, SpotKind, Track};
use crate::app::views::shaping::{Knob, knob};
use crate::app::views::widgets::{divider, section, segments, slim_slider, switch};
use crate::app::views::{formula, plane_handle, weight_decay};
use crate::app::weight_decay::Decay;
use crate::insight::plane::Contact;
use crate::insight::playground::{Playground, Preset, REACH};

/// Width of the right column.
pub const COLUMN: f32 = 288.0;
/// Title above a picture, and budget and sentence below it.
const ABOVE: f32 = 44.0;
const BELOW: f32 = plane::BELOW + 108.0;

const HOME: Home = Home { x: Range { min: -REACH, max: REACH }, y: Range { min: -REACH, max: REACH }, is_equal: true };

/// One of the two pictures.
#[derive(Clone, Copy)]
struct Cell {
    decay: Decay,
    rect: Rect,
    area: Rect,
}

/// The whole page below its head.
pub fn show(ui: &mut Ui, play: &mut Play) {
    play.keep_visible();
    let whole = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(whole);
    let column = Rect::from_min_max(pos2(whole.right() - COLUMN, whole.top()), whole.max);
    let left = Rect::from_min_max(whole.min, pos2(column.left(), whole.bottom()));
    ui.painter().vline(column.left().round() + 0.5, whole.y_range(), Stroke::new(1.0, theme::tokens(ui).border));
    let head = Rect::from_min_max(left.min, pos2(left.right(), left.top() + 68.0)).shrink2(vec2(theme::PADDING, 0.0));
    // Presets come first: they may change everything else.
    ui.scope_builder(UiBuilder::new().max_rect(head), |ui| presets(ui, play));
    play.keep_visible();
    let body = Rect::from_min_max(pos2(left.left(), head.bottom()), left.max).shrink2(vec2(theme::PADDING, 0.0));
    let cells = cells(body, play.pictures);
    take_handles(ui, play, &cells);
    // Then what sits below the pictures and beside them, so that what is drawn already follows.
    for cell in &cells {
        budget(ui, play, cell);
    }
    ui.scope_builder(UiBuilder::new().max_rect(column), |ui| side(ui, play));
    for cell in &cells {
        picture(ui, play, cell);
    }
    let sentences = cells[0].area.bottom() + plane::BELOW + 50.0 + 34.0;
    let room = Rect::from_min_max(pos2(cells[0].area.left(), sentences), body.right_bottom());
    legend(ui, room, Size::Large, play.shape.correlation());
}

fn cells(body: Rect, pictures: Pictures) -> Vec<Cell> {
    let shown: &[Decay] = match pictures {
        Pictures::Both => &[Decay::L1, Decay::L2],
        Pictures::L1 => &[Decay::L1],
        Pictures::L2 => &[Decay::L2],
    };
    let width = (body.width() - 32.0 * (shown.len() - 1) as f32) / shown.len() as f32;
    let side = (width - plane::LEFT).min(body.height() - ABOVE - BELOW).max(80.0);
    let cell = |(i, decay): (usize, &Decay)| {
        // A single picture stands in the middle.
        let slack = if shown.len() == 1 { (width - plane::LEFT - side) / 2.0 } else { 0.0 };
        let x = body.left() + slack + i as f32 * (width + 32.0);
        let rect = Rect::from_min_size(pos2(x, body.top()), vec2(side + plane::LEFT, body.height()));
        let area = Rect::from_min_size(pos2(x + plane::LEFT, body.top() + ABOVE), vec2(side, side));
        Cell { decay: *decay, rect, area }
    };
    shown.iter().enumerate().map(cell).collect()
}

fn index(decay: Decay) -> usize {
    usize::from(decay == Decay::L2)
}

fn title(decay: Decay) -> &'static str {
    if decay == Decay::L1 { "Lasso" } else { "Ridge" }
}

fn least_squares_id(decay: Decay) -> Id {
    Id::unique(("playground least squares", decay == Decay::L1))
}

fn start_id() -> Id {
    Id::unique("playground start")
}

/// What hands have moved since the last pass.
fn take_handles(ui: &Ui, play: &mut Play, cells: &[Cell]) {
    for cell in cells {
        let map = PlaneMap::new(cell.area, &HOME, &play.lenses[index(cell.decay)], [1.0; 2]);
        if let Some(to) = plane_handle::moved(ui.ctx(), least_squares_id(cell.decay), &map, play.shape.least_squares())
        {
            play.shape.set_least_squares(to);
        }
        if cell.decay == play.decay.decay {
            let ground = play.ground();
            weight_decay::take_input(ui, start_id(), &map, &mut play.decay, &ground);
        }
    }
}

fn presets(ui: &mut Ui, play: &mut Play) {
    let tokens = theme::tokens(ui);
    ui.horizontal(|ui| {
        ui.set_height(32.0);
        let chosen = play.preset();
        for preset in Preset::ALL {
            let is_chosen = chosen == Some(preset);
            let text = RichText::new(preset.label()).font(if is_chosen { theme::strong() } else { theme::body() });
            let text = if is_chosen { text.color(tokens.accent) } else { text };
            let button = Button::new(text).fill(if is_chosen { tokens.tint } else { tokens.control });
            let response = ui.add(button).on_hover_text(preset.sentence());
            response.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, is_chosen, preset.label()));
            if response.clicked() {
                play.choose(preset);
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.available_width() > 130.0 {
                let options = [
                    ("Both", Pictures::Both, "Diamond and circle side by side"),
                    ("L1", Pictures::L1, "The diamond of the lasso alone"),
                    ("L2", Pictures::L2, "The circle of ridge alone"),
                ];
                segments(ui, "Pictures", &options, &mut play.pictures);
            }
        });
    });
    let sentence = play.preset().map_or(
        "Drag the ring: it is the least-squares point. See which weight the diamond sets to 0, and that the circle sets none",
        Preset::sentence,
    );
    ui.add(egui::Label::new(RichText::new(sentence).color(tokens.text2)).wrap());
}

/// The budget slider of one picture; the other ball keeps the same corners.
fn budget(ui: &mut Ui, play: &mut Play, cell: &Cell) {
    let tokens = theme::tokens(ui);
    let ratio = play.l1_ratio(cell.decay);
    let (t, whole) = (play.shape.budget(ratio), play.shape.whole_budget(ratio));
    let top = cell.area.bottom() + plane::BELOW;
    let rect = Rect::from_min_max(pos2(cell.area.left(), top), pos2(cell.area.right(), top + 44.0));
    ui.scope_builder(UiBuilder::new().max_rect(rect).id_salt(("playground budget", index(cell.decay))), |ui| {
        ui.horizontal(|ui| {
            let tip = match cell.decay {
                Decay::L2 => "The C of the textbooks: w₁² + w₂² ≤ t",
                Decay::L1 if ratio < 1.0 => "The C of the textbooks: Σ l1_ratio·|w| + (1 − l1_ratio)/2·w² ≤ t",
                Decay::L1 => "The C of the textbooks: |w₁| + |w₂| ≤ t",
            };
            ui.label(RichText::new("Budget t").color(tokens.text2)).on_hover_text(tip);
            ui.label(RichText::new(format::number(t)).font(theme::strong()));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.available_width() > 100.0 {
                    let text = format!("of {} at least squares", format::number(whole));
                    ui.label(RichText::new(text).small().color(tokens.text2));
                }
            });
        });
        let mut wanted = t;
        let width = ui.available_width();
        let slider = slim_slider(ui, Slider::new(&mut wanted, 0.0..=(1.1 * whole).max(1e-3)), width);
        slider.widget_info(|| WidgetInfo::slider(true, wanted, format!("{} budget t", title(cell.decay))));
        if slider.changed() {
            play.shape.set_budget(ratio, wanted);
        }
    });
}

fn sentence(shape: &Playground, ratio: f64) -> String {
    let name = |j: usize| ["w₁", "w₂"][j];
    match shape.contact(ratio) {
        None => "The budget does not bind: the fit is least squares".to_owned(),
        Some(Contact::Edge) if ratio < 1.0 => "Touches a rounded edge: both stay in".to_owned(),
        Some(Contact::Edge) => "Touches an edge: both stay in".to_owned(),
        Some(Contact::Corner(zero)) => format!("Touches a corner, so {} is exactly 0", name(zero)),
        Some(Contact::Circle) => "No corners, so both only shrink".to_owned(),
        Some(Contact::BothZero) => "No budget is left: both are 0".to_owned(),
    }
}

fn picture(ui: &mut Ui, play: &mut Play, cell: &Cell) {
    let tokens = theme::tokens(ui);
    let ratio = play.l1_ratio(cell.decay);
    let loss = play.shape.loss();
    let found = play.shape.solution(ratio);
    let region = play.shape.region(ratio);
    let sentence = sentence(&play.shape, ratio);
    heading(ui, cell, ratio, found.alpha);
    let mut tracks = vec![
        Track {
            points: loss.contour(play.shape.sampling_excess(), 96),
            color: tokens.text2,
            width: 1.0,
            is_dashed: true,
            dots: 0.0,
            label: "1 SE".to_owned(),
        },
        Track {
            points: play.shape.locus(ratio, 64),
            color: tokens.accent,
            width: 1.5,
            is_dashed: true,
            dots: 0.0,
            label: String::new(),
        },
    ];
    let center =
        Spot { at: loss.center, kind: SpotKind::Handle, color: tokens.text, label: "least squares".to_owned() };
    let mut spots = vec![center];
    let ground = play.ground();
    let has_descent = cell.decay == play.decay.decay;
    if has_descent {
        let (lines, points) = weight_decay::Run::new(&play.decay, &ground).overlay(found.weights, tokens);
        tracks.extend(lines);
        spots.extend(points);
    }
    let fit = found.weights.map(format::number);
    let unit = if play.shape.standardize { ", per SD" } else { "" };
    let axis = |text: &str| AxisName { text: text.to_owned(), unit, color: tokens.text };
    let shown = Picture {
        name: format!("{} playground", title(cell.decay)),
        value: format!("fit {}, {}; budget {}; {sentence}", fit[0], fit[1], format::number(region.budget)),
        tooltip: format!(
            "{sentence}\nDrag the ring at least squares; scroll or pinch to zoom, double-click to see all"
        ),
        loss: &loss,
        region: Some(region),
        fit: Some(Fit {
            at: found.weights,
            pull: loss.pull(found.weights),
            label: format!("fit {}, {}", fit[0], fit[1]),
        }),
        center_label: None,
        stretch: [1.0; 2],
        axes: [axis("w₁"), axis("w₂")],
        tracks,
        spots,
    };
    let lens = &mut play.lenses[index(cell.decay)];
    let id = Id::unique(("playground picture", index(cell.decay)));
    let map = plane::show(ui, id, cell.area, Size::Large, &shown, &HOME, lens).map;
    if has_descent {
        weight_decay::start_handle(ui, start_id(), &map, &mut play.decay, &ground);
    }
    let name = format!("Least squares of the {} picture", title(cell.decay).to_lowercase());
    let tip = "Least squares: drag it, or move it with the arrow keys\nThe dashed ellipse is one standard error around it in 25 rows";
    plane_handle::register(ui, least_squares_id(cell.decay), &map, play.shape.least_squares(), &name, tip);
    let at = pos2(cell.area.left(), cell.area.bottom() + plane::BELOW + 50.0);
    let words = ui.painter().layout(sentence, theme::body(), tokens.text2, cell.area.width());
    ui.painter().galley(at, words, tokens.text2);
}

/// What the picture minimises, and the alpha of it.
fn heading(ui: &Ui, cell: &Cell, ratio: f64, alpha: f64) {
    let tokens = theme::tokens(ui);
    let painter = ui.painter();
    let y = cell.rect.top() + ABOVE / 2.0;
    let name = if cell.decay == Decay::L1 && ratio < 1.0 { "Elastic net" } else { title(cell.decay) };
    let end = painter.text(pos2(cell.area.left(), y), Align2::LEFT_CENTER, name, theme::strong(), tokens.text);
    let alpha = painter.text(
        pos2(cell.area.right(), y),
        Align2::RIGHT_CENTER,
        format!("alpha {}", format::number(alpha)),
        theme::small(),
        tokens.text2,
    );
    let text = match cell.decay {
        Decay::L2 => formula::text::RIDGE,
        Decay::L1 if ratio < 1.0 => formula::text::ELASTIC_NET,
        Decay::L1 => formula::text::LASSO,
    };
    let laid = formula::Laid::new(painter, text, theme::body().size, tokens.text2, tokens.accent);
    if end.right() + 10.0 + laid.width + 10.0 < alpha.left() {
        laid.paint(painter, pos2(end.right() + 10.0, end.center().y + 4.5));
    }
}

/// The right column: what shapes the loss, and the descent on it.
fn side(ui: &mut Ui, play: &mut Play) {
    ui.spacing_mut().item_spacing.y = 3.0;
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        let inner = ui.available_rect_before_wrap().shrink2(vec2(theme::PADDING, 0.0));
        ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
            ui.add_space(4.0);
            section(ui, "Shape of the loss", "two features");
            shape(ui, &mut play.shape);
            ui.add_space(4.0);
            divider(ui);
            ui.add_space(2.0);
            if play.pictures == Pictures::Both {
                weight_decay::choose(ui, &mut play.decay);
            }
            let ground = play.ground();
            let end = match play.decay.decay {
                Decay::L2 => "the ridge fit",
                Decay::L1 if ground.l1_ratio < 1.0 => "the elastic net fit",
                Decay::L1 => "the lasso fit",
            };
            weight_decay::show(ui, &mut play.decay, &ground, end);
        });
    });
}

fn shape(ui: &mut Ui, shape: &mut Playground) {
    let most = Playground::MAX_CORRELATION;
    let mut rho = shape.correlation();
    let tip = "ρ: correlation of the two features\nIt turns and stretches the ellipses";
    if knob(ui, &Knob { name: "Correlation ρ", tip, range: (-most, most), log: false }, &mut rho) {
        shape.set_correlation(rho);
    }
    let mut sigma = shape.noise();
    let tip = "σ: standard deviation of the noise in y\nIt widens the dashed ellipse, within which least squares falls by chance in 25 rows";
    if knob(ui, &Knob { name: "Noise σ", tip, range: Playground::NOISE, log: false }, &mut sigma) {
        shape.set_noise(sigma);
    }
    for (j, name) in ["SD of x₁", "SD of x₂"].into_iter().enumerate() {
        let mut sd = shape.sds()[j];
        let tip = "Standard deviation of the feature, as if it were measured in another unit\nMatters to the penalty unless features are standardised";
        if knob(ui, &Knob { name, tip, range: Playground::SDS, log: false }, &mut sd) {
            shape.set_sd(j, sd);
        }
    }
    let mut ratio = shape.l1_ratio();
    let tip =
        "Share of the L1 part in the penalty of the diamond: 1 is the lasso, less an elastic net with rounded edges";
    if knob(ui, &Knob { name: "l1_ratio r", tip, range: (Playground::MIN_L1_RATIO, 1.0), log: false }, &mut ratio) {
        shape.set_l1_ratio(ratio);
    }
    switch(ui, "Standardize", &mut shape.standardize).on_hover_text(
        "Divides each feature by its SD before the penalty sees its weight, as the analysis does by default",
    );
}
