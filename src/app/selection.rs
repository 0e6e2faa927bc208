//! What is chosen and hovered. Cheap and instant; stays valid by its own methods.

use std::sync::Arc;

use crate::analysis::{Analysis, Cursor, Penalty, Settings};
pub use crate::app::choices::{Explained, FitView, Link, Rule, SortBy, Units, XAxis};
use crate::app::pinned::Pinned;
use crate::app::plane_choice::PlaneChoice;
use crate::app::playground::Play;
use crate::app::twins::Twins;
use crate::app::weight_decay::WeightDecay;
use crate::insight::assumptions::ScaleResult;
use crate::insight::budget::{cursor_of_budget, ridge_cursor_of_df};
use crate::insight::geometry::{Others, cursor_of_pair_budget};
use crate::model::path_point::PathPoint;

/// What is chosen and hovered.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    lasso: Cursor,
    ridge: Cursor,
    /// Before cross-validation a rule of it stands for where the cursor will go.
    lasso_rule: Rule,
    ridge_rule: Rule,
    /// The one the user moved last; the other follows.
    leader: Penalty,
    link: Link,
    pair: (usize, usize),
    /// Feature under the pointer, as drawn in this pass.
    pub hovered: Option<usize>,
    /// Feature found under the pointer during this pass.
    found: Option<usize>,
    /// What the x axis of the paths shows.
    pub x_axis: XAxis,
    /// Units of coefficients.
    pub units: Units,
    /// Order of the selected features.
    pub sort: SortBy,
    /// Penalty whose fit is shown against the observations.
    pub fit: Penalty,
    /// The descent on the geometry of the data.
    pub descent: WeightDecay,
    /// The playground.
    pub play: Play,
    /// How the geometry is looked at.
    pub plane: PlaneChoice,
    /// The next feature that is picked becomes the second of the pair.
    picks_second: bool,
    /// How it is shown.
    pub fit_view: FitView,
    /// What is explained below the selected features.
    pub explained: Explained,
    /// Which pictures are shown as tables.
    pub twins: Twins,
    /// The 1-SE model under the other scaling, if that was the setting before.
    pub other_scale: Option<ScaleResult>,
    /// A former fit that the present one is compared with.
    pub pinned: Option<Arc<Pinned>>,
}

impl Selection {
    /// The lasso at 1-SE (in the middle of the grid until that is known), ridge at equal degrees of freedom, the first two
    /// features that enter.
    pub fn new(analysis: &Analysis) -> Self {
        let mut entry = analysis.entry_order.iter().copied();
        let pair = match (entry.next(), entry.next()) {
            (Some(j), Some(k)) => (j, k),
            _ => (0, 0),
        };
        let mut selection = Self {
            lasso: Cursor::on_grid(analysis.lasso.path.len() / 2),
            ridge: Cursor::on_grid(0),
            lasso_rule: Rule::OneSe,
            ridge_rule: Rule::Manual,
            leader: Penalty::Lasso,
            link: Link::default(),
            pair,
            hovered: None,
            found: None,
            x_axis: XAxis::default(),
            units: Units::default(),
            sort: SortBy::default(),
            fit: Penalty::Lasso,
            descent: WeightDecay::default(),
            play: Play::default(),
            plane: PlaneChoice::default(),
            picks_second: false,
            fit_view: FitView::default(),
            explained: Explained::default(),
            twins: Twins::default(),
            other_scale: None,
            pinned: None,
        };
        selection.choose_rule(analysis, Penalty::Lasso, Rule::OneSe);
        selection
    }

    /// Carries what still makes sense over to a new analysis: features by name, rules, units, link.
    #[must_use]
    pub fn carried_over(&self, from: &Analysis, to: &Analysis) -> Self {
        let mut next = Self::new(to);
        let same_name = |j: usize| {
            let name = &from.design.features.get(j)?.name;
            to.design.features.iter().position(|f| f.name == *name)
        };
        if let (Some(j), Some(k)) = (same_name(self.pair.0), same_name(self.pair.1))
            && j != k
        {
            next.pair = (j, k);
        }
        next.hovered = self.hovered.and_then(same_name);
        next.x_axis = self.x_axis;
        next.units = self.units;
        next.sort = self.sort;
        next.fit = self.fit;
        next.descent = self.descent.clone();
        next.descent.forget_place();
        next.play = self.play.clone();
        next.plane = self.plane;
        next.fit_view = self.fit_view;
        next.explained = self.explained;
        next.twins = self.twins.clone();
        next.other_scale = other_scale(from, to);
        next.pinned.clone_from(&self.pinned);
        next.link = self.link;
        let at = |penalty: Penalty| {
            let by_rule = rule_index(to, penalty, self.rule(penalty));
            by_rule.map_or_else(|| to.cursor_at(penalty, self.point(from, penalty).alpha()), Cursor::on_grid)
        };
        let (leader, follower) = (self.leader, other(self.leader));
        // The follower stays where no link moves it.
        next.place(follower, at(follower), self.rule(follower));
        next.lead(to, leader, at(leader), self.rule(leader));
        next
    }

