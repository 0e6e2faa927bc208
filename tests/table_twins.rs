//! The table of each picture: the numbers of the picture, in place of it and on the clipboard.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]
#![allow(clippy::float_cmp, reason = "the table holds the very numbers of the analysis")]

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, OutputCommand, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use shrinkscope::analysis::{Analysis, Penalty};
use shrinkscope::app::selection::{Selection, Units};
use shrinkscope::app::twins::Twin;
use shrinkscope::app::views::table_twin::table;
use shrinkscope::app::{App, Opening};
use shrinkscope::insight::fit::fitted_rows;
use shrinkscope::insight::geometry::{Others, Slice};

mod window;

use window::window;

fn example(name: &str) -> Harness<'static, App> {
    window(vec2(1440.0, 900.0), Opening { example: Some(name.to_owned()), ..Opening::default() }).0
}

fn shown<'a>(harness: &'a Harness<'_, App>) -> (&'a Analysis, &'a Selection) {
    (harness.state().analysis().unwrap(), harness.state().selection().unwrap())
}

fn toggle(harness: &mut Harness<'_, App>, twin: Twin) {
    harness.get_by_label(&format!("Show {} as a table", twin.name())).click();
    harness.run();
}

/// Head and rows of what a click on Copy puts on the clipboard.
fn copied(harness: &mut Harness<'_, App>, twin: Twin) -> (Vec<String>, Vec<Vec<String>>) {
    harness.get_by_label(&format!("Copy the table of {}", twin.name())).click();
    let text = (0..4).find_map(|_| {
        harness.step();
        harness.output().platform_output.commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    });
    let mut lines = text
        .unwrap()
        .lines()
        .map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>())
        .collect::<Vec<_>>()
        .into_iter();
    let head = lines.next().unwrap();
    let rows: Vec<_> = lines.collect();
    assert!(rows.iter().all(|row| row.len() == head.len()), "{head:?}");
    (head, rows)
}

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

#[test]
fn a_path_is_copied_to_the_last_bit() {
    let mut harness = example("diabetes");
    for (twin, penalty) in [(Twin::Lasso, Penalty::Lasso), (Twin::Ridge, Penalty::Ridge)] {
        toggle(&mut harness, twin);
        let (head, rows) = copied(&mut harness, twin);
        let (analysis, selection) = shown(&harness);
        assert_eq!(selection.units, Units::PerSd);
        let data = analysis.penalty(penalty);
        let errors = data.cross_validation.as_ref().unwrap();
        assert_eq!(rows.len(), data.path.len());
        assert_eq!(head.len(), 6 + data.path.n_features());
        for (k, row) in rows.iter().enumerate() {
            let measures = [data.path.alphas()[k], data.path.degrees_of_freedom(k), data.path.n_nonzero(k) as f64];
            assert_eq!([0, 1, 2].map(|i| number(&row[i])), measures);
            assert_eq!([number(&row[4]), number(&row[5])], [errors.mean[k], errors.se[k]]);
            for (name, value) in head[6..].iter().zip(&row[6..]) {
                let j = analysis.design.features.iter().position(|f| f.name == *name).unwrap();
                assert_eq!(number(value), data.path.coefficient_per_sd(k, j), "{name}");
            }
        }
    }
}

