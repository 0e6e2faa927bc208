//! What a fit says about every record of the file, those without a target too.

use crate::analysis::Analysis;
use crate::data::table::Table;
use crate::model::path_point::PathPoint;

/// The prediction of one fit for each record of `table`, the one that was analysed; in the target's unit.
///
/// A missing cell counts as the mean of the rows that were fitted, if the analysis fills in means; else it leaves the
/// record without a prediction (`None`), unless the feature's coefficient is zero.
pub fn predictions(table: &Table, analysis: &Analysis, point: PathPoint<'_>) -> Vec<Option<f64>> {
    let scaling = point.path().scaling();
    let mut predictions = vec![scaling.target_mean; table.n_records];
    let imputed = if analysis.design.missing.is_some() { 0.0 } else { f64::NAN };
    for (j, feature) in analysis.design.features.iter().enumerate() {
        let coefficient = point.coefficient(j);
        if coefficient == 0.0 {
            continue;
        }
        for (record, prediction) in predictions.iter_mut().enumerate() {
            let value = feature.value(table, record);
            *prediction += if value.is_nan() { imputed } else { coefficient * (value - scaling.means[j]) };
        }
    }
    predictions.into_iter().map(|v| v.is_finite().then_some(v)).collect()
}
