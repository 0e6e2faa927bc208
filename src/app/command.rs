//! Everything with a side effect. Menu, key and tooltip come from here.

use std::path::PathBuf;

use eframe::egui::{Key, KeyboardShortcut, Modifiers, ThemePreference};

use crate::analysis::Penalty;
use crate::app::choices::{Link, Rule, Step};
use crate::app::data_view::Page;
use crate::app::document::{Deal, SettingsForm};
use crate::app::twins::Twin;
use crate::data::design::Roles;
use crate::data::options::{ImportOptions, TypeChoice};
use crate::export::File;

/// Something that touches disk, threads or the document.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Ask for a file.
    OpenDialog,
    /// Read this file.
    OpenPath(PathBuf),
    /// Read a bundled example.
    OpenExample(&'static str),
    /// Show how the file is read.
    ShowImport,
    /// Read the file again, so.
    SetImport(Box<ImportOptions>),
    /// Read the file again with another type of one column, or with the one detected.
    SetColumnType(String, Option<TypeChoice>),
    /// Show the analysis or the table.
    ShowPage(Page),
    /// Search the columns of the table.
    FindColumn,
    /// Forget the recent files.
    ClearRecent,
    /// Predict another column.
    SetTarget(usize),
    /// Switch columns on or off as features.
    SetExcluded(Vec<usize>, bool),
    /// Other parts for the columns, or for missing cells; the name is for Undo.
    SetRoles(String, Box<Roles>),
    /// Deal rows to folds so, by this column where the deal needs one; the name is for Undo.
    SetDeal(String, Deal, Option<usize>),
    /// Other settings.
    SetForm(SettingsForm),
    /// Stop the running job.
    Cancel,
    /// Refit the lasso point with linfa-elasticnet.
    Verify,
    /// Ask for a place and write a file there.
    Export(File),
    /// Write a file to this place.
    ExportTo(File, PathBuf),
    /// Show a loss of one's own making.
    ShowPlayground,
    /// Copy the selected features as tab-separated text.
    CopyTable,
    /// Copy the table of a picture as tab-separated text.
    CopyTwin(Twin),
    /// Light, dark or as the system.
    SetTheme(ThemePreference),
    /// Put all panels back to where they stand at the first start.
    ResetLayout,
    /// Keep the arrangement of the panels for the next start.
    KeepLayout,
    /// Analyse the document again.
    Recompute,
    /// Show what lasso and ridge do, step by step, on an example.
    StartTour,
    /// Go to a step of the tour.
    ShowTourStep(usize),
    /// Back to what was open before the tour.
    LeaveTour,
    /// Keep the present fit for comparison, or let go of it.
    Pin,
    /// Leave the open table: back to the welcome page.
    CloseTable,
    /// Open or close the guide.
    Help,
    /// Hide the message.
    DismissMessage,
    /// Step back.
    Undo,
    /// Step forward.
    Redo,
    /// Search all commands.
    ShowPalette,
    /// List all keys.
    ShowKeys,
    /// Move the focus to the next part of the window.
    NextPanel,
    /// Move the focus to the part before.
    PreviousPanel,
    /// Put a cursor where cross-validation says; without a penalty, the one moved last.
    ChooseRule(Option<Penalty>, Rule),
    /// Move the cursor moved last.
    StepAlpha(Step),
    /// How the cursors follow each other.
    SetLink(Link),
}

impl Command {
    /// Those with a key, in the order in which keys are looked for.
    pub const WITH_KEYS: [Self; 24] = [
        Self::ShowPalette,
        Self::ShowKeys,
        Self::OpenDialog,
        Self::Export(File::Coefficients),
        Self::CopyTable,
        Self::ShowPage(Page::Analysis),
        Self::ShowPage(Page::Geometry),
        Self::ShowPage(Page::Data),
        Self::FindColumn,
        Self::Redo,
        Self::Undo,
        Self::Pin,
        Self::Help,
        // Those with Shift before those without: a key without it is heard with it, too.
        Self::PreviousPanel,
        Self::NextPanel,
        Self::StepAlpha(Step::BackToChange),
        Self::StepAlpha(Step::ForwardToChange),
        Self::StepAlpha(Step::Back),
        Self::StepAlpha(Step::Forward),
        Self::StepAlpha(Step::First),
        Self::StepAlpha(Step::Last),
        Self::ChooseRule(None, Rule::Min),
        Self::ChooseRule(None, Rule::OneSe),
        Self::Cancel,
    ];

