//! The analysis of a table that was summed up elsewhere: the file of moments in place of rows.

use std::sync::Arc;

use crate::analysis::{Analysis, AnalysisError, Engine, Settings, Watch, analyze_moments};
use crate::data::design::Design;
use crate::data::moments_file::{FoldSums, MomentsFile};
use crate::model::fold_moments::FoldMoments;
use crate::model::fold_parts::FoldPart;
use crate::model::folds::FoldRule;

/// As [`analyze`](crate::analysis::analyze) of the rows that `file` sums up, with the folds of the file. `design` is
/// what [`MomentsFile::design`] made of it. Folds, repeats and engine of `settings` do not count.
///
/// # Errors
/// [`AnalysisError`] says what stands in the way.
pub fn analyze_file<'w>(
    file: &MomentsFile,
    target: usize,
    design: &Arc<Design>,
    settings: &Settings,
    watch: impl Into<Watch<'w>>,
) -> Result<Analysis, AnalysisError> {
    let columns: Vec<usize> = design.features.iter().map(|feature| feature.column).chain([target]).collect();
    let parts: Vec<FoldPart> = file.folds.iter().map(|fold| part(fold, &columns)).collect();
    let origins: Vec<f64> = columns.iter().map(|&j| file.origins[j]).collect();
    let settings = Settings { folds: FoldRule::Given, repeats: 1, engine: Engine::Pathwise, ..settings.clone() };
    analyze_moments(design, &FoldMoments::from_parts(&origins, &parts), &settings, None, watch)
}

/// One fold of these columns, the last as target.
fn part(fold: &FoldSums, columns: &[usize]) -> FoldPart {
    let pairs = columns.iter().enumerate().flat_map(|(k, &i)| columns[..=k].iter().map(move |&j| (i, j)));
    FoldPart {
        n_rows: fold.rows as usize,
        weight: fold.weight,
        means: columns.iter().map(|&j| fold.means[j]).collect(),
        products: pairs.map(|(i, j)| fold.weight * fold.covariance(i, j)).collect(),
    }
}
