//! `analysis.json`: everything another program needs to check or to reproduce an analysis.
//!
//! | key | content |
//! |---|---|
//! | `version` | of this form: 1 |
//! | `data` | `path` (null for a bundled example, whose name is `example`), `sha256`, `rows` and `columns` of the file |
//! | `settings` | what was asked, named as the options of `shrinkscope analyze`, see below |
//! | `seed` | of the folds; null where they are not drawn |
//! | `row_folds` | one per record of the file, from 0; null = left out. The first repeat, if there are several. Absent where rows were not kept: `settings` has the rule |
//! | `row_folds_by_repeat` | only with several repeats: one such list a repeat |
//! | `features` | names, in the order of `coefficients`; columns that never vary are absent |
//! | `neutralized_names` | names written otherwise into the CSV files: written → original |
//! | `notes` | what the reader should know, as in `shrinkscope inspect` |
//! | `lasso`, `ridge` | `alphas` (descending), `cv_mean`, `cv_se`, `index_min`, `index_1se`, `index_chosen` (from 0; the nearest, if the chosen alpha is none of the grid), `chosen` (only then: `alpha`, `df`, `gap`, `kkt`, `on_rows`, `intercept`, `coefficients` there), `df`, `gap` (null at alpha 0), `kkt`, `on_rows` (whether both are measured on the rows; else on sums over them), `intercept`, `coefficients` (one list per alpha, the user's units) |
//!
//! Of `settings`: `target`, `l1_ratio`, `folds` (asked for; with a fold column, its values), `seed`,
//! `rule` (`random`, `interleaved`, `contiguous`, `groups`, `given`), `repeats`, `standardize` (bool), `missing`
//! (`drop`, `mean`), `streamed` (bool: whether rows were summed up and not kept), `missing_indicators` (bool), `exclude` (names), `fold_column`, `group_column` and `weight_column`
//! (name or null), `references` (column → level), `degrees` (column → highest power), `interactions` (names), `engine` (`pathwise`, `linfa`),
//! `at` (`min`, `1se`, `cursor`), and `grids` with `lasso` and `ridge`: either `{"alphas": count, "alpha_min_ratio":
//! number or null for the default}` or `{"values": […]}`. Ridge has no `alpha_min_ratio`.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::names::WrittenNames;
use super::number::finite;
use super::{At, ExportError, Fits, Results};
use crate::analysis::{Cursor, Engine};
use crate::data::design::Missing;
use crate::data::notes::Note;
use crate::data::table::Source;
use crate::model::folds::FoldRule;
use crate::model::path::Grid;
use crate::model::path_point::PathPoint;
use crate::model::standardize::Scale;

/// Version of the form.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    data: DataRecord<'a>,
    settings: SettingsRecord<'a>,
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row_folds: Option<Vec<Option<u32>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    row_folds_by_repeat: Vec<Vec<Option<u32>>>,
    features: Vec<&'a str>,
    neutralized_names: BTreeMap<String, String>,
    notes: Vec<&'a Note>,
    lasso: PenaltyRecord,
    ridge: PenaltyRecord,
}

#[derive(Serialize)]
struct DataRecord<'a> {
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<&'a str>,
    sha256: &'a str,
    rows: usize,
    columns: usize,
}

#[derive(Serialize)]
struct SettingsRecord<'a> {
    target: &'a str,
    l1_ratio: f64,
    folds: usize,
    seed: Option<u64>,
    rule: &'static str,
    repeats: usize,
    standardize: bool,
    streamed: bool,
    missing: &'static str,
    missing_indicators: bool,
    exclude: Vec<&'a str>,
    fold_column: Option<&'a str>,
    group_column: Option<&'a str>,
    weight_column: Option<&'a str>,
    references: BTreeMap<&'a str, &'a str>,
    degrees: BTreeMap<&'a str, u32>,
    interactions: Vec<&'a str>,
    engine: &'static str,
    at: &'static str,
    grids: GridsRecord<'a>,
}

#[derive(Serialize)]
struct GridsRecord<'a> {
    lasso: GridRecord<'a>,
    ridge: GridRecord<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum GridRecord<'a> {
    Ratio { alphas: usize, alpha_min_ratio: Option<f64> },
    Count { alphas: usize },
    Values { values: &'a [f64] },
}

