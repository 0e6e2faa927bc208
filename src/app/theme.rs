//! The look of the window as one system: colours, type, spacing. Nothing else names a colour or a size of text.

use std::sync::Arc;

use eframe::egui::{
    self, Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Shadow, Stroke, Style,
    TextStyle, Theme, Ui, Vec2, Visuals, vec2,
};

/// The colours of one theme. Contrast figures stand in the tests below.
#[derive(Debug, Clone, Copy)]
pub struct Tokens {
    /// Bars, left panel, table heads.
    pub chrome: Color32,
    /// Plots, table, fields.
    pub surface: Color32,
    /// Buttons, fields.
    pub control: Color32,
    /// Panel dividers.
    pub border: Color32,
    /// Outline of a control, zero line.
    pub control_border: Color32,
    /// Plot grid, row rules.
    pub grid: Color32,
    /// Axis line, ticks, min and 1-SE markers.
    pub axis: Color32,
    /// Primary text.
    pub text: Color32,
    /// Labels, ticks, captions.
    pub text2: Color32,
    /// Left-out rows, disabled.
    pub text3: Color32,
    /// Cursor, handle, fit point, chosen segment, primary button.
    pub accent: Color32,
    /// Text on accent.
    pub on_accent: Color32,
    /// Chosen segment, count chip.
    pub tint: Color32,
    /// Fill of diamond and circle.
    pub region: Color32,
    /// Loss contours.
    pub contour: Color32,
    /// Loss contours near the least loss.
    pub contour_low: Color32,
    /// Touching contour, CV mean, identity line.
    pub contour_touching: Color32,
    /// CV error bars.
    pub error_bar: Color32,
    /// Column histograms.
    pub histogram: Color32,
    /// Certificate dot.
    pub good: Color32,
    /// Notes.
    pub warn: Color32,
    /// Ground of notes.
    pub warn_ground: Color32,
    /// Row under the hovered feature.
    pub hover: Color32,
    /// The ten feature colours, in order of entry into the lasso; the last serves all later features.
    pub features: [Color32; 10],
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// Light theme.
pub const LIGHT: Tokens = Tokens {
    chrome: rgb(0x00F5_F6F8),
    surface: rgb(0x00FF_FFFF),
    control: rgb(0x00FF_FFFF),
    border: rgb(0x00DF_E3E9),
    control_border: rgb(0x00C3_CAD3),
    grid: rgb(0x00ED_F0F3),
    axis: rgb(0x008A_94A1),
    text: rgb(0x0018_202B),
    text2: rgb(0x004C_5765),
    text3: rgb(0x0065_7080),
    accent: rgb(0x003B_54D6),
    on_accent: rgb(0x00FF_FFFF),
    tint: rgb(0x00E8_EBFB),
    region: rgb(0x00E8_EBFB),
    contour: rgb(0x00AE_B7C2),
    contour_low: rgb(0x0000_8C85),
    contour_touching: rgb(0x005B_6675),
    error_bar: rgb(0x00C3_CAD3),
    histogram: rgb(0x00B4_BDC8),
    good: rgb(0x001B_7A45),
    warn: rgb(0x008A_5A00),
    warn_ground: rgb(0x00FF_F7E0),
    hover: rgb(0x00FD_EFED),
    features: [
        rgb(0x00D6_3525),
        rgb(0x0028_5686),
        rgb(0x0023_745B),
        rgb(0x0055_25A9),
        rgb(0x00BB_8911),
        rgb(0x0050_7806),
        rgb(0x00F7_5585),
        rgb(0x0062_371E),
        rgb(0x003D_424A),
        rgb(0x008A_9099),
    ],
};

/// Dark theme.
pub const DARK: Tokens = Tokens {
    chrome: rgb(0x0014_171C),
    surface: rgb(0x001A_1E24),
    control: rgb(0x0022_272F),
    border: rgb(0x002B_313A),
    control_border: rgb(0x0043_4B57),
    grid: rgb(0x0024_2A32),
    axis: rgb(0x007B_8594),
    text: rgb(0x00E9_ECF0),
    text2: rgb(0x00AE_B7C2),
    text3: rgb(0x008F_99A6),
    accent: rgb(0x008F_A0FF),
    on_accent: rgb(0x0010_131A),
    tint: rgb(0x0027_2E4F),
    region: rgb(0x0024_2A46),
    contour: rgb(0x004A_535F),
    contour_low: rgb(0x0040_C9BD),
    contour_touching: rgb(0x00A3_ADB9),
    error_bar: rgb(0x004A_535F),
    histogram: rgb(0x004F_5965),
    good: rgb(0x005C_C98A),
    warn: rgb(0x00E3_B341),
    warn_ground: rgb(0x002E_2714),
    hover: rgb(0x0038_291C),
    features: [
        rgb(0x00F4_954B),
        rgb(0x0096_CBFC),
        rgb(0x0047_C79F),
        rgb(0x00A6_73FF),
        rgb(0x00EB_CE0B),
        rgb(0x00A5_EE9C),
        rgb(0x00E1_5EC2),
        rgb(0x00B2_6C40),
        rgb(0x00DE_E5EF),
        rgb(0x0076_7D85),
    ],
};

impl Tokens {
    /// Colour of the feature that enters the lasso as number `rank` (0-based).
    pub fn feature(&self, rank: usize) -> Color32 {
        self.features[rank.min(self.features.len() - 1)]
    }

