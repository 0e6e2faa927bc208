//! What the program prints and how it ends.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use super::command::{Folder, diabetes, said, shrinkscope};

#[test]
fn summary_is_one_line_and_timings_one_json_line() {
    let folder = Folder::new();
    let written = folder.analyze(&diabetes(), "y", "out", &["--timings"]);
    let line = String::from_utf8(written.output.stdout.clone()).unwrap();
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(line.contains("diabetes.csv") && line.contains("alpha"), "{line}");
    let timings: Value = serde_json::from_str(&said(&written.output)).unwrap();
    for key in ["read", "design", "lasso", "ridge", "cross_validation", "hash", "export"] {
        assert!(timings[key].as_f64().unwrap() >= 0.0, "{key}");
    }
    assert!(timings.as_object().unwrap().contains_key("peak_rss_mib"));
}

#[test]
fn inspect_prints_one_object_and_ends_well_whatever_it_read() {
    let folder = Folder::new();
    let table = folder.file("small.csv", "a,b\n1,x\n2,\n");
    let inspect = |path: &Path| {
        let output = shrinkscope().arg("inspect").arg(path).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let good = inspect(&table);
    assert_eq!((&good["loaded"], &good["error"], &good["message"]), (&json!(true), &Value::Null, &Value::Null));
    assert_eq!(good["names"], json!(["a", "b"]));
    assert_eq!(good["numeric"], json!([0]));
    assert_eq!(good["cells"][0], json!([1.0, "x"]));
    assert_eq!(good["cells"][1][1], Value::Null);
    assert!(good["notes"].is_array() && good["note_details"].is_array());

    let missing = inspect(&folder.path("none.csv"));
    assert_eq!((&missing["loaded"], &missing["error"]), (&json!(false), &json!("not_found")));
    assert!(missing["message"].as_str().unwrap().contains("none.csv"));
}

#[test]
fn reader_that_leaves_is_no_failure() {
    let mut child =
        shrinkscope().arg("inspect").arg(diabetes()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{said}");
    assert_eq!(said, "");
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_display_one_sentence_names_the_command_that_needs_none() {
    let mut command = shrinkscope();
    for variable in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(variable);
    }
    let output = command.arg(diabetes()).args(["--target", "y"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert_eq!(said(&output).lines().count(), 1, "{}", said(&output));
    assert!(said(&output).contains("shrinkscope analyze"), "{}", said(&output));
}
