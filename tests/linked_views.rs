//! The whole window by its controls: what one view does, all others show in the same frame.

mod window;

use eframe::egui::{Key, accesskit::Role, vec2};
use egui_kittest::kittest::Queryable;
use shrinkscope::analysis::{Cursor, Penalty};
use shrinkscope::app::selection::Rule;
use shrinkscope::app::{App, Opening};
use shrinkscope::insight::budget::budget;
use window::{settle, window};

const SIZE: [f32; 2] = [1440.0, 900.0];

fn value_of(harness: &egui_kittest::Harness<'_, App>, label: &str) -> String {
    harness.get_by_label(label).value().unwrap_or_default()
}

#[test]
fn starts_with_diabetes_at_1se() {
    let (harness, _) = window(SIZE, Opening::default());
    let app = harness.state();
    let analysis = app.analysis().expect("analysed");
    assert_eq!(analysis.design.y.len(), 442);
    let selection = app.selection().expect("a selection");
    assert_eq!(selection.rule(Penalty::Lasso), Rule::OneSe);
    let index_1se = analysis.lasso.cross_validation.as_ref().unwrap().index_1se;
    assert_eq!(*selection.cursor(Penalty::Lasso), Cursor::on_grid(index_1se));
    harness.get_by_label("Lasso path");
    harness.get_by_label("Ridge path");
    harness.get_by_label("Selected features");
}

#[test]
fn dragging_alpha_moves_every_view_in_the_same_frame() {
    let (mut harness, _) = window(SIZE, Opening::default());
    let cursor_alpha = |app: &App| app.selection().unwrap().point(app.analysis().unwrap(), Penalty::Lasso).alpha();
    let before = cursor_alpha(harness.state());
    let geometry_before = value_of(&harness, "Lasso geometry");
    let ridge_before = value_of(&harness, "Ridge alpha cursor");
    let center = harness.get_by_label("Lasso alpha cursor").rect().center();
    harness.hover_at(center);
    harness.step();
    harness.drag_at(center);
    harness.step();
    harness.hover_at(center + vec2(60.0, 0.0));
    // One frame: whatever is shown now was drawn from the new alpha.
    harness.step();
    let alpha = cursor_alpha(harness.state());
    assert!(alpha < before, "{alpha} should lie right of {before}");
    let shown = shrinkscope::app::format::number(alpha);
    assert_eq!(value_of(&harness, "Lasso alpha cursor"), shown);
    assert_ne!(value_of(&harness, "Lasso geometry"), geometry_before, "the geometry follows");
    assert_ne!(value_of(&harness, "Ridge alpha cursor"), ridge_before, "ridge follows by the link");
    let app = harness.state();
    let n = app.selection().unwrap().point(app.analysis().unwrap(), Penalty::Lasso).n_nonzero();
    harness.get_by_label(&format!("{n} of 10"));
    harness.get_by_label(&shown);
    harness.drop_at(center + vec2(60.0, 0.0));
    harness.run();
    assert_eq!(harness.state().selection().unwrap().rule(Penalty::Lasso), Rule::Manual);
}

#[test]
fn arrow_keys_step_the_focused_cursor() {
    let (mut harness, _) = window(SIZE, Opening::default());
    let cursor = |h: &egui_kittest::Harness<'_, App>| h.state().selection().unwrap().cursor(Penalty::Ridge).nearest();
    let before = cursor(&harness);
    harness.get_by_label("Ridge alpha cursor").focus();
    harness.run();
    harness.key_press(Key::ArrowRight);
    harness.run();
    assert_eq!(cursor(&harness), before + 1);
    harness.key_press(Key::ArrowLeft);
    harness.run();
    assert_eq!(cursor(&harness), before);
    // Linked at equal df, ridge started between two alphas; now it stands on one.
    let app = harness.state();
    let path = &app.analysis().unwrap().ridge.path;
    assert_eq!(app.selection().unwrap().cursor(Penalty::Ridge).grid_position(path), Some(before));
}

