//! Data and small helpers that several tests share.
#![allow(dead_code, reason = "each test crate uses its part")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use linfa::ParamGuard;
use linfa::prelude::{Dataset, Fit};
use ndarray::{Array1, Array2, ShapeBuilder};
use shrinkscope::data::design::{Design, Feature};
use shrinkscope::model::path::{Grid, PathParams, RegularizationPath};

/// A file under `tests/fixtures`.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

/// Names, X (column-major) and y of a CSV of numbers whose last column is the target.
pub(crate) fn read_numbers(path: &Path) -> (Vec<String>, Array2<f64>, Array1<f64>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let rows: Vec<Vec<f64>> = reader
        .records()
        .map(|r| {
            r.unwrap()
                .iter()
                .map(|cell| cell.parse().unwrap())
                .collect()
        })
        .collect();
    let p = names.len() - 1;
    let x = Array2::from_shape_fn((rows.len(), p).f(), |(i, j)| rows[i][j]);
    (names, x, rows.iter().map(|row| row[p]).collect())
}

pub(crate) fn diabetes() -> Design {
    let (names, x, y) = read_numbers(&fixture("nist/diabetes.csv"));
    design_of(&names, x, y)
}

pub(crate) fn design_of(names: &[String], x: Array2<f64>, y: Array1<f64>) -> Design {
    let (n, p) = x.dim();
    let feature = |j: usize| Feature {
        name: names.get(j).cloned().unwrap_or_else(|| format!("x{j}")),
        column: j,
    };
    Design {
        target: "y".to_owned(),
        features: (0..p).map(feature).collect(),
        x,
        missing: None,
        y,
        records: (0..n).collect(),
        n_records: n,
        n_missing_target: 0,
        n_missing_feature: 0,
        fold_labels: None,
        group_labels: None,
        notes: Vec::new(),
    }
}

pub(crate) fn shared(x: Array2<f64>, y: Array1<f64>) -> Arc<Design> {
    Arc::new(design_of(&[], x, y))
}

pub(crate) fn dataset(x: &Array2<f64>, y: &Array1<f64>) -> Dataset<f64, f64, ndarray::Ix1> {
    Dataset::new(x.clone(), y.clone())
}

pub(crate) fn fit(params: PathParams, x: &Array2<f64>, y: &Array1<f64>) -> RegularizationPath {
    params.check().unwrap().fit(&dataset(x, y)).unwrap()
}

pub(crate) fn fit_at(
    l1_ratio: f64,
    alphas: &[f64],
    x: &Array2<f64>,
    y: &Array1<f64>,
) -> RegularizationPath {
    fit(
        PathParams::new(l1_ratio).grid(Grid::Explicit(alphas.to_vec())),
        x,
        y,
    )
}

/// `SplitMix64` and normal numbers from it (Box, Muller).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Between 0 and 1, exclusive.
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    pub(crate) fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (2.0 * std::f64::consts::PI * self.uniform()).cos()
    }

    pub(crate) fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        for i in (1..n).rev() {
            order.swap(i, (self.bits() % (i as u64 + 1)) as usize);
        }
        order
    }

    pub(crate) fn matrix(&mut self, n: usize, p: usize) -> Array2<f64> {
        let mut x = Array2::zeros((n, p).f());
        for mut column in x.columns_mut() {
            column.mapv_inplace(|_| self.normal());
        }
        x
    }

    /// Columns with neighbouring correlation `rho`, and y from every seventh of the first 40 columns plus noise.
    pub(crate) fn regression(
        &mut self,
        n: usize,
        p: usize,
        rho: f64,
    ) -> (Array2<f64>, Array1<f64>) {
        let mut x = self.matrix(n, p);
        for j in 1..p {
            for i in 0..n {
                x[[i, j]] = rho * x[[i, j - 1]] + (1.0 - rho * rho).sqrt() * x[[i, j]];
            }
        }
        let y = Array1::from_shape_fn(n, |i| {
            let signal: f64 = (0..p.min(40))
                .step_by(7)
                .map(|j| x[[i, j]] * if j % 2 == 0 { 1.5 } else { -1.0 })
                .sum();
            signal + self.normal() + 3.0
        });
        (x, y)
    }
}

/// `|a − b|` relative to `|b|`.
pub(crate) fn error(a: f64, b: f64) -> f64 {
    if a == b { 0.0 } else { ((a - b) / b).abs() }
}
