//! Why there can be no upstream of these settings.

use std::io;
use std::path::PathBuf;

/// Why an [`Upstream`](crate::Upstream) cannot be made: each a key of its settings that is to be changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `base_urls` names no server.
    #[error("`base_urls` names no server")]
    NoServer,
    /// A base URL is none that requests can be sent to.
    #[error("`base_urls[{index}]`: {reason}")]
    BaseUrl {
        /// Its number, from 0.
        index: usize,
        /// What is wrong with it; it quotes none of it.
        reason: &'static str,
    },
    /// `api_key_env` and `api_key_file` are both set.
    #[error("`api_key_env` and `api_key_file`: one alone can be set")]
    TwoKeys,
    /// The variable that `api_key_env` names is not set, or empty.
    #[error("`api_key_env`: the variable `{0}` is not set")]
    NoVariable(String),
    /// The file that `api_key_file` names cannot be read.
    #[error("`api_key_file`: cannot read {}: {source}", .path.display())]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The key is empty, or holds what no header may.
    #[error("`{0}`: the key is empty or has characters that no key has")]
    Key(&'static str),
    /// The system's certificates cannot be used.
    #[error("the certificates of the system cannot be used: {0}")]
    Tls(#[from] rustls::Error),
    /// The client or the thread that keeps the list of models does not start.
    #[error("the upstream does not start: {0}")]
    Start(#[source] Box<dyn std::error::Error + Send + Sync>),
}
