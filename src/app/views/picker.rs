//! Boxes that open a list, all of them by keyboard: arrows walk, Enter chooses, typing searches a long list.

use eframe::egui::{
    self, Align2, Context, FontId, Id, Key, LayerId, Order, Painter, Response, RichText, Ui, WidgetText, pos2,
};

use crate::app::fuzzy::Query;
use crate::app::theme;
use crate::app::views::names;
use crate::app::views::pick_list::{PickList, Rows};

/// From more entries on a list is searched.
const SHORT: usize = 12;
/// Rows seen at once.
const MOST: f32 = 13.0;

/// One entry of a short list; the present choice has the focus in a list opened by a key.
pub fn choice<T: PartialEq>(ui: &mut Ui, current: &mut T, value: T, text: impl Into<WidgetText>) -> Response {
    let is_present = *current == value;
    let mut response = ui.selectable_label(is_present, text.into());
    if response.clicked() {
        if !is_present {
            *current = value;
            response.mark_changed();
        }
        // A click would do that by itself, Enter does not.
        ui.close();
    }
    // A list is measured in the pass that opens it.
    if is_present && ui.is_sizing_pass() && is_pressed(ui) {
        response.request_focus();
    }
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    response
}

/// Scrolls a row that the focus has come to into view, with one more at either side, so that there is always a next one to go to.
pub fn reveal(ui: &Ui, response: &Response) {
    if response.gained_focus() {
        ui.scroll_to_rect(response.rect.expand2(egui::vec2(0.0, theme::ROW)), None);
    }
}

fn is_pressed(ui: &Ui) -> bool {
    ui.input(|i| i.key_pressed(Key::Enter) || i.key_pressed(Key::Space))
}

/// What a long list remembers while it is open.
#[derive(Debug, Clone, Default)]
struct Open {
    list: PickList,
    found: Vec<usize>,
    /// Searched for that.
    searched: Option<String>,
    /// Pass in which it was seen last.
    pass: u64,
    /// Frame that opened it.
    frame: u64,
}

/// The name of an entry in the room at hand.
pub type Short<'a> = &'a dyn Fn(&Painter, usize, &FontId, f32) -> String;

/// The entries of an open box: `order` of those that `name` names, the present one in view; the one chosen.
pub fn entries(
    ui: &mut Ui,
    salt: &str,
    order: &[usize],
    present: usize,
    name: &dyn Fn(usize) -> (String, bool),
    short: Short<'_>,
) -> Option<usize> {
    let row = theme::ROW;
    if order.len() <= SHORT {
        let mut chosen = present;
        for &j in order {
            let (whole, is_usable) = name(j);
            let text = short(ui.painter(), j, &theme::body(), 240.0);
            let is_short = text != whole;
            let text = if is_usable { RichText::new(text) } else { RichText::new(text).weak() };
            let response = choice(ui, &mut chosen, j, text);
            if is_short {
                response.on_hover_text(whole);
            }
        }
        return (chosen != present).then_some(chosen);
    }
    let id = Id::unique(("picker", salt));
    let (pass, frame) = (ui.ctx().cumulative_pass_nr(), ui.ctx().cumulative_frame_nr());
    let start = PickList::at(order.iter().position(|&j| j == present).unwrap_or(0));
    let mut open = ui.data(|d| d.get_temp::<Open>(id)).filter(|open| open.pass + 1 >= pass).unwrap_or_else(|| Open {
        list: start.clone(),
        frame,
        ..Open::default()
    });
    open.pass = pass;
    // The key that opened the list chooses nothing in it and is not typed.
    let is_new = open.frame == frame;
    let entered = !is_new && open.list.take_keys(ui, open.found.len());
    open.list.field(ui, id.with("field"), &format!("Search {salt}"), "Search");
    if is_new {
        open.list = start;
    }
    ui.add_space(4.0);
    if open.searched.as_ref() != Some(&open.list.query) {
        open.found = search(&open.list.query, order, name);
        open.searched = Some(open.list.query.clone());
    }
    let found = &open.found;
    let tokens = theme::tokens(ui);
    let rows = Rows {
        field: id.with("field"),
        count: found.len(),
        row,
        height: MOST * row,
        name: &|i| (name(found[i]).0, true),
    };
    let clicked = open.list.rows(ui, &rows, |ui, rect, i, _| {
        let (whole, is_usable) = name(found[i]);
        let font = if found[i] == present { theme::strong() } else { theme::body() };
        let text = short(ui.painter(), found[i], &font, rect.width() - 12.0);
        names::whole_on_hover(ui, rect, ("entry", i), &text, &whole);
        let ink = if is_usable { tokens.text } else { tokens.text3 };
        ui.painter().text(pos2(rect.left() + 6.0, rect.center().y), Align2::LEFT_CENTER, text, font, ink);
    });
    if found.is_empty() {
        ui.label(RichText::new("Nothing has this name").small().color(tokens.text2));
    }
    let chosen = clicked.or(entered.then_some(open.list.chosen)).and_then(|i| found.get(i).copied());
    ui.data_mut(|d| d.insert_temp(id, open));
    if chosen.is_some() {
        ui.close();
    }
    chosen
}

