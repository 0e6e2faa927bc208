//! The analysis of a file whose rows are not kept: they are summed up as they come, once for all settings of the sweep.

use std::sync::Arc;

use ndarray::{ArrayView1, ArrayView2, ShapeBuilder};

use crate::analysis::{Analysis, AnalysisError, Engine, Settings, Watch, analyze, analyze_moments};
use crate::data::csv::Tick;
use crate::data::design::{Design, Roles};
use crate::data::stream::{RowBlock, RowSink, Stream, StreamError, Streamed};
use crate::data::table::Table;
use crate::model::fold_moments::{Accumulator, FoldMoments};
use crate::model::folds::{FoldRule, FoldsError, FoldsNote};
use crate::model::path::PathError;
use crate::model::units::Units;

/// Rows that are summed up apart: many small sums lose fewer digits than a long one.
const APART: usize = 1 << 20;

/// Why there are no sums.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SumsError {
    /// The file was not read, or no regression can be set up.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// Folds cannot be dealt so.
    #[error(transparent)]
    Folds(#[from] FoldsError),
    /// Rows cannot be summed up.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Squares that no double holds.
    #[error(
        "the values of a column differ by more than 150 orders of magnitude; multiply the large ones by a power of ten"
    )]
    Overflow,
    /// What needs all rows at once.
    #[error("{what} all rows at once, but they are not kept in memory; {instead}")]
    NeedsRows {
        /// With its verb: `contiguous folds need`.
        what: &'static str,
        /// What to do instead.
        instead: &'static str,
    },
}

/// What the rows of a file sum up to, for one choice of roles and folds.
#[derive(Debug, Clone)]
pub struct Sums {
    /// Names, types and notes of the columns, but none of their cells.
    pub table: Arc<Table>,
    /// Features and notes, and a sample of the rows for plots.
    pub design: Arc<Design>,
    roles: Roles,
    folds: FoldRule,
    /// `None` where so few rows are there that the sample holds all.
    moments: Option<FoldMoments>,
    note: Option<FoldsNote>,
}

impl Sums {
    /// Reads all rows of a file once. The seed of the folds draws the sample, too.
    ///
    /// # Errors
    /// [`SumsError`] says what stands in the way, where, and what to do.
    pub fn read(stream: &Stream, roles: &Roles, settings: &Settings, tick: Tick<'_>) -> Result<Self, SumsError> {
        let asked = check(roles, settings)?;
        let seed = if let FoldRule::Random { seed, .. } = settings.folds { seed } else { 0 };
        let mut sink = RowSums { rule: settings.folds.clone(), asked, n_features: 0, state: None, refusal: None };
        let streamed = stream.read(roles, seed, &mut sink, tick)?;
        let sums = |(moments, note)| {
            let (table, design) = (Arc::new(streamed.table.clone()), Arc::new(streamed.design.clone()));
            Self { table, design, roles: roles.clone(), folds: settings.folds.clone(), moments, note }
        };
        sink.finish(&streamed).map(sums)
    }

    /// Whether these are the sums for such roles and settings.
    pub fn serve(&self, roles: &Roles, settings: &Settings) -> bool {
        self.roles == *roles && self.folds == settings.folds && settings.repeats == 1
    }

    /// As [`analyze`], without reading anything.
    ///
    /// # Errors
    /// As [`analyze`].
    pub fn analyze<'w>(&self, settings: &Settings, watch: impl Into<Watch<'w>>) -> Result<Analysis, AnalysisError> {
        match &self.moments {
            Some(moments) => analyze_moments(&self.design, moments, settings, self.note.as_ref(), watch),
            None => analyze(&self.design, settings, watch),
        }
    }
}

