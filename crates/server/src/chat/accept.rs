//! What a model cannot honour is refused where silence would lie, and accepted where it is harmless.

use antiphon_backend::{Capability, ModelInfo};
use antiphon_types::chat::{Content, Message, Modality, Request, ResponseFormat, ToolChoice, UserPart};

use crate::validate::{Cause, Fault};

/// Holds a request against the model that it is for.
///
/// # Errors
/// A fault that names the parameter which this model, or this server's limits, cannot honour.
pub(super) fn check(request: &Request, model: &ModelInfo, max_choices: u32) -> Result<(), Fault> {
    if request.messages.is_empty() && !model.capabilities.has(Capability::EmptyMessages) {
        return Err(Fault::new("messages", Cause::EmptyArray));
    }
    let choices = request.n.unwrap_or(1);
    if choices > max_choices {
        return Err(Fault::new(
            "n",
            Cause::IntegerAbove { max: max_choices.into(), found: choices.to_string() },
        ));
    }
    answer(request, model)?;
    parts(&request.messages, model)
}

/// Options that decide what the answer is: each with the capability that honours it.
fn answer(request: &Request, model: &ModelInfo) -> Result<(), Fault> {
    let audio = request.modalities.iter().flatten().any(|modality| *modality == Modality::Audio);
    let (json_object, json_schema) = match &request.response_format {
        Some(ResponseFormat::JsonObject { .. }) => (true, false),
        Some(ResponseFormat::JsonSchema { .. }) => (false, true),
        _ => (false, false),
    };
    let forced = request.tool_choice.as_ref().is_some_and(ToolChoice::forces_call);
    let forced_function = request.function_call.as_ref().is_some_and(|choice| choice.name().is_some());
    let asked = [
        (forced, "tool_choice", Capability::Tools),
        (forced_function, "function_call", Capability::Tools),
        (json_object, "response_format", Capability::JsonObject),
        (json_schema, "response_format", Capability::JsonSchema),
        (request.logprobs == Some(true), "logprobs", Capability::Logprobs),
        (audio, "modalities", Capability::AudioOutput),
        (request.web_search_options.is_some(), "web_search_options", Capability::WebSearch),
        (request.moderation.is_some(), "moderation", Capability::Moderation),
    ];
    match asked.into_iter().find(|(asked, _, capability)| *asked && !model.capabilities.has(*capability)) {
        Some((_, param, _)) => Err(Fault::unsupported(param)),
        None => Ok(()),
    }
}

/// Images, sound and files in messages; text every model takes.
fn parts(messages: &[Message], model: &ModelInfo) -> Result<(), Fault> {
    for (message_index, message) in messages.iter().enumerate() {
        let Message::User(message) = message else { continue };
        let Content::Parts(parts) = &message.content else { continue };
        for (index, part) in parts.iter().enumerate() {
            let (capability, kind) = match part {
                UserPart::ImageUrl(_) => (Capability::Vision, "image_url"),
                UserPart::InputAudio(_) => (Capability::AudioInput, "input_audio"),
                UserPart::File(_) => (Capability::Files, "file"),
                _ => continue,
            };
            if !model.capabilities.has(capability) {
                return Err(Fault::coded(
                    format!("messages[{message_index}].content[{index}].type"),
                    "unsupported_value",
                    format!("Unsupported value: '{kind}' is not supported with this model."),
                ));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
