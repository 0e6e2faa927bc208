//! How the user has arranged the panels of the analysis: sizes, what is collapsed, what fills the page.

use std::collections::{BTreeMap, BTreeSet};

use eframe::egui::{Vec2, vec2};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::sections::Section;

/// Form of what is written. Another one is not read: the panels then stand as at the first start.
const VERSION: u32 = 1;

/// Below this width of the window the columns of the data would leave too little to the views.
const ROOM_FOR_DATA: f32 = 1160.0;
/// Below this height of the page three sections in the right column would leave the first too little.
const ROOM_FOR_FOLDS: f32 = 680.0;

/// A panel of the page of the analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PanelName {
    /// Columns and settings.
    Data,
    /// Lasso or elastic-net path.
    Lasso,
    /// Ridge path.
    Ridge,
    /// Diamond and circle.
    Geometry,
    /// Predicted against observed, or the curve.
    Fit,
    /// Selected features.
    Features,
    /// Coefficients across folds.
    Folds,
    /// Why features are left out, and assumptions.
    LeftOut,
}

impl PanelName {
    /// All of them, from left to right and from top to bottom.
    pub const ALL: [Self; 8] =
        [Self::Data, Self::Lasso, Self::Ridge, Self::Geometry, Self::Fit, Self::Features, Self::Folds, Self::LeftOut];

    /// Whether it can fill the page. The geometry has a page of its own.
    pub fn can_fill_the_page(self) -> bool {
        !matches!(self, Self::Data | Self::Geometry)
    }

    /// Whether it is collapsed in this much room as long as the user says nothing else.
    fn is_collapsed_at_first(self, room: Room) -> bool {
        match self {
            Self::Data => room.window_width < ROOM_FOR_DATA,
            Self::Folds => room.height < ROOM_FOR_FOLDS,
            _ => false,
        }
    }

    fn from_value(value: &Value) -> Option<Self> {
        serde_json::from_value(value.clone()).ok()
    }
}

/// A column of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Lasso above ridge.
    Paths,
    /// Geometry above fit.
    Middle,
    /// Features, folds, left out.
    Right,
}

impl Column {
    /// From left to right.
    pub const ALL: [Self; 3] = [Self::Paths, Self::Middle, Self::Right];

    /// Its panels, from top to bottom.
    pub fn panels(self) -> &'static [PanelName] {
        match self {
            Self::Paths => &[PanelName::Lasso, PanelName::Ridge],
            Self::Middle => &[PanelName::Geometry, PanelName::Fit],
            Self::Right => &[PanelName::Features, PanelName::Folds, PanelName::LeftOut],
        }
    }

    /// The column in which a panel stands.
    pub fn of(panel: PanelName) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.panels().contains(&panel))
    }
}

/// What can be dragged; the share is that of the panel named first, of the page's width or height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Divider {
    /// Data panel, of the window's width.
    Data,
    /// Column of the paths, of the page's width.
    Paths,
    /// Right column, of the page's width.
    Right,
    /// Lasso over ridge.
    Lasso,
    /// Geometry over fit.
    Geometry,
    /// Folds, below the features.
    Folds,
    /// Left out, below the folds.
    LeftOut,
}

impl Divider {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Data, Self::Paths, Self::Right, Self::Lasso, Self::Geometry, Self::Folds, Self::LeftOut];

    /// Whether it is a vertical line.
    pub fn is_vertical(self) -> bool {
        matches!(self, Self::Data | Self::Paths | Self::Right)
    }

    /// What it is called, for screen readers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Data => "Divider between data and views",
            Self::Paths => "Divider between paths and geometry",
            Self::Right => "Divider between geometry and features",
            Self::Lasso => "Divider between lasso and ridge",
            Self::Geometry => "Divider between geometry and fit",
            Self::Folds => "Divider between features and folds",
            Self::LeftOut => "Divider between folds and left out",
        }
    }
}

/// The room that decides what is collapsed at first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// Width of the window, in points.
    pub window_width: f32,
    /// Height of the page between the bars, in points.
    pub height: f32,
}

impl From<Vec2> for Room {
    fn from(size: Vec2) -> Self {
        Self { window_width: size.x, height: size.y }
    }
}

/// The arrangement. Whatever the user has not touched is absent and follows the size of the window.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct PanelLayout {
    /// In `0..1`.
    shares: BTreeMap<Divider, f32>,
    collapsed: BTreeMap<PanelName, bool>,
    maximised: Option<PanelName>,
    /// Sections of which only the title is shown.
    folded: BTreeSet<Section>,
}

