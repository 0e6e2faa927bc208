//! Tables whose columns are aligned with blanks: runs of blanks become one, so that a blank divides the cells.

use crate::data::dialect::{Look, look};
use crate::data::notes::Note;
use crate::data::scanner;

/// Lines that are looked at.
const LINES: usize = 200;

/// Whether the lines are cells aligned with blanks, most of them numbers, and no usual delimiter is in sight.
pub(super) fn is_aligned(head: &[u8]) -> bool {
    if head.iter().any(|b| matches!(b, b',' | b';' | b'|' | b'"' | b'\'' | 0)) {
        return false;
    }
    let end = head.iter().rposition(|b| scanner::is_line_end(*b)).unwrap_or(head.len());
    let Ok(text) = std::str::from_utf8(head.get(..end).unwrap_or_default()) else {
        return false;
    };
    let lines = || {
        let lines = text.split(['\n', '\r']).filter(|l| !l.trim().is_empty() && !l.starts_with('#'));
        lines.take(LINES)
    };
    let width = |line: &str| line.split_ascii_whitespace().count();
    let Some(first) = lines().next().map(width) else {
        return false;
    };
    let has_runs = lines().any(|l| l.starts_with([' ', '\t']) || l.trim_end().contains("  "));
    let is_number = |cell: &&str| matches!(look(cell), Look::Number | Look::Missing);
    let cells = || lines().skip(1).flat_map(str::split_ascii_whitespace);
    let numbers = cells().filter(is_number).count();
    first > 1 && has_runs && lines().count() > 1 && lines().all(|l| width(l) == first) && numbers * 2 > cells().count()
}

/// The same lines with one blank between cells and none around them.
pub(super) fn collapse(text: &[u8]) -> Vec<u8> {
    let mut collapsed = Vec::with_capacity(text.len());
    let mut is_cell_open = false;
    let mut is_line_begun = false;
    for &byte in text {
        if scanner::is_line_end(byte) {
            collapsed.push(byte);
            (is_cell_open, is_line_begun) = (false, false);
        } else if matches!(byte, b' ' | b'\t') {
            is_cell_open = false;
        } else {
            if is_line_begun && !is_cell_open {
                collapsed.push(b' ');
            }
            collapsed.push(byte);
            (is_cell_open, is_line_begun) = (true, true);
        }
    }
    collapsed
}

/// What was done.
pub(super) fn note() -> Note {
    let action = "cells divided by runs of blanks".to_owned();
    Note::file("delimiter", action, "choose the delimiter in the import options")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aligned_numbers_are_told_from_text_with_blanks() {
        assert!(is_aligned(b"x    y\n1.0  2\n3.0  4\n"));
        assert!(is_aligned(b"  x    y\n 1.0  2\n 3.0  4\n"));
        assert!(!is_aligned(b"x y\n1 2\n"));
        assert!(!is_aligned(b"first  name\nJohn  Smith\nJane  Doe\n"));
        assert!(!is_aligned(b"x,  y\n1,  2\n"));
        assert!(!is_aligned(b"x\ty\n1\t2\n"));
        assert!(!is_aligned(b"x  y\n1  2  3\n"));
    }

    #[test]
    fn lines_stay_where_they_are() {
        assert_eq!(collapse(b"  a  b \r\n\t1\t 2\n\n3 4"), b"a b\r\n1 2\n\n3 4");
    }
}
