//! Numbers as text that reads back to the same bits.

use super::ExportError;

/// The shortest decimal that reads back to exactly `value`; `what` names it should it not be finite.
///
/// # Errors
/// [`ExportError::NotFinite`]: a file never holds NaN or an infinity.
pub(super) fn number(value: f64, what: &'static str) -> Result<String, ExportError> {
    finite(value, what).map(|value| format!("{value:?}"))
}

/// `value` itself, with one zero instead of two.
///
/// # Errors
/// [`ExportError::NotFinite`].
pub(super) fn finite(value: f64, what: &'static str) -> Result<f64, ExportError> {
    // −0 + 0 = 0
    if value.is_finite() { Ok(value + 0.0) } else { Err(ExportError::NotFinite { what }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_reads_back_to_the_same_bits() {
        for value in [0.1, 1.0 / 3.0, 45.160_030_02, -1e-300, 4.9e-324, f64::MAX, 1e16, 123_456_789.0] {
            let text = number(value, "value").unwrap();
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits(), "{text}");
            assert!(text.len() <= 24, "{text}");
        }
    }

    #[test]
    fn negative_zero_is_zero_and_nan_is_refused() {
        assert_eq!(number(-0.0, "value").unwrap(), "0.0");
        assert!(number(f64::NAN, "value").is_err());
        assert!(number(f64::INFINITY, "value").is_err());
    }
}
