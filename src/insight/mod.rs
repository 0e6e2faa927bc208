//! What an analysis tells beyond its numbers.

pub mod columns;
pub mod fit;
pub mod geometry;
pub mod playground;
pub mod predictions;
pub mod two_weights;
pub mod weight_decay;
