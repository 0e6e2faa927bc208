//! `shrinkscope inspect`: what the loader read, for programs.

use super::{CliError, InspectArguments, print};
use crate::data::csv::{no_tick, read_table};
use crate::data::inspect::Inspection;

/// Prints one JSON object, also where the file was not read: it then says why.
pub(super) fn inspect(arguments: &InspectArguments) -> Result<(), CliError> {
    let options = arguments.import.options();
    let table = read_table(&arguments.file, &options, &no_tick);
    let mut bytes = serde_json::to_vec(&Inspection::new(&table)).expect("memory takes any document with text as keys");
    bytes.push(b'\n');
    print(&bytes)
}
