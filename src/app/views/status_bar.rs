//! Left what is chosen, right whether to believe it.

use std::time::Duration;

use eframe::egui::{Align, Button, FontId, Layout, Painter, ProgressBar, Response, RichText, Sense, Ui, vec2};

use crate::analysis::{Analysis, Penalty};
use crate::app::command::Command;
use crate::app::format;
use crate::app::remaining;
use crate::app::selection::{Rule, Selection};
use crate::app::theme;
use crate::app::views::explain;
use crate::app::views::path::penalty_title;
use crate::app::views::widgets::{shortened, text_width};
use crate::model::path_point::PathPoint;

/// A running job, for the bar.
pub struct Running<'a> {
    /// What it does: `Reading big.csv`.
    pub what: &'a str,
    /// Share done, 0 to 1.
    pub fraction: f32,
    /// How long it will still take, once that is known.
    pub remaining: Option<Duration>,
}

/// What the bar reads.
pub struct Context<'a> {
    /// Whether a table is open.
    pub is_open: bool,
    /// Whether the first table is being read.
    pub is_reading: bool,
    /// Why the present document has no fit, if that is known.
    pub failure: Option<&'a str>,
    /// Whether the result on screen is that of former settings.
    pub is_former: bool,
    /// The result on screen.
    pub shown: Option<(&'a Analysis, &'a Selection)>,
    /// The running job, if it has run long enough to be mentioned.
    pub running: Option<Running<'a>>,
    /// How many notes there are.
    pub notes: usize,
    /// How long the analysis took.
    pub elapsed: Option<Duration>,
}

/// What the user asked for here.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// A command.
    Command(Command),
    /// Show or hide the notes.
    Notes,
}

/// The whole bar.
pub fn show(ui: &mut Ui, context: &Context<'_>) -> Option<Asked> {
    let mut asked = None;
    let tokens = theme::tokens(ui);
    ui.horizontal_centered(|ui| {
        ui.add_space(theme::PADDING);
        ui.spacing_mut().item_spacing.x = 4.0;
        if let Some((analysis, selection)) = context.shown {
            chosen(ui, analysis, selection);
        } else {
            let text = match (context.is_open, context.failure) {
                (true, Some(why)) => format!("No fit. {why}"),
                (true, None) => "No fit".to_owned(),
                (false, _) if context.is_reading => "Reading a table".to_owned(),
                (false, _) => "No table open".to_owned(),
            };
            let shown = shortened(ui.painter(), &text, &theme::body(), ui.available_width() * 0.6);
            ui.label(RichText::new(shown).color(tokens.text2)).on_hover_text(text);
        }
        let room = ui.available_width();
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(theme::PADDING);
            if let Some(running) = &context.running {
                asked = progress(ui, running).map(Asked::Command);
                return;
            }
            let Some((analysis, selection)) = context.shown else {
                ui.label(RichText::new("Files are read on this computer and sent nowhere").color(tokens.text2));
                return;
            };
            asked = notes(ui, context.notes);
            if let Some(elapsed) = context.elapsed.filter(|_| room > ROOM_FOR_TIME) {
                line(ui);
                ui.label(RichText::new(duration(elapsed)).color(tokens.text2))
                    .on_hover_text("Time of both sweeps with cross-validation");
            }
            line(ui);
            certificate(ui, analysis, selection, room > ROOM_FOR_GAP);
        });
    });
    asked
}

/// With less room at the right the time is not said.
const ROOM_FOR_TIME: f32 = 372.0;
/// With less room at the right the gap is said only in the tooltip.
const ROOM_FOR_GAP: f32 = 312.0;
/// Gaps below this are rounding.
const ROUNDING: f64 = 1e-12;

