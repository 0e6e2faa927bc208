//! Why no regression can be set up: what, where, what to do next.

use super::error::in_quotes;

/// Why no regression can be set up.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DesignError {
    /// A role was given to a column that is not there.
    #[error("there is no column {column}; the table has {names}")]
    UnknownColumn {
        /// Its name or, where only that is known, its position from 0.
        column: String,
        /// Some of the names there are.
        names: String,
    },
    /// One column has two roles that exclude each other.
    #[error("the column {column:?} cannot be both {first} and {second}; choose another column for one of them")]
    RoleClash {
        /// Column.
        column: String,
        /// One role.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// The target holds text.
    #[error(
        "line {line}, column {column:?}: {text} is not a number, so {column:?} cannot be the target; correct the cell, choose another target, or read the column as number in the import options", text = in_quotes(text)
    )]
    TargetNotNumeric {
        /// Line of the first cell that is no number.
        line: u64,
        /// Target.
        column: String,
        /// That cell, cut at 40 characters.
        text: String,
    },
    /// The target does not vary.
    #[error("the target {column:?} does not vary: all {rows} complete rows hold {value}; choose another target")]
    TargetConstant {
        /// Target.
        column: String,
        /// Rows seen.
        rows: usize,
        /// The one value.
        value: f64,
    },
    /// Nothing to predict from.
    #[error("no column can predict {target:?}: {reason}; include a column that holds numbers which vary")]
    NoFeature {
        /// Target.
        target: String,
        /// What became of the other columns.
        reason: String,
    },
    /// Fewer than 3 rows are complete.
    #[error("{complete} of {records} rows are complete, but at least 3 are needed; {advice}")]
    TooFewRows {
        /// Rows with target and all features.
        complete: usize,
        /// Records of the file.
        records: usize,
        /// Which columns lack most, and what to do.
        advice: String,
    },
    /// A power that cannot be taken.
    #[error(
        "column {column:?} cannot be raised to the power {degree}: choose a column of numbers and a degree from 1 to {highest}"
    )]
    Degree {
        /// Column.
        column: String,
        /// Power asked for.
        degree: u32,
        /// Highest power there is.
        highest: u32,
    },
    /// A reference level that the category does not have.
    #[error("column {column:?} has no level {level:?} to compare with; it has {levels}")]
    UnknownLevel {
        /// Column.
        column: String,
        /// Level asked for.
        level: String,
        /// Some of the levels there are.
        levels: String,
    },
    /// A reference level for a column of numbers.
    #[error(
        "column {column:?} holds numbers, so it has no reference level; read it as a category in the import options"
    )]
    NoLevels {
        /// Column.
        column: String,
    },
    /// A power or a product is infinite.
    #[error(
        "line {line}: {feature:?} is too large for a number; divide the column by a power of ten, or leave this power or interaction out"
    )]
    Overflow {
        /// Line of the first such row.
        line: u64,
        /// Name of the feature.
        feature: String,
    },
    /// Weights must be numbers.
    #[error("the weight column {column:?} does not hold numbers; choose another column")]
    WeightsNotNumeric {
        /// Column.
        column: String,
    },
    /// Weights are not negative.
    #[error(
        "line {line}: the weight column {column:?} holds {value}; a case weight is 0 or above, so correct it or choose another column"
    )]
    NegativeWeight {
        /// Line of the first such row.
        line: u64,
        /// Column.
        column: String,
        /// The weight.
        value: f64,
    },
    /// A row has no fold, no group or no weight.
    #[error("line {line}: the {role} column {column:?} is empty there; fill it in or choose another column")]
    LabelMissing {
        /// Line of the first such row.
        line: u64,
        /// `fold`, `group` or `weight`.
        role: &'static str,
        /// Its column.
        column: String,
    },
    /// All rows are in one fold or one group.
    #[error("the {role} column {column:?} holds only {value:?}; it needs at least two different values")]
    OneLabel {
        /// `fold` or `group`.
        role: &'static str,
        /// Its column.
        column: String,
        /// The one value.
        value: String,
    },
    /// Folds, groups, weights, powers or products of a column, where only moments are at hand.
    #[error(
        "column {column:?} is asked for folds, groups, weights, powers or products, which need its rows, and only moments are at hand; put them into the query that makes the moments"
    )]
    NeedsRows {
        /// Column.
        column: String,
    },
    /// Powers about a centre that only all rows tell, where they are not kept.
    #[error(
        "powers of {column:?} must be taken about its mean, which lies far from 0, and the file is larger than may be kept in memory; subtract about {center} from the column before, or raise --memory-limit"
    )]
    CenterNeedsRows {
        /// The only predictor.
        column: String,
        /// Its centre in the first rows.
        center: f64,
    },
    /// More folds than can be summed up at once.
    #[error(
        "the fold column {column:?} holds more than {limit} different values, too many for a file that is not kept in memory; choose another column or let the folds be drawn"
    )]
    TooManyLabels {
        /// Fold column.
        column: String,
        /// Most values.
        limit: usize,
    },
    /// The numbers of the regression do not fit into memory.
    #[error("{rows} rows and {features} features need {mib} MiB, more than is free; exclude columns")]
    TooLarge {
        /// Rows.
        rows: usize,
        /// Columns of X.
        features: usize,
        /// Memory for X.
        mib: usize,
    },
}

impl DesignError {
    /// The same error further down in the file.
    pub(super) fn below(mut self, lines: u64) -> Self {
        if let Self::TargetNotNumeric { line, .. }
        | Self::Overflow { line, .. }
        | Self::NegativeWeight { line, .. }
        | Self::LabelMissing { line, .. } = &mut self
        {
            *line += lines;
        }
        self
    }
}
