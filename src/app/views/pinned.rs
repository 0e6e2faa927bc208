//! The pinned fit beside the present one: what came in, what went out, and how the numbers moved.

use eframe::egui::{
    Align, Align2, Button, Grid, Layout, Rect, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::analysis::Analysis;
use crate::app::command::Command;
use crate::app::format;
use crate::app::pinned::{Comparison, Figures};
use crate::app::selection::{Selection, SortBy};
use crate::app::theme;
use crate::app::views::widgets::shortened;

/// Name, order and tooltip of the columns that the table has while a fit is pinned.
pub(super) const HEADS: [(&str, SortBy, &str); 2] = [
    ("pinned", SortBy::Pinned, "Sort by size of the coefficient in the pinned fit; – where it had no such feature"),
    ("change", SortBy::Change, "Sort by how far the coefficient has moved from the pinned fit"),
];

/// Height of the strip under the head of the table.
const HEIGHT: f32 = 66.0;
/// Names listed in the tooltip at most.
const LISTED: usize = 12;

/// Pins the fit, or lets go of it.
pub(super) fn button(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) {
    let is_on = selection.pinned.is_some();
    let key = Command::Pin.shortcut().map(|key| ui.ctx().format_shortcut(&key)).unwrap_or_default();
    let tip = if is_on { "Let go of the pinned fit" } else { Command::Pin.tooltip() };
    let response = ui.add(Button::selectable(is_on, Command::Pin.text()).frame_when_inactive(true));
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_on, Command::Pin.text()));
    if response.on_hover_text(format!("{tip} ({key})")).clicked() {
        selection.toggle_pin(analysis);
    }
}

/// The strip, if a fit is pinned.
pub(super) fn show(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) {
    let Some(pinned) = selection.pinned.clone() else { return };
    let tokens = theme::tokens(ui);
    let comparison = Comparison::of(&pinned, analysis, selection);
    let (whole, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let rect = whole.shrink2(vec2(theme::GAP, 2.0));
    ui.painter().rect_filled(rect, 4, tokens.chrome);
    ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(2.0, rect.height())), 0, tokens.text3);
    let lines = lines(&comparison, analysis.n_samples());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, lines.join(". ")));
    let close = Rect::from_min_size(pos2(rect.right() - 26.0, rect.top() + 1.0), vec2(22.0, 20.0));
    for (i, line) in lines.iter().enumerate() {
        let (font, color) = if i == 0 { (theme::small_strong(), tokens.text) } else { (theme::small(), tokens.text2) };
        let place = pos2(rect.left() + theme::GAP, rect.top() + 11.0 + 19.5 * i as f32);
        let end = if i == 0 { close.left() } else { rect.right() };
        let text = shortened(ui.painter(), line, &font, end - place.x - 4.0);
        ui.painter().text(place, Align2::LEFT_CENTER, text, font, color);
    }
    response.on_hover_ui(|ui| details(ui, &comparison, analysis.n_samples()));
    let at_right = UiBuilder::new().max_rect(close).layout(Layout::right_to_left(Align::Center));
    ui.scope_builder(at_right, |ui| {
        let unpin = ui.add(Button::new(RichText::new("×").font(theme::body())).frame(false));
        unpin.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Unpin"));
        if unpin.on_hover_text("Let go of the pinned fit").clicked() {
            selection.pinned = None;
        }
    });
    ui.advance_cursor_after_rect(whole);
}

fn lines(comparison: &Comparison<'_>, rows: usize) -> [String; 3] {
    let (then, now) = (comparison.then, &comparison.now);
    let mut first = format!("Pinned {}, alpha {}", then.name, format::number(then.alpha));
    if !comparison.changes.is_empty() {
        first.push_str(" · ");
        first.push_str(&comparison.changes.join(", "));
    }
    let part = |sign: &str, what: &str, names: &[&str]| match names {
        [] => format!("none {what}"),
        names => format!("{sign}{} {what} ({})", format::count(names.len()), listed(names, 4)),
    };
    let second = match (&comparison.gained[..], &comparison.lost[..]) {
        ([], []) => "Same features".to_owned(),
        (gained, lost) => format!("{} · {}", part("+", "gained", gained), part("−", "lost", lost)),
    };
    let error = then.error.zip(now.error).map_or_else(String::new, |((then, _), (now, _))| {
        format!("CV error {} → {} · ", format::number(then), format::number(now))
    });
    let (from, to) = (format::significant(then.r_squared, 3), format::significant(now.r_squared, 3));
    let third = format!("{error}R² {from} → {to} · df {} → {}", df(then, rows), df(now, rows));
    [first, second, third]
}

/// Degrees of freedom with one decimal; never more than there are rows.
fn df(figures: &Figures, rows: usize) -> String {
    let df = figures.df.min(rows as f64);
    if (df - df.round()).abs() < 1e-9 { format!("{df:.0}") } else { format!("{df:.1}") }
}

fn listed(names: &[&str], most: usize) -> String {
    let text = names.iter().take(most).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(most) {
        0 => text,
        more => format!("{text} and {} more", format::count(more)),
    }
}

/// Every number of both fits, for the tooltip.
fn details(ui: &mut Ui, comparison: &Comparison<'_>, rows: usize) {
    let (then, now) = (comparison.then, &comparison.now);
    let with_se = |f: &Figures| {
        f.error.map_or_else(|| "–".to_owned(), |(e, se)| format!("{} ± {}", format::number(e), format::number(se)))
    };
    let change = |a: f64, b: f64| format::number(b - a);
    let change_of_error = then.error.zip(now.error).map_or_else(|| "–".to_owned(), |(a, b)| change(a.0, b.0));
    let lines = [
        ("alpha", format::number(then.alpha), format::number(now.alpha), change(then.alpha, now.alpha)),
        ("degrees of freedom", df(then, rows), df(now, rows), change(then.df, now.df)),
        ("CV error ± SE", with_se(then), with_se(now), change_of_error),
        ("R²", format::number(then.r_squared), format::number(now.r_squared), change(then.r_squared, now.r_squared)),
    ];
    Grid::new("pinned fit").num_columns(4).spacing([16.0, 4.0]).show(ui, |ui| {
        for head in ["", "pinned", "now", "change"] {
            ui.label(RichText::new(head).small().weak());
        }
        ui.end_row();
        for (name, then, now, change) in lines {
            ui.label(RichText::new(name).weak());
            for text in [then, now, change] {
                ui.label(text);
            }
            ui.end_row();
        }
    });
    for (what, names) in [("Gained", &comparison.gained), ("Lost", &comparison.lost)] {
        let names = if names.is_empty() { "none".to_owned() } else { listed(names, LISTED) };
        ui.label(format!("{what} {names}"));
    }
    if !comparison.changes.is_empty() {
        ui.label(format!("Also different {}", comparison.changes.join(", ")));
    }
}
