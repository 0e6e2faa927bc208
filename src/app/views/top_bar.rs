//! File, shape and target first; actions stay quiet.

use eframe::egui::{
    Align, Button, CornerRadius, Layout, Rect, RichText, Sense, Stroke, ThemePreference, Ui, UiBuilder, pos2, vec2,
};

use crate::app::command::Command;
use crate::app::data_view::Page;
use crate::app::document::Document;
use crate::app::format;
use crate::app::preferences::Recent;
use crate::app::theme;
use crate::app::views::names;
use crate::app::views::picker;
use crate::app::views::widgets::{chevron_down, combo, elided, menu, menu_width, segments, segments_width, text_width};
use crate::data::design::Guess;
use crate::data::examples;
use crate::export::File;

/// Up to this width of the window the themes are a menu, since the shape of the table needs their room.
const ROOM_FOR_SHAPE: f32 = 1320.0;
/// Up to this width the tour starts from the guide and from the palette.
const ROOM_FOR_TOUR: f32 = 1160.0;
/// Box with the target; the lesser width where the name of the file needs room.
const TARGET: [f32; 2] = [64.0, 96.0];
/// Least room of the file's name, how much of it comes before all else, and its most.
const NAME: [f32; 3] = [64.0, 220.0, 400.0];

/// Why there are no predictions.
pub const NO_ROWS: &str =
    "Predictions need rows, and only their moments were opened: apply the coefficients where the rows are";

/// What the bar reads.
pub struct Context<'a> {
    /// What is open.
    pub document: Option<&'a Document>,
    /// How the target was guessed, until one is chosen.
    pub guess: Option<Guess>,
    /// Whether there is something to export.
    pub can_export: bool,
    /// Name of the step that Undo takes back.
    pub undo: Option<&'a str>,
    /// Name of the step that Redo does again.
    pub redo: Option<&'a str>,
    /// Files opened before, newest first.
    pub recent: &'a [Recent],
    /// Chosen theme.
    pub theme: ThemePreference,
    /// What fills the middle of the window.
    pub page: Page,
    /// Whether the guided tour is on.
    pub is_touring: bool,
}

/// The whole bar. What is at the right is laid out from left to right, so that Tab goes as the eye does.
pub fn show(ui: &mut Ui, context: &Context<'_>) -> Option<Command> {
    let mut command = None;
    let area = ui.max_rect().shrink2(vec2(theme::PADDING, 0.0));
    let row = Layout::left_to_right(Align::Center);
    let pieces = Piece::shown(ui.ctx().content_rect().width(), context);
    let gaps: f32 = pieces.windows(2).map(|pair| pair[0].gap(pair[1])).sum();
    let right = pieces.iter().map(|piece| piece.width(ui)).sum::<f32>() + gaps;
    let middle = area.right() - right - theme::PADDING;
    let left = Rect::from_min_max(area.min, pos2(middle, area.bottom()));
    ui.scope_builder(UiBuilder::new().max_rect(left).layout(row).id_salt("document"), |ui| {
        mark(ui, 18.0);
        ui.add_space(4.0);
        let open = ui.button(Command::OpenDialog.text()).on_hover_text(with_key(ui, &Command::OpenDialog));
        if open.clicked() {
            command = Some(Command::OpenDialog);
        }
        command = examples_menu(ui, context).or(command.take());
        if let Some(document) = context.document {
            vertical_line(ui);
            command = file_and_target(ui, document, context).or(command.take());
        }
    });
    let right = area.with_min_x(area.right() - right);
    ui.scope_builder(UiBuilder::new().max_rect(right).layout(row).id_salt("actions"), |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        for (i, piece) in pieces.iter().enumerate() {
            ui.add_space(if i > 0 { pieces[i - 1].gap(*piece) } else { 0.0 });
            command = piece.show(ui, context).or(command.take());
        }
    });
    command
}

/// Diamond in circle.
pub fn mark(ui: &mut Ui, size: f32) {
    let tokens = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(size, size), Sense::hover());
    let (center, r) = (rect.center(), size / 2.0);
    let painter = ui.painter();
    painter.circle_stroke(center, r, Stroke::new(1.25, tokens.axis));
    let corners = [vec2(0.0, -r), vec2(r, 0.0), vec2(0.0, r), vec2(-r, 0.0)].map(|v| center + v).to_vec();
    painter.add(egui::Shape::convex_polygon(corners, tokens.region, Stroke::new(1.5, tokens.accent)));
}

