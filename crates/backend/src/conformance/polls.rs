//! The check that a backend gives the thread back that it is asked in.

use std::time::Duration;

use super::probe::failed;
use super::{Failure, Probe};

/// How long the call of a backend, and a poll of its stream, may take.
pub const POLLED_WITHIN: Duration = Duration::from_millis(250);

/// Neither the call nor a poll of the stream blocks.
///
/// Other requests wait in the same thread. Seen is what takes longer than 250 ms at once.
///
/// # Errors
/// When one took longer; or why there is no answer.
pub async fn polls(probe: &Probe) -> Result<(), Failure> {
    let recording = probe.record(probe.request("Count from one to ten, in words.")).await?;
    if recording.longest > POLLED_WITHIN {
        return Err(Failure(format!(
            "the call or a poll took longer than {POLLED_WITHIN:?}: what computes or blocks belongs in a thread \
             of its own"
        )));
    }
    recording.error.map_or(Ok(()), |error| Err(failed(&error)))
}
