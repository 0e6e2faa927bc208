//! One picture of two weights: loss contours, the region of a budget, where they touch, and whatever the caller lays over it.
//!
//! Knows no analysis: the slice of the user's own regression and the loss of the playground are drawn alike. All points are
//! weights as the penalty sees them; `stretch` turns them into the units on the axes.

use eframe::egui::{
    Align2, Color32, CornerRadius, EventFilter, Id, Key, Painter, Pos2, Rect, Response, Role, Sense, Stroke,
    StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use crate::app::format;
use crate::app::lens::Lens;
use crate::app::theme::{self, Tokens};
use crate::app::views::chart::{Chart, Range, Tick, linear_ticks};
use crate::app::views::widgets::{elided, text_width};
use crate::insight::plane::{Loss, Region};

mod contours;
mod labels;
mod marks;

pub use labels::Labels;
pub use marks::{Fit, Spot, SpotKind, Track, arrow};

/// What one picture shows.
pub struct Picture<'a> {
    /// For screen readers and tests.
    pub name: String,
    /// The same as a sentence of values.
    pub value: String,
    /// Shown at the pointer.
    pub tooltip: String,
    /// Its contours are drawn.
    pub loss: &'a Loss,
    /// Region of the budget, if there is one.
    pub region: Option<Region>,
    /// Where the contour through it touches the region.
    pub fit: Option<Fit>,
    /// Name of the point of least loss; `None` leaves the point unnamed.
    pub center_label: Option<&'a str>,
    /// Units on the axes per unit of the weights.
    pub stretch: [f64; 2],
    /// Along the horizontal and the vertical axis.
    pub axes: [AxisName; 2],
    /// Lines laid over it.
    pub tracks: Vec<Track>,
    /// Points laid over it.
    pub spots: Vec<Spot>,
}

/// The name of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct AxisName {
    /// Cut in the middle where it does not fit.
    pub text: String,
    /// Written after it in a large picture, and never cut; may be empty.
    pub unit: &'static str,
    /// A feature colour, or that of text.
    pub color: Color32,
}

/// What the ranges of the axes are made to hold, in units of the axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Home {
    /// Left and right.
    pub x: Range,
    /// Bottom and top.
    pub y: Range,
    /// One unit is as long along both axes.
    pub is_equal: bool,
}

impl Home {
    /// The ranges that fill an area: where axes are equal, the shorter one grows.
    fn fill(&self, area: Rect) -> [Range; 2] {
        let ranges = [self.x, self.y];
        if !self.is_equal {
            return ranges;
        }
        let sides = [f64::from(area.width()), f64::from(area.height())];
        let per_pixel = [0, 1].map(|d| (ranges[d].max - ranges[d].min) / sides[d]).into_iter().fold(0.0, f64::max);
        [0, 1].map(|d| {
            let (middle, half) = (f64::midpoint(ranges[d].min, ranges[d].max), per_pixel * sides[d] / 2.0);
            Range { min: middle - half, max: middle + half }
        })
    }
}

/// The way between weights and pixels.
#[derive(Debug, Clone, Copy)]
pub struct PlaneMap {
    chart: Chart,
    stretch: [f64; 2],
}

impl PlaneMap {
    /// Of an area, as the lens shows it.
    pub fn new(area: Rect, home: &Home, lens: &Lens, stretch: [f64; 2]) -> Self {
        let [x, y] = lens.view(home.fill(area));
        Self { chart: Chart { area, x, y }, stretch }
    }

    /// The area inside the axes.
    pub fn area(&self) -> Rect {
        self.chart.area
    }

    /// Pixel of two weights.
    pub fn pos(&self, b: [f64; 2]) -> Pos2 {
        // Far outside, pixels lose their meaning before `f32` loses them.
        let far = |v: f32| v.clamp(-1e6, 1e6);
        let at = self.chart.pos(b[0] * self.stretch[0], b[1] * self.stretch[1]);
        pos2(far(at.x), far(at.y))
    }

    /// Weights at a pixel.
    pub fn at(&self, pixel: Pos2) -> [f64; 2] {
        let Chart { area, x, y } = self.chart;
        let across = f64::from((pixel.x - area.left()) / area.width());
        let up = f64::from((area.bottom() - pixel.y) / area.height());
        [(x.min + across * (x.max - x.min)) / self.stretch[0], (y.min + up * (y.max - y.min)) / self.stretch[1]]
    }

