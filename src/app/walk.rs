//! The way of the focus through the window: Tab in the order of reading, arrows within a group, from panel to panel, and
//! back to where it was once what lay over the window is closed.
//!
//! The views mark what they draw; the next key finds its way by these marks and by where the widgets stood.

use eframe::egui::{
    Context, FocusDirection, Id, IdMap, Key, LayerId, Memory, Modifiers, Order, Popup, Pos2, Rect, Ui, Vec2,
    WidgetRect, pos2,
};

use crate::app::panel_layout::PanelName;
use crate::app::resting;

/// A part of the window, in the order of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Region {
    /// File, target and actions.
    TopBar,
    /// What did not work.
    Message,
    /// How the table was read.
    Banner,
    /// A panel of the analysis, or the data panel.
    Panel(PanelName),
    /// What fills the page in place of panels, part by part.
    Page(u8),
    /// The buttons below the right column.
    Buttons,
    /// Notes or import options.
    Side,
    /// The lines between panels, and whatever belongs to no other part.
    Frame,
    /// The guided tour.
    Tour,
    /// The line at the foot.
    StatusBar,
    /// The guide over the window.
    Help,
}

/// Centres no farther apart than this are in one row.
const SAME_ROW: f32 = 7.0;

/// What the views have said of what they draw.
#[derive(Debug, Clone, Default)]
struct Marks {
    areas: Vec<(Region, Rect)>,
    /// Group of a widget, and whether it is the one chosen of it.
    groups: IdMap<(Id, bool)>,
    homes: Vec<Id>,
    minor: Vec<Id>,
    frame: Vec<Id>,
}

/// Where the focus is and was.
#[derive(Debug, Clone, Default)]
struct Walk {
    drawn: Marks,
    former: Marks,
    /// Where it was last, in case it gets lost there.
    at: Option<(Region, Pos2)>,
    /// The last of each group that had it.
    last: IdMap<Id>,
    /// What an arrow has brought it to in this pass.
    by_arrow: Option<Id>,
    /// What a key has brought it to, until the pointer moves.
    by_key: Option<Id>,
    is_covered: bool,
    /// What had it before something lay over the window.
    below: Option<Id>,
}

/// A widget that can have the focus.
#[derive(Debug, Clone, Copy)]
struct Spot {
    id: Id,
    region: Region,
    row: usize,
    at: Pos2,
    group: Option<Id>,
}

fn with<R>(ctx: &Context, use_it: impl FnOnce(&mut Walk) -> R) -> R {
    ctx.data_mut(|d| use_it(d.get_temp_mut_or_default(Id::unique("walk"))))
}

/// A part of the window stands here; what was marked first has what several hold.
pub fn region(ui: &Ui, region: Region, area: Rect) {
    with(ui.ctx(), |walk| walk.drawn.areas.push((region, area)));
}

/// A widget that is one of a group: Tab stops at the group once, arrows go through it.
pub fn one_of(ui: &Ui, group: Id, widget: Id, is_chosen: bool) {
    with(ui.ctx(), |walk| walk.drawn.groups.insert(widget, (group, is_chosen)));
}

/// What the focus comes to first in its part of the window.
pub fn home(ui: &Ui, widget: Id) {
    with(ui.ctx(), |walk| walk.drawn.homes.push(widget));
}

/// What the focus does not come to first, as the buttons of a panel's frame.
pub fn minor(ui: &Ui, widget: Id) {
    with(ui.ctx(), |walk| walk.drawn.minor.push(widget));
}

/// What stands between panels.
pub fn between(ui: &Ui, widget: Id) {
    with(ui.ctx(), |walk| walk.drawn.frame.push(widget));
}

/// Whether an arrow has just brought the focus here, which chooses where one of several is chosen.
pub fn came_by_arrow(ui: &Ui, widget: Id) -> bool {
    with(ui.ctx(), |walk| walk.by_arrow == Some(widget))
}

/// Whether a key has brought the focus here, and the pointer has not moved since.
pub fn is_by_key(ui: &Ui, widget: Id) -> bool {
    with(ui.ctx(), |walk| walk.by_key == Some(widget)) && ui.memory(|m| m.has_focus(widget))
}

/// Takes Tab and arrows at the start of a pass; `is_covered` while something lies over the window.
pub fn take_keys(ctx: &Context, is_covered: bool) {
    let focused = ctx.memory(Memory::focused);
    let mut walk = with(ctx, std::mem::take);
    walk.former = std::mem::take(&mut walk.drawn);
    walk.by_arrow = None;
    if ctx.input(|i| i.pointer.is_moving() || i.pointer.any_pressed()) {
        walk.by_key = None;
    }
    give_back(ctx, &mut walk, focused, is_covered);
    let focused = ctx.memory(Memory::focused);
    walk.remember(ctx, focused);
    if !Popup::is_any_open(ctx) && ctx.memory(|m| m.is_above_modal_layer(LayerId::background())) {
        let tabs = ctx.input(|i| {
            let back = i.num_presses(Key::Tab) as isize;
            if i.modifiers.is_none() {
                back
            } else if i.modifiers.shift_only() {
                -back
            } else {
                0
            }
        });
        if tabs != 0 {
            walk.tab(ctx, focused, tabs);
        } else if let Some(focused) = focused {
            walk.arrow(ctx, focused);
        }
    }
    with(ctx, |kept| *kept = walk);
}

