//! The exact active set: lasso and elastic net solved to rounding, not to a tolerance.
//!
//! In columns of unit variance, with `a1 = alpha · l1_ratio`, `a2 = alpha · (1 − l1_ratio)` and weights `f_j` (1 for
//! standardized columns), the solution `b` on the active set `A` with signs `s` satisfies
//!
//! ```text
//! (G_AA + a2 f²) b = c_A − a1 f s        G = Z'Z/n,  c = Z'y/n
//! ```
//!
//! For each alpha, warm from the one before: solve by the Cholesky factor; where a sign would flip, stop at the first
//! crossing, drop that feature, solve again; then look at the gradient `g = c − G b` of all features, admit those with
//! `|g_j| > a1 f_j`, and repeat until there is none. The objective falls with every round, and there are finitely many
//! active sets, so it ends (feature-sign search: Lee, Battle, Raina, Ng 2007, NIPS 19; the homotopy of Osborne,
//! Presnell, Turlach 2000 visits the same sets). A feature that is a combination of active ones comes in by moving
//! along the null direction: the fit stays, the L1 norm falls, until a coefficient reaches zero and leaves.
//!
//! What is to be solved, `ρ = g_A − a2 f² b − a1 f s`, is carried along as `z = L⁻¹ρ` with `q = L⁻¹ f s`: lowering `a1` adds
//! multiples of `q` to `z`, a new feature adds an element to both, one that leaves rotates them. So a step is one backward
//! substitution; the measured gradient then tells whether it has to be refined.
//!
//! The kernel does not know where inner products come from: see [`InnerProducts`].

use crate::model::cholesky::{Cholesky, Dependent};
use crate::model::decompose;
use crate::model::inner_products::{InnerProducts, Limit, active_block};
use crate::model::penalty::ColumnPenalties;
use crate::model::progress::{Cancelled, Progress};

/// Violations below this share of `a1 f_j` are rounding.
const SLACK: f64 = 1e-13;
/// Pulls within this share of the strongest are equal.
const TIE: f64 = 1e-12;
/// Most features admitted at once.
const BATCH: usize = 64;
/// Rounds at one alpha after which features are admitted one at a time.
const BATCH_ROUNDS: usize = 50;
/// Entries at one alpha after which a feature stays out there: only rounding brings it back so often.
const MOST_ENTRIES: u8 = 30;
/// Corrections of one solve by its own residual.
const REFINEMENTS: usize = 3;
/// What the factor carries: `q = L⁻¹ f s`.
const PENALTY: usize = 0;
/// What the factor carries: `z = L⁻¹ρ`.
const IMBALANCE: usize = 1;

/// The active set and its solution, carried from alpha to alpha.
#[derive(Debug)]
pub(crate) struct ActiveSet<'w, P> {
    products: &'w mut P,
    /// `max_j |c_j|`
    largest_product: f64,
    penalties: &'w ColumnPenalties,
    active: Vec<usize>,
    /// +1 or −1 each.
    signs: Vec<f64>,
    values: Vec<f64>,
    factor: Cholesky,
    /// Of all columns that entered, the smallest share that those active before left over.
    least_share: f64,
    /// `a2` in the factor.
    quadratic: f64,
    /// Of all features, at the former alpha's solution.
    gradient: Vec<f64>,
    /// Whether `gradient` is that of `values`, for the active features at least.
    is_measured: bool,
    /// The `a1` for which the factor carries `z`; none where it does not.
    carried_a1: Option<f64>,
    /// Features near the limit or beyond when all were last looked at.
    open: Vec<usize>,
    is_active: Vec<bool>,
    entries: Vec<u8>,
}

impl<'w, P: InnerProducts> ActiveSet<'w, P> {
    /// Nothing active.
    pub(crate) fn new(products: &'w mut P, penalties: &'w ColumnPenalties) -> Self {
        let gradient = products.with_target().to_vec();
        let p = gradient.len();
        Self {
            largest_product: largest(&gradient),
            products,
            penalties,
            active: Vec::new(),
            signs: Vec::new(),
            values: Vec::new(),
            factor: Cholesky::default(),
            least_share: 1.0,
            quadratic: 0.0,
            gradient,
            is_measured: true,
            carried_a1: None,
            open: Vec::new(),
            is_active: vec![false; p],
            entries: vec![0; p],
        }
    }

