//! The cells by keyboard.

use eframe::egui::{EventFilter, Key, Modifiers, Ui};

use crate::app::cell_text::copied;
use crate::app::data_view::{DataView, Place};
use crate::app::views::data_page::Context;
use crate::data::table::Table;

/// Moves the choice, and copies it, while the cells have the keys.
pub(super) fn keys(ui: &Ui, id: egui::Id, context: &Context<'_>, view: &mut DataView, page: usize) {
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
    let table = &context.document.table;
    let (n, p) = (table.n_records, view.shown().len());
    if n == 0 || p == 0 {
        return;
    }
    let now = view.chosen();
    let row = now.record;
    let across = now.column.and_then(|c| view.shown().iter().position(|&j| j == c));
    let page = page.saturating_sub(1).max(1);
    let (y, x) = (row.unwrap_or(0), across.unwrap_or(0));
    let down = |by: usize| row.map_or(0, |r| (r + by).min(n - 1));
    let steps = [
        (Modifiers::COMMAND, Key::Home, 0, x),
        (Modifiers::COMMAND, Key::End, n - 1, x),
        (Modifiers::NONE, Key::ArrowDown, down(1), x),
        (Modifiers::NONE, Key::ArrowUp, y.saturating_sub(1), x),
        (Modifiers::NONE, Key::PageDown, down(page), x),
        (Modifiers::NONE, Key::PageUp, y.saturating_sub(page), x),
        (Modifiers::NONE, Key::ArrowRight, y, across.map_or(0, |x| (x + 1).min(p - 1))),
        (Modifiers::NONE, Key::ArrowLeft, y, x.saturating_sub(1)),
        (Modifiers::NONE, Key::Home, y, 0),
        (Modifiers::NONE, Key::End, y, p - 1),
    ];
    for (modifiers, key, record, position) in steps {
        if ui.input_mut(|i| i.consume_key(modifiers, key)) {
            view.choose(Place { record: Some(record), column: Some(view.shown()[position]) });
        }
    }
    if ui.input(|i| i.events.iter().any(|event| matches!(event, egui::Event::Copy)))
        && let Some(text) = as_text(table, view.chosen())
    {
        ui.ctx().copy_text(text);
    }
}

/// The chosen cell, or the chosen column with its name above.
fn as_text(table: &Table, chosen: Place) -> Option<String> {
    let column = table.columns.get(chosen.column?)?;
    Some(if let Some(record) = chosen.record {
        copied(column, record)
    } else {
        let mut text = column.name.replace(['\t', '\n', '\r'], " ");
        for record in 0..table.n_records {
            text.push('\n');
            text.push_str(&copied(column, record));
        }
        text
    })
}
