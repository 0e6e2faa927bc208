//! `shrinkscope analyze` and `inspect` end to end: the forms of the files, known numbers, exit codes, sentences.

#![expect(clippy::unwrap_used, reason = "a test that cannot read what was written fails")]

#[path = "pipeline/command.rs"]
mod command;
#[path = "pipeline/forms.rs"]
mod forms;
#[path = "pipeline/known.rs"]
mod known;
#[path = "pipeline/moments.rs"]
mod moments;
#[path = "pipeline/program.rs"]
mod program;
#[path = "pipeline/refusals.rs"]
mod refusals;
#[path = "pipeline/roles.rs"]
mod roles;
#[path = "pipeline/streamed.rs"]
mod streamed;
