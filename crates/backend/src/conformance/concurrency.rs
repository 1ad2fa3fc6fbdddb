//! The check that requests at the same time do not meet.

use futures_util::future::try_join_all;

use super::probe::essence;
use super::{Failure, Probe};

/// How many requests are made at once.
const REQUESTS: usize = 8;

/// Requests at the same time get the answers of each alone.
///
/// Where answers vary, each gets one that is whole.
///
/// # Errors
/// The first two answers that differ; or why there is none.
pub async fn concurrency(probe: &Probe) -> Result<(), Failure> {
    let request = |number| probe.request(&format!("Say this number in words: {number}."));
    let together = try_join_all((0..REQUESTS).map(|number| probe.answer(request(number)))).await?;
    if probe.answers_vary {
        return Ok(());
    }
    for (number, whole) in together.into_iter().enumerate() {
        let beside_others = essence(whole);
        let alone = essence(probe.answer(request(number)).await?);
        if beside_others != alone {
            let reason = format!("alone, a request got {alone:?}, and beside others {beside_others:?}");
            return Err(Failure::differing(&reason));
        }
    }
    Ok(())
}
