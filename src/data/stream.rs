//! A file too large to be kept: its first records as a table, and all of them in one pass that keeps no row.
//!
//! Names, types and levels are those of the first records. Where a later cell does not fit them, the pass goes on to see
//! all that does not fit, and begins anew, once, with what the whole file says: rows, names, notes and refusals are those
//! of the file read into memory.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::data::csv::{Tick, first_look, read_table, with_comment, with_remarks};
use crate::data::cut::Cut;
use crate::data::design_error::DesignError;
use crate::data::design_notes::Orders;
use crate::data::dialect::Dialect;
use crate::data::error::ReadError;
pub use crate::data::gather::RowSink;
use crate::data::gather::{self, Gather};
use crate::data::lane::Lane;
use crate::data::layout::Layout;
use crate::data::load::{Load, Stop, Typed};
use crate::data::notes::Note;
use crate::data::open::Opened;
use crate::data::options::ImportOptions;
use crate::data::recipe::Recipe;
pub use crate::data::recipe::RowBlock;
use crate::data::roles::Roles;
use crate::data::source::Text;
pub use crate::data::stream_design::Streamed;
use crate::data::stream_design::{features_of, finish};
use crate::data::stream_text::{Named, text_of, whole_records};
use crate::data::surprise::{self, Surprise, Whole};
use crate::data::survey::Survey;
use crate::data::table::{Column, Table, Values};
use crate::data::tally::Tally;
use crate::data::texts::{Class, classify};
use crate::data::way::Way;

/// How a file is cut: parts do not depend on the machine, so that sums over them do not either.
const CUT: Cut = if cfg!(test) {
    Cut { block: 97, pieces: Some(2), ..Cut::USUAL }
} else {
    Cut { block: 4 << 20, pieces: Some(4), ..Cut::USUAL }
};

/// Why there is no regression.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// The file was not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// No regression can be set up.
    #[error(transparent)]
    Design(#[from] DesignError),
    /// Means of training rows need all rows.
    #[error(
        "missing cells cannot be filled in where rows are not kept in memory; leave such rows out, or exclude the columns that lack cells"
    )]
    Imputes,
    /// Groups need all rows.
    #[error(
        "groups cannot be dealt to folds where rows are not kept in memory; let the folds be drawn, or use a column of folds"
    )]
    Groups,
    /// The second pass read something else than the first.
    #[error(
        "the file could not be read the same way twice; choose the type of column {column:?} in the import options"
    )]
    Unsteady {
        /// A column that was read in two ways.
        column: String,
    },
}

/// Why a pass ended early.
enum Halt {
    Stop(Stop),
    Design(DesignError),
    Unsteady { column: String },
}

impl From<ReadError> for Halt {
    fn from(error: ReadError) -> Self {
        Self::Stop(error.into())
    }
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl From<DesignError> for Halt {
    fn from(error: DesignError) -> Self {
        Self::Design(error)
    }
}

/// A file that was opened.
#[derive(Debug)]
pub enum Opening {
    /// Read into memory.
    Table(Table),
    /// Too large for that.
    Stream(Arc<Stream>),
}

impl Opening {
    fn of_stream(stream: Stream) -> Self {
        Self::Stream(Arc::new(stream))
    }
}

/// Reads a file, or opens it to be read in one pass if it is larger than memory or than the limit of `options`.
///
/// # Errors
/// As [`read_table`], and [`ReadError::NotStreamed`] for a text whose columns are parted by many blanks.
pub fn open(path: &Path, options: &ImportOptions, tick: Tick<'_>) -> Result<Opening, ReadError> {
    match read_table(path, options, tick) {
        Err(ReadError::TooLarge { .. }) => Stream::open(path, options, tick).map(Opening::of_stream),
        // It may have grown beyond what is unpacked into memory.
        Err(error @ ReadError::Compressed { .. }) => {
            Stream::open(path, options, tick).map(Opening::of_stream).map_err(|_packed| error)
        }
        table => table.map(Opening::Table),
    }
}

/// A file whose rows are not kept.
#[derive(Debug, Clone)]
pub struct Stream {
    named: Named,
    options: ImportOptions,
    dialect: Dialect,
    layout: Layout,
    ways: Vec<Way>,
    head: Arc<Table>,
}

impl Stream {
    /// Opens a file and reads its first records.
    ///
    /// # Errors
    /// As [`read_table`], and [`ReadError::NotStreamed`] for a text whose columns are parted by many blanks.
    pub fn open(path: &Path, options: &ImportOptions, tick: Tick<'_>) -> Result<Self, ReadError> {
        let opened = Opened::new(path)?;
        let stream = with_remarks(options, |options| Self::open_with(&opened, path, options, tick))?;
        opened.check_unchanged()?;
        Ok(stream)
    }

