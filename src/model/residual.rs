//! Inner products from the columns themselves: for p ≫ n, where no p × p matrix is formed, and where moments are too
//! ill-conditioned. The gradient comes from the residuals, so each solve is refined by the data as it goes.

use faer::{Mat, MatMut};

use crate::model::active_set::InnerProducts;
use crate::model::cholesky::LeftOver;
use crate::model::product::{add_product, dot};

/// The training rows, held as columns of unit variance.
#[derive(Debug)]
pub(crate) struct DataProducts {
    /// Shape `(n, p + 1)`, the centred target last.
    columns: Mat<f64>,
    /// n of the objective.
    weight: f64,
    with_target: Vec<f64>,
    residuals: Vec<f64>,
}

impl DataProducts {
    /// Takes the packed columns, see [`Sample::pack_all`](crate::model::sample::Sample::pack_all), and n of the
    /// objective: the number of rows, or the sum of their case weights.
    pub(crate) fn new(columns: Mat<f64>, weight: f64) -> Self {
        let p = columns.ncols() - 1;
        let mut products = Self { residuals: Vec::new(), with_target: Vec::new(), columns, weight };
        let mut with_target = vec![0.0; p];
        products.gradient(&[], &[], &mut with_target);
        products.with_target = with_target;
        products
    }

    /// `r = y − Z_A b`
    fn set_residuals(&mut self, active: &[usize], values: &[f64]) {
        self.residuals.clear();
        self.residuals.extend_from_slice(self.columns.col_as_slice(self.columns.ncols() - 1));
        subtract(&mut self.residuals, &self.columns, active, values);
    }

    fn mean_product(&self, a: &[f64], b: &[f64]) -> f64 {
        dot(a, b) / self.weight
    }
}

impl InnerProducts for DataProducts {
    fn with_target(&self) -> &[f64] {
        &self.with_target
    }

    fn gram(&self, j: usize, others: &[usize]) -> Vec<f64> {
        let column = self.columns.col_as_slice(j);
        others.iter().map(|&i| self.mean_product(self.columns.col_as_slice(i), column)).collect()
    }

    fn gradient_of(&mut self, features: &[usize], active: &[usize], values: &[f64], out: &mut [f64]) {
        self.set_residuals(active, values);
        for &j in features {
            out[j] = self.mean_product(self.columns.col_as_slice(j), &self.residuals);
        }
    }

    fn left_over(&self, j: usize, active: &[usize], combination: &[f64]) -> Option<LeftOver> {
        let mut rest = self.columns.col_as_slice(j).to_vec();
        subtract(&mut rest, &self.columns, active, combination);
        let products = active.iter().map(|&i| self.mean_product(self.columns.col_as_slice(i), &rest));
        Some(LeftOver { products: products.collect(), square: self.mean_product(&rest, &rest) })
    }

    fn gradient(&mut self, active: &[usize], values: &[f64], out: &mut [f64]) {
        self.set_residuals(active, values);
        let (n, p) = (self.columns.nrows(), out.len());
        let residuals = faer::MatRef::from_column_major_slice(&self.residuals, n, 1);
        out.fill(0.0);
        let out = MatMut::from_column_major_slice_mut(out, p, 1);
        add_product(out, 1.0 / self.weight, self.columns.subcols(0, p).transpose(), residuals);
    }
}

/// `r − Z_A b`
fn subtract(r: &mut [f64], columns: &Mat<f64>, active: &[usize], values: &[f64]) {
    for (&i, b) in active.iter().zip(values) {
        for (r, z) in r.iter_mut().zip(columns.col_as_slice(i)) {
            *r -= b * z;
        }
    }
}
