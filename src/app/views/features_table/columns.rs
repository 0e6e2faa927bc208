//! How wide the columns of the table are: numbers get what their widest value needs, names the rest.

use eframe::egui::{Color32, Painter};

use crate::app::format;
use crate::app::theme;

/// Between two columns; the mark of the order stands in it.
const GAP: f32 = 10.0;
/// Bars and what is left free of them.
const BAR: f32 = 52.0;
/// Least room for names; rather the third column of numbers goes.
const LEAST_NAME: f32 = 44.0;
/// Names need no more than that before there are bars.
const ENOUGH: f32 = 104.0;

/// What is known of a column of numbers without looking at all its cells again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    largest: f64,
    least: f64,
    /// Of either sign the one nearest to zero, which may have to be written out.
    nearest: [f64; 2],
}

impl Default for Span {
    fn default() -> Self {
        Self { largest: 0.0, least: 0.0, nearest: [f64::INFINITY, f64::NEG_INFINITY] }
    }
}

impl Span {
    pub(super) fn take(&mut self, value: f64) {
        self.largest = self.largest.max(value);
        self.least = self.least.min(value);
        if value > 0.0 {
            self.nearest[0] = self.nearest[0].min(value);
        } else if value < 0.0 {
            self.nearest[1] = self.nearest[1].max(value);
        }
    }

    /// The largest absolute value.
    pub(super) fn reach(&self) -> f64 {
        self.largest.max(-self.least)
    }

    /// Width of the widest cell.
    fn width(&self, painter: &Painter, decimals: usize) -> f32 {
        let values = [self.largest, self.least, self.nearest[0], self.nearest[1]];
        let width = |value: f64| {
            let text = cell(value, decimals);
            painter.layout_no_wrap(text, theme::strong(), Color32::BLACK).size().x
        };
        values.into_iter().filter(|v| v.is_finite()).map(width).fold(0.0, f32::max).ceil()
    }
}

/// A number of the table.
pub(super) fn cell(value: f64, decimals: usize) -> String {
    let aligned = format::fixed(value, decimals);
    // Zero is a statement here: what only rounds to it is written out.
    let is_rounded_away = value != 0.0 && aligned.chars().all(|c| matches!(c, '0' | '.'));
    match (is_rounded_away, aligned.chars().count() > 8) {
        (true, _) if value.abs() >= 1e-3 => format::significant(value, 1),
        (true, _) => format::tiny(value),
        (_, true) => format::number(value),
        _ => aligned,
    }
}

/// Where the columns end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Columns {
    /// Right ends of lasso, ridge, the third and the fourth; `None` where there is no room for it.
    pub(super) right: [Option<f32>; 4],
    /// Where bars have their zero.
    pub(super) bar: Option<f32>,
    /// Right end of the names of selected features.
    pub(super) name: f32,
}

impl Columns {
    /// Between `left`, where names begin, and `right`; `widths` are those of the columns, `name` that of the longest name.
    fn new((left, right): (f32, f32), widths: [f32; 4], name: f32) -> Self {
        let room = |shown: [bool; 4]| {
            let taken = widths.iter().zip(shown).filter(|(_, shown)| *shown).map(|(width, _)| width + GAP);
            right - left - taken.sum::<f32>()
        };
        // The folds go after least squares, ridge last: lasso is what the table is about.
        let choices = [[true; 4], [true, true, false, true], [true, true, false, false], [true, false, false, false]];
        let shown = choices.into_iter().find(|shown| room(*shown) >= LEAST_NAME.min(name)).unwrap_or(choices[3]);
        let mut at = right;
        let mut ends = [None; 4];
        for i in (0..4).rev().filter(|&i| shown[i]) {
            ends[i] = Some(at);
            at -= widths[i] + GAP;
        }
        let has_bar = at - left >= BAR + name.min(ENOUGH);
        let bar = has_bar.then_some(at - BAR / 2.0 + 6.0);
        Self { right: ends, bar, name: if has_bar { at - BAR } else { at } }
    }

    /// For the numbers of `spans` below `heads`; the fourth column, where it has no span, holds `folds`.
    pub(super) fn measured(
        painter: &Painter,
        ends: (f32, f32),
        (spans, decimals): ([Option<Span>; 4], usize),
        heads: [&str; 4],
        (folds, name): (&str, &str),
    ) -> Self {
        let width = |text: &str, font| painter.layout_no_wrap(text.to_owned(), font, Color32::BLACK).size().x.ceil();
        let mut widths = heads.map(|head| width(head, theme::small_strong()));
        for (of, span) in widths.iter_mut().zip(spans) {
            let cells = span.map_or_else(|| width(folds, theme::body()), |span| span.width(painter, decimals));
            *of = of.max(cells);
        }
        let name: String = name.chars().take(40).collect();
        Self::new(ends, widths, width(&name, theme::strong()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn columns_never_overlap(room in 200.0_f32..900.0, widths in prop::array::uniform4(20.0_f32..70.0), name in 5.0_f32..400.0) {
            let columns = Columns::new((34.0, 34.0 + room), widths, name);
            let mut end = columns.name;
            if let Some(zero) = columns.bar {
                prop_assert!(zero - 20.0 >= columns.name && columns.name - 34.0 >= name.min(ENOUGH) - 0.01);
                end = zero + 20.0;
            }
            for (right, width) in columns.right.iter().zip(widths) {
                let Some(right) = right else { continue };
                prop_assert!(right - width >= end, "{columns:?}");
                end = *right;
            }
            prop_assert!(end <= 34.0 + room + 0.01);
            prop_assert!(columns.right[0].is_some());
        }

        #[test]
        fn a_wider_panel_shows_no_less(room in 200.0_f32..900.0, more in 0.0_f32..300.0, widths in prop::array::uniform4(20.0_f32..70.0), name in 5.0_f32..400.0) {
            let shown = |room: f32| {
                let columns = Columns::new((34.0, 34.0 + room), widths, name);
                columns.right.iter().flatten().count() + usize::from(columns.bar.is_some())
            };
            prop_assert!(shown(room + more) >= shown(room));
        }
    }

    #[test]
    fn what_rounds_away_is_written_out() {
        assert_eq!(cell(0.000_3, 3), "3e−4");
        assert_eq!(cell(-4.3e-5, 3), "−4e−5");
        assert_eq!(cell(0.3, 0), "0.3");
        assert_eq!(cell(-0.001, 3), "−0.001");
        assert_eq!(cell(0.0, 3), "0.000");
    }
}
