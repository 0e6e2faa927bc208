//! A fit kept for comparison: an owned copy of what both cursors showed, matched to later results by feature name.

use std::collections::HashMap;

use eframe::egui::Context;

use crate::analysis::{Analysis, Penalty, Settings};
use crate::app::App;
use crate::app::format;
use crate::app::selection::{Rule, Selection};
use crate::app::views::path::penalty_title;
use crate::model::folds::FoldRule;
use crate::model::standardize::Scale;

/// The numbers of one fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// `lasso at 1-SE`, `ridge`.
    pub name: String,
    /// Strength of the penalty, in the units of the objective.
    pub alpha: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// Mean squared error on held-out rows and its standard error; `None` before cross-validation.
    pub error: Option<(f64, f64)>,
    /// Share of the target's variance explained on the rows of the fit.
    pub r_squared: f64,
    /// `Σ |w_j|` in the units of the objective.
    pub l1_norm: f64,
}

impl Figures {
    /// Of the fit at a penalty's cursor.
    pub fn of(analysis: &Analysis, selection: &Selection, penalty: Penalty) -> Self {
        let point = selection.point(analysis, penalty);
        let place = match selection.followed_rule(analysis, penalty) {
            Some(Rule::Min) => " at min",
            Some(Rule::OneSe) => " at 1-SE",
            Some(Rule::Manual) | None => "",
        };
        Self {
            name: format!("{}{place}", penalty_title(analysis, penalty).to_lowercase()),
            alpha: point.alpha(),
            df: point.degrees_of_freedom(),
            error: analysis.held_out_error(penalty, selection.cursor(penalty)),
            r_squared: point.r_squared(),
            l1_norm: point.solution().iter().map(|w| w.abs()).sum(),
        }
    }
}

/// Coefficients of one feature, `[own units, per standard deviation]`.
type Pair = [f64; 2];

/// What both cursors showed when it was pinned.
#[derive(Debug, Clone, PartialEq)]
pub struct Pinned {
    names: Vec<String>,
    places: HashMap<String, usize>,
    figures: [Figures; 2],
    coefficients: [Vec<Pair>; 2],
    intercepts: [Pair; 2],
    /// Whose cursor led.
    pub leader: Penalty,
    settings: Settings,
    rows: usize,
}

fn index(penalty: Penalty) -> usize {
    usize::from(penalty == Penalty::Ridge)
}

impl Pinned {
    /// A copy of what both cursors show.
    pub fn of(analysis: &Analysis, selection: &Selection) -> Self {
        let names: Vec<String> = analysis.design.features.iter().map(|f| f.name.clone()).collect();
        let both = [Penalty::Lasso, Penalty::Ridge];
        let coefficients = |penalty| {
            let point = selection.point(analysis, penalty);
            (0..names.len()).map(|j| [point.coefficient(j), point.coefficient_per_sd(j)]).collect()
        };
        Self {
            places: names.iter().cloned().zip(0..).collect(),
            figures: both.map(|penalty| Figures::of(analysis, selection, penalty)),
            coefficients: both.map(coefficients),
            intercepts: both.map(|penalty| {
                let point = selection.point(analysis, penalty);
                [point.intercept(), point.path().scaling().target_mean]
            }),
            leader: selection.leader(),
            settings: analysis.settings.clone(),
            rows: analysis.n_samples(),
            names,
        }
    }

    /// The numbers of a penalty's fit.
    pub fn figures(&self, penalty: Penalty) -> &Figures {
        &self.figures[index(penalty)]
    }

    /// Names of the features at that time.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Coefficient of a feature in own units or per standard deviation of that time's rows; `None` if there was no such
    /// feature. `near` is its position now, where it mostly was then.
    pub fn coefficient(&self, penalty: Penalty, name: &str, near: usize, per_sd: bool) -> Option<f64> {
        let at = match self.names.get(near) {
            Some(same) if same == name => near,
            _ => *self.places.get(name)?,
        };
        Some(self.coefficients[index(penalty)][at][usize::from(per_sd)])
    }

    /// Its intercept; where coefficients are per standard deviation columns are centred, and it is the target's mean.
    pub fn intercept(&self, penalty: Penalty, per_sd: bool) -> f64 {
        self.intercepts[index(penalty)][usize::from(per_sd)]
    }

    /// Whether alphas of then and now measure the same penalty: coefficients are penalized in the same units, by the same mix.
    pub fn is_on_same_scale(&self, analysis: &Analysis) -> bool {
        self.settings.scale == analysis.settings.scale
            && self.settings.l1_ratio.to_bits() == analysis.settings.l1_ratio.to_bits()
    }

