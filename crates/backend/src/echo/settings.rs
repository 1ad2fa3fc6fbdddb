//! The settings of the echo.

use std::time::Duration;

use super::{EchoBackend, Tokenizer, hash};
use crate::ModelInfo;

/// What one event of a streamed text is.
///
/// Where log probabilities are asked for it is a token in any case, and so it is in the arguments of calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StreamBy {
    /// A word with the white space after it; under a limit the last one may be the beginning of a word.
    #[default]
    Words,
    /// A token; of those that are parts of a character, all that make it whole.
    Tokens,
}

/// Settings, to be chained after [`EchoBackend::default`].
impl EchoBackend {
    /// The default prefix.
    pub const PREFIX: &'static str = "As a mock AI assistant, I can only echo your last message: ";
    /// The default answer to a request without messages.
    pub const FALLBACK: &'static str =
        "As a mock AI assistant, I can only echo your last message, but there wasn't one!";
    /// The default length of the context.
    pub const CONTEXT_LENGTH: u64 = 131_072;
    /// The default length of embeddings.
    pub const EMBEDDING_DIMENSIONS: u32 = 1_536;
    /// The longest embeddings that it makes.
    pub const MOST_EMBEDDING_DIMENSIONS: u32 = 4_096;

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

    /// Sets what a token is; [`Tokenizer::O200kBase`] by default.
    #[must_use]
    pub fn with_tokenizer(mut self, tokenizer: Tokenizer) -> Self {
        self.tokenizer = tokenizer;
        self
    }

    /// Sets what one event of a streamed text is; [`StreamBy::Words`] by default.
    #[must_use]
    pub fn with_stream_by(mut self, stream_by: StreamBy) -> Self {
        self.stream_by = stream_by;
        self
    }

    /// Sets how many tokens prompt and answer may have together, [`CONTEXT_LENGTH`](Self::CONTEXT_LENGTH) by default.
    ///
    /// 0: any number.
    #[must_use]
    pub fn with_context_length(mut self, tokens: u64) -> Self {
        self.context_length = tokens;
        self
    }

    /// Sets how many numbers an embedding has, 1 to 4,096 (what is outside is the nearest of them); 1,536 by default.
    #[must_use]
    pub fn with_embedding_dimensions(mut self, dimensions: u32) -> Self {
        self.embedding_dimensions = dimensions.clamp(1, Self::MOST_EMBEDDING_DIMENSIONS);
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

    /// Tells settings apart by what they answer: `fp_` and ten digits.
    pub(super) fn fingerprint(&self) -> String {
        let Self { prefix, fallback, tokenizer, stream_by, context_length, embedding_dimensions, .. } = self;
        let answers = (prefix, fallback, tokenizer, stream_by, context_length, embedding_dimensions);
        format!("fp_{:010x}", hash::of(format!("{answers:?}").as_bytes()) >> 24)
    }
}

impl Default for EchoBackend {
    fn default() -> Self {
        Self {
            models: ["echo", ModelInfo::WILDCARD].map(str::to_owned).to_vec(),
            prefix: Self::PREFIX.to_owned(),
            fallback: Self::FALLBACK.to_owned(),
            tokenizer: Tokenizer::default(),
            stream_by: StreamBy::default(),
            context_length: Self::CONTEXT_LENGTH,
            embedding_dimensions: Self::EMBEDDING_DIMENSIONS,
            token_delay: Duration::ZERO,
            first_token_delay: Duration::ZERO,
        }
    }
}
