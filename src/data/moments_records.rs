//! Records of moments put together fold by fold, and checked against each other.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde_json::Value;

use crate::data::moments_error::MomentsError;
use crate::data::moments_file::{FoldSums, MomentsFile, Record, position};
use crate::data::scanner::clip;
use crate::data::table::Source;

/// Largest difference that rounding explains between two sums over the same rows, relative to their size.
const ROUNDING: f64 = 1e-9;
/// Largest error of a variance by rounding, relative to the square of the mean.
const LAST_BITS: f64 = 1e-24;
/// Largest mean and standard deviation: squares of rows stay within the range of doubles.
const LARGEST: f64 = 1e140;
/// A pivot of the correlations below this is rounding.
const LEAST_PIVOT: f64 = 1e-7;
/// No pivot of correlations that come from rows lies as far below 0.
const NO_PIVOT: f64 = -1e-6;

/// What the records have given so far.
#[derive(Debug, Default)]
pub(super) struct Records {
    names: Vec<String>,
    index: HashMap<String, u32>,
    /// One a column, once its variance was seen.
    origins: Vec<Option<f64>>,
    folds: Vec<Fold>,
    count: usize,
}

/// One fold as it grows.
#[derive(Debug)]
struct Fold {
    label: Label,
    rows: u64,
    weight: Option<f64>,
    entries: Vec<Entry>,
}

/// One record without its names.
#[derive(Debug, Clone, Copy)]
struct Entry {
    a: u32,
    b: u32,
    covariance: f64,
    /// Of `a`, where `a` is `b`.
    mean: f64,
}

/// Numbers come before texts.
#[derive(Debug, Clone, PartialEq)]
enum Label {
    Number(f64),
    Text(String),
}

impl Label {
    fn new(value: &Value, record: usize) -> Result<Self, MomentsError> {
        match value {
            Value::Number(number) => Ok(Self::Number(number.as_f64().unwrap_or(f64::NAN))),
            Value::String(text) => Ok(Self::Text(text.clone())),
            other => Err(MomentsError::FoldLabel { record, found: clip(&other.to_string()) }),
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Number(_), Self::Text(_)) => Ordering::Less,
            (Self::Text(_), Self::Number(_)) => Ordering::Greater,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => clip(text),
        }
    }
}

impl Records {
    /// Takes in one record.
    pub(super) fn add(&mut self, record: &Record<'_>) -> Result<(), MomentsError> {
        self.count += 1;
        let label = Label::new(&record.fold, self.count)?;
        let number = |what, value: Option<f64>| match value {
            Some(value) if value.is_finite() => Ok(value),
            other => Err(MomentsError::NotFinite {
                fold: label.words(),
                a: clip(&record.a),
                b: clip(&record.b),
                what,
                found: other.map_or_else(|| "missing".to_owned(), |value| value.to_string()),
            }),
        };
        let covariance = number("covariance", record.covariance)?;
        let is_variance = record.a == record.b;
        let mean = if is_variance { number("mean", record.mean)? } else { 0.0 };
        let weight = record.weight.map(|weight| number("weight", Some(weight))).transpose()?;
        let entry = Entry { a: self.column(&record.a), b: self.column(&record.b), covariance, mean };
        if let Some(origin) = self.origins.get_mut(entry.a as usize).filter(|_| is_variance) {
            let first = *origin.get_or_insert(record.origin);
            if first.total_cmp(&record.origin).is_ne() {
                let (fold, column, found) = (label.words(), clip(&record.a), record.origin);
                return Err(MomentsError::OtherOrigin { fold, column, found, first });
            }
        }
        // Records of a fold mostly follow each other.
        let known = self.folds.iter().rposition(|fold| fold.label == label);
        let Some(fold) = known.and_then(|at| self.folds.get_mut(at)) else {
            let entries = vec![entry];
            self.folds.push(Fold { label, rows: record.rows, weight, entries });
            return Ok(());
        };
        fold.check_rows(record, weight)?;
        fold.entries.push(entry);
        Ok(())
    }

    fn column(&mut self, name: &str) -> u32 {
        if let Some(&at) = self.index.get(name) {
            return at;
        }
        let at = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.origins.push(None);
        self.index.insert(name.to_owned(), at);
        at
    }

