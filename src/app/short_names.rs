//! Short names for a given room that tell names apart: what long names share gives way to "…", where they differ stays.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// Depth to which names that still look alike are parted.
const DEPTH: usize = 12;
/// In place of what is left out.
const GAP: &str = "…";

/// A name in letters as a reader takes them: grapheme clusters.
struct Name<'a> {
    text: &'a str,
    /// Byte at which each letter begins, and the end.
    bytes: Vec<usize>,
    /// Width of what stands before each letter, and of all.
    widths: Vec<f32>,
}

/// Ranges of letters that stay, in order.
type Kept = Vec<Range<usize>>;

impl<'a> Name<'a> {
    fn new(text: &'a str, width: &mut dyn FnMut(&str) -> f32) -> Self {
        let (mut bytes, mut widths) = (Vec::with_capacity(text.len() + 1), Vec::with_capacity(text.len() + 1));
        bytes.push(0);
        widths.push(0.0);
        let mut sum = 0.0;
        let mut take = |end: usize, letter: &str| {
            sum += width(letter);
            bytes.push(end);
            widths.push(sum);
        };
        // Of the letters in ASCII only the two of a line's end belong together.
        if text.is_ascii() && !text.contains('\r') {
            (0..text.len()).for_each(|at| take(at + 1, &text[at..=at]));
        } else {
            text.grapheme_indices(true).for_each(|(at, letter)| take(at + letter.len(), letter));
        }
        Self { text, bytes, widths }
    }

    fn len(&self) -> usize {
        self.bytes.len() - 1
    }

    fn slice(&self, range: Range<usize>) -> &'a str {
        &self.text[self.bytes[range.start]..self.bytes[range.end]]
    }

    fn letter(&self, i: usize) -> &'a str {
        self.slice(i..i + 1)
    }

    /// Whether a word may begin before letter `i`: `max_temp`, `maxTemp`, `max temp`, `x12`; not within `3th`.
    fn is_boundary(&self, i: usize) -> bool {
        if i == 0 || i == self.len() {
            return true;
        }
        let [a, b] = [i - 1, i].map(|i| self.letter(i).chars().next().unwrap_or(' '));
        !a.is_alphanumeric()
            || !b.is_alphanumeric()
            || (a.is_lowercase() && b.is_uppercase())
            || (a.is_alphabetic() && b.is_numeric())
    }

    /// Whether between two letters there is one that is part of a word.
    fn has_word(&self, range: Range<usize>) -> bool {
        self.slice(range).chars().any(char::is_alphanumeric)
    }

    /// Whether a word says something by itself: `the`, `of` and `in` do not.
    fn is_telling(&self, range: Range<usize>) -> bool {
        let word = self.slice(range);
        word.chars().any(char::is_numeric) || word.chars().filter(|c| c.is_alphanumeric()).count() > 3
    }

    fn width(&self, range: &Range<usize>) -> f32 {
        self.widths[range.end] - self.widths[range.start]
    }

    fn gaps(&self, kept: &[Range<usize>]) -> usize {
        let mut at = 0;
        let mut gaps = 0;
        for range in kept {
            gaps += usize::from(range.start > at);
            at = range.end;
        }
        gaps + usize::from(at < self.len())
    }

    /// What stays, with a gap for what does not.
    fn written(&self, kept: &[Range<usize>]) -> String {
        let mut text = String::new();
        let mut at = 0;
        for range in kept {
            if range.start > at {
                text.push_str(GAP);
            }
            text.push_str(self.slice(range.clone()));
            at = range.end;
        }
        if at < self.len() {
            text.push_str(GAP);
        }
        text
    }
}

/// Names of one list, and the room for each.
struct List<'a> {
    names: Vec<Name<'a>>,
    room: f32,
    gap: f32,
}