    /// Colour of a loss contour, from the least loss at 0 to the largest in view at 1.
    pub fn loss(&self, share: f32) -> Color32 {
        self.contour_low.lerp_to_gamma(self.contour, share.clamp(0.0, 1.0).sqrt())
    }

    /// A colour mixed into the surface: `share` of it stays.
    pub fn faded(&self, color: Color32, share: f32) -> Color32 {
        let mix = |a: u8, b: u8| (f32::from(a) * share + f32::from(b) * (1.0 - share)).round() as u8;
        Color32::from_rgb(
            mix(color.r(), self.surface.r()),
            mix(color.g(), self.surface.g()),
            mix(color.b(), self.surface.b()),
        )
    }
}

/// The colours of the theme that `ui` is drawn in.
pub fn tokens(ui: &Ui) -> &'static Tokens {
    if ui.visuals().dark_mode { &DARK } else { &LIGHT }
}

/// Top bar.
pub const TOP_BAR: f32 = 44.0;
/// Status line.
pub const STATUS_BAR: f32 = 28.0;
/// Head of a panel.
pub const PANEL_HEAD: f32 = 40.0;
/// Padding of a panel.
pub const PADDING: f32 = 16.0;
/// Between controls.
pub const GAP: f32 = 8.0;
/// A button or field.
pub const CONTROL: f32 = 24.0;
/// A row of the feature picker and of the left-out list.
pub const ROW: f32 = 24.0;
/// A row of the selected features.
pub const TABLE_ROW: f32 = 28.0;

const SEMIBOLD: &str = "semibold";

/// Controls, cells.
pub fn body() -> FontId {
    FontId::proportional(13.0)
}

/// Panel titles, chosen values.
pub fn strong() -> FontId {
    FontId::new(13.0, FontFamily::Name(SEMIBOLD.into()))
}

/// Ticks, captions.
pub fn small() -> FontId {
    FontId::proportional(11.0)
}

/// Marker and axis names.
pub fn small_strong() -> FontId {
    FontId::new(11.0, FontFamily::Name(SEMIBOLD.into()))
}

/// File name, heading of the empty state.
pub fn heading() -> FontId {
    FontId::new(15.0, FontFamily::Name(SEMIBOLD.into()))
}

/// Sets fonts and both styles; called once before the first frame.
pub fn apply(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    // Where the desktop does not say.
    ctx.options_mut(|options| options.fallback_theme = Theme::Light);
    for (theme, tokens) in [(Theme::Light, &LIGHT), (Theme::Dark, &DARK)] {
        ctx.set_style_of(theme, style(theme, tokens));
    }
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let mut add = |name: &str, bytes: &'static [u8]| {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    };
    add("regular", include_bytes!("../../assets/fonts/ShrinkscopeSans-Regular.otf"));
    add(SEMIBOLD, include_bytes!("../../assets/fonts/ShrinkscopeSans-SemiBold.otf"));
    add("fallback", include_bytes!("../../assets/fonts/DejaVuSans.ttf"));
    let with_fallback = |name: &str| vec![name.to_owned(), "fallback".to_owned()];
    fonts.families.insert(FontFamily::Proportional, with_fallback("regular"));
    fonts.families.insert(FontFamily::Monospace, with_fallback("regular"));
    fonts.families.insert(FontFamily::Name(SEMIBOLD.into()), with_fallback(SEMIBOLD));
    fonts
}

