//! A faithful, fast OpenAI-compatible HTTP server for any [`Backend`].
//!
//! As a whole server, in one call: [`run`]. As a part of an application that is there already: [`Api`], an actix-web
//! scope. As a binary that is configured by a file and knows backends of your own: [`cli::main`] with [`Kinds`].
//!
//! # Example
//! A backend of one's own, served and asked over HTTP:
//! ```
//! use std::sync::Arc;
//!
//! use actix_web::{App, test};
//! use antiphon_backend::{Backend, Context, EventStream, ModelInfo, adapt::text_stream, chat};
//! use antiphon_server::{Api, Config};
//! use futures_util::stream;
//! use serde_json::{Value, json};
//!
//! struct Greeter;
//!
//! impl Backend for Greeter {
//!     fn models(&self) -> Vec<ModelInfo> {
//!         vec![ModelInfo::new("greeter")]
//!     }
//!
//!     fn chat(&self, _request: chat::Request, _context: Context) -> EventStream {
//!         text_stream(stream::iter(["Good ", "day!"]))
//!     }
//! }
//!
//! # actix_web::rt::System::new().block_on(async {
//! let api = Api::new(&Config::default(), vec![Arc::new(Greeter)]).expect("one model, one name");
//! let app = test::init_service(App::new().service(api.scope(""))).await;
//! let request = json!({"model": "greeter", "messages": [{"role": "user", "content": "Hello"}]});
//! let request = test::TestRequest::post().uri("/v1/chat/completions").set_json(request);
//! let answer: Value = test::call_and_read_body_json(&app, request.to_request()).await;
//! assert_eq!(answer["choices"][0]["message"]["content"], "Good day!");
//! assert_eq!(answer["choices"][0]["finish_reason"], "stop");
//! # });
//! ```

mod api;
mod body;
mod chat;
pub mod cli;
mod completions;
pub mod config;
mod embeddings;
mod error;
mod extra;
mod head;
mod health;
mod identifier;
mod in_flight;
mod json;
mod keep_alive;
mod kinds;
pub mod log;
mod models;
mod observe;
mod openapi;
mod paths;
mod purpose;
mod routing;
mod run;
mod sse;
mod stream;
mod tokens;
mod validate;

/// The README's example, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[doc(no_inline)]
pub use antiphon_backend::Backend;

pub use api::Api;
pub use config::Config;
pub use kinds::{Environment, Kinds};
pub use run::{Handle, RunError, Server, run};
