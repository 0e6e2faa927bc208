//! The files a person leaves with, written atomically.
//!
//! | file | content |
//! |---|---|
//! | `coefficients.csv` | both fits at the chosen alpha, see [`coefficients`] |
//! | `path.csv` | every coefficient at every alpha, see [`coefficients`] |
//! | `cv.csv` | every held-out error, see [`coefficients`] |
//! | `predictions.csv` | both fits for every record, if asked for, see [`predictions`] |
//! | `analysis.json` | all of it with settings and the hash of the CSV, see [`analysis_json`] |
//!
//! Rendering to bytes ([`File::render`]) is separate from writing ([`write()`], [`write_all`]). The same analysis renders
//! to the same bytes on every machine and thread count. Doubles stand in the shortest form that reads back to the same
//! bits; NaN and infinities are refused, never written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::analysis::{Analysis, Cursor, Penalty, PenaltyAnalysis};
use crate::data::design::Roles;
use crate::data::table::{Source, Table};
use crate::model::cross_validation::CrossValidation;
use crate::model::path::RegularizationPath;
use crate::model::progress::{Cancelled, Progress};

pub mod analysis_json;
pub mod atomic;
pub mod coefficients;
mod names;
mod number;
pub mod predictions;
pub mod source;

/// A place on the path of each penalty.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// On that of the lasso or elastic net.
    pub lasso: Cursor,
    /// On that of ridge.
    pub ridge: Cursor,
}

/// How the alphas of `coefficients.csv` are chosen.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum At {
    /// Smallest cross-validation error.
    Min,
    /// Largest alpha within one standard error of it.
    #[default]
    OneSe,
    /// Where the window's cursors stand.
    Cursor(Chosen),
}

/// What is exported: one cross-validated analysis with what it came from.
#[derive(Debug, Clone)]
pub struct Results<'a> {
    /// The table as read.
    pub table: &'a Table,
    /// Which column played which part.
    pub roles: &'a Roles,
    /// What was computed.
    pub analysis: &'a Analysis,
    /// Which fit `coefficients.csv` holds.
    pub at: At,
    lasso: Fits<'a>,
    ridge: Fits<'a>,
}

/// One penalty's fits with their held-out errors.
#[derive(Debug, Clone, Copy)]
pub struct Fits<'a> {
    /// The fit on all rows at every alpha.
    pub path: &'a RegularizationPath,
    /// The held-out errors at every alpha.
    pub errors: &'a CrossValidation,
}

impl<'a> Fits<'a> {
    fn of(penalty: &'a PenaltyAnalysis) -> Result<Self, ExportError> {
        let errors = penalty.cross_validation.as_ref().ok_or(ExportError::NotCrossValidated)?;
        Ok(Self { path: &penalty.path, errors })
    }
}

impl<'a> Results<'a> {
    /// # Errors
    /// [`ExportError::NotCrossValidated`].
    pub fn new((table, roles): (&'a Table, &'a Roles), analysis: &'a Analysis, at: At) -> Result<Self, ExportError> {
        let (lasso, ridge) = (Fits::of(&analysis.lasso)?, Fits::of(&analysis.ridge)?);
        Ok(Self { table, roles, analysis, at, lasso, ridge })
    }

    /// The fits of one penalty.
    pub fn fits(&self, penalty: Penalty) -> Fits<'a> {
        match penalty {
            Penalty::Lasso => self.lasso,
            Penalty::Ridge => self.ridge,
        }
    }

    /// The chosen place on each path.
    pub fn chosen(&self) -> Chosen {
        let by = |index: fn(&CrossValidation) -> usize| Chosen {
            lasso: Cursor::on_grid(index(self.lasso.errors)),
            ridge: Cursor::on_grid(index(self.ridge.errors)),
        };
        match &self.at {
            At::Min => by(|errors| errors.index_min),
            At::OneSe => by(|errors| errors.index_1se),
            At::Cursor(chosen) => chosen.clone(),
        }
    }

    /// How many coefficients both paths have.
    fn n_path_numbers(&self) -> usize {
        [self.lasso, self.ridge].iter().map(|fits| fits.path.len() * fits.path.n_features()).sum()
    }

    /// Both penalties in the order of the files: name in the files, fits, chosen place.
    fn penalties(&self) -> [(&'static str, Fits<'a>, Cursor); 2] {
        let chosen = self.chosen();
        [("lasso", self.lasso, chosen.lasso), ("ridge", self.ridge, chosen.ridge)]
    }
}

