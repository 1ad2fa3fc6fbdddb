//! Why a configuration is refused.

use std::fmt::Display;

/// A refused configuration: the source at fault, and what is wrong with which of its keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}: {message}")]
pub struct ConfigError {
    /// A file, a variable or a flag.
    origin: String,
    /// One line, which names the key where there is one.
    message: String,
}

impl ConfigError {
    /// States what is wrong with a source; the message becomes one line.
    pub(super) fn new(origin: impl Into<String>, message: impl Display) -> Self {
        let message = message.to_string().trim_end().replace('\n', " ");
        Self { origin: origin.into(), message }
    }
}

/// What is wrong with one key, before it is known which source set it.
#[derive(Debug)]
pub(super) struct Fault {
    /// The path of the key, such as `backends[0].models`.
    pub(super) key: String,
    /// One line that names the key.
    pub(super) message: String,
}

impl Fault {
    /// States what is wrong with a key.
    pub(super) fn new(key: impl Into<String>, reason: impl Display) -> Self {
        let key = key.into();
        let message = format!("`{key}`: {reason}");
        Self { key, message }
    }
}
