//! Moments made elsewhere: what the reader takes, what it refuses, and that the results are those of the rows.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its files fails")]

#[path = "moments_file/in_window.rs"]
mod in_window;
#[path = "moments_file/reader.rs"]
mod reader;
#[path = "moments_file/results.rs"]
mod results;
mod window;
