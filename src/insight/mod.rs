//! What an analysis tells beyond its numbers.

pub mod assumptions;
pub mod columns;
pub mod curve;
pub mod fit;
pub mod geometry;
pub mod predictions;
