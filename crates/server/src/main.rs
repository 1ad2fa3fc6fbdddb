//! The `antiphon` binary: a server for the backends that come with it.

use std::process::ExitCode;

use antiphon_server::{Kinds, cli};

fn main() -> ExitCode {
    cli::main(Kinds::default())
}