    fn open_with(opened: &Opened<'_>, path: &Path, options: &ImportOptions, tick: Tick<'_>) -> Result<Self, Stop> {
        let (text, encoding, encoding_notes) = text_of(opened, options)?;
        let (sample, dialect, layout) = first_look(text, options)?;
        let bytes = whole_records(text, &layout, dialect)?;
        let sample = sample.get(..bytes.len()).unwrap_or(&sample);
        // The first records are kept, whatever the limit.
        let unlimited = &ImportOptions { memory_limit: None, ..options.clone() };
        let (text, options) = (Text::Memory(&bytes), unlimited);
        let head = Load { text, sample, options, tick, cut: Cut::USUAL, dialect, layout: &layout };
        let typed = head.read_columns()?;
        let ways = Way::of_columns(&typed.columns);
        let named = Named { path: path.to_owned(), source: opened.source(), encoding, notes: encoding_notes };
        let mut table = named.name(head.assemble(typed));
        table.notes.insert(0, first_records_note(&table));
        Ok(Self { named, options: unlimited.clone(), dialect, layout, ways, head: Arc::new(table) })
    }

    /// The first records.
    pub fn head(&self) -> &Arc<Table> {
        &self.head
    }

    /// Sets up the regression of `roles`, positions in [`Stream::head`], and gives all complete rows to `sink`, in order.
    /// `seed` draws the rows that are kept for plots.
    ///
    /// # Errors
    /// [`StreamError`] says what stands in the way, where, and what to do.
    pub fn read(
        &self,
        roles: &Roles,
        seed: u64,
        sink: &mut dyn RowSink,
        tick: Tick<'_>,
    ) -> Result<Streamed, StreamError> {
        if roles.missing.imputes() {
            return Err(StreamError::Imputes);
        }
        if roles.group_column.is_some() {
            return Err(StreamError::Groups);
        }
        let opened = Opened::new(&self.named.path)?;
        if opened.source() != self.named.source {
            return Err(ReadError::ChangedWhileReading { path: self.named.path.clone() }.into());
        }
        let load = Load {
            text: text_of(&opened, &self.options)?.0,
            sample: &[],
            options: &self.options,
            tick,
            cut: CUT,
            dialect: self.dialect,
            layout: &self.layout,
        };
        let mut pass = Pass { stream: self, load: &load, roles, seed, ways: self.ways.clone() };
        let streamed = match pass.run_twice(sink) {
            Ok(streamed) => streamed,
            Err(Halt::Stop(Stop::Remarks)) => {
                let options = with_comment(&self.options);
                return Self::open(&self.named.path, &options, tick)?.read(roles, seed, sink, tick);
            }
            Err(Halt::Stop(Stop::Error(error))) => return Err(error.into()),
            Err(Halt::Design(error)) => return Err(error.into()),
            Err(Halt::Unsteady { column }) => return Err(StreamError::Unsteady { column }),
        };
        opened.check_unchanged()?;
        let mut streamed = streamed;
        streamed.table.notes.insert(0, one_pass_note(&streamed, &self.head));
        Ok(streamed)
    }
}

/// One pass, and another if need be.
struct Pass<'a> {
    stream: &'a Stream,
    load: &'a Load<'a>,
    roles: &'a Roles,
    seed: u64,
    ways: Vec<Way>,
}

/// How a pass ended.
enum Passed {
    Done(Box<Streamed>),
    /// The types of the columns were others: what all cells say.
    Surprised(Box<Table>, Surprise),
}

