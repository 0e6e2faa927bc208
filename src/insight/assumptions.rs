//! What lasso and ridge take for granted, asked of the data: a common scale, sparsity, and columns that are not alike.

use crate::analysis::Analysis;
use crate::model::cross_validation::CrossValidation;
use crate::model::path_point::PathPoint;
use crate::model::standardize::Scale;

/// Multiplications spent on correlations.
const MOST_PRODUCTS: usize = 1 << 20;
/// Pairs kept.
const MOST_PAIRS: usize = 12;

/// What does not move with the cursor.
#[derive(Debug, Clone, PartialEq)]
pub struct Assumptions {
    /// The 1-SE model under the scaling of this analysis.
    pub here: ScaleResult,
    /// The columns of smallest and largest standard deviation, in their own units.
    pub spread: Option<(Spread, Spread)>,
    /// Features by the pull of the target on them, `|x_j'y| / n` per standard deviation; see [`Assumptions::first`].
    standardized: Vec<usize>,
    /// As `standardized`, in the columns' own units.
    own: Vec<usize>,
    /// What the first penalty gains over ridge, both at their minimum.
    pub over_ridge: Gain,
    /// What it gains over predicting the mean.
    pub over_mean: Option<Gain>,
    /// Correlated pairs.
    pub pairs: Pairs,
}

/// A column and its standard deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Position among the features.
    pub feature: usize,
    /// Population standard deviation, in the column's unit.
    pub sd: f64,
}

/// How much smaller a cross-validation error is than another one on the same folds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gain {
    /// Mean of the differences `other − own` of the folds' errors, in squared units of the target.
    pub mean: f64,
    /// Standard error of that mean: of differences fold by fold, so that what makes a fold hard for both drops out.
    pub se: f64,
}

/// Two features that move together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The one that enters the lasso first.
    pub first: usize,
    /// The other.
    pub second: usize,
    /// Their correlation on the rows that were fitted.
    pub correlation: f64,
}

/// The most correlated pairs.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairs {
    /// Largest magnitude first.
    pub list: Vec<Pair>,
    /// Features that were compared: all, or the first that enter the lasso.
    pub n_compared: usize,
}

/// The 1-SE model under one scaling, to compare with that under the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScaleResult {
    /// Which scaling.
    pub scale: Scale,
    /// Features that the first penalty keeps by the 1-SE rule.
    pub n_selected: usize,
    /// Its smallest cross-validation error.
    pub least_error: f64,
}

impl Assumptions {
    /// Asks them of an analysis; `None` before its cross-validation. Costs about a million multiplications beside a pass
    /// over the target.
    pub fn new(analysis: &Analysis) -> Option<Self> {
        let errors = analysis.lasso.cross_validation.as_ref()?;
        let of_min = |cv: &CrossValidation| cv.fold_errors.column(cv.index_min).to_vec();
        let own_errors = of_min(errors);
        let gain = |other: &[f64]| Gain::of(&own_errors, other, &errors.fold_weights, errors.n_folds);
        Some(Self {
            here: ScaleResult::of(analysis)?,
            spread: spread(analysis),
            standardized: by_pull(analysis, Scale::Standardize),
            own: by_pull(analysis, Scale::Keep),
            over_ridge: gain(&of_min(analysis.ridge.cross_validation.as_ref()?)),
            over_mean: mean_errors(analysis, errors).map(|other| gain(&other)),
            pairs: Pairs::of(analysis),
        })
    }

    /// The `n` features that the target pulls most under a scaling while no coefficient is in; the first of them enters the
    /// lasso first. None where the path does not begin with the empty model.
    pub fn first(&self, scale: Scale, n: usize) -> &[usize] {
        let order = if scale == Scale::Standardize { &self.standardized } else { &self.own };
        &order[..n.min(order.len())]
    }
}

