//! Which records a regression uses, and which fold or group each belongs to.

use crate::data::design::{Missing, Roles, column};
use crate::data::design_error::DesignError;
use crate::data::design_notes;
use crate::data::notes::Note;
use crate::data::scanner::clip;
use crate::data::table::{Column, Table, Values};

/// The records that are used.
pub(super) struct Rows {
    pub(super) records: Vec<usize>,
    pub(super) n_records: usize,
    pub(super) n_missing_target: usize,
    pub(super) n_missing_feature: usize,
    pub(super) n_without_weight: usize,
    /// Above 0, one a record used.
    pub(super) case_weights: Option<Vec<f64>>,
    pub(super) policy: Missing,
}

impl Rows {
    /// # Errors
    /// [`DesignError::LabelMissing`] and [`DesignError::CaseWeight`] for a record whose weight cannot be used.
    pub(super) fn select(table: &Table, candidates: &[usize], y: &[f64], roles: &Roles) -> Result<Self, DesignError> {
        let mut used: Vec<bool> = y.iter().map(|v| !v.is_nan()).collect();
        let n_with_target = used.iter().filter(|u| **u).count();
        if !roles.missing.imputes() {
            let columns = candidates.iter().filter_map(|j| table.columns.get(*j));
            for column in columns.filter(|c| c.n_missing > 0) {
                match &column.values {
                    Values::Numbers(values) => {
                        used.iter_mut().zip(values).for_each(|(u, v)| *u &= !v.is_nan());
                    }
                    Values::Levels { codes, .. } => {
                        used.iter_mut().zip(codes).for_each(|(u, c)| *u &= *c != Values::MISSING);
                    }
                }
            }
        }
        let mut records: Vec<usize> = used.iter().enumerate().filter(|(_, u)| **u).map(|(record, _)| record).collect();
        let n_complete = records.len();
        let weights = roles.weight_column.map(|j| weights(table, &records, j)).transpose()?;
        let case_weights = weights.map(|weights| {
            let mut all = weights.iter();
            records.retain(|_| all.next().is_some_and(|w| *w > 0.0));
            weights.into_iter().filter(|w| *w > 0.0).collect()
        });
        Ok(Self {
            n_records: y.len(),
            n_missing_target: y.len() - n_with_target,
            n_missing_feature: n_with_target - n_complete,
            n_without_weight: n_complete - records.len(),
            records,
            case_weights,
            policy: roles.missing,
        })
    }

    /// The values of the records used.
    pub(super) fn pick<T: Copy>(&self, values: &[T]) -> Vec<T> {
        if self.records.len() == values.len() {
            return values.to_vec();
        }
        self.records.iter().filter_map(|r| values.get(*r)).copied().collect()
    }

    pub(super) fn notes(&self, table: &Table) -> Vec<Note> {
        design_notes::rows(table, self)
    }
}

pub(super) fn too_few_rows(table: &Table, candidates: &[usize], target: &Column, rows: &Rows) -> DesignError {
    let mut lacking: Vec<&Column> = candidates.iter().filter_map(|j| table.columns.get(*j)).collect();
    lacking.push(target);
    lacking.retain(|c| c.n_missing > 0);
    lacking.sort_by_key(|c| std::cmp::Reverse(c.n_missing));
    let worst: Vec<String> = lacking.iter().take(3).map(|c| format!("{} ({})", c.name, c.n_missing)).collect();
    let advice = if worst.is_empty() {
        "choose a file with more rows".to_owned()
    } else {
        format!("missing cells by column: {}; exclude such columns or fill in the mean", worst.join(", "))
    };
    DesignError::TooFewRows { complete: rows.records.len(), records: rows.n_records, advice }
}

/// The case weights of `records`: numbers from 0 up.
fn weights(table: &Table, records: &[usize], j: usize) -> Result<Vec<f64>, DesignError> {
    let column = column(table, j)?;
    let Values::Numbers(values) = &column.values else {
        return Err(DesignError::WeightsNotNumeric { column: column.name.clone() });
    };
    let weight = |&record: &usize| {
        let (line, name) = (table.line(record), column.name.clone());
        match values.get(record).copied().unwrap_or(f64::NAN) {
            missing if missing.is_nan() => Err(DesignError::LabelMissing { line, role: "weight", column: name }),
            value if value < 0.0 => Err(DesignError::NegativeWeight { line, column: name, value }),
            value => Ok(value),
        }
    };
    records.iter().map(weight).collect()
}

/// The one value that all present cells hold, if there is only one (or none).
pub(super) fn constant(values: &[f64], missing: Option<&[bool]>) -> Option<f64> {
    let is_present = |row: usize| missing.is_none_or(|m| m.get(row) == Some(&false));
    let mut present = values.iter().enumerate().filter(|(row, _)| is_present(*row)).map(|(_, v)| *v);
    let first = present.next()?;
    present.all(|v| v.partial_cmp(&first) == Some(std::cmp::Ordering::Equal)).then_some(first)
}

/// The place of each row's value among the distinct values of a column, in their order.
pub(super) fn labels(table: &Table, rows: &Rows, j: usize, role: &'static str) -> Result<Vec<u32>, DesignError> {
    let column = column(table, j)?;
    let missing =
        |record: usize| DesignError::LabelMissing { line: table.line(record), role, column: column.name.clone() };
    let (labels, first) = match &column.values {
        Values::Numbers(values) => {
            let values = rows.pick(values);
            if let Some(row) = values.iter().position(|v| v.is_nan()) {
                return Err(missing(rows.records.get(row).copied().unwrap_or(0)));
            }
            // Zero has two signs and is one value.
            let key = |v: f64| v + 0.0;
            let mut sorted: Vec<f64> = values.iter().map(|v| key(*v)).collect();
            sorted.sort_unstable_by(f64::total_cmp);
            sorted.dedup();
            let find = |v: f64| sorted.partition_point(|s| s.total_cmp(&key(v)).is_lt()) as u32;
            let labels: Vec<u32> = values.iter().map(|v| find(*v)).collect();
            (labels, values.first().map(f64::to_string))
        }
        Values::Levels { levels, codes } => {
            let codes = rows.pick(codes);
            if let Some(row) = codes.iter().position(|c| *c == Values::MISSING) {
                return Err(missing(rows.records.get(row).copied().unwrap_or(0)));
            }
            let mut present = vec![false; levels.len()];
            for code in &codes {
                if let Some(p) = present.get_mut(*code as usize) {
                    *p = true;
                }
            }
            let mut next = 0;
            let ranks: Vec<u32> = present
                .iter()
                .map(|p| {
                    next += u32::from(*p);
                    next.saturating_sub(1)
                })
                .collect();
            let labels = codes.iter().filter_map(|c| ranks.get(*c as usize)).copied().collect();
            let first = codes.first().and_then(|c| levels.get(*c as usize)).cloned();
            (labels, first)
        }
    };
    if labels.iter().all(|l| *l == 0) {
        let value = clip(&first.unwrap_or_default());
        return Err(DesignError::OneLabel { role, column: column.name.clone(), value });
    }
    Ok(labels)
}
