//! The descent with decay on the user's own data: on the ridge picture, or on that of the lasso.

use eframe::egui::{Id, Rect, RichText, Ui};

use super::{Areas, PENALTIES, Side, homes};
use crate::analysis::{Analysis, Penalty};
use crate::app::selection::Selection;
use crate::app::theme;
use crate::app::views::path::penalty_title;
use crate::app::views::plane::{Home, Picture, PlaneMap, Size};
use crate::app::views::weight_decay;
use crate::app::weight_decay::{Decay, Ground};
use crate::insight::geometry::Others;
use crate::insight::plane::Contact;

/// Of the start.
pub(super) fn start_id() -> Id {
    Id::unique("geometry start of the descent")
}

/// The penalty on whose picture it is drawn.
pub(super) fn penalty(selection: &Selection) -> Penalty {
    match selection.descent.decay {
        Decay::L2 => Penalty::Ridge,
        Decay::L1 => Penalty::Lasso,
    }
}

/// What it runs on.
pub(super) fn ground(side: &Side<'_>, home: &Home, selection: &Selection) -> Ground {
    let path = &side.analysis.penalty(side.penalty).path;
    let ends = [(home.x.min, home.x.max), (home.y.min, home.y.max)];
    let [x, y] = [0, 1].map(|d| (ends[d].0 / side.stretch()[d], ends[d].1 / side.stretch()[d]));
    Ground {
        loss: side.slice.loss,
        l1_ratio: path.l1_ratio(),
        alpha: selection.point(side.analysis, side.penalty).alpha(),
        start: Ground::start_away(side.slice.loss.center, [x.0, y.0], [x.1, y.1]),
    }
}

/// Runs `with` on the plane of the descent; `None` where there is none.
fn on_plane<R>(
    analysis: &Analysis,
    selection: &Selection,
    with: impl FnOnce(usize, &Side<'_>, &Home, Ground) -> R,
) -> Option<R> {
    let sides = Side::both(analysis, selection).ok()?;
    let homes = homes(&sides, selection.plane.extent());
    let i = PENALTIES.iter().position(|p| *p == penalty(selection))?;
    let ground = ground(&sides[i], &homes[i], selection);
    Some(with(i, &sides[i], &homes[i], ground))
}

/// What the hand has moved since the last pass, and the steps that are due; called before anything is drawn.
pub(super) fn take_input(ui: &Ui, inner: Rect, analysis: &Analysis, selection: &mut Selection) {
    let lenses = [0, 1].map(|i| *selection.plane.lens(i));
    let found = on_plane(analysis, selection, |i, side, home, ground| {
        let area = Areas::new(inner, Size::Large).area(i);
        (PlaneMap::new(area, home, &lenses[i], side.stretch()), ground)
    });
    if let Some((map, ground)) = found {
        weight_decay::take_input(ui, start_id(), &map, &mut selection.descent, &ground);
    }
}

/// Its lines and points, if this is its picture.
pub(super) fn lay_over(ui: &Ui, picture: &mut Picture<'_>, side: &Side<'_>, ground: &Ground, selection: &Selection) {
    let run = weight_decay::Run::new(&selection.descent, ground);
    let (tracks, spots) = run.overlay(side.slice.fit, theme::tokens(ui));
    picture.tracks.extend(tracks);
    picture.spots.extend(spots);
}

/// Its section of the right column.
pub(super) fn section(ui: &mut Ui, analysis: &Analysis, selection: &mut Selection) {
    weight_decay::choose(ui, &mut selection.descent);
    let found = on_plane(analysis, selection, |_, side, _, ground| (ground, side.slice.contact()));
    let Some((ground, contact)) = found else { return };
    let title = penalty_title(analysis, penalty(selection)).to_lowercase();
    let end = if selection.plane.others == Others::Refitted {
        format!("the {title} minimum of this plane")
    } else {
        format!("the {title} fit")
    };
    weight_decay::show(ui, &mut selection.descent, &ground, &end);
    if contact == Contact::BothZero {
        let words = "Both are out at this alpha: the picture shows their pulls, the descent ends at 0";
        ui.add(egui::Label::new(RichText::new(words).small().color(theme::tokens(ui).text2)).wrap());
    }
}
