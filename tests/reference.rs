//! Our numbers beside exact references and other tools.

mod support;

use std::sync::Arc;

use shrinkscope::analysis::{Settings, analyze};
use shrinkscope::model::folds::FoldRule;
use shrinkscope::model::progress::Progress;

#[test]
fn quick_look() {
    let design = Arc::new(support::diabetes());
    let settings = Settings {
        folds: FoldRule::Interleaved { folds: 10 },
        ..Settings::default()
    };
    let t = std::time::Instant::now();
    let a = analyze(&design, &settings, &Progress::new()).unwrap();
    println!("{:?} {:?}", t.elapsed(), a.timings);
    for p in [&a.lasso, &a.ridge] {
        let cv = &p.cross_validation;
        println!("max {} last {}", p.path.alphas()[0], p.path.alphas()[99]);
        for k in [cv.index_min, cv.index_1se] {
            println!(
                "{k} {} nz {} df {} mean {} se {}",
                p.path.alphas()[k],
                p.path.n_nonzero(k),
                p.path.degrees_of_freedom(k),
                cv.mean[k],
                cv.se[k]
            );
            println!(
                "{} {:?}",
                p.path.intercept(k),
                p.path.coefficients(k).to_vec()
            );
        }
        println!(
            "gap {:e} kkt {:e}",
            (0..100)
                .map(|k| p.path.duality_gap(k).unwrap())
                .fold(0.0, f64::max),
            (0..100).map(|k| p.path.kkt(k)).fold(0.0, f64::max)
        );
    }
    println!("{:?}\n{:#?}", a.least_squares, a.notes);
}