impl List<'_> {
    fn fits(&self, i: usize, kept: &[Range<usize>]) -> bool {
        let name = &self.names[i];
        let letters: f32 = kept.iter().map(|range| name.width(range)).sum();
        letters + self.gap * name.gaps(kept) as f32 <= self.room
    }

    /// Beginning and end of a part of a name, as much as fits.
    fn cut(&self, i: usize, part: Range<usize>) -> Kept {
        let shape = |kept: usize| -> Kept {
            let head = kept.div_ceil(2);
            let all = [part.start..part.start + head, part.end - (kept - head)..part.end];
            all.into_iter().filter(|range| !range.is_empty()).collect()
        };
        let mut kept = vec![part.clone()];
        if self.fits(i, &kept) {
            return kept;
        }
        let (mut low, mut high) = (0, part.len());
        while low + 1 < high {
            let middle = usize::midpoint(low, high);
            if self.fits(i, &shape(middle)) { low = middle } else { high = middle }
        }
        kept = shape(low);
        kept
    }

    /// What all of a group begin and end with, in letters; the two never overlap.
    fn shared(&self, group: &[usize]) -> (usize, usize) {
        let Some((&first, others)) = group.split_first() else { return (0, 0) };
        let first = &self.names[first];
        let mut shortest = first.len();
        let (mut before, mut after) = (first.len(), first.len());
        for other in others.iter().map(|&i| &self.names[i]) {
            shortest = shortest.min(other.len());
            let most = first.len().min(other.len());
            before = before.min(most);
            before = (0..before).take_while(|&k| first.letter(k) == other.letter(k)).count();
            after = after.min(most);
            let from_end = |name: &Name<'_>, k: usize| name.len() - 1 - k;
            after = (0..after)
                .take_while(|&k| first.letter(from_end(first, k)) == other.letter(from_end(other, k)))
                .count();
        }
        (before, after.min(shortest - before))
    }

    /// The part of a name in which it differs from its group: whole words where there is room for them.
    fn differing(&self, i: usize, (before, after): (usize, usize)) -> Range<usize> {
        let name = &self.names[i];
        let exact = before..name.len() - after;
        let word = self.whole_words(i, exact.clone());
        if self.fits(i, std::slice::from_ref(&word)) || exact.is_empty() { word } else { exact }
    }

    fn whole_words(&self, i: usize, part: Range<usize>) -> Range<usize> {
        let name = &self.names[i];
        let mut start = (0..=part.start).rev().find(|&k| name.is_boundary(k)).unwrap_or(0);
        let mut end = (part.end..=name.len()).find(|&k| name.is_boundary(k)).unwrap_or(name.len());
        // Nothing of its own, as `men` beside `women`: the next word, else the one before.
        if !name.has_word(start..end) {
            end = (end..=name.len()).find(|&k| name.is_boundary(k) && name.has_word(start..k)).unwrap_or(end);
        }
        while start > 0 && !name.has_word(start..end) {
            start = (0..start).rev().find(|&k| name.is_boundary(k)).unwrap_or(0);
        }
        start..end
    }

    /// A part with its neighbouring words as far as there is room, the longer word of the two sides first: it says more.
    fn with_context(&self, i: usize, part: Range<usize>) -> Range<usize> {
        let name = &self.names[i];
        let (mut part, mut telling) = (part.clone(), part);
        loop {
            let before = (0..part.start).rev().find(|&k| name.is_boundary(k) && name.has_word(k..part.start));
            let after = (part.end + 1..=name.len()).find(|&k| name.is_boundary(k) && name.has_word(part.end..k));
            let sides = [before.map(|k| k..part.end), after.map(|k| part.start..k)];
            let mut sides: Vec<Range<usize>> =
                sides.into_iter().flatten().filter(|side| self.fits(i, std::slice::from_ref(side))).collect();
            sides.sort_by_key(|side| std::cmp::Reverse(side.len()));
            let Some(wider) = sides.into_iter().next() else { return self.with_ends(i, telling) };
            let added = if wider.start < part.start { wider.start..part.start } else { part.end..wider.end };
            if name.is_telling(added) {
                telling = wider.clone();
            }
            part = wider;
        }
    }

    /// Takes in what is left at an end if it needs no more room than the gap that stands for it.
    fn with_ends(&self, i: usize, part: Range<usize>) -> Range<usize> {
        let whole = [part.start..self.names[i].len(), 0..part.end];
        whole.into_iter().find(|wider| *wider != part && self.fits(i, std::slice::from_ref(wider))).unwrap_or(part)
    }

    /// Gives each of a group that looks alike another shape, and parts those again that still look alike.
    fn part(&self, group: &[usize], cuts: &mut [Cut], depth: usize) {
        let shared = self.shared(group);
        for &i in group {
            let part = self.differing(i, shared);
            cuts[i].differing = Some(part.clone());
            let is_whole = self.fits(i, std::slice::from_ref(&part));
            cuts[i].kept = if is_whole { vec![self.with_context(i, part)] } else { self.cut(i, part) };
        }
        for same in self.alike(group, cuts) {
            if same.len() < group.len() && depth < DEPTH {
                self.part(&same, cuts, depth + 1);
            }
        }
    }

    /// Groups that are written alike, each of two or more.
    fn alike(&self, among: &[usize], cuts: &[Cut]) -> Vec<Vec<usize>> {
        let mut written: Vec<(String, usize)> = among.iter().map(|&i| (cuts[i].written(&self.names[i]), i)).collect();
        written.sort();
        let groups = written.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
        groups.map(|group| group.iter().map(|(_, i)| *i).collect()).collect()
    }
}