    /// The features that are not zero, with their values.
    pub(crate) fn solution(&self) -> impl Iterator<Item = (usize, f64)> {
        self.active.iter().copied().zip(self.values.iter().copied())
    }

    /// Of all columns that entered so far, the smallest share that those active before left over: products lose the digits
    /// of its reciprocal.
    pub(crate) fn least_share(&self) -> f64 {
        self.least_share
    }

    /// Moves to the solution at `a1`, `a2`.
    ///
    /// # Errors
    /// [`Cancelled`] if asked to stop.
    pub(crate) fn solve(&mut self, a1: f64, a2: f64, progress: &Progress) -> Result<(), Cancelled> {
        self.set_quadratic(a2);
        self.entries.fill(0);
        let mut candidates = self.candidates();
        for round in 0.. {
            self.settle(a1, &candidates, progress)?;
            let mut violators = self.violators(a1, &candidates);
            if violators.is_empty() && !self.products.sees_all() {
                let limit = Limit { a1, weights: &self.penalties.l1 };
                self.open = self.products.gradient_within(&self.active, &self.values, limit, &mut self.gradient);
                violators = self.violators(a1, &self.open);
                candidates = self.candidates();
            }
            if violators.is_empty() {
                break;
            }
            self.admit(&violators, if round < BATCH_ROUNDS { BATCH } else { 1 });
        }
        Ok(())
    }

    /// Active features and those last seen near the limit: a guess that saves work, the gradient of all decides.
    fn candidates(&self) -> Vec<usize> {
        if self.products.sees_all() {
            return (0..self.gradient.len()).collect();
        }
        let open = self.open.iter().copied().filter(|&j| !self.is_active[j]);
        self.active.iter().copied().chain(open).collect()
    }

    /// How far rounding may carry a gradient.
    fn rounding(&self) -> f64 {
        16.0 * f64::EPSILON * (self.largest_product + self.values.iter().map(|b| b.abs()).sum::<f64>())
    }

    /// Solves on the active set; a feature whose sign would flip leaves at its crossing. Then the gradient of the
    /// candidates, the active features among them, is that of the values.
    fn settle(&mut self, a1: f64, candidates: &[usize], progress: &Progress) -> Result<(), Cancelled> {
        if !self.is_measured {
            self.measure(candidates);
        }
        self.carry_to(a1);
        let mut former = f64::INFINITY;
        let mut full_steps = 0;
        while full_steps < REFINEMENTS && largest(&self.factor.carried[IMBALANCE]) > 0.0 {
            progress.check()?;
            let step = self.factor.backward_of(IMBALANCE);
            let Some(share) = self.first_crossing(&step) else {
                self.move_by(1.0, &step);
                self.factor.carried[IMBALANCE].fill(0.0);
                self.measure(candidates);
                let rest = self.imbalance(a1);
                let largest = largest(&rest);
                if largest <= self.rounding() / 4.0 || largest > former / 2.0 {
                    break;
                }
                (former, full_steps) = (largest, full_steps + 1);
                self.factor.carry(IMBALANCE, rest);
                continue;
            };
            let leaves = |&i: &usize| self.crossing(i, step[i]).is_some_and(|at| at <= share);
            let leaving: Vec<usize> = (0..step.len()).filter(leaves).collect();
            self.move_by(share, &step);
            // The share of the step that was gone is the share of the imbalance that is gone.
            self.factor.carried[IMBALANCE].iter_mut().for_each(|z| *z *= 1.0 - share);
            for i in leaving.into_iter().rev() {
                self.leave(i);
            }
            full_steps = 0;
        }
        self.factor.carried[IMBALANCE].fill(0.0);
        if !self.is_measured {
            self.measure(candidates);
        }
        if !self.products.sees_all() {
            self.products.gradient_of(candidates, &self.active, &self.values, &mut self.gradient);
        }
        Ok(())
    }

    /// Lets the factor carry `z` for `a1`: by `q`, or from the measured gradient.
    fn carry_to(&mut self, a1: f64) {
        if let Some(former) = self.carried_a1 {
            self.factor.add_carried(IMBALANCE, former - a1, PENALTY);
        } else {
            let penalties = self.active.iter().zip(&self.signs).map(|(&j, s)| self.penalties.l1[j] * s).collect();
            self.factor.carry(PENALTY, penalties);
            self.factor.carry(IMBALANCE, self.imbalance(a1));
        }
        self.carried_a1 = Some(a1);
    }

