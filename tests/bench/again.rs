//! How long the window waits for an answer after one option was changed: `cargo bench --bench again`.
//!
//! Each change starts from a finished analysis of the diabetes example and of a table of 100,000 rows and 50 features, and
//! runs as the window runs it: from the table and its roles, on a pool that leaves one core free.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring program: it says what it measured, or stops")]

use std::fmt::Write;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use shrinkscope::analysis::{Analysis, Settings, analyze_again};
use shrinkscope::data::csv::read_bytes;
use shrinkscope::data::design::{Design, Roles, suggest_target};
use shrinkscope::data::examples::find;
use shrinkscope::data::options::ImportOptions;
use shrinkscope::data::table::Table;
use shrinkscope::model::folds::FoldRule;
use shrinkscope::model::path::Grid;
use shrinkscope::model::progress::Progress;
use shrinkscope::model::standardize::Scale;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 7;

fn main() {
    let diabetes = find("diabetes").unwrap().table().unwrap();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).saturating_sub(1).max(1);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    for table in [diabetes, tall()] {
        println!("{} rows, {} columns", table.n_records, table.columns.len());
        pool.install(|| measure(&table));
    }
}

fn measure(table: &Table) {
    let roles = Roles::new(suggest_target(table).unwrap());
    let settings = Settings::default();
    let first = run(table, &roles, &settings, None);
    let without = Roles { excluded: std::iter::once(2).collect(), ..roles.clone() };
    let other_target = Roles { target: 3, ..roles.clone() };
    let raw = Settings { scale: Scale::Keep, ..settings.clone() };
    let finer = Settings { lasso_grid: Grid::Auto { count: 200, ratio: None }, ..settings.clone() };
    let fewer_folds = Settings { folds: FoldRule::Random { folds: 5, seed: 0 }, ..settings.clone() };
    let mixed = Settings { l1_ratio: 0.5, ..settings.clone() };
    for (what, roles, settings) in [
        ("exclude a feature", &without, &settings),
        ("another target", &other_target, &settings),
        ("do not standardize", &roles, &raw),
        ("200 alphas", &roles, &finer),
        ("5 folds", &roles, &fewer_folds),
        ("elastic net", &roles, &mixed),
    ] {
        let mut times: Vec<f64> = (0..ROUNDS)
            .map(|_| {
                let start = Instant::now();
                run(table, roles, settings, Some(&first));
                start.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("  {what:<20} {:8.2} ms (least {:.2})", times[ROUNDS / 2], times[0]);
    }
}

fn run(table: &Table, roles: &Roles, settings: &Settings, former: Option<&Analysis>) -> Analysis {
    let design = Arc::new(Design::new(table, roles).unwrap());
    analyze_again(&design, settings, former, &Progress::new()).unwrap()
}

/// 100,000 rows of 50 features and a target.
fn tall() -> Table {
    let mut bits = 1_u64;
    let mut uniform = || {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (bits >> 40) as f64 / f64::from(1 << 24)
    };
    let names: Vec<String> = (0..50).map(|j| format!("x{j}")).collect();
    let mut text = names.join(",") + ",y\n";
    for _ in 0..100_000 {
        let row: Vec<f64> = (0..50).map(|_| uniform() + uniform() - 1.0).collect();
        let y = row.iter().step_by(7).sum::<f64>() + 2.0 * uniform();
        for x in &row {
            write!(text, "{x:.5},").unwrap();
        }
        writeln!(text, "{y:.5}").unwrap();
    }
    read_bytes("tall.csv", text.as_bytes(), &ImportOptions::default(), &|_, _| ControlFlow::Continue(())).unwrap()
}
