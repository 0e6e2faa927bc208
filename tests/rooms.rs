//! The house rules of `src/`: each room imports only rooms on its way from the data, and no file grows without a reason.
//!

#![expect(clippy::unwrap_used, reason = "a test that cannot read the sources fails")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use source::{paths, tokens};

#[path = "rooms/source.rs"]
mod source;

/// Rooms in the way of the data, and the rooms each may import beside itself.
const ROOMS: [(&str, &[&str]); 8] = [
    ("data", &[]),
    // Numbers only: DESIGN.md allows it less than its place on the way would.
    ("model", &[]),
    ("analysis", &["data", "model"]),
    ("insight", &["data", "model", "analysis"]),
    ("export", &["data", "model", "analysis", "insight"]),
    ("app", &["data", "model", "analysis", "insight", "export"]),
    ("cli", &["data", "model", "analysis", "insight", "export"]),
    ("main", &["data", "model", "analysis", "insight", "export", "app", "cli"]),
];

/// What the model may not name.
const NOT_IN_MODEL: [&[&str]; 4] =
    [&["std", "fs"], &["std", "thread"], &["rayon", "spawn"], &["rayon", "ThreadPoolBuilder"]];

/// Where the window's crates may be named.
const WITH_A_WINDOW: [&str; 2] = ["app", "main"];

const MOST_LINES: usize = 400;
const REASON: &str = "// over 400 lines: ";

#[test]
fn rooms_import_only_what_comes_before_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = String::new();
    let files = rust_files(&root);
    assert!(files.len() > ROOMS.len(), "src was not found");
    for file in files {
        let module = module_of(file.strip_prefix(&root).unwrap());
        for fault in faults(&module, &fs::read_to_string(&file).unwrap()) {
            writeln!(found, "{}: {fault}", file.display()).unwrap();
        }
    }
    assert!(found.is_empty(), "\n{found}");
}

#[test]
fn long_files_say_why() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let long: Vec<_> = ["src", "tests"]
        .iter()
        .flat_map(|folder| rust_files(&root.join(folder)))
        .filter(|file| is_long_without_reason(&fs::read_to_string(file).unwrap()))
        .collect();
    assert!(long.is_empty(), "over {MOST_LINES} lines without a line `{REASON}…`: {long:?}");
}

fn is_long_without_reason(source: &str) -> bool {
    let says_why = |line: &str| line.strip_prefix(REASON).is_some_and(|reason| !reason.trim().is_empty());
    source.lines().count() > MOST_LINES && !source.lines().any(says_why)
}

/// All `.rs` files below a folder, in order; a package of its own is not entered.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let below = |path: PathBuf| match path.is_dir() {
        true if path.join("Cargo.toml").exists() => Vec::new(),
        true => rust_files(&path),
        false if path.extension().is_some_and(|extension| extension == "rs") => vec![path],
        false => Vec::new(),
    };
    entries.into_iter().flat_map(below).collect()
}

/// `data/csv.rs` → `data`, `csv`; `data/mod.rs` → `data`; `lib.rs` → nothing, the crate itself.
fn module_of(file: &Path) -> Vec<String> {
    let mut module: Vec<_> = file.with_extension("").iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if module.len() > 1 && module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    if module == ["lib"] {
        module.pop();
    }
    module
}

/// What a source file names against the rules.
fn faults(module: &[String], source: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for path in paths(module, &tokens(source)) {
        let shown = path.join("::");
        let room = module.first().map(String::as_str);
        if let Some(fault) = room.and_then(|room| fault(room, &path)) {
            faults.push(format!("{fault}: {shown}"));
        }
        let names_window = path.iter().any(|part| part.starts_with("egui") || part == "eframe");
        if names_window && !room.is_some_and(|room| WITH_A_WINDOW.contains(&room)) {
            faults.push(format!("only app and main name the window's crates: {shown}"));
        }
    }
    faults
}

