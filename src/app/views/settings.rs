//! How the data are analysed: preparation, cross-validation, grid, link.

use eframe::egui::{DragValue, Response, RichText, Ui, vec2};

use crate::analysis::{Analysis, Engine};
use crate::app::command::Command;
use crate::app::document::{Deal, Document, SettingsForm};
use crate::app::format;
use crate::app::selection::{Link, Selection};
use crate::app::theme;
use crate::app::views::data_panel::Context;
use crate::app::views::names;
use crate::app::views::picker::{choice, entries, reveal};
use crate::app::views::widgets::{combo, labelled, switch};
use crate::data::design::{MAX_DEGREE, Missing, Roles};
use crate::data::table::Source;
use crate::model::standardize::Scale;

/// Width of the fields at the right of their labels.
const FIELD: f32 = 104.0;
/// Width of the field of the degree, whose label is long.
const DEGREE_FIELD: f32 = 56.0;

pub(super) fn preparation(ui: &mut Ui, document: &Document, form: &mut SettingsForm) -> Option<Command> {
    let mut standardize = form.scale == Scale::Standardize;
    let response = switch(ui, "Standardize features", &mut standardize).on_hover_text(
        "Divide each column by its standard deviation, learned inside each fold. Without it the penalty falls harder on columns in large units",
    );
    reveal(ui, &response);
    form.scale = if standardize { Scale::Standardize } else { Scale::Keep };
    if document.moments.is_some() {
        return None;
    }
    let powers = polynomial_degree(ui, document);
    let mut missing = document.roles.missing;
    labelled(ui, "Missing", FIELD, |ui, label| {
        let text = |m| match m {
            Missing::Drop => "Drop row",
            Missing::Mean => "Use mean",
            Missing::MeanAndIndicator => "Mean and mark",
        };
        combo("missing").selected_text(text(missing)).width(FIELD).show_ui(ui, |ui| {
            for option in [Missing::Drop, Missing::Mean, Missing::MeanAndIndicator] {
                choice(ui, &mut missing, option, text(option));
            }
        })
        .response
        .labelled_by(label)
        .on_hover_text("Rows with a missing feature: left out and counted, or filled in with the mean of the training rows inside each fold; with \"mark\", a 0/1 feature beside each such column says where it was missing");
    });
    let is_file = matches!(document.table.source, Source::File { .. });
    if is_file && wide_button(ui, &Command::ShowImport, true) {
        return Some(Command::ShowImport);
    }
    if powers.is_some() {
        return powers;
    }
    (missing != document.roles.missing).then(|| {
        let name = match missing {
            Missing::Drop => "leave out rows with missing values",
            Missing::Mean => "fill in means",
            Missing::MeanAndIndicator => "fill in means and mark them",
        };
        Command::SetRoles(name.to_owned(), Box::new(Roles { missing, ..document.roles.clone() }))
    })
}

/// The powers of the only predictor, where there is one.
fn polynomial_degree(ui: &mut Ui, document: &Document) -> Option<Command> {
    let column = document.polynomial_column()?;
    let before = document.roles.degrees.get(&column).copied().unwrap_or(1);
    let mut degree = before;
    let tip = "Fits a polynomial of the one predictor: its powers up to this one are the features. Powers are taken about a round number near the mean, where that lies far from 0";
    labelled(ui, "Polynomial degree", DEGREE_FIELD, |ui, id| {
        ui.spacing_mut().interact_size.x = DEGREE_FIELD;
        let field = DragValue::new(&mut degree).range(1..=MAX_DEGREE).speed(0.05).update_while_editing(false);
        ui.add(field).labelled_by(id).on_hover_text(tip);
    });
    (degree != before).then(|| {
        let mut roles = document.roles.clone();
        if degree == 1 {
            roles.degrees.remove(&column)
        } else {
            roles.degrees.insert(column, degree)
        };
        Command::SetRoles("polynomial degree".to_owned(), Box::new(roles))
    })
}

