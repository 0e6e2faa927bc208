//! Keys of the whole window, and what they open: which are heard when, the palette and the list of all keys.

use eframe::egui::{Context, Key, KeyboardShortcut, Popup};

use crate::analysis::Analysis;
use crate::app::command::Command;
use crate::app::data_view::Page;
use crate::app::palette::Palette;
use crate::app::selection::Selection;
use crate::app::views::{key_sheet, palette, path};
use crate::app::{App, walk};

/// What lies over the whole window and has all keys.
#[derive(Debug)]
pub(super) enum Overlay {
    /// Search of commands.
    Palette(Box<Palette>),
    /// List of keys.
    Keys,
}

impl App {
    /// Carries out the commands whose keys are pressed.
    pub(super) fn take_shortcuts(&mut self, ctx: &Context) {
        for command in Command::WITH_KEYS {
            if !self.hears(ctx, &command) {
                continue;
            }
            let shortcuts = [command.other_shortcut(), command.shortcut()].into_iter().flatten();
            let pressed = shortcuts.filter(|shortcut| ctx.input_mut(|i| i.consume_shortcut(shortcut))).count();
            if pressed > 0 {
                self.run(ctx, command);
            }
        }
    }

    /// Whether something lies over the window that must be closed first.
    pub(super) fn is_covered(&self) -> bool {
        self.overlay.is_some() || self.verified.is_some()
    }

    /// Whether a command's key means that command now.
    fn hears(&self, ctx: &Context, command: &Command) -> bool {
        match (&self.overlay, command) {
            (Some(Overlay::Palette(_)), Command::ShowPalette)
            | (Some(Overlay::Keys), Command::ShowPalette | Command::ShowKeys) => return true,
            _ if self.is_covered() => return false,
            _ => {}
        }
        let is_free = !Popup::is_any_open(ctx) && !ctx.text_edit_focused();
        match command {
            Command::Cancel => !Popup::is_any_open(ctx) && (self.job.is_some() || self.side_job.is_some()),
            Command::ShowKeys => is_free,
            Command::NextPanel | Command::PreviousPanel => !Popup::is_any_open(ctx),
            // Whoever reads the guide does not mean the fit behind it.
            Command::Pin => is_free && !self.is_help_open,
            Command::ChooseRule(..) => is_free && !self.is_help_open && self.shows_alphas(),
            // Whatever has the focus has the arrows.
            Command::StepAlpha(_) => {
                is_free && !self.is_help_open && self.shows_alphas() && ctx.memory(|m| m.focused().is_none())
            }
            _ => true,
        }
    }

    /// Whether the alphas of the analysis are on screen.
    fn shows_alphas(&self) -> bool {
        let is_playing = |selection: &Selection| self.page == Page::Geometry && selection.play.is_open;
        self.page != Page::Data && self.selection().is_some_and(|selection| !is_playing(selection))
    }

    /// What keys ask for beside the document.
    pub(super) fn run_from_keys(&mut self, ctx: &Context, command: &Command) {
        match command {
            Command::ShowPalette => {
                let is_open = matches!(self.overlay, Some(Overlay::Palette(_)));
                self.overlay = (!is_open).then(|| Overlay::Palette(Box::default()));
            }
            Command::ExportTo(file, path) => self.export(ctx, *file, path.clone()),
            Command::ShowPlayground => {
                if let Some(shown) = &mut self.shown {
                    shown.selection.play.is_open = true;
                    self.page = Page::Geometry;
                }
            }
            Command::ShowKeys => {
                let is_open = matches!(self.overlay, Some(Overlay::Keys));
                self.overlay = (!is_open).then_some(Overlay::Keys);
            }
            Command::NextPanel => walk::jump(ctx, false),
            Command::PreviousPanel => walk::jump(ctx, true),
            Command::ChooseRule(penalty, rule) => self.change_selection(ctx, |analysis, selection| {
                if analysis.is_cross_validated() {
                    // The cursor that has the focus is meant rather than the one moved last.
                    let meant = penalty.or_else(|| path::focused(ctx)).unwrap_or(selection.leader());
                    selection.choose_rule(analysis, meant, *rule);
                }
            }),
            Command::StepAlpha(step) => self.change_selection(ctx, |analysis, selection| {
                path::take_step(analysis, selection, selection.leader(), *step);
            }),
            Command::SetLink(link) => {
                self.change_selection(ctx, |analysis, selection| selection.set_link(analysis, *link));
            }
            _ => {}
        }
    }

    /// Changes what is chosen, as a step that can be taken back.
    fn change_selection(&mut self, ctx: &Context, change: impl FnOnce(&Analysis, &mut Selection)) {
        let Some(shown) = &mut self.shown else { return };
        let before = shown.selection.clone();
        change(&shown.analysis, &mut shown.selection);
        self.record_selection(ctx, Some(before));
    }

    /// Draws what lies over the window; the command chosen there.
    pub(super) fn show_overlay(&mut self, ctx: &Context) -> Option<Command> {
        match self.overlay.take()? {
            Overlay::Palette(mut state) => {
                let asked = palette::show(ctx, &mut state, &self.entries(), self.document.as_ref());
                match asked {
                    palette::Asked::Nothing => self.overlay = Some(Overlay::Palette(state)),
                    palette::Asked::Close => {}
                    palette::Asked::Run(command) => return Some(command),
                }
            }
            Overlay::Keys => {
                if key_sheet::show(ctx) {
                    self.overlay = Some(Overlay::Keys);
                }
            }
        }
        None
    }
}

/// `Ctrl+Z`, `Shift+←`: a key as it is written.
pub fn key_text(ctx: &Context, shortcut: &KeyboardShortcut) -> String {
    let sign = match shortcut.logical_key {
        Key::ArrowLeft => "←",
        Key::ArrowRight => "→",
        Key::Escape => "Esc",
        Key::Questionmark => "?",
        _ => return ctx.format_shortcut(shortcut),
    };
    if shortcut.modifiers.shift { format!("Shift+{sign}") } else { sign.to_owned() }
}

/// All keys of a command as they are written.
pub fn keys_of(ctx: &Context, command: &Command) -> Option<String> {
    let keys = [command.shortcut(), command.other_shortcut()].into_iter().flatten();
    let keys: Vec<String> = keys.map(|shortcut| key_text(ctx, &shortcut)).collect();
    (!keys.is_empty()).then(|| keys.join(" or "))
}
