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
    /// The model's chat template, or the one in the file that the settings name, is none that is understood.
    #[error("cannot use the chat template of {}: {reason}; `chat_template_file` may name another", path.display())]
    Template {
        /// The file that it stands in.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The process that tried the model says that it cannot be served.
    #[error("{0}")]
    Trial(String),
    /// Another part of the program has made llama.cpp ready, which can be done once.
    #[error("another part of this program uses llama.cpp already")]
    Taken,
    /// The engine's threads cannot be started.
    #[error("cannot start a thread: {0}")]
    Thread(#[source] io::Error),
    /// The process that tries a model cannot be started.
    #[error("cannot start a process: {0}")]
    Process(#[source] io::Error),
}
