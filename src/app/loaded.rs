//! What was read: a table, a file whose rows are not kept, or moments made elsewhere.

use std::path::Path;
use std::sync::Arc;

use crate::app::cell_text::cell_styles;
use crate::app::data_view::Columns;
use crate::app::job::{Failure, file_name};
use crate::data::csv::{Tick, read_bytes};
use crate::data::error::ReadError;
use crate::data::moments_file::{
    MomentsError, MomentsFile, holds_moments, looks_like_moments, parse_moments, read_moments,
};
use crate::data::options::ImportOptions;
use crate::data::stream::{self, Opening, Stream};
use crate::data::table::Table;
use crate::insight::columns::{histograms, moment_summaries, summaries};

/// Bins of the small histograms.
const BINS: usize = 14;

/// A table with what is shown of its columns.
#[derive(Debug)]
pub struct Loaded {
    /// As read; of a file whose rows are not kept, its first records.
    pub table: Arc<Table>,
    /// Such a file.
    pub stream: Option<Arc<Stream>>,
    /// Moments in place of rows; the table then has no cells.
    pub moments: Option<Arc<MomentsFile>>,
    /// One histogram a column.
    pub histograms: Vec<Vec<u32>>,
    /// For the data view.
    pub columns: Columns,
}

impl From<Opening> for Loaded {
    fn from(opening: Opening) -> Self {
        match opening {
            Opening::Table(table) => table.into(),
            Opening::Stream(stream) => {
                let head = Self::from(Arc::clone(stream.head()));
                Self { stream: Some(stream), ..head }
            }
        }
    }
}

impl From<Table> for Loaded {
    fn from(table: Table) -> Self {
        Arc::new(table).into()
    }
}

impl From<Arc<Table>> for Loaded {
    fn from(table: Arc<Table>) -> Self {
        let summaries = summaries(&table.columns);
        let styles = cell_styles(&table, &summaries);
        let columns = Columns { summaries, styles };
        Self { histograms: histograms(&table.columns, BINS), columns, table, stream: None, moments: None }
    }
}

impl From<MomentsFile> for Loaded {
    fn from(file: MomentsFile) -> Self {
        let summaries = moment_summaries(&file);
        let mut loaded = Self::from(file.table());
        loaded.columns.summaries = summaries;
        Self { moments: Some(Arc::new(file)), ..loaded }
    }
}

/// Reads a file.
///
/// # Errors
/// [`Failure`] says why it cannot be read.
pub(super) fn load(path: &Path, options: &ImportOptions, tick: Tick<'_>) -> Result<Loaded, Failure> {
    let name = file_name(path);
    if holds_moments(path) {
        return loaded_moments(name, read_moments(path, tick));
    }
    stream::open(path, options, tick).map(Loaded::from).map_err(|source| read_failure(name, source))
}

/// Reads dropped bytes.
///
/// # Errors
/// As [`load`].
pub(super) fn load_bytes(name: String, bytes: &[u8], tick: Tick<'_>) -> Result<Loaded, Failure> {
    if looks_like_moments(bytes) {
        let file = parse_moments(&name, bytes);
        return loaded_moments(name, file);
    }
    let table = read_bytes(&name, bytes, &ImportOptions::default(), tick);
    table.map(Loaded::from).map_err(|source| read_failure(name, source))
}

fn loaded_moments(name: String, file: Result<MomentsFile, MomentsError>) -> Result<Loaded, Failure> {
    match file {
        Ok(file) => Ok(file.into()),
        Err(MomentsError::Read(source)) => Err(read_failure(name, source)),
        Err(source) => Err(Failure::Moments { name, source: Box::new(source) }),
    }
}

/// That a file was not read, or that nobody waits for it any more.
pub(super) fn read_failure(name: String, source: ReadError) -> Failure {
    match source {
        ReadError::Cancelled => Failure::Cancelled,
        source => Failure::Read { name, source },
    }
}
