//! Which row is held out when.
//!
//! Folds are counted on the records of the file, before rows are left out, and the random rule needs no count of them:
//! a streamed file has the same folds. It is the same on every platform and thread count.

use crate::model::random::{permutation, seed_of_repeat};

/// How records are dealt to folds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoldRule {
    /// Each run of `folds` consecutive records gets a permutation of `0..folds` drawn by `SplitMix64` from (seed, number
    /// of the run): see [`permutation`].
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
    /// Blocks of consecutive records whose sizes differ by at most one, larger ones first.
    Contiguous {
        /// Number of folds.
        folds: usize,
    },
    /// Whole groups, dealt so that folds are of like size: the largest group first, each to the smallest fold so far.
    /// The seed orders groups of one size. The labels come with the data.
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

/// What was done to the folds that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoldsNote {
    /// More folds than rows: as many folds as rows (leave-one-out).
    Capped {
        /// Folds asked for.
        asked: usize,
        /// Rows, and folds.
        rows: usize,
    },
    /// Folds that no row belongs to were taken away, the others renumbered.
    Emptied {
        /// Folds asked for.
        asked: usize,
        /// Folds that hold rows.
        used: usize,
    },
}

/// Why rows cannot be dealt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FoldsError {
    /// One fold leaves nothing to learn from.
    #[error("cross-validation needs at least 2 folds, but there {}", if *folds == 1 { "is 1".to_owned() } else { format!("are {folds}") })]
    TooFew {
        /// Folds that hold rows.
        folds: usize,
    },
    /// No deal at all.
    #[error("cross-validation needs at least 1 repeat")]
    NoRepeats,
    /// Groups or given folds without a column of labels.
    #[error("choose the column that holds the {0}")]
    NoLabels(&'static str),
}

impl FoldRule {
    /// The fold of each of these records in the first repeat, by a rule that need not know the others; `None` where it must.
    pub fn of_records(&self, records: &[usize]) -> Option<Vec<u32>> {
        match self {
            Self::Random { folds, seed } => Some(random(records, *folds, seed_of_repeat(*seed, 0))),
            Self::Interleaved { folds } => Some(records.iter().map(|record| (record % folds) as u32).collect()),
            Self::Contiguous { .. } | Self::Groups { .. } | Self::Given => None,
        }
    }
}

impl Folds {
    /// Deals rows to folds, `repeats` times. The first deal is that of the seed itself; given, interleaved and
    /// contiguous folds are the same in every repeat.
    ///
    /// * `records`: record of the file behind each row, ascending
    /// * `n_records`: records in the file
    /// * `labels`: fold of each row for [`FoldRule::Given`], group of each row for [`FoldRule::Groups`]
    ///
    /// # Errors
    /// [`FoldsError`] if fewer than two folds hold rows, or labels are missing.
    pub fn deal(
        rule: &FoldRule,
        records: &[usize],
        n_records: usize,
        labels: Option<&[u32]>,
        repeats: usize,
    ) -> Result<(Self, Option<FoldsNote>), FoldsError> {
        if repeats == 0 {
            return Err(FoldsError::NoRepeats);
        }
        let asked = match rule {
            FoldRule::Random { folds, .. }
            | FoldRule::Interleaved { folds }
            | FoldRule::Contiguous { folds }
            | FoldRule::Groups { folds, .. } => *folds,
            FoldRule::Given => {
                labels.ok_or(FoldsError::NoLabels("folds"))?.iter().max().map_or(0, |last| *last as usize + 1)
            }
        };
        if asked < 2 {
            return Err(FoldsError::TooFew { folds: asked });
        }
        if asked > records.len() && *rule != FoldRule::Given && !matches!(rule, FoldRule::Groups { .. }) {
            let each_its_own: Vec<u32> = (0..records.len() as u32).collect();
            let folds = Self { assignments: vec![each_its_own; repeats], n_folds: records.len() }.checked()?;
            return Ok((folds, Some(FoldsNote::Capped { asked, rows: records.len() })));
        }
        let deals: Result<Vec<Vec<u32>>, FoldsError> = (0..repeats)
            .map(|repeat| {
                Ok(match rule {
                    FoldRule::Random { seed, .. } => random(records, asked, seed_of_repeat(*seed, repeat)),
                    FoldRule::Interleaved { .. } => records.iter().map(|record| (record % asked) as u32).collect(),
                    FoldRule::Contiguous { .. } => {
                        records.iter().map(|record| block(*record, n_records, asked)).collect()
                    }
                    FoldRule::Groups { seed, .. } => {
                        groups(labels.ok_or(FoldsError::NoLabels("groups"))?, asked, seed_of_repeat(*seed, repeat))
                    }
                    FoldRule::Given => labels.ok_or(FoldsError::NoLabels("folds"))?.to_vec(),
                })
            })
            .collect();
        Self::without_empty(deals?, asked)
    }

