//! The kind `echo`: answers with the last message, word by word.

use std::time::Duration;

use antiphon_backend::EchoBackend;
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
    /// Pause before each token after the first, in milliseconds, at most [`LONGEST_DELAY_MS`].
    #[serde(deserialize_with = "delay")]
    token_delay_ms: u64,
    /// Pause before the first token, in milliseconds, at most [`LONGEST_DELAY_MS`].
    #[serde(deserialize_with = "delay")]
    first_token_delay_ms: u64,
}

impl Default for EchoConfig {
    fn default() -> Self {
        Self {
            models: vec!["echo".to_owned(), "*".to_owned()],
            prefix: EchoBackend::PREFIX.to_owned(),
            fallback: EchoBackend::FALLBACK.to_owned(),
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
            .with_token_delay(Duration::from_millis(config.token_delay_ms))
            .with_first_token_delay(Duration::from_millis(config.first_token_delay_ms))
    }
}

fn delay<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let delay = u64::try_from(i64::deserialize(deserializer)?).ok();
    let delay = delay.filter(|delay| *delay <= LONGEST_DELAY_MS);
    delay.ok_or_else(|| D::Error::custom(format_args!("must be from 0 to {LONGEST_DELAY_MS}")))
}
