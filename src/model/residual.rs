//! Inner products from the columns themselves: for p ≫ n, where no p × p matrix is formed, and where moments are too
//! ill-conditioned. The gradient comes from the residuals, so each solve is refined by the data as it goes.
//!
//! Columns of unit variance are `z_j = (x_j − m_j √c) f_j`, with `x_j` as held and `√c` the roots of the case weights. So
//! the fits of all folds share one copy of X: as `Σ √c r = 0`, a fold's own centre costs one number and its scale a
//! factor, and the residuals of rows that are held out are 0. Columns that become active are packed by themselves.

use std::ops::Range;
use std::sync::Arc;

use faer::{Mat, MatRef};
use rayon::prelude::*;

use crate::model::cholesky::LeftOver;
use crate::model::inner_products::{InnerProducts, Limit};
use crate::model::product::{dot, subtract_columns, vectorized};
use crate::model::span::Span;

/// Features of a piece of a pass over all columns.
const PIECE: usize = 512;
/// The gradients of one feature in so many are computed one by one; where more are open, X is passed.
const FEW: usize = 12;
/// Features looked at together.
const CHUNK: usize = 64;
/// Distance from the span, as a share of the residuals' length, that is rounding.
const RESOLVED: f64 = 1e-12;
/// Share of the limit from which a feature may violate the next one.
const NEAR: f64 = 0.9;
/// Not packed.
const NOWHERE: u32 = u32::MAX;

/// The training rows, held as columns.
#[derive(Debug)]
pub(crate) struct DataProducts {
    /// Shape `(n, p + 1)`, the target last.
    columns: Arc<Mat<f64>>,
    frame: ColumnFrame,
    with_target: Vec<f64>,
    /// `y`, centred, 0 where held out.
    target: Vec<f64>,
    /// Of the solution that was last asked for.
    residuals: Vec<f64>,
    /// That solution.
    at: (Vec<usize>, Vec<f64>),
    /// Columns of unit variance, one after the other: those that were active once.
    packed: Vec<f64>,
    /// Where column `j` stands among them.
    slots: Vec<u32>,
    span: Span,
}

/// How columns are read as columns of unit variance.
#[derive(Debug)]
pub(crate) struct ColumnFrame {
    /// `m_j`, the target's last, shape `(p + 1,)`.
    pub(crate) centers: Vec<f64>,
    /// `f_j`, 0 where the column does not vary, the target's last, shape `(p + 1,)`.
    pub(crate) factors: Vec<f64>,
    /// `√c`, shape `(n,)`.
    pub(crate) roots: Vec<f64>,
    /// Rows that are left out.
    pub(crate) held_out: Range<usize>,
    /// n of the objective: the number of rows, or the sum of their case weights.
    pub(crate) weight: f64,
}

impl DataProducts {
    /// Takes the packed columns, see [`Sample::pack_all`](crate::model::sample::Sample::pack_all), and n of the
    /// objective: the number of rows, or the sum of their case weights.
    pub(crate) fn new(columns: Mat<f64>, weight: f64) -> Self {
        let (n, p) = (columns.nrows(), columns.ncols() - 1);
        let (centers, factors) = (vec![0.0; p + 1], vec![1.0; p + 1]);
        let frame = ColumnFrame { centers, factors, roots: vec![0.0; n], held_out: 0..0, weight };
        Self::in_frame(Arc::new(columns), frame)
    }

    /// Columns of shape `(n, p + 1)`, the target last, each row times the root of its case weight.
    pub(crate) fn in_frame(columns: Arc<Mat<f64>>, frame: ColumnFrame) -> Self {
        let p = columns.ncols() - 1;
        let mut products = Self {
            target: Vec::new(),
            residuals: Vec::new(),
            at: (Vec::new(), Vec::new()),
            with_target: Vec::new(),
            packed: Vec::new(),
            slots: vec![NOWHERE; p],
            span: Span::default(),
            columns,
            frame,
        };
        products.target = products.unit_column(p);
        products.residuals.clone_from(&products.target);
        let mut with_target = vec![0.0; p];
        products.all_products(&products.target, &mut with_target);
        products.span.restart(&products.target, &with_target);
        products.with_target = with_target;
        products
    }

