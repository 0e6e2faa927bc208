//! Whole files or none: each is written beside its target, synced, and renamed over it.
//!
//! All contents reach the disk before the first rename, so that a full disk leaves every old file as it was.
//! A failure at any step removes the temporary files. Mode bits of a replaced file are kept.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::ExportError;
use crate::model::progress::Progress;

/// Bytes written at once, the unit in which they are counted: about a thousand numbers.
const BLOCK: usize = 1 << 15;

/// How the name of a temporary file begins.
const PREFIX: &str = ".shrinkscope-";

/// Writes all `files`, or says which could not be written.
///
/// # Errors
/// [`ExportError`] names the path and what to do. If it comes before the first rename, which is nearly always,
/// all old files are byte-identical.
pub fn write_files(files: &[(PathBuf, Vec<u8>)]) -> Result<(), ExportError> {
    write_watched(files, &Progress::new())
}

/// As [`write_files`], counting blocks of bytes as they are written.
///
/// # Errors
/// As [`write_files`]; [`ExportError::Cancelled`] if asked to stop before the first rename.
pub fn write_watched(files: &[(PathBuf, Vec<u8>)], progress: &Progress) -> Result<(), ExportError> {
    progress.expect(files.iter().map(|(_, bytes)| bytes.len() / BLOCK).sum());
    let stage = |(path, bytes): &'_ (PathBuf, Vec<u8>)| Ok((stage(path, bytes, progress)?, path.clone()));
    let staged = files.iter().map(stage).collect::<Result<Vec<_>, ExportError>>()?;
    for (temporary, path) in staged {
        temporary.persist(&path).map_err(|error| ExportError::write(&path, error.error))?;
        sync_folder(folder_of(&path)).map_err(|error| ExportError::write(&path, error))?;
    }
    Ok(())
}

/// The folder that holds `path`.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A synced temporary file with the final content, in the folder of `path`.
fn stage(path: &Path, bytes: &[u8], progress: &Progress) -> Result<NamedTempFile, ExportError> {
    let kept = replaced_permissions(path)?;
    let fail = |error| ExportError::write(path, error);
    let mut temporary = new_file(folder_of(path)).map_err(fail)?;
    for block in bytes.chunks(BLOCK) {
        temporary.write_all(block).map_err(fail)?;
        progress.advance(block.len() / BLOCK)?;
    }
    if let Some(permissions) = kept {
        temporary.as_file().set_permissions(permissions).map_err(fail)?;
    }
    temporary.as_file().sync_all().map_err(fail)?;
    Ok(temporary)
}

/// The mode bits of the file that `path` replaces, if there is one and it may be replaced.
fn replaced_permissions(path: &Path) -> Result<Option<Permissions>, ExportError> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ExportError::write(path, error)),
    };
    let path = path.to_path_buf();
    if metadata.is_symlink() {
        Err(ExportError::Symlink { path })
    } else if !metadata.is_file() {
        Err(ExportError::NotAFile { path })
    } else if metadata.permissions().readonly() {
        Err(ExportError::ReadOnly { path })
    } else {
        Ok(Some(metadata.permissions()))
    }
}

/// An empty temporary file, as readable as any other new file: temporary files are otherwise the owner's alone.
#[cfg(unix)]
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    // The system's own mask applies to this.
    let permissions = Permissions::from_mode(0o666);
    Builder::new().prefix(PREFIX).permissions(permissions).tempfile_in(folder)
}

#[cfg(not(unix))]
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    Builder::new().prefix(PREFIX).tempfile_in(folder)
}

/// Makes the rename itself durable.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    match fs::File::open(folder)?.sync_all() {
        // Some file systems cannot sync a folder; the rename has happened all the same.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        other => other,
    }
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn new_and_replaced_files_hold_the_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        write_files(&[(path.clone(), b"old".to_vec())]).unwrap();
        write_files(&[(path.clone(), b"new".to_vec())]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["a.csv"]);
    }

    #[test]
    fn failure_of_one_leaves_all_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let good = folder.path().join("a.csv");
        fs::write(&good, "old").unwrap();
        let bad = folder.path().join("folder");
        fs::create_dir(&bad).unwrap();
        let error = write_files(&[(good.clone(), b"new".to_vec()), (bad.clone(), b"x".to_vec())]).unwrap_err();
        assert!(matches!(error, ExportError::NotAFile { .. }));
        assert!(error.to_string().contains(bad.to_str().unwrap()), "{error}");
        assert_eq!(fs::read(&good).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["a.csv", "folder"]);
    }

    #[test]
    fn writing_counts_whole_blocks_and_can_be_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "old").unwrap();
        let files = [(path.clone(), vec![b'1'; 3 * BLOCK + 5])];
        let progress = Progress::new();
        progress.cancel();
        assert!(matches!(write_watched(&files, &progress), Err(ExportError::Cancelled(_))));
        assert_eq!((fs::read(&path).unwrap(), names(folder.path())), (b"old".to_vec(), vec!["a.csv".to_owned()]));
        let progress = Progress::new();
        write_watched(&files, &progress).unwrap();
        assert!((progress.fraction() - 1.0).abs() < 1e-6);
        assert_eq!(fs::read(&path).unwrap(), files[0].1);
    }

    #[test]
    fn missing_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("none").join("a.csv");
        let error = write_files(&[(path.clone(), b"x".to_vec())]).unwrap_err().to_string();
        assert!(error.contains(path.to_str().unwrap()) && error.contains("folder"), "{error}");
        assert!(names(folder.path()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn mode_bits_are_kept_and_links_and_read_only_files_refused() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        write_files(&[(path.clone(), b"new".to_vec())]).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);

        let link = folder.path().join("link.csv");
        symlink(&path, &link).unwrap();
        let error = write_files(&[(link, b"x".to_vec())]).unwrap_err();
        assert!(matches!(error, ExportError::Symlink { .. }));

        fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
        let error = write_files(&[(path.clone(), b"x".to_vec())]).unwrap_err();
        assert!(matches!(error, ExportError::ReadOnly { .. }));
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[cfg(unix)]
    #[test]
    fn new_file_is_as_readable_as_any_other() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, plain) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
        write_files(&[(ours.clone(), b"x".to_vec())]).unwrap();
        fs::write(&plain, "x").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&plain));
    }
}
