//! Where a cursor stands on a path: at an alpha of the grid, or between two of them with the fit solved there.

use std::sync::Arc;

use linfa::ParamGuard;

use crate::analysis::{Analysis, Penalty, sample_of};
use crate::model::cross_validation::Ground;
use crate::model::moments::Moments;
use crate::model::path::{Engine, Grid, PathParams, PathValidParams, RegularizationPath};
use crate::model::path_point::PathPoint;
use crate::model::progress::Progress;
use crate::model::training::Training;
use crate::model::units::Units;

/// Most features of a fit that is solved between the alphas of the grid while a hand waits for it.
const MOST_FEATURES: usize = 128;
/// Most multiplications of one decomposition of the rows for that, `n p min(n, p)`.
const MOST_WORK: usize = 1 << 21;

/// A place on a path.
#[derive(Debug, Clone)]
pub struct Cursor {
    nearest: usize,
    /// One alpha, where it is none of the grid, or where its certificate was measured again.
    own: Option<Arc<RegularizationPath>>,
}

impl PartialEq for Cursor {
    fn eq(&self, other: &Self) -> bool {
        let alpha = |cursor: &Self| cursor.own.as_ref().map(|path| path.alphas()[0]);
        self.nearest == other.nearest && alpha(self) == alpha(other)
    }
}

impl Cursor {
    /// At position `k` of the grid.
    pub fn on_grid(k: usize) -> Self {
        Self { nearest: k, own: None }
    }

    /// The position of the grid that is nearest in log alpha.
    pub fn nearest(&self) -> usize {
        self.nearest
    }

    /// The position of the grid, if it stands on one.
    pub fn grid_position(&self, path: &RegularizationPath) -> Option<usize> {
        let alpha = self.point(path).alpha();
        (alpha.to_bits() == path.alphas()[self.nearest].to_bits()).then_some(self.nearest)
    }

    /// The fit. `path`: the one that it stands on.
    pub fn point<'p>(&'p self, path: &'p RegularizationPath) -> PathPoint<'p> {
        match &self.own {
            Some(own) => own.point(0),
            None => path.point(self.nearest),
        }
    }
}

/// What a fit between the alphas of the grid is solved from, where it is small.
#[derive(Debug, Clone)]
pub(super) struct Refit {
    units: Units,
    moments: Moments,
}

impl Refit {
    pub(super) fn of(training: &Training<'_, '_>) -> Option<Self> {
        let moments = training.moments().filter(|_| training.n_features() <= MOST_FEATURES)?;
        Some(Self { units: training.units.clone(), moments: moments.clone() })
    }
}

impl Analysis {
    /// The fit at a cursor.
    pub fn point<'a>(&'a self, penalty: Penalty, cursor: &'a Cursor) -> PathPoint<'a> {
        cursor.point(&self.penalty(penalty).path)
    }

    /// The cursor at `alpha`, held within the grid: exactly there where that is solved at once, else at the nearest alpha of
    /// the grid.
    pub fn cursor_at(&self, penalty: Penalty, alpha: f64) -> Cursor {
        let alphas = self.penalty(penalty).path.alphas();
        let alpha = alpha.clamp(alphas[alphas.len() - 1], alphas[0]);
        let distance = |k: &usize| (alphas[*k].ln() - alpha.ln()).abs();
        let nearest = (0..alphas.len()).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0);
        let is_there = alphas[nearest].to_bits() == alpha.to_bits();
        let own = if is_there { None } else { self.solve_at_once(penalty, alpha).map(Arc::new) };
        Cursor { nearest, own }
    }

    /// The cursor with its fit held against all rows, if it was not and they are at hand: one pass over them.
    pub fn measured_on_rows(&self, penalty: Penalty, cursor: &Cursor, progress: &Progress) -> Option<Cursor> {
        let point = self.point(penalty, cursor);
        if point.is_measured_on_rows() || !self.has_all_rows() {
            return None;
        }
        let path = self.solve_on_rows(&self.params_at(penalty, point.alpha())?, progress)?;
        Some(Cursor { nearest: cursor.nearest, own: Some(Arc::new(path)) })
    }

    /// Mean held-out error at a cursor and its standard error; between two alphas of the grid on the line between theirs, over
    /// log alpha; `None` before cross-validation.
    pub fn held_out_error(&self, penalty: Penalty, cursor: &Cursor) -> Option<(f64, f64)> {
        let errors = self.penalty(penalty).cross_validation.as_ref()?;
        let (k, share) = self.grid_place(penalty, cursor);
        let between = |values: &ndarray::Array1<f64>| {
            let next = values[(k + 1).min(values.len() - 1)];
            if share > 0.0 { values[k] + share * (next - values[k]) } else { values[k] }
        };
        Some((between(&errors.mean), between(&errors.se)))
    }

    /// The last position of the grid whose alpha is not below the cursor's, and how far the cursor is on to the next, in
    /// log alpha.
    pub fn grid_place(&self, penalty: Penalty, cursor: &Cursor) -> (usize, f64) {
        let alphas = self.penalty(penalty).path.alphas();
        let alpha = self.point(penalty, cursor).alpha();
        let k = alphas.iter().take_while(|a| **a >= alpha).count().saturating_sub(1);
        let Some(next) = alphas.get(k + 1) else { return (k, 0.0) };
        (k, (alphas[k] / alpha).ln() / (alphas[k] / next).ln())
    }

    fn params_at(&self, penalty: Penalty, alpha: f64) -> Option<PathValidParams> {
        let l1_ratio = self.penalty(penalty).path.l1_ratio();
        if self.settings.engine == Engine::Linfa && l1_ratio > 0.0 {
            return None;
        }
        PathParams::new(l1_ratio).scale(self.settings.scale).grid(Grid::Explicit(vec![alpha])).check().ok()
    }

    /// A path of one alpha, where it is solved within a frame and keeps the promise of its certificate.
    fn solve_at_once(&self, penalty: Penalty, alpha: f64) -> Option<RegularizationPath> {
        let params = self.params_at(penalty, alpha)?;
        let (n, p) = self.design.x.dim();
        let is_small = self.has_all_rows() && n * p * n.min(p) <= MOST_WORK;
        let path = if is_small {
            self.solve_on_rows(&params, &Progress::new())
        } else {
            let Refit { units, moments } = self.refit.as_deref()?;
            let training = Training::from_moments(units, moments.clone(), self.settings.scale).ok()?;
            params.sweep_training(&training, &Progress::new()).ok()
        };
        path.filter(|path| path.is_certified(0))
    }

    fn solve_on_rows(&self, params: &PathValidParams, progress: &Progress) -> Option<RegularizationPath> {
        let sample = sample_of(&self.design).ok()?;
        if let Some(Refit { units, moments }) = self.refit.as_deref() {
            let sample = sample.with_units(units.clone());
            let training = Training::from_moments(units, moments.clone(), self.settings.scale).ok()?;
            return params.sweep_training(&training.with_rows(&sample, sample.all()), progress).ok();
        }
        let moments = self.pool.as_ref().map(|pool| pool.select(&self.design)).transpose().ok()?;
        let sample = match &moments {
            Some(moments) => sample.with_units(moments.units().clone()),
            None => sample,
        };
        let ground = Ground { units: sample.units(), moments: moments.as_deref(), rows: Some((&sample, &self.folds)) };
        params.sweep_training(&params.summarize(&ground).ok()?, progress).ok()
    }
}
