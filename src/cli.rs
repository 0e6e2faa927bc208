//! The command line: the window's arguments, and the same rooms without a window.
//!
//! | command | prints | writes |
//! |---|---|---|
//! | `shrinkscope [FILE] [--target COLUMN] [--example NAME]` | | opens the window |
//! | `shrinkscope inspect FILE` | one JSON object: what the loader read | nothing |
//! | `shrinkscope analyze FILE --target COLUMN --out DIR` | one summary line | the files of [`export`](crate::export) |
//! | `shrinkscope analyze --moments FILE --target COLUMN --out DIR` | the same | the same, from [moments](crate::data::moments_file) made elsewhere |
//!
//! Exit codes: 0 done; 1 the input or the options are at fault; 2 no window can be opened, or no file could be written.
//! A file named `inspect` or `analyze` is opened as `./inspect`.

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use crate::analysis::AnalysisError;
use crate::analysis::sums::SumsError;
use crate::data::design::DesignError;
use crate::data::error::ReadError;
use crate::data::moments_file::MomentsError;
use crate::export::ExportError;

mod analyze;
mod arguments;
mod columns;
mod folds;
mod import;
mod inspect;
mod timings;
mod values;

pub use arguments::{AnalyzeArguments, Arguments, Command, InspectArguments, PenaltyArguments, WindowArguments};
pub use columns::ColumnArguments;
pub use folds::FoldArguments;
pub use import::ImportArguments;
pub use values::Alphas;

/// The input or the options are at fault.
const AT_FAULT: u8 = 1;
/// There is no display, or no file could be written.
const NO_WAY_OUT: u8 = 2;

/// Does what `arguments` (the program's name first) ask for; `open_window` is called for the window.
pub fn run<E: Display>(
    arguments: impl IntoIterator<Item = OsString>,
    open_window: impl FnOnce(WindowArguments) -> Result<(), E>,
) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return report_usage(&error),
    };
    let done = match arguments.command {
        Some(Command::Inspect(arguments)) => inspect::inspect(&arguments),
        Some(Command::Analyze(arguments)) => analyze::analyze(&arguments),
        None => {
            let command = analyze_command(&arguments.window);
            return match open_window(arguments.window) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => report_no_window(&error, &command),
            };
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("error: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

/// Help and version are no failure; clap's own exit code for the rest, 2, has another meaning here.
fn report_usage(error: &clap::Error) -> ExitCode {
    // Nobody listens if the stream is closed.
    error.print().ok();
    if error.use_stderr() { ExitCode::from(AT_FAULT) } else { ExitCode::SUCCESS }
}

fn report_no_window(error: &impl Display, command: &str) -> ExitCode {
    let error = error.to_string();
    complain(&format!(
        "The window cannot be opened ({}); `{command}` does the same job on a machine without a display.",
        reason(&error)
    ));
    ExitCode::from(NO_WAY_OUT)
}

/// The first line of an error of the windowing system, without the place in its source: `…/mod.rs:765: no display`.
fn reason(error: &str) -> &str {
    let line = error.lines().next().unwrap_or_default();
    let said = line.rsplit_once(".rs:").and_then(|(_, place)| place.split_once(": "));
    said.map_or(line, |(_, said)| said).trim_end_matches('.')
}

/// The command that does without a window what these arguments ask of one.
fn analyze_command(window: &WindowArguments) -> String {
    let subject = match (&window.file, window.example) {
        (Some(file), _) => quoted(&file.to_string_lossy()),
        (None, Some(example)) => format!("--example {}", example.name),
        (None, None) => "FILE".to_owned(),
    };
    let target = match &window.target {
        Some(target) => format!(" --target {}", quoted(target)),
        None if window.example.is_some() => String::new(),
        None => " --target COLUMN".to_owned(),
    };
    format!("shrinkscope analyze {subject}{target} --out DIR")
}

/// `text` as one word of a shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./,:=@+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Prints one line for a person.
fn complain(line: &str) {
    // Nobody listens if the stream is closed.
    writeln!(io::stderr().lock(), "{line}").ok();
}

/// Prints to standard output; a reader who has left is no failure.
fn print(bytes: &[u8]) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CliError::Output(error)),
        _ => Ok(()),
    }
}

/// The file, where the reason does not name it itself.
fn place(path: &Path, source: &ReadError) -> String {
    let path = path.display().to_string();
    if path.is_empty() || source.to_string().contains(&path) { String::new() } else { format!("{path}: ") }
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CliError {
    /// The file was not read.
    #[error("{}{source}", place(path, source))]
    Read {
        /// As given.
        path: PathBuf,
        /// Why.
        source: ReadError,
    },
    /// The moments were not read.
    #[error("{}: {source}", path.display())]
    Moments {
        /// As given.
        path: PathBuf,
        /// Why.
        source: Box<MomentsError>,
    },
    /// No regression can be set up.
    #[error(transparent)]
    Design(#[from] DesignError),
    /// Nothing was computed.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// Nothing was written.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// A column that the table does not have.
    #[error("{option}: {source}")]
    Column {
        /// The option that names it.
        option: &'static str,
        /// Which columns there are.
        source: DesignError,
    },
    /// Repeating a deal that is always the same.
    #[error(
        "--repeats {repeats} needs folds that are drawn anew: {rule} deals the same folds every time; leave one of the two out"
    )]
    NothingToRepeat {
        /// Repeats asked for.
        repeats: usize,
        /// The option that fixes the folds.
        rule: &'static str,
    },
    /// Nothing was summed up.
    #[error(transparent)]
    Sums(#[from] SumsError),
    /// Predictions of rows that are not kept.
    #[error(
        "--predictions needs all rows in memory, and the file is larger than may be used; leave it out, or raise --memory-limit"
    )]
    NoPredictions,
    /// Marks of missing cells, where rows with missing cells are left out.
    #[error("--missing-indicators marks the cells that --missing mean fills in: give both, or neither")]
    NothingToMark,
    /// One column has no product.
    #[error("--interaction names one column only: repeat it with the columns that it is to be multiplied by")]
    LoneInteraction,
    /// Powers without a column, where there is more than one.
    #[error(
        "--degree {degree} is for a table with one predictor, a column of numbers: name the column, --degree COLUMN={degree}, or leave the others out with --exclude"
    )]
    NotSole {
        /// Power asked for.
        degree: u32,
    },
    /// No thread pool.
    #[error("--threads: {0}; ask for fewer threads")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// Standard output cannot take the result.
    #[error("standard output cannot be written: {0}; send it elsewhere")]
    Output(#[source] io::Error),
}

impl CliError {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Output(_) => NO_WAY_OUT,
            Self::Export(error) if !error.is_about_input() => NO_WAY_OUT,
            _ => AT_FAULT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reason_is_one_line_without_a_place_in_some_source() {
        let winit = "winit EventLoopError: os error at /home/a/winit/mod.rs:765: DISPLAY is not set.\nmore";
        assert_eq!(reason(winit), "DISPLAY is not set");
        assert_eq!(reason("no OpenGL"), "no OpenGL");
    }

    #[test]
    fn suggested_command_is_one_a_shell_understands() {
        let window = |file: Option<&str>, target: Option<&str>| WindowArguments {
            file: file.map(Into::into),
            target: target.map(Into::into),
            example: None,
        };
        assert_eq!(analyze_command(&window(None, None)), "shrinkscope analyze FILE --target COLUMN --out DIR");
        assert_eq!(
            analyze_command(&window(Some("my data.csv"), Some("it's"))),
            r"shrinkscope analyze 'my data.csv' --target 'it'\''s' --out DIR"
        );
    }
}
