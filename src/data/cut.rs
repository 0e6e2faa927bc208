//! How finely a text is cut on its way into columns.

/// Sizes on which nothing but speed and memory may depend: the fuzzers read the same text cut in other ways and compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Files up to this many bytes are kept in memory while they are read.
    pub stream_from: u64,
    /// Bytes of records that suggest how columns are read.
    pub sample: usize,
    /// Bytes of a block: what is read between two ticks.
    pub block: usize,
    /// Parts of a block that are read side by side; `None` for one a thread.
    pub pieces: Option<usize>,
}

impl Cut {
    /// As files are read; tests of this crate cut everywhere.
    pub const USUAL: Self = if cfg!(test) {
        Self { stream_from: 300, sample: 150, block: 97, pieces: None }
    } else {
        Self { stream_from: 8 << 20, sample: 1 << 18, block: 1 << 20, pieces: None }
    };

    /// Parts of a block.
    pub(super) fn pieces(self) -> usize {
        self.pieces.unwrap_or_else(rayon::current_num_threads).max(1)
    }
}
