//! The guided tour: six steps on the diabetes example that move the real controls. What was open waits and comes back.

use std::mem;
use std::path::PathBuf;

use eframe::egui;

use crate::analysis::{Analysis, Penalty};
use crate::app::data_view::{Columns, DataView, Page};
use crate::app::document::Document;
use crate::app::history::History;
use crate::app::selection::{Link, Rule, Selection, XAxis};
use crate::app::{App, Shown, Side};
use crate::data::options::ImportOptions;
use crate::model::standardize::Scale;

/// The example that is shown.
pub const EXAMPLE: &str = "diabetes";

/// Part of the window that a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The lasso path with its cross-validation.
    Lasso,
    /// The ridge path with its cross-validation.
    Ridge,
    /// The page of the geometry.
    Geometry,
    /// The selected features.
    Features,
}

/// A formula that a step shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formula {
    /// What the lasso minimizes.
    Lasso,
    /// What ridge minimizes.
    Ridge,
    /// A step of gradient descent with weight decay.
    WeightDecay,
}

/// One step.
#[derive(Debug)]
pub struct Step {
    /// Heading.
    pub title: &'static str,
    /// What is seen, in one or two sentences.
    pub text: &'static str,
    /// Shown beside the text.
    pub formula: Option<Formula>,
    /// Where it was first said.
    pub source: &'static str,
    /// Where to look.
    pub focus: Focus,
    /// Whether features are scaled.
    pub scale: Scale,
    arrange: fn(&Analysis, &mut Selection),
}

/// All steps in order.
pub const STEPS: [Step; 6] = [
    Step {
        title: "Alpha is a price",
        text: "The lasso pays alpha for every unit of a coefficient. Drag the blue handle: far left nothing is worth its price, further right one feature after another comes in.",
        formula: Some(Formula::Lasso),
        source: "Tibshirani (1996)",
        focus: Focus::Lasso,
        scale: Scale::Standardize,
        arrange: |analysis, selection| {
            selection.set_link(analysis, Link::EqualDf);
            selection.move_to_alpha(analysis, Penalty::Lasso, 0.5 * analysis.lasso.path.alphas()[0]);
        },
    },
    Step {
        title: "Every line is a coefficient",
        text: "Ridge pays for squares: its lines bend towards zero together, and none ever arrives. Above, the lasso holds each line at exactly zero until its feature pulls hard enough.",
        formula: Some(Formula::Ridge),
        source: "Hoerl and Kennard (1970)",
        focus: Focus::Ridge,
        scale: Scale::Standardize,
        arrange: |analysis, selection| {
            selection.move_to_alpha(analysis, Penalty::Lasso, 0.1 * analysis.lasso.path.alphas()[0]);
        },
    },
    Step {
        title: "Held-out rows choose alpha",
        text: "Too much penalty underfits, and the error on held-out rows rises to the left. Min marks the least error; 1-SE, chosen now, the strongest penalty that is about as good.",
        formula: None,
        source: "Friedman, Hastie and Tibshirani (2010)",
        focus: Focus::Lasso,
        scale: Scale::Standardize,
        arrange: |analysis, selection| selection.choose_rule(analysis, Penalty::Lasso, Rule::OneSe),
    },
    Step {
        title: "A corner makes a zero, a circle does not",
        text: "The lasso's diamond is touched at a corner, so sex is exactly zero; ridge's circle has none, so both stay. Ridge is also what gradient descent finds if every step shrinks w a little: weight decay.",
        formula: Some(Formula::WeightDecay),
        source: "Tibshirani (1996), section 2.3",
        focus: Focus::Geometry,
        scale: Scale::Standardize,
        arrange: |analysis, selection| {
            choose_pair(analysis, selection, "bmi", "sex");
            selection.choose_rule(analysis, Penalty::Lasso, Rule::OneSe);
        },
    },
    Step {
        title: "Twins: the lasso picks, ridge shares",
        text: "s1 and s2 tell nearly the same, so the loss is a narrow valley. The lasso puts all weight on s1 and leaves s2 at zero; ridge gives both a part.",
        formula: None,
        source: "Hoerl and Kennard (1970)",
        focus: Focus::Geometry,
        scale: Scale::Standardize,
        arrange: |analysis, selection| {
            choose_pair(analysis, selection, "s1", "s2");
            let alphas = analysis.lasso.path.alphas();
            selection.move_to_alpha(analysis, Penalty::Lasso, 0.02 * alphas[0]);
        },
    },
    Step {
        title: "The unit must not set the price",
        text: "Features are no longer standardized: a unit of s1 costs as much as a unit of s5, though s5 moves by 0.5 and s1 by 35. So other features come first. Step back and compare, then leave: your own data are as they were.",
        formula: None,
        source: "Hastie, Tibshirani and Friedman (2009), section 3.4",
        focus: Focus::Features,
        scale: Scale::Keep,
        arrange: |analysis, selection| selection.choose_rule(analysis, Penalty::Lasso, Rule::OneSe),
    },
];

