//! Small pieces that several views share.

use eframe::egui::{
    Align, Align2, Atom, AtomPaintArgs, Button, Color32, ComboBox, CornerRadius, FontId, Id, Layout, Painter, Pos2,
    Rect, Response, RichText, Role, Sense, Shape, Slider, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo,
    containers::menu::MenuButton, layers::ShapeIdx, pos2, vec2,
};

use crate::app::theme::{self, Tokens};
use crate::app::walk;

/// In place of what needs rows: what is not here, and what to do.
pub fn no_rows(ui: &mut Ui, what: &str, remedy: &str) {
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.4 - 24.0).max(8.0));
        ui.set_max_width(360.0_f32.min(ui.available_width() - 2.0 * theme::PADDING));
        ui.add(egui::Label::new(RichText::new(what).font(theme::strong())).wrap());
        ui.add_space(4.0);
        ui.add(egui::Label::new(RichText::new(remedy).small().color(theme::tokens(ui).text2)).wrap());
    });
}

/// Mark of a panel at the right end of whose head stands the icon that lets it fill the page.
pub const FILLS: &str = "fills the page";
/// How far the square of an icon in a head goes beyond the icon itself.
pub const AROUND_ICON: f32 = 6.0;
/// Less room than this is none for a remark that has to be cut.
const LEAST_REMARK: f32 = 72.0;

/// Title of a panel with a quiet remark, and controls at its right end, laid out from right to left.
pub fn panel_head(ui: &mut Ui, title: &str, remark: &str, controls: impl FnOnce(&mut Ui)) {
    let (font, color) = (theme::strong(), theme::tokens(ui).text);
    let mut place = None;
    let label = |ui: &mut Ui| {
        let size = vec2(text_width(ui.painter(), title, &font), theme::CONTROL);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, title));
        place = Some((rect, ui.painter().add(Shape::Noop)));
    };
    let end = head(ui, label, remark, controls);
    if let Some((rect, shape)) = place {
        // Where the controls need the room, the title is what gives way.
        let room = rect.width().min(end - rect.left()).max(16.0) + 0.5;
        let word = title.split(' ').next().unwrap_or_default();
        let is_enough = room < rect.width() && text_width(ui.painter(), word, &font) <= room;
        let text = if is_enough { word.to_owned() } else { shortened(ui.painter(), title, &font, room) };
        let galley = ui.painter().layout_no_wrap(text, font, color);
        let at = pos2(rect.left(), rect.center().y - galley.size().y * 0.5);
        ui.painter().set(shape, Shape::galley(at, galley, color));
    }
}

/// As [`panel_head`], with something else in place of the title. Gives where the room before the controls ends.
pub fn head(ui: &mut Ui, title: impl FnOnce(&mut Ui), remark: &str, controls: impl FnOnce(&mut Ui)) -> f32 {
    let rect = ui.available_rect_before_wrap();
    let whole = Rect::from_min_size(rect.min, vec2(rect.width(), theme::PANEL_HEAD));
    let mut inside = whole.shrink2(vec2(theme::PADDING, 0.0));
    if ui.stack().iter().any(|ui| ui.tags().contains(FILLS)) {
        inside.max.x -= theme::CONTROL;
    }
    let row = Layout::left_to_right(Align::Center);
    let drawn = ui.scope_builder(UiBuilder::new().max_rect(inside).layout(row), |ui| {
        title(ui);
        let left = ui.cursor().left();
        let right = ui.with_layout(Layout::right_to_left(Align::Center), controls).response.rect.left();
        let room = right - theme::GAP - left;
        let width = text_width(ui.painter(), remark, &theme::small());
        if remark.is_empty() || (width > room && room < LEAST_REMARK) {
            return right - theme::GAP;
        }
        let rest = Rect::from_min_max(pos2(left, inside.top()), pos2(left + room, inside.bottom()));
        ui.scope_builder(UiBuilder::new().max_rect(rest).layout(row), |ui| {
            let remark = RichText::new(remark).small().color(theme::tokens(ui).text2);
            ui.add(egui::Label::new(remark).truncate());
        });
        right - theme::GAP
    });
    ui.advance_cursor_after_rect(whole);
    drawn.inner
}

