//! Which column plays which part, as typed.

use clap::Args;

use super::CliError;
use super::values::{ValueError, one_of};
use crate::data::design::{DesignError, MAX_DEGREE, Missing, Roles, column_of, sole_predictor};
use crate::data::table::Table;

/// Which column plays which part.
#[derive(Debug, Args)]
pub struct ColumnArguments {
    /// Leave a column out of the features (may be repeated)
    #[arg(long, value_name = "COLUMN")]
    pub exclude: Vec<String>,
    /// Records with a missing feature: leave them out, or put in the mean of the training rows
    #[arg(long, value_name = "HOW", default_value = "drop",
        value_parser = one_of(&[("drop", Missing::Drop), ("mean", Missing::Mean)]))]
    pub missing: Missing,
    /// With --missing mean: a 0/1 feature beside each column that lacks cells, 1 where the cell is missing
    #[arg(long)]
    pub missing_indicators: bool,
    /// Column of case weights: how often each record counts; it is then no feature
    #[arg(long, value_name = "COLUMN")]
    pub weight_column: Option<String>,
    /// Compare the levels of a category with this one [default: the first in byte order] (may be repeated)
    #[arg(long, value_name = "COLUMN=LEVEL")]
    pub reference: Vec<String>,
    /// Add the powers of a column of numbers up to this one (may be repeated); the name of the only predictor may be left out
    #[arg(long, value_name = "[COLUMN=]D", value_parser = degree)]
    pub degree: Vec<Degree>,
    /// Add the products of the columns named so, two by two (to be repeated)
    #[arg(long, value_name = "COLUMN")]
    pub interaction: Vec<String>,
}

/// Highest power of a column, or of the only predictor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Degree {
    column: Option<String>,
    degree: u32,
}

/// `COLUMN=D` or `D`; the column's name may hold `=` itself.
fn degree(text: &str) -> Result<Degree, ValueError> {
    let (column, degree) = text.rsplit_once('=').map_or((None, text), |(column, degree)| (Some(column), degree));
    let degree = degree.trim().parse().ok().filter(|d| (1..=MAX_DEGREE).contains(d)).ok_or(ValueError::Degree)?;
    Ok(Degree { column: column.map(str::to_owned), degree })
}

fn find(table: &Table, option: &'static str, name: &str) -> Result<usize, CliError> {
    column_of(table, name).map_err(|source| CliError::Column { option, source })
}

fn clash(column: &str, second: &'static str) -> CliError {
    CliError::from(DesignError::RoleClash { column: column.to_owned(), first: "the target", second })
}

impl ColumnArguments {
    /// The parts that these options and those of the folds give to the columns of `table`.
    ///
    /// # Errors
    /// [`CliError::Column`] for a name that the table does not have, and what else cannot be.
    pub(super) fn roles(&self, target_name: &str, table: &Table) -> Result<Roles, CliError> {
        let mut roles = Roles::new(find(table, "--target", target_name)?);
        for name in &self.exclude {
            if !roles.excluded.insert(find(table, "--exclude", name)?) {
                continue;
            }
            if roles.excluded.contains(&roles.target) {
                return Err(clash(target_name, "excluded"));
            }
        }
        roles.missing = match (self.missing, self.missing_indicators) {
            (Missing::Drop, true) => return Err(CliError::NothingToMark),
            (_, true) => Missing::MeanAndIndicator,
            (missing, false) => missing,
        };
        roles.weight_column =
            self.weight_column.as_ref().map(|name| find(table, "--weight-column", name)).transpose()?;
        for text in &self.reference {
            let (column, level) = reference(table, text)?;
            roles.references.insert(column, level);
        }
        for Degree { column: name, degree } in &self.degree {
            if let Some(name) = name {
                roles.degrees.insert(find(table, "--degree", name)?, *degree);
            }
        }
        for name in &self.interaction {
            let column = find(table, "--interaction", name)?;
            if column == roles.target {
                return Err(clash(target_name, "in an interaction"));
            }
            roles.interactions.insert(column);
        }
        if roles.interactions.len() == 1 {
            return Err(CliError::LoneInteraction);
        }
        Ok(roles)
    }

    /// Raises the only predictor to the degree given without a column; the other parts are given out.
    ///
    /// # Errors
    /// [`CliError::NotSole`] if there are several predictors, or the one is no column of numbers.
    pub(super) fn raise_sole(&self, roles: &mut Roles, table: &Table) -> Result<(), CliError> {
        for degree in self.degree.iter().filter(|d| d.column.is_none()).map(|d| d.degree) {
            let column = sole_predictor(table, roles).ok_or(CliError::NotSole { degree })?;
            roles.degrees.insert(column, degree);
        }
        Ok(())
    }
}

/// `COLUMN=LEVEL`, where both may hold `=`: the first place at which a column of the table ends.
fn reference(table: &Table, text: &str) -> Result<(usize, String), CliError> {
    let splits = text.match_indices('=').map(|(at, _)| (&text[..at], &text[at + 1..]));
    let named = splits.filter_map(|(name, level)| Some((table.column_index(name)?, level.to_owned())));
    if let Some(found) = named.into_iter().next() {
        return Ok(found);
    }
    let name = text.split('=').next().unwrap_or_default();
    find(table, "--reference", name).map(|column| (column, String::new()))
}
