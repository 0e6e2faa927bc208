//! Numbers that may mean something else. They stay numbers; the reader is told.

use crate::data::columns::Remark;
use crate::data::lane::First;

/// 999 or -99 far from all other values: perhaps a missing cell in disguise.
pub(super) fn sentinel(values: &[f64]) -> Option<Remark> {
    const CODES: [f64; 5] = [99.0, 999.0, 9999.0, 99_999.0, 999_999.0];
    let is_code = |v: f64| CODES.iter().any(|code| code.to_bits() == v.abs().to_bits());
    let (low, high) = range(values);
    if !is_code(low) && !is_code(high) {
        return None;
    }
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let quarter = sorted.len() / 4;
    let lower = *sorted.get(quarter)?;
    let upper = *sorted.get(sorted.len() - 1 - quarter)?;
    let range = upper - lower;
    let is_far = |v: f64| range > 0.0 && (lower - v).max(v - upper) > 5.0 * range;
    let codes: Vec<f64> = [low, high].into_iter().filter(|v| is_code(*v) && is_far(*v)).collect();
    let is_one = |v: &f64| codes.iter().any(|c| c.to_bits() == v.to_bits());
    let names: Vec<String> = codes.iter().map(f64::to_string).collect();
    let record = values.iter().position(is_one)?;
    let first = First {
        count: values.iter().filter(|v| is_one(v)).count() as u64,
        record,
        text: values.get(record).map(f64::to_string).unwrap_or_default(),
    };
    let what = format!("{} far from all other values, kept as a number", names.join(" and "));
    Some(("sentinel", first, what))
}

/// The least and the greatest value that is there, in lanes so that the compiler can take several at once.
fn range(values: &[f64]) -> (f64, f64) {
    const LANES: usize = 8;
    let mut low = [f64::INFINITY; LANES];
    let mut high = [f64::NEG_INFINITY; LANES];
    for chunk in values.chunks(LANES) {
        for ((low, high), value) in low.iter_mut().zip(&mut high).zip(chunk) {
            // A missing value is neither less nor greater.
            *low = if *value < *low { *value } else { *low };
            *high = if *value > *high { *value } else { *high };
        }
    }
    (low.into_iter().fold(f64::INFINITY, f64::min), high.into_iter().fold(f64::NEG_INFINITY, f64::max))
}

/// 20240131 in every cell: a date that looks like a number.
pub(super) fn packed_date(values: &[f64]) -> Option<Remark> {
    let is_date = |v: f64| {
        let n = v as i64;
        let (month, day) = (n / 100 % 100, n % 100);
        v.fract().abs() < f64::EPSILON
            && (19_000_101..=21_001_231).contains(&n)
            && (1..=12).contains(&month)
            && (1..=31).contains(&day)
    };
    let mut present = values.iter().copied().filter(|v| !v.is_nan());
    let record = values.iter().position(|v| !v.is_nan())?;
    if !present.all(is_date) {
        return None;
    }
    let text = values.get(record).map(f64::to_string).unwrap_or_default();
    let what = format!("{text} may be a date, kept as a number");
    let first = First { count: values.len() as u64, record, text };
    Some(("packed_date", first, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_far_away_are_named() {
        let mut values: Vec<f64> = (0..40).map(|i| f64::from(i % 9)).collect();
        assert!(sentinel(&values).is_none());
        values.extend([999.0, -999.0, 999.0]);
        assert_eq!(range(&[f64::NAN, 3.0, -999.0, 2.0, 1.0, 0.0, 5.0, 6.0, 7.0, f64::NAN, 8.0]), (-999.0, 8.0));
        let (_, first, what) = sentinel(&values).unwrap();
        assert_eq!((first.count, first.record, first.text.as_str()), (3, 40, "999"));
        assert!(what.starts_with("-999 and 999 far"));
    }

    #[test]
    fn packed_dates_are_told_from_numbers() {
        assert!(packed_date(&[20_240_131.0, f64::NAN, 19_991_231.0]).is_some());
        assert!(packed_date(&[20_240_131.0, 20_241_331.0]).is_none());
        assert!(packed_date(&[2024.0]).is_none());
    }
}
