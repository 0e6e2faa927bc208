//! Choices from the first bytes of an input.

use shrinkscope::data::options::{
    Comment, DecimalMark, Header, ImportOptions, Quote, Ragged, Separator, Thousands, TypeChoice,
};

/// Bytes that are used up from the front; zeros when they are.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a>(pub &'a [u8]);

impl<'a> Input<'a> {
    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// One of `choices`.
    pub fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[usize::from(self.byte()) % choices.len()].clone()
    }

    /// Up to `length` bytes.
    pub fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// A double: any bits, a decimal of few digits, or a small integer.
    pub fn double(&mut self) -> f64 {
        match self.byte() % 4 {
            0 => {
                let mut bits = [0; 8];
                let taken = self.take(8);
                bits[..taken.len()].copy_from_slice(taken);
                f64::from_bits(u64::from_le_bytes(bits))
            }
            1 => f64::from(i16::from_le_bytes([self.byte(), self.byte()])) / 1000.0,
            2 => f64::from(self.byte()) * 10_f64.powi(i32::from(self.byte().cast_signed())),
            _ => f64::from(self.byte().cast_signed()),
        }
    }

    /// Text of up to 24 bytes.
    pub fn text(&mut self) -> String {
        let length = usize::from(self.byte() % 25);
        String::from_utf8_lossy(self.take(length)).into_owned()
    }

    /// Import options; zeros are the usual ones.
    pub fn options(&mut self) -> ImportOptions {
        const LABELS: [&str; 9] = [
            "utf-8",
            "windows-1252",
            "utf-16le",
            "utf-16be",
            "iso-8859-2",
            "shift_jis",
            "gb18030",
            "utf-9",
            "replacement",
        ];
        const TOKENS: [&str; 6] = ["", " ", "NA", "-999", "0", "é"];
        let delimiter = match self.byte() {
            0 => None,
            n @ 1..=5 => Separator::new(b",;\t| "[usize::from(n) - 1]),
            other => Separator::new(other),
        };
        let flags = self.byte();
        let n_tokens = self.byte() % 4;
        ImportOptions {
            delimiter,
            quote: self.pick(&[None, None, Some(Quote::Double), Some(Quote::Single), Some(Quote::None)]),
            encoding: (flags & 1 != 0).then(|| self.pick(&LABELS).to_owned()),
            decimal: self.pick(&[None, None, Some(DecimalMark::Point), Some(DecimalMark::Comma)]),
            thousands: self.pick(&[
                None,
                None,
                Some(Thousands::Point),
                Some(Thousands::Comma),
                Some(Thousands::Blank),
                Some(Thousands::Apostrophe),
                Some(Thousands::None),
            ]),
            header: self.pick(&[None, None, Some(Header::Yes), Some(Header::No)]),
            skip_lines: (flags & 2 != 0).then(|| usize::from(self.byte())),
            comment: self.pick(&[
                None,
                None,
                Some(Comment::None),
                Some(Comment::Start(b'#')),
                Some(Comment::Start(b'%')),
            ]),
            missing_tokens: (flags & 4 != 0).then(|| (0..n_tokens).map(|_| self.pick(&TOKENS).to_owned()).collect()),
            ragged: self.pick(&[Ragged::Refuse, Ragged::Skip, Ragged::Pad]),
            types: [].into(),
            memory_limit: None,
        }
    }

    /// What a column is to be read as.
    pub fn type_choice(&mut self) -> TypeChoice {
        self.pick(&[TypeChoice::Number, TypeChoice::Category, TypeChoice::Ignore])
    }
}
