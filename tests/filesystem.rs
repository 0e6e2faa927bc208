//! What a file system can do to a loader: no file at all, a file of another kind, one that changes under the reader, one
//! that unpacks to more than it seems. Each ends soon, as the right kind of refusal, with a sentence that helps.
//!
//! `csv_corpus.rs` plays the plain cases through the library; here the program itself answers, and large files stream.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot make its files fails")]

use std::cell::{Cell, RefCell};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;
use shrinkscope::data::csv::{no_tick, read_table};
use shrinkscope::data::error::ReadError;
use shrinkscope::data::options::ImportOptions;
use shrinkscope::data::table::Table;

/// Longest that any answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_shrinkscope"))
}

/// What `inspect` prints, within [`PATIENCE`].
fn answer(mut command: Command, path: &Path) -> Value {
    let mut child = command.arg("inspect").arg(path).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let (answer, answers) = mpsc::channel();
    let reader = std::thread::Builder::new().name("reader".to_owned()).spawn(move || {
        let mut text = Vec::new();
        stdout.read_to_end(&mut text).unwrap();
        answer.send(text).unwrap();
    });
    let text = answers.recv_timeout(PATIENCE);
    if text.is_err() {
        child.kill().unwrap();
    }
    child.wait().unwrap();
    reader.unwrap().join().unwrap();
    serde_json::from_slice(&text.unwrap_or_else(|_| panic!("no answer about {}", path.display()))).unwrap()
}

fn inspect(path: &Path) -> Value {
    answer(program(), path)
}

/// Requires a refusal of this kind whose sentence holds all of `words`.
fn refused(path: &Path, kind: &str, words: &[&str]) {
    check_refusal(&inspect(path), kind, words);
}

