//! How long a CSV file takes to become a table, and how much memory.
//!
//! ```text
//! cargo bench --bench load                    every file, a fresh process for each load
//! cargo bench --bench load -- tall gene       the files whose names begin so
//! cargo bench --bench load -- --make          only makes the files, and says where
//! cargo bench --bench load -- --file FILE     one load in this process; says what it took as JSON
//! ```
//!
//! Nothing is asserted about time. `tests/bench/loaders.py` runs the last two forms to compare with other programs.
//! Further benchmarks stand beside this file, each with a `[[bench]]` of its own in `Cargo.toml`; [`tables`] is theirs too.

use std::env;
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use mimalloc::MiMalloc;
use serde::{Deserialize, Serialize};
use shrinkscope::data::csv::{no_tick, read_bytes, read_table};
use shrinkscope::data::options::ImportOptions;
use shrinkscope::data::table::{Table, Values};
use tables::RECIPES;

mod tables;

/// As in the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Loads of each file.
const ROUNDS: usize = 7;

/// What one load took.
#[derive(Debug, Serialize, Deserialize)]
struct Cost {
    seconds: f64,
    /// Resident memory before the load, and the most during it.
    idle_kib: u64,
    peak_kib: u64,
    numeric_bytes: usize,
    n_rows: usize,
    n_columns: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--make"] => make(),
        ["--file", file] => {
            let cost = load(Path::new(file))?;
            Ok(writeln!(io::stdout(), "{}", serde_json::to_string(&cost)?)?)
        }
        names => compare(names),
    }
}

/// Where the files are.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-tables")
}

fn make() -> Result<(), Box<dyn Error>> {
    for recipe in &RECIPES {
        recipe.make(&folder())?;
    }
    Ok(writeln!(io::stdout(), "{}", folder().display())?)
}

/// Loads one file, with the thread pool started and the code in memory.
fn load(path: &Path) -> Result<Cost, Box<dyn Error>> {
    let options = ImportOptions::default();
    read_bytes("warm-up", b"a,b\n1,2\n3,4\n", &options, &no_tick)?;
    rayon::broadcast(|_| ());
    let idle_kib = status_kib("VmRSS:")?;
    let start = Instant::now();
    let table = read_table(path, &options, &no_tick)?;
    let seconds = start.elapsed().as_secs_f64();
    let peak_kib = status_kib("VmHWM:")?;
    let (n_rows, n_columns) = (table.n_records, table.columns.len());
    Ok(Cost { seconds, idle_kib, peak_kib, numeric_bytes: numeric_bytes(&table), n_rows, n_columns })
}

fn numeric_bytes(table: &Table) -> usize {
    let bytes = table.columns.iter().map(|column| match &column.values {
        Values::Numbers(values) => size_of_val(values.as_slice()),
        Values::Levels { .. } => 0,
    });
    bytes.sum()
}

/// A figure of this process, as Linux tells it; 0 on other systems.
fn status_kib(key: &str) -> Result<u64, Box<dyn Error>> {
    let Ok(status) = fs::read_to_string("/proc/self/status") else {
        return Ok(0);
    };
    let figure = status.lines().find_map(|line| line.strip_prefix(key));
    Ok(figure.and_then(|figure| figure.split_whitespace().next()).unwrap_or("0").parse()?)
}

/// Loads each file several times, the files in turn, and prints a line for each.
fn compare(names: &[&str]) -> Result<(), Box<dyn Error>> {
    let wanted = |file: &str| names.is_empty() || names.iter().any(|name| file.starts_with(name));
    let mut files = Vec::new();
    for recipe in RECIPES.iter().filter(|recipe| wanted(recipe.file)) {
        files.push((recipe, recipe.make(&folder())?, Vec::new()));
    }
    for _ in 0..ROUNDS {
        for (_, path, costs) in &mut files {
            let output = Command::new(env::current_exe()?).arg("--file").arg(path).output()?;
            if !output.status.success() {
                return Err(String::from_utf8_lossy(&output.stderr).into());
            }
            costs.push(serde_json::from_slice::<Cost>(&output.stdout)?);
        }
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{ROUNDS} loads each, {} threads", rayon::current_num_threads())?;
    writeln!(out, "file             median       min      rate      peak above idle")?;
    for (recipe, path, mut costs) in files {
        costs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        let bytes = fs::metadata(&path)?.len();
        let (median, fastest) = (&costs[costs.len() / 2], &costs[0]);
        let above_idle = |cost: &Cost| (cost.peak_kib - cost.idle_kib) << 10;
        let peak = costs.iter().map(above_idle).max().unwrap_or(0);
        writeln!(
            out,
            "{:<12} {:>7.1} ms {:>6.1} ms {:>4.0} MB/s {:>6.1} MB = {:.2} x numbers   {}",
            recipe.file,
            median.seconds * 1e3,
            fastest.seconds * 1e3,
            bytes as f64 / median.seconds / 1e6,
            peak as f64 / 1e6,
            peak as f64 / median.numeric_bytes as f64,
            recipe.about,
        )?;
    }
    Ok(())
}
