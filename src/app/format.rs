//! How numbers are written on screen: 4 significant digits, a true minus sign, tiny values as `8e−17`.

/// Four significant digits.
pub fn number(value: f64) -> String {
    significant(value, 4)
}

/// `digits` significant digits; plain notation between 1e-4 and 1e7, powers of ten outside.
pub fn significant(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    // Rounding may carry into the next decade (9.9996 → 10.00), so the exponent is read off the rounded form.
    let scientific = format!("{:.*e}", digits - 1, value);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let text = if (-4..=6).contains(&exponent) {
        let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
        format!("{value:.decimals$}")
    } else {
        format!("{mantissa}e{exponent}")
    };
    text.replace('-', "−")
}

/// One significant digit, for certificates: `8e−17`.
pub fn tiny(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { format!("{value:.0e}").replace('-', "−") }
}

/// Decimals that give the largest of `values` four significant digits, at most 6.
pub fn common_decimals(values: impl IntoIterator<Item = f64>) -> usize {
    let largest = values.into_iter().filter(|v| v.is_finite()).fold(0.0_f64, |m, v| m.max(v.abs()));
    if largest == 0.0 { 2 } else { (3 - largest.log10().floor() as i32).clamp(0, 6) as usize }
}

/// A cell of a column with common decimals.
pub fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{value:.decimals$}");
    let is_zero = text.chars().all(|c| matches!(c, '0' | '.' | '-'));
    if is_zero { text.trim_start_matches('-').to_owned() } else { text.replace('-', "−") }
}

/// A tick of an axis whose ticks are `step` apart.
pub fn tick(value: f64, step: f64) -> String {
    if value.abs() < step * 1e-6 {
        return "0".to_owned();
    }
    if value.abs() >= 1e5 || step < 1e-4 {
        // As many digits as tell one tick from the next.
        let digits = (value.abs().log10().floor() - (step * 1.000_1).log10().floor()).max(0.0) as usize;
        let text = format!("{value:.digits$e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let mantissa =
            if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
        return format!("{mantissa}e{exponent}").replace('-', "−");
    }
    let decimals = (-step.log10().floor()).max(0.0) as usize;
    fixed(value, decimals)
}

/// A tick at a power of ten: `100`, `1`, `0.01`, `1e-6`.
pub fn decade(exponent: i32) -> String {
    match exponent {
        -4..=5 => fixed(10_f64.powi(exponent), (-exponent).max(0) as usize),
        _ => format!("1e{exponent}").replace('-', "−"),
    }
}

/// `1,234` with a thin grouping for counts.
pub fn count(value: usize) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// First letter capital.
pub fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_significant_digits_with_a_true_minus() {
        assert_eq!(number(7.710_409_7), "7.710");
        assert_eq!(number(3180.66), "3181");
        assert_eq!(number(-0.347_86), "−0.3479");
        assert_eq!(number(9.999_96), "10.00");
        assert_eq!(number(1.0e-9), "1.000e−9");
        assert_eq!(number(0.0), "0");
    }

    #[test]
    fn columns_share_their_decimals() {
        let decimals = common_decimals([23.466, -4.489, 8.2]);
        assert_eq!(decimals, 2);
        assert_eq!(fixed(-4.489, decimals), "−4.49");
        assert_eq!(fixed(-0.001, decimals), "0.00");
    }

    #[test]
    fn ticks_and_counts() {
        assert_eq!(tick(-20.0, 20.0), "−20");
        assert_eq!(tick(0.5, 0.5), "0.5");
        assert_eq!(tick(3.0 * 5e-5, 5e-5), "1.5e−4");
        assert_eq!(tick(200_000.0, 50_000.0), "2e5");
        assert_eq!(tick(-1_250_000.0, 50_000.0), "−1.25e6");
        assert_eq!(decade(-2), "0.01");
        assert_eq!(decade(1), "10");
        assert_eq!(count(100_000), "100,000");
        assert_eq!(count(442), "442");
    }
}
