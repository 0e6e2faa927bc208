//! The loader: what it reads is right, or it says so.
//!
//! Bytes → UTF-8 (`encoding`) → dialect and header guessed from the first lines (`dialect`, `layout`) → records in
//! blocks (`chunk`) → typed columns (`columns`). Every guess becomes a [`Note`]; what cannot be read without
//! guessing in silence becomes a [`ReadError`].

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::path::Path;

use crate::data::blanks;
use crate::data::chunk;
use crate::data::cut::Cut;
use crate::data::dialect::{Dialect, Sample};
use crate::data::encoding;
use crate::data::error::ReadError;
use crate::data::layout::Layout;
use crate::data::load::{Load, Stop};
use crate::data::notes::Note;
use crate::data::open::{self, Opened};
use crate::data::options::{Comment, ImportOptions, Separator};
use crate::data::scanner;
use crate::data::sniff;
use crate::data::source::Text;
use crate::data::table::{Source, Table};

/// Told how many bytes of how many are done, every few MiB; `Break` stops the load with [`ReadError::Cancelled`].
pub type Tick<'a> = &'a dyn Fn(u64, u64) -> ControlFlow<()>;

/// A tick for loads that nobody waits for.
pub fn no_tick(_done: u64, _total: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Bytes of the first look at a file.
const SAMPLE: usize = 1 << 18;
/// Bytes of the first look at most.
const LARGEST_SAMPLE: usize = 64 << 20;

/// Reads a file.
///
/// # Errors
/// [`ReadError`] says what stands in the way, where, and what to do.
pub fn read_table(path: &Path, options: &ImportOptions, tick: Tick<'_>) -> Result<Table, ReadError> {
    read_table_cut(path, options, tick, Cut::USUAL)
}

/// [`read_table`] for the fuzzers, cut as they like.
#[doc(hidden)]
pub fn read_table_cut(path: &Path, options: &ImportOptions, tick: Tick<'_>, cut: Cut) -> Result<Table, ReadError> {
    let opened = Opened::new(path)?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let streamed = if opened.length > cut.stream_from { stream(&opened, options, tick, cut)? } else { None };
    let mut table = match streamed {
        Some(table) => table,
        None => read_owned(&name, opened.read_all(options.memory_limit, tick)?, options, tick, cut)?,
    };
    opened.check_unchanged()?;
    table.name = name.into_owned();
    table.source = opened.source();
    Ok(table)
}

/// Reads a large UTF-8 file without keeping it; `None` if it must be decoded first.
fn stream(opened: &Opened<'_>, options: &ImportOptions, tick: Tick<'_>, cut: Cut) -> Result<Option<Table>, ReadError> {
    let Some(text) = opened.utf_8_text(options.encoding.as_deref())? else {
        return Ok(None);
    };
    if options.delimiter.is_none() && blanks::is_aligned(head(&text.head(1 << 14)?.0)) {
        return Ok(None);
    }
    match read_text(text, options, tick, cut) {
        // All of the file decides whether it is Windows-1252.
        Err(ReadError::InvalidEncoding { .. }) if options.encoding.is_none() => Ok(None),
        Err(error) => Err(error),
        Ok(table) => {
            let dialect = format!("UTF-8, {}", table.dialect);
            Ok(Some(Table { dialect, ..table }))
        }
    }
}

/// Reads the bytes of a file, as dropped on the window.
///
/// # Errors
/// As [`read_table`].
pub fn read_bytes(name: &str, bytes: &[u8], options: &ImportOptions, tick: Tick<'_>) -> Result<Table, ReadError> {
    read_bytes_cut(name, bytes, options, tick, Cut::USUAL)
}

/// [`read_bytes`] for the fuzzers, cut as they like.
#[doc(hidden)]
pub fn read_bytes_cut(
    name: &str,
    bytes: &[u8],
    options: &ImportOptions,
    tick: Tick<'_>,
    cut: Cut,
) -> Result<Table, ReadError> {
    match open::unpack(bytes, tick)? {
        Some((text, note)) => read_unpacked(name, &text, Some(note), options, tick, cut),
        None => read_unpacked(name, bytes, None, options, tick, cut),
    }
}

/// [`read_bytes`] without keeping packed bytes when they are unpacked.
fn read_owned(
    name: &str,
    bytes: Vec<u8>,
    options: &ImportOptions,
    tick: Tick<'_>,
    cut: Cut,
) -> Result<Table, ReadError> {
    match open::unpack(&bytes, tick)? {
        Some((text, note)) => {
            drop(bytes);
            read_unpacked(name, &text, Some(note), options, tick, cut)
        }
        None => read_unpacked(name, &bytes, None, options, tick, cut),
    }
}

fn read_unpacked(
    name: &str,
    bytes: &[u8],
    packed: Option<Note>,
    options: &ImportOptions,
    tick: Tick<'_>,
    cut: Cut,
) -> Result<Table, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::EmptyFile);
    }
    let decoded = encoding::decode(bytes, options.encoding.as_deref(), tick)?;
    let aligned = options.delimiter.is_none() && blanks::is_aligned(head(&decoded.text));
    let mut table = if aligned {
        let options = ImportOptions { delimiter: Some(Separator::BLANK), ..options.clone() };
        let collapsed = blanks::collapse(&decoded.text);
        let mut table = read_text(Text::Memory(&collapsed), &options, tick, cut)?;
        table.notes.insert(0, blanks::note());
        table
    } else {
        read_text(Text::Memory(&decoded.text), options, tick, cut)?
    };
    name.clone_into(&mut table.name);
    table.source = Source::File { path: name.into(), bytes: bytes.len() as u64, modified: None };
    table.dialect = format!("{}, {}", decoded.name, table.dialect);
    table.notes = packed.into_iter().chain(decoded.notes).chain(table.notes).collect();
    Ok(table)
}