fn choose_pair(analysis: &Analysis, selection: &mut Selection, first: &str, second: &str) {
    let find = |name: &str| analysis.design.features.iter().position(|f| f.name == name);
    if let (Some(j), Some(k)) = (find(first), find(second)) {
        selection.set_pair(j, k);
    }
}

/// A running tour.
pub struct Tour {
    /// Position in [`STEPS`].
    at: usize,
    is_arranged: bool,
    /// What was open before.
    pub(super) kept: Kept,
}

/// All of the window's state that the example takes the place of.
pub(super) struct Kept {
    pub(super) document: Option<Document>,
    pub(super) revision: u64,
    pub(super) shown: Option<Shown>,
    pub(super) histograms: Vec<Vec<u32>>,
    pub(super) columns: Columns,
    pub(super) page: Page,
    pub(super) data_view: DataView,
    pub(super) history: History,
    pub(super) fit_failure: Option<String>,
    pub(super) side: Side,
    pub(super) opened: Option<(PathBuf, ImportOptions)>,
    pub(super) import: Option<(PathBuf, ImportOptions)>,
    pub(super) read_failure: Option<String>,
    pub(super) banner_open: bool,
}

impl Tour {
    pub(super) fn new(kept: Kept) -> Self {
        Self { at: 0, is_arranged: false, kept }
    }

    /// Position in [`STEPS`].
    pub fn at(&self) -> usize {
        self.at
    }

    /// The step on screen.
    pub fn step(&self) -> &'static Step {
        &STEPS[self.at]
    }

    /// Goes to a step; its controls are moved as soon as its analysis is there.
    pub(super) fn go_to(&mut self, at: usize) {
        self.at = at.min(STEPS.len() - 1);
        self.is_arranged = false;
    }

    /// Moves the controls, once a step.
    pub(super) fn arrange(&mut self, analysis: &Analysis, selection: &mut Selection) {
        if !self.is_arranged {
            self.is_arranged = true;
            selection.x_axis = XAxis::LogAlpha;
            (self.step().arrange)(analysis, selection);
        }
    }
}

impl App {
    /// Opens the example beside what is open, which waits.
    pub(super) fn start_tour(&mut self, ctx: &egui::Context) {
        if self.tour.is_some() {
            return;
        }
        (self.job, self.side_job, self.measuring) = (None, None, None);
        self.tour = Some(Tour::new(Kept {
            document: self.document.take(),
            revision: self.revision,
            shown: self.shown.take(),
            histograms: mem::take(&mut self.histograms),
            columns: mem::take(&mut self.columns),
            page: mem::take(&mut self.page),
            data_view: mem::take(&mut self.data_view),
            history: mem::take(&mut self.history),
            fit_failure: self.fit_failure.take(),
            side: mem::replace(&mut self.side, Side::Results),
            opened: self.opened.take(),
            import: self.import.take(),
            read_failure: self.read_failure.take(),
            banner_open: self.banner_open,
        }));
        self.message = None;
        self.is_help_open = false;
        self.open_example(ctx, EXAMPLE);
    }

    /// Goes to a step of the running tour.
    pub(super) fn show_tour_step(&mut self, ctx: &egui::Context, at: usize) {
        let Some(tour) = &mut self.tour else { return };
        tour.go_to(at);
        let step = tour.step();
        self.page = if step.focus == Focus::Geometry { Page::Geometry } else { Page::Analysis };
        self.side = Side::Results;
        if let Some(document) = &mut self.document
            && document.form.scale != step.scale
        {
            document.form.scale = step.scale;
            self.reanalyze(ctx);
        }
    }

    /// Puts back what was open before the tour.
    pub(super) fn leave_tour(&mut self, ctx: &egui::Context) {
        let Some(Tour { kept, .. }) = self.tour.take() else { return };
        (self.job, self.side_job, self.measuring) = (None, None, None);
        self.message = None;
        let had_document = kept.document.is_some();
        let lost_its_job = had_document && kept.shown.as_ref().is_none_or(|s| s.revision != kept.revision);
        self.document = kept.document;
        self.revision = kept.revision;
        self.shown = kept.shown;
        self.histograms = kept.histograms;
        self.columns = kept.columns;
        self.page = kept.page;
        self.data_view = kept.data_view;
        self.history = kept.history;
        self.fit_failure = kept.fit_failure;
        self.side = kept.side;
        self.opened = kept.opened;
        self.import = kept.import;
        self.read_failure = kept.read_failure;
        self.banner_open = kept.banner_open;
        if lost_its_job && self.fit_failure.is_none() {
            self.reanalyze(ctx);
        }
    }

