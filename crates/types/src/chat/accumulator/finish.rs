//! Makes the parts of a whole answer of what was joined.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Unfinished;
use crate::{
    Extra,
    chat::{
        Choice, ChunkChoice, CustomCall, CustomCallDelta, CustomToolCall, Delta, FunctionCall,
        FunctionCallDelta, FunctionToolCall, ResponseMessage, Role, ToolCall, ToolCallDelta, ToolCallKind,
    },
};

pub(super) fn choice(mut whole: ChunkChoice) -> Result<Choice, Unfinished> {
    // A field of this name would stand twice.
    whole.extra.shift_remove("message");
    Ok(Choice {
        index: whole.index,
        message: message(whole.delta),
        logprobs: whole.logprobs,
        finish_reason: whole.finish_reason.ok_or(Unfinished::Choice(whole.index))?,
        extra: whole.extra,
    })
}

fn message(mut whole: Delta) -> ResponseMessage {
    ResponseMessage {
        role: whole.role.unwrap_or(Role::Assistant),
        content: whole.content,
        refusal: whole.refusal,
        reasoning_content: whole.reasoning_content,
        reasoning: whole.reasoning,
        tool_calls: whole.tool_calls.map(|calls| calls.into_iter().map(tool_call).collect()),
        annotations: take(&mut whole.extra, "annotations"),
        audio: take(&mut whole.extra, "audio"),
        function_call: whole.function_call.map(|call| Box::new(function_call(call))),
        extra: whole.extra,
    }
}

fn tool_call(whole: ToolCallDelta) -> ToolCall {
    let is_custom = match whole.kind {
        Some(ToolCallKind::Function) => false,
        Some(ToolCallKind::Custom) => true,
        Some(ToolCallKind::Other(_)) => return other_call(&whole),
        None => whole.function.is_none() && whole.custom.is_some(),
    };
    let (id, extra) = (whole.id.unwrap_or_default(), whole.extra);
    if is_custom {
        let custom = custom_call(whole.custom.unwrap_or_default());
        ToolCall::Custom(CustomToolCall { id, custom, extra })
    } else {
        let function = function_call(whole.function.unwrap_or_default());
        ToolCall::Function(FunctionToolCall { id, function, extra })
    }
}

fn function_call(whole: FunctionCallDelta) -> FunctionCall {
    FunctionCall {
        name: whole.name.unwrap_or_default(),
        arguments: whole.arguments.unwrap_or_default(),
        extra: whole.extra,
    }
}

fn custom_call(whole: CustomCallDelta) -> CustomCall {
    CustomCall {
        name: whole.name.unwrap_or_default(),
        input: whole.input.unwrap_or_default(),
        extra: whole.extra,
    }
}

/// A call of a kind that this version does not know: all of its delta but the index.
fn other_call(whole: &ToolCallDelta) -> ToolCall {
    let mut call = serde_json::to_value(whole).unwrap_or_default();
    if let Value::Object(call) = &mut call {
        call.shift_remove("index");
    }
    ToolCall::Other(call)
}

/// Takes a field that chunks do not know but answers do; of another form it is lost.
pub(super) fn take<T: DeserializeOwned>(extra: &mut Extra, name: &str) -> Option<T> {
    extra.shift_remove(name).and_then(|value| serde_json::from_value(value).ok()?)
}
