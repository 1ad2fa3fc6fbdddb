//! What went wrong between us and an upstream, and the one table of what a client is told of it.
//!
//! A [`Failure`] is the cause that the log has: it names neither key nor text of the upstream's.

#[cfg(test)]
mod tests;

use std::time::Duration;

use antiphon_backend::{BackendError, ErrorKind};
use antiphon_types::ErrorBody;

use crate::request::{MOST_WORDS, Names};

/// Why an upstream gave no answer, or not the whole of one.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("no client could be made")]
    Client(#[source] reqwest::Error),
    #[error("the upstream cannot be reached")]
    Connect(#[source] reqwest::Error),
    #[error("connecting to the upstream took too long")]
    ConnectTimeout,
    #[error("the upstream's answer did not begin in time")]
    FirstByte,
    #[error("the upstream fell silent")]
    Stall,
    #[error("the upstream's answer took too long")]
    Total,
    #[error("the connection to the upstream broke")]
    Broken(#[source] reqwest::Error),
    #[error("the upstream's answer ended early")]
    Cut,
    #[error("the upstream's answer is larger than can be taken")]
    TooLong,
    #[error("the upstream's answer is none of the API's")]
    Malformed,
    #[error("the upstream has no such endpoint: `base_urls` may lead past its API")]
    NoEndpoint,
    #[error("the upstream refused the request with status {status}")]
    Refused {
        /// Its status; of an error within a stream, the one that it would have had.
        status: u16,
        /// Its words, until they are told.
        told: Option<Box<ErrorBody>>,
        retry_after: Option<Duration>,
    },
}

/// What a failure tells of the replica that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tells {
    /// It is at fault: too many of these in a row, and it is asked no more.
    Failing,
    /// It is there, and answers.
    Alive,
    Nothing,
}

/// Whether a request that failed so may be sent once more, where nothing of an answer was passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It would fail again, or may have been done.
    Never,
    /// To another replica; it never reached the first.
    Elsewhere,
    /// To another replica, if doing it twice does no harm: the first may have begun it.
    ElsewhereIfHarmless,
    /// To any replica, if doing it twice does no harm.
    IfHarmless,
}

impl Failure {
    /// A failure of the HTTP client, without the address, which its words would quote.
    pub(crate) fn of_client(error: reqwest::Error) -> Self {
        let error = error.without_url();
        match (error.is_connect(), error.is_timeout(), error.is_builder()) {
            (true, true, _) => Self::ConnectTimeout,
            (true, false, _) => Self::Connect(error),
            (_, _, true) => Self::Client(error),
            _ => Self::Broken(error),
        }
    }

    /// What it tells of the replica.
    pub(crate) fn tells(&self) -> Tells {
        match self {
            Self::Refused { status, .. } if *status >= 500 => Tells::Failing,
            // It answers; and no caller may eject a replica by asking for what it answers with nonsense.
            Self::Refused { .. } | Self::TooLong | Self::Malformed | Self::NoEndpoint => Tells::Alive,
            // How long an answer may take at all is our own limit.
            Self::Client(_) | Self::Total => Tells::Nothing,
            _ => Tells::Failing,
        }
    }

    pub(crate) fn repeat(&self) -> Repeat {
        match self {
            Self::Connect(_) | Self::ConnectTimeout => Repeat::Elsewhere,
            // A connection that was kept may have been closed at the very moment that it was used.
            Self::Broken(_) | Self::Cut => Repeat::IfHarmless,
            Self::Refused { status: 500 | 502 | 503, .. } => Repeat::ElsewhereIfHarmless,
            _ => Repeat::Never,
        }
    }

    /// What a client is told.
    pub(crate) fn into_error(mut self, names: &Names) -> BackendError {
        let told = if let Self::Refused { status, told, .. } = &mut self {
            // Some servers call a wrong key a bad request: it is ours all the same.
            let is_of_key = |body: &ErrorBody| body.code.as_deref() == Some("invalid_api_key");
            if *status == 400 && told.as_deref().is_some_and(is_of_key) {
                *status = 401;
            }
            told.take()
        } else {
            None
        };
        let (kind, sentence) = self.row();
        let is_callers = matches!(kind, ErrorKind::InvalidRequest | ErrorKind::NotFound);
        let error = match told {
            Some(body) if is_callers => callers(kind, *body, sentence, names),
            Some(body) if kind == ErrorKind::RateLimited => {
                with_code(BackendError::new(kind, sentence), body.code)
            }
            _ => BackendError::new(kind, sentence),
        };
        let error = match &self {
            Self::Refused { retry_after: Some(wait), .. } => error.with_retry_after(*wait),
            _ => error,
        };
        error.with_source(self)
    }

