//! Cells as the data view writes them: what was read, digit for digit, with the decimal marks of a column one below the other.

use rayon::prelude::*;

use crate::data::table::{Column, Table, Values};
use crate::insight::columns::Summary;

/// Most decimals to which shorter numbers of a column are filled up with zeros.
const MOST_ZEROS: usize = 4;
/// Most decimals that are lined up at all.
const MOST_DECIMALS: usize = 10;
/// Records looked at for the width of a column, at most.
const SAMPLE: usize = 200;
/// Cells looked at in the whole table, unless there are too many columns.
const CELLS: usize = 400_000;

/// How the cells of one column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CellStyle {
    /// Decimals of the longest number.
    decimals: usize,
    /// Characters of the widest cell of the sample.
    pub widest: usize,
}

/// The style of every column, from its first records and its ends.
pub fn cell_styles(table: &Table, summaries: &[Summary]) -> Vec<CellStyle> {
    let records = (CELLS / table.columns.len().max(1)).clamp(16, SAMPLE).min(table.n_records);
    table.columns.par_iter().zip(summaries).map(|(column, summary)| CellStyle::of(column, *summary, records)).collect()
}

impl CellStyle {
    fn of(column: &Column, summary: Summary, records: usize) -> Self {
        match &column.values {
            Values::Numbers(values) => {
                let ends = summary.numbers().into_iter().flat_map(|[min, _, max]| [min, max]);
                let sample: Vec<String> =
                    values.iter().take(records).copied().chain(ends).filter(|v| v.is_finite()).map(exact).collect();
                let decimals = sample.iter().filter_map(|text| decimals(text)).filter(|d| *d <= MOST_DECIMALS).max();
                let style = Self { decimals: decimals.unwrap_or(0), widest: 0 };
                let length = |text: String| {
                    let text = style.filled_up(text);
                    text.chars().count() + style.blanks(&text)
                };
                let widest = sample.into_iter().map(length).max();
                Self { widest: widest.unwrap_or(0), ..style }
            }
            Values::Levels { levels, codes } => {
                let texts = codes.iter().take(records).filter_map(|code| levels.get(*code as usize));
                Self { decimals: 0, widest: texts.map(|text| text.chars().take(200).count()).max().unwrap_or(0) }
            }
        }
    }

    /// A cell for the screen; `None` where it is missing.
    pub fn text(self, column: &Column, record: usize) -> Option<String> {
        match &column.values {
            Values::Numbers(values) => {
                let value = values.get(record).copied().filter(|v| !v.is_nan())?;
                Some(self.filled_up(exact(value)).replace('-', "−"))
            }
            Values::Levels { .. } => column.cell(record),
        }
    }

    /// Digits that a cell stands further left, so that its decimal mark stands below the others.
    pub fn blanks(self, text: &str) -> usize {
        let own = decimals(text).unwrap_or(self.decimals);
        // The mark counts as a digit.
        self.decimals.saturating_sub(own) + usize::from(own == 0 && self.decimals > 0)
    }

    fn filled_up(self, mut text: String) -> String {
        if let Some(own) = decimals(&text)
            && own < self.decimals
            && self.decimals <= MOST_ZEROS
        {
            if own == 0 {
                text.push('.');
            }
            text.extend(std::iter::repeat_n('0', self.decimals - own));
        }
        text
    }
}

/// A cell to be copied: every digit, in ASCII; empty where it is missing.
pub fn copied(column: &Column, record: usize) -> String {
    match &column.values {
        Values::Numbers(values) => values.get(record).copied().filter(|v| !v.is_nan()).map(exact).unwrap_or_default(),
        Values::Levels { .. } => column.cell(record).unwrap_or_default().replace(['\t', '\n', '\r'], " "),
    }
}

/// The shortest text that reads back as this number; powers of ten where plain notation would run long.
fn exact(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-5..1e15).contains(&size) { value.to_string() } else { format!("{value:e}") }
}

/// Digits after the point; `None` of a number with a power of ten.
fn decimals(text: &str) -> Option<usize> {
    (!text.contains('e')).then(|| text.split_once('.').map_or(0, |(_, behind)| behind.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::table::ColumnType;
    use crate::insight::columns::summary;

    fn texts(values: &[f64]) -> Vec<String> {
        let column = Column {
            name: "x".to_owned(),
            column_type: ColumnType::Number,
            values: Values::Numbers(values.to_vec()),
            n_missing: 0,
        };
        let style = CellStyle::of(&column, summary(&column), 200);
        (0..values.len()).map(|record| style.text(&column, record).unwrap_or_default()).collect()
    }

    #[test]
    fn points_stand_one_below_the_other() {
        assert_eq!(texts(&[4.0, 4.55, -12.5]), ["4.00", "4.55", "−12.50"]);
        assert_eq!(texts(&[1.0, 20.0]), ["1", "20"]);
    }

    #[test]
    fn long_decimals_are_lined_up_by_blanks() {
        let style = CellStyle { decimals: 6, widest: 0 };
        assert_eq!(style.filled_up("1.4907".to_owned()), "1.4907");
        assert_eq!(["1.4907", "−0.468599", "3", "1e−9"].map(|text| style.blanks(text)), [2, 0, 7, 0]);
        assert_eq!(CellStyle::default().blanks("3"), 0);
    }

    #[test]
    fn no_digit_is_lost() {
        assert_eq!(texts(&[0.1 + 0.2, 1.0]), ["0.30000000000000004", "1"]);
        assert_eq!(texts(&[1e308, 2.5, 1e-300]), ["1e308", "2.5", "1e−300"]);
    }

    #[test]
    fn missing_cells_are_no_text() {
        assert_eq!(texts(&[f64::NAN, 1.5]), ["", "1.5"]);
    }
}
