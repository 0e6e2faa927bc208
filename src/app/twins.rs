//! Which pictures of the analysis page are shown as tables.

/// A picture that has a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Twin {
    /// Lasso path and its cross-validation curve.
    Lasso,
    /// Ridge path and its cross-validation curve.
    Ridge,
    /// Both pictures of the geometry.
    Geometry,
    /// Predicted against observed, or the fitted curve.
    Fit,
    /// Coefficients across folds.
    Folds,
    /// Pull of the residuals on what is left out.
    LeftOut,
}

impl Twin {
    /// All, in the order of the page.
    pub const ALL: [Self; 6] = [Self::Lasso, Self::Ridge, Self::Geometry, Self::Fit, Self::Folds, Self::LeftOut];

    /// What the picture is called where it is spoken of.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lasso => "lasso path",
            Self::Ridge => "ridge path",
            Self::Geometry => "geometry",
            Self::Fit => "fit",
            Self::Folds => "folds",
            Self::LeftOut => "what is left out",
        }
    }
}

/// Those that are shown as tables, the latest last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Twins(Vec<Twin>);

impl Twins {
    /// Whether the table is shown in place of the picture.
    pub fn is_shown(&self, twin: Twin) -> bool {
        self.0.contains(&twin)
    }

    /// From picture to table or back.
    pub fn toggle(&mut self, twin: Twin) {
        if self.is_shown(twin) {
            self.0.retain(|other| *other != twin);
        } else {
            self.0.push(twin);
        }
    }

    /// Back to the picture whose table was shown last; `None` if there is no table.
    pub fn leave_last(&mut self) -> Option<Twin> {
        self.0.pop()
    }
}
