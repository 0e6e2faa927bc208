//! What is analysed: the table, the roles of its columns, and the settings as the user left them.

use std::sync::Arc;

use crate::analysis::sums::Sums;
use crate::analysis::{Engine, Settings};
use crate::data::design::{Roles, sole_predictor};
use crate::data::moments_file::MomentsFile;
use crate::data::stream::Stream;
use crate::data::table::{ColumnType, Table, Values};
use crate::model::folds::FoldRule;
use crate::model::path::Grid;
use crate::model::standardize::Scale;

/// How rows are dealt to folds, as the panel offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Deal {
    /// By seed.
    #[default]
    Random,
    /// Record mod folds.
    Interleaved,
    /// Blocks.
    Contiguous,
    /// By a column of the table.
    Column,
    /// Groups of a column stay together.
    Groups,
}

impl Deal {
    /// All, in menu order.
    pub const ALL: [Self; 5] = [Self::Random, Self::Interleaved, Self::Contiguous, Self::Column, Self::Groups];

    /// On screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Random => "Random",
            Self::Interleaved => "Interleaved",
            Self::Contiguous => "Contiguous",
            Self::Column => "By column",
            Self::Groups => "By group",
        }
    }
}

/// Settings as the panel edits them. Its fields' ranges are those of the controls, so [`SettingsForm::settings`] cannot fail.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingsForm {
    /// Divide columns by their standard deviation.
    pub scale: Scale,
    /// How rows are dealt.
    pub deal: Deal,
    /// Number of folds, 2 and up.
    pub folds: usize,
    /// Seed of the random deal.
    pub seed: u64,
    /// Repeats of cross-validation, 1 and up.
    pub repeats: usize,
    /// Alphas per penalty.
    pub alphas: usize,
    /// Smallest lasso alpha over the largest; `None` for the rule.
    pub ratio: Option<f64>,
    /// 1 for the lasso, less for the elastic net.
    pub l1_ratio: f64,
    /// Who computes.
    pub engine: Engine,
}

impl Default for SettingsForm {
    fn default() -> Self {
        Self {
            scale: Scale::default(),
            deal: Deal::default(),
            folds: 10,
            seed: 0,
            repeats: 1,
            alphas: 100,
            ratio: None,
            l1_ratio: 1.0,
            engine: Engine::default(),
        }
    }
}

impl SettingsForm {
    /// The checked settings.
    pub fn settings(&self) -> Settings {
        let folds = self.folds.max(2);
        Settings {
            scale: self.scale,
            folds: match self.deal {
                Deal::Random => FoldRule::Random { folds, seed: self.seed },
                Deal::Interleaved => FoldRule::Interleaved { folds },
                Deal::Contiguous => FoldRule::Contiguous { folds },
                Deal::Column => FoldRule::Given,
                Deal::Groups => FoldRule::Groups { folds, seed: self.seed },
            },
            repeats: self.repeats.max(1),
            l1_ratio: self.l1_ratio,
            lasso_grid: Grid::Auto { count: self.alphas.max(2), ratio: self.ratio },
            ridge_grid: Grid::Auto { count: self.alphas.max(2), ratio: None },
            engine: self.engine,
        }
    }
}

/// What is analysed.
#[derive(Debug, Clone)]
pub struct Document {
    /// The table as read; of a file whose rows are not kept, its first records.
    pub table: Arc<Table>,
    /// Such a file.
    pub stream: Option<Arc<Stream>>,
    /// Moments made elsewhere; the table then has columns without cells.
    pub moments: Option<Arc<MomentsFile>>,
    /// Who plays which part.
    pub roles: Roles,
    /// Settings.
    pub form: SettingsForm,
}

impl Document {
    /// A freshly read table with this target and default settings.
    pub fn new(table: Arc<Table>, target: usize) -> Self {
        let roles = Roles::new(target);
        Self { table, stream: None, moments: None, roles, form: SettingsForm::default() }
    }

    /// Whether the rows must be read before they can be analysed: they are not kept, and these sums are not theirs.
    pub fn needs_pass(&self, sums: Option<&Sums>) -> bool {
        self.stream.is_some() && sums.is_none_or(|sums| !sums.serve(&self.roles, &self.form.settings()))
    }

    /// With the settings and, by name, the excluded columns of another document of the same file.
    #[must_use]
    pub fn carrying_over(mut self, former: &Self) -> Self {
        let excluded = former.roles.excluded.iter().filter_map(|&c| former.table.columns.get(c));
        self.roles.excluded = excluded.filter_map(|c| self.table.column_index(&c.name)).collect();
        let same = |column: Option<usize>| self.table.column_index(&former.table.columns.get(column?)?.name);
        self.roles.fold_column = same(former.roles.fold_column);
        self.roles.group_column = same(former.roles.group_column);
        self.roles.weight_column = same(former.roles.weight_column);
        self.roles.missing = former.roles.missing;
        let named = |column: &usize| self.table.column_index(&former.table.columns.get(*column)?.name);
        let is_number = |c: &usize| self.table.columns.get(*c).is_some_and(|c| c.column_type == ColumnType::Number);
        let degrees = former.roles.degrees.iter().filter_map(|(c, degree)| Some((named(c)?, *degree)));
        let degrees = degrees.filter(|(c, _)| is_number(c)).collect();
        let has_level = |c: usize, level: &String| match &self.table.columns.get(c)?.values {
            Values::Levels { levels, .. } => levels.contains(level).then_some(()),
            Values::Numbers(_) => None,
        };
        let references = former.roles.references.iter().filter_map(|(c, level)| {
            let c = named(c)?;
            has_level(c, level).map(|()| (c, level.clone()))
        });
        let references = references.collect();
        let interactions = former.roles.interactions.iter().filter_map(named).collect();
        self.roles = Roles { references, degrees, interactions, ..self.roles };
        self.form = former.form.clone();
        self
    }

    /// The column whose polynomial is the regression, if it is the only predictor and its rows are at hand.
    pub fn polynomial_column(&self) -> Option<usize> {
        let has_rows = self.stream.is_none() && self.moments.is_none();
        has_rows.then(|| sole_predictor(&self.table, &self.roles)).flatten()
    }

    /// Whether a column can be predicted.
    pub fn can_be_target(table: &Table, column: usize) -> bool {
        table.columns.get(column).is_some_and(|c| matches!(c.column_type, ColumnType::Number | ColumnType::Boolean))
    }

    /// Whether a column can be a feature.
    pub fn can_be_feature(&self, column: usize) -> bool {
        let usable =
            self.table.columns.get(column).is_some_and(|c| {
                matches!(c.column_type, ColumnType::Number | ColumnType::Boolean | ColumnType::Category)
            });
        usable && !self.roles.is_reserved(column)
    }
}