    /// Where a penalty's cursor stands.
    pub fn cursor(&self, penalty: Penalty) -> &Cursor {
        match penalty {
            Penalty::Lasso => &self.lasso,
            Penalty::Ridge => &self.ridge,
        }
    }

    /// The fit at a penalty's cursor.
    pub fn point<'a>(&'a self, analysis: &'a Analysis, penalty: Penalty) -> PathPoint<'a> {
        analysis.point(penalty, self.cursor(penalty))
    }

    /// What put a penalty's cursor where it is; before cross-validation, what will.
    pub fn rule(&self, penalty: Penalty) -> Rule {
        match penalty {
            Penalty::Lasso => self.lasso_rule,
            Penalty::Ridge => self.ridge_rule,
        }
    }

    /// The rule by which a penalty's cursor stands where it is; `None` while it waits for cross-validation.
    pub fn followed_rule(&self, analysis: &Analysis, penalty: Penalty) -> Option<Rule> {
        let rule = self.rule(penalty);
        (rule == Rule::Manual || analysis.is_cross_validated()).then_some(rule)
    }

    /// How the cursors follow each other.
    pub fn link(&self) -> Link {
        self.link
    }

    /// The penalty whose cursor was moved last.
    pub fn leader(&self) -> Penalty {
        self.leader
    }

    /// The features of the geometry.
    pub fn pair(&self) -> (usize, usize) {
        self.pair
    }

    /// Moves a cursor by hand to a position of its grid; the other follows by the link.
    pub fn move_to(&mut self, analysis: &Analysis, penalty: Penalty, index: usize) {
        let last = analysis.penalty(penalty).path.len() - 1;
        self.lead(analysis, penalty, Cursor::on_grid(index.min(last)), Rule::Manual);
    }

    /// Moves a cursor by hand to an alpha, between those of the grid too; the other follows by the link.
    pub fn move_to_alpha(&mut self, analysis: &Analysis, penalty: Penalty, alpha: f64) {
        self.lead(analysis, penalty, analysis.cursor_at(penalty, alpha), Rule::Manual);
    }

    /// Moves a cursor by hand to where the model of the geometry spends the budget `t`: the whole one, or in
    /// [`Others::Absent`] that of the pair. The other follows by the link.
    pub fn set_budget(&mut self, analysis: &Analysis, penalty: Penalty, t: f64) {
        let cursor = match self.plane.others {
            Others::Absent => cursor_of_pair_budget(analysis, penalty, self.pair, t),
            Others::Held | Others::Refitted => cursor_of_budget(analysis, penalty, t),
        };
        self.lead(analysis, penalty, cursor, Rule::Manual);
    }

    /// Takes in a cursor whose certificate was measured on the rows, if it still stands there.
    pub fn take_measured(&mut self, analysis: &Analysis, penalty: Penalty, cursor: Cursor) {
        let alpha = analysis.point(penalty, &cursor).alpha();
        if self.point(analysis, penalty).alpha().to_bits() == alpha.to_bits() {
            self.place(penalty, cursor, self.rule(penalty));
        }
    }

    /// Puts a cursor where a rule of cross-validation says; the other follows by the link.
    pub fn choose_rule(&mut self, analysis: &Analysis, penalty: Penalty, rule: Rule) {
        let cursor = rule_index(analysis, penalty, rule).map(Cursor::on_grid);
        self.lead(analysis, penalty, cursor.unwrap_or_else(|| self.cursor(penalty).clone()), rule);
    }

    /// Sets the link and lets the follower follow.
    pub fn set_link(&mut self, analysis: &Analysis, link: Link) {
        self.link = link;
        let leader = self.leader;
        self.lead(analysis, leader, self.cursor(leader).clone(), self.rule(leader));
    }

    /// Sets one of the features of the geometry; choosing the other one swaps them.
    pub fn set_pair(&mut self, first: usize, second: usize) {
        let before = self.pair;
        self.pair = match (first == second, first == self.pair.1, second == self.pair.0) {
            (true, true, _) => (first, self.pair.0),
            (true, _, true) => (self.pair.1, second),
            _ => (first, second),
        };
        if self.pair != before {
            self.plane.see_all();
            self.descent.forget_place();
        }
    }

    /// Takes a feature into the geometry: the first pick becomes the first of the pair, the next one the second.
    pub fn pick(&mut self, feature: usize) {
        if self.picks_second && feature == self.pair.0 {
            return;
        }
        let (first, second) = if self.picks_second { (self.pair.0, feature) } else { (feature, self.pair.1) };
        self.set_pair(first, second);
        self.picks_second = !self.picks_second;
    }