    /// Name in menus and on buttons.
    pub fn text(&self) -> &'static str {
        match self {
            Self::OpenDialog => "Open CSV…",
            Self::OpenPath(_) => "Open",
            Self::OpenExample(_) => "Open example",
            Self::ShowImport => "Import options…",
            Self::SetImport(_) => "Read again",
            Self::SetColumnType(..) => "Type",
            Self::ShowPage(Page::Analysis) => "Analysis",
            Self::ShowPage(Page::Geometry) => "Geometry",
            Self::ShowPage(Page::Data) => "Data",
            Self::FindColumn => "Find column",
            Self::ClearRecent => "Clear list",
            Self::SetTarget(_) => "Set target",
            Self::SetExcluded(_, true) => "Exclude",
            Self::SetExcluded(_, false) => "Include",
            Self::SetRoles(..) => "Roles of columns",
            Self::SetDeal(..) => "Folds",
            Self::SetForm(_) => "Settings",
            Self::Cancel => "Cancel",
            Self::Verify => "Verify with linfa",
            Self::Export(File::Coefficients) => "Export coefficients…",
            Self::Export(File::Path) => "Coefficient paths…",
            Self::Export(File::CrossValidation) => "Cross-validation errors…",
            Self::Export(File::Predictions) => "Predictions…",
            Self::Export(File::Analysis) => "Whole analysis (JSON)…",
            Self::ExportTo(..) => "Write file",
            Self::ShowPlayground => "Show playground",
            Self::CopyTable => "Copy table",
            Self::CopyTwin(_) => "Copy",
            Self::SetTheme(_) => "Theme",
            Self::ResetLayout => "Reset layout",
            Self::KeepLayout => "Keep layout",
            Self::Recompute => "Compute again",
            Self::StartTour => "Tour",
            Self::ShowTourStep(_) => "Step of the tour",
            Self::LeaveTour => "Leave the tour",
            Self::Pin => "Pin",
            Self::CloseTable => "Close table",
            Self::Help => "Help",
            Self::DismissMessage => "Close",
            Self::Undo => "Undo",
            Self::Redo => "Redo",
            Self::ShowPalette => "Search commands",
            Self::ShowKeys => "Keys",
            Self::NextPanel => "Next panel",
            Self::PreviousPanel => "Previous panel",
            Self::ChooseRule(_, Rule::Min) => "Alpha of the smallest error (Min)",
            Self::ChooseRule(_, Rule::OneSe) => "Alpha of the 1-SE rule",
            Self::ChooseRule(_, Rule::Manual) => "Alpha as it stands",
            Self::StepAlpha(step) => step.text(),
            Self::SetLink(_) => "Link",
        }
    }

    /// What it does, for the tooltip.
    pub fn tooltip(&self) -> &'static str {
        match self {
            Self::OpenDialog => {
                "Choose a CSV file, or a file of moments, to analyse. You can also drop one on the window"
            }
            Self::Cancel => "Stop the calculation; what is on screen stays",
            Self::Verify => {
                "Refit this lasso point with the linfa-elasticnet package and compare coefficients and duality gaps"
            }
            Self::Export(File::Coefficients) => {
                "Write the coefficients at both cursors, zeros too, as coefficients.csv"
            }
            Self::Export(File::Path) => "Write every coefficient at every alpha as path.csv",
            Self::Export(File::CrossValidation) => "Write the held-out error of every fold at every alpha as cv.csv",
            Self::Export(File::Predictions) => {
                "Write both fits at the cursors for every row, those without a target too, as predictions.csv"
            }
            Self::Export(File::Analysis) => "Write settings, folds, paths and certificates as analysis.json",
            Self::ShowPlayground => "A loss of your own making against diamond and circle",
            Self::CopyTable => "Copy the table of features as tab-separated text",
            Self::CopyTwin(_) => "Copy the whole table as tab-separated text, for a spreadsheet",
            Self::ShowImport => "How the file is read: delimiter, decimal mark, types of columns and the like",
            Self::SetColumnType(..) => "Read the file again with this column as a number, as a category, or not at all",
            Self::ShowPage(Page::Analysis) => "Coefficient paths, geometry, fit and selected features",
            Self::ShowPage(Page::Geometry) => {
                "Diamond and circle against the loss of two features, large; Esc leads back"
            }
            Self::ShowPage(Page::Data) => "The table as it was read, with every column summed up and all notes",
            Self::FindColumn => "Show the columns whose names hold this text",
            Self::StartTour => {
                "Six short steps on the diabetes example: what alpha, path, cross-validation, corner and circle are. Your own table waits and comes back"
            }
            Self::LeaveTour => "Back to what was open before, as it was (Esc)",
            Self::ShowTourStep(_) => "On to this step (Enter)",
            Self::ResetLayout => "Open all panels and give each the size that fits the window",
            Self::Pin => "Keep this fit and compare what follows with it: other alphas, features or settings",
            Self::CloseTable => "Leave this table; the file stays as it is",
            Self::Help => "A short guide, and what every number means",
            Self::Recompute => "Run both sweeps with the present settings",
            Self::Undo => "Take back the last change of target, features or settings",
            Self::Redo => "Do again what was taken back",
            Self::ShowPalette => "Find any command, column or example by a few letters of its name",
            Self::ShowKeys => "All keys at a glance",
            Self::NextPanel => "Move the focus to the next part of the window",
            Self::PreviousPanel => "Move the focus to the part of the window before",
            Self::ChooseRule(_, Rule::Min) => "The alpha with the smallest cross-validation error",
            Self::ChooseRule(_, Rule::OneSe) => {
                "The largest alpha whose error is within one standard error of the smallest"
            }
            Self::StepAlpha(_) => "Moves the alpha that was moved last; the other follows by the link",
            Self::SetLink(_) => "How the alphas of lasso and ridge follow each other",
            _ => "",
        }
    }

    /// Its key, if it has one.
    pub fn shortcut(&self) -> Option<KeyboardShortcut> {
        let (modifiers, key) = match self {
            Self::OpenDialog => (Modifiers::COMMAND, Key::O),
            Self::Export(File::Coefficients) => (Modifiers::COMMAND, Key::E),
            Self::CopyTable => (Modifiers::COMMAND | Modifiers::SHIFT, Key::C),
            Self::ShowPage(Page::Analysis) => (Modifiers::COMMAND, Key::Num1),
            Self::ShowPage(Page::Geometry) => (Modifiers::COMMAND, Key::Num2),
            Self::ShowPage(Page::Data) => (Modifiers::COMMAND, Key::Num3),
            Self::FindColumn => (Modifiers::COMMAND, Key::F),
            Self::Redo => (Modifiers::COMMAND | Modifiers::SHIFT, Key::Z),
            Self::Undo => (Modifiers::COMMAND, Key::Z),
            Self::Pin => (Modifiers::NONE, Key::P),
            Self::Help => (Modifiers::NONE, Key::F1),
            Self::NextPanel => (Modifiers::NONE, Key::F6),
            Self::PreviousPanel => (Modifiers::SHIFT, Key::F6),
            Self::Cancel => (Modifiers::NONE, Key::Escape),
            Self::ShowPalette => (Modifiers::COMMAND, Key::K),
            Self::ShowKeys => (Modifiers::NONE, Key::Questionmark),
            Self::ChooseRule(None, Rule::Min) => (Modifiers::NONE, Key::M),
            Self::ChooseRule(None, Rule::OneSe) => (Modifiers::NONE, Key::S),
            Self::StepAlpha(Step::Back) => (Modifiers::NONE, Key::ArrowLeft),
            Self::StepAlpha(Step::Forward) => (Modifiers::NONE, Key::ArrowRight),
            Self::StepAlpha(Step::BackToChange) => (Modifiers::SHIFT, Key::ArrowLeft),
            Self::StepAlpha(Step::ForwardToChange) => (Modifiers::SHIFT, Key::ArrowRight),
            Self::StepAlpha(Step::First) => (Modifiers::NONE, Key::Home),
            Self::StepAlpha(Step::Last) => (Modifiers::NONE, Key::End),
            _ => return None,
        };
        Some(KeyboardShortcut::new(modifiers, key))
    }

    /// A second key of the same command.
    pub fn other_shortcut(&self) -> Option<KeyboardShortcut> {
        (*self == Self::ShowPalette).then(|| KeyboardShortcut::new(Modifiers::COMMAND | Modifiers::SHIFT, Key::P))
    }
}
