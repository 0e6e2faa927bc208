//! Which row is held out when.

/// How records are dealt to folds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoldRule {
    /// Each run of `folds` consecutive records gets a permutation of `0..folds` drawn by SplitMix64 from (seed, number of the run).
    Random {
        /// Number of folds.
        folds: usize,
        /// Seed.
        seed: u64,
    },
    /// Fold = record mod `folds`.
    Interleaved {
        /// Number of folds.
        folds: usize,
    },
    /// Blocks of consecutive records.
    Contiguous {
        /// Number of folds.
        folds: usize,
    },
    /// Whole groups, dealt so that folds are of like size. The labels come with the data.
    Groups {
        /// Number of folds.
        folds: usize,
        /// Seed.
        seed: u64,
    },
    /// The fold of each row comes with the data.
    Given,
}

/// The fold of every row, for each repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folds {
    /// `assignments[repeat][row]` in `0..n_folds`.
    pub assignments: Vec<Vec<u32>>,
    /// Number of folds; none is empty.
    pub n_folds: usize,
}