#[test]
fn hovering_a_row_lights_the_feature_everywhere() {
    let (mut harness, _) = window(SIZE, Opening::default());
    let analysis = harness.state().analysis().unwrap().clone();
    let bmi = analysis.design.features.iter().position(|f| f.name == "bmi").unwrap();
    let center = harness.get_by_label_contains("bmi, lasso").rect().center();
    harness.hover_at(center);
    harness.run();
    assert_eq!(harness.state().selection().unwrap().hovered, Some(bmi));
    harness.remove_cursor();
    harness.run();
    assert_eq!(harness.state().selection().unwrap().hovered, None);
}

#[test]
fn a_rule_button_puts_the_cursor_there() {
    let (mut harness, _) = window(SIZE, Opening::default());
    harness.get_by_label("Lasso alpha Min").click();
    harness.run();
    let app = harness.state();
    assert_eq!(
        *app.selection().unwrap().cursor(Penalty::Lasso),
        Cursor::on_grid(app.analysis().unwrap().lasso.cross_validation.as_ref().unwrap().index_min)
    );
}

#[test]
fn choosing_a_pair_changes_the_geometry() {
    let (mut harness, _) = window(SIZE, Opening::default());
    let analysis = harness.state().analysis().unwrap().clone();
    let before = value_of(&harness, "Ridge geometry");
    harness.get_by_label("Second feature of the geometry").click();
    harness.run();
    harness.get_all_by_label("s1").last().unwrap().click();
    harness.run();
    let s1 = analysis.design.features.iter().position(|f| f.name == "s1").unwrap();
    assert_eq!(harness.state().selection().unwrap().pair().1, s1);
    assert_ne!(value_of(&harness, "Ridge geometry"), before);
}

#[test]
fn clicking_a_left_out_feature_takes_it_into_the_geometry() {
    let (mut harness, _) = window(SIZE, Opening::default());
    harness.get_by_label_contains("sex, lasso").click();
    harness.run();
    let app = harness.state();
    let sex = app.analysis().unwrap().design.features.iter().position(|f| f.name == "sex").unwrap();
    assert_eq!(app.selection().unwrap().pair().0, sex);
}

#[test]
fn moving_the_budget_moves_alpha() {
    let (mut harness, _) = window(SIZE, Opening::default());
    harness.get_by_role_and_label(Role::Slider, "Lasso budget t").set_value_accesskit(0.0);
    harness.run();
    let at = |app: &App| app.selection().unwrap().cursor(Penalty::Lasso).clone();
    assert_eq!(at(harness.state()), Cursor::on_grid(0), "no budget, largest alpha");
    // Any budget is met exactly, and everything follows in the same frame.
    let table_before = value_of(&harness, "Lasso alpha cursor");
    harness.get_by_role_and_label(Role::Slider, "Lasso budget t").set_value_accesskit(40.0);
    harness.step();
    harness.step();
    let app = harness.state();
    let (analysis, selection) = (app.analysis().unwrap(), app.selection().unwrap());
    let point = selection.point(analysis, Penalty::Lasso);
    assert!((budget(point) - 40.0).abs() <= 4e-8, "t is {}", budget(point));
    assert_ne!(value_of(&harness, "Lasso alpha cursor"), table_before);
    assert_eq!(value_of(&harness, "Lasso alpha cursor"), shrinkscope::app::format::number(point.alpha()));
}

#[test]
fn excluding_a_feature_and_undo() {
    let (mut harness, _) = window(SIZE, Opening::default());
    harness.get_by_label("Use bmi").click();
    harness.run_ok();
    settle(&mut harness);
    let names = |h: &egui_kittest::Harness<'_, App>| -> Vec<String> {
        h.state().analysis().unwrap().design.features.iter().map(|f| f.name.clone()).collect()
    };
    assert!(!names(&harness).contains(&"bmi".to_owned()));
    harness.get_by_label("Undo").click();
    harness.run_ok();
    settle(&mut harness);
    assert!(names(&harness).contains(&"bmi".to_owned()));
    assert!(!harness.state().is_stale());
}

