//! Where every panel of the analysis stands, from the size of the page and the user's arrangement. Lengths in points.

use eframe::egui::{Pos2, Rangef, Rect, pos2};

use crate::app::panel_layout::{Column, Divider, PanelLayout, PanelName, Room};
use crate::app::theme;
use crate::app::views::details;

/// A folded column, and the data panel where it is collapsed.
pub const STRIP: f32 = 28.0;
/// The row of buttons below the right column.
const BUTTONS: f32 = 48.0;
/// Least widths of the columns.
const LEAST_WIDTHS: [f32; 3] = [216.0, 240.0, 328.0];
/// Width of the data panel as long as nobody moves it.
const DATA: f32 = 216.0;
/// Least and largest width of the data panel.
const DATA_WIDTHS: [f32; 2] = [200.0, 420.0];

/// A line that can be dragged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Handle {
    /// Which.
    pub divider: Divider,
    /// Where it stands across itself.
    pub at: f32,
    /// From where to where it runs.
    pub along: Rangef,
}

/// Where everything stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Places {
    /// All of it.
    pub page: Rect,
    /// The columns; a folded one is a strip.
    pub columns: [Rect; 3],
    /// Which of them are folded to strips.
    pub folded: [bool; 3],
    /// Panels of open columns, with whether only the head is shown.
    pub panels: Vec<(PanelName, Rect, bool)>,
    /// The row of buttons, where it is shown.
    pub buttons: Option<Rect>,
    /// What can be dragged.
    pub handles: Vec<Handle>,
}

/// As [`f32::clamp`], where the bounds may cross: then the lower one holds.
fn bounded(value: f32, least: f32, most: f32) -> f32 {
    value.min(most).max(least).round()
}

/// Least height of a panel that is open.
fn least_height(panel: PanelName) -> f32 {
    theme::PANEL_HEAD
        + match panel {
            PanelName::Lasso | PanelName::Ridge => 166.0,
            PanelName::Geometry => 240.0,
            PanelName::Fit => 116.0,
            PanelName::Features => 110.0,
            PanelName::Folds => 76.0,
            PanelName::LeftOut | PanelName::Data => 108.0,
        }
}

/// Width of the data panel in a window of this width.
pub fn data_width(layout: &PanelLayout, window: f32) -> f32 {
    let width = layout.share(Divider::Data).map_or(DATA, |share| share * window);
    bounded(width, DATA_WIDTHS[0], DATA_WIDTHS[1].min(window * 0.35))
}

impl Places {
    /// Where everything stands on a page; `keeps_right` if the right column shows something else, which needs it open.
    pub fn new(layout: &PanelLayout, page: Rect, room: Room, keeps_right: bool) -> Self {
        let mut folded = Column::ALL.map(|column| layout.is_folded(column, room));
        folded[2] &= !keeps_right;
        let columns = columns(layout, page, folded);
        let mut places = Self { page, columns, folded, panels: Vec::new(), buttons: None, handles: Vec::new() };
        for (i, divider) in [(0, Divider::Paths), (2, Divider::Right)] {
            // Where what is between is folded, one line is left to move; where an outer one alone is open, none.
            let is_free = if i == 0 { !folded[1] } else { !(folded[0] && folded[1]) };
            if is_free {
                let at = if i == 0 { columns[0].right() } else { columns[2].left() };
                places.handles.push(Handle { divider, at, along: page.y_range() });
            }
        }
        if !folded[0] {
            let half = (page.height() * 0.5).round();
            places.pair(layout, room, columns[0], (PanelName::Lasso, PanelName::Ridge), (Divider::Lasso, half));
        }
        if !folded[1] {
            let side = (columns[1].width() - 64.0) / 2.0 - 26.0;
            let height = (theme::PANEL_HEAD + side + 184.0).min(page.height() * 0.62).round();
            let divider = (Divider::Geometry, height);
            places.pair(layout, room, columns[1], (PanelName::Geometry, PanelName::Fit), divider);
        }
        if !folded[2] && !keeps_right {
            places.right(layout, room, columns[2]);
        }
        places
    }

    /// One panel alone on the page.
    pub fn maximised(panel: PanelName, page: Rect) -> Self {
        let mut rect = page;
        let buttons = (panel == PanelName::Features).then(|| {
            rect.max.y -= BUTTONS;
            Rect::from_min_max(pos2(page.left(), rect.bottom()), page.max)
        });
        let folded = [false; 3];
        Self { page, columns: [page; 3], folded, panels: vec![(panel, rect, false)], buttons, handles: Vec::new() }
    }

