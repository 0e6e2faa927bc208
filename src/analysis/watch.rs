//! Who watches an analysis: work is counted and can be stopped, and both paths can be had before their cross-validation.

use crate::analysis::fits::{First, Fits};
use crate::analysis::{Analysis, AnalysisError, Settings};
use crate::data::design::Design;
use crate::model::cross_validation::Ground;
use crate::model::path::PathValidParams;
use crate::model::progress::Progress;

/// A way to the analysis without its cross-validation. Nothing is computed for it unless it is asked for.
#[derive(Clone, Copy)]
pub struct Preview<'a>(&'a dyn Fn() -> Result<Analysis, AnalysisError>);

impl Preview<'_> {
    /// Both paths, least squares, and all else but the errors on held-out rows.
    ///
    /// At every alpha the paths are those of the complete analysis, bit for bit. Only where the table is so large that
    /// certificates are measured on the rows at the chosen alphas alone are these two measured, and refined, later; until
    /// then they are certified on moments.
    ///
    /// # Errors
    /// As [`analyze`](crate::analysis::analyze), which then ends with the same error.
    pub fn analysis(&self) -> Result<Analysis, AnalysisError> {
        (self.0)()
    }
}

/// What an analysis reports to while it runs. A [`Progress`] alone will do.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Work done, and the wish to stop.
    pub progress: &'a Progress,
    /// Called once, when both paths are solved and cross-validation is still to come; it waits meanwhile.
    pub on_paths: &'a dyn Fn(Preview<'_>),
}

impl<'a> From<&'a Progress> for Watch<'a> {
    fn from(progress: &'a Progress) -> Self {
        Self { progress, on_paths: &|_| () }
    }
}

/// Fits `params` and puts all together; the one who watches may have that without cross-validation, before it.
pub(super) fn watched(
    params: &(PathValidParams, PathValidParams),
    ground: &Ground<'_, '_>,
    (design, settings): (&Design, &Settings),
    watch: Watch<'_>,
    together: &dyn Fn(Fits) -> Analysis,
) -> Result<Analysis, AnalysisError> {
    let named = |error| AnalysisError::from_path(error, design);
    let on_paths = |first: First<'_>| (watch.on_paths)(Preview(&|| first().map(together).map_err(named)));
    let fits = Fits::new((&params.0, &params.1), settings, ground, watch.progress, &on_paths);
    fits.map(together).map_err(named)
}
