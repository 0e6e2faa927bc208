//! The rows of a data set as every fit reads them: in blocks, shifted, and in units that keep squares finite.
//!
//! Each column is read as `z = x / unit − shift`. Squares of `z` neither overflow nor vanish for columns of
//! any scale, and a column of mean 1e6 and standard deviation 1 keeps all its digits: see [`Units`].
//!
//! With case weights `c_i`, every sum over rows is `Σ c_i …`: rows are centred at weighted means and multiplied by `√c_i`.
//! Weights are brought to mean 1 over all rows, so only their ratios count, and a weight of 2 equals the row twice.

use faer::Mat;
use ndarray::{ArrayView1, ArrayView2};
use rayon::prelude::*;

use crate::model::path::PathError;
use crate::model::product::{dot, sum, vectorized};
use crate::model::rows::Rows;
use crate::model::twice::Twice;
use crate::model::units::{ColumnUnit, Units};

/// X, the mask of its missing cells, and y. Nothing in it is NaN or infinite, missing cells aside.
#[derive(Debug, Clone)]
pub struct Sample<'a> {
    x: ArrayView2<'a, f64>,
    missing: Option<ArrayView2<'a, bool>>,
    y: ArrayView1<'a, f64>,
    units: Units,
    /// Mean 1, shape `(n,)`; `None` where all rows count alike.
    case_weights: Option<Vec<f64>>,
}

/// What is subtracted from and multiplied to each column of `z`, the target last: shape `(p + 1,)` each.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Packing {
    /// Subtracted. A missing cell is taken to hold this value.
    pub(crate) center: Vec<f64>,
    /// Multiplied after that; 0 switches a column off.
    pub(crate) factor: Vec<f64>,
}

/// What one column of `z` sums up to over some rows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct ColumnSums {
    /// Mean.
    pub(crate) mean: f64,
    /// `Σ c (z − mean)²`, `c` the case weights.
    pub(crate) squares: f64,
}

impl<'a> Sample<'a> {
    /// Takes in X of shape `(n_samples, n_features)`, where cells are missing, and y of shape `(n_samples,)`.
    ///
    /// # Errors
    /// [`PathError::NotFinite`] for a NaN or infinity outside of missing cells; [`PathError::ExtremeTarget`] if y
    /// cannot be squared; [`PathError::Shape`] if the lengths differ; [`PathError::Empty`] without rows.
    pub fn new(
        x: ArrayView2<'a, f64>,
        missing: Option<ArrayView2<'a, bool>>,
        y: ArrayView1<'a, f64>,
    ) -> Result<Self, PathError> {
        if x.nrows() != y.len() || missing.is_some_and(|m| m.dim() != x.dim()) {
            return Err(PathError::Shape { records: x.nrows(), targets: y.len() });
        }
        if y.is_empty() {
            return Err(PathError::Empty);
        }
        let units = Units::of(x, missing, y)?;
        Ok(Self { x, missing, y, units, case_weights: None })
    }

    /// Complete rows in units that are known already; case weights count as they are.
    pub(crate) fn in_units(
        x: ArrayView2<'a, f64>,
        y: ArrayView1<'a, f64>,
        case_weights: Option<&[f64]>,
        units: Units,
    ) -> Self {
        Self { x, missing: None, y, units, case_weights: case_weights.map(<[f64]>::to_vec) }
    }

    /// The same rows, read in other units.
    #[must_use]
    pub(crate) fn with_units(self, units: Units) -> Self {
        Self { units, ..self }
    }

    /// Lets row `i` count `weights[i]` times; only ratios matter. Shape `(n_samples,)`.
    ///
    /// # Errors
    /// [`PathError::CaseWeight`] for a weight that is not finite and above 0; [`PathError::Shape`] for another length.
    pub fn weighted(mut self, weights: &[f64]) -> Result<Self, PathError> {
        if weights.len() != self.y.len() {
            return Err(PathError::Shape { records: self.y.len(), targets: weights.len() });
        }
        if let Some(row) = weights.iter().position(|w| !w.is_finite() || *w <= 0.0) {
            return Err(PathError::CaseWeight { row });
        }
        // Divided by the largest first: sums of huge weights overflow.
        let largest = weights.iter().fold(0.0, |m: f64, w| m.max(*w));
        let mean = weights.iter().map(|w| w / largest).sum::<f64>() / weights.len() as f64;
        let of_mean_1: Vec<f64> = weights.iter().map(|w| w / largest / mean).collect();
        if let Some(row) = of_mean_1.iter().position(|w| *w < f64::MIN_POSITIVE) {
            return Err(PathError::CaseWeight { row });
        }
        self.case_weights = Some(of_mean_1);
        Ok(self)
    }

