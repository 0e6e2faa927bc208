//! What may be typed, checked as far as it can be without the data.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::columns::ColumnArguments;
use super::folds::FoldArguments;
use super::import::ImportArguments;
use super::values::{Alphas, alphas, count, example, l1_ratio, one_of, ratio};
use crate::analysis::{Engine, Settings};
use crate::data::examples::Example;
use crate::export::At;
use crate::model::path::Grid;
use crate::model::standardize::Scale;

/// Options that say something about rows.
const NEED_ROWS: [&str; 15] = [
    "file",
    "example",
    "ImportArguments",
    "predictions",
    "engine",
    "missing",
    "missing_indicators",
    "weight_column",
    "reference",
    "degree",
    "interaction",
    "folds",
    "seed",
    "repeats",
    "FoldArguments",
];

/// See what lasso and ridge do to your regression, across the whole range of alpha.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub struct Arguments {
    /// What to do without a window.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What to open in one.
    #[command(flatten)]
    pub window: WindowArguments,
}

/// What can be done without a window.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print what the loader read, as one JSON object
    Inspect(InspectArguments),
    /// Fit both paths with cross-validation and write the results, without a window
    Analyze(Box<AnalyzeArguments>),
}

/// What the window opens with.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct WindowArguments {
    /// CSV to open and analyze [default: the bundled diabetes data]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Column to predict [default: the last column with numbers]
    #[arg(long, value_name = "COLUMN")]
    pub target: Option<String>,
    /// Open a bundled example instead of a file
    #[arg(long, value_name = "NAME", conflicts_with = "file", value_parser = example())]
    pub example: Option<&'static Example>,
}

/// What `inspect` needs.
#[derive(Debug, Args)]
pub struct InspectArguments {
    /// CSV to read
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// How to read it.
    #[command(flatten)]
    pub import: ImportArguments,
}

/// What `analyze` needs.
#[derive(Debug, Args)]
pub struct AnalyzeArguments {
    /// CSV to analyze
    #[arg(value_name = "FILE", required_unless_present_any = ["example", "moments"])]
    pub file: Option<PathBuf>,
    /// Analyze moments that were summed up elsewhere, with their folds, instead of rows: README.md has the queries
    #[arg(long, value_name = "FILE", conflicts_with_all = NEED_ROWS)]
    pub moments: Option<PathBuf>,
    /// Analyze a bundled example instead of a file
    #[arg(long, value_name = "NAME", conflicts_with_all = ["file", "ImportArguments"], value_parser = example())]
    pub example: Option<&'static Example>,
    /// Column to predict [default with --example: its own]
    #[arg(long, value_name = "COLUMN", required_unless_present = "example")]
    pub target: Option<String>,
    /// Folder for coefficients.csv, path.csv, cv.csv and analysis.json; made if needed
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Which column plays which part.
    #[command(flatten)]
    pub columns: ColumnArguments,
    /// Which fit coefficients.csv holds: smallest cross-validation error, or largest alpha within one standard error of it
    #[arg(long, value_name = "RULE", default_value = "1se",
        value_parser = one_of(&[("min", At::Min), ("1se", At::OneSe)]))]
    pub at: At,
    /// Also write predictions.csv: both fits for every record, those without a target too
    #[arg(long)]
    pub predictions: bool,
    /// How rows are held out.
    #[command(flatten)]
    pub folds: FoldArguments,
    /// Which alphas and penalties.
    #[command(flatten)]
    pub penalty: PenaltyArguments,
    /// Who computes: our exact path, or linfa-elasticnet alpha by alpha
    #[arg(long, value_name = "ENGINE", default_value = "pathwise",
        value_parser = one_of(&[("pathwise", Engine::Pathwise), ("linfa", Engine::Linfa)]))]
    pub engine: Engine,
    /// Number of threads [default: one a core]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = count(1, 1024))]
    pub threads: Option<usize>,
    /// Print seconds per step and peak memory as one JSON line on standard error, in place of notes
    #[arg(long)]
    pub timings: bool,
    /// How to read the file.
    #[command(flatten)]
    pub import: ImportArguments,
}

/// Which alphas and penalties.
#[derive(Debug, Args)]
pub struct PenaltyArguments {
    /// Number of alphas of each path [default: 100]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = count(2, 10_000))]
    pub alphas: Option<usize>,
    /// Smallest alpha divided by the largest, lasso and elastic net only [default: 1e-4, or 1e-2 if rows ≤ features]
    #[arg(long, value_name = "R", allow_negative_numbers = true, value_parser = ratio, conflicts_with = "lasso_alphas")]
    pub alpha_min_ratio: Option<f64>,
    /// The alphas of the lasso themselves, separated by commas
    #[arg(long, value_name = "A,B,…", allow_hyphen_values = true, value_parser = alphas)]
    pub lasso_alphas: Option<Alphas>,
    /// The alphas of ridge themselves, separated by commas
    #[arg(long, value_name = "A,B,…", allow_hyphen_values = true, value_parser = alphas)]
    pub ridge_alphas: Option<Alphas>,
    /// Share of the L1 penalty in the first path, above 0 up to 1: below 1 it is an elastic net
    #[arg(long, value_name = "R", allow_negative_numbers = true, default_value = "1", value_parser = l1_ratio)]
    pub l1_ratio: f64,
    /// Do not divide columns by their standard deviation
    #[arg(long)]
    pub no_standardize: bool,
}

impl AnalyzeArguments {
    /// What to compute.
    pub fn settings(&self) -> Settings {
        let penalty = &self.penalty;
        let count = penalty.alphas.unwrap_or(100);
        let grid = |alphas: &Option<Alphas>, ratio| match alphas {
            Some(alphas) => Grid::Explicit(alphas.values().to_vec()),
            None => Grid::Auto { count, ratio },
        };
        Settings {
            scale: if penalty.no_standardize { Scale::Keep } else { Scale::Standardize },
            folds: self.folds.rule(),
            repeats: self.folds.repeats(),
            l1_ratio: penalty.l1_ratio,
            lasso_grid: grid(&penalty.lasso_alphas, penalty.alpha_min_ratio),
            ridge_grid: grid(&penalty.ridge_alphas, None),
            engine: self.engine,
        }
    }
}
