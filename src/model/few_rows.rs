//! Folds held out where rows are few beside columns: on products of rows for ridge, on one copy of X for the lasso.

use rayon::prelude::*;

use crate::model::column_folds::ColumnFolds;
use crate::model::hold_out::{Dealt, HeldOut, Job};
use crate::model::kernel_ridge::{RowProducts, row_products_pay};
use crate::model::path::{Engine, PathError};
use crate::model::rows::Rows;
use crate::model::sample::Sample;
use crate::model::training::moments_pay;

impl Job<'_> {
    /// Whether this is ridge, and products of rows cost less than those of columns.
    pub(super) fn stands_on_row_products(&self, sample: &Sample<'_>) -> bool {
        let (n, p) = (sample.n_samples(), sample.n_features());
        self.params.l1_ratio() == 0.0 && !sample.has_missing() && row_products_pay(n, p, self.params.scale())
    }

    /// Whether this is our lasso or elastic net, and X too wide for products of columns.
    pub(super) fn stands_on_columns(&self, sample: &Sample<'_>) -> bool {
        let is_ours = self.params.l1_ratio() > 0.0 && self.params.engine() == Engine::Pathwise;
        is_ours && !sample.has_missing() && !moments_pay(sample.n_samples(), sample.n_features())
    }

    /// Ridge from products of rows; a fold where these keep too few digits goes back to the data.
    pub(super) fn run_on_row_products(
        &self,
        dealt: &Dealt<'_, '_>,
    ) -> Result<Vec<Result<HeldOut, PathError>>, PathError> {
        let (sample, scale) = (dealt.sample, self.params.scale());
        let splits: Vec<_> = (0..dealt.folds.n_folds).map(|fold| dealt.folds.split(dealt.repeat, fold)).collect();
        let weights = splits.iter().map(|(_, rows)| sample.weight_of(Rows::List(rows)));
        let least = weights.fold(f64::INFINITY, f64::min) * self.alphas.iter().copied().fold(f64::INFINITY, f64::min);
        let products = RowProducts::new(sample, scale, least)?;
        let hold_out = |(fold, (held_out, rows)): (usize, &(Vec<usize>, Vec<usize>))| {
            self.progress.check()?;
            let Some(sums) = products.residual_sums(sample, scale, (held_out, rows), self.alphas)? else {
                return self.hold_out_rows(dealt, fold);
            };
            self.progress.advance(self.alphas.len())?;
            Ok(of_sums(sample, held_out, sums, Vec::new()))
        };
        Ok(splits.par_iter().enumerate().map(hold_out).collect())
    }

    /// Lasso and elastic net on one copy of X; a fold that it does not serve learns from its own rows.
    pub(super) fn run_on_columns(&self, dealt: &Dealt<'_, '_>) -> Vec<Result<HeldOut, PathError>> {
        let all: Vec<Vec<usize>> =
            (0..dealt.folds.n_folds).map(|fold| dealt.folds.split(dealt.repeat, fold).0).collect();
        let columns = ColumnFolds::new(dealt.sample, &all);
        let hold_out = |(fold, held_out): (usize, &Vec<usize>)| {
            self.progress.check()?;
            let path = columns.as_ref().map(|columns| columns.path(fold, self.params, self.alphas, self.progress));
            let Some(path) = path.transpose()?.flatten() else {
                return self.hold_out_rows(dealt, fold);
            };
            let coefficients = if self.keeps { path.coefficients } else { Vec::new() };
            Ok(of_sums(dealt.sample, held_out, path.residual_sums, coefficients))
        };
        all.par_iter().enumerate().map(hold_out).collect()
    }
}

fn of_sums(sample: &Sample<'_>, held_out: &[usize], sums: Vec<f64>, coefficients: Vec<Vec<(u32, f64)>>) -> HeldOut {
    let weight = sample.weight_of(Rows::List(held_out));
    let errors = sums.into_iter().map(|sum| sum / weight).collect();
    HeldOut { errors, n_rows: held_out.len(), weight, coefficients }
}
