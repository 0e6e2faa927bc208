//! A pass over a text that keeps no cell: what columns hold is tallied, and each part is handed on as it comes.

use rayon::prelude::*;

use crate::data::chunk::{self, Chunk, Plan};
use crate::data::columns::{self, Finished};
use crate::data::error::ReadError;
use crate::data::lane::{Lane, Sink};
use crate::data::load::{Done, Load, Stop};
use crate::data::source::Block;
use crate::data::tally::Tally;
use crate::data::texts::Texts;

/// Marks of lines that are kept in any case.
const MOST_MARKS: usize = if cfg!(test) { 8 } else { 1 << 18 };

/// The cells of a column in one part of the text.
#[derive(Debug)]
pub(super) enum Cells {
    /// Numbers, and whether there were cells that are none.
    Numbers(Vec<f64>, bool),
    Texts(Texts),
    Skipped,
}

/// Whole records of the text; lines and records count from the first of them.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) n_records: usize,
    /// See [`Chunk::marks`].
    pub(super) marks: Vec<(usize, u64)>,
    /// One a column of the file.
    pub(super) cells: Vec<Cells>,
}

/// What a pass saw.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) chunk: Chunk,
    /// One a column of the file.
    pub(super) tallies: Vec<Tally>,
    /// Marks of lines from which on those are forgotten that nobody will ask for.
    most_marks: usize,
}

/// A part with its cells made into something.
struct Parsed<P> {
    chunk: Chunk,
    tallies: Vec<Tally>,
    product: P,
}

/// Takes what was made of a part, with the records and the lines before it.
pub(super) type Take<'a, P, E> = &'a mut (dyn FnMut(P, usize, u64) -> Result<(), E> + Send);

impl Load<'_> {
    /// Reads all records. `each` makes something of a part, several side by side; `take` is given that in order.
    pub(super) fn survey<P: Send, E: From<ReadError> + Send>(
        &self,
        lanes: &[Lane],
        each: &(dyn Fn(Part) -> P + Sync),
        take: Take<'_, P, E>,
    ) -> Result<Survey, E> {
        let plan = self.chunk_plan(lanes);
        let tallies = lanes.iter().map(Tally::new).collect();
        let mut all = Survey { chunk: Chunk::new(&[], self.layout.body_line), tallies, most_marks: MOST_MARKS };
        let mut blocks = self.text.blocks(self.layout.body_start as u64, self.dialect, self.layout.width, self.cut);
        let mut next = blocks.next_block();
        let mut parsed = Vec::new();
        loop {
            let block = match next {
                Ok(Some(block)) => block,
                end => {
                    all.merge(parsed, plan.missing, take)?;
                    end.map_err(|error| error.below(all.chunk.lines))?;
                    return Ok(all);
                }
            };
            // One block is read while the parts of the one before are taken apart and those before that are taken.
            let read_on = || rayon::join(|| parse(&block, &plan, each), || blocks.next_block());
            let (merged, (products, following)) = rayon::join(|| all.merge(parsed, plan.missing, take), read_on);
            merged?;
            (parsed, next) = (products, following);
            blocks.recycle(block);
            if (self.tick)(blocks.position(), self.text.len()).is_break() {
                return Err(ReadError::Cancelled.into());
            }
        }
    }

    /// Types all columns from a survey of them. Those that turn out to be something else are surveyed once more, as in
    /// [`Load::read_columns`]; `known` are values of the first cells of columns of numbers.
    pub(super) fn conclude(&self, names: &[String], tallies: Vec<Tally>, known: &[&[f64]]) -> Result<Vec<Done>, Stop> {
        let mut columns: Vec<Done> = names.iter().map(|_| None).collect();
        let mut doubt = vec![false; names.len()];
        let mut tallies = tallies;
        loop {
            let mut lanes = vec![Lane::Skip; names.len()];
            for (j, tally) in tallies.into_iter().enumerate() {
                let (Some(name), Some(slot), Some(lane)) = (names.get(j), columns.get_mut(j), lanes.get_mut(j)) else {
                    continue;
                };
                let known = known.get(j).copied().unwrap_or_default();
                match columns::conclude(name, tally, self.options, doubt.get(j) == Some(&true), known) {
                    Finished::Again(again) => *lane = again,
                    Finished::Column(column, told) => *slot = Some((column, told)),
                }
            }
            self.doubt_points(&columns, &mut lanes, &mut doubt);
            if lanes.iter().all(|lane| *lane == Lane::Skip) {
                return Ok(columns);
            }
            tallies = self.survey::<(), Stop>(&lanes, &|_| (), &mut |(), _, _| Ok(()))?.tallies;
        }
    }
}

