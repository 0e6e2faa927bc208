//! What a design has to say about columns and rows: left out, constant, alike, in order of time.

use std::collections::HashMap;

use crate::data::date;
use crate::data::design_rows::Rows;
use crate::data::error::plural;
use crate::data::feature::Feature;
use crate::data::findings::columns_phrase;
use crate::data::hints;
use crate::data::notes::Note;
use crate::data::table::{ColumnType, Table, Values};

/// Columns that did not become features as they are.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    pub(super) dates: Vec<usize>,
    pub(super) texts: Vec<usize>,
    pub(super) empty: Vec<usize>,
    /// Names of columns, or of indicators, that do not vary.
    pub(super) constant: Vec<String>,
    /// Categories with their reference level.
    pub(super) categories: Vec<(usize, String)>,
}

impl LeftOut {
    /// In words, for the refusal of a table without features.
    pub(super) fn reason(&self) -> String {
        let counts = [
            (self.constant.len(), "of one value"),
            (self.texts.len(), "of text"),
            (self.dates.len(), "of dates"),
            (self.empty.len(), "without cells"),
        ];
        let parts = counts.iter().filter(|(n, _)| *n > 0);
        let parts: Vec<String> = parts.map(|(n, what)| format!("{n} {} {what}", plural(*n as u64, "column"))).collect();
        if parts.is_empty() { "no other column is included".to_owned() } else { parts.join(", ") }
    }

    pub(super) fn into_notes(self, table: &Table) -> Vec<Note> {
        let mut notes = Vec::new();
        let name = |j: &usize| table.columns.get(*j).map_or("", |c| c.name.as_str());
        let mut push = |kind, names: &[&str], what: &str, remedy: &str| {
            if let Some(first) = names.first() {
                let action = format!("{what} {}", columns_phrase(names));
                notes.push(Note::file(kind, action, remedy).in_column(first));
            }
        };
        let names_of = |columns: &[usize]| -> Vec<&str> { columns.iter().map(name).collect() };
        let has_one_level = |j: &usize| {
            let values = table.columns.get(*j).map(|c| &c.values);
            matches!(values, Some(Values::Levels { levels, .. }) if levels.len() == 1)
        };
        let (single, many): (Vec<usize>, Vec<usize>) = self.texts.iter().partition(|j| has_one_level(j));
        push("constant_column", &names_of(&single), "holds one text only, left out:", "none needed");
        push(
            "text_left_out",
            &names_of(&many),
            "text with many different values left out:",
            "read the column as a category in the import options to use it",
        );
        push(
            "date_left_out",
            &names_of(&self.dates),
            "dates left out:",
            "compute a number from the date before opening the file, if it is to predict",
        );
        push("empty_column", &names_of(&self.empty), "no cell is filled, left out:", "none needed");
        let constant: Vec<&str> = self.constant.iter().map(String::as_str).collect();
        push(
            "constant_column",
            &constant,
            "does not vary in the rows used, left out:",
            "none needed: a constant says nothing about the target",
        );
        let categories: Vec<usize> = self.categories.iter().map(|(j, _)| *j).collect();
        if let Some((_, reference)) = self.categories.first() {
            push(
                "category",
                &names_of(&categories),
                &format!("levels compared with one of them, such as {reference}, in"),
                "choose another reference level, read the column as number, or ignore it",
            );
        }
        notes
    }
}

