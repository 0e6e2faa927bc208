//! What all cells of a file say about its columns, where the first records said something else.

use crate::data::design_error::DesignError;
use crate::data::design_notes::Orders;
use crate::data::error::plural;
use crate::data::lane::First;
use crate::data::notes::Note;
use crate::data::scanner::clip;
use crate::data::table::{Column, Table, Values};
use crate::data::way::Way;

/// What a pass over the whole file tells.
pub(super) struct Whole {
    /// Without cells.
    pub(super) table: Table,
    /// How each column of the file is read.
    pub(super) ways: Vec<Way>,
    /// Of each column of the file, the first cell that did not fit.
    pub(super) unfit: Vec<Option<First>>,
    /// Place in the file of each column of the table.
    pub(super) places: Vec<usize>,
    pub(super) orders: Orders,
}

/// A cell that did not fit.
pub(super) struct Surprise {
    /// How each column of the file is read now.
    pub(super) ways: Vec<Way>,
    /// Name of its column.
    pub(super) column: String,
    cell: First,
    /// What its column was read as, and what it is.
    before: String,
    now: String,
    /// Columns with such cells.
    n_columns: usize,
}

/// Refuses a target that is text after all.
pub(super) fn check_target(whole: &Whole, target: usize) -> Result<(), DesignError> {
    let place = whole.places.get(target);
    let cell = || place.and_then(|place| whole.unfit.get(*place)).cloned().flatten().unwrap_or_default();
    match whole.table.columns.get(target) {
        Some(Column { name, values: Values::Levels { .. }, .. }) => Err(DesignError::TargetNotNumeric {
            line: whole.table.line(cell().record),
            column: name.clone(),
            text: clip(&cell().text),
        }),
        _ => Ok(()),
    }
}

impl Surprise {
    /// The first one; `before` is how the columns were read.
    pub(super) fn new(whole: &Whole, before: &[Way]) -> Self {
        let changed = |place: &usize| before.get(*place) != whole.ways.get(*place);
        let columns = || whole.table.columns.iter().zip(&whole.places).filter(|(_, place)| changed(place));
        let cell = |place: &usize| whole.unfit.get(*place).cloned().flatten();
        let first = columns().min_by_key(|(_, place)| cell(place).map_or(usize::MAX, |first| first.record));
        let describe = |ways: &[Way], place: &usize| ways.get(*place).map_or_else(String::new, Way::describe);
        Self {
            column: first.map_or_else(String::new, |(column, _)| column.name.clone()),
            cell: first.and_then(|(_, place)| cell(place)).unwrap_or_default(),
            before: first.map_or_else(String::new, |(_, place)| describe(before, place)),
            now: first.map_or_else(String::new, |(_, place)| describe(&whole.ways, place)),
            n_columns: columns().count(),
            ways: whole.ways.clone(),
        }
    }

    /// That the pass was begun anew, and why.
    pub(super) fn into_note(self, table: &Table) -> Note {
        let Self { column, cell, before, now, n_columns, .. } = self;
        let more = match n_columns.saturating_sub(1) as u64 {
            0 => String::new(),
            n => format!(" (and {n} more {})", plural(n, "column")),
        };
        let action = format!(
            "the first records of column {column} hold {before}, all of them {now}{more}: the pass was begun anew, once"
        );
        let note = Note::file("pass_restarted", action, "choose the column's type in the import options to be quicker");
        let note = note.in_column(&column);
        if cell.count > 0 { note.at(table.line(cell.record)).with_text(&clip(&cell.text)) } else { note }
    }
}
