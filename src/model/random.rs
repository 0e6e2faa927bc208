//! Random numbers that are the same on every platform, thread count and pass.

/// `SplitMix64` (Steele, Lea, Flood 2014, OOPSLA): the state grows by a constant, the output is a mix of it.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix64(u64);

impl SplitMix64 {
    const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(Self::STEP);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in `0..bound`, by the high half of a product (Lemire 2019).
    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }
}

/// The seed itself for repeat 0; output number `repeat` of `SplitMix64` from the seed for the others.
pub(crate) fn seed_of_repeat(seed: u64, repeat: usize) -> u64 {
    let mut generator = SplitMix64::new(seed);
    (0..repeat).fold(seed, |_, _| generator.next())
}

/// The permutation of `0..folds` that run number `run` of `folds` consecutive records gets.
///
/// The generator starts at the first output of `SplitMix64` from `seed`, exclusive-or `run`; then, for `i` from
/// `folds − 1` down to 1, entries `i` and `j` change places, `j` uniform in `0..=i` by the high half of a product of
/// the next output and `i + 1` (Fisher, Yates).
pub fn permutation(folds: usize, seed: u64, run: u64) -> Vec<u32> {
    let mut generator = SplitMix64::new(SplitMix64::new(seed).next() ^ run);
    let mut permutation: Vec<u32> = (0..folds as u32).collect();
    for i in (1..folds).rev() {
        permutation.swap(i, generator.below(i + 1));
    }
    permutation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix64_gives_the_published_numbers() {
        // First outputs from seed 1234567, as in the reference implementation (Vigna, splitmix64.c).
        let mut generator = SplitMix64::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| generator.next()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn a_permutation_holds_every_number_once_and_depends_on_seed_and_run() {
        let mut sorted = permutation(10, 3, 5);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..10).collect::<Vec<u32>>());
        assert_ne!(permutation(10, 3, 5), permutation(10, 3, 6));
        assert_ne!(permutation(10, 3, 5), permutation(10, 4, 5));
    }

    #[test]
    fn permutations_are_as_often_one_as_another() {
        let mut counts = std::collections::BTreeMap::new();
        for run in 0..6000 {
            *counts.entry(permutation(3, 0, run)).or_insert(0) += 1;
        }
        // Six permutations, 1000 each, standard deviation 29.
        assert!(counts.len() == 6 && counts.values().all(|count| (870..1130).contains(count)), "{counts:?}");
    }
}
