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

use load::{Load, Measured};
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
    /// An earlier build of the binary, which is measured too.
    #[arg(long)]
    earlier: Option<std::path::PathBuf>,
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

impl Options {
    /// Measures two servers in turn, round by round.
    fn compare(&self, request: &[u8], servers: [&Server; 2]) -> Result<Vec<[Measured; 2]>, Box<dyn Error>> {
        let window = Duration::from_millis(self.window);
        let measure = |server, window| Load { server, request, connections: self.connections, window }.run();
        for server in servers {
            measure(server, window / 4)?;
        }
        let round = |_| Ok([measure(servers[0], window)?, measure(servers[1], window)?]);
        (0..self.rounds).map(round).collect()
    }

    /// Measures a server beside a bare handler that sends the same bytes, and prints how the two did.
    fn beside_bare(&self, name: &str, server: &Server, case: &Case) -> Result<(), Box<dyn Error>> {
        let answer = load::record(server.address(), &case.request)?;
        let bare = Server::bare(&answer.body, case.form)?;
        let rounds = self.compare(&case.request, [server, &bare])?;
        report::print(case.name, [name, "bare"], answer.events, &rounds);
        Ok(())
    }
}

fn measure(options: &Options) -> Result<(), Box<dyn Error>> {
    pin_to_second_core()?;
    let antiphon = Server::antiphon()?;
    let earlier = options.earlier.as_deref().map(Server::earlier).transpose()?;
    println!(
        "{} rounds of {} ms a server, {} connections",
        options.rounds, options.window, options.connections
    );
    for case in cases(options.words) {
        options.beside_bare("antiphon", &antiphon, &case)?;
        if let Some(earlier) = &earlier {
            options.beside_bare("earlier", earlier, &case)?;
        }
    }
    Ok(())
}
