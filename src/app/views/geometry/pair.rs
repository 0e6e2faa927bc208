//! Which two features are looked at.

use eframe::egui::{RichText, ScrollArea, Sense, Ui, vec2};

use crate::analysis::Analysis;
use crate::app::selection::Selection;
use crate::app::theme;
use crate::app::views::widgets::{combo, elided, swatch};

/// Two boxes, laid out from right to left.
pub(super) fn boxes(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) {
    let tokens = theme::tokens(ui);
    let (mut first, mut second) = selection.pair();
    // Right to left: the second box comes first.
    let changed_second = feature_box(ui, analysis, "Second feature of the geometry", &mut second);
    ui.label(RichText::new("×").color(tokens.text2));
    let changed_first = feature_box(ui, analysis, "First feature of the geometry", &mut first);
    if changed_first || changed_second {
        selection.set_pair(first, second);
    }
}

fn feature_box(ui: &mut Ui, analysis: &Analysis, name: &str, chosen: &mut usize) -> bool {
    let tokens = theme::tokens(ui);
    let features = &analysis.design.features;
    let before = *chosen;
    let label = features.get(*chosen).map_or("", |f| f.name.as_str());
    let text = elided(ui.painter(), label, &theme::strong(), if ui.available_width() < 240.0 { 48.0 } else { 72.0 });
    combo(name)
        .selected_text(RichText::new(text).font(theme::strong()))
        .width(64.0)
        .height(320.0)
        .show_ui(ui, |ui| {
            ui.set_min_width(140.0);
            let row = theme::ROW;
            ScrollArea::vertical().max_height(300.0).show_rows(ui, row, features.len(), |ui, rows| {
                for &j in &analysis.entry_order[rows] {
                    ui.selectable_value(chosen, j, elided(ui.painter(), &features[j].name, &theme::body(), 240.0));
                }
            });
        })
        .response
        .accessible_name(name)
        .on_hover_text(format!("{name}: {label}"));
    if ui.available_width() < 16.0 {
        return *chosen != before;
    }
    let (dot, _) = ui.allocate_exact_size(vec2(8.0, theme::CONTROL), Sense::hover());
    swatch(ui.painter(), dot.center(), tokens.feature(analysis.entry_rank.get(before).copied().unwrap_or(usize::MAX)));
    *chosen != before
}
