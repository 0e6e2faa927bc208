//! Bytes → UTF-8: byte order marks, a choice of the user, or Windows-1252 where the bytes are no UTF-8.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::data::error::ReadError;
use crate::data::notes::Note;
use crate::data::scanner;

/// Text in UTF-8 with the name of the encoding it came in.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, [u8]>,
    pub(super) name: &'static str,
    pub(super) notes: Vec<Note>,
}

pub(super) const UTF_8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Whether a file that begins so must be decoded as a whole.
pub(super) fn needs_decoding(head: &[u8], label: Option<&str>) -> bool {
    let is_utf_8 = label.is_none_or(|l| Encoding::for_label(l.as_bytes()) == Some(UTF_8));
    let marks: [&[u8]; 3] = [b"\xFF\xFE", b"\xFE\xFF", b"\0\0\xFE\xFF"];
    !is_utf_8 || marks.iter().any(|mark| head.starts_with(mark))
}

/// Decodes a whole file. `label` is the user's choice, if any.
pub(super) fn decode<'a>(bytes: &'a [u8], label: Option<&str>) -> Result<Decoded<'a>, ReadError> {
    if bytes.starts_with(b"\xFF\xFE\0\0") || bytes.starts_with(b"\0\0\xFE\xFF") {
        return Err(invalid(bytes, 0, "UTF-8: it begins with the mark of UTF-32"));
    }
    if let Some(label) = label {
        let unknown = || ReadError::UnknownEncoding { label: label.to_owned() };
        let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(unknown)?;
        if encoding == UTF_8 {
            return utf_8(bytes, true);
        }
        return with(encoding, bytes, Vec::new());
    }
    for (mark, encoding) in [(b"\xFF\xFE", UTF_16LE), (b"\xFE\xFF", UTF_16BE)] {
        if bytes.starts_with(mark) {
            let action = format!("read as {}, as the file's first bytes say", encoding.name());
            let note = Note::file("encoding", action, "choose another encoding in the import options");
            return with(encoding, bytes, vec![note]);
        }
    }
    utf_8(bytes, false)
}

fn utf_8(bytes: &[u8], is_chosen: bool) -> Result<Decoded<'_>, ReadError> {
    let body = bytes.strip_prefix(UTF_8_MARK).unwrap_or(bytes);
    match std::str::from_utf8(body) {
        Ok(_) => Ok(Decoded { text: Cow::Borrowed(body), name: "UTF-8", notes: Vec::new() }),
        Err(error) => {
            let at = error.valid_up_to();
            if let Some(at) = body.iter().position(|b| *b == 0) {
                let (line, text) = (line_of(body, at), line_text(body, at));
                return Err(ReadError::NulByte { line, text });
            }
            if is_chosen || body.len() < bytes.len() || !is_windows_1252(body) {
                return Err(invalid(body, at, "UTF-8"));
            }
            let decoded = with(WINDOWS_1252, body, Vec::new())?;
            let words = sample_words(&decoded.text);
            let action = format!("not UTF-8: read as Windows-1252, which gives {}", words.join(", "));
            let note =
                Note::file("encoding", action, "choose the encoding in the import options if these words look wrong")
                    .at(line_of(body, at))
                    .with_text(words.first().map_or("", String::as_str));
            Ok(Decoded { notes: vec![note], ..decoded })
        }
    }
}

/// Whether bytes that are no UTF-8 may be Windows-1252: none of its gaps, and no character that can only be UTF-8.
fn is_windows_1252(bytes: &[u8]) -> bool {
    let gap = bytes.iter().any(|b| matches!(b, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D | 0));
    let utf_8 = bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
    !gap && !utf_8
}

fn with<'a>(encoding: &'static Encoding, bytes: &'a [u8], notes: Vec<Note>) -> Result<Decoded<'a>, ReadError> {
    let (text, _, has_errors) = encoding.decode(bytes);
    if has_errors {
        let at = text.find('\u{FFFD}').unwrap_or(0);
        return Err(invalid(text.as_bytes(), at, encoding.name()));
    }
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    };
    Ok(Decoded { text, name: encoding.name(), notes })
}

fn invalid(bytes: &[u8], at: usize, encoding: &str) -> ReadError {
    ReadError::InvalidEncoding { line: line_of(bytes, at), encoding: encoding.to_owned(), text: line_text(bytes, at) }
}

fn line_of(bytes: &[u8], at: usize) -> u64 {
    1 + scanner::count_line_ends(bytes.get(..at).unwrap_or_default())
}

fn line_text(bytes: &[u8], at: usize) -> String {
    let before = bytes.get(..at).unwrap_or_default();
    let start = before.iter().rposition(|b| scanner::is_line_end(*b)).map_or(0, |s| s + 1);
    // Long lines: what stands shortly before the place.
    scanner::clip_line(bytes, start.max(at.saturating_sub(20)))
}

/// Up to three words with letters outside ASCII.
fn sample_words(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_ascii());
    // Where there are none, signs: 5 €.
    let signs =
        text.split(|c: char| c.is_ascii_punctuation() || c.is_control()).map(str::trim).filter(|w| !w.is_ascii());
    let mut found: Vec<String> = Vec::new();
    for word in words.chain(signs) {
        if !found.iter().any(|f| f == word) {
            found.push(scanner::clip(word));
        }
        if found.len() == 3 {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_is_read_by_its_mark() {
        let mut bytes = b"\xFF\xFE".to_vec();
        bytes.extend("a,é\n".encode_utf16().flat_map(u16::to_le_bytes));
        let decoded = decode(&bytes, None).unwrap();
        assert_eq!(decoded.text.as_ref(), "a,é\n".as_bytes());
        assert_eq!(decoded.notes[0].kind, "encoding");
    }

    #[test]
    fn one_broken_line_in_utf_8_is_refused_with_its_line() {
        let error = decode(b"a,b\n\xC3\xA9,1\n\xE9,2\n", None).unwrap_err();
        assert!(matches!(error, ReadError::InvalidEncoding { line: 3, .. }), "{error}");
    }

    #[test]
    fn windows_1252_is_shown_with_words() {
        let decoded = decode(b"name\nJos\xE9\n", None).unwrap();
        assert_eq!(decoded.name, "windows-1252");
        assert!(decoded.notes[0].action.contains("José"));
    }

    #[test]
    fn unknown_labels_are_named() {
        let error = decode(b"a", Some("utf-9")).unwrap_err();
        assert_eq!(error.kind(), "unknown_encoding");
    }
}
