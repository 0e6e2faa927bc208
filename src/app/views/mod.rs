//! One file, one public `show` per view: functions of what is read and of what may change.

pub mod chart;
mod column_menu;
pub mod data_panel;
pub mod details;
pub mod feature_picker;
pub mod feature_values;
pub mod features_table;
pub mod fit;
pub mod geometry;
pub mod import_panel;
pub mod notes;
pub mod path;
pub mod status_bar;
pub mod top_bar;
pub mod verify;
pub mod welcome;
pub mod widgets;
