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
//! | ours | scikit-learn | glmnet (`s_y` = population standard deviation of y) |
//! |---|---|---|
//! | lasso `alpha` | `Lasso(alpha)` | `lambda = alpha` |
//! | elastic net `alpha`, `l1_ratio` | `ElasticNet(alpha, l1_ratio)` | `lambda = alpha · m`, `alpha = l1_ratio / m`, `m = l1_ratio + (1 − l1_ratio) · s_y` |
//! | ridge `alpha` | `Ridge(n · alpha)` | `lambda = alpha · s_y` |
//!
//! # The way of the numbers
//!
//! ```text
//! sample ──▶ moments (R'R) ──▶ active_set ◀── residual (the columns) ──▶ measured ──▶ path
//! (rows)     triangle (R)  ──▶ ridge, ols                                (certificate)
//! ```
//!
//! * [`sample`]: the rows, shifted and in safe [`units`]; [`standardize`]: centre and scale learned from training rows
//! * `moments`, `triangle`: what rows sum up to, in parts that are put together without cancelling
//! * `active_set`: lasso and elastic net, exactly, with [`penalty`] factors and signs; its inner products come from `moments`, or for p ≫ n from `residual`
//! * `ridge`: all alphas from one singular value decomposition; [`ols`]: the end of both paths
//! * `few_rows`: folds where p ≫ n, ridge by products of rows (`kernel_ridge`, `fold_out`), lasso on one copy of X
//!   (`column_folds`); `tridiagonal`: all alphas without eigenvectors; `span`: gradients without a pass over X
//! * [`certificate`]: duality gap and KKT violation on the data; `measured`: solutions improved until they hold
//! * [`path`]: the linfa estimator; `sweep`: its steps in order; [`grid`]: its alphas
//! * [`folds`], [`fold_moments`], `hold_out`, [`cross_validation`], [`criteria`]: how well it predicts
//! * [`reference`](mod@reference): the same through linfa-elasticnet
//!
//! This room knows numbers only: no file, no thread, no feature name, no window. Results do not depend on the number of
//! threads, not by a bit.

mod active_set;
pub mod certificate;
mod cholesky;
mod column_folds;
pub mod criteria;
pub mod cross_validation;
pub(crate) mod decompose;
mod few_rows;
pub mod fold_moments;
mod fold_out;
pub mod fold_parts;
pub mod folds;
pub mod grid;
mod hold_out;
mod inner_products;
mod kernel;
mod kernel_ridge;
mod measured;
mod moment_ridge;
pub mod moments;
pub mod ols;
pub mod path;
mod path_error;
pub mod path_point;
pub mod penalty;
pub mod predict;
mod product;
pub mod progress;
pub mod random;
pub mod reference;
mod residual;
mod ridge;
pub(crate) mod rows;
pub mod sample;
mod span;
mod sparse_columns;
pub mod standardize;
pub mod sweep;
pub mod training;
mod triangle;
mod tridiagonal;
mod twice;
pub mod units;