    /// Takes the gradient of the active features at the present values, and of all candidates where that costs no more.
    fn measure(&mut self, candidates: &[usize]) {
        let features = if self.products.sees_all() { candidates } else { &self.active };
        self.products.gradient_of(features, &self.active, &self.values, &mut self.gradient);
        self.is_measured = true;
    }

    /// `ρ = g_A − a2 f² b − a1 f s`: zero at the solution on the active set.
    fn imbalance(&self, a1: f64) -> Vec<f64> {
        let rho = |(i, &j): (usize, &usize)| {
            let ColumnPenalties { l1, l2, .. } = self.penalties;
            self.gradient[j] - self.quadratic * l2[j] * self.values[i] - a1 * l1[j] * self.signs[i]
        };
        self.active.iter().enumerate().map(rho).collect()
    }

    /// Share of the step, 0 to 1, at which `values[i]` leaves the side of its sign.
    fn crossing(&self, i: usize, step: f64) -> Option<f64> {
        let value = self.values[i];
        if (value + step) * self.signs[i] > 0.0 {
            None
        } else {
            Some(if value == 0.0 { 0.0 } else { (-value / step).clamp(0.0, 1.0) })
        }
    }

    fn first_crossing(&self, step: &[f64]) -> Option<f64> {
        step.iter().enumerate().filter_map(|(i, d)| self.crossing(i, *d)).min_by(f64::total_cmp)
    }

    fn move_by(&mut self, share: f64, step: &[f64]) {
        for (value, d) in self.values.iter_mut().zip(step) {
            *value += share * d;
        }
        self.is_measured = false;
    }

    /// Of these features, those whose gradient is larger than the penalty can hold, worst first.
    fn violators(&self, a1: f64, features: &[usize]) -> Vec<usize> {
        let rounding = self.rounding();
        let violates = |j: usize| {
            !self.is_active[j]
                && self.entries[j] < MOST_ENTRIES
                && self.pull(j) * self.penalties.l1[j] > a1 * self.penalties.l1[j] * (1.0 + SLACK) + rounding
        };
        let mut violators: Vec<usize> = features.iter().copied().filter(|&j| violates(j)).collect();
        // Copies of a column pull alike but for rounding; the first of them enters, whatever the last bits say.
        let strongest = violators.iter().map(|&j| self.pull(j)).fold(0.0_f64, f64::max);
        let rank = |j: usize| (self.pull(j) / (strongest * TIE)).round();
        violators.sort_by(|&i, &j| rank(j).total_cmp(&rank(i)).then(i.cmp(&j)));
        // The weaker half mostly stops violating once the stronger half is in; where looking again is dear, that pays.
        if let (Some(&strongest), false) = (violators.first(), self.products.sees_all()) {
            let middle = f64::midpoint(self.pull(strongest), a1);
            violators.retain(|&j| self.pull(j) >= middle);
        }
        violators
    }

    /// What draws feature `j` from zero, to be compared with `a1`.
    fn pull(&self, j: usize) -> f64 {
        self.penalties.pull(j, self.gradient[j])
    }

    fn admit(&mut self, violators: &[usize], most: usize) {
        let settled = self.active.len();
        let batch = &violators[..violators.len().min(most)];
        let mut rows: Vec<Vec<f64>> = batch.iter().map(|&j| self.products_with_active(j)).collect();
        self.factor.forward(&mut rows);
        let mut rows = rows.as_mut_slice();
        for (k, &j) in batch.iter().enumerate() {
            let Some((row, others)) = rows.split_first_mut() else { break };
            self.entries[j] += 1;
            let sign = self.gradient[j].signum();
            match self.enter(j, sign, 0.0, row) {
                // The null direction lowers the L1 norm only where the active set is solved.
                Err(Dependent { combination }) if self.active.len() == settled => {
                    self.exchange(j, sign, &combination);
                    return;
                }
                // Left for the next round, where it may come first.
                Err(Dependent { .. }) => {}
                Ok(()) => {
                    for (other_row, &other) in others.iter_mut().zip(&batch[k + 1..]) {
                        let product = self.products.gram(other, &[j])[0];
                        self.factor.extend_row(other_row, row, product);
                    }
                }
            }
            rows = others;
        }
    }

    /// The products of feature `j` with the active ones.
    fn products_with_active(&mut self, j: usize) -> Vec<f64> {
        self.products.take_in(j);
        self.products.gram(j, &self.active)
    }

