//! A list that is searched and walked by keys: a field above, rows below, of which only those in view are laid out.

use eframe::egui::{Id, Key, Modifiers, Rect, Response, Role, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, vec2};

use crate::app::theme;

/// What is typed and which row is chosen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PickList {
    /// What is typed.
    pub query: String,
    /// Row among those found.
    pub chosen: usize,
    /// Rows that fit.
    page: usize,
    /// Where the rows were scrolled to.
    top: f32,
    /// The chosen row must be scrolled into view.
    reveals: bool,
}

/// The looks of the rows.
pub struct Rows<'a> {
    /// The field that has the keys.
    pub field: Id,
    /// How many.
    pub count: usize,
    /// Height of one.
    pub row: f32,
    /// Height of all that are seen at once.
    pub height: f32,
    /// Names for screen readers, and whether the row can be chosen.
    pub name: &'a dyn Fn(usize) -> (String, bool),
}

impl PickList {
    /// Starts at a row.
    pub fn at(chosen: usize) -> Self {
        Self { chosen, reveals: true, ..Self::default() }
    }

    /// Moves among `count` rows by the keys pressed; true if Enter chooses the row. Called before the field, so that it does not
    /// see those keys.
    pub fn take_keys(&mut self, ui: &Ui, count: usize) -> bool {
        let last = count.saturating_sub(1);
        let pressed = |key| ui.input_mut(|i| i.count_and_consume_key(Modifiers::NONE, key));
        let (down, up) = (pressed(Key::ArrowDown), pressed(Key::ArrowUp));
        let (next, back) = (pressed(Key::PageDown), pressed(Key::PageUp));
        let before = self.chosen;
        let to = self.chosen + down + next * self.page.max(1);
        self.chosen = to.saturating_sub(up + back * self.page.max(1)).min(last);
        self.reveals |= self.chosen != before;
        pressed(Key::Enter) > 0 && count > 0
    }

    /// The field, which keeps the focus; what is typed starts again at the first row.
    pub fn field(&mut self, ui: &mut Ui, id: Id, name: &str, hint: &str) -> Response {
        let field = TextEdit::singleline(&mut self.query).id(id).hint_text(hint).desired_width(f32::INFINITY);
        let response = ui.add(field);
        response.request_focus();
        if response.changed() {
            self.chosen = 0;
            self.reveals = true;
        }
        response.accessible_name(name)
    }

    /// The rows in view, each drawn by `draw` with whether it is chosen; the one that was clicked.
    pub fn rows(
        &mut self,
        ui: &mut Ui,
        rows: &Rows<'_>,
        mut draw: impl FnMut(&Ui, Rect, usize, bool),
    ) -> Option<usize> {
        let tokens = theme::tokens(ui);
        self.chosen = self.chosen.min(rows.count.saturating_sub(1));
        self.page = (rows.height / rows.row) as usize;
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut area = ScrollArea::vertical().max_height(rows.height).min_scrolled_height(rows.height);
        if std::mem::take(&mut self.reveals) {
            let y = self.chosen as f32 * rows.row;
            // The chosen row, with one more at either side.
            let (first, last) = ((y - rows.row).max(0.0), y + 2.0 * rows.row - rows.height);
            area = area.vertical_scroll_offset(self.top.clamp(last.max(0.0).min(first), first));
        }
        let has_moved = ui.input(|i| i.pointer.delta() != egui::Vec2::ZERO);
        let mut clicked = None;
        let area = area.id_salt("rows").auto_shrink([false, true]);
        let shown = area.show_rows(ui, rows.row, rows.count, |ui, range| {
            for i in range {
                let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), rows.row), Sense::hover());
                let id = rows.field.with(("row", i));
                // The field keeps the focus.
                let response = ui.interact(rect, id, Sense::CLICK);
                if response.hovered() && has_moved {
                    self.chosen = i;
                }
                let is_chosen = i == self.chosen;
                let (name, is_enabled) = (rows.name)(i);
                response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, is_enabled, is_chosen, &name));
                if is_chosen {
                    ui.painter().rect_filled(rect, 4, tokens.tint);
                    ui.ctx().accesskit_node_builder(rows.field, |node| node.set_active_descendant(id.accesskit_id()));
                }
                draw(ui, rect, i, is_chosen);
                if response.clicked() {
                    clicked = Some(i);
                }
            }
        });
        self.top = shown.state.clamped_offset().y;
        clicked
    }
}
