//! From a body to a request that keeps every rule of the API that holds for all models.

use std::collections::HashSet;

use antiphon_types::chat::{Message, Request, Tool, ToolCall, ToolChoice};
use serde::Deserialize;

use super::rules;
use crate::error::ApiError;
use crate::json;
use crate::validate::{Cause, Fault, Unknown, check};

/// Reads and checks a body.
///
/// # Errors
/// 400 with OpenAI's `param` and `code` for the first fault.
pub(super) fn parse(body: &[u8], unknown: Unknown) -> Result<Request, ApiError> {
    let tree = json::parse(body).map_err(|error| ApiError::not_json(error.line, error.column))?;
    check(&tree, &rules::REQUEST, unknown)?;
    // What the rules let pass has the form of the type; a gap between the two is still the caller's to read.
    let request = Request::deserialize(tree).map_err(|error| ApiError::invalid(error.to_string()))?;
    between_fields(&request)?;
    Ok(request)
}

/// The rules that one field alone cannot break.
fn between_fields(request: &Request) -> Result<(), Fault> {
    if request.model.chars().any(char::is_control) {
        return Err(Fault::new("model", Cause::Pattern { pattern: "^[^\\p{Cc}]+$" }));
    }
    if request.stream_options.is_some() && request.stream != Some(true) {
        return Err(only_with("stream_options", "stream"));
    }
    if request.top_logprobs.is_some() && request.logprobs != Some(true) {
        return Err(only_with("top_logprobs", "logprobs"));
    }
    tools(request)?;
    tool_results(&request.messages)
}

fn only_with(param: &str, other: &str) -> Fault {
    Fault::rule(param, None, format!("The '{param}' parameter is only allowed when '{other}' is enabled."))
}

/// Tools have names of their own, and a choice among them chooses one that is there.
fn tools(request: &Request) -> Result<(), Fault> {
    let tools = request.tools.as_deref().unwrap_or_default();
    let mut names = HashSet::with_capacity(tools.len());
    for (index, tool) in tools.iter().enumerate() {
        let (kind, name) = match tool {
            Tool::Function(tool) => ("function", &tool.function.name),
            Tool::Custom(tool) => ("custom", &tool.custom.name),
            _ => continue,
        };
        if !names.insert(name.as_str()) {
            return Err(Fault::rule(
                format!("tools[{index}].{kind}.name"),
                Some("invalid_value"),
                format!("Invalid 'tools': the name '{name}' is given twice. Tool names must be unique."),
            ));
        }
    }
    let Some(choice) = &request.tool_choice else { return Ok(()) };
    if tools.is_empty() && !matches!(choice, ToolChoice::Mode(mode) if mode.as_str() == "none") {
        let message = "'tool_choice' is only allowed when 'tools' are specified.";
        return Err(Fault::rule("tool_choice", None, message));
    }
    match choice.name() {
        Some(name) if !names.contains(name) => {
            let name = crate::validate::quoted(name, 64);
            let message = format!("Tool choice '{name}' not found in 'tools' parameter.");
            Err(Fault::rule("tool_choice", Some("invalid_value"), message))
        }
        _ => Ok(()),
    }
}

/// A tool's result answers a call that an assistant made before it.
fn tool_results(messages: &[Message]) -> Result<(), Fault> {
    let mut calls: HashSet<&str> = HashSet::new();
    for (index, message) in messages.iter().enumerate() {
        match message {
            Message::Assistant(message) => {
                calls.extend(message.tool_calls.iter().flatten().filter_map(ToolCall::id));
            }
            Message::Tool(message) if !calls.contains(message.tool_call_id.as_str()) => {
                return Err(Fault::rule(
                    format!("messages[{index}].tool_call_id"),
                    None,
                    "Invalid parameter: messages with role 'tool' must be a response to a preceding message with \
                     'tool_calls'.",
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
