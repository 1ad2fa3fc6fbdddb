//! From a body to a request that keeps every rule of the API that holds for all models.

use std::collections::HashSet;

use antiphon_types::chat::{Message, Request, Tool, ToolCall, ToolChoice, ToolChoiceMode};
use serde::Deserialize;

use super::rules;
use crate::error::ApiError;
use crate::json;
use crate::validate::{Cause, Fault, MOST_VALUES, QUOTED, Unknown, check, quoted};

/// Reads and checks a body.
///
/// # Errors
/// 400 with OpenAI's `param` and `code` for the first fault.
pub(super) fn parse(body: &[u8], unknown: Unknown) -> Result<Request, ApiError> {
    let document = json::parse(body)?;
    check(&document.root, &rules::REQUEST, unknown)?;
    if document.values > MOST_VALUES {
        return Err(ApiError::too_many_values(MOST_VALUES));
    }
    // What the rules let pass has the form of the type; a gap between the two is still the caller's to read.
    let request =
        Request::deserialize(document.root).map_err(|error| ApiError::invalid(error.to_string()))?;
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

/// Tools have names of their own, and a choice among them chooses what is there.
fn tools(request: &Request) -> Result<(), Fault> {
    let tools = request.tools.as_deref().unwrap_or_default();
    let names = unique(tools.iter().enumerate().filter_map(|(index, tool)| match tool {
        Tool::Function(tool) => Some((format!("tools[{index}].function.name"), &*tool.function.name)),
        Tool::Custom(tool) => Some((format!("tools[{index}].custom.name"), &*tool.custom.name)),
        _ => None,
    }))?;
    let functions = request.functions.iter().flatten().enumerate();
    unique(functions.map(|(index, function)| (format!("functions[{index}].name"), &*function.name)))?;
    let Some(choice) = &request.tool_choice else { return Ok(()) };
    if tools.is_empty() && !matches!(choice, ToolChoice::Mode(ToolChoiceMode::None)) {
        let message = "'tool_choice' is only allowed when 'tools' are specified.";
        return Err(Fault::rule("tool_choice", None, message));
    }
    match choice {
        ToolChoice::AllowedTools(choice) => allowed(choice.allowed_tools.names(), &names),
        choice => choice.name().map_or(Ok(()), |name| chosen("tool_choice", name, &names)),
    }
}

/// The names, each at its path, if none is given twice.
fn unique<'a>(given: impl Iterator<Item = (String, &'a str)>) -> Result<HashSet<&'a str>, Fault> {
    let mut names = HashSet::new();
    for (param, name) in given {
        if !names.insert(name) {
            let message =
                format!("Invalid '{param}': the name '{name}' is given twice. Names must be unique.");
            return Err(Fault::rule(param, Some("invalid_value"), message));
        }
    }
    Ok(names)
}

fn allowed<'a>(given: impl Iterator<Item = Option<&'a str>>, names: &HashSet<&str>) -> Result<(), Fault> {
    let mut given = given.enumerate().filter_map(|(index, name)| Some((index, name?)));
    given.try_for_each(|(index, name)| {
        chosen(&format!("tool_choice.allowed_tools.tools[{index}]"), name, names)
    })
}

fn chosen(param: &str, name: &str, names: &HashSet<&str>) -> Result<(), Fault> {
    if names.contains(name) {
        return Ok(());
    }
    let message = format!("Tool choice '{}' not found in 'tools' parameter.", quoted(name, QUOTED));
    Err(Fault::rule(param, Some("invalid_value"), message))
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
