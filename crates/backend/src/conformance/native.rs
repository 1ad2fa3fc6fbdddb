//! The check of what a backend says that it does by itself.

use antiphon_types::chat::{self, FinishReason, Stop};

use super::{Failure, Probe};
use crate::Capability;
use crate::adapt::{Whole, WholeChoice};

/// Native stop sequences and token limits are kept.
///
/// That is for models that declare them. Nothing stands above the backend for these, so that a client would
/// see what it overlooks. Native choices need no check of their own: the others ask such a model for two.
///
/// # Errors
/// The claim that does not hold; or why there is no answer.
pub async fn native_claims(probe: &Probe) -> Result<(), Failure> {
    let request = probe.request("Count from one to ten, in words.");
    let whole = probe.answer(request.clone()).await?;
    if probe.model.has(Capability::NativeStop) {
        stop(probe, request.clone(), &whole).await?;
    }
    if probe.model.has(Capability::NativeLimit) {
        limit(probe, with_limit(&request, Some(1), None), &whole, "max_completion_tokens").await?;
        limit(probe, with_limit(&request, None, Some(1)), &whole, "max_tokens").await?;
    }
    Ok(())
}

/// Asks again, with a piece out of the answer's middle as the stop.
async fn stop(probe: &Probe, mut request: chat::Request, whole: &Whole) -> Result<(), Failure> {
    let text = whole.choices.first().map_or("", |choice| &choice.text);
    let piece: String = text.chars().skip(text.chars().count() / 2).take(4).collect();
    let Some((before, _)) = text.split_once(&*piece).filter(|_| !piece.is_empty()) else { return Ok(()) };
    request.stop = Some(Stop::One(piece.clone()));
    let stopped = probe.answer(request).await?;
    let Some(WholeChoice { text, finish, .. }) = stopped.choices.first() else { return Ok(()) };
    let reason = format!("with the stop {piece:?}, the answer was {text:?}");
    if text.contains(&piece) {
        return Err(Failure(reason));
    }
    if text != before {
        return if probe.answers_vary { Ok(()) } else { Err(Failure::differing(&reason)) };
    }
    if *finish != FinishReason::Stop {
        return Err(Failure(format!("{reason}, and its finish was not `stop`")));
    }
    Ok(())
}

fn with_limit(
    request: &chat::Request,
    max_completion_tokens: Option<u64>,
    max_tokens: Option<u64>,
) -> chat::Request {
    let mut request = request.clone();
    (request.max_completion_tokens, request.max_tokens) = (max_completion_tokens, max_tokens);
    request
}

/// Holds an answer of one token against the one that had no such limit.
async fn limit(probe: &Probe, request: chat::Request, whole: &Whole, field: &str) -> Result<(), Failure> {
    let limited = probe.answer(request).await?;
    if tokens(&limited) > 1 {
        return Err(Failure(format!("with {field} of 1, the answer took {} tokens", tokens(&limited))));
    }
    let cut = limited.choices.iter().all(|choice| choice.finish == FinishReason::Length);
    if tokens(whole) > 1 && !cut && !probe.answers_vary {
        return Err(Failure(format!(
            "with {field} of 1, the answer was cut, and its finish was not `length`"
        )));
    }
    Ok(())
}

fn tokens(whole: &Whole) -> u64 {
    whole.usage.as_ref().map_or(0, |usage| usage.completion_tokens)
}
