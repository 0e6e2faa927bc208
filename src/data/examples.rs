//! Tables that come with the program: real data, a table with known truth, a curve.
//!
//! The two made ones are what [`generate`] makes; a test compares them with the files in `assets/`. It draws with
//! integers and the four basic operations alone, so that every machine makes the same text.

use std::collections::BTreeMap;

use crate::data::csv::{no_tick, read_bytes};
use crate::data::error::ReadError;
use crate::data::options::ImportOptions;
use crate::data::table::{Source, Table};

/// A bundled table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// For the command line: `diabetes`.
    pub name: &'static str,
    /// For the menu.
    pub title: &'static str,
    /// What it is good for, one line.
    pub description: &'static str,
    /// The same in a few words, for its card.
    pub summary: &'static str,
    /// Name of the column to predict.
    pub target: &'static str,
    /// Column whose powers it opens with, and the highest.
    pub powers: Option<(&'static str, u32)>,
    text: &'static str,
}

const ALL: [Example; 3] = [
    Example {
        name: "diabetes",
        title: "Diabetes",
        description: "442 patients, 10 measurements, disease progression one year later (Efron et al., 2004)",
        summary: "Ten measurements, disease a year later",
        target: "y",
        powers: None,
        text: include_str!("../../assets/diabetes.csv"),
    },
    Example {
        name: "correlated",
        title: "Known truth",
        description: "200 rows, 40 columns in correlated blocks with near twins; 6 true coefficients are not zero",
        summary: "Six true features among near twins",
        target: "y",
        powers: None,
        text: include_str!("../../assets/correlated.csv"),
    },
    Example {
        name: "noisy_curve",
        title: "Noisy curve",
        description: "60 points of a smooth curve of one predictor, with noise: a polynomial that overfits without a penalty",
        summary: "A polynomial that overfits alone",
        target: "y",
        powers: Some(("x", 15)),
        text: include_str!("../../assets/noisy_curve.csv"),
    },
];

/// The coefficients that made `correlated.csv`, in its units; all others are 0. The intercept is 10, the noise has
/// standard deviation 3. `x2` is a near twin of `x1` without a part of its own; `x16` and `x17` are near twins that both
/// have one.
pub const CORRELATED_TRUTH: [(&str, f64); 6] =
    [("x1", 3.0), ("x6", -2.5), ("x11", 2.0), ("x16", 1.5), ("x17", 1.5), ("x21", -1.0)];

/// All bundled tables, in the order of the menu.
pub fn all() -> &'static [Example] {
    &ALL
}

/// The bundled table of this name.
pub fn find(name: &str) -> Option<&'static Example> {
    ALL.iter().find(|example| example.name == name)
}

impl Example {
    /// Reads it with the loader that reads files.
    ///
    /// # Errors
    /// [`ReadError`] only if the bundled file is broken, which a test rules out.
    pub fn table(&self) -> Result<Table, ReadError> {
        let bytes = self.text.as_bytes();
        let mut table = read_bytes(self.title, bytes, &ImportOptions::default(), &no_tick)?;
        table.source = Source::Example(self.name);
        Ok(table)
    }

    /// The powers it opens with, by column of its table: see [`Roles::degrees`](crate::data::design::Roles::degrees).
    pub fn degrees(&self, table: &Table) -> BTreeMap<usize, u32> {
        self.powers.and_then(|(name, degree)| Some((table.column_index(name)?, degree))).into_iter().collect()
    }

    /// The CSV itself.
    pub const fn text(&self) -> &'static str {
        self.text
    }
}

/// Makes the text of `correlated` or `noisy_curve` anew.
pub mod generate {
    use std::fmt::Write;

    use super::CORRELATED_TRUTH;

    /// Seed of both tables.
    pub const SEED: u64 = 1996;

    /// `SplitMix64`: Steele, Lea, Flood (2014), Fast splittable pseudorandom number generators, OOPSLA.
    struct Random(u64);

    impl Random {
        fn bits(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        }

        /// Uniform on [0, 1), a multiple of 2⁻⁵³.
        fn uniform(&mut self) -> f64 {
            (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
        }

        /// Mean 0, variance 1, nearly normal: the sum of twelve uniform draws, which needs no logarithm.
        fn normal(&mut self) -> f64 {
            (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
        }
    }

    /// 200 rows; `x1` to `x40` in eight blocks of five with correlation 0.64 inside, and `y`.
    pub fn correlated() -> String {
        let mut random = Random(SEED);
        let names: Vec<String> = (1..=40).map(|j| format!("x{j}")).collect();
        let mut text = names.join(",") + ",y\n";
        for _ in 0..200 {
            let mut row = Vec::with_capacity(40);
            for _block in 0..8 {
                let common = random.normal();
                row.extend((0..5).map(|_| 0.8 * common + 0.6 * random.normal()));
            }
            for twin in [1, 16] {
                let noise = 0.1 * random.normal();
                if let [a, b, ..] = row.get_mut(twin - 1..).unwrap_or_default() {
                    *b = *a + noise;
                }
            }
            let mut y = 10.0 + 3.0 * random.normal();
            for (name, coefficient) in CORRELATED_TRUTH {
                let column: Option<usize> = name.get(1..).and_then(|n| n.parse().ok());
                y += coefficient * column.and_then(|c| row.get(c - 1)).copied().unwrap_or(0.0);
            }
            for x in row {
                push(&mut text, x, ',');
            }
            push(&mut text, y, '\n');
        }
        text
    }

    /// 60 rows; `x` from 0 to 10 and `y = 4/(1 + (x − 3)²) + x/4 − x²/50` with noise of standard deviation 0.35.
    pub fn noisy_curve() -> String {
        let mut random = Random(SEED + 1);
        let mut text = "x,y\n".to_owned();
        for i in 0..60 {
            let x = (f64::from(i) + random.uniform()) / 6.0;
            let d = x - 3.0;
            let y = 4.0 / (1.0 + d * d) + x / 4.0 - x * x / 50.0 + 0.35 * random.normal();
            push(&mut text, x, ',');
            push(&mut text, y, '\n');
        }
        text
    }

    fn push(text: &mut String, value: f64, end: char) {
        // Writing into a string cannot fail.
        write!(text, "{value:.4}{end}").unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::table::ColumnType;

    #[test]
    fn bundled_files_are_what_the_generator_makes() {
        if std::env::var_os("WRITE_EXAMPLES").is_some() {
            std::fs::write("assets/correlated.csv", generate::correlated()).unwrap();
            std::fs::write("assets/noisy_curve.csv", generate::noisy_curve()).unwrap();
        }
        let assert_same = |name: &str, made: &str| {
            let path = format!("{}/assets/{name}.csv", env!("CARGO_MANIFEST_DIR"));
            assert!(std::fs::read_to_string(path).unwrap() == made, "{name}");
        };
        assert_same("correlated", &generate::correlated());
        assert_same("noisy_curve", &generate::noisy_curve());
    }

    #[test]
    fn examples_load_without_a_note_and_hold_their_target() {
        for (example, shape) in all().iter().zip([(442, 11), (200, 41), (60, 2)]) {
            let table = example.table().unwrap();
            assert_eq!((table.n_records, table.columns.len()), shape, "{}", example.name);
            assert!(table.notes.is_empty(), "{}: {:?}", example.name, table.notes);
            assert!(table.column_index(example.target).is_some());
            assert!(table.columns.iter().all(|c| c.column_type == ColumnType::Number));
        }
    }
}
