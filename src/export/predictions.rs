//! `predictions.csv`: both fits at the chosen alpha for every record of the file.
//!
//! | column | content |
//! |---|---|
//! | `line` | line of the file on which the record starts, from 1 |
//! | `used` | `true` if the record was among the rows that were fitted |
//! | `observed` | the target, empty where it is missing |
//! | `lasso`, `ridge` | the predictions; empty where a cell is missing that a coefficient needs and no mean is filled in |

use super::coefficients::Rows;
use super::number::number;
use super::{ExportError, Results};
use crate::analysis::Penalty;
use crate::data::table::Values;
use crate::insight::predictions::predictions;

/// # Errors
/// [`ExportError::NotFinite`]; [`ExportError::NeedsRows`] where the rows are not kept.
pub fn predictions_csv(results: &Results<'_>) -> Result<Vec<u8>, ExportError> {
    let Results { table, roles, analysis, .. } = results;
    let chosen = results.chosen();
    let lasso = predictions(table, analysis, analysis.point(Penalty::Lasso, &chosen.lasso));
    let ridge = predictions(table, analysis, analysis.point(Penalty::Ridge, &chosen.ridge));
    let observed: &[f64] = match table.columns.get(roles.target).map(|column| &column.values) {
        Some(Values::Numbers(values)) => values,
        _ => &[],
    };
    if observed.len() < table.n_records {
        return Err(ExportError::NeedsRows);
    }
    let cell = |value: Option<f64>| value.map_or_else(|| Ok(String::new()), |value| number(value, "a prediction"));
    let mut used = analysis.design.records.iter().peekable();
    let mut rows = Rows::new(["line", "used", "observed", "lasso", "ridge"]);
    for (record, (lasso, ridge)) in lasso.into_iter().zip(ridge).enumerate() {
        let is_used = used.next_if_eq(&&record).is_some();
        let observed = observed.get(record).copied().filter(|value| !value.is_nan());
        let (observed, lasso, ridge) = (cell(observed)?, cell(lasso)?, cell(ridge)?);
        rows.write([table.line(record).to_string(), is_used.to_string(), observed, lasso, ridge]);
    }
    Ok(rows.bytes())
}
