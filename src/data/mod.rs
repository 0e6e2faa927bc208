//! Bytes → [`Table`](table::Table) (typed columns, notes with places) → [`Design`](design::Design) (X, y, names, rows left out and why).

mod blanks;
mod cell;
#[cfg(test)]
mod cell_tests;
mod chunk;
mod columns;
pub mod csv;
#[cfg(test)]
mod csv_tests;
#[doc(hidden)]
pub mod cut;
mod date;
mod decimal;
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
mod feature;
#[cfg(test)]
mod feature_tests;
mod file_notes;
mod findings;
mod hints;
pub mod inspect;
mod lane;
mod layout;
mod load;
mod memory;
mod moments_design;
mod moments_error;
pub mod moments_file;
mod moments_records;
mod names;
pub mod notes;
mod number;
#[cfg(test)]
mod odd_file_tests;
mod oddities;
mod open;
pub mod options;
mod plain;
mod quoted;
mod remarks;
mod roles;
mod scanner;
mod sniff;
mod source;
mod split;
pub mod table;
mod texts;
mod typing;
