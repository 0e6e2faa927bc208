//! What is searched, sorted and chosen in the data view. Cheap and instant; stays valid by its own methods.

use crate::app::cell_text::CellStyle;
use crate::data::notes::Note;
use crate::data::table::{ColumnType, Table};
use crate::insight::columns::Summary;

/// What fills the middle of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Page {
    /// Paths, geometry, fit and features.
    #[default]
    Analysis,
    /// The geometry alone.
    Geometry,
    /// The table as read.
    Data,
}

/// What the columns are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortBy {
    /// Order in the file.
    #[default]
    Order,
    /// Name, without regard to case.
    Name,
    /// Type.
    Type,
    /// Missing cells.
    Missing,
    /// Smallest value.
    Min,
    /// Mean.
    Mean,
    /// Largest value.
    Max,
}

impl SortBy {
    /// Whether the first click sorts from large to small.
    fn starts_large(self) -> bool {
        matches!(self, Self::Missing | Self::Mean | Self::Max)
    }
}

/// What is known of the open table's columns; computed where it is read.
#[derive(Debug, Default)]
pub struct Columns {
    /// Range and mean, or levels.
    pub summaries: Vec<Summary>,
    /// How cells are written.
    pub styles: Vec<CellStyle>,
}

/// A place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Record, 0-based.
    pub record: Option<usize>,
    /// Position in [`Table::columns`].
    pub column: Option<usize>,
}

impl Place {
    /// What a note is about, where that is in the table.
    pub fn of(table: &Table, note: &Note) -> Option<Self> {
        let column = note.column.as_deref().and_then(|name| column_named(table, name));
        let record = match (note.line, column) {
            (Some(line), _) => table.record_at(line).or(Some(0)),
            // The first cell that lacks.
            (None, Some(j)) => table.columns.get(j).filter(|c| c.n_missing > 0).and_then(|c| {
                (note.kind.starts_with("missing")).then(|| (0..table.n_records).find(|&r| c.is_missing(r)))?
            }),
            (None, None) => None,
        };
        let is_anywhere = (record.is_some() || column.is_some()) && table.n_records > 0;
        is_anywhere.then_some(Self { record, column })
    }

    /// Whether a note may have a place; cheaper than [`Place::of`].
    pub fn is_likely(note: &Note) -> bool {
        note.line.is_some() || note.column.is_some()
    }
}

/// The column of a name, or of the indicator of one of its levels.
fn column_named(table: &Table, name: &str) -> Option<usize> {
    let of_indicator =
        || table.columns.iter().position(|c| name.strip_prefix(&c.name).is_some_and(|rest| rest.starts_with('=')));
    table.column_index(name).or_else(of_indicator)
}

/// What the next frame of the data view does once.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The cells bring the chosen place into view.
    pub(super) reveal_cell: bool,
    /// The list brings the chosen column into view.
    pub(super) reveal_column: bool,
    /// The search field takes the keys.
    pub(super) focus_search: bool,
}

/// Searched, sorted and chosen columns, and where the cells are scrolled to.
#[derive(Debug, Default)]
pub struct DataView {
    search: String,
    sort: SortBy,
    is_descending: bool,
    /// Positions of the columns shown, in order; `None` until the next frame needs it.
    order: Option<Vec<usize>>,
    chosen: Place,
    /// Cells that a note of the loader is about: record, column, position of the note.
    marked: Vec<(usize, usize, usize)>,
    /// Left edge of each shown column and the right edge of the last, kept by the cells.
    pub(super) edges: Vec<f64>,
    /// Pixels the cells are scrolled by, right and down. A table can be longer than `f32` counts pixels.
    pub(super) offset: [f64; 2],
    /// What the next frame does once.
    pub(super) asked: Asked,
    /// The list of notes is folded away.
    pub(super) hides_notes: bool,
}