    /// Checks what no single record tells.
    pub(super) fn finish(mut self, name: &str, source: Source) -> Result<MomentsFile, MomentsError> {
        self.folds.sort_by(|a, b| a.label.order(&b.label));
        let is_weighted = self.folds.iter().any(|fold| fold.weight.is_some());
        if let Some(fold) = self.folds.iter().find(|fold| is_weighted && fold.weight.is_none()) {
            return Err(MomentsError::NoWeight { fold: fold.label.words() });
        }
        let names = self.names;
        let origins: Vec<f64> = self.origins.into_iter().map(Option::unwrap_or_default).collect();
        let folds = self.folds.into_iter().map(|fold| fold.finish(&names, &origins)).collect::<Result<Vec<_>, _>>()?;
        match (folds.len(), names.as_slice()) {
            (0, _) => return Err(MomentsError::Empty),
            (_, [column]) => return Err(MomentsError::OneColumn { column: clip(column) }),
            (1, _) => return Err(MomentsError::TooFewFolds { folds: 1 }),
            _ => {}
        }
        let rows = folds.iter().fold(0_u64, |sum, fold| sum.saturating_add(fold.rows));
        if rows < 3 {
            return Err(MomentsError::TooFewRows { rows });
        }
        Ok(MomentsFile { name: name.to_owned(), source, columns: names, origins, folds, is_weighted })
    }
}

impl Fold {
    fn check_rows(&self, record: &Record<'_>, weight: Option<f64>) -> Result<(), MomentsError> {
        let differ = |what, found: f64, first: f64| MomentsError::OtherRows {
            fold: self.label.words(),
            a: clip(&record.a),
            b: clip(&record.b),
            what,
            found,
            first,
        };
        if record.rows != self.rows {
            return Err(differ("rows", record.rows as f64, self.rows as f64));
        }
        match (weight, self.weight) {
            (None, None) => Ok(()),
            (Some(found), Some(first)) if (found - first).abs() <= ROUNDING * first.abs() => Ok(()),
            (Some(found), Some(first)) => Err(differ("weight", found, first)),
            _ => Err(MomentsError::NoWeight { fold: self.label.words() }),
        }
    }

    fn finish(self, names: &[String], origins: &[f64]) -> Result<FoldSums, MomentsError> {
        let label = self.label.words();
        if self.rows == 0 {
            return Err(MomentsError::NoRows { fold: label });
        }
        let weight = self.weight.unwrap_or(self.rows as f64);
        if weight <= 0.0 {
            return Err(MomentsError::Weight { fold: label, weight });
        }
        let mut sums = FoldSums {
            rows: self.rows,
            weight,
            means: vec![0.0; names.len()],
            covariances: triangle(&self.entries, names, &label)?,
            label,
        };
        for entry in self.entries.iter().filter(|entry| entry.a == entry.b) {
            if let Some(mean) = sums.means.get_mut(entry.a as usize) {
                *mean = entry.mean;
            }
        }
        sums.check(names, origins)?;
        Ok(sums)
    }
}

/// The lower triangle of what `entries` hold, each pair once or once in each order.
fn triangle(entries: &[Entry], names: &[String], label: &str) -> Result<Vec<f64>, MomentsError> {
    let name = |at: usize| names.get(at).map_or_else(String::new, |name| clip(name));
    // Checked first: a few records that name many columns are no reason to make room for all their pairs.
    if let Some((i, j)) = missing_pair(entries, names.len() as u32) {
        return Err(MomentsError::NoPair { fold: label.to_owned(), a: name(i as usize), b: name(j as usize) });
    }
    // [of i with j, of j with i] where i ≥ j.
    let mut both = vec![[f64::NAN; 2]; position(names.len(), 0)];
    for entry in entries {
        let (a, b) = (entry.a as usize, entry.b as usize);
        let Some(cell) = both.get_mut(position(a, b)).and_then(|cell| cell.get_mut(usize::from(a < b))) else {
            continue;
        };
        if !cell.is_nan() {
            return Err(MomentsError::Twice { fold: label.to_owned(), a: name(a), b: name(b) });
        }
        *cell = entry.covariance;
    }
    let variance = |i: usize| both.get(position(i, i)).map_or(0.0, |cell| cell[0].abs());
    for i in 0..names.len() {
        for j in 0..i {
            let [forward, backward] = both.get(position(i, j)).copied().unwrap_or_default();
            if (forward - backward).abs() > ROUNDING * (variance(i) * variance(j)).sqrt() {
                let (fold, a, b) = (label.to_owned(), name(i), name(j));
                return Err(MomentsError::Asymmetric { fold, a, b, forward, backward });
            }
        }
    }
    Ok(both.iter().map(|[forward, backward]| if forward.is_nan() { *backward } else { *forward }).collect())
}

