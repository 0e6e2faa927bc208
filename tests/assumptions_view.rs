//! The assumptions in the window: the scaling is switched and compared, a pair is taken into the geometry.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod window;

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use shrinkscope::app::{App, Opening};
use shrinkscope::model::standardize::Scale;
use window::{settle, window};

fn assumptions<'a>(size: [f32; 2], example: &str) -> Harness<'a, App> {
    let (mut harness, _) = window(size, Opening { example: Some(example.to_owned()), ..Opening::default() });
    assert!(harness.query_by_label_contains("Sparsity ").is_none());
    harness.get_by_label("Explain Assumptions").click();
    harness.run();
    harness
}

fn line(harness: &Harness<'_, App>, name: &str) -> String {
    harness.get_by_label_contains(&format!("{name} ")).accesskit_node().value().unwrap_or_default()
}

fn scale(harness: &Harness<'_, App>) -> Scale {
    harness.state().analysis().unwrap().settings.scale
}

#[test]
fn the_scaling_is_switched_compared_and_undone() {
    let mut harness = assumptions([1280.0, 800.0], "diabetes");
    assert_eq!(line(&harness, "1-SE keeps"), "1-SE keeps 4 of 10; switch Standardized to compare");
    assert_eq!(line(&harness, "Pull"), "Pull bmi, s5 · own units s1, bp");
    harness.get_by_label("Standardized").click();
    settle(&mut harness);
    assert_eq!(scale(&harness), Scale::Keep);
    let analysis = harness.state().analysis().unwrap();
    let n = analysis.lasso.path.n_nonzero(analysis.lasso.cross_validation.as_ref().unwrap().index_1se);
    assert_eq!(line(&harness, "1-SE keeps"), format!("1-SE keeps {n} of 10 · standardized 4"));
    assert_eq!(line(&harness, "Pull"), "Pull s1, bp · standardized bmi, s5");
    harness.get_by_label("Undo").click();
    settle(&mut harness);
    assert_eq!(scale(&harness), Scale::Standardize);
    assert_eq!(line(&harness, "1-SE keeps"), format!("1-SE keeps 4 of 10 · own units {n}"));
    harness.get_by_label("Use age").click();
    settle(&mut harness);
    assert_eq!(line(&harness, "1-SE keeps"), "1-SE keeps 4 of 9; switch Standardized to compare");
}

#[test]
fn a_collinear_pair_is_taken_into_the_geometry() {
    for size in [[1280.0, 800.0], [1920.0, 1080.0]] {
        let mut harness = assumptions(size, "correlated");
        let twins = ["Show x1 and x2 in", "Show x2 and x1 in"];
        let pair = twins.iter().find_map(|twins| harness.query_by_label_contains(twins)).unwrap();
        pair.click();
        harness.run();
        let app = harness.state();
        let (first, second) = app.selection().unwrap().pair();
        let features = &app.analysis().unwrap().design.features;
        let mut names = [features[first].name.as_str(), features[second].name.as_str()];
        names.sort_unstable();
        assert_eq!(names, ["x1", "x2"]);
    }
}

#[test]
fn sparsity_is_plausible_where_few_coefficients_are_not_zero() {
    let mut harness = assumptions([1440.0, 900.0], "correlated");
    assert!(line(&harness, "Sparsity").contains("plausible; "));
    harness.get_by_label("Explain Why left out").click();
    harness.run();
    assert!(harness.query_by_label_contains("Sparsity ").is_none());
}
