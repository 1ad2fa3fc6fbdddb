//! The check of the numbers that a backend reports.

use antiphon_types::Usage;

use super::probe::failed;
use super::{Failure, Probe};
use crate::Event;

/// The usage that the backend reports fits the answer.
///
/// One that reports none passes. The total is the sum, each detail is at most what it is a part of, an answer
/// with content took tokens, and the prompt is as long as
/// [`Backend::prompt_tokens`](crate::Backend::prompt_tokens) said.
///
/// # Errors
/// The usage, and what does not fit; or why there is no answer.
pub async fn usage(probe: &Probe) -> Result<(), Failure> {
    let request = probe.request("Count from one to ten, in words.");
    let expected = probe.backend.prompt_tokens(&request);
    let recording = probe.record(request).await?;
    if let Some(error) = &recording.error {
        return Err(failed(error));
    }
    let has_content = recording.events.iter().any(Event::is_content);
    for event in &recording.events {
        if let Event::Usage(usage) = event {
            judge(usage, expected, has_content)
                .map_err(|fault| Failure(format!("{fault}: the usage is {usage:?}")))?;
        }
    }
    Ok(())
}

fn judge(usage: &Usage, expected: Option<u64>, has_content: bool) -> Result<(), &'static str> {
    let Usage { prompt_tokens, completion_tokens, total_tokens, .. } = *usage;
    let prompt = usage.prompt_tokens_details.as_ref();
    let completion = usage.completion_tokens_details.as_ref();
    let faults = [
        (prompt_tokens.checked_add(completion_tokens) != Some(total_tokens), "the total is not the sum"),
        (prompt_tokens == 0, "the prompt took no tokens"),
        (expected.is_some_and(|tokens| tokens != prompt_tokens), "prompt_tokens() said otherwise"),
        (has_content && completion_tokens == 0, "the answer took no tokens"),
        (
            prompt.and_then(|of| of.cached_tokens) > Some(prompt_tokens),
            "more of the prompt was cached than there is",
        ),
        (
            completion.and_then(|of| of.reasoning_tokens) > Some(completion_tokens),
            "more of the answer was reasoning than there is",
        ),
    ];
    match faults.into_iter().find(|(at_fault, _)| *at_fault) {
        Some((_, fault)) => Err(fault),
        None => Ok(()),
    }
}
