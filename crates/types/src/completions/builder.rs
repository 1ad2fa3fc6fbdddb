//! The settings of a request, one call each.

use super::Request;
use crate::chat::{Stop, StreamOptions};

/// Settings, to be chained after [`Request::new`]; the others are public fields.
impl Request {
    /// Asks for a stream.
    #[must_use]
    pub fn streaming(mut self) -> Self {
        self.stream = Some(true);
        self
    }

    /// Asks for a stream that ends in a piece with the usage.
    #[must_use]
    pub fn streaming_with_usage(mut self) -> Self {
        self.stream_options.get_or_insert_with(StreamOptions::default).include_usage = Some(true);
        self.streaming()
    }

    /// Gives the text that shall come after the answer.
    #[must_use]
    pub fn suffix(mut self, suffix: impl Into<String>) -> Self {
        self.suffix = Some(suffix.into());
        self
    }

    /// Begins the answer with the prompt.
    #[must_use]
    pub fn echo(mut self) -> Self {
        self.echo = Some(true);
        self
    }

    /// Limits the tokens of a choice.
    #[must_use]
    pub fn max_tokens(mut self, tokens: u64) -> Self {
        self.max_tokens = Some(tokens);
        self
    }

    /// Says how freely tokens are chosen, 0 to 2.
    #[must_use]
    pub fn temperature(mut self, temperature: f64) -> Self {
        self.temperature = Some(temperature);
        self
    }

    /// Chooses from this share of the likeliest tokens, 0 to 1.
    #[must_use]
    pub fn top_p(mut self, top_p: f64) -> Self {
        self.top_p = Some(top_p);
        self
    }

    /// Asks for so many choices for each prompt, 1 to 128.
    #[must_use]
    pub fn n(mut self, n: u32) -> Self {
        self.n = Some(n);
        self
    }

    /// Answers the likeliest out of so many choices, up to 20.
    #[must_use]
    pub fn best_of(mut self, choices: u32) -> Self {
        self.best_of = Some(choices);
        self
    }

    /// Ends the answer at any of these texts, at most four.
    #[must_use]
    pub fn stop(mut self, stops: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.stop = Some(Stop::from_iter(stops));
        self
    }

    /// Asks for logprobs, and for so many alternatives, 0 to 5.
    #[must_use]
    pub fn logprobs(mut self, top: u32) -> Self {
        self.logprobs = Some(top);
        self
    }

    /// Asks for the same answer to the same request.
    ///
    /// Servers try, and do not promise.
    #[must_use]
    pub fn seed(mut self, seed: i64) -> Self {
        self.seed = Some(seed);
        self
    }
}
