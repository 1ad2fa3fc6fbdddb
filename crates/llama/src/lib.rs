//! Serves a GGUF model in the process, through llama.cpp.
//!
//! `LlamaBackend` loads a model and answers with it, by the settings of a [`Config`]. It needs the feature `native`, which
//! builds llama.cpp. Without it the crate has the settings, and [`gguf`], which holds a file against its format:
//!
//! ```
//! use antiphon_llama::gguf::{self, Fault};
//!
//! let file = b"no model at all";
//! assert_eq!(gguf::check(&file[..], file.len() as u64), Err(Fault::Magic));
//! ```

#[cfg(feature = "native")]
mod answer;
#[cfg(feature = "native")]
mod backend;
#[cfg(feature = "native")]
mod characters;
#[cfg(feature = "native")]
mod chats;
mod config;
#[cfg(feature = "native")]
mod embeddings;
#[cfg(feature = "native")]
mod engine;
mod error;
#[cfg(feature = "native")]
mod figures;
pub mod gguf;
#[cfg(feature = "native")]
mod grammar;
#[cfg(feature = "native")]
mod logprobs;
#[cfg(feature = "native")]
mod marks;
#[cfg(feature = "native")]
mod model;
#[cfg(feature = "native")]
mod prepare;
#[cfg(feature = "native")]
mod question;
#[cfg(feature = "native")]
mod sampling;
#[cfg(feature = "native")]
pub mod trial;

pub use crate::config::Config;
pub use crate::error::Error;
#[cfg(feature = "native")]
pub use crate::{backend::LlamaBackend, figures::Figures, model::library};
