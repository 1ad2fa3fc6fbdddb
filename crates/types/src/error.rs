//! The envelope that every failure is told in.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, MapAccess, SeqAccess, value::MapAccessDeserializer},
};

use crate::{
    Extra, lenient,
    open_enum::open_enum,
    shape::{self, Shape},
};

/// A failure: the body of an answer, or an event's data.
///
/// OpenAI tells the causes in its [guide](https://platform.openai.com/docs/guides/error-codes). Forms of other servers
/// are read too: an array that holds the object, and an error without its envelope, whose `object` is `error`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ErrorResponse {
    /// What went wrong.
    ///
    /// A lone text, which some servers send, is read as its message.
    pub error: ErrorBody,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ErrorResponse {
    /// Puts an error into its envelope.
    pub fn new(error: ErrorBody) -> Self {
        Self { error, extra: Extra::new() }
    }
}

impl From<ErrorBody> for ErrorResponse {
    fn from(error: ErrorBody) -> Self {
        Self::new(error)
    }
}

impl<'de> Deserialize<'de> for ErrorResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Failure(response) = Failure::deserialize(deserializer)?;
        response.ok_or_else(|| D::Error::missing_field("error"))
    }
}

/// The failure that a body or an event tells of, if any.
pub(crate) struct Failure(pub(crate) Option<ErrorResponse>);

impl Shape for Failure {
    const EXPECTING: &'static str = "an object with an `error`";

    fn from_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        Ok(seq.next_element()?.unwrap_or(Self(None)))
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        #[derive(Deserialize)]
        struct Envelope {
            error: Option<AnyError>,
            #[serde(flatten)]
            extra: Extra,
        }
        let Envelope { error, extra } = Envelope::deserialize(MapAccessDeserializer::new(map))?;
        let response = match error {
            Some(AnyError(error)) => Some(ErrorResponse { error, extra }),
            None if extra.get("object").is_some_and(|object| object == "error") => {
                Some(ErrorBody::deserialize(extra).map_err(A::Error::custom)?.into())
            }
            None => None,
        };
        Ok(Self(response))
    }
}

impl<'de> Deserialize<'de> for Failure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        shape::read(deserializer)
    }
}

/// What went wrong.
///
/// All four fields are always written, and none is needed to read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ErrorBody {
    /// What went wrong, for people; empty where a server does not say.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub message: String,
    /// What went wrong, by class.
    ///
    /// `Other("")` where a server does not say.
    #[serde(
        rename = "type",
        default = "lenient::empty::<ErrorType>",
        deserialize_with = "lenient::null_as_empty"
    )]
    pub kind: ErrorType,
    /// The path of the field at fault, such as `messages[0].role`.
    ///
    /// What is no text, in some servers, is read as its JSON.
    #[serde(default, deserialize_with = "lenient::optional_text_or_json")]
    pub param: Option<String>,
    /// What went wrong, for programs, such as `model_not_found`.
    ///
    /// A number, which some servers send, is read as its text.
    #[serde(default, deserialize_with = "lenient::optional_text_or_json")]
    pub code: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ErrorBody {
    /// Makes an error without `param` and `code`.
    pub fn new(kind: ErrorType, message: impl Into<String>) -> Self {
        Self { message: message.into(), kind, param: None, code: None, extra: Extra::new() }
    }

    /// Names the field at fault.
    #[must_use]
    pub fn param(mut self, param: impl Into<String>) -> Self {
        self.param = Some(param.into());
        self
    }

    /// Names the fault for programs.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }
}

/// An error that is an object or a lone text.
struct AnyError(ErrorBody);

impl Shape for AnyError {
    const EXPECTING: &'static str = "an object or a string";

    fn from_text<E: Error>(text: Cow<'_, str>) -> Result<Self, E> {
        Ok(Self(ErrorBody::new(lenient::empty(), text)))
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        ErrorBody::deserialize(MapAccessDeserializer::new(map)).map(Self)
    }
}

impl<'de> Deserialize<'de> for AnyError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        shape::read(deserializer)
    }
}

/// Writes the message; where it is empty, class and code.
impl fmt::Display for ErrorBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.message.as_str(), self.kind.as_str(), self.code.as_deref()) {
            ("", "", None | Some("")) => formatter.write_str("an error without a message"),
            ("", "", Some(code)) => formatter.write_str(code),
            ("", kind, None | Some("")) => formatter.write_str(kind),
            ("", kind, Some(code)) => write!(formatter, "{kind}: {code}"),
            (message, ..) => formatter.write_str(message),
        }
    }
}

impl std::error::Error for ErrorBody {}

open_enum! {
    /// What went wrong, by class.
    ErrorType {
        /// The caller's mistake, almost always.
        ///
        /// Bad JSON, a bad value, a bad key, an unknown model.
        InvalidRequestError = "invalid_request_error",
        /// No key, or a wrong one; OpenAI itself says `invalid_request_error`.
        AuthenticationError = "authentication_error",
        /// The key may not do this.
        PermissionError = "permission_error",
        /// There is no such thing.
        NotFoundError = "not_found_error",
        /// Too much at once, of whatever kind.
        RateLimitError = "rate_limit_error",
        /// Too many requests a minute.
        Requests = "requests",
        /// Too many tokens a minute.
        Tokens = "tokens",
        /// Nothing is left of what was paid for.
        InsufficientQuota = "insufficient_quota",
        /// The server's own fault.
        ServerError = "server_error",
        /// The server is overloaded, or has nothing to answer with.
        ServiceUnavailableError = "service_unavailable_error",
        /// The answer took too long.
        TimeoutError = "timeout_error",
    }
}
