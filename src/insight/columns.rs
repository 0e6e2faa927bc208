//! What single columns look like: histograms, and the few numbers that sum a column up.

use rayon::prelude::*;

use crate::data::moments_file::MomentsFile;
use crate::data::table::{Column, Values};

/// What sums a column up, missing cells left aside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Summary {
    /// Of a column of numbers.
    Numbers {
        /// Smallest value.
        min: f64,
        /// Arithmetic mean.
        mean: f64,
        /// Largest value.
        max: f64,
    },
    /// Of a column of numbers whose rows are not at hand.
    Moments {
        /// Arithmetic mean.
        mean: f64,
        /// Population standard deviation.
        deviation: f64,
    },
    /// Of a column of texts.
    Levels {
        /// How many different texts there are.
        count: usize,
        /// The most frequent one, by its place among the levels; of several the first.
        mode: usize,
        /// How many cells hold it.
        mode_count: usize,
    },
    /// No cell is present.
    Empty,
}

impl Summary {
    /// Smallest, mean and largest value of a column of numbers.
    pub fn numbers(self) -> Option<[f64; 3]> {
        match self {
            Self::Numbers { min, mean, max } => Some([min, mean, max]),
            Self::Moments { .. } | Self::Levels { .. } | Self::Empty => None,
        }
    }
}

/// The summaries of all columns, in their order.
pub fn summaries(columns: &[Column]) -> Vec<Summary> {
    columns.par_iter().map(summary).collect()
}

/// The summaries of all columns of a file of moments, in their order.
pub fn moment_summaries(file: &MomentsFile) -> Vec<Summary> {
    let of_column = |j| {
        let (mean, variance) = file.mean_and_variance(j);
        Summary::Moments { mean, deviation: variance.sqrt() }
    };
    (0..file.columns.len()).map(of_column).collect()
}

/// What sums one column up.
pub fn summary(column: &Column) -> Summary {
    match &column.values {
        Values::Numbers(values) => numbers(values).unwrap_or(Summary::Empty),
        Values::Levels { levels, codes } => {
            let mut counts = vec![0_usize; levels.len()];
            for &code in codes {
                if let Some(count) = counts.get_mut(code as usize) {
                    *count += 1;
                }
            }
            let count = counts.iter().filter(|n| **n > 0).count();
            let mode = counts.iter().enumerate().max_by_key(|(i, n)| (**n, std::cmp::Reverse(*i)));
            mode.filter(|(_, n)| **n > 0).map_or(Summary::Empty, |(mode, n)| Summary::Levels {
                count,
                mode,
                mode_count: *n,
            })
        }
    }
}

/// A step down in scale that is exact in binary.
const SCALE: f64 = (1_u64 << 32) as f64;

fn numbers(values: &[f64]) -> Option<Summary> {
    let present = || values.iter().copied().filter(|v| v.is_finite());
    let (low, high) = range(values)?;
    let mut n = 0_usize;
    let mut sum = Compensated::default();
    for value in present() {
        n += 1;
        sum.add(value);
    }
    let total = sum.total();
    let mean = if total.is_finite() {
        total / n as f64
    } else {
        // The sum passes the largest number although the mean does not: add up on a smaller scale.
        let mut scaled = Compensated::default();
        present().for_each(|value| scaled.add(value / SCALE / SCALE));
        scaled.total() / n as f64 * SCALE * SCALE
    };
    // Rounding must not carry the mean out of the range.
    Some(Summary::Numbers { min: low, mean: mean.clamp(low, high), max: high })
}

/// Smallest and largest of the present values.
fn range(values: &[f64]) -> Option<(f64, f64)> {
    let present = values.iter().copied().filter(|v| v.is_finite());
    let (low, high) = present.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    (low <= high).then_some((low, high))
}

/// Neumaier's sum: the rounding error of each step is kept and added at the end.
#[derive(Default)]
struct Compensated {
    sum: f64,
    error: f64,
}

impl Compensated {
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        self.error += if self.sum.abs() >= value.abs() { (self.sum - sum) + value } else { (value - sum) + self.sum };
        self.sum = sum;
    }

    fn total(&self) -> f64 {
        self.sum + self.error
    }
}

/// The histograms of all columns, in their order.
pub fn histograms(columns: &[Column], bins: usize) -> Vec<Vec<u32>> {
    columns.par_iter().map(|column| histogram(column, bins)).collect()
}

