//! The `antiphon` binary: a server for the backends that come with it.

use std::env;
use std::process::ExitCode;
use std::sync::Arc;

use antiphon_server::{Kinds, cli};
use antiphon_upstream::{Config, Upstream};
use mimalloc::MiMalloc;

/// Answers are made of small allocations: with the system's allocator they took a fifth of the instructions.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let kinds = Kinds::default().named(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    cli::main(kinds.with("upstream", |config: Config| {
        let upstream = Upstream::new(&config, |name| env::var(name).ok());
        Ok(Arc::new(upstream.map_err(|error| error.to_string())?))
    }))
}