    /// Takes away the folds that hold no row in some repeat.
    fn without_empty(mut assignments: Vec<Vec<u32>>, asked: usize) -> Result<(Self, Option<FoldsNote>), FoldsError> {
        let mut used = asked;
        for deal in &mut assignments {
            let mut is_used = vec![false; asked];
            for fold in deal.iter() {
                is_used[*fold as usize] = true;
            }
            let mut next = 0;
            let renumbered: Vec<u32> = is_used
                .iter()
                .map(|is_used| {
                    next += u32::from(*is_used);
                    next.saturating_sub(1)
                })
                .collect();
            for fold in deal {
                *fold = renumbered[*fold as usize];
            }
            used = used.min(next as usize);
        }
        // With repeats, a fold beyond the fewest joins the last one.
        let last = (used as u32).saturating_sub(1);
        for fold in assignments.iter_mut().flatten() {
            *fold = (*fold).min(last);
        }
        let note = (used < asked).then_some(FoldsNote::Emptied { asked, used });
        Ok((Self { assignments, n_folds: used }.checked()?, note))
    }

    fn checked(self) -> Result<Self, FoldsError> {
        if self.n_folds < 2 { Err(FoldsError::TooFew { folds: self.n_folds }) } else { Ok(self) }
    }

    /// Rows held out, and rows to learn from, when `fold` of `repeat` is held out; both ascending.
    pub fn split(&self, repeat: usize, fold: usize) -> (Vec<usize>, Vec<usize>) {
        let deal = &self.assignments[repeat];
        (0..deal.len()).partition(|&row| deal[row] as usize == fold)
    }
}

fn random(records: &[usize], folds: usize, seed: u64) -> Vec<u32> {
    let mut run = (u64::MAX, Vec::new());
    let mut fold_of = |record: usize| {
        let number = (record / folds) as u64;
        if run.0 != number {
            run = (number, permutation(folds, seed, number));
        }
        run.1[record % folds]
    };
    records.iter().map(|record| fold_of(*record)).collect()
}

/// Block of `record` where `n_records` are cut into `folds` blocks, the first `n_records % folds` one larger.
fn block(record: usize, n_records: usize, folds: usize) -> u32 {
    let (size, larger) = (n_records / folds, n_records % folds);
    let in_larger = larger * (size + 1);
    (if record < in_larger { record / (size + 1) } else { larger + (record - in_larger) / size.max(1) }) as u32
}

