//! Which two features are looked at.

use eframe::egui::{Button, FontId, Painter, PopupCloseBehavior, RichText, Sense, Ui, vec2};

use crate::analysis::{Analysis, Penalty};
use crate::app::selection::Selection;
use crate::app::theme;
use crate::app::views::widgets::{combo, menu, swatch};
use crate::app::views::{names, picker};
use crate::insight::pairs;

/// Narrower heads have no room for dots.
const DOTS: f32 = 340.0;
/// Chevron and padding of a box.
const CHEVRON: f32 = 40.0;
const NAMES: [&str; 2] = ["First feature of the geometry", "Second feature of the geometry"];

/// Two boxes, laid out from right to left: the second comes first.
pub(super) fn boxes(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) {
    if ui.max_rect().width() < DOTS {
        ui.spacing_mut().item_spacing.x = 3.0;
    }
    let (mut first, mut second) = selection.pair();
    let changed_second = feature_box(ui, analysis, NAMES[1], &mut second);
    ui.label(RichText::new("×").color(theme::tokens(ui).text2));
    let changed_first = feature_box(ui, analysis, NAMES[0], &mut first);
    if changed_first || changed_second {
        selection.set_pair(first, second);
    }
}

/// Two boxes, laid out from left to right.
pub(super) fn in_order(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) {
    let (mut first, mut second) = selection.pair();
    let changed_first = feature_box(ui, analysis, NAMES[0], &mut first);
    ui.label(RichText::new("×").color(theme::tokens(ui).text2));
    let changed_second = feature_box(ui, analysis, NAMES[1], &mut second);
    if changed_first || changed_second {
        selection.set_pair(first, second);
    }
}

/// Pairs that are worth a look.
pub(super) fn suggestions(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) {
    let k = selection.cursor(Penalty::Lasso).nearest();
    menu(ui, "Suggest", |ui| {
        ui.set_min_width(240.0);
        let suggested = [
            ("Most correlated", pairs::most_correlated(analysis), "The two features with the largest correlation"),
            ("Last to enter", pairs::last_entered(analysis, k), "The last two that entered the lasso before the cursor"),
            (
                "First dropped",
                pairs::first_dropped(analysis),
                "The first feature that leaves the lasso again as alpha falls, with the one left that it is most correlated with",
            ),
        ];
        for (text, pair, tip) in suggested {
            let name = |j: usize| names::feature(ui.painter(), analysis, j, &theme::body(), 96.0);
            let names = pair.map_or_else(|| "none here".to_owned(), |(j, k)| format!("{} × {}", name(j), name(k)));
            let button = Button::new(text).right_text(RichText::new(names).color(theme::tokens(ui).text2));
            let response = ui.add_enabled(pair.is_some(), button).on_hover_text(tip);
            if let Some((j, k)) = pair.filter(|_| response.clicked()) {
                selection.set_pair(j, k);
                ui.close();
            }
        }
    })
    .on_hover_text("Pairs that are worth a look. A click on a feature in the table takes it, too: the first click sets the first of the pair, the next one the second");
}

fn feature_box(ui: &mut Ui, analysis: &Analysis, name: &str, chosen: &mut usize) -> bool {
    let tokens = theme::tokens(ui);
    let features = &analysis.design.features;
    let before = *chosen;
    let label = features.get(*chosen).map_or("", |f| f.name.as_str());
    let color = tokens.feature(analysis.entry_rank.get(before).copied().unwrap_or(usize::MAX));
    let dot = |ui: &mut Ui| {
        let (dot, _) = ui.allocate_exact_size(vec2(8.0, theme::CONTROL), Sense::hover());
        swatch(ui.painter(), dot.center(), color);
    };
    let is_reversed = ui.layout().prefer_right_to_left();
    if !is_reversed {
        dot(ui);
    }
    let (width, room) = match ui.max_rect().width() {
        narrow if narrow < 240.0 => (59.0, 38.0),
        middle if middle < if is_reversed { 360.0 } else { 480.0 } => (64.0, 48.0),
        _ => (64.0, 72.0),
    };
    // Where the head of the panel is full, the box would cut the name at its end.
    let room = (ui.available_width() - CHEVRON).clamp(24.0_f32.min(room), room);
    let text = names::feature(ui.painter(), analysis, before, &theme::strong(), room);
    combo(name)
        .selected_text(RichText::new(text).font(theme::strong()))
        .width(width)
        .height(400.0)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show_ui(ui, |ui| {
            ui.set_min_width(160.0);
            let short = |painter: &Painter, j, font: &FontId, room| names::feature(painter, analysis, j, font, room);
            let named = |j: usize| (features[j].name.clone(), true);
            if let Some(j) = picker::entries(ui, name, &analysis.entry_order, before, &named, &short) {
                *chosen = j;
            }
        })
        .response
        .accessible_name(name)
        .on_hover_text(format!("{name}: {label}"));
    if is_reversed && ui.available_width() >= 16.0 && ui.max_rect().width() >= DOTS {
        dot(ui);
    }
    *chosen != before
}
