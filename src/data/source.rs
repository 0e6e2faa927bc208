//! UTF-8 text in memory or in a file, handed out in blocks of whole records.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::data::cut::Cut;
use crate::data::dialect::Dialect;
use crate::data::error::ReadError;
use crate::data::open::io_error;
use crate::data::recoder::{Recoder, Recoding};
use crate::data::scanner::{self, QuoteProblem};
use crate::data::split;

/// Times as much in a block where records are so wide that it would hold few of them.
const WIDER: usize = 4;
/// Columns of such records.
const WIDE: usize = 1000;
/// Longest record.
const RECORD_LIMIT: usize = 64 << 20;

/// Text that can be read more than once.
#[derive(Debug, Clone, Copy)]
pub(super) enum Text<'a> {
    Memory(&'a [u8]),
    /// A file too large to be kept; `start` is behind its byte order mark, `end` its length at opening.
    File {
        file: &'a File,
        path: &'a Path,
        start: u64,
        end: u64,
    },
    /// As [`Text::File`], and not UTF-8: read from its beginning on only.
    Recoded(Recoding<'a>),
}

/// Whole records: where they begin in the text, and the ends of parts that can be read side by side.
#[derive(Debug)]
pub(super) struct Block<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) ends: Vec<usize>,
}

impl<'a> Text<'a> {
    /// Length in bytes, of the file if that must be decoded.
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Recoded(recoding) => recoding.length,
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File { start, end, .. } => end - start,
        }
    }

    /// The first `length` bytes or somewhat more, and whether these are all there are.
    pub(super) fn head(&self, length: usize) -> Result<(Cow<'a, [u8]>, bool), ReadError> {
        let mut head = Vec::new();
        match self {
            Self::Memory(bytes) => {
                let head = bytes.get(..length).unwrap_or(bytes);
                Ok((Cow::Borrowed(head), head.len() == bytes.len()))
            }
            Self::File { .. } => {
                let length = self.len().min(length as u64);
                self.read(0, length, &mut head)?;
                Ok((Cow::Owned(head), length == self.len()))
            }
            Self::Recoded(recoding) => {
                let is_end = Recoder::new(*recoding)?.read(length, &mut head).map_err(|error| error.below(1))?;
                Ok((Cow::Owned(head), is_end))
            }
        }
    }

    /// Appends `length` bytes from `at` on to `bytes`.
    fn read(&self, at: u64, length: u64, bytes: &mut Vec<u8>) -> Result<(), ReadError> {
        let Self::File { mut file, path, start, .. } = *self else {
            return Ok(());
        };
        file.seek(SeekFrom::Start(start + at)).map_err(|e| io_error(e, path))?;
        let got = file.take(length).read_to_end(bytes).map_err(|e| io_error(e, path))?;
        if (got as u64) < length {
            return Err(ReadError::ChangedWhileReading { path: path.to_owned() });
        }
        Ok(())
    }

    /// Blocks from `at` on, of records of `width` cells.
    pub(super) fn blocks(self, at: u64, dialect: Dialect, width: usize, cut: Cut) -> Blocks<'a> {
        let size = if width < WIDE { cut.block } else { WIDER * cut.block }.max(1);
        Blocks { text: self, at, size, dialect, cut, carried: Vec::new(), spare: Vec::new(), recoder: None }
    }
}

/// The blocks of a text, one after the other.
#[derive(Debug)]
pub(super) struct Blocks<'a> {
    text: Text<'a>,
    /// Where the next bytes are to be read.
    at: u64,
    /// Bytes of a block.
    size: usize,
    dialect: Dialect,
    cut: Cut,
    /// The beginning of a record whose end has not been read.
    carried: Vec<u8>,
    /// Room of a block that is done, for the next one.
    spare: Vec<u8>,
    /// What decodes the text, once it does.
    recoder: Option<Recoder<'a>>,
}

/// Decodes a text up to `at`; what comes behind goes into `rest`.
fn begin<'a>(recoding: Recoding<'a>, at: u64, rest: &mut Vec<u8>) -> Result<Recoder<'a>, ReadError> {
    let mut recoder = Recoder::new(recoding)?;
    recoder.read(at as usize, rest)?;
    rest.drain(..rest.len().min(at as usize));
    Ok(recoder)
}

