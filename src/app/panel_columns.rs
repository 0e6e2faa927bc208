//! The data panel at the left, and what the page of the analysis asks of the arrangement of its panels.

use eframe::egui::{Frame, Panel, Rangef, Rect, Ui, pos2};

use crate::app::command::Command;
use crate::app::data_view::Page;
use crate::app::panel_layout::{Divider, PanelLayout, PanelName, Room};
use crate::app::panel_places::{Handle, Places, STRIP, data_width};
use crate::app::views::panel_frame;
use crate::app::walk::{self, Region};
use crate::app::{App, Side, layout};

/// Name of the data panel where only a strip of it is shown.
const DATA: &str = "Features and settings";

/// The arrangement that holds now: during the tour that of the first start, since its steps point at places.
pub(super) fn arrangement(app: &App) -> PanelLayout {
    if app.tour.is_some() {
        return PanelLayout::default();
    }
    let mut now = app.preferences.panels.clone();
    if app.side != Side::Results {
        now.restore();
    }
    now
}

/// Writes the arrangement, after putting it back where that is asked for.
pub(super) fn keep(app: &mut App, command: &Command) {
    if *command == Command::ResetLayout {
        app.preferences.panels = PanelLayout::default();
    }
    app.save_preferences();
}

/// The room of the page `height` high.
pub(super) fn room(ui: &Ui, height: f32) -> Room {
    Room { window_width: ui.ctx().content_rect().width(), height }
}

/// Takes over what was changed by hand; it is kept once a drag has ended.
pub(super) fn take_over(
    app: &mut App,
    ui: &Ui,
    changed: PanelLayout,
    before: &PanelLayout,
    has_ended: bool,
) -> Option<Command> {
    // What was not changed here may have been elsewhere, and what is not in force now must not be lost.
    if app.tour.is_some() || (changed == *before && !has_ended) {
        return None;
    }
    app.preferences.panels = changed;
    ui.ctx().request_repaint();
    (has_ended || !ui.ctx().egui_is_using_pointer()).then_some(Command::KeepLayout)
}

/// The data panel, or a strip that opens it; with it the edge that can be dragged.
pub(super) fn data(app: &mut App, ui: &mut Ui, frame: Frame) -> (Option<Command>, Option<Handle>) {
    let layout = arrangement(app);
    if app.page == Page::Analysis && app.shown.is_some() && layout.maximised().is_some() {
        return (None, None);
    }
    let mut changed = layout.clone();
    let room = room(ui, ui.available_height());
    let mut command = None;
    // The columns of the analysis draw their own left edges.
    let is_drawn = app.page == Page::Analysis && app.shown.is_some();
    if layout.is_collapsed(PanelName::Data, room) {
        let panel = Panel::left("data strip").exact_size(STRIP).frame(frame).show_separator_line(!is_drawn);
        panel.show(ui, |ui| {
            walk::region(ui, Region::Panel(PanelName::Data), ui.max_rect());
            if panel_frame::strip(ui, ui.max_rect(), DATA, true) {
                changed.set_collapsed(PanelName::Data, false, room);
            }
        });
        return (take_over(app, ui, changed, &layout, false), None);
    }
    let width = data_width(&layout, room.window_width);
    let mut area = Rect::NOTHING;
    let panel = Panel::left("data").exact_size(width).resizable(false).frame(frame).show_separator_line(!is_drawn);
    panel.show(ui, |ui| {
        area = ui.max_rect();
        walk::region(ui, Region::Panel(PanelName::Data), area);
        command = layout::data(app, ui, &mut changed);
        if app.tour.is_none() && panel_frame::data_chevron(ui, area, DATA) {
            changed.set_collapsed(PanelName::Data, true, room);
        }
    });
    command = take_over(app, ui, changed, &layout, false).or(command);
    let edge = Handle { divider: Divider::Data, at: area.right(), along: Rangef::new(area.top(), area.bottom()) };
    (command, Some(edge).filter(|_| app.tour.is_none()))
}

/// The edge of the data panel, over all that stands beside it.
pub(super) fn data_divider(app: &mut App, ui: &Ui, edge: Handle) -> Option<Command> {
    let before = arrangement(app);
    let mut layout = before.clone();
    let area = Rect::from_min_max(pos2(0.0, edge.along.min), pos2(edge.at, edge.along.max));
    let room = room(ui, edge.along.span());
    let places = Places::maximised(PanelName::Data, area);
    let moved = panel_frame::divider(ui, &places, edge, &mut layout, room);
    take_over(app, ui, layout, &before, moved.has_ended).or(moved.command)
}
