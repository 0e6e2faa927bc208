//! Moments of a table that were summed up elsewhere, by a database for example: enough to analyse it without its rows.
//!
//! The file holds one JSON record a fold and pair of columns, one after the other or as one list, in any order:
//!
//! ```json
//! {"shrinkscope_moments":1,"fold":0,"rows":45,"a":"bmi","b":"age","origin":26,"mean":0.1,"covariance":9.2}
//! ```
//!
//! | key | content |
//! |---|---|
//! | `shrinkscope_moments` | version of the form: 1 |
//! | `fold` | which fold: a number or a text; folds are put in order |
//! | `rows` | rows of the fold, the same in all its records |
//! | `weight` | optional, then in all records: sum of the case weights of the fold |
//! | `a`, `b` | names of two columns, also one twice; each pair stands there once (or once in each order) |
//! | `origin` | optional: what was subtracted from column `a` before it was averaged, the same in all folds |
//! | `mean` | of column `a` less its origin; origin and mean count where `b` is `a` |
//! | `covariance` | of the two columns over the rows of the fold: `Σ c (a − mean a)(b − mean b) / Σ c`, with case weights `c` (1 without) |
//!
//! Columns stand in the order in which they first come. All play the same part: which of them is the target is said later.

use std::borrow::Cow;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::data::csv::Tick;
pub use crate::data::moments_error::MomentsError;
use crate::data::moments_records::Records;
use crate::data::open::Opened;
use crate::data::table::Source;

/// Version of the form.
pub const VERSION: u64 = 1;
/// Most bytes that are parsed.
pub const MOST_BYTES: u64 = 1 << 30;

/// What a table sums up to, fold by fold. All numbers are finite, all folds hold all columns, variances are not below 0.
#[derive(Debug, Clone)]
pub struct MomentsFile {
    /// File name, for the screen.
    pub name: String,
    /// Where it came from.
    pub source: Source,
    /// Names of the columns, all different, at least 2.
    pub columns: Vec<String>,
    /// What was subtracted from each column before it was averaged.
    pub origins: Vec<f64>,
    /// At least 2, in order of their labels: numbers first.
    pub folds: Vec<FoldSums>,
    /// Whether the file gives weights: else rows count alike.
    pub is_weighted: bool,
}

/// What the rows of one fold sum up to.
#[derive(Debug, Clone, PartialEq)]
pub struct FoldSums {
    /// Its label in words.
    pub label: String,
    /// At least 1.
    pub rows: u64,
    /// Sum of the case weights, above 0; the number of rows without.
    pub weight: f64,
    /// Of each column less its origin, in the user's units.
    pub means: Vec<f64>,
    /// Lower triangle, row by row: that of columns `i ≥ j` stands at `i (i + 1) / 2 + j`. Divisor: the weight.
    pub covariances: Vec<f64>,
}

/// One record, as it stands in the file.
#[derive(Debug, Deserialize)]
pub(super) struct Record<'a> {
    pub(super) fold: Value,
    pub(super) rows: u64,
    #[serde(default)]
    pub(super) weight: Option<f64>,
    #[serde(borrow)]
    pub(super) a: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) b: Cow<'a, str>,
    #[serde(default)]
    pub(super) origin: f64,
    #[serde(default)]
    pub(super) mean: Option<f64>,
    #[serde(default)]
    pub(super) covariance: Option<f64>,
}

/// The first record, of whatever version.
#[derive(Debug, Deserialize)]
struct Head {
    shrinkscope_moments: u64,
}

impl FoldSums {
    /// Covariance of two columns, divisor: the weight.
    pub fn covariance(&self, i: usize, j: usize) -> f64 {
        self.covariances.get(position(i, j)).copied().unwrap_or(f64::NAN)
    }
}

/// Where the pair of columns `i` and `j` stands in a lower triangle.
pub(super) fn position(i: usize, j: usize) -> usize {
    let (i, j) = (i.max(j), i.min(j));
    i * (i + 1) / 2 + j
}

/// Whether bytes begin as a file of moments does: to tell it from other JSON.
pub fn looks_like_moments(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head.get(..head.len().min(1 << 10)).unwrap_or_default());
    text.trim_start_matches(['\u{feff}', '[', ' ', '\n', '\r', '\t']).starts_with('{')
        && text.contains("\"shrinkscope_moments\"")
}

/// Whether a file begins so. What cannot be read does not: the loader says why.
pub fn holds_moments(path: &Path) -> bool {
    let head = Opened::new(path).and_then(|opened| opened.head(1 << 10));
    head.is_ok_and(|head| looks_like_moments(&head))
}

/// Reads a file of moments.
///
/// # Errors
/// [`MomentsError`] says what stands in the way, where, and what to do.
pub fn read_moments(path: &Path, tick: Tick<'_>) -> Result<MomentsFile, MomentsError> {
    let opened = Opened::new(path)?;
    if opened.length > MOST_BYTES {
        return Err(MomentsError::TooLarge { mib: opened.length >> 20 });
    }
    let bytes = opened.read_all(None, tick)?;
    opened.check_unchanged()?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let file = parse_moments(&name, &bytes)?;
    Ok(MomentsFile { source: opened.source(), ..file })
}

/// [`read_moments`] from memory.
///
/// # Errors
/// As [`read_moments`].
pub fn parse_moments(name: &str, bytes: &[u8]) -> Result<MomentsFile, MomentsError> {
    let length = bytes.len();
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let start = bytes.iter().position(|b| !b.is_ascii_whitespace()).ok_or(MomentsError::Empty)?;
    let is_list = bytes.get(start) == Some(&b'[');
    check_version(bytes.get(start + usize::from(is_list)..).unwrap_or_default())?;
    let mut all = Records::default();
    if is_list {
        let list: Vec<Record<'_>> = serde_json::from_slice(bytes).map_err(|error| syntax(&error))?;
        list.iter().try_for_each(|record| all.add(record))?;
    } else {
        for record in serde_json::Deserializer::from_slice(bytes).into_iter::<Record<'_>>() {
            all.add(&record.map_err(|error| syntax(&error))?)?;
        }
    }
    let source = Source::File { path: name.into(), bytes: length as u64, modified: None };
    all.finish(name, source)
}

/// Only the first record, of which nothing but the version is looked at.
fn check_version(bytes: &[u8]) -> Result<(), MomentsError> {
    let mut records = serde_json::Deserializer::from_slice(bytes).into_iter::<Head>();
    match records.next() {
        None => Err(MomentsError::Empty),
        Some(Ok(Head { shrinkscope_moments: VERSION })) => Ok(()),
        Some(Ok(Head { shrinkscope_moments: found })) => Err(MomentsError::Version { found }),
        Some(Err(_)) if bytes.starts_with(b"]") => Err(MomentsError::Empty),
        Some(Err(error)) if error.is_data() || !bytes.starts_with(b"{") => Err(MomentsError::OtherForm),
        Some(Err(error)) => Err(syntax(&error)),
    }
}

fn syntax(error: &serde_json::Error) -> MomentsError {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    // serde_json ends with the place, which stands at the beginning of our message.
    let place = format!(" at line {line} column {column}");
    MomentsError::Syntax { line, column, message: message.strip_suffix(&place).unwrap_or(&message).to_owned() }
}
