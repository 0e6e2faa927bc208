//! Passes over a text in a known dialect, until every column is typed.
//!
//! The first pass reads each column in the lane that the first records suggest. A column that turns out to be something
//! else is read once more, as text; its type is then decided from all its cells.

use rayon::prelude::*;

use crate::data::cell::NumberFormat;
use crate::data::chunk::{self, Chunk, Plan};
use crate::data::columns::{self, Finished, Told};
use crate::data::csv::Tick;
use crate::data::cut::Cut;
use crate::data::dialect::Dialect;
use crate::data::error::ReadError;
use crate::data::file_notes;
use crate::data::findings::Findings;
use crate::data::lane::{Lane, Sink};
use crate::data::layout::Layout;
use crate::data::memory;
use crate::data::names;
use crate::data::notes::Note;
use crate::data::options::{ImportOptions, Ragged, Separator, TypeChoice};
use crate::data::source::{Block, Text};
use crate::data::split;
use crate::data::table::{Column, Source, Table};

/// Most columns of a table.
const COLUMN_LIMIT: usize = 1_000_000;
/// Cells that are typed between two ticks.
const CELLS: usize = 1 << 21;

/// Why a pass ended early.
pub(super) enum Stop {
    Error(ReadError),
    /// All ragged records begin with `#`: they are remarks.
    Remarks,
}

impl From<ReadError> for Stop {
    fn from(error: ReadError) -> Self {
        Self::Error(error)
    }
}

/// One load of text in a known dialect.
pub(super) struct Load<'a> {
    pub(super) text: Text<'a>,
    /// The beginning of the text.
    pub(super) sample: &'a [u8],
    pub(super) options: &'a ImportOptions,
    pub(super) tick: Tick<'a>,
    pub(super) cut: Cut,
    pub(super) dialect: Dialect,
    pub(super) layout: &'a Layout,
}

/// A column that is done, with what it has to say.
pub(super) type Done = Option<(Column, Box<Told>)>;

/// All columns, typed.
pub(super) struct Typed {
    pub(super) names: Vec<String>,
    pub(super) name_notes: Vec<Note>,
    /// One a column of the file; `None` where it is ignored.
    pub(super) columns: Vec<Done>,
    /// What was seen of lines and records.
    pub(super) pass: Chunk,
    /// Of each column of the file, the last cell but one and the last, where cells were not kept.
    pub(super) last_cells: Option<Vec<[Option<String>; 2]>>,
}