/// What stays of a name.
#[derive(Debug, Clone, Default)]
struct Cut {
    kept: Kept,
    /// Where it differs from those that it was alike to.
    differing: Option<Range<usize>>,
    /// Last resort: a number after its beginning.
    number: Option<usize>,
}

impl Cut {
    fn written(&self, name: &Name<'_>) -> String {
        let text = name.written(&self.kept);
        self.number.map_or_else(|| text.clone(), |number| format!("{text}{number}"))
    }
}

/// A name for each of `names`, at most `room` wide. A name that fits stays as it is; of the others stays what tells them
/// apart, and names that differ get short names that differ wherever `room` has place for four letters or more.
///
/// `width` measures a letter (a grapheme cluster); a text is as wide as its letters together.
pub fn short_names(names: &[&str], room: f32, width: &mut dyn FnMut(&str) -> f32) -> Vec<String> {
    let gap = width(GAP);
    let digit = "0123456789".graphemes(true).map(&mut *width).fold(0.0, f32::max);
    let list = List { names: names.iter().map(|name| Name::new(name, width)).collect(), room, gap };
    let mut cuts: Vec<Cut> = Vec::with_capacity(names.len());
    let mut long = Vec::new();
    for (i, name) in list.names.iter().enumerate() {
        let kept = list.cut(i, 0..name.len());
        if name.gaps(&kept) > 0 {
            long.push(i);
        }
        cuts.push(Cut { kept, ..Cut::default() });
    }
    // Names that are one and the same need not be told apart.
    long.sort_by(|&a, &b| names[a].cmp(names[b]).then(a.cmp(&b)));
    let mut twins = Vec::new();
    long.dedup_by(|b, a| {
        let is_twin = names[*a] == names[*b];
        twins.extend(is_twin.then_some((*b, *a)));
        is_twin
    });
    long.sort_unstable();
    for group in list.alike(&long, &cuts) {
        list.part(&group, &mut cuts, 0);
    }
    settle(&list, &long, &mut cuts, digit);
    for (twin, of) in twins.into_iter().rev() {
        cuts[twin] = cuts[of].clone();
    }
    cuts.iter().zip(&list.names).map(|(cut, name)| cut.written(name)).collect()
}

/// Names of different groups may look alike, or like a name that stays whole: their beginnings or ends join in, else a number.
fn settle(list: &List<'_>, long: &[usize], cuts: &mut [Cut], digit: f32) {
    let whole = (0..cuts.len()).filter(|i| long.binary_search(i).is_err()).map(|i| list.names[i].text.to_owned());
    let mut taken: std::collections::BTreeSet<String> = whole.collect();
    let mut left = Vec::new();
    let alike: std::collections::BTreeSet<usize> = list.alike(long, cuts).into_iter().flatten().collect();
    for &i in long.iter().filter(|i| !alike.contains(i)) {
        if !taken.insert(cuts[i].written(&list.names[i])) {
            left.push(i);
        }
    }
    left.extend(alike);
    let mut number = 2;
    for i in left {
        let name = &list.names[i];
        let part = cuts[i].differing.clone().unwrap_or(0..0);
        let with_head = (1..=part.start).map(|head| vec![0..head, part.clone()]);
        let with_tail = (part.end..name.len()).rev().map(|tail| vec![part.clone(), tail..name.len()]);
        let fitting = |shapes: &mut dyn Iterator<Item = Kept>| shapes.take_while(|kept| list.fits(i, kept)).last();
        let shapes = [fitting(&mut with_head.into_iter()), fitting(&mut with_tail.into_iter())];
        let free = |kept: &Kept, taken: &std::collections::BTreeSet<String>| !taken.contains(&name.written(kept));
        if let Some(kept) = shapes.into_iter().flatten().find(|kept| !part.is_empty() && free(kept, &taken)) {
            cuts[i] = Cut { kept, ..cuts[i].clone() };
        } else {
            while let Some(head) = room_before(list, i, number.to_string().len() as f32 * digit) {
                let kept: Kept = std::iter::once(0..head).filter(|head| !head.is_empty()).collect();
                let cut = Cut { kept, number: Some(number), ..cuts[i].clone() };
                number += 1;
                if !taken.contains(&cut.written(name)) {
                    cuts[i] = cut;
                    break;
                }
            }
        }
        taken.insert(cuts[i].written(name));
    }
}

/// How many of the first letters have room before a gap and something of a width.
fn room_before(list: &List<'_>, i: usize, width: f32) -> Option<usize> {
    let name = &list.names[i];
    (0..name.len()).rev().find(|&head| name.width(&(0..head)) + list.gap + width <= list.room)
}