    /// Pixels of one unit of each weight.
    fn scale(&self) -> [f64; 2] {
        let Chart { area, x, y } = self.chart;
        [
            self.stretch[0] * f64::from(area.width()) / (x.max - x.min),
            self.stretch[1] * f64::from(area.height()) / (y.max - y.min),
        ]
    }

    /// Direction on screen, of length 1, of a gradient in weights: at right angles to the contours as they are drawn.
    pub fn gradient(&self, g: [f64; 2]) -> Vec2 {
        let scale = self.scale();
        let length = (g[0] / scale[0]).hypot(g[1] / scale[1]);
        if length > 0.0 {
            vec2((g[0] / scale[0] / length) as f32, (-g[1] / scale[1] / length) as f32)
        } else {
            Vec2::ZERO
        }
    }
}

/// How much room a picture has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// One of several views: few words.
    Small,
    /// The main thing on the screen.
    Large,
}

/// Room left of the area for the numbers of the vertical axis.
pub const LEFT: f32 = 34.0;
/// Room below it for numbers and name of the horizontal axis.
pub const BELOW: f32 = 36.0;

/// Draws a picture with its axes in and around `area`, and lets it be zoomed and moved. Points of the caller that can be
/// dragged are registered after this, so that they lie on top; `labels` says where there is still room for words.
pub fn show(ui: &mut Ui, id: Id, area: Rect, size: Size, picture: &Picture<'_>, home: &Home, lens: &mut Lens) -> Shown {
    let tokens = theme::tokens(ui);
    let response = ui.interact(area, id, Sense::CLICK | Sense::DRAG | Sense::FOCUSABLE);
    take_input(ui, &response, lens);
    take_keys(ui, &response, lens);
    let map = PlaneMap::new(area, home, lens, picture.stretch);
    let painter = ui.painter().clone();
    let inside = ui.painter_at(area);
    let mut labels = Labels::new(area.shrink(3.0));
    axes(&painter, tokens, &map, size, picture, &mut labels);
    if let Some(region) = &picture.region {
        marks::region_fill(&inside, tokens, &map, region);
    }
    zero_lines(&inside, tokens, &map);
    let at_fit = picture.fit.as_ref().map(|fit| picture.loss.excess(fit.at));
    let rings = contours::rings(&map, picture.loss, at_fit);
    contours::draw(&inside, tokens, &map, picture.loss, &rings);
    if let Some(region) = &picture.region {
        marks::region_outline(&inside, tokens, &map, region);
    }
    marks::reserve(&map, size, picture, &mut labels);
    if let Some(fit) = &picture.fit {
        contours::touching(&inside, tokens, &map, picture.loss, fit.at);
        labels.avoid(&contours::pixels(&map, picture.loss, picture.loss.excess(fit.at)));
    }
    marks::tracks(&inside, tokens, &map, &picture.tracks);
    marks::draw(&inside, tokens, &map, size, picture);
    marks::names(&inside, tokens, &map, size, picture, &mut labels);
    labels.forget_lines();
    let mut told = told_points(&map, picture);
    told.extend(contours::values(&inside, tokens, &map, size, picture, &rings, &mut labels));
    painter.rect_stroke(area, CornerRadius::ZERO, Stroke::new(1.0, tokens.border), StrokeKind::Inside);
    if response.has_focus() {
        painter.rect_stroke(area, CornerRadius::same(2), Stroke::new(1.5, tokens.accent), StrokeKind::Inside);
    }
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Image, true, &picture.name);
        info.current_text_value = Some(picture.value.clone());
        info
    });
    let part = response.hover_pos().and_then(|at| told.iter().find(|(rect, _)| rect.contains(at)));
    let tip = part.map_or(picture.tooltip.as_str(), |(_, tip)| tip);
    let response = if tip.is_empty() || response.dragged() { response } else { response.on_hover_text_at_pointer(tip) };
    Shown { map, response, labels }
}

/// What fit and least squares are, where they stand.
fn told_points(map: &PlaneMap, picture: &Picture<'_>) -> Vec<(Rect, String)> {
    let place = |b: [f64; 2]| Rect::from_center_size(map.pos(b), vec2(14.0, 14.0));
    let values = |b: [f64; 2]| {
        let name = |d: usize| format!("{} {}", picture.axes[d].text, format::number(b[d] * picture.stretch[d]));
        format!("{}, {}", name(0), name(1))
    };
    let error = |b: [f64; 2]| format::number(2.0 * picture.loss.value(b));
    let fit = picture.fit.iter().map(|fit| (fit.at, "Fit"));
    let all = fit.chain([(picture.loss.center, "Least squares in this plane")]);
    all.map(|(b, name)| (place(b), format!("{name}: {}\nMean squared error {}", values(b), error(b)))).collect()
}

