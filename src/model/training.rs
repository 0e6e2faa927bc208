//! What a fit learns from: training rows, their centre and scale, and what they sum up to.

use crate::model::moments::{MomentProducts, Moments};
use crate::model::path::PathError;
use crate::model::ridge::{CLOSE_TOGETHER, Spectrum};
use crate::model::rows::Rows;
use crate::model::sample::Sample;
use crate::model::standardize::{Frame, Scale};
use crate::model::triangle::Triangle;
use crate::model::units::Units;

/// Largest p for which the p × p products are formed, whatever n.
const ALWAYS_MOMENTS: usize = 64;
/// Largest p for which they are formed at all.
const MOST_MOMENTS: usize = 4000;

/// Training rows with centre and scale learned from them and from nothing else.
#[derive(Debug)]
pub struct Training<'t, 's> {
    pub(crate) units: &'t Units,
    /// The rows, where they are at hand.
    pub(crate) data: Option<Data<'t, 's>>,
    /// Number of rows.
    pub(crate) n_rows: usize,
    /// `Σ c_i` of the rows: their number without case weights.
    pub(crate) weight: f64,
    pub(crate) frame: Frame,
    pub(crate) summary: Summary,
}

/// Rows of a sample.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Data<'t, 's> {
    pub(crate) sample: &'t Sample<'s>,
    pub(crate) rows: Rows<'t>,
}

/// What the rows sum up to.
#[derive(Debug)]
pub(crate) enum Summary {
    /// As cross-products: all that lasso and elastic net need, if well-conditioned.
    Moments(Moments),
    /// As triangular factor: all that ridge and least squares need.
    Triangle(Triangle),
    /// Only as they stand in the sample.
    Rows,
}

/// Whether the path of `n` rows and `p` columns is computed from moments; else from the columns.
pub(crate) fn moments_pay(n: usize, p: usize) -> bool {
    p <= ALWAYS_MOMENTS || (p <= MOST_MOMENTS && 2 * n >= p)
}

/// Whether a triangular factor is smaller than the rows.
pub(crate) fn triangle_pays(n: usize, p: usize) -> bool {
    n > p
}

impl<'t, 's> Training<'t, 's> {
    /// For lasso and elastic net.
    ///
    /// # Errors
    /// As [`Frame::learn`].
    pub(crate) fn for_active_set(sample: &'t Sample<'s>, rows: Rows<'t>, scale: Scale) -> Result<Self, PathError> {
        if moments_pay(rows.len(), sample.n_features()) {
            let moments = Moments::of(sample, rows, &origin(sample, rows));
            Ok(Self::from_moments(sample.units(), moments, scale)?.with_rows(sample, rows))
        } else {
            Self::from_rows(sample, rows, scale)
        }
    }

    /// For ridge.
    ///
    /// # Errors
    /// As [`Frame::learn`].
    pub(crate) fn for_ridge(sample: &'t Sample<'s>, rows: Rows<'t>, scale: Scale) -> Result<Self, PathError> {
        if triangle_pays(rows.len(), sample.n_features()) {
            Self::from_triangle(sample, rows, Triangle::of(sample, rows, &origin(sample, rows)), scale)
        } else {
            Self::from_rows(sample, rows, scale)
        }
    }

    /// From moments alone.
    ///
    /// # Errors
    /// As [`Frame::learn`].
    pub(crate) fn from_moments(units: &'t Units, moments: Moments, scale: Scale) -> Result<Self, PathError> {
        let frame = Frame::learn(units, moments.weight(), &moments.column_sums(), scale)?;
        let (n_rows, weight) = (moments.n_rows(), moments.weight());
        Ok(Self { units, data: None, n_rows, weight, frame, summary: Summary::Moments(moments) })
    }

    /// From the triangular factor of `rows`.
    ///
    /// # Errors
    /// As [`Frame::learn`].
    pub(crate) fn from_triangle(
        sample: &'t Sample<'s>,
        rows: Rows<'t>,
        triangle: Triangle,
        scale: Scale,
    ) -> Result<Self, PathError> {
        let frame = Frame::learn(sample.units(), triangle.weight(), &triangle.column_sums(), scale)?;
        let (weight, summary) = (triangle.weight(), Summary::Triangle(triangle));
        Ok(Self {
            units: sample.units(),
            data: Some(Data { sample, rows }),
            n_rows: rows.len(),
            weight,
            frame,
            summary,
        })
    }

    /// Without summing anything up but the columns themselves.
    ///
    /// # Errors
    /// As [`Frame::learn`].
    pub(crate) fn from_rows(sample: &'t Sample<'s>, rows: Rows<'t>, scale: Scale) -> Result<Self, PathError> {
        let weight = sample.weight_of(rows);
        let frame = Frame::learn(sample.units(), weight, &sample.column_sums(rows), scale)?;
        let data = Some(Data { sample, rows });
        Ok(Self { units: sample.units(), data, n_rows: rows.len(), weight, frame, summary: Summary::Rows })
    }

    /// With the rows at hand that were summed up.
    #[must_use]
    pub(crate) fn with_rows(self, sample: &'t Sample<'s>, rows: Rows<'t>) -> Self {
        Self { data: Some(Data { sample, rows }), ..self }
    }

    /// Whether moments lose so few digits that least squares may stand on them: see [`Spectrum::of_moments`].
    pub(crate) fn is_well_conditioned(&self) -> bool {
        let packing = self.frame.normalizing();
        self.moments().is_some_and(|moments| Spectrum::of_moments(moments, &packing, CLOSE_TOGETHER).is_some())
    }

    /// Number of columns of X.
    pub(crate) fn n_features(&self) -> usize {
        self.units.n_features()
    }

    /// The moments, if they are what the rows sum up to.
    pub(crate) fn moments(&self) -> Option<&Moments> {
        match &self.summary {
            Summary::Moments(moments) => Some(moments),
            _ => None,
        }
    }

    /// `G` and `c` in memory, if the summary holds moments.
    pub(crate) fn moment_products(&self) -> Option<MomentProducts> {
        self.moments().map(|moments| MomentProducts::new(moments, &self.frame))
    }
}

/// Where missing cells stand: at the mean of the training rows, shape `(p + 1,)`.
pub(crate) fn origin(sample: &Sample<'_>, rows: Rows<'_>) -> Vec<f64> {
    if sample.has_missing() {
        sample.column_sums(rows).iter().map(|sums| sums.mean).collect()
    } else {
        vec![0.0; sample.n_features() + 1]
    }
}
