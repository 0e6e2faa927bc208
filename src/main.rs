//! Arguments → the window or the command line.

use std::process::ExitCode;

use mimalloc::MiMalloc;
use shrinkscope::{app, cli};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::run(std::env::args_os(), |window| {
        app::run(app::Opening {
            file: window.file,
            target: window.target,
            example: window.example.map(|example| example.name.to_owned()),
        })
    })
}
