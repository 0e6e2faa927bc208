//! What is chosen and hovered. Cheap and instant; stays valid by its own methods.

use crate::analysis::{Analysis, Penalty, Settings};
use crate::insight::assumptions::ScaleResult;

/// How the ridge cursor follows the lasso cursor and the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link {
    /// Nearest degrees of freedom.
    #[default]
    EqualDf,
    /// The same rule of cross-validation.
    SameRule,
    /// Nearest alpha.
    EqualAlpha,
    /// Not at all.
    Free,
}

impl Link {
    /// All, in menu order.
    pub const ALL: [Self; 4] = [Self::EqualDf, Self::SameRule, Self::EqualAlpha, Self::Free];

    /// On screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::EqualDf => "Equal df",
            Self::SameRule => "Same CV rule",
            Self::EqualAlpha => "Equal alpha",
            Self::Free => "Not linked",
        }
    }
}

/// What put a cursor where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Smallest cross-validation error.
    Min,
    /// Largest alpha within one standard error of it.
    OneSe,
    /// A hand, or the link.
    Manual,
}

/// What the x axis of the paths shows. All grow to the right as the penalty weakens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum XAxis {
    /// Logarithm of alpha, falling to the right.
    #[default]
    LogAlpha,
    /// Degrees of freedom.
    Df,
    /// `‖w‖₁`.
    L1Norm,
}

impl XAxis {
    /// All, in menu order.
    pub const ALL: [Self; 3] = [Self::LogAlpha, Self::Df, Self::L1Norm];

    /// On screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::LogAlpha => "log alpha",
            Self::Df => "degrees of freedom",
            Self::L1Norm => "L1 norm",
        }
    }
}

/// Units of coefficients on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Units {
    /// Times the standard deviation of the column.
    #[default]
    PerSd,
    /// The user's own.
    Own,
}

/// Column by which the selected features are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortBy {
    /// Order of entry into the lasso, chosen ones first.
    #[default]
    Entry,
    /// Name.
    Name,
    /// Size of the lasso coefficient.
    Lasso,
    /// Size of the ridge coefficient.
    Ridge,
    /// Size of the least-squares coefficient.
    LeastSquares,
    /// Folds in which the lasso keeps it.
    Folds,
}

/// How the fit is shown against the observations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FitView {
    /// Target against the only predictor, with the fitted curves; for several predictors as [`FitView::Predicted`].
    #[default]
    Curve,
    /// Observed against predicted.
    Predicted,
}

/// What is explained below the selected features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Explained {
    /// How near the features that are out are to entering.
    #[default]
    LeftOut,
    /// Scaling, sparsity, collinear columns.
    Assumptions,
}

/// What is chosen and hovered.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Position on the lasso's grid.
    lasso: usize,
    /// Position on ridge's grid.
    ridge: usize,
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
    /// How it is shown.
    pub fit_view: FitView,
    /// What is explained below the selected features.
    pub explained: Explained,
    /// The 1-SE model under the other scaling, if that was the setting before.
    pub other_scale: Option<ScaleResult>,
}

