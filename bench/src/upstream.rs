//! Measures a chain of two servers against the second of them asked directly, in one run.

use std::error::Error;
use std::time::Duration;

use crate::Options;
use crate::load;
use crate::report;
use crate::server::{Server, pin_to_second_core};

/// Streams whose first text is timed in a round, for each server.
const STREAMS: usize = 300;

/// Prints the time to the first text and the chunks a second, through the first server and without it.
///
/// All servers share the first core, so that the chain has no more of the machine than the second alone.
pub(crate) fn measure(options: &Options) -> Result<(), Box<dyn Error>> {
    pin_to_second_core()?;
    let behind = Server::antiphon()?;
    let front = Server::upstream(&behind)?;
    first_text(options.rounds, &front, &behind)?;
    chunks(options, &front, &behind)
}

/// At low load: one stream at a time.
fn first_text(rounds: usize, front: &Server, behind: &Server) -> Result<(), Box<dyn Error>> {
    let request = load::request("Say this is a test", true);
    let times = |server: &Server| -> Result<f64, Box<dyn Error>> {
        let times = load::first_texts(server.address(), &request, STREAMS)?;
        Ok(report::median(times.iter().map(Duration::as_secs_f64)) * 1_000.0)
    };
    times(front)?;
    times(behind)?;
    let mut medians = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        medians.push((times(front)?, times(behind)?));
    }
    let through = report::median(medians.iter().map(|(through, _)| *through));
    let direct = report::median(medians.iter().map(|(_, direct)| *direct));
    let added = report::median(medians.iter().map(|(through, direct)| through - direct));
    println!(
        "time to first text, one stream at a time: through {through:.3} ms, direct {direct:.3} ms, added {added:.3} ms"
    );
    Ok(())
}

fn chunks(options: &Options, front: &Server, behind: &Server) -> Result<(), Box<dyn Error>> {
    let request = load::request(&"word ".repeat(options.words), true);
    let answer = load::record(front.address(), &request)?;
    let direct = load::record(behind.address(), &request)?;
    if answer.events != direct.events {
        return Err(format!("{} chunks came through, and {} directly", answer.events, direct.events).into());
    }
    let rounds = options.compare(&request, [front, behind])?;
    report::print("streamed", ["antiphon", "direct"], answer.events, &rounds);
    Ok(())
}
