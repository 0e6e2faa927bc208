//! The geometry alone: large pictures, all that can be chosen about them, and the numbers behind.

use eframe::egui::{
    Align, Align2, Button, Id, Label, Layout, Rect, RichText, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use super::{Areas, PENALTIES, Side, budgets, controls, descent, one_feature, pair, pictures};
use crate::analysis::Analysis;
use crate::app::command::Command;
use crate::app::data_view::Page;
use crate::app::format;
use crate::app::plane_choice::Extent;
use crate::app::selection::{Selection, Units};
use crate::app::theme;
use crate::app::views::explain;
use crate::app::views::plane::Size;
use crate::app::views::playground;
use crate::app::views::widgets::{divider, elided, section, segments};
use crate::app::walk::{self, Region};
use crate::insight::plane::Contact;

/// Width of the column at the right.
const COLUMN: f32 = 288.0;

/// The whole page.
pub fn show(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) -> Option<Command> {
    let rect = ui.max_rect();
    let column = Rect::from_min_max(pos2(rect.right() - COLUMN, rect.top()), rect.max);
    let main = Rect::from_min_max(rect.min, pos2(column.left(), rect.bottom()));
    ui.painter().vline(column.left() + 0.5, rect.y_range(), Stroke::new(1.0, theme::tokens(ui).border));
    let mut command = None;
    walk::region(ui, Region::Page(0), Rect::from_min_size(main.min, vec2(main.width(), theme::PANEL_HEAD)));
    walk::region(ui, Region::Page(1), main);
    walk::region(ui, Region::Page(2), column);
    let switch = Rect::from_min_size(column.min, vec2(COLUMN, theme::PANEL_HEAD)).shrink2(vec2(theme::PADDING, 0.0));
    let layout = Layout::left_to_right(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(switch).layout(layout).id_salt("geometry of what"), |ui| {
        data_or_playground(ui, selection);
    });
    let head = Rect::from_min_size(main.min, vec2(main.width(), theme::PANEL_HEAD));
    // Registered before its controls, so that they stay above.
    let ground = ui.interact(head, Id::unique("geometry page head"), Sense::CLICK);
    let head = head.shrink2(vec2(theme::PADDING, 0.0));
    ui.scope_builder(UiBuilder::new().max_rect(head).layout(layout).id_salt("geometry head"), |ui| {
        command = if selection.play.is_open { playground_head(ui) } else { self::head(ui, analysis, selection) };
    });
    if ground.double_clicked() {
        command = Some(Command::ShowPage(Page::Analysis));
    }
    if selection.play.is_open {
        let below = Rect::from_min_max(pos2(rect.left(), head.bottom()), rect.max);
        ui.scope_builder(UiBuilder::new().max_rect(below).id_salt("playground"), |ui| {
            playground::show(ui, &mut selection.play);
        });
        return command;
    }
    let below = Rect::from_min_max(pos2(main.left(), head.bottom()), main.max);
    if analysis.design.features.len() < 2 {
        one_feature(ui, below);
        return command;
    }
    let inner = below.shrink2(vec2(theme::PADDING, 0.0));
    descent::take_input(ui, inner, analysis, selection);
    let areas = Areas::new(inner, Size::Large);
    budgets(ui, &areas, analysis, selection);
    let inside = Rect::from_min_max(pos2(column.left(), head.bottom()), column.max);
    ui.scope_builder(UiBuilder::new().max_rect(inside).id_salt("geometry column"), |ui| {
        right_column(ui, analysis, selection);
    });
    ui.scope_builder(UiBuilder::new().max_rect(inner).id_salt("pictures"), |ui| {
        pictures(ui, &areas, analysis, selection);
    });
    command
}

fn data_or_playground(ui: &mut Ui, selection: &mut Selection) {
    let options = [
        ("Your data", false, "The loss of your own regression"),
        ("Playground", true, "A loss of two weights that you shape, to see when one of them becomes exactly 0"),
    ];
    segments(ui, "Geometry of", &options, &mut selection.play.is_open);
}

fn playground_head(ui: &mut Ui) -> Option<Command> {
    ui.label(RichText::new("Playground").font(theme::strong()));
    ui.label(RichText::new("a loss of two weights to shape").small().color(theme::tokens(ui).text2));
    let mut command = None;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if ui.button("Back").on_hover_text("Back to all views (Esc, or double-click on the title)").clicked() {
            command = Some(Command::ShowPage(Page::Analysis));
        }
    });
    command
}

fn head(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) -> Option<Command> {
    let mut command = None;
    let is_narrow = ui.available_width() < 840.0;
    if !is_narrow {
        ui.label(RichText::new("Geometry").font(theme::strong()));
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let back = Command::ShowPage(Page::Analysis);
        if ui.button("Back").on_hover_text("Back to all views (Esc, or double-click on the title)").clicked() {
            command = Some(back);
        }
        if analysis.design.features.len() < 2 {
            return;
        }
        scale(ui, selection, is_narrow);
        units(ui, selection, is_narrow);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            pair::in_order(ui, analysis, selection);
            pair::suggestions(ui, analysis, selection);
            controls::others(ui, selection);
            if !selection.plane.sees_all() && ui.available_width() > 64.0 {
                let button = ui.add(Button::new("See all").frame(false));
                if button.on_hover_text("Back to where everything is in view; so does a double click").clicked() {
                    selection.plane.see_all();
                }
            }
        });
    });
    command
}