pub(super) fn cross_validation(ui: &mut Ui, document: &Document, form: &mut SettingsForm) -> Option<Command> {
    if document.moments.is_some() {
        let text = "Rows were dealt to folds where the moments were made";
        ui.add(egui::Label::new(RichText::new(text).small().color(theme::tokens(ui).text2)).wrap());
        return None;
    }
    let mut command = None;
    if form.deal != Deal::Column {
        number_field(ui, "Folds", "In how many parts the rows are dealt; each is held out once", |ui| {
            ui.add(DragValue::new(&mut form.folds).range(2..=1000).speed(0.1).update_while_editing(false))
        });
    }
    labelled(ui, "Rows", FIELD, |ui, label| {
        combo("deal").selected_text(form.deal.label()).width(FIELD).show_ui(ui, |ui| {
            for deal in Deal::ALL {
                choice(ui, &mut form.deal, deal, deal.label());
            }
        })
        .response
        .labelled_by(label)
        .on_hover_text("How rows are dealt to folds: at random by the seed, every k-th record, in blocks (for time order), by a column, or so that groups stay together");
    });
    match form.deal {
        Deal::Random => {
            number_field(ui, "Seed", "The same seed deals the same folds, on every machine", |ui| {
                ui.add(DragValue::new(&mut form.seed).speed(0.1).update_while_editing(false))
            });
        }
        Deal::Column => {
            let chosen = column_box(ui, document, document.roles.fold_column);
            command = chosen.map(|c| Command::SetDeal("fold column".to_owned(), form.deal, Some(c)));
        }
        Deal::Groups => {
            let chosen = column_box(ui, document, document.roles.group_column);
            command = chosen.map(|c| Command::SetDeal("group column".to_owned(), form.deal, Some(c)));
        }
        Deal::Interleaved | Deal::Contiguous => {}
    }
    command
}

/// A button as wide as the panel; true if it was clicked.
pub(super) fn wide_button(ui: &mut Ui, command: &Command, is_enabled: bool) -> bool {
    let size = vec2(ui.available_width(), theme::CONTROL);
    let response = ui.add_enabled_ui(is_enabled, |ui| ui.add_sized(size, egui::Button::new(command.text()))).inner;
    reveal(ui, &response);
    response.on_hover_text(command.tooltip()).clicked()
}

/// The column newly chosen.
fn column_box(ui: &mut Ui, document: &Document, chosen: Option<usize>) -> Option<usize> {
    if chosen.is_none() {
        let hint = "Choose the column; until then the former folds stay";
        ui.label(RichText::new(hint).small().color(theme::tokens(ui).warn));
    }
    let columns = &document.table.columns;
    let mut now = chosen;
    labelled(ui, "Column", FIELD, |ui, label| {
        let name = |c| names::column(ui.painter(), &document.table, c, &theme::body(), FIELD - 40.0);
        let text = chosen.filter(|c| *c < columns.len()).map_or_else(|| "Choose…".to_owned(), name);
        combo("column of folds or groups")
            .selected_text(text)
            .width(FIELD)
            .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
            .show_ui(ui, |ui| {
                ui.set_min_width(160.0);
                let order: Vec<usize> = (0..columns.len()).filter(|i| *i != document.roles.target).collect();
                let name = |i: usize| (columns[i].name.clone(), true);
                let short = |painter: &egui::Painter, i, font: &egui::FontId, room| {
                    names::column(painter, &document.table, i, font, room)
                };
                let picked =
                    entries(ui, "columns of folds or groups", &order, chosen.unwrap_or(usize::MAX), &name, &short);
                now = picked.or(now);
            })
            .response
            .labelled_by(label);
    });
    now.filter(|_| now != chosen)
}