impl<'a> Blocks<'a> {
    /// How much of [`Text::len`] is done.
    pub(super) fn position(&self) -> u64 {
        match &self.recoder {
            Some(recoder) => recoder.position(),
            None => self.at - self.carried.len() as u64,
        }
    }

    /// The next block. Errors count lines from its beginning.
    pub(super) fn next_block(&mut self) -> Result<Option<Block<'a>>, ReadError> {
        let mut size = self.size;
        loop {
            let (bytes, is_end) = self.fill(size)?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let ends = split::ends(&bytes, is_end, self.dialect, self.cut.pieces());
            if let Some(&last) = ends.last() {
                return Ok(Some(self.hand_out(bytes, last, ends)));
            }
            if bytes.len() > RECORD_LIMIT {
                return Err(self.too_long(&bytes));
            }
            size = bytes.len() * 2;
            self.put_back(bytes);
        }
    }

    /// About `size` bytes from the beginning of the next record on, and whether the text ends with them.
    fn fill(&mut self, size: usize) -> Result<(Cow<'a, [u8]>, bool), ReadError> {
        match self.text {
            Text::Memory(all) => {
                let rest = all.get(self.at as usize..).unwrap_or_default();
                let bytes = rest.get(..size).unwrap_or(rest);
                Ok((Cow::Borrowed(bytes), bytes.len() == rest.len()))
            }
            Text::File { .. } => {
                let mut bytes = std::mem::take(&mut self.spare);
                bytes.clear();
                bytes.append(&mut self.carried);
                let wanted = size.saturating_sub(bytes.len()).max(1) as u64;
                let length = wanted.min(self.text.len() - self.at);
                bytes.reserve_exact(length as usize + 1);
                self.text.read(self.at, length, &mut bytes)?;
                self.at += length;
                Ok((Cow::Owned(bytes), self.at == self.text.len()))
            }
            Text::Recoded(recoding) => {
                let mut bytes = std::mem::take(&mut self.spare);
                bytes.clear();
                let recoder = match &mut self.recoder {
                    Some(recoder) => recoder,
                    None => self.recoder.insert(begin(recoding, self.at, &mut self.carried)?),
                };
                bytes.append(&mut self.carried);
                let is_end = recoder.read(size.max(bytes.len() + 1), &mut bytes)?;
                Ok((Cow::Owned(bytes), is_end))
            }
        }
    }

    fn hand_out(&mut self, bytes: Cow<'a, [u8]>, last: usize, ends: Vec<usize>) -> Block<'a> {
        let bytes = match bytes {
            Cow::Borrowed(bytes) => {
                self.at += last as u64;
                Cow::Borrowed(bytes.get(..last).unwrap_or_default())
            }
            Cow::Owned(mut bytes) => {
                self.carried.extend_from_slice(bytes.get(last..).unwrap_or_default());
                bytes.truncate(last);
                Cow::Owned(bytes)
            }
        };
        Block { bytes, ends }
    }

    /// Takes back a block that is done.
    pub(super) fn recycle(&mut self, block: Block<'a>) {
        if let Cow::Owned(bytes) = block.bytes {
            self.spare = bytes;
        }
    }

    fn put_back(&mut self, bytes: Cow<'a, [u8]>) {
        if let Cow::Owned(bytes) = bytes {
            self.carried = bytes;
        }
    }

    fn too_long(&self, bytes: &[u8]) -> ReadError {
        let scanned = scanner::scan_record(bytes, 0, self.dialect.quoting, &mut Vec::new());
        if let Some(QuoteProblem::Unterminated { at }) = scanned.problem {
            let line = scanner::count_line_ends(bytes.get(..at).unwrap_or_default());
            return ReadError::UnterminatedQuote { line, text: scanner::clip_line(bytes, at) };
        }
        ReadError::TooLong {
            line: 0,
            found: "a record",
            bytes: bytes.len(),
            limit: RECORD_LIMIT,
            text: scanner::clip_line(bytes, 0),
        }
    }
}