impl Gain {
    /// `errors[m]` of each held-out fold; see [`CrossValidation`] for the mean and its standard error.
    fn of(own: &[f64], other: &[f64], weights: &[f64], n_folds: usize) -> Self {
        let differences: Vec<f64> = own.iter().zip(other).map(|(own, other)| other - own).collect();
        let repeats = (differences.len() / n_folds.max(1)).max(1) as f64;
        let mut gain = Self { mean: 0.0, se: 0.0 };
        for (differences, weights) in differences.chunks(n_folds).zip(weights.chunks(n_folds)) {
            let n: f64 = weights.iter().sum();
            let mean: f64 = differences.iter().zip(weights).map(|(d, w)| w / n * d).sum();
            let spread: f64 = differences.iter().zip(weights).map(|(d, w)| w / n * (d - mean).powi(2)).sum();
            gain.mean += mean / repeats;
            gain.se += (spread / (n_folds as f64 - 1.0).max(1.0)).sqrt() / repeats;
        }
        gain
    }

    /// The gain in standard errors; `None` where all folds differ alike.
    pub fn in_se(self) -> Option<f64> {
        let ratio = self.mean / self.se;
        if self.mean == 0.0 { Some(0.0) } else { ratio.is_finite().then_some(ratio) }
    }
}

impl Pairs {
    fn of(analysis: &Analysis) -> Self {
        let n_compared = n_compared(analysis.entry_order.len(), analysis.correlation_cost());
        let features = &analysis.entry_order[..n_compared];
        let mut list: Vec<Pair> = Vec::new();
        for (at, &first) in features.iter().enumerate() {
            for &second in &features[at + 1..] {
                let correlation = analysis.correlation(first, second);
                let is_among_them = list.len() < MOST_PAIRS
                    || list.last().is_some_and(|least| correlation.abs() > least.correlation.abs());
                if is_among_them && correlation.is_finite() {
                    let place = list.partition_point(|pair| pair.correlation.abs() >= correlation.abs());
                    list.insert(place, Pair { first, second, correlation });
                    list.truncate(MOST_PAIRS);
                }
            }
        }
        Self { list, n_compared }
    }
}

impl ScaleResult {
    /// Of an analysis; `None` before its cross-validation.
    pub fn of(analysis: &Analysis) -> Option<Self> {
        let errors = analysis.lasso.cross_validation.as_ref()?;
        Some(Self {
            scale: analysis.settings.scale,
            n_selected: analysis.lasso.path.n_nonzero(errors.index_1se),
            least_error: errors.mean[errors.index_min],
        })
    }
}

/// The fewest features of the largest coefficients that hold `share` of `‖w‖₁` of a fit, counted per standard deviation, and
/// the number of features that are not zero in it.
pub fn concentration(point: PathPoint<'_>, share: f64) -> (usize, usize) {
    let sizes = (0..point.path().n_features()).map(|j| point.coefficient_per_sd(j).abs());
    fewest_holding(sizes.filter(|size| *size != 0.0).collect(), share)
}

fn fewest_holding(mut sizes: Vec<f64>, share: f64) -> (usize, usize) {
    sizes.sort_by(|a, b| b.total_cmp(a));
    let wanted = share * sizes.iter().sum::<f64>();
    let mut held = 0.0;
    let before = sizes.iter().take_while(|size| {
        let is_short = held < wanted;
        held += **size;
        is_short
    });
    (before.count(), sizes.len())
}

fn spread(analysis: &Analysis) -> Option<(Spread, Spread)> {
    let sds = analysis.lasso.path.scaling().sds.iter().enumerate();
    let varying: Vec<Spread> = sds.filter(|(_, sd)| **sd > 0.0).map(|(feature, &sd)| Spread { feature, sd }).collect();
    let by_sd = |a: &&Spread, b: &&Spread| a.sd.total_cmp(&b.sd);
    Some((*varying.iter().min_by(by_sd)?, *varying.iter().max_by(by_sd)?))
}