    /// Where an open panel stands.
    pub fn open(&self, panel: PanelName) -> Option<Rect> {
        self.panels.iter().find(|(name, _, collapsed)| *name == panel && !collapsed).map(|(_, rect, _)| *rect)
    }

    fn pair(
        &mut self,
        layout: &PanelLayout,
        room: Room,
        column: Rect,
        (upper, lower): (PanelName, PanelName),
        (divider, at_first): (Divider, f32),
    ) {
        let collapsed = [upper, lower].map(|panel| layout.is_collapsed(panel, room));
        let height = match collapsed {
            [true, _] => theme::PANEL_HEAD,
            [false, true] => column.height() - theme::PANEL_HEAD,
            _ => {
                let wanted = layout.share(divider).map_or(at_first, |share| share * column.height());
                bounded(wanted, least_height(upper), column.height() - least_height(lower))
            }
        };
        let y = column.top() + height;
        self.panels.push((upper, column.with_max_y(y), collapsed[0]));
        self.panels.push((lower, column.with_min_y(y), collapsed[1]));
        self.handles.push(Handle { divider, at: y, along: column.x_range() });
    }

    fn right(&mut self, layout: &PanelLayout, room: Room, column: Rect) {
        let is_collapsed = |panel| layout.is_collapsed(panel, room);
        let bottom = column.bottom() - BUTTONS;
        let available = bottom - column.top();
        let rows = if column.height() > 780.0 { (5, 6) } else { (4, 4) };
        let wanted = |panel, divider, at_first: f32| {
            if is_collapsed(panel) {
                return theme::PANEL_HEAD;
            }
            let height = layout.share(divider).map_or(at_first, |share| share * column.height());
            bounded(height, least_height(panel), available)
        };
        let mut left_out = wanted(PanelName::LeftOut, Divider::LeftOut, details::left_out_height(rows.1));
        let folds = wanted(PanelName::Folds, Divider::Folds, details::folds_height(rows.0));
        let least = |panel| if is_collapsed(panel) { theme::PANEL_HEAD } else { least_height(panel) };
        let features = if is_collapsed(PanelName::Features) {
            // What is open below takes the room.
            let rest = available - theme::PANEL_HEAD;
            let most = rest - least(PanelName::Folds);
            left_out = if is_collapsed(PanelName::Folds) { most } else { left_out.min(most) };
            theme::PANEL_HEAD
        } else {
            let above = least(PanelName::Features);
            left_out = left_out.min(available - above - least(PanelName::Folds)).max(least(PanelName::LeftOut));
            available - left_out - folds.min(available - above - left_out).max(least(PanelName::Folds))
        };
        let y = [column.top() + features, bottom - left_out];
        self.panels.push((PanelName::Features, column.with_max_y(y[0]), is_collapsed(PanelName::Features)));
        let middle = column.with_min_y(y[0]).with_max_y(y[1]);
        self.panels.push((PanelName::Folds, middle, is_collapsed(PanelName::Folds)));
        let lowest = column.with_min_y(y[1]).with_max_y(bottom);
        self.panels.push((PanelName::LeftOut, lowest, is_collapsed(PanelName::LeftOut)));
        self.buttons = Some(column.with_min_y(bottom));
        self.handles.push(Handle { divider: Divider::Folds, at: y[0], along: column.x_range() });
        self.handles.push(Handle { divider: Divider::LeftOut, at: y[1], along: column.x_range() });
    }

    /// Moves a divider to a point. Far below the least size its panel collapses; back again, it opens.
    pub fn drag(&self, layout: &mut PanelLayout, divider: Divider, to: Pos2, room: Room) {
        let page = self.page;
        match divider {
            Divider::Data => {
                // The window's left edge is the panel's.
                let collapsed = to.x < DATA_WIDTHS[0] * 0.5;
                layout.set_collapsed(PanelName::Data, collapsed, room);
                let share = bounded(to.x, DATA_WIDTHS[0], DATA_WIDTHS[1]) / room.window_width;
                keep(layout, divider, share, collapsed);
            }
            Divider::Paths | Divider::Right => {
                let (i, width) = match divider {
                    Divider::Paths => (0, to.x - page.left()),
                    _ => (2, page.right() - to.x),
                };
                let column = Column::ALL[i];
                if width < LEAST_WIDTHS[i] * 0.5 {
                    layout.fold(column, room);
                    return;
                }
                if layout.is_folded(column, room) {
                    layout.open(column);
                }
                let others = if self.folded[1] {
                    STRIP + LEAST_WIDTHS[0]
                } else {
                    LEAST_WIDTHS[1] + self.columns[2 - i].width()
                };
                let others = page.width() - others;
                layout.set_share(divider, bounded(width, LEAST_WIDTHS[i], others) / page.width());
            }
            Divider::Lasso => self.drag_pair(layout, divider, (PanelName::Lasso, PanelName::Ridge), to.y, room),
            Divider::Geometry => self.drag_pair(layout, divider, (PanelName::Geometry, PanelName::Fit), to.y, room),
            Divider::Folds | Divider::LeftOut => self.drag_right(layout, divider, to.y, room),
        }
    }

