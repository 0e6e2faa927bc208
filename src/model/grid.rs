//! Which alphas a path visits.

use crate::model::path::PathError;

/// Which alphas the path visits.
#[derive(Debug, Clone, PartialEq)]
pub enum Grid {
    /// Geometric from the data's own largest alpha. The ratio (lasso and elastic net only) is smallest to largest;
    /// `None` takes 1e-4 where n > p and 1e-2 where n ≤ p. Ridge takes its ends from its degrees of freedom.
    Auto {
        /// How many alphas.
        count: usize,
        /// Smallest alpha divided by the largest.
        ratio: Option<f64>,
    },
    /// These alphas, in any order: finite, above 0, no two equal.
    Explicit(Vec<f64>),
}

impl Default for Grid {
    fn default() -> Self {
        Self::Auto { count: 100, ratio: None }
    }
}

impl Grid {
    /// # Errors
    /// [`PathError::InvalidGrid`] says which number cannot be used.
    pub(crate) fn check(&self) -> Result<(), PathError> {
        let invalid = |message: String| Err(PathError::InvalidGrid(message));
        match self {
            Self::Auto { count, .. } if *count < 2 => {
                invalid(format!("{count} alphas are no path, at least 2 are needed"))
            }
            Self::Auto { ratio: Some(ratio), .. } if !(*ratio > 0.0 && *ratio < 1.0) => {
                invalid(format!("the ratio of smallest to largest must lie between 0 and 1, but is {ratio}"))
            }
            Self::Auto { .. } => Ok(()),
            Self::Explicit(alphas) => {
                if let Some(alpha) = alphas.iter().find(|alpha| !(alpha.is_finite() && **alpha > 0.0)) {
                    return invalid(format!("{alpha} is not a finite number above 0"));
                }
                match descending(alphas).windows(2).find(|pair| pair[0] <= pair[1]) {
                    Some(pair) => invalid(format!("{} stands there twice", pair[0])),
                    None if alphas.is_empty() => invalid("there is none".to_owned()),
                    None => Ok(()),
                }
            }
        }
    }

    /// Number of alphas.
    pub fn len(&self) -> usize {
        match self {
            Self::Auto { count, .. } => *count,
            Self::Explicit(alphas) => alphas.len(),
        }
    }

    /// True for an explicit grid without alphas.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// `count` values from `largest` down to `smallest`, each the same multiple of the one before.
pub fn alpha_grid(largest: f64, smallest: f64, count: usize) -> Vec<f64> {
    let last = count.saturating_sub(1).max(1) as f64;
    (0..count).map(|k| if k == 0 { largest } else { largest * (smallest / largest).powf(k as f64 / last) }).collect()
}

/// Sorted from the largest.
pub(crate) fn descending(alphas: &[f64]) -> Vec<f64> {
    let mut alphas = alphas.to_vec();
    alphas.sort_by(|a, b| b.total_cmp(a));
    alphas
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "exact by construction")]

    use super::*;

    #[test]
    fn the_grid_is_geometric_and_starts_at_its_largest() {
        let grid = alpha_grid(45.160_030_020_462_9, 45.160_030_020_462_9e-4, 100);
        assert_eq!(grid[0], 45.160_030_020_462_9);
        assert!((grid[43] - 0.826_761_957_0).abs() < 1e-9);
        assert!((grid[99] / grid[0] - 1e-4).abs() < 1e-17);
    }

    #[test]
    fn unusable_grids_are_refused_by_number() {
        for (grid, words) in [
            (Grid::Explicit(vec![1.0, 2.0, 1.0]), "1 stands there twice"),
            (Grid::Explicit(vec![1.0, 0.0]), "0 is not a finite number above 0"),
            (Grid::Explicit(vec![f64::NAN]), "NaN is not"),
            (Grid::Explicit(vec![]), "there is none"),
            (Grid::Auto { count: 1, ratio: None }, "at least 2"),
            (Grid::Auto { count: 9, ratio: Some(1.0) }, "between 0 and 1, but is 1"),
        ] {
            assert!(grid.check().unwrap_err().to_string().contains(words), "{grid:?}");
        }
        assert!(Grid::Explicit(vec![0.1, 3.0, 2.0]).check().is_ok());
    }
}