/// To the next part of the window, or to the one before.
pub fn jump(ctx: &Context, back: bool) {
    let mut walk = with(ctx, std::mem::take);
    let focused = ctx.memory(Memory::focused);
    walk.jump(ctx, focused, back);
    with(ctx, |kept| *kept = walk);
}

/// Once nothing lies over the window any more, the focus is again where it was.
fn give_back(ctx: &Context, walk: &mut Walk, focused: Option<Id>, is_covered: bool) {
    let is_below = |id: &Id| ctx.viewport(|v| v.prev_pass.widgets.get(*id).is_some_and(is_of_window));
    if walk.is_covered && !is_covered && !focused.as_ref().is_some_and(is_below) {
        if let Some(id) = walk.below.filter(is_below) {
            ctx.memory_mut(|m| m.request_focus(id));
        }
    } else if !is_covered {
        walk.below = focused;
    }
    if is_covered && !walk.is_covered {
        resting::rest(ctx);
    }
    walk.is_covered = is_covered;
}

fn is_of_window(widget: &WidgetRect) -> bool {
    widget.layer_id.order == Order::Background
}

/// The middle of a widget, or the edge behind which it is scrolled.
fn middle(widget: &WidgetRect) -> Pos2 {
    let (all, seen) = (widget.rect, widget.interact_rect);
    let y = if seen.min.y <= seen.max.y {
        seen.center().y
    } else if all.center().y > seen.max.y {
        seen.max.y
    } else {
        seen.min.y
    };
    pos2(all.center().x, y)
}

fn give(ctx: &Context, walk: &mut Walk, id: Id) {
    walk.by_key = Some(id);
    ctx.memory_mut(|m| {
        // Else it would go on by itself, in the order in which the widgets are drawn.
        m.move_focus(FocusDirection::None);
        m.request_focus(id);
    });
    ctx.request_repaint();
}

impl Walk {
    /// All that can have the focus, in the order of reading.
    fn spots(&self, ctx: &Context) -> Vec<Spot> {
        let mut spots: Vec<Spot> = ctx.viewport(|v| {
            let widgets = &v.prev_pass.widgets;
            let layers = widgets.layers().filter(|(layer, _)| is_part(layer.order, layer.id));
            let all = layers.flat_map(|(_, widgets)| widgets);
            all.filter(|w| w.enabled && w.visible && w.sense.is_focusable()).map(|w| self.spot(w)).collect()
        });
        spots.sort_by(|a, b| (a.region, a.at.y).partial_cmp(&(b.region, b.at.y)).unwrap_or(std::cmp::Ordering::Equal));
        let mut row = 0;
        for i in 1..spots.len() {
            let first = spots[..i].iter().rposition(|s| s.row != row).map_or(0, |before| before + 1);
            let (above, here) = (spots[first], spots[i]);
            row += usize::from(above.region != here.region || here.at.y - above.at.y > SAME_ROW);
            spots[i].row = row;
        }
        spots.sort_by(|a, b| a.row.cmp(&b.row).then(a.at.x.total_cmp(&b.at.x)));
        spots
    }

    fn spot(&self, widget: &WidgetRect) -> Spot {
        let at = middle(widget);
        let marks = &self.former;
        let region = if !is_of_window(widget) {
            Region::Help
        } else if marks.frame.contains(&widget.id) {
            Region::Frame
        } else {
            marks.areas.iter().find(|(_, area)| area.contains(at)).map_or(Region::Frame, |(region, _)| *region)
        };
        let group = marks.groups.get(&widget.id).map(|(group, _)| *group);
        Spot { id: widget.id, region, row: 0, at, group }
    }

    /// One spot for each group, at the place of its first.
    fn stops(&self, spots: &[Spot]) -> Vec<Spot> {
        let mut stops: Vec<Spot> = Vec::new();
        for spot in spots {
            let Some(group) = spot.group else {
                stops.push(*spot);
                continue;
            };
            if stops.iter().any(|stop| stop.group == Some(group)) {
                continue;
            }
            let members = || spots.iter().filter(|other| other.group == Some(group));
            let chosen = members().find(|s| self.former.groups.get(&s.id).is_some_and(|(_, is_chosen)| *is_chosen));
            let last = || members().find(|s| self.last.get(&group) == Some(&s.id));
            let id = chosen.or_else(last).map_or(spot.id, |s| s.id);
            stops.push(Spot { id, ..*spot });
        }
        stops
    }

    fn remember(&mut self, ctx: &Context, focused: Option<Id>) {
        let Some(id) = focused else { return };
        let Some(widget) = ctx.viewport(|v| v.prev_pass.widgets.get(id).copied()) else { return };
        if is_part(widget.layer_id.order, widget.layer_id.id) {
            let spot = self.spot(&widget);
            self.at = Some((spot.region, spot.at));
            if let Some(group) = spot.group {
                self.last.insert(group, id);
            }
        }
    }

