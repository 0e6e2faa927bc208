//! How well a name answers a few typed letters.

use std::cmp::Reverse;

/// What was typed: words whose letters must all be found, in order, in any case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    words: Vec<Vec<char>>,
}

/// A letter that was found.
const LETTER: i64 = 1;
/// It follows the one found before.
const ADJACENT: i64 = 4;
/// It begins a word.
const BEGINS_WORD: i64 = 3;

impl Query {
    /// Words of a typed text.
    pub fn new(text: &str) -> Self {
        Self { words: text.split_whitespace().map(lower).collect() }
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Larger is better; `None` if a word is no subsequence of the name. Letters side by side and at the beginning of words count
    /// more, and of two names that answer alike the shorter one is better.
    pub fn score(&self, name: &str) -> Option<(i64, Reverse<usize>)> {
        let name = lower(name);
        let total: i64 = self.words.iter().map(|word| word_score(word, &name)).sum::<Option<i64>>()?;
        Some((total, Reverse(name.len())))
    }
}

fn lower(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The best score over all places where the first letter can stand.
fn word_score(word: &[char], name: &[char]) -> Option<i64> {
    let first = *word.first()?;
    let starts = (0..name.len()).filter(|&start| name[start] == first);
    // Once the rest is not found from one place, it is not found from a later one.
    starts.map_while(|start| score_from(word, name, start)).max()
}

fn score_from(word: &[char], name: &[char], start: usize) -> Option<i64> {
    let mut score = 0;
    let mut from = start;
    for (i, letter) in word.iter().enumerate() {
        let at = from + name[from..].iter().position(|c| c == letter)?;
        let begins = at == 0 || !name[at - 1].is_alphanumeric();
        score += LETTER + i64::from(begins) * BEGINS_WORD + i64::from(i > 0 && at == from) * ADJACENT;
        from = at + 1;
    }
    Some(score)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Query;

    fn best<'a>(query: &str, names: &[&'a str]) -> Option<&'a str> {
        let query = Query::new(query);
        names.iter().copied().max_by_key(|name| query.score(name)).filter(|name| query.score(name).is_some())
    }

    #[test]
    fn better_answers_come_first() {
        assert_eq!(best("geo", &["Page of long ago", "Show geometry"]), Some("Show geometry"));
        assert_eq!(best("bmi", &["Exclude bmi_squared", "Exclude bmi"]), Some("Exclude bmi"));
        assert_eq!(best("td", &["Outdated", "Theme: Dark"]), Some("Theme: Dark"));
        assert_eq!(best("dark theme", &["Theme: Light", "Theme: Dark"]), Some("Theme: Dark"));
        assert_eq!(best("zz", &["Theme: Light"]), None);
    }

    proptest! {
        #[test]
        fn exactly_subsequences_match(word in "[a-cA-C]{1,4}", name in "[a-cA-C ]{0,12}") {
            let (word, name) = (word.to_lowercase(), name);
            let lower = name.to_lowercase();
            let mut rest = lower.chars();
            let is_subsequence = word.chars().all(|letter| rest.any(|c| c == letter));
            prop_assert_eq!(Query::new(&word).score(&name).is_some(), is_subsequence);
            prop_assert_eq!(Query::new(&word.to_uppercase()).score(&name), Query::new(&word).score(&lower));
        }
    }
}
