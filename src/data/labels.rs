//! The distinct values of a column of folds, as they come.

use std::collections::BTreeMap;

use crate::data::design::column;
use crate::data::design_error::DesignError;
use crate::data::design_rows::Rows;
use crate::data::scanner::clip;
use crate::data::table::{Table, Values};

/// Most distinct values of a column of folds whose rows are not kept.
const MOST: usize = 1000;

/// Distinct values with their codes in order of appearance.
#[derive(Debug, Default)]
pub(super) struct Labels(BTreeMap<Label, u32>);

/// Sorts as the values do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Label {
    /// Bits of a number, in the order of numbers.
    Number(i64),
    Text(String),
}

impl Label {
    fn of_number(value: f64) -> Self {
        // Zero has two signs and is one value.
        Self::Number(Self::flip((value + 0.0).to_bits() as i64))
    }

    /// The order of integers is that of numbers once all bits of negative ones but the sign are flipped.
    fn flip(bits: i64) -> i64 {
        bits ^ (((bits >> 63) as u64) >> 1) as i64
    }

    fn show(&self) -> String {
        match self {
            Self::Number(bits) => f64::from_bits(Self::flip(*bits) as u64).to_string(),
            Self::Text(text) => clip(text),
        }
    }
}

impl Labels {
    /// Codes of the rows of a table under its column `j`.
    pub(super) fn of_rows(&mut self, table: &Table, rows: &Rows, j: usize) -> Result<Vec<u32>, DesignError> {
        let column = column(table, j)?;
        let missing = |record: usize| DesignError::LabelMissing {
            line: table.line(record),
            role: "fold",
            column: column.name.clone(),
        };
        let label = |record: usize| match &column.values {
            Values::Numbers(values) => values.get(record).filter(|v| !v.is_nan()).map(|v| Label::of_number(*v)),
            Values::Levels { levels, codes } => {
                codes.get(record).and_then(|code| levels.get(*code as usize)).map(|text| Label::Text(text.clone()))
            }
        };
        rows.records
            .iter()
            .map(|&record| self.code(label(record).ok_or_else(|| missing(record))?, &column.name))
            .collect()
    }

    /// Puts later labels behind these and tells how to write their codes.
    pub(super) fn append(&mut self, later: &Self, column: &str) -> Result<Vec<u32>, DesignError> {
        let mut others: Vec<(&Label, u32)> = later.0.iter().map(|(label, code)| (label, *code)).collect();
        others.sort_unstable_by_key(|(_, code)| *code);
        others.into_iter().map(|(label, _)| self.code(label.clone(), column)).collect()
    }

    fn code(&mut self, label: Label, column: &str) -> Result<u32, DesignError> {
        let next = self.0.len();
        match self.0.get(&label) {
            Some(code) => Ok(*code),
            None if next == MOST => Err(DesignError::TooManyLabels { column: column.to_owned(), limit: MOST }),
            None => {
                self.0.insert(label, next as u32);
                Ok(next as u32)
            }
        }
    }

    /// Place of each code's value among all of them, in their order.
    pub(super) fn ranks(&self, column: &str) -> Result<Vec<u32>, DesignError> {
        if let (Some((only, _)), 1) = (self.0.first_key_value(), self.0.len()) {
            let (column, value) = (column.to_owned(), only.show());
            return Err(DesignError::OneLabel { role: "fold", column, value });
        }
        let mut ranks = vec![0; self.0.len()];
        for (code, rank) in self.0.values().zip(0..) {
            if let Some(place) = ranks.get_mut(*code as usize) {
                *place = rank;
            }
        }
        Ok(ranks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_appear_and_ranks_sort() {
        let mut labels = Labels::default();
        let mut code = |value: f64| labels.code(Label::of_number(value), "f").unwrap();
        assert_eq!([2.0, -1.5, 0.0, -0.0, -7.0, 2.0].map(&mut code), [0, 1, 2, 2, 3, 0]);
        assert_eq!(labels.ranks("f").unwrap(), [3, 1, 2, 0]);
        let mut one = Labels::default();
        one.code(Label::of_number(-2.5), "f").unwrap();
        assert!(one.ranks("f").unwrap_err().to_string().contains("-2.5"));
    }
}
