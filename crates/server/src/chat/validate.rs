//! From a body to a request that keeps every rule of the API that holds for all models.

use std::collections::HashSet;

use antiphon_types::chat::{
    FunctionCallChoice, FunctionCallMode, Message, Modality, Request, Tool, ToolCall, ToolChoice,
    ToolChoiceMode,
};

use super::rules;
use crate::error::ApiError;
use crate::validate::{Cause, Counted, Fault, QUOTED, Unknown, quoted, read};

/// Reads and checks a body, and notes the model that it names, whatever else is wrong with it.
///
/// # Errors
/// 400 with OpenAI's `param` and `code` for the first fault.
pub(super) fn parse(body: &[u8], unknown: Unknown, note: impl FnOnce(&str)) -> Result<Request, ApiError> {
    let request = read(body, &rules::REQUEST, Counted::All, unknown, note)?;
    between_fields(&request)?;
    Ok(request)
}

/// The rules that one field alone cannot break.
fn between_fields(request: &Request) -> Result<(), Fault> {
    if request.stream_options.is_some() && request.stream != Some(true) {
        return Err(Fault::only_with("stream_options", "stream"));
    }
    if request.top_logprobs.is_some() && request.logprobs != Some(true) {
        return Err(Fault::only_with("top_logprobs", "logprobs"));
    }
    if request.audio.is_none() && request.modalities.iter().flatten().any(|one| *one == Modality::Audio) {
        return Err(Fault::new("audio", Cause::Missing));
    }
    tools(request)?;
    functions(request)?;
    tool_results(&request.messages)
}

/// Tools have names of their own, and a choice among them chooses what is there.
fn tools(request: &Request) -> Result<(), Fault> {
    let tools = request.tools.as_deref().unwrap_or_default();
    let names = unique(tools.iter().enumerate().filter_map(|(index, tool)| match tool {
        Tool::Function(tool) => Some((format!("tools[{index}].function.name"), &*tool.function.name)),
        Tool::Custom(tool) => Some((format!("tools[{index}].custom.name"), &*tool.custom.name)),
        _ => None,
    }))?;
    let Some(choice) = &request.tool_choice else { return Ok(()) };
    if tools.is_empty() && !matches!(choice, ToolChoice::Mode(ToolChoiceMode::None)) {
        let message = "'tool_choice' is only allowed when 'tools' are specified.";
        return Err(Fault::rule("tool_choice", message));
    }
    match choice {
        ToolChoice::AllowedTools(choice) => allowed(choice.allowed_tools.names(), &names),
        choice => choice.name().map_or(Ok(()), |name| chosen("tool_choice", name, &names)),
    }
}

/// What holds of tools holds of functions, their older form.
fn functions(request: &Request) -> Result<(), Fault> {
    let functions = request.functions.iter().flatten().enumerate();
    let names =
        unique(functions.map(|(index, function)| (format!("functions[{index}].name"), &*function.name)))?;
    let Some(choice) = &request.function_call else { return Ok(()) };
    if names.is_empty() && !matches!(choice, FunctionCallChoice::Mode(FunctionCallMode::None)) {
        let message = "'function_call' is only allowed when 'functions' are specified.";
        return Err(Fault::rule("function_call", message));
    }
    match choice.name() {
        Some(name) if !names.contains(name) => {
            let name = quoted(name, QUOTED);
            let message = format!("Function call '{name}' not found in 'functions' parameter.");
            Err(Fault::coded("function_call", "invalid_value", message))
        }
        _ => Ok(()),
    }
}

/// The names, each at its path, if none is given twice.
fn unique<'a>(given: impl Iterator<Item = (String, &'a str)>) -> Result<HashSet<&'a str>, Fault> {
    let mut names = HashSet::new();
    for (param, name) in given {
        if !names.insert(name) {
            let message =
                format!("Invalid '{param}': the name '{name}' is given twice. Names must be unique.");
            return Err(Fault::coded(param, "invalid_value", message));
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
    Err(Fault::coded(param, "invalid_value", message))
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
