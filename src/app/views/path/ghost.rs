//! Where the pinned fit stands on the present path.

use eframe::egui::{Align2, Stroke, Ui, pos2};

use super::curves::Panel;
use crate::analysis::Analysis;
use crate::app::selection::{Selection, XAxis};
use crate::app::theme::{self, Tokens};

impl Panel<'_> {
    /// A thin grey line at the pinned fit, if the axis measures the same then and now.
    pub(super) fn ghost(&self, ui: &Ui, tokens: &Tokens, analysis: &Analysis, selection: &Selection) {
        let Some(pinned) = &selection.pinned else { return };
        let figures = pinned.figures(self.penalty);
        let at = match selection.x_axis {
            XAxis::Df => figures.df,
            XAxis::LogAlpha | XAxis::L1Norm if !pinned.is_on_same_scale(analysis) => return,
            XAxis::LogAlpha => -figures.alpha.log10(),
            XAxis::L1Norm => figures.l1_norm,
        };
        let x = self.upper.px(at);
        if !self.upper.area.x_range().contains(x) {
            return;
        }
        let painter = ui.painter();
        let line = Stroke::new(1.0, tokens.text3);
        painter.vline(x, self.upper.area.y_range(), line);
        painter.vline(x, self.lower.area.y_range(), line);
        if let Some((error, _)) =
            figures.error.filter(|(error, _)| self.lower.area.contains(self.lower.pos(at, *error)))
        {
            painter.circle(self.lower.pos(at, error), 4.0, tokens.surface, Stroke::new(1.5, tokens.text3));
        }
        if (x - self.upper.px(self.at_x)).abs() > 48.0 {
            let below = pos2(x + 4.0, self.upper.area.bottom() - 2.0);
            painter.text(below, Align2::LEFT_BOTTOM, "pinned", theme::small(), tokens.text2);
        }
    }
}
