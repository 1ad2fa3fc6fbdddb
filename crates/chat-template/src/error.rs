//! Why a template cannot be used, or a conversation not be rendered.

use std::error::Error;

use antiphon_backend::{BackendError, ErrorKind};

/// Why a template or a conversation could not be rendered.
///
/// All but [`Syntax`](Self::Syntax) are about a request, and become a [`BackendError`] that the client reads as a 400.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// The template is no Jinja that is understood here.
    #[error("the chat template is not valid")]
    Syntax(#[source] Box<dyn Error + Send + Sync>),
    /// The template raised an exception, with this message.
    #[error("the model's chat template refuses the conversation: {0}")]
    Refused(String),
    /// The template failed on this conversation.
    #[error("the model's chat template cannot render this conversation")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
    /// The template worked too long, or wrote too much.
    #[error("the conversation takes more than the model's chat template may take")]
    TooMuch,
    /// A message or a part without text, by its path.
    #[error("the model reads text alone")]
    NotText(String),
    /// A tool that is not a function, by its path.
    #[error("the model calls functions alone")]
    NotFunction(String),
    /// The conversation holds all of the noncharacters U+FDD0 to U+FDEF.
    ///
    /// One that it does not hold is needed where special tokens stand in it.
    #[error("the conversation holds too many of the characters that Unicode reserves for no text")]
    NoMarker,
}

impl TemplateError {
    /// The request field at fault, as a path.
    ///
    /// `None` where it is the template itself.
    pub fn param(&self) -> Option<&str> {
        match self {
            Self::Syntax(_) => None,
            Self::NotText(param) | Self::NotFunction(param) => Some(param),
            Self::Refused(_) | Self::Failed(_) | Self::TooMuch | Self::NoMarker => Some("messages"),
        }
    }
}

impl From<TemplateError> for BackendError {
    fn from(error: TemplateError) -> Self {
        let Some(param) = error.param().map(str::to_owned) else { return Self::internal(error) };
        let kind = match error {
            TemplateError::NotText(_) | TemplateError::NotFunction(_) | TemplateError::Failed(_) => {
                ErrorKind::Unsupported
            }
            _ => ErrorKind::InvalidRequest,
        };
        Self::new(kind, error.to_string()).with_param(param)
    }
}