/// Width of a line between groups.
const LINE: f32 = 1.0;

fn vertical_line(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(LINE, theme::CONTROL), Sense::hover());
    ui.painter().rect_filled(rect, CornerRadius::ZERO, theme::tokens(ui).border);
}

fn with_key(ui: &Ui, command: &Command) -> String {
    match command.shortcut() {
        Some(shortcut) => format!("{} ({})", command.tooltip(), ui.ctx().format_shortcut(&shortcut)),
        None => command.tooltip().to_owned(),
    }
}

fn examples_menu(ui: &mut Ui, context: &Context<'_>) -> Option<Command> {
    let mut command = None;
    menu(ui, "Examples", |ui| {
        ui.set_min_width(260.0);
        for example in examples::all() {
            if ui.button(example.title).on_hover_text(example.description).clicked() {
                command = Some(Command::OpenExample(example.name));
                ui.close();
            }
        }
        if context.document.is_some() && !context.is_touring {
            let close = Command::CloseTable;
            ui.separator();
            if ui.button(close.text()).on_hover_text(close.tooltip()).clicked() {
                command = Some(close);
                ui.close();
            }
        }
        if !context.recent.is_empty() {
            ui.separator();
            ui.label(RichText::new("Recent files").small().weak());
            for Recent { path, .. } in context.recent {
                let name =
                    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
                let name = elided(ui.painter(), &name, &theme::body(), 240.0);
                if ui.button(name).on_hover_text(path.display().to_string()).clicked() {
                    command = Some(Command::OpenPath(path.clone()));
                    ui.close();
                }
            }
            if ui.button(RichText::new(Command::ClearRecent.text()).weak()).clicked() {
                command = Some(Command::ClearRecent);
                ui.close();
            }
        }
    })
    .on_hover_text("Tables that come with the program, and files opened before");
    command
}

/// File, shape and target, and the switch of pages. The name comes first where room is scarce.
fn file_and_target(ui: &mut Ui, document: &Document, context: &Context<'_>) -> Option<Command> {
    let table = &document.table;
    let tokens = theme::tokens(ui);
    let first = if document.stream.is_some() { "first " } else { "" };
    let (n_records, n_columns) = (format::count(table.n_records), format::count(table.columns.len()));
    let shape = format!("{first}{n_records} rows × {n_columns} columns");
    let wide = |text: &str| text_width(ui.painter(), text, &theme::body()) + theme::GAP;
    let fixed = TARGET[0] + LINE + theme::GAP * 3.0 + segments_width(ui, &PAGES.map(|page| page.1));
    let mut room = ui.available_width() - fixed;
    let full = elided(ui.painter(), &table.name, &theme::heading(), NAME[1]);
    let full = text_width(ui.painter(), &full, &theme::heading());
    let mut has_room_beside = |width: f32| {
        let fits = room - width >= full;
        room -= if fits { width } else { 0.0 };
        fits
    };
    let width = TARGET[usize::from(has_room_beside(TARGET[1] - TARGET[0]))];
    let has_label = has_room_beside(wide("Target"));
    let says_guess = context.guess.is_some() && has_room_beside(wide(GUESSED));
    let has_shape = has_room_beside(wide(&shape));
    let name = elided(ui.painter(), &table.name, &theme::heading(), room.clamp(NAME[0], NAME[2]));
    let tip = format!("{}\n{shape}\n{}", table.name, table.dialect);
    ui.label(RichText::new(name).font(theme::heading())).on_hover_text(tip);
    if has_shape {
        ui.label(RichText::new(shape).color(tokens.text2));
    }
    if has_label {
        ui.label(RichText::new("Target").color(tokens.text2));
    }
    let chosen = target(ui, document, context.guess, width);
    if let Some(guess) = context.guess.filter(|_| says_guess) {
        ui.label(RichText::new(GUESSED).small().color(tokens.text2)).on_hover_text(guess_tip(guess));
    }
    vertical_line(ui);
    pages(ui, context.page).or(chosen)
}