/// What was drawn, for what is laid over it.
pub struct Shown {
    /// Between weights and pixels.
    pub map: PlaneMap,
    /// Of the whole area.
    pub response: Response,
    /// Where words stand already.
    pub labels: Labels,
}

/// Scroll or pinch zooms, a drag moves, a double click goes home.
fn take_input(ui: &Ui, response: &Response, lens: &mut Lens) {
    if response.double_clicked() {
        lens.reset();
    }
    let area = response.rect;
    if response.dragged() {
        let by = response.drag_delta();
        lens.pan([f64::from(by.x / area.width()), f64::from(-by.y / area.height())]);
    }
    if let Some(pointer) = response.hover_pos() {
        let (scroll, pinch) = ui.input(|i| (i.smooth_scroll_delta().y, i.zoom_delta()));
        let factor = f64::from((scroll * 0.005).exp() * pinch);
        if (factor - 1.0).abs() > 1e-6 {
            let share = (pointer - area.left_bottom()) / area.size();
            lens.zoom_about([f64::from(share.x), f64::from(-share.y)], factor);
        }
    }
}

/// With the focus on the picture, arrows move it, plus and minus zoom, 0 goes home.
fn take_keys(ui: &Ui, response: &Response, lens: &mut Lens) {
    if !response.has_focus() {
        return;
    }
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    let count = |key: Key| ui.input(|i| i.num_presses(key)) as f64;
    let right = count(Key::ArrowRight) - count(Key::ArrowLeft);
    let up = count(Key::ArrowUp) - count(Key::ArrowDown);
    // The view goes where the arrow points.
    lens.pan([-0.1 * right, -0.1 * up]);
    let closer = count(Key::Plus) + count(Key::Equals) - count(Key::Minus);
    lens.zoom_about([0.5; 2], 1.25_f64.powf(closer));
    if count(Key::Num0) > 0.0 {
        lens.reset();
    }
}

fn ticks(map: &PlaneMap) -> [Vec<Tick>; 2] {
    let Chart { area, x, y } = map.chart;
    let target = |length: f32| ((length / 46.0) as usize).clamp(3, 12);
    [linear_ticks(x, target(area.width())), linear_ticks(y, target(area.height()))]
}

fn zero_lines(painter: &Painter, tokens: &Tokens, map: &PlaneMap) {
    map.chart.rule(painter, 0.0, tokens.control_border);
    let x = map.pos([0.0, 0.0]).x;
    painter.vline(x.round() + 0.5, map.area().y_range(), Stroke::new(1.0, tokens.control_border));
}

/// Grid, numbers and names.
fn axes(painter: &Painter, tokens: &Tokens, map: &PlaneMap, size: Size, picture: &Picture<'_>, labels: &mut Labels) {
    let [x_ticks, y_ticks] = ticks(map);
    let area = map.area();
    map.chart.grid(&painter.with_clip_rect(painter.clip_rect().intersect(area)), tokens, &x_ticks, &y_ticks);
    map.chart.y_axis(painter, tokens, &y_ticks);
    for tick in &x_ticks {
        let at = pos2(map.chart.px(tick.value), area.bottom() + 5.0);
        painter.text(at, Align2::CENTER_TOP, &tick.label, theme::small(), tokens.text2);
    }
    let font = theme::small_strong();
    let name = |d: usize| {
        let axis = &picture.axes[d];
        let unit = if size == Size::Large { axis.unit } else { "" };
        let room = area.width() * 0.7 - text_width(painter, unit, &font);
        elided(painter, &axis.text, &font, room) + unit
    };
    painter.text(
        pos2(area.right(), area.bottom() + 20.0),
        Align2::RIGHT_TOP,
        name(0),
        font.clone(),
        picture.axes[0].color,
    );
    let galley = painter.layout_no_wrap(name(1), font.clone(), picture.axes[1].color);
    let inset = if size == Size::Small { vec2(6.0, 5.0) } else { vec2(8.0, 7.0) };
    let ground = Rect::from_min_size(area.left_top() + inset, galley.size()).expand(2.0);
    // It stands on the picture and is drawn with the other words, over the contours.
    labels.put_off(ground, galley);
}