    /// Number of rows.
    pub fn n_samples(&self) -> usize {
        self.y.len()
    }

    /// Number of columns of X.
    pub fn n_features(&self) -> usize {
        self.units.n_features()
    }

    /// `Σ c_i` over `rows`: their number without case weights.
    pub(crate) fn weight_of(&self, rows: Rows<'_>) -> f64 {
        match &self.case_weights {
            None => rows.len() as f64,
            Some(weights) => (0..rows.len()).map(|r| weights[rows.row(r)]).sum(),
        }
    }

    /// Case weights of `rows` in order; `None` where all count alike.
    pub(crate) fn case_weights_of(&self, rows: Rows<'_>) -> Option<Vec<f64>> {
        let weights = self.case_weights.as_ref()?;
        Some((0..rows.len()).map(|r| weights[rows.row(r)]).collect())
    }

    /// All rows.
    pub(crate) fn all(&self) -> Rows<'static> {
        Rows::Range(0, self.n_samples())
    }

    /// Whether a cell may be missing.
    pub(crate) fn has_missing(&self) -> bool {
        self.missing.is_some()
    }

    /// How its columns are read.
    pub fn units(&self) -> &Units {
        &self.units
    }

    /// Mean of `z` over `rows` and sum of squares about it, for each column and the target: shape `(p + 1,)`.
    ///
    /// Missing cells do not count, which equals putting the mean in.
    pub(crate) fn column_sums(&self, rows: Rows<'_>) -> Vec<ColumnSums> {
        (0..=self.n_features()).into_par_iter().map(|j| self.sums_of_column(rows, j)).collect()
    }

    fn sums_of_column(&self, rows: Rows<'_>, j: usize) -> ColumnSums {
        let mut z = vec![0.0; rows.len()];
        self.pack_column(rows, j, 0.0, 1.0, &mut z);
        let mut weights = self.case_weights_of(rows);
        if j < self.n_features() && self.has_missing() {
            let is_present: Vec<bool> = (0..rows.len()).map(|r| !self.is_missing(rows.row(r), j)).collect();
            keep(&mut z, &is_present);
            if let Some(weights) = &mut weights {
                keep(weights, &is_present);
            }
        }
        let weights = weights.as_deref();
        let rough = mean(&z, weights);
        for z in &mut z {
            *z -= rough;
        }
        // The second pass takes away the rounding of the first.
        let rest = mean(&z, weights);
        let squares = match weights {
            None => z.iter().map(|z| (z - rest).powi(2)).sum(),
            Some(weights) => z.iter().zip(weights).map(|(z, c)| c * (z - rest).powi(2)).sum(),
        };
        ColumnSums { mean: rough + rest, squares }
    }

    /// As [`Sample::pack`], each row multiplied by the root of its case weight.
    pub(crate) fn pack_weighted(&self, rows: Rows<'_>, packing: &Packing, out: &mut Mat<f64>) {
        self.pack(rows, packing, out);
        if let Some(roots) = self.roots_of(rows) {
            for j in 0..=self.n_features() {
                scale(&mut out.col_as_slice_mut(j)[..rows.len()], &roots);
            }
        }
    }

    /// `√c_i` of `rows`; `None` where all count alike.
    fn roots_of(&self, rows: Rows<'_>) -> Option<Vec<f64>> {
        self.case_weights_of(rows).map(|weights| weights.into_iter().map(f64::sqrt).collect())
    }

    /// Writes `(z − center) · factor` of `rows` into the first rows of `out`, shape `(≥ rows, p + 1)`, the target last.
    pub(crate) fn pack(&self, rows: Rows<'_>, packing: &Packing, out: &mut Mat<f64>) {
        for j in 0..=self.n_features() {
            self.pack_column(rows, j, packing.center[j], packing.factor[j], &mut out.col_as_slice_mut(j)[..rows.len()]);
        }
    }

    /// What complete `rows` leave over, `r = y − intercept − X coefficients` in the user's units, with twice the digits:
    /// `Σ c r (x_j − center_j)` of each column, shape `(p,)`, `Σ c r`, and `Σ c r²`.
    pub(crate) fn precise_pulls(
        &self,
        rows: Rows<'_>,
        (coefficients, intercept): (&[f64], f64),
        centers: &[f64],
    ) -> (Vec<f64>, f64, f64) {
        let weights = self.case_weights_of(rows);
        let mut pulls = vec![Twice::default(); coefficients.len()];
        let (mut sum, mut squares) = (Twice::default(), 0.0);
        for r in 0..rows.len() {
            let (row, c) = (self.x.row(rows.row(r)), weights.as_ref().map_or(1.0, |weights| weights[r]));
            let start = Twice::default().add(self.y[rows.row(r)]).add(-intercept);
            let residual = row.iter().zip(coefficients).fold(start, |sum, (x, b)| sum.add_product(-x, *b));
            let (high, low) = residual.parts();
            for (pull, x) in pulls.iter_mut().zip(row) {
                *pull = pull.add_product(c * high, *x).add_product(c * low, *x);
            }
            sum = sum.add(c * high).add(c * low);
            squares += c * high * high;
        }
        let centred =
            pulls.into_iter().zip(centers).map(|(pull, center)| pull.add_product(-center, sum.value()).value());
        (centred.collect(), sum.value(), squares)
    }

    /// Writes `z` of `rows`, centred by [`center`], into the first rows of `out`, and gives the means; a missing cell is
    /// taken to hold `origin`, from which the means count.
    pub(crate) fn pack_centered(
        &self,
        rows: Rows<'_>,
        origin: &[f64],
        case_weights: Option<&[f64]>,
        out: &mut Mat<f64>,
    ) -> Vec<f64> {
        let of_column = |(j, origin): (usize, &f64)| {
            let column = &mut out.col_as_slice_mut(j)[..rows.len()];
            self.pack_column(rows, j, *origin, 1.0, column);
            center(column, case_weights)
        };
        origin.iter().enumerate().map(of_column).collect()
    }

    /// As [`Sample::pack_weighted`] into a matrix of its own, in parallel over columns.
    pub(crate) fn pack_all(&self, rows: Rows<'_>, packing: &Packing) -> Mat<f64> {
        let mut out = Mat::zeros(rows.len(), self.n_features() + 1);
        let roots = self.roots_of(rows);
        out.par_col_iter_mut().enumerate().for_each(|(j, column)| {
            if let Some(column) = column.try_as_col_major_mut() {
                let column = column.as_slice_mut();
                self.pack_column(rows, j, packing.center[j], packing.factor[j], column);
                if let Some(roots) = &roots {
                    scale(column, roots);
                }
            }
        });
        out
    }

    /// Column `j` of X in the user's units, where its values lie together.
    pub(crate) fn column(&self, j: usize) -> Option<&[f64]> {
        self.x.column(j).to_slice()
    }

    /// As [`Sample::pack`] for column `j` alone, the target's for `j = p`.
    pub(crate) fn pack_column(&self, rows: Rows<'_>, j: usize, center: f64, factor: f64, out: &mut [f64]) {
        let ColumnUnit { reciprocal, shift } = self.units.unit(j);
        let packed = |x: f64| ((x * reciprocal - shift) - center) * factor;
        let column = if j < self.n_features() { self.x.column(j) } else { self.y.view() };
        match (rows, column.as_slice()) {
            (Rows::Range(from, to), Some(column)) => vectorized(
                #[inline(always)]
                || out.iter_mut().zip(&column[from..to]).for_each(|(out, &x)| *out = packed(x)),
            ),
            (Rows::List(list), Some(column)) => vectorized(
                #[inline(always)]
                || out.iter_mut().zip(list).for_each(|(out, &i)| *out = packed(column[i])),
            ),
            (_, None) => {
                for (r, out) in out.iter_mut().enumerate() {
                    *out = packed(column[rows.row(r)]);
                }
            }
        }
        if j < self.n_features() && self.has_missing() {
            for (r, out) in out.iter_mut().enumerate() {
                if self.is_missing(rows.row(r), j) {
                    *out = 0.0;
                }
            }
        }
    }

    fn is_missing(&self, i: usize, j: usize) -> bool {
        self.missing.is_some_and(|m| m[[i, j]])
    }
}

