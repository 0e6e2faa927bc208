//! One task of the engine on one workload: the program that drives us beside other tools in an alternating run.
//!
//! `cargo bench --bench engine -- TASK FOLDER [TOL] [OUT]`, or the built binary by itself with the same arguments.
//! FOLDER holds `shape.txt` (n p), `X.f64` (column-major) and `y.f64`, `alphas.txt` and `ridge.txt`; TASK is `lasso_path`,
//! `lasso_cv` (10 contiguous folds and the fit on all rows), `ridge_cv` or `ridge_loo`. The tolerance is not used: every
//! fit ends exactly. The last line printed is `{"seconds", "cpu", "rss_mib", "gap", "kkt"}`, of which only the fit is on the
//! clock; OUT receives raw doubles, for `lasso_path` rows of intercept and coefficients, else the errors at each alpha.
//! Columns keep their own scale, as the other tools are asked to. Without a folder it says how to call it.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring program: it says what it measured, or stops")]

use std::fs;
use std::path::Path;
use std::time::Instant;

use linfa::ParamGuard;
use ndarray::{Array1, Array2, ShapeBuilder};
use shrinkscope::model::criteria::ridge_leave_one_out;
use shrinkscope::model::cross_validation::{Ground, cross_validate_each, fold_moments};
use shrinkscope::model::folds::{FoldRule, Folds};
use shrinkscope::model::path::{Grid, PathParams, RegularizationPath};
use shrinkscope::model::progress::Progress;
use shrinkscope::model::sample::Sample;
use shrinkscope::model::standardize::Scale;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a task gives: its time, numbers for OUT, and the worst certificates where it has some.
struct Done {
    seconds: f64,
    cpu: f64,
    values: Vec<f64>,
    certificates: Option<(f64, f64)>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let [task, folder, rest @ ..] = arguments.as_slice() else {
        println!("cargo bench --bench engine -- lasso_path|lasso_cv|ridge_cv|ridge_loo FOLDER [TOL] [OUT]");
        return;
    };
    let folder = Path::new(folder);
    let (x, y) = read(folder);
    let alphas = list(&folder.join(if task.starts_with("ridge") { "ridge.txt" } else { "alphas.txt" }));
    warm_up(task);
    let Done { seconds, cpu, values, certificates } = run(task, &x, &y, &alphas);
    if let Some(out) = rest.get(1) {
        fs::write(out, values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<_>>()).unwrap();
    }
    let (gap, kkt) = certificates.unzip();
    let rss_mib = peak_rss_mib();
    println!("{}", serde_json::json!({"seconds": seconds, "cpu": cpu, "rss_mib": rss_mib, "gap": gap, "kkt": kkt}));
}

fn run(task: &str, x: &Array2<f64>, y: &Array1<f64>, alphas: &[f64]) -> Done {
    let params = PathParams::new(if task.starts_with("ridge") { 0.0 } else { 1.0 });
    let params = params.scale(Scale::Keep).grid(Grid::Explicit(alphas.to_vec())).check().unwrap();
    let progress = Progress::new();
    let (cpu, start) = (cpu_seconds(), Instant::now());
    let sample = Sample::new(x.view(), None, y.view()).unwrap();
    if task == "ridge_loo" {
        let values = ridge_leave_one_out(&sample, Scale::Keep, alphas, &progress).unwrap();
        return Done { seconds: start.elapsed().as_secs_f64(), cpu: cpu_seconds() - cpu, values, certificates: None };
    }
    let records: Vec<usize> = (0..y.len()).collect();
    let (folds, _) = Folds::deal(&FoldRule::Contiguous { folds: 10 }, &records, y.len(), None, 1).unwrap();
    // One pass over the rows serves the folds and the fit on all, where there is one.
    let moments = if task == "lasso_cv" { fold_moments(&sample, &folds, 0) } else { None };
    let ground = Ground { units: sample.units(), moments: moments.as_ref(), rows: Some((&sample, &folds)) };
    let errors = task.ends_with("_cv").then(|| cross_validate_each(&[(&params, alphas)], &ground, &progress).unwrap());
    // Ridge's rivals are timed without the fit on all rows.
    let training = (task != "ridge_cv").then(|| params.summarize(&ground).unwrap());
    let solved = training.as_ref().map(|training| params.solve(training, &progress).unwrap());
    let (seconds, cpu) = (start.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    // Off the clock: what the solutions are worth on the data.
    let values = match (&errors, &solved) {
        (Some(errors), _) => errors[0].mean.to_vec(),
        (None, Some(solved)) => (0..alphas.len()).flat_map(|k| solved.model(k)).collect(),
        (None, None) => Vec::new(),
    };
    let certificates = solved.map(|solved| certificates(&solved.certify(&progress).unwrap()));
    Done { seconds, cpu, values, certificates }
}

/// The worst gap and KKT violation over all alphas.
fn certificates(path: &RegularizationPath) -> (f64, f64) {
    let gap = (0..path.len()).filter_map(|k| path.duality_gap(k)).fold(0.0, f64::max);
    (gap, (0..path.len()).map(|k| path.kkt(k)).fold(0.0, f64::max))
}

/// A tiny problem first, as the other tools have it: threads and kernels are then at hand.
fn warm_up(task: &str) {
    let x = Array2::from_shape_fn((60, 8).f(), |(i, j)| ((i * 37 + j * 61) % 101) as f64 / 50.0 - 1.0);
    let y = Array1::from_shape_fn(60, |i| x[[i, 0]] + ((i * 29) % 17) as f64 / 17.0);
    run(task, &x, &y, &[0.5, 0.1]);
}

fn read(folder: &Path) -> (Array2<f64>, Array1<f64>) {
    let doubles = |name: &str| -> Vec<f64> {
        let bytes = fs::read(folder.join(name)).unwrap();
        bytes.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect()
    };
    let shape = fs::read_to_string(folder.join("shape.txt")).unwrap();
    let shape: Vec<usize> = shape.split_whitespace().map(|v| v.parse().unwrap()).collect();
    (Array2::from_shape_vec((shape[0], shape[1]).f(), doubles("X.f64")).unwrap(), Array1::from(doubles("y.f64")))
}

fn list(path: &Path) -> Vec<f64> {
    fs::read_to_string(path).unwrap().split_whitespace().map(|v| v.parse().unwrap()).collect()
}

/// User and system time of this process so far, from `/proc`; 0 where there is none.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    // Fields 14 and 15, of which two are before and in the name; in ticks of a hundredth of a second.
    after_name.split(' ').skip(11).take(2).filter_map(|v| v.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn peak_rss_mib() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}
