//! What stands in the middle of the window while there is no result, and the banner where none can come.

use eframe::egui::Ui;

use crate::app::command::Command;
use crate::app::data_view::Page;
use crate::app::job::Failure;
use crate::app::views::state::{self, Sign, State};
use crate::app::{App, Job, UNMENTIONED, remaining};
use crate::data::table::{ColumnType, Table};

/// What may bring a fit where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Remedy {
    /// Other data, roles or settings.
    #[default]
    Change,
    /// Computing again.
    Retry,
}

impl Remedy {
    pub(super) fn of(failure: &Failure) -> Self {
        if matches!(failure, Failure::Sums(_) | Failure::Panic(_)) { Self::Retry } else { Self::Change }
    }
}

/// A job before its first result.
pub(super) fn running(ui: &mut Ui, job: &Job) -> Option<Command> {
    if job.running_for() <= UNMENTIONED {
        return None;
    }
    let fraction = job.fraction();
    let left = job.remaining().map(|left| format!(", {}", remaining::text(left))).unwrap_or_default();
    let said = if fraction > 0.0 { format!("{:.0} %{left}", (100.0 * fraction).floor()) } else { String::new() };
    let steps = [(Command::Cancel.text().to_owned(), Command::Cancel)];
    let state =
        State { sign: Sign::Mark, heading: job.what(), why: "", progress: Some((fraction, said)), steps: &steps };
    state::show(ui, &state)
}

/// A table without a result: it cannot be fitted, or the user stopped the calculation.
pub(super) fn no_fit(app: &App, ui: &mut Ui) -> Option<Command> {
    let named = |command: Command| (command.text().to_owned(), command);
    let data = ("Show the data".to_owned(), Command::ShowPage(Page::Data));
    let Some(why) = app.fit_failure.as_deref() else {
        let why =
            "The calculation was stopped before its first result; compute again, or change the settings at the left";
        let steps = [named(Command::Recompute), data];
        return state::show(
            ui,
            &State { sign: Sign::Stopped, heading: "Cancelled", why, progress: None, steps: &steps },
        );
    };
    let mut steps: Vec<_> = way_back(app).into_iter().collect();
    steps.extend([data, named(Command::OpenDialog)]);
    state::show(ui, &State { sign: Sign::Problem, heading: "No fit yet", why, progress: None, steps: &steps })
}

/// What may bring a fit back: to compute again, or else to undo the last step.
pub(super) fn way_back(app: &App) -> Option<(String, Command)> {
    if app.remedy == Remedy::Retry {
        return Some((Command::Recompute.text().to_owned(), Command::Recompute));
    }
    app.history.undo_name().map(|step| (format!("{} {step}", Command::Undo.text()), Command::Undo))
}

/// Why nothing in a table can be predicted: what its columns hold instead of numbers, and what to do.
pub(super) fn nothing_to_predict(table: &Table) -> String {
    let held = |kind: ColumnType| match kind {
        ColumnType::Date => "dates",
        ColumnType::Category => "categories",
        ColumnType::Empty => "nothing",
        _ => "text",
    };
    let described =
        table.columns.iter().take(3).map(|column| format!("“{}” holds {}", column.name, held(column.column_type)));
    let more = table.columns.len().saturating_sub(3);
    let others = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(
        "{} has no column of numbers to predict: {}{others}; to set a type, click the one beside a column's name below",
        table.name,
        described.collect::<Vec<_>>().join(", ")
    )
}
