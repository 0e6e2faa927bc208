//! One file, one public `show` per view: functions of what is read and of what may change.

mod cell_grid;
mod cell_keys;
mod cell_paint;
pub mod chart;
mod column_list;
mod column_menu;
mod column_row;
mod column_type;
pub mod curve;
pub mod data_page;
pub mod data_panel;
pub mod details;
pub mod feature_picker;
pub mod feature_values;
pub mod features_table;
pub mod fit;
pub mod geometry;
pub mod import_panel;
mod note_list;
pub mod notes;
pub mod path;
mod scroll_bar;
pub mod status_bar;
pub mod top_bar;
pub mod verify;
pub mod welcome;
pub mod widgets;
