//! What the penalty asks of each feature: how much of it (penalty factors, as glmnet's `penalty.factor`), and the sign that
//! its coefficient may take (as glmnet's `lower.limits` and `upper.limits` at zero).

use crate::model::path::PathError;

/// Sign that a coefficient may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sign {
    /// Either.
    #[default]
    Any,
    /// `w_j ≥ 0`.
    NonNegative,
    /// `w_j ≤ 0`.
    NonPositive,
}

impl Sign {
    /// How strongly the pull `g` draws a coefficient from zero to where it may go.
    pub(crate) fn pull(self, g: f64) -> f64 {
        match self {
            Self::Any => g.abs(),
            Self::NonNegative => g.max(0.0),
            Self::NonPositive => (-g).max(0.0),
        }
    }
}

/// Feature by feature: `alpha · φ_j · ( l1_ratio |w_j| + (1 − l1_ratio)/2 w_j² )`, and the sign of `w_j`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeaturePenalties {
    /// `φ`, shape `(p,)`; none: all 1.
    factors: Vec<f64>,
    /// Shape `(p,)`; none: any.
    signs: Vec<Sign>,
}

impl FeaturePenalties {
    pub(crate) fn set_factors(&mut self, factors: Vec<f64>) {
        self.factors = factors;
    }

    pub(crate) fn set_signs(&mut self, signs: Vec<Sign>) {
        self.signs = signs;
    }

    /// Whether all features are alike and free.
    pub(crate) fn is_plain(&self) -> bool {
        self.factors.is_empty() && self.signs.is_empty()
    }

    /// # Errors
    /// [`PathError::InvalidPenalty`] names a factor that is not above 0.
    pub(crate) fn check(&self) -> Result<(), PathError> {
        match self.factors.iter().position(|factor| !(factor.is_finite() && *factor > 0.0)) {
            Some(j) => Err(PathError::InvalidPenalty(format!(
                "the penalty factor of feature {} must be finite and above 0, but is {}",
                j + 1,
                self.factors[j]
            ))),
            None => Ok(()),
        }
    }

    /// # Errors
    /// [`PathError::InvalidPenalty`] if there are not `p` factors or signs.
    pub(crate) fn check_length(&self, p: usize) -> Result<(), PathError> {
        for (what, length) in [("penalty factors", self.factors.len()), ("signs", self.signs.len())] {
            if length != 0 && length != p {
                return Err(PathError::InvalidPenalty(format!("there are {p} features, but {length} {what}")));
            }
        }
        Ok(())
    }

    /// `φ_j`
    pub(crate) fn factor(&self, j: usize) -> f64 {
        self.factors.get(j).copied().unwrap_or(1.0)
    }

    /// Sign that `w_j` may take.
    pub(crate) fn sign(&self, j: usize) -> Sign {
        self.signs.get(j).copied().unwrap_or_default()
    }

    /// For columns of unit variance, `v_j = w_j / f_j` with weights `f`.
    pub(crate) fn of_columns(&self, weights: &[f64]) -> ColumnPenalties {
        let scaled = |power: i32| weights.iter().enumerate().map(|(j, f)| self.factor(j) * f.powi(power)).collect();
        ColumnPenalties { l1: scaled(1), l2: scaled(2), signs: self.signs.clone() }
    }
}

/// The same for columns of unit variance: `a1 · l1_j |v_j| + a2 · l2_j v_j² / 2`.
#[derive(Debug, Clone)]
pub(crate) struct ColumnPenalties {
    /// `φ_j f_j`
    pub(crate) l1: Vec<f64>,
    /// `φ_j f_j²`
    pub(crate) l2: Vec<f64>,
    signs: Vec<Sign>,
}

impl ColumnPenalties {
    /// `|g_j| / l1_j`, to be compared with `a1`; 0 where the sign forbids.
    pub(crate) fn pull(&self, j: usize, g: f64) -> f64 {
        self.signs.get(j).copied().unwrap_or_default().pull(g) / self.l1[j]
    }

    /// The largest pull: from this `a1` on all coefficients are zero.
    pub(crate) fn largest_pull(&self, gradient: &[f64]) -> f64 {
        gradient.iter().enumerate().fold(0.0, |m: f64, (j, g)| m.max(self.pull(j, *g)))
    }
}
