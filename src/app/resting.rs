//! A pointer that only rests somewhere asks nothing: neither where it stands at the start, nor below what was opened by a
//! key. It counts again once it moves or presses.

use std::time::{Duration, Instant};

use eframe::egui::{Context, Event, Plugin, Pos2, RawInput};

/// So long after the first pass the window is still being placed below the pointer.
const PLACING: Duration = Duration::from_millis(1500);
/// What is no move, in points.
const STILL: f32 = 1.0;

/// Keeps the place of a resting pointer from the window.
#[derive(Debug, Default)]
pub(super) struct Resting {
    /// The window is being placed on a screen; since when.
    is_placed_anew: bool,
    start: Option<Instant>,
    /// Where it was last.
    at: Option<Pos2>,
    /// Where it rests, while it does.
    rests: Option<Pos2>,
    is_asked: bool,
}

/// From now on the pointer rests where it is.
pub(super) fn rest(ctx: &Context) {
    ctx.with_plugin(|resting: &mut Resting| resting.is_asked = true);
    ctx.request_repaint();
}

/// The window has just come to a screen, on which the pointer stands already.
pub(super) fn start(ctx: &Context) {
    ctx.with_plugin(|resting: &mut Resting| resting.is_placed_anew = true);
}

impl Plugin for Resting {
    fn debug_name(&self) -> &'static str {
        "resting"
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        let is_start = self.is_placed_anew && self.start.get_or_insert_with(Instant::now).elapsed() < PLACING;
        if std::mem::take(&mut self.is_asked) && self.rests.is_none() && self.at.is_some() {
            self.rests = self.at;
            input.events.insert(0, Event::PointerGone);
        }
        input.events.retain(|event| match event {
            Event::PointerMoved(to) => {
                self.at = Some(*to);
                if is_start {
                    self.rests = Some(*to);
                }
                let stays = self.rests.is_some_and(|rests| rests.distance(*to) < STILL);
                if !stays {
                    self.rests = None;
                }
                !stays
            }
            Event::PointerButton { .. } => {
                self.rests = None;
                true
            }
            _ => true,
        });
    }
}
