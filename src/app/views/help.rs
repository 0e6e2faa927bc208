//! The guide: the way from a table to its coefficients, what every number means, and where the methods were first described.

use eframe::egui::{
    Align, Align2, Area, Button, Frame, Id, Label, LayerId, Layout, Margin, Order, RichText, Role, ScrollArea, Stroke,
    Ui, WidgetInfo, vec2,
};

use crate::app::command::Command;
use crate::app::keys::keys_of;
use crate::app::theme;
use crate::app::views::scrolled::scrolled;
use crate::app::views::widgets::divider;
use crate::app::walk;

/// Width of the guide.
const WIDTH: f32 = 400.0;

/// Heading and text.
type Entry = (&'static str, &'static str);

/// From a table to its coefficients.
const STEPS: [Entry; 7] = [
    (
        "Open a table",
        "Press Open CSV…, drop a file on the window, or take an example. The notes say what was guessed while reading; Data shows every cell.",
    ),
    ("Choose the target", "The column to predict stands in the top bar. It must hold numbers, or two values."),
    (
        "Choose the features",
        "Untick at the left what must not predict: names and numbers of rows, and whatever is only known after the target. The ⋯ beside a column adds powers, interactions, weights and folds.",
    ),
    (
        "Read the path",
        "Each line is the coefficient of one feature. At the left the penalty is so strong that all are zero (lasso) or small (ridge); to the right it weakens until least squares is near. Rest the pointer on a line, a point or a number to be told what it is.",
    ),
    (
        "Choose alpha",
        "Drag the blue handle, or let the held-out error choose. Min has the smallest error; 1-SE the strongest penalty that is about as good. P pins a fit, so that you see what changes from there.",
    ),
    (
        "See why",
        "The geometry shows two features: the ellipses are equal loss, the diamond or circle is what the penalty allows. A touch at a corner makes a zero. Its Playground has a loss that you shape yourself, and weight decay step by step.",
    ),
    (
        "Take it with you",
        "Export coefficients… writes both fits; the menu Export also has paths, errors of each fold, predictions and the whole analysis.",
    ),
];

/// What the numbers mean.
const NUMBERS: [Entry; 13] = [
    (
        "alpha",
        "Price of a coefficient in the objective 1/(2n) ‖y − Xw‖² + alpha · penalty. In scikit-learn it is Lasso(alpha) and Ridge(n · alpha); in glmnet the lambda of the lasso.",
    ),
    (
        "non-zero, df",
        "Degrees of freedom: how many parameters the fit spends. For the lasso the number of features that are in; for ridge a sum of shares between 0 and 1, one of each direction of the data.",
    ),
    (
        "CV error ± SE",
        "Mean squared error on rows that were held out of the fit, averaged over the folds, ± one standard error of that average. In squared units of the target.",
    ),
    (
        "min and 1-SE",
        "Alpha of the smallest CV error, and the largest alpha whose error is at most one standard error above it: a simpler model that predicts about as well.",
    ),
    (
        "R²",
        "Share of the target's variance explained on the rows of the fit: it grows as the penalty weakens, so it cannot choose alpha.",
    ),
    ("RMSE", "Root of the mean squared error on the rows of the fit, in units of the target."),
    (
        "per SD, own",
        "Change of the target for one standard deviation of the feature (sizes compare), or for one unit of it (what goes into a formula).",
    ),
    ("OLS", "Ordinary least squares: the coefficients without any penalty. A dash where they are not unique."),
    (
        "folds 7/10",
        "In how many folds the lasso keeps the feature at this alpha. Few means that its choice hangs on which rows were drawn.",
    ),
    (
        "pull against alpha",
        "Covariance of the residuals with a left-out feature, in the units of the penalty. It comes in when its pull reaches alpha.",
    ),
    (
        "budget t",
        "Size of the penalty at the fit: Σ|w| for the lasso, Σw² for ridge, of coefficients per SD. Of all coefficients with no larger t, those of the fit have the least loss.",
    ),
    (
        "relative gap",
        "Duality gap as a share of the loss without features, ‖y‖²/(2n) of the centred target: how far, at most, the objective is above the least one.",
    ),
    (
        "KKT",
        "Largest violation of the optimality conditions, as a share of the largest alpha. It proves the same by another way.",
    ),
];

