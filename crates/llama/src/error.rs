//! Why a model cannot be served.

use std::io;
use std::path::PathBuf;

use crate::gguf::Fault;

/// Why a model cannot be served, found at start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting has a value that it cannot have.
    #[error("`{key}` {reason}")]
    Setting {
        /// The setting.
        key: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is no GGUF file that is whole.
    #[error("{} is not a model: {fault}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        fault: Fault,
    },
    /// llama.cpp does not load the file, or has no memory for it.
    #[error("llama.cpp cannot load {}: {reason}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// What llama.cpp says.
        reason: String,
    },
    /// Another part of the program has made llama.cpp ready, which can be done once.
    #[error("another part of this program uses llama.cpp already")]
    Taken,
    /// The engine's threads cannot be started.
    #[error("cannot start a thread: {0}")]
    Thread(#[source] io::Error),
}
