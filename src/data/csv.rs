//! The loader: what it reads is right, or it says so.
//!
//! Bytes → UTF-8 (`encoding`) → dialect and header guessed from the first lines (`dialect`, `layout`) → records in
//! blocks (`chunk`) → typed columns (`columns`). Every guess becomes a [`Note`]; what cannot be read without
//! guessing in silence becomes a [`ReadError`].

use std::ops::ControlFlow;
use std::path::Path;

use crate::data::chunk::{self, Chunk, Plan};
use crate::data::columns::{self, Finished, Told};
use crate::data::dialect::{self, Dialect, Sample};
use crate::data::encoding;
use crate::data::error::ReadError;
use crate::data::file_notes;
use crate::data::findings::Findings;
use crate::data::lane::Lane;
use crate::data::layout::Layout;
use crate::data::names;
use crate::data::notes::Note;
use crate::data::open;
use crate::data::options::{Comment, ImportOptions, Ragged, Separator, TypeChoice};
use crate::data::scanner;
use crate::data::table::{Column, Source, Table};

/// Told how many bytes of how many are done, at least once per MiB; `Break` stops the load with [`ReadError::Cancelled`].
pub type Tick<'a> = &'a dyn Fn(u64, u64) -> ControlFlow<()>;

/// A tick for loads that nobody waits for.
pub fn no_tick(_done: u64, _total: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Most columns of a table.
pub const COLUMN_LIMIT: usize = 1_000_000;
/// Longest record.
const RECORD_LIMIT: usize = 64 << 20;
/// Bytes of the first look at a file.
const SAMPLE: usize = 1 << 18;
/// Bytes read between two ticks.
const BLOCK: usize = 1 << 20;

/// Reads a file.
///
/// # Errors
/// [`ReadError`] says what stands in the way, where, and what to do.
pub fn read_table(
    path: &Path,
    options: &ImportOptions,
    tick: Tick<'_>,
) -> Result<Table, ReadError> {
    let (bytes, source) = open::read_file(path, tick)?;
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    let mut table = read_bytes(&name, &bytes, options, tick)?;
    table.source = source;
    Ok(table)
}

/// Reads the bytes of a file, as dropped on the window.
///
/// # Errors
/// As [`read_table`].
pub fn read_bytes(
    name: &str,
    bytes: &[u8],
    options: &ImportOptions,
    tick: Tick<'_>,
) -> Result<Table, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::EmptyFile);
    }
    let unpacked = open::unpack(bytes, tick)?;
    let (bytes, packed) = match &unpacked {
        Some((text, note)) => (text.as_slice(), Some(note.clone())),
        None => (bytes, None),
    };
    let decoded = encoding::decode(bytes, options.encoding.as_deref())?;
    let mut table = read_text(&decoded.text, options, tick)?;
    name.clone_into(&mut table.name);
    table.source = Source::File {
        path: name.into(),
        bytes: bytes.len() as u64,
        modified: None,
    };
    table.dialect = format!("{}, {}", decoded.name, table.dialect);
    table.notes = packed
        .into_iter()
        .chain(decoded.notes)
        .chain(table.notes)
        .collect();
    Ok(table)
}

/// Reads UTF-8 text.
fn read_text(bytes: &[u8], options: &ImportOptions, tick: Tick<'_>) -> Result<Table, ReadError> {
    let (dialect, layout) = first_look(bytes, options)?;
    match (Load {
        bytes,
        options,
        tick,
        dialect,
        layout: &layout,
    })
    .read()
    {
        Err(Stop::Remarks) => {
            // Every ragged record begins with #, below the first look.
            let options = ImportOptions {
                comment: Some(Comment::Start(b'#')),
                ..options.clone()
            };
            let (dialect, layout) = first_look(bytes, &options)?;
            let again = Load {
                bytes,
                options: &options,
                tick,
                dialect,
                layout: &layout,
            }
            .read();
            again.map_err(|stop| match stop {
                Stop::Error(error) => error,
                Stop::Remarks => ReadError::EmptyFile,
            })
        }
        Err(Stop::Error(error)) => Err(error),
        Ok(table) => Ok(table),
    }
}

