//! How the cells of a column of known type become numbers or levels, without the other cells of the column.

use crate::data::cell::NumberFormat;
use crate::data::lane::Lane;
use crate::data::load::Done;
use crate::data::table::{ColumnType, Values};
use crate::data::texts::Class;

/// How the cells of a column are read once its type is known. Equal ways read the same cells the same.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Way {
    /// Not at all.
    Skip,
    Number(NumberFormat),
    Boolean,
    /// The levels, in byte order.
    Category(Vec<String>),
    /// As text that is no feature.
    Text(ColumnType),
}

impl Way {
    /// That of each column of a file.
    pub(super) fn of_columns(columns: &[Done]) -> Vec<Self> {
        let way = |done: &Done| {
            let Some((column, told)) = done else {
                return Self::Skip;
            };
            match (column.column_type, told.format, &column.values) {
                (ColumnType::Number, Some(format), _) => Self::Number(format),
                (ColumnType::Boolean, ..) => Self::Boolean,
                (ColumnType::Category, _, Values::Levels { levels, .. }) => Self::Category(levels.clone()),
                (other, ..) => Self::Text(other),
            }
        };
        columns.iter().map(way).collect()
    }

    /// The lane that its cells take.
    pub(super) fn lane(&self) -> Lane {
        match self {
            Self::Skip => Lane::Skip,
            Self::Number(format) => Lane::Number(*format),
            Self::Boolean | Self::Category(_) | Self::Text(_) => Lane::Text,
        }
    }

    /// Whether a text of this class may stand in the column.
    pub(super) fn knows(&self, text: &str, class: Class<'_>) -> bool {
        match (self, class) {
            (_, Class::Missing) | (Self::Boolean, Class::Boolean(..)) => true,
            (Self::Category(levels), _) => levels.iter().any(|level| level == text.trim_matches(' ')),
            (Self::Text(ColumnType::Date), class) => matches!(class, Class::Date),
            (Self::Text(column_type), _) => *column_type == ColumnType::Text,
            (Self::Skip | Self::Number(_) | Self::Boolean, _) => false,
        }
    }

    /// In words, for a note.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Skip => "nothing".to_owned(),
            Self::Number(_) => "numbers".to_owned(),
            Self::Boolean => "yes and no".to_owned(),
            Self::Category(levels) => format!("{} levels", levels.len()),
            Self::Text(ColumnType::Date) => "dates".to_owned(),
            Self::Text(ColumnType::Empty) => "empty".to_owned(),
            Self::Text(_) => "text".to_owned(),
        }
    }
}
