//! The `antiphon` binary: a server for the backends that come with it.

use std::process::ExitCode;

use antiphon_server::{Kinds, cli};
use mimalloc::MiMalloc;

/// A request is some hundred small allocations: with the system's allocator they are a fifth of its work.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::main(Kinds::default().named(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")))
}
