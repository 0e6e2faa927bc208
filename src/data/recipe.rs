//! From the cells of some records to rows of X and y, as [`Design::new`](super::design::Design::new) sets them up from all.

use crate::data::design::{Roles, column};
use crate::data::design_error::DesignError;
use crate::data::design_rows::Rows;
use crate::data::feature::Feature;
use crate::data::labels::Labels;
use crate::data::options::ImportOptions;
use crate::data::prints::Prints;
use crate::data::survey::{Cells, Part};
use crate::data::table::{Column, ColumnType, Source, Table, Values};
use crate::data::texts::{Blanks, Class, Words};
use crate::data::way::Way;

/// Complete rows of a regression, in the order of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RowBlock {
    /// Values of the features, one feature after the other.
    pub x: Vec<f64>,
    /// Values of the target.
    pub y: Vec<f64>,
    /// Case weight of each row, above 0; `None` where all rows count alike.
    pub case_weights: Option<Vec<f64>>,
    /// Record of the file behind each row, ascending.
    pub records: Vec<usize>,
    /// Which value of the fold column each row has, in order of appearance, if such a column was chosen.
    pub labels: Option<Vec<u32>>,
}

/// What is made of each part of the file.
#[derive(Debug)]
pub(super) struct Recipe<'a> {
    pub(super) roles: &'a Roles,
    pub(super) options: &'a ImportOptions,
    /// Names and types of the columns; their cells are not looked at.
    pub(super) table: &'a Table,
    /// Place in the file of each column of the table.
    pub(super) places: &'a [usize],
    /// How each column of the file is read.
    pub(super) ways: &'a [Way],
    /// Columns of the table that are features.
    pub(super) candidates: Vec<usize>,
    pub(super) features: Vec<Feature>,
}

/// The rows of a part; records count from its first.
#[derive(Debug, Default)]
pub(super) struct PartRows {
    pub(super) rows: RowBlock,
    /// The values behind [`RowBlock::labels`].
    pub(super) labels: Labels,
    pub(super) counts: Counts,
    /// Of the features, and of the target at the end.
    pub(super) prints: Vec<Prints>,
}

/// Records left out, by what they lack.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) target: usize,
    pub(super) feature: usize,
    pub(super) weight: usize,
}

/// Why a part has no rows.
#[derive(Debug)]
pub(super) enum NoRows {
    /// A cell that the ways of the columns do not know.
    Surprise,
    Design(DesignError),
}

impl Recipe<'_> {
    /// Name of the column of folds.
    pub(super) fn fold_column(&self) -> &str {
        let column = self.roles.fold_column.and_then(|j| self.table.columns.get(j));
        column.map_or("", |column| &column.name)
    }

    /// The rows of a part.
    pub(super) fn rows(&self, part: Part) -> Result<PartRows, NoRows> {
        let table = self.table_of(part)?;
        self.rows_of(&table).map_err(NoRows::Design)
    }

    /// The rows of a table with the same columns.
    pub(super) fn rows_of(&self, table: &Table) -> Result<PartRows, DesignError> {
        let target = column(table, self.roles.target)?;
        let Values::Numbers(y_all) = &target.values else {
            return Err(DesignError::WeightsNotNumeric { column: target.name.clone() });
        };
        let rows = Rows::select(table, &self.candidates, y_all, self.roles)?;
        let (m, p) = (rows.records.len(), self.features.len());
        let y = rows.pick(y_all);
        let mut x = Vec::with_capacity(m * p);
        let mut prints = Vec::with_capacity(p + 1);
        for (j, feature) in self.features.iter().enumerate() {
            feature.extend(table, &rows.records, &mut x);
            let values = x.get(j * m..).unwrap_or_default();
            if !feature.is_plain()
                && let Some(row) = values.iter().position(|v| !v.is_finite())
            {
                let line = table.line(rows.records.get(row).copied().unwrap_or(0));
                return Err(DesignError::Overflow { line, feature: feature.name.clone() });
            }
            prints.push(Prints::of(values));
        }
        prints.push(Prints::of(&y));
        let mut labels = Labels::default();
        let of_rows = self.roles.fold_column.map(|j| labels.of_rows(table, &rows, j)).transpose()?;
        let counts =
            Counts { target: rows.n_missing_target, feature: rows.n_missing_feature, weight: rows.n_without_weight };
        let rows = RowBlock { x, y, case_weights: rows.case_weights, records: rows.records, labels: of_rows };
        Ok(PartRows { rows, labels, counts, prints })
    }

    /// The cells that matter, in columns of their types.
    fn table_of(&self, part: Part) -> Result<Table, NoRows> {
        let Part { n_records, marks, mut cells } = part;
        let mut columns = Vec::with_capacity(self.places.len());
        for (j, (column, place)) in self.table.columns.iter().zip(self.places).enumerate() {
            let is_used = self.candidates.binary_search(&j).is_ok() || self.roles.is_reserved(j);
            let taken = cells.get_mut(*place).filter(|_| is_used);
            let taken = taken.map_or(Cells::Skipped, |cells| std::mem::replace(cells, Cells::Skipped));
            let values = match self.ways.get(*place) {
                Some(way) => self.values(taken, way).ok_or(NoRows::Surprise)?,
                None => Values::Numbers(Vec::new()),
            };
            let Column { name, column_type, .. } = column;
            // Whether cells are missing shows when they are looked at.
            columns.push(Column { name: name.clone(), column_type: *column_type, values, n_missing: n_records });
        }
        Ok(Table {
            name: String::new(),
            source: Source::Example(""),
            columns,
            n_records,
            notes: Vec::new(),
            dialect: String::new(),
            line_marks: marks,
        })
    }

    /// The values of cells under the way of their column; `None` where it does not know one.
    fn values(&self, cells: Cells, way: &Way) -> Option<Values> {
        let words = if self.options.missing_tokens.is_some() { Words::Missing } else { Words::Text };
        match (cells, way) {
            (Cells::Skipped, _) => Some(Values::Numbers(Vec::new())),
            (Cells::Numbers(values, has_offenders), Way::Number(format)) => {
                // Numbers by choice may hold other cells: these are missing.
                (!has_offenders || format.leading_zeros).then_some(Values::Numbers(values))
            }
            (Cells::Texts(texts), Way::Boolean) => {
                let knows = |class: Class<'_>| matches!(class, Class::Boolean(..) | Class::Missing);
                let is_known = texts.classes(self.options).all(|(class, _)| knows(class));
                is_known.then(|| Values::Numbers(texts.booleans(self.options).0))
            }
            (Cells::Texts(texts), Way::Category(levels)) => {
                let codes = texts.codes_in(levels, words, self.options.missing_tokens.as_deref())?;
                Some(Values::Levels { levels: levels.clone(), codes })
            }
            (Cells::Texts(texts), Way::Text(column_type)) => {
                let words = if *column_type == ColumnType::Text { words } else { Words::Missing };
                Some(texts.levels(self.options, Blanks::Keep, words).0)
            }
            (Cells::Numbers(..) | Cells::Texts(_), _) => None,
        }
    }
}
