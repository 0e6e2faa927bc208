//! Diamond and circle against the loss contours of the user's own data.

use eframe::egui::{
    Align2, CornerRadius, Id, Painter, Rect, RichText, Role, Sense, Shape, Stroke, StrokeKind, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};
use egui_plot::{Line, LineStyle, MarkerShape, PlotPoints, Points, Polygon};

use crate::analysis::{Analysis, Penalty};
use crate::app::format;
use crate::app::selection::Selection;
use crate::app::theme::{self, Tokens};
use crate::app::views::chart::{Chart, Range, linear_ticks};
use crate::app::views::path::penalty_title;
use crate::app::views::widgets::{combo, elided, panel_head, shortened, swatch, text_width};
use crate::insight::geometry::{Contact, Slice};

mod controls;

use controls::{budget_row, legend};

/// The whole panel: both penalties side by side on one scale.
pub fn show(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) {
    head(ui, analysis, selection);
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    if analysis.design.features.len() < 2 {
        let at = rect.center_top() + vec2(0.0, 48.0);
        let words = "Two features make a plane; this regression has one".to_owned();
        let galley = ui.painter().layout(words, theme::body(), theme::tokens(ui).text2, rect.width() - 48.0);
        ui.painter().galley(at - vec2(galley.size().x / 2.0, 0.0), galley, theme::tokens(ui).text2);
        return;
    }
    let inner = rect.shrink2(vec2(theme::PADDING, 0.0));
    let width = (inner.width() - 32.0) / 2.0;
    let side = (width - 26.0).min(inner.height() - 152.0).max(80.0);
    let cell = |i: usize| {
        Rect::from_min_size(pos2(inner.left() + i as f32 * (width + 32.0), inner.top()), vec2(width, inner.height()))
    };
    let penalties = [Penalty::Lasso, Penalty::Ridge];
    // The sliders come first, so that what is drawn already follows them.
    for (i, penalty) in penalties.into_iter().enumerate() {
        let top = cell(i).top() + 22.0 + side + 36.0;
        let row = Rect::from_min_max(pos2(cell(i).left(), top), pos2(cell(i).right(), top + 48.0));
        ui.scope_builder(UiBuilder::new().max_rect(row).id_salt(("budget", penalty)), |ui| {
            budget_row(ui, analysis, selection, penalty);
        });
    }
    let slices = penalties.map(|p| (p, Slice::new(analysis, p, selection.point(analysis, p), selection.pair())));
    let reach = extent(&slices);
    for (i, (penalty, slice)) in slices.iter().enumerate() {
        let view = View { analysis, penalty: *penalty, slice, side, reach };
        ui.scope_builder(UiBuilder::new().max_rect(cell(i)).id_salt(("geometry", *penalty)), |ui| {
            view.show(ui, selection);
        });
    }
    legend(ui, inner, side + 141.0);
}

fn head(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) {
    let tokens = theme::tokens(ui);
    panel_head(ui, "Geometry", "others held at the fit", 210.0, |ui| {
        if analysis.design.features.len() < 2 {
            return;
        }
        let (mut first, mut second) = selection.pair();
        // Right to left: the second box comes first.
        let changed_second = feature_box(ui, analysis, "Second feature of the geometry", &mut second);
        ui.label(RichText::new("×").color(tokens.text2));
        let changed_first = feature_box(ui, analysis, "First feature of the geometry", &mut first);
        if changed_first || changed_second {
            selection.set_pair(first, second);
        }
    });
}

fn feature_box(ui: &mut Ui, analysis: &Analysis, name: &str, chosen: &mut usize) -> bool {
    let tokens = theme::tokens(ui);
    let features = &analysis.design.features;
    let before = *chosen;
    let label = features.get(*chosen).map_or("", |f| f.name.as_str());
    let text = elided(ui.painter(), label, &theme::strong(), if ui.available_width() < 240.0 { 48.0 } else { 72.0 });
    combo(name)
        .selected_text(RichText::new(text).font(theme::strong()))
        .width(64.0)
        .height(320.0)
        .show_ui(ui, |ui| {
            ui.set_min_width(140.0);
            let row = theme::ROW;
            egui::ScrollArea::vertical().max_height(300.0).show_rows(ui, row, features.len(), |ui, rows| {
                for &j in &analysis.entry_order[rows] {
                    ui.selectable_value(chosen, j, elided(ui.painter(), &features[j].name, &theme::body(), 240.0));
                }
            });
        })
        .response
        .accessible_name(name)
        .on_hover_text(format!("{name}: {label}"));
    if ui.available_width() < 16.0 {
        return *chosen != before;
    }
    let (dot, _) = ui.allocate_exact_size(vec2(8.0, theme::CONTROL), Sense::hover());
    swatch(ui.painter(), dot.center(), tokens.feature(analysis.entry_rank.get(before).copied().unwrap_or(usize::MAX)));
    *chosen != before
}

