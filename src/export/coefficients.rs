//! The three tables, long form, one row a number that someone may ask for.
//!
//! | file | columns |
//! |---|---|
//! | `coefficients.csv` | `penalty,feature,coefficient,coefficient_per_sd,selected` |
//! | `path.csv` | `penalty,alpha_index,alpha,feature,coefficient` |
//! | `cv.csv` | `penalty,alpha_index,alpha,mean,se,df,fold_0,…` or `…,repeat_0_fold_0,…` |
//!
//! * `penalty` is `lasso` (also for an elastic net: `settings.l1_ratio` in `analysis.json` says so) or `ridge`.
//! * `coefficients.csv` has a row `(intercept)` first, then every feature, zeros too. `coefficient` is in the user's
//!   units; `coefficient_per_sd` is what one standard deviation of the column does. The intercept is the same number
//!   in both, since dividing columns does not move it. `selected` is `true` where the coefficient is not zero.
//! * `alpha_index` counts from 0 at the largest alpha, as `index_min` and `index_1se` of `analysis.json` do.
//! * `path.csv` holds features only; intercepts stand in `analysis.json`.
//! * Folds count from 0, as in `row_folds` of `analysis.json`.

use csv::Writer;

use super::names::WrittenNames;
use super::number::number;
use super::{ExportError, Results};
use crate::analysis::Penalty;
use crate::model::cross_validation::CrossValidation;
use crate::model::progress::Progress;

/// `coefficients.csv`: both fits at the chosen alpha.
///
/// # Errors
/// [`ExportError::NotFinite`].
pub fn coefficients_csv(results: &Results<'_>) -> Result<Vec<u8>, ExportError> {
    let names = WrittenNames::new(&results.analysis.design.features).written;
    let mut table = Rows::new(["penalty", "feature", "coefficient", "coefficient_per_sd", "selected"]);
    for (penalty, fits, chosen) in results.penalties() {
        let point = chosen.point(fits.path);
        let intercept = point.intercept();
        table.row(penalty, "(intercept)", intercept, intercept)?;
        for (j, name) in names.iter().enumerate() {
            table.row(penalty, name, point.coefficient(j), point.coefficient_per_sd(j))?;
        }
    }
    Ok(table.bytes())
}

/// `path.csv`: every coefficient at every alpha, in the user's units.
///
/// # Errors
/// [`ExportError::NotFinite`], and [`ExportError::Cancelled`] if asked to stop.
pub fn path_csv(results: &Results<'_>, progress: &Progress) -> Result<Vec<u8>, ExportError> {
    progress.expect(results.n_path_numbers());
    let names = WrittenNames::new(&results.analysis.design.features).written;
    let mut table = Rows::new(["penalty", "alpha_index", "alpha", "feature", "coefficient"]);
    for (penalty, fits, _) in results.penalties() {
        for (k, &alpha) in fits.path.alphas().iter().enumerate() {
            let (index, alpha) = (k.to_string(), number(alpha, "an alpha")?);
            for (j, name) in names.iter().enumerate() {
                let coefficient = number(fits.path.coefficient(k, j), "a coefficient")?;
                table.write([penalty, &index, &alpha, name, &coefficient]);
            }
            progress.advance(names.len())?;
        }
    }
    Ok(table.bytes())
}

/// `cv.csv`: every held-out error at every alpha.
///
/// # Errors
/// [`ExportError::NotFinite`].
pub fn cv_csv(results: &Results<'_>) -> Result<Vec<u8>, ExportError> {
    let mut header: Vec<String> = ["penalty", "alpha_index", "alpha", "mean", "se", "df"].map(str::to_owned).to_vec();
    header.extend(fold_names(results.fits(Penalty::Lasso).errors));
    let mut table = Rows::new(&header);
    for (penalty, fits, _) in results.penalties() {
        let errors = fits.errors;
        for (k, &alpha) in fits.path.alphas().iter().enumerate() {
            let mut row = vec![
                penalty.to_owned(),
                k.to_string(),
                number(alpha, "an alpha")?,
                number(errors.mean[k], "a cross-validation error")?,
                number(errors.se[k], "a standard error")?,
                number(fits.path.degrees_of_freedom(k), "a number of degrees of freedom")?,
            ];
            for &error in errors.fold_errors.column(k) {
                row.push(number(error, "the error of a fold")?);
            }
            table.write(&row);
        }
    }
    Ok(table.bytes())
}

/// One name a row of `fold_errors`.
fn fold_names(errors: &CrossValidation) -> Vec<String> {
    let n_folds = errors.n_folds;
    let held_out = 0..errors.fold_errors.nrows();
    if held_out.len() > n_folds {
        held_out.map(|m| format!("repeat_{}_fold_{}", m / n_folds, m % n_folds)).collect()
    } else {
        held_out.map(|fold| format!("fold_{fold}")).collect()
    }
}

/// A CSV in memory: quoted where needed, lines end in LF.
pub(super) struct Rows(Writer<Vec<u8>>);

impl Rows {
    pub(super) fn new<S: AsRef<[u8]>>(header: impl IntoIterator<Item = S>) -> Self {
        let mut rows = Self(Writer::from_writer(Vec::new()));
        rows.write(header);
        rows
    }

    pub(super) fn write<S: AsRef<[u8]>>(&mut self, row: impl IntoIterator<Item = S>) {
        self.0.write_record(row).expect("memory takes any row, and every row is as wide as the header");
    }

    /// A row of `coefficients.csv`.
    fn row(&mut self, penalty: &str, feature: &str, coefficient: f64, per_sd: f64) -> Result<(), ExportError> {
        let selected = if coefficient == 0.0 { "false" } else { "true" };
        let coefficient = number(coefficient, "a coefficient")?;
        let per_sd = number(per_sd, "a coefficient per standard deviation")?;
        self.write([penalty, feature, &coefficient, &per_sd, selected]);
        Ok(())
    }

    pub(super) fn bytes(self) -> Vec<u8> {
        self.0.into_inner().expect("memory takes any row")
    }
}
