//! The playground and the descent with decay by their controls.

mod window;

use eframe::egui::{Theme, Vec2};
use egui_kittest::{Harness, SnapshotOptions};
use shrinkscope::app::playground::Play;
use shrinkscope::app::{theme, views};
use window::cpu_renderer::CpuRenderer;

/// The page alone, without data.
fn page<'a>(size: impl Into<Vec2>, look: Theme, play: Play) -> Harness<'a, Play> {
    let mut is_dressed = false;
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(look)
        .with_render_cursor(false)
        .renderer(CpuRenderer::default())
        .with_options(SnapshotOptions::new().threshold(0.6))
        .build_ui_state(
            move |ui, play: &mut Play| {
                if !is_dressed {
                    theme::apply(ui.ctx());
                    ui.ctx().request_discard("fonts");
                    is_dressed = true;
                    return;
                }
                views::playground::show(ui, play);
            },
            play,
        );
    harness.run();
    harness
}

#[test]
fn looks1() {
    page([1280.0, 720.0], Theme::Light, Play::default()).snapshot("tmp1");
}
#[test]
fn looks2() {
    let mut play = Play::default();
    play.choose(shrinkscope::insight::playground::Preset::Collinear);
    play.decay.decay = shrinkscope::app::weight_decay::Decay::L1;
    page([1064.0, 688.0], Theme::Dark, play.clone()).snapshot("tmp2");
}
#[test]
fn looks3() {
    let mut play = Play::default();
    play.choose(shrinkscope::insight::playground::Preset::Unscaled);
    play.decay.set_step_size(Some(0.6));
    play.decay.set_alpha(Some(0.5));
    play.decay.decay = shrinkscope::app::weight_decay::Decay::L1;
    play.shape.set_l1_ratio(0.5);
    page([1704.0, 968.0], Theme::Light, play.clone()).snapshot("tmp3");
}
