//! Shrinkscope shows what regularization does to a regression.
//!
//! The rooms stand along the way that data takes; each imports only rooms to its left:
//!
//! ```text
//! data ──▶ model ──▶ analysis ──▶ insight ──▶ export ──▶ app, cli ──▶ main
//! ```
//!
//! * [`data`]: bytes → [`Table`](data::table::Table) → [`Design`](data::design::Design)
//! * [`model`]: numbers only; **the objective** stands there
//! * [`analysis`]: settings → one immutable [`Analysis`](analysis::Analysis)
//! * [`insight`]: what an analysis tells
//! * [`export`]: the files it leaves with
//! * [`app`], [`cli`]: the window and the command line

pub mod analysis;
#[cfg(feature = "window")]
pub mod app;
pub mod cli;
pub mod data;
pub mod export;
pub mod insight;
pub mod model;
