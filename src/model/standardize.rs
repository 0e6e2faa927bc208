//! Centring and scaling of columns, learned from training rows, and the way back to the user's units.

use ndarray::Array1;

use crate::model::path::PathError;
use crate::model::sample::{ColumnSums, Packing};
use crate::model::units::Units;

/// A column varies if its standard deviation exceeds this share of the mean of its `z`: merging the moments of equal
/// `z` leaves a few units of rounding.
const LEAST_VARIATION: f64 = 1e-13;
/// It also exceeds this share of the column's own magnitude: `0.1 + 0.2` beside `0.3` is no variation.
const LAST_BITS: f64 = 4.0 * f64::EPSILON;

/// Standard deviations that can be squared without overflow, where the user keeps the columns' own scale.
const KEPT_SCALES: std::ops::Range<f64> = 1e-140..1e140;

/// Whether columns are divided by their standard deviation before the fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// `s_j` = population standard deviation of the training rows.
    #[default]
    Standardize,
    /// `s_j = 1`; columns are centred all the same.
    Keep,
}

/// Centre and scale of each column, learned from training rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Scaling {
    /// Mean of each column, shape `(n_features,)`.
    pub means: Array1<f64>,
    /// Divisor `s_j` of each column, shape `(n_features,)`; 1 where the column does not vary.
    pub scales: Array1<f64>,
    /// Population standard deviation of each column, shape `(n_features,)`; 0 where the column does not vary.
    pub sds: Array1<f64>,
    /// Mean of the target.
    pub target_mean: f64,
}

/// [`Scaling`] in the coordinates `z` of a [`Sample`], where no digit is lost.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// Mean of `z` of each column and the target, shape `(p + 1,)`.
    centers: Vec<f64>,
    /// Standard deviation of `z`, shape `(p + 1,)`; 0 where the column does not vary.
    deviations: Vec<f64>,
    /// `s_j` over the standard deviation, in the user's units: 1 if standardized.
    ///
    /// With `v_j = w_j · sd_j / s_j` the columns have unit variance and the penalty on `|v_j|` is `alpha · weight_j`.
    weights: Vec<f64>,
    scale: Scale,
}

impl Frame {
    /// From the sums of each column over training rows of case weight `weight` together.
    ///
    /// # Errors
    /// [`PathError::ExtremeColumn`] if the columns' own scale is kept and cannot be squared.
    pub(crate) fn learn(units: &Units, weight: f64, sums: &[ColumnSums], scale: Scale) -> Result<Self, PathError> {
        let deviation = |(j, sums): (usize, &ColumnSums)| {
            let deviation = (sums.squares / weight.max(f64::MIN_POSITIVE)).sqrt();
            let magnitude = (units.unit(j).shift + sums.mean).abs();
            let rounding = (LEAST_VARIATION * sums.mean.abs()).max(LAST_BITS * magnitude);
            if deviation > rounding { deviation } else { 0.0 }
        };
        let deviations: Vec<f64> = sums.iter().enumerate().map(deviation).collect();
        let mut weights = vec![1.0; units.n_features()];
        if scale == Scale::Keep {
            for (j, weight) in weights.iter_mut().enumerate().filter(|(j, _)| deviations[*j] != 0.0) {
                let sd = deviations[j] / units.unit(j).reciprocal;
                if !KEPT_SCALES.contains(&sd) {
                    return Err(PathError::ExtremeColumn { column: j, deviation: sd });
                }
                *weight = sd.recip();
            }
        }
        Ok(Self { centers: sums.iter().map(|s| s.mean).collect(), deviations, weights, scale })
    }

    /// Columns with unit variance, the target centred.
    pub(crate) fn normalizing(&self) -> Packing {
        self.packing(|j| self.deviations[j].recip())
    }

    /// The columns of the objective, `(x_j − x̄_j) / s_j`, the target centred.
    pub(crate) fn objective(&self, units: &Units) -> Packing {
        match self.scale {
            Scale::Standardize => self.normalizing(),
            Scale::Keep => self.packing(|j| units.unit(j).reciprocal.recip()),
        }
    }

    fn packing(&self, factor: impl Fn(usize) -> f64) -> Packing {
        let p = self.weights.len();
        let factor = (0..p).map(|j| if self.varies(j) { factor(j) } else { 0.0 }).chain([1.0]).collect();
        Packing { center: self.centers.clone(), factor }
    }

    /// Whether column `j` varies in the training rows.
    pub(crate) fn varies(&self, j: usize) -> bool {
        self.deviations[j] != 0.0
    }

    /// Whether the target varies in the training rows.
    pub(crate) fn target_varies(&self) -> bool {
        self.varies(self.weights.len())
    }

    /// Standard deviation of `z_j`.
    pub(crate) fn deviation(&self, j: usize) -> f64 {
        self.deviations[j]
    }

    /// Standard deviation of the target.
    pub(crate) fn target_deviation(&self) -> f64 {
        self.deviations[self.weights.len()]
    }

    /// Penalty weight of each column of unit variance, shape `(p,)`.
    pub(crate) fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// In the user's units.
    pub(crate) fn scaling(&self, units: &Units) -> Scaling {
        let p = self.weights.len();
        let in_units = |j: usize, z: f64| z / units.unit(j).reciprocal;
        let sds = Array1::from_shape_fn(p, |j| in_units(j, self.deviations[j]));
        Scaling {
            means: Array1::from_shape_fn(p, |j| in_units(j, self.centers[j] + units.unit(j).shift)),
            scales: sds.mapv(|sd| if self.scale == Scale::Keep || sd == 0.0 { 1.0 } else { sd }),
            sds,
            target_mean: self.centers[p] + units.unit(p).shift,
        }
    }
}
