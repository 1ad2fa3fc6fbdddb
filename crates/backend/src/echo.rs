//! A backend that echoes the last message: for demonstrations, tests and measurements.

mod events;
#[cfg(test)]
mod tests;
mod words;

use std::time::Duration;

use antiphon_types::chat;
use async_stream::try_stream;
use futures_util::stream;

use self::events::Events;
use crate::{Backend, Capability, Context, EventStream, ModelInfo};

/// Answers with the last message, whatever its role, after a prefix.
///
/// Its tokens are words with the white space after them, so that joining them gives the exact text; white
/// space at the very start belongs to the first. Usage is exact in these tokens. It honours
/// `max_completion_tokens` and `max_tokens` (the former wins) with the finish `length`, and ignores what else
/// a request may ask for. With delays it needs a tokio runtime with time enabled.
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
    token_delay: Duration,
    first_token_delay: Duration,
}

impl EchoBackend {
    /// The default prefix.
    pub const PREFIX: &'static str = "As a mock AI assistant, I can only echo your last message: ";
    /// The default answer to a request without messages.
    pub const FALLBACK: &'static str =
        "As a mock AI assistant, I can only echo your last message, but there wasn't one!";

    /// Sets the models that it serves; `echo` and `*` by default.
    #[must_use]
    pub fn with_models(mut self, ids: impl IntoIterator<Item: Into<String>>) -> Self {
        self.models = ids.into_iter().map(Into::into).collect();
        self
    }

    /// Sets what comes before the message.
    #[must_use]
    pub fn with_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Sets the answer to a request without messages.
    #[must_use]
    pub fn with_fallback(mut self, fallback: impl Into<String>) -> Self {
        self.fallback = fallback.into();
        self
    }

    /// Sets the pause before each later token; none by default.
    #[must_use]
    pub fn with_token_delay(mut self, delay: Duration) -> Self {
        self.token_delay = delay;
        self
    }

    /// Sets the pause before the first token; none by default.
    #[must_use]
    pub fn with_first_token_delay(mut self, delay: Duration) -> Self {
        self.first_token_delay = delay;
        self
    }

    fn answer(&self, request: &chat::Request) -> String {
        match request.messages.last() {
            Some(message) => self.prefix.clone() + &message.text(),
            None => self.fallback.clone(),
        }
    }
}

impl Default for EchoBackend {
    fn default() -> Self {
        Self {
            models: ["echo", ModelInfo::WILDCARD].map(str::to_owned).to_vec(),
            prefix: Self::PREFIX.to_owned(),
            fallback: Self::FALLBACK.to_owned(),
            token_delay: Duration::ZERO,
            first_token_delay: Duration::ZERO,
        }
    }
}

impl Backend for EchoBackend {
    fn models(&self) -> Vec<ModelInfo> {
        let model = |id| ModelInfo::new(id).with(Capability::NativeLimit).with(Capability::EmptyMessages);
        self.models.iter().map(model).collect()
    }

    fn chat(&self, request: chat::Request, _context: Context) -> EventStream {
        let limit = request.max_completion_tokens.or(request.max_tokens);
        let events = Events::new(self.answer(&request), limit, prompt_tokens(&request));
        if self.token_delay.is_zero() && self.first_token_delay.is_zero() {
            return Box::pin(stream::iter(events.map(Ok)));
        }
        paced(events, self.first_token_delay, self.token_delay)
    }

    fn prompt_tokens(&self, request: &chat::Request) -> Option<u64> {
        Some(prompt_tokens(request))
    }
}

fn prompt_tokens(request: &chat::Request) -> u64 {
    request.messages.iter().map(|message| words::count(&message.text())).sum()
}

/// Streams events with a pause before each token.
fn paced(events: Events, first: Duration, later: Duration) -> EventStream {
    Box::pin(try_stream! {
        let mut delay = first;
        for event in events {
            if event.is_content() && !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            delay = later;
            yield event;
        }
    })
}
