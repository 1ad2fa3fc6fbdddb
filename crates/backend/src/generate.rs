//! Asks a backend for an answer, and adds what it lacks.

mod asked;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use antiphon_types::chat;

pub(crate) use self::asked::Asked;
use crate::adapt::{
    Patterns, Stop, Thinking, caught, deadline, fan_out, guard, limit, meter, think, validate,
};
use crate::{Backend, BackendError, Capability, Context, ErrorKind, Event, EventStream, ModelInfo, Stream};

/// Streams the whole answer of a backend's model to a chat.
///
/// What the model does not declare as native is done here: several choices by several calls (call `i` of them
/// with the seed moved by `i`, or all would be the same), stop sequences, the token limit. Every answer is
/// [guarded](guard) and [validated](validate), keeps the context's [deadline], and ends with one usage, its
/// own or [counted](meter); an unknown prompt counts for a token per four bytes of its text. A prompt that
/// [`Backend::prompt_tokens`] finds longer than the model's context fails with
/// [`ContextLength`](ErrorKind::ContextLength) before the backend is called. Reasoning that the model writes
/// between tags is [taken out](think) of its text.
///
/// The request reaches the backend as it is, but that a call for one choice of several asks for one. Where
/// the context has a deadline, the stream needs a tokio runtime with time enabled.
pub fn generate(
    backend: &dyn Backend,
    model: &ModelInfo,
    request: chat::Request,
    context: Context,
) -> EventStream {
    answers(backend, model, request, context)
}

/// Streams the choices that a request for text asks for.
pub(crate) fn answers<R: Asked>(
    backend: &dyn Backend,
    model: &ModelInfo,
    request: R,
    context: Context,
) -> EventStream {
    let told = match prompt_tokens(backend, model, &request) {
        Ok(told) => told,
        Err(error) => return error.into_stream(),
    };
    let plan = Plan::new(model, &request, told);
    let context = match told {
        Some(tokens) => context.with_prompt_tokens(tokens),
        None => context,
    };
    if plan.calls == 1 {
        return plan.call(backend, request, context);
    }
    Box::pin(guard(context, |context| {
        // A context for each, so that a choice that ends early is cancelled alone.
        let call = |number, request: R| plan.call(backend, request.single(number), context.child());
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
    /// `None` where the model thinks apart from its text, or not at all.
    thinking: Option<Thinking>,
    /// `None` where there are none, and where the backend sees to them. All calls share them.
    stops: Option<Arc<Patterns>>,
    /// `None` where there is none, and where the backend sees to it.
    limit: Option<u64>,
    prompt_tokens: u64,
}

impl Plan {
    /// For a prompt of so many tokens; `None`: unknown.
    fn new(model: &ModelInfo, request: &impl Asked, prompt_tokens: Option<u64>) -> Self {
        let n = request.choices();
        let (calls, choices) = if model.has(Capability::NativeChoices) { (1, n) } else { (n, 1) };
        let stops = Some(request.stops()).filter(|stops| !stops.is_empty());
        Self {
            calls,
            choices,
            thinking: Thinking::of(model),
            stops: stops
                .filter(|_| !model.has(Capability::NativeStop))
                .map(|stops| Arc::new(Patterns::new(stops))),
            limit: request.limit().filter(|_| !model.has(Capability::NativeLimit)),
            prompt_tokens: prompt_tokens.unwrap_or_else(|| request.estimated_tokens()),
        }
    }

    /// Calls the backend once.
    fn call(&self, backend: &dyn Backend, request: impl Asked, context: Context) -> EventStream {
        let at = context.deadline();
        let events = guard(context, |context| request.start(backend, context));
        // Beneath all that holds text back: what is held comes before the error.
        match at {
            None => self.sorted(validate(events, self.choices)),
            Some(at) => self.sorted(validate(deadline(events, at), self.choices)),
        }
    }

    /// Tells reasoning from text.
    fn sorted<S: Events>(&self, events: S) -> EventStream {
        match self.thinking {
            None => self.cut(events),
            Some(thinking) => self.cut(think(events, thinking, self.choices)),
        }
    }

    /// Ends each choice where the request wants it to end.
    fn cut<S: Events>(&self, events: S) -> EventStream {
        match (self.limit, self.stops.clone()) {
            (None, None) => self.metered(events),
            (None, Some(stops)) => self.metered(Stop::new(events, stops, self.choices)),
            (Some(tokens), None) => self.metered(limit(events, tokens, self.choices)),
            // The limit within: a stop that ends with the last token counts.
            (Some(tokens), Some(stops)) => {
                let events = limit(events, tokens, self.choices);
                self.metered(Stop::new(events, stops, self.choices))
            }
        }
    }

    /// Boxes a whole stack of adapters at once.
    fn metered<S: Events>(&self, events: S) -> EventStream {
        Box::pin(meter(events, self.prompt_tokens))
    }
}

/// A stack of adapters that goes on growing.
trait Events: Stream<Item = Result<Event, BackendError>> + Unpin + Send + 'static {}

impl<S: Stream<Item = Result<Event, BackendError>> + Unpin + Send + 'static> Events for S {}

/// The length of the prompt, where the backend can tell; not of one that the model has no room for.
fn prompt_tokens(
    backend: &dyn Backend,
    model: &ModelInfo,
    request: &impl Asked,
) -> Result<Option<u64>, BackendError> {
    let Some(tokens) = caught(|| request.prompt_tokens(backend))? else { return Ok(None) };
    let Some(most) = model.context_length.filter(|most| tokens > *most) else { return Ok(Some(tokens)) };
    let param = request.prompt_param();
    let message = format!(
        "This model's maximum context length is {most} tokens. However, your {param} resulted in {tokens} \
         tokens. Please reduce the length of the {param}."
    );
    let error = BackendError::new(ErrorKind::ContextLength, message).with_param(param);
    Err(error.with_code("context_length_exceeded"))
}
