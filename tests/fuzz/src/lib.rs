//! What must hold of every table, whatever the bytes it was read from.

pub mod input;
pub mod memory;

use std::collections::HashSet;

use shrinkscope::data::csv::{no_tick, read_bytes, read_bytes_cut, read_table_cut};
use shrinkscope::data::cut::Cut;
use shrinkscope::data::error::ReadError;
use shrinkscope::data::options::ImportOptions;
use shrinkscope::data::table::{Column, ColumnType, Table, Values};

/// Makes the calling thread the only one: every run is the same, and none waits for another thread.
pub fn init() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    pool.build_global().expect("no pool was made before");
}

/// Reads, and checks that the result is sound and took no more memory than it may.
pub fn read(bytes: &[u8], options: &ImportOptions) -> Result<Table, ReadError> {
    let before = memory::start();
    let load = read_bytes("fuzz", bytes, options, &no_tick);
    let taken = memory::peak().saturating_sub(before);
    // gzip may unpack to 200 times its size, and always to 1 MiB.
    let text = if bytes.starts_with(b"\x1F\x8B") { (bytes.len() * 200).max(1 << 20) } else { bytes.len() };
    assert!(taken < 64 * text + (16 << 20), "{taken} bytes of memory for {text} bytes of text");
    match &load {
        Ok(table) => check(table, text),
        Err(error) => check_error(error, text),
    }
    load
}

fn check_error(error: &ReadError, text: usize) {
    assert!(!error.to_string().is_empty());
    if let Some(line) = error.line() {
        assert!((1..=text as u64 + 1).contains(&line), "{error}");
    }
}

/// Panics if a table is not sound.
pub fn check(table: &Table, text: usize) {
    assert!(table.n_records > 0);
    let mut names = HashSet::new();
    for column in &table.columns {
        assert!(names.insert(&column.name), "two columns named {:?}", column.name);
        assert!(!column.name.trim().is_empty(), "a blank name");
        check_column(column, table.n_records);
    }
    for note in &table.notes {
        assert!(!note.action.is_empty() && !note.remedy.is_empty(), "{note:?}");
        assert!(note.text.as_ref().is_none_or(|t| t.chars().count() <= 41), "{note:?}");
        if let Some(line) = note.line {
            assert!((1..=text as u64 + 1).contains(&line), "{note:?}");
        }
    }
    let mut previous = 0;
    for record in 0..table.n_records {
        let line = table.line(record);
        assert!(line > previous && line <= text as u64 + 1, "record {record} on line {line} after {previous}");
        previous = line;
    }
}

fn check_column(column: &Column, n_records: usize) {
    let n_missing = match &column.values {
        Values::Numbers(values) => {
            assert!(matches!(column.column_type, ColumnType::Number | ColumnType::Boolean));
            assert_eq!(values.len(), n_records);
            assert!(values.iter().all(|v| v.is_finite() || v.is_nan()));
            if column.column_type == ColumnType::Boolean {
                assert!(values.iter().all(|v| v.is_nan() || *v == 0.0 || *v == 1.0));
            }
            values.iter().filter(|v| v.is_nan()).count()
        }
        Values::Levels { levels, codes } => {
            assert!(!matches!(column.column_type, ColumnType::Number | ColumnType::Boolean));
            assert_eq!(codes.len(), n_records);
            assert!(levels.windows(2).all(|w| w[0] < w[1]), "levels out of order: {levels:?}");
            assert!(codes.iter().all(|c| *c == Values::MISSING || (*c as usize) < levels.len()));
            codes.iter().filter(|c| **c == Values::MISSING).count()
        }
    };
    assert_eq!(column.n_missing, n_missing);
}

/// Whether a reader sees the same in two tables.
fn is_same(a: &Table, b: &Table) -> bool {
    let same_column = |(a, b): (&Column, &Column)| {
        (&a.name, a.column_type, a.n_missing) == (&b.name, b.column_type, b.n_missing)
            && match (&a.values, &b.values) {
                (Values::Numbers(a), Values::Numbers(b)) => {
                    a.iter().map(|v| v.to_bits()).eq(b.iter().map(|v| v.to_bits()))
                }
                (Values::Levels { levels, codes }, Values::Levels { levels: l, codes: c }) => levels == l && codes == c,
                _ => false,
            }
    };
    (a.n_records, a.columns.len(), &a.notes, &a.dialect) == (b.n_records, b.columns.len(), &b.notes, &b.dialect)
        && (0..a.n_records).all(|record| a.line(record) == b.line(record))
        && a.columns.iter().zip(&b.columns).all(same_column)
}

/// Checks that the same bytes give the same table when they are cut into small blocks and parts.
pub fn check_cut(bytes: &[u8], options: &ImportOptions, whole: &Result<Table, ReadError>, cut: Cut) {
    let parts = read_bytes_cut("fuzz", bytes, options, &no_tick, cut);
    compare(whole, &parts, cut);
}

/// Checks that the same bytes give the same table when they are streamed from a file.
pub fn check_streamed(bytes: &[u8], options: &ImportOptions, whole: &Result<Table, ReadError>, cut: Cut) {
    let path = std::env::temp_dir().join(format!("shrinkscope-fuzz-{}", std::process::id()));
    std::fs::write(&path, bytes).expect("a place for a file");
    let streamed = read_table_cut(&path, options, &no_tick, cut);
    compare(whole, &streamed, cut);
}

fn compare(whole: &Result<Table, ReadError>, other: &Result<Table, ReadError>, cut: Cut) {
    match (whole, other) {
        (Ok(whole), Ok(other)) => assert!(is_same(whole, other), "{cut:?}\n{whole:?}\n{other:?}"),
        // Of several errors, another may be met first.
        (Err(_), Err(_)) => {}
        (Ok(_), Err(error)) => panic!("refused in parts only, {cut:?}: {error}"),
        (Err(error), Ok(_)) => panic!("read in parts only, {cut:?}: {error}"),
    }
}

/// A way of cutting that follows from the bytes.
pub fn any_cut(bytes: &[u8]) -> Cut {
    let hash = bytes.iter().fold(0xCBF2_9CE4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01B3));
    let pick = |shift: u32, among: usize| (hash >> shift) as usize % among;
    Cut {
        stream_from: 0,
        sample: 1 + pick(8, 200),
        block: 1 + pick(16, bytes.len().max(1)).min(2000),
        pieces: Some(1 + pick(32, 4)),
    }
}

/// A name as the loader cuts it.
pub fn trim_name(name: &str) -> &str {
    name.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

/// Whether these bytes are among the few for which a slow check is done.
pub fn is_drawn(bytes: &[u8], one_in: u64) -> bool {
    let sum = bytes.iter().fold(bytes.len() as u64, |s, b| s.wrapping_mul(31).wrapping_add(u64::from(*b)));
    sum % one_in == 0
}
