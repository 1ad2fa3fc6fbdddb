//! The check that a model which completes prompts does it as it answers chats.

use antiphon_types::completions;

use super::order::judge;
use super::probe::essence;
use super::{Failure, Probe};

/// Completions keep the contract, and a stream says what a whole answer says.
///
/// That is for models that declare [`Completions`](crate::Capability::Completions). Their events come in the order
/// that those of chats come in, with one finish a choice and nothing after it. Where answers vary, stream and whole
/// answer are not compared.
///
/// # Errors
/// The breach, or both answers where they differ; or why there is no answer.
pub async fn completions(probe: &Probe) -> Result<(), Failure> {
    let mut request =
        completions::Request::new(probe.name(), "Count from one to ten, in words:").max_tokens(64);
    request.temperature = Some(0.0);
    request.seed = Some(0);
    let recording = probe.record_completion(request.clone().n(probe.choices())).await?;
    if recording.went_on {
        return Err(Failure("the stream went on after its error".to_owned()));
    }
    judge(probe, &recording, |_| true)?;
    let whole = essence(probe.complete(request.clone()).await?);
    let streamed = essence(probe.complete(request.streaming()).await?);
    if whole == streamed || probe.answers_vary {
        return Ok(());
    }
    let reason = format!("asked for whole, the completion was {whole:?}, and streamed {streamed:?}");
    Err(Failure::differing(&reason))
}
