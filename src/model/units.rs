//! How columns are read so that their squares neither overflow nor vanish: `z = x / unit − shift`.
//!
//! The unit is a power of two near the largest magnitude, so that dividing is exact; the shift is a median of a few rows.
//! The target is shifted, but keeps its unit.

use ndarray::{ArrayView1, ArrayView2};
use rayon::prelude::*;

use crate::model::path::PathError;
use crate::model::product::vectorized;

/// Largest and smallest magnitude of a target whose squares can be summed and reported.
const TARGET_RANGE: std::ops::Range<f64> = 1e-140..1e140;

/// Cells that are looked at by one thread.
const SMALL: usize = 1 << 15;

/// `z = x · reciprocal − shift`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ColumnUnit {
    /// A power of two.
    pub(crate) reciprocal: f64,
    /// In the scaled column.
    pub(crate) shift: f64,
}

/// Unit and shift of each column of X, and of the target.
#[derive(Debug, Clone, PartialEq)]
pub struct Units {
    /// Of X in order, the target's last: shape `(p + 1,)`.
    columns: Vec<ColumnUnit>,
}

impl Units {
    /// Learned from rows: X of shape `(n, p)`, where cells are missing, and y of shape `(n,)`.
    ///
    /// # Errors
    /// [`PathError::NotFinite`] for a NaN or infinity outside of missing cells; [`PathError::ExtremeTarget`] if y
    /// cannot be squared.
    pub fn of(
        x: ArrayView2<'_, f64>,
        missing: Option<ArrayView2<'_, bool>>,
        y: ArrayView1<'_, f64>,
    ) -> Result<Self, PathError> {
        let target = column_unit(y, None)?;
        let largest = largest_magnitude(y);
        if largest != 0.0 && !TARGET_RANGE.contains(&largest) {
            return Err(PathError::ExtremeTarget { largest });
        }
        let columns: Result<Vec<_>, _> = (0..x.ncols())
            .into_par_iter()
            .with_min_len(1 + SMALL / y.len().max(1))
            .map(|j| column_unit(x.column(j), missing.as_ref().map(|missing| missing.column(j))))
            .collect();
        let mut columns = columns?;
        columns.push(target);
        Ok(Self { columns }.with_plain_target())
    }

    /// From the magnitude and the middle of each column, the target last.
    pub(crate) fn around(columns: impl Iterator<Item = (f64, f64)>) -> Self {
        let unit = |(size, middle): (f64, f64)| {
            let reciprocal = power_of_two_below_reciprocal(size);
            ColumnUnit { reciprocal, shift: middle * reciprocal }
        };
        Self { columns: columns.map(unit).collect() }.with_plain_target()
    }

    /// Of these columns in this order, the last as target.
    pub(crate) fn select(&self, columns: &[usize]) -> Self {
        Self { columns: columns.iter().map(|&j| self.columns[j]).collect() }.with_plain_target()
    }

    /// The target keeps its unit.
    fn with_plain_target(mut self) -> Self {
        if let Some(target) = self.columns.last_mut() {
            *target = ColumnUnit { reciprocal: 1.0, shift: target.shift / target.reciprocal };
        }
        self
    }

    /// Number of columns of X.
    pub fn n_features(&self) -> usize {
        self.columns.len() - 1
    }

    /// Unit and shift of column `j` of X; the target's for `j = p`.
    pub(crate) fn unit(&self, j: usize) -> ColumnUnit {
        self.columns[j]
    }
}

/// The largest magnitude sets the unit, a median of a few rows the shift.
fn column_unit(column: ArrayView1<'_, f64>, missing: Option<ArrayView1<'_, bool>>) -> Result<ColumnUnit, PathError> {
    let present = |i: usize| missing.is_none_or(|missing| !missing[i]);
    let largest = match missing {
        None => largest_magnitude(column),
        Some(_) => (0..column.len()).filter(|i| present(*i)).map(|i| column[i]).fold(0.0, larger_magnitude),
    };
    if !largest.is_finite() {
        let row = (0..column.len()).find(|&i| present(i) && !column[i].is_finite()).unwrap_or(0);
        return Err(PathError::NotFinite { row });
    }
    let reciprocal = power_of_two_below_reciprocal(largest);
    let shift = median_of_few(column.len(), |i| present(i).then(|| column[i] * reciprocal));
    Ok(ColumnUnit { reciprocal, shift })
}

