//! The table as it was read: its columns and the notes at the left, its cells at the right.

use eframe::egui::{Rect, Stroke, Ui, UiBuilder, pos2};

use crate::analysis::Analysis;
use crate::app::command::Command;
use crate::app::data_view::{Columns, DataView};
use crate::app::document::Document;
use crate::app::theme;
use crate::app::views::widgets::no_rows;
use crate::app::views::{cell_grid, column_list, note_list};
use crate::app::walk::{self, Region};
use crate::data::design::Missing;
use crate::data::notes::Note;
use crate::data::options::ImportOptions;

/// What the page reads.
pub struct Context<'a> {
    /// Table and roles.
    pub document: &'a Document,
    /// What is known of the columns.
    pub columns: &'a Columns,
    /// A histogram of every column.
    pub histograms: &'a [Vec<u32>],
    /// How the file was read; `None` where it cannot be read in another way.
    pub options: Option<&'a ImportOptions>,
    /// The result of the present document, if there is one.
    pub analysis: Option<&'a Analysis>,
    /// Nothing else on screen leads to the import options.
    pub leads_to_import: bool,
    /// All notes.
    pub notes: &'a [&'a Note],
}

impl Context<'_> {
    /// The part a column plays, where it is no feature by default.
    pub(super) fn role(&self, column: usize) -> &'static str {
        let roles = &self.document.roles;
        if roles.target == column && Document::can_be_target(&self.document.table, column) {
            "target"
        } else if roles.fold_column == Some(column) {
            "folds"
        } else if roles.group_column == Some(column) {
            "groups"
        } else if roles.weight_column == Some(column) {
            "weights"
        } else if roles.excluded.contains(&column) {
            "left out"
        } else {
            ""
        }
    }

    /// A cell for the screen; `None` where it is missing.
    pub(super) fn text(&self, column: usize, record: usize) -> Option<String> {
        let style = self.columns.styles.get(column).copied().unwrap_or_default();
        style.text(self.document.table.columns.get(column)?, record)
    }

    /// Whether the fit does without a record.
    pub(super) fn is_left_out(&self, record: usize) -> bool {
        match self.analysis {
            Some(analysis) => analysis.design.records.binary_search(&record).is_err(),
            None => self.lacks(self.document.roles.target, record),
        }
    }

    fn lacks(&self, column: usize, record: usize) -> bool {
        self.document.table.columns.get(column).is_some_and(|c| c.n_missing > 0 && c.is_missing(record))
    }

    /// Why the fit does without a record.
    pub(super) fn left_out_reason(&self, record: usize) -> Option<String> {
        if !self.is_left_out(record) {
            return None;
        }
        let roles = &self.document.roles;
        if self.lacks(roles.target, record) {
            return Some("Left out of the fit: the target is missing".to_owned());
        }
        let is_feature = |j: usize| self.document.can_be_feature(j) && !roles.excluded.contains(&j);
        let columns = &self.document.table.columns;
        let mut lacking =
            (0..columns.len()).filter(|&j| is_feature(j) && self.lacks(j, record)).map(|j| &columns[j].name);
        match (roles.missing, lacking.next()) {
            (Missing::Drop, Some(first)) => {
                let more = lacking.count();
                let others = if more > 0 { format!(" and {more} more") } else { String::new() };
                Some(format!("Left out of the fit: missing in {first}{others}"))
            }
            _ if roles.weight_column.is_some() => Some("Left out of the fit: the case weight is 0".to_owned()),
            _ => Some("Left out of the fit".to_owned()),
        }
    }
}

/// Brings the columns shown up to date with search and order.
pub(super) fn refresh(ui: &Ui, context: &Context<'_>, view: &mut DataView) {
    if view.update(&context.document.table, &context.columns.summaries) {
        cell_grid::measure(ui, context, view);
    }
}

/// What there is in place of cells.
const NO_CELLS: &str =
    "The means at the left are those of all rows. To see cells, open the table they were computed from";

/// The whole page.
pub fn show(ui: &mut Ui, context: &Context<'_>, view: &mut DataView) -> Option<Command> {
    let tokens = theme::tokens(ui);
    refresh(ui, context, view);
    let rect = ui.max_rect();
    let width = ((rect.width() * 0.49).clamp(424.0, 640.0) / 8.0).round() * 8.0;
    let middle = rect.left() + width;
    let has_notes = !context.notes.is_empty() && !view.hides_notes;
    let of_notes =
        if has_notes { note_list::height(context.notes.len()).min(rect.height() * 0.4).round() } else { 0.0 };
    let below = rect.bottom() - of_notes;
    let mut command = None;
    let mut parts = 0;
    let mut at = |name: &str, area: Rect, draw: &mut dyn FnMut(&mut Ui)| {
        walk::region(ui, Region::Page(parts), area);
        parts += 1;
        ui.scope_builder(UiBuilder::new().max_rect(area).id_salt(name), |ui| {
            ui.set_clip_rect(area.intersect(ui.clip_rect()));
            ui.spacing_mut().item_spacing.y = 0.0;
            draw(ui);
        });
    };
    at("columns", Rect::from_min_max(pos2(rect.left() + 1.0, rect.top()), pos2(middle, below)), &mut |ui| {
        command = column_list::show(ui, context, view);
    });
    if has_notes {
        at("notes", Rect::from_min_max(pos2(rect.left() + 1.0, below), pos2(middle, rect.bottom())), &mut |ui| {
            note_list::show(ui, &context.document.table, context.notes, view);
        });
    }
    at("cells", Rect::from_min_max(pos2(middle + 1.0, rect.top()), rect.max), &mut |ui| {
        if context.document.moments.is_some() {
            no_rows(ui, "Only moments were opened: no row is here", NO_CELLS);
        } else {
            command = cell_grid::show(ui, context, view).or(command.take());
        }
    });
    let line = Stroke::new(1.0, tokens.border);
    if rect.left() > 0.0 {
        ui.painter().vline(rect.left() + 0.5, rect.y_range(), line);
    }
    ui.painter().vline(middle + 0.5, rect.y_range(), line);
    if has_notes {
        ui.painter().hline(rect.left()..=middle, below + 0.5, line);
    }
    command
}