/// The first bytes of a text, for a glance.
fn head(text: &[u8]) -> &[u8] {
    text.get(..1 << 14).unwrap_or(text)
}

/// Reads UTF-8 text.
fn read_text(text: Text<'_>, options: &ImportOptions, tick: Tick<'_>, cut: Cut) -> Result<Table, ReadError> {
    with_remarks(options, |options| read_once(text, options, tick, cut))
}

/// Reads something, once more if its ragged records prove to be remarks.
pub(super) fn with_remarks<T>(
    options: &ImportOptions,
    read: impl Fn(&ImportOptions) -> Result<T, Stop>,
) -> Result<T, ReadError> {
    match read(options) {
        Ok(done) => Ok(done),
        Err(Stop::Error(error)) => Err(error),
        Err(Stop::Remarks) => read(&with_comment(options)).map_err(|stop| match stop {
            Stop::Error(error) => error,
            Stop::Remarks => ReadError::EmptyFile,
        }),
    }
}

/// The same options for a file whose remarks begin with `#`.
pub(super) fn with_comment(options: &ImportOptions) -> ImportOptions {
    ImportOptions { comment: Some(Comment::Start(b'#')), ..options.clone() }
}

fn read_once(text: Text<'_>, options: &ImportOptions, tick: Tick<'_>, cut: Cut) -> Result<Table, Stop> {
    let (sample, dialect, layout) = first_look(text, options)?;
    Load { text, sample: &sample, options, tick, cut, dialect, layout: &layout }.read()
}

/// The first lines, more of them if they are long, with dialect and layout.
pub(super) fn first_look<'a>(
    text: Text<'a>,
    options: &ImportOptions,
) -> Result<(Cow<'a, [u8]>, Dialect, Layout), ReadError> {
    let mut length = SAMPLE;
    loop {
        let (bytes, complete) = text.head(length)?;
        let is_short = || {
            let wanted = if length < 16 * SAMPLE { 20 } else { 3 };
            bytes.iter().filter(|b| scanner::is_line_end(**b)).take(wanted).count() < wanted
        };
        if !complete && length < LARGEST_SAMPLE && is_short() {
            length *= 4;
            continue;
        }
        check_sample(&bytes, complete)?;
        let (dialect, layout) = sniff::sniff(Sample { bytes: &bytes, complete }, options)?;
        return Ok((bytes, dialect, layout));
    }
}

/// Refuses a first look without text, or with bytes that no text holds.
fn check_sample(bytes: &[u8], complete: bool) -> Result<(), ReadError> {
    if complete && bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::NoDataRows { line: 1, text: String::new() });
    }
    match chunk::check_text(bytes) {
        // The sample may end inside a character.
        Err(ReadError::InvalidEncoding { .. }) if !complete && chunk::is_cut_text(bytes) => Ok(()),
        other => other.map_err(|error| error.below(1)),
    }
}
