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

/// The SHA-256 of the bytes behind a table, in lower-case hexadecimal: of the file, or of the bundled CSV.
///
/// # Errors
/// [`ExportError::SourceChanged`] if size or time of the file differ from when it was read,
/// [`ExportError::SourceUnreadable`] if it is gone.
pub fn sha256(source: &Source) -> Result<String, ExportError> {
    match source {
        Source::Example(name) => {
            let text = examples::find(name).map_or("", |example| example.text());
            Ok(hex(&Sha256::digest(text)))
        }
        Source::File { path, bytes, modified } => {
            let unreadable = |error| ExportError::SourceUnreadable { path: path.clone(), source: error };
            match file_sha256(path, *bytes, *modified).map_err(unreadable)? {
                Some(hash) => Ok(hash),
                None => Err(ExportError::SourceChanged { path: path.clone() }),
            }
        }
    }
}

/// The hash of a file of this size and time, or `None` if it is another file now.
fn file_sha256(path: &Path, bytes: u64, modified: Option<SystemTime>) -> io::Result<Option<String>> {
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
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        hasher.update(&buffer[..n]);
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
            sha256(&source_of(&path)).unwrap(),
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
        assert!(matches!(sha256(&source), Err(ExportError::SourceChanged { .. })));

        fs::write(&path, "abd").unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert!(matches!(sha256(&source), Err(ExportError::SourceChanged { .. })));

        fs::remove_file(&path).unwrap();
        let message = sha256(&source).unwrap_err().to_string();
        assert!(message.contains("a.csv"), "{message}");
    }
}
