//! What single columns look like: histograms for the pickers.

use rayon::prelude::*;

use crate::data::table::{Column, Values};

/// The histograms of all columns, in their order.
pub fn histograms(columns: &[Column], bins: usize) -> Vec<Vec<u32>> {
    columns.par_iter().map(|column| histogram(column, bins)).collect()
}

/// Counts of a column's present cells in `bins` equal steps from its smallest to its largest value; of a text column, of its first `bins` levels.
pub fn histogram(column: &Column, bins: usize) -> Vec<u32> {
    let mut counts = vec![0; bins];
    match &column.values {
        Values::Numbers(values) => {
            let present = || values.iter().copied().filter(|v| v.is_finite());
            let (low, high) = present().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
            let width = high - low;
            for value in present() {
                let share = if width > 0.0 { (value - low) / width } else { 0.5 };
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