impl Load<'_> {
    /// Reads the table.
    pub(super) fn read(&self) -> Result<Table, Stop> {
        Ok(self.assemble(self.read_columns()?))
    }

    /// The names of the columns, with what was done to them.
    pub(super) fn names(&self) -> Result<(Vec<String>, Vec<Note>), ReadError> {
        let layout = self.layout;
        if layout.width > COLUMN_LIMIT {
            let line = layout.header.unwrap_or(layout.body_line);
            let (columns, limit) = (layout.width, COLUMN_LIMIT);
            return Err(ReadError::TooWide { line, columns, limit });
        }
        let (names, notes) = names::unique(layout);
        self.check_types(&names)?;
        Ok((names, notes))
    }

    /// Reads all columns.
    pub(super) fn read_columns(&self) -> Result<Typed, Stop> {
        let (names, name_notes) = self.names()?;
        let mut columns: Vec<Done> = names.iter().map(|_| None).collect();
        let mut lanes = self.plan(&names)?;
        let mut doubt = vec![false; names.len()];
        let mut first_pass: Option<Chunk> = None;
        while first_pass.is_none() || lanes.iter().any(|lane| *lane != Lane::Skip) {
            let mut pass = self.pass(&lanes)?;
            if first_pass.is_none() {
                self.check_records(&pass)?;
            }
            let sinks = std::mem::take(&mut pass.sinks);
            first_pass.get_or_insert(pass);
            let finished = self.finish(self.text.len(), &names, sinks, &doubt)?;
            for ((slot, lane), finished) in columns.iter_mut().zip(&mut lanes).zip(finished) {
                match finished {
                    Finished::Again(again) => *lane = again,
                    Finished::Column(column, told) => {
                        *slot = Some((column, told));
                        *lane = Lane::Skip;
                    }
                }
            }
            self.doubt_points(&columns, &mut lanes, &mut doubt);
        }
        Ok(Typed { names, name_notes, columns, pass: first_pass.unwrap_or_default(), last_cells: None })
    }

    /// Types the columns of a pass, some side by side; asks between them whether to go on.
    fn finish(&self, done: u64, names: &[String], sinks: Vec<Sink>, doubt: &[bool]) -> Result<Vec<Finished>, Stop> {
        let n_records = sinks.iter().map(Sink::len).max().unwrap_or(0);
        let batch = (CELLS / n_records.max(1)).max(rayon::current_num_threads());
        let mut finished = Vec::with_capacity(sinks.len());
        let mut rest = sinks.into_iter();
        while rest.len() > 0 {
            let at = finished.len();
            let some: Vec<Sink> = rest.by_ref().take(batch).collect();
            let end = at + some.len();
            let (names, doubt) = (names.get(at..end).unwrap_or_default(), doubt.get(at..end).unwrap_or_default());
            let columns = (some, names, doubt).into_par_iter();
            finished.par_extend(columns.map(|(sink, name, doubt)| columns::finish(name, sink, self.options, *doubt)));
            if (self.tick)(done, self.text.len()).is_break() {
                return Err(ReadError::Cancelled.into());
            }
        }
        Ok(finished)
    }

    fn check_types(&self, names: &[String]) -> Result<(), ReadError> {
        let unknown = self.options.types.keys().find(|name| !names.contains(name));
        match unknown {
            None => Ok(()),
            Some(column) => {
                let some: Vec<&str> = names.iter().take(8).map(String::as_str).collect();
                let more = if names.len() > 8 { ", …" } else { "" };
                let names = format!("{}{more}", some.join(", "));
                Err(ReadError::UnknownColumn { column: column.clone(), names })
            }
        }
    }

    /// Lanes for the first pass: what the first records suggest, or numbers where a second pass costs little.
    fn plan(&self, names: &[String]) -> Result<Vec<Lane>, Stop> {
        let mut lanes: Vec<Lane> = names.iter().map(|name| self.first_lane(name)).collect();
        let is_complete = self.sample.len() as u64 == self.text.len();
        let body = self.sample.get(self.layout.body_start..).unwrap_or_default();
        let window = body.get(..self.cut.sample).unwrap_or(body);
        if is_complete && window.len() == body.len() {
            return Ok(lanes);
        }
        let end_of = |bytes: &[u8]| split::ends(bytes, false, self.dialect, 1).last().copied();
        let Some(end) = end_of(window).or_else(|| end_of(body)) else {
            return Ok(lanes);
        };
        let bytes = body.get(..end).unwrap_or_default();
        let sure = vec![false; names.len()];
        let mut planned = lanes.clone();
        while lanes.iter().any(|lane| *lane != Lane::Skip) {
            let sample = chunk::read(bytes, &self.chunk_plan(&lanes), Vec::new());
            let sample = sample.map_err(|e| e.below(self.layout.body_line))?;
            let finished = self.finish(0, names, sample.sinks, &sure)?;
            for ((lane, planned), finished) in lanes.iter_mut().zip(&mut planned).zip(finished) {
                *lane = match finished {
                    Finished::Again(again) => again,
                    Finished::Column(_, told) => {
                        *planned = told.format.map_or(Lane::Text, Lane::Number);
                        Lane::Skip
                    }
                };
            }
        }
        Ok(planned)
    }

    /// Plain numbers, unless the user has said how numbers are written or what the column is.
    fn first_lane(&self, name: &str) -> Lane {
        let are_marks_open = self.options.decimal.is_none() && self.options.thousands.is_none();
        match self.options.types.get(name) {
            Some(TypeChoice::Ignore) => Lane::Skip,
            None if are_marks_open => Lane::Number(NumberFormat::PLAIN),
            _ => Lane::Text,
        }
    }

    pub(super) fn chunk_plan<'b>(&'b self, lanes: &'b [Lane]) -> Plan<'b> {
        Plan {
            dialect: self.dialect,
            width: self.layout.width,
            lanes,
            ragged: self.options.ragged,
            missing: self.options.missing_tokens.as_deref(),
        }
    }

    /// Reads all records into the given lanes: one block is read while the parts of the one before are taken apart.
    fn pass(&self, lanes: &[Lane]) -> Result<Chunk, Stop> {
        let plan = self.chunk_plan(lanes);
        let mut all = Chunk::new(lanes, self.layout.body_line);
        let mut blocks = self.text.blocks(self.layout.body_start as u64, self.dialect, self.layout.width, self.cut);
        let total = self.text.len();
        let mut next = blocks.next_block().map_err(|e| e.below(all.lines))?;
        let mut spare = Vec::new();
        while let Some(block) = next {
            let (parsed, following) = rayon::join(|| parse(&block, &plan, &mut spare), || blocks.next_block());
            let first_part = block.ends.first().copied().unwrap_or(1);
            for part in parsed {
                let part = part.map_err(|error| error.below(all.lines))?;
                if all.n_records == 0 {
                    memory::reserve(&mut all.sinks, part.n_records, first_part, total, self.options.memory_limit)?;
                }
                spare.push(all.append(part));
            }
            blocks.recycle(block);
            next = following.map_err(|error| error.below(all.lines))?;
            if (self.tick)(blocks.position(), total).is_break() {
                return Err(ReadError::Cancelled.into());
            }
        }
        Ok(all)
    }

    /// Refuses what the records as a whole forbid.
    pub(super) fn check_records(&self, pass: &Chunk) -> Result<(), Stop> {
        let odd = &pass.oddities;
        if odd.n_ragged() > 0 && self.options.ragged == Ragged::Refuse {
            if odd.ragged_remarks && self.options.comment.is_none() && pass.n_records > 0 {
                return Err(Stop::Remarks);
            }
            let short_first = odd.long.count == 0 || (odd.short.count > 0 && odd.short.line < odd.long.line);
            let first = if short_first { &odd.short } else { &odd.long };
            return Err(ReadError::Ragged {
                line: first.line,
                found: odd.ragged_width,
                expected: self.layout.width,
                count: odd.n_ragged(),
                text: first.text.clone(),
            }
            .into());
        }
        if pass.n_records == 0 {
            let (line, text) = self.layout.last_line.clone();
            return Err(ReadError::NoDataRows { line, text }.into());
        }
        Ok(())
    }

    /// Where another column, or the delimiter, speaks for the decimal comma, `1.234` may be 1234: such columns are read
    /// again as text.
    pub(super) fn doubt_points(&self, columns: &[Done], lanes: &mut [Lane], doubt: &mut [bool]) {
        let told = || columns.iter().flatten().map(|(_, told)| told);
        let undecided = lanes.iter().any(|lane| *lane != Lane::Skip);
        // Semicolons divide cells where commas stand in numbers.
        let may_use_comma = self.dialect.quoting.delimiter == b';' && !told().any(|t| columns::uses_point(t));
        let is_open = may_use_comma || told().any(|t| columns::uses_comma(t));
        if undecided || self.options.decimal.is_some() || !is_open {
            return;
        }
        for ((column, lane), doubt) in columns.iter().zip(lanes).zip(doubt) {
            let chosen = |c: &Column| self.options.types.contains_key(&c.name);
            if let Some((column, told)) = column
                && columns::is_doubtful(told)
                && !chosen(column)
            {
                *lane = Lane::Text;
                *doubt = true;
            }
        }
    }

    pub(super) fn assemble(&self, typed: Typed) -> Table {
        let Typed { names, name_notes, columns, pass, last_cells } = typed;
        let mut findings = Findings::default();
        let mut notes = self.layout.notes.clone();
        let mut table_columns = Vec::with_capacity(columns.len());
        let mut last_two = Vec::with_capacity(columns.len());
        let last = columns.len().saturating_sub(1);
        let mut drops_last = false;
        let uses_comma = columns.iter().flatten().any(|(_, told)| columns::uses_comma(told));
        for (j, (column, told)) in columns.into_iter().enumerate().filter_map(|(j, c)| Some((j, c?))) {
            let is_blank = self.layout.names.get(j).is_some_and(|n| n.trim().is_empty());
            if j == last && j > 0 && is_blank && column.n_missing == pass.n_records {
                drops_last = true;
                continue;
            }
            told.report(j, &mut findings);
            columns::compare_marks(uses_comma, &told, j, &mut findings);
            last_two.push(match &last_cells {
                Some(known) => known.get(j).cloned().unwrap_or_default(),
                None => column.last_two(),
            });
            table_columns.push(column);
        }
        notes.extend(name_notes.into_iter().filter(|n| !(drops_last && n.kind == "empty_header")));
        let table = Table {
            name: String::new(),
            source: Source::Example(""),
            columns: table_columns,
            n_records: pass.n_records,
            notes: Vec::new(),
            dialect: self.describe(),
            line_marks: pass.marks,
        };
        notes.extend(file_notes::delimiter(self.dialect, self.options));
        notes.extend(file_notes::oddities(&pass.oddities, self.options.ragged));
        notes.extend(drops_last.then(file_notes::last_column_dropped));
        notes.extend(findings.into_notes(&names, &|record| table.line(record)));
        notes.extend(file_notes::total(&table, &last_two));
        notes.extend(file_notes::size(&table));
        Table { notes, ..table }
    }

    /// What divides the cells, for the status line.
    fn describe(&self) -> String {
        if self.dialect.single {
            return "one column".to_owned();
        }
        let delimiter = Separator::new(self.dialect.quoting.delimiter);
        delimiter.map_or_else(String::new, Separator::describe)
    }
}

/// Reads the parts of a block, side by side, into the sinks of parts that are done.
fn parse(block: &Block<'_>, plan: &Plan<'_>, spare: &mut Vec<Vec<Sink>>) -> Vec<Result<Chunk, ReadError>> {
    let starts = std::iter::once(0).chain(block.ends.iter().copied());
    let parts = starts.zip(&block.ends).filter_map(|(start, end)| block.bytes.get(start..*end));
    let parts: Vec<_> = parts.map(|part| (part, spare.pop().unwrap_or_default())).collect();
    parts.into_par_iter().map(|(part, sinks)| chunk::read(part, plan, sinks)).collect()
}
