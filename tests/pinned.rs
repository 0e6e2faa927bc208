//! Pinning a fit: what was gained and lost since, the numbers side by side, over new settings too, and letting go.

mod window;

use std::collections::BTreeSet;

use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use shrinkscope::analysis::Penalty;
use shrinkscope::app::command::Command;
use shrinkscope::app::pinned::Comparison;
use shrinkscope::app::{App, Opening};
use shrinkscope::model::standardize::Scale;
use window::{settle, window};

const SIZE: [f32; 2] = [1440.0, 900.0];

/// Names with a coefficient at the lasso's cursor.
fn selected(app: &App) -> BTreeSet<String> {
    let (analysis, selection) = (app.analysis().expect("analysed"), app.selection().expect("a selection"));
    let point = selection.point(analysis, Penalty::Lasso);
    let features = &analysis.design.features;
    (0..features.len()).filter(|&j| point.coefficient(j) != 0.0).map(|j| features[j].name.clone()).collect()
}

fn compared<R>(app: &App, look: impl FnOnce(&Comparison<'_>) -> R) -> R {
    let (analysis, selection) = (app.analysis().expect("analysed"), app.selection().expect("a selection"));
    let pinned = selection.pinned.as_ref().expect("something is pinned");
    look(&Comparison::of(pinned, analysis, selection))
}

/// What came in and what went out, as the comparison says it.
fn gained_and_lost(app: &App) -> [BTreeSet<String>; 2] {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    compared(app, |comparison| [owned(&comparison.gained), owned(&comparison.lost)])
}

fn move_lasso(harness: &mut Harness<'_, App>, key: Key) {
    harness.get_by_label("Lasso alpha cursor").focus();
    harness.run();
    harness.key_press(key);
    harness.run();
}

#[test]
fn gained_and_lost_are_the_differences_of_the_selected_sets() {
    let (mut harness, _) = window(SIZE, Opening::default());
    let then = selected(harness.state());
    harness.get_by_label("Pin").click();
    harness.run();
    harness.get_by_label_contains("Pinned lasso at 1-SE, alpha ");
    harness.get_by_label_contains("Same features");
    harness.get_by_label("Sort by pinned");
    assert!(harness.query_by_label("Sort by OLS").is_none(), "pinned stands in its place");
    // Home and end of the cursor: nothing but the first feature, then all of them.
    for key in [Key::Home, Key::End] {
        move_lasso(&mut harness, key);
        let now = selected(harness.state());
        let [gained, lost] = gained_and_lost(harness.state());
        assert_eq!(gained, now.difference(&then).cloned().collect(), "gained");
        assert_eq!(lost, then.difference(&now).cloned().collect(), "lost");
        assert!(gained.len() + lost.len() > 0);
    }
    harness.get_by_label_contains("none lost");
    harness.get_by_label("Unpin").click();
    harness.run();
    assert!(harness.state().selection().unwrap().pinned.is_none());
    assert!(harness.query_by_label_contains("Pinned lasso").is_none());
    harness.get_by_label("Sort by OLS");
}

#[test]
fn a_pinned_fit_survives_other_features_and_another_scaling() {
    let (mut harness, _) = window(SIZE, Opening::default());
    let ctx = harness.ctx.clone();
    // No letter is typed anywhere, so the key is the command's.
    harness.key_press(Key::P);
    harness.run();
    let then = selected(harness.state());
    let alpha = compared(harness.state(), |c| c.then.alpha);
    let table = &harness.state().document().unwrap().table;
    let bmi = table.column_index("bmi").unwrap();
    assert!(then.contains("bmi"));
    harness.state_mut().run(&ctx, Command::SetExcluded(vec![bmi], true));
    settle(&mut harness);
    let [_, lost] = gained_and_lost(harness.state());
    assert!(lost.contains("bmi"), "no feature any more: {lost:?}");
    assert!(compared(harness.state(), |c| c.changes.contains(&"10 → 9 features".to_owned())));
    let mut form = harness.state().document().unwrap().form.clone();
    form.scale = Scale::Keep;
    harness.state_mut().run(&ctx, Command::SetForm(form));
    settle(&mut harness);
    let app = harness.state();
    assert!(compared(app, |c| c.changes.contains(&"standardized → own units".to_owned())));
    assert_eq!(compared(app, |c| c.then.alpha).to_bits(), alpha.to_bits(), "the pinned numbers stay");
    let pinned = app.selection().unwrap().pinned.as_ref().unwrap();
    // A feature is found by its name although its place has changed: s5 was the 9th of 10, now it is the 8th of 9.
    let analysis = app.analysis().unwrap();
    let near = analysis.design.features.iter().position(|f| f.name == "s5").unwrap();
    assert_ne!(pinned.names()[near], "s5");
    assert!(pinned.coefficient(Penalty::Lasso, "s5", near, true).unwrap() > 0.0);
    assert!(pinned.coefficient(Penalty::Lasso, "no such", near, true).is_none());
}

#[test]
fn change_is_now_less_pinned() {
    let (mut harness, _) = window(SIZE, Opening::default());
    harness.key_press(Key::P);
    harness.run();
    let app = harness.state();
    let (analysis, selection) = (app.analysis().expect("analysed"), app.selection().expect("a selection"));
    let point = selection.point(analysis, Penalty::Lasso);
    let pinned = selection.pinned.as_ref().unwrap();
    for (j, feature) in analysis.design.features.iter().enumerate() {
        let (own, per_sd) = (point.coefficient(j), point.coefficient_per_sd(j));
        for (is_per_sd, now) in [(false, own), (true, per_sd)] {
            let then = pinned.coefficient(Penalty::Lasso, &feature.name, j, is_per_sd).unwrap();
            assert_eq!(then.to_bits(), now.to_bits(), "an exact copy of {}", feature.name);
        }
    }
    let then = compared(app, |c| (c.then.clone(), c.now.clone()));
    assert_eq!(then.0, then.1);
}

#[test]
fn pinning_can_be_taken_back() {
    let (mut harness, _) = window(SIZE, Opening::default());
    harness.key_press(Key::P);
    harness.run();
    assert!(harness.state().selection().unwrap().pinned.is_some());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run();
    assert!(harness.state().selection().unwrap().pinned.is_none());
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    harness.run();
    assert!(harness.state().selection().unwrap().pinned.is_some());
}
