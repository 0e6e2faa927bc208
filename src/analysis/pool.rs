//! Sums over the rows, kept from one analysis to the next: excluding a feature, choosing another target, standardizing or
//! another grid needs no further pass over the rows.

use std::borrow::Cow;
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::data::design::Design;
use crate::model::fold_moments::FoldMoments;
use crate::model::folds::Folds;
use crate::model::path::PathError;

/// The moments of the folds, with the names of their columns.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    /// In the order of the columns, the target last.
    names: Vec<String>,
    moments: FoldMoments,
}

impl Pool {
    /// Of the columns of `design`.
    pub(super) fn new(design: &Design, moments: FoldMoments) -> Self {
        Self { names: names(design).map(str::to_owned).collect(), moments }
    }

    /// Number of doubles it holds.
    pub(super) fn size(&self) -> usize {
        self.moments.size()
    }

    /// The moments of the columns of `design`, all of which are there: see [`Analysis::pool_for`].
    pub(super) fn select(&self, design: &Design) -> Result<Cow<'_, FoldMoments>, PathError> {
        if self.names.iter().map(String::as_str).eq(names(design)) {
            return Ok(Cow::Borrowed(&self.moments));
        }
        let columns: Vec<usize> = names(design).filter_map(|name| self.position(name)).collect();
        self.moments.select(&columns).map(Cow::Owned)
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|own| own == name)
    }
}

impl Analysis {
    /// The sums of this analysis, if they are over the same rows in the same folds, and hold all columns of `design`, which
    /// is of the same table.
    pub(super) fn pool_for(&self, design: &Design, folds: &Folds) -> Option<Arc<Pool>> {
        let pool = self.pool.as_ref()?;
        let same_rows = self.design.records == design.records
            && self.design.case_weights == design.case_weights
            && self.folds.n_folds == folds.n_folds
            && self.folds.assignments.first() == folds.assignments.first();
        let serves = same_rows && design.missing.is_none() && names(design).all(|name| pool.position(name).is_some());
        serves.then(|| Arc::clone(pool))
    }
}

fn names(design: &Design) -> impl Iterator<Item = &str> {
    design.features.iter().map(|feature| feature.name.as_str()).chain([design.target.as_str()])
}