fn chosen(ui: &mut Ui, analysis: &Analysis, selection: &Selection) {
    let tokens = theme::tokens(ui);
    let penalty = selection.leader();
    let point = selection.point(analysis, penalty);
    let place = match selection.followed_rule(analysis, penalty) {
        Some(Rule::Min) => PLACES[0],
        Some(Rule::OneSe) => PLACES[1],
        Some(Rule::Manual) => PLACES[2],
        None => "",
    };
    let quiet = |text: &str| RichText::new(text.to_owned()).color(tokens.text2);
    let strong = |text: String| RichText::new(text).font(theme::strong());
    let title = penalty_title(analysis, penalty);
    let widest = Widest::new(ui, analysis, penalty);
    let (body, bold) = (theme::body(), theme::strong());
    let width = widest.of(&bold, PLACES.map(|place| format!("{title}{place}")));
    reserved(ui, width, |ui| ui.label(strong(format!("{title}{place}"))));
    line(ui);
    ui.label(quiet("alpha"));
    let width = widest.on_path(&bold, |point| format::number(point.alpha()));
    reserved(ui, width, |ui| ui.label(strong(format::number(point.alpha())))).on_hover_text(explain::ALPHA);
    line(ui);
    let p = format::count(point.path().n_features());
    let counted = |n: usize| format!("{} of {p} features", format::count(n));
    let width = widest.on_path(&body, |point| counted(point.n_nonzero()));
    reserved(ui, width, |ui| ui.label(counted(point.n_nonzero()))).on_hover_text(explain::NON_ZERO);
    line(ui);
    if let Some((error, se)) = analysis.held_out_error(penalty, selection.cursor(penalty)) {
        ui.label(quiet("CV error"));
        let both = |(error, se): (f64, f64)| format!("{} ± {}", format::number(error), format::number(se));
        let width = widest.of(&body, widest.errors().map(both));
        reserved(ui, width, |ui| ui.label(both((error, se)))).on_hover_text(explain::CV_ERROR);
        line(ui);
    }
    ui.label(quiet("R²"));
    let width = widest.on_path(&body, |point| format::number(point.r_squared()));
    reserved(ui, width, |ui| ui.label(format::number(point.r_squared()))).on_hover_text(explain::R_SQUARED);
    if analysis.design.y.is_empty() {
        line(ui);
        let tip = "The moments of these rows were opened: what needs the rows themselves cannot be shown";
        ui.label(quiet(&format!("moments of {} rows", format::count(analysis.n_samples())))).on_hover_text(tip);
    } else if !analysis.keeps_rows() {
        line(ui);
        let tip = format!(
            "The file is larger than memory allows: its rows were summed up in one pass and not kept. The table shows the first of them, the plots {} drawn by the seed",
            format::count(analysis.design.y.len())
        );
        ui.label(quiet(&format!("{} rows in one pass", format::count(analysis.n_samples())))).on_hover_text(tip);
    }
}

/// What is said of the place of the cursor.
const PLACES: [&str; 3] = [" at min", " at 1-SE", ", manual"];
/// How many points of a path are asked how much room their numbers need.
const ASKED: usize = 24;

/// How much room the numbers of a path need, so that nothing moves while the cursor does.
struct Widest<'a> {
    painter: Painter,
    analysis: &'a Analysis,
    penalty: Penalty,
    asked: Vec<usize>,
}

impl<'a> Widest<'a> {
    fn new(ui: &Ui, analysis: &'a Analysis, penalty: Penalty) -> Self {
        let last = analysis.penalty(penalty).path.len() - 1;
        let asked = (0..ASKED).map(|i| i * last / (ASKED - 1)).collect();
        Self { painter: ui.painter().clone(), analysis, penalty, asked }
    }

    fn of(&self, font: &FontId, texts: impl IntoIterator<Item = String>) -> f32 {
        texts.into_iter().map(|text| text_width(&self.painter, &text, font)).fold(0.0, f32::max).ceil()
    }

    fn on_path(&self, font: &FontId, text: impl Fn(PathPoint<'_>) -> String) -> f32 {
        let path = &self.analysis.penalty(self.penalty).path;
        self.of(font, self.asked.iter().map(|&k| text(path.point(k))))
    }

    /// Cross-validation errors with their standard errors.
    fn errors(&self) -> impl Iterator<Item = (f64, f64)> {
        let errors = self.analysis.penalty(self.penalty).cross_validation.as_ref();
        errors.into_iter().flat_map(|errors| self.asked.iter().map(|&k| (errors.mean[k], errors.se[k])))
    }
}

/// A text in room for the widest, so that what follows stays where it is while values change.
fn reserved(ui: &mut Ui, width: f32, label: impl FnOnce(&mut Ui) -> Response) -> Response {
    let size = vec2(width, ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        let response = label(ui);
        // Layouts of egui grow from their contents; the rest of the room is taken up here.
        let rest = width - response.rect.width();
        if rest > 0.0 {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.add_space(rest);
        }
        response
    })
    .inner
}

