//! One fold held out after the other: fitted on the others, judged on itself.
//!
//! The training rows of a fold sum up to the merge of all other folds, whether as moments or as triangular factors; only
//! where neither serves is each training set looked at row by row.

use faer::Mat;
use rayon::prelude::*;

use crate::model::certificate::residual_sums;
use crate::model::fold_moments::FoldMoments;
use crate::model::folds::Folds;
use crate::model::moment_ridge;
use crate::model::moments::{Merge, Moments, merged};
use crate::model::path::{Engine, PathError, PathValidParams};
use crate::model::progress::Progress;
use crate::model::rows::Rows;
use crate::model::sample::{Packing, Sample};
use crate::model::sweep::Problem;
use crate::model::training::Training;
use crate::model::triangle::Triangle;
use crate::model::units::Units;

/// Most numbers that what is learned from each fold may take together: 512 MiB.
pub(super) const MOST_IN_PARTS: usize = 1 << 26;

/// Multiplications of a fold that one thread does faster than two.
const SMALL: usize = 1 << 15;
/// Where less is left over of a column by those active before it, moments keep fewer than eight digits of its coefficient.
const LEAST_SHARE: f64 = 1e-8;
/// Most cells of X that each fold copies then: 128 MiB.
const MOST_COPIED: usize = 1 << 24;

/// What one held-out fold gives.
pub(super) struct HeldOut {
    /// Mean squared error at each alpha.
    pub(super) errors: Vec<f64>,
    /// Rows held out.
    pub(super) n_rows: usize,
    /// Case weight of the rows.
    pub(super) weight: f64,
    /// Those that are not zero at each alpha, in the user's units, if asked for.
    pub(super) coefficients: Vec<Vec<(u32, f64)>>,
}

/// One deal of rows to folds.
pub(super) struct Dealt<'d, 's> {
    pub(super) sample: &'d Sample<'s>,
    pub(super) folds: &'d Folds,
    pub(super) repeat: usize,
}

impl Dealt<'_, '_> {
    /// Of the held-out rows, for each solution.
    fn residual_sums(&self, fold: usize, packing: &Packing, solutions: &Mat<f64>) -> Vec<f64> {
        let (held_out, _) = self.folds.split(self.repeat, fold);
        residual_sums(self.sample, Rows::List(&held_out), packing, solutions.as_ref())
    }
}

/// What is the same for every fold.
pub(super) struct Job<'j> {
    pub(super) params: &'j PathValidParams,
    pub(super) units: &'j Units,
    pub(super) alphas: &'j [f64],
    pub(super) progress: &'j Progress,
    /// Whether coefficients are kept.
    pub(super) keeps: bool,
}

