//! The constraint geometry of two features, exactly on the user's own data.
//!
//! Three planes show the loss over two coefficients, by what happens to the [`Others`]. In the slice all others stand where the
//! chosen fit has them: the loss is the quadratic of [`Loss`] with `H = X_S'X_S / n` and `b* = w_S + H⁻¹ g_S`, where
//! `g_S = X_S'r / n` is the pull of the residuals at the fit. The penalty leaves the region `|b_j| + |b_k| ≤ t_S` (lasso) or
//! `b_j² + b_k² ≤ t_S` (ridge), and by block optimality the contour through the fit touches that region. In the profile the
//! others are fitted anew by least squares at every point: `H` is the Schur complement of their moments, `b*` the least-squares
//! coefficients, and with more than two features nothing makes the contour touch. Without the others the regression has two
//! features, and slice and profile are one.

pub use crate::analysis::NoProfile;
use crate::analysis::{Analysis, Cursor, Penalty};
use crate::insight::budget::{budget, cursor_where};
use crate::insight::plane::{Ball, Contact, Loss, Region, minimizer};
use crate::model::path_point::PathPoint;

/// What happens to all other features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Others {
    /// They stay where the fit has them: the slice.
    #[default]
    Held,
    /// They follow by least squares: the profile.
    Refitted,
    /// There are none: the regression on the two features.
    Absent,
}

/// The plane of two features at one fit, in the units of the objective (`w`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slice {
    /// What happens to all other features.
    pub others: Others,
    /// `w` of the two features.
    pub fit: [f64; 2],
    /// `−∇L` at the fit, pointing down the loss of this plane; `g_S` but in the profile.
    pub pull: [f64; 2],
    /// The loss in this plane; its centre is the nearest to the fit where least squares is not unique.
    pub loss: Loss,
    /// The region of `t_S`: what the other coefficients leave to these two.
    pub region: Region,
    /// `t` of the whole model, `‖w‖₁` or `‖w‖₂²`.
    pub whole_budget: f64,
    /// Correlation of the two columns.
    pub correlation: f64,
    /// `alpha · l1_ratio`: a coefficient stays zero while `|x_j'r| / n` is at most this.
    pub threshold: f64,
    /// `g_S` at the fit, whatever the plane.
    pub gradient: [f64; 2],
    /// Whether optimality makes the contour through the fit touch the region.
    pub is_tangent: bool,
}

impl Slice {
    /// The plane of `pair` at a fit.
    ///
    /// # Errors
    /// [`NoProfile`] where [`Others::Refitted`] is asked for and cannot be had.
    pub fn new(
        analysis: &Analysis,
        penalty: Penalty,
        fit: PathPoint<'_>,
        pair: (usize, usize),
        others: Others,
    ) -> Result<Self, NoProfile> {
        Ok(match others {
            Others::Held => Self::held(analysis, penalty, fit, pair),
            Others::Refitted => Self::refitted(analysis, penalty, fit, pair)?,
            Others::Absent => Self::alone(analysis, penalty, fit.alpha(), pair),
        })
    }

    /// All others stand where the fit has them.
    pub fn held(analysis: &Analysis, penalty: Penalty, fit: PathPoint<'_>, pair: (usize, usize)) -> Self {
        let path = fit.path();
        let (solution, gradient) = (fit.solution(), fit.gradient());
        let at = [solution[pair.0], solution[pair.1]];
        let pull = [gradient[pair.0], gradient[pair.1]];
        let ball = Ball::of(path.l1_ratio());
        let half_mse = fit.residual_sum() / (2.0 * path.n_samples() as f64);
        Self {
            others: Others::Held,
            fit: at,
            pull,
            loss: Loss::through(hessian(analysis, penalty, pair), at, pull, half_mse),
            region: Region::around(ball, at),
            whole_budget: budget(fit),
            correlation: analysis.correlation(pair.0, pair.1),
            threshold: fit.alpha() * path.l1_ratio(),
            gradient: pull,
            is_tangent: true,
        }
    }

    /// All others follow by least squares.
    fn refitted(
        analysis: &Analysis,
        penalty: Penalty,
        fit: PathPoint<'_>,
        pair: (usize, usize),
    ) -> Result<Self, NoProfile> {
        let path = &analysis.penalty(penalty).path;
        let partial = analysis.partial_correlation_matrix(pair.0, pair.1)?;
        let least_squares = analysis.least_squares.as_ref().map_err(Clone::clone)?;
        let scaling = path.scaling();
        let lengths = lengths(analysis, penalty, pair);
        let h = [0, 1].map(|i| [0, 1].map(|j| lengths[i] * partial[i][j] * lengths[j]));
        let center = [pair.0, pair.1].map(|j| least_squares.coefficients[j] * scaling.scales[j]);
        let loss = Loss::new(h, center, least_squares.residual_sum / (2.0 * path.n_samples() as f64));
        let held = Self::held(analysis, penalty, fit, pair);
        let is_tangent = path.n_features() == 2;
        let pull = if is_tangent { held.pull } else { loss.gradient(held.fit).map(|g| -g) };
        Ok(Self { others: Others::Refitted, loss, pull, is_tangent, ..held })
    }

