//! Serves the models of other OpenAI-compatible servers: OpenAI, vLLM, llama.cpp, Ollama, another Antiphon.
//!
//! An [`Upstream`] is a [`Backend`](antiphon_backend::Backend) over one server, or over several replicas of it. A
//! request goes on as it came, but for the name of its model; what comes back becomes events, with every field that
//! the API does not know.
//!
//! ```
//! use antiphon_backend::Backend;
//! use antiphon_upstream::{Config, ModelConfig, Upstream};
//!
//! let mut config = Config::default();
//! config.base_urls = vec!["http://127.0.0.1:11434".to_owned()];
//! config.models = vec![ModelConfig::new("fast").upstream("llama3.2:1b")];
//! let upstream = Upstream::new(&config, |_| None)?;
//! assert_eq!(upstream.models()[0].id, "fast");
//! # Ok::<(), antiphon_upstream::Error>(())
//! ```
//!
//! # What is where
//! - `config`, `lacks`, `base_url`, `key`: what an operator says.
//! - `request`, `exchange`, `client`, `replicas`: one request, on its way to one of the replicas, at most twice.
//! - `sse`, `answer`, `alike`, `events`, `incoming`: what comes back, from bytes to events.
//! - `failure`, `retry_after`: what went wrong, and what a client is told of it.
//! - `models`, `housekeeping`: the list of models, and the thread that keeps it and probes replicas.

mod alike;
mod answer;
mod backend;
mod base_url;
mod client;
mod config;
mod error;
mod events;
mod exchange;
mod failure;
mod housekeeping;
mod incoming;
mod key;
mod lacks;
mod models;
mod replicas;
mod request;
mod retry_after;
mod sse;

/// The README's example, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use crate::{
    backend::Upstream,
    config::{Config, ModelConfig},
    error::Error,
    lacks::Lack,
};
