//! Names of columns: trimmed, none blank, no two alike, each keeping its own data.

use std::collections::HashSet;

use crate::data::chunk::REPLACEMENT;
use crate::data::findings::columns_phrase;
use crate::data::layout::Layout;
use crate::data::notes::Note;

/// Makes the names of a layout usable; notes tell what was changed.
pub(super) fn unique(layout: &Layout) -> (Vec<String>, Vec<Note>) {
    let line = layout.header.unwrap_or(layout.body_line);
    if layout.names.is_empty() {
        return ((1..=layout.width).map(|n| format!("V{n}")).collect(), Vec::new());
    }
    let written: Vec<&str> = layout.names.iter().map(|n| trim(n)).collect();
    let mut taken: HashSet<String> = written.iter().filter(|n| !n.is_empty()).map(|n| (*n).to_owned()).collect();
    let mut seen = HashSet::new();
    let (mut names, mut blank, mut double) = (Vec::new(), Vec::new(), Vec::new());
    for (column, &name) in written.iter().enumerate() {
        if name.is_empty() {
            let new = free(&format!("V{}", column + 1), &mut taken);
            blank.push(new.clone());
            names.push(new);
        } else if seen.insert(name) {
            names.push(name.to_owned());
        } else {
            let new = free(name, &mut taken);
            double.push((name, new.clone()));
            names.push(new);
        }
    }
    let mut notes = Vec::new();
    if let Some((_, trimmed)) = layout.names.iter().zip(&written).find(|(n, w)| n.as_str() != **w && !w.is_empty()) {
        let action = format!("blanks cut around names, such as {trimmed}");
        notes.push(Note::file("whitespace_trimmed", action, "none needed").at(line).in_column(trimmed));
    }
    if let Some(name) = written.iter().find(|n| n.contains(REPLACEMENT)) {
        let action = format!("the header holds {REPLACEMENT}: letters were lost before");
        let remedy = "export the data again with the right encoding";
        notes.push(Note::file("encoding", action, remedy).at(line).in_column(name));
    }
    if let Some(first) = blank.first() {
        let all: Vec<&str> = blank.iter().map(String::as_str).collect();
        let action = format!("the header is blank above {}, named by its place", columns_phrase(&all));
        notes.push(Note::file("empty_header", action, "name it in the file").at(line).in_column(first));
    }
    if let Some((name, new)) = double.first() {
        let more = if double.len() > 1 { format!(", and {} more", double.len() - 1) } else { String::new() };
        let action = format!("{name} stands in the header more than once: named {new}{more}");
        notes.push(
            Note::file("duplicate_header", action, "rename one of them in the file")
                .at(line)
                .in_column(new)
                .with_text(name),
        );
    }
    (names, notes)
}

/// Without blanks around it, and without byte order marks, which nobody sees.
fn trim(name: &str) -> &str {
    name.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

/// `name`, or `name_2`, `name_3`, … whichever is free first; taken from then on.
fn free(name: &str, taken: &mut HashSet<String>) -> String {
    let mut candidate = name.to_owned();
    let mut n = 1;
    while taken.contains(&candidate) {
        n += 1;
        candidate = format!("{name}_{n}");
    }
    taken.insert(candidate.clone());
    candidate
}