/// `Σ c z / Σ c`, the plain mean without weights; 0 of nothing.
fn mean(z: &[f64], weights: Option<&[f64]>) -> f64 {
    match weights {
        None => z.iter().sum::<f64>() / z.len().max(1) as f64,
        Some(_) if z.is_empty() => 0.0,
        Some(weights) => z.iter().zip(weights).map(|(z, c)| z * c).sum::<f64>() / weights.iter().sum::<f64>(),
    }
}

/// Centres a column, multiplies rows by the roots of their case weights, and gives the mean.
pub(crate) fn center(column: &mut [f64], case_weights: Option<&[f64]>) -> f64 {
    vectorized(
        #[inline(always)]
        || {
            let weight = case_weights.map_or(column.len() as f64, sum);
            let mean = |z: &[f64]| case_weights.map_or_else(|| sum(z), |weights| dot(z, weights)) / weight;
            let rough = mean(column);
            for z in &mut *column {
                *z -= rough;
            }
            // What rounding left of the mean counts in the mean; its square in the products is below their rounding.
            let rest = mean(column);
            if let Some(weights) = case_weights {
                column.iter_mut().zip(weights).for_each(|(z, c)| *z *= c.sqrt());
            }
            rough + rest
        },
    )
}

/// Multiplies element by element.
fn scale(values: &mut [f64], factors: &[f64]) {
    for (value, factor) in values.iter_mut().zip(factors) {
        *value *= factor;
    }
}