    /// What differs from a former choice, if anything that Undo takes back.
    pub fn difference(&self, former: &Self) -> Option<&'static str> {
        let moved = |penalty: Penalty| self.cursor(penalty) != former.cursor(penalty);
        let differences = [
            ("link", self.link != former.link),
            ("alpha", moved(self.leader)),
            ("geometry pair", self.pair != former.pair),
            ("units", self.units != former.units),
            ("horizontal axis", self.x_axis != former.x_axis),
            ("pin", self.pinned.as_ref().map(Arc::as_ptr) != former.pinned.as_ref().map(Arc::as_ptr)),
        ];
        differences.into_iter().find(|(_, differs)| *differs).map(|(name, _)| name)
    }

    /// As it was in `to`; beside it what was last seen, `from`, under the other scaling.
    #[must_use]
    pub fn put_back(self, from: Option<&Analysis>, to: &Analysis) -> Self {
        let other_scale = from.and_then(|from| other_scale(from, to)).or(self.other_scale);
        Self { other_scale, ..self }
    }

    /// Whether it can be a choice in this analysis.
    pub fn is_of(&self, analysis: &Analysis) -> bool {
        let holds = |penalty: Penalty| self.cursor(penalty).nearest() < analysis.penalty(penalty).path.len();
        let p = analysis.design.features.len();
        holds(Penalty::Lasso) && holds(Penalty::Ridge) && self.pair.0.max(self.pair.1) < p.max(1)
    }

    /// A view has found this feature under the pointer.
    pub fn hover(&mut self, feature: usize) {
        self.found = Some(feature);
    }

    /// Ends a pass; true if the hovered feature changed, so that the pass must be drawn again.
    pub fn settle_hover(&mut self) -> bool {
        let changed = self.hovered != self.found;
        self.hovered = self.found.take();
        changed
    }

    fn lead(&mut self, analysis: &Analysis, leader: Penalty, cursor: Cursor, rule: Rule) {
        self.leader = leader;
        self.place(leader, cursor, rule);
        let point = self.point(analysis, leader);
        let (alpha, df) = (point.alpha(), point.degrees_of_freedom());
        let follower = other(leader);
        match self.link {
            Link::Free => {}
            Link::EqualDf => {
                let at = match follower {
                    Penalty::Ridge => ridge_cursor_of_df(analysis, df),
                    // That of the lasso is a whole number, the same over a stretch of alphas.
                    Penalty::Lasso => Cursor::on_grid(nearest_df(analysis, df)),
                };
                self.place(follower, at, Rule::Manual);
            }
            Link::SameRule => {
                if let Some(at) = rule_index(analysis, follower, rule) {
                    self.place(follower, Cursor::on_grid(at), rule);
                }
            }
            Link::EqualAlpha => self.place(follower, analysis.cursor_at(follower, alpha), Rule::Manual),
        }
    }

    fn place(&mut self, penalty: Penalty, cursor: Cursor, rule: Rule) {
        match penalty {
            Penalty::Lasso => (self.lasso, self.lasso_rule) = (cursor, rule),
            Penalty::Ridge => (self.ridge, self.ridge_rule) = (cursor, rule),
        }
    }
}

/// The other penalty.
pub fn other(penalty: Penalty) -> Penalty {
    match penalty {
        Penalty::Lasso => Penalty::Ridge,
        Penalty::Ridge => Penalty::Lasso,
    }
}

/// Where a rule of cross-validation puts a cursor; `None` for [`Rule::Manual`], and before cross-validation.
pub fn rule_index(analysis: &Analysis, penalty: Penalty, rule: Rule) -> Option<usize> {
    let cv = analysis.penalty(penalty).cross_validation.as_ref()?;
    match rule {
        Rule::Min => Some(cv.index_min),
        Rule::OneSe => Some(cv.index_1se),
        Rule::Manual => None,
    }
}

fn nearest_df(analysis: &Analysis, df: f64) -> usize {
    let path = &analysis.lasso.path;
    let distance = |k: usize| (path.degrees_of_freedom(k) - df).abs();
    (0..path.len()).min_by(|&a, &b| distance(a).total_cmp(&distance(b))).unwrap_or(0)
}

/// What `from` was under the other scaling, if nothing else is different in `to`.
fn other_scale(from: &Analysis, to: &Analysis) -> Option<ScaleResult> {
    let settings = Settings { scale: to.settings.scale, ..from.settings.clone() };
    let names = |analysis: &Analysis| analysis.design.features.iter().map(|f| f.name.clone()).collect::<Vec<_>>();
    let is_same = settings == to.settings && names(from) == names(to) && from.design.records == to.design.records;
    (is_same && from.settings.scale != to.settings.scale).then(|| ScaleResult::of(from)).flatten()
}