    /// The regression on the two features alone, at this alpha.
    pub fn alone(analysis: &Analysis, penalty: Penalty, alpha: f64, pair: (usize, usize)) -> Self {
        let path = &analysis.penalty(penalty).path;
        let h = hessian(analysis, penalty, pair);
        let q = with_target(analysis, pair);
        let fit = minimizer(h, q, alpha, path.l1_ratio());
        let pull = [0, 1].map(|i| q[i] - h[i][0] * fit[0] - h[i][1] * fit[1]);
        // L(b) = L(0) − q'b + ½ b'Hb = L(0) − ½ (q + pull)'b
        let at_zero = path.target_sum() / (2.0 * path.n_samples() as f64);
        let half_mse = at_zero - 0.5 * ((q[0] + pull[0]) * fit[0] + (q[1] + pull[1]) * fit[1]);
        let region = Region::around(Ball::of(path.l1_ratio()), fit);
        Self {
            others: Others::Absent,
            fit,
            pull,
            loss: Loss::through(h, fit, pull, half_mse),
            region,
            whole_budget: region.budget,
            correlation: analysis.correlation(pair.0, pair.1),
            threshold: alpha * path.l1_ratio(),
            gradient: pull,
            is_tangent: true,
        }
    }

    /// How the contour meets the region.
    pub fn contact(&self) -> Contact {
        self.region.contact(self.fit)
    }

    /// Sine of the angle between the pull and the region's outward normals at the fit: 0 where the contour is tangent.
    pub fn tangency_residual(&self) -> f64 {
        self.region.tangency_residual(self.fit, self.pull)
    }
}

/// The fits at all alphas of the grid, as the plane shows them, from the largest alpha on.
pub fn locus(analysis: &Analysis, penalty: Penalty, pair: (usize, usize), others: Others) -> Vec<[f64; 2]> {
    let path = &analysis.penalty(penalty).path;
    if others == Others::Absent {
        let (h, q) = (hessian(analysis, penalty, pair), with_target(analysis, pair));
        return path.alphas().iter().map(|alpha| minimizer(h, q, *alpha, path.l1_ratio())).collect();
    }
    (0..path.len()).map(|k| [path.solution(k)[pair.0], path.solution(k)[pair.1]]).collect()
}

/// `t` of the regression on the two features alone at an alpha.
pub fn pair_budget(analysis: &Analysis, penalty: Penalty, alpha: f64, pair: (usize, usize)) -> f64 {
    Slice::alone(analysis, penalty, alpha, pair).region.budget
}

/// The cursor at which the regression on the two features alone spends `t`.
pub fn cursor_of_pair_budget(analysis: &Analysis, penalty: Penalty, pair: (usize, usize), t: f64) -> Cursor {
    cursor_where(analysis, penalty, t, |point| pair_budget(analysis, penalty, point.alpha(), pair))
}

/// `‖x_j‖/√n` of the two scaled columns: 1 where they are standardized.
fn lengths(analysis: &Analysis, penalty: Penalty, pair: (usize, usize)) -> [f64; 2] {
    let scaling = analysis.penalty(penalty).path.scaling();
    [pair.0, pair.1].map(|j| scaling.sds[j] / scaling.scales[j])
}

/// `X_S'X_S / n` of two scaled, centred columns, rows counted by their case weights; missing cells stand at the mean.
fn hessian(analysis: &Analysis, penalty: Penalty, pair: (usize, usize)) -> [[f64; 2]; 2] {
    let [one, other] = lengths(analysis, penalty, pair);
    let between = one * other * analysis.correlation(pair.0, pair.1);
    [[one * one, between], [between, other * other]]
}

/// `X_S'y / n`, from the first fit of the lasso, which has few coefficients or none: `g_S + X_S'Xw / n`.
fn with_target(analysis: &Analysis, pair: (usize, usize)) -> [f64; 2] {
    let path = &analysis.lasso.path;
    let (w, g, scaling) = (path.solution(0), path.gradient(0), path.scaling());
    [pair.0, pair.1].map(|i| {
        let of_fit: f64 = (0..w.len())
            .filter(|j| w[*j] != 0.0)
            .map(|j| scaling.sds[j] / scaling.scales[j] * analysis.correlation(i, j) * w[j])
            .sum();
        g[i] + scaling.sds[i] / scaling.scales[i] * of_fit
    })
}