fn scale(ui: &mut Ui, selection: &mut Selection, is_narrow: bool) {
    let [same, each] = if is_narrow { ["Same", "Each"] } else { ["Same scale", "Fill each"] };
    let options = [
        (same, Extent::Same, "One scale for both pictures, so that they compare; in own units each axis has its own"),
        (each, Extent::Each, "Each picture is filled by what it shows; in own units each axis has its own scale"),
    ];
    let mut extent = selection.plane.extent();
    if segments(ui, "Scale of the pictures", &options, &mut extent) {
        selection.plane.set_extent(extent);
    }
}

fn units(ui: &mut Ui, selection: &mut Selection, is_narrow: bool) {
    let [per_sd, own] = if is_narrow { ["SD", "Own"] } else { ["Per SD", "Own units"] };
    let options = [
        (
            per_sd,
            Units::PerSd,
            "Coefficients per standard deviation of their columns, as the penalty sees them where columns are standardized",
        ),
        (
            own,
            Units::Own,
            "Coefficients per unit of their columns: the regions stretch, since the penalty still counts standard deviations",
        ),
    ];
    let before = selection.units;
    segments(ui, "Units of the pictures", &options, &mut selection.units);
    if selection.units != before {
        selection.plane.see_all();
    }
}

/// The descent, the numbers behind the pictures, and what their marks mean.
fn right_column(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) {
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        let inner = ui.available_rect_before_wrap().shrink2(vec2(theme::PADDING, 0.0));
        ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
            ui.scope(|ui| {
                ui.spacing_mut().item_spacing.y = 4.0;
                descent::section(ui, analysis, selection);
            });
            divider(ui);
            ui.add_space(4.0);
            numbers(ui, analysis, selection);
            ui.add_space(theme::GAP);
            let gestures = "Scroll or pinch to zoom, drag to move, double-click to see all. With the focus on a picture: + and − zoom, arrows move, 0 shows all";
            ui.add(Label::new(RichText::new(gestures).small().color(theme::tokens(ui).text2)).wrap());
            ui.add_space(theme::GAP);
        });
    });
}

/// One line of numbers: label, lasso, ridge, tooltip.
type Line<'a> = (&'a str, [String; 2], &'a str);

/// The numbers behind the pictures.
fn numbers(ui: &mut Ui, analysis: &Analysis, selection: &Selection) {
    let Ok(sides) = Side::both(analysis, selection) else { return };
    section(ui, "Behind the pictures", "");
    let slices = sides.each_ref().map(|side| side.slice);
    let both = |value: &dyn Fn(usize) -> f64| [0, 1].map(|i| format::number(value(i)));
    let alphas = PENALTIES.map(|penalty| selection.point(analysis, penalty).alpha());
    let units = sides.each_ref().map(Side::fit_in_units);
    let residuals = slices.map(|slice| match (slice.contact(), slice.is_tangent) {
        (Contact::BothZero, _) => "–".to_owned(),
        (_, true) => format::tiny(slice.tangency_residual()),
        (_, false) => "no".to_owned(),
    });
    let correlation = format::significant(slices[0].correlation, 3);
    let coefficient = |which: &str| match selection.units {
        Units::PerSd => format!(
            "{which} coefficient: change of the target, in its own units, per standard deviation of the feature"
        ),
        Units::Own => {
            format!("{which} coefficient: change of the target per unit of the feature, both in their own units")
        }
    };
    let lines: [Line<'_>; 10] = [
        ("", sides.each_ref().map(|side| side.title().to_owned()), ""),
        ("alpha", both(&|i| alphas[i]), explain::ALPHA),
        (
            "budget t",
            both(&|i| slices[i].whole_budget),
            "What the whole model spends, the sizes of its coefficients per SD (lasso) or their squares (ridge) summed",
        ),
        (
            "t of the pair",
            both(&|i| slices[i].region.budget),
            "What the other coefficients leave of t to these two: the region drawn",
        ),
        (sides[0].feature(0), both(&|i| units[i][0]), &coefficient("First")),
        (sides[0].feature(1), both(&|i| units[i][1]), &coefficient("Second")),
        (
            "error at the fit",
            both(&|i| 2.0 * slices[i].loss.value(slices[i].fit)),
            "Mean squared error on the rows of the fit, in squared units of the target: that of the contour through the fit",
        ),
        (
            "least in the plane",
            both(&|i| 2.0 * slices[i].loss.least),
            "Mean squared error at the ring, the least of this plane, in squared units of the target",
        ),
        (
            "tangency residual",
            residuals,
            "Sine of the angle between the pull of the loss and the outward normals of the region, as computed: 0 where the contour touches; no where it need not",
        ),
        ("correlation of the two", [String::new(), correlation], controls::CORRELATION),
    ];
    for line in lines {
        number_line(ui, line);
    }
}

fn number_line(ui: &mut Ui, (label, values, tip): Line<'_>) {
    let tokens = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    let (painter, y) = (ui.painter(), rect.center().y);
    let first = rect.right() - 64.0;
    let room = if values[0].is_empty() { rect.width() - 56.0 } else { first - rect.left() - 52.0 };
    let text = elided(painter, label, &theme::body(), room);
    painter.text(pos2(rect.left(), y), Align2::LEFT_CENTER, text, theme::body(), tokens.text2);
    let spoken = format!("{label} {} {}", values[0], values[1]);
    for (value, x) in values.into_iter().zip([first, rect.right()]) {
        painter.text(pos2(x, y), Align2::RIGHT_CENTER, value, theme::body(), tokens.text);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken.clone()));
    if !tip.is_empty() {
        response.on_hover_text(tip);
    }
}