    /// What is different now, in words: `standardized → own units`.
    pub fn changes(&self, analysis: &Analysis) -> Vec<String> {
        let (then, now) = (&self.settings, &analysis.settings);
        let mut changes = Vec::new();
        let scale = |scale: Scale| if scale == Scale::Standardize { "standardized" } else { "own units" };
        if then.scale != now.scale {
            changes.push(format!("{} → {}", scale(then.scale), scale(now.scale)));
        }
        if then.l1_ratio.to_bits() != now.l1_ratio.to_bits() {
            changes.push(format!("l1_ratio {} → {}", format::number(then.l1_ratio), format::number(now.l1_ratio)));
        }
        if then.folds != now.folds {
            changes.push(format!("folds {} → {}", folds(&then.folds), folds(&now.folds)));
        }
        if then.repeats != now.repeats {
            changes.push(format!("repeats {} → {}", then.repeats, now.repeats));
        }
        if then.lasso_grid != now.lasso_grid || then.ridge_grid != now.ridge_grid {
            changes.push("another grid of alphas".to_owned());
        }
        if then.engine != now.engine {
            changes.push("another engine".to_owned());
        }
        let p = analysis.design.features.len();
        if self.names.len() != p {
            changes.push(format!("{} → {} features", format::count(self.names.len()), format::count(p)));
        } else if analysis.design.features.iter().zip(&self.names).any(|(f, name)| f.name != *name) {
            changes.push("other features".to_owned());
        }
        if self.rows != analysis.n_samples() {
            changes.push(format!("{} → {} rows", format::count(self.rows), format::count(analysis.n_samples())));
        }
        changes
    }
}

fn folds(rule: &FoldRule) -> String {
    match rule {
        FoldRule::Random { folds, seed } => format!("{folds} random, seed {seed}"),
        FoldRule::Interleaved { folds } => format!("{folds} interleaved"),
        FoldRule::Contiguous { folds } => format!("{folds} contiguous"),
        FoldRule::Groups { folds, seed } => format!("{folds} by group, seed {seed}"),
        FoldRule::Given => "by column".to_owned(),
    }
}

/// The pinned fit beside the present one of the same penalty.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison<'a> {
    /// Non-zero now, but not then (or no feature then).
    pub gained: Vec<&'a str>,
    /// Non-zero then, but not now (or no feature now).
    pub lost: Vec<&'a str>,
    /// Then.
    pub then: &'a Figures,
    /// Now.
    pub now: Figures,
    /// What is different besides the cursor.
    pub changes: Vec<String>,
}

impl<'a> Comparison<'a> {
    /// Compares the fits of the penalty whose cursor leads now.
    pub fn of(pinned: &'a Pinned, analysis: &'a Analysis, selection: &Selection) -> Self {
        let penalty = selection.leader();
        let point = selection.point(analysis, penalty);
        let features = &analysis.design.features;
        let is_in = |j: &usize| point.solution()[*j] != 0.0;
        let was_in = |name: &str, near| pinned.coefficient(penalty, name, near, false).is_some_and(|w| w != 0.0);
        let mut gained = Vec::new();
        let mut kept = 0;
        for &j in analysis.entry_order.iter().filter(|j| is_in(j)) {
            let name = features[j].name.as_str();
            if was_in(name, j) { kept += 1 } else { gained.push(name) }
        }
        let then = &pinned.coefficients[index(penalty)];
        let were_in = || pinned.names.iter().zip(then).filter(|(_, w)| w[0] != 0.0).map(|(name, _)| name.as_str());
        let mut lost = Vec::new();
        if were_in().count() > kept {
            let now: std::collections::HashSet<&str> =
                (0..features.len()).filter(is_in).map(|j| features[j].name.as_str()).collect();
            lost.extend(were_in().filter(|name| !now.contains(name)));
        }
        Self {
            gained,
            lost,
            then: pinned.figures(penalty),
            now: Figures::of(analysis, selection, penalty),
            changes: pinned.changes(analysis),
        }
    }
}

impl App {
    /// Pins what is on screen, or lets go of it; Undo takes that back.
    pub(super) fn toggle_pin(&mut self, ctx: &Context) {
        let Some(shown) = self.shown.as_mut().filter(|shown| !shown.is_of_former_table) else { return };
        let before = shown.selection.clone();
        shown.selection.toggle_pin(&shown.analysis);
        self.record_selection(ctx, Some(before));
    }
}

impl Selection {
    /// Pins what the cursors show, or lets go of what is pinned.
    pub fn toggle_pin(&mut self, analysis: &Analysis) {
        self.pinned = match self.pinned.take() {
            Some(_) => None,
            None => Some(std::sync::Arc::new(Pinned::of(analysis, self))),
        };
    }
}