/// One of the files that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum File {
    /// `coefficients.csv`
    Coefficients,
    /// `path.csv`
    Path,
    /// `cv.csv`
    CrossValidation,
    /// `predictions.csv`
    Predictions,
    /// `analysis.json`
    Analysis,
}

impl File {
    /// Every file, in the order in which they are written: the record of them all comes last.
    pub const ALL: [Self; 5] =
        [Self::Coefficients, Self::Path, Self::CrossValidation, Self::Predictions, Self::Analysis];
    /// All but the predictions: these have a line a record, and are written if asked for.
    pub const USUAL: [Self; 4] = [Self::Coefficients, Self::Path, Self::CrossValidation, Self::Analysis];

    /// The name it gets in a folder, and the proposal of the save dialog.
    pub fn name(self) -> &'static str {
        match self {
            Self::Coefficients => "coefficients.csv",
            Self::Path => "path.csv",
            Self::CrossValidation => "cv.csv",
            Self::Predictions => "predictions.csv",
            Self::Analysis => "analysis.json",
        }
    }

    /// The bytes of the file. [`File::Analysis`] reads the CSV again to take its hash.
    ///
    /// # Errors
    /// [`ExportError::NotFinite`], and for [`File::Analysis`] what [`source::sha256`] says.
    pub fn render(self, results: &Results<'_>) -> Result<Vec<u8>, ExportError> {
        self.render_watched(results, &Progress::new())
    }

    /// As [`File::render`], counting as it goes. What takes long: a path of many features, the hash of a large CSV.
    fn render_watched(self, results: &Results<'_>, progress: &Progress) -> Result<Vec<u8>, ExportError> {
        match self {
            Self::Coefficients => coefficients::coefficients_csv(results),
            Self::Path => coefficients::path_csv(results, progress),
            Self::CrossValidation => coefficients::cv_csv(results),
            Self::Predictions => predictions::predictions_csv(results),
            Self::Analysis => {
                // As many features take as long as a path of theirs.
                let n_numbers = results.n_path_numbers();
                progress.expect(n_numbers);
                let sha256 = source::sha256(&results.table.source, progress)?;
                let bytes = analysis_json::analysis_json(results, &sha256)?;
                progress.advance(n_numbers)?;
                Ok(bytes)
            }
        }
    }
}

/// Writes one file to `path`; `progress` counts numbers and blocks of bytes.
///
/// # Errors
/// [`ExportError`]; an existing file is then as it was.
pub fn write(file: File, path: &Path, results: &Results<'_>, progress: &Progress) -> Result<(), ExportError> {
    spare_source(&results.table.source, path)?;
    atomic::write_watched(&[(path.to_path_buf(), file.render_watched(results, progress)?)], progress)
}

/// What [`write_all`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The files, in the order in which they were asked for.
    pub paths: Vec<PathBuf>,
    /// Time spent on the hash of the CSV.
    pub hash: Duration,
    /// Time spent on the rest.
    pub export: Duration,
}

