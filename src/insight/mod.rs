//! What an analysis tells beyond its numbers.

pub mod assumptions;
pub mod budget;
pub mod columns;
pub mod constrained;
pub mod curve;
pub mod fit;
pub mod geometry;
pub mod pairs;
pub mod plane;
pub mod playground;
pub mod predictions;
pub mod table_twin;
pub mod weight_decay;
