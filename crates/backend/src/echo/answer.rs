//! What a chat is answered with: a text, JSON, or calls of tools.

use antiphon_types::chat::{self, JsonSchema, ResponseFormat};
use antiphon_types::json;

use super::instance::{Root, instance};
use super::tools;
use crate::{BackendError, ErrorKind, ToolKind};

/// What the echo answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// A text, which may be JSON.
    Text(String),
    /// Calls of tools, at least one.
    Calls(Vec<Call>),
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) kind: ToolKind,
    pub(super) name: String,
    /// The arguments as JSON, or the input of a custom tool.
    pub(super) arguments: String,
}

/// Whether a chat is answered with the echo as it is.
pub(super) fn is_plain(request: &chat::Request) -> bool {
    let is_text = matches!(request.response_format, None | Some(ResponseFormat::Text(_)));
    is_text && request.tools.is_none() && request.functions.is_none()
}

/// The answer to a chat, of which `echo` is the text.
pub(super) fn of_chat(request: &chat::Request, echo: String) -> Result<Answer, BackendError> {
    let calls = tools::calls(request)?;
    if !calls.is_empty() {
        return Ok(Answer::Calls(calls));
    }
    let text = match &request.response_format {
        Some(ResponseFormat::JsonObject(_)) => json!({"message": echo}).to_string(),
        Some(ResponseFormat::JsonSchema(format)) => of_schema(&format.json_schema, &echo)?,
        _ => echo,
    };
    Ok(Answer::Text(text))
}

/// The smallest JSON of a schema that says the echo.
fn of_schema(format: &JsonSchema, echo: &str) -> Result<String, BackendError> {
    let Some(schema) = &format.schema else { return Ok(json!({"message": echo}).to_string()) };
    let instance = instance(schema, echo, Root::Any).map_err(|reason| {
        let error = reason.error(&format!("response_format '{}'", format.name), "invalid_json_schema");
        let is_invalid = error.kind() == ErrorKind::InvalidRequest;
        error.with_param(if is_invalid { "response_format.json_schema.schema" } else { "response_format" })
    })?;
    Ok(instance.to_string())
}
