//! Bytes → [`Table`](table::Table) (typed columns, notes with places) → [`Design`](design::Design) (X, y, names, rows left out and why).

pub mod design;
pub mod notes;
pub mod table;
