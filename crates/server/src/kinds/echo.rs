//! The kind `echo`: answers with the last message, word by word.

use std::time::Duration;

use antiphon_backend::EchoBackend;
use serde::{Deserialize, Serialize};

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
    /// Pause before each token after the first, in milliseconds.
    token_delay_ms: u64,
    /// Pause before the first token, in milliseconds.
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
