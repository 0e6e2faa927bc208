//! Bytes → [`Table`](table::Table) (typed columns, notes with places) → [`Design`](design::Design) (X, y, names, rows left out and why).
//!
//! A file too large for that is a [`Stream`](stream::Stream): its first records as a table, all of its rows in one pass.

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
mod gather;
mod hints;
pub mod inspect;
mod labels;
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
mod polynomial;
mod prints;
mod quoted;
mod recipe;
mod recoder;
mod remarks;
mod roles;
mod row_sample;
mod scanner;
mod sniff;
mod source;
mod split;
pub mod stream;
mod stream_design;
#[cfg(test)]
mod stream_fuzz_tests;
#[cfg(test)]
mod stream_tests;
mod stream_text;
mod surprise;
mod survey;
pub mod table;
mod tally;
mod texts;
mod typing;
mod way;
