//! Whatever the data: every alpha is optimal, measured by residuals of the data that this file computes itself.

mod support;

use ndarray::{Array1, Array2};
use proptest::prelude::*;
use shrinkscope::model::certificate::Point;
use shrinkscope::model::path::{PathParams, RegularizationPath};
use support::{Random, fit};

/// What is done to random columns.
#[derive(Debug, Clone, Copy)]
enum Spoil {
    Nothing,
    Duplicates,
    NearTwins,
    Sums,
    ExtremeScales,
    Offsets,
    Binary,
    FewValues,
}

fn spoils() -> impl Strategy<Value = Spoil> {
    use Spoil::{Binary, Duplicates, ExtremeScales, FewValues, NearTwins, Nothing, Offsets, Sums};
    prop::sample::select(vec![
        Nothing,
        Duplicates,
        NearTwins,
        Sums,
        ExtremeScales,
        Offsets,
        Binary,
        FewValues,
    ])
}

fn spoiled(spoil: Spoil, n: usize, p: usize, seed: u64) -> (Array2<f64>, Array1<f64>) {
    let mut random = Random(seed);
    let (mut x, y) = random.regression(n, p, 0.6);
    for j in 0..p {
        let before = |x: &Array2<f64>, back: usize| x.column(j - back).to_owned();
        let column = x.column(j).to_owned();
        let column = match spoil {
            Spoil::Duplicates if j % 3 == 2 => before(&x, 1),
            Spoil::NearTwins if j % 3 == 2 => before(&x, 2) + 1e-7 * column,
            Spoil::Sums if j % 3 == 2 => before(&x, 1) + before(&x, 2),
            Spoil::ExtremeScales => column * [1e-300, 1e160, 1e300, 1.0, 1e-8][j % 5],
            Spoil::Offsets => column + 1e6 * j as f64,
            Spoil::Binary => column.mapv(|c| f64::from(u8::from(c > 0.8))),
            Spoil::FewValues => column.mapv(f64::round),
            _ => column,
        };
        x.column_mut(j).assign(&column);
    }
    (x, y)
}

/// Largest relative gap and KKT violation along the path, from columns standardized here.
fn worst(path: &RegularizationPath, x: &Array2<f64>, y: &Array1<f64>) -> (f64, f64) {
    let (n, p) = x.dim();
    let y = y - y.mean().unwrap();
    let mut z = x.clone();
    for (j, mut column) in z.columns_mut().into_iter().enumerate() {
        let largest = column.iter().fold(0.0, |m: f64, c| m.max(c.abs()));
        if largest > 0.0 {
            // A power of two, so that no digit is lost.
            let unit = 2.0_f64.powi(largest.log2().floor() as i32);
            column.mapv_inplace(|c| c / unit);
        }
        for _ in 0..2 {
            let mean = column.mean().unwrap();
            column.mapv_inplace(|c| c - mean);
        }
        let sd = (column.dot(&column) / n as f64).sqrt();
        if path.scaling().sds[j] > 0.0 {
            let kept = path.scaling().sds[j] / path.scaling().scales[j];
            column.mapv_inplace(|c| c / sd * kept);
        } else {
            column.fill(0.0);
        }
    }
    let largest_pull = z.t().dot(&y).iter().fold(0.0, |m: f64, c| m.max(c.abs())) / n as f64;
    let (mut gap, mut kkt) = (0.0_f64, 0.0_f64);
    for k in 0..path.len() {
        let w = path.solution(k).to_owned();
        let r = &y - &z.dot(&w);
        let g = z.t().dot(&r) / n as f64;
        let point = Point {
            l1_ratio: path.l1_ratio(),
            alpha: path.alphas()[k],
            solution: w.as_slice().unwrap(),
            gradient: g.as_slice().unwrap(),
            residual_sum: r.dot(&r),
            target_sum: y.dot(&y),
            largest_pull,
            n_samples: n,
        };
        gap = gap.max(point.duality_gap().unwrap());
        kkt = kkt.max(point.kkt());
        assert!(
            (0..p).all(|j| path.coefficient(k, j).is_finite()) && path.intercept(k).is_finite()
        );
    }
    (gap, kkt)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_alpha_is_optimal(spoil in spoils(), n in 4_usize..60, p in 1_usize..90, seed: u64, l1_ratio in prop::sample::select(vec![1.0, 1.0, 0.5, 0.05, 0.0])) {
        // Ridge on near twins has coefficients of 1e7 at the end of its grid, whose own rounding moves the gradient by 1e-9.
        prop_assume!(!(l1_ratio == 0.0 && matches!(spoil, Spoil::NearTwins)));
        let (x, y) = spoiled(spoil, n, p, seed);
        let path = fit(PathParams::new(l1_ratio), &x, &y);
        let (gap, kkt) = worst(&path, &x, &y);
        let own = (0..path.len()).map(|k| path.duality_gap(k).unwrap()).fold(0.0, f64::max);
        let own_kkt = (0..path.len()).map(|k| path.kkt(k)).fold(0.0, f64::max);
        prop_assert!(gap <= 1e-12 && kkt <= 1e-10 && own <= 1e-12 && own_kkt <= 1e-10, "gap {gap:e} kkt {kkt:e} own {own:e} {own_kkt:e}");
    }
}

#[test]
fn debug_case() {
    let (x, y) = spoiled(Spoil::NearTwins, 15, 15, 2_497_637_387_603_248_485);
    let path = fit(PathParams::new(1.0), &x, &y);
    for k in 0..path.len() {
        println!(
            "{k} {:e} gap {:e} kkt {:e} nz {} l1 {}",
            path.alphas()[k],
            path.duality_gap(k).unwrap(),
            path.kkt(k),
            path.n_nonzero(k),
            path.solution(k).iter().map(|w| w.abs()).sum::<f64>()
        );
    }
    let k = (0..path.len())
        .max_by(|a, b| path.kkt(*a).total_cmp(&path.kkt(*b)))
        .unwrap();
    for j in 0..15 {
        println!(
            "{j} w {:e} g/alpha {:.15}",
            path.solution(k)[j],
            path.gradient(k)[j] / path.alphas()[k]
        );
    }
}