fn check_refusal(read: &Value, kind: &str, words: &[&str]) {
    assert_eq!(read["error"], kind, "{read}");
    let message = read["message"].as_str().unwrap();
    for word in words {
        assert!(message.contains(word), "{word:?} is not in {message:?}");
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn write(folder: &Path, name: impl AsRef<Path>, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[test]
fn what_is_no_file_is_named_for_what_it_is() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    refused(folder.path(), "is_directory", &["folder", "choose a file inside"]);
    refused(&at("none.csv"), "not_found", &["none.csv", "check the name"]);
    refused(Path::new("/dev/zero"), "not_regular_file", &["a device", "/dev/zero"]);
    refused(Path::new("/dev/null"), "not_regular_file", &["a device"]);
    assert!(Command::new("mkfifo").arg(at("pipe.csv")).status().unwrap().success());
    refused(&at("pipe.csv"), "not_regular_file", &["a pipe", "pipe.csv", "save the data"]);
    symlink(at("pipe.csv"), at("to_pipe.csv")).unwrap();
    refused(&at("to_pipe.csv"), "not_regular_file", &["a pipe"]);
    symlink(at("gone.csv"), at("dangling.csv")).unwrap();
    refused(&at("dangling.csv"), "not_found", &["dangling.csv"]);
    symlink(at("loop.csv"), at("loop.csv")).unwrap();
    refused(&at("loop.csv"), "io", &["loop.csv", "try again"]);
    write(folder.path(), "plain.csv", b"x,y\n1,2\n");
    refused(&at("plain.csv/x.csv"), "io", &["plain.csv/x.csv"]);
    refused(&at(&"long".repeat(100)), "io", &["reading stopped"]);
    refused(&write(folder.path(), "empty.csv", b""), "empty_file", &["empty", "export"]);
}

#[test]
fn a_file_that_one_may_not_read_is_told_from_one_that_is_not_there() {
    let folder = folder();
    let everyone = |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    everyone(folder.path(), 0o755);
    let locked = write(folder.path(), "locked.csv", b"x,y\n1,2\n");
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let hidden = write(&inner, "hidden.csv", b"x,y\n1,2\n");
    everyone(&locked, 0o000);
    everyone(&inner, 0o000);
    let is_root = File::open(&locked).is_ok();
    // Root may read what nobody may, so nobody asks; the program must stand where nobody can run it.
    let copy = folder.path().join("shrinkscope");
    if is_root {
        fs::copy(env!("CARGO_BIN_EXE_shrinkscope"), &copy).unwrap();
        everyone(&copy, 0o755);
    }
    for path in [&locked, &hidden] {
        let mut command = if is_root { Command::new("setpriv") } else { program() };
        if is_root {
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&copy);
        }
        let name = path.file_name().unwrap().to_str().unwrap();
        check_refusal(&answer(command, path), "permission_denied", &[name, "permissions"]);
    }
    everyone(&inner, 0o755);
}

#[test]
fn any_name_of_a_file_will_do() {
    let folder = folder();
    let names = [
        OsStr::from_bytes(b"not utf-8 \xFF\xFE.csv"),
        OsStr::new("two\nlines.csv"),
        OsStr::new("-dash.csv"),
        OsStr::new("größe 表.csv"),
        OsStr::new("no extension"),
    ];
    for name in names {
        let path = write(folder.path(), name, b"x,y\n1,2\n3,4\n5,6\n");
        let read = inspect(&path);
        assert_eq!(read["loaded"], true, "{read}");
        assert_eq!(read["cells"][2][1], 6.0);
        refused(&path.join("below"), "io", &["reading stopped"]);
    }
    let link = folder.path().join("link.csv");
    symlink(folder.path().join("-dash.csv"), &link).unwrap();
    assert_eq!(inspect(&link)["loaded"], true);
}

#[test]
fn packed_files_are_unpacked_whole_or_not_at_all() {
    let folder = folder();
    let text = "x,y\n".to_owned() + &"1.5,2.5\n".repeat(1000);
    let packed = pack(text.as_bytes());
    let at = |name: &str, bytes: &[u8]| write(folder.path(), name, bytes);
    assert_eq!(inspect(&at("whole.csv.gz", &packed))["cells"].as_array().unwrap().len(), 1000);
    let twice = [packed.clone(), pack(b"7,8\n")].concat();
    assert_eq!(inspect(&at("parts.csv.gz", &twice))["cells"][1000][1], 8.0);
    refused(&at("cut.csv.gz", &packed[..packed.len() - 9]), "compressed", &["gzip", "damaged", "unpack it"]);
    refused(&at("cut_head.csv.gz", &packed[..2]), "compressed", &["gzip"]);
    refused(&at("tail.csv.gz", &[&packed[..], b"garbage"].concat()), "compressed", &["damaged"]);
    let mut broken = packed.clone();
    broken[packed.len() - 6] ^= 1;
    refused(&at("broken.csv.gz", &broken), "compressed", &["damaged"]);
    refused(&at("double.csv.gz", &pack(&packed)), "compressed", &["packed twice"]);
    // 64 MiB from 64 KiB and a bomb of bombs: the cap stops both.
    let bomb = pack(&vec![b'1'; 64 << 20]);
    refused(&at("bomb.csv.gz", &bomb), "compressed", &["grows beyond", "MiB"]);
    refused(&at("bombs.csv.gz", &[bomb.clone(), bomb].concat()), "compressed", &["grows beyond"]);
    refused(&at("zip.csv", b"PK\x03\x04 and so on"), "compressed", &["zip"]);
}

#[test]
fn what_is_too_large_is_refused_with_the_figures_before_it_is_read() {
    let folder = folder();
    let rows = "x,y\n".to_owned() + &"1.5,2.5\n".repeat(1 << 20);
    // Both end in a hole of terabytes that takes no room on the disk.
    let wide: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(rows.encode_utf16().take(100).flat_map(u16::to_le_bytes)).collect();
    for (name, bytes) in [("table.csv", rows.as_bytes()), ("wide.csv", &wide)] {
        let path = write(folder.path(), name, bytes);
        if File::options().write(true).open(&path).unwrap().set_len(8 << 40).is_err() {
            continue;
        }
        refused(&path, "too_large", &["MiB are free", "use fewer rows"]);
    }
}

#[test]
fn a_hundred_thousand_columns_are_read() {
    let folder = folder();
    let row = |cell: &dyn Fn(usize) -> String| (0..100_000).map(cell).collect::<Vec<_>>().join(",") + "\n";
    let mut text = row(&|j| format!("x{j}"));
    (0..5).for_each(|i| text.push_str(&row(&|j| (j * 7 + i).to_string())));
    let path = write(folder.path(), "wide.csv", text.as_bytes());
    let start = Instant::now();
    let table = load(&path, &|_, _| ControlFlow::Continue(())).unwrap();
    assert_eq!((table.columns.len(), table.n_records), (100_000, 5));
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

fn load(path: &Path, tick: &dyn Fn(u64, u64) -> ControlFlow<()>) -> Result<Table, ReadError> {
    read_table(path, &ImportOptions::default(), tick)
}

/// Text of more than two blocks, which streams.
fn long_text() -> String {
    "x,y\n".to_owned() + &"1.5,2.5\n".repeat(10 << 17)
}

/// What happens to a file, and its name.
type Change<'a> = (&'a str, &'a dyn Fn(&Path));

#[test]
fn a_long_file_that_changes_while_it_is_read_is_refused() {
    let folder = folder();
    let text = long_text();
    let resize = |path: &Path, length: u64| File::options().write(true).open(path).unwrap().set_len(length).unwrap();
    let grow = |path: &Path| File::options().append(true).open(path).unwrap().write_all(b"3,4\n").unwrap();
    let replace = |path: &Path| {
        let other = write(folder.path(), "other.csv", b"x,y\n9,9\n");
        fs::rename(other, path).unwrap();
    };
    let rewrite = |path: &Path| fs::write(path, "x,y\n".to_owned() + &"9.5,9.5\n".repeat(10 << 17)).unwrap();
    let changes: [Change<'_>; 5] = [
        ("cut", &|path| resize(path, 100)),
        ("grown", &grow),
        ("replaced", &replace),
        ("rewritten", &rewrite),
        ("removed", &|path| fs::remove_file(path).unwrap()),
    ];
    for (name, change) in changes {
        let path = write(folder.path(), format!("{name}.csv"), text.as_bytes());
        // However coarsely the clock ticks, a change comes later than this.
        let before = SystemTime::now() - Duration::from_secs(10);
        File::options().write(true).open(&path).unwrap().set_modified(before).unwrap();
        let done = Cell::new(false);
        let read = load(&path, &|_, _| {
            if !done.replace(true) {
                change(&path);
            }
            ControlFlow::Continue(())
        });
        let error = read.map(|t| t.n_records).unwrap_err();
        let expected = if name == "removed" { "not_found" } else { "changed_while_reading" };
        assert_eq!(error.kind(), expected, "{name}: {error}");
        assert!(error.to_string().contains(name), "{error}");
    }
}

/// Bytes of a block: between two ticks, one is taken apart and the next is read.
const BLOCK: u64 = 4 << 20;

/// Positions of all ticks of a load, the first and last included.
fn ticks(path: &Path) -> (Vec<u64>, u64) {
    let seen = RefCell::new(Vec::new());
    let length = Cell::new(0);
    load(path, &|done, total| {
        assert!(done <= total, "{done} of {total}");
        seen.borrow_mut().push(done);
        length.set(total);
        ControlFlow::Continue(())
    })
    .unwrap();
    (seen.into_inner(), length.get())
}

/// The same table in every form that is read in another way.
fn forms() -> Vec<(&'static str, Vec<u8>)> {
    let text = long_text();
    let quoted = "x,y\n".to_owned() + &"\"1.5\",\"a\nb\"\n".repeat(900_000);
    let utf_16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let late = [text.as_bytes(), b"1,\xE9t\xE9\n"].concat();
    let rows: Vec<String> = (0..2_000_000_u64).map(|i| format!("{},{i}\n", i * 7919 % 10_007)).collect();
    let packed = pack(rows.concat().as_bytes());
    vec![
        ("plain", text.into_bytes()),
        ("quoted", quoted.into_bytes()),
        ("utf-16", utf_16),
        ("windows-1252", late),
        ("gzip", packed),
    ]
}

#[test]
fn the_reader_is_asked_after_every_block_whether_to_go_on() {
    let folder = folder();
    for (name, bytes) in forms() {
        let path = write(folder.path(), name, &bytes);
        let (seen, total) = ticks(&path);
        let steps = seen.windows(2).map(|w| w[1].saturating_sub(w[0]));
        let largest = steps.chain(seen.first().copied()).max().unwrap();
        // The header belongs to the first.
        assert!(largest <= 2 * BLOCK + 1000, "{name}: {largest} bytes between two ticks");
        let last = seen.last().copied().unwrap();
        assert_eq!(last, total, "{name}: the last tick is at the end");
        let wanted = bytes.len() as u64 / BLOCK;
        assert!(seen.len() as u64 >= wanted, "{name}: {} ticks", seen.len());
    }
}

#[test]
fn a_load_ends_at_the_tick_that_says_so() {
    let folder = folder();
    for (name, bytes) in forms() {
        let path = write(folder.path(), name, &bytes);
        let (seen, _) = ticks(&path);
        for stop in [1, 2, seen.len() / 2, seen.len()] {
            let count = Cell::new(0);
            let read = load(&path, &|_, _| {
                count.set(count.get() + 1);
                if count.get() >= stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            assert!(matches!(read, Err(ReadError::Cancelled)), "{name}: tick {stop} of {} was not heard", seen.len());
            assert_eq!(count.get(), stop, "{name}: work went on");
        }
    }
    let plain = folder.path().join("plain");
    assert!(read_table(&plain, &ImportOptions::default(), &no_tick).is_ok());
}
