//! The command line, from the flags to the exit code.

mod greeting;

use std::env;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use actix_web::rt::System;
use antiphon_backend::Backend;
use clap::{Command, CommandFactory, FromArgMatches, Parser};
use futures_util::future::join;

use crate::config::{self, Config, ConfigError, File, Flags, LogFormat, load};
use crate::kinds::{Kinds, Program};
use crate::log;
use crate::run::{RunError, Server};

/// Serves an OpenAI-compatible API for the backends of a configuration.
#[derive(Debug, Parser)]
struct Arguments {
    /// TOML file to read; without it one echo backend answers any model.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Address and port to listen on, such as 127.0.0.1:8000; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", value_parser = config::address)]
    bind: Option<SocketAddr>,

    /// How log lines look.
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<LogFormat>,

    /// Load the configuration, build the backends, and stop.
    #[arg(long)]
    check: bool,

    /// Print the effective configuration as TOML, and stop.
    #[arg(long, conflicts_with = "check")]
    print_config: bool,
}

impl Arguments {
    /// Reads the command line; ends the process where it is wrong, or asks for help or the version.
    fn of(program: Program) -> Self {
        let matches = Self::command_of(program).get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    fn command_of(program: Program) -> Command {
        Self::command().name(program.name).version(program.version)
    }
}

/// Why the process ends with another exit code than 0.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error("cannot write to standard output")]
    Output(#[from] io::Error),
    #[error("the configuration has no form in TOML")]
    Toml(#[from] toml::ser::Error),
}

impl Failure {
    /// The exit codes of `sysexits.h`: 78 for a bad configuration, 69 for an address that cannot be had.
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Config(_) | Self::Run(RunError::Models(_)) => ExitCode::from(78),
            Self::Run(RunError::Bind { .. }) => ExitCode::from(69),
            Self::Run(_) | Self::Output(_) | Self::Toml(_) => ExitCode::FAILURE,
        }
    }
}

/// The whole `main` of a server binary that serves these kinds of backend.
///
/// Reads the command line and the environment, serves until it is told to stop, and returns the exit code: 0 after a clean
/// stop, 78 for a bad configuration, 69 for an address that cannot be bound. Each error is one line on standard error.
/// Ends the process with 2 for a bad command line, and with 0 for `--help` and `--version`.
#[expect(clippy::needless_pass_by_value, reason = "the call is a whole `main`: the kinds end with it")]
pub fn main(kinds: Kinds) -> ExitCode {
    let arguments = Arguments::of(kinds.program());
    match start(&arguments, &kinds) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // There is nowhere left to say it when standard error is closed.
            let _ = writeln!(io::stderr(), "{}", log::with_sources(&failure));
            failure.exit_code()
        }
    }
}

fn start(arguments: &Arguments, kinds: &Kinds) -> Result<(), Failure> {
    let file = arguments.config.as_deref().map_or_else(|| Ok(File::built_in()), File::read)?;
    let flags = Flags { bind: arguments.bind, log_format: arguments.log_format };
    let loaded = load(&file, env::vars_os(), flags, kinds)?;
    if arguments.print_config {
        return print(&loaded.config.to_toml()?);
    }
    let _written_on_drop = log::start(&loaded.config.log);
    System::new().block_on(async {
        let (config, backends) = loaded.build()?;
        if arguments.check {
            return print("configuration is valid\n");
        }
        serve(config, backends).await
    })
}

async fn serve(config: Config, backends: Vec<Arc<dyn Backend>>) -> Result<(), Failure> {
    let model = greeting::model(&backends);
    let server = Server::bind(config, backends)?;
    let address = server.address();
    if !address.ip().is_loopback() {
        tracing::warn!(%address, "listening beyond this machine without keys");
    }
    // Said once the server runs and listens for signals: who reads it may stop the server at once.
    let greet = async {
        // A server whose output nobody reads is as good as another.
        let _ = print(&greeting::line(address, &model));
    };
    join(server.run(), greet).await.0?;
    Ok(())
}

/// Prints to standard output; that its reader is gone is an error here, where `print!` panics.
fn print(text: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes())?;
    Ok(output.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_is_the_programs() {
        let program = Program { name: "reverse", version: "7.1.0" };
        assert_eq!(Arguments::command_of(program).render_version(), "reverse 7.1.0\n");
    }
}
