//! The Cholesky factor of the active block, kept up to date as features come and go.

use crate::model::product::{dot, vectorized};

/// `L L' = G_AA + diag`, lower triangular, one row and column per active feature.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cholesky {
    /// Each from the diagonal down.
    columns: Vec<Vec<f64>>,
    /// Solutions `x` of `L x = b` that are kept up to date as rows come and go.
    pub(crate) carried: [Vec<f64>; 2],
}

/// The new column is, but for rounding, a combination of those in the factor.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dependent {
    /// `β` with `x_new = X_A β`.
    pub(crate) combination: Vec<f64>,
}

/// What a combination of the columns in the factor leaves over of a new one, `u = x_new − X_A β`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LeftOver {
    /// `X_A'u / n`
    pub(crate) products: Vec<f64>,
    /// `‖u‖² / n`
    pub(crate) square: f64,
}

/// Share of a new column below which what is left over of it is measured again.
const NEARLY_DEPENDENT: f64 = 1e-6;
/// Times that a row is corrected by what is left over.
const CORRECTIONS: usize = 3;

impl Cholesky {
    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes over a lower factor; nothing is carried any more.
    pub(crate) fn set(&mut self, factor: &faer::Mat<f64>) {
        let n = factor.nrows();
        self.columns = (0..n).map(|j| factor.col_as_slice(j)[j..].to_vec()).collect();
        self.carried = [vec![0.0; n], vec![0.0; n]];
    }

    /// Carries the solution of `L x = b`.
    pub(crate) fn carry(&mut self, which: usize, b: Vec<f64>) {
        let mut solved = [b];
        self.forward(&mut solved);
        let [solved] = solved;
        self.carried[which] = solved;
    }

    /// Adds `factor` times another solution that is carried.
    pub(crate) fn add_carried(&mut self, which: usize, factor: f64, other: usize) {
        for k in 0..self.columns.len() {
            self.carried[which][k] += factor * self.carried[other][k];
        }
    }

    /// Solves `L' x = b` for what is carried.
    pub(crate) fn backward_of(&self, which: usize) -> Vec<f64> {
        let mut x = self.carried[which].clone();
        self.backward(&mut x);
        x
    }

    /// Appends `row`: the products with the features in the factor, solved by [`Cholesky::forward`]; it may be corrected. `diagonal`
    /// is the product with itself, `right` the new elements of what is carried, before solving.
    ///
    /// Where the new column is nearly a combination `β` of those in the factor, products keep too few digits of what is
    /// left; `left_over(β)` may measure it on the columns themselves, and the row is corrected by that.
    ///
    /// Gives the share of the new column that those in the factor leave over.
    ///
    /// # Errors
    /// [`Dependent`] if what the factor does not explain of the new column is rounding; nothing changes then.
    pub(crate) fn append(
        &mut self,
        row: &mut Vec<f64>,
        diagonal: f64,
        left_over: impl Fn(&[f64]) -> Option<LeftOver>,
        right: [f64; 2],
    ) -> Result<f64, Dependent> {
        // pivot = ‖x_new − X_A β‖² / n
        let mut pivot = diagonal - dot(row, row);
        if pivot <= NEARLY_DEPENDENT * diagonal {
            let mut combination = row.clone();
            self.backward(&mut combination);
            // Rounding of x comes in with the weights (1, −β), rounding of products with their squares.
            let weight = 1.0 + combination.iter().map(|b| b.abs()).sum::<f64>();
            let mut rounding = 32.0 * f64::EPSILON * weight * weight * diagonal;
            for _ in 0..CORRECTIONS {
                let Some(LeftOver { products: correction, square }) = left_over(&combination) else {
                    break;
                };
                (pivot, rounding) = (square, (32.0 * f64::EPSILON * weight).powi(2) * diagonal);
                let mut corrections = [correction];
                self.forward(&mut corrections);
                let [mut correction] = corrections;
                add(row, &correction);
                self.backward(&mut correction);
                add(&mut combination, &correction);
            }
            if pivot <= rounding {
                return Err(Dependent { combination });
            }
        }
        let root = pivot.sqrt();
        for (carried, b) in self.carried.iter_mut().zip(right) {
            carried.push((b - dot(row, carried)) / root);
        }
        for (column, l) in self.columns.iter_mut().zip(&*row) {
            column.push(*l);
        }
        self.columns.push(vec![root]);
        Ok(pivot / diagonal)
    }

    /// Removes row and column `k`: the block below becomes the factor of `L₃₃L₃₃' + l l'` with `l = L₃ₖ`.
    pub(crate) fn remove(&mut self, k: usize) {
        let mut spare = self.columns.remove(k).split_off(1);
        let mut spared = self.carried.each_mut().map(|carried| carried.remove(k));
        for j in k..self.columns.len() {
            // A Givens rotation of column j and `spare` zeroes the head of `spare`.
            let (head, below) = spare.split_at_mut(j - k + 1);
            let head = head[j - k];
            let column = &mut self.columns[j];
            let norm = column[0].hypot(head);
            let (cosine, sine) = (column[0] / norm, head / norm);
            column[0] = norm;
            rotate(&mut column[1..], below, cosine, sine);
            for (carried, spared) in self.carried.iter_mut().zip(&mut spared) {
                (carried[j], *spared) = (cosine * carried[j] + sine * *spared, cosine * *spared - sine * carried[j]);
            }
        }
        for (j, column) in self.columns[..k].iter_mut().enumerate() {
            column.remove(k - j);
        }
    }

