//! How the file is read: every guess of the loader can be settled here, and the file is read again at once.

use eframe::egui::{self, Align, DragValue, Frame, Layout, Margin, RichText, ScrollArea, TextEdit, Ui};

use crate::app::theme;
use crate::app::views::picker;
use crate::app::views::widgets::{combo, divider, elided, labelled, section, shortened};
use crate::data::options::{
    Comment, DecimalMark, Header, ImportOptions, Quote, Ragged, Separator, Thousands, TypeChoice,
};
use crate::data::table::{ColumnType, Table};

/// Width of the fields.
const FIELD: f32 = 150.0;
/// What leaves the choice to the loader.
const GUESS: &str = "Guess";

/// What the user asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// Read the file so.
    Read(Box<ImportOptions>),
    /// Hide the panel.
    Close,
}

/// What the panel reads.
pub struct Context<'a> {
    /// Name of the file.
    pub name: &'a str,
    /// How it was read last.
    pub options: &'a ImportOptions,
    /// What came out, if it was read.
    pub table: Option<&'a Table>,
    /// Why it was not read.
    pub failure: Option<&'a str>,
}

/// The whole panel.
pub fn show(ui: &mut Ui, context: &Context<'_>) -> Option<Asked> {
    let tokens = theme::tokens(ui);
    let mut asked = None;
    ui.horizontal(|ui| {
        ui.set_height(theme::PANEL_HEAD);
        ui.add_space(theme::PADDING);
        ui.label(RichText::new("Import options").font(theme::strong()));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(theme::PADDING);
            if ui.button("Close options").clicked() {
                asked = Some(Asked::Close);
            }
            let name = elided(ui.painter(), context.name, &theme::small(), ui.available_width());
            ui.label(RichText::new(name).small().color(tokens.text2));
        });
    });
    let mut options = context.options.clone();
    ScrollArea::vertical().id_salt("import options").auto_shrink([false, false]).show(ui, |ui| {
        Frame::new().inner_margin(Margin::symmetric(16, 4)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            let (text, color) = match (context.failure, context.table) {
                (Some(why), _) => (why.to_owned(), tokens.warn),
                (None, Some(table)) => (
                    format!("Read as {}: {} rows, {} columns", table.dialect, table.n_records, table.columns.len()),
                    tokens.text2,
                ),
                (None, None) => (String::new(), tokens.text2),
            };
            ui.add(egui::Label::new(RichText::new(text).color(color)).wrap());
            ui.add_space(4.0);
            form(ui, &mut options);
        });
        if let Some(table) = context.table {
            divider(ui);
            Frame::new().inner_margin(Margin::symmetric(16, 4)).show(ui, |ui| types(ui, table, &mut options));
            divider(ui);
            Frame::new().inner_margin(Margin::symmetric(16, 4)).show(ui, |ui| preview(ui, table));
        }
    });
    if options == *context.options { asked } else { Some(Asked::Read(Box::new(options))) }
}

