//! What an analysis tells beyond its numbers.

pub mod columns;
pub mod fit;
pub mod geometry;
pub mod pairs;
pub mod plane;
pub mod predictions;
