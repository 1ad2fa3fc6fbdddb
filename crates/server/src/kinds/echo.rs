//! The kind `echo`: answers with the last message, word by word.

use std::time::Duration;

use antiphon_backend::{EchoBackend, StreamBy, Tokenizer};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// The longest pause, in milliseconds: an hour.
pub(crate) const LONGEST_DELAY_MS: u64 = 3_600_000;

/// Settings of a backend of kind `echo`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct EchoConfig {
    /// Models it answers for; `*` stands for any name.
    models: Vec<String>,
    /// Text before the echoed message.
    prefix: String,
    /// The answer where there is no message.
    fallback: String,
    /// What a token is.
    tokenizer: TokenizerConfig,
    /// What one event of a streamed text is.
    stream_by: StreamByConfig,
    /// Tokens of prompt and answer together, at most; 0: any number.
    context_length: u64,
    /// How many numbers an embedding has, 1 to [`EchoBackend::MOST_EMBEDDING_DIMENSIONS`].
    #[serde(deserialize_with = "dimensions")]
    embedding_dimensions: u32,
    /// Pause before each token after the first, in milliseconds, at most [`LONGEST_DELAY_MS`].
    #[serde(deserialize_with = "delay")]
    token_delay_ms: u64,
    /// Pause before the first token, in milliseconds, at most [`LONGEST_DELAY_MS`].
    #[serde(deserialize_with = "delay")]
    first_token_delay_ms: u64,
}

/// The tokenizers by their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TokenizerConfig {
    O200kBase,
    Cl100kBase,
    Words,
}

/// What one event can be, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StreamByConfig {
    Words,
    Tokens,
}

impl Default for EchoConfig {
    fn default() -> Self {
        Self {
            models: vec!["echo".to_owned(), "*".to_owned()],
            prefix: EchoBackend::PREFIX.to_owned(),
            fallback: EchoBackend::FALLBACK.to_owned(),
            tokenizer: TokenizerConfig::O200kBase,
            stream_by: StreamByConfig::Words,
            context_length: EchoBackend::CONTEXT_LENGTH,
            embedding_dimensions: EchoBackend::EMBEDDING_DIMENSIONS,
            token_delay_ms: 0,
            first_token_delay_ms: 0,
        }
    }
}

impl From<EchoConfig> for EchoBackend {
    fn from(config: EchoConfig) -> Self {
        Self::default()
            .with_models(config.models)
            .with_prefix(config.prefix)
            .with_fallback(config.fallback)
            .with_tokenizer(config.tokenizer.into())
            .with_stream_by(config.stream_by.into())
            .with_context_length(config.context_length)
            .with_embedding_dimensions(config.embedding_dimensions)
            .with_token_delay(Duration::from_millis(config.token_delay_ms))
            .with_first_token_delay(Duration::from_millis(config.first_token_delay_ms))
    }
}

impl From<TokenizerConfig> for Tokenizer {
    fn from(config: TokenizerConfig) -> Self {
        match config {
            TokenizerConfig::O200kBase => Self::O200kBase,
            TokenizerConfig::Cl100kBase => Self::Cl100kBase,
            TokenizerConfig::Words => Self::Words,
        }
    }
}

impl From<StreamByConfig> for StreamBy {
    fn from(config: StreamByConfig) -> Self {
        match config {
            StreamByConfig::Words => Self::Words,
            StreamByConfig::Tokens => Self::Tokens,
        }
    }
}

fn dimensions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let most = EchoBackend::MOST_EMBEDDING_DIMENSIONS;
    let dimensions = u32::try_from(i64::deserialize(deserializer)?).ok();
    let dimensions = dimensions.filter(|dimensions| (1..=most).contains(dimensions));
    dimensions.ok_or_else(|| D::Error::custom(format_args!("must be from 1 to {most}")))
}

fn delay<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let delay = u64::try_from(i64::deserialize(deserializer)?).ok();
    let delay = delay.filter(|delay| *delay <= LONGEST_DELAY_MS);
    delay.ok_or_else(|| D::Error::custom(format_args!("must be from 0 to {LONGEST_DELAY_MS}")))
}