    /// Enter leads on, Esc out, where nothing else has the keys.
    pub(super) fn take_tour_keys(&mut self, ctx: &egui::Context) {
        let Some(tour) = &self.tour else { return };
        let is_free = ctx.memory(|m| m.focused().is_none());
        let pressed = |key| ctx.input_mut(|i| i.consume_key(egui::Modifiers::NONE, key));
        if pressed(egui::Key::Escape) || (is_free && tour.at + 1 == STEPS.len() && pressed(egui::Key::Enter)) {
            self.leave_tour(ctx);
        } else if is_free && pressed(egui::Key::Enter) {
            let next = tour.at + 1;
            self.show_tour_step(ctx, next);
        }
    }

    /// Moves the controls of the step on screen, once its analysis is there.
    pub(super) fn arrange_tour(&mut self) {
        let is_there = self.job.is_none() && !self.is_stale();
        if let (Some(tour), Some(shown)) = (&mut self.tour, self.shown.as_mut().filter(|_| is_there)) {
            tour.arrange(&shown.analysis, &mut shown.selection);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::analysis::{Settings, analyze};
    use crate::data::design::{Design, Roles};
    use crate::data::examples;
    use crate::model::progress::Progress;

    fn at(step: &Step) -> (Analysis, Selection) {
        let table = examples::find(EXAMPLE).unwrap().table().unwrap();
        let roles = Roles::new(table.column_index("y").unwrap());
        let design = Arc::new(Design::new(&table, &roles).unwrap());
        let settings = Settings { scale: step.scale, ..Settings::default() };
        let analysis = analyze(&design, &settings, &Progress::new()).unwrap();
        let mut selection = Selection::new(&analysis);
        (step.arrange)(&analysis, &mut selection);
        (analysis, selection)
    }

    /// Coefficients per SD of both penalties for two features.
    fn pair(analysis: &Analysis, selection: &Selection) -> [[f64; 2]; 2] {
        let (j, k) = selection.pair();
        [Penalty::Lasso, Penalty::Ridge].map(|penalty| {
            let point = selection.point(analysis, penalty);
            [point.coefficient_per_sd(j), point.coefficient_per_sd(k)]
        })
    }

    #[test]
    fn the_corner_is_one() {
        let (analysis, selection) = at(&STEPS[3]);
        let [lasso, ridge] = pair(&analysis, &selection);
        assert!(lasso[0] != 0.0 && lasso[1] == 0.0, "bmi in, sex at a corner: {lasso:?}");
        assert!(ridge.iter().all(|w| *w != 0.0), "{ridge:?}");
    }

    #[test]
    fn the_twins_are_as_told() {
        let (analysis, selection) = at(&STEPS[4]);
        let (j, k) = selection.pair();
        assert!(analysis.correlation(j, k) > 0.85);
        let [lasso, ridge] = pair(&analysis, &selection);
        assert!(lasso[0] != 0.0 && lasso[1] == 0.0, "s1 alone: {lasso:?}");
        assert!(ridge.iter().all(|w| *w != 0.0), "{ridge:?}");
    }

    #[test]
    fn scaling_changes_what_is_chosen() {
        let chosen = |step: &Step| {
            let (analysis, selection) = at(step);
            let solution = selection.point(&analysis, Penalty::Lasso).solution().to_vec();
            let names = analysis.design.features.iter().zip(solution).filter(|(_, w)| *w != 0.0);
            names.map(|(f, _)| f.name.clone()).collect::<Vec<_>>()
        };
        let (scaled, own) = (chosen(&STEPS[2]), chosen(&STEPS[5]));
        assert_ne!(scaled, own);
        assert!(scaled.contains(&"s5".to_owned()) && !own.contains(&"s5".to_owned()), "{scaled:?} against {own:?}");
        let (analysis, _) = at(&STEPS[5]);
        let sd = |name: &str| {
            let j = analysis.design.features.iter().position(|f| f.name == name).unwrap();
            analysis.lasso.path.scaling().sds[j]
        };
        assert!((sd("s5") - 0.5).abs() < 0.05 && (sd("s1") - 35.0).abs() < 0.5, "{} {}", sd("s5"), sd("s1"));
    }

    #[test]
    fn one_se_keeps_fewer_than_min() {
        let (analysis, selection) = at(&STEPS[2]);
        let errors = analysis.lasso.cross_validation.as_ref().unwrap();
        assert_eq!(selection.rule(Penalty::Lasso), Rule::OneSe);
        assert!(errors.index_1se < errors.index_min);
    }
}