    /// The kind, and the sentence where the upstream's own is not the client's to read.
    fn row(&self) -> (ErrorKind, &'static str) {
        const FAILED: &str = "The server behind this model failed.";
        match self {
            Self::Client(_) => (ErrorKind::Internal, "The request could not be made."),
            Self::Connect(_) => (ErrorKind::Upstream, "The server behind this model cannot be reached."),
            Self::ConnectTimeout | Self::FirstByte => {
                (ErrorKind::Timeout, "The server behind this model did not answer in time.")
            }
            Self::Stall => (ErrorKind::Timeout, "The server behind this model fell silent."),
            Self::Total => (ErrorKind::Timeout, "The answer was not whole in time."),
            Self::Broken(_) | Self::Cut => {
                (ErrorKind::Upstream, "The answer of the server behind this model ended early.")
            }
            Self::TooLong | Self::Malformed => {
                (ErrorKind::Upstream, "The answer of the server behind this model could not be read.")
            }
            Self::NoEndpoint => (ErrorKind::Upstream, FAILED),
            Self::Refused { status, retry_after, .. } => match (status, retry_after) {
                (400 | 413 | 422, _) => {
                    (ErrorKind::InvalidRequest, "The server behind this model refused the request.")
                }
                (404, _) => (ErrorKind::NotFound, "The server behind this model does not know the model."),
                (429, _) => (ErrorKind::RateLimited, "The server behind this model is asked too often."),
                (401 | 403, _) => (ErrorKind::Upstream, "The server behind this model does not let us in."),
                (408 | 504, _) => {
                    (ErrorKind::Timeout, "The server behind this model did not answer in time.")
                }
                (503 | 529, Some(_)) => {
                    (ErrorKind::Overloaded, "The server behind this model has no room for more.")
                }
                _ => (ErrorKind::Upstream, FAILED),
            },
        }
    }
}

/// The caller's own mistake, in the upstream's words.
fn callers(kind: ErrorKind, body: ErrorBody, sentence: &str, names: &Names) -> BackendError {
    let is_context = body.code.as_deref() == Some("context_length_exceeded")
        || body.kind.as_str() == "exceed_context_size_error";
    let kind = if is_context { ErrorKind::ContextLength } else { kind };
    let message = names.as_asked(&body.message).filter(|message| !message.trim().is_empty());
    let mut error = BackendError::new(kind, message.unwrap_or_else(|| sentence.to_owned()));
    let param = body.param.filter(|param| param.len() <= MOST_WORDS);
    if let Some(param) = param.and_then(|param| names.as_asked(&param)) {
        error = error.with_param(param);
    }
    with_code(error, body.code)
}

/// Adds a code, if it is one: some servers repeat their status there.
fn with_code(error: BackendError, code: Option<String>) -> BackendError {
    let is_code = |code: &String| {
        code.len() <= 64
            && code.starts_with(|first: char| first.is_ascii_alphabetic())
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    match code.filter(is_code) {
        Some(code) => error.with_code(code),
        None => error,
    }
}

/// The status that an error within a stream would have had, by what it says of itself.
pub(crate) fn status_of(body: &ErrorBody) -> u16 {
    let code = body.code.as_deref().unwrap_or_default();
    if let Some(status) = code.parse().ok().filter(|status| (400..600).contains(status)) {
        return status;
    }
    match body.kind.as_str() {
        "invalid_request_error" if code == "model_not_found" => 404,
        "invalid_request_error" if code == "invalid_api_key" => 401,
        "invalid_request_error" => 400,
        "not_found_error" => 404,
        "requests" | "tokens" | "rate_limit_error" | "insufficient_quota" => 429,
        "timeout_error" => 504,
        _ => 500,
    }
}
