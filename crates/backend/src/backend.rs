//! The trait that an engine implements, with its contract.

use std::pin::Pin;
use std::sync::Arc;

use antiphon_types::{chat, completions, embeddings};
use futures_core::Stream;

use crate::context::Context;
use crate::embedding::EmbeddingFuture;
use crate::error::{BackendError, ErrorKind};
use crate::event::Event;
use crate::model::ModelInfo;

/// The events of one generation, as they come.
pub type EventStream = Pin<Box<dyn Stream<Item = Result<Event, BackendError>> + Send>>;

/// An engine that answers chats, and what else its models can do.
///
/// A model in this process, another service, a mock: whatever yields tokens.
///
/// # Contract
/// The streams that [`chat`](Backend::chat) and [`complete`](Backend::complete) return keep these rules. The feature `conformance` checks them
/// in a backend's own tests, [`adapt::validate`](crate::adapt::validate) on every request that is served.
///
/// 1. A choice yields any number of content events, then exactly one [`Event::Finish`], then nothing.
/// 2. Choices are numbered from 0. There are `n` of them where the model declares
///    [`NativeChoices`](crate::Capability::NativeChoices); else there is choice 0 alone, and several are made
///    of several calls.
/// 3. The first [`Event::ToolCall`] of a slot carries `start`; later ones of that slot do not.
/// 4. [`Event::Usage`] comes at most once, anywhere before the end.
/// 5. An `Err` ends the stream. As the first item it becomes the answer's HTTP status; later, an error event.
/// 6. A stream that ends before every choice has finished has failed: nobody invents a `stop` for it.
/// 7. Dropping the stream cancels the work within 250 ms. Work that goes on elsewhere, in threads or in
///    tasks, watches the [`Context`] and holds a clone of it for as long as it goes on.
/// 8. Neither the call nor a poll of the stream blocks: other requests wait in the same thread, and no deadline
///    holds meanwhile. An engine that computes works in a thread of its own.
pub trait Backend: Send + Sync + 'static {
    /// The models that the backend serves, at least one.
    ///
    /// Asked for at start, and whenever [`models_revision`](Backend::models_revision) has changed.
    fn models(&self) -> Vec<ModelInfo>;

    /// A number that changes whenever [`models`](Backend::models) would answer otherwise.
    ///
    /// 0, the default: the models stay as they are. A backend whose models come and go, as another server's do, begins
    /// with 1. It may have none at times, and a name of its models that another backend has stays with that
    /// one. Looked at before each request, so it should be an atomic's value and no more.
    fn models_revision(&self) -> u64 {
        0
    }

    /// Starts the answer to a chat and returns its events.
    ///
    /// Returns at once: what takes time, and what can fail, is done by the stream. The request has been
    /// validated, names one of [`models`](Backend::models) (or any model, for the wildcard) and asks for
    /// nothing that the model's capabilities exclude; which fields to honour beyond that is the backend's to
    /// decide.
    fn chat(&self, request: chat::Request, context: Context) -> EventStream;

    /// The length of the prompt in tokens, where the backend can tell before it works.
    ///
    /// By this a prompt that does not fit the model's context is refused before any work. `None`, the
    /// default: unknown; nothing is refused, and usage that the backend does not report is estimated at four
    /// bytes a token.
    fn prompt_tokens(&self, request: &chat::Request) -> Option<u64> {
        let _ = request;
        None
    }

    /// Starts the completion of a prompt and returns its events.
    ///
    /// As [`chat`](Backend::chat), for models that declare [`Completions`](crate::Capability::Completions). The
    /// request has one prompt, as a text, or as tokens where the model declares
    /// [`TokenInput`](crate::Capability::TokenInput), and a limit of tokens. `echo` is to be honoured by models that
    /// declare [`NativeEcho`](crate::Capability::NativeEcho) alone; `best_of` by none.
    fn complete(&self, request: completions::Request, context: Context) -> EventStream {
        let _ = (request, context);
        unsupported("This model does not complete prompts.").into_stream()
    }

    /// Embeds the inputs of a request.
    ///
    /// For models that declare [`Embeddings`](crate::Capability::Embeddings). There is a vector for each input, in
    /// their order, all of one length: of `dimensions`, which is given to models that declare
    /// [`Dimensions`](crate::Capability::Dimensions) alone. The encoding of the numbers is not the backend's
    /// concern. Dropping the future cancels the work.
    fn embed(&self, request: embeddings::Request, context: Context) -> EmbeddingFuture {
        let _ = (request, context);
        Box::pin(std::future::ready(Err(unsupported("This model does not embed texts."))))
    }

    /// The length of a completion's prompt, as [`prompt_tokens`](Backend::prompt_tokens) has that of a chat's.
    fn completion_prompt_tokens(&self, request: &completions::Request) -> Option<u64> {
        let _ = request;
        None
    }

    /// Whether the backend can take requests now. Ready by default.
    fn health(&self) -> Health {
        Health::Ready
    }
}

fn unsupported(message: &str) -> BackendError {
    BackendError::new(ErrorKind::Unsupported, message).with_param("model")
}

/// Whether a backend can take requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// It can.
    #[default]
    Ready,
    /// It cannot, for this reason.
    Unready(String),
}

impl<B: Backend + ?Sized> Backend for Arc<B> {
    fn models(&self) -> Vec<ModelInfo> {
        (**self).models()
    }

    fn models_revision(&self) -> u64 {
        (**self).models_revision()
    }

    fn chat(&self, request: chat::Request, context: Context) -> EventStream {
        (**self).chat(request, context)
    }

    fn prompt_tokens(&self, request: &chat::Request) -> Option<u64> {
        (**self).prompt_tokens(request)
    }

    fn complete(&self, request: completions::Request, context: Context) -> EventStream {
        (**self).complete(request, context)
    }

    fn embed(&self, request: embeddings::Request, context: Context) -> EmbeddingFuture {
        (**self).embed(request, context)
    }

    fn completion_prompt_tokens(&self, request: &completions::Request) -> Option<u64> {
        (**self).completion_prompt_tokens(request)
    }

    fn health(&self) -> Health {
        (**self).health()
    }
}