/// The column to predict.
fn target(ui: &mut Ui, document: &Document, guess: Option<Guess>, width: f32) -> Option<Command> {
    let table = &document.table;
    let mut target = document.roles.target;
    let text = if Document::can_be_target(table, target) {
        names::column(ui.painter(), table, target, &theme::strong(), width - 36.0)
    } else {
        "none".to_owned()
    };
    combo("target")
        .selected_text(RichText::new(text).font(theme::strong()))
        .width(width)
        .height(400.0)
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show_ui(ui, |ui| {
            ui.set_min_width(180.0);
            let columns: Vec<usize> = (0..table.columns.len()).collect();
            let short = |painter: &egui::Painter, c, font: &egui::FontId, room| {
                names::column(painter, &document.table, c, font, room)
            };
            let name = |c: usize| (table.columns[c].name.clone(), Document::can_be_target(table, c));
            if let Some(c) = picker::entries(ui, "target columns", &columns, target, &name, &short) {
                target = c;
            }
        })
        .response
        .accessible_name("Target")
        .on_hover_text(guess.map_or("The column to predict", guess_tip));
    (target != document.roles.target).then_some(Command::SetTarget(target))
}

/// What stands beside a target that nobody chose.
const GUESSED: &str = "guessed";
/// What can fill the window, as it is called on its switch.
const PAGES: [(Page, &str); 3] = [(Page::Analysis, "Analysis"), (Page::Geometry, "Geometry"), (Page::Data, "Data")];

/// That the target is a guess, and what of.
fn guess_tip(guess: Guess) -> &'static str {
    match guess {
        Guess::Name => "The column to predict, guessed by its name. Choose another if that is not what you mean",
        Guess::Last => {
            "The column to predict, guessed: the last column of numbers. Choose another if that is not what you mean"
        }
    }
}

/// The switch between analysis and table.
fn pages(ui: &mut Ui, page: Page) -> Option<Command> {
    let tips = PAGES.map(|(page, _)| with_key(ui, &Command::ShowPage(page)));
    let options = [0, 1, 2].map(|i| (PAGES[i].1, PAGES[i].0, tips[i].as_str()));
    let mut chosen = page;
    segments(ui, "Show", &options, &mut chosen).then_some(Command::ShowPage(chosen))
}

const THEMES: [(&str, ThemePreference, &str); 3] = [
    ("Light", ThemePreference::Light, "Light colours"),
    ("Dark", ThemePreference::Dark, "Dark colours"),
    ("System", ThemePreference::System, "As the desktop has it"),
];

/// What stands at the right.
#[derive(Clone, Copy, PartialEq)]
enum Piece {
    Undo,
    Redo,
    Line,
    Export,
    ThemeSwitch,
    ThemeMenu,
    Tour,
    Help,
}

impl Piece {
    /// From left to right.
    fn shown(window: f32, context: &Context<'_>) -> Vec<Self> {
        let theme = if window <= ROOM_FOR_SHAPE { Self::ThemeMenu } else { Self::ThemeSwitch };
        let mut all = vec![Self::Undo, Self::Redo, Self::Line, Self::Export, theme];
        if window > ROOM_FOR_TOUR && !context.is_touring {
            all.push(Self::Tour);
        }
        all.push(Self::Help);
        all
    }

    /// The command of a plain button.
    fn command(self) -> Option<Command> {
        match self {
            Self::Undo => Some(Command::Undo),
            Self::Redo => Some(Command::Redo),
            Self::Tour => Some(Command::StartTour),
            Self::Help => Some(Command::Help),
            Self::Line | Self::Export | Self::ThemeSwitch | Self::ThemeMenu => None,
        }
    }

    /// Between this one and the next: the padding of plain buttons is gap enough.
    fn gap(self, next: Self) -> f32 {
        if self.command().is_some() && next.command().is_some() { 0.0 } else { theme::GAP }
    }

