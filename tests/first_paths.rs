//! Both paths before their cross-validation: the same numbers, and a window that says what is still to come.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a failing test may panic, and zeros are exact")]

#[path = "first_paths/numbers.rs"]
mod numbers;
#[path = "first_paths/on_screen.rs"]
mod on_screen;
mod support;
mod window;
