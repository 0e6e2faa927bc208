//! The picture of one penalty: what the plane of two features holds, in the chosen units.

use eframe::egui::{Align2, FontId, Painter, Rect, Ui, vec2};

use crate::analysis::{Analysis, Penalty};
use crate::app::format;
use crate::app::plane_choice::Extent;
use crate::app::selection::{Selection, Units};
use crate::app::short_names::short_names;
use crate::app::theme::Tokens;
use crate::app::views::chart::Range;
use crate::app::views::geometry::PENALTIES;
use crate::app::views::names;
use crate::app::views::path::penalty_title;
use crate::app::views::plane::{AxisName, Fit, Home, Picture, Size, Track};
use crate::app::views::widgets::text_width;
use crate::insight::geometry::{NoProfile, Others, Slice, locus};
use crate::insight::plane::{Ball, Contact, Region};

/// One penalty's plane, with all that is drawn of it.
pub(super) struct Side<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) penalty: Penalty,
    pub(super) slice: Slice,
    pair: (usize, usize),
    stretch: [f64; 2],
    /// Fits from no budget to all of it, and which of them is shown.
    locus: (Vec<[f64; 2]>, usize),
}

impl<'a> Side<'a> {
    /// Both penalties at their cursors.
    pub(super) fn both(analysis: &'a Analysis, selection: &Selection) -> Result<[Self; 2], NoProfile> {
        let [lasso, ridge] = PENALTIES.map(|penalty| Self::new(analysis, penalty, selection));
        Ok([lasso?, ridge?])
    }

    fn new(analysis: &'a Analysis, penalty: Penalty, selection: &Selection) -> Result<Self, NoProfile> {
        let (pair, others) = (selection.pair(), selection.plane.others);
        let path = &analysis.penalty(penalty).path;
        let slice = Slice::new(analysis, penalty, selection.point(analysis, penalty), pair, others)?;
        let locus = locus(analysis, penalty, pair, others);
        let stretch = [pair.0, pair.1].map(|j| {
            let scaling = path.scaling();
            let unit = if selection.units == Units::PerSd { scaling.sds[j] } else { 1.0 };
            unit / scaling.scales[j]
        });
        let (k, share) = analysis.grid_place(penalty, selection.cursor(penalty));
        let before = if share > 0.0 { k + 1 } else { k };
        Ok(Self { analysis, penalty, slice, pair, stretch, locus: (locus, before) })
    }

