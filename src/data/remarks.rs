//! Lines that begin with `#`: remarks, or a header or records that look like them.

use crate::data::dialect::{Look, Row, look};
use crate::data::layout::{Guess, guess_header, is_evident, supports};
use crate::data::notes::Note;
use crate::data::options::{Comment, ImportOptions};

/// Which lines that begin with a mark are remarks.
pub(super) struct Remarks {
    /// Mark of remarks below the header, where there are any.
    pub(super) body: Option<u8>,
    /// Whether the lines above the first other line are remarks.
    leading: bool,
    /// Line of a header that begins with the mark.
    header: Option<u64>,
    by_choice: bool,
}

impl Remarks {
    pub(super) fn find(rows: &[Row], modal: usize, options: &ImportOptions) -> Self {
        let mark = match options.comment {
            Some(Comment::Start(mark)) => {
                return Self { body: Some(mark), leading: true, header: None, by_choice: true };
            }
            Some(Comment::None) => {
                return Self { body: None, leading: false, header: None, by_choice: true };
            }
            None => b'#',
        };
        let n_leading = rows.iter().take_while(|r| r.remark).count();
        let rest = rows.get(n_leading..).unwrap_or_default();
        let others: Vec<&Row> = rest.iter().filter(|r| !r.remark).collect();
        // `#id,x,y` above data is a header, not a remark.
        let header = rows
            .get(..n_leading)
            .and_then(<[Row]>::last)
            .filter(|r| r.cells.len() == modal && modal > 1 && is_evident(r) && supports(r, &others))
            .filter(|_| {
                others.first().is_none_or(|f| guess_header(f, others.get(1..).unwrap_or_default()) == Guess::Data)
            })
            .map(|r| r.line);
        let mut first_cells = others.iter().skip(1).filter_map(|r| r.cells.first());
        let no_other_records = others.len() < 2;
        let first_column_is_text = no_other_records || first_cells.any(|c| look(c) == Look::Text);
        let odd = |r: &Row| r.remark && (r.cells.len() != modal || !first_column_is_text);
        let body = rest.iter().any(odd).then_some(mark);
        Self { body, leading: true, header, by_choice: false }
    }

    pub(super) fn keeps(&self, row: &Row) -> bool {
        !row.remark || self.header == Some(row.line) || (self.body.is_none() && !self.leading)
    }

    pub(super) fn note(&self, rows: &[Row], body_start: usize) -> Vec<Note> {
        let left_out = rows.iter().filter(|r| r.start < body_start && !self.keeps(r));
        let lines: Vec<&Row> = left_out.collect();
        let Some(first) = lines.first() else {
            return Vec::new();
        };
        if self.by_choice {
            return Vec::new();
        }
        let count = lines.len();
        let action = if count == 1 {
            "1 line above the table begins with # and was left out".to_owned()
        } else {
            format!("{count} lines above the table begin with # and were left out")
        };
        vec![
            Note::file("comments_skipped", action, "set the comment mark to none to keep such lines")
                .at(first.line)
                .with_text(&first.cells.join(",")),
        ]
    }
}
