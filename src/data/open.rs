//! From a path to bytes: what is no file is refused before it is opened, what is no text before it is read.

use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read, Seek};
use std::path::Path;
use std::time::SystemTime;

use crate::data::csv::Tick;
use crate::data::encoding;
use crate::data::error::ReadError;
use crate::data::memory;
use crate::data::moments_file::looks_like_moments;
use crate::data::notes::Note;
use crate::data::recoder::Recoding;
use crate::data::source::Text;
use crate::data::table::Source;

const GZIP: &[u8] = b"\x1F\x8B";
/// Bytes that are read between two calls of the tick.
const STEP: u64 = 1 << 20;
/// Bytes of a text that tell its encoding.
const HEAD: usize = if cfg!(test) { 300 } else { 32 << 20 };
/// Most bytes that a packed file may grow to.
const UNPACKED_LIMIT: u64 = 2 << 30;
/// Most bytes a packed byte may grow to.
const RATIO_LIMIT: u64 = 200;

/// A file as it was at opening.
#[derive(Debug)]
pub(super) struct Opened<'a> {
    path: &'a Path,
    file: File,
    /// Its length in bytes; no more is read.
    pub(super) length: u64,
    modified: Option<SystemTime>,
}

impl<'a> Opened<'a> {
    /// Opens a file; what is none is refused before.
    pub(super) fn new(path: &'a Path) -> Result<Self, ReadError> {
        let before = std::fs::metadata(path).map_err(|e| io_error(e, path))?;
        check_kind(&before, path)?;
        let file = open(path).map_err(|e| io_error(e, path))?;
        let metadata = file.metadata().map_err(|e| io_error(e, path))?;
        check_kind(&metadata, path)?;
        let (length, modified) = (metadata.len(), metadata.modified().ok());
        Ok(Self { path, file, length, modified })
    }

    /// All its bytes.
    pub(super) fn read_all(&self, limit: Option<u64>, tick: Tick<'_>) -> Result<Vec<u8>, ReadError> {
        let error = |e| io_error(e, self.path);
        let mut bytes = Vec::new();
        memory::check(self.length, limit)?;
        bytes.reserve_exact(self.length as usize);
        let mut file = &self.file;
        file.rewind().map_err(error)?;
        while (bytes.len() as u64) < self.length {
            let step = STEP.min(self.length - bytes.len() as u64);
            let got = file.take(step).read_to_end(&mut bytes).map_err(error)?;
            if got == 0 {
                return Err(ReadError::ChangedWhileReading { path: self.path.to_owned() });
            }
            if tick(0, self.length).is_break() {
                return Err(ReadError::Cancelled);
            }
        }
        Ok(bytes)
    }

    /// Its first bytes.
    pub(super) fn head(&self, length: usize) -> Result<Vec<u8>, ReadError> {
        let text = Text::File { file: &self.file, path: self.path, start: 0, end: self.length };
        text.head(length).map(|(bytes, _)| bytes.into_owned())
    }

