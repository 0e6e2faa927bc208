//! The sections of the settings in the data panel, each of which can be folded.

use serde::{Deserialize, Serialize};

/// A section of the settings below the features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Scale, powers and missing cells.
    Preparation,
    /// How rows are dealt to folds.
    Folds,
    /// Which alphas.
    Grid,
    /// How one cursor follows the other.
    Link,
}

impl Section {
    /// From top to bottom.
    pub const ALL: [Self; 4] = [Self::Preparation, Self::Folds, Self::Grid, Self::Link];

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Preparation => "Preparation",
            Self::Folds => "Cross-validation",
            Self::Grid => "Grid",
            Self::Link => "Link lasso and ridge",
        }
    }
}
