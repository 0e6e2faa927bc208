//! The states of the window at four sizes, light and dark: one family. Drawn on the CPU, the same bytes on every machine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod window;

use std::fmt::Write;
use std::path::Path;

use eframe::egui::{Key, Modifiers, Theme, vec2};
use egui_kittest::{Harness, HarnessBuilder, SnapshotOptions};
use shrinkscope::app::command::Command;
use shrinkscope::app::{App, Opening};
use window::cpu_renderer::CpuRenderer;
use window::gate::Gate;
use window::{window_at, window_with};

const SIZES: [[f32; 2]; 4] = [[1024.0, 700.0], [1280.0, 800.0], [1440.0, 900.0], [1920.0, 1080.0]];

fn drawn(builder: HarnessBuilder<App>) -> HarnessBuilder<App> {
    let options = SnapshotOptions::new().threshold(0.6);
    builder.with_render_cursor(false).renderer(CpuRenderer::default()).with_options(options)
}

/// Pictures of a state at all sizes.
fn pictures(harness: &mut Harness<'_, App>, state: &str) {
    let ctx = harness.ctx.clone();
    harness.remove_cursor();
    for (size, theme) in SIZES.iter().flat_map(|size| [(size, Theme::Light), (size, Theme::Dark)]) {
        harness.set_size(vec2(size[0], size[1]));
        harness.state_mut().run(&ctx, Command::SetTheme(theme.into()));
        harness.state_mut().forget_times();
        // While a job runs the window never rests: a few frames are enough for it to settle.
        if harness.state().is_busy() {
            harness.run_steps(4);
        } else {
            harness.run_ok();
        }
        let theme = if theme == Theme::Dark { "dark" } else { "light" };
        harness.snapshot(format!("states/{state}_{}_{theme}", size[0]));
    }
}

fn open(folder: &Path, name: &str, text: &str) -> Opening {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    Opening { file: Some(path), ..Opening::default() }
}

/// A table of numbers that follow from their place alone.
fn table(n: usize, names: &[String]) -> String {
    let mut text = names.join(",");
    text.push_str(",y\n");
    for i in 0..n {
        let mut y = 0.0;
        for j in 0..names.len() {
            let value = ((i * 7919 + j * 104_729 + i * j * 31) % 1009) as f64 / 1009.0;
            y += if j < 6 { value * (j + 1) as f64 } else { 0.0 };
            write!(text, "{value:.3},").unwrap();
        }
        writeln!(text, "{y:.3}").unwrap();
    }
    text
}

#[test]
fn analysed() {
    let (mut harness, _) = window_with([1440.0, 900.0], Opening::default(), drawn);
    pictures(&mut harness, "analysed");
}

#[test]
fn welcome() {
    let (mut harness, _) = window_with([1440.0, 900.0], Opening::default(), drawn);
    let ctx = harness.ctx.clone();
    harness.state_mut().run(&ctx, Command::CloseTable);
    harness.run_ok();
    pictures(&mut harness, "welcome");
}

#[test]
fn loading() {
    let (pace, gate) = Gate::new();
    let (mut harness, _) = window_at([1440.0, 900.0], Opening::default(), pace, drawn);
    for _ in 0..8 {
        gate.advance(5);
        harness.step();
    }
    pictures(&mut harness, "loading");
}

#[test]
fn failed() {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = ["1,2,5\n", "2,1,5\n", "3,5,5\n", "4,4,5\n"].concat();
    let opening = open(folder.path(), "constant.csv", &format!("a,b,y\n{rows}"));
    let (mut harness, _) = window_with([1440.0, 900.0], Opening { target: Some("y".to_owned()), ..opening }, drawn);
    assert!(harness.state().analysis().is_none());
    pictures(&mut harness, "failed");
}

#[test]
fn many_features() {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..7000).map(|j| format!("g{j}")).collect();
    let opening = open(folder.path(), "wide.csv", &table(40, &names));
    let (mut harness, _) = window_with([1440.0, 900.0], opening, drawn);
    pictures(&mut harness, "many_features");
}

#[test]
fn long_names() {
    let folder = tempfile::tempdir().unwrap();
    let name =
        |j: usize| format!("average monthly rainfall at the {j}th station of the northern valley in millimetres");
    let names: Vec<String> = (0..9).map(name).collect();
    let opening = open(folder.path(), "a table with quite a long name of its own.csv", &table(60, &names));
    let (mut harness, _) = window_with([1440.0, 900.0], opening, drawn);
    pictures(&mut harness, "long_names");
}

#[test]
fn palette() {
    let (mut harness, _) = window_with([1440.0, 900.0], Opening::default(), drawn);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run_ok();
    pictures(&mut harness, "palette");
}
