//! What the reader of a file may settle instead of letting the loader guess.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How to read a file; everything left at `None` is guessed from the file and the guess noted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportOptions {
    /// Between the cells.
    pub delimiter: Option<Separator>,
    /// Around cells that hold delimiters or line breaks.
    pub quote: Option<Quote>,
    /// Label of a character encoding as browsers know it: `utf-8`, `windows-1252`, `utf-16le`.
    pub encoding: Option<String>,
    /// Decimal mark of every number.
    pub decimal: Option<DecimalMark>,
    /// Between groups of three digits.
    pub thousands: Option<Thousands>,
    /// Whether the first record holds names.
    pub header: Option<Header>,
    /// Lines of the file to leave out before anything else is read.
    pub skip_lines: Option<usize>,
    /// Lines that begin with this are left out.
    pub comment: Option<Comment>,
    /// Texts that mean "missing", in every column; they replace the usual list. Empty cells are always missing.
    pub missing_tokens: Option<Vec<String>>,
    /// Records with more or fewer cells than the header.
    pub ragged: Ragged,
    /// Types of columns by name.
    pub types: BTreeMap<String, TypeChoice>,
    /// Bytes of memory that may be used; half of what is free, if not chosen. A file whose table and what is computed from
    /// it need more is read in one pass that keeps no row.
    pub memory_limit: Option<u64>,
}

/// A text that names no choice of an import option.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no {option}; use {choices}")]
pub struct OptionError {
    /// Name of the option.
    pub option: &'static str,
    /// What was given.
    pub text: String,
    /// What may be given.
    pub choices: &'static str,
}

/// What stands between cells: one ASCII character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Separator(u8);

impl Separator {
    /// `,`
    pub const COMMA: Self = Self(b',');
    /// A blank.
    pub const BLANK: Self = Self(b' ');

    /// A separator of one byte; `None` for what stands in words and numbers, quotes and line ends.
    pub fn new(byte: u8) -> Option<Self> {
        let usable =
            byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'\n' | b'\r' | b'.' | 0);
        usable.then_some(Self(byte))
    }

    /// The byte itself.
    pub const fn byte(self) -> u8 {
        self.0
    }

    /// In words, for the status line: `comma`.
    pub fn describe(self) -> String {
        match self.0 {
            b',' => "comma".into(),
            b';' => "semicolon".into(),
            b'\t' => "tab".into(),
            b'|' => "pipe".into(),
            b' ' => "blank".into(),
            b':' => "colon".into(),
            other if other.is_ascii_graphic() => format!("{:?}", char::from(other)),
            other => format!("control character {other:#04x}"),
        }
    }
}

impl FromStr for Separator {
    type Err = OptionError;

    fn from_str(text: &str) -> Result<Self, OptionError> {
        let byte = match text.to_ascii_lowercase().as_str() {
            "comma" => Some(b','),
            "semicolon" => Some(b';'),
            "tab" | "\\t" => Some(b'\t'),
            "pipe" => Some(b'|'),
            "blank" | "space" => Some(b' '),
            "colon" => Some(b':'),
            _ => single_byte(text),
        };
        byte.and_then(Self::new).ok_or_else(|| OptionError {
            option: "delimiter",
            text: text.into(),
            choices: "one character, or comma, semicolon, tab, pipe, blank or colon",
        })
    }
}

impl From<Separator> for String {
    fn from(separator: Separator) -> Self {
        char::from(separator.0).to_string()
    }
}

impl TryFrom<String> for Separator {
    type Error = OptionError;

    fn try_from(text: String) -> Result<Self, OptionError> {
        text.parse()
    }
}

/// Whether cells may be quoted, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Quote {
    /// `"`
    Double,
    /// `'`
    Single,
    /// Quotes are text.
    None,
}

impl Quote {
    pub(crate) const fn byte(self) -> Option<u8> {
        match self {
            Self::Double => Some(b'"'),
            Self::Single => Some(b'\''),
            Self::None => None,
        }
    }
}

impl FromStr for Quote {
    type Err = OptionError;

    fn from_str(text: &str) -> Result<Self, OptionError> {
        match text.to_ascii_lowercase().as_str() {
            "\"" | "double" => Ok(Self::Double),
            "'" | "single" => Ok(Self::Single),
            "" | "none" => Ok(Self::None),
            _ => Err(OptionError { option: "quote", text: text.into(), choices: "\", ' or none" }),
        }
    }
}

/// What stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecimalMark {
    /// `1.5`
    Point,
    /// `1,5`
    Comma,
}

