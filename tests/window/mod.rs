//! The whole window without a display: a harness around [`App`], answers in place of dialogs, and a renderer on the CPU.

#![allow(dead_code, reason = "each test file uses its part of it")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use eframe::egui::{Context, Vec2};
use egui_kittest::Harness;
use shrinkscope::app::dialogs::{Answer, Dialogs};
use shrinkscope::app::job::Pace;
use shrinkscope::app::{App, Opening, Surroundings};
use shrinkscope::export::File;

pub(crate) mod cpu_renderer;
pub(crate) mod gate;

/// What the next dialogs answer; shared with the test.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answers {
    pub open: Arc<Mutex<Option<PathBuf>>>,
    pub save: Arc<Mutex<Option<PathBuf>>>,
}

impl Dialogs for Answers {
    fn open(&self, _ctx: &Context, answer: Sender<Answer>) {
        answer.send(Answer::Open(self.open.lock().unwrap().take())).unwrap();
    }

    fn save(&self, _ctx: &Context, file: File, answer: Sender<Answer>) {
        answer.send(Answer::Save(file, self.save.lock().unwrap().take())).unwrap();
    }
}

/// The window at a size, with its first result on screen or its first message.
pub(crate) fn window<'a>(size: impl Into<Vec2>, opening: Opening) -> (Harness<'a, App>, Answers) {
    window_with(size, opening, |builder| builder)
}

/// As [`window`], with more said to the builder.
pub(crate) fn window_with<'a>(
    size: impl Into<Vec2>,
    opening: Opening,
    build: impl FnOnce(egui_kittest::HarnessBuilder<App>) -> egui_kittest::HarnessBuilder<App>,
) -> (Harness<'a, App>, Answers) {
    let (mut harness, answers) = window_at(size, opening, Pace::default(), build);
    settle(&mut harness);
    (harness, answers)
}

/// As [`window_with`], before its first result; `pace` says when paths are shown before their cross-validation.
pub(crate) fn window_at<'a>(
    size: impl Into<Vec2>,
    opening: Opening,
    pace: Pace,
    build: impl FnOnce(egui_kittest::HarnessBuilder<App>) -> egui_kittest::HarnessBuilder<App>,
) -> (Harness<'a, App>, Answers) {
    let answers = Answers::default();
    let surroundings = Surroundings { dialogs: Box::new(answers.clone()), preferences: None, pace };
    let builder = build(Harness::builder().with_size(size).with_max_steps(24));
    (builder.build_eframe(|cc| App::new(&cc.egui_ctx, opening, surroundings)), answers)
}

/// Steps until no job runs, then until nothing moves.
pub(crate) fn settle(harness: &mut Harness<'_, App>) {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        harness.step();
        if !harness.state().is_busy() {
            break;
        }
        assert!(Instant::now() < deadline, "a job never ended");
        std::thread::yield_now();
    }
    harness.run();
}