#[test]
fn choosing_another_target_analyses_it() {
    let (mut harness, _) = window(SIZE, Opening::default());
    harness.get_by_role_and_label(Role::ComboBox, "Target").click();
    harness.run();
    harness.get_all_by_label("bmi").last().unwrap().click();
    harness.run_ok();
    settle(&mut harness);
    assert_eq!(harness.state().analysis().unwrap().design.target, "bmi");
}

#[test]
fn exports_the_coefficients_at_the_cursor() {
    let (mut harness, answers) = window(SIZE, Opening::default());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("coefficients.csv");
    *answers.save.lock().unwrap() = Some(path.clone());
    harness.get_by_label("Lasso alpha Min").click();
    harness.run();
    harness.get_by_label("Export coefficients…").click();
    harness.run_ok();
    settle(&mut harness);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("penalty,feature,coefficient,coefficient_per_sd,selected\nlasso,(intercept),"), "{text}");
    let app = harness.state();
    let (analysis, k) = (app.analysis().unwrap(), app.selection().unwrap().cursor(Penalty::Lasso).nearest());
    let bmi = analysis.design.features.iter().position(|f| f.name == "bmi").unwrap();
    let line = text.lines().find(|l| l.starts_with("lasso,bmi,")).unwrap();
    let written: f64 = line.split(',').nth(2).unwrap().parse().unwrap();
    assert_eq!(written.to_bits(), analysis.lasso.path.coefficient(k, bmi).to_bits());
    assert!(app.message().unwrap().contains("coefficients.csv"));
}

#[test]
fn opens_a_file_by_the_dialog_and_by_dropping_it() {
    let (mut harness, answers) = window(SIZE, Opening::default());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.csv");
    std::fs::write(&path, "a;b;out\n1;5;2,5\n2;3;4,5\n3;8;6,25\n4;1;8,5\n5;2;10,75\n6;7;12,5\n").unwrap();
    *answers.open.lock().unwrap() = Some(path.clone());
    harness.get_by_label("Open CSV…").click();
    harness.run_ok();
    settle(&mut harness);
    let table = harness.state().document().unwrap().table.clone();
    assert_eq!((table.n_records, table.columns.len()), (6, 3));
    assert_eq!(harness.state().analysis().unwrap().design.target, "out");
    harness
        .input_mut()
        .dropped_files
        .push(std::sync::Arc::new(Dropped(std::env::current_dir().unwrap().join("assets/diabetes.csv"))));
    harness.run_ok();
    settle(&mut harness);
    assert_eq!(harness.state().document().unwrap().table.n_records, 442);
}

#[derive(Debug)]
struct Dropped(std::path::PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|e| e.to_string())
    }
}

#[test]
fn bad_input_is_said_and_the_former_result_stays() {
    let (mut harness, answers) = window(SIZE, Opening::default());
    let folder = tempfile::tempdir().unwrap();
    let bad = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let cases = [
        (folder.path().join("missing.csv"), "there is no such file"),
        (folder.path().to_path_buf(), "folder"),
        (bad("empty.csv", b""), "empty"),
        (bad("header.csv", b"a,b,y\n"), "no data rows"),
        (bad("ragged.csv", b"a,b\n1,2\n3,4,5\n"), "line 3"),
    ];
    for (path, expected) in cases {
        *answers.open.lock().unwrap() = Some(path.clone());
        harness.get_by_label("Open CSV…").click();
        harness.run_ok();
        settle(&mut harness);
        let app = harness.state();
        let message = app.message().unwrap_or_default().to_owned();
        assert!(message.contains(expected), "{}: {message:?}", path.display());
        assert_eq!(app.analysis().expect("the former result").design.y.len(), 442);
        assert!(!app.is_stale());
    }
}