/// Features by `|x_j'y| / n` of the centred columns under a scaling, largest first; empty if no alpha leaves all out.
fn by_pull(analysis: &Analysis, scale: Scale) -> Vec<usize> {
    let (path, scaling) = (&analysis.lasso.path, analysis.lasso.path.scaling());
    if path.n_nonzero(0) > 0 {
        return Vec::new();
    }
    let gradient = path.gradient(0);
    let pull = |j: usize| {
        let own = gradient[j].abs() * scaling.scales[j];
        if scale == Scale::Keep || scaling.sds[j] == 0.0 { own } else { own / scaling.sds[j] }
    };
    let mut order: Vec<usize> = (0..path.n_features()).collect();
    order.sort_by(|&i, &j| pull(j).total_cmp(&pull(i)));
    order
}

/// Held-out errors of the training rows' mean in each fold. Where rows are not kept, those at the first alpha, if it
/// leaves all features out.
fn mean_errors(analysis: &Analysis, errors: &CrossValidation) -> Option<Vec<f64>> {
    let (design, folds) = (&analysis.design, &analysis.folds);
    if !(analysis.keeps_rows() && analysis.has_all_rows()) {
        return (analysis.lasso.path.n_nonzero(0) == 0).then(|| errors.fold_errors.column(0).to_vec());
    }
    let weight = |row: usize| design.case_weights.as_ref().map_or(1.0, |weights| weights[row]);
    // About one value, so that a target far from 0 keeps its digits.
    let origin = analysis.lasso.path.scaling().target_mean;
    let mut errors = Vec::with_capacity(folds.assignments.len() * folds.n_folds);
    for assignment in &folds.assignments {
        let mut sums = vec![[0.0; 3]; folds.n_folds];
        for (row, fold) in assignment.iter().enumerate() {
            let (w, y) = (weight(row), design.y[row] - origin);
            let [n, first, second] = &mut sums[*fold as usize];
            (*n, *first, *second) = (*n + w, *first + w * y, *second + w * y * y);
        }
        let [n, all] = [0, 1].map(|i| sums.iter().map(|fold| fold[i]).sum::<f64>());
        errors.extend(sums.iter().map(|[held, first, second]| {
            let mean = (all - first) / (n - held);
            second / held - 2.0 * mean * first / held + mean * mean
        }));
    }
    Some(errors)
}

/// How many of `p` features are compared two by two, if each pair takes `cost` multiplications.
fn n_compared(p: usize, cost: usize) -> usize {
    let affordable = ((2 * MOST_PRODUCTS / cost.max(1)) as f64).sqrt() as usize;
    p.min(affordable.max(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_that_hold_a_share_are_the_largest() {
        assert_eq!(fewest_holding(vec![1.0, 5.0, 1.0, 3.0], 0.8), (2, 4));
        assert_eq!(fewest_holding(vec![1.0; 5], 0.8), (4, 5));
        assert_eq!(fewest_holding(vec![2.0], 0.8), (1, 1));
        assert_eq!(fewest_holding(Vec::new(), 0.8), (0, 0));
    }

    #[test]
    fn many_features_on_many_rows_are_not_all_compared() {
        assert_eq!(n_compared(40, 1_000), 40);
        assert_eq!(n_compared(10_000, 1), 1448);
        assert_eq!(n_compared(10_000, 2_000), 32);
        assert_eq!(n_compared(10_000, usize::MAX), 2);
    }

    #[test]
    fn gain_is_measured_fold_by_fold() {
        let gain = Gain::of(&[1.0, 2.0, 6.0], &[3.0, 3.0, 9.0], &[2.0, 1.0, 1.0], 3);
        assert!((gain.mean - 2.0).abs() < 1e-15);
        assert!((gain.se - (0.25 * (1.0 + 1.0) / 2.0_f64).sqrt()).abs() < 1e-15);
        assert_eq!(Gain::of(&[1.0, 2.0], &[1.0, 2.0], &[1.0, 1.0], 2).in_se(), Some(0.0));
        assert_eq!(Gain { mean: 1.0, se: 0.0 }.in_se(), None);
    }
}
