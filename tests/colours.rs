//! The ten feature colours stay apart for eyes that lack a kind of cone.
//!
//! Simulation of full dichromacy in linear RGB by Machado, Oliveira and Fernandes (2009), IEEE TVCG 15(6), table for
//! severity 1; distances in `OKLab` (Ottosson 2020), where about 0.02 is just visible.

use eframe::egui::Color32;
use shrinkscope::app::theme::{DARK, LIGHT};

/// Twice and a half what is just visible: two thin lines side by side.
const APART: f64 = 0.05;

type Matrix = [[f64; 3]; 3];

const EYES: [(&str, Matrix); 4] = [
    ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protanopia",
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
    ),
    (
        "deuteranopia",
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
    ),
    (
        "tritanopia",
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ),
];

fn linear(color: Color32) -> [f64; 3] {
    [color.r(), color.g(), color.b()].map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    })
}

fn times(m: Matrix, v: [f64; 3]) -> [f64; 3] {
    m.map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum())
}

fn oklab(rgb: [f64; 3]) -> [f64; 3] {
    let cones = times(
        [
            [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
            [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
            [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
        ],
        rgb.map(|c| c.clamp(0.0, 1.0)),
    );
    times(
        [
            [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
            [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
            [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
        ],
        cones.map(f64::cbrt),
    )
}

fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn feature_colours_stay_apart_for_every_eye() {
    for (theme, tokens) in [("light", LIGHT), ("dark", DARK)] {
        for (eye, matrix) in EYES {
            let seen = tokens.features.map(|color| oklab(times(matrix, linear(color))));
            for i in 0..seen.len() {
                for j in 0..i {
                    let apart = distance(seen[i], seen[j]);
                    assert!(apart >= APART, "{theme}, {eye}: colours {} and {} are {apart:.3} apart", j + 1, i + 1);
                }
            }
        }
    }
}

#[test]
fn the_measure_knows_what_is_the_same_and_what_is_not() {
    let [red, green] = [Color32::from_rgb(200, 80, 0), Color32::from_rgb(115, 120, 0)].map(linear);
    let seen_by = |matrix: Matrix| distance(oklab(times(matrix, red)), oklab(times(matrix, green)));
    assert!(seen_by(EYES[0].1) > 0.15, "to most eyes orange is not olive");
    assert!(seen_by(EYES[2].1) < 0.1, "without green cones they are near: {}", seen_by(EYES[2].1));
    assert!(distance(oklab([1.0; 3]), [1.0, 0.0, 0.0]) < 1e-6, "white has lightness 1 and no hue");
}