impl Pass<'_> {
    fn run_twice(&mut self, sink: &mut dyn RowSink) -> Result<Streamed, Halt> {
        let (table, surprise) = match self.run(&self.stream.head, sink)? {
            Passed::Done(streamed) => return Ok(*streamed),
            Passed::Surprised(table, surprise) => (table, surprise),
        };
        self.ways.clone_from(&surprise.ways);
        match self.run(&table, sink)? {
            Passed::Done(mut streamed) => {
                let note = surprise.into_note(&streamed.table);
                streamed.table.notes.insert(0, note);
                Ok(*streamed)
            }
            Passed::Surprised(_, surprise) => Err(Halt::Unsteady { column: surprise.column }),
        }
    }

    /// Reads all records, as the types of the columns of `table` say.
    fn run(&self, table: &Table, sink: &mut dyn RowSink) -> Result<Passed, Halt> {
        let (load, roles, ways) = (self.load, self.roles, &self.ways);
        let places = places(ways, table);
        let features = features_of(table, roles);
        let is_open = table.columns.get(roles.target).is_some_and(|target| may_be_numbers(target, load.options));
        let (candidates, features) = match features {
            // Nothing is known of the target yet: see what it holds.
            Err(_) if is_open => (Vec::new(), Vec::new()),
            features => features?,
        };
        let recipe = Recipe { roles, options: load.options, table, places: &places, ways, candidates, features };
        let is_surprised = AtomicBool::new(is_open);
        let mut gather = Gather::new(&recipe, self.seed, sink, &is_surprised);
        let lanes: Vec<Lane> = ways.iter().map(Way::lane).collect();
        let survey =
            load.survey(&lanes, &|part| gather::rows(&recipe, part, &is_surprised), &mut |part, records, lines| {
                gather.take(part, records, lines).map_err(Halt::from)
            })?;
        load.check_records(&survey.chunk)?;
        let whole = self.conclude(survey)?;
        if whole.ways != *ways || (is_surprised.load(Ordering::Relaxed) && !is_open) {
            let surprise = Surprise::new(&whole, ways);
            surprise::check_target(&whole, roles.target)?;
            return Ok(Passed::Surprised(Box::new(whole.table), surprise));
        }
        features_of(table, roles)?;
        let streamed = finish(whole.table, &recipe, gather, &whole.orders)?;
        Ok(Passed::Done(Box::new(streamed)))
    }

    /// What all cells say, from a survey of them.
    fn conclude(&self, survey: Survey) -> Result<Whole, Halt> {
        let Survey { chunk: pass, tallies, .. } = survey;
        let (names, name_notes) = self.load.names()?;
        let head = &self.stream.head;
        let mut known: Vec<&[f64]> = vec![&[]; names.len()];
        for (column, place) in head.columns.iter().zip(places(&self.stream.ways, head)) {
            if let (Values::Numbers(values), Some(known)) = (&column.values, known.get_mut(place)) {
                *known = values;
            }
        }
        let missing = self.load.options.missing_tokens.as_deref();
        let unfit = self.ways.iter().zip(&tallies).map(|(way, tally)| tally.unfit(way, missing)).collect();
        let last_cells = tallies.iter().map(|tally| tally.last_two().map(|cell| cell.map(str::to_owned))).collect();
        let mut counting: Vec<bool> = tallies.iter().map(Tally::counts).collect();
        let mut in_time: Vec<bool> = tallies.iter().map(Tally::is_in_time).collect();
        let columns = self.load.conclude(&names, tallies, &known)?;
        let ways = Way::of_columns(&columns);
        let typed = Typed { names, name_notes, columns, pass, last_cells: Some(last_cells) };
        let table = self.stream.named.name(self.load.assemble(typed));
        let places = places(&ways, &table);
        let at_places = |all: &mut Vec<bool>| places.iter().map(|place| all.get(*place) == Some(&true)).collect();
        let orders = Orders { counting: at_places(&mut counting), in_time: at_places(&mut in_time) };
        Ok(Whole { table, ways, unfit, places, orders })
    }
}

const MORE_MEMORY: &str = "allow more memory in the import options, or ignore columns there, to keep all rows";

/// That a table is but the beginning of a file.
fn first_records_note(table: &Table) -> Note {
    let n = table.n_records;
    let action = format!(
        "the file is larger than memory allows: its rows are read in one pass and not kept; the table shows the first {n}"
    );
    Note::file("streamed", action, MORE_MEMORY)
}

/// That rows were not kept.
fn one_pass_note(streamed: &Streamed, head: &Table) -> Note {
    let (n, first, drawn) = (streamed.table.n_records, head.n_records, streamed.design.y.len());
    let action = format!(
        "{n} rows read in one pass and not kept: the table shows the first {first}, plots show {drawn} drawn by the seed"
    );
    Note::file("streamed", action, MORE_MEMORY)
}

/// Whether a column that is none of numbers may be one once more of its cells are known: as far as there are any, they
/// can be read as numbers in some way, or are one word of a pair such as yes and no.
fn may_be_numbers(column: &Column, options: &ImportOptions) -> bool {
    let missing = options.missing_tokens.as_deref();
    let is_open = |level: &String| !matches!(classify(level.trim(), missing), Class::Text | Class::Date);
    matches!(&column.values, Values::Levels { levels, .. } if levels.iter().all(is_open))
}

/// Place in the file of each column of a table that was read so.
fn places(ways: &[Way], table: &Table) -> Vec<usize> {
    let read = ways.iter().enumerate().filter(|(_, way)| **way != Way::Skip);
    read.map(|(place, _)| place).take(table.columns.len()).collect()
}
