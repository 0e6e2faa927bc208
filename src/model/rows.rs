//! Which rows of a sample are meant.

/// Some rows of a sample.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rows<'r> {
    /// From the first to before the second.
    Range(usize, usize),
    /// These.
    List(&'r [usize]),
}

impl<'r> Rows<'r> {
    /// Of a list: as a range where it is one.
    pub(crate) fn of(list: &'r [usize]) -> Self {
        match (list.first(), list.last()) {
            (Some(&first), Some(&last)) if list.is_sorted() && last - first + 1 == list.len() => {
                Self::Range(first, last + 1)
            }
            _ => Self::List(list),
        }
    }
}

impl Rows<'_> {
    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        match self {
            Rows::Range(from, to) => to - from,
            Rows::List(list) => list.len(),
        }
    }

    /// The row at position `r` of these.
    pub(crate) fn row(&self, r: usize) -> usize {
        match *self {
            Rows::Range(from, _) => from + r,
            Rows::List(list) => list[r],
        }
    }

    /// The rows at positions `from..to` of these.
    pub(crate) fn part(&self, from: usize, to: usize) -> Self {
        match *self {
            Rows::Range(start, _) => Rows::Range(start + from, start + to),
            Rows::List(list) => Rows::List(&list[from..to]),
        }
    }

    /// Blocks of `size` rows, the last one smaller.
    pub(crate) fn blocks(self, size: usize) -> impl ExactSizeIterator<Item = Self> {
        let n = self.len();
        (0..n.div_ceil(size)).map(move |b| self.part(b * size, ((b + 1) * size).min(n)))
    }
}
