//! *Verify*: the lasso point refitted by linfa-elasticnet, beside ours.

use eframe::egui::{Context, Grid, Id, Modal, RichText, ScrollArea, Ui};

use crate::analysis::Analysis;
use crate::app::format;
use crate::app::theme;
use crate::app::views::widgets::elided;
use crate::model::reference::Witness;

/// Features listed at most, largest difference first.
const LISTED: usize = 200;

/// Both coefficient columns and both gaps. False once the user closes it.
pub fn show(ctx: &Context, analysis: &Analysis, k: usize, witness: &Witness) -> bool {
    let modal = Modal::new(Id::unique("verify")).show(ctx, |ui| {
        ui.set_width(460.0);
        contents(ui, analysis, k, witness);
        ui.add_space(theme::GAP);
        ui.vertical_centered(|ui| ui.button("Close verification").clicked()).inner
    });
    !(modal.inner || modal.should_close())
}

fn contents(ui: &mut Ui, analysis: &Analysis, k: usize, witness: &Witness) {
    let tokens = theme::tokens(ui);
    let path = &analysis.lasso.path;
    ui.label(RichText::new("Verified with linfa-elasticnet").font(theme::heading()));
    let largest = (0..path.n_features()).map(|j| path.coefficient_per_sd(k, j).abs()).fold(0.0_f64, f64::max);
    let difference = |j: usize| (path.coefficient(k, j) - witness.coefficients[j]).abs() * path.scaling().sds[j];
    let worst = (0..path.n_features()).map(difference).fold(0.0_f64, f64::max);
    let relative = if largest > 0.0 { worst / largest } else { worst };
    ui.label(format!("An independent package fitted the same lasso at alpha {}.", format::number(path.alphas()[k])));
    ui.label(format!("Largest difference between the two: {} of the largest coefficient.", format::tiny(relative)));
    if !witness.converged {
        ui.label(
            RichText::new(format!(
                "linfa stopped after {} sweeps without meeting its own stopping rule",
                witness.n_steps
            ))
            .color(tokens.warn),
        );
    }
    ui.add_space(theme::GAP);
    let mut order: Vec<usize> = analysis.entry_order.clone();
    order.sort_by(|&a, &b| difference(b).total_cmp(&difference(a)));
    order.truncate(LISTED);
    order.sort_by_key(|&j| analysis.entry_rank[j]);
    ScrollArea::vertical().max_height(320.0).auto_shrink([false, true]).show(ui, |ui| {
        Grid::new("verification").num_columns(4).spacing([24.0, 6.0]).show(ui, |ui| {
            for head in ["feature", "Shrinkscope", "linfa", "difference"] {
                ui.label(RichText::new(head).small().color(tokens.text2));
            }
            ui.end_row();
            for j in order {
                let name = elided(ui.painter(), &analysis.design.features[j].name, &theme::body(), 150.0);
                ui.label(name);
                number(ui, path.coefficient(k, j));
                number(ui, witness.coefficients[j]);
                ui.label(
                    RichText::new(format::tiny((path.coefficient(k, j) - witness.coefficients[j]).abs()))
                        .color(tokens.text2),
                );
                ui.end_row();
            }
            ui.label("intercept");
            number(ui, path.intercept(k));
            number(ui, witness.intercept);
            ui.label(RichText::new(format::tiny((path.intercept(k) - witness.intercept).abs())).color(tokens.text2));
            ui.end_row();
            ui.label(RichText::new("relative duality gap").font(theme::strong()));
            ui.label(
                RichText::new(path.duality_gap(k).map_or_else(|| "–".to_owned(), format::tiny)).font(theme::strong()),
            );
            ui.label(RichText::new(format::tiny(witness.duality_gap)).font(theme::strong()));
            ui.end_row();
        });
    });
}

fn number(ui: &mut Ui, value: f64) {
    ui.label(format::significant(value, 8));
}
