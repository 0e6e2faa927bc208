//! The SHA-256 of what was analysed.
//!
//! Taken when a file that holds it is written, not on the way to the first picture; so the CSV is checked to be the one
//! that was read, by size and time of change, before and after.

use std::fmt::Write as _;
use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::ExportError;
use crate::data::examples;
use crate::data::table::Source;
use crate::model::progress::{Cancelled, Progress};

/// Bytes read at once.
const BLOCK: usize = 1 << 16;

/// The SHA-256 of the bytes behind a table, in lower-case hexadecimal: of the file, or of the bundled CSV.
///
/// # Errors
/// [`ExportError::SourceChanged`] if size or time of the file differ from when it was read,
/// [`ExportError::SourceUnreadable`] if it is gone, [`ExportError::Cancelled`] if asked to stop.
pub fn sha256(source: &Source, progress: &Progress) -> Result<String, ExportError> {
    match source {
        Source::Example(name) => {
            let text = examples::find(name).map_or("", |example| example.text());
            Ok(hex(&Sha256::digest(text)))
        }
        Source::File { path, bytes, modified } => {
            let unreadable = |error| ExportError::SourceUnreadable { path: path.clone(), source: error };
            progress.expect((*bytes / BLOCK as u64) as usize);
            match file_sha256(path, *bytes, *modified, progress)?.map_err(unreadable)? {
                Some(hash) => Ok(hash),
                None => Err(ExportError::SourceChanged { path: path.clone() }),
            }
        }
    }
}

/// The hash of a file of this size and time, or `None` if it is another file now; progress is counted in whole blocks.
fn file_sha256(
    path: &Path,
    bytes: u64,
    modified: Option<SystemTime>,
    progress: &Progress,
) -> Result<io::Result<Option<String>>, Cancelled> {
    let mut counted = 0;
    let mut stopped = Ok(());
    let mut go_on = |done: u64| {
        let blocks = (done / BLOCK as u64) as usize;
        stopped = progress.advance(blocks - counted);
        counted = blocks;
        stopped.is_ok()
    };
    let hash = hash_file(path, bytes, modified, &mut go_on);
    stopped.map(|()| hash)
}

/// Stops where `go_on`, which is given the bytes read so far, says so.
fn hash_file(
    path: &Path,
    bytes: u64,
    modified: Option<SystemTime>,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> io::Result<Option<String>> {
    let same = |metadata: &Metadata| {
        metadata.is_file()
            && metadata.len() == bytes
            && modified.is_none_or(|then| metadata.modified().is_ok_and(|now| now == then))
    };
    // A pipe that took the file's place would block in open.
    if !same(&fs::metadata(path)?) {
        return Ok(None);
    }
    let mut file = fs::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; BLOCK];
    let mut done = 0;
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        hasher.update(&buffer[..n]);
        done += n as u64;
        if !go_on(done) {
            return Ok(None);
        }
    }
    Ok(same(&file.metadata()?).then(|| hex(&hasher.finalize())))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String cannot fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source_of(path: &Path) -> Source {
        let metadata = fs::metadata(path).unwrap();
        Source::File { path: path.to_path_buf(), bytes: metadata.len(), modified: metadata.modified().ok() }
    }

    #[test]
    fn hash_is_the_published_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "abc").unwrap();
        // FIPS 180-2, appendix B.1
        assert_eq!(
            sha256(&source_of(&path), &Progress::new()).unwrap(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn another_file_is_not_hashed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "abc").unwrap();
        let source = source_of(&path);

        fs::write(&path, "abcd").unwrap();
        assert!(matches!(sha256(&source, &Progress::new()), Err(ExportError::SourceChanged { .. })));

        fs::write(&path, "abd").unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert!(matches!(sha256(&source, &Progress::new()), Err(ExportError::SourceChanged { .. })));

        fs::remove_file(&path).unwrap();
        let message = sha256(&source, &Progress::new()).unwrap_err().to_string();
        assert!(message.contains("a.csv"), "{message}");
    }

    #[test]
    fn the_hash_of_a_large_file_counts_its_blocks_and_can_be_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, vec![b'1'; 5 * BLOCK + 7]).unwrap();
        let source = source_of(&path);
        let progress = Progress::new();
        sha256(&source, &progress).unwrap();
        assert!((progress.fraction() - 1.0).abs() < 1e-6);
        progress.expect(5);
        assert!((progress.fraction() - 0.5).abs() < 1e-6, "five blocks were counted");
        progress.cancel();
        assert!(matches!(sha256(&source, &progress), Err(ExportError::Cancelled(_))));
    }
}
