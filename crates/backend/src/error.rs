//! Why a generation failed, in terms that a caller can act on.

use std::error::Error;
use std::time::Duration;

use crate::backend::EventStream;

/// A failed generation: its kind, and what the client is told.
///
/// The message is one sentence in words for the client; what only the operator may know (addresses, paths,
/// the text of another service's error) belongs in the source. Nobody parses the message: what a program
/// shall act on is the kind. One pointer wide, so that the good path carries no weight of it.
///
/// ```
/// use std::time::Duration;
/// use antiphon_backend::{BackendError, ErrorKind};
///
/// let error = BackendError::new(ErrorKind::Overloaded, "all slots are taken");
/// let error = error.with_retry_after(Duration::from_secs(2));
/// assert_eq!(error.kind(), ErrorKind::Overloaded);
/// assert_eq!(error.to_string(), "all slots are taken");
/// ```
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct BackendError(Box<Fault>);

/// What a [`BackendError`] points at.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Fault {
    kind: ErrorKind,
    message: String,
    param: Option<String>,
    code: Option<String>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl BackendError {
    /// An error of a kind, with one sentence for the client.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Fault { kind, message, param: None, code: None, retry_after: None, source: None }))
    }

    /// A fault of the backend itself: fits `map_err(BackendError::internal)`.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Internal, "the backend failed").with_source(source)
    }

    /// Names the request field at fault, as a path: `messages[0].content`.
    #[must_use]
    pub fn with_param(mut self, param: impl Into<String>) -> Self {
        self.0.param = Some(param.into());
        self
    }

    /// Sets the machine-readable code.
    ///
    /// Without one the server gives that of the kind.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    /// Says how long a client should wait before it tries again.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Keeps the cause, for logs: a client never sees it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The sentence for the client.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The request field at fault, as a path.
    pub fn param(&self) -> Option<&str> {
        self.0.param.as_deref()
    }

    /// The machine-readable code, where the backend has one of its own.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// How long a client should wait before it tries again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// A stream that fails at once with this error.
    ///
    /// For what [`Backend::chat`](crate::Backend::chat) can refuse before it starts: an error that comes
    /// first becomes the answer's HTTP status.
    pub fn into_stream(self) -> EventStream {
        Box::pin(futures_util::stream::once(std::future::ready(Err(self))))
    }
}

/// The kinds of failure, by what can be done about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request is wrong; sent again, it fails again.
    InvalidRequest,
    /// Prompt and answer do not fit the model's context.
    ContextLength,
    /// This principal may not do this.
    PermissionDenied,
    /// What the request names does not exist: a model, an adapter, a file.
    NotFound,
    /// The request is right, and this model cannot do it.
    Unsupported,
    /// The principal asks too often.
    RateLimited,
    /// The backend has no room for more work now.
    Overloaded,
    /// The backend is not ready: starting, stopping, or cut off.
    Unavailable,
    /// The answer did not come in time.
    Timeout,
    /// A service behind the backend failed, or answered nonsense.
    Upstream,
    /// The work was called off before it ended.
    Cancelled,
    /// The backend broke the contract of [`Backend::chat`](crate::Backend::chat).
    Contract,
    /// The backend failed by a fault of its own.
    Internal,
}
