//! Why a file of moments is not used: what, where, what to do next.

use crate::data::error::ReadError;
use crate::data::moments_file::{MOST_BYTES, VERSION};

/// Why a file of moments is not used. Nothing of it is kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MomentsError {
    /// The file itself cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// More bytes than are parsed.
    #[error(
        "the file holds {mib} MiB, and moments are read up to {} MiB; leave out columns, or make fewer folds",
        MOST_BYTES >> 20
    )]
    TooLarge {
        /// Its size.
        mib: u64,
    },
    /// No record at all.
    #[error("the file holds no record; run the query again: its table may have no complete row")]
    Empty,
    /// JSON of another kind, or no JSON.
    #[error(
        "this is no file of moments: its first record has no \"shrinkscope_moments\"; README.md says how to make one"
    )]
    OtherForm,
    /// A version of the form that is not known here.
    #[error(
        "the file has version {found} of the form, and this program reads version {VERSION}; use the query of its README.md, or a newer program"
    )]
    Version {
        /// As it stands in the file.
        found: u64,
    },
    /// A record that is not in the form.
    #[error("line {line}, column {column}: {message}; every record has to be in the form that README.md shows")]
    Syntax {
        /// 1-based.
        line: usize,
        /// 1-based, in bytes.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// A fold that is neither a number nor a text.
    #[error("record {record}: the fold is {found}; every row needs a fold that is a number or a text")]
    FoldLabel {
        /// 1-based.
        record: usize,
        /// What stands in its place.
        found: String,
    },
    /// A number that is missing, NaN or infinite.
    #[error(
        "fold {fold}, {a:?} with {b:?}: \"{what}\" is {found}; leave out rows and columns with missing or infinite numbers in the query"
    )]
    NotFinite {
        /// The fold.
        fold: String,
        /// The first column.
        a: String,
        /// The second column.
        b: String,
        /// Which number.
        what: &'static str,
        /// What stands in its place.
        found: String,
    },
    /// A number whose square leaves the range of doubles.
    #[error("fold {fold}: {column:?} holds numbers as large as {size:e}; divide it by a power of ten in the query")]
    Extreme {
        /// The fold.
        fold: String,
        /// The column.
        column: String,
        /// Its mean or its standard deviation.
        size: f64,
    },
    /// A sum of case weights that is not above 0.
    #[error("fold {fold}: its weight is {weight}, and has to be above 0; leave out rows of weight 0 in the query")]
    Weight {
        /// The fold.
        fold: String,
        /// As it stands in the file.
        weight: f64,
    },
    /// Pairs of columns that were not summed up over the same rows.
    #[error(
        "fold {fold}, {a:?} with {b:?}: \"{what}\" is {found}, but {first} in its first record; all pairs of a fold need the same complete rows: filter them before anything is summed up"
    )]
    OtherRows {
        /// The fold.
        fold: String,
        /// The first column.
        a: String,
        /// The second column.
        b: String,
        /// `rows` or `weight`.
        what: &'static str,
        /// Here.
        found: f64,
        /// In the first record of the fold.
        first: f64,
    },
    /// Weights in some folds only.
    #[error("fold {fold} has no weight, but another fold has one; give all records a \"weight\", or none")]
    NoWeight {
        /// The fold.
        fold: String,
    },
    /// Two origins of one column.
    #[error(
        "fold {fold}: the origin of {column:?} is {found}, but {first} in another fold; subtract the same number in all folds"
    )]
    OtherOrigin {
        /// The fold.
        fold: String,
        /// The column.
        column: String,
        /// Here.
        found: f64,
        /// In the first record of the column with itself.
        first: f64,
    },
    /// One pair, two records.
    #[error(
        "fold {fold}, {a:?} with {b:?} stands there twice; group by fold and by pair, and give every column a name of its own"
    )]
    Twice {
        /// The fold.
        fold: String,
        /// The first column.
        a: String,
        /// The second column.
        b: String,
    },
    /// A pair without a record.
    #[error(
        "fold {fold}, {a:?} with {b:?} is not there; every fold needs every pair of columns: run the whole query again"
    )]
    NoPair {
        /// The fold.
        fold: String,
        /// The first column.
        a: String,
        /// The second column.
        b: String,
    },
    /// Two covariances of one pair.
    #[error(
        "fold {fold}: the covariance of {a:?} with {b:?} is {forward}, that of {b:?} with {a:?} is {backward}; one of them is enough"
    )]
    Asymmetric {
        /// The fold.
        fold: String,
        /// One column.
        a: String,
        /// The other.
        b: String,
        /// Of `a` with `b`.
        forward: f64,
        /// Of `b` with `a`.
        backward: f64,
    },
    /// A variance below 0.
    #[error(
        "fold {fold}: the variance of {column:?} is {variance:e}, below 0; subtract the averages before anything is squared, as the query of README.md does"
    )]
    NegativeVariance {
        /// The fold.
        fold: String,
        /// The column.
        column: String,
        /// As it stands in the file.
        variance: f64,
    },
    /// A correlation beyond 1.
    #[error(
        "fold {fold}: the covariance of {a:?} with {b:?} is {covariance:e}, more than their variances allow ({most:e}); subtract the averages first, and sum up complete rows only, as the query of README.md does"
    )]
    Covariance {
        /// The fold.
        fold: String,
        /// One column.
        a: String,
        /// The other.
        b: String,
        /// As it stands in the file.
        covariance: f64,
        /// Root of the product of the variances.
        most: f64,
    },
    /// Covariances that no rows have.
    #[error(
        "fold {fold}: no rows have these covariances of {column:?} with the columns before it; sum up complete rows only, the same for all pairs, as the query of README.md does"
    )]
    NoSuchRows {
        /// The fold.
        fold: String,
        /// The column at which it shows.
        column: String,
    },
    /// One fold only.
    #[error("cross-validation needs at least 2 folds, but the file holds {folds}; deal the rows to folds in the query")]
    TooFewFolds {
        /// Folds in the file.
        folds: usize,
    },
    /// Not enough rows.
    #[error("at least 3 complete rows are needed, but there are {rows}; sum up a larger table")]
    TooFewRows {
        /// In all folds together.
        rows: u64,
    },
    /// A fold that says it has no rows.
    #[error("fold {fold} has 0 rows; leave it out")]
    NoRows {
        /// The fold.
        fold: String,
    },
    /// A target and nothing else.
    #[error("the file holds the one column {column:?}; a target and at least one feature are needed")]
    OneColumn {
        /// Its name.
        column: String,
    },
}