#[test]
fn a_target_that_cannot_be_fitted_keeps_the_former_result_marked_stale() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    std::fs::write(&path, "a,b,flat,y\n1,5,3,2.5\n2,3,3,4.5\n3,8,3,6.25\n4,1,3,8.5\n5,2,3,10.75\n").unwrap();
    let (mut harness, _) = window(SIZE, Opening { file: Some(path), ..Opening::default() });
    assert_eq!(harness.state().analysis().unwrap().design.target, "y");
    harness.get_by_role_and_label(Role::ComboBox, "Target").click();
    harness.run();
    harness.get_all_by_label("flat").last().unwrap().click();
    harness.run_ok();
    settle(&mut harness);
    let app = harness.state();
    assert!(app.is_stale());
    assert!(app.message().unwrap().contains("does not vary"), "{:?}", app.message());
    assert_eq!(app.analysis().unwrap().design.target, "y");
}

#[test]
fn a_new_table_without_a_fit_says_why_in_the_middle() {
    let (mut harness, answers) = window(SIZE, Opening::default());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flat.csv");
    std::fs::write(&path, "a,b,y\n1,5,3\n2,3,3\n3,8,3\n4,1,3\n").unwrap();
    *answers.open.lock().unwrap() = Some(path);
    harness.get_by_label("Open CSV…").click();
    harness.run_ok();
    settle(&mut harness);
    assert!(harness.state().analysis().is_none(), "diabetes would mislead beside another table");
    harness.get_by_label("No fit yet");
    harness.get_by_label_contains("does not vary");
    harness.get_by_role_and_label(Role::ComboBox, "Target").click();
    harness.run();
    harness.get_all_by_label("a").last().unwrap().click();
    harness.run_ok();
    settle(&mut harness);
    assert_eq!(harness.state().analysis().unwrap().design.target, "a");
}

#[test]
fn a_refused_file_is_read_after_all_by_an_import_option() {
    let (mut harness, answers) = window(SIZE, Opening::default());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ragged.csv");
    std::fs::write(&path, "a,b,y\n1,5,3\n2,3,4,9\n3,8,6\n4,1,5\n5,2,8\n").unwrap();
    *answers.open.lock().unwrap() = Some(path);
    harness.get_by_label("Open CSV…").click();
    harness.run_ok();
    settle(&mut harness);
    assert!(harness.state().message().unwrap().contains("line 3"));
    harness.get_by_label("Import options…").click();
    harness.run();
    harness.get_by_role_and_label(Role::ComboBox, "Ragged lines").click();
    harness.run();
    harness.get_all_by_label("skip the line").last().unwrap().click();
    harness.run_ok();
    settle(&mut harness);
    assert_eq!(harness.state().document().unwrap().table.n_records, 4);
    assert_eq!(harness.state().analysis().unwrap().design.y.len(), 4);
    assert_eq!(harness.state().message(), None);
}

#[test]
fn a_column_read_as_category_keeps_target_and_settings() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    let rows: Vec<String> = (0..24).map(|i| format!("{},{},{}", i % 3, i * 7 % 11, i % 3 * 2 + i % 5)).collect();
    std::fs::write(&path, format!("kind,x,y\n{}\n", rows.join("\n"))).unwrap();
    let opening = Opening { file: Some(path), target: Some("x".to_owned()), ..Opening::default() };
    let (mut harness, _) = window(SIZE, opening);
    harness.get_by_label("Import options…").click();
    harness.run();
    harness.get_by_role_and_label(Role::ComboBox, "kind").click();
    harness.run();
    harness.get_all_by_label("category").last().unwrap().click();
    harness.run_ok();
    settle(&mut harness);
    let design = &harness.state().analysis().unwrap().design;
    let names: Vec<&str> = design.features.iter().map(|f| f.name.as_str()).collect();
    assert_eq!((design.target.as_str(), names), ("x", vec!["kind=1", "kind=2", "y"]));
}

#[test]
fn verify_shows_both_fits() {
    let (mut harness, _) = window(SIZE, Opening::default());
    harness.get_by_label("Verify with linfa").click();
    harness.run_ok();
    settle(&mut harness);
    harness.get_by_label("Verified with linfa-elasticnet");
    harness.get_by_label("relative duality gap");
    harness.get_by_label("Close verification").click();
    harness.run();
    assert!(harness.query_by_label("relative duality gap").is_none());
}