impl Selection {
    /// The lasso at 1-SE, ridge at equal degrees of freedom, the first two features that enter.
    pub fn new(analysis: &Analysis) -> Self {
        let mut entry = analysis.entry_order.iter().copied();
        let pair = match (entry.next(), entry.next()) {
            (Some(j), Some(k)) => (j, k),
            _ => (0, 0),
        };
        let mut selection = Self {
            lasso: 0,
            ridge: 0,
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
            fit_view: FitView::default(),
            explained: Explained::default(),
            other_scale: None,
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
        next.fit_view = self.fit_view;
        next.explained = self.explained;
        next.other_scale = other_scale(from, to);
        next.link = self.link;
        let rule = self.rule(self.leader);
        if rule == Rule::Manual {
            let alpha = from.penalty(self.leader).path.alphas()[self.cursor(self.leader)];
            next.move_to(to, self.leader, nearest_alpha(to, self.leader, alpha));
        } else {
            next.choose_rule(to, self.leader, rule);
        }
        if self.link == Link::Free {
            let other = other(self.leader);
            let alpha = from.penalty(other).path.alphas()[self.cursor(other)];
            next.place(other, nearest_alpha(to, other, alpha), self.rule(other));
        }
        next
    }

    /// Position of a penalty's cursor on its grid.
    pub fn cursor(&self, penalty: Penalty) -> usize {
        match penalty {
            Penalty::Lasso => self.lasso,
            Penalty::Ridge => self.ridge,
        }
    }

    /// What put a penalty's cursor where it is.
    pub fn rule(&self, penalty: Penalty) -> Rule {
        match penalty {
            Penalty::Lasso => self.lasso_rule,
            Penalty::Ridge => self.ridge_rule,
        }
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

    /// Moves a cursor by hand; the other follows by the link.
    pub fn move_to(&mut self, analysis: &Analysis, penalty: Penalty, index: usize) {
        let last = analysis.penalty(penalty).path.len() - 1;
        self.lead(analysis, penalty, index.min(last), Rule::Manual);
    }

    /// Puts a cursor where a rule of cross-validation says; the other follows by the link.
    pub fn choose_rule(&mut self, analysis: &Analysis, penalty: Penalty, rule: Rule) {
        let index = rule_index(analysis, penalty, rule).unwrap_or(self.cursor(penalty));
        self.lead(analysis, penalty, index, rule);
    }

    /// Sets the link and lets the follower follow.
    pub fn set_link(&mut self, analysis: &Analysis, link: Link) {
        self.link = link;
        let leader = self.leader;
        self.lead(analysis, leader, self.cursor(leader), self.rule(leader));
    }

    /// Sets one of the features of the geometry; choosing the other one swaps them.
    pub fn set_pair(&mut self, first: usize, second: usize) {
        self.pair = match (first == second, first == self.pair.1, second == self.pair.0) {
            (true, true, _) => (first, self.pair.0),
            (true, _, true) => (self.pair.1, second),
            _ => (first, second),
        };
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

    fn lead(&mut self, analysis: &Analysis, leader: Penalty, index: usize, rule: Rule) {
        self.leader = leader;
        self.place(leader, index, rule);
        let follower = other(leader);
        match self.link {
            Link::Free => {}
            Link::EqualDf => {
                let df = analysis.penalty(leader).path.degrees_of_freedom(index);
                let path = &analysis.penalty(follower).path;
                let at = nearest(path.len(), |k| (path.degrees_of_freedom(k) - df).abs());
                self.place(follower, at, Rule::Manual);
            }
            Link::SameRule => {
                if let Some(at) = rule_index(analysis, follower, rule) {
                    self.place(follower, at, rule);
                }
            }
            Link::EqualAlpha => {
                let alpha = analysis.penalty(leader).path.alphas()[index];
                self.place(follower, nearest_alpha(analysis, follower, alpha), Rule::Manual);
            }
        }
    }

    fn place(&mut self, penalty: Penalty, index: usize, rule: Rule) {
        match penalty {
            Penalty::Lasso => (self.lasso, self.lasso_rule) = (index, rule),
            Penalty::Ridge => (self.ridge, self.ridge_rule) = (index, rule),
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

/// Where a rule of cross-validation puts a cursor; `None` for [`Rule::Manual`].
pub fn rule_index(analysis: &Analysis, penalty: Penalty, rule: Rule) -> Option<usize> {
    let cv = &analysis.penalty(penalty).cross_validation;
    match rule {
        Rule::Min => Some(cv.index_min),
        Rule::OneSe => Some(cv.index_1se),
        Rule::Manual => None,
    }
}

/// What `from` was under the other scaling, if nothing else is different in `to`.
fn other_scale(from: &Analysis, to: &Analysis) -> Option<ScaleResult> {
    let settings = Settings { scale: to.settings.scale, ..from.settings.clone() };
    let names = |analysis: &Analysis| analysis.design.features.iter().map(|f| f.name.clone()).collect::<Vec<_>>();
    let is_same = settings == to.settings && names(from) == names(to) && from.design.records == to.design.records;
    (is_same && from.settings.scale != to.settings.scale).then(|| ScaleResult::of(from))
}

fn nearest_alpha(analysis: &Analysis, penalty: Penalty, alpha: f64) -> usize {
    let alphas = analysis.penalty(penalty).path.alphas();
    nearest(alphas.len(), |k| (alphas[k].ln() - alpha.ln()).abs())
}

fn nearest(len: usize, distance: impl Fn(usize) -> f64) -> usize {
    (0..len).min_by(|&a, &b| distance(a).total_cmp(&distance(b))).unwrap_or(0)
}