/// `max |x_i|`; not finite if one of them is not.
fn largest_magnitude(column: ArrayView1<'_, f64>) -> f64 {
    let Some(column) = column.as_slice() else {
        return column.iter().copied().fold(0.0, larger_magnitude);
    };
    vectorized(
        #[inline(always)]
        || {
            let mut largest = [0.0_f64; 16];
            let chunks = column.chunks_exact(16);
            let rest = chunks.remainder().iter().copied().fold(0.0, larger_magnitude);
            for chunk in chunks {
                for k in 0..16 {
                    largest[k] = larger_magnitude(largest[k], chunk[k]);
                }
            }
            largest.into_iter().fold(rest, larger_magnitude)
        },
    )
}

/// Of two; NaN wins over all.
#[expect(clippy::inline_always, reason = "compiled anew inside of `vectorized`")]
#[inline(always)]
fn larger_magnitude(largest: f64, x: f64) -> f64 {
    // Not `max`, which forgets NaN.
    let x = x.abs();
    if largest >= x || largest.is_nan() { largest } else { x }
}

/// The power of two that brings `largest` into [1/2, 1), within the range of doubles; 1 for 0.
fn power_of_two_below_reciprocal(largest: f64) -> f64 {
    if largest == 0.0 {
        return 1.0;
    }
    // Bits 52 to 62 of a double hold its exponent plus 1023.
    let exponent = 1022 - (largest.to_bits() >> 52 & 0x7ff) as i64;
    f64::from_bits(((1023 + exponent.max(-1022)) as u64) << 52)
}

/// Median of at most nine values spread evenly over `n` rows; 0 if none of them is there.
fn median_of_few(n: usize, value: impl Fn(usize) -> Option<f64>) -> f64 {
    let (mut few, mut count) = ([f64::INFINITY; 9], 0);
    for value in (0..9).filter_map(|k| value((2 * k + 1) * n / 18)) {
        few[count] = value;
        count += 1;
    }
    if count == 0 {
        return 0.0;
    }
    // Neighbours change places without a branch: sorts, one a column, took a tenth of ridge for 72 rows of 7129 columns.
    for round in 0..9 {
        for k in (round % 2..8).step_by(2) {
            let (a, b) = (few[k], few[k + 1]);
            (few[k], few[k + 1]) = if b < a { (b, a) } else { (a, b) };
        }
    }
    few[count / 2]
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "exact by construction")]

    use super::*;
    use ndarray::Array1;

    #[test]
    fn the_largest_magnitude_sees_every_cell_and_nan() {
        for n in 1..40 {
            for at in 0..n {
                let mut column = Array1::from_elem(n, -1.0);
                column[at] = -3.0;
                assert_eq!(largest_magnitude(column.view()), 3.0);
                for bad in [f64::NAN, f64::NEG_INFINITY] {
                    column[at] = bad;
                    assert!(!largest_magnitude(column.view()).is_finite());
                }
            }
        }
    }

    #[test]
    fn the_median_of_few_is_that_of_a_sort() {
        for count in 0..=9 {
            for seed in 0..200_usize {
                let at = |k: usize| ((k * 7 + seed * 13 + k * k * seed) % 11) as f64 - 5.0;
                // Rows 1, 3, 5, … of 18 are looked at.
                let mut sorted: Vec<f64> = (0..count).map(at).collect();
                sorted.sort_by(f64::total_cmp);
                let median = median_of_few(18, |i| (i / 2 < count).then(|| at(i / 2)));
                assert_eq!(median, sorted.get(count / 2).copied().unwrap_or(0.0));
            }
        }
    }

    #[test]
    fn units_are_powers_of_two_that_keep_squares_finite() {
        for largest in [1e-320, 1e-300, 1e-5, 1.0, 3.0, 1e160, 1.7e308] {
            let reciprocal = power_of_two_below_reciprocal(largest);
            assert_eq!(reciprocal.log2().fract(), 0.0);
            assert!((largest * reciprocal).is_finite() && largest * reciprocal <= 4.0);
            assert!(largest < 1e-300 || largest * reciprocal >= 0.25);
        }
    }
}