impl PanelLayout {
    /// Reads it; whatever makes no sense is as at the first start.
    pub fn from_value(value: Value) -> Self {
        serde_json::from_value(value).unwrap_or_default()
    }

    /// The share of a divider, if the user has moved it.
    pub fn share(&self, divider: Divider) -> Option<f32> {
        self.shares.get(&divider).copied()
    }

    /// Moves a divider; a share outside `0..1` is not one.
    pub fn set_share(&mut self, divider: Divider, share: f32) {
        if is_share(share) {
            self.shares.insert(divider, share);
        }
    }

    /// Puts a divider back to where it follows the window.
    pub fn release(&mut self, divider: Divider) {
        self.shares.remove(&divider);
    }

    /// Whether only the head of a panel is shown.
    pub fn is_collapsed(&self, panel: PanelName, room: Room) -> bool {
        self.collapsed.get(&panel).copied().unwrap_or_else(|| panel.is_collapsed_at_first(room))
    }

    /// Collapses a panel or opens it. The last open column keeps its last open panel.
    pub fn set_collapsed(&mut self, panel: PanelName, collapsed: bool, room: Room) {
        let before = self.collapsed.insert(panel, collapsed);
        if self.is_nothing_open(room) {
            match before {
                Some(before) => self.collapsed.insert(panel, before),
                None => self.collapsed.remove(&panel),
            };
        }
    }

    /// Whether only the title of a section is shown.
    pub fn is_section_folded(&self, section: Section) -> bool {
        self.folded.contains(&section)
    }

    /// Folds a section to its title or opens it.
    pub fn fold_section(&mut self, section: Section, is_folded: bool) {
        if is_folded {
            self.folded.insert(section)
        } else {
            self.folded.remove(&section)
        };
    }

    /// Whether all panels of a column are collapsed.
    pub fn is_folded(&self, column: Column, room: Room) -> bool {
        column.panels().iter().all(|&panel| self.is_collapsed(panel, room))
    }

    /// Collapses all panels of a column, unless no other column is open.
    pub fn fold(&mut self, column: Column, room: Room) {
        if Column::ALL.into_iter().any(|other| other != column && !self.is_folded(other, room)) {
            self.collapsed.extend(column.panels().iter().map(|&panel| (panel, true)));
        }
    }

    /// Shows the panels of a column as at first.
    pub fn open(&mut self, column: Column) {
        self.collapsed.retain(|panel, _| !column.panels().contains(panel));
    }

    /// The panel that fills the page, if one does.
    pub fn maximised(&self) -> Option<PanelName> {
        self.maximised
    }

    /// Lets a panel fill the page.
    pub fn maximise(&mut self, panel: PanelName) {
        self.maximised = Some(panel).filter(|panel| panel.can_fill_the_page());
    }

    /// Shows all panels again. True if one filled the page.
    pub fn restore(&mut self) -> bool {
        self.maximised.take().is_some()
    }

    fn is_nothing_open(&self, room: Room) -> bool {
        Column::ALL.into_iter().all(|column| self.is_folded(column, room))
    }
}

fn is_share(share: f32) -> bool {
    share > 0.0 && share < 1.0
}

/// What stands in the file, before it is known to make sense.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Stored {
    version: u32,
    shares: BTreeMap<String, Value>,
    collapsed: BTreeMap<String, Value>,
    maximised: Value,
    folded: Vec<Value>,
}

impl From<Stored> for PanelLayout {
    fn from(stored: Stored) -> Self {
        if stored.version != VERSION {
            return Self::default();
        }
        let divider = |name: String| serde_json::from_value::<Divider>(Value::String(name)).ok();
        let share = |value: Value| value.as_f64().map(|share| share as f32).filter(|share| is_share(*share));
        let panel = |name: String| PanelName::from_value(&Value::String(name));
        let mut layout = Self {
            shares: stored.shares.into_iter().filter_map(|(k, v)| divider(k).zip(share(v))).collect(),
            collapsed: stored.collapsed.into_iter().filter_map(|(k, v)| panel(k).zip(v.as_bool())).collect(),
            maximised: PanelName::from_value(&stored.maximised).filter(|panel| panel.can_fill_the_page()),
            folded: stored.folded.into_iter().filter_map(|name| serde_json::from_value(name).ok()).collect(),
        };
        // In a large window nothing is collapsed of itself: then only the file can have closed everything.
        if layout.is_nothing_open(vec2(f32::INFINITY, f32::INFINITY).into()) {
            layout.collapsed.clear();
        }
        layout
    }
}

