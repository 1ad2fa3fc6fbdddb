//! Asks a backend to complete prompts, and adds what it lacks.

#[cfg(test)]
mod tests;

use antiphon_types::{TextInput, chat, completions};

use crate::adapt::{best_of, echo_prompt, fan_out_prompts, guard};
use crate::generate::answers;
use crate::{Backend, Capability, Context, EventStream, ModelInfo};

/// The most tokens of a choice where the request does not say, as the API has it.
const MAX_TOKENS: u64 = 16;

/// Streams the whole answer of a backend's model to one or several prompts.
///
/// The choices of prompt `p` are those from `p × n` on, grouped by prompt as the API wants it. Each prompt is a
/// call of its own, and each has at most 16 tokens where the request does not say. Beyond what
/// [`generate`](crate::generate) adds: the prompt before the text, where `echo` asks for it and the model does
/// not [do it itself](Capability::NativeEcho); the [best](best_of) of several; and, for a model that declares
/// [`CompletionsByChat`](Capability::CompletionsByChat), a chat in the place of each prompt.
pub fn complete(
    backend: &dyn Backend,
    model: &ModelInfo,
    mut request: completions::Request,
    context: Context,
) -> EventStream {
    request.max_tokens.get_or_insert(MAX_TOKENS);
    let mut prompts: Vec<_> = request.prompt.take().into_iter().flat_map(TextInput::into_singles).collect();
    let last = prompts.pop().unwrap_or_else(|| TextInput::from(""));
    if prompts.is_empty() {
        return one(backend, model, with_prompt(request, last), context);
    }
    let choices = request.choices();
    Box::pin(guard(context, |context| {
        let one = |request| one(backend, model, request, context.child());
        let mut streams: Vec<_> =
            prompts.into_iter().map(|prompt| one(with_prompt(request.clone(), prompt))).collect();
        streams.push(one(with_prompt(request, last)));
        fan_out_prompts(streams, choices)
    }))
}

fn with_prompt(mut request: completions::Request, prompt: TextInput) -> completions::Request {
    request.prompt = Some(prompt);
    request
}

/// Answers one prompt.
fn one(
    backend: &dyn Backend,
    model: &ModelInfo,
    mut request: completions::Request,
    context: Context,
) -> EventStream {
    let kept = request.choices();
    let asked = request.best_of.filter(|asked| *asked > kept);
    let wants_logprobs = request.logprobs.is_some();
    if let Some(asked) = asked {
        request.n = Some(asked);
        request.logprobs.get_or_insert(0);
    }
    let by_chat = model.has(Capability::CompletionsByChat);
    let echoed = match &request.prompt {
        Some(TextInput::Text(text))
            if request.echoes() && (by_chat || !model.has(Capability::NativeEcho)) =>
        {
            Some(text.clone())
        }
        _ => None,
    };
    let mut events = if by_chat {
        answers(backend, model, as_chat(request), context)
    } else {
        answers(backend, model, request, context)
    };
    if let Some(asked) = asked {
        events = Box::pin(best_of(events, asked, kept, wants_logprobs));
    }
    match echoed {
        Some(prompt) => Box::pin(echo_prompt(events, prompt, kept)),
        None => events,
    }
}

/// The chat that asks what a prompt asks.
fn as_chat(request: completions::Request) -> chat::Request {
    let prompt = match request.prompt {
        Some(TextInput::Text(prompt)) => prompt,
        // The server refuses tokens where a chat stands in: only the model could read them.
        _ => String::new(),
    };
    let mut chat = chat::Request::new(request.model, [chat::Message::user(prompt)]);
    chat.max_completion_tokens = request.max_tokens;
    chat.n = request.n;
    chat.stop = request.stop;
    chat.seed = request.seed;
    chat.temperature = request.temperature;
    chat.top_p = request.top_p;
    chat.frequency_penalty = request.frequency_penalty;
    chat.presence_penalty = request.presence_penalty;
    chat.logit_bias = request.logit_bias;
    chat.logprobs = request.logprobs.map(|_| true);
    chat.top_logprobs = request.logprobs;
    chat.user = request.user;
    chat.extra = request.extra;
    chat
}
