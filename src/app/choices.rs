//! What a person can choose about the views, by name.

/// How the ridge cursor follows the lasso cursor and the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link {
    /// Nearest degrees of freedom.
    #[default]
    EqualDf,
    /// The same rule of cross-validation.
    SameRule,
    /// Nearest alpha.
    EqualAlpha,
    /// Not at all.
    Free,
}

impl Link {
    /// All, in menu order.
    pub const ALL: [Self; 4] = [Self::EqualDf, Self::SameRule, Self::EqualAlpha, Self::Free];

    /// On screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::EqualDf => "Equal df",
            Self::SameRule => "Same CV rule",
            Self::EqualAlpha => "Equal alpha",
            Self::Free => "Not linked",
        }
    }
}

/// What put a cursor where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Smallest cross-validation error.
    Min,
    /// Largest alpha within one standard error of it.
    OneSe,
    /// A hand, or the link.
    Manual,
}

/// What the x axis of the paths shows. All grow to the right as the penalty weakens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum XAxis {
    /// Logarithm of alpha, falling to the right.
    #[default]
    LogAlpha,
    /// Degrees of freedom.
    Df,
    /// `‖w‖₁`.
    L1Norm,
}

impl XAxis {
    /// All, in menu order.
    pub const ALL: [Self; 3] = [Self::LogAlpha, Self::Df, Self::L1Norm];

    /// On screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::LogAlpha => "log alpha",
            Self::Df => "degrees of freedom",
            Self::L1Norm => "L1 norm",
        }
    }
}

/// Units of coefficients on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Units {
    /// Times the standard deviation of the column.
    #[default]
    PerSd,
    /// The user's own.
    Own,
}

/// Column by which the selected features are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortBy {
    /// Order of entry into the lasso, chosen ones first.
    #[default]
    Entry,
    /// Name.
    Name,
    /// Size of the lasso coefficient.
    Lasso,
    /// Size of the ridge coefficient.
    Ridge,
    /// Size of the least-squares coefficient.
    LeastSquares,
    /// Folds in which the lasso keeps it.
    Folds,
    /// Size of the pinned coefficient.
    Pinned,
    /// Size of the difference from it.
    Change,
}

/// How the fit is shown against the observations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FitView {
    /// Target against the only predictor, with the fitted curves; for several predictors as [`FitView::Predicted`].
    #[default]
    Curve,
    /// Observed against predicted.
    Predicted,
}

/// What is explained below the selected features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Explained {
    /// How near the features that are out are to entering.
    #[default]
    LeftOut,
    /// Scaling, sparsity, collinear columns.
    Assumptions,
}

/// A step of an alpha along its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To the next larger alpha of the grid.
    Back,
    /// To the next smaller one.
    Forward,
    /// Up to where the set of non-zero coefficients differs.
    BackToChange,
    /// Down to where it differs.
    ForwardToChange,
    /// To the largest alpha.
    First,
    /// To the smallest.
    Last,
}

impl Step {
    /// All, in menu order.
    pub const ALL: [Self; 6] =
        [Self::Back, Self::Forward, Self::BackToChange, Self::ForwardToChange, Self::First, Self::Last];

    /// On screen.
    pub fn text(self) -> &'static str {
        match self {
            Self::Back => "Larger alpha",
            Self::Forward => "Smaller alpha",
            Self::BackToChange => "Larger alpha, where the selected set changes",
            Self::ForwardToChange => "Smaller alpha, where the selected set changes",
            Self::First => "Largest alpha",
            Self::Last => "Smallest alpha",
        }
    }
}
