//! Both coefficients are zero: the pulls that keep them there, in place of an empty region.

use eframe::egui::{
    Align2, CornerRadius, Id, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::app::format;
use crate::app::selection::Selection;
use crate::app::theme;
use crate::app::views::chart::{Chart, Range, linear_ticks};
use crate::app::views::geometry::picture::Side;
use crate::app::views::plane::{Labels, Size, arrow};

/// The square `|g| ≤ alpha · l1_ratio` of the subgradient, and the point `(g_j, g_k)` in it.
pub(super) fn show(ui: &Ui, id: Id, area: Rect, size: Size, side: &Side<'_>, selection: &Selection) {
    let tokens = theme::tokens(ui);
    let (g, bound) = (side.slice.gradient, side.slice.threshold);
    let unit = f64::from(area.width().min(area.height()));
    let half =
        [area.width(), area.height()].map(|length| 1.32 * bound.max(f64::MIN_POSITIVE) * f64::from(length) / unit);
    let chart = Chart { area, x: Range { min: -half[0], max: half[0] }, y: Range { min: -half[1], max: half[1] } };
    let target = |length: f32| ((length / 46.0) as usize).clamp(3, 12);
    let x_ticks = linear_ticks(chart.x, target(area.width()));
    let y_ticks = linear_ticks(chart.y, target(area.height()));
    let (painter, inside) = (ui.painter().clone(), ui.painter_at(area));
    chart.grid(&inside, tokens, &x_ticks, &y_ticks);
    let square = Rect::from_two_pos(chart.pos(-bound, -bound), chart.pos(bound, bound));
    inside.rect(square, CornerRadius::ZERO, tokens.region, Stroke::new(1.75, tokens.accent), StrokeKind::Middle);
    chart.rule(&inside, 0.0, tokens.control_border);
    inside.vline(chart.px(0.0).round() + 0.5, area.y_range(), Stroke::new(1.0, tokens.control_border));
    let trail: Vec<_> = side.pulls().into_iter().map(|g| chart.pos(g[0], g[1])).collect();
    inside.extend(Shape::dashed_line(&trail, Stroke::new(1.5, tokens.accent), 4.0, 3.0));
    let (origin, at) = (chart.pos(0.0, 0.0), chart.pos(g[0], g[1]));
    if at.distance(origin) > 14.0 {
        arrow(&inside, origin, at - (at - origin).normalized() * 6.0, Stroke::new(1.75, tokens.text));
    }
    inside.circle(at, 5.5, tokens.accent, Stroke::new(1.25, tokens.surface));
    painter.rect_stroke(area, CornerRadius::ZERO, Stroke::new(1.0, tokens.border), StrokeKind::Inside);
    chart.y_axis(&painter, tokens, &y_ticks);
    for tick in &x_ticks {
        let at = pos2(chart.px(tick.value), area.bottom() + 5.0);
        painter.text(at, Align2::CENTER_TOP, &tick.label, theme::small(), tokens.text2);
    }
    let mut labels = Labels::new(area.shrink(3.0));
    labels.take(Rect::from_center_size(at, vec2(14.0, 14.0)));
    let font = theme::small_strong();
    let name = |d: usize| {
        let room = area.width() * 0.6;
        format!("pull of {}", side.short_name(&painter, d, &font, room))
    };
    let colors = [0, 1].map(|d| side.axis(tokens, selection, d).color);
    painter.text(pos2(area.right(), area.bottom() + 20.0), Align2::RIGHT_TOP, name(0), font.clone(), colors[0]);
    let corner = (area.left_top() + vec2(6.0, 5.0), Align2::LEFT_TOP);
    labels.write(&painter, tokens, (&name(1), font.clone(), colors[1]), [corner]);
    let words = format!("{} {}", if side.is_net() { "alpha · l1_ratio" } else { "alpha" }, format::number(bound));
    let edges = [
        (pos2(square.right(), square.top() - 3.0), Align2::RIGHT_BOTTOM),
        (pos2(square.right(), square.bottom() + 3.0), Align2::RIGHT_TOP),
    ];
    labels.write(&painter, tokens, (&words, font.clone(), tokens.accent), edges);
    if size == Size::Large {
        let words = format!("{}, {}", format::number(g[0]), format::number(g[1]));
        let places = [vec2(0.0, 12.0), vec2(0.0, -28.0)].map(|by| (at + by, Align2::CENTER_TOP));
        labels.write(&painter, tokens, (&words, font.clone(), tokens.accent), places);
    }
    let response = ui.interact(area, id, Sense::hover());
    let value = format!(
        "both zero; pulls {}, {} within {}; {}",
        format::number(g[0]),
        format::number(g[1]),
        format::number(bound),
        side.sentence(size)
    );
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Image, true, format!("{} geometry", side.title()));
        info.current_text_value = Some(value.clone());
        info
    });
    side.tell_names(ui, area, &font, [&name(0), &name(1)]);
    response.on_hover_text_at_pointer(
        "The pull of a feature is x'r/n: how fast the loss would fall if its coefficient left zero. The penalty costs alpha per unit, so inside the square zero is best",
    );
}
