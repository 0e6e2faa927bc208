//! Ridge at every alpha from one singular value decomposition.
//!
//! With `X = U D V'` of the centred, scaled columns, `w = V (D² + n·alpha)⁻¹ D U'y`. The decomposition is of `R` from
//! `X = QR` where n > p (same `D` and `V`, and `U'y = U_R' Q'y`), else of X itself; never of `X'X`, whose eigenvalues
//! lose half of the digits: unless those are so close together that none is lost, see [`Spectrum::of_moments`].

use faer::Mat;

use crate::model::decompose::{ThinSvd, symmetric_eigen, thin_svd};
use crate::model::moments::Moments;
use crate::model::path::PathError;
use crate::model::product::{add_product, dot};
use crate::model::sample::Packing;
use crate::model::training::{Summary, Training, origin, triangle_pays};
use crate::model::triangle::Triangle;

/// Shares of the rank that the degrees of freedom of the default grid run through, from largest alpha to smallest.
const GRID_ENDS: (f64, f64) = (0.01, 0.99999);

/// Share of the largest eigenvalue of `X'X` above which all must lie for its eigenvalues to be taken.
pub(crate) const CLOSE_TOGETHER: f64 = 1e-4;

/// The part of the SVD of `X` that counts: singular values above rounding.
#[derive(Debug, Clone)]
pub(crate) struct Spectrum {
    /// n of the objective: the number of rows, or the sum of their case weights.
    weight: f64,
    /// Singular values, descending, shape `(rank,)`.
    pub(crate) d: Vec<f64>,
    /// Right singular vectors, shape `(p, rank)`.
    pub(crate) v: Mat<f64>,
    /// `U'y`, shape `(rank,)`.
    pub(crate) target: Vec<f64>,
}

impl Spectrum {
    /// Of the training rows.
    ///
    /// # Errors
    /// [`PathError::Decomposition`] if the iteration does not end.
    pub(crate) fn of(training: &Training<'_, '_>) -> Result<Self, PathError> {
        let packing = training.frame.objective(training.units);
        let (n, weight) = (training.n_rows, training.weight);
        let of_triangle = |triangle: &Triangle| {
            let reduced = triangle.reduced(&packing.factor);
            let svd = thin_svd(reduced.r.as_ref()).ok_or(PathError::Decomposition)?;
            Ok(Self::new(svd, &reduced.q, n, weight))
        };
        let data = match (&training.summary, &training.data) {
            (Summary::Triangle(triangle), _) => return of_triangle(triangle),
            (Summary::Moments(moments), data) => {
                let share = if data.is_some() { CLOSE_TOGETHER } else { 0.0 };
                match (Self::of_moments(moments, &packing, share), data) {
                    (Some(spectrum), _) => return Ok(spectrum),
                    (None, Some(data)) if triangle_pays(n, training.n_features()) => {
                        let origin = origin(data.sample, data.rows);
                        return of_triangle(&Triangle::of(data.sample, data.rows, &origin));
                    }
                    (None, Some(data)) => data,
                    (None, None) => return Err(PathError::Decomposition),
                }
            }
            (Summary::Rows, Some(data)) => data,
            (Summary::Rows, None) => return Err(PathError::NoRows),
        };
        let columns = data.sample.pack_all(data.rows, &packing);
        let p = columns.ncols() - 1;
        let svd = thin_svd(columns.subcols(0, p)).ok_or(PathError::Decomposition)?;
        Ok(Self::new(svd, columns.col_as_slice(p), n, weight))
    }

    /// From the eigenvalues of `X'X`, where the smallest is above this share of the largest: with 1e-4, rounding is 1e-12
    /// of each. `None` where it is not. With a share of 0, those that rounding has made up are left out.
    pub(crate) fn of_moments(moments: &Moments, packing: &Packing, share: f64) -> Option<Self> {
        let p = packing.factor.len() - 1;
        let varying: Vec<usize> = (0..p).filter(|j| packing.factor[*j] != 0.0).collect();
        let n = moments.weight();
        let product = |i: usize, j: usize| moments.product(i, j) * packing.factor[i] * packing.factor[j] / n;
        let gram = Mat::from_fn(varying.len(), varying.len(), |i, j| product(varying[i], varying[j]));
        let (values, vectors) = symmetric_eigen(gram.as_ref())?;
        let (largest, smallest) = (values.first().copied().unwrap_or(0.0), values.last().copied().unwrap_or(0.0));
        if share > 0.0 && (smallest <= share * largest || varying.len() >= moments.n_rows()) {
            return None;
        }
        let least = largest * varying.len() as f64 * f64::EPSILON;
        let values: Vec<f64> = values.into_iter().take_while(|value| *value > least).collect();
        // d² = n λ,  U'y = D⁻¹ V'X'y
        let d: Vec<f64> = values.iter().map(|value| (n * value).sqrt()).collect();
        let with_target: Vec<f64> = varying.iter().map(|&j| moments.product(p, j) * packing.factor[j]).collect();
        let target = d.iter().enumerate().map(|(k, d)| dot(vectors.col_as_slice(k), &with_target) / d).collect();
        let mut v = Mat::zeros(p, d.len());
        for (row, &j) in varying.iter().enumerate() {
            for k in 0..d.len() {
                v[(j, k)] = vectors[(row, k)];
            }
        }
        Some(Self { weight: n, d, v, target })
    }