    fn width(self, ui: &Ui) -> f32 {
        match self {
            Self::Line => LINE,
            Self::Export => menu_width(ui, "Export"),
            Self::ThemeSwitch => segments_width(ui, &THEMES.map(|theme| theme.0)),
            Self::ThemeMenu => THEME_MENU,
            Self::Undo | Self::Redo | Self::Tour | Self::Help => self
                .command()
                .map_or(0.0, |command| text_width(ui.painter(), command.text(), &theme::body()).ceil() + 16.0),
        }
    }

    fn show(self, ui: &mut Ui, context: &Context<'_>) -> Option<Command> {
        match self {
            Self::Line => {
                vertical_line(ui);
                None
            }
            Self::Export => export_menu(ui, context),
            Self::ThemeSwitch => {
                let mut chosen = context.theme;
                segments(ui, "Theme", &THEMES, &mut chosen).then_some(Command::SetTheme(chosen))
            }
            Self::ThemeMenu => theme_menu(ui, context.theme),
            Self::Undo => self.step(ui, context.undo),
            Self::Redo => self.step(ui, context.redo),
            Self::Tour | Self::Help => {
                self.command().filter(|command| self.button(ui, true).on_hover_text(with_key(ui, command)).clicked())
            }
        }
    }

    /// Undo or Redo of `what`.
    fn step(self, ui: &mut Ui, what: Option<&str>) -> Option<Command> {
        let command = self.command()?;
        let tip = what.map_or_else(|| command.tooltip().to_owned(), |what| format!("{} {what}", command.text()));
        self.button(ui, what.is_some()).on_hover_text(tip).clicked().then_some(command)
    }

    /// Actions stay quiet: a frame only under the pointer.
    fn button(self, ui: &mut Ui, is_enabled: bool) -> egui::Response {
        let size = vec2(self.width(ui), theme::CONTROL);
        let text = self.command().map_or("", |command| command.text());
        let button = Button::new(text).frame_when_inactive(false).min_size(size);
        ui.add_enabled(is_enabled, button)
    }
}

fn export_menu(ui: &mut Ui, context: &Context<'_>) -> Option<Command> {
    let mut command = None;
    ui.add_enabled_ui(context.can_export, |ui| {
        menu(ui, "Export", |ui| {
            ui.set_min_width(220.0);
            for kind in File::ALL {
                let export = Command::Export(kind);
                let mut button = Button::new(export.text());
                if let Some(shortcut) = export.shortcut() {
                    button = button.shortcut_text(ui.ctx().format_shortcut(&shortcut));
                }
                let needs_rows = kind == File::Predictions && context.document.is_some_and(|d| d.moments.is_some());
                let response = ui.add_enabled(!needs_rows, button).on_disabled_hover_text(NO_ROWS);
                if response.on_hover_text(export.tooltip()).clicked() {
                    command = Some(export);
                    ui.close();
                }
            }
        })
        .on_hover_text("Write the result to a file");
    });
    command
}

/// Width of the menu of themes: a disc half dark, and a chevron.
const THEME_MENU: f32 = 48.0;

fn theme_menu(ui: &mut Ui, before: ThemePreference) -> Option<Command> {
    let disc = egui::Atom::paint(vec2(14.0, 14.0), |ui: &Ui, args: egui::AtomPaintArgs| {
        let (center, color) = (args.rect.center(), args.fallback_text_color);
        ui.painter().circle_stroke(center, 5.5, Stroke::new(1.25, color));
        let half = (0..=12).map(|i| {
            let angle = std::f32::consts::PI * (i as f32 / 12.0 - 0.5);
            center + 5.5 * vec2(angle.cos(), angle.sin())
        });
        ui.painter().add(egui::Shape::convex_polygon(half.collect(), color, Stroke::NONE));
    });
    let button = Button::new((disc, chevron_down())).min_size(vec2(THEME_MENU, theme::CONTROL));
    let mut chosen = before;
    let (response, _) = egui::containers::menu::MenuButton::from_button(button).ui(ui, |ui| {
        ui.set_min_width(120.0);
        for (text, option, tip) in THEMES {
            picker::choice(ui, &mut chosen, option, text).on_hover_text(tip);
        }
    });
    response.accessible_name("Theme").on_hover_text("Light or dark colours");
    (chosen != before).then_some(Command::SetTheme(chosen))
}
