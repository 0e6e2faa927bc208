//! The Cholesky factor of the active block, kept up to date as features come and go.

use crate::model::product::{dot, vectorized};

/// `L L' = G_AA + diag`, lower triangular, one row and column per active feature.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cholesky {
    size: usize,
    /// Columns are stored one after the other, each `stride` long.
    stride: usize,
    entries: Vec<f64>,
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
        self.size = 0;
    }

    /// Takes over a lower factor.
    pub(crate) fn set(&mut self, factor: &faer::Mat<f64>) {
        self.size = 0;
        self.reserve(factor.nrows());
        self.size = factor.nrows();
        for j in 0..self.size {
            self.column_mut(j).copy_from_slice(&factor.col_as_slice(j)[j..]);
        }
    }

    /// Appends a row: `column` holds the products with the features in the factor, `diagonal` the one with itself.
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
        column: &[f64],
        diagonal: f64,
        left_over: impl Fn(&[f64]) -> Option<LeftOver>,
    ) -> Result<f64, Dependent> {
        let mut row = column.to_vec();
        self.forward(&mut row);
        // pivot = ‖x_new − X_A β‖² / n
        let mut pivot = diagonal - row.iter().map(|l| l * l).sum::<f64>();
        if pivot <= NEARLY_DEPENDENT * diagonal {
            let mut combination = row.clone();
            self.backward(&mut combination);
            // Rounding of x comes in with the weights (1, −β), rounding of products with their squares.
            let weight = 1.0 + combination.iter().map(|b| b.abs()).sum::<f64>();
            let mut rounding = 32.0 * f64::EPSILON * weight * weight * diagonal;
            for _ in 0..CORRECTIONS {
                let Some(LeftOver { products: mut correction, square }) = left_over(&combination) else {
                    break;
                };
                (pivot, rounding) = (square, (32.0 * f64::EPSILON * weight).powi(2) * diagonal);
                self.forward(&mut correction);
                add(&mut row, &correction);
                self.backward(&mut correction);
                add(&mut combination, &correction);
            }
            if pivot <= rounding {
                return Err(Dependent { combination });
            }
        }
        self.reserve(self.size + 1);
        row.push(pivot.sqrt());
        for (j, l) in row.into_iter().enumerate() {
            self.entries[j * self.stride + self.size] = l;
        }
        self.size += 1;
        Ok(pivot / diagonal)
    }

    /// Removes row and column `k`: the block below becomes the factor of `L₃₃L₃₃' + l l'` with `l = L₃ₖ`.
    pub(crate) fn remove(&mut self, k: usize) {
        let mut spare = self.column(k)[1..].to_vec();
        for j in k + 1..self.size {
            // A Givens rotation of column j and `spare` zeroes the head of `spare`.
            let (head, below) = spare.split_at_mut(j - k);
            let head = head[j - k - 1];
            let column = self.column_mut(j);
            let norm = column[0].hypot(head);
            let (cosine, sine) = (column[0] / norm, head / norm);
            column[0] = norm;
            for (l, v) in column[1..].iter_mut().zip(below) {
                (*l, *v) = (cosine * *l + sine * *v, cosine * *v - sine * *l);
            }
        }
        for j in 0..self.size {
            // Rows below k move up by one, and so do columns right of k to the left.
            let from = j * self.stride;
            if j < k {
                self.entries.copy_within(from + k + 1..from + self.size, from + k);
            } else if j > k {
                self.entries.copy_within(from + j..from + self.size, from - self.stride + j - 1);
            }
        }
        self.size -= 1;
    }

    /// Solves `L L' x = b` in place.
    pub(crate) fn solve(&self, b: &mut [f64]) {
        self.forward(b);
        self.backward(b);
    }

    /// Solves `L x = b` in place.
    fn forward(&self, b: &mut [f64]) {
        vectorized(
            #[inline(always)]
            || {
                for j in 0..self.size {
                    let column = self.column(j);
                    let (head, below) = b[j..].split_at_mut(1);
                    head[0] /= column[0];
                    for (b, l) in below.iter_mut().zip(&column[1..]) {
                        *b -= l * head[0];
                    }
                }
            },
        );
    }

    /// Solves `L' x = b` in place.
    fn backward(&self, b: &mut [f64]) {
        vectorized(
            #[inline(always)]
            || {
                for j in (0..self.size).rev() {
                    let column = self.column(j);
                    b[j] = (b[j] - dot(&column[1..], &b[j + 1..self.size])) / column[0];
                }
            },
        );
    }

    /// Column `j` from the diagonal down.
    fn column(&self, j: usize) -> &[f64] {
        &self.entries[j * self.stride + j..j * self.stride + self.size]
    }

    fn column_mut(&mut self, j: usize) -> &mut [f64] {
        &mut self.entries[j * self.stride + j..j * self.stride + self.size]
    }

    fn reserve(&mut self, size: usize) {
        if size > self.stride {
            let stride = (2 * self.stride).max(size).max(16);
            let mut entries = vec![0.0; stride * stride];
            for j in 0..self.size {
                entries[j * stride + j..j * stride + self.size].copy_from_slice(self.column(j));
            }
            (self.stride, self.entries) = (stride, entries);
        }
    }
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
            factor.append(&column, gram(j, j), |_| None).unwrap();
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
            for (l, expected) in factor.column(j).iter().zip(fresh.column(j)) {
                assert!((l - expected).abs() < 1e-12 * gram(j, j), "{l} {expected}");
            }
        }
    }

    #[test]
    fn solve_inverts() {
        let features = [2, 0, 5, 1];
        let factor = factor_of(&features);
        let x = [1.0, -2.0, 0.5, 3.0];
        let mut b: Vec<f64> =
            features.iter().map(|&i| features.iter().zip(&x).map(|(&j, x)| gram(i, j) * x).sum()).collect();
        factor.solve(&mut b);
        for (b, x) in b.iter().zip(&x) {
            assert!((b - x).abs() < 1e-12);
        }
    }

    #[test]
    fn a_sum_of_two_columns_is_found_dependent() {
        let mut factor = factor_of(&[0, 1, 2]);
        let column: Vec<f64> = (0..3).map(|i| gram(i, 0) + gram(i, 2)).collect();
        let diagonal = gram(0, 0) + 2.0 * gram(0, 2) + gram(2, 2);
        let Dependent { combination } = factor.append(&column, diagonal, |_| None).unwrap_err();
        for (b, expected) in combination.iter().zip([1.0, 0.0, 1.0]) {
            assert!((b - expected).abs() < 1e-12);
        }
    }
}
