//! The rows of a data set as every fit reads them: in blocks, shifted, and in units that keep squares finite.
//!
//! Each column is read as `z = x / unit − shift`, where `unit` is a power of two (so that dividing is exact) near the
//! largest magnitude and `shift` a median of a few rows. Squares of `z` neither overflow nor vanish for columns of
//! any scale, and a column of mean 1e6 and standard deviation 1 keeps all its digits.
//! The target is shifted, but keeps its unit.
//!
//! With case weights `c_i`, every sum over rows is `Σ c_i …`: rows are centred at weighted means and multiplied by `√c_i`.
//! Weights are brought to mean 1 over all rows, so only their ratios count, and a weight of 2 equals the row twice.

use faer::Mat;
use ndarray::{ArrayView1, ArrayView2};
use rayon::prelude::*;

use crate::model::path::PathError;
use crate::model::rows::Rows;

/// Largest and smallest magnitude of a target whose squares can be summed and reported.
const TARGET_RANGE: std::ops::Range<f64> = 1e-140..1e140;

/// X, the mask of its missing cells, and y. Nothing in it is NaN or infinite, missing cells aside.
#[derive(Debug, Clone)]
pub struct Sample<'a> {
    x: ArrayView2<'a, f64>,
    missing: Option<ArrayView2<'a, bool>>,
    y: ArrayView1<'a, f64>,
    columns: Vec<ColumnUnit>,
    target_shift: f64,
    /// Mean 1, shape `(n,)`; `None` where all rows count alike.
    case_weights: Option<Vec<f64>>,
}

/// `z = x · reciprocal − shift`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ColumnUnit {
    /// A power of two.
    pub(crate) reciprocal: f64,
    /// In the scaled column.
    pub(crate) shift: f64,
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

impl Packing {
    /// Only subtracts `center`.
    pub(crate) fn around(center: Vec<f64>) -> Self {
        Self { factor: vec![1.0; center.len()], center }
    }
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
        if let Some(row) = y.iter().position(|v| !v.is_finite()) {
            return Err(PathError::NotFinite { row });
        }
        let largest = y.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
        if largest != 0.0 && !TARGET_RANGE.contains(&largest) {
            return Err(PathError::ExtremeTarget { largest });
        }
        let columns: Result<Vec<_>, _> = (0..x.ncols()).into_par_iter().map(|j| column_unit(x, missing, j)).collect();
        let target_shift = median_of_few(y.len(), |i| Some(y[i]));
        Ok(Self { x, missing, y, columns: columns?, target_shift, case_weights: None })
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
        self.columns.len()
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

    /// Unit and shift of column `j` of X; the target's for `j = p`.
    pub(crate) fn unit(&self, j: usize) -> ColumnUnit {
        self.columns.get(j).copied().unwrap_or(ColumnUnit { reciprocal: 1.0, shift: self.target_shift })
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

    /// As [`Sample::pack`] for column `j` alone, the target's for `j = p`.
    pub(crate) fn pack_column(&self, rows: Rows<'_>, j: usize, center: f64, factor: f64, out: &mut [f64]) {
        let ColumnUnit { reciprocal, shift } = self.unit(j);
        let packed = |x: f64| ((x * reciprocal - shift) - center) * factor;
        let column = if j < self.n_features() { self.x.column(j) } else { self.y.view() };
        match (rows, column.as_slice()) {
            (Rows::Range(from, to), Some(column)) => {
                for (out, &x) in out.iter_mut().zip(&column[from..to]) {
                    *out = packed(x);
                }
            }
            (Rows::List(list), Some(column)) => {
                for (out, &i) in out.iter_mut().zip(list) {
                    *out = packed(column[i]);
                }
            }
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

/// Multiplies element by element.
pub(crate) fn scale(values: &mut [f64], factors: &[f64]) {
    for (value, factor) in values.iter_mut().zip(factors) {
        *value *= factor;
    }
}

/// Keeps the elements that are marked.
fn keep(values: &mut Vec<f64>, marks: &[bool]) {
    let mut marks = marks.iter();
    values.retain(|_| marks.next() == Some(&true));
}

/// The largest magnitude sets the unit, a median of a few rows the shift.
fn column_unit(
    x: ArrayView2<'_, f64>,
    missing: Option<ArrayView2<'_, bool>>,
    j: usize,
) -> Result<ColumnUnit, PathError> {
    let is_missing = |i: usize| missing.is_some_and(|m| m[[i, j]]);
    let mut largest = 0.0_f64;
    for (row, value) in x.column(j).iter().enumerate() {
        if value.abs() > largest || !value.is_finite() {
            if is_missing(row) {
                continue;
            }
            if !value.is_finite() {
                return Err(PathError::NotFinite { row });
            }
            largest = value.abs();
        }
    }
    let reciprocal = power_of_two_below_reciprocal(largest);
    let shift = median_of_few(x.nrows(), |i| if is_missing(i) { None } else { Some(x[[i, j]] * reciprocal) });
    Ok(ColumnUnit { reciprocal, shift })
}

/// The power of two that brings `largest` into [1/2, 1), within the range of doubles; 1 for 0.
fn power_of_two_below_reciprocal(largest: f64) -> f64 {
    if largest == 0.0 {
        return 1.0;
    }
    // log2 may be off by one unit in the last place: then `largest` comes into [1/2, 2) all the same.
    let exponent = -(largest.log2().floor() + 1.0);
    2.0_f64.powi(exponent.clamp(-1022.0, 1023.0) as i32)
}

/// Median of at most nine values spread evenly over `n` rows; 0 if none of them is there.
fn median_of_few(n: usize, value: impl Fn(usize) -> Option<f64>) -> f64 {
    let mut few: Vec<f64> = (0..9).filter_map(|k| value((2 * k + 1) * n / 18)).collect();
    few.sort_by(f64::total_cmp);
    few.get(few.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "exact by construction")]

    use super::*;
    use ndarray::{Array1, Array2, array};

    #[test]
    fn units_are_powers_of_two_that_keep_squares_finite() {
        for largest in [1e-320, 1e-300, 1e-5, 1.0, 3.0, 1e160, 1.7e308] {
            let reciprocal = power_of_two_below_reciprocal(largest);
            assert_eq!(reciprocal.log2().fract(), 0.0);
            assert!((largest * reciprocal).is_finite() && largest * reciprocal <= 4.0);
            assert!(largest < 1e-300 || largest * reciprocal >= 0.25);
        }
    }

    #[test]
    fn a_missing_cell_takes_the_centre() {
        let x = array![[1.0], [0.0], [3.0], [5.0]];
        let missing = array![[false], [true], [false], [false]];
        let y = array![1.0, 2.0, 3.0, 4.0];
        let sample = Sample::new(x.view(), Some(missing.view()), y.view()).unwrap();
        let sums = sample.column_sums(sample.all());
        let packing = Packing::around(sums.iter().map(|s| s.mean).collect());
        let packed = sample.pack_all(sample.all(), &packing);
        assert_eq!(packed[(1, 0)], 0.0);
        let (unit, mean) = (sample.unit(0), sums[0].mean);
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