/// Where the methods were described.
const SOURCES: [&str; 6] = [
    "Hoerl and Kennard (1970), Ridge regression, Technometrics 12(1)",
    "Tibshirani (1996), Regression shrinkage and selection via the lasso, JRSS B 58(1)",
    "Efron, Hastie, Johnstone and Tibshirani (2004), Least angle regression, Annals of Statistics 32(2)",
    "Zou, Hastie and Tibshirani (2007), On the degrees of freedom of the lasso, Annals of Statistics 35(5)",
    "Friedman, Hastie and Tibshirani (2010), Regularization paths via coordinate descent, JSS 33(1)",
    "Hastie, Tibshirani and Friedman (2009), The elements of statistical learning, chapters 3 and 7",
];

/// The whole guide, over the right of the window.
pub fn show(ui: &Ui) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let screen = ui.ctx().content_rect();
    let height = screen.height() - theme::TOP_BAR - theme::STATUS_BAR - 2.0 * theme::GAP;
    let frame = Frame::new()
        .fill(tokens.surface)
        .stroke(Stroke::new(1.0, tokens.control_border))
        .corner_radius(6)
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(Margin::same(16));
    let area = Area::new(walk::guide()).order(Order::Foreground);
    let layer = LayerId::new(Order::Foreground, walk::guide());
    // Whoever opens it wants to read it.
    let is_new = ui.memory(|m| !m.areas().visible_last_frame(&layer) || m.focused().is_none());
    let place = vec2(-theme::GAP, theme::TOP_BAR + theme::GAP);
    area.anchor(Align2::RIGHT_TOP, place)
        .show(ui.ctx(), |ui| frame.show(ui, |ui| contents(ui, height - 34.0, is_new)).inner)
        .inner
}

fn contents(ui: &mut Ui, height: f32, takes_focus: bool) -> Option<Command> {
    let tokens = theme::tokens(ui);
    let mut command = None;
    ui.set_width(WIDTH - 34.0);
    ui.set_height(height);
    ui.horizontal(|ui| {
        ui.label(RichText::new("Help").font(theme::heading()));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let close = ui.add(Button::new("×").frame(false)).on_hover_text("Close (Esc)");
            close.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Close help"));
            if close.clicked() {
                command = Some(Command::Help);
            }
            if ui.button("Take the tour").on_hover_text(Command::StartTour.tooltip()).clicked() {
                command = Some(Command::StartTour);
            }
            let keys = Command::ShowKeys;
            let text = format!("{} ({})", keys.text(), keys_of(ui.ctx(), &keys).unwrap_or_default());
            if ui.button(text).on_hover_text(keys.tooltip()).clicked() {
                command = Some(keys);
            }
        });
    });
    ui.add_space(4.0);
    divider(ui);
    let area = ScrollArea::vertical().auto_shrink([false, false]);
    scrolled(ui, area, (Id::unique("guide text"), "The guide"), takes_focus, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        heading(ui, "From a table to its coefficients");
        for (i, (title, text)) in STEPS.iter().enumerate() {
            entry(ui, &format!("{}  {title}", i + 1), text);
        }
        heading(ui, "What the numbers mean");
        for (title, text) in NUMBERS {
            entry(ui, title, text);
        }
        heading(ui, "Sources");
        for source in SOURCES {
            ui.add(Label::new(RichText::new(source).color(tokens.text2)).wrap());
            ui.add_space(4.0);
        }
    });
    command
}

fn heading(ui: &mut Ui, text: &str) {
    ui.add_space(theme::PADDING);
    let title = ui.label(RichText::new(text).font(theme::heading()));
    title.widget_info(|| WidgetInfo::labeled(Role::Heading, true, text));
    ui.add_space(6.0);
}

fn entry(ui: &mut Ui, title: &str, text: &str) {
    ui.label(RichText::new(title).font(theme::strong()));
    ui.add(Label::new(RichText::new(text).color(theme::tokens(ui).text2)).wrap());
    ui.add_space(10.0);
}