fn fault(room: &str, path: &[String]) -> Option<String> {
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return Some(format!("{room} is no room; add it to tests/rooms.rs and to the map in lib.rs"));
    };
    let target = match path {
        [root, target, ..] if root == "crate" || root == "shrinkscope" => target.as_str(),
        _ => room,
    };
    if target == "*" {
        return Some("the whole crate at once".into());
    }
    let is_room = ROOMS.iter().any(|(name, _)| *name == target);
    if is_room && target != room && !allowed.contains(&target) {
        return Some(format!("{room} may not import {target}"));
    }
    let forbidden = |rule: &&[&str]| path.len() >= rule.len() && path.iter().zip(*rule).all(|(a, b)| a == b);
    (room == "model" && NOT_IN_MODEL.iter().any(forbidden)).then(|| "model knows numbers only".to_owned())
}

mod scanner {
    use super::*;

    fn found(module: &str, source: &str) -> Vec<String> {
        let module: Vec<_> = module.split('/').map(str::to_owned).collect();
        faults(&module, source)
    }

    #[test]
    fn imports_against_the_way_are_found() {
        for (module, source) in [
            ("data/csv", "use crate::export::File;"),
            ("data/csv", "use crate::{data::table::Table, model};"),
            ("data/csv", "use super::super::analysis;"),
            ("data", "use super::{model::path::Grid};"),
            ("data/csv", "mod tests { use super::super::super::app::run; }"),
            ("analysis", "fn f() { if true { crate::insight::knots::all() } }"),
            ("export/names", "use shrinkscope::cli;"),
            ("export", "use crate::{\n    analysis::{self, Analysis},\n    app,\n};"),
            ("app/views/path", "use crate::cli::run;"),
            ("cli/import", "use crate::app;"),
            ("model/path", "use crate::data::notes::Note;"),
            ("model/path", "use std::{fmt, fs::File};"),
            ("model/path", "fn f() { std::thread::scope(|_| ()) }"),
            ("model/path", "let pool = rayon::ThreadPoolBuilder::new();"),
            ("insight/knots", "fn show(ui: &mut egui::Ui) {}"),
            ("cli", "use eframe::run_native;"),
            ("cli", "use egui_plot::Plot;"),
            ("data", "use crate::*;"),
            ("widgets", "fn f() -> crate::data::Table {}"),
        ] {
            assert_eq!(found(module, source).len().min(1), 1, "{module}: {source}");
        }
    }

    #[test]
    fn imports_along_the_way_are_not() {
        for (module, source) in [
            ("analysis", "use crate::{data::design::Design, model::folds::Folds};"),
            ("data/csv", "use super::table::Table; mod tests { use super::*; use super::super::notes::Note; }"),
            ("data/csv", "fn f() { self::g() } mod tests { use crate::data::{self, table}; }"),
            ("model/path", "// crate::data and std::fs\n/* egui /* nested */ std::thread */ let s = \"std::fs\";"),
            ("model/path", "let s = r#\"a \" crate::app\"#; let c = '\"'; let d: &'static str = b\"\\\" egui\";"),
            ("model/path", "use rayon::prelude::*; use crate::model::folds::Folds;"),
            ("app/views/path", "use egui::Ui; use crate::export; use super::super::selection;"),
            ("main", "use shrinkscope::{app, cli};"),
            ("data", "pub(crate) fn f() {} impl X { fn g(self) -> Self { self } }"),
        ] {
            assert_eq!(found(module, source), [""; 0], "{module}: {source}");
        }
    }

    #[test]
    fn modules_come_from_paths() {
        assert_eq!(module_of(Path::new("data/csv.rs")), ["data", "csv"]);
        assert_eq!(module_of(Path::new("data/mod.rs")), ["data"]);
        assert_eq!(module_of(Path::new("cli.rs")), ["cli"]);
        assert_eq!(module_of(Path::new("lib.rs")), [""; 0]);
    }

    #[test]
    fn a_long_file_needs_a_reason() {
        let long = "fn f() {}\n".repeat(MOST_LINES + 1);
        assert!(is_long_without_reason(&long));
        assert!(is_long_without_reason(&format!("{REASON}\n{long}")));
        assert!(!is_long_without_reason(&format!("{REASON}one table\n{long}")));
        assert!(!is_long_without_reason("fn f() {}\n"));
    }
}
