//! What the loader read, as one JSON object for `shrinkscope inspect`.

use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

use crate::data::error::ReadError;
use crate::data::notes::Note;
use crate::data::table::{Column, ColumnType, Table, Values};

/// The JSON form of a load: serialise it and print it.
#[derive(Debug, Serialize)]
pub struct Inspection<'a> {
    loaded: bool,
    error: Option<&'static str>,
    message: Option<String>,
    notes: Vec<&'static str>,
    note_details: &'a [Note],
    names: Vec<&'a str>,
    numeric: Vec<usize>,
    cells: Cells<'a>,
}

impl<'a> Inspection<'a> {
    /// Of a load, whether it succeeded or not.
    pub fn new(load: &'a Result<Table, ReadError>) -> Self {
        match load {
            Ok(table) => Self::of_table(table),
            Err(error) => Self {
                loaded: false,
                error: Some(error.kind()),
                message: Some(error.to_string()),
                notes: Vec::new(),
                note_details: &[],
                names: Vec::new(),
                numeric: Vec::new(),
                cells: Cells(None),
            },
        }
    }

    fn of_table(table: &'a Table) -> Self {
        let is_numeric = |c: &Column| matches!(c.column_type, ColumnType::Number | ColumnType::Boolean);
        let columns = table.columns.iter().enumerate();
        Self {
            loaded: true,
            error: None,
            message: None,
            notes: table.notes.iter().map(|n| n.kind).collect(),
            note_details: &table.notes,
            names: table.columns.iter().map(|c| c.name.as_str()).collect(),
            numeric: columns.filter(|(_, c)| is_numeric(c)).map(|(j, _)| j).collect(),
            cells: Cells(Some(table)),
        }
    }
}

/// The records of a table, one array each, written without building them all.
#[derive(Debug)]
struct Cells<'a>(Option<&'a Table>);

impl Serialize for Cells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let n_records = self.0.map_or(0, |t| t.n_records);
        let mut records = serializer.serialize_seq(Some(n_records))?;
        if let Some(table) = self.0 {
            for record in 0..n_records {
                records.serialize_element(&Record { table, record })?;
            }
        }
        records.end()
    }
}

struct Record<'a> {
    table: &'a Table,
    record: usize,
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let columns = &self.table.columns;
        let mut cells = serializer.serialize_seq(Some(columns.len()))?;
        for column in columns {
            match &column.values {
                Values::Numbers(values) => {
                    let present = values.get(self.record).filter(|v| v.is_finite());
                    cells.serialize_element(&present)?;
                }
                Values::Levels { levels, codes } => {
                    let level = codes.get(self.record).and_then(|c| levels.get(*c as usize));
                    cells.serialize_element(&level)?;
                }
            }
        }
        cells.end()
    }
}
