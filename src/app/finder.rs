//! Finding a few among many features.

/// From more features than this on they can be searched.
pub const MANY: usize = 20;

/// What is looked for in the lists of features.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Finder {
    /// Among the columns at the left.
    pub columns: Filter,
    /// Among the selected features at the right.
    pub features: Filter,
}

/// Which of many features a list shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Part of the name, without regard to case.
    pub text: String,
    /// Those alone that are in the model.
    pub only_chosen: bool,
}

impl Filter {
    /// Whether anything may be hidden.
    pub fn is_on(&self) -> bool {
        self.only_chosen || !self.text.is_empty()
    }

    /// Whether a list of `n` features shows the filter.
    pub fn is_offered(&self, n: usize) -> bool {
        n > MANY || self.is_on()
    }

    /// Tells by its name, and whether it is in the model, if a feature is shown.
    pub fn admits(&self) -> impl Fn(&str, bool) -> bool + use<> {
        let (needle, only_chosen) = (self.text.to_lowercase(), self.only_chosen);
        move |name, is_chosen| {
            (is_chosen || !only_chosen) && (needle.is_empty() || name.to_lowercase().contains(&needle))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_a_part_of_it_in_any_case() {
        let filter = Filter { text: "Änge".to_owned(), only_chosen: false };
        let admits = filter.admits();
        assert!(admits("längere", false) && admits("LÄNGE", true));
        assert!(!admits("breite", true));
    }

    #[test]
    fn those_in_the_model_alone() {
        let admits = Filter { text: String::new(), only_chosen: true }.admits();
        assert!(admits("a", true) && !admits("a", false));
        assert!(Filter::default().admits()("a", false));
    }

    #[test]
    fn a_filter_that_hides_something_stays_in_sight() {
        assert!(!Filter::default().is_offered(MANY) && Filter::default().is_offered(MANY + 1));
        assert!(Filter { only_chosen: true, ..Filter::default() }.is_offered(3));
    }
}
