//! Folds that are not known from the beginning: they come with the rows, and are put in order in the end.

use crate::model::fold_moments::{Accumulator, FoldMoments};
use crate::model::moments::Merge;

impl Accumulator {
    /// Makes room for more folds.
    pub fn grow(&mut self, n_folds: usize) {
        if n_folds > self.folds.len() {
            self.folds.resize(n_folds, None);
            self.block.starts.resize(n_folds + 1, 0);
        }
    }

    /// Takes in what another summed up of other rows, and leaves that with none.
    pub fn absorb(&mut self, other: &mut Self) {
        self.grow(other.folds.len());
        self.merge(other);
        other.folds.fill(None);
    }
}

impl FoldMoments {
    /// With these of its folds, in this order.
    #[must_use]
    pub fn with_folds(self, order: &[usize]) -> Self {
        Self { folds: order.iter().map(|&fold| self.folds[fold].clone()).collect(), units: self.units }
    }
}
