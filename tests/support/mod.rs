//! Data and small helpers that several tests share.
#![allow(dead_code, reason = "each test crate uses its part")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use linfa::ParamGuard;
use linfa::prelude::{Dataset, Fit};
use ndarray::{Array1, Array2, ShapeBuilder};
use serde_json::Value;
use shrinkscope::analysis::{Analysis, AnalysisError, Settings, analyze};
use shrinkscope::data::design::{Design, Factor, Feature};
use shrinkscope::model::path::{Grid, PathParams, RegularizationPath};
use shrinkscope::model::progress::Progress;

/// A file under `tests/fixtures`.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// Names, X (column-major) and y of a CSV of numbers whose last column is the target.
pub(crate) fn read_numbers(path: &Path) -> (Vec<String>, Array2<f64>, Array1<f64>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<Vec<f64>> =
        reader.records().map(|r| r.unwrap().iter().map(|cell| cell.parse().unwrap()).collect()).collect();
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
        factors: vec![Factor::Power { column: j, degree: 1 }],
    };
    Design {
        target: "y".to_owned(),
        features: (0..p).map(feature).collect(),
        x,
        missing: None,
        y,
        case_weights: None,
        records: (0..n).collect(),
        n_records: n,
        n_missing_target: 0,
        n_missing_feature: 0,
        n_without_weight: 0,
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

pub(crate) fn fit_at(l1_ratio: f64, alphas: &[f64], x: &Array2<f64>, y: &Array1<f64>) -> RegularizationPath {
    fit(PathParams::new(l1_ratio).grid(Grid::Explicit(alphas.to_vec())), x, y)
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
    pub(crate) fn regression(&mut self, n: usize, p: usize, rho: f64) -> (Array2<f64>, Array1<f64>) {
        let mut x = self.matrix(n, p);
        for j in 1..p {
            for i in 0..n {
                x[[i, j]] = rho * x[[i, j - 1]] + (1.0 - rho * rho).sqrt() * x[[i, j]];
            }
        }
        let y = Array1::from_shape_fn(n, |i| {
            let signal: f64 = (0..p.min(40)).step_by(7).map(|j| x[[i, j]] * if j % 2 == 0 { 1.5 } else { -1.0 }).sum();
            signal + self.normal() + 3.0
        });
        (x, y)
    }
}

/// `|a − b|` relative to `|b|`.
pub(crate) fn error(a: f64, b: f64) -> f64 {
    if a == b { 0.0 } else { ((a - b) / b).abs() }
}

/// Every number is finite.
pub(crate) fn finite(x: &Array2<f64>, y: &Array1<f64>, settings: &Settings) -> Result<Analysis, AnalysisError> {
    let analysis = analyze(&shared(x.clone(), y.clone()), settings, &Progress::new())?;
    for penalty in [&analysis.lasso, &analysis.ridge] {
        let (path, cv) = (&penalty.path, penalty.cross_validation.as_ref().unwrap());
        assert!(
            (0..path.len())
                .all(|k| path.coefficients(k).iter().all(|c| c.is_finite()) && path.intercept(k).is_finite())
        );
        assert!(cv.fold_errors.iter().chain(&cv.mean).chain(&cv.se).all(|e| e.is_finite()));
    }
    Ok(analysis)
}

/// Every number is finite, and every alpha is solved as promised.
pub(crate) fn analyzed(x: &Array2<f64>, y: &Array1<f64>, settings: &Settings) -> Result<Analysis, AnalysisError> {
    let analysis = finite(x, y, settings)?;
    assert!(analysis.lasso.is_certified() && analysis.ridge.is_certified());
    Ok(analysis)
}

pub(crate) fn kinds(analysis: &Analysis) -> Vec<&'static str> {
    analysis.notes.iter().map(|note| note.kind).collect()
}

pub(crate) fn with_column(x: &Array2<f64>, column: &Array1<f64>) -> Array2<f64> {
    let (n, p) = x.dim();
    Array2::from_shape_fn((n, p + 1).f(), |(i, j)| if j < p { x[[i, j]] } else { column[i] })
}

pub(crate) fn read_json(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(fixture(name)).unwrap()).unwrap()
}

/// A number, or one written out as text.
pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// Largest difference of coefficients relative to the largest of them.
pub(crate) fn coefficient_error(ours: &[f64], theirs: &[f64]) -> f64 {
    let largest = theirs.iter().fold(0.0, |m: f64, c| m.max(c.abs()));
    let difference = ours.iter().zip(theirs).fold(0.0, |m: f64, (a, b)| m.max((a - b).abs()));
    if difference == 0.0 { 0.0 } else { difference / largest }
}