/// A line between two fields.
fn line(ui: &mut Ui) {
    ui.add_space(theme::GAP);
    let (rect, _) = ui.allocate_exact_size(vec2(1.0, 12.0), Sense::hover());
    ui.painter().rect_filled(rect, 0, theme::tokens(ui).control_border);
    ui.add_space(theme::GAP);
}

fn certificate(ui: &mut Ui, analysis: &Analysis, selection: &Selection, says_gap: bool) {
    let tokens = theme::tokens(ui);
    let penalty = selection.leader();
    let point = selection.point(analysis, penalty);
    let (gap, kkt) = (point.duality_gap(), point.kkt());
    let is_optimal = point.is_certified();
    let (word, color) = if is_optimal { ("Optimal", tokens.good) } else { ("Not converged", tokens.warn) };
    let gap_text = gap.map_or_else(|| "not defined at alpha 0".to_owned(), format::tiny);
    let tip = if is_optimal {
        let how =
            if point.is_measured_on_rows() { "Proved on the rows themselves" } else { "Proved on sums over all rows" };
        format!("{how}: relative duality gap {gap_text}, KKT violation {} of the largest alpha", format::tiny(kkt))
    } else {
        format!(
            "Relative duality gap {gap_text}, KKT violation {}: check the scale of the features, or use a larger alpha",
            format::tiny(kkt)
        )
    };
    // Right to left.
    // Below this all is rounding, of which the digits say nothing and jump from alpha to alpha.
    let shown = if gap.is_some_and(|gap| gap < ROUNDING) { "< 1e−12".to_owned() } else { gap_text };
    let text = RichText::new(format!("relative gap {shown}")).color(tokens.text2);
    let width = text_width(ui.painter(), "relative gap < 1e−12", &theme::body()).ceil();
    if says_gap {
        reserved(ui, width, |ui| ui.label(text)).on_hover_text(tip.clone());
    }
    let word = if says_gap { format!("{word},") } else { word.to_owned() };
    ui.label(RichText::new(word).font(theme::strong()).color(if is_optimal { tokens.text } else { tokens.warn }))
        .on_hover_text(tip);
    let (rect, _) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
    ui.painter().circle_filled(rect.center(), 4.5, color);
}

fn notes(ui: &mut Ui, count: usize) -> Option<Asked> {
    let tokens = theme::tokens(ui);
    if count == 0 {
        ui.label(RichText::new("No notes").color(tokens.text2));
        return None;
    }
    let text = if count == 1 { "1 note".to_owned() } else { format!("{} notes", format::count(count)) };
    let button = ui.add(Button::new(RichText::new(text).font(theme::strong()).color(tokens.warn)).frame(false));
    button.on_hover_text("What to know about how the data were read and analysed").clicked().then_some(Asked::Notes)
}

fn progress(ui: &mut Ui, running: &Running<'_>) -> Option<Command> {
    let cancel = ui.add(Button::new(Command::Cancel.text()).small()).on_hover_text(Command::Cancel.tooltip());
    let bar = ProgressBar::new(running.fraction).desired_width(160.0).desired_height(6.0).corner_radius(3);
    ui.add(bar.fill(theme::tokens(ui).accent));
    let left = running.remaining.map_or_else(String::new, |left| format!(", {}", remaining::text(left)));
    ui.label(RichText::new(format!("{}{left}", running.what)).color(theme::tokens(ui).text2));
    cancel.clicked().then_some(Command::Cancel)
}

/// `14 ms`, `2.3 s`.
fn duration(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    if seconds < 0.9995 { format!("{:.0} ms", (seconds * 1000.0).max(1.0)) } else { format!("{seconds:.1} s") }
}
