//! Asks a backend for an answer, and adds what it lacks.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use antiphon_types::chat;
use tokio::time::Instant;

use crate::adapt::{Patterns, Stop, caught, deadline, fan_out, guard, limit, meter, validate};
use crate::{Backend, BackendError, Capability, Context, ErrorKind, Event, EventStream, ModelInfo, Stream};

/// Streams the whole answer of a backend's model to a request.
///
/// What the model does not declare as native is done here: several choices by several calls (call `i` of them
/// with the seed moved by `i`, or all would be the same), stop sequences, the token limit. Every answer is
/// [guarded](guard) and [validated](validate), keeps the context's [deadline], and ends with one usage, its
/// own or [counted](meter); an unknown prompt counts for a token per four bytes of its text. A prompt that
/// [`Backend::prompt_tokens`] finds longer than the model's context fails with
/// [`ContextLength`](ErrorKind::ContextLength) before the backend is called.
///
/// The request reaches the backend as it is, but that a call for one choice of several asks for one. Where
/// the context has a deadline, the stream needs a tokio runtime with time enabled.
pub fn generate(
    backend: &dyn Backend,
    model: &ModelInfo,
    request: chat::Request,
    context: Context,
) -> EventStream {
    let plan = match Plan::new(backend, model, &request) {
        Ok(plan) => plan,
        Err(error) => return error.into_stream(),
    };
    if plan.calls == 1 {
        return plan.call(backend, request, context);
    }
    Box::pin(guard(context, |context| {
        // A context for each, so that a choice that ends early is cancelled alone.
        let call = |number, request| plan.call(backend, single(request, number), context.child());
        let last = plan.calls - 1;
        let mut streams: Vec<_> = (0..last).map(|number| call(number, request.clone())).collect();
        streams.push(call(last, request));
        fan_out(streams)
    }))
}

/// What has to be done with a request and with the answers to it.
struct Plan {
    /// How often the backend is called, each time for `choices` choices.
    calls: u32,
    choices: u32,
    /// `None` where there are none, and where the backend sees to them. All calls share them.
    stops: Option<Arc<Patterns>>,
    /// `None` where there is none, and where the backend sees to it.
    limit: Option<u64>,
    prompt_tokens: u64,
}

impl Plan {
    fn new(backend: &dyn Backend, model: &ModelInfo, request: &chat::Request) -> Result<Self, BackendError> {
        let n = request.n.unwrap_or(1).max(1);
        let (calls, choices) = if model.has(Capability::NativeChoices) { (1, n) } else { (n, 1) };
        let stops = request.stop.as_ref().map(chat::Stop::as_slice).filter(|stops| !stops.is_empty());
        let limit = request.max_completion_tokens.or(request.max_tokens);
        Ok(Self {
            calls,
            choices,
            stops: stops
                .filter(|_| !model.has(Capability::NativeStop))
                .map(|stops| Arc::new(Patterns::new(stops))),
            limit: limit.filter(|_| !model.has(Capability::NativeLimit)),
            prompt_tokens: prompt_tokens(backend, model, request)?,
        })
    }

    /// Calls the backend once.
    fn call(&self, backend: &dyn Backend, request: chat::Request, context: Context) -> EventStream {
        let at = context.deadline();
        let events = validate(guard(context, |context| backend.chat(request, context)), self.choices);
        match (self.limit, self.stops.clone()) {
            (None, None) => self.metered(events, at),
            (None, Some(stops)) => self.metered(Stop::new(events, stops, self.choices), at),
            (Some(tokens), None) => self.metered(limit(events, tokens, self.choices), at),
            // The limit within: a stop that ends with the last token counts.
            (Some(tokens), Some(stops)) => {
                let events = limit(events, tokens, self.choices);
                self.metered(Stop::new(events, stops, self.choices), at)
            }
        }
    }

    /// Boxes a whole stack of adapters at once.
    fn metered<S>(&self, events: S, at: Option<Instant>) -> EventStream
    where
        S: Stream<Item = Result<Event, BackendError>> + Unpin + Send + 'static,
    {
        let events = meter(events, self.prompt_tokens);
        match at {
            Some(at) => Box::pin(deadline(events, at)),
            None => Box::pin(events),
        }
    }
}

/// The request of one call of several.
fn single(mut request: chat::Request, call: u32) -> chat::Request {
    request.n = Some(1);
    request.seed = request.seed.map(|seed| seed.wrapping_add(call.into()));
    request
}

fn prompt_tokens(
    backend: &dyn Backend,
    model: &ModelInfo,
    request: &chat::Request,
) -> Result<u64, BackendError> {
    let Some(tokens) = caught(|| backend.prompt_tokens(request))? else { return Ok(estimate(request)) };
    let Some(most) = model.context_length.filter(|most| tokens > *most) else { return Ok(tokens) };
    let message = format!(
        "This model's maximum context length is {most} tokens. However, your messages resulted in {tokens} \
         tokens. Please reduce the length of the messages."
    );
    let error = BackendError::new(ErrorKind::ContextLength, message).with_param("messages");
    Err(error.with_code("context_length_exceeded"))
}

/// Four bytes a token, which is about right for English.
fn estimate(request: &chat::Request) -> u64 {
    let bytes: usize = request.messages.iter().map(|message| message.text().len()).sum();
    bytes.div_ceil(4) as u64
}