fn form(ui: &mut Ui, options: &mut ImportOptions) {
    let separator = |text: &str| text.parse::<Separator>().ok();
    let separators: Vec<(&str, Option<Separator>)> = ["comma", "semicolon", "tab", "pipe", "blank", "colon"]
        .into_iter()
        .map(|name| (name, separator(name)))
        .collect();
    choice(ui, "Delimiter", "What stands between the cells", &separators, &mut options.delimiter);
    let quotes = [("\"", Some(Quote::Double)), ("'", Some(Quote::Single)), ("none", Some(Quote::None))];
    choice(ui, "Quote", "What stands around cells with delimiters or line breaks", &quotes, &mut options.quote);
    let encodings: Vec<(&str, Option<String>)> = ["utf-8", "windows-1252", "utf-16le", "utf-16be"]
        .into_iter()
        .map(|label| (label, Some(label.to_owned())))
        .collect();
    choice(ui, "Encoding", "How characters are stored in the file", &encodings, &mut options.encoding);
    let marks = [("1.5", Some(DecimalMark::Point)), ("1,5", Some(DecimalMark::Comma))];
    choice(ui, "Decimal mark", "How one and a half is written", &marks, &mut options.decimal);
    let groups = [
        ("none", Some(Thousands::None)),
        ("1,000", Some(Thousands::Comma)),
        ("1.000", Some(Thousands::Point)),
        ("1 000", Some(Thousands::Blank)),
        ("1'000", Some(Thousands::Apostrophe)),
    ];
    choice(ui, "Thousands", "How one thousand is written", &groups, &mut options.thousands);
    let headers = [("holds names", Some(Header::Yes)), ("holds data", Some(Header::No))];
    choice(
        ui,
        "First record",
        "Whether the first record holds the names of the columns",
        &headers,
        &mut options.header,
    );
    labelled(ui, "Lines to skip", FIELD, |ui, label| {
        let mut lines = options.skip_lines.unwrap_or(0);
        ui.spacing_mut().interact_size.x = FIELD;
        let field = ui.add(DragValue::new(&mut lines).range(0..=1_000_000).speed(0.1).update_while_editing(false));
        if field.labelled_by(label).on_hover_text("Lines left out before anything else is read").changed() {
            options.skip_lines = Some(lines);
        }
    });
    let comments =
        [("none", Some(Comment::None)), ("#", "#".parse().ok()), (";", ";".parse().ok()), ("%", "%".parse().ok())];
    choice(ui, "Comments", "Lines that begin with this are left out", &comments, &mut options.comment);
    missing(ui, options);
    let sizes = [("250 MB", 250_000_000), ("1 GB", 1_000_000_000), ("4 GB", 4_000_000_000), ("16 GB", 16_000_000_000)];
    let limits = sizes.map(|(text, bytes)| (text, Some(bytes)));
    let tip = "Memory that may be used: a larger file is read in one pass that keeps no row. Half of what is free, if guessed";
    choice(ui, "Memory limit", tip, &limits, &mut options.memory_limit);
    labelled(ui, "Ragged lines", FIELD, |ui, label| {
        let name = |ragged| match ragged {
            Ragged::Refuse => "refuse the file",
            Ragged::Skip => "skip the line",
            Ragged::Pad => "fill short ones",
        };
        combo("ragged")
            .selected_text(name(options.ragged))
            .width(FIELD)
            .show_ui(ui, |ui| {
                for ragged in [Ragged::Refuse, Ragged::Skip, Ragged::Pad] {
                    picker::choice(ui, &mut options.ragged, ragged, name(ragged));
                }
            })
            .response
            .labelled_by(label)
            .on_hover_text("Lines with more or fewer cells than the header");
    });
}

/// A field of texts that mean "missing", read when it is left.
fn missing(ui: &mut Ui, options: &mut ImportOptions) {
    labelled(ui, "Missing words", FIELD, |ui, label| {
        let settled = options.missing_tokens.as_ref().map(|tokens| tokens.join(",")).unwrap_or_default();
        let id = ui.scope_id().with("missing words");
        let mut text = ui.data(|d| d.get_temp::<String>(id)).unwrap_or_else(|| settled.clone());
        let field = ui.add(TextEdit::singleline(&mut text).hint_text("the usual ones").desired_width(FIELD - 16.0));
        let field = field.labelled_by(label).on_hover_text(
            "Texts that mean a missing cell, separated by commas, in place of the usual ones (NA, N/A, null, -, ? and the like)",
        );
        if field.lost_focus() {
            ui.data_mut(|d| d.remove::<String>(id));
            if text != settled {
                let tokens: Vec<String> = text.split(',').map(|t| t.trim().to_owned()).collect();
                options.missing_tokens = (!text.trim().is_empty()).then_some(tokens);
            }
        } else if field.changed() {
            ui.data_mut(|d| d.insert_temp(id, text));
        }
    });
}

