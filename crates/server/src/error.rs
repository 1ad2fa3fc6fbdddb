//! The one table from causes to HTTP: status, OpenAI's `type` and `code`, and the envelope.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode, header};
use antiphon_backend::{BackendError, ErrorKind};
use antiphon_types::{ErrorBody, ErrorResponse, ErrorType};

use crate::json::ParseError;
use crate::validate::{Cause, Fault, Length, MOST_VALUES, QUOTED, quoted};

/// A failure on its way to the client.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    body: Box<ErrorBody>,
    /// Whether there is nobody left to read it.
    pub(crate) client_left: bool,
    /// Sent as `retry-after` and `retry-after-ms`.
    retry_after: Option<Duration>,
    /// Sent as `allow`, with a 405.
    allow: Option<&'static str>,
}

/// As much of a path as an answer and the log repeat, in bytes.
pub(crate) const LONGEST_PATH: usize = 256;

/// What a client reads of a fault that is ours; the log has the rest.
const SERVER_ERROR: &str = "The server had an error while processing your request. Sorry about that!";

impl ApiError {
    /// A caller's mistake: 400 `invalid_request_error`.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorType::InvalidRequestError, message)
    }

    fn new(status: StatusCode, kind: ErrorType, message: impl Into<String>) -> Self {
        let body = Box::new(ErrorBody::new(kind, message));
        Self { status, body, client_left: false, retry_after: None, allow: None }
    }

    fn code(mut self, code: &str) -> Self {
        self.body.code = Some(code.to_owned());
        self
    }

    pub(crate) fn param(mut self, param: impl Into<String>) -> Self {
        self.body.param = Some(param.into());
        self
    }

    fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The body holds more values than a request may.
    pub(crate) fn too_many_values(most: usize) -> Self {
        Self::invalid(format!(
            "The request body holds more than {most} JSON values, which is more than a request may."
        ))
    }

    /// No `model` is given, or an empty one.
    pub(crate) fn no_model() -> Self {
        Self::invalid("you must provide a model parameter")
    }

    /// The body is of another media type, charset or encoding than JSON in UTF-8.
    pub(crate) fn unsupported_content_type(found: &str) -> Self {
        let found = quoted(found, 64);
        Self::invalid(format!(
            "Unsupported content type: '{found}'. This API method only accepts 'application/json' requests, in UTF-8 and \
             without a content encoding."
        ))
        .status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
        .code("unsupported_content_type")
    }

    /// The body is longer than the limit.
    pub(crate) fn too_large(limit: usize) -> Self {
        Self::invalid(format!("The request body is larger than the limit of {limit} bytes."))
            .status(StatusCode::PAYLOAD_TOO_LARGE)
            .code("request_too_large")
    }

    /// The body did not arrive in time.
    pub(crate) fn body_timeout() -> Self {
        Self::invalid("The request body did not arrive in time.").status(StatusCode::REQUEST_TIMEOUT)
    }

    /// The client closed the connection within its body; one that closed its sending half alone reads this.
    pub(crate) fn body_ended_early() -> Self {
        Self { client_left: true, ..Self::invalid("The request body ended early.") }
    }

    /// No model of this name is served.
    pub(crate) fn unknown_model(model: &str) -> Self {
        let model = quoted(model, 256);
        Self::invalid(format!("The model `{model}` does not exist or you do not have access to it."))
            .status(StatusCode::NOT_FOUND)
            .code("model_not_found")
    }

    /// The model is served, and not by this endpoint.
    pub(crate) fn wrong_endpoint(message: impl Into<String>) -> Self {
        Self::invalid(message).param("model").status(StatusCode::NOT_FOUND)
    }

    /// No endpoint stands at this path.
    pub(crate) fn unknown_url(method: &Method, path: &str) -> Self {
        let (method, path) = (quoted(method.as_str(), QUOTED), quoted(path, LONGEST_PATH));
        Self::invalid(format!("Unknown request URL: {method} {path}. Please check the URL for typos."))
            .status(StatusCode::NOT_FOUND)
            .code("unknown_url")
    }

    /// The endpoint is asked by another method than `allow` lists.
    pub(crate) fn method_not_allowed(method: &Method, path: &str, allow: &'static str) -> Self {
        let (method, path) = (quoted(method.as_str(), QUOTED), quoted(path, LONGEST_PATH));
        let mut error = Self::invalid(format!(
            "Not allowed to {method} on {path}. (HINT: Perhaps you meant to use a different HTTP method?)"
        ))
        .status(StatusCode::METHOD_NOT_ALLOWED);
        error.allow = Some(allow);
        error
    }

    /// A backend cannot take requests at present; the log says why.
    pub(crate) fn not_ready() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            ErrorType::ServiceUnavailableError,
            "A backend is not ready to take requests.",
        )
    }

    /// A fault of our own.
    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorType::ServerError, SERVER_ERROR)
    }

    /// The envelope, for a body or for an event of a stream.
    pub(crate) fn envelope(&self) -> ErrorResponse {
        ErrorResponse::new(self.body.as_ref().clone())
    }

    /// The whole answer.
    pub(crate) fn response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if let Some(wait) = self.retry_after {
            // Seconds are rounded up: a client that comes back too early would only be sent away again.
            response.insert_header((header::RETRY_AFTER, wait.as_millis().div_ceil(1_000).to_string()));
            response.insert_header(("retry-after-ms", wait.as_millis().to_string()));
        }
        if let Some(allow) = self.allow {
            response.insert_header((header::ALLOW, allow));
        }
        response.json(self.envelope())
    }
}

