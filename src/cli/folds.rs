//! How rows are held out, as typed.

use clap::Args;
use clap::builder::RangedU64ValueParser;

use super::CliError;
use super::values::count;
use crate::model::folds::FoldRule;

/// How rows are held out.
#[derive(Debug, Args)]
pub struct FoldArguments {
    /// Number of folds [default: 10]
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = count(2, 1_000_000))]
    pub folds: Option<usize>,
    /// Seed of the folds
    #[arg(long, value_name = "S", allow_negative_numbers = true, default_value = "0",
        value_parser = RangedU64ValueParser::<u64>::new())]
    pub seed: u64,
    /// Each distinct value of this column is a fold; it is then no feature
    #[arg(long, value_name = "COLUMN",
        conflicts_with_all = ["folds", "repeats", "contiguous", "interleaved", "group_column"])]
    pub fold_column: Option<String>,
    /// Rows with the same value of this column are held out together; it is then no feature
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["contiguous", "interleaved"])]
    pub group_column: Option<String>,
    /// Folds are blocks of consecutive rows
    #[arg(long, conflicts_with = "interleaved")]
    pub contiguous: bool,
    /// Fold = number of the record mod K
    #[arg(long)]
    pub interleaved: bool,
    /// Repeat cross-validation with folds drawn anew [default: 1]
    #[arg(long, value_name = "R", allow_negative_numbers = true, value_parser = count(1, 1000))]
    pub repeats: Option<usize>,
}

impl FoldArguments {
    /// How records are dealt to folds.
    pub fn rule(&self) -> FoldRule {
        let (folds, seed) = (self.folds.unwrap_or(10), self.seed);
        if self.fold_column.is_some() {
            FoldRule::Given
        } else if self.group_column.is_some() {
            FoldRule::Groups { folds, seed }
        } else if self.contiguous {
            FoldRule::Contiguous { folds }
        } else if self.interleaved {
            FoldRule::Interleaved { folds }
        } else {
            FoldRule::Random { folds, seed }
        }
    }

    /// How often cross-validation is repeated.
    pub fn repeats(&self) -> usize {
        self.repeats.unwrap_or(1)
    }

    /// # Errors
    /// [`CliError::NothingToRepeat`] if the folds would be the same every time.
    pub fn check(&self) -> Result<(), CliError> {
        let rule = match self.rule() {
            FoldRule::Contiguous { .. } => "--contiguous",
            FoldRule::Interleaved { .. } => "--interleaved",
            FoldRule::Random { .. } | FoldRule::Groups { .. } | FoldRule::Given => return Ok(()),
        };
        match self.repeats() {
            1 => Ok(()),
            repeats => Err(CliError::NothingToRepeat { repeats, rule }),
        }
    }
}
