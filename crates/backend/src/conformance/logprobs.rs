//! The check that log probabilities come where they are asked for.

use super::probe::{Recording, failed};
use super::{Failure, Probe};
use crate::{Capability, Event};

/// Every text comes with the log probabilities of its tokens.
///
/// That is for models that declare [`Logprobs`](crate::Capability::Logprobs), which are asked for them. A text
/// without a character needs none.
///
/// # Errors
/// The event without them; or why there is no answer.
pub async fn logprobs(probe: &Probe) -> Result<(), Failure> {
    if !probe.model.has(Capability::Logprobs) {
        return Ok(());
    }
    let mut request = probe.request("Count from one to ten, in words.");
    request.n = Some(probe.choices());
    request.logprobs = Some(true);
    let Recording { events, error, .. } = probe.record(request).await?;
    if let Some(error) = &error {
        return Err(failed(error));
    }
    match events.iter().find(|event| is_bare(event)) {
        Some(event) => Err(Failure(format!("`logprobs` was asked for, and there are none in {event:?}"))),
        None => Ok(()),
    }
}

fn is_bare(event: &Event) -> bool {
    let (Event::Text { text, logprobs, .. } | Event::Refusal { text, logprobs, .. }) = event else {
        return false;
    };
    !text.is_empty() && logprobs.as_ref().is_none_or(|tokens| tokens.is_empty())
}
