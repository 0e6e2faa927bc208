//! What each picture shows, as a table: for screen readers, and to be copied.
//!
//! Cells are computed when they are asked for, so that a table of a million rows costs what is seen of it.

use crate::analysis::{Analysis, Penalty};
use crate::insight::curve::{Curve, training_errors};
use crate::insight::fit::row_fit;
use crate::insight::geometry::{NoProfile, Others, Slice};
use crate::insight::plane::Contact;
use crate::model::path_point::PathPoint;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A name.
    Text(String),
    /// A whole number.
    Count(usize),
    /// A measure.
    Number(f64),
    /// There is no such number.
    Missing,
}

/// The table of one picture.
pub struct TableTwin<'a> {
    /// What it is a table of.
    pub title: String,
    /// Names of all columns.
    pub columns: Vec<String>,
    /// As many of them, from the first on, are in the picture; the others are only copied.
    pub n_drawn: usize,
    /// Number of rows.
    pub n_rows: usize,
    /// Row in which the cursor stands, or is nearest to.
    pub at: Option<usize>,
    cell: Box<dyn Fn(usize, usize) -> Cell + 'a>,
}

impl<'a> TableTwin<'a> {
    fn new(
        title: impl Into<String>,
        columns: Vec<String>,
        n_rows: usize,
        cell: impl Fn(usize, usize) -> Cell + 'a,
    ) -> Self {
        let n_drawn = columns.len();
        Self { title: title.into(), columns, n_drawn, n_rows, at: None, cell: Box::new(cell) }
    }

    /// The cell of a row and a column.
    pub fn cell(&self, row: usize, column: usize) -> Cell {
        (self.cell)(row, column)
    }

    /// All columns and rows, separated by tabs; numbers read back to the same bits.
    pub fn as_text(&self) -> String {
        let plain = |text: &str| text.replace(['\t', '\n', '\r'], " ");
        let mut text = self.columns.iter().map(|name| plain(name)).collect::<Vec<_>>().join("\t");
        text.push('\n');
        for row in 0..self.n_rows {
            for column in 0..self.columns.len() {
                if column > 0 {
                    text.push('\t');
                }
                match self.cell(row, column) {
                    Cell::Text(name) => text.push_str(&plain(&name)),
                    Cell::Count(n) => text.push_str(&n.to_string()),
                    Cell::Number(value) => text.push_str(&value.to_string()),
                    Cell::Missing => {}
                }
            }
            text.push('\n');
        }
        text
    }
}

/// Units of coefficients: times the standard deviation of their column, or per unit of it.
fn in_units(point: PathPoint<'_>, per_sd: bool, j: usize) -> f64 {
    if per_sd { point.coefficient_per_sd(j) } else { point.coefficient(j) }
}

fn names(analysis: &Analysis, features: impl IntoIterator<Item = usize>) -> impl Iterator<Item = String> {
    features.into_iter().map(|j| analysis.design.features[j].name.clone())
}

/// A path with its errors: a row for each alpha of the grid, from the largest on; errors are mean squared errors.
///
/// `drawn` are the features in the picture; all others follow them in order of entry. `at` is the nearest row of the cursor.
pub fn path<'a>(
    analysis: &'a Analysis,
    penalty: Penalty,
    drawn: &[usize],
    per_sd: bool,
    (title, at): (&str, usize),
) -> TableTwin<'a> {
    const MEASURES: [&str; 6] = ["alpha", "df", "non-zero", "training error", "CV error", "CV SE"];
    let data = analysis.penalty(penalty);
    let (path, errors) = (&data.path, data.cross_validation.as_ref());
    let training = training_errors(analysis, penalty);
    let mut is_drawn = vec![false; path.n_features()];
    for &j in drawn {
        is_drawn[j] = true;
    }
    let rest = analysis.entry_order.iter().copied().filter(|j| !is_drawn[*j]);
    let features: Vec<usize> = drawn.iter().copied().chain(rest).collect();
    let columns = MEASURES.map(str::to_owned).into_iter().chain(names(analysis, features.iter().copied())).collect();
    let cell = move |k: usize, column: usize| match column {
        0 => Cell::Number(path.alphas()[k]),
        1 => Cell::Number(path.degrees_of_freedom(k)),
        2 => Cell::Count(path.n_nonzero(k)),
        3 => Cell::Number(training[k]),
        4 => errors.map_or(Cell::Missing, |errors| Cell::Number(errors.mean[k])),
        5 => errors.map_or(Cell::Missing, |errors| Cell::Number(errors.se[k])),
        _ => Cell::Number(in_units(path.point(k), per_sd, features[column - MEASURES.len()])),
    };
    let twin = TableTwin::new(format!("{title} path"), columns, path.len(), cell);
    TableTwin { n_drawn: MEASURES.len() + drawn.len(), at: Some(at), ..twin }
}

