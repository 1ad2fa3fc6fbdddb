//! From a collected answer to the one JSON object of a client that does not stream.

use antiphon_backend::ToolKind;
use antiphon_backend::adapt::{Whole, WholeChoice, WholeToolCall};
use antiphon_types::chat::{Choice, Completion, FunctionCall, ResponseMessage, ToolCall};

use super::calls::Calls;
use super::extra::{add_to_call, add_to_choice, add_to_completion, add_to_message};
use crate::identifier;

/// Fills `completion`, which has the answer's id, time and model.
pub(super) fn complete(mut completion: Completion, whole: Whole, calls: Calls) -> Completion {
    let choices = (0..).zip(whole.choices);
    completion.choices = choices.map(|(index, whole)| choice(index, whole, calls)).collect();
    completion.usage = whole.usage;
    add_to_completion(&mut completion, whole.extra);
    completion
}

fn choice(index: u32, whole: WholeChoice, calls: Calls) -> Choice {
    let called = !whole.tool_calls.is_empty();
    let refused = !whole.refusal.is_empty();
    let mut message = ResponseMessage::assistant();
    // An answer that only calls tools, or only refuses, has no content; one that says nothing has an empty one.
    message.content = (!whole.text.is_empty() || !(called || refused)).then_some(whole.text);
    message.refusal = refused.then_some(whole.refusal);
    if !whole.reasoning.is_empty() {
        message.reasoning_content = Some(whole.reasoning.clone());
        message.reasoning = Some(whole.reasoning);
    }
    let mut made = whole.tool_calls.into_iter();
    match calls {
        Calls::Tools => message.tool_calls = called.then(|| made.map(tool_call).collect()),
        Calls::Function => message.function_call = made.next().map(function_call).map(Box::new),
    }
    message.annotations = Some(Vec::new());
    add_to_message(&mut message, whole.message_extra);
    let mut choice = Choice::new(index, message, calls.finish_reason(whole.finish, called));
    choice.logprobs = whole.logprobs;
    add_to_choice(&mut choice, whole.extra);
    choice
}

fn tool_call(call: WholeToolCall) -> ToolCall {
    let id = call.id.unwrap_or_else(identifier::tool_call);
    let mut made = match call.kind {
        ToolKind::Function => ToolCall::function(id, call.name, call.arguments),
        ToolKind::Custom => ToolCall::custom(id, call.name, call.arguments),
    };
    add_to_call(&mut made, call.extra);
    made
}

fn function_call(call: WholeToolCall) -> FunctionCall {
    FunctionCall::new(call.name, call.arguments)
}
