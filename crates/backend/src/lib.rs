//! What an engine implements to be served as an OpenAI-compatible API: one trait, one stream of events.
//!
//! A [`Backend`] names its [models](ModelInfo) and answers a [`chat::Request`] with a stream of [`Event`]s.
//! There is no HTTP here and no JSON: `antiphon-server` serves any backend over the whole of the API, and
//! [`generate`] adds what the backend does not do itself (stop sequences, token limits, several choices,
//! usage).
//!
//! # A backend
//! Whatever yields tokens can be written as a generator, with `?` for what fails:
//!
//! ```
//! use antiphon_backend::{Backend, Context, Event, EventStream, ModelInfo, chat, try_stream};
//!
//! /// Spells the last message.
//! struct Speller;
//!
//! impl Backend for Speller {
//!     fn models(&self) -> Vec<ModelInfo> {
//!         vec![ModelInfo::new("speller-1")]
//!     }
//!
//!     fn chat(&self, request: chat::Request, _context: Context) -> EventStream {
//!         Box::pin(try_stream! {
//!             let text = request.messages.last().map(|message| message.text()).unwrap_or_default();
//!             for letter in text.chars() {
//!                 yield Event::text(format!("{letter} "));
//!             }
//!             yield Event::finish(chat::FinishReason::Stop);
//!         })
//!     }
//! }
//!
//! use antiphon_backend::{adapt::collect, generate};
//!
//! # futures_util::FutureExt::now_or_never(async {
//! let request = chat::Request::new("speller-1", [chat::Message::user("three")]).max_completion_tokens(4);
//! let stream = generate(&Speller, &Speller.models()[0], request, Context::default());
//! let whole = collect(stream, 1).await?;
//! assert_eq!(whole.choices[0].text, "t h r e ");
//! assert_eq!(whole.choices[0].finish, chat::FinishReason::Length);
//! # Ok::<(), antiphon_backend::BackendError>(())
//! # }).expect("it never waits").expect("it does not fail");
//! ```
//!
//! One that yields text and nothing else needs no generator: [`adapt::text_stream`]. What the stream has to
//! keep to stands on [`Backend`]; the feature `conformance` brings the suite that checks it, for a backend's
//! own tests.
//!
//! # What is where
//! - [`Event`], [`BackendError`], [`Context`], [`ModelInfo`] and [`Capability`]: what passes through the
//!   trait.
//! - [`adapt`]: streams over streams, and [`adapt::collect`].
//! - `EchoBackend`, with the feature `echo`: the reference, and a mock for tests of clients.
//! - What a backend takes from other crates is re-exported, so that it can do with this one: [`types`],
//!   [`try_stream!`], [`Stream`], [`StreamExt`], [`mpsc`], [`CompactString`], [`CancellationToken`].
//!
//! [`try_stream!`]: https://docs.rs/async-stream/0.3/async_stream/macro.try_stream.html
//! [`Stream`]: https://docs.rs/futures-core/0.3/futures_core/stream/trait.Stream.html
//! [`StreamExt`]: https://docs.rs/futures-util/0.3/futures_util/stream/trait.StreamExt.html
//! [`mpsc`]: https://docs.rs/tokio/1/tokio/sync/mpsc/index.html
//! [`CompactString`]: https://docs.rs/compact_str/0.10/compact_str/struct.CompactString.html
//! [`CancellationToken`]: https://docs.rs/tokio-util/0.7/tokio_util/sync/struct.CancellationToken.html

mod backend;
mod capability;
mod complete;
mod context;
#[cfg(feature = "echo")]
mod echo;
mod embed;
mod embedding;
mod error;
mod event;
mod generate;
mod model;
#[cfg(test)]
mod testing;

/// The README's example, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// The programs of the guide, as tests: each runs the conformance suite over itself.
#[cfg(doctest)]
#[doc = include_str!("../writing-a-backend.md")]
struct Guide;

pub mod adapt;
#[cfg(feature = "conformance")]
pub mod conformance;

#[doc(no_inline)]
pub use antiphon_types::{
    self as types, Extra, TextInput, TextInputItem, Usage, chat, completions, embeddings,
};
#[doc(no_inline)]
pub use async_stream::{stream, try_stream};
#[doc(no_inline)]
pub use compact_str::CompactString;
#[doc(no_inline)]
pub use futures_core::Stream;
#[doc(no_inline)]
pub use futures_util::StreamExt;
/// Channels between a stream and the thread that its engine works in.
#[doc(no_inline)]
pub use tokio::sync::mpsc;
#[doc(no_inline)]
pub use tokio_util::sync::CancellationToken;

#[cfg(feature = "echo")]
pub use crate::echo::{EchoBackend, StreamBy, Tokenizer};
pub use crate::{
    backend::{Backend, EventStream, Health},
    capability::{Capabilities, Capability},
    complete::complete,
    context::Context,
    embed::embed,
    embedding::{EmbeddingFuture, Embeddings},
    error::{BackendError, ErrorKind},
    event::{Event, Place, ToolCallStart, ToolKind},
    generate::generate,
    model::ModelInfo,
};
