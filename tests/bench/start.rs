//! How long the window takes to be there, beside a window of the same toolkit with nothing in it.
//!
//! ```text
//! cargo bench --bench start                   ten starts of each, in turn; needs a display (Xvfb will do)
//! cargo bench --bench start -- FILE           with a file in place of the example
//! ```
//!
//! Times count from just before the process is made to the end of the frame, its picture handed to the display. The first
//! picture, and for the program the first one with the whole analysis.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring program: it says what it measured, or stops")]

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use eframe::egui::{self, ViewportBuilder};
use shrinkscope::app::dialogs::SystemDialogs;
use shrinkscope::app::job::Pace;
use shrinkscope::app::{App, Opening, Surroundings};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const STARTS: usize = 10;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--start", what, since, file @ ..] => start(what, since.parse().unwrap(), file.first().map(PathBuf::from)),
        _ if env::var_os("DISPLAY").is_none() && env::var_os("WAYLAND_DISPLAY").is_none() => {
            println!("There is no display, so no window is opened: set DISPLAY, for instance to that of Xvfb");
        }
        file => compare(file),
    }
}

fn compare(file: &[&str]) {
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    // The first start of each reads the disk.
    for round in 0..=STARTS {
        let (empty, program) = (run("empty", &[]), run("program", file));
        if round > 0 {
            times[0].push(empty[0]);
            times[1].push(program[0]);
            times[2].push(program[1]);
        }
    }
    let medians = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        (f64::midpoint(times[STARTS / 2 - 1], times[STARTS / 2]), times[0])
    });
    println!("{:<34}{:>12}{:>12}{:>10}", "until", "median ms", "least ms", "ratio");
    let names = ["empty window, first picture", "program, first picture", "program, first analysed picture"];
    for (name, (median, least)) in names.iter().zip(medians) {
        println!("{name:<34}{median:>12.0}{least:>12.0}{:>10.2}", median / medians[0].0);
    }
}

/// Milliseconds that a process prints.
fn run(what: &str, file: &[&str]) -> Vec<f64> {
    let program = env::current_exe().unwrap();
    let output = Command::new(program).args(["--start", what, &now().to_string()]).args(file).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let times: Vec<f64> = text.split_whitespace().map(|time| time.parse().unwrap()).collect();
    assert!(!times.is_empty(), "the window did not open: {}", String::from_utf8_lossy(&output.stderr));
    times
}

/// Microseconds of the system's clock.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros() as u64
}

fn start(what: &str, since: u64, file: Option<PathBuf>) {
    let viewport = ViewportBuilder::default().with_title("Start").with_inner_size([1440.0, 900.0]);
    let is_empty = what == "empty";
    let plain = eframe::NativeOptions { renderer: eframe::Renderer::Glow, ..eframe::NativeOptions::default() };
    let options =
        if is_empty { eframe::NativeOptions { viewport, ..plain } } else { shrinkscope::app::options(viewport) };
    let create = move |cc: &eframe::CreationContext<'_>| {
        let surroundings =
            || Surroundings { dialogs: Box::new(SystemDialogs), preferences: None, pace: Pace::default() };
        let opening = Opening { file, ..Opening::default() };
        let app = (!is_empty).then(|| {
            let mut app = App::new(&cc.egui_ctx, opening, surroundings());
            app.settle(&cc.egui_ctx);
            app
        });
        Ok(Box::new(Probe { app, since, first: None, ready: None }) as Box<dyn eframe::App>)
    };
    eframe::run_native("Start", options, Box::new(create)).unwrap();
}

/// The program or nothing, with a clock.
struct Probe {
    app: Option<App>,
    since: u64,
    first: Option<f64>,
    /// The frame that has drawn all that is waited for; a frame may take several passes, of which the last is painted.
    ready: Option<u64>,
}

impl eframe::App for Probe {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        // What the frame before has drawn is on the display now.
        let elapsed = (now() - self.since) as f64 / 1e3;
        let frames = ctx.cumulative_frame_nr();
        if frames > 0 && self.first.is_none() {
            self.first = Some(elapsed);
        }
        if self.ready.is_some_and(|ready| frames > ready) {
            println!("{} {elapsed}", self.first.unwrap_or(elapsed));
            std::process::exit(0);
        }
        if let Some(app) = &mut self.app {
            app.logic(ctx, frame);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        if let Some(app) = &mut self.app {
            app.ui(ui, frame);
        }
        let is_analysed = |app: &App| app.analysis().is_some_and(|analysis| analysis.is_cross_validated());
        if self.ready.is_none() && self.app.as_ref().is_none_or(is_analysed) {
            self.ready = Some(ui.ctx().cumulative_frame_nr());
        }
        ui.ctx().request_repaint();
    }
}