    /// Keeps what rises above rounding: `d > d_1 · max(n, p) · eps`.
    fn new(svd: ThinSvd, y: &[f64], n_samples: usize, weight: f64) -> Self {
        let largest = svd.d.first().copied().unwrap_or(0.0);
        let least = largest * n_samples.max(svd.v.nrows()) as f64 * f64::EPSILON;
        let rank = svd.d.iter().take_while(|d| **d > least).count();
        let target = (0..rank).map(|k| svd.u.col_as_slice(k).iter().zip(y).map(|(u, y)| u * y).sum()).collect();
        let mut v = svd.v;
        v.truncate(v.nrows(), rank);
        Self { weight, d: svd.d[..rank].to_vec(), v, target }
    }

    /// Number of linearly independent columns.
    pub(crate) fn rank(&self) -> usize {
        self.d.len()
    }

    /// `Σ d² / (d² + n·alpha)`
    pub(crate) fn degrees_of_freedom(&self, alpha: f64) -> f64 {
        (0..self.rank()).map(|k| self.shrinkage(k, alpha)).sum()
    }

    /// `d² / (d² + n·alpha)`, between 0 and 1, safe for columns of any scale.
    pub(crate) fn shrinkage(&self, k: usize, alpha: f64) -> f64 {
        1.0 / (1.0 + self.penalty_share(k, alpha))
    }

    /// `n·alpha / d²`
    pub(crate) fn penalty_share(&self, k: usize, alpha: f64) -> f64 {
        alpha / self.d[k] * (self.weight / self.d[k])
    }

    /// `w` at every alpha, shape `(p, n_alphas)`: one matrix product.
    pub(crate) fn solutions(&self, alphas: &[f64]) -> Mat<f64> {
        // (D² + n·alpha)⁻¹ D U'y
        let shrunk =
            Mat::from_fn(self.rank(), alphas.len(), |k, a| self.target[k] / self.d[k] * self.shrinkage(k, alphas[a]));
        let mut solutions = Mat::zeros(self.v.nrows(), alphas.len());
        add_product(solutions.as_mut(), 1.0, self.v.as_ref(), shrunk.as_ref());
        solutions
    }

    /// `(X'X/n + alpha)⁻¹ rho` for `rho` among the rows of X.
    pub(crate) fn solve(&self, rho: &[f64], alpha: f64) -> Vec<f64> {
        let mut solution = vec![0.0; rho.len()];
        for (k, d) in self.d.iter().enumerate() {
            let direction = self.v.col_as_slice(k);
            let along = dot(direction, rho);
            let step = along / (d / self.weight * d + alpha);
            for (w, v) in solution.iter_mut().zip(direction) {
                *w += v * step;
            }
        }
        solution
    }

    /// The alpha with 1 % of the rank as degrees of freedom, and the one with 99.999 %; `None` if no column varies.
    pub(crate) fn alpha_range(&self) -> Option<(f64, f64)> {
        let rank = self.rank() as f64;
        let largest = *self.d.first()?;
        let smallest = *self.d.last()?;
        let n = self.weight;
        let at = |share: f64| {
            // With one singular value d for all, df = rank · share at alpha = d²/n · (1/share − 1).
            let of = |d: f64| 2.0 * d.ln() - n.ln() + (1.0 / share - 1.0).ln();
            let (mut low, mut high) = (of(smallest) - 1e-9, of(largest) + 1e-9);
            for _ in 0..200 {
                let middle = f64::midpoint(low, high);
                if self.degrees_of_freedom(middle.exp()) > share * rank {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            f64::midpoint(low, high).exp()
        };
        Some((at(GRID_ENDS.0), at(GRID_ENDS.1)))
    }
}
