//! The settings of a request, one call each.

use super::{
    Message, ReasoningEffort, Request, ResponseFormat, ServiceTier, Stop, StreamOptions, Tool, ToolChoice,
    Verbosity,
};

/// Settings, to be chained after [`Request::new`]; the others are public fields.
impl Request {
    /// Adds a message to the conversation.
    #[must_use]
    pub fn message(mut self, message: Message) -> Self {
        self.messages.push(message);
        self
    }

    /// Asks for a stream of chunks.
    #[must_use]
    pub fn streaming(mut self) -> Self {
        self.stream = Some(true);
        self
    }

    /// Asks for a stream of chunks, the last with the usage.
    #[must_use]
    pub fn streaming_with_usage(mut self) -> Self {
        self.stream_options.get_or_insert_with(StreamOptions::default).include_usage = Some(true);
        self.streaming()
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

    /// Asks for so many choices, 1 to 128.
    #[must_use]
    pub fn n(mut self, n: u32) -> Self {
        self.n = Some(n);
        self
    }

    /// Ends the answer at any of these texts, at most four.
    #[must_use]
    pub fn stop(mut self, stops: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.stop = Some(Stop::from_iter(stops));
        self
    }

    /// Limits the tokens of a choice, reasoning included.
    #[must_use]
    pub fn max_completion_tokens(mut self, tokens: u64) -> Self {
        self.max_completion_tokens = Some(tokens);
        self
    }

    /// Limits the tokens of a choice (deprecated: `max_completion_tokens`).
    ///
    /// Some servers know this field alone.
    #[must_use]
    pub fn max_tokens(mut self, tokens: u64) -> Self {
        self.max_tokens = Some(tokens);
        self
    }

    /// Asks for logprobs, and for so many alternatives, 0 to 20.
    #[must_use]
    pub fn logprobs(mut self, top: u32) -> Self {
        self.logprobs = Some(true);
        self.top_logprobs = Some(top);
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

    /// Adds a note of the caller's own.
    #[must_use]
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.get_or_insert_default().insert(key.into(), value.into());
        self
    }

    /// Says how much the model thinks first.
    #[must_use]
    pub fn reasoning_effort(mut self, effort: ReasoningEffort) -> Self {
        self.reasoning_effort = Some(effort);
        self
    }

    /// Says how long the answer is.
    #[must_use]
    pub fn verbosity(mut self, verbosity: Verbosity) -> Self {
        self.verbosity = Some(verbosity);
        self
    }

    /// Says at what speed and price.
    #[must_use]
    pub fn service_tier(mut self, tier: ServiceTier) -> Self {
        self.service_tier = Some(tier);
        self
    }

    /// Says what form the answer's text has.
    #[must_use]
    pub fn response_format(mut self, format: ResponseFormat) -> Self {
        self.response_format = Some(format);
        self
    }

    /// Gives the tools that the model may call.
    #[must_use]
    pub fn tools(mut self, tools: impl IntoIterator<Item = impl Into<Tool>>) -> Self {
        self.tools = Some(tools.into_iter().map(Into::into).collect());
        self
    }

    /// Says which tools the model may or must call.
    #[must_use]
    pub fn tool_choice(mut self, choice: impl Into<ToolChoice>) -> Self {
        self.tool_choice = Some(choice.into());
        self
    }
}
