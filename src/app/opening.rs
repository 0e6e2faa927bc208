//! Opening the window: with what, and where it meets the rest of the system.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use eframe::egui::{self, ViewportBuilder};

use crate::app::dialogs::{Dialogs, SystemDialogs};
use crate::app::job::Pace;
use crate::app::{App, preferences, resting};

/// A wait that nobody notices: two or three frames.
const AT_ONCE: Duration = Duration::from_millis(40);

/// What the window opens with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opening {
    /// A file; otherwise an example.
    pub file: Option<PathBuf>,
    /// Name of the column to predict; otherwise a guess.
    pub target: Option<String>,
    /// Name of a bundled example; otherwise diabetes.
    pub example: Option<String>,
}

/// Where the window meets the rest of the system; tests put in their own.
pub struct Surroundings {
    /// File dialogs.
    pub dialogs: Box<dyn Dialogs>,
    /// Where preferences are kept; `None` keeps them nowhere.
    pub preferences: Option<PathBuf>,
    /// When paths are shown before their cross-validation.
    pub pace: Pace,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self { dialogs: Box::new(SystemDialogs), preferences: preferences::standard_path(), pace: Pace::default() }
    }
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// What eframe says if there is no display or no OpenGL.
pub fn run(opening: Opening) -> eframe::Result {
    let icon = eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon.png")).unwrap_or_default();
    let viewport = ViewportBuilder::default()
        .with_title("Shrinkscope")
        .with_app_id("shrinkscope")
        .with_icon(icon)
        .with_inner_size([1440.0, 900.0])
        .with_min_inner_size([960.0, 640.0])
        .with_drag_and_drop(true);
    eframe::run_native(
        "Shrinkscope",
        options(viewport),
        Box::new(|cc| {
            let mut app = App::new(&cc.egui_ctx, opening, Surroundings::default());
            app.settle(&cc.egui_ctx);
            resting::start(&cc.egui_ctx);
            Ok(Box::new(app))
        }),
    )
}

/// How the window is drawn.
pub fn options(viewport: ViewportBuilder) -> eframe::NativeOptions {
    // Dithering hides the bands of colour gradients, of which there are none here.
    eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Glow,
        dithering: false,
        ..eframe::NativeOptions::default()
    }
}

impl App {
    /// Waits a moment for what is quick to compute, so that the first picture shows it and no other comes before.
    pub fn settle(&mut self, ctx: &egui::Context) {
        let start = Instant::now();
        self.take_results(ctx);
        while let Some(job) = &mut self.job {
            let Some(left) = AT_ONCE.checked_sub(start.elapsed()) else { break };
            job.wait(left);
            self.take_results(ctx);
        }
    }
}
