//! # The objective
//!
//! For centred `y` (shape `n`) and columns `x_j` centred and divided by their population standard deviation `s_j` (1/n):
//!
//! ```text
//! minimize over w:   1/(2n) ‖y − Xw‖²  +  alpha · ( l1_ratio ‖w‖₁ + (1 − l1_ratio)/2 ‖w‖² )
//! ```
//!
//! `l1_ratio = 1` is the lasso, `l1_ratio = 0` ridge. The intercept is never penalized.
//!
//! | symbol | meaning |
//! |---|---|
//! | `a1` | `alpha · l1_ratio` |
//! | `a2` | `alpha · (1 − l1_ratio)` |
//! | `r` | residuals `y − Xw`, shape `n` |
//! | `g_j` | `x_j'r / n`, the pull of the residuals on feature `j` |
//! | `w_j` | coefficient per standard deviation; `w_j / s_j` in the user's units |
//!
//! | ours | scikit-learn | glmnet |
//! |---|---|---|
//! | lasso `alpha` | `Lasso(alpha)` | `lambda` |
//! | ridge `alpha` | `Ridge(n · alpha)` | `lambda = alpha · sd(y)` |
//!
//! This room knows numbers only: no file, no thread, no feature name, no window.

mod active_set;
pub mod certificate;
mod cholesky;
pub mod criteria;
pub mod cross_validation;
mod decompose;
pub mod folds;
pub mod grid;
mod measured;
pub(crate) mod moments;
pub mod ols;
pub mod path;
mod product;
pub mod progress;
pub mod random;
pub mod reference;
mod residual;
mod ridge;
pub mod sample;
pub mod standardize;
mod sweep;
pub(crate) mod training;
mod triangle;