/// Writes `files` into `folder`, which is made if it does not exist.
///
/// # Errors
/// [`ExportError`]; existing files are then as they were.
pub fn write_all(folder: &Path, results: &Results<'_>, files: &[File]) -> Result<Written, ExportError> {
    for file in files {
        spare_source(&results.table.source, &folder.join(file.name()))?;
    }
    let start = Instant::now();
    let sha256 = source::sha256(&results.table.source, &Progress::new())?;
    let hash = start.elapsed();
    let files = files
        .iter()
        .map(|&file| {
            let bytes = match file {
                File::Analysis => analysis_json::analysis_json(results, &sha256)?,
                file => file.render(results)?,
            };
            Ok((folder.join(file.name()), bytes))
        })
        .collect::<Result<Vec<_>, ExportError>>()?;
    fs::create_dir_all(folder).map_err(|source| ExportError::Folder { path: folder.to_path_buf(), source })?;
    atomic::write_files(&files)?;
    let paths = files.into_iter().map(|(path, _)| path).collect();
    Ok(Written { paths, hash, export: start.elapsed().saturating_sub(hash) })
}

/// Refuses to write over the very data that were analysed, should they be named `path.csv`.
fn spare_source(source: &Source, target: &Path) -> Result<(), ExportError> {
    let Source::File { path, .. } = source else {
        return Ok(());
    };
    match (fs::canonicalize(path), fs::canonicalize(target)) {
        (Ok(source), Ok(same)) if source == same => Err(ExportError::IsSource { path: target.to_path_buf() }),
        _ => Ok(()),
    }
}

/// Why a file was not written. Every message names the place and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The target is a symbolic link.
    #[error("{} is a symbolic link and was not written through: choose the file it points to, or another name", path.display())]
    Symlink {
        /// The link.
        path: PathBuf,
    },
    /// The target exists and is a folder, a device or a pipe.
    #[error("{} is not a file that can be replaced (a folder or a device): choose another name", path.display())]
    NotAFile {
        /// The target.
        path: PathBuf,
    },
    /// The target is the CSV that was analysed.
    #[error("{} is the file that was analyzed and was left as it is: choose another folder or name", path.display())]
    IsSource {
        /// The target.
        path: PathBuf,
    },
    /// The target exists and may not be changed.
    #[error("{} is read-only and was left as it is: choose another name, or make it writable", path.display())]
    ReadOnly {
        /// The target.
        path: PathBuf,
    },
    /// The folder could not be made.
    #[error("the folder {} cannot be made: {source}; {}", path.display(), remedy(source))]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system refused.
    #[error("{} cannot be written: {source}; {}", path.display(), remedy(source))]
    Write {
        /// The target.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The CSV is not what was read any more, so that a hash of it would speak of another file.
    #[error("{} has changed since it was read: open it again before exporting analysis.json", path.display())]
    SourceChanged {
        /// The CSV.
        path: PathBuf,
    },
    /// The CSV cannot be read any more.
    #[error("{} cannot be read again for its hash: {source}; put it back or open it anew before exporting analysis.json", path.display())]
    SourceUnreadable {
        /// The CSV.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Predictions of rows that are not kept.
    #[error("predictions need all rows, and they are not kept in memory: apply coefficients.csv to the rows instead")]
    NeedsRows,
    /// The paths are there, but not their cross-validation.
    #[error("the paths are not cross-validated yet: wait until they are, or compute again, then export")]
    NotCrossValidated,
    /// The one who waits asked to stop.
    #[error("cancelled")]
    Cancelled(#[from] Cancelled),
    /// A number to be written is NaN or infinite.
    #[error(
        "{what} is not a finite number, so nothing was written: leave out columns of extreme magnitude and analyze again"
    )]
    NotFinite {
        /// Which number.
        what: &'static str,
    },
}

impl ExportError {
    /// Whether the input is at fault, rather than the place to write to.
    pub fn is_about_input(&self) -> bool {
        matches!(
            self,
            Self::SourceChanged { .. } | Self::SourceUnreadable { .. } | Self::NotFinite { .. } | Self::NeedsRows
        )
    }

    fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.to_path_buf(), source }
    }
}

/// What to do about a refusal of the system.
fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "make the folder first, or choose another",
        io::ErrorKind::PermissionDenied => "choose a folder you may write to",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space, or choose another disk",
        io::ErrorKind::ReadOnlyFilesystem => "choose another disk",
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            "a file stands where a folder is needed: choose another folder"
        }
        _ => "choose another place",
    }
}
