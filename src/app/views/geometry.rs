//! Diamond and circle against the loss contours of the user's own data.

use eframe::egui::{Align2, Id, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::analysis::{Analysis, Penalty};
use crate::app::command::Command;
use crate::app::data_view::Page;
use crate::app::format;
use crate::app::selection::Selection;
use crate::app::theme;
use crate::app::twins::Twin;
use crate::app::views::explain::explain;
pub use crate::app::views::geometry::controls::legend;
use crate::app::views::geometry::controls::{budget_row, legend_height};
use crate::app::views::geometry::picture::{Side, homes};
use crate::app::views::panel_frame::focus_ring;
use crate::app::views::plane::{self, Home, Size};
use crate::app::views::table_twin;
use crate::app::views::weight_decay;
use crate::app::views::widgets::{corners, head_icon, panel_head, text_width};
use crate::insight::geometry::{NoProfile, Others};
use crate::insight::plane::Contact;

mod controls;
mod descent;
pub mod page;
mod pair;
mod picture;
mod pull_box;

/// Label and rail of a budget.
const BUDGET: f32 = 48.0;
/// One line of the sentence below.
const LINE: f32 = 15.0;

const PENALTIES: [Penalty; 2] = [Penalty::Lasso, Penalty::Ridge];

/// The whole panel: both penalties side by side.
pub fn show(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) -> Option<Command> {
    let mut command = None;
    let others = selection.plane.others;
    // In a narrow panel only what is not as usual is said.
    let is_said = others != Others::Held || ui.available_width() > 420.0;
    let remark = if is_said { controls::others_name(others).to_lowercase() } else { String::new() };
    panel_head(ui, "Geometry", &remark, |ui| {
        let large = Command::ShowPage(Page::Geometry);
        if expand(ui, large.tooltip()) {
            command = Some(large);
        }
        if analysis.design.features.len() > 1 {
            table_twin::button(ui, selection, Twin::Geometry);
            pair::boxes(ui, analysis, selection);
        }
    });
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    if analysis.design.features.len() < 2 {
        one_feature(ui, rect);
        return command;
    }
    let inner = rect.shrink2(vec2(theme::PADDING, 0.0));
    let areas = Areas::new(inner, Size::Small);
    budgets(ui, &areas, analysis, selection);
    pictures(ui, &areas, analysis, selection);
    command
}

/// A button with four corners that move apart.
fn expand(ui: &mut Ui, tip: &str) -> bool {
    let tokens = theme::tokens(ui);
    let rect = head_icon(ui);
    let response = ui.interact(rect, ui.scope_id().with("large"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Show the geometry large"));
    let is_lit = response.hovered() || response.has_focus();
    corners(ui.painter(), rect.center(), if is_lit { tokens.accent } else { tokens.text2 });
    focus_ring(ui, &response, rect);
    response.on_hover_text(tip).clicked()
}

fn one_feature(ui: &Ui, rect: Rect) {
    let at = rect.center_top() + vec2(0.0, 48.0);
    let words = "Two features make a plane; this regression has one".to_owned();
    let galley = ui.painter().layout(words, theme::body(), theme::tokens(ui).text2, rect.width() - 48.0);
    ui.painter().galley(at - vec2(galley.size().x / 2.0, 0.0), galley, theme::tokens(ui).text2);
}

/// Where the pictures stand.
struct Areas {
    inner: Rect,
    size: Size,
    width: f32,
    gap: f32,
    height: f32,
}

impl Areas {
    fn new(inner: Rect, size: Size) -> Self {
        let gap = if size == Size::Small { 14.0 } else { 32.0 };
        let width = (inner.width() - gap) / 2.0;
        let legend = if size == Size::Small { 34.0 } else { legend_height(inner.width()) + 12.0 };
        let below = plane::BELOW + BUDGET + 2.0 * LINE + legend;
        let tallest = (width - plane::LEFT) * if size == Size::Small { 1.0 } else { 1.3 };
        let height = tallest.min(inner.height() - title_height(size) - below).max(80.0);
        Self { inner, size, width, gap, height }
    }

    fn cell(&self, i: usize) -> Rect {
        let left = self.inner.left() + i as f32 * (self.width + self.gap);
        Rect::from_min_size(pos2(left, self.inner.top()), vec2(self.width, self.inner.height()))
    }

    /// Inside the axes.
    fn area(&self, i: usize) -> Rect {
        let left_top = self.cell(i).left_top() + vec2(plane::LEFT, title_height(self.size));
        Rect::from_min_size(left_top, vec2(self.width - plane::LEFT, self.height))
    }

    /// Below the axes.
    fn under(&self, i: usize) -> f32 {
        self.area(i).bottom() + plane::BELOW
    }

    /// Where words and sliders begin; they need more than the narrowest pictures have.
    fn left(&self, i: usize) -> f32 {
        if self.area(i).width() < 132.0 { self.cell(i).left() + 4.0 } else { self.area(i).left() }
    }
}

/// The sliders below the pictures; drawn first, so that what is drawn already follows them.
fn budgets(ui: &mut Ui, areas: &Areas, analysis: &Analysis, selection: &mut Selection) {
    for (i, penalty) in PENALTIES.into_iter().enumerate() {
        let top = areas.under(i);
        let row = Rect::from_min_max(pos2(areas.left(i), top), pos2(areas.area(i).right(), top + BUDGET));
        ui.scope_builder(UiBuilder::new().max_rect(row).id_salt(("budget", penalty)), |ui| {
            budget_row(ui, analysis, selection, penalty);
        });
    }
}

/// Both pictures with their titles and sentences.
fn pictures(ui: &mut Ui, areas: &Areas, analysis: &Analysis, selection: &mut Selection) {
    let (inner, size) = (areas.inner, areas.size);
    let sides = match Side::both(analysis, selection) {
        Ok(sides) => sides,
        Err(why) => {
            no_profile(ui, inner, &why);
            return;
        }
    };
    let homes = homes(&sides, selection.plane.extent());
    let mut bottom: f32 = 0.0;
    for (i, side) in sides.iter().enumerate() {
        title(ui, areas.area(i), size, side, selection);
        one(ui, areas.area(i), size, side, &homes[i], selection, i);
        let (font, color) = (theme::small(), theme::tokens(ui).text2);
        let words = ui.painter().layout(side.sentence(size), font, color, areas.area(i).right() - areas.left(i));
        bottom = bottom.max(areas.under(i) + BUDGET + words.size().y.max(2.0 * LINE));
        ui.painter().galley(pos2(areas.left(i), areas.under(i) + BUDGET), words, color);
    }
    let left = if size == Size::Small { inner.left() } else { areas.left(0) };
    let room = Rect::from_min_max(pos2(left, bottom), inner.right_bottom());
    legend(ui, room, size, sides[0].slice.correlation);
}

/// Why the others cannot be refitted, and what to do.
fn no_profile(ui: &Ui, inner: Rect, why: &NoProfile) {
    let (painter, tokens) = (ui.painter(), theme::tokens(ui));
    let words = format!("Others refitted: {why}. Choose Others held or Only these two");
    let galley = painter.layout(words, theme::body(), tokens.text, (inner.width() - 32.0).min(420.0));
    let rect = Rect::from_center_size(inner.center_top() + vec2(0.0, inner.height() * 0.28), galley.size());
    painter.rect_filled(rect.expand(10.0), 4, tokens.surface);
    painter.galley(rect.min, galley, tokens.text);
}

fn one(ui: &mut Ui, area: Rect, size: Size, side: &Side<'_>, home: &Home, selection: &mut Selection, i: usize) {
    let id = Id::unique(("geometry", side.penalty, size == Size::Large));
    if side.slice.contact() == Contact::BothZero {
        pull_box::show(ui, id, area, size, side, selection);
        return;
    }
    let mut picture = side.picture(theme::tokens(ui), selection, size);
    // As in `plane`, where the names of both axes are written.
    let font = theme::small_strong();
    for d in [0, 1] {
        picture.axes[d].text = side.short_name(ui.painter(), d, &font, area.width() * 0.7);
    }
    let ground = (size == Size::Large && descent::penalty(selection) == side.penalty)
        .then(|| descent::ground(side, home, selection));
    if let Some(ground) = &ground {
        descent::lay_over(ui, &mut picture, side, ground, selection);
    }
    let shown = plane::show(ui, id, area, size, &picture, home, selection.plane.lens(i));
    side.tell_names(ui, area, &font, [0, 1].map(|d| picture.axes[d].text.as_str()));
    if let Some(ground) = &ground {
        weight_decay::start_handle(ui, descent::start_id(), &shown.map, &mut selection.descent, ground);
    }
}

/// The penalty, and what its budget leaves to the pair; the bound is always readable.
fn title(ui: &Ui, area: Rect, size: Size, side: &Side<'_>, selection: &Selection) {
    let (painter, tokens) = (ui.painter(), theme::tokens(ui));
    let (strong, font) =
        if size == Size::Small { (theme::small_strong(), theme::small()) } else { (theme::strong(), theme::body()) };
    let y = area.top() - title_height(size) * 0.55;
    let line = Rect::from_min_max(area.left_top() - vec2(0.0, title_height(size)), area.right_top());
    let tip = "What the penalty leaves to these two features: the coloured region is all pairs within this bound";
    explain(ui, line, side.title(), tip);
    let mut right = area.right();
    let full = format!(
        "{}  |{}| + |{}| ≤ {}",
        side.title(),
        side.feature(0),
        side.feature(1),
        format::number(side.slice.region.budget)
    );
    let fits = text_width(painter, &full, &strong) + 4.0 < area.width();
    let left = if fits || size == Size::Large { area.left() } else { area.left() - plane::LEFT + 6.0 };
    let name = painter.text(pos2(left, y), Align2::LEFT_CENTER, side.title(), strong, tokens.text);
    if size == Size::Large {
        let alpha = selection.point(side.analysis, side.penalty).alpha();
        let words = format!("alpha {}", format::number(alpha));
        let at = painter.text(pos2(right, y), Align2::RIGHT_CENTER, words, theme::body(), tokens.text2);
        right = at.left() - 8.0;
    }
    let bound = format::number(side.slice.region.budget);
    let room = right - name.right() - 6.0;
    let (open, middle, close) = if side.penalty == Penalty::Lasso { ("|", "| + |", "|") } else { ("", "² + ", "²") };
    let frame = text_width(painter, &format!("{open}{middle}{close} ≤ {bound}"), &font);
    // The bound is what the line is for: the names give way.
    let each = (room - frame) / 2.0;
    let mut text = if side.is_net()
        || (each < 26.0 && [0, 1].iter().any(|i| text_width(painter, side.feature(*i), &font) > each))
    {
        [format!("pair ≤ {bound}"), format!("≤ {bound}")]
            .into_iter()
            .find(|text| text_width(painter, text, &font) <= room)
            .unwrap_or_default()
    } else {
        let [j, k] = [0, 1].map(|i| side.short_name(painter, i, &font, each));
        format!("{open}{j}{middle}{k}{close} ≤ {bound}")
    };
    let is_own = !side.is_as_penalized();
    let has_others = side.slice.others != Others::Absent && side.analysis.design.features.len() > 2;
    if is_own || has_others {
        let longer = if is_own {
            format!("{text}, in the units of the penalty")
        } else {
            format!("{text}, what the others leave of t")
        };
        if size == Size::Large && text_width(painter, &longer, &font) <= room {
            text = longer;
        }
    }
    painter.text(pos2(name.right() + 6.0, y), Align2::LEFT_CENTER, text, font, tokens.text2);
}

/// Room above a picture.
fn title_height(size: Size) -> f32 {
    if size == Size::Small { 22.0 } else { 28.0 }
}
