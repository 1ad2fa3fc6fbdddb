//! The check that a model which must call a tool does.

use antiphon_types::chat::{self, FinishReason, Tool, ToolChoice, ToolChoiceMode};

use super::{Failure, Probe};
use crate::Capability;
use crate::adapt::WholeChoice;

/// A model that must call a tool calls it.
///
/// That is for models that declare [`Tools`](crate::Capability::Tools): with a `tool_choice` of `required`, and
/// with one that names the first tool; or with that of the template alone, where it forces a call. A choice that
/// the token limit cuts before anything but reasoning passes.
///
/// # Errors
/// The choice without the call, or with another; or why there is no answer.
pub async fn forced_calls(probe: &Probe) -> Result<(), Failure> {
    if !probe.model.has(Capability::Tools) {
        return Ok(());
    }
    let mut request = probe.request("What is the weather now?");
    request.n = Some(probe.choices());
    if !probe.offers_tools() {
        request.tools = Some(vec![weather()]);
    }
    for tool_choice in forcing(&request) {
        request.tool_choice = Some(tool_choice.clone());
        let whole = probe.answer(request.clone()).await?;
        if let Some(choice) = whole.choices.iter().find(|choice| !obeys(choice, tool_choice.name())) {
            return Err(Failure(format!("with {tool_choice:?}, the answer was {choice:?}")));
        }
    }
    Ok(())
}

/// The tool that is offered where the template has none.
pub(super) fn weather() -> Tool {
    chat::Function::new("get_weather").description("Tells the weather here and now.").into()
}

/// What forces a call: the template's own, or else all that can.
fn forcing(request: &chat::Request) -> Vec<ToolChoice> {
    if let Some(own) = request.tool_choice.as_ref().filter(|own| own.forces_call()) {
        return vec![own.clone()];
    }
    let named = request.tools.iter().flatten().find_map(|tool| match tool {
        Tool::Function(tool) => Some(ToolChoice::function(&*tool.function.name)),
        Tool::Custom(tool) => Some(ToolChoice::custom(&*tool.custom.name)),
        _ => None,
    });
    std::iter::once(ToolChoiceMode::Required.into()).chain(named).collect()
}

fn obeys(choice: &WholeChoice, name: Option<&str>) -> bool {
    if choice.tool_calls.is_empty() {
        return choice.finish == FinishReason::Length && choice.text.is_empty();
    }
    choice.tool_calls.iter().all(|call| name.is_none_or(|name| call.name == name))
}