#[derive(Serialize)]
struct PenaltyRecord {
    alphas: Vec<f64>,
    cv_mean: Vec<f64>,
    cv_se: Vec<f64>,
    index_min: usize,
    index_1se: usize,
    index_chosen: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen: Option<ChosenRecord>,
    df: Vec<f64>,
    gap: Vec<Option<f64>>,
    kkt: Vec<f64>,
    on_rows: Vec<bool>,
    intercept: Vec<f64>,
    coefficients: Vec<Vec<f64>>,
}

#[derive(Serialize)]
struct ChosenRecord {
    alpha: f64,
    df: f64,
    gap: Option<f64>,
    kkt: f64,
    on_rows: bool,
    intercept: f64,
    coefficients: Vec<f64>,
}

/// `analysis.json`, with the hash of the CSV that [`source::sha256`](super::source::sha256) took.
///
/// # Errors
/// [`ExportError::NotFinite`].
pub fn analysis_json(results: &Results<'_>, sha256: &str) -> Result<Vec<u8>, ExportError> {
    let Results { table, analysis, .. } = results;
    let design = &analysis.design;
    let [lasso, ridge] = results.penalties();
    let settings = settings(results);
    let mut row_folds_by_repeat = results.analysis.row_folds();
    let row_folds = row_folds_by_repeat.first().cloned();
    if row_folds_by_repeat.len() == 1 {
        row_folds_by_repeat.clear();
    }
    let document = Document {
        version: VERSION,
        data: data(&table.source, sha256, table.n_records, table.columns.len()),
        seed: settings.seed,
        settings,
        row_folds,
        row_folds_by_repeat,
        features: design.features.iter().map(|feature| feature.name.as_str()).collect(),
        neutralized_names: WrittenNames::new(&design.features).neutralized,
        notes: table.notes.iter().chain(&design.notes).chain(&analysis.notes).collect(),
        lasso: penalty(lasso.1, &lasso.2)?,
        ridge: penalty(ridge.1, &ridge.2)?,
    };
    Ok(render(&document))
}

fn render(document: &impl Serialize) -> Vec<u8> {
    let mut serializer = Serializer::with_formatter(Vec::new(), OneKeyALine::default());
    document.serialize(&mut serializer).expect("memory takes any document with text as keys");
    let mut bytes = serializer.into_inner();
    bytes.push(b'\n');
    bytes
}

fn data<'a>(source: &Source, sha256: &'a str, rows: usize, columns: usize) -> DataRecord<'a> {
    let (path, example) = match source {
        Source::File { path, .. } => (Some(path.to_string_lossy().into_owned()), None),
        Source::Example(name) => (None, Some(*name)),
    };
    DataRecord { path, example, sha256, rows, columns }
}

fn settings<'a>(results: &Results<'a>) -> SettingsRecord<'a> {
    let Results { table, roles, analysis, at, .. } = results;
    let settings = &analysis.settings;
    let name = |column: usize| table.columns.get(column).map(|column| column.name.as_str());
    let (rule, folds, seed) = match settings.folds {
        FoldRule::Random { folds, seed } => ("random", folds, Some(seed)),
        FoldRule::Interleaved { folds } => ("interleaved", folds, None),
        FoldRule::Contiguous { folds } => ("contiguous", folds, None),
        FoldRule::Groups { folds, seed } => ("groups", folds, Some(seed)),
        FoldRule::Given => ("given", analysis.folds.n_folds, None),
    };
    SettingsRecord {
        target: &analysis.design.target,
        l1_ratio: settings.l1_ratio,
        folds,
        seed,
        rule,
        repeats: settings.repeats,
        standardize: settings.scale == Scale::Standardize,
        streamed: !analysis.keeps_rows(),
        missing: if roles.missing.imputes() { "mean" } else { "drop" },
        missing_indicators: roles.missing == Missing::MeanAndIndicator,
        exclude: roles.excluded.iter().filter_map(|&column| name(column)).collect(),
        fold_column: roles.fold_column.and_then(name),
        group_column: roles.group_column.and_then(name),
        weight_column: roles.weight_column.and_then(name),
        references: roles.references.iter().filter_map(|(&c, level)| Some((name(c)?, level.as_str()))).collect(),
        degrees: roles.degrees.iter().filter_map(|(&c, &degree)| Some((name(c)?, degree))).collect(),
        interactions: roles.interactions.iter().filter_map(|&c| name(c)).collect(),
        engine: match settings.engine {
            Engine::Pathwise => "pathwise",
            Engine::Linfa => "linfa",
        },
        at: match at {
            At::Min => "min",
            At::OneSe => "1se",
            At::Cursor(_) => "cursor",
        },
        grids: GridsRecord {
            lasso: match &settings.lasso_grid {
                Grid::Auto { count, ratio } => GridRecord::Ratio { alphas: *count, alpha_min_ratio: *ratio },
                Grid::Explicit(values) => GridRecord::Values { values },
            },
            ridge: match &settings.ridge_grid {
                Grid::Auto { count, .. } => GridRecord::Count { alphas: *count },
                Grid::Explicit(values) => GridRecord::Values { values },
            },
        },
    }
}

