//! Runs the built program in a folder of its own and reads back what it wrote.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The features of the diabetes table.
pub(crate) const FEATURES: [&str; 10] = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"];

/// A folder for one test, gone after it.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file and returns its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Names of all that lies in a folder of this folder.
    pub(crate) fn names(&self, of: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(of)).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// `shrinkscope analyze FILE --target TARGET --out OUT …`, which must succeed.
    pub(crate) fn analyze(&self, file: &Path, target: &str, out: &str, options: &[&str]) -> Written {
        let output = self.try_analyze(file, target, out, options);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        Written { folder: self.path(out), output }
    }

    /// The same without a claim about how it ends.
    pub(crate) fn try_analyze(&self, file: &Path, target: &str, out: &str, options: &[&str]) -> Output {
        let mut command = shrinkscope();
        command.arg("analyze").arg(file).args(["--target", target, "--out"]).arg(self.path(out)).args(options);
        command.output().unwrap()
    }
}

/// The program under test.
pub(crate) fn shrinkscope() -> Command {
    Command::new(env!("CARGO_BIN_EXE_shrinkscope"))
}

/// What it said on standard error.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The bundled diabetes table.
pub(crate) fn diabetes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/diabetes.csv")
}

/// The result of one `analyze`.
pub(crate) struct Written {
    pub(crate) folder: PathBuf,
    pub(crate) output: Output,
}

/// One row of a CSV by column name.
pub(crate) type Row = BTreeMap<String, String>;

impl Written {
    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.join(name)).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes("analysis.json")).unwrap()
    }

    /// The first line of a CSV.
    pub(crate) fn header(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap().lines().next().unwrap().to_owned()
    }

    /// The rows of a CSV.
    pub(crate) fn rows(&self, name: &str) -> Vec<Row> {
        let bytes = self.bytes(name);
        csv::Reader::from_reader(bytes.as_slice()).deserialize().map(Result::unwrap).collect()
    }

    /// The rows of `coefficients.csv` of one penalty: feature and coefficient.
    pub(crate) fn coefficients(&self, penalty: &str) -> Vec<(String, f64)> {
        let rows = self.rows("coefficients.csv");
        let of_penalty = rows.iter().filter(|row| row["penalty"] == penalty);
        of_penalty.map(|row| (row["feature"].clone(), number(&row["coefficient"]))).collect()
    }
}

pub(crate) fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

/// The numbers of a JSON list.
pub(crate) fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

/// A position in a JSON document.
pub(crate) fn index(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// `x` and `noise` with a target that depends on `x`; `rows` rows.
pub(crate) fn small(rows: usize) -> String {
    let mut text = "x,noise,y\n".to_owned();
    for i in 0..rows {
        let (x, noise) = ((i * 7 % 11) as f64, (i * 5 % 13) as f64);
        writeln!(text, "{x},{noise},{}", 2.0 * x + noise / 10.0 + (i % 3) as f64).unwrap();
    }
    text
}
