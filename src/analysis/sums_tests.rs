//! Files whose rows are not kept give what they give in memory.

use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;

use crate::analysis::sums::{Sums, SumsError};
use crate::analysis::{Analysis, Engine, Settings, analyze};
use crate::data::csv::{no_tick, read_table};
use crate::data::design::{Design, Missing, Roles};
use crate::data::options::ImportOptions;
use crate::data::stream::{Stream, StreamError};
use crate::model::folds::FoldRule;
use crate::model::progress::Progress;
use crate::model::random::SplitMix64;

/// Numbers, categories, yes and no, missing cells, weights and folds; `late` are levels that the first records lack.
fn file(n: usize, late: &[&str]) -> String {
    let mut random = SplitMix64::new(5);
    let mut uniform = || (random.next() >> 11) as f64 / (1_u64 << 53) as f64 - 0.5;
    let mut text = "a,b,c,k,d,w,f,y\n".to_owned();
    for i in 0..n {
        let k = if i > n / 2 && i % 5 == 0 && !late.is_empty() { late[i % late.len()] } else { ["u", "v", "w"][i % 3] };
        let [a, b, c, e] = [uniform(), 1e6 + uniform(), 1e-3 * uniform(), uniform()];
        let y = 2.0 * a - 3.0 * (b - 1e6) + 700.0 * c + e + f64::from(u8::from(k == "u"));
        let b = if i % 17 == 3 { "NA".to_owned() } else { b.to_string() };
        writeln!(text, "{a},{b},{c},{k},{},{},{},{y}", ["yes", "no"][i % 2], i % 3, ["q", "p", "r"][i * 7 % 3])
            .unwrap();
    }
    text
}

fn close(ours: impl IntoIterator<Item = f64>, theirs: impl IntoIterator<Item = f64>, what: &str) {
    let theirs: Vec<f64> = theirs.into_iter().collect();
    let scale = theirs.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    let ours: Vec<f64> = ours.into_iter().collect();
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (k, (a, b)) in ours.iter().zip(&theirs).enumerate() {
        assert!((a - b).abs() <= 1e-12 * scale, "{what} at {k}: {a} and {b}");
    }
}

fn assert_same(ours: &Analysis, theirs: &Analysis) {
    assert_eq!(ours.n_samples(), theirs.n_samples());
    assert_eq!(ours.design.features, theirs.design.features);
    for (a, b) in [(&ours.lasso, &theirs.lasso), (&ours.ridge, &theirs.ridge)] {
        close(a.path.alphas().to_vec(), b.path.alphas().to_vec(), "alphas");
        for k in 0..a.path.len() {
            close(a.path.coefficients(k), b.path.coefficients(k), "coefficients");
            close([a.path.intercept(k)], [b.path.intercept(k)], "intercept");
        }
        let (a, b) = (a.cross_validation.as_ref().unwrap(), b.cross_validation.as_ref().unwrap());
        close(a.mean.to_vec(), b.mean.to_vec(), "mean error");
        close(a.se.to_vec(), b.se.to_vec(), "standard error");
        assert_eq!((a.index_min, a.index_1se, &a.fold_sizes), (b.index_min, b.index_1se, &b.fold_sizes));
    }
    let kinds = |a: &Analysis| a.notes.iter().map(|n| n.kind).collect::<Vec<_>>();
    assert_eq!(kinds(ours), kinds(theirs));
}

/// The sums of a file, and its design in memory.
fn both(text: &str, settings: &Settings, change: impl Fn(&mut Roles)) -> (Result<Sums, SumsError>, Design) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, text).unwrap();
    let mut roles = Roles::new(7);
    change(&mut roles);
    let table = read_table(&path, &ImportOptions::default(), &no_tick).unwrap();
    let stream = Stream::open(&path, &ImportOptions::default(), &no_tick).unwrap();
    (Sums::read(&stream, &roles, settings, &no_tick), Design::new(&table, &roles).unwrap())
}

fn with_folds(folds: FoldRule) -> Settings {
    Settings { folds, ..Settings::default() }
}

#[test]
fn analysis_is_that_of_the_rows_in_memory() {
    let rules = [
        FoldRule::Random { folds: 10, seed: 3 },
        FoldRule::Interleaved { folds: 4 },
        // Half of the records lack cells, and with them half of the folds: 17 and 34 share a factor.
        FoldRule::Interleaved { folds: 34 },
        FoldRule::Given,
    ];
    for (rule, late) in rules.into_iter().zip([&[][..], &["t", "x"], &[], &["a"]]) {
        let is_given = rule == FoldRule::Given;
        let settings = with_folds(rule);
        let (sums, design) = both(&file(500, late), &settings, |roles| {
            roles.weight_column = Some(5);
            roles.fold_column = is_given.then_some(6);
            roles.degrees.insert(0, 2);
        });
        let ours = sums.unwrap().analyze(&settings, &Progress::new()).unwrap();
        let theirs = analyze(&Arc::new(design), &settings, &Progress::new()).unwrap();
        assert_same(&ours, &theirs);
        assert_eq!(ours.row_folds().len(), 0);
    }
}

#[test]
fn fewer_rows_than_folds_are_left_out_one_by_one() {
    let settings = with_folds(FoldRule::Random { folds: 40, seed: 0 });
    let (sums, design) = both(&file(25, &[]), &settings, |_| ());
    let ours = sums.unwrap().analyze(&settings, &Progress::new()).unwrap();
    assert_same(&ours, &analyze(&Arc::new(design), &settings, &Progress::new()).unwrap());
}

#[test]
fn sums_serve_other_alphas_but_no_other_roles() {
    let settings = Settings::default();
    let (sums, _) = both(&file(200, &[]), &settings, |_| ());
    let (sums, mut roles) = (sums.unwrap(), Roles::new(7));
    assert!(sums.serve(&roles, &Settings { l1_ratio: 0.5, ..settings.clone() }));
    assert!(!sums.serve(&roles, &with_folds(FoldRule::Interleaved { folds: 10 })));
    roles.excluded.insert(0);
    assert!(!sums.serve(&roles, &settings));
}

#[test]
fn what_needs_all_rows_is_refused_before_they_are_read() {
    let refused =
        |settings: &Settings, change: &dyn Fn(&mut Roles)| both(&file(60, &[]), settings, change).0.unwrap_err();
    let none: &dyn Fn(&mut Roles) = &|_| ();
    for settings in [
        with_folds(FoldRule::Contiguous { folds: 5 }),
        Settings { repeats: 2, ..Settings::default() },
        Settings { engine: Engine::Linfa, ..Settings::default() },
    ] {
        assert!(matches!(refused(&settings, none), SumsError::NeedsRows { .. }));
    }
    let groups = refused(&Settings::default(), &|roles| roles.group_column = Some(6));
    assert!(matches!(groups, SumsError::Stream(StreamError::Groups)));
    let mean = refused(&Settings::default(), &|roles| roles.missing = Missing::Mean);
    assert!(matches!(mean, SumsError::Stream(StreamError::Imputes)));
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let settings = Settings::default();
    let text = file(700, &["t"]);
    let bits = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let analysis = both(&text, &settings, |_| ()).0.unwrap().analyze(&settings, &Progress::new()).unwrap();
            let path = &analysis.lasso.path;
            let all = (0..path.len())
                .flat_map(|k| path.coefficients(k))
                .chain(analysis.ridge.cross_validation.as_ref().unwrap().mean.clone());
            all.map(f64::to_bits).collect::<Vec<_>>()
        })
    };
    assert_eq!(bits(1), bits(4));
}