fn chosen(point: PathPoint<'_>) -> Result<ChosenRecord, ExportError> {
    let features = 0..point.path().n_features();
    Ok(ChosenRecord {
        alpha: finite(point.alpha(), "an alpha")?,
        df: finite(point.degrees_of_freedom(), "a number of degrees of freedom")?,
        gap: point.duality_gap().map(|gap| finite(gap, "a duality gap")).transpose()?,
        kkt: finite(point.kkt(), "a KKT violation")?,
        on_rows: point.is_measured_on_rows(),
        intercept: finite(point.intercept(), "an intercept")?,
        coefficients: features.map(|j| finite(point.coefficient(j), "a coefficient")).collect::<Result<_, _>>()?,
    })
}

fn penalty(fits: Fits<'_>, cursor: &Cursor) -> Result<PenaltyRecord, ExportError> {
    let Fits { path, errors } = fits;
    let ks = 0..path.len();
    let all = |what: &'static str, value: &dyn Fn(usize) -> f64| {
        ks.clone().map(|k| finite(value(k), what)).collect::<Result<Vec<_>, _>>()
    };
    let coefficients =
        |k| path.coefficients(k).into_iter().map(|value| finite(value, "a coefficient")).collect::<Result<Vec<_>, _>>();
    Ok(PenaltyRecord {
        alphas: all("an alpha", &|k| path.alphas()[k])?,
        cv_mean: all("a cross-validation error", &|k| errors.mean[k])?,
        cv_se: all("a standard error", &|k| errors.se[k])?,
        index_min: errors.index_min,
        index_1se: errors.index_1se,
        index_chosen: cursor.nearest(),
        chosen: cursor.grid_position(path).is_none().then(|| chosen(cursor.point(path))).transpose()?,
        df: all("a number of degrees of freedom", &|k| path.degrees_of_freedom(k))?,
        gap: ks
            .clone()
            .map(|k| path.duality_gap(k).map(|gap| finite(gap, "a duality gap")).transpose())
            .collect::<Result<_, _>>()?,
        kkt: all("a KKT violation", &|k| path.kkt(k))?,
        on_rows: (0..path.len()).map(|k| path.is_measured_on_rows(k)).collect(),
        intercept: all("an intercept", &|k| path.intercept(k))?,
        coefficients: ks.clone().map(coefficients).collect::<Result<_, _>>()?,
    })
}

/// Objects with one key a line, lists on one line: readable, and a difference between two files shows where it is.
#[derive(Default)]
struct OneKeyALine {
    depth: usize,
    has_keys: bool,
}

impl OneKeyALine {
    fn new_line<W: ?Sized + io::Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }
}

impl Formatter for OneKeyALine {
    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        self.has_keys = false;
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.has_keys {
            self.new_line(writer)?;
        }
        self.has_keys = true;
        writer.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        self.has_keys = true;
        self.new_line(writer)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_take_a_line_a_key_and_lists_one_line() {
        let value = json!({"a": [1, [2.5, null]], "b": {}, "c": {"d": [{"e": "f"}, {}]}});
        let text = String::from_utf8(render(&value)).unwrap();
        let expected = "{\n  \"a\": [1,[2.5,null]],\n  \"b\": {},\n  \"c\": {\n    \"d\": [{\n      \"e\": \"f\"\n    },{}]\n  }\n}\n";
        assert_eq!(text, expected);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