#[test]
fn fit_geometry_folds_and_what_is_left_out_hold_the_numbers_of_their_pictures() {
    let mut harness = example("diabetes");
    for twin in [Twin::Geometry, Twin::Fit, Twin::Folds, Twin::LeftOut] {
        toggle(&mut harness, twin);
    }
    let fit = copied(&mut harness, Twin::Fit);
    let geometry = copied(&mut harness, Twin::Geometry);
    let folds = copied(&mut harness, Twin::Folds);
    let left_out = copied(&mut harness, Twin::LeftOut);
    let (analysis, selection) = shown(&harness);
    let point = selection.point(analysis, Penalty::Lasso);

    let expected = fitted_rows(analysis, point, usize::MAX);
    assert_eq!(fit.1.len(), expected.len());
    for (row, fitted) in fit.1.iter().zip(&expected) {
        assert_eq!([number(&row[1]), number(&row[2])], [fitted.observed, fitted.predicted]);
    }

    let of = |quantity: &str| geometry.1.iter().find(|row| row[0] == quantity).unwrap();
    for (column, penalty) in [(1, Penalty::Lasso), (2, Penalty::Ridge)] {
        let at = selection.point(analysis, penalty);
        let slice = Slice::new(analysis, penalty, at, selection.pair(), Others::Held).unwrap();
        let (j, k) = selection.pair();
        for (i, feature) in [j, k].into_iter().enumerate() {
            let name = &analysis.design.features[feature].name;
            // Where columns are standardized the units of the penalty are those per SD.
            assert_eq!(number(&of(&format!("fit, {name}"))[column]), slice.fit[i]);
            assert_eq!(number(&of(&format!("centre, {name}"))[column]), slice.loss.center[i]);
        }
        assert_eq!(number(&of("budget t")[column]), slice.whole_budget);
        assert_eq!(number(&of("t of the pair")[column]), slice.region.budget);
        assert_eq!(number(&of("correlation of the two")[column]), analysis.correlation(j, k));
    }

    assert_eq!(folds.1.len(), point.n_nonzero());
    assert_eq!(folds.0.len(), 2 + analysis.lasso.cross_validation.as_ref().unwrap().fold_coefficients.len());

    assert_eq!(left_out.1.len() + point.n_nonzero(), analysis.design.features.len());
    let pulls: Vec<f64> = left_out.1.iter().map(|row| number(&row[1])).collect();
    assert!(pulls.is_sorted_by(|a, b| a >= b), "{pulls:?}");
    // The optimality condition of what is zero.
    assert!(left_out.1.iter().all(|row| number(&row[1]) <= number(&row[2]) * (1.0 + 1e-9)));
}

#[test]
fn esc_and_the_same_button_lead_back() {
    let mut harness = example("diabetes");
    let is_shown = |harness: &Harness<'_, App>, twin| shown(harness).1.twins.is_shown(twin);
    for twin in Twin::ALL {
        toggle(&mut harness, twin);
        assert!(is_shown(&harness, twin), "{twin:?}");
        assert!(
            harness
                .query_by_role_and_label(Role::Image, "Lasso coefficient paths and cross-validation curve")
                .is_none()
        );
    }
    for twin in Twin::ALL.into_iter().rev() {
        assert!(is_shown(&harness, twin), "{twin:?}");
        harness.key_press(Key::Escape);
        harness.run();
        assert!(!is_shown(&harness, twin), "{twin:?}");
    }
    toggle(&mut harness, Twin::Fit);
    toggle(&mut harness, Twin::Fit);
    assert!(!is_shown(&harness, Twin::Fit));
    assert!(harness.query_by_role_and_label(Role::Image, "Predicted against observed").is_some());
}

#[test]
fn rows_are_read_aloud_and_put_the_cursor_there() {
    let mut harness = example("diabetes");
    toggle(&mut harness, Twin::Lasso);
    let first = harness.get_all_by_role(Role::ListItem).next().unwrap();
    let words = first.accesskit_node().label().unwrap();
    let largest = shown(&harness).0.lasso.path.alphas()[0];
    assert!(
        words.starts_with(&format!("alpha {}, df 0, non-zero 0,", shrinkscope::app::format::number(largest))),
        "{words}"
    );
    first.click();
    harness.run();
    let (analysis, selection) = shown(&harness);
    assert_eq!(selection.point(analysis, Penalty::Lasso).alpha(), largest);
    assert_eq!(table(Twin::Lasso, analysis, selection).unwrap().at, Some(0));
}

#[test]
fn the_keys_scroll_the_table_that_has_the_focus() {
    let mut harness = example("diabetes");
    toggle(&mut harness, Twin::Lasso);
    let first = |harness: &Harness<'_, App>| {
        harness.get_all_by_role(Role::ListItem).next().unwrap().accesskit_node().label().unwrap()
    };
    let top = first(&harness);
    harness.get_by_role(Role::List).focus();
    harness.run();
    harness.key_press(Key::End);
    harness.run();
    assert_ne!(first(&harness), top);
    harness.key_press(Key::Home);
    harness.run();
    assert_eq!(first(&harness), top);
}

#[test]
fn a_sole_predictor_stands_beside_its_fit() {
    let mut harness = example("noisy_curve");
    toggle(&mut harness, Twin::Fit);
    let (head, rows) = copied(&mut harness, Twin::Fit);
    let (analysis, _) = shown(&harness);
    assert_eq!(head.len(), 4);
    assert!(rows.iter().enumerate().all(|(i, row)| number(&row[3]) == analysis.design.x[[i, 0]]));
}