/// A box with the loader's guess and the choices.
fn choice<T: Clone + PartialEq>(
    ui: &mut Ui,
    name: &str,
    tip: &str,
    choices: &[(&str, Option<T>)],
    chosen: &mut Option<T>,
) {
    labelled(ui, name, FIELD, |ui, label| {
        let shown =
            choices.iter().find(|(_, value)| value == chosen && chosen.is_some()).map_or(GUESS, |(text, _)| text);
        combo(name)
            .selected_text(shown)
            .width(FIELD)
            .show_ui(ui, |ui| {
                picker::choice(ui, chosen, None, GUESS);
                for (text, value) in choices {
                    picker::choice(ui, chosen, value.clone(), *text);
                }
            })
            .response
            .labelled_by(label)
            .on_hover_text(tip);
    });
}

/// The type of every column, as read or as settled.
fn types(ui: &mut Ui, table: &Table, options: &mut ImportOptions) {
    section(ui, "Types", "of columns");
    // Columns that are ignored are no longer in the table; they stay in the list so that they can come back.
    let ignored =
        options.types.iter().filter(|(name, _)| table.column_index(name).is_none()).map(|(name, _)| name.clone());
    let names: Vec<String> = table.columns.iter().map(|c| c.name.clone()).chain(ignored).collect();
    let height = (names.len() as f32 * 28.0).min(224.0);
    ScrollArea::vertical()
        .id_salt("types")
        .max_height(height)
        .min_scrolled_height(height)
        .auto_shrink([false, false])
        .show_rows(ui, theme::CONTROL, names.len(), |ui, rows| {
            for name in &names[rows] {
                let label = elided(ui.painter(), name, &theme::body(), 130.0);
                let read = table.column_index(name).map_or("ignored", |i| type_name(table.columns[i].column_type));
                let now = options.types.get(name).copied();
                let mut chosen = now;
                labelled(ui, &label, FIELD, |ui, label| {
                    let text = |choice| match choice {
                        None => format!("{GUESS}: {read}"),
                        Some(TypeChoice::Number) => "number".to_owned(),
                        Some(TypeChoice::Category) => "category".to_owned(),
                        Some(TypeChoice::Ignore) => "ignore".to_owned(),
                    };
                    combo(("type", name))
                        .selected_text(text(now))
                        .width(FIELD)
                        .show_ui(ui, |ui| {
                            for option in
                                [None, Some(TypeChoice::Number), Some(TypeChoice::Category), Some(TypeChoice::Ignore)]
                            {
                                picker::choice(ui, &mut chosen, option, text(option));
                            }
                        })
                        .response
                        .labelled_by(label);
                });
                match chosen {
                    _ if chosen == now => {}
                    Some(choice) => {
                        options.types.insert(name.clone(), choice);
                    }
                    None => {
                        options.types.remove(name);
                    }
                }
            }
        });
}

pub(super) fn type_name(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::Number => "number",
        ColumnType::Boolean => "yes or no",
        ColumnType::Category => "category",
        ColumnType::Date => "date",
        ColumnType::Text => "text",
        ColumnType::Empty => "empty",
    }
}

/// The first records as they were read.
fn preview(ui: &mut Ui, table: &Table) {
    section(ui, "First rows", "as read");
    let tokens = theme::tokens(ui);
    let columns = table.columns.len().min(12);
    ScrollArea::horizontal().id_salt("preview").show(ui, |ui| {
        egui::Grid::new("preview").num_columns(columns).spacing([16.0, 4.0]).show(ui, |ui| {
            for column in table.columns.iter().take(columns) {
                let name = elided(ui.painter(), &column.name, &theme::small_strong(), 110.0);
                ui.label(RichText::new(name).font(theme::small_strong()));
            }
            ui.end_row();
            for record in 0..table.n_records.min(6) {
                for column in table.columns.iter().take(columns) {
                    let cell = column.cell(record);
                    let color = if cell.is_none() { tokens.warn } else { tokens.text };
                    let text = cell.unwrap_or_else(|| "missing".to_owned());
                    let text = shortened(ui.painter(), &text, &theme::small(), 110.0);
                    ui.label(RichText::new(text).small().color(color));
                }
                ui.end_row();
            }
        });
    });
}