impl DecimalMark {
    /// The mark itself.
    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Point => b'.',
            Self::Comma => b',',
        }
    }
}

impl FromStr for DecimalMark {
    type Err = OptionError;

    fn from_str(text: &str) -> Result<Self, OptionError> {
        match text.to_ascii_lowercase().as_str() {
            "." | "point" => Ok(Self::Point),
            "," | "comma" => Ok(Self::Comma),
            _ => Err(OptionError { option: "decimal mark", text: text.into(), choices: "point or comma" }),
        }
    }
}

/// What stands between groups of three digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Thousands {
    /// `1.234`
    Point,
    /// `1,234`
    Comma,
    /// `1 234`, also with the narrow or unbreakable blank
    Blank,
    /// `1'234`
    Apostrophe,
    /// Digits are never grouped.
    None,
}

impl FromStr for Thousands {
    type Err = OptionError;

    fn from_str(text: &str) -> Result<Self, OptionError> {
        match text.to_ascii_lowercase().as_str() {
            "." | "point" => Ok(Self::Point),
            "," | "comma" => Ok(Self::Comma),
            " " | "blank" | "space" => Ok(Self::Blank),
            "'" | "\u{2019}" | "apostrophe" => Ok(Self::Apostrophe),
            "" | "none" => Ok(Self::None),
            _ => Err(OptionError {
                option: "thousands separator",
                text: text.into(),
                choices: "point, comma, blank, apostrophe or none",
            }),
        }
    }
}

/// Whether the first record holds names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Header {
    /// It holds names.
    Yes,
    /// It is data; columns are named V1, V2, ….
    No,
}

impl FromStr for Header {
    type Err = OptionError;

    fn from_str(text: &str) -> Result<Self, OptionError> {
        match text.to_ascii_lowercase().as_str() {
            "yes" | "true" => Ok(Self::Yes),
            "no" | "false" => Ok(Self::No),
            _ => Err(OptionError { option: "header choice", text: text.into(), choices: "yes or no" }),
        }
    }
}

/// Which lines are remarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Comment {
    /// Lines that begin with this ASCII character.
    Start(u8),
    /// None.
    None,
}

impl FromStr for Comment {
    type Err = OptionError;

    fn from_str(text: &str) -> Result<Self, OptionError> {
        match (text, single_byte(text)) {
            ("" | "none", _) => Ok(Self::None),
            (_, Some(byte)) if byte.is_ascii_punctuation() && byte != b'"' => Ok(Self::Start(byte)),
            _ => Err(OptionError {
                option: "comment mark",
                text: text.into(),
                choices: "one punctuation character or none",
            }),
        }
    }
}

/// What happens to records whose number of cells is not the header's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ragged {
    /// The file is refused, with the line.
    #[default]
    Refuse,
    /// They are left out, counted.
    Skip,
    /// Short ones are filled with missing cells, long ones left out, both counted.
    Pad,
}

impl FromStr for Ragged {
    type Err = OptionError;

    fn from_str(text: &str) -> Result<Self, OptionError> {
        match text.to_ascii_lowercase().as_str() {
            "refuse" => Ok(Self::Refuse),
            "skip" => Ok(Self::Skip),
            "pad" => Ok(Self::Pad),
            _ => Err(OptionError {
                option: "treatment of ragged records",
                text: text.into(),
                choices: "refuse, skip or pad",
            }),
        }
    }
}

/// What a column is to be read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TypeChoice {
    /// Numbers; what is no number becomes missing, counted.
    Number,
    /// Levels, also where the cells are numbers.
    Category,
    /// Not at all.
    Ignore,
}

impl FromStr for TypeChoice {
    type Err = OptionError;

    fn from_str(text: &str) -> Result<Self, OptionError> {
        match text.to_ascii_lowercase().as_str() {
            "number" => Ok(Self::Number),
            "category" => Ok(Self::Category),
            "ignore" => Ok(Self::Ignore),
            _ => Err(OptionError { option: "column type", text: text.into(), choices: "number, category or ignore" }),
        }
    }
}

fn single_byte(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() => Some(*byte),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_named_or_given() {
        assert_eq!("tab".parse::<Separator>().unwrap().byte(), b'\t');
        assert_eq!(";".parse::<Separator>().unwrap().byte(), b';');
        assert!("a".parse::<Separator>().is_err());
        assert!(",,".parse::<Separator>().is_err());
    }

    #[test]
    fn a_wrong_choice_names_the_right_ones() {
        let message = "fill".parse::<Ragged>().unwrap_err().to_string();
        assert_eq!(message, "\"fill\" is no treatment of ragged records; use refuse, skip or pad");
    }
}
