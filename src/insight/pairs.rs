//! Pairs of features that are worth a look.

use crate::analysis::Analysis;

/// Features among which the most correlated pair is looked for, in order of entry.
const MOST_COMPARED: usize = 400;

/// The two features whose correlation is largest in size.
pub fn most_correlated(analysis: &Analysis) -> Option<(usize, usize)> {
    let features = &analysis.entry_order[..analysis.entry_order.len().min(MOST_COMPARED)];
    let pairs = features.iter().enumerate().flat_map(|(i, a)| features[i + 1..].iter().map(move |b| (*a, *b)));
    let size = |(a, b): (usize, usize)| analysis.correlation(a, b).abs();
    pairs.map(|pair| (pair, size(pair))).max_by(|a, b| a.1.total_cmp(&b.1)).map(|(pair, _)| pair)
}

/// The last two features that entered the first path at position `k` or before, the earlier one first.
pub fn last_entered(analysis: &Analysis, k: usize) -> Option<(usize, usize)> {
    let entered = |j: &&usize| analysis.lasso.path.entry(**j).is_some_and(|entry| entry <= k);
    let mut latest = analysis.entry_order.iter().rev().filter(entered);
    let (last, before) = (latest.next()?, latest.next()?);
    Some((*before, *last))
}

/// The first feature that becomes zero again as alpha falls, and the one left in the fit that it is most correlated with.
pub fn first_dropped(analysis: &Analysis) -> Option<(usize, usize)> {
    let path = &analysis.lasso.path;
    let p = path.n_features();
    let (k, dropped) = (1..path.len())
        .flat_map(|k| (0..p).map(move |j| (k, j)))
        .find(|&(k, j)| path.solution(k)[j] == 0.0 && path.solution(k - 1)[j] != 0.0)?;
    let size = |j: &usize| analysis.correlation(dropped, *j).abs();
    let left = (0..p).filter(|j| path.solution(k)[*j] != 0.0);
    left.max_by(|a, b| size(a).total_cmp(&size(b))).map(|other| (dropped, other))
}