    fn drag_pair(
        &self,
        layout: &mut PanelLayout,
        divider: Divider,
        (upper, lower): (PanelName, PanelName),
        y: f32,
        room: Room,
    ) {
        let (above, below) = (y - self.page.top(), self.page.bottom() - y);
        let (least_above, least_below) = (least_height(upper), least_height(lower));
        let (close_upper, close_lower) = (above < least_above * 0.5, below < least_below * 0.5);
        layout.set_collapsed(upper, close_upper, room);
        layout.set_collapsed(lower, close_lower && !close_upper, room);
        let height = self.page.height();
        let share = bounded(above, least_above, height - least_below) / height;
        keep(layout, divider, share, close_upper || close_lower);
    }

    /// The folds' lower edge stays where their upper one is dragged; where their lower one is dragged, the upper one.
    fn drag_right(&self, layout: &mut PanelLayout, divider: Divider, y: f32, room: Room) {
        let column = self.columns[2];
        let at = |wanted| self.handles.iter().find(|h| h.divider == wanted).map(|h| h.at);
        let (Some(folds_top), Some(left_out_top)) = (at(Divider::Folds), at(Divider::LeftOut)) else { return };
        let (panel, height, bottom) = match divider {
            Divider::Folds => (PanelName::Folds, left_out_top - y, left_out_top),
            _ => (PanelName::LeftOut, column.bottom() - BUTTONS - y, column.bottom() - BUTTONS),
        };
        let collapsed = height < least_height(panel) * 0.5;
        layout.set_collapsed(panel, collapsed, room);
        if y - column.top() < least_height(PanelName::Features) * 0.5 {
            layout.set_collapsed(PanelName::Features, true, room);
        } else if y - column.top() >= least_height(PanelName::Features) {
            layout.set_collapsed(PanelName::Features, false, room);
        }
        let is_folds_open = !layout.is_collapsed(PanelName::Folds, room);
        let folds = if is_folds_open { least_height(PanelName::Folds) } else { theme::PANEL_HEAD };
        let above = least_height(PanelName::Features) + if panel == PanelName::LeftOut { folds } else { 0.0 };
        let height = bounded(height, least_height(panel), bottom - column.top() - above);
        keep(layout, divider, height / column.height(), collapsed);
        if divider == Divider::LeftOut && is_folds_open {
            let rest = (bottom - height - folds_top).max(least_height(PanelName::Folds));
            layout.set_share(Divider::Folds, rest / column.height());
        }
    }
}

fn keep(layout: &mut PanelLayout, divider: Divider, share: f32, collapsed: bool) {
    if !collapsed {
        layout.set_share(divider, share);
    }
}

/// The three columns. The first two shares of an open page are of the outer columns; what is between takes the rest.
fn columns(layout: &PanelLayout, page: Rect, folded: [bool; 3]) -> [Rect; 3] {
    let width = page.width();
    let least = |i: usize| if folded[i] { STRIP } else { LEAST_WIDTHS[i] };
    let share = |divider| layout.share(divider).map(|share| share * width);
    let right_at_first = (width * 0.31).clamp(328.0, 420.0);
    let mut right = share(Divider::Right).unwrap_or(right_at_first);
    right = if folded[2] { STRIP } else { bounded(right, LEAST_WIDTHS[2], width - least(0) - least(1)) };
    let paths_at_first = ((width - right) * 0.465).round();
    let mut paths = share(Divider::Paths).unwrap_or(paths_at_first);
    paths = if folded[0] { STRIP } else { bounded(paths, LEAST_WIDTHS[0], width - right - least(1)) };
    match folded {
        // Nothing open between them: one of the outer ones takes the rest.
        [false, true, _] => paths = width - right - STRIP,
        [true, true, false] => right = width - 2.0 * STRIP,
        _ => {}
    }
    let x = [page.left(), page.left() + paths, page.right() - right, page.right()];
    [0, 1, 2].map(|i| Rect::from_min_max(pos2(x[i], page.top()), pos2(x[i + 1], page.bottom())))
}
