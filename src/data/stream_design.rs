//! The end of a pass: what was gathered becomes a regression, with the same refusals and notes as in memory.

use ndarray::{Array2, ShapeBuilder};

use crate::data::design::{self, Design, MAX_FEATURES, column, count, note_categories, target_values};
use crate::data::design_error::DesignError;
use crate::data::design_notes::{self, LeftOut, Orders};
use crate::data::design_rows::{Rows, too_few_rows};
use crate::data::feature::{Feature, features};
use crate::data::gather::Gather;
use crate::data::polynomial;
use crate::data::prints::Prints;
use crate::data::recipe::Recipe;
use crate::data::roles::Roles;
use crate::data::table::Table;

/// A regression whose rows were not kept.
#[derive(Debug, Clone)]
pub struct Streamed {
    /// Names, types and notes of the columns, but none of their cells.
    pub table: Table,
    /// The rows drawn for plots. Its features, its notes and its counts of records are those of the whole file.
    pub design: Design,
    /// Complete rows of the file.
    pub n_rows: usize,
    /// Where the features of `design` stand among those of the [`RowBlock`](crate::data::recipe::RowBlock)s: the others do not vary.
    pub kept: Vec<usize>,
    /// Place of each label of the rows among the values of the fold column, if one was chosen.
    pub label_ranks: Option<Vec<u32>>,
}

/// The columns that are features, and these.
pub(super) fn features_of(table: &Table, roles: &Roles) -> Result<(Vec<usize>, Vec<Feature>), DesignError> {
    roles.check(table)?;
    target_values(table, column(table, roles.target)?)?;
    let candidates = design::candidates(table, roles, &mut LeftOut::default());
    let n_listed = count(table, roles, &candidates);
    if n_listed > MAX_FEATURES {
        let mib = n_listed.saturating_mul(n_listed) >> 17;
        return Err(DesignError::TooLarge { rows: n_listed, features: n_listed, mib });
    }
    polynomial::refuse_center(table, roles)?;
    let features = features(table, roles, &candidates, 0.0);
    Ok((candidates, features))
}

/// Sets up the regression, as `Design::new` does.
pub(super) fn finish(
    table: Table,
    recipe: &Recipe<'_>,
    gathered: Gather<'_>,
    orders: &Orders,
) -> Result<Streamed, DesignError> {
    let (roles, candidates) = (recipe.roles, &recipe.candidates);
    let target = column(&table, roles.target)?;
    let mut left_out = LeftOut::default();
    design::candidates(&table, roles, &mut left_out);
    let Gather { sample, labels, counts, prints, n_rows, .. } = gathered;
    let (of_target, of_features) = prints.split_last().map_or((None, &[][..]), |(last, rest)| (Some(last), rest));
    let kept: Vec<usize> = (0..).zip(of_features).filter(|(_, prints)| prints.varies()).map(|(j, _)| j).collect();
    let drawn = sample.into_drawn(&kept);
    let rows = Rows {
        records: drawn.records,
        n_records: table.n_records,
        n_missing_target: counts.target,
        n_missing_feature: counts.feature,
        n_without_weight: counts.weight,
        case_weights: None,
        policy: roles.missing,
    };
    if n_rows < 3 {
        return Err(too_few_rows(&table, candidates, target, &rows));
    }
    if let Some(value) = of_target.and_then(Prints::constant) {
        return Err(DesignError::TargetConstant { column: target.name.clone(), rows: n_rows, value });
    }
    note_categories(&table, roles, candidates, &mut left_out);
    let (mut features, mut hashes) = (Vec::with_capacity(kept.len()), Vec::with_capacity(kept.len() + 1));
    for (feature, prints) in recipe.features.iter().zip(of_features) {
        if prints.varies() {
            features.push(feature.clone());
            hashes.push(prints.hash());
        } else {
            left_out.constant.push(feature.name.clone());
        }
    }
    if features.is_empty() {
        return Err(DesignError::NoFeature { target: target.name.clone(), reason: left_out.reason() });
    }
    hashes.extend(of_target.map(Prints::hash));
    let label_ranks = roles.fold_column.map(|_| labels.ranks(recipe.fold_column())).transpose()?;
    let mut notes = left_out.into_notes(&table);
    notes.extend(rows.notes(&table));
    notes.extend(design_notes::order(&table, candidates, orders));
    notes.extend(design_notes::twins(&features, &hashes, &target.name));
    let shape = (rows.records.len(), features.len());
    let rank = |label: u32| label_ranks.as_ref().and_then(|ranks| ranks.get(label as usize).copied());
    let design = Design {
        target: target.name.clone(),
        x: Array2::from_shape_vec(shape.f(), drawn.x).unwrap_or_else(|_| Array2::zeros(shape.f())),
        missing: None,
        features,
        y: drawn.y,
        case_weights: drawn.case_weights,
        n_records: rows.n_records,
        n_missing_target: rows.n_missing_target,
        n_missing_feature: rows.n_missing_feature,
        n_without_weight: rows.n_without_weight,
        records: rows.records,
        fold_labels: drawn.labels.map(|labels| labels.into_iter().filter_map(rank).collect()),
        group_labels: None,
        notes,
    };
    Ok(Streamed { table, design, n_rows, kept, label_ranks })
}