fn number_field(ui: &mut Ui, label: &str, tip: &str, field: impl FnOnce(&mut Ui) -> Response) {
    labelled(ui, label, FIELD, |ui, id| {
        ui.spacing_mut().interact_size.x = FIELD;
        field(ui).labelled_by(id).on_hover_text(tip);
    });
}

/// A number as people type it, with a comma or a true minus sign.
fn parse(text: &str) -> Option<f64> {
    text.trim().replace('−', "-").replace(',', ".").parse().ok()
}

pub(super) fn grid(ui: &mut Ui, document: &Document, context: &Context<'_>, form: &mut SettingsForm) {
    number_field(ui, "Alphas", "How many alphas each path visits", |ui| {
        ui.add(DragValue::new(&mut form.alphas).range(2..=2000).speed(0.5).update_while_editing(false))
    });
    let shown = context.analysis.map_or(1e-4, |a| {
        let alphas = a.lasso.path.alphas();
        alphas[alphas.len() - 1] / alphas[0]
    });
    let mut exponent = form.ratio.unwrap_or(shown).log10();
    let before = exponent;
    number_field(
        ui,
        "Min ratio",
        "Smallest lasso alpha divided by the largest. Ridge takes its ends from its degrees of freedom",
        |ui| {
            ui.add(
                DragValue::new(&mut exponent)
                    .range(-8.0..=-0.1)
                    .speed(0.02)
                    .update_while_editing(false)
                    .custom_formatter(|e, _| format::significant(10_f64.powf(e), 2))
                    .custom_parser(|text| {
                        text.trim()
                            .replace('−', "-")
                            .parse::<f64>()
                            .ok()
                            .filter(|v| *v > 0.0 && *v < 1.0)
                            .map(f64::log10)
                    }),
            )
        },
    );
    if (exponent - before).abs() > 1e-12 {
        form.ratio = Some(10_f64.powf(exponent));
    }
    number_field(ui, "L1 ratio", "1 is the lasso; less mixes in the ridge penalty: the elastic net", |ui| {
        ui.add(
            DragValue::new(&mut form.l1_ratio)
                .range(0.01..=1.0)
                .speed(0.005)
                .max_decimals(3)
                .custom_parser(parse)
                .update_while_editing(false),
        )
    });
    if document.moments.is_some() {
        return;
    }
    labelled(ui, "Engine", FIELD, |ui, label| {
        let text = |e| if e == Engine::Pathwise { "Pathwise" } else { "linfa" };
        combo("engine")
            .selected_text(text(form.engine))
            .width(FIELD)
            .show_ui(ui, |ui| {
                choice(ui, &mut form.engine, Engine::Pathwise, "Pathwise").on_hover_text("Exact at every alpha");
                choice(ui, &mut form.engine, Engine::Linfa, "linfa")
                    .on_hover_text("linfa-elasticnet, alpha by alpha: the reference, much slower");
            })
            .response
            .labelled_by(label)
            .on_hover_text("Who computes the sweep: our exact path, or the linfa-elasticnet package as a reference");
    });
}

pub(super) fn link(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) {
    let mut chosen = selection.link();
    let response = combo("link")
        .selected_text(chosen.label())
        .width(ui.available_width())
        .show_ui(ui, |ui| {
            for option in Link::ALL {
                choice(ui, &mut chosen, option, option.label());
            }
        })
        .response
        .accessible_name("Link lasso and ridge")
        .on_hover_text("How one cursor follows the other");
    reveal(ui, &response);
    if chosen != selection.link() {
        selection.set_link(analysis, chosen);
    }
    let df = |p| format::significant(selection.point(analysis, p).degrees_of_freedom(), 3);
    let text =
        format!("Lasso {} df, ridge {} df", df(crate::analysis::Penalty::Lasso), df(crate::analysis::Penalty::Ridge));
    ui.label(RichText::new(text).small().color(theme::tokens(ui).text2))
        .on_hover_text("Degrees of freedom: how many parameters each fit spends");
}