impl Job<'_> {
    /// All folds of one deal, in order.
    pub(super) fn run(
        &self,
        moments: Option<&FoldMoments>,
        rows: Option<&Dealt<'_, '_>>,
    ) -> Result<Vec<Result<HeldOut, PathError>>, PathError> {
        let is_ridge = self.params.l1_ratio() == 0.0;
        let moments = moments.filter(|_| is_ridge || self.params.engine() == Engine::Pathwise);
        match (moments, rows) {
            (_, Some(rows)) if self.stands_on_row_products(rows.sample) => self.run_on_row_products(rows),
            (Some(moments), Some(rows)) if is_ridge => Ok(self.run_ridge(moments, rows)),
            (Some(moments), rows) => Ok(self.run_on_moments(moments, rows)),
            (None, Some(rows)) if is_ridge && self.triangles_pay(rows) => Ok(self.run_on_triangles(rows)),
            (None, Some(rows)) if self.stands_on_columns(rows.sample) => Ok(self.run_on_columns(rows)),
            (None, Some(rows)) => {
                let folds = (0..rows.folds.n_folds).into_par_iter();
                Ok(folds.map(|fold| self.hold_out_rows(rows, fold)).collect())
            }
            (None, None) => Err(PathError::NoRows),
        }
    }

    /// Whether a fold costs less than handing it to another thread.
    fn is_small(&self) -> bool {
        self.alphas.len() * (self.units.n_features() + 1).pow(2) <= SMALL
    }

    /// On moments; where these keep too few digits, on triangular factors of all folds or on the rows of that fold.
    fn run_ridge(&self, moments: &FoldMoments, rows: &Dealt<'_, '_>) -> Vec<Result<HeldOut, PathError>> {
        let visit = |fold: usize, others: Moments| {
            self.progress.check()?;
            let training = Training::from_moments(self.units, others, self.params.scale())?;
            self.ridge_on_moments(&training, (&moments.folds()[fold], fold), Some(rows))
        };
        let results = complements(moments.folds(), 0, None, self.is_small(), &visit);
        if results.iter().any(|result| matches!(result, Ok(None))) && self.triangles_pay(rows) {
            return self.run_on_triangles(rows);
        }
        let settle = |(fold, result): (usize, Result<Option<HeldOut>, PathError>)| match result? {
            Some(held_out) => Ok(held_out),
            None => self.hold_out_rows(rows, fold),
        };
        if self.is_small() {
            return results.into_iter().enumerate().map(settle).collect();
        }
        results.into_par_iter().enumerate().map(settle).collect()
    }

    /// `None` if moments keep too few digits.
    fn ridge_on_moments(
        &self,
        training: &Training<'_, '_>,
        (held_out, fold): (&Moments, usize),
        rows: Option<&Dealt<'_, '_>>,
    ) -> Result<Option<HeldOut>, PathError> {
        let packing = training.frame.objective(self.units);
        let solve = |moments| moment_ridge::solutions(moments, &packing, self.alphas);
        let Some(solutions) = training.moments().and_then(solve) else { return Ok(None) };
        self.progress.advance(self.alphas.len())?;
        let sums = residual_sums_of(held_out, (rows, fold), &packing, &solutions);
        Ok(Some(self.held_out(training, &solutions, sums, (held_out.n_rows(), held_out.weight()))))
    }

    /// The training rows of a fold sum up to the merge of all other folds.
    fn run_on_moments(&self, moments: &FoldMoments, rows: Option<&Dealt<'_, '_>>) -> Vec<Result<HeldOut, PathError>> {
        let visit = |fold: usize, others: Moments| {
            self.progress.check()?;
            let training = Training::from_moments(self.units, others, self.params.scale())?;
            let held_out = &moments.folds()[fold];
            if self.params.l1_ratio() == 0.0
                && let Some(result) = self.ridge_on_moments(&training, (held_out, fold), rows)?
            {
                return Ok(result);
            }
            let mut problem = Problem::new(self.params, &training)?;
            let solutions = problem.solutions(self.params, &training, self.alphas, self.progress)?;
            if let (Problem::Moments(_, least_share), Some(rows)) = (&problem, rows)
                && *least_share < LEAST_SHARE
                && training.n_rows * training.n_features() <= MOST_COPIED
            {
                return self.hold_out_columns(rows, fold);
            }
            let sums = residual_sums_of(held_out, (rows, fold), &training.frame.objective(self.units), &solutions);
            Ok(self.held_out(&training, &solutions, sums, (held_out.n_rows(), held_out.weight())))
        };
        complements(moments.folds(), 0, None, self.is_small(), &visit)
    }

    /// Whether triangular factors of the folds cost less than rows of the training sets.
    fn triangles_pay(&self, rows: &Dealt<'_, '_>) -> bool {
        let (n, p) = (rows.sample.n_samples(), self.units.n_features());
        !rows.sample.has_missing() && rows.folds.n_folds * (p + 1).pow(2) <= MOST_IN_PARTS && n > 8 * p
    }

    /// The triangular factor of the training rows of a fold is the merge of all other folds'.
    fn run_on_triangles(&self, rows: &Dealt<'_, '_>) -> Vec<Result<HeldOut, PathError>> {
        let origin = vec![0.0; self.units.n_features() + 1];
        let splits: Vec<_> = (0..rows.folds.n_folds).map(|fold| rows.folds.split(rows.repeat, fold)).collect();
        let learn = |(held_out, _): &(Vec<usize>, _)| Triangle::of(rows.sample, Rows::List(held_out), &origin);
        let parts: Vec<Triangle> = splits.par_iter().map(learn).collect();
        let visit = |fold: usize, others: Triangle| {
            self.progress.check()?;
            let (held_out, training) = &splits[fold];
            let training = Training::from_triangle(rows.sample, Rows::List(training), others, self.params.scale())?;
            self.hold_out(rows.sample, held_out, &training)
        };
        complements(&parts, 0, None, self.is_small(), &visit)
    }

    /// Learns from the training rows themselves.
    pub(super) fn hold_out_rows(&self, rows: &Dealt<'_, '_>, fold: usize) -> Result<HeldOut, PathError> {
        self.progress.check()?;
        let (held_out, training) = rows.folds.split(rows.repeat, fold);
        self.hold_out(rows.sample, &held_out, &self.params.training(rows.sample, Rows::List(&training))?)
    }

    /// Learns from the columns themselves: no product of two is formed.
    fn hold_out_columns(&self, rows: &Dealt<'_, '_>, fold: usize) -> Result<HeldOut, PathError> {
        let (held_out, training) = rows.folds.split(rows.repeat, fold);
        let training = Training::from_rows(rows.sample, Rows::List(&training), self.params.scale())?;
        self.hold_out(rows.sample, &held_out, &training)
    }

    /// Fits the training rows and looks at the held-out ones.
    fn hold_out(
        &self,
        sample: &Sample<'_>,
        held_out: &[usize],
        training: &Training<'_, '_>,
    ) -> Result<HeldOut, PathError> {
        let solutions =
            Problem::new(self.params, training)?.solutions(self.params, training, self.alphas, self.progress)?;
        let rows = Rows::List(held_out);
        let sums = residual_sums(sample, rows, &training.frame.objective(self.units), solutions.as_ref());
        Ok(self.held_out(training, &solutions, sums, (held_out.len(), sample.weight_of(rows))))
    }

    fn held_out(
        &self,
        training: &Training<'_, '_>,
        solutions: &Mat<f64>,
        sums: Vec<f64>,
        (n_rows, weight): (usize, f64),
    ) -> HeldOut {
        HeldOut {
            errors: sums.into_iter().map(|sum| sum / weight).collect(),
            n_rows,
            weight,
            coefficients: if self.keeps { self.in_users_units(training, solutions) } else { Vec::new() },
        }
    }

    fn in_users_units(&self, training: &Training<'_, '_>, solutions: &Mat<f64>) -> Vec<Vec<(u32, f64)>> {
        let scales = training.frame.scaling(self.units).scales;
        let at = |k: usize| {
            let solution = solutions.col_as_slice(k).iter().enumerate();
            solution.filter(|(_, w)| **w != 0.0).map(|(j, w)| (j as u32, w / scales[j])).collect()
        };
        (0..self.alphas.len()).map(at).collect()
    }
}

