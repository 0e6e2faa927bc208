//! How to read a file, as typed: the import panel's options.

use clap::Args;

use super::values::{ValueError, size};
use crate::data::options::{
    Comment, DecimalMark, Header, ImportOptions, Quote, Ragged, Separator, Thousands, TypeChoice,
};

/// How to read a file; what is left out is guessed from the file, and the guess noted.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Import options")]
pub struct ImportArguments {
    /// Between the cells: one character, or tab
    #[arg(long, value_name = "C")]
    pub delimiter: Option<Separator>,
    /// Around cells with delimiters or line breaks: double, single or none
    #[arg(long, value_name = "Q")]
    pub quote: Option<Quote>,
    /// Character encoding: utf-8, utf-16le, windows-1252 or another browser label
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
    /// Decimal mark: point or comma
    #[arg(long, value_name = "MARK")]
    pub decimal: Option<DecimalMark>,
    /// Between groups of three digits: point, comma, blank, apostrophe or none
    #[arg(long, value_name = "MARK")]
    pub thousands: Option<Thousands>,
    /// Whether the first record holds names: yes or no
    #[arg(long, value_name = "yes|no")]
    pub header: Option<Header>,
    /// Lines to leave out before anything else is read
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub skip_lines: Option<usize>,
    /// Lines that begin with this character are left out; or none
    #[arg(long, value_name = "C")]
    pub comment: Option<Comment>,
    /// Texts that mean a missing cell, separated by commas, in place of the usual ones
    #[arg(long, value_name = "A,B", value_delimiter = ',', allow_hyphen_values = true)]
    pub missing_tokens: Option<Vec<String>>,
    /// Records with too many or too few cells: refuse, skip or pad [default: refuse]
    #[arg(long, value_name = "HOW")]
    pub ragged: Option<Ragged>,
    /// Read a column as number, category, or ignore it (may be repeated)
    #[arg(long = "type", value_name = "COLUMN=TYPE", value_parser = column_type)]
    pub types: Vec<(String, TypeChoice)>,
    /// Memory that may be used, such as 500MB or 2GiB: a larger file is read in one pass that keeps no row [default: half
    /// of what is free]
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true, value_parser = size)]
    pub memory_limit: Option<u64>,
}

impl ImportArguments {
    /// As the loader takes them.
    pub fn options(&self) -> ImportOptions {
        ImportOptions {
            delimiter: self.delimiter,
            quote: self.quote,
            encoding: self.encoding.clone(),
            decimal: self.decimal,
            thousands: self.thousands,
            header: self.header,
            skip_lines: self.skip_lines,
            comment: self.comment,
            missing_tokens: self.missing_tokens.clone(),
            ragged: self.ragged.unwrap_or_default(),
            types: self.types.iter().cloned().collect(),
            memory_limit: self.memory_limit,
        }
    }
}

/// `COLUMN=TYPE`; the column's name may hold `=` itself.
fn column_type(text: &str) -> Result<(String, TypeChoice), ValueError> {
    let (column, choice) = text.rsplit_once('=').ok_or(ValueError::ColumnType)?;
    let choice = choice.parse().ok().ok_or(ValueError::ColumnType)?;
    Ok((column.to_owned(), choice))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        import: ImportArguments,
    }

    fn options(line: &[&str]) -> Result<ImportOptions, clap::Error> {
        Line::try_parse_from(std::iter::once(&"test").chain(line)).map(|line| line.import.options())
    }

    #[test]
    fn nothing_typed_leaves_all_to_the_loader() {
        assert_eq!(options(&[]).unwrap(), ImportOptions::default());
    }

    #[test]
    fn every_option_arrives() {
        let line = "--delimiter ; --quote ' --encoding latin1 --decimal comma --thousands . --header no \
            --skip-lines 2 --comment # --missing-tokens -,NA,-999 --ragged pad --type a=b=category --type c=ignore --memory-limit 2MB";
        let options = options(&line.split_whitespace().collect::<Vec<_>>()).unwrap();
        assert_eq!(options.delimiter, Separator::new(b';'));
        assert_eq!(options.quote, Some(Quote::Single));
        assert_eq!(options.encoding.as_deref(), Some("latin1"));
        assert_eq!(options.decimal, Some(DecimalMark::Comma));
        assert_eq!(options.thousands, Some(Thousands::Point));
        assert_eq!(options.header, Some(Header::No));
        assert_eq!(options.skip_lines, Some(2));
        assert_eq!(options.comment, Some(Comment::Start(b'#')));
        assert_eq!(options.missing_tokens.unwrap(), ["-", "NA", "-999"]);
        assert_eq!(options.ragged, Ragged::Pad);
        assert_eq!(options.types["a=b"], TypeChoice::Category);
        assert_eq!(options.memory_limit, Some(2_000_000));
        assert_eq!(options.types["c"], TypeChoice::Ignore);
    }

    #[test]
    fn wrong_choices_are_refused_with_the_right_ones() {
        for (line, expected) in [
            (["--header", "maybe"], "yes or no"),
            (["--ragged", "fill"], "refuse, skip or pad"),
            (["--type", "a"], "COLUMN=TYPE"),
            (["--type", "a=date"], "number, category or ignore"),
            (["--delimiter", "ab"], "one character"),
            (["--skip-lines", "-1"], "--skip-lines"),
        ] {
            let message = options(&line).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