impl DataView {
    /// Another table is open, or the same one read anew.
    pub(super) fn renew(&mut self, table: &Table, is_same_file: bool) {
        if !is_same_file {
            *self = Self { hides_notes: self.hides_notes, ..Self::default() };
        }
        let chosen = self.chosen;
        self.chosen = Place {
            record: chosen.record.filter(|r| *r < table.n_records),
            column: chosen.column.filter(|c| *c < table.columns.len()),
        };
        self.order = None;
        let places = table.notes.iter().enumerate().filter_map(|(i, note)| {
            let place = note.line.and_then(|_| Place::of(table, note))?;
            Some((place.record?, place.column?, i))
        });
        self.marked = places.collect();
    }

    /// Part of a name to look for.
    pub fn search(&self) -> &str {
        &self.search
    }

    /// Shows the columns whose names hold this text, without regard to case.
    pub fn set_search(&mut self, text: String) {
        if text != self.search {
            self.search = text;
            self.order = None;
            self.offset[0] = 0.0;
        }
    }

    /// What the columns are sorted by, and whether from large to small.
    pub fn sort(&self) -> (SortBy, bool) {
        (self.sort, self.is_descending)
    }

    /// Sorts by something else, or turns the order round.
    pub fn sort_by(&mut self, by: SortBy) {
        self.is_descending = if self.sort == by { !self.is_descending } else { by.starts_large() };
        self.sort = by;
        self.order = None;
        self.offset[0] = 0.0;
    }

    /// The chosen cell, or the column alone.
    pub fn chosen(&self) -> Place {
        self.chosen
    }

    /// Chooses a place and brings it into view.
    pub fn choose(&mut self, place: Place) {
        self.chosen = place;
        self.asked.reveal_cell = true;
        self.asked.reveal_column = true;
    }

    /// As [`DataView::choose`]; a search that hides the column ends.
    pub fn jump(&mut self, table: &Table, place: Place) {
        let is_hidden = place.column.and_then(|c| table.columns.get(c)).is_some_and(|c| !self.finds(&c.name));
        if is_hidden {
            self.set_search(String::new());
        }
        self.choose(place);
    }

    /// Whether the search lets a name through.
    pub fn finds(&self, name: &str) -> bool {
        self.search.is_empty() || name.to_lowercase().contains(&self.search.to_lowercase())
    }

    /// The note of the loader about this cell, by its position.
    pub fn note_at(&self, record: usize, column: usize) -> Option<usize> {
        self.marked.iter().find(|(r, c, _)| (*r, *c) == (record, column)).map(|(.., note)| *note)
    }

    /// The columns shown, in order.
    pub fn shown(&self) -> &[usize] {
        self.order.as_deref().unwrap_or_default()
    }

    /// Brings the order up to date; true if it has changed.
    pub(super) fn update(&mut self, table: &Table, summaries: &[Summary]) -> bool {
        if self.order.is_some() {
            return false;
        }
        let needle = self.search.to_lowercase();
        let mut order: Vec<usize> = (0..table.columns.len())
            .filter(|&j| needle.is_empty() || table.columns[j].name.to_lowercase().contains(&needle))
            .collect();
        let number = |j: usize, which: usize| summaries.get(j).and_then(|s| s.numbers()).map(|numbers| numbers[which]);
        match self.sort {
            SortBy::Order if self.is_descending => order.reverse(),
            SortBy::Order => {}
            SortBy::Name => {
                sort(&mut order, self.is_descending, |j| Some(table.columns[j].name.to_lowercase()), Ord::cmp);
            }
            SortBy::Type => {
                sort(&mut order, self.is_descending, |j| Some(rank(table.columns[j].column_type)), Ord::cmp);
            }
            SortBy::Missing => sort(&mut order, self.is_descending, |j| Some(table.columns[j].n_missing), Ord::cmp),
            SortBy::Min => sort(&mut order, self.is_descending, |j| number(j, 0), f64::total_cmp),
            SortBy::Mean => sort(&mut order, self.is_descending, |j| number(j, 1), f64::total_cmp),
            SortBy::Max => sort(&mut order, self.is_descending, |j| number(j, 2), f64::total_cmp),
        }
        self.order = Some(order);
        true
    }
}

