//! The titles of the columns, which sort them.

use eframe::egui::{
    Align2, Color32, CursorIcon, Id, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::Table;
use crate::analysis::Penalty;
use crate::app::selection::{Selection, SortBy};
use crate::app::theme;
use crate::app::views::feature_values::Column;
use crate::app::views::path::penalty_title;
use crate::app::views::pinned;
use crate::app::walk;

impl Table<'_> {
    pub(super) fn head(&self, ui: &mut Ui, selection: &mut Selection) {
        let tokens = theme::tokens(ui);
        let rect = ui.available_rect_before_wrap();
        let rect = Rect::from_min_size(rect.min, vec2(rect.width(), 24.0));
        ui.advance_cursor_after_rect(rect);
        let lasso = penalty_title(self.analysis, Penalty::Lasso).to_lowercase();
        let [third, fourth] = self.last_heads();
        let [at_lasso, at_ridge, at_third, at_fourth] = self.columns.right;
        let cells = [
            (
                Some(rect.left() + theme::PADDING),
                Align2::LEFT_CENTER,
                "feature",
                SortBy::Entry,
                "Sort by order of entry into the lasso; again: by name",
            ),
            (
                at_lasso,
                Align2::RIGHT_CENTER,
                lasso.as_str(),
                SortBy::Lasso,
                "Sort by size of the coefficient at the lasso's cursor",
            ),
            (
                at_ridge,
                Align2::RIGHT_CENTER,
                "ridge",
                SortBy::Ridge,
                "Sort by size of the coefficient at ridge's cursor",
            ),
            (at_third, Align2::RIGHT_CENTER, third.0, third.1, third.2),
            (at_fourth, Align2::RIGHT_CENTER, fourth.0, fourth.1, fourth.2),
        ];
        for (x, anchor, text, sort, tip) in cells {
            let Some(x) = x else { continue };
            let is_sorted = selection.sort == sort || (sort == SortBy::Entry && selection.sort == SortBy::Name);
            let (font, color) =
                if is_sorted { (theme::small_strong(), tokens.text) } else { (theme::small(), tokens.text2) };
            let shown = if selection.sort == SortBy::Name && sort == SortBy::Entry { "feature A–Z" } else { text };
            let galley = ui.painter().layout_no_wrap(shown.to_owned(), font, color);
            let cell = anchor.anchor_size(pos2(x, rect.center().y), galley.size());
            let response =
                ui.interact(cell.expand2(vec2(4.0, 5.0)), ui.scope_id().with(("sort", text)), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Sort by {text}")));
            walk::one_of(ui, Id::unique("sort features"), response.id, is_sorted);
            ui.painter().galley(cell.min, galley, color);
            if is_sorted {
                // Beside the text, so that no title moves.
                let x = if sort == SortBy::Entry { cell.right() + 8.0 } else { cell.left() - 7.0 };
                let falls = !matches!(selection.sort, SortBy::Entry | SortBy::Name);
                sort_arrow(ui.painter(), pos2(x, cell.center().y + 0.5), falls, color);
            }
            if response.has_focus() || response.hovered() {
                ui.painter().hline(cell.x_range(), cell.bottom() + 1.0, Stroke::new(1.0, tokens.accent));
            }
            if response.clicked() {
                selection.sort = if selection.sort == sort && sort == SortBy::Entry { SortBy::Name } else { sort };
            }
            response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(tip);
        }
        ui.painter().hline(rect.x_range().shrink(theme::PADDING), rect.bottom() - 0.5, Stroke::new(1.0, tokens.border));
    }

    /// Name, order and tooltip of the last two columns.
    fn last_heads(&self) -> [(&'static str, SortBy, &'static str); 2] {
        if self.last[0] == Column::Pinned {
            return pinned::HEADS;
        }
        let ols = "Sort by size of the ordinary least-squares coefficient, without penalty";
        let folds = "Sort by the number of folds whose fit, at this alpha, keeps the feature";
        [("OLS", SortBy::LeastSquares, ols), ("folds", SortBy::Folds, folds)]
    }
}

/// A triangle: downward where the largest stand first.
fn sort_arrow(painter: &Painter, center: Pos2, falls: bool, color: Color32) {
    let y = if falls { 1.0 } else { -1.0 };
    let points = [vec2(-3.0, -2.0 * y), vec2(3.0, -2.0 * y), vec2(0.0, 2.0 * y)].map(|d| center + d);
    painter.add(Shape::convex_polygon(points.to_vec(), color, Stroke::NONE));
}
