//! The `antiphon` binary: a server for the backends that come with it.

mod llama;
mod upstream;

use std::process::ExitCode;

use antiphon_server::{Kinds, cli};
use mimalloc::MiMalloc;

/// Answers are made of small allocations: with the system's allocator they took a fifth of the instructions.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    if let Some(code) = llama::trial() {
        return code;
    }
    let kinds = Kinds::default().named(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    cli::main(llama::add(upstream::add(kinds)))
}