/// The first pair `i ≥ j` of `n` columns that no entry holds, in either order.
fn missing_pair(entries: &[Entry], n: u32) -> Option<(u32, u32)> {
    let mut found: Vec<(u32, u32)> = entries.iter().map(|e| (e.a.max(e.b), e.a.min(e.b))).collect();
    found.sort_unstable();
    found.dedup();
    let mut found = found.into_iter();
    (0..n).flat_map(|i| (0..=i).map(move |j| (i, j))).find(|pair| found.next() != Some(*pair))
}

impl FoldSums {
    /// Whether the covariances can come from rows; variances that rounding made negative become 0.
    fn check(&mut self, names: &[String], origins: &[f64]) -> Result<(), MomentsError> {
        let name = |at: usize| names.get(at).map_or_else(String::new, |name| clip(name));
        let mut roots = Vec::with_capacity(names.len());
        let sizes: Vec<f64> = self.means.iter().zip(origins).map(|(mean, origin)| mean.abs() + origin.abs()).collect();
        // What rounding alone makes of a column that does not vary.
        let slack: Vec<f64> = sizes.iter().map(|size| LAST_BITS.sqrt() * size).collect();
        for (i, slack) in slack.iter().enumerate() {
            let variance = self.covariance(i, i);
            let size = sizes.get(i).copied().unwrap_or(0.0).max(variance.abs().sqrt());
            if size > LARGEST {
                return Err(MomentsError::Extreme { fold: self.label.clone(), column: name(i), size });
            }
            if variance < -slack * slack {
                return Err(MomentsError::NegativeVariance { fold: self.label.clone(), column: name(i), variance });
            }
            if let Some(own) = self.covariances.get_mut(position(i, i)) {
                *own = variance.max(0.0);
            }
            roots.push(variance.max(0.0).sqrt());
        }
        for (i, (root, slack_i)) in roots.iter().zip(&slack).enumerate() {
            for (j, (other, slack_j)) in roots.iter().zip(&slack).enumerate().take(i) {
                let covariance = self.covariance(i, j);
                let most = (root + slack_i) * (other + slack_j);
                if covariance.abs() > most * (1.0 + ROUNDING) {
                    let (fold, a, b) = (self.label.clone(), name(i), name(j));
                    return Err(MomentsError::Covariance { fold, a, b, covariance, most: root * other });
                }
            }
        }
        match self.impossible_column(&roots, &slack) {
            Some(column) => Err(MomentsError::NoSuchRows { fold: self.label.clone(), column: name(column) }),
            None => Ok(()),
        }
    }

    /// The first column at which the correlations of the columns that vary stop being those of rows: Cholesky's
    /// factor of them has a pivot below 0.
    fn impossible_column(&self, roots: &[f64], slack: &[f64]) -> Option<usize> {
        let varying: Vec<usize> = (0..roots.len()).filter(|&j| roots[j] > slack[j] && roots[j] > 0.0).collect();
        let mut factor: Vec<Vec<f64>> = Vec::with_capacity(varying.len());
        for (k, &i) in varying.iter().enumerate() {
            let mut row: Vec<f64> = Vec::with_capacity(k + 1);
            for (l, &j) in varying[..k].iter().enumerate() {
                let before: f64 = row.iter().zip(&factor[l]).map(|(a, b)| a * b).sum();
                let rest = self.covariance(i, j) / roots[i] / roots[j] - before;
                // A column that depends on those before it takes no part.
                let pivot = factor[l][l];
                row.push(if pivot > 0.0 { rest / pivot } else { 0.0 });
            }
            let pivot = 1.0 - row.iter().map(|a| a * a).sum::<f64>();
            if pivot < NO_PIVOT {
                return Some(i);
            }
            row.push(if pivot > LEAST_PIVOT { pivot.sqrt() } else { 0.0 });
            factor.push(row);
        }
        None
    }
}
