//! Fields that a backend adds to those of the API, in the objects of a chat's answer.

use antiphon_types::Extra;
use antiphon_types::chat::{Choice, Chunk, Completion, ResponseMessage, ToolCall, ToolCallDelta};

use crate::extra::{ANSWER, Waiting, set, without};

/// What the encoders say of a choice.
const CHOICE: [&str; 5] = ["index", "delta", "message", "logprobs", "finish_reason"];
/// What the encoders say of a message.
const MESSAGE: [&str; 7] =
    ["role", "content", "refusal", "reasoning", "reasoning_content", "tool_calls", "function_call"];
/// What the encoders say of a call.
const CALL: [&str; 5] = ["index", "id", "type", "function", "custom"];

/// Adds the fields that wait for a chunk of this choice; the tier and the fingerprint stand in all that follow.
pub(super) fn add_to_chunk(chunk: &mut Chunk, waiting: &mut Waiting) {
    let mut fields = without(waiting.answer(), &ANSWER);
    set(&mut chunk.service_tier, &mut fields, "service_tier");
    set(&mut chunk.system_fingerprint, &mut fields, "system_fingerprint");
    set(&mut chunk.moderation, &mut fields, "moderation");
    chunk.extra = fields;
    let Some(choice) = chunk.choices.first_mut() else { return };
    if let Some(fields) = waiting.choice(choice.index) {
        choice.extra = without(fields.choice, &CHOICE);
        choice.delta.extra = without(fields.message, &MESSAGE);
    }
}

/// Adds the fields of a call to a delta of it.
pub(super) fn add_to_delta(delta: &mut ToolCallDelta, fields: Extra) {
    delta.extra = without(fields, &CALL);
}

/// Adds the fields of an answer to a whole one.
pub(super) fn add_to_completion(completion: &mut Completion, fields: Extra) {
    let mut fields = without(fields, &ANSWER);
    set(&mut completion.service_tier, &mut fields, "service_tier");
    set(&mut completion.system_fingerprint, &mut fields, "system_fingerprint");
    set(&mut completion.moderation, &mut fields, "moderation");
    set(&mut completion.metadata, &mut fields, "metadata");
    completion.extra = fields;
}

/// Adds the fields of a whole choice.
pub(super) fn add_to_choice(choice: &mut Choice, fields: Extra) {
    choice.extra = without(fields, &CHOICE);
}

/// Adds the fields of a whole message.
pub(super) fn add_to_message(message: &mut ResponseMessage, fields: Extra) {
    let mut fields = without(fields, &MESSAGE);
    set(&mut message.annotations, &mut fields, "annotations");
    set(&mut message.audio, &mut fields, "audio");
    message.extra = fields;
}

/// Adds the fields of a whole call.
pub(super) fn add_to_call(call: &mut ToolCall, fields: Extra) {
    match call {
        ToolCall::Function(call) => call.extra = without(fields, &CALL),
        ToolCall::Custom(call) => call.extra = without(fields, &CALL),
        _ => {}
    }
}
