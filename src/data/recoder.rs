//! A packed or recoded file as UTF-8 text, from its beginning on, a piece at a time.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};
use flate2::read::MultiGzDecoder;

use crate::data::error::ReadError;
use crate::data::open::io_error;
use crate::data::scanner;

/// Bytes that are decoded at a time.
const STEP: usize = if cfg!(test) { 61 } else { 1 << 18 };

/// How a file becomes text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recoding<'a> {
    pub(super) file: &'a File,
    pub(super) path: &'a Path,
    /// Its length in bytes at opening.
    pub(super) length: u64,
    /// Whether it is packed with gzip.
    pub(super) is_packed: bool,
    pub(super) encoding: &'static Encoding,
}

/// Reads a file and decodes it.
pub(super) struct Recoder<'a> {
    recoding: Recoding<'a>,
    bytes: Box<dyn Read + Send + 'a>,
    decoder: Decoder,
    /// Bytes that were read and not yet decoded.
    rest: Vec<u8>,
    is_end: bool,
}

impl<'a> Recoder<'a> {
    /// From the beginning of the file on.
    pub(super) fn new(recoding: Recoding<'a>) -> Result<Self, ReadError> {
        let Recoding { mut file, path, length, is_packed, encoding } = recoding;
        file.seek(SeekFrom::Start(0)).map_err(|e| io_error(e, path))?;
        let raw = file.take(length);
        let bytes: Box<dyn Read + Send + 'a> = if is_packed {
            Box::new(MultiGzDecoder::new(std::io::BufReader::with_capacity(1 << 16, raw)))
        } else {
            Box::new(raw)
        };
        Ok(Self { recoding, bytes, decoder: encoding.new_decoder(), rest: Vec::new(), is_end: false })
    }

    /// Bytes of the file that were read.
    pub(super) fn position(&self) -> u64 {
        let mut file = self.recoding.file;
        file.stream_position().unwrap_or(0)
    }

    /// Appends text until `out` has `length` bytes or more; whether it ends with them.
    pub(super) fn read(&mut self, length: usize, out: &mut Vec<u8>) -> Result<bool, ReadError> {
        while out.len() < length && !self.is_end {
            self.step(out)?;
        }
        Ok(self.is_end)
    }

    fn step(&mut self, out: &mut Vec<u8>) -> Result<(), ReadError> {
        let wanted = STEP - self.rest.len().min(STEP - 1);
        let got = self.bytes.by_ref().take(wanted as u64).read_to_end(&mut self.rest);
        let is_last = got.map_err(|error| self.refuse(error))? == 0;
        let start = out.len();
        let room = self.decoder.max_utf8_buffer_length(self.rest.len()).unwrap_or(4 * STEP);
        out.resize(start + room, 0);
        let target = out.get_mut(start..).unwrap_or_default();
        let (result, read, written, has_errors) = self.decoder.decode_to_utf8(&self.rest, target, is_last);
        out.truncate(start + written);
        self.rest.drain(..read);
        if has_errors {
            let is_lost = |at: &usize| out.get(*at..).is_some_and(|text| text.starts_with("\u{FFFD}".as_bytes()));
            let at = (start..out.len()).find(is_lost).unwrap_or(start);
            let before = out.get(..at).unwrap_or_default();
            let line_start = before.iter().rposition(|b| scanner::is_line_end(*b)).map_or(0, |s| s + 1);
            let (line, text) = (scanner::count_line_ends(before), scanner::clip_line(out, line_start));
            let encoding = self.recoding.encoding.name().to_owned();
            return Err(ReadError::InvalidEncoding { line, encoding, text });
        }
        self.is_end = is_last && result == CoderResult::InputEmpty;
        Ok(())
    }

    fn refuse(&self, error: std::io::Error) -> ReadError {
        if self.recoding.is_packed
            && matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::InvalidData | ErrorKind::UnexpectedEof)
        {
            return ReadError::Compressed { format: "gzip", problem: format!("it is damaged ({error})") };
        }
        io_error(error, self.recoding.path)
    }
}

impl std::fmt::Debug for Recoder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recoder").field("recoding", &self.recoding).finish_non_exhaustive()
    }
}

impl Recoding<'_> {
    /// The first `length` bytes of the file, unpacked and not decoded, and whether there are more.
    pub(super) fn head(self, length: usize) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        let mut recoder = Recoder::new(Self { encoding: UTF_8, ..self })?;
        recoder.bytes.by_ref().take(length as u64).read_to_end(&mut bytes).map_err(|error| recoder.refuse(error))?;
        Ok(bytes)
    }
}
