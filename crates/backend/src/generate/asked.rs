//! What the requests for text have in common: chats and prompts.

use antiphon_types::{TextInput, chat, completions};

use crate::{Backend, Context, EventStream};

/// A request that a backend answers with a stream of events.
pub(crate) trait Asked: Clone {
    /// The field that holds the prompt.
    fn prompt_param(&self) -> &'static str;

    /// How many choices there are to be, at least one.
    fn choices(&self) -> u32;

    /// The texts that end a choice.
    fn stops(&self) -> &[String];

    /// The most tokens of a choice.
    fn limit(&self) -> Option<u64>;

    /// The request for one choice, by one call of several.
    fn single(self, call: u32) -> Self;

    /// Calls the backend.
    fn start(self, backend: &dyn Backend, context: Context) -> EventStream;

    /// The length of the prompt, where the backend can tell.
    fn prompt_tokens(&self, backend: &dyn Backend) -> Option<u64>;

    /// The length of the prompt where it cannot: four bytes a token, which is about right for English.
    fn estimated_tokens(&self) -> u64;
}

impl Asked for chat::Request {
    fn prompt_param(&self) -> &'static str {
        "messages"
    }

    fn choices(&self) -> u32 {
        self.choices().max(1)
    }

    fn stops(&self) -> &[String] {
        self.stops()
    }

    fn limit(&self) -> Option<u64> {
        self.token_limit()
    }

    fn single(mut self, call: u32) -> Self {
        self.n = Some(1);
        self.seed = moved(self.seed, call);
        self
    }

    fn start(self, backend: &dyn Backend, context: Context) -> EventStream {
        backend.chat(self, context)
    }

    fn prompt_tokens(&self, backend: &dyn Backend) -> Option<u64> {
        backend.prompt_tokens(self)
    }

    fn estimated_tokens(&self) -> u64 {
        estimated(self.messages.iter().map(|message| message.text().len()).sum())
    }
}

impl Asked for completions::Request {
    fn prompt_param(&self) -> &'static str {
        "prompt"
    }

    fn choices(&self) -> u32 {
        self.choices().max(1)
    }

    fn stops(&self) -> &[String] {
        self.stops()
    }

    fn limit(&self) -> Option<u64> {
        self.max_tokens
    }

    fn single(mut self, call: u32) -> Self {
        self.n = Some(1);
        self.seed = moved(self.seed, call);
        self
    }

    fn start(self, backend: &dyn Backend, context: Context) -> EventStream {
        backend.complete(self, context)
    }

    fn prompt_tokens(&self, backend: &dyn Backend) -> Option<u64> {
        backend.completion_prompt_tokens(self)
    }

    fn estimated_tokens(&self) -> u64 {
        let suffix = self.suffix.as_ref().map_or(0, |suffix| estimated(suffix.len()));
        let prompt = match &self.prompt {
            Some(TextInput::Text(text)) => estimated(text.len()),
            Some(TextInput::Texts(texts)) => estimated(texts.iter().map(String::len).sum()),
            Some(TextInput::Tokens(tokens)) => tokens.len() as u64,
            Some(TextInput::TokenLists(lists)) => lists.iter().map(|tokens| tokens.len() as u64).sum(),
            None => 0,
        };
        prompt + suffix
    }
}

/// The seed of one call of several: with the same they would all answer the same.
fn moved(seed: Option<i64>, call: u32) -> Option<i64> {
    seed.map(|seed| seed.wrapping_add(call.into()))
}

fn estimated(bytes: usize) -> u64 {
    bytes.div_ceil(4) as u64
}