/// Keeps the elements that are marked.
fn keep(values: &mut Vec<f64>, marks: &[bool]) {
    let mut marks = marks.iter();
    values.retain(|_| marks.next() == Some(&true));
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "exact by construction")]

    use super::*;
    use ndarray::{Array1, Array2, array};

    #[test]
    fn a_missing_cell_takes_the_centre() {
        let x = array![[1.0], [0.0], [3.0], [5.0]];
        let missing = array![[false], [true], [false], [false]];
        let y = array![1.0, 2.0, 3.0, 4.0];
        let sample = Sample::new(x.view(), Some(missing.view()), y.view()).unwrap();
        let sums = sample.column_sums(sample.all());
        let packing = Packing { center: sums.iter().map(|s| s.mean).collect(), factor: vec![1.0; 2] };
        let packed = sample.pack_all(sample.all(), &packing);
        assert_eq!(packed[(1, 0)], 0.0);
        let (unit, mean) = (sample.units().unit(0), sums[0].mean);
        assert!(((mean + unit.shift) / unit.reciprocal - 3.0).abs() < 1e-15);
    }

    #[test]
    fn nan_infinity_and_extreme_targets_are_refused() {
        let y = array![1.0, 2.0];
        let x = array![[1.0], [f64::NAN]];
        assert_eq!(Sample::new(x.view(), None, y.view()).unwrap_err(), PathError::NotFinite { row: 1 });
        let x = array![[1.0], [2.0]];
        for bad in [f64::INFINITY, f64::NAN] {
            assert_eq!(
                Sample::new(x.view(), None, array![bad, 1.0].view()).unwrap_err(),
                PathError::NotFinite { row: 0 }
            );
        }
        assert!(matches!(Sample::new(x.view(), None, array![1e200, 1.0].view()), Err(PathError::ExtremeTarget { .. })));
        assert!(matches!(Sample::new(x.view(), None, array![1.0].view()), Err(PathError::Shape { .. })));
        let (x, y) = (Array2::<f64>::zeros((0, 1)), Array1::<f64>::zeros(0));
        assert!(matches!(Sample::new(x.view(), None, y.view()), Err(PathError::Empty)));
    }
}
