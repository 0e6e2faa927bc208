//! A path that is typed, where no dialog could be shown.

use std::path::Path;

use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::{Key, Role, TextEdit, Ui, WidgetInfo};

use crate::app::command::Command;
use crate::export::File;

/// What the path is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A file to open.
    Open,
    /// A place for this file.
    Save(File),
}

/// The field and what is said beside it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TypedPath {
    wanted: Wanted,
    text: String,
    /// Why the last path that was typed did not do.
    trouble: Option<String>,
    /// The keys are not in the field yet.
    is_new: bool,
    /// The file that may be replaced, since that was asked.
    replaceable: Option<String>,
}

impl TypedPath {
    pub(super) fn new(wanted: Wanted) -> Self {
        let text = match wanted {
            Wanted::Open => String::new(),
            Wanted::Save(file) => std::env::current_dir().unwrap_or_default().join(file.name()).display().to_string(),
        };
        Self { wanted, text, trouble: None, is_new: true, replaceable: None }
    }

    /// Says why it did not do; the path stays, to be mended.
    pub(super) fn refuse(&mut self, why: String) {
        (self.trouble, self.is_new) = (Some(why), true);
    }

    /// The sentence beside the field.
    pub(super) fn sentence(&self) -> &str {
        match (&self.trouble, self.wanted) {
            (Some(why), _) => why,
            (None, Wanted::Open) => {
                "No dialog appeared, or none gave a file: drop a file on the window or type its path"
            }
            (None, Wanted::Save(_)) => "No dialog appeared, so nothing is written yet. Type where to write the file",
        }
    }

    /// The button and the field, from right to left; the command once a path is entered.
    pub(super) fn show(&mut self, ui: &mut Ui) -> Option<Command> {
        let (button, label) = match self.wanted {
            Wanted::Open => ("Open path", "Path of the file to open"),
            Wanted::Save(_) => ("Write file", "Path of the file to write"),
        };
        let pressed = ui.button(button).clicked();
        let field = TextEdit::singleline(&mut self.text).id_salt("path").hint_text("/home/me/table.csv");
        let mut shown = field.desired_width(300.0).show(ui);
        let field = shown.response.response.clone();
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, label));
        if std::mem::take(&mut self.is_new) {
            field.request_focus();
            // A place is given up to its end; a path is typed anew.
            let end = CCursor::new(self.text.chars().count());
            shown.state.cursor.set_char_range(Some(CCursorRange::one(end)));
            shown.state.store(ui.ctx(), field.id);
        }
        if field.lost_focus() && ui.input(|i| i.key_pressed(Key::Escape)) {
            return Some(Command::DismissMessage);
        }
        let entered = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        let path = self.text.trim();
        if !(pressed || entered) || path.is_empty() {
            return None;
        }
        let path = path.to_owned();
        if matches!(self.wanted, Wanted::Save(_))
            && Path::new(&path).exists()
            && self.replaceable.as_ref() != Some(&path)
        {
            self.refuse(format!("{path} exists. Once more replaces it; or type another path"));
            self.replaceable = Some(path);
            return None;
        }
        Some(match self.wanted {
            Wanted::Open => Command::OpenPath(path.into()),
            Wanted::Save(file) => Command::ExportTo(file, path.into()),
        })
    }
}
