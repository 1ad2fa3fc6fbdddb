//! The check that a stream and a whole answer say the same.

use super::probe::essence;
use super::{Failure, Probe};

/// The joined deltas of a stream equal the whole answer.
///
/// Where answers vary, both are whole.
///
/// # Errors
/// Both answers where they differ; or why there is none.
pub async fn whole_equals_stream(probe: &Probe) -> Result<(), Failure> {
    let mut request = probe.request("Count from one to ten, in words.");
    request.stream = Some(false);
    let whole = essence(probe.answer(request.clone()).await?);
    let streamed = essence(probe.answer(request.streaming()).await?);
    if whole == streamed || probe.answers_vary {
        return Ok(());
    }
    let reason = format!("asked for whole, the answer was {whole:?}, and streamed {streamed:?}");
    Err(Failure::differing(&reason))
}
