//! The check of the numbers that a backend reports.

use std::collections::BTreeSet;

use antiphon_types::Usage;

use super::probe::{Recording, failed};
use super::{Failure, Probe};
use crate::Event;

/// The usage that the backend reports fits the answer.
///
/// One that reports none passes. The total is the sum, each detail is at most what it is a part of, each choice
/// with content took tokens, and the prompt is as long as
/// [`Backend::prompt_tokens`](crate::Backend::prompt_tokens) said.
///
/// # Errors
/// The usage, and what does not fit; or why there is no answer.
pub async fn usage(probe: &Probe) -> Result<(), Failure> {
    let mut request = probe.request("Count from one to ten, in words.");
    request.n = Some(probe.choices());
    let expected = probe.backend.prompt_tokens(&request);
    let Recording { events, error, .. } = probe.record(request).await?;
    if let Some(error) = &error {
        return Err(failed(error));
    }
    let answers: BTreeSet<_> =
        events.iter().filter(|event| event.is_content()).filter_map(Event::choice).collect();
    for event in &events {
        if let Event::Usage(usage) = event {
            judge(usage, expected, answers.len() as u64)
                .map_err(|fault| Failure(format!("{fault}: the usage is {usage:?}")))?;
        }
    }
    Ok(())
}

fn judge(usage: &Usage, expected: Option<u64>, answers: u64) -> Result<(), &'static str> {
    let Usage { prompt_tokens, completion_tokens, total_tokens, .. } = *usage;
    let faults = [
        (prompt_tokens.checked_add(completion_tokens) != Some(total_tokens), "the total is not the sum"),
        (prompt_tokens == 0, "the prompt took no tokens"),
        (expected.is_some_and(|tokens| tokens != prompt_tokens), "prompt_tokens() said otherwise"),
        (completion_tokens < answers, "a choice took no tokens"),
        (most_of_prompt(usage) > Some(prompt_tokens), "a part of the prompt is more than the whole"),
        (most_of_completion(usage) > Some(completion_tokens), "a part of the answer is more than the whole"),
    ];
    match faults.into_iter().find(|(at_fault, _)| *at_fault) {
        Some((_, fault)) => Err(fault),
        None => Ok(()),
    }
}

/// The largest of the prompt's details, each of which is a part of it.
fn most_of_prompt(usage: &Usage) -> Option<u64> {
    let of = usage.prompt_tokens_details.as_ref()?;
    let parts = [of.cached_tokens, of.audio_tokens, of.text_tokens, of.image_tokens, of.cache_write_tokens];
    parts.into_iter().flatten().max()
}

/// The largest of the answer's details, each of which is a part of it.
fn most_of_completion(usage: &Usage) -> Option<u64> {
    let of = usage.completion_tokens_details.as_ref()?;
    let parts = [
        of.reasoning_tokens,
        of.audio_tokens,
        of.text_tokens,
        of.accepted_prediction_tokens,
        // Not in the text, and counted with it all the same.
        of.rejected_prediction_tokens,
    ];
    parts.into_iter().flatten().max()
}
