//! Every command by name: what the palette lists, why some cannot be done now, and what answers to a few letters.

use std::cmp::Reverse;
use std::sync::Arc;

use eframe::egui::ThemePreference;

use crate::analysis::Penalty;
use crate::app::App;
use crate::app::choices::{Link, Rule, Step};
use crate::app::command::Command;
use crate::app::data_view::Page;
use crate::app::document::{Document, SettingsForm};
use crate::app::fuzzy::Query;
use crate::app::preferences::Recent;
use crate::app::views::path::penalty_title;
use crate::app::views::pick_list::PickList;
use crate::app::views::top_bar::NO_ROWS;
use crate::data::examples;
use crate::export::File;
use crate::model::standardize::Scale;

/// Something to choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What is searched and shown.
    pub title: String,
    /// What it does.
    pub command: Command,
    /// Why it cannot be done now.
    pub refusal: Option<&'static str>,
}

/// One answer to what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// One of the entries that are always there.
    Fixed(usize),
    /// Predict this column.
    Target(usize),
    /// Switch this column on or off as a feature.
    Feature(usize),
}

/// What was typed, and the answers.
#[derive(Debug, Default)]
pub struct Palette {
    /// Field and choice.
    pub list: PickList,
    found: Vec<Item>,
    /// What they were searched in.
    searched: Option<(String, usize, usize)>,
}

impl Palette {
    /// The answers to what is typed, best first; without anything typed, all but the columns.
    pub fn found(&mut self, entries: &[Entry], document: Option<&Document>) -> &[Item] {
        let table = document.map_or(0, |d| Arc::as_ptr(&d.table).addr());
        let searched = Some((self.list.query.clone(), entries.len(), table));
        if self.searched != searched {
            self.found = search(&self.list.query, entries, document);
            self.searched = searched;
        }
        &self.found
    }
}

fn search(query: &str, entries: &[Entry], document: Option<&Document>) -> Vec<Item> {
    let query = Query::new(query);
    if query.is_empty() {
        return (0..entries.len()).map(Item::Fixed).collect();
    }
    let fixed = (0..entries.len()).map(Item::Fixed);
    let columns = document.into_iter().flat_map(|document| {
        (0..document.table.columns.len()).flat_map(move |c| {
            let target = Document::can_be_target(&document.table, c) && c != document.roles.target;
            let feature = document.can_be_feature(c);
            [target.then_some(Item::Target(c)), feature.then_some(Item::Feature(c))].into_iter().flatten()
        })
    });
    let score = |item: Item| match item {
        Item::Fixed(i) => query.score(&entries[i].title),
        Item::Target(_) | Item::Feature(_) => query.score(&entry_of(item, entries, document)?.title),
    };
    // Of names that answer alike those that are always there come first: there may be any number of columns.
    let rank = |item: Item| {
        let (letters, length) = score(item)?;
        // Length says little there: the words before a column's name are ours.
        let kind = match item {
            Item::Fixed(_) => 2,
            Item::Target(_) => 1,
            Item::Feature(_) => 0,
        };
        // Our own entries stand in the order in which they are listed.
        let place = if let Item::Fixed(i) = item { Reverse(i) } else { length };
        Some((letters, kind, place))
    };
    let mut found: Vec<_> = fixed.chain(columns).filter_map(|item| Some((rank(item)?, item))).collect();
    found.sort_by_key(|(rank, _)| Reverse(*rank));
    found.into_iter().map(|(_, item)| item).collect()
}

/// What an answer shows and does.
pub fn entry_of(item: Item, entries: &[Entry], document: Option<&Document>) -> Option<Entry> {
    let name = |c: usize| document.and_then(|d| d.table.columns.get(c)).map(|column| column.name.as_str());
    match item {
        Item::Fixed(i) => entries.get(i).cloned(),
        Item::Target(c) => Some(entry(format!("Set target: {}", name(c)?), Command::SetTarget(c))),
        Item::Feature(c) => {
            let is_used = !document?.roles.excluded.contains(&c);
            let command = Command::SetExcluded(vec![c], is_used);
            Some(entry(format!("{} {}", command.text(), name(c)?), command))
        }
    }
}

fn entry(title: String, command: Command) -> Entry {
    Entry { title, command, refusal: None }
}