    pub(super) fn title(&self) -> &'static str {
        penalty_title(self.analysis, self.penalty)
    }

    pub(super) fn is_net(&self) -> bool {
        self.penalty == Penalty::Lasso && self.analysis.settings.l1_ratio < 1.0
    }

    /// Units on the axes per unit of the weights.
    pub(super) fn stretch(&self) -> [f64; 2] {
        self.stretch
    }

    /// The fit as the axes show it.
    pub(super) fn fit_in_units(&self) -> [f64; 2] {
        [0, 1].map(|d| self.slice.fit[d] * self.stretch[d])
    }

    /// Pulls of the two on the way to this fit, from the largest alpha on, as far as both were zero.
    pub(super) fn pulls(&self) -> Vec<[f64; 2]> {
        let path = &self.analysis.penalty(self.penalty).path;
        let of = |k: usize| match self.slice.others {
            Others::Absent => Slice::alone(self.analysis, self.penalty, path.alphas()[k], self.pair).gradient,
            _ => [path.gradient(k)[self.pair.0], path.gradient(k)[self.pair.1]],
        };
        (0..self.locus.1).map(of).chain([self.slice.gradient]).collect()
    }

    pub(super) fn feature(&self, side: usize) -> &'a str {
        let j = if side == 0 { self.pair.0 } else { self.pair.1 };
        &self.analysis.design.features[j].name
    }

    /// The name of a feature in the room at hand.
    pub(super) fn short_name(&self, painter: &Painter, side: usize, font: &FontId, room: f32) -> String {
        names::feature(painter, self.analysis, if side == 0 { self.pair.0 } else { self.pair.1 }, font, room)
    }

    /// Where the name of an axis is not written whole, it is told there.
    pub(super) fn tell_names(&self, ui: &Ui, area: Rect, font: &FontId, shown: [&str; 2]) {
        let size = |d: usize| vec2(text_width(ui.painter(), shown[d], font), 14.0);
        let along = Align2::RIGHT_TOP.anchor_size(area.right_bottom() + vec2(0.0, 20.0), size(0));
        let up = Rect::from_min_size(area.left_top() + vec2(6.0, 5.0), size(1));
        for (d, rect) in [along, up].into_iter().enumerate() {
            if !shown[d].ends_with(self.feature(d)) {
                names::whole_on_hover(ui, rect, ("axis", self.penalty, d), shown[d], self.feature(d));
            }
        }
    }

    /// What it must hold, in units of the axes: region, least squares as far as it is of like size, and a margin.
    pub(super) fn content(&self) -> [Range; 2] {
        let ball = Ball::of(self.analysis.penalty(self.penalty).path.l1_ratio());
        let largest = self.locus.0.iter().map(|b| Region::around(ball, *b).reach()).fold(0.0, f64::max);
        let far = if largest > 0.0 { 2.5 * largest } else { f64::INFINITY };
        let reach = self.slice.region.reach();
        [0, 1].map(|d| {
            let center = self.slice.loss.center[d].clamp(-far, far);
            let ends = [-reach, reach, center, self.slice.fit[d]].map(|v| v * self.stretch[d]);
            Range::of(ends, 0.14)
        })
    }

    /// Whether one unit of the one weight is one of the other, too.
    pub(super) fn is_round(&self) -> bool {
        (self.stretch[0] - self.stretch[1]).abs() <= 1e-9 * self.stretch[0].max(self.stretch[1])
    }

    /// Whether the axes show the weights as the penalty counts them.
    pub(super) fn is_as_penalized(&self) -> bool {
        self.stretch.iter().all(|unit| (unit - 1.0).abs() < 1e-9)
    }

    pub(super) fn picture(&self, tokens: &Tokens, selection: &Selection, size: Size) -> Picture<'_> {
        let (points, at) = (&self.locus.0, self.locus.1);
        let line = |points: Vec<[f64; 2]>, color| Track {
            points,
            color,
            width: 1.5,
            is_dashed: true,
            dots: 0.0,
            label: String::new(),
        };
        let mut past = points[..at].to_vec();
        past.push(self.slice.fit);
        let mut rest = vec![self.slice.fit];
        rest.extend(&points[at..]);
        let sentence = self.sentence(size);
        let [x, y] = self.fit_in_units().map(format::number);
        let tangency = self.tangency();
        let bound = format::number(self.slice.region.budget);
        let whole = format::number(self.slice.whole_budget);
        Picture {
            name: format!("{} geometry", self.title()),
            value: format!(
                "fit {x}, {y}; budget {bound} of {whole}; {sentence}; {tangency}; correlation {}",
                format::significant(self.slice.correlation, 3)
            ),
            // The large page says it beside the pictures.
            tooltip: if size == Size::Large {
                String::new()
            } else {
                format!(
                    "{sentence}.\n{} · correlation of the two {}\nScroll or pinch to zoom, drag to move, double-click to see all",
                    format::sentence(&tangency),
                    format::significant(self.slice.correlation, 3)
                )
            },
            loss: &self.slice.loss,
            region: Some(self.slice.region),
            fit: Some(Fit { at: self.slice.fit, pull: self.slice.pull, label: format!("fit {x}, {y}") }),
            center_label: Some("least squares"),
            stretch: self.stretch,
            axes: [self.axis(tokens, selection, 0), self.axis(tokens, selection, 1)],
            tracks: vec![line(rest, tokens.faded(tokens.accent, 0.35)), line(past, tokens.accent)],
            spots: Vec::new(),
        }
    }

    pub(super) fn axis(&self, tokens: &Tokens, selection: &Selection, side: usize) -> AxisName {
        let j = if side == 0 { self.pair.0 } else { self.pair.1 };
        let color =
            if selection.hovered == Some(j) { tokens.feature(self.analysis.entry_rank[j]) } else { tokens.text };
        let unit = if selection.units == Units::PerSd { ", per SD" } else { ", own units" };
        AxisName { text: self.feature(side).to_owned(), unit, color }
    }

    /// How well contour and region touch, or that they need not.
    fn tangency(&self) -> String {
        if self.slice.is_tangent {
            format!("tangency residual {}", format::tiny(self.slice.tangency_residual()))
        } else {
            "not tangent, since the others are refitted without penalty".to_owned()
        }
    }

    /// What the contact means.
    pub(super) fn sentence(&self, size: Size) -> String {
        let short = short_names(&[self.feature(0), self.feature(1)], 18.0, &mut |_| 1.0);
        let name = |side: usize| &short[side];
        if self.slice.contact() == Contact::BothZero {
            let cost = if self.is_net() { "alpha · l1_ratio" } else { "alpha" };
            return match size {
                Size::Small => format!("Both out: neither pulls enough to pay {cost}"),
                Size::Large => format!(
                    "Both are out: the pull |x'r|/n of either is less than {cost}, the price of leaving zero, so neither pays"
                ),
            };
        }
        if !self.slice.is_tangent {
            return match size {
                Size::Small => "Not tangent: the others are refitted".to_owned(),
                Size::Large => {
                    "Not tangent: here the others are refitted without penalty, and the fit minimises something else"
                        .to_owned()
                }
            };
        }
        let (short, more) = match self.slice.contact() {
            Contact::Edge if self.is_net() => ("Touches a rounded edge: both stay in".to_owned(), ""),
            Contact::Edge => {
                ("Touches an edge: both stay in".to_owned(), ". At a corner one of them would be exactly zero")
            }
            Contact::Corner(zero) => (
                format!("Touches a corner, so {} is exactly 0", name(zero)),
                ". The pull lies within the cone of normals: that is why it stays there",
            ),
            _ => ("No corners, so both only shrink".to_owned(), " and neither is exactly zero"),
        };
        if size == Size::Large { short + more } else { short }
    }
}

/// The ranges of both pictures.
pub(super) fn homes(sides: &[Side<'_>; 2], extent: Extent) -> [Home; 2] {
    let is_same = extent == Extent::Same;
    let contents = [sides[0].content(), sides[1].content()];
    let union = |a: Range, b: Range| Range { min: a.min.min(b.min), max: a.max.max(b.max) };
    [0, 1].map(|i| {
        let [x, y] = if is_same { [0, 1].map(|d| union(contents[0][d], contents[1][d])) } else { contents[i] };
        // Units of two columns do not compare: a diamond in them may be a needle.
        Home { x, y, is_equal: sides[i].is_round() }
    })
}