/// Dialect and layout from the first lines: more of them if they are long.
fn first_look(bytes: &[u8], options: &ImportOptions) -> Result<(Dialect, Layout), ReadError> {
    let mut length = SAMPLE;
    loop {
        let complete = length >= bytes.len();
        let sample = Sample {
            bytes: bytes.get(..length).unwrap_or(bytes),
            complete,
        };
        let few = !complete
            && sample
                .bytes
                .iter()
                .filter(|b| scanner::is_line_end(**b))
                .count()
                < 20;
        if few && length < RECORD_LIMIT {
            length *= 4;
            continue;
        }
        if bytes.iter().take(length).all(u8::is_ascii_whitespace) && complete {
            return Err(ReadError::NoDataRows {
                line: 1,
                text: String::new(),
            });
        }
        if let Some(at) = sample.bytes.iter().position(|b| *b == 0) {
            let before = sample.bytes.get(..at).unwrap_or_default();
            let start = before
                .iter()
                .rposition(|b| scanner::is_line_end(*b))
                .map_or(0, |s| s + 1);
            let line = 1 + scanner::count_line_ends(before);
            return Err(ReadError::NulByte {
                line,
                text: scanner::clip_line(bytes, start),
            });
        }
        return dialect::sniff(sample, options);
    }
}

/// Why a pass ended early.
enum Stop {
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
struct Load<'a> {
    bytes: &'a [u8],
    options: &'a ImportOptions,
    tick: Tick<'a>,
    dialect: Dialect,
    layout: &'a Layout,
}