    /// `z_j`; the centred target for `j = p`.
    fn unit_column(&self, j: usize) -> Vec<f64> {
        let (center, factor) = (self.frame.centers[j], self.frame.factors[j]);
        let column = self.columns.col_as_slice(j).iter().zip(&self.frame.roots);
        let mut unit: Vec<f64> = column.map(|(x, root)| (x - center * root) * factor).collect();
        unit[self.frame.held_out.clone()].fill(0.0);
        unit
    }

    /// `z_j` of a column that was taken in.
    #[expect(clippy::inline_always, reason = "compiled anew inside of `vectorized`")]
    #[inline(always)]
    fn packed(&self, j: usize) -> &[f64] {
        let n = self.columns.nrows();
        &self.packed[self.slots[j] as usize * n..][..n]
    }

    /// `b − Z_A β`
    fn subtract(&self, b: &mut [f64], active: &[usize], combination: &[f64]) {
        let n = self.columns.nrows();
        let packed = MatRef::from_column_major_slice(&self.packed, n, self.packed.len() / n);
        let slots: Vec<usize> = active.iter().map(|&j| self.slots[j] as usize).collect();
        subtract_columns(b, packed, &slots, combination);
    }

    /// `r = y − Z_A b`
    fn set_residuals(&mut self, active: &[usize], values: &[f64]) {
        if self.at.0 == active && self.at.1 == values {
            return;
        }
        self.at = (active.to_vec(), values.to_vec());
        let mut residuals = std::mem::take(&mut self.residuals);
        residuals.copy_from_slice(&self.target);
        self.subtract(&mut residuals, active, values);
        self.residuals = residuals;
    }

    /// `Σ c (y − ŷ)²` of the rows that are left out, for a solution in columns of unit variance.
    pub(crate) fn held_out_residual_sum(&self, solution: &[(usize, f64)]) -> f64 {
        let (rows, p) = (self.frame.held_out.clone(), self.columns.ncols() - 1);
        let unit = |j: usize, i: usize| {
            (self.columns[(i, j)] - self.frame.centers[j] * self.frame.roots[i]) * self.frame.factors[j]
        };
        let residual = |i: usize| unit(p, i) - solution.iter().map(|&(j, v)| unit(j, i) * v).sum::<f64>();
        rows.map(|i| residual(i).powi(2)).sum()
    }

    /// `z_j'b / n` from the shared columns; `along` is `Σ √c b`.
    #[expect(clippy::inline_always, reason = "compiled anew inside of `vectorized`")]
    #[inline(always)]
    fn product(&self, j: usize, b: &[f64], along: f64) -> f64 {
        (dot(self.columns.col_as_slice(j), b) - self.frame.centers[j] * along) * self.frame.factors[j]
            / self.frame.weight
    }

    /// `z_j'b / n` of all features: one pass over X.
    fn all_products(&self, b: &[f64], out: &mut [f64]) {
        let along = dot(&self.frame.roots, b);
        out.par_chunks_mut(PIECE).enumerate().for_each(|(piece, out)| {
            vectorized(
                #[inline(always)]
                || {
                    for (k, out) in out.iter_mut().enumerate() {
                        *out = self.product(piece * PIECE + k, b, along);
                    }
                },
            );
        });
    }

    /// `z_j'r / n` of some features.
    fn some_products(&self, features: &[usize], out: &mut [f64]) {
        let along = dot(&self.frame.roots, &self.residuals);
        vectorized(
            #[inline(always)]
            || {
                for &j in features {
                    out[j] = if self.slots[j] == NOWHERE {
                        self.product(j, &self.residuals, along)
                    } else {
                        dot(self.packed(j), &self.residuals) / self.frame.weight
                    };
                }
            },
        );
    }
}

