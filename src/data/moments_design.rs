//! From a file of moments and roles to the names of a regression: its numbers stay in the file.

use ndarray::{Array1, Array2};

use crate::data::design::Design;
use crate::data::design_error::DesignError;
use crate::data::design_notes::LeftOut;
use crate::data::feature::Feature;
use crate::data::moments_file::{FoldSums, MomentsFile};
use crate::data::notes::Note;
use crate::data::roles::Roles;
use crate::data::table::{Column, ColumnType, Table, Values};

/// A column varies if its standard deviation exceeds this share of its mean: less is the rounding of one value.
const LEAST_VARIATION: f64 = 8.0 * f64::EPSILON;

impl MomentsFile {
    /// Rows in all folds together.
    pub fn n_rows(&self) -> usize {
        self.folds.iter().fold(0_u64, |sum, fold| sum.saturating_add(fold.rows)) as usize
    }

    /// The columns as a table of numbers that has no cells: to give them roles.
    pub fn table(&self) -> Table {
        let column = |name: &String| Column {
            name: name.clone(),
            column_type: ColumnType::Number,
            values: Values::Numbers(Vec::new()),
            n_missing: 0,
        };
        Table {
            name: self.name.clone(),
            source: self.source.clone(),
            columns: self.columns.iter().map(column).collect(),
            n_records: self.n_rows(),
            notes: vec![self.note()],
            dialect: format!("moments, {} folds", self.folds.len()),
            line_marks: Vec::new(),
        }
    }

    fn note(&self) -> Note {
        let (rows, folds) = (self.n_rows(), self.folds.len());
        let action =
            format!("analyzed from the moments of {rows} rows in {folds} folds, made elsewhere: no row is here");
        Note::file("moments", action, "open the table itself to see its rows, or to deal them to other folds")
    }

    /// Sets up the regression of `roles.target` on the other columns, positions in [`MomentsFile::columns`].
    ///
    /// The design has no rows. Columns that do not vary are left out, with a note.
    ///
    /// # Errors
    /// [`DesignError`] says which column stands in the way, and what to do.
    pub fn design(&self, roles: &Roles) -> Result<Design, DesignError> {
        let table = self.table();
        roles.check(&table)?;
        if let Some(name) = roles.that_need_rows().find_map(|j| self.columns.get(j)) {
            return Err(DesignError::NeedsRows { column: name.clone() });
        }
        let target = self.columns.get(roles.target).cloned().unwrap_or_default();
        if let Some(value) = self.constant(roles.target) {
            return Err(DesignError::TargetConstant { column: target, rows: self.n_rows(), value });
        }
        let mut left_out = LeftOut::default();
        let mut features = Vec::new();
        for (j, name) in self.columns.iter().enumerate() {
            if roles.is_reserved(j) || roles.excluded.contains(&j) {
                continue;
            }
            if self.constant(j).is_some() {
                left_out.constant.push(name.clone());
            } else {
                features.push(Feature { name: name.clone(), column: j, factors: Vec::new() });
            }
        }
        if features.is_empty() {
            return Err(DesignError::NoFeature { target, reason: left_out.reason() });
        }
        Ok(Design {
            target,
            x: Array2::zeros((0, features.len())),
            features,
            missing: None,
            y: Array1::zeros(0),
            case_weights: None,
            records: Vec::new(),
            n_records: table.n_records,
            n_missing_target: 0,
            n_missing_feature: 0,
            n_without_weight: 0,
            fold_labels: None,
            group_labels: None,
            notes: left_out.into_notes(&table),
        })
    }

    /// Mean and population variance of a column over all rows, in the user's units.
    pub fn mean_and_variance(&self, j: usize) -> (f64, f64) {
        let all: f64 = self.folds.iter().map(|fold| fold.weight).sum();
        let mean_of = |fold: &FoldSums| fold.means.get(j).copied().unwrap_or(f64::NAN);
        let mean: f64 = self.folds.iter().map(|fold| fold.weight / all * mean_of(fold)).sum();
        let part = |fold: &FoldSums| fold.weight / all * (fold.covariance(j, j) + (mean_of(fold) - mean).powi(2));
        let variance = self.folds.iter().map(part).sum();
        (self.origins.get(j).copied().unwrap_or(f64::NAN) + mean, variance)
    }

    /// The one value that a column holds in all rows, if it does not vary.
    fn constant(&self, j: usize) -> Option<f64> {
        let (mean, variance) = self.mean_and_variance(j);
        // As it stands in the file: averaging has rounded the mean.
        let value = self.origins.get(j)? + self.folds.first()?.means.get(j)?;
        (variance.sqrt() <= LEAST_VARIATION * mean.abs()).then_some(value)
    }
}
