//! What the numbers around both charts mean.

use eframe::egui::{Pos2, Rect, Ui, pos2};

use super::curves::{Panel, value_at};
use super::nearest;
use crate::analysis::{Analysis, Penalty};
use crate::app::format;
use crate::app::selection::{Selection, Units, XAxis};
use crate::app::views::explain::{self, explain};

impl Panel<'_> {
    /// Tips over the margins, where no click is taken.
    pub(super) fn explained(&self, ui: &Ui, selection: &Selection) {
        let (upper, lower) = (self.upper.area, self.lower.area);
        let name = |part: &str| format!("{} {part}", self.title);
        let margin =
            |area: Rect| Rect::from_min_max(pos2(area.left() - 63.0, area.top()), pos2(area.left(), area.bottom()));
        let above = Rect::from_min_max(pos2(upper.left() - 63.0, upper.top() - 18.0), upper.right_top());
        let top = if self.penalty == Penalty::Lasso { explain::NON_ZERO } else { explain::DF };
        explain(ui, above, &name("top axis"), top);
        let unit = match selection.units {
            Units::PerSd => "Change of the target for one standard deviation of the feature, all others fixed",
            Units::Own => "Change of the target for one unit of the feature, all others fixed",
        };
        explain(ui, margin(upper), &name("coefficients"), unit);
        if self.data.cross_validation.is_some() {
            explain(ui, margin(lower), &name("errors"), explain::CV_ERROR);
            let right = Rect::from_min_max(lower.right_top(), pos2(lower.right() + 48.0, lower.bottom()));
            let tip = "The dashed line is one standard error above the smallest error; 1-SE is the strongest penalty below it";
            explain(ui, right, &name("threshold"), tip);
        }
        let below = Rect::from_min_max(lower.left_bottom(), pos2(lower.right(), lower.bottom() + 38.0));
        let axis = match selection.x_axis {
            XAxis::LogAlpha => explain::ALPHA,
            XAxis::Df => "Degrees of freedom: how many parameters the fit spends",
            XAxis::L1Norm => "Sum of the sizes of all coefficients, in the units of the penalty",
        };
        explain(ui, below, &name("horizontal axis"), axis);
    }

    /// What stands under the pointer, at the nearest alpha of the grid: the feature of a line, or the error of the curve.
    pub(super) fn told(&self, analysis: &Analysis, selection: &Selection, pointer: Pos2) -> Option<String> {
        let k = nearest(&self.xs, self.upper.x_at(pointer.x));
        let point = self.data.path.point(k);
        let df = format::significant(point.degrees_of_freedom(), 3);
        let spends = match self.penalty {
            Penalty::Ridge => format!("df {df}"),
            Penalty::Lasso if analysis.settings.l1_ratio < 1.0 => format!("{} non-zero, df {df}", point.n_nonzero()),
            Penalty::Lasso => format!("{} non-zero", point.n_nonzero()),
        };
        let at = format!("at alpha {}, {spends}", format::number(point.alpha()));
        if let Some(j) = self.feature_at(pointer, selection.units) {
            let value = format::number(value_at(point, selection.units, j));
            let unit = if selection.units == Units::PerSd { " per SD" } else { "" };
            return Some(format!("{} {value}{unit}\n{at}", analysis.design.features[j].name));
        }
        let cv = self.data.cross_validation.as_ref().filter(|_| self.lower.area.contains(pointer))?;
        let [mean, se] = [cv.mean[k], cv.se[k]].map(format::number);
        Some(format!("CV error {mean} ± {se}\n{at}"))
    }
}
