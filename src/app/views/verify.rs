//! *Verify*: the lasso point refitted by linfa-elasticnet, beside ours.

use eframe::egui::{Context, Frame, Grid, Id, Modal, RichText, ScrollArea, Ui};

use crate::analysis::Analysis;
use crate::app::format;
use crate::app::theme;
use crate::app::views::names;
use crate::app::views::widgets::divider;
use crate::model::path_point::PathPoint;
use crate::model::reference::Witness;

/// Features listed at most, largest difference first.
const LISTED: usize = 200;
/// Least width of a column.
const COLUMN: f32 = 126.0;

/// Both coefficient columns and both gaps. False once the user closes it.
pub fn show(ctx: &Context, analysis: &Analysis, point: PathPoint<'_>, witness: &Witness) -> bool {
    let modal =
        Modal::new(Id::unique("verify")).frame(Frame::popup(&ctx.global_style()).inner_margin(16)).show(ctx, |ui| {
            ui.set_width(540.0);
            contents(ui, analysis, point, witness);
            ui.add_space(theme::GAP);
            ui.vertical_centered(|ui| ui.button("Close verification").clicked()).inner
        });
    !(modal.inner || modal.should_close())
}

fn contents(ui: &mut Ui, analysis: &Analysis, point: PathPoint<'_>, witness: &Witness) {
    let tokens = theme::tokens(ui);
    let path = point.path();
    ui.label(RichText::new("Verified with linfa-elasticnet").font(theme::heading()));
    let largest = (0..path.n_features()).map(|j| point.coefficient_per_sd(j).abs()).fold(0.0_f64, f64::max);
    let difference = |j: usize| (point.coefficient(j) - witness.coefficients[j]).abs() * path.scaling().sds[j];
    let worst = (0..path.n_features()).map(difference).fold(0.0_f64, f64::max);
    let relative = if largest > 0.0 { worst / largest } else { worst };
    ui.label(format!("An independent package fitted the same problem at alpha {}.", format::number(point.alpha())));
    ui.label(format!("The two differ by {} of the largest coefficient.", format::tiny(relative)));
    if !witness.converged {
        let text = format!("linfa stopped after {} sweeps without meeting its own stopping rule", witness.n_steps);
        ui.label(RichText::new(text).color(tokens.warn));
    }
    ui.add_space(theme::GAP);
    let mut order: Vec<usize> = analysis.entry_order.clone();
    order.sort_by(|&a, &b| difference(b).total_cmp(&difference(a)));
    order.truncate(LISTED);
    order.sort_by_key(|&j| analysis.entry_rank[j]);
    // The gaps stand above the list, where no scrolling hides them.
    Grid::new("gaps").num_columns(4).min_col_width(COLUMN).spacing([8.0, 4.0]).show(ui, |ui| {
        for head in ["own units", "on screen", "linfa alone", "difference"] {
            ui.label(RichText::new(head).small().color(tokens.text2));
        }
        ui.end_row();
        ui.label(RichText::new("relative duality gap").font(theme::strong()));
        for gap in [point.duality_gap(), Some(witness.duality_gap)] {
            ui.label(RichText::new(gap.map_or_else(|| "–".to_owned(), format::tiny)).font(theme::strong()));
        }
        ui.end_row();
        row(ui, ("intercept", "intercept"), point.intercept(), witness.intercept);
    });
    ui.add_space(4.0);
    divider(ui);
    ScrollArea::vertical().max_height(300.0).auto_shrink([false, true]).show(ui, |ui| {
        Grid::new("verification").num_columns(4).min_col_width(COLUMN).spacing([8.0, 4.0]).show(ui, |ui| {
            for j in order {
                let name = names::feature(ui.painter(), analysis, j, &theme::body(), COLUMN);
                let whole = &analysis.design.features[j].name;
                row(ui, (&name, whole), point.coefficient(j), witness.coefficients[j]);
            }
        });
    });
}

fn row(ui: &mut Ui, (name, whole): (&str, &str), ours: f64, theirs: f64) {
    let label = ui.label(name);
    if name != whole {
        label.on_hover_text(whole);
    }
    ui.label(format::significant(ours, 8));
    ui.label(format::significant(theirs, 8));
    ui.label(RichText::new(format::tiny((ours - theirs).abs())).color(theme::tokens(ui).text2));
    ui.end_row();
}
