//! What an analysis tells beyond its numbers.

pub mod budget;
pub mod columns;
pub mod fit;
pub mod geometry;
pub mod plane;
pub mod predictions;
