//! Moments in the window: all that needs no row is there, and what needs rows says so in its place.

use std::fs;
use std::path::Path;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use shrinkscope::app::command::Command;
use shrinkscope::app::data_view::Page;
use shrinkscope::app::{App, Opening};
use shrinkscope::export::File;

use crate::window::{Answers, settle, window};

fn opened<'a>(file: &Path) -> (Harness<'a, App>, Answers) {
    window([1440.0, 900.0], Opening { file: Some(file.to_path_buf()), ..Opening::default() })
}

fn moments() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/moments/spark-diabetes.json")
}

fn run(harness: &mut Harness<'_, App>, command: Command) {
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, command);
    settle(harness);
}

fn says(harness: &Harness<'_, App>, text: &str) -> bool {
    harness.query_all_by_label_contains(text).next().is_some()
}

#[test]
fn views_that_need_rows_say_so() {
    let (mut harness, _) = opened(&moments());
    let analysis = harness.state().analysis().unwrap().clone();
    assert_eq!((analysis.n_samples(), analysis.folds.n_folds, analysis.design.target.as_str()), (442, 10, "y"));
    for text in [
        "moments of 442 rows",
        "no row is here",
        "Points need rows",
        "Rows were dealt to folds where the moments were made",
    ] {
        assert!(says(&harness, text), "{text}");
    }
    for text in ["Verify with linfa", "Options of bmi", "Import options…"] {
        assert!(!says(&harness, text), "{text}");
    }
    run(&mut harness, Command::ShowPage(Page::Data));
    assert!(says(&harness, "Only moments were opened"));
    assert!(says(&harness, "bmi, number, 0 missing, mean 26.38, standard deviation 4.413"));
}

#[test]
fn target_and_features_can_be_changed() {
    let (mut harness, _) = opened(&moments());
    run(&mut harness, Command::SetTarget(2));
    run(&mut harness, Command::SetExcluded(vec![10], true));
    let analysis = harness.state().analysis().unwrap().clone();
    assert_eq!((analysis.design.target.as_str(), analysis.design.features.len()), ("bmi", 9));
    run(&mut harness, Command::Undo);
    assert_eq!(harness.state().analysis().unwrap().design.features.len(), 10);
    assert_eq!(harness.state().message(), Some("Taken back: exclude y"));
}

#[test]
fn coefficients_are_exported_and_predictions_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (mut harness, answers) = opened(&moments());
    let mut export = |file: File| {
        let path = folder.path().join(file.name());
        *answers.save.lock().unwrap() = Some(path.clone());
        run(&mut harness, Command::Export(file));
        settle(&mut harness);
        (path.exists(), harness.state().message().unwrap_or_default().to_owned())
    };
    for file in File::USUAL {
        let (is_there, message) = export(file);
        assert!(is_there, "{message}");
    }
    let (is_there, message) = export(File::Predictions);
    assert!(!is_there && message.contains("redictions need all rows"), "{message}");
    run(&mut harness, Command::Verify);
    assert!(harness.state().message().unwrap().contains("linfa cannot fit them"));
}

#[test]
fn a_broken_file_is_named_with_its_fault() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.json");
    let text = fs::read_to_string(moments()).unwrap();
    fs::write(&path, text.replacen("\"covariance\":", "\"covariance\":-", 1)).unwrap();
    let (mut harness, _) = opened(&moments());
    run(&mut harness, Command::OpenPath(path));
    let message = harness.state().message().unwrap();
    assert!(message.contains("broken.json") && message.contains("variance of \"age\""), "{message}");
    assert!(!says(&harness, "Import options…"));
    assert_eq!(harness.state().document().unwrap().table.name, "spark-diabetes.json");
}
