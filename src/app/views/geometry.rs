//! Diamond and circle against the loss contours of the user's own data.

use eframe::egui::{Align2, Id, Rect, Sense, Ui, UiBuilder, pos2, vec2};

use crate::analysis::{Analysis, Penalty};
use crate::app::format;
use crate::app::selection::Selection;
use crate::app::theme;
use crate::app::views::geometry::controls::{budget_row, legend};
use crate::app::views::geometry::picture::{Side, homes};
use crate::app::views::plane::{self, Home, Size};
use crate::app::views::widgets::{elided, panel_head, text_width};

mod controls;
mod pair;
mod picture;

/// Above a picture.
const TITLE: f32 = 22.0;
/// Label and rail of a budget.
const BUDGET: f32 = 48.0;
/// One line of the sentence below.
const LINE: f32 = 15.0;

const PENALTIES: [Penalty; 2] = [Penalty::Lasso, Penalty::Ridge];

/// The whole panel: both penalties side by side on one scale.
pub fn show(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) {
    panel_head(ui, "Geometry", "others held at the fit", 210.0, |ui| {
        if analysis.design.features.len() > 1 {
            pair::boxes(ui, analysis, selection);
        }
    });
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    if analysis.design.features.len() < 2 {
        one_feature(ui, rect);
        return;
    }
    let inner = rect.shrink2(vec2(theme::PADDING, 0.0));
    pictures(ui, inner, Size::Small, analysis, selection);
}

fn one_feature(ui: &Ui, rect: Rect) {
    let at = rect.center_top() + vec2(0.0, 48.0);
    let words = "Two features make a plane; this regression has one".to_owned();
    let galley = ui.painter().layout(words, theme::body(), theme::tokens(ui).text2, rect.width() - 48.0);
    ui.painter().galley(at - vec2(galley.size().x / 2.0, 0.0), galley, theme::tokens(ui).text2);
}

/// Both pictures with their titles, budgets and sentences.
fn pictures(ui: &mut Ui, inner: Rect, size: Size, analysis: &Analysis, selection: &mut Selection) {
    let gap = if size == Size::Small { 16.0 } else { 32.0 };
    let width = (inner.width() - gap) / 2.0;
    let below = plane::BELOW + BUDGET + 2.0 * LINE + 26.0;
    let height = (width - plane::LEFT).min(inner.height() - TITLE - below).max(80.0);
    let cell = |i: usize| {
        Rect::from_min_size(pos2(inner.left() + i as f32 * (width + gap), inner.top()), vec2(width, inner.height()))
    };
    let area = |i: usize| {
        let left_top = cell(i).left_top() + vec2(plane::LEFT, TITLE);
        Rect::from_min_size(left_top, vec2(width - plane::LEFT, height))
    };
    let under = |i: usize| area(i).bottom() + plane::BELOW;
    // The sliders come first, so that what is drawn already follows them.
    for (i, penalty) in PENALTIES.into_iter().enumerate() {
        let row = Rect::from_min_max(pos2(area(i).left(), under(i)), pos2(area(i).right(), under(i) + BUDGET));
        ui.scope_builder(UiBuilder::new().max_rect(row).id_salt(("budget", penalty)), |ui| {
            budget_row(ui, analysis, selection, penalty);
        });
    }
    let sides = PENALTIES.map(|penalty| Side::new(analysis, penalty, selection));
    let homes = homes(&sides, true);
    for (i, side) in sides.iter().enumerate() {
        title(ui, area(i), side);
        one(ui, area(i), size, side, &homes[i], selection, i);
        let words = ui.painter().layout(side.sentence(), theme::small(), theme::tokens(ui).text2, area(i).width());
        ui.painter().galley(pos2(area(i).left(), under(i) + BUDGET), words, theme::tokens(ui).text2);
    }
    legend(ui, Rect::from_min_max(pos2(inner.left(), under(0) + BUDGET + 2.0 * LINE), inner.right_bottom()));
}

fn one(ui: &mut Ui, area: Rect, size: Size, side: &Side<'_>, home: &Home, selection: &mut Selection, i: usize) {
    let picture = side.picture(theme::tokens(ui), selection);
    let id = Id::unique(("geometry", side.penalty, size == Size::Large));
    plane::show(ui, id, area, size, &picture, home, &mut selection.lenses[i]);
}

/// The penalty, and what its budget leaves to the pair; the bound is always readable.
fn title(ui: &Ui, area: Rect, side: &Side<'_>) {
    let (painter, tokens) = (ui.painter(), theme::tokens(ui));
    let y = area.top() - TITLE + 9.0;
    let at = pos2(area.left(), y);
    let name = painter.text(at, Align2::LEFT_CENTER, side.title(), theme::small_strong(), tokens.text);
    let (font, bound) = (theme::small(), format::number(side.slice.region.budget));
    let room = area.right() - name.right() - 6.0;
    let is_net = side.penalty == Penalty::Lasso && side.analysis.settings.l1_ratio < 1.0;
    let (open, middle, close) = if side.penalty == Penalty::Lasso { ("|", "| + |", "|") } else { ("", "² + ", "²") };
    let frame = text_width(painter, &format!("{open}{middle}{close} ≤ {bound}"), &font);
    // The bound is what the line is for: the names give way.
    let each = (room - frame) / 2.0;
    let text = if is_net || each < 14.0 {
        [format!("pair ≤ {bound}"), format!("≤ {bound}")]
            .into_iter()
            .find(|text| text_width(painter, text, &font) <= room)
            .unwrap_or_default()
    } else {
        let [j, k] = [0, 1].map(|i| elided(painter, side.feature(i), &font, each));
        format!("{open}{j}{middle}{k}{close} ≤ {bound}")
    };
    painter.text(pos2(name.right() + 6.0, y), Align2::LEFT_CENTER, text, font, tokens.text2);
}