    /// Solves `L x = b` in place for several `b`: each column of L is read once.
    pub(crate) fn forward(&self, right_sides: &mut [Vec<f64>]) {
        vectorized(
            #[inline(always)]
            || {
                for (j, column) in self.columns.iter().enumerate() {
                    for b in &mut *right_sides {
                        let (head, below) = b[j..].split_at_mut(1);
                        head[0] /= column[0];
                        for (b, l) in below.iter_mut().zip(&column[1..]) {
                            *b -= l * head[0];
                        }
                    }
                }
            },
        );
    }

    /// Goes on solving `L x = b` for the row of L appended last, `last`: `x` holds the elements before, `b` is the new one.
    pub(crate) fn extend_row(&self, x: &mut Vec<f64>, last: &[f64], b: f64) {
        if let Some(column) = self.columns.last() {
            x.push((b - dot(x, last)) / column[0]);
        }
    }

    /// Solves `L' x = b` in place.
    fn backward(&self, b: &mut [f64]) {
        vectorized(
            #[inline(always)]
            || {
                for (j, column) in self.columns.iter().enumerate().rev() {
                    b[j] = (b[j] - dot(&column[1..], &b[j + 1..])) / column[0];
                }
            },
        );
    }
}

/// `(a, b) ← (cosine a + sine b, cosine b − sine a)`, element by element.
fn rotate(a: &mut [f64], b: &mut [f64], cosine: f64, sine: f64) {
    vectorized(
        #[inline(always)]
        || {
            for (a, b) in a.iter_mut().zip(b) {
                (*a, *b) = (cosine * *a + sine * *b, cosine * *b - sine * *a);
            }
        },
    );
}

fn add(sums: &mut [f64], others: &[f64]) {
    for (sum, other) in sums.iter_mut().zip(others) {
        *sum += other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Products of the columns of a fixed 9 × 6 matrix.
    fn gram(i: usize, j: usize) -> f64 {
        let x = |row: usize, j: usize| ((row * 7 + j * 5 + row * row * j) % 11) as f64 - 5.0;
        (0..9).map(|row| x(row, i) * x(row, j)).sum()
    }

    fn factor_of(features: &[usize]) -> Cholesky {
        let mut factor = Cholesky::default();
        for (k, &j) in features.iter().enumerate() {
            let column: Vec<f64> = features[..k].iter().map(|&i| gram(i, j)).collect();
            let mut rows = [column];
            factor.forward(&mut rows);
            let [mut row] = rows;
            factor.append(&mut row, gram(j, j), |_| None, [1.0 + j as f64, 2.0]).unwrap();
        }
        factor
    }

    #[test]
    fn removing_equals_never_having_had() {
        let mut factor = factor_of(&[0, 1, 2, 3, 4, 5]);
        factor.remove(3);
        factor.remove(0);
        factor.remove(3);
        let fresh = factor_of(&[1, 2, 4]);
        for j in 0..3 {
            for (l, expected) in factor.columns[j].iter().zip(&fresh.columns[j]) {
                assert!((l - expected).abs() < 1e-12 * gram(j, j), "{l} {expected}");
            }
        }
        for (carried, expected) in factor.carried.iter().flatten().zip(fresh.carried.iter().flatten()) {
            assert!((carried - expected).abs() < 1e-12, "{carried} {expected}");
        }
    }

    #[test]
    fn solve_inverts() {
        let features = [2, 0, 5, 1];
        let mut factor = factor_of(&features);
        let x = [1.0, -2.0, 0.5, 3.0];
        let mut b: Vec<f64> =
            features.iter().map(|&i| features.iter().zip(&x).map(|(&j, x)| gram(i, j) * x).sum()).collect();
        factor.carry(1, b);
        b = factor.backward_of(1);
        for (b, x) in b.iter().zip(&x) {
            assert!((b - x).abs() < 1e-12);
        }
    }

    #[test]
    fn a_sum_of_two_columns_is_found_dependent() {
        let mut factor = factor_of(&[0, 1, 2]);
        let column: Vec<f64> = (0..3).map(|i| gram(i, 0) + gram(i, 2)).collect();
        let mut rows = [column];
        factor.forward(&mut rows);
        let [mut row] = rows;
        let diagonal = gram(0, 0) + 2.0 * gram(0, 2) + gram(2, 2);
        let Dependent { combination } = factor.append(&mut row, diagonal, |_| None, [0.0; 2]).unwrap_err();
        for (b, expected) in combination.iter().zip([1.0, 0.0, 1.0]) {
            assert!((b - expected).abs() < 1e-12);
        }
    }
}
