//! What a painted number means, told where the pointer rests on it.

use eframe::egui::{Rect, Sense, Ui};

/// Of a mean squared error with its standard error.
pub const CV_ERROR: &str = "Mean squared error on held-out rows, in squared units of the target ± one standard error over the folds; between two alphas of the grid, on the line between theirs";
/// Of the share of variance.
pub const R_SQUARED: &str = "Share of the target's variance explained on the rows of the fit. It grows as the penalty weakens, so it cannot choose alpha";
/// Of the root of the mean squared residual.
pub const RMSE: &str = "Root of the mean squared error on the rows of the fit, in units of the target";
/// Of the strength of the penalty.
pub const ALPHA: &str = "Strength of the penalty, the price of a coefficient in the objective. Large: few or small coefficients; 0: least squares";
/// Of features with a coefficient.
pub const NON_ZERO: &str = "Features whose coefficient is not zero; for the lasso also its degrees of freedom";
/// Of ridge's effective number of parameters.
pub const DF: &str = "Degrees of freedom: how many parameters ridge spends, a sum of shares between 0 and 1";
/// Of the correlation with the residuals.
pub const PULL: &str = "Pull of the residuals on the feature: the covariance of the two, in the units of the penalty. The feature comes in when its pull reaches the line";

/// Tells `tip` over `rect`; takes no clicks. `name` sets it apart from others in the same view.
pub fn explain(ui: &Ui, rect: Rect, name: &str, tip: &str) {
    ui.interact(rect, ui.scope_id().with(("explained", name)), Sense::hover()).on_hover_text(tip);
}
