//! Gradients of residuals that lie near former ones, without a pass over the data.
//!
//! Along a path the residuals turn slowly. With an orthonormal basis `E` of some former residuals and the products
//! `Γ = Z'E/n`, the residuals `r = E c + δ` have the gradient `Γ c + Z'δ/n`, and by Cauchy and Schwarz
//! `|z_j'δ| ≤ ‖z_j‖ ‖δ‖`. A feature whose gradient is thereby below the penalty cannot enter: the idea of safe screening
//! (El Ghaoui, Viallon, Rabbani 2012, Pac. J. Optim. 8; Ndiaye, Fercoq, Gramfort, Salmon 2017, JMLR 18) with the sphere
//! around the nearest point of a subspace. Only the others are looked at, and a pass over X is made when they are many.

use faer::MatRef;

use crate::model::product::{dot, subtract_columns};

/// Most directions kept: more cost as much as a pass.
const MOST: usize = 24;

/// Former residuals with their products.
#[derive(Debug, Default)]
pub(crate) struct Span {
    /// `E`, one direction after the other, `n` each.
    basis: Vec<f64>,
    /// `Γ`, one direction after the other, `p` each.
    products: Vec<f64>,
    len: usize,
}

impl Span {
    /// Forgets all but the direction of `residuals`, whose products are given.
    pub(crate) fn restart(&mut self, residuals: &[f64], products: &[f64]) {
        let length = dot(residuals, residuals).sqrt();
        self.len = 0;
        self.basis.clear();
        self.products.clear();
        if length > 0.0 {
            self.basis.extend(residuals.iter().map(|r| r / length));
            self.products.extend(products.iter().map(|g| g / length));
            self.len = 1;
        }
    }

    /// `(c, δ)`: twice is enough (Kahan; Parlett 1998, 6.9).
    fn split(&self, residuals: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (n, mut rest) = (residuals.len(), residuals.to_vec());
        let mut coordinates = vec![0.0; self.len];
        for _ in 0..2 {
            for (c, e) in coordinates.iter_mut().zip(self.basis.chunks_exact(n)) {
                let along = dot(e, &rest);
                *c += along;
                for (rest, e) in rest.iter_mut().zip(e) {
                    *rest -= along * e;
                }
            }
        }
        (coordinates, rest)
    }

    /// Writes `Γ c` into `out`, shape `(p,)`, and gives `‖δ‖`.
    pub(crate) fn estimate(&self, residuals: &[f64], out: &mut [f64]) -> f64 {
        let (coordinates, rest) = self.split(residuals);
        out.fill(0.0);
        let negative: Vec<f64> = coordinates.iter().map(|c| -c).collect();
        let which: Vec<usize> = (0..self.len).collect();
        subtract_columns(out, MatRef::from_column_major_slice(&self.products, out.len(), self.len), &which, &negative);
        dot(&rest, &rest).sqrt()
    }

    /// The direction to take in next so that it holds `residuals`; forgets the others where they are too many.
    pub(crate) fn direction(&mut self, residuals: &[f64]) -> Vec<f64> {
        if self.len == MOST {
            self.restart(&[], &[]);
        }
        let (_, mut rest) = self.split(residuals);
        let length = dot(&rest, &rest).sqrt();
        for rest in &mut rest {
            *rest /= length;
        }
        rest
    }

    /// Takes in a direction with its products.
    pub(crate) fn widen(&mut self, direction: Vec<f64>, products: Vec<f64>) {
        self.basis.extend(direction);
        self.products.extend(products);
        self.len += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns `z_j` of a fixed 9 × 5 matrix.
    fn z(i: usize, j: usize) -> f64 {
        ((i * 7 + j * 5 + i * i * j) % 11) as f64 - 5.0
    }

    fn products(r: &[f64]) -> Vec<f64> {
        (0..5).map(|j| r.iter().enumerate().map(|(i, r)| z(i, j) * r).sum()).collect()
    }

    #[test]
    fn the_estimate_is_within_its_bound_and_exact_on_the_span() {
        let residuals = |t: f64| -> Vec<f64> { (0..9).map(|i| (t * f64::from(i)).cos() + t).collect() };
        let mut span = Span::default();
        span.restart(&residuals(1.0), &products(&residuals(1.0)));
        for t in [0.9, 0.8, 0.7] {
            let (r, mut estimate) = (residuals(t), vec![0.0; 5]);
            let distance = span.estimate(&r, &mut estimate);
            for (j, (g, e)) in products(&r).iter().zip(&estimate).enumerate() {
                let length = (0..9).map(|i| z(i, j).powi(2)).sum::<f64>().sqrt();
                assert!((g - e).abs() <= length * distance * (1.0 + 1e-12));
            }
            let direction = span.direction(&r);
            let of_direction = products(&direction);
            span.widen(direction, of_direction);
            let distance = span.estimate(&r, &mut estimate);
            assert!(distance < 1e-14);
            assert!(products(&r).iter().zip(&estimate).all(|(g, e)| (g - e).abs() < 1e-12));
        }
    }
}