impl InnerProducts for DataProducts {
    fn with_target(&self) -> &[f64] {
        &self.with_target
    }

    fn take_in(&mut self, j: usize) {
        if self.slots[j] == NOWHERE {
            let column = self.unit_column(j);
            self.slots[j] = (self.packed.len() / column.len()) as u32;
            self.packed.extend(column);
        }
    }

    fn gram(&self, j: usize, others: &[usize]) -> Vec<f64> {
        let (column, mut products) = (self.packed(j), vec![0.0; others.len()]);
        vectorized(
            #[inline(always)]
            || {
                for (product, &i) in products.iter_mut().zip(others) {
                    *product = dot(self.packed(i), column) / self.frame.weight;
                }
            },
        );
        products
    }

    fn gradient_of(&mut self, features: &[usize], active: &[usize], values: &[f64], out: &mut [f64]) {
        self.set_residuals(active, values);
        self.some_products(features, out);
    }

    fn left_over(&self, j: usize, active: &[usize], combination: &[f64]) -> Option<LeftOver> {
        let mut rest = self.packed(j).to_vec();
        self.subtract(&mut rest, active, combination);
        let products = active.iter().map(|&i| dot(self.packed(i), &rest) / self.frame.weight);
        Some(LeftOver { products: products.collect(), square: dot(&rest, &rest) / self.frame.weight })
    }

    fn gradient(&mut self, active: &[usize], values: &[f64], out: &mut [f64]) {
        self.set_residuals(active, values);
        self.all_products(&self.residuals, out);
    }

    fn gradient_within(&mut self, active: &[usize], values: &[f64], limit: Limit<'_>, out: &mut [f64]) -> Vec<usize> {
        self.set_residuals(active, values);
        let length = dot(&self.residuals, &self.residuals).sqrt();
        let of_active: Vec<f64> = active.iter().map(|&j| out[j]).collect();
        let distance = self.span.estimate(&self.residuals, out);
        // |z_j'r/n − estimate| ≤ ‖z_j‖ ‖δ‖ / n = ‖δ‖ / √n
        let mut open = reaching(limit, distance / self.frame.weight.sqrt() * (1.0 + 1e-9), out);
        if open.len() * FEW > out.len() && distance > RESOLVED * length {
            let direction = self.span.direction(&self.residuals);
            let mut products = vec![0.0; out.len()];
            self.all_products(&direction, &mut products);
            self.span.widen(direction, products);
            self.span.estimate(&self.residuals, out);
            open = reaching(limit, 0.0, out);
        }
        self.some_products(&open, out);
        for (&j, g) in active.iter().zip(of_active) {
            out[j] = g;
        }
        open.retain(|&j| out[j].abs() >= NEAR * limit.a1 * limit.weights[j]);
        open
    }
}

/// Features with `|g_j| + reach ≥ a1 f_j`.
fn reaching(limit: Limit<'_>, reach: f64, gradient: &[f64]) -> Vec<usize> {
    let least = limit.a1 * (1.0 - 1e-9);
    let mut features = Vec::new();
    let chunks = gradient.chunks(CHUNK).zip(limit.weights.chunks(CHUNK)).enumerate();
    vectorized(
        #[inline(always)]
        || {
            for (chunk, (gradient, weights)) in chunks {
                let reaches = |(g, f): (&f64, &f64)| g.abs() + reach >= least * f;
                // Mostly none does: counted in vectors, then looked for.
                if gradient.iter().zip(weights).map(|pair| u64::from(reaches(pair))).sum::<u64>() > 0 {
                    let of_chunk = gradient.iter().zip(weights).enumerate().filter(|(_, pair)| reaches(*pair));
                    features.extend(of_chunk.map(|(k, _)| chunk * CHUNK + k));
                }
            }
        },
    );
    features
}