impl App {
    /// All that can be chosen beside columns, in the order in which it is listed.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut list: Vec<(String, Command)> = Vec::new();
        let mut add = |command: Command| list.push((title(&command), command));
        for page in [Page::Analysis, Page::Geometry, Page::Data] {
            add(Command::ShowPage(page));
        }
        add(Command::OpenDialog);
        for example in examples::all() {
            add(Command::OpenExample(example.name));
        }
        for Recent { path, .. } in &self.preferences.recent {
            add(Command::OpenPath(path.clone()));
        }
        for command in [Command::ClearRecent, Command::ShowImport, Command::FindColumn, Command::Undo, Command::Redo] {
            add(command);
        }
        for rule in [Rule::Min, Rule::OneSe] {
            add(Command::ChooseRule(None, rule));
        }
        for step in Step::ALL {
            add(Command::StepAlpha(step));
        }
        for link in Link::ALL {
            add(Command::SetLink(link));
        }
        for file in File::ALL {
            add(Command::Export(file));
        }
        for command in [Command::Pin, Command::CloseTable, Command::Help, Command::ResetLayout, Command::ShowPlayground]
        {
            add(command);
        }
        for command in [Command::CopyTable, Command::Recompute, Command::Cancel, Command::Verify] {
            add(command);
        }
        for theme in [ThemePreference::Light, ThemePreference::Dark, ThemePreference::System] {
            add(Command::SetTheme(theme));
        }
        for command in [Command::StartTour, Command::LeaveTour, Command::DismissMessage, Command::ShowKeys] {
            add(command);
        }
        add(Command::NextPanel);
        add(Command::PreviousPanel);
        list.extend(self.rules());
        list.extend(self.standardize());
        let entry = |(title, command)| Entry { refusal: self.refusal(&command), title, command };
        list.into_iter().map(entry).collect()
    }

    /// Each rule of each penalty.
    fn rules(&self) -> Vec<(String, Command)> {
        let Some(analysis) = self.analysis() else { return Vec::new() };
        let each = [Penalty::Lasso, Penalty::Ridge].into_iter().flat_map(|penalty| {
            let named = |name: &str| format!("{} alpha: {name}", penalty_title(analysis, penalty));
            [(named("Min"), Rule::Min), (named("1-SE"), Rule::OneSe)]
                .map(|(title, rule)| (title, Command::ChooseRule(Some(penalty), rule)))
        });
        each.collect()
    }

    /// The other scaling.
    fn standardize(&self) -> Option<(String, Command)> {
        let form = &self.document.as_ref()?.form;
        let (title, scale) = match form.scale {
            Scale::Standardize => ("Do not standardize columns", Scale::Keep),
            Scale::Keep => ("Standardize columns", Scale::Standardize),
        };
        Some((title.to_owned(), Command::SetForm(SettingsForm { scale, ..form.clone() })))
    }

    /// Why a command cannot be done now.
    fn refusal(&self, command: &Command) -> Option<&'static str> {
        let unless = |can: bool, why: &'static str| (!can).then_some(why);
        let is_open = self.document.is_some();
        let has_rows = self.document.as_ref().is_some_and(|d| d.moments.is_none());
        match command {
            Command::ShowPage(_)
            | Command::FindColumn
            | Command::Recompute
            | Command::SetForm(_)
            | Command::CloseTable => unless(is_open, "Open a table first"),
            Command::OpenDialog => unless(self.asking.is_none(), "A dialog is open"),
            Command::ClearRecent => unless(!self.preferences.recent.is_empty(), "No file was opened before"),
            Command::ShowImport => unless(self.import.is_some(), "Only tables from files have import options"),
            Command::Undo => unless(self.history.undo_name().is_some(), "Nothing was changed yet"),
            Command::Redo => unless(self.history.redo_name().is_some(), "Nothing was taken back"),
            Command::ChooseRule(..) => {
                unless(self.analysis().is_some_and(|a| a.is_cross_validated()), "Once the paths are cross-validated")
            }
            Command::StepAlpha(_)
            | Command::SetLink(_)
            | Command::CopyTable
            | Command::Pin
            | Command::ShowPlayground => unless(self.shown.is_some(), "Once there is a fit"),
            Command::Export(File::Predictions) if is_open && !has_rows => Some(NO_ROWS),
            Command::Export(_) => unless(self.can_export(), "Once the paths are cross-validated"),
            Command::Cancel => unless(self.job.is_some() || self.side_job.is_some(), "Nothing is being computed"),
            Command::Verify if is_open && !has_rows => Some("Verifying needs rows, and only their moments were opened"),
            Command::Verify => {
                unless(self.shown.is_some() && self.side_job.is_none(), "Once there is a fit and nothing else runs")
            }
            Command::StartTour => unless(self.tour.is_none(), "The tour is on"),
            Command::LeaveTour => unless(self.tour.is_some(), "The tour is not on"),
            Command::DismissMessage => unless(self.message.is_some(), "There is no message"),
            _ => None,
        }
    }
}

/// The full name of a command, where its button leaves something to its place.
pub fn title(command: &Command) -> String {
    let text = command.text();
    match command {
        Command::ShowPage(_) => format!("Show {}", text.to_lowercase()),
        Command::OpenExample(name) => format!("Open example: {}", examples::find(name).map_or(*name, |e| e.title)),
        Command::OpenPath(path) => {
            let name =
                path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
            format!("Open recent file: {name}")
        }
        Command::ClearRecent => "Clear list of recent files".to_owned(),
        Command::Export(File::Coefficients) => text.to_owned(),
        Command::Export(_) => format!("Export {}{}", text[..1].to_lowercase(), &text[1..]),
        Command::SetTheme(ThemePreference::Light) => format!("{text}: Light"),
        Command::SetTheme(ThemePreference::Dark) => format!("{text}: Dark"),
        Command::SetTheme(ThemePreference::System) => format!("{text}: System"),
        Command::SetLink(link) => format!("{text}: {}", link.label()),
        Command::Cancel => "Cancel calculation".to_owned(),
        Command::StartTour => "Start the tour".to_owned(),
        Command::DismissMessage => "Close message".to_owned(),
        _ => text.to_owned(),
    }
}