/// Stable; columns without a key stand last in either direction.
fn sort<K>(
    order: &mut Vec<usize>,
    is_descending: bool,
    key: impl Fn(usize) -> Option<K>,
    compare: impl Fn(&K, &K) -> std::cmp::Ordering,
) {
    let (mut keyed, mut rest) = (Vec::with_capacity(order.len()), Vec::new());
    for &j in order.iter() {
        match key(j) {
            Some(key) => keyed.push((key, j)),
            None => rest.push(j),
        }
    }
    keyed.sort_by(|(a, _), (b, _)| if is_descending { compare(b, a) } else { compare(a, b) });
    *order = keyed.into_iter().map(|(_, j)| j).chain(rest).collect();
}

fn rank(column_type: ColumnType) -> u8 {
    match column_type {
        ColumnType::Number => 0,
        ColumnType::Boolean => 1,
        ColumnType::Category => 2,
        ColumnType::Date => 3,
        ColumnType::Text => 4,
        ColumnType::Empty => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::csv::read_bytes;
    use crate::data::options::ImportOptions;
    use crate::insight::columns::summaries;

    fn table() -> Table {
        let text = "Beta,alpha,word,gap\n3,10,x,\n1,30,x,\n2,20,z,7\n";
        read_bytes("t.csv", text.as_bytes(), &ImportOptions::default(), &|_, _| std::ops::ControlFlow::Continue(()))
            .unwrap()
    }

    fn order(view: &mut DataView, table: &Table) -> Vec<String> {
        view.update(table, &summaries(&table.columns));
        view.shown().iter().map(|&j| table.columns[j].name.clone()).collect()
    }

    #[test]
    fn sorts_both_ways_with_wordless_columns_last() {
        let (table, mut view) = (table(), DataView::default());
        assert_eq!(order(&mut view, &table), ["Beta", "alpha", "word", "gap"]);
        view.sort_by(SortBy::Name);
        assert_eq!(order(&mut view, &table), ["alpha", "Beta", "gap", "word"]);
        view.sort_by(SortBy::Max);
        assert_eq!(order(&mut view, &table), ["alpha", "gap", "Beta", "word"]);
        view.sort_by(SortBy::Max);
        assert_eq!(order(&mut view, &table), ["Beta", "gap", "alpha", "word"]);
        view.sort_by(SortBy::Missing);
        assert_eq!(order(&mut view, &table), ["gap", "Beta", "alpha", "word"]);
    }

    #[test]
    fn a_search_has_no_case_and_ends_where_a_jump_needs_it() {
        let (table, mut view) = (table(), DataView::default());
        view.set_search("ALP".to_owned());
        assert_eq!(order(&mut view, &table), ["alpha"]);
        view.jump(&table, Place { record: Some(0), column: Some(1) });
        assert_eq!(view.search(), "ALP", "the column is there");
        view.jump(&table, Place { record: Some(0), column: Some(3) });
        assert_eq!(order(&mut view, &table).len(), 4);
        assert_eq!(view.chosen(), Place { record: Some(0), column: Some(3) });
    }

    #[test]
    fn notes_have_places() {
        let table = table();
        let note = |line, column: Option<&str>, kind| Note {
            kind,
            line,
            column: column.map(str::to_owned),
            text: None,
            action: String::new(),
            remedy: String::new(),
        };
        let place = |record, column| Some(Place { record, column });
        assert_eq!(Place::of(&table, &note(Some(3), Some("word"), "x")), place(Some(1), Some(2)));
        assert_eq!(Place::of(&table, &note(None, Some("word=z"), "x")), place(None, Some(2)));
        assert_eq!(Place::of(&table, &note(None, Some("gap"), "missing_rows")), place(Some(0), Some(3)));
        assert_eq!(Place::of(&table, &note(None, None, "x")), None);
        assert_eq!(Place::of(&table, &note(None, Some("nobody"), "x")), None);
    }
}
