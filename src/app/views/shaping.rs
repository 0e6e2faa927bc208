//! A named number with a slider and a field, one row.

use eframe::egui::{Align2, DragValue, Sense, Slider, SliderClamping, Ui, WidgetInfo, vec2};

use crate::app::format;
use crate::app::theme;
use crate::app::views::widgets::slim_slider;

/// What a row sets.
pub struct Knob<'a> {
    /// Label, and name for screen readers.
    pub name: &'a str,
    /// What it does and in which unit.
    pub tip: &'a str,
    /// Smallest and largest value.
    pub range: (f64, f64),
    /// Even steps are factors; 0 stands at the end.
    pub log: bool,
}

/// Label, slider and field of one number; whether it was changed.
pub fn knob(ui: &mut Ui, knob: &Knob<'_>, value: &mut f64) -> bool {
    const LABEL: f32 = 84.0;
    const FIELD: f32 = 62.0;
    let tokens = theme::tokens(ui);
    let before = *value;
    ui.horizontal(|ui| {
        ui.set_height(theme::CONTROL);
        let (rect, label) = ui.allocate_exact_size(vec2(LABEL, theme::CONTROL), Sense::hover());
        ui.painter().text(rect.left_center(), Align2::LEFT_CENTER, knob.name, theme::body(), tokens.text);
        label.on_hover_text(knob.tip);
        let range = knob.range.0..=knob.range.1;
        let slider = Slider::new(value, range.clone())
            .logarithmic(knob.log)
            .smallest_positive(1e-4)
            .clamping(SliderClamping::Edits);
        let width = (ui.available_width() - FIELD - theme::GAP).max(24.0);
        let slider = slim_slider(ui, slider, width);
        let now = *value;
        slider.widget_info(|| WidgetInfo::slider(true, now, knob.name));
        slider.on_hover_text(knob.tip);
        let speed = if knob.log { value.abs().max(1e-4) * 0.01 } else { (knob.range.1 - knob.range.0) / 300.0 };
        let whole = knob.range.0 >= 1.0;
        let field = DragValue::new(value)
            .range(range)
            .clamp_existing_to_range(false)
            .speed(speed)
            .custom_formatter(
                move |v, _| if whole { format::count(v.round() as usize) } else { format::significant(v, 3) },
            )
            .custom_parser(|text| text.replace('−', "-").trim().parse().ok());
        let field = ui.add_sized(vec2(ui.available_width(), theme::CONTROL), field);
        let (now, name) = (*value, format!("{} field", knob.name));
        field.widget_info(|| {
            let mut info = WidgetInfo::drag_value(true, now);
            info.label = Some(name.clone());
            info
        });
        field.on_hover_text(knob.tip);
    });
    (*value).to_bits() != before.to_bits()
}
