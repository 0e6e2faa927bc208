//! Bytes → [`Table`](table::Table) (typed columns, notes with places) → [`Design`](design::Design) (X, y, names, rows left out and why).

mod cell;
mod chunk;
mod columns;
pub mod csv;
mod date;
pub mod design;
mod design_error;
mod design_notes;
mod design_rows;
#[cfg(test)]
mod design_tests;
mod dialect;
mod encoding;
pub mod error;
pub mod examples;
mod file_notes;
mod findings;
mod hints;
pub mod inspect;
mod lane;
mod layout;
mod names;
pub mod notes;
mod number;
mod open;
pub mod options;
mod remarks;
mod scanner;
pub mod table;
mod texts;
mod typing;
