//! Bytes → UTF-8: byte order marks, a choice of the user, or Windows-1252 where the bytes are no UTF-8.

use std::borrow::Cow;

use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::data::chunk;
use crate::data::csv::{Tick, no_tick};
use crate::data::error::ReadError;
use crate::data::memory;
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
pub(super) fn decode<'a>(bytes: &'a [u8], label: Option<&str>, tick: Tick<'_>) -> Result<Decoded<'a>, ReadError> {
    if bytes.starts_with(b"\xFF\xFE\0\0") || bytes.starts_with(b"\0\0\xFE\xFF") {
        return Err(invalid(bytes, 0, "UTF-8: it begins with the mark of UTF-32", tick));
    }
    if let Some(label) = label {
        let unknown = || ReadError::UnknownEncoding { label: label.to_owned() };
        let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(unknown)?;
        if encoding == UTF_8 {
            return utf_8(bytes, true, tick);
        }
        return with(encoding, bytes, Vec::new(), tick);
    }
    match utf_16(bytes) {
        Some((encoding, note)) => with(encoding, bytes, vec![note], tick),
        None => utf_8(bytes, false, tick),
    }
}

/// The encoding of a text that begins with the mark of UTF-16.
fn utf_16(bytes: &[u8]) -> Option<(&'static Encoding, Note)> {
    let marks = [(b"\xFF\xFE", UTF_16LE), (b"\xFE\xFF", UTF_16BE)];
    let (_, encoding) = marks.into_iter().find(|(mark, _)| bytes.starts_with(*mark))?;
    let action = format!("read as {}, as the file's first bytes say", encoding.name());
    Some((encoding, Note::file("encoding", action, "choose another encoding in the import options")))
}

/// The encoding of a text that begins so; of one that is not kept, its first bytes decide.
pub(super) fn guess(head: &[u8], label: Option<&str>) -> Result<(&'static Encoding, Vec<Note>), ReadError> {
    if let Some(label) = label {
        let encoding = Encoding::for_label(label.as_bytes());
        return Ok((encoding.ok_or_else(|| ReadError::UnknownEncoding { label: label.to_owned() })?, Vec::new()));
    }
    if let Some((encoding, note)) = utf_16(head) {
        return Ok((encoding, vec![note]));
    }
    // A character may be cut at the end.
    let is_utf_8 = std::str::from_utf8(head).is_ok() || chunk::is_cut_text(head);
    if is_utf_8 || !is_windows_1252(head, &no_tick)? {
        return Ok((UTF_8, Vec::new()));
    }
    let (text, ..) = WINDOWS_1252.decode(head);
    let at = head.iter().position(|b| !b.is_ascii()).unwrap_or(0);
    Ok((WINDOWS_1252, vec![windows_1252_note(head, at, text.as_bytes(), &no_tick)?]))
}

/// Bytes that are looked at between two ticks.
const STEP: usize = if cfg!(test) { 7 } else { 4 << 20 };

/// Calls the tick; it counts text in the file as a whole, not here, where no byte is taken yet.
fn go_on(length: usize, tick: Tick<'_>) -> Result<(), ReadError> {
    if tick(0, length as u64).is_break() { Err(ReadError::Cancelled) } else { Ok(()) }
}

fn utf_8<'a>(bytes: &'a [u8], is_chosen: bool, tick: Tick<'_>) -> Result<Decoded<'a>, ReadError> {
    let body = bytes.strip_prefix(UTF_8_MARK).unwrap_or(bytes);
    let Some(at) = first_error(body, tick)? else {
        return Ok(Decoded { text: Cow::Borrowed(body), name: "UTF-8", notes: Vec::new() });
    };
    if let Some(at) = first_in(body, tick, |window| window.iter().position(|b| *b == 0))? {
        let (line, text) = (line_of(body, at, tick)?, line_text(body, at));
        return Err(ReadError::NulByte { line, text });
    }
    if is_chosen || body.len() < bytes.len() || !is_windows_1252(body, tick)? {
        return Err(invalid(body, at, "UTF-8", tick));
    }
    let decoded = with(WINDOWS_1252, body, Vec::new(), tick)?;
    let note = windows_1252_note(body, at, &decoded.text, tick)?;
    Ok(Decoded { notes: vec![note], ..decoded })
}

/// That bytes of which the one at `at` is no UTF-8 were read as this text.
fn windows_1252_note(bytes: &[u8], at: usize, text: &[u8], tick: Tick<'_>) -> Result<Note, ReadError> {
    let first = first_in(text, tick, |window| window.iter().position(|b| !b.is_ascii()))?;
    let words = sample_words(text, first.unwrap_or(0));
    let action = format!("not UTF-8: read as Windows-1252, which gives {}", words.join(", "));
    let note = Note::file("encoding", action, "choose the encoding in the import options if these words look wrong");
    Ok(note.at(line_of(bytes, at, tick)?).with_text(words.first().map_or("", String::as_str)))
}

/// Position of what `find` finds first, window by window.
fn first_in(bytes: &[u8], tick: Tick<'_>, find: impl Fn(&[u8]) -> Option<usize>) -> Result<Option<usize>, ReadError> {
    for (n, window) in bytes.chunks(STEP).enumerate() {
        if let Some(at) = find(window) {
            return Ok(Some(n * STEP + at));
        }
        go_on(bytes.len(), tick)?;
    }
    Ok(None)
}

