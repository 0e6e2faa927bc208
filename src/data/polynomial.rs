//! Powers of the only predictor: which column that is, and the point about which its powers are taken.

use crate::data::design::{column, is_candidate};
use crate::data::design_error::DesignError;
use crate::data::roles::Roles;
use crate::data::table::{ColumnType, Table, Values};

/// Standard deviations between a column's mean and 0 up to which powers are taken of the column itself. On 60 points in
/// 0..10 (mean 1.7 deviations from 0) the powers up to 12 leave the ridge path no digit of its duality gap, about the
/// centre they leave it thirteen.
const MOST_DISTANCE: f64 = 0.5;

/// The column that alone can be a feature, if it holds numbers: a polynomial of it is a curve.
pub fn sole_predictor(table: &Table, roles: &Roles) -> Option<usize> {
    let mut candidates = (0..table.columns.len()).filter(|&j| is_candidate(table, roles, j));
    let first = candidates.next().filter(|_| candidates.next().is_none())?;
    let is_number = table.columns.get(first).is_some_and(|c| c.column_type == ColumnType::Number);
    is_number.then_some(first)
}

/// What is taken off the only predictor before its powers from the square on; 0 where they are of the column itself.
///
/// It is the mean over `records`, rounded to the place of the leading digit of the standard deviation, where it is more
/// than half of that away from 0. Several predictors have no centre: their powers are those that the user named.
pub(super) fn center(table: &Table, roles: &Roles, records: impl Iterator<Item = usize> + Clone) -> f64 {
    let has_powers = |j: &usize| roles.degrees.get(j).is_some_and(|degree| *degree > 1);
    let predictor = sole_predictor(table, roles).filter(has_powers).and_then(|j| table.columns.get(j));
    let Some(Values::Numbers(cells)) = predictor.map(|c| &c.values) else { return 0.0 };
    let values = records.filter_map(|record| cells.get(record).copied()).filter(|v| !v.is_nan());
    let n = values.clone().count() as f64;
    let mean: f64 = values.clone().map(|v| v / n).sum();
    let sd = values.map(|v| (v - mean).powi(2) / n).sum::<f64>().sqrt();
    // A column of one value leaves a few units of rounding as its deviation.
    let varies = sd.is_finite() && sd > 1e-12 * mean.abs();
    if varies && mean.abs() > MOST_DISTANCE * sd { rounded(mean, sd) } else { 0.0 }
}

/// `value` to the decimal place of the leading digit of `unit`, which is smaller.
fn rounded(value: f64, unit: f64) -> f64 {
    let digits = (value.abs().log10().floor() - unit.log10().floor()).clamp(0.0, 17.0) as usize;
    // By way of the decimal text: the product of a rounded quotient and a power of ten has stray last digits.
    format!("{value:.digits$e}").parse().unwrap_or(value)
}

/// # Errors
/// [`DesignError::CenterNeedsRows`] if powers must be taken about a centre, and only the first rows are at hand.
pub(super) fn refuse_center(table: &Table, roles: &Roles) -> Result<(), DesignError> {
    let center = center(table, roles, 0..table.n_records);
    match sole_predictor(table, roles) {
        Some(j) if center != 0.0 => {
            Err(DesignError::CenterNeedsRows { column: column(table, j)?.name.clone(), center })
        }
        _ => Ok(()),
    }
}

/// `x^3`, or `(x - 2010)^3` about a centre.
pub(super) fn name(column: &str, center: f64, degree: u32) -> String {
    if center == 0.0 {
        return format!("{column}^{degree}");
    }
    let sign = if center < 0.0 { '+' } else { '-' };
    format!("({column} {sign} {})^{degree}", center.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::csv::{no_tick, read_bytes};
    use crate::data::design::Design;
    use crate::data::options::ImportOptions;

    fn table(text: &str) -> Table {
        read_bytes("test", text.as_bytes(), &ImportOptions::default(), &no_tick).unwrap()
    }

    fn powers(text: &str, degree: u32) -> Design {
        let table = table(text);
        let mut roles = Roles::new(table.columns.len() - 1);
        roles.degrees.insert(0, degree);
        Design::new(&table, &roles).unwrap()
    }

    fn names(design: &Design) -> Vec<&str> {
        design.features.iter().map(|f| f.name.as_str()).collect()
    }

    #[test]
    fn a_predictor_far_from_zero_is_centred() {
        let years = powers("year,y\n2001,3\n2008,1\n2013,4\n2019,1\n", 3);
        assert_eq!(names(&years), ["year", "(year - 2010)^2", "(year - 2010)^3"]);
        for (row, year) in years.x.column(0).iter().enumerate() {
            assert!((years.x[[row, 1]] - (year - 2010.0).powi(2)).abs() < 1e-9);
            assert!((years.x[[row, 2]] - (year - 2010.0).powi(3)).abs() < 1e-9);
        }
        let below = powers("t,y\n-0.52,3\n-0.5,1\n-0.53,4\n-0.55,1\n", 2);
        assert_eq!(names(&below), ["t", "(t + 0.53)^2"]);
    }

    #[test]
    fn a_predictor_about_zero_keeps_its_powers() {
        assert_eq!(names(&powers("x,y\n-3,3\n-1,1\n2,4\n3,1\n", 3)), ["x", "x^2", "x^3"]);
    }

    #[test]
    fn powers_of_one_column_among_several_are_those_asked_for() {
        let design = powers("year,x,y\n2001,1,3\n2008,4,1\n2013,1,4\n2019,5,1\n", 2);
        assert_eq!(names(&design), ["year", "year^2", "x"]);
    }

    #[test]
    fn centre_is_a_round_number_near_the_mean() {
        for (mean, sd, center) in
            [(2009.7, 5.9, 2010.0), (48.5, 13.1, 50.0), (-1.234_567, 0.012, -1.23), (5.4e7, 2.0e6, 5.4e7)]
        {
            assert!((rounded(mean, sd) - center).abs() < 1e-12 * mean.abs(), "{}", rounded(mean, sd));
        }
    }

    #[test]
    fn one_column_of_numbers_is_the_sole_predictor() {
        let table = table("x,g,b,y\n1,u,yes,3\n2,v,no,1\n3,u,no,4\n4,v,yes,1\n");
        let mut roles = Roles::new(3);
        assert_eq!(sole_predictor(&table, &roles), None);
        roles.excluded.extend([1, 2]);
        assert_eq!(sole_predictor(&table, &roles), Some(0));
        roles.excluded = [0, 1].into();
        assert_eq!(sole_predictor(&table, &roles), None, "yes and no have no powers");
    }
}
