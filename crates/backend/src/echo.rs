//! A backend that echoes the last message: for demonstrations, tests and measurements.

mod allowance;
mod answer;
mod completion;
mod embedding;
mod events;
mod hash;
mod instance;
mod logprobs;
mod pieces;
mod prompt;
mod settings;
#[cfg(test)]
mod tests;
mod tokenizer;
mod tools;
mod words;

use std::time::Duration;

use antiphon_types::{chat, completions, embeddings};
use async_stream::try_stream;
use futures_util::stream;

use self::answer::Answer;
use self::events::{Events, Manner};
pub use self::settings::StreamBy;
pub use self::tokenizer::Tokenizer;
use crate::{Backend, BackendError, Capability, Context, EmbeddingFuture, EventStream, ModelInfo};

/// Answers with the last message, whatever its role, after a prefix.
///
/// It does all that a model can do, and always the same to the same request.
/// - **Tokens** are those of OpenAI's models, or words ([`Tokenizer`]). Usage is exact in them: that of a prompt has
///   what OpenAI adds, which is 3 tokens a message and its role, a name and 1, the tools as compact JSON, and 3 for
///   the opening of the answer; that of a call is its name and its arguments. With words it is the words of the texts.
/// - **Limits** (`max_completion_tokens`, `max_tokens`, the context) end an answer at a token and never within a
///   character, with the finish `length`; stop sequences end it before them.
/// - **Tools**: it calls those that the last message of the user names, as whole words, and where one must be called
///   and none is named, the first. The arguments are the smallest that the tool's schema allows, with the message
///   where a text fits. Once a result follows that message it answers in text, so that agents come to an end.
/// - **JSON**: `{"message": …}`, or the smallest that the schema allows, with the echo where a text fits. A schema of
///   which no instance is found is refused.
/// - **Log probabilities**: each token is the likeliest at its place, by at least a half. An answer with them ends after
///   16,384 tokens, and no longer prompt is given back with them.
/// - **Completions** echo the prompt as if it were a message.
/// - **Embeddings** are of length 1, and nearer to each other the more words the texts share.
///
/// It ignores what else a request may ask for. With delays it needs a tokio runtime with time enabled.
///
/// ```
/// use antiphon_backend::{Backend, Context, EchoBackend, adapt::collect, chat};
/// use futures_util::FutureExt;
///
/// let echo = EchoBackend::default().with_prefix("You said: ");
/// let request = chat::Request::new("echo", [chat::Message::user("Say this is a test")]);
/// let whole = collect(echo.chat(request, Context::default()), 1).now_or_never().expect("it never waits")?;
/// assert_eq!(whole.choices[0].text, "You said: Say this is a test");
/// # Ok::<(), antiphon_backend::BackendError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EchoBackend {
    models: Vec<String>,
    prefix: String,
    fallback: String,
    tokenizer: Tokenizer,
    stream_by: StreamBy,
    context_length: u64,
    embedding_dimensions: u32,
    token_delay: Duration,
    first_token_delay: Duration,
}

/// What the echo does itself; it reads tokens too, where they have ids.
const CAPABILITIES: [Capability; 12] = [
    Capability::Completions,
    Capability::Embeddings,
    Capability::Tools,
    Capability::JsonObject,
    Capability::JsonSchema,
    Capability::Logprobs,
    Capability::NativeStop,
    Capability::NativeLimit,
    Capability::NativeEcho,
    Capability::EmptyMessages,
    Capability::Suffix,
    Capability::Dimensions,
];

/// How many tokens have their log probabilities told: each takes some two kilobytes with those beside it.
const MOST_LOGPROBS: u64 = 16_384;

impl EchoBackend {
    fn model(&self, id: &str) -> ModelInfo {
        let model = ModelInfo::new(id).system_fingerprint(self.fingerprint());
        let mut model = CAPABILITIES.into_iter().fold(model, ModelInfo::with);
        if self.tokenizer != Tokenizer::Words {
            model = model.with(Capability::TokenInput);
        }
        if self.context_length > 0 {
            model = model.context_length(self.context_length);
        }
        model
    }

    fn echo(&self, message: Option<&str>) -> String {
        message.map_or_else(|| self.fallback.clone(), |message| self.prefix.clone() + message)
    }

    /// How an answer is streamed, of which a request says all but the context's limit.
    fn manner(
        &self,
        prompt_tokens: u64,
        limit: Option<u64>,
        stops: &[String],
        top_logprobs: Option<u32>,
    ) -> Manner {
        let room = (self.context_length > 0).then(|| self.context_length.saturating_sub(prompt_tokens));
        Manner {
            tokenizer: self.tokenizer,
            stream_by: self.stream_by,
            top_logprobs,
            limit: limit.into_iter().chain(room).chain(top_logprobs.map(|_| MOST_LOGPROBS)).min(),
            stops: stops.to_vec(),
            prompt_tokens,
        }
    }

    /// Streams events, with the pauses between them, once they are known.
    fn paced<F>(&self, events: F) -> EventStream
    where
        F: FnOnce() -> Result<Events, BackendError> + Send + 'static,
    {
        let (mut delay, later) = (self.first_token_delay, self.token_delay);
        Box::pin(try_stream! {
            for event in events()? {
                if event.is_content() && !delay.is_zero() {
                    tokio::time::sleep(delay).await;
                }
                delay = later;
                yield event;
            }
        })
    }
}

impl Backend for EchoBackend {
    fn models(&self) -> Vec<ModelInfo> {
        // Asked for at the start: no request has to wait for the tokens to be loaded.
        self.tokenizer.load();
        self.models.iter().map(|id| self.model(id)).collect()
    }

    fn chat(&self, request: chat::Request, context: Context) -> EventStream {
        let echo = self.echo(request.messages.last().map(chat::Message::text).as_deref());
        let top = request.logprobs.filter(|asked| *asked).map(|_| request.top_logprobs.unwrap_or(0));
        let prompt_tokens =
            context.prompt_tokens().unwrap_or_else(|| prompt::of_chat(self.tokenizer, &request));
        let manner = self.manner(prompt_tokens, request.token_limit(), request.stops(), top);
        if !answer::is_plain(&request) {
            return self.paced(move || Ok(Events::new(answer::of_chat(&request, echo)?, &manner)));
        }
        let events = Events::new(Answer::Text(echo), &manner);
        if self.token_delay.is_zero() && self.first_token_delay.is_zero() {
            return Box::pin(stream::iter(events.map(Ok)));
        }
        self.paced(|| Ok(events))
    }

    fn prompt_tokens(&self, request: &chat::Request) -> Option<u64> {
        Some(prompt::of_chat(self.tokenizer, request))
    }

    fn complete(&self, request: completions::Request, context: Context) -> EventStream {
        let prompt_tokens =
            context.prompt_tokens().unwrap_or_else(|| prompt::of_completion(self.tokenizer, &request));
        let manner = self.manner(prompt_tokens, request.max_tokens, request.stops(), request.logprobs);
        let echo = self.clone();
        self.paced(move || completion::events(&echo, request, &manner))
    }

    fn completion_prompt_tokens(&self, request: &completions::Request) -> Option<u64> {
        Some(prompt::of_completion(self.tokenizer, request))
    }

    fn embed(&self, request: embeddings::Request, _context: Context) -> EmbeddingFuture {
        Box::pin(embedding::embed(self.clone(), request))
    }
}