impl From<PanelLayout> for Stored {
    fn from(layout: PanelLayout) -> Self {
        fn name(of: impl Serialize) -> Value {
            serde_json::to_value(of).unwrap_or_default()
        }
        let key = |value: Value| value.as_str().unwrap_or_default().to_owned();
        // Six digits are less than a thousandth of a pixel, and the file stays readable.
        let digits = |share: f32| (f64::from(share) * 1e6).round() / 1e6;
        Self {
            version: VERSION,
            shares: layout.shares.into_iter().map(|(k, v)| (key(name(k)), digits(v).into())).collect(),
            collapsed: layout.collapsed.into_iter().map(|(k, v)| (key(name(k)), v.into())).collect(),
            maximised: layout.maximised.map_or(Value::Null, name),
            folded: layout.folded.into_iter().map(name).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LARGE: Room = Room { window_width: 1440.0, height: 828.0 };
    const SMALL: Room = Room { window_width: 1024.0, height: 628.0 };

    #[test]
    fn survives_a_round_trip() {
        let mut layout = PanelLayout::default();
        layout.set_share(Divider::Paths, 0.25);
        layout.set_share(Divider::Lasso, 0.625);
        layout.set_collapsed(PanelName::Fit, true, LARGE);
        layout.set_collapsed(PanelName::Folds, false, LARGE);
        layout.maximise(PanelName::Ridge);
        layout.fold_section(Section::Grid, true);
        let value = serde_json::to_value(&layout).unwrap();
        assert_eq!(PanelLayout::from_value(value), layout);
    }

    #[test]
    fn drops_what_makes_no_sense_and_keeps_the_rest() {
        let value = serde_json::json!({
            "version": 1,
            "shares": {"paths": 0.3, "right": -2, "lasso": 1e300, "geometry": "wide", "nowhere": 0.5, "data": null},
            "collapsed": {"fit": true, "lasso": 3, "cellar": true},
            "maximised": "geometry",
            "folded": ["grid", "attic", 7],
        });
        let layout = PanelLayout::from_value(value);
        assert_eq!(layout.share(Divider::Paths), Some(0.3));
        for divider in Divider::ALL.into_iter().filter(|d| *d != Divider::Paths) {
            assert_eq!(layout.share(divider), None, "{divider:?}");
        }
        let collapsed: Vec<_> = PanelName::ALL.into_iter().filter(|p| layout.is_collapsed(*p, LARGE)).collect();
        assert_eq!(collapsed, [PanelName::Fit]);
        assert_eq!(layout.maximised(), None);
        let folded: Vec<_> = Section::ALL.into_iter().filter(|section| layout.is_section_folded(*section)).collect();
        assert_eq!(folded, [Section::Grid]);
        for rubbish in [Value::Null, 3.into(), serde_json::json!({"version": 2, "shares": {"paths": 0.3}})] {
            assert_eq!(PanelLayout::from_value(rubbish), PanelLayout::default());
        }
    }

    #[test]
    fn something_is_always_open() {
        for room in [LARGE, SMALL] {
            let mut layout = PanelLayout::default();
            for panel in PanelName::ALL {
                layout.set_collapsed(panel, true, room);
            }
            assert!(Column::ALL.into_iter().any(|column| !layout.is_folded(column, room)));
            let mut layout = PanelLayout::default();
            for column in Column::ALL {
                layout.fold(column, room);
            }
            let open = Column::ALL.into_iter().filter(|column| !layout.is_folded(*column, room)).count();
            assert_eq!(open, 1);
        }
        let all: serde_json::Map<String, Value> = PanelName::ALL
            .into_iter()
            .map(|panel| (serde_json::to_value(panel).unwrap().as_str().unwrap().to_owned(), true.into()))
            .collect();
        let layout = PanelLayout::from_value(serde_json::json!({"version": 1, "collapsed": all}));
        assert!(!layout.is_folded(Column::Paths, LARGE));
    }

    #[test]
    fn small_windows_collapse_what_is_secondary_until_it_is_asked_for() {
        let mut layout = PanelLayout::default();
        assert!(layout.is_collapsed(PanelName::Data, SMALL) && !layout.is_collapsed(PanelName::Data, LARGE));
        layout.set_collapsed(PanelName::Data, false, SMALL);
        assert!(!layout.is_collapsed(PanelName::Data, SMALL));
        assert!(!layout.is_folded(Column::Right, SMALL));
    }
}
