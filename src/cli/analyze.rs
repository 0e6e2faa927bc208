//! `shrinkscope analyze`: read, set up, fit, write.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::timings::Timings;
use super::{AnalyzeArguments, CliError, complain, print};
use crate::analysis::sums::{Sums, SumsError};
use crate::analysis::{self, Cursor, Penalty};
use crate::data::csv::no_tick;
use crate::data::design::{Design, Roles, column_of};
use crate::data::moments_file::read_moments;
use crate::data::notes::Note;
use crate::data::stream::{self, Opening, Stream, StreamError};
use crate::data::table::Table;
use crate::export::{self, At, File, Fits, Results, Written};
use crate::model::progress::Progress;

/// Writes the files of [`export`] and prints one summary line.
pub(super) fn analyze(arguments: &AnalyzeArguments) -> Result<(), CliError> {
    arguments.folds.check()?;
    match arguments.threads {
        None => sweep(arguments),
        Some(threads) => rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|i| format!("analyze {i}"))
            .build()?
            .install(|| sweep(arguments)),
    }
}

fn sweep(arguments: &AnalyzeArguments) -> Result<(), CliError> {
    if let Some(path) = &arguments.moments {
        return sweep_moments(arguments, path);
    }
    let (opening, read) = timed(|| read(arguments));
    let (opening, target) = opening?;
    match opening {
        Opening::Table(table) => sweep_table(arguments, &table, target, read),
        Opening::Stream(stream) => sweep_stream(arguments, &stream, target),
    }
}

fn sweep_table(arguments: &AnalyzeArguments, table: &Table, target: &str, read: Duration) -> Result<(), CliError> {
    let roles = roles(arguments, target, table)?;
    let (design, set_up) = timed(|| Design::new(table, &roles));
    if design.is_err() {
        // How the file was read may be the reason.
        table.notes.iter().for_each(|note| complain(&sentence(note)));
    }
    let design = Arc::new(design?);
    let analysis = analysis::analyze(&design, &arguments.settings(), &Progress::new())?;
    write(arguments, &Results::new((table, &roles), &analysis, arguments.at.clone())?, [read, set_up])
}

/// Reads all rows in one pass and keeps what they sum up to.
fn sweep_stream(arguments: &AnalyzeArguments, stream: &Stream, target: &str) -> Result<(), CliError> {
    if arguments.predictions {
        return Err(CliError::NoPredictions);
    }
    let roles = roles(arguments, target, stream.head())?;
    let settings = arguments.settings();
    let (sums, read) = timed(|| Sums::read(stream, &roles, &settings, &no_tick));
    if matches!(sums, Err(SumsError::Stream(StreamError::Design(_)))) {
        // How the file was read may be the reason.
        stream.head().notes.iter().for_each(|note| complain(&sentence(note)));
    }
    let sums = sums?;
    let analysis = sums.analyze(&settings, &Progress::new())?;
    write(arguments, &Results::new((&sums.table, &roles), &analysis, arguments.at.clone())?, [read, Duration::ZERO])
}

/// Without rows: they were summed up elsewhere.
fn sweep_moments(arguments: &AnalyzeArguments, path: &Path) -> Result<(), CliError> {
    let (file, read) = timed(|| read_moments(path, &no_tick));
    let file = file.map_err(|source| CliError::Moments { path: path.to_path_buf(), source: source.into() })?;
    let table = file.table();
    let roles = roles(arguments, arguments.target.as_deref().unwrap_or_default(), &table)?;
    let (design, set_up) = timed(|| file.design(&roles));
    let design = Arc::new(design?);
    let analysis = analysis::analyze_file(&file, roles.target, &design, &arguments.settings(), &Progress::new())?;
    write(arguments, &Results::new((&table, &roles), &analysis, arguments.at.clone())?, [read, set_up])
}

