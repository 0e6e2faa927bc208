//! Values of options: each refusal gives the rule and the value.

use std::str::FromStr;

use clap::builder::{PossibleValuesParser, RangedU64ValueParser, TypedValueParser};

use crate::data::examples::{self, Example};

/// Alphas as typed, largest first: finite, above 0, all different.
#[derive(Debug, Clone, PartialEq)]
pub struct Alphas(Vec<f64>);

impl Alphas {
    /// The alphas, strictly descending.
    pub fn values(&self) -> &[f64] {
        &self.0
    }
}

/// What a value must be.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum ValueError {
    #[error("{0:?} is not a number")]
    NotANumber(String),
    #[error("it must lie between 0 and 1, both excluded")]
    Ratio,
    #[error("it must be above 0 and at most 1; ridge, which is 0, is always the second path")]
    L1Ratio,
    #[error("{0} is not an alpha: it must be finite and above 0")]
    Alpha(f64),
    #[error("{0} stands there twice: give each alpha once")]
    Twice(f64),
    #[error("it must be COLUMN=TYPE, where TYPE is number, category or ignore")]
    ColumnType,
    #[error("it must be a number with B, KB, MB, GB, KiB, MiB or GiB behind it, such as 500MB")]
    Size,
    #[error("it must be COLUMN=D, or D for the only predictor, where D is a whole number from 1 to 15")]
    Degree,
}

/// A whole number within bounds.
pub(super) fn count(least: u64, most: u64) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(least..=most)
}

/// One of a few words.
pub(super) fn one_of<T: Clone + Send + Sync + 'static>(
    choices: &'static [(&'static str, T)],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(choices.iter().map(|(word, _)| *word)).map(|typed| {
        let (_, value) = choices.iter().find(|(word, _)| *word == typed).expect("clap lets no other word through");
        value.clone()
    })
}

/// A bundled table.
pub(super) fn example() -> impl TypedValueParser<Value = &'static Example> {
    let names = examples::all().iter().map(|example| example.name);
    PossibleValuesParser::new(names).map(|typed| examples::find(&typed).expect("clap lets no other word through"))
}

fn number(text: &str) -> Result<f64, ValueError> {
    f64::from_str(text.trim()).ok().ok_or_else(|| ValueError::NotANumber(text.to_owned()))
}

pub(super) fn ratio(text: &str) -> Result<f64, ValueError> {
    let value = number(text)?;
    if value > 0.0 && value < 1.0 { Ok(value) } else { Err(ValueError::Ratio) }
}

pub(super) fn l1_ratio(text: &str) -> Result<f64, ValueError> {
    let value = number(text)?;
    if value > 0.0 && value <= 1.0 { Ok(value) } else { Err(ValueError::L1Ratio) }
}

pub(super) fn alphas(text: &str) -> Result<Alphas, ValueError> {
    let alpha = |text: &str| {
        let value = number(text)?;
        if value.is_finite() && value > 0.0 { Ok(value) } else { Err(ValueError::Alpha(value)) }
    };
    let mut values = text.split(',').map(alpha).collect::<Result<Vec<_>, _>>()?;
    values.sort_by(|a, b| b.total_cmp(a));
    match values.windows(2).find(|pair| pair[0] <= pair[1]) {
        Some(pair) => Err(ValueError::Twice(pair[0])),
        None => Ok(Alphas(values)),
    }
}

/// Bytes: `500MB`, `1.5 GiB`.
pub(super) fn size(text: &str) -> Result<u64, ValueError> {
    const UNITS: [(&str, f64); 7] = [
        ("kib", 1024.0),
        ("mib", 1_048_576.0),
        ("gib", 1_073_741_824.0),
        ("kb", 1e3),
        ("mb", 1e6),
        ("gb", 1e9),
        ("b", 1.0),
    ];
    let lower = text.trim().to_ascii_lowercase();
    let bytes = UNITS.iter().find_map(|(unit, factor)| Some(number(lower.strip_suffix(unit)?).ok()? * factor));
    // Up to an exbibyte.
    bytes.filter(|bytes| (1.0..2.0_f64.powi(60)).contains(bytes)).map(|bytes| bytes as u64).ok_or(ValueError::Size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alphas_are_sorted_and_refused_with_rule_and_value() {
        assert_eq!(alphas("0.1, 10,1e-3").unwrap().values(), [10.0, 0.1, 1e-3]);
        for (text, expected) in [
            ("1,2,1.0", "1 stands there twice: give each alpha once"),
            ("1,0", "0 is not an alpha: it must be finite and above 0"),
            ("inf", "inf is not an alpha: it must be finite and above 0"),
            ("NaN", "NaN is not an alpha: it must be finite and above 0"),
            ("1,,2", "\"\" is not a number"),
            ("1;2", "\"1;2\" is not a number"),
        ] {
            assert_eq!(alphas(text).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [("500MB", 500_000_000), ("1.5 GiB", 1_610_612_736), ("64kib", 65_536), ("7b", 7)] {
            assert_eq!(size(text), Ok(bytes));
        }
        for text in ["500", "MB", "-1MB", "1e30GB", "0GB", "1TB", "nanMB"] {
            assert_eq!(size(text), Err(ValueError::Size));
        }
    }

    #[test]
    fn bounds_are_where_the_messages_say() {
        assert_eq!(l1_ratio("1"), Ok(1.0));
        assert_eq!(ratio("1e-4"), Ok(1e-4));
        for text in ["0", "1.5", "-1", "nan"] {
            assert_eq!(l1_ratio(text), Err(ValueError::L1Ratio));
        }
        for text in ["0", "1", "nan"] {
            assert_eq!(ratio(text), Err(ValueError::Ratio));
        }
    }
}