/// The square of an icon among the controls of a [`head`]: icons stand closer than other controls, and the last one
/// ends where the contents of the panel end.
pub fn head_icon(ui: &mut Ui) -> Rect {
    let is_last = ui.cursor().right() >= ui.max_rect().right();
    ui.add_space(if is_last { -AROUND_ICON } else { -theme::GAP });
    ui.allocate_space(vec2(theme::CONTROL, theme::CONTROL)).1
}

/// Four corners that move apart.
pub fn corners(painter: &Painter, center: Pos2, color: Color32) {
    for (x, y) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
        let corner = center + 5.0 * vec2(x, y);
        let line = vec![corner - vec2(3.5 * x, 0.0), corner, corner - vec2(0.0, 3.5 * y)];
        painter.line(line, Stroke::new(1.25, color));
    }
}

/// A row of choices of which one is chosen. True if the choice changed.
///
/// Laid out for a right-to-left or left-to-right parent alike; `name` is for screen readers.
pub fn segments<T: Copy + PartialEq>(ui: &mut Ui, name: &str, options: &[(&str, T, &str)], chosen: &mut T) -> bool {
    let (tokens, is_enabled) = (theme::tokens(ui), ui.is_enabled());
    let widths: Vec<f32> = options.iter().map(|(text, ..)| segments_width(ui, &[text])).collect();
    let size = vec2(widths.iter().sum(), theme::CONTROL);
    let (rect, outer) = ui.allocate_exact_size(size, Sense::hover());
    let painter = ui.painter().clone();
    painter.rect(
        rect,
        CornerRadius::same(4),
        tokens.control,
        Stroke::new(1.0, tokens.control_border),
        StrokeKind::Inside,
    );
    let mut changed = false;
    let mut left = rect.left();
    for (i, ((text, option, tip), width)) in options.iter().zip(&widths).enumerate() {
        let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(*width, rect.height()));
        left += width;
        let is_chosen = *option == *chosen;
        let response = ui.interact(cell, outer.id.with(i), Sense::click());
        response
            .widget_info(|| WidgetInfo::selected(Role::RadioButton, is_enabled, is_chosen, format!("{name} {text}")));
        if is_chosen {
            painter.rect(cell, CornerRadius::same(4), tokens.tint, Stroke::new(1.0, tokens.accent), StrokeKind::Inside);
        }
        if response.has_focus() {
            painter.rect_stroke(
                cell.expand(1.5),
                CornerRadius::same(5),
                Stroke::new(1.5, tokens.accent),
                StrokeKind::Outside,
            );
        }
        let (font, color) = match (is_chosen, response.hovered()) {
            (true, _) => (theme::strong(), tokens.accent),
            (false, true) => (theme::body(), tokens.text),
            (false, false) => (theme::body(), tokens.text2),
        };
        painter.text(cell.center(), Align2::CENTER_CENTER, *text, font, color);
        walk::one_of(ui, outer.id, response.id, is_chosen);
        if (response.clicked() || walk::came_by_arrow(ui, response.id)) && !is_chosen {
            *chosen = *option;
            changed = true;
        }
        if !tip.is_empty() {
            response.on_hover_text(*tip);
        }
    }
    changed
}

/// How wide [`segments`] with these texts are.
pub fn segments_width(ui: &Ui, texts: &[&str]) -> f32 {
    texts.iter().map(|text| text_width(ui.painter(), text, &theme::strong()).ceil() + 16.0).sum()
}

/// The chevron of what opens a list.
pub fn chevron_down() -> Atom<'static> {
    Atom::paint(vec2(8.0, 8.0), |ui: &Ui, args: AtomPaintArgs| {
        chevron(ui.painter(), args.rect.center(), theme::tokens(ui).text2);
    })
}

fn chevron(painter: &Painter, c: Pos2, color: Color32) {
    let points = vec![c + vec2(-3.5, -1.75), c + vec2(0.0, 1.75), c + vec2(3.5, -1.75)];
    painter.line(points, Stroke::new(1.25, color));
}

/// A button that opens a menu, with the chevron of a box.
pub fn menu(ui: &mut Ui, text: &str, content: impl FnOnce(&mut Ui)) -> Response {
    let size = vec2(menu_width(ui, text), theme::CONTROL);
    MenuButton::from_button(Button::new((text, chevron_down())).gap(8.0).min_size(size)).ui(ui, content).0
}

/// How wide a [`menu`] with this text is.
pub fn menu_width(ui: &Ui, text: &str) -> f32 {
    text_width(ui.painter(), text, &theme::body()).ceil() + 32.0
}

