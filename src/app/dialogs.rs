//! Asking the user for a file. The real dialogs block a thread of their own; tests put in answers of theirs.

use std::path::PathBuf;
use std::sync::mpsc::Sender;

use eframe::egui::Context;

use crate::export::File;

/// What a dialog answered; `None` if nothing was chosen, or no dialog could be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A file to open.
    Open(Option<PathBuf>),
    /// A place to write.
    Save(File, Option<PathBuf>),
}

/// Shows dialogs and sends what they answer.
pub trait Dialogs {
    /// Asks for a CSV file.
    fn open(&self, ctx: &Context, answer: Sender<Answer>);
    /// Asks where to write.
    fn save(&self, ctx: &Context, file: File, answer: Sender<Answer>);
}

/// The system's own dialogs.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemDialogs;

impl Dialogs for SystemDialogs {
    fn open(&self, ctx: &Context, answer: Sender<Answer>) {
        // Built here and awaited there: some systems want dialogs made on the window's thread.
        let dialog = rfd::AsyncFileDialog::new()
            .set_title("Open CSV")
            .add_filter("Tables", &["csv", "tsv", "txt", "gz", "json", "jsonl"])
            .add_filter("All files", &["*"])
            .pick_file();
        wait(ctx, async move { Answer::Open(dialog.await.map(|file| file.path().to_path_buf())) }, answer);
    }

    fn save(&self, ctx: &Context, file: File, answer: Sender<Answer>) {
        let dialog = rfd::AsyncFileDialog::new().set_title("Export").set_file_name(file.name()).save_file();
        wait(ctx, async move { Answer::Save(file, dialog.await.map(|chosen| chosen.path().to_path_buf())) }, answer);
    }
}

fn wait(ctx: &Context, dialog: impl Future<Output = Answer> + Send + 'static, answer: Sender<Answer>) {
    let ctx = ctx.clone();
    let started = std::thread::Builder::new().name("file dialog".to_owned()).spawn(move || {
        // Nobody listens once the window is closed.
        answer.send(pollster::block_on(dialog)).ok();
        ctx.request_repaint();
    });
    if let Err(error) = started {
        log::error!("no thread for the file dialog: {error}");
    }
}
