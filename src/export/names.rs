//! Names as they are written into CSV: nothing that a spreadsheet would run.
//!
//! Header text goes straight from a stranger's CSV into ours. A cell that starts with `=`, `+`, `-`, `@`, a tab,
//! a line break, NUL or a full-width form of the four is a formula to some spreadsheets (OWASP, CWE-1236), so it gets
//! a leading `'`. Numbers are never touched; `analysis.json` keeps the way back.

use std::collections::{BTreeMap, BTreeSet};

use crate::data::design::Feature;

/// First characters that a spreadsheet may take for a formula.
const TRIGGERS: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];

/// Feature names as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenNames {
    /// One name a feature, in order, all different if the originals are.
    pub(super) written: Vec<String>,
    /// What was changed: written name → original.
    pub(super) neutralized: BTreeMap<String, String>,
}

impl WrittenNames {
    /// The names of `features`, made inert.
    pub(super) fn new(features: &[Feature]) -> Self {
        let originals: BTreeSet<&str> = features.iter().map(|feature| feature.name.as_str()).collect();
        let mut neutralized = BTreeMap::new();
        let mut write = |name: &str| {
            if !name.starts_with(TRIGGERS) {
                return name.to_owned();
            }
            let mut written = format!("'{name}");
            while originals.contains(written.as_str()) || neutralized.contains_key(&written) {
                written.insert(0, '\'');
            }
            neutralized.insert(written.clone(), name.to_owned());
            written
        };
        let written = features.iter().map(|feature| write(&feature.name)).collect();
        Self { written, neutralized }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(of: &[&str]) -> WrittenNames {
        let features: Vec<_> = of
            .iter()
            .enumerate()
            .map(|(column, name)| Feature { name: (*name).to_owned(), column, factors: Vec::new() })
            .collect();
        WrittenNames::new(&features)
    }

    #[test]
    fn every_trigger_is_made_inert() {
        for trigger in TRIGGERS {
            let name = format!("{trigger}1+1");
            let written = names(&[&name]);
            assert_eq!(written.written, [format!("'{name}")]);
            assert_eq!(written.neutralized[&format!("'{name}")], name);
        }
    }

    #[test]
    fn plain_names_stay() {
        let written = names(&["bmi", "a=b", "2024", "'quoted", "", "größe"]);
        assert_eq!(written.written, ["bmi", "a=b", "2024", "'quoted", "", "größe"]);
        assert!(written.neutralized.is_empty());
    }

    #[test]
    fn written_names_stay_distinct() {
        let written = names(&["'=x", "=x"]);
        assert_eq!(written.written, ["'=x", "''=x"]);
        assert_eq!(written.neutralized["''=x"], "=x");
    }
}