/// A box that opens a list, with a quiet chevron.
pub fn combo(salt: impl egui::AsIdSalt) -> ComboBox<'static> {
    ComboBox::from_id_salt(salt).truncate().icon(|ui, rect, _, _| {
        chevron(ui.painter(), rect.center(), theme::tokens(ui).text2);
    })
}

/// The one button that matters most on the screen.
pub fn primary_button(ui: &mut Ui, text: &str) -> Response {
    let tokens = theme::tokens(ui);
    ui.add(
        Button::new(RichText::new(text).font(theme::strong()).color(tokens.on_accent))
            .fill(tokens.accent)
            .stroke(Stroke::new(1.0, tokens.accent)),
    )
}

/// How a check box looks.
#[derive(Clone, Copy, PartialEq)]
pub enum Tick {
    /// Ticked.
    On,
    /// Not ticked.
    Off,
    /// Cannot be ticked.
    Disabled,
}

/// A check box as all views draw it.
pub fn check_box(ui: &Ui, tokens: &Tokens, center: Pos2, tick: Tick, response: &Response) {
    let painter = ui.painter();
    let rect = Rect::from_center_size(center, vec2(14.0, 14.0));
    if tick == Tick::On {
        painter.rect_filled(rect, 3, tokens.accent);
        let mark = vec![center + vec2(-3.5, 0.0), center + vec2(-1.0, 3.0), center + vec2(4.0, -3.0)];
        painter.line(mark, Stroke::new(1.75, tokens.on_accent));
    } else {
        let color = if tick == Tick::Off { tokens.control_border } else { tokens.border };
        painter.rect(rect, 3, tokens.control, Stroke::new(1.0, color), StrokeKind::Inside);
    }
    if response.has_focus() {
        painter.rect_stroke(rect.expand(2.5), 4, Stroke::new(1.5, tokens.accent), StrokeKind::Outside);
    }
}

/// A check box with its label, in the same dress as those of the features.
pub fn switch(ui: &mut Ui, label: &str, is_on: &mut bool) -> Response {
    let tokens = theme::tokens(ui);
    let (rect, mut response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::click());
    if response.clicked() {
        *is_on = !*is_on;
        response.mark_changed();
    }
    let now = *is_on;
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, now, label));
    let tick = if now { Tick::On } else { Tick::Off };
    check_box(ui, tokens, rect.left_center() + vec2(7.0, 0.0), tick, &response);
    ui.painter().text(rect.left_center() + vec2(24.0, 0.0), Align2::LEFT_CENTER, label, theme::body(), tokens.text);
    response
}

/// A small coloured square that stands for a feature.
pub fn swatch(painter: &Painter, center: Pos2, color: Color32) {
    painter.rect_filled(Rect::from_center_size(center, theme::SWATCH), CornerRadius::same(2), color);
}

/// Width of one line of text.
pub fn text_width(painter: &Painter, text: &str, font: &FontId) -> f32 {
    painter.layout_no_wrap(text.to_owned(), font.clone(), Color32::BLACK).size().x
}

/// A name, cut in the middle so that it is at most `width` wide: both the beginning and the end tell names apart.
pub fn elided(painter: &Painter, text: &str, font: &FontId, width: f32) -> String {
    cut(painter, text, font, width, |chars, kept| {
        let head = kept.div_ceil(2);
        let tail = chars.len() - (kept - head);
        chars[..head].iter().chain(&['…']).chain(&chars[tail..]).collect()
    })
}

/// A sentence, cut at its end so that it is at most `width` wide.
pub fn shortened(painter: &Painter, text: &str, font: &FontId, width: f32) -> String {
    cut(painter, text, font, width, |chars, kept| chars[..kept].iter().chain(&['…']).collect())
}

/// The longest `shape` of the text that fits; `shape` is given its characters and how many of them to keep.
fn cut(painter: &Painter, text: &str, font: &FontId, width: f32, shape: impl Fn(&[char], usize) -> String) -> String {
    // A name longer than any screen is cut before it is measured.
    let text: String = text.chars().take(200).collect();
    let text = visible(painter, font, &text);
    if text_width(painter, &text, font) <= width {
        return text;
    }
    let chars: Vec<char> = text.chars().collect();
    let (mut low, mut high) = (0, chars.len());
    while low + 1 < high {
        let middle = usize::midpoint(low, high);
        if text_width(painter, &shape(&chars, middle), font) <= width { low = middle } else { high = middle }
    }
    shape(&chars, low)
}

