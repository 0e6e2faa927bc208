//! The rows of a file as they come: handed on, and what must be known of them kept.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::data::design_error::DesignError;
use crate::data::labels::Labels;
use crate::data::prints::Prints;
use crate::data::recipe::{Counts, NoRows, PartRows, Recipe, RowBlock};
use crate::data::row_sample::RowSample;
use crate::data::survey::Part;

/// Who is given the rows of a file, a block at a time.
pub trait RowSink: Send {
    /// Forgets all rows: these of a file begin, with so many features.
    fn begin(&mut self, n_features: usize);

    /// Takes the rows behind all those before. Where blocks end depends on the file alone.
    fn take(&mut self, rows: &RowBlock);
}

/// All that is kept of the rows of a file.
pub(super) struct Gather<'a> {
    recipe: &'a Recipe<'a>,
    sink: &'a mut dyn RowSink,
    /// Whether a cell did not fit: rows from there on are not made.
    is_surprised: &'a AtomicBool,
    pub(super) sample: RowSample,
    pub(super) labels: Labels,
    pub(super) counts: Counts,
    pub(super) prints: Vec<Prints>,
    pub(super) n_rows: usize,
}

/// The rows of a part, unless there was a surprise before.
pub(super) fn rows(recipe: &Recipe<'_>, part: Part, is_surprised: &AtomicBool) -> Result<PartRows, NoRows> {
    if is_surprised.load(Ordering::Relaxed) {
        return Err(NoRows::Surprise);
    }
    let rows = recipe.rows(part);
    if matches!(rows, Err(NoRows::Surprise)) {
        is_surprised.store(true, Ordering::Relaxed);
    }
    rows
}

impl<'a> Gather<'a> {
    pub(super) fn new(
        recipe: &'a Recipe<'a>,
        seed: u64,
        sink: &'a mut dyn RowSink,
        is_surprised: &'a AtomicBool,
    ) -> Self {
        let n_features = recipe.features.len();
        sink.begin(n_features);
        Self {
            recipe,
            sink,
            is_surprised,
            sample: RowSample::new(seed, n_features),
            labels: Labels::default(),
            counts: Counts::default(),
            prints: vec![Prints::default(); n_features + 1],
            n_rows: 0,
        }
    }

    /// Takes the rows of a part behind `records` records and `lines` lines.
    pub(super) fn take(
        &mut self,
        part: Result<PartRows, NoRows>,
        records: usize,
        lines: u64,
    ) -> Result<(), DesignError> {
        let mut part = match part {
            Ok(part) => part,
            Err(NoRows::Design(error)) => return Err(error.below(lines)),
            Err(NoRows::Surprise) => return Ok(()),
        };
        if self.is_surprised.load(Ordering::Relaxed) {
            return Ok(());
        }
        part.rows.records.iter_mut().for_each(|record| *record += records);
        if let Some(labels) = &mut part.rows.labels {
            let codes = self.labels.append(&part.labels, self.recipe.fold_column())?;
            for label in labels.iter_mut() {
                *label = codes.get(*label as usize).copied().unwrap_or(0);
            }
        }
        self.counts.target += part.counts.target;
        self.counts.feature += part.counts.feature;
        self.counts.weight += part.counts.weight;
        self.prints.iter_mut().zip(&part.prints).for_each(|(all, later)| all.append(later));
        self.n_rows += part.rows.y.len();
        self.sample.add(&part.rows);
        if !part.rows.y.is_empty() {
            self.sink.take(&part.rows);
        }
        Ok(())
    }
}
