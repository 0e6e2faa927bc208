//! A field and a switch that show a few of many features.

use eframe::egui::{Align, Button, Key, Layout, TextEdit, Ui, vec2};

use crate::app::finder::Filter;
use crate::app::theme;

/// Height of the row with the room around it.
pub(super) const HEIGHT: f32 = theme::CONTROL + 6.0;

/// The row. `list` is what is searched, for screen readers; `chosen` and `tip` say what the switch leaves.
pub(super) fn show(ui: &mut Ui, filter: &mut Filter, list: &str, (chosen, tip): (&str, &str)) {
    ui.allocate_ui_with_layout(vec2(ui.available_width(), HEIGHT), Layout::right_to_left(Align::Center), |ui| {
        let switch = Button::new(chosen).selected(filter.only_chosen);
        let switch = ui.add(switch).on_hover_text(tip);
        if switch.clicked() {
            filter.only_chosen = !filter.only_chosen;
        }
        let width = ui.available_width();
        let field = TextEdit::singleline(&mut filter.text).id_salt(list).hint_text("Find by name").desired_width(width);
        let field = ui.add(field);
        if field.lost_focus() && ui.input(|i| i.key_pressed(Key::Escape)) {
            filter.text.clear();
        }
        field.accessible_name(format!("Find in {list}")).on_hover_text("Part of a name; Esc clears it");
    });
}

/// Said where the filter leaves nothing.
pub(super) fn nothing(filter: &Filter) -> String {
    match (filter.text.is_empty(), filter.only_chosen) {
        (true, _) => "No feature is selected".to_owned(),
        (false, true) => format!("No selected feature is called “{}”", filter.text),
        (false, false) => format!("No feature is called “{}”", filter.text),
    }
}