/// Refuses what needs all rows; the number of folds asked for, 0 where rows tell.
fn check(roles: &Roles, settings: &Settings) -> Result<usize, SumsError> {
    let refuse = |what, instead| Err(SumsError::NeedsRows { what, instead });
    if settings.engine == Engine::Linfa {
        return refuse("the engine linfa needs", "choose the pathwise engine");
    }
    if settings.repeats != 1 {
        return refuse("repeated cross-validation needs", "choose one repeat");
    }
    match settings.folds {
        FoldRule::Random { folds, .. } | FoldRule::Interleaved { folds } if folds < 2 => {
            Err(FoldsError::TooFew { folds }.into())
        }
        FoldRule::Random { folds, .. } | FoldRule::Interleaved { folds } => Ok(folds),
        FoldRule::Given if roles.fold_column.is_none() => Err(FoldsError::NoLabels("folds").into()),
        FoldRule::Given => Ok(0),
        FoldRule::Contiguous { .. } => refuse("contiguous folds need", "let folds be drawn, or interleave them"),
        FoldRule::Groups { .. } => refuse("groups need", "let folds be drawn, or use a column of folds"),
    }
}

/// Sums up rows as they come.
struct RowSums {
    rule: FoldRule,
    asked: usize,
    n_features: usize,
    state: Option<State>,
    refusal: Option<PathError>,
}

struct State {
    /// Learned from the first rows.
    units: Units,
    all: Accumulator,
    apart: Accumulator,
    n_apart: usize,
}

impl RowSink for RowSums {
    fn begin(&mut self, n_features: usize) {
        (self.n_features, self.state, self.refusal) = (n_features, None, None);
    }

    fn take(&mut self, rows: &RowBlock) {
        if self.refusal.is_none() {
            self.refusal = self.add(rows).err();
        }
    }
}

impl RowSums {
    fn add(&mut self, rows: &RowBlock) -> Result<(), PathError> {
        let (m, p) = (rows.y.len(), self.n_features);
        let x = ArrayView2::from_shape((m, p).f(), &rows.x).map_err(|_shape| PathError::NoRows)?;
        let y = ArrayView1::from(&rows.y);
        let drawn = self.rule.of_records(&rows.records);
        let Some(folds) = drawn.as_ref().or(rows.labels.as_ref()) else { return Err(PathError::NoRows) };
        if self.state.is_none() {
            let accumulator = Accumulator::new(p + 1, self.asked.max(1));
            let (all, apart) = (accumulator.clone(), accumulator);
            self.state = Some(State { units: Units::of(x, None, y)?, all, apart, n_apart: 0 });
        }
        if let Some(State { units, all, apart, n_apart }) = &mut self.state {
            apart.grow(folds.iter().max().map_or(0, |last| *last as usize + 1));
            apart.add(units, x, y, folds, rows.case_weights.as_deref());
            *n_apart += m;
            if *n_apart >= APART {
                all.absorb(apart);
                *n_apart = 0;
            }
        }
        Ok(())
    }

    /// The moments of the folds that hold rows, of the features that vary.
    fn finish(self, streamed: &Streamed) -> Result<(Option<FoldMoments>, Option<FoldsNote>), SumsError> {
        if let Some(refusal) = self.refusal {
            return Err(refusal.into());
        }
        // Leave-one-out, or no fold without a row: the sample holds them all.
        if self.asked > streamed.n_rows {
            return Ok((None, None));
        }
        let State { units, mut all, mut apart, .. } = self.state.ok_or(PathError::NoRows)?;
        all.absorb(&mut apart);
        let moments = all.finish(units);
        let n_folds = moments.folds().len();
        let mut order: Vec<usize> = (0..n_folds).filter(|fold| moments.folds()[*fold].n_rows() > 0).collect();
        if let Some(ranks) = &streamed.label_ranks {
            order.sort_by_key(|fold| ranks[*fold]);
        }
        let used = order.len();
        if used < 2 {
            return Err(FoldsError::TooFew { folds: used }.into());
        }
        let columns: Vec<usize> = streamed.kept.iter().copied().chain([self.n_features]).collect();
        let moments = moments.with_folds(&order).select(&columns)?;
        if !moments.is_finite() {
            return Err(SumsError::Overflow);
        }
        let note = (used < self.asked).then_some(FoldsNote::Emptied { asked: self.asked, used });
        Ok((Some(moments), note))
    }
}
