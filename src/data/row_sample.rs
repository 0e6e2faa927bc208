//! Some rows of many, drawn so that the draw depends on the seed and the file alone.

use ndarray::Array1;

use crate::data::recipe::RowBlock;

/// Most rows that are drawn.
pub(super) const MOST_ROWS: usize = 20_000;
/// Most cells of X that are drawn.
const MOST_CELLS: usize = 16 << 20;

/// A row is drawn if a hash of its record stays below a threshold, which is halved whenever too many are.
#[derive(Debug)]
pub(super) struct RowSample {
    seed: u64,
    most: usize,
    threshold: u64,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    hash: u64,
    record: usize,
    y: f64,
    case_weight: Option<f64>,
    label: Option<u32>,
    x: Vec<f64>,
}

/// The rows drawn, ascending by record.
pub(super) struct Drawn {
    pub(super) x: Vec<f64>,
    pub(super) y: Array1<f64>,
    pub(super) case_weights: Option<Array1<f64>>,
    pub(super) records: Vec<usize>,
    pub(super) labels: Option<Vec<u32>>,
}

impl RowSample {
    pub(super) fn new(seed: u64, n_features: usize) -> Self {
        let most = (MOST_CELLS / n_features.max(1)).clamp(100, MOST_ROWS);
        Self { seed, most, threshold: u64::MAX, rows: Vec::new() }
    }

    /// Draws from rows behind all those before.
    pub(super) fn add(&mut self, rows: &RowBlock) {
        let m = rows.y.len();
        for (i, (record, y)) in rows.records.iter().zip(&rows.y).enumerate() {
            let hash = hash(self.seed, *record as u64);
            if hash > self.threshold {
                continue;
            }
            self.rows.push(Row {
                hash,
                record: *record,
                y: *y,
                case_weight: rows.case_weights.as_ref().and_then(|weights| weights.get(i).copied()),
                label: rows.labels.as_ref().and_then(|labels| labels.get(i).copied()),
                x: rows.x.iter().skip(i).step_by(m.max(1)).copied().collect(),
            });
            while self.rows.len() > self.most {
                self.threshold /= 2;
                self.rows.retain(|row| row.hash <= self.threshold);
            }
        }
    }

    /// The rows drawn, with these of the features.
    pub(super) fn into_drawn(self, kept: &[usize]) -> Drawn {
        let of_feature = |j: &usize| self.rows.iter().filter_map(|row| row.x.get(*j).copied()).collect::<Vec<f64>>();
        Drawn {
            x: kept.iter().flat_map(of_feature).collect(),
            y: self.rows.iter().map(|row| row.y).collect(),
            case_weights: self.rows.iter().map(|row| row.case_weight).collect(),
            labels: self.rows.iter().map(|row| row.label).collect(),
            records: self.rows.iter().map(|row| row.record).collect(),
        }
    }
}

/// `SplitMix64` of the seed at a record.
fn hash(seed: u64, record: u64) -> u64 {
    let mut z = seed.wrapping_add(record.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(records: std::ops::Range<usize>) -> RowBlock {
        let y: Vec<f64> = records.clone().map(|r| r as f64).collect();
        let x = y.iter().map(|y| y * 2.0).chain(y.iter().map(|y| -y)).collect();
        RowBlock { x, y, records: records.collect(), ..RowBlock::default() }
    }

    #[test]
    fn draw_does_not_depend_on_how_rows_come() {
        let mut once = RowSample::new(3, 2);
        once.add(&block(0..50_000));
        let mut parts = RowSample::new(3, 2);
        for start in (0..50_000).step_by(700) {
            parts.add(&block(start..(start + 700).min(50_000)));
        }
        let (once, parts) = (once.into_drawn(&[1]), parts.into_drawn(&[1]));
        assert!((10_000..=MOST_ROWS).contains(&once.records.len()), "{}", once.records.len());
        assert!(once.records.is_sorted() && once.records == parts.records && once.x == parts.x);
        assert!(once.x.iter().zip(&once.records).all(|(x, r)| x.to_bits() == (-(*r as f64)).to_bits()));
        assert_eq!((once.labels, once.case_weights), (None, None));
    }
}
