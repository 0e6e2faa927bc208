//! Analysing a document: its rows, those of a file that is read in one pass, or moments.

use std::sync::Arc;

use crate::analysis::sums::{Sums, SumsError};
use crate::analysis::{self, Analysis, AnalysisError, Watch};
use crate::app::document::Document;
use crate::app::job::{Failure, ticker};
use crate::app::loaded::read_failure;
use crate::data::design::Design;
use crate::data::stream::{Stream, StreamError};
use crate::model::progress::Progress;

/// An analysis, and what its rows sum up to, if they are not kept.
pub(super) type Analyzed = (Analysis, Option<Arc<Sums>>);

/// A way to the analysis without its cross-validation.
pub(super) type Preview<'a> = &'a dyn Fn() -> Result<Analyzed, AnalysisError>;

/// A former result of the same table saves work, and sums a pass over the file. `on_paths` is called as
/// [`Watch::on_paths`].
pub(super) fn analyze(
    document: &Document,
    former: Option<&Analysis>,
    sums: Option<Arc<Sums>>,
    progress: &Progress,
    on_paths: &dyn Fn(Preview<'_>),
) -> Result<Analyzed, Failure> {
    let settings = document.form.settings();
    let sums = match &document.stream {
        Some(stream) => Some(summed_up(document, stream, sums, progress)?),
        None => None,
    };
    let on_paths = |preview: analysis::Preview<'_>| on_paths(&|| Ok((preview.analysis()?, sums.clone())));
    let watch = Watch { progress, on_paths: &on_paths };
    let analysis = match (&sums, &document.moments) {
        (Some(sums), _) => sums.analyze(&settings, watch)?,
        (None, Some(file)) => {
            let design = Arc::new(file.design(&document.roles)?);
            analysis::analyze_file(file, document.roles.target, &design, &settings, watch)?
        }
        (None, None) => {
            let design = Arc::new(Design::new(&document.table, &document.roles)?);
            analysis::analyze_again(&design, &settings, former, watch)?
        }
    };
    Ok((analysis, sums))
}

/// Reads the file in one pass, unless `sums` serve.
fn summed_up(
    document: &Document,
    stream: &Stream,
    sums: Option<Arc<Sums>>,
    progress: &Progress,
) -> Result<Arc<Sums>, Failure> {
    if let Some(sums) = sums.filter(|sums| !document.needs_pass(Some(sums))) {
        return Ok(sums);
    }
    match Sums::read(stream, &document.roles, &document.form.settings(), &ticker(progress)) {
        Err(SumsError::Stream(StreamError::Read(source))) => Err(read_failure(document.table.name.clone(), source)),
        sums => Ok(Arc::new(sums?)),
    }
}