    /// Its text, if it needs no decoding as far as its first bytes and the user's choice tell.
    pub(super) fn utf_8_text(&'a self, label: Option<&str>) -> Result<Option<Text<'a>>, ReadError> {
        let whole = Text::File { file: &self.file, path: self.path, start: 0, end: self.length };
        let (head, _) = whole.head(1 << 13)?;
        let needs_decoding = encoding::needs_decoding(&head, label) || head.starts_with(GZIP);
        if needs_decoding {
            return Ok(None);
        }
        check_magic(&head)?;
        let start = if head.starts_with(encoding::UTF_8_MARK) { 3 } else { 0 };
        let (file, path, end) = (&self.file, self.path, self.length);
        Ok(Some(Text::File { file, path, start, end }))
    }

    /// Its text, decoded as it is read: what is packed with gzip, and what is not UTF-8 by its first bytes or the user's
    /// choice. With the name of the encoding and notes.
    pub(super) fn recoded_text(
        &'a self,
        label: Option<&str>,
    ) -> Result<(Text<'a>, &'static str, Vec<Note>), ReadError> {
        let (file, path, length) = (&self.file, self.path, self.length);
        let (first, _) = Text::File { file, path, start: 0, end: length }.head(GZIP.len())?;
        let is_packed = first.starts_with(GZIP);
        let mut recoding = Recoding { file, path, length, is_packed, encoding: encoding_rs::UTF_8 };
        let head = recoding.head(HEAD)?;
        if is_packed && head.starts_with(GZIP) {
            return Err(ReadError::Compressed { format: "gzip", problem: "it is packed twice".to_owned() });
        }
        check_magic(&head)?;
        let (encoding, mut notes) = encoding::guess(&head, label)?;
        recoding.encoding = encoding;
        if is_packed {
            let action = "unpacked with gzip as it is read".to_owned();
            notes.insert(0, Note::file("compressed", action, "none needed"));
        }
        Ok((Text::Recoded(recoding), encoding.name(), notes))
    }

    /// Refuses if it has changed since.
    pub(super) fn check_unchanged(&self) -> Result<(), ReadError> {
        let after = std::fs::metadata(self.path).map_err(|e| io_error(e, self.path))?;
        if after.len() != self.length || after.modified().ok() != self.modified {
            return Err(ReadError::ChangedWhileReading { path: self.path.to_owned() });
        }
        Ok(())
    }

    pub(super) fn source(&self) -> Source {
        Source::File { path: self.path.to_owned(), bytes: self.length, modified: self.modified }
    }
}

/// Opens for reading, never waiting for the other end of a pipe.
#[cfg(target_os = "linux")]
fn open(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    /// `O_NONBLOCK`
    const NON_BLOCKING: i32 = 0o4000;
    File::options().read(true).custom_flags(NON_BLOCKING).open(path)
}

#[cfg(not(target_os = "linux"))]
fn open(path: &Path) -> std::io::Result<File> {
    File::open(path)
}

fn check_kind(metadata: &Metadata, path: &Path) -> Result<(), ReadError> {
    if metadata.is_dir() {
        return Err(ReadError::IsDirectory { path: path.to_owned() });
    }
    if !metadata.is_file() {
        return Err(ReadError::NotRegularFile { found: special_kind(metadata), path: path.to_owned() });
    }
    Ok(())
}

#[cfg(unix)]
fn special_kind(metadata: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special_kind(_metadata: &Metadata) -> &'static str {
    "a device"
}

pub(super) fn io_error(source: std::io::Error, path: &Path) -> ReadError {
    let path = path.to_owned();
    match source.kind() {
        ErrorKind::NotFound => ReadError::NotFound { path },
        ErrorKind::PermissionDenied => ReadError::PermissionDenied { path },
        ErrorKind::IsADirectory => ReadError::IsDirectory { path },
        _ => ReadError::Io { source, path },
    }
}

/// Unpacks gzip, with a cap; refuses what is no text by its first bytes.
pub(super) fn unpack(bytes: &[u8], tick: Tick<'_>) -> Result<Option<(Vec<u8>, Note)>, ReadError> {
    if !bytes.starts_with(GZIP) {
        check_magic(bytes)?;
        return Ok(None);
    }
    let packed = bytes.len() as u64;
    let limit = UNPACKED_LIMIT.min(packed.saturating_mul(RATIO_LIMIT).max(STEP));
    let problem = |problem: String| ReadError::Compressed { format: "gzip", problem };
    // Its last four bytes say how long the text is, if it is one piece of less than 4 GiB.
    let told = bytes.last_chunk().map_or(0, |length| u64::from(u32::from_le_bytes(*length)));
    let mut text = Vec::with_capacity(told.min(limit).min(packed.saturating_mul(8)) as usize);
    let mut decoder = flate2::read::MultiGzDecoder::new(bytes);
    loop {
        let got = decoder.by_ref().take(STEP).read_to_end(&mut text);
        let got = got.map_err(|e| problem(format!("it is damaged ({e})")))?;
        if got == 0 {
            break;
        }
        if text.len() as u64 > limit {
            return Err(problem(format!("it grows beyond {} MiB", limit >> 20)));
        }
        memory::check(text.len() as u64, None)?;
        if tick(packed / 2, packed).is_break() {
            return Err(ReadError::Cancelled);
        }
    }
    if text.starts_with(GZIP) {
        return Err(problem("it is packed twice".to_owned()));
    }
    check_magic(&text)?;
    let action = format!("unpacked with gzip: {} KiB of text", text.len().div_ceil(1024));
    Ok(Some((text, Note::file("compressed", action, "none needed"))))
}

/// First bytes of formats that are no text, with what they are.
const PACKED: [(&[u8], &str); 5] = [
    (b"BZh91AY&SY", "bzip2"),
    (b"\xFD7zXZ\0", "xz"),
    (b"\x28\xB5\x2F\xFD", "zstd"),
    (b"7z\xBC\xAF\x27\x1C", "7-Zip"),
    (b"Rar!\x1A\x07", "RAR"),
];

const BINARY: [(&[u8], &str); 16] = [
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Excel or Office file"),
    (b"%PDF-", "a PDF file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PAR1\x15", "a Parquet file"),
    (b"ARROW1\0", "an Arrow file"),
    (b"FEA1\0", "a Feather file"),
    (b"\x89HDF\r\n", "an HDF5 file"),
    (b"\x89PNG\r\n", "a picture"),
    (b"\xFF\xD8\xFF", "a picture"),
    (b"GIF87a", "a picture"),
    (b"GIF89a", "a picture"),
    (b"RDX2\n", "an R data file"),
    (b"RDX3\n", "an R data file"),
    (b"$FL2@(#)", "an SPSS file"),
    (b"<stata_dta>", "a Stata file"),
    (b"{\\rtf", "an RTF document"),
];

fn check_magic(bytes: &[u8]) -> Result<(), ReadError> {
    const EXPORT: &str = "save or export it as CSV and open that";
    let refuse = |found| Err(ReadError::NotDelimitedText { found, remedy: EXPORT });
    if bytes.starts_with(b"PK\x03\x04") {
        let head = bytes.get(..bytes.len().min(8192)).unwrap_or_default();
        let holds = |name: &[u8]| head.windows(name.len()).any(|w| w == name);
        if holds(b"xl/") || holds(b"[Content_Types].xml") || holds(b"mimetype") {
            return refuse("an Excel or Office file (zip)");
        }
        let problem = "only gzip is unpacked here".to_owned();
        return Err(ReadError::Compressed { format: "zip", problem });
    }
    for (magic, format) in PACKED {
        if bytes.starts_with(magic) {
            let problem = "only gzip is unpacked here".to_owned();
            return Err(ReadError::Compressed { format, problem });
        }
    }
    if let Some((_, found)) = BINARY.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return refuse(found);
    }
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let head = body.get(..body.len().min(64)).unwrap_or_default().to_ascii_lowercase();
    for tag in [&b"<!doctype html"[..], b"<html", b"<table", b"<head", b"<body"] {
        if head.starts_with(tag) {
            return refuse("a web page (HTML)");
        }
    }
    if head.starts_with(b"<?xml") || head.starts_with(b"<!doctype") {
        return refuse("an XML file");
    }
    if looks_like_moments(body) {
        let remedy = "analyze it with --moments, or open it in the window";
        return Err(ReadError::NotDelimitedText { found: "a file of moments", remedy });
    }
    if is_json(body) {
        return refuse("JSON");
    }
    Ok(())
}

/// Whether the text begins as JSON does and no header would: `{"a"` or `[{`, `["`, `[[`.
fn is_json(text: &[u8]) -> bool {
    let inner = text.get(1..).unwrap_or_default().trim_ascii_start().first();
    match text.first() {
        Some(b'{') => matches!(inner, Some(b'"' | b'}')),
        Some(b'[') => matches!(inner, Some(b'{' | b'"' | b'[' | b']')),
        _ => false,
    }
}
