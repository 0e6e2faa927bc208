//! Short names: they fit, they tell names apart, they cut no letter in two.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use shrinkscope::app::short_names::short_names;
use unicode_segmentation::UnicodeSegmentation;

/// Every letter is one wide.
fn short(names: &[&str], room: usize) -> Vec<String> {
    short_names(names, room as f32, &mut |_| 1.0)
}

fn length(text: &str) -> usize {
    text.graphemes(true).count()
}

#[test]
fn stations_of_one_valley_are_told_apart() {
    let name =
        |j: usize| format!("average monthly rainfall at the {j}th station of the northern valley in millimetres");
    let names: Vec<String> = (0..12).map(name).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(short(&names, 14)[3], "…3th station…");
    assert_eq!(short(&names, 14)[11], "…11th station…");
    assert_eq!(short(&names, 7)[11], "…11th…");
    assert_eq!(short(&names, 18)[3], "…3th station…");
}

#[test]
fn an_end_that_differs_stays() {
    assert_eq!(short(&["temperature_max", "temperature_min"], 10), ["tempe…_max", "tempe…_min"]);
    let names = ["total_population_of_men_2010", "total_population_of_women_2010"];
    assert_eq!(short(&names, 14), ["…men_2010", "…women_2010"]);
}

#[test]
fn groups_are_told_apart_by_their_beginnings() {
    let kinds = ["population_density", "household_income"];
    let names: Vec<String> = kinds
        .iter()
        .flat_map(|kind| ["north", "south"].map(|side| format!("{kind}_of_the_{side}_district_in_2010_by_census")))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for room in [10, 14, 20, 28] {
        let short = short(&names, room);
        assert_eq!(short.iter().collect::<BTreeSet<_>>().len(), 4, "{short:?}");
    }
}

#[test]
fn what_fits_stays_and_one_long_name_is_cut_in_the_middle() {
    let names = ["bmi", "a name that is much too long", "s5"];
    assert_eq!(short(&names, 9), ["bmi", "a na…long", "s5"]);
    assert_eq!(short(&["abcdef", "abcdef"], 4), ["ab…f", "ab…f"], "the same name is the same");
}

#[test]
fn no_letter_is_cut_in_two() {
    // A family of four and a letter with two marks are one letter each.
    let family = "👨‍👩‍👧‍👦";
    let name = format!("{family}{family}{family}{family}{family}{family}");
    assert_eq!(short(&[&name], 3), [format!("{family}…{family}")]);
    let marked = "e\u{301}\u{323}";
    assert_eq!(short(&[&marked.repeat(9)], 4), [format!("{}…{marked}", marked.repeat(2))]);
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("average".to_owned()),
        Just("_of_".to_owned()),
        Just(" ".to_owned()),
        Just("…".to_owned()),
        Just("温度".to_owned()),
        Just("e\u{301}".to_owned()),
        Just("👩‍🔬".to_owned()),
        Just("ערך".to_owned()),
        "[a-c]{1,3}",
        "[0-9]{1,2}",
    ];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

fn lists() -> impl Strategy<Value = Vec<String>> {
    // Names alone, and names that share a beginning and an end.
    let shared = (pieces(), prop::collection::vec(pieces(), 1..24), pieces());
    let shared = shared.prop_map(|(before, middles, after)| {
        middles.into_iter().map(|middle| format!("{before}{middle}{after}")).collect::<Vec<_>>()
    });
    prop_oneof![prop::collection::vec(pieces(), 1..24), shared]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn short_names_fit_and_tell_names_apart(list in lists(), room in 4_usize..40) {
        let names: Vec<&str> = list.iter().map(String::as_str).collect();
        let short = short(&names, room);
        let mut by_short = BTreeMap::new();
        for (name, short) in names.iter().zip(&short) {
            prop_assert!(length(short) <= room, "{short:?} in {room}");
            if length(name) <= room {
                prop_assert_eq!(name, short);
            }
            let before = by_short.insert(short, name);
            prop_assert!(before.is_none_or(|before| before == name), "{:?} and {:?} are both {:?}", before, name, short);
        }
    }

    #[test]
    fn what_stays_was_there(list in lists(), room in 1_usize..40) {
        let names: Vec<&str> = list.iter().map(String::as_str).collect();
        for (name, short) in names.iter().zip(short(&names, room)) {
            let letters: BTreeSet<&str> = name.graphemes(true).collect();
            let is_number = |letter: &str| letter.chars().all(|c| c.is_ascii_digit());
            for letter in short.graphemes(true) {
                prop_assert!(letters.contains(letter) || letter == "…" || is_number(letter), "{letter:?} of {name:?}");
            }
        }
    }

    #[test]
    fn widths_may_differ(list in lists(), room in 30.0_f32..200.0) {
        let names: Vec<&str> = list.iter().map(String::as_str).collect();
        let mut width = |letter: &str| 3.0 + (letter.len() % 5) as f32;
        for short in short_names(&names, room, &mut width) {
            let all: f32 = short.graphemes(true).map(&mut width).sum();
            prop_assert!(all <= room + 1e-3, "{short:?} is {all} wide, room {room}");
        }
    }
}