/// Counts of a column's present cells in `bins` equal steps from its smallest to its largest value; of a text column, of its first `bins` levels.
pub fn histogram(column: &Column, bins: usize) -> Vec<u32> {
    let mut counts = vec![0; bins];
    match &column.values {
        Values::Numbers(values) => {
            let Some((low, high)) = range(values) else { return counts };
            // Halves: the width of ±1e308 would overflow.
            let width = high / 2.0 - low / 2.0;
            for value in values.iter().copied().filter(|v| v.is_finite()) {
                let share = if width > 0.0 { (value / 2.0 - low / 2.0) / width } else { 0.5 };
                let bin = ((share * bins as f64) as usize).min(bins - 1);
                counts[bin] += 1;
            }
        }
        Values::Levels { codes, .. } => {
            for &code in codes {
                if let Some(count) = counts.get_mut(code as usize) {
                    *count += 1;
                }
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::table::ColumnType;

    fn column(values: Values) -> Column {
        Column { name: "x".to_owned(), column_type: ColumnType::Number, values, n_missing: 0 }
    }

    fn of(values: &[f64]) -> Summary {
        summary(&column(Values::Numbers(values.to_vec())))
    }

    fn bins(values: &[f64]) -> Vec<u32> {
        histogram(&column(Values::Numbers(values.to_vec())), 4)
    }

    #[test]
    fn missing_cells_count_for_nothing() {
        let values = [f64::NAN, 1.0, f64::NAN, 3.0, 8.0];
        assert_eq!(of(&values), Summary::Numbers { min: 1.0, mean: 4.0, max: 8.0 });
        assert_eq!(bins(&values), [1, 1, 0, 1]);
    }

    #[test]
    fn a_column_without_cells_has_no_numbers() {
        assert_eq!(of(&[f64::NAN; 5]), Summary::Empty);
        assert_eq!(of(&[]), Summary::Empty);
        assert_eq!(bins(&[f64::NAN; 5]), [0; 4]);
        let none = Values::Levels { levels: Vec::new(), codes: vec![Values::MISSING; 3] };
        assert_eq!(summary(&column(none)), Summary::Empty);
    }

    #[test]
    fn one_value_is_its_own_mean() {
        assert_eq!(of(&[0.1]), Summary::Numbers { min: 0.1, mean: 0.1, max: 0.1 });
        assert_eq!(of(&[0.1; 1000]).numbers(), Some([0.1; 3]), "no rounding leads out of the range");
        assert_eq!(bins(&[0.1; 3]).iter().sum::<u32>(), 3);
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let top = 1e308;
        assert_eq!(of(&[top, -top]), Summary::Numbers { min: -top, mean: 0.0, max: top });
        assert_eq!(of(&[top, top, top]).numbers(), Some([top; 3]));
        assert_eq!(of(&[f64::MAX, f64::MAX, f64::MAX]).numbers(), Some([f64::MAX; 3]));
        assert_eq!(bins(&[-top, -top, 0.0, top]), [2, 0, 1, 1]);
    }

    #[test]
    fn the_mean_keeps_what_a_plain_sum_would_lose() {
        let mut values = vec![1e16];
        values.extend([1.0; 1000]);
        values.push(-1e16);
        let [_, mean, _] = of(&values).numbers().expect("numbers");
        assert!((mean - 1000.0 / 1002.0).abs() < 1e-12, "{mean}");
    }

    #[test]
    fn integers_and_booleans() {
        let counting: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(of(&counting), Summary::Numbers { min: 1.0, mean: 50.5, max: 100.0 });
        assert_eq!(bins(&counting), [25; 4]);
        assert_eq!(of(&[0.0, 1.0, 1.0, 1.0]), Summary::Numbers { min: 0.0, mean: 0.75, max: 1.0 });
        assert_eq!(bins(&[0.0, 1.0, 1.0, 1.0]), [1, 0, 0, 3]);
    }

    #[test]
    fn texts_have_levels_and_the_most_frequent_one() {
        let levels = ["a", "b", "c"].map(str::to_owned).to_vec();
        let codes = vec![2, 1, 1, Values::MISSING, 2, 0];
        let text = column(Values::Levels { levels, codes });
        assert_eq!(summary(&text), Summary::Levels { count: 3, mode: 1, mode_count: 2 });
        assert_eq!(histogram(&text, 4), [1, 2, 2, 0]);
    }
}