impl Load<'_> {
    fn read(&self) -> Result<Table, Stop> {
        let layout = self.layout;
        if layout.width > COLUMN_LIMIT {
            let line = layout.header.unwrap_or(layout.body_line);
            let error = ReadError::TooWide {
                line,
                columns: layout.width,
                limit: COLUMN_LIMIT,
            };
            return Err(error.into());
        }
        let (names, name_notes) = names::unique(layout);
        self.check_types(&names)?;
        let mut columns: Vec<Option<(Column, Box<Told>)>> = names.iter().map(|_| None).collect();
        let mut lanes = self.plan(&names)?;
        let mut doubt = vec![false; names.len()];
        let mut first_pass: Option<Chunk> = None;
        while lanes.iter().any(|lane| *lane != Lane::Skip) {
            let mut pass = self.pass(&lanes)?;
            if first_pass.is_none() {
                self.check_records(&pass)?;
            }
            let sinks = std::mem::take(&mut pass.sinks);
            first_pass.get_or_insert(pass);
            for (j, sink) in sinks.into_iter().enumerate() {
                let (Some(lane), Some(slot), Some(name)) =
                    (lanes.get_mut(j), columns.get_mut(j), names.get(j))
                else {
                    continue;
                };
                if *lane == Lane::Skip {
                    continue;
                }
                let doubtful = doubt.get(j).copied().unwrap_or(false);
                *lane = match columns::finish(name, sink, self.options, doubtful) {
                    Finished::Again(lane) => lane,
                    Finished::Column(column, told) => {
                        *slot = Some((column, told));
                        Lane::Skip
                    }
                };
            }
            self.doubt_points(&columns, &mut lanes, &mut doubt);
        }
        let pass = match first_pass {
            Some(pass) => pass,
            None => self.pass(&lanes)?,
        };
        Ok(self.assemble(&names, columns, pass, name_notes))
    }

    fn check_types(&self, names: &[String]) -> Result<(), ReadError> {
        let unknown = self.options.types.keys().find(|name| !names.contains(name));
        match unknown {
            None => Ok(()),
            Some(column) => {
                let some: Vec<&str> = names.iter().take(8).map(String::as_str).collect();
                let more = if names.len() > 8 { ", …" } else { "" };
                let names = format!("{}{more}", some.join(", "));
                Err(ReadError::UnknownColumn {
                    column: column.clone(),
                    names,
                })
            }
        }
    }

    /// Lanes for the first pass: numbers where the first records are numbers.
    fn plan(&self, names: &[String]) -> Result<Vec<Lane>, Stop> {
        let is_ignored = |name: &String| self.options.types.get(name) == Some(&TypeChoice::Ignore);
        let text_lanes: Vec<Lane> = names
            .iter()
            .map(|n| {
                if is_ignored(n) {
                    Lane::Skip
                } else {
                    Lane::Text
                }
            })
            .collect();
        let end = self.cut(self.layout.body_start, SAMPLE);
        if end == self.bytes.len() {
            return Ok(text_lanes);
        }
        let sample = self.block(
            self.layout.body_start,
            end,
            &text_lanes,
            self.layout.body_line,
        )?;
        let lanes =
            sample
                .sinks
                .into_iter()
                .zip(names)
                .zip(&text_lanes)
                .map(|((sink, name), lane)| {
                    if *lane == Lane::Skip {
                        return Lane::Skip;
                    }
                    match columns::finish(name, sink, self.options, false) {
                        Finished::Column(_, told) => told.format.map_or(Lane::Text, Lane::Number),
                        Finished::Again(lane) => lane,
                    }
                });
        Ok(lanes.collect())
    }

    /// Reads all records into the given lanes.
    fn pass(&self, lanes: &[Lane]) -> Result<Chunk, Stop> {
        let mut all = Chunk::new(lanes, self.layout.body_line);
        let mut at = self.layout.body_start;
        let total = self.bytes.len() as u64;
        while at < self.bytes.len() {
            let end = self.cut(at, BLOCK);
            if end - at > RECORD_LIMIT {
                let text = scanner::clip_line(self.bytes, at);
                let (line, bytes) = (all.lines, end - at);
                return Err(ReadError::TooLong {
                    line,
                    found: "a record",
                    bytes,
                    limit: RECORD_LIMIT,
                    text,
                }
                .into());
            }
            let block = self.block(at, end, lanes, all.lines)?;
            all.append(block);
            at = end;
            if (self.tick)(u64::midpoint(total, at as u64), total).is_break() {
                return Err(ReadError::Cancelled.into());
            }
        }
        Ok(all)
    }

    fn block(
        &self,
        start: usize,
        end: usize,
        lanes: &[Lane],
        line: u64,
    ) -> Result<Chunk, ReadError> {
        let plan = Plan {
            dialect: self.dialect,
            width: self.layout.width,
            lanes,
            ragged: self.options.ragged,
            missing: self.options.missing_tokens.as_deref(),
        };
        let bytes = self.bytes.get(start..end).unwrap_or_default();
        chunk::read(bytes, &plan).map_err(|error| error.below(line))
    }

    /// Where a block of about `size` bytes from `start` on may end: behind a record.
    fn cut(&self, start: usize, size: usize) -> usize {
        let quoting = self.dialect.quoting;
        let mut target = start.saturating_add(size);
        loop {
            let Some(window) = self.bytes.get(start..target) else {
                return self.bytes.len();
            };
            if quoting.quote.is_some_and(|q| window.contains(&q)) {
                break;
            }
            // The last byte may be the CR of a CRLF.
            let inner = window.get(..window.len() - 1).unwrap_or_default();
            match inner.iter().rposition(|b| scanner::is_line_end(*b)) {
                Some(at) => return scanner::skip_line_end(self.bytes, start + at),
                None => target = target.saturating_add(size),
            }
        }
        let mut at = start;
        let mut spans = Vec::new();
        while at < target.min(self.bytes.len()) {
            let is_remark = self.dialect.comment.is_some()
                && self.bytes.get(at).copied() == self.dialect.comment;
            at = if is_remark {
                scanner::skip_line_end(self.bytes, scanner::line_end(self.bytes, at))
            } else {
                spans.clear();
                scanner::scan_record(self.bytes, at, quoting, &mut spans).next
            };
        }
        at
    }

    /// Refuses what the records as a whole forbid.
    fn check_records(&self, pass: &Chunk) -> Result<(), Stop> {
        let odd = &pass.oddities;
        if odd.n_ragged() > 0 && self.options.ragged == Ragged::Refuse {
            if odd.ragged_remarks && self.options.comment.is_none() && pass.n_records > 0 {
                return Err(Stop::Remarks);
            }
            let short_first =
                odd.long.count == 0 || (odd.short.count > 0 && odd.short.line < odd.long.line);
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

    /// Where one column proves the decimal comma, `1.234` in another may be 1234: read such columns again as text.
    fn doubt_points(
        &self,
        columns: &[Option<(Column, Box<Told>)>],
        lanes: &mut [Lane],
        doubt: &mut [bool],
    ) {
        let told = || columns.iter().flatten().map(|(_, told)| told);
        let undecided = lanes.iter().any(|lane| *lane != Lane::Skip);
        if undecided || self.options.decimal.is_some() || !told().any(|t| columns::uses_comma(t)) {
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

    fn assemble(
        &self,
        names: &[String],
        columns: Vec<Option<(Column, Box<Told>)>>,
        pass: Chunk,
        name_notes: Vec<Note>,
    ) -> Table {
        let mut findings = Findings::default();
        let mut notes = self.layout.notes.clone();
        let mut table_columns = Vec::with_capacity(columns.len());
        let last = columns.len().saturating_sub(1);
        let mut drops_last = false;
        let uses_comma = columns
            .iter()
            .flatten()
            .any(|(_, told)| columns::uses_comma(told));
        for (j, (column, told)) in columns
            .into_iter()
            .enumerate()
            .filter_map(|(j, c)| Some((j, c?)))
        {
            let is_blank = self
                .layout
                .names
                .get(j)
                .is_some_and(|n| n.trim().is_empty());
            if j == last && j > 0 && is_blank && column.n_missing == pass.n_records {
                drops_last = true;
                continue;
            }
            told.report(j, &mut findings);
            columns::compare_marks(uses_comma, &told, j, &mut findings);
            table_columns.push(column);
        }
        notes.extend(
            name_notes
                .into_iter()
                .filter(|n| !(drops_last && n.kind == "empty_header")),
        );
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
        notes.extend(findings.into_notes(names, &|record| table.line(record)));
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