/// Position of the first byte that is no UTF-8.
fn first_error(body: &[u8], tick: Tick<'_>) -> Result<Option<usize>, ReadError> {
    let mut at = 0;
    while at < body.len() {
        let rest = body.get(at..).unwrap_or_default();
        let window = rest.get(..STEP).unwrap_or(rest);
        at += match std::str::from_utf8(window) {
            Ok(_) => window.len(),
            // A character that goes on behind the window.
            Err(error) if error.error_len().is_none() && window.len() < rest.len() => error.valid_up_to(),
            Err(error) => return Ok(Some(at + error.valid_up_to())),
        };
        go_on(body.len(), tick)?;
    }
    Ok(None)
}

/// Whether bytes that are no UTF-8 may be Windows-1252: none of its gaps, and no character that can only be UTF-8.
fn is_windows_1252(bytes: &[u8], tick: Tick<'_>) -> Result<bool, ReadError> {
    let mut at = 0;
    while at < bytes.len() {
        // A character across the edge is seen as a whole from here or from the next window.
        let rest = bytes.get(at..).unwrap_or_default();
        let window = rest.get(..STEP + 3).unwrap_or(rest);
        let gap = window.iter().any(|b| matches!(b, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D | 0));
        if gap || window.utf8_chunks().any(|chunk| !chunk.valid().is_ascii()) {
            return Ok(false);
        }
        at += STEP;
        go_on(bytes.len(), tick)?;
    }
    Ok(true)
}

fn with<'a>(
    encoding: &'static Encoding,
    bytes: &[u8],
    notes: Vec<Note>,
    tick: Tick<'_>,
) -> Result<Decoded<'a>, ReadError> {
    let mut decoder = encoding.new_decoder();
    memory::check(2 * bytes.len() as u64, None)?;
    let mut text = String::with_capacity(bytes.len() / if encoding == WINDOWS_1252 { 1 } else { 2 });
    let (mut at, mut has_errors) = (0, false);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let window = rest.get(..STEP).unwrap_or(rest);
        let is_last = window.len() == rest.len();
        text.reserve(decoder.max_utf8_buffer_length(window.len()).unwrap_or(0));
        let (result, read, replaced) = decoder.decode_to_string(window, &mut text, is_last);
        at += read;
        has_errors |= replaced;
        go_on(bytes.len(), tick)?;
        if is_last && result == CoderResult::InputEmpty {
            break;
        }
    }
    if has_errors {
        let at = text.find('\u{FFFD}').unwrap_or(0);
        return Err(invalid(text.as_bytes(), at, encoding.name(), tick));
    }
    Ok(Decoded { text: Cow::Owned(text.into_bytes()), name: encoding.name(), notes })
}

fn invalid(bytes: &[u8], at: usize, encoding: &str, tick: Tick<'_>) -> ReadError {
    let text = line_text(bytes, at);
    let found = |line| ReadError::InvalidEncoding { line, encoding: encoding.to_owned(), text };
    line_of(bytes, at, tick).map_or_else(|cancelled| cancelled, found)
}

/// The line that the byte at `at` stands on.
fn line_of(bytes: &[u8], at: usize, tick: Tick<'_>) -> Result<u64, ReadError> {
    let mut rest = bytes.get(..at).unwrap_or_default();
    let mut line = 1;
    while !rest.is_empty() {
        // A CRLF is not cut.
        let is_cut = rest.get(STEP - 1..=STEP) == Some(b"\r\n");
        let (window, behind) = rest.split_at((STEP + usize::from(is_cut)).min(rest.len()));
        line += scanner::count_line_ends(window);
        rest = behind;
        go_on(bytes.len(), tick)?;
    }
    Ok(line)
}

fn line_text(bytes: &[u8], at: usize) -> String {
    let before = bytes.get(..at).unwrap_or_default();
    let start = before.iter().rposition(|b| scanner::is_line_end(*b)).map_or(0, |s| s + 1);
    // Long lines: what stands shortly before the place.
    scanner::clip_line(bytes, start.max(at.saturating_sub(20)))
}

/// Up to three words with letters outside ASCII, from the first on.
fn sample_words(text: &[u8], first: usize) -> Vec<String> {
    let before = text.get(..first).unwrap_or_default();
    let start = before.iter().rposition(|b| scanner::is_line_end(*b)).map_or(0, |s| s + 1);
    let rest = text.get(start.max(first.saturating_sub(200))..).unwrap_or_default();
    let text = String::from_utf8_lossy(rest.get(..1 << 18).unwrap_or(rest));
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
        let decoded = decode(&bytes, None, &no_tick).unwrap();
        assert_eq!(decoded.text.as_ref(), "a,é\n".as_bytes());
        assert_eq!(decoded.notes[0].kind, "encoding");
    }

    #[test]
    fn one_broken_line_in_utf_8_is_refused_with_its_line() {
        let error = decode(b"a,b\n\xC3\xA9,1\n\xE9,2\n", None, &no_tick).unwrap_err();
        assert!(matches!(error, ReadError::InvalidEncoding { line: 3, .. }), "{error}");
    }

    #[test]
    fn windows_1252_is_shown_with_words() {
        let decoded = decode(b"name\nJos\xE9\n", None, &no_tick).unwrap();
        assert_eq!(decoded.name, "windows-1252");
        assert!(decoded.notes[0].action.contains("José"));
    }

    #[test]
    fn unknown_labels_are_named() {
        let error = decode(b"a", Some("utf-9"), &no_tick).unwrap_err();
        assert_eq!(error.kind(), "unknown_encoding");
    }
}