/// Of a fold that is held out, from its moments where these keep enough digits or nothing else is at hand.
fn residual_sums_of(
    held_out: &Moments,
    (rows, fold): (Option<&Dealt<'_, '_>>, usize),
    packing: &Packing,
    solutions: &Mat<f64>,
) -> Vec<f64> {
    match (held_out.residual_sums(packing, solutions.as_ref()), rows) {
        (Some(sums), _) => sums,
        (None, Some(rows)) => rows.residual_sums(fold, packing, solutions),
        (None, None) => {
            let rough = held_out.rough_residual_sums(packing, solutions.as_ref());
            rough.into_iter().map(|(sum, _)| sum).collect()
        }
    }
}

/// Calls `visit(fold, merge of all parts but that)` for each part. By halves: what lies outside of a half is what lies
/// outside of the whole and the other half, so K parts cost K log K merges, and nothing is ever taken out of a sum. What is
/// small stays on this thread.
fn complements<M: Merge, R: Send>(
    parts: &[M],
    first: usize,
    outside: Option<M>,
    is_small: bool,
    visit: &(impl Fn(usize, M) -> R + Sync),
) -> Vec<R> {
    if parts.len() == 1 {
        return outside.map(|outside| visit(first, outside)).into_iter().collect();
    }
    let (left, right) = parts.split_at(parts.len() / 2);
    let with = |half: &[M]| match (&outside, merged(half)) {
        (Some(outside), Some(half)) => {
            let mut all = outside.clone();
            all.merge(&half);
            Some(all)
        }
        (None, half) => half,
        (Some(outside), None) => Some(outside.clone()),
    };
    let of_left = || complements(left, first, with(right), is_small, visit);
    let of_right = || complements(right, first + left.len(), with(left), is_small, visit);
    let (mut results, others) = if is_small { (of_left(), of_right()) } else { rayon::join(of_left, of_right) };
    results.extend(others);
    results
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone)]
    struct Set(Vec<usize>);
    impl Merge for Set {
        fn merge(&mut self, other: &Self) {
            self.0.extend(&other.0);
            self.0.sort_unstable();
        }
    }

    #[test]
    fn a_complement_is_the_merge_of_all_others() {
        for count in 2..12 {
            let parts: Vec<Set> = (0..count).map(|k| Set(vec![k])).collect();
            let complements = complements(&parts, 0, None, count % 2 == 0, &|fold, others: Set| (fold, others.0));
            let expected: Vec<_> =
                (0..count).map(|fold| (fold, (0..count).filter(|k| *k != fold).collect::<Vec<_>>())).collect();
            assert_eq!(complements, expected);
        }
    }
}