/// The plane of two features: what is behind both pictures. Coefficients are per SD or per unit of their columns, budgets in
/// the units of the penalty.
///
/// # Errors
/// [`NoProfile`] where the others are to be refitted and cannot be.
pub fn geometry(
    analysis: &Analysis,
    points: [PathPoint<'_>; 2],
    pair: (usize, usize),
    others: Others,
    (per_sd, title): (bool, &str),
) -> Result<TableTwin<'static>, NoProfile> {
    let side = |penalty, point| -> Result<[Cell; 9], NoProfile> {
        let slice = Slice::new(analysis, penalty, point, pair, others)?;
        let scaling = analysis.penalty(penalty).path.scaling();
        let [j, k] = [pair.0, pair.1].map(|j| if per_sd { scaling.sds[j] } else { 1.0 } / scaling.scales[j]);
        let residual = match (slice.contact(), slice.is_tangent) {
            (Contact::BothZero, _) | (_, false) => Cell::Missing,
            _ => Cell::Number(slice.tangency_residual()),
        };
        Ok([
            Cell::Number(point.alpha()),
            Cell::Number(slice.fit[0] * j),
            Cell::Number(slice.fit[1] * k),
            Cell::Number(slice.loss.center[0] * j),
            Cell::Number(slice.loss.center[1] * k),
            Cell::Number(slice.whole_budget),
            Cell::Number(slice.region.budget),
            residual,
            Cell::Number(slice.correlation),
        ])
    };
    let [lasso, ridge] = points;
    let sides = [side(Penalty::Lasso, lasso)?, side(Penalty::Ridge, ridge)?];
    let [j, k] = [pair.0, pair.1].map(|j| &analysis.design.features[j].name);
    let quantities = [
        "alpha".to_owned(),
        format!("fit, {j}"),
        format!("fit, {k}"),
        format!("centre, {j}"),
        format!("centre, {k}"),
        "budget t".to_owned(),
        "t of the pair".to_owned(),
        "tangency residual".to_owned(),
        "correlation of the two".to_owned(),
    ];
    let columns = ["quantity".to_owned(), title.to_owned(), "Ridge".to_owned()];
    let cell = move |row: usize, column: usize| match column {
        0 => Cell::Text(quantities[row].clone()),
        _ => sides[column - 1][row].clone(),
    };
    Ok(TableTwin::new("Geometry", columns.to_vec(), 9, cell))
}

/// Every row of the fit: its record in the file (counted from 1), observed and predicted value in the target's unit, and
/// the predictor where there is only one.
pub fn fit<'a>(analysis: &'a Analysis, point: PathPoint<'a>, title: &str) -> TableTwin<'a> {
    let design = &analysis.design;
    let predictor = Curve::of(analysis);
    let names = ["row", "observed", "predicted"].map(str::to_owned).into_iter();
    let columns = names.chain(predictor.as_ref().map(|curve| curve.predictor().to_owned())).collect();
    let row_fit = row_fit(analysis, point);
    let cell = move |row: usize, column: usize| match column {
        0 => Cell::Count(design.records.get(row).map_or(row, |record| *record) + 1),
        1 => Cell::Number(design.y[row]),
        2 => Cell::Number(row_fit(row).predicted),
        _ => predictor.and_then(|curve| curve.predictor_at(row)).map_or(Cell::Missing, Cell::Number),
    };
    TableTwin::new(format!("{title} fit"), columns, design.y.len(), cell)
}

/// Coefficients of the features that the lasso keeps, in the fit on all rows and in that without each fold, at the alpha of
/// the grid nearest to the cursor. `None` before cross-validation.
pub fn folds<'a>(analysis: &'a Analysis, point: PathPoint<'a>, k: usize, per_sd: bool) -> Option<TableTwin<'a>> {
    let folds = &analysis.lasso.cross_validation.as_ref()?.fold_coefficients;
    let sds = &analysis.lasso.path.scaling().sds;
    let solution = point.solution();
    let kept: Vec<usize> = analysis.entry_order.iter().copied().filter(|&j| solution[j] != 0.0).collect();
    let columns: Vec<String> = ["feature".to_owned(), "all rows".to_owned()]
        .into_iter()
        .chain((1..=folds.len()).map(|m| format!("without fold {m}")))
        .collect();
    let n_rows = kept.len();
    let cell = move |row: usize, column: usize| {
        let j = kept[row];
        match column {
            0 => Cell::Text(analysis.design.features[j].name.clone()),
            1 => Cell::Number(in_units(point, per_sd, j)),
            _ => {
                let of_fold = folds[column - 2].get(k).into_iter().flatten();
                let own = of_fold.into_iter().find(|(f, _)| *f as usize == j).map_or(0.0, |c| c.1);
                Cell::Number(if per_sd { own * sds[j] } else { own })
            }
        }
    };
    Some(TableTwin::new(format!("Across {} folds", folds.len()), columns, n_rows, cell))
}

/// Features whose coefficient is zero, nearest to entering first: `|x_j'r| / n` against the `alpha · l1_ratio` that it does
/// not exceed, both in the units of the objective, and the alpha of the grid at which each enters.
pub fn left_out<'a>(analysis: &'a Analysis, point: PathPoint<'a>) -> TableTwin<'a> {
    let path = &analysis.lasso.path;
    let (solution, gradient) = (point.solution(), point.gradient());
    let threshold = point.alpha() * path.l1_ratio();
    let mut out: Vec<usize> = (0..path.n_features()).filter(|&j| solution[j] == 0.0).collect();
    out.sort_by(|&a, &b| gradient[b].abs().total_cmp(&gradient[a].abs()));
    let limit = if path.l1_ratio() < 1.0 { "alpha · l1_ratio" } else { "alpha" };
    let columns = ["feature", "pull", limit, "enters at"].map(str::to_owned).to_vec();
    let n_rows = out.len();
    let cell = move |row: usize, column: usize| match column {
        0 => Cell::Text(analysis.design.features[out[row]].name.clone()),
        1 => Cell::Number(gradient[out[row]].abs()),
        2 => Cell::Number(threshold),
        _ => path.entry(out[row]).map_or(Cell::Missing, |k| Cell::Number(path.alphas()[k])),
    };
    TableTwin::new("Why left out", columns, n_rows, cell)
}
