//! Names in the room at hand: those of features and of columns, told apart wherever they stand, whole where the pointer rests.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use eframe::egui::{FontFamily, FontId, Id, Painter, Rect, Sense, Ui};

use crate::analysis::Analysis;
use crate::app::short_names::short_names;
use crate::app::views::widgets::{fits, visible};
use crate::data::design::Design;
use crate::data::table::Table;

/// Sizes kept at once.
const KEPT: usize = 48;
/// From so many names on the room is rounded, so that a dragged edge does not measure all of them in every frame.
const MANY: usize = 1000;
/// To whole multiples of that.
const STEP: f32 = 24.0;
/// Letters of a name that are looked at, at each of its ends.
const END: usize = 400;

/// Font, room and pixels of a point, in bits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Size(FontFamily, u32, u32, u32);

/// Short names of one table by size.
struct Shelf<T> {
    of: Weak<T>,
    sizes: HashMap<Size, Arc<[String]>>,
}

/// The name of a feature, at most `room` wide.
pub(super) fn feature(painter: &Painter, analysis: &Analysis, j: usize, font: &FontId, room: f32) -> String {
    let features = &analysis.design.features;
    let Some(whole) = features.get(j) else { return String::new() };
    let all = |design: &Design| design.features.iter().map(|f| ends(&f.name)).collect();
    short(painter, &analysis.design, (j, &whole.name, features.len()), all, font, room)
}

/// The name of a column, at most `room` wide.
pub(super) fn column(painter: &Painter, table: &Arc<Table>, c: usize, font: &FontId, room: f32) -> String {
    let Some(whole) = table.columns.get(c) else { return String::new() };
    let all = |table: &Table| table.columns.iter().map(|c| ends(&c.name)).collect();
    short(painter, table, (c, &whole.name, table.columns.len()), all, font, room)
}

/// Tells the whole of a name where only a part of it is written, or more than that; takes no clicks.
pub(super) fn whole_on_hover(ui: &Ui, rect: Rect, salt: impl Hash + Debug, shown: &str, whole: &str) {
    if shown != whole {
        ui.interact(rect, ui.scope_id().with(("whole name", salt)), Sense::hover()).on_hover_text_at_pointer(whole);
    }
}

fn short<T: Send + Sync + 'static>(
    painter: &Painter,
    of: &Arc<T>,
    (at, whole, count): (usize, &str, usize),
    all: impl Fn(&T) -> Vec<String>,
    font: &FontId,
    room: f32,
) -> String {
    if let Some(whole) = fits(painter, whole, font, room) {
        return whole;
    }
    let id = Id::unique(("short names", std::any::type_name::<T>()));
    let shelf = painter.ctx().data_mut(|d| {
        let new = || Arc::new(Mutex::new(Shelf { of: Weak::<T>::new(), sizes: HashMap::new() }));
        Arc::clone(d.get_temp_mut_or_insert_with(id, new))
    });
    let mut shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
    if !std::ptr::eq(shelf.of.as_ptr(), Arc::as_ptr(of)) {
        *shelf = Shelf { of: Arc::downgrade(of), sizes: HashMap::new() };
    }
    let room = if count >= MANY { ((room / STEP).floor() * STEP).max(STEP.min(room)) } else { room };
    let size = Size(font.family.clone(), font.size.to_bits(), room.to_bits(), painter.pixels_per_point().to_bits());
    if shelf.sizes.len() > KEPT && !shelf.sizes.contains_key(&size) {
        shelf.sizes.clear();
    }
    let shown = shelf.sizes.entry(size).or_insert_with(|| measured(painter, &all(of), font, room));
    shown.get(at).map(|name| visible(painter, font, name)).unwrap_or_default()
}

/// A name longer than any screen without its middle.
fn ends(name: &str) -> String {
    let Some((middle, _)) = name.char_indices().nth(END).filter(|_| name.len() > 2 * END) else {
        return name.to_owned();
    };
    let last = name.char_indices().rev().nth(END).map_or(middle, |(at, _)| at).max(middle);
    [&name[..middle], &name[last..]].concat()
}

fn measured(painter: &Painter, names: &[String], font: &FontId, room: f32) -> Arc<[String]> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let measure = |c| painter.fonts_mut(|fonts| fonts.glyph_width(font, c));
    let latin: Vec<f32> = (0..128).map(|c| measure(char::from(c))).collect();
    let mut others: HashMap<char, f32> = HashMap::new();
    let mut width = |letter: &str| {
        let of = |c: char| match latin.get(c as usize) {
            Some(width) => *width,
            None => *others.entry(c).or_insert_with(|| measure(c)),
        };
        letter.chars().map(of).sum()
    };
    short_names(&names, room, &mut width).into()
}