/// Writes the files and says so; `read`, `set_up`: time these took.
fn write(arguments: &AnalyzeArguments, results: &Results<'_>, [read, set_up]: [Duration; 2]) -> Result<(), CliError> {
    let Results { table, analysis, .. } = *results;
    let files: &[File] = if arguments.predictions { &File::ALL } else { &File::USUAL };
    let written = export::write_all(&arguments.out, results, files)?;

    print(format!("{}\n", summary(results, &written)).as_bytes())?;
    if arguments.timings {
        let timings = Timings::new(read, set_up, analysis, &written);
        complain(&serde_json::to_string(&timings).expect("memory takes any document with text as keys"));
    } else {
        let notes = table.notes.iter().chain(&analysis.design.notes).chain(&analysis.notes);
        notes.for_each(|note| complain(&sentence(note)));
    }
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

/// The table or the file, and the name of its target.
fn read(arguments: &AnalyzeArguments) -> Result<(Opening, &str), CliError> {
    let target = arguments.target.as_deref();
    Ok(match (&arguments.file, arguments.example) {
        (None, Some(example)) => {
            let table = example.table().map_err(|source| CliError::Read { path: PathBuf::new(), source })?;
            (Opening::Table(table), target.unwrap_or(example.target))
        }
        (file, _) => {
            let path = file.as_deref().unwrap_or(Path::new(""));
            let opening = stream::open(path, &arguments.import.options(), &no_tick)
                .map_err(|source| CliError::Read { path: path.to_path_buf(), source })?;
            (opening, target.unwrap_or_default())
        }
    })
}

/// The columns that the options name.
fn roles(arguments: &AnalyzeArguments, target_name: &str, table: &Table) -> Result<Roles, CliError> {
    let mut roles = arguments.columns.roles(target_name, table)?;
    let find = |option: &'static str, name: &Option<String>| {
        let name = name.as_ref();
        name.map(|name| column_of(table, name).map_err(|source| CliError::Column { option, source })).transpose()
    };
    roles.fold_column = find("--fold-column", &arguments.folds.fold_column)?;
    roles.group_column = find("--group-column", &arguments.folds.group_column)?;
    arguments.columns.raise_sole(&mut roles, table)?;
    Ok(roles)
}

/// The result in one line.
fn summary(results: &Results<'_>, written: &Written) -> String {
    let Results { table, analysis, at, .. } = results;
    let chosen = results.chosen();
    let first = if analysis.settings.l1_ratio < 1.0 { "elastic net" } else { "lasso" };
    let rule = match at {
        At::Min => "at the smallest CV error",
        At::OneSe => "by the 1-SE rule",
        At::Cursor(_) => "at the cursor",
    };
    let n_features = analysis.design.features.len();
    let non_zero = format!("{} of {n_features} features", analysis.point(Penalty::Lasso, &chosen.lasso).n_nonzero());
    let df = format!("df {}", four_digits(analysis.point(Penalty::Ridge, &chosen.ridge).degrees_of_freedom()));
    [
        format!("{}: {} of {} rows", table.name, analysis.n_samples(), table.n_records),
        format!("{rule}: {first} {}, {non_zero}", fit(results.fits(Penalty::Lasso), &chosen.lasso)),
        format!("ridge {}, {df}", fit(results.fits(Penalty::Ridge), &chosen.ridge)),
        format!("{} files written", written.paths.len()),
    ]
    .join(" · ")
}

fn fit(Fits { path, errors }: Fits<'_>, cursor: &Cursor) -> String {
    let k = cursor.nearest();
    let [alpha, mean, se] = [path.alphas()[k], errors.mean[k], errors.se[k]].map(four_digits);
    format!("alpha {alpha}, CV error {mean} ± {se}")
}

/// `value` with four significant digits, as a person reads it.
fn four_digits(value: f64) -> String {
    // The exponent after rounding: 9.9996 has one digit more before the point than it seems.
    let scientific = format!("{value:.3e}");
    let exponent = scientific.rsplit('e').next().and_then(|digits| digits.parse::<i32>().ok());
    match exponent {
        _ if value == 0.0 => "0".to_owned(),
        Some(exponent @ -4..6) => {
            let decimals = usize::try_from(3 - exponent).unwrap_or(0);
            format!("{value:.decimals$}")
        }
        _ => scientific,
    }
}

/// A note as one line.
fn sentence(note: &Note) -> String {
    let place = note.line.map_or_else(String::new, |line| format!("line {line}: "));
    let remedy = if note.remedy.is_empty() { String::new() } else { format!("; {}", note.remedy) };
    format!("note: {place}{}{remedy}", note.action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_significant_digits() {
        for (value, text) in [
            (0.0, "0"),
            (7.710_409, "7.710"),
            (3180.66, "3181"),
            (999.96, "1000"),
            (0.000_720_8, "0.0007208"),
            (-12_345.6, "-12346"),
            (1.234e-9, "1.234e-9"),
            (9.87e12, "9.870e12"),
        ] {
            assert_eq!(four_digits(value), text);
        }
    }
}