fn style(theme: Theme, t: &Tokens) -> Style {
    let mut style = Style {
        text_styles: [
            (TextStyle::Heading, heading()),
            (TextStyle::Body, body()),
            (TextStyle::Button, body()),
            (TextStyle::Monospace, body()),
            (TextStyle::Small, small()),
        ]
        .into(),
        visuals: visuals(theme, t),
        animation_time: 0.08,
        ..Style::default()
    };
    let s = &mut style.spacing;
    s.item_spacing = vec2(GAP, 4.0);
    s.button_padding = vec2(8.0, 3.0);
    s.interact_size = vec2(32.0, CONTROL);
    s.menu_margin = Margin::same(4);
    s.window_margin = Margin::same(16);
    s.icon_width = 8.0;
    s.icon_width_inner = 5.0;
    s.icon_spacing = 8.0;
    s.combo_width = 64.0;
    s.slider_rail_height = 4.0;
    // A thin thumb in the margin of what scrolls, always to be seen.
    s.scroll = egui::style::ScrollStyle {
        bar_width: 8.0,
        floating_allocated_width: 0.0,
        floating_width: 4.0,
        foreground_color: true,
        dormant_background_opacity: 0.0,
        active_background_opacity: 0.0,
        interact_background_opacity: 0.0,
        dormant_handle_opacity: 0.28,
        active_handle_opacity: 0.28,
        interact_handle_opacity: 0.5,
        ..egui::style::ScrollStyle::thin()
    };
    s.tooltip_width = 320.0;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.35;
    style
}

fn visuals(theme: Theme, t: &Tokens) -> Visuals {
    let mut v = if theme == Theme::Dark { Visuals::dark() } else { Visuals::light() };
    v.override_text_color = None;
    v.panel_fill = t.surface;
    v.window_fill = t.surface;
    v.window_stroke = Stroke::new(1.0, t.border);
    v.window_corner_radius = CornerRadius::same(6);
    v.menu_corner_radius = CornerRadius::same(4);
    v.popup_shadow = Shadow {
        offset: [0, 2],
        blur: 8,
        spread: 0,
        color: Color32::from_black_alpha(if theme == Theme::Dark { 90 } else { 28 }),
    };
    v.window_shadow = v.popup_shadow;
    v.extreme_bg_color = t.surface;
    v.text_edit_bg_color = Some(t.control);
    v.faint_bg_color = t.chrome;
    v.code_bg_color = t.chrome;
    v.hyperlink_color = t.accent;
    v.warn_fg_color = t.warn;
    v.error_fg_color = t.warn;
    v.weak_text_color = Some(t.text2);
    v.selection.bg_fill = t.tint;
    v.selection.stroke = Stroke::new(1.0, t.accent);
    v.slider_trailing_fill = true;
    v.handle_shape = egui::style::HandleShape::Circle;
    v.disabled_alpha = 0.6;
    v.text_cursor.stroke = Stroke::new(1.5, t.accent);
    v.striped = false;
    let widget = |fill: Color32, border: Color32, text: Color32| egui::style::WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, border),
        corner_radius: CornerRadius::same(4),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    v.widgets.noninteractive = widget(t.surface, t.border, t.text);
    v.widgets.inactive = widget(t.control, t.control_border, t.text);
    v.widgets.hovered = widget(t.chrome, t.axis, t.text);
    v.widgets.active = widget(t.tint, t.accent, t.text);
    v.widgets.open = widget(t.tint, t.accent, t.text);
    v
}

/// Size of a chosen icon's square.
pub const SWATCH: Vec2 = vec2(8.0, 8.0);

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(color: Color32) -> f64 {
        let channel = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(color.r()) + 0.7152 * channel(color.g()) + 0.0722 * channel(color.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_reads_on_every_ground_it_stands_on() {
        for t in [LIGHT, DARK] {
            for text in [t.text, t.text2, t.text3, t.accent, t.warn, t.good] {
                assert!(contrast(text, t.surface) >= 4.5, "{text:?} on surface: {}", contrast(text, t.surface));
            }
            for text in [t.text, t.text2, t.text3, t.warn] {
                assert!(contrast(text, t.chrome) >= 4.5, "{text:?} on chrome: {}", contrast(text, t.chrome));
            }
            assert!(contrast(t.on_accent, t.accent) >= 4.5);
            assert!(contrast(t.accent, t.tint) >= 4.5);
            assert!(contrast(t.warn, t.warn_ground) >= 4.5);
            assert!(contrast(t.text2, t.hover) >= 4.5);
        }
    }

    #[test]
    fn feature_lines_stand_out_from_the_surface() {
        for t in [LIGHT, DARK] {
            for color in t.features {
                assert!(contrast(color, t.surface) >= 3.0, "{color:?}: {}", contrast(color, t.surface));
            }
        }
    }
}