fn groups(labels: &[u32], folds: usize, seed: u64) -> Vec<u32> {
    let count = labels.iter().max().map_or(0, |last| *last as usize + 1);
    let mut sizes = vec![0_usize; count];
    for label in labels {
        sizes[*label as usize] += 1;
    }
    let order = permutation(count, seed, 0);
    let mut by_size: Vec<usize> = order.into_iter().map(|group| group as usize).collect();
    by_size.sort_by_key(|group| std::cmp::Reverse(sizes[*group]));
    let mut fold_sizes = vec![0_usize; folds];
    let mut fold_of = vec![0_u32; count];
    for group in by_size {
        let smallest = (0..folds).min_by_key(|fold| fold_sizes[*fold]).unwrap_or(0);
        fold_sizes[smallest] += sizes[group];
        fold_of[group] = smallest as u32;
    }
    labels.iter().map(|label| fold_of[*label as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deal(rule: &FoldRule, records: &[usize], n_records: usize, repeats: usize) -> (Folds, Option<FoldsNote>) {
        Folds::deal(rule, records, n_records, None, repeats).unwrap()
    }

    #[test]
    fn every_run_of_records_holds_each_fold_once_and_rows_left_out_change_nothing() {
        let rule = FoldRule::Random { folds: 5, seed: 7 };
        let all: Vec<usize> = (0..23).collect();
        let (folds, note) = deal(&rule, &all, 23, 1);
        assert_eq!((folds.n_folds, note), (5, None));
        for run in folds.assignments[0].chunks_exact(5) {
            let mut run = run.to_vec();
            run.sort_unstable();
            assert_eq!(run, [0, 1, 2, 3, 4]);
        }
        let some: Vec<usize> = all.iter().copied().filter(|r| r % 4 != 1).collect();
        let (fewer, _) = deal(&rule, &some, 23, 1);
        let expected: Vec<u32> = some.iter().map(|r| folds.assignments[0][*r]).collect();
        assert_eq!(fewer.assignments[0], expected);
    }

    #[test]
    fn repeats_differ_and_the_first_is_the_seed_itself() {
        let all: Vec<usize> = (0..40).collect();
        let (three, _) = deal(&FoldRule::Random { folds: 4, seed: 1 }, &all, 40, 3);
        let (one, _) = deal(&FoldRule::Random { folds: 4, seed: 1 }, &all, 40, 1);
        assert_eq!(three.assignments[0], one.assignments[0]);
        assert_ne!(three.assignments[0], three.assignments[1]);
        assert_ne!(three.assignments[1], three.assignments[2]);
    }

    #[test]
    fn contiguous_blocks_differ_by_one_at_most_and_the_larger_come_first() {
        let all: Vec<usize> = (0..11).collect();
        let (folds, _) = deal(&FoldRule::Contiguous { folds: 3 }, &all, 11, 1);
        assert_eq!(folds.assignments[0], [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2]);
    }

    #[test]
    fn more_folds_than_rows_become_leave_one_out() {
        let (folds, note) = deal(&FoldRule::Random { folds: 10, seed: 0 }, &[0, 2, 5], 6, 1);
        assert_eq!((folds.n_folds, folds.assignments[0].clone()), (3, vec![0, 1, 2]));
        assert_eq!(note, Some(FoldsNote::Capped { asked: 10, rows: 3 }));
    }

    #[test]
    fn empty_folds_are_taken_away() {
        let (folds, note) = deal(&FoldRule::Interleaved { folds: 3 }, &[0, 2, 3, 5], 6, 2);
        assert_eq!(folds.assignments, [[0, 1, 0, 1], [0, 1, 0, 1]]);
        assert_eq!(note, Some(FoldsNote::Emptied { asked: 3, used: 2 }));
        let only_one = Folds::deal(&FoldRule::Interleaved { folds: 2 }, &[0, 2, 4], 6, None, 1);
        assert_eq!(only_one.unwrap_err(), FoldsError::TooFew { folds: 1 });
    }

    #[test]
    fn groups_stay_whole_and_folds_are_of_like_size() {
        let labels = [0, 0, 0, 1, 1, 2, 3, 3, 4, 4];
        let records: Vec<usize> = (0..10).collect();
        let rule = FoldRule::Groups { folds: 2, seed: 3 };
        let (folds, _) = Folds::deal(&rule, &records, 10, Some(&labels), 1).unwrap();
        let deal = &folds.assignments[0];
        for (i, label) in labels.iter().enumerate() {
            assert_eq!(deal[i], deal[labels.iter().position(|l| l == label).unwrap()]);
        }
        assert_eq!(deal.iter().filter(|f| **f == 0).count(), 5);
        let (fewer, note) =
            Folds::deal(&FoldRule::Groups { folds: 9, seed: 3 }, &records, 10, Some(&labels), 1).unwrap();
        assert_eq!((fewer.n_folds, note), (5, Some(FoldsNote::Emptied { asked: 9, used: 5 })));
    }

    #[test]
    fn split_parts_the_rows() {
        let (folds, _) = deal(&FoldRule::Interleaved { folds: 3 }, &[0, 1, 2, 3, 4], 5, 1);
        assert_eq!(folds.split(0, 1), (vec![1, 4], vec![0, 2, 3]));
    }
}
