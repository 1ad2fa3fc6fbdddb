//! Measures Antiphon beside a bare actix-web handler that sends the same bytes, each on one core, in turn.
//!
//! `cargo build --release --workspace && target/release/antiphon-bench`; with `upstream`, what Antiphon adds in front of
//! a second Antiphon.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

mod bare;
mod load;
mod report;
mod server;
mod upstream;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use load::Load;
use server::{Server, pin_to_second_core};

/// Compares requests a second, whole and streamed, in rounds that alternate between the two servers.
#[derive(Debug, Parser)]
struct Options {
    /// Rounds; each measures every server once, and the median of their ratios counts.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// How long a server is measured in a round, in milliseconds.
    #[arg(long, default_value_t = 1500)]
    window: u64,
    /// Connections that ask at the same time.
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Words of the message that is echoed in the streamed case.
    #[arg(long, default_value_t = 1000)]
    words: usize,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measures what Antiphon adds in front of a second Antiphon, against that one asked directly.
    Upstream,
    /// Serves the bytes of a file, as the bare handler (used by the measurement itself).
    Bare {
        /// The answer's body, as it was recorded.
        file: std::path::PathBuf,
        /// How the body is sent.
        #[arg(value_enum)]
        form: bare::Form,
    },
}

fn main() -> ExitCode {
    let options = Options::parse();
    let result = match &options.command {
        Some(Command::Upstream) => upstream::measure(&options),
        Some(Command::Bare { file, form }) => bare::serve(file, *form),
        None => measure(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// One row of the report: what is asked, and how the bare handler answers it.
struct Case {
    name: &'static str,
    request: Vec<u8>,
    form: bare::Form,
}

fn cases(words: usize) -> [Case; 3] {
    let short = load::request("Say this is a test", false);
    let long = load::request(&"word ".repeat(words), true);
    [
        Case { name: "whole", request: short, form: bare::Form::Whole },
        Case {
            name: "streamed, bare handler yields each event",
            request: long.clone(),
            form: bare::Form::Events,
        },
        Case { name: "streamed, bare handler yields joined events", request: long, form: bare::Form::Joined },
    ]
}

fn measure(options: &Options) -> Result<(), Box<dyn Error>> {
    pin_to_second_core()?;
    let antiphon = Server::antiphon()?;
    let window = Duration::from_millis(options.window);
    println!("{} rounds of {:?} a server, {} connections", options.rounds, window, options.connections);
    for case in cases(options.words) {
        let answer = load::record(antiphon.address(), &case.request)?;
        let bare = Server::bare(&answer.body, case.form)?;
        let load = |server: &Server, window| {
            Load {
                address: server.address(),
                request: &case.request,
                connections: options.connections,
                window,
            }
            .run()
        };
        load(&antiphon, window / 4)?;
        load(&bare, window / 4)?;
        let mut rounds = Vec::with_capacity(options.rounds);
        for _ in 0..options.rounds {
            rounds.push((load(&antiphon, window)?, load(&bare, window)?));
        }
        report::print(case.name, answer.events, &rounds);
    }
    Ok(())
}