/// Rows left out.
pub(super) fn rows(table: &Table, rows: &Rows) -> Vec<Note> {
    let mut notes = Vec::new();
    let count = |n: usize| format!("{n} of {} {}", rows.n_records, plural(rows.n_records as u64, "row"));
    if rows.n_missing_target > 0 {
        let action = format!("{} left out: the target is missing", count(rows.n_missing_target));
        let remedy = "fill in the target, or choose another; the predictions that can be exported have these rows too";
        notes.push(Note::file("missing_target", action, remedy));
    }
    if rows.n_missing_feature > 0 {
        let worst = table.columns.iter().filter(|c| c.n_missing > 0 && c.n_missing < rows.n_records);
        let worst = worst.max_by_key(|c| c.n_missing).map_or("", |c| c.name.as_str());
        let action = format!("{} left out: a feature is missing, mostly {worst}", count(rows.n_missing_feature));
        let remedy = "fill in the mean of the training rows, or exclude columns that lack many";
        notes.push(Note::file("missing_rows", action, remedy).in_column(worst));
    } else if rows.policy.imputes() && table.columns.iter().any(|c| c.n_missing > 0) {
        let action = "missing cells are filled with the mean of the training rows".to_owned();
        notes.push(Note::file("missing_mean", action, "leave such rows out instead"));
    }
    if rows.n_without_weight > 0 {
        let action = format!("{} left out: the case weight is 0", count(rows.n_without_weight));
        notes.push(Note::file("zero_weight", action, "none needed, if that is what the weight means"));
    }
    notes
}

/// Which columns of a table have an order.
pub(super) struct Orders {
    /// Numbers that count the records one by one.
    pub(super) counting: Vec<bool>,
    /// Dates that ascend.
    pub(super) in_time: Vec<bool>,
}

impl Orders {
    pub(super) fn of(table: &Table) -> Self {
        let is_sorted = |levels: &[String], codes: &[u32]| {
            levels.iter().all(|l| date::sorts_by_text(l.trim())) && codes.is_sorted() && levels.len() > 2
        };
        let columns = || table.columns.iter().map(|c| &c.values);
        Self {
            counting: columns().map(|c| matches!(c, Values::Numbers(values) if hints::counts(values))).collect(),
            in_time: columns()
                .map(|c| matches!(c, Values::Levels { levels, codes } if is_sorted(levels, codes)))
                .collect(),
        }
    }
}

/// Columns that count the rows, and dates in order: what random folds should know.
pub(super) fn order(table: &Table, candidates: &[usize], orders: &Orders) -> Vec<Note> {
    let mut notes = Vec::new();
    let counting: Vec<&str> = candidates
        .iter()
        .filter(|j| orders.counting.get(**j) == Some(&true))
        .filter_map(|j| table.columns.get(*j))
        .map(|c| c.name.as_str())
        .collect();
    if let Some(first) = counting.first() {
        let action = format!("counts the rows one by one: {}", columns_phrase(&counting));
        let remedy = "exclude it unless the order of the rows is meant to predict";
        notes.push(Note::file("id_like", action, remedy).in_column(first));
    }
    let mut columns = table.columns.iter().zip(&orders.in_time);
    if let Some((date, _)) = columns.find(|(c, in_time)| c.column_type == ColumnType::Date && **in_time) {
        let action = format!("rows are in order of time by column {}", date.name);
        let remedy = "use contiguous folds, so that the past is not predicted from the future";
        notes.push(Note::file("time_order", action, remedy).in_column(&date.name));
    }
    notes
}

/// Columns with the same values, and columns that are the target itself. `prints` are those of the features, and that
/// of the target at the end: equal ones stand for equal columns.
pub(super) fn twins(features: &[Feature], prints: &[u64], target: &str) -> Vec<Note> {
    let mut first_of: HashMap<u64, &str> = HashMap::new();
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    let mut notes = Vec::new();
    let of_target = prints.get(features.len());
    for (feature, print) in features.iter().zip(prints) {
        if Some(print) == of_target {
            let action = format!("column {} equals the target {target} in every row", feature.name);
            let remedy = "exclude it if it is the target under another name";
            notes.push(Note::file("equals_target", action, remedy).in_column(&feature.name));
        }
        match first_of.get(print) {
            Some(twin) => pairs.push((twin, &feature.name)),
            None => {
                first_of.insert(*print, &feature.name);
            }
        }
    }
    if let Some((a, b)) = pairs.first() {
        let more = if pairs.len() > 1 { format!(", and {} more pairs", pairs.len() - 1) } else { String::new() };
        let action = format!("columns {a} and {b} hold the same values{more}");
        let remedy = "exclude one of them: the lasso cannot tell which to keep";
        notes.push(Note::file("duplicate_columns", action, remedy).in_column(b));
    }
    notes
}
