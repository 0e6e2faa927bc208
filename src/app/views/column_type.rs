//! What can be done with one column: another type, another part in the regression.

use eframe::egui::{Button, Popup, Response, RichText, Ui};

use crate::app::command::Command;
use crate::app::document::Document;
use crate::app::theme;
use crate::app::views::import_panel::type_name;
use crate::app::views::picker;
use crate::app::views::widgets::combo;
use crate::data::options::{ImportOptions, TypeChoice};

/// All choices of a type; without one the loader decides.
const CHOICES: [Option<TypeChoice>; 4] =
    [None, Some(TypeChoice::Number), Some(TypeChoice::Category), Some(TypeChoice::Ignore)];
/// Why no type can be chosen.
const NO_FILE: &str = "Types can be changed where the table comes from a file";

fn choice_name(choice: Option<TypeChoice>) -> &'static str {
    match choice {
        None => "As detected",
        Some(TypeChoice::Number) => "Number",
        Some(TypeChoice::Category) => "Category",
        Some(TypeChoice::Ignore) => "Ignore",
    }
}

/// What was settled for a column of this name.
fn settled(options: Option<&ImportOptions>, name: &str) -> Option<TypeChoice> {
    options.and_then(|options| options.types.get(name)).copied()
}

/// One entry of a menu; true if it was clicked.
fn entry(ui: &mut Ui, text: &str, is_chosen: bool) -> bool {
    let clicked = ui.add(Button::selectable(is_chosen, text)).clicked();
    if clicked {
        ui.close();
    }
    clicked
}

/// The types of a column, one below the other.
fn types(ui: &mut Ui, options: Option<&ImportOptions>, name: &str) -> Option<Command> {
    let now = settled(options, name);
    let mut command = None;
    ui.add_enabled_ui(options.is_some(), |ui| {
        for choice in CHOICES {
            if entry(ui, choice_name(choice), choice == now) && choice != now {
                command = Some(Command::SetColumnType(name.to_owned(), choice));
            }
        }
    })
    .response
    .on_disabled_hover_text(NO_FILE);
    command
}

/// A menu of types under what was clicked; of a column that is left out of the table too.
pub(super) fn type_menu(response: &Response, options: Option<&ImportOptions>, name: &str) -> Option<Command> {
    let menu = Popup::menu(response).show(|ui| {
        ui.set_min_width(128.0);
        types(ui, options, name)
    });
    menu.and_then(|menu| menu.inner)
}

/// A menu of all that can be done with a column, under a click with the other button.
pub(super) fn column_menu(
    response: &Response,
    document: &Document,
    options: Option<&ImportOptions>,
    column: usize,
) -> Option<Command> {
    let name = &document.table.columns.get(column)?.name;
    let menu = Popup::context_menu(response).show(|ui| {
        let tokens = theme::tokens(ui);
        ui.set_min_width(160.0);
        ui.label(RichText::new("Type").small().color(tokens.text2));
        let mut command = types(ui, options, name);
        ui.separator();
        if Document::can_be_target(&document.table, column)
            && entry(ui, "Predict this column", column == document.roles.target)
        {
            command = Some(Command::SetTarget(column));
        }
        if document.can_be_feature(column) {
            let is_used = !document.roles.excluded.contains(&column);
            if entry(ui, "Use as a feature", is_used) {
                command = Some(Command::SetExcluded(vec![column], is_used));
            }
        }
        command
    });
    menu.and_then(|menu| menu.inner)
}

/// A box with the type of the chosen column: the way by keyboard.
pub(super) fn type_box(
    ui: &mut Ui,
    document: &Document,
    options: Option<&ImportOptions>,
    column: usize,
) -> Option<Command> {
    let column = document.table.columns.get(column)?;
    let now = settled(options, &column.name);
    let mut chosen = now;
    let read = type_name(column.column_type);
    let text = |choice| match choice {
        None => format!("As detected: {read}"),
        some => choice_name(some).to_owned(),
    };
    ui.add_enabled_ui(options.is_some(), |ui| {
        combo("type of the chosen column")
            .selected_text(text(now))
            .width(160.0)
            .show_ui(ui, |ui| {
                for choice in CHOICES {
                    picker::choice(ui, &mut chosen, choice, text(choice));
                }
            })
            .response
            .accessible_name("Type of the chosen column")
            .on_hover_text(Command::SetColumnType(String::new(), None).tooltip())
            .on_disabled_hover_text(NO_FILE);
    });
    (chosen != now).then(|| Command::SetColumnType(column.name.clone(), chosen))
}