impl Survey {
    /// Forgets the lines of records but for those that a note may name, and for the last one: where each record has lines
    /// of its own, their marks would grow with the file.
    fn forget_lines(&mut self) {
        let mut named = vec![0, self.chunk.n_records];
        self.tallies.iter().for_each(|tally| tally.add_places(&mut named));
        named.sort_unstable();
        let marks = std::mem::take(&mut self.chunk.marks);
        let mut named = named.into_iter().peekable();
        for (at, mark) in marks.iter().enumerate() {
            let next = marks.get(at + 1).map_or(usize::MAX, |next| next.0);
            let is_asked_for = named.peek().is_some_and(|record| *record < next);
            while named.next_if(|record| *record < next).is_some() {}
            if is_asked_for {
                self.chunk.marks.push(*mark);
            }
        }
        self.most_marks = self.most_marks.max(2 * self.chunk.marks.len());
    }

    /// Puts parts behind this and hands on what was made of them.
    fn merge<P, E: From<ReadError>>(
        &mut self,
        parts: Vec<Result<Parsed<P>, ReadError>>,
        missing: Option<&[String]>,
        take: Take<'_, P, E>,
    ) -> Result<(), E> {
        for part in parts {
            let (records, lines) = (self.chunk.n_records, self.chunk.lines);
            let part = part.map_err(|error| error.below(lines))?;
            self.chunk.append(part.chunk);
            for (tally, later) in self.tallies.iter_mut().zip(part.tallies) {
                tally.append(later, records, missing);
            }
            if self.chunk.marks.len() > self.most_marks {
                self.forget_lines();
            }
            take(part.product, records, lines)?;
        }
        Ok(())
    }
}

/// Reads the parts of a block, side by side.
fn parse<P: Send>(
    block: &Block<'_>,
    plan: &Plan<'_>,
    each: &(dyn Fn(Part) -> P + Sync),
) -> Vec<Result<Parsed<P>, ReadError>> {
    let starts = std::iter::once(0).chain(block.ends.iter().copied());
    let parts: Vec<&[u8]> = starts.zip(&block.ends).filter_map(|(start, end)| block.bytes.get(start..*end)).collect();
    parts.into_par_iter().map(|part| parse_part(part, plan, each)).collect()
}

fn parse_part<P>(bytes: &[u8], plan: &Plan<'_>, each: &dyn Fn(Part) -> P) -> Result<Parsed<P>, ReadError> {
    let mut chunk = chunk::read(bytes, plan, Vec::new())?;
    let sinks = std::mem::take(&mut chunk.sinks);
    let (cells, tallies) = sinks.into_iter().map(|sink| take_apart(sink, plan.missing)).unzip();
    let product = each(Part { n_records: chunk.n_records, marks: chunk.marks.clone(), cells });
    Ok(Parsed { chunk, tallies, product })
}

fn take_apart(sink: Sink, missing: Option<&[String]>) -> (Cells, Tally) {
    match sink {
        Sink::Number(numbers) => {
            let format = numbers.format;
            let (values, facts) = numbers.into_parts();
            let has_offenders = facts.offenders.count > 0;
            let tally = Tally::of_numbers(format, &values, facts);
            (Cells::Numbers(values, has_offenders), tally)
        }
        Sink::Text { dictionary, codes } => {
            let texts = Texts::new(dictionary.into_texts(), codes);
            let tally = Tally::of_texts(&texts, missing);
            (Cells::Texts(texts), tally)
        }
        Sink::Skip => (Cells::Skipped, Tally::Skip),
    }
}