/// A text as it is drawn, if it has room.
pub fn fits(painter: &Painter, text: &str, font: &FontId, width: f32) -> Option<String> {
    // No letter of a name is narrower than a pixel.
    let visible = (text.len() < 1000).then(|| visible(painter, font, text))?;
    (text_width(painter, &visible, font) <= width).then_some(visible)
}

/// A text with a sign for what has no picture.
pub fn visible(painter: &Painter, font: &FontId, text: &str) -> String {
    let visible = |c: char| match c {
        c if c.is_control() => ' ',
        c if is_without_glyph(painter, font, c) => '□',
        c => c,
    };
    text.chars().map(visible).collect()
}

/// Whether neither our fonts nor those of the system have this character, which would leave a blank.
fn is_without_glyph(painter: &Painter, font: &FontId, c: char) -> bool {
    // Latin, Greek and Cyrillic letters are in our own fonts; joiners and variation selectors have no width.
    let is_invisible = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}');
    c > '\u{04ff}' && !is_invisible && !painter.fonts_mut(|fonts| fonts.has_glyph(font, c))
}

/// A rail in the accent as far as the value, and a ring to take hold of. `room` is its width.
pub fn slim_slider(ui: &mut Ui, slider: Slider<'_>, room: f32) -> Response {
    let tokens = theme::tokens(ui);
    let drawn = ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = 18.0;
        ui.spacing_mut().slider_width = room;
        let visuals = ui.visuals_mut();
        visuals.selection.bg_fill = tokens.accent;
        for widget in [&mut visuals.widgets.inactive, &mut visuals.widgets.hovered, &mut visuals.widgets.active] {
            widget.bg_fill = tokens.border;
            widget.fg_stroke = Stroke::new(2.0, tokens.accent);
        }
        ui.add(slider.show_value(false))
    });
    let response = drawn.inner;
    let is_lit = response.hovered() || response.dragged() || response.has_focus();
    // egui paints the knob last, in the colour of the rail.
    ui.ctx().graphics_mut(|graphics| {
        let list = graphics.entry(ui.layer_id());
        let last = list.next_idx().0.checked_sub(1);
        if let Some(last) = last {
            list.mutate_shape(ShapeIdx(last), |shape| {
                if let Shape::Circle(knob) = &mut shape.shape
                    && response.rect.contains(knob.center)
                {
                    knob.fill = if is_lit { tokens.tint } else { tokens.surface };
                }
            });
        }
    });
    if response.has_focus() {
        let ring = Stroke::new(1.5, tokens.accent);
        ui.painter().rect_stroke(response.rect.expand(1.0), 4, ring, StrokeKind::Outside);
    }
    response
}

/// A thin line across the whole width.
pub fn divider(ui: &mut Ui) {
    let rect = ui.available_rect_before_wrap();
    let y = rect.top().round() + 0.5;
    ui.painter().hline(ui.max_rect().x_range(), y, Stroke::new(1.0, theme::tokens(ui).border));
    ui.add_space(1.0);
}

/// A caption above a group of controls.
pub fn section(ui: &mut Ui, title: &str, remark: &str) {
    ui.horizontal(|ui| {
        ui.set_height(theme::CONTROL);
        ui.label(RichText::new(title).font(theme::strong()));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new(remark).small().color(theme::tokens(ui).text2));
        });
    });
}

/// A row with a label at the left and a control of `width` at the right.
pub fn labelled<R>(ui: &mut Ui, label: &str, width: f32, control: impl FnOnce(&mut Ui, Id) -> R) -> R {
    ui.horizontal(|ui| {
        let label = ui.label(label);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let size = vec2(width, theme::CONTROL);
            let drawn = ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
                ui.set_width(width);
                control(ui, label.id)
            });
            reveal_focus(ui, drawn.response.rect);
            drawn.inner
        })
        .inner
    })
    .inner
}

/// Scrolls to the control in `rect` when the focus has come to it.
fn reveal_focus(ui: &Ui, rect: Rect) {
    let focused = ui.memory(egui::Memory::focused).and_then(|id| ui.ctx().read_response(id));
    let is_here = |response: &Response| (response.rect.center() - rect.center()).length() < 1.0;
    if focused.is_some_and(|response| response.gained_focus() && is_here(&response)) {
        ui.scroll_to_rect(rect.expand2(vec2(0.0, theme::ROW)), None);
    }
}
