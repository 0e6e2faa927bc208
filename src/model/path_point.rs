//! One fit of a path: all that is asked of it, without the position that it has there.

use ndarray::ArrayView1;

use crate::model::path::RegularizationPath;

/// The fit at one alpha of a path.
#[derive(Debug, Clone, Copy)]
pub struct PathPoint<'p> {
    path: &'p RegularizationPath,
    k: usize,
}

impl RegularizationPath {
    /// The fit at position `k` of the alphas.
    pub fn point(&self, k: usize) -> PathPoint<'_> {
        PathPoint { path: self, k }
    }
}

impl<'p> PathPoint<'p> {
    /// The path it belongs to; where it was solved between the alphas of a grid, a path of its own.
    pub fn path(&self) -> &'p RegularizationPath {
        self.path
    }

    /// Strength of the penalty.
    pub fn alpha(&self) -> f64 {
        self.path.alphas()[self.k]
    }

    /// See [`RegularizationPath::solution`].
    pub fn solution(&self) -> ArrayView1<'p, f64> {
        self.path.solution(self.k)
    }

    /// See [`RegularizationPath::gradient`].
    pub fn gradient(&self) -> ArrayView1<'p, f64> {
        self.path.gradient(self.k)
    }

    /// See [`RegularizationPath::coefficient`].
    pub fn coefficient(&self, j: usize) -> f64 {
        self.path.coefficient(self.k, j)
    }

    /// See [`RegularizationPath::coefficient_per_sd`].
    pub fn coefficient_per_sd(&self, j: usize) -> f64 {
        self.path.coefficient_per_sd(self.k, j)
    }

    /// See [`RegularizationPath::intercept`].
    pub fn intercept(&self) -> f64 {
        self.path.intercept(self.k)
    }

    /// See [`RegularizationPath::n_nonzero`].
    pub fn n_nonzero(&self) -> usize {
        self.path.n_nonzero(self.k)
    }

    /// See [`RegularizationPath::degrees_of_freedom`].
    pub fn degrees_of_freedom(&self) -> f64 {
        self.path.degrees_of_freedom(self.k)
    }

    /// See [`RegularizationPath::residual_sum`].
    pub fn residual_sum(&self) -> f64 {
        self.path.residual_sum(self.k)
    }

    /// See [`RegularizationPath::r_squared`].
    pub fn r_squared(&self) -> f64 {
        self.path.r_squared(self.k)
    }

    /// See [`RegularizationPath::duality_gap`].
    pub fn duality_gap(&self) -> Option<f64> {
        self.path.duality_gap(self.k)
    }

    /// See [`RegularizationPath::kkt`].
    pub fn kkt(&self) -> f64 {
        self.path.kkt(self.k)
    }

    /// See [`RegularizationPath::is_measured_on_rows`].
    pub fn is_measured_on_rows(&self) -> bool {
        self.path.is_measured_on_rows(self.k)
    }

    /// See [`RegularizationPath::is_certified`].
    pub fn is_certified(&self) -> bool {
        self.path.is_certified(self.k)
    }
}