impl From<ParseError> for ApiError {
    fn from(error: ParseError) -> Self {
        match error {
            ParseError::Syntax { line, column } => Self::invalid(format!(
                "We could not parse the JSON body of your request: it stops being JSON at line {line}, column {column}. \
                 (HINT: This likely means you aren't using your HTTP library correctly. The request body must be one \
                 JSON object in UTF-8.)"
            )),
            ParseError::TooManyValues => Self::too_many_values(MOST_VALUES),
        }
    }
}

impl From<Fault> for ApiError {
    fn from(fault: Fault) -> Self {
        // A missing model has an older sentence of its own.
        if fault.param == "model"
            && matches!(
                fault.cause,
                Cause::Missing
                    | Cause::Length { fault: Length::StringTooShort, .. }
                    | Cause::WrongType { found: "null", .. }
            )
        {
            return Self::no_model();
        }
        let error = Self::invalid(fault.message());
        let error = if fault.param.is_empty() { error } else { error.param(quoted(&fault.param, 256)) };
        match fault.code() {
            Some(code) => error.code(code),
            None => error,
        }
    }
}

/// Status, `type` and the `code` where the backend names none; and whether the backend's words are the client's to read.
fn row(kind: ErrorKind) -> (StatusCode, ErrorType, Option<&'static str>, bool) {
    use ErrorType::{InvalidRequestError as Invalid, ServerError};
    let unavailable = ErrorType::ServiceUnavailableError;
    match kind {
        ErrorKind::InvalidRequest => (StatusCode::BAD_REQUEST, Invalid, None, true),
        ErrorKind::Unsupported => (StatusCode::BAD_REQUEST, Invalid, Some("unsupported_parameter"), true),
        ErrorKind::ContextLength => (StatusCode::BAD_REQUEST, Invalid, Some("context_length_exceeded"), true),
        ErrorKind::PermissionDenied => (StatusCode::FORBIDDEN, Invalid, None, true),
        ErrorKind::NotFound => (StatusCode::NOT_FOUND, Invalid, Some("model_not_found"), true),
        ErrorKind::RateLimited => {
            (StatusCode::TOO_MANY_REQUESTS, ErrorType::from("requests"), Some("rate_limit_exceeded"), true)
        }
        ErrorKind::Overloaded => {
            (StatusCode::SERVICE_UNAVAILABLE, unavailable, Some("server_is_overloaded"), true)
        }
        ErrorKind::Unavailable | ErrorKind::Cancelled => {
            (StatusCode::SERVICE_UNAVAILABLE, unavailable, None, true)
        }
        ErrorKind::Upstream => (StatusCode::BAD_GATEWAY, ServerError, None, true),
        ErrorKind::Timeout => (StatusCode::GATEWAY_TIMEOUT, ServerError, Some("timeout"), true),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, ServerError, None, false),
    }
}

impl From<&BackendError> for ApiError {
    fn from(error: &BackendError) -> Self {
        let (status, kind, code, open) = row(error.kind());
        if !open {
            return Self::new(status, kind, SERVER_ERROR);
        }
        let mut answer = Self::new(status, kind, error.message());
        answer.body.param = error.param().map(str::to_owned);
        answer.body.code = error.code().or(code).map(str::to_owned);
        answer.retry_after = error.retry_after();
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_backend_error_has_its_row() {
        for (kind, status, error_type, code, message) in [
            (ErrorKind::InvalidRequest, 400, "invalid_request_error", None, "said"),
            (ErrorKind::Unsupported, 400, "invalid_request_error", Some("unsupported_parameter"), "said"),
            (ErrorKind::ContextLength, 400, "invalid_request_error", Some("context_length_exceeded"), "said"),
            (ErrorKind::PermissionDenied, 403, "invalid_request_error", None, "said"),
            (ErrorKind::NotFound, 404, "invalid_request_error", Some("model_not_found"), "said"),
            (ErrorKind::RateLimited, 429, "requests", Some("rate_limit_exceeded"), "said"),
            (ErrorKind::Internal, 500, "server_error", None, SERVER_ERROR),
            (ErrorKind::Contract, 500, "server_error", None, SERVER_ERROR),
            (ErrorKind::Upstream, 502, "server_error", None, "said"),
            (ErrorKind::Overloaded, 503, "service_unavailable_error", Some("server_is_overloaded"), "said"),
            (ErrorKind::Unavailable, 503, "service_unavailable_error", None, "said"),
            (ErrorKind::Cancelled, 503, "service_unavailable_error", None, "said"),
            (ErrorKind::Timeout, 504, "server_error", Some("timeout"), "said"),
        ] {
            let error = ApiError::from(&BackendError::new(kind, "said"));
            let body = error.envelope().error;
            assert_eq!(
                (error.status.as_u16(), body.kind.as_str(), body.code.as_deref(), body.message.as_str()),
                (status, error_type, code, message),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn a_backends_own_words_are_kept_where_they_are_the_clients() {
        let error = BackendError::new(ErrorKind::Overloaded, "full").with_param("model").with_code("busy");
        let response = ApiError::from(&error.with_retry_after(Duration::from_millis(1_200))).response();
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        assert_eq!((header("retry-after"), header("retry-after-ms")), (Some("2"), Some("1200")));
        let error = BackendError::new(ErrorKind::Internal, "secret").with_param("p").with_code("c");
        let body = ApiError::from(&error).envelope().error;
        assert_eq!((body.message.as_str(), body.param, body.code), (SERVER_ERROR, None, None));
    }
}
