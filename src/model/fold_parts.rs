//! Moments of folds that were summed up elsewhere, in the user's units.

use faer::Mat;

use crate::model::fold_moments::FoldMoments;
use crate::model::moments::Moments;
use crate::model::units::Units;

/// One fold as summed up elsewhere, in the user's units.
#[derive(Debug, Clone, PartialEq)]
pub struct FoldPart {
    /// Number of rows.
    pub n_rows: usize,
    /// `Σ c` of the case weights `c`; the number of rows without.
    pub weight: f64,
    /// Mean of each column less its origin, the target last: shape `(p + 1,)`.
    pub means: Vec<f64>,
    /// `Σ c (z_i − mean_i)(z_j − mean_j)` for `j ≤ i`, row after row: shape `((p + 1)(p + 2) / 2,)`.
    pub products: Vec<f64>,
}

impl FoldMoments {
    /// Of folds that were summed up elsewhere; the case weights are brought to mean 1.
    ///
    /// `origins`: what was subtracted from each column before it was averaged, shape `(p + 1,)`. A number amid the
    /// column saves the digits that folds differ by; 0 serves, too.
    pub fn from_parts(origins: &[f64], parts: &[FoldPart]) -> Self {
        let columns = origins.len();
        let weight: f64 = parts.iter().map(|part| part.weight).sum();
        let square = |part: &FoldPart, j: usize| part.products[j * (j + 1) / 2 + j] / part.weight;
        let size = |j: usize| {
            let of_part = |part: &FoldPart| (origins[j] + part.means[j]).abs().max(square(part, j).sqrt());
            parts.iter().map(of_part).fold(0.0, f64::max)
        };
        let middles: Vec<f64> =
            (0..columns).map(|j| parts.iter().map(|part| part.means[j] * (part.weight / weight)).sum()).collect();
        let units = Units::around((0..columns).map(|j| (size(j), origins[j] + middles[j])));
        let fold = |part: &FoldPart| {
            let means = (0..columns).map(|j| (part.means[j] - middles[j]) * units.unit(j).reciprocal).collect();
            let product = |i: usize, j: usize| {
                if i < j {
                    return 0.0;
                }
                part.products[i * (i + 1) / 2 + j] * units.unit(i).reciprocal * units.unit(j).reciprocal
            };
            Moments::from_parts(part.n_rows, part.weight, means, Mat::from_fn(columns, columns, product))
        };
        let folds = parts.iter().map(fold).collect();
        Self::new(units, folds)
    }
}