    /// Appends feature `j`; `row`: its products with the active features, solved by `L`.
    fn enter(&mut self, j: usize, sign: f64, value: f64, row: &mut Vec<f64>) -> Result<(), Dependent> {
        let own = self.products.gram(j, &[j])[0];
        // Of a feature that comes in at 0.
        let penalty = self.penalties.l1[j] * sign;
        let imbalance = self.carried_a1.map_or(0.0, |a1| self.gradient[j] - a1 * penalty);
        let (products, active) = (&*self.products, &self.active);
        let ridge = |i: usize| self.quadratic * self.penalties.l2[i];
        // With a2, columns are longer by √(a2 n) f_i in a row of their own each.
        let left_over = |combination: &[f64]| {
            let mut left_over = products.left_over(j, active, combination)?;
            left_over.square += ridge(j);
            for ((product, &i), beta) in left_over.products.iter_mut().zip(active).zip(combination) {
                *product -= ridge(i) * beta;
                left_over.square += ridge(i) * beta * beta;
            }
            Some(left_over)
        };
        let share = self.factor.append(row, own + ridge(j), left_over, [penalty, imbalance])?;
        self.least_share = self.least_share.min(share);
        self.active.push(j);
        self.signs.push(sign);
        self.values.push(value);
        self.is_active[j] = true;
        Ok(())
    }

    /// Appends feature `j`, with its row still to be solved.
    fn enter_alone(&mut self, j: usize, sign: f64, value: f64) -> Result<(), Dependent> {
        let mut rows = [self.products_with_active(j)];
        self.factor.forward(&mut rows);
        let [mut row] = rows;
        self.enter(j, sign, value, &mut row)
    }

    /// Removes the feature at position `i`.
    fn leave(&mut self, i: usize) {
        self.factor.remove(i);
        self.is_active[self.active.remove(i)] = false;
        self.signs.remove(i);
        self.values.remove(i);
    }

    /// Feature `j = X_A β` takes the place of an active one: `b_j` grows by `τ s_j` while `b_A` moves by `−β τ s_j`.
    /// The fit stays, and the L1 norm changes by `τ (f_j − s_j Σ β_i f_i s_i) = τ (f_j − |g_j| / a1) < 0`.
    fn exchange(&mut self, j: usize, sign: f64, combination: &[f64]) {
        let slope: f64 =
            self.active.iter().zip(&self.signs).zip(combination).map(|((&i, s), b)| b * self.penalties.l1[i] * s).sum();
        let falls = self.penalties.l1[j] - sign * slope < 0.0;
        // Where |b_i| shrinks, it reaches zero at τ = b_i / (β_i s_j).
        let reach = |i: usize| self.values[i] / (combination[i] * sign);
        let shrinks = |&i: &usize| combination[i] * sign * self.signs[i] > 0.0 && reach(i).is_finite();
        let first = (0..self.active.len()).filter(shrinks).min_by(|&a, &b| reach(a).total_cmp(&reach(b)));
        let Some(leaving) = first.filter(|_| falls) else {
            self.entries[j] = MOST_ENTRIES;
            return;
        };
        let distance = reach(leaving);
        (self.is_measured, self.carried_a1) = (false, None);
        for (value, beta) in self.values.iter_mut().zip(combination) {
            *value -= beta * distance * sign;
        }
        self.leave(leaving);
        if self.enter_alone(j, sign, distance * sign).is_err() {
            self.entries[j] = MOST_ENTRIES;
        }
    }

    /// Takes `a2` into the factor.
    fn set_quadratic(&mut self, a2: f64) {
        if self.quadratic.total_cmp(&a2).is_eq() {
            return;
        }
        (self.quadratic, self.carried_a1) = (a2, None);
        if let Some(factor) =
            active_block(self.products, &self.active, &self.penalties.l2, a2).and_then(decompose::cholesky)
        {
            self.factor.set(&factor);
            return;
        }
        // One by one, leaving out what depends on the others.
        let former: Vec<_> = self.active.drain(..).zip(self.signs.drain(..)).zip(self.values.drain(..)).collect();
        self.factor.clear();
        self.is_measured = false;
        for ((j, sign), value) in former {
            self.is_active[j] = false;
            // A feature left out here comes back by the gradient if it is needed.
            self.enter_alone(j, sign, value).unwrap_or_default();
        }
    }
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |m: f64, value| m.max(value.abs()))
}