fn search(query: &str, order: &[usize], name: &dyn Fn(usize) -> (String, bool)) -> Vec<usize> {
    let query = Query::new(query);
    if query.is_empty() {
        return order.to_vec();
    }
    let mut found: Vec<_> = order.iter().filter_map(|&j| Some((query.score(&name(j).0)?, j))).collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, j)| j).collect()
}

/// How a list was opened and left.
#[derive(Debug, Clone, Copy, Default)]
struct Visit {
    is_open: bool,
    /// What had the focus before.
    opener: Option<Id>,
    /// The last key may have closed it.
    by_key: bool,
}

/// Walks with the arrow keys through the open menu or list, and gives the focus back to what opened it; called once in every
/// pass, before the window is laid out.
pub fn walk_open_list(ctx: &Context) {
    let id = Id::unique("open list");
    let mut visit: Visit = ctx.data(|d| d.get_temp(id)).unwrap_or_default();
    let is_open = egui::Popup::is_any_open(ctx);
    if is_open {
        visit.by_key = ctx.input(|i| [Key::Enter, Key::Space, Key::Escape].into_iter().any(|key| i.key_pressed(key)));
        if visit.by_key {
            ctx.request_repaint();
        }
        walk(ctx);
    } else if let Some(opener) = visit.opener.filter(|_| visit.is_open && visit.by_key) {
        ctx.memory_mut(|m| m.request_focus(opener));
    } else {
        visit.opener = ctx.memory(egui::Memory::focused);
    }
    visit.is_open = is_open;
    ctx.data_mut(|d| d.insert_temp(id, visit));
}

fn walk(ctx: &Context) {
    let steps = ctx.input(|i| i.num_presses(Key::ArrowDown) as isize - i.num_presses(Key::ArrowUp) as isize);
    let Some(layer) = ctx.memory(|m| m.areas().top_layer_id(Order::Foreground)) else { return };
    if steps == 0 || ctx.text_edit_focused() {
        return;
    }
    let focused = ctx.memory(egui::Memory::focused);
    let entries = entries_of(ctx, layer);
    let last = entries.len().saturating_sub(1);
    let to = entries.iter().position(|entry| Some(*entry) == focused);
    let to = to.map_or(0, |now| now.saturating_add_signed(steps).min(last));
    if let Some(entry) = entries.get(to) {
        ctx.memory_mut(|m| {
            // Else the focus would go on by itself to what lies nearest.
            m.move_focus(egui::FocusDirection::None);
            m.request_focus(*entry);
        });
    }
}

/// What can have the focus in a list, in order.
fn entries_of(ctx: &Context, layer: LayerId) -> Vec<Id> {
    let can = |widget: &&egui::WidgetRect| widget.enabled && widget.sense.is_focusable();
    ctx.viewport(|v| v.prev_pass.widgets.get_layer(layer).filter(can).map(|widget| widget.id).collect())
}
