//! The tables that benchmarks read, made from a seed: every machine times the same bytes.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

/// A file to be made.
pub(crate) struct Recipe {
    /// Name of the file; what it ends in says how it is written.
    pub(crate) file: &'static str,
    /// What it stands for.
    pub(crate) about: &'static str,
    cells: Cells,
    n_rows: usize,
    n_columns: usize,
}

/// What stands in the cells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cells {
    /// Normal deviates with this many significant digits.
    Significant(usize),
    /// Normal deviates with this many decimals, and the delimiter and decimal mark around them.
    Decimals(usize, char, char),
    /// Numbers, categories, dates, quoted text and missing cells.
    Mixed,
}

/// All files, by what they are for.
pub(crate) const RECIPES: [Recipe; 7] = [
    recipe("tall.csv", "1,000,000 x 20 doubles of 17 digits", Cells::Significant(17), 1_000_000, 20),
    recipe("gene.csv", "72 x 7,129 numbers of 6 decimals", Cells::Decimals(6, ',', '.'), 72, 7_129),
    recipe("mixed.csv", "200,000 x 12, numbers and text", Cells::Mixed, 200_000, 12),
    recipe("tall.csv.gz", "100,000 x 20 doubles of 17 digits, gzip", Cells::Significant(17), 100_000, 20),
    recipe("comma.csv", "200,000 x 20, semicolon and decimal comma", Cells::Decimals(6, ';', ','), 200_000, 20),
    recipe("wide.csv", "100 x 10,000 numbers of 6 decimals", Cells::Decimals(6, ',', '.'), 100, 10_000),
    recipe("small.csv", "442 x 11 numbers of 6 decimals", Cells::Decimals(6, ',', '.'), 442, 11),
];

const fn recipe(file: &'static str, about: &'static str, cells: Cells, n_rows: usize, n_columns: usize) -> Recipe {
    Recipe { file, about, cells, n_rows, n_columns }
}

impl Recipe {
    /// Makes the file in a folder, unless it is there.
    pub(crate) fn make(&self, folder: &Path) -> io::Result<PathBuf> {
        let path = folder.join(self.file);
        if path.exists() {
            return Ok(path);
        }
        fs::create_dir_all(folder)?;
        let unfinished = folder.join(format!("{}.part", self.file));
        let out = BufWriter::with_capacity(1 << 20, File::create(&unfinished)?);
        if path.extension().is_some_and(|extension| extension == "gz") {
            let mut packed = GzEncoder::new(out, Compression::default());
            self.write(&mut packed)?;
            packed.finish()?.flush()?;
        } else {
            let mut out = out;
            self.write(&mut out)?;
            out.flush()?;
        }
        fs::rename(unfinished, &path)?;
        Ok(path)
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut random = Random(self.n_rows as u64);
        if self.cells == Cells::Mixed {
            return write_mixed(out, self.n_rows, &mut random);
        }
        let delimiter = if let Cells::Decimals(_, delimiter, _) = self.cells { delimiter } else { ',' };
        let names: Vec<String> = (1..=self.n_columns).map(|column| format!("feature_{column}")).collect();
        writeln!(out, "{}", names.join(&delimiter.to_string()))?;
        for _ in 0..self.n_rows {
            for column in 1..=self.n_columns {
                let value = random.normal();
                match self.cells {
                    Cells::Decimals(decimals, _, ',') => {
                        write!(out, "{}", format!("{value:.decimals$}").replace('.', ","))?;
                    }
                    Cells::Decimals(decimals, ..) => write!(out, "{value:.decimals$}")?,
                    Cells::Significant(_) | Cells::Mixed => {
                        write!(out, "{value:.0$}", self.decimals_of(value))?;
                    }
                }
                write!(out, "{}", if column < self.n_columns { delimiter } else { '\n' })?;
            }
        }
        Ok(())
    }

    /// Decimals that show the significant digits of a value.
    fn decimals_of(&self, value: f64) -> usize {
        let Cells::Significant(digits) = self.cells else {
            return 0;
        };
        (digits as i32 - 1 - value.abs().log10().floor() as i32).max(0) as usize
    }
}

/// An order book: an identifier, categories, dates, notes with delimiters inside, and numbers that are sometimes missing.
fn write_mixed(out: &mut impl Write, n_rows: usize, random: &mut Random) -> io::Result<()> {
    const CITIES: [&str; 6] = ["Bergen", "Łódź", "Porto", "Gent", "Graz", "São Paulo"];
    const KINDS: [&str; 3] = ["retail", "wholesale", "export"];
    const NOTES: [&str; 4] = ["", "\"paid, late\"", "\"said \"\"thanks\"\"\"", "collected"];
    writeln!(out, "id,city,kind,day,member,note,price,weight,quantity,rating,distance,total")?;
    for id in 0..n_rows {
        let (city, kind, note) = (random.pick(&CITIES), random.pick(&KINDS), random.pick(&NOTES));
        let (year, month, day) = (2015 + random.below(10), 1 + random.below(12), 1 + random.below(28));
        let member = random.pick(&["yes", "no"]);
        write!(out, "{id},{city},{kind},{year}-{month:02}-{day:02},{member},{note}")?;
        for decimals in [2, 3, 0, 1, 6, 9] {
            let value = 100.0 + 20.0 * random.normal();
            match random.below(20) {
                0 => write!(out, ",")?,
                1 => write!(out, ",NA")?,
                _ => write!(out, ",{value:.decimals$}")?,
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The generator `SplitMix64`: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in (0, 1].
    fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// Standard normal, by Box and Muller.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }
}