/// Half the width of the square that shows everything: regions, fits, least squares, as far as they are of like size.
fn extent(slices: &[(Penalty, Slice); 2]) -> f64 {
    let regions = slices.iter().map(|(_, s)| s.reach()).fold(0.0_f64, f64::max);
    let centers = slices.iter().flat_map(|(_, s)| s.center).map(f64::abs).fold(0.0_f64, f64::max);
    let largest = regions.max(centers);
    if largest > 0.0 { largest * 1.22 } else { 1.0 }
}

struct View<'a> {
    analysis: &'a Analysis,
    penalty: Penalty,
    slice: &'a Slice,
    side: f32,
    reach: f64,
}

impl View<'_> {
    fn show(&self, ui: &mut Ui, selection: &Selection) {
        let tokens = theme::tokens(ui);
        let rect = ui.max_rect();
        let painter = ui.painter().clone();
        self.title(&painter, tokens, rect, selection);
        let area = Rect::from_min_size(pos2(rect.left() + 26.0, rect.top() + 22.0), vec2(self.side, self.side));
        let range = Range { min: -self.reach, max: self.reach };
        let chart = Chart { area, x: range, y: range };
        let ticks = linear_ticks(range, if self.side < 170.0 { 4 } else { 5 });
        chart.grid(&painter, tokens, &ticks, &ticks);
        chart.rule(&painter, 0.0, tokens.control_border);
        painter.vline(chart.px(0.0).round() + 0.5, area.y_range(), Stroke::new(1.0, tokens.control_border));
        self.contours(ui, tokens, &chart);
        self.marks(ui, tokens, &chart, selection);
        painter.rect_stroke(area, CornerRadius::ZERO, Stroke::new(1.0, tokens.border), StrokeKind::Inside);
        chart.y_axis(&painter, tokens, &ticks);
        for tick in &ticks {
            painter.text(
                pos2(chart.px(tick.value), area.bottom() + 5.0),
                Align2::CENTER_TOP,
                &tick.label,
                theme::small(),
                tokens.text2,
            );
        }
        self.axis_names(&painter, tokens, &chart, selection);
        self.describe(ui, area, selection);
        let words = painter.layout(self.sentence(selection), theme::small(), tokens.text2, rect.width() + 24.0);
        painter.galley(pos2(rect.left(), area.bottom() + 90.0), words, tokens.text2);
    }

    fn title(&self, painter: &Painter, tokens: &Tokens, rect: Rect, selection: &Selection) {
        let title = penalty_title(self.analysis, self.penalty);
        let (j, k) = selection.pair();
        let name = painter.text(
            pos2(rect.left() + 26.0, rect.top() + 8.0),
            Align2::LEFT_CENTER,
            title,
            theme::small_strong(),
            tokens.text,
        );
        let bound = format::number(self.slice.budget);
        let font = theme::small();
        let room = rect.right() + 26.0 - name.right() - 6.0;
        let text = if self.penalty == Penalty::Lasso && self.analysis.settings.l1_ratio < 1.0 {
            format!("pair ≤ {bound}")
        } else {
            let (open, middle, close) =
                if self.penalty == Penalty::Lasso { ("|", "| + |", "|") } else { ("", "² + ", "²") };
            // The bound is what the line is for: the names give way.
            let frame = text_width(painter, &format!("{open}{middle}{close} ≤ {bound}"), &font);
            let short = |f: usize| elided(painter, &self.analysis.design.features[f].name, &font, (room - frame) / 2.0);
            format!("{open}{}{middle}{}{close} ≤ {bound}", short(j), short(k))
        };
        let text = shortened(painter, &text, &font, room);
        painter.text(
            pos2(name.right() + 6.0, rect.top() + 8.0),
            Align2::LEFT_CENTER,
            text,
            theme::small(),
            tokens.text2,
        );
    }

    fn contours(&self, ui: &mut Ui, tokens: &'static Tokens, chart: &Chart) {
        let at_fit = self.slice.excess(self.slice.fit);
        // Rings at even steps of distance from least squares, far enough to fill the square.
        let corners =
            [[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]].map(|c| [c[0] * self.reach, c[1] * self.reach]);
        let farthest = corners.iter().map(|c| self.slice.excess(*c)).fold(0.0_f64, f64::max).sqrt();
        let step = farthest / 13.0;
        let rings: Vec<Vec<[f64; 2]>> =
            (1..=13).map(|i| self.slice.contour((f64::from(i) * step).powi(2), 96)).collect();
        let touching = self.slice.contour(at_fit, 128);
        let region = self.slice.region();
        chart.show(ui, Id::unique(("geometry plot", self.penalty)), move |plot| {
            plot.polygon(
                Polygon::new("region", PlotPoints::new(region))
                    .fill_color(tokens.region)
                    .stroke(Stroke::new(1.5, tokens.accent))
                    .allow_hover(false),
            );
            for (i, ring) in rings.into_iter().enumerate() {
                plot.line(
                    Line::new(format!("contour {i}"), PlotPoints::new(ring))
                        .color(tokens.contour)
                        .width(1.0)
                        .allow_hover(false),
                );
            }
            plot.line(
                Line::new("touching contour", PlotPoints::new(touching))
                    .color(tokens.contour_touching)
                    .width(1.5)
                    .allow_hover(false),
            );
        });
    }

    fn marks(&self, ui: &mut Ui, tokens: &'static Tokens, chart: &Chart, selection: &Selection) {
        let path = &self.analysis.penalty(self.penalty).path;
        let (j, k) = selection.pair();
        let locus: Vec<[f64; 2]> = (0..=self.analysis.grid_place(self.penalty, selection.cursor(self.penalty)).0)
            .map(|i| [path.solution(i)[j], path.solution(i)[k]])
            .chain([self.slice.fit])
            .collect();
        let (fit, center) = (self.slice.fit, self.slice.center);
        chart.show(ui, Id::unique(("geometry marks", self.penalty)), move |plot| {
            plot.line(
                Line::new("fit as t varies", PlotPoints::new(locus))
                    .color(tokens.accent)
                    .width(1.5)
                    .style(LineStyle::Dashed { length: 4.0 })
                    .allow_hover(false),
            );
            plot.points(
                Points::new("least squares rim", vec![center])
                    .radius(4.5)
                    .color(tokens.text)
                    .shape(MarkerShape::Circle)
                    .allow_hover(false),
            );
            plot.points(
                Points::new("least squares", vec![center])
                    .radius(2.8)
                    .color(tokens.surface)
                    .shape(MarkerShape::Circle)
                    .allow_hover(false),
            );
            plot.points(
                Points::new("fit", vec![fit])
                    .radius(5.0)
                    .color(tokens.accent)
                    .shape(MarkerShape::Circle)
                    .allow_hover(false),
            );
        });
        let length = self.slice.pull[0].hypot(self.slice.pull[1]);
        if length > 0.0 {
            let start = chart.pos(fit[0], fit[1]);
            let along = vec2((self.slice.pull[0] / length) as f32, (-self.slice.pull[1] / length) as f32);
            let tip = start + along * 36.0;
            let painter = ui.painter_at(chart.area);
            painter.line_segment([start + along * 6.0, tip - along * 5.0], Stroke::new(1.5, tokens.text));
            let side = along.rot90() * 3.5;
            painter.add(Shape::convex_polygon(
                vec![tip, tip - along * 8.0 + side, tip - along * 8.0 - side],
                tokens.text,
                Stroke::NONE,
            ));
        }
    }

    fn axis_names(&self, painter: &Painter, tokens: &Tokens, chart: &Chart, selection: &Selection) {
        let (j, k) = selection.pair();
        let name =
            |f: usize| elided(painter, &self.analysis.design.features[f].name, &theme::small_strong(), self.side * 0.7);
        let font = |f: usize| if selection.hovered == Some(f) { theme::strong() } else { theme::small_strong() };
        painter.text(
            pos2(chart.area.right(), chart.area.bottom() + 20.0),
            Align2::RIGHT_TOP,
            name(j),
            font(j),
            tokens.text,
        );
        let at = chart.area.left_top() + vec2(6.0, 5.0);
        let galley = painter.layout_no_wrap(name(k), font(k), tokens.text);
        painter.rect_filled(Rect::from_min_size(at, galley.size()).expand(2.0), CornerRadius::same(2), tokens.surface);
        painter.galley(at, galley, tokens.text);
    }

    /// Name and value for screen readers and tests.
    fn describe(&self, ui: &Ui, area: Rect, selection: &Selection) {
        let response = ui.interact(area, Id::unique(("geometry", self.penalty)), Sense::hover());
        let (title, sentence) = (penalty_title(self.analysis, self.penalty), self.sentence(selection));
        let fit = self.slice.fit.map(format::number);
        let text = format!("fit {}, {}; budget {}; {sentence}", fit[0], fit[1], format::number(self.slice.budget));
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Image, true, format!("{title} geometry"));
            info.current_text_value = Some(text.clone());
            info
        });
        let residual = self.slice.tangency_residual(self.penalty);
        response.on_hover_text_at_pointer(format!(
            "{sentence}.\nTangency residual {} · correlation of the two {}",
            format::tiny(residual),
            format::significant(self.slice.correlation, 3)
        ));
    }

    fn sentence(&self, selection: &Selection) -> String {
        let name = |side: usize| {
            let feature = if side == 0 { selection.pair().0 } else { selection.pair().1 };
            let name: String = self.analysis.design.features[feature].name.chars().take(18).collect();
            name
        };
        match self.slice.contact(self.penalty) {
            Contact::Edge if self.analysis.settings.l1_ratio < 1.0 => {
                "Touches a rounded edge, so both stay in".to_owned()
            }
            Contact::Edge => "Touches an edge, so both stay in".to_owned(),
            Contact::Corner(zero) => format!("Touches a corner, so {} is exactly 0", name(zero)),
            Contact::Circle => "No corners, so both only shrink".to_owned(),
            Contact::BothZero => "Both are out: no budget is left for them".to_owned(),
        }
    }
}
