//! What a frame costs while alpha or the budget is dragged: `cargo bench --bench frame`.
//!
//! The whole window runs without a display; a frame is one pass of layout and drawing with its accessibility tree, and the
//! tessellation of all its shapes. Counted beside the time: shapes and vertices, which do not depend on the machine.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring program: it says what it measured, or stops")]

#[path = "../window/mod.rs"]
mod window;

use std::fmt::Write;
use std::time::Instant;

use eframe::egui::{Pos2, epaint::Primitive, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use shrinkscope::app::{App, Opening};
use window::window;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const FRAMES: usize = 200;
const SIZE: [f32; 2] = [1440.0, 900.0];

fn main() {
    let folder = tempfile::tempdir().unwrap();
    println!("{:<34}{:>10}{:>10}{:>10}{:>10}", "drag", "median ms", "95 % ms", "shapes", "vertices");
    let (mut harness, _) = window(SIZE, Opening::default());
    drag(&mut harness, "diabetes, alpha", "Lasso alpha cursor");
    drag(&mut harness, "diabetes, budget t", "Lasso budget t");
    // 60 rows are few enough that fits between the alphas of the grid are solved during the drag.
    for (n, p) in [(200, 10), (200, 1000), (200, 10_000), (60, 1000), (250, 250)] {
        let path = folder.path().join(format!("{n}x{p}.csv"));
        std::fs::write(&path, table(n, p)).unwrap();
        let (mut harness, _) = window(SIZE, Opening { file: Some(path), ..Opening::default() });
        drag(&mut harness, &format!("{n} x {p}, alpha"), "Lasso alpha cursor");
    }
}

/// Drags a handle to and fro over 160 pixels.
fn drag(harness: &mut Harness<'_, App>, what: &str, label: &str) {
    let handle = harness.get_by_label(label).rect();
    let start = if handle.width() > 120.0 { handle.left_center() + vec2(40.0, 0.0) } else { handle.center() };
    harness.hover_at(start);
    harness.step();
    harness.drag_at(start);
    harness.step();
    let mut times = Vec::with_capacity(FRAMES);
    let (mut shapes, mut vertices) = (0, 0);
    for i in 0..FRAMES {
        harness.hover_at(position(start, i));
        let before = Instant::now();
        harness.step();
        let output = harness.output();
        let primitives = harness.ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
        times.push(before.elapsed().as_secs_f64() * 1e3);
        shapes = shapes.max(output.shapes.len());
        let count = primitives.iter().map(|p| match &p.primitive {
            Primitive::Mesh(mesh) => mesh.vertices.len(),
            Primitive::Callback(_) => 0,
        });
        vertices = vertices.max(count.sum());
    }
    harness.drop_at(position(start, FRAMES));
    harness.run_ok();
    times.sort_by(f64::total_cmp);
    println!("{what:<34}{:>10.2}{:>10.2}{shapes:>10}{vertices:>10}", times[FRAMES / 2], times[FRAMES * 95 / 100]);
}

fn position(start: Pos2, i: usize) -> Pos2 {
    let phase = (i * 4) % 320;
    start + vec2(if phase < 160 { phase as f32 } else { 320.0 - phase as f32 }, 0.0)
}

/// `y` follows ten of `p` columns.
fn table(n: usize, p: usize) -> String {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    let mut text = (0..p).map(|j| format!("x{j}")).collect::<Vec<_>>().join(",");
    text.push_str(",y\n");
    for _ in 0..n {
        let row: Vec<f64> = (0..p).map(|_| next()).collect();
        for value in &row {
            write!(text, "{value:.4},").unwrap();
        }
        let y: f64 = row.iter().take(10).zip(1..).map(|(v, j)| v * f64::from(j)).sum::<f64>() + next();
        writeln!(text, "{y:.5}").unwrap();
    }
    text
}
