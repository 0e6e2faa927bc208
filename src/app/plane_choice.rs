//! How the geometry is looked at. Cheap and instant; stays valid by its own methods.

use crate::app::lens::Lens;
use crate::insight::geometry::Others;

/// What sets the ranges of the two pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// One scale for both pictures and both axes, so that they compare.
    #[default]
    Same,
    /// Each picture is filled by what it shows; where the units of the axes differ, each axis.
    Each,
}

/// What the pictures of the geometry show of their planes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PlaneChoice {
    /// What happens to all features but the pair.
    pub others: Others,
    extent: Extent,
    /// In the order lasso, ridge; on the same scale the first serves both.
    lenses: [Lens; 2],
}

impl PlaneChoice {
    /// What sets the ranges.
    pub fn extent(&self) -> Extent {
        self.extent
    }

    /// Sets what sets the ranges, and shows everything.
    pub fn set_extent(&mut self, extent: Extent) {
        self.extent = extent;
        self.see_all();
    }

    /// The part of a picture that is looked at, 0 for the lasso and 1 for ridge. On the same scale both are one.
    pub fn lens(&mut self, picture: usize) -> &mut Lens {
        let [first, second] = &mut self.lenses;
        if self.extent == Extent::Same || picture == 0 { first } else { second }
    }

    /// Whether both pictures show everything.
    pub fn sees_all(&self) -> bool {
        self.lenses.iter().all(Lens::is_home)
    }

    /// Shows everything.
    pub fn see_all(&mut self) {
        self.lenses = [Lens::default(); 2];
    }
}