    fn tab(&mut self, ctx: &Context, focused: Option<Id>, steps: isize) {
        let spots = self.spots(ctx);
        let here = focused.and_then(|id| spots.iter().find(|spot| spot.id == id)).copied();
        let mut stops = self.stops(&spots);
        if here.is_some_and(|spot| spot.region == Region::Help) {
            stops.retain(|stop| stop.region == Region::Help);
        }
        let n = stops.len() as isize;
        if n == 0 {
            return;
        }
        let is_here =
            |stop: &Spot, spot: &Spot| stop.id == spot.id || (spot.group.is_some() && stop.group == spot.group);
        let now = here.and_then(|spot| stops.iter().position(|stop| is_here(stop, &spot)));
        // What had the focus is gone: on from its place.
        let from_place = || {
            let before = self.at.map_or(0, |at| {
                stops.partition_point(|stop| (stop.region, stop.at.y, stop.at.x) < (at.0, at.1.y, at.1.x))
            });
            before as isize + if steps > 0 { steps - 1 } else { steps }
        };
        let to = now.map_or_else(from_place, |now| now as isize + steps);
        give(ctx, self, stops[to.rem_euclid(n) as usize].id);
    }

    fn arrow(&mut self, ctx: &Context, focused: Id) {
        let Some((group, _)) = self.former.groups.get(&focused).copied() else { return };
        let arrows = [
            (Key::ArrowLeft, Vec2::LEFT),
            (Key::ArrowRight, Vec2::RIGHT),
            (Key::ArrowUp, Vec2::UP),
            (Key::ArrowDown, Vec2::DOWN),
        ];
        let pressed = arrows.into_iter().find(|(key, _)| ctx.input_mut(|i| i.consume_key(Modifiers::NONE, *key)));
        let Some((_, direction)) = pressed else { return };
        let spots: Vec<Spot> = ctx.viewport(|v| {
            let members = self.former.groups.iter().filter(|(_, (other, _))| *other == group);
            members
                .filter_map(|(id, _)| v.prev_pass.widgets.get(*id))
                .map(|w| Spot { at: w.rect.center(), ..self.spot(w) })
                .collect()
        });
        let Some(here) = spots.iter().find(|spot| spot.id == focused) else { return };
        let along = |spot: &Spot| (spot.at - here.at).dot(direction);
        let aside = |spot: &Spot| (spot.at - here.at).dot(direction.rot90()).abs();
        let is_horizontal = direction.x != 0.0;
        let can = |spot: &&Spot| along(spot) > 1.0 && (!is_horizontal || aside(spot) < SAME_ROW);
        let near = |spot: &Spot| along(spot) + 2.0 * aside(spot);
        let to = spots.iter().filter(can).min_by(|a, b| near(a).total_cmp(&near(b)));
        let is_line = spots.iter().all(|spot| (spot.at.y - here.at.y).abs() < SAME_ROW);
        // In a row up and down lead on as well.
        let to = to.or_else(|| {
            let sign = direction.x + direction.y;
            let ahead = spots.iter().filter(|spot| is_line && (spot.at.x - here.at.x) * sign > 1.0);
            ahead.min_by(|a, b| (a.at.x * sign).total_cmp(&(b.at.x * sign)))
        });
        let to = to.map_or(focused, |spot| spot.id);
        self.by_arrow = (to != focused).then_some(to);
        give(ctx, self, to);
    }

    fn jump(&mut self, ctx: &Context, focused: Option<Id>, back: bool) {
        let spots = self.spots(ctx);
        let stops = self.stops(&spots);
        let is_major = |stop: &&Spot| stop.region != Region::Frame && !self.former.minor.contains(&stop.id);
        let mut regions: Vec<Region> = stops.iter().filter(is_major).map(|stop| stop.region).collect();
        regions.dedup();
        let here = focused.and_then(|id| spots.iter().find(|spot| spot.id == id)).map(|spot| spot.region);
        let here = here.or(self.at.map(|at| at.0));
        let n = regions.len();
        if n == 0 {
            return;
        }
        let to = match (here, back) {
            (Some(here), false) => regions.partition_point(|region| *region <= here) % n,
            (Some(here), true) => (regions.partition_point(|region| *region < here) + n - 1) % n,
            (None, false) => 0,
            (None, true) => n - 1,
        };
        let inside = || stops.iter().filter(|stop| stop.region == regions[to]);
        let is_home = |stop: &&Spot| {
            let is_of_group = |id: &Id| stop.group.is_some() && self.former.groups.get(id).map(|g| g.0) == stop.group;
            self.former.homes.iter().any(|id| *id == stop.id || is_of_group(id))
        };
        if let Some(stop) = inside().find(is_home).or_else(|| inside().find(is_major)) {
            self.at = Some((stop.region, stop.at));
            give(ctx, self, stop.id);
        }
    }
}

/// Whether a layer is the window itself or the guide over it.
fn is_part(order: Order, layer: Id) -> bool {
    order == Order::Background || layer == guide()
}

/// The layer of the guide.
pub fn guide() -> Id {
    Id::unique("guide")
}
