//! Fields that a backend adds to those of the API, in the objects of a chat's answer.

use antiphon_types::Extra;
use antiphon_types::chat::{Choice, Chunk, ChunkChoice, Completion, ResponseMessage};

use crate::extra::{OfChoice, take, without};

/// What the server says itself of the answer.
const ANSWER: [&str; 7] = ["id", "object", "created", "model", "choices", "usage", "obfuscation"];
/// What the encoders say of a choice.
const CHOICE: [&str; 5] = ["index", "delta", "message", "logprobs", "finish_reason"];
/// What the encoders say of a message.
const MESSAGE: [&str; 7] =
    ["role", "content", "refusal", "reasoning", "reasoning_content", "tool_calls", "function_call"];

/// Adds the fields of an answer to a chunk; those that the API has stand in all that follow.
pub(super) fn add_to_chunk(chunk: &mut Chunk, fields: Extra) {
    let mut fields = without(fields, &ANSWER);
    replace(&mut chunk.service_tier, take(&mut fields, "service_tier"));
    replace(&mut chunk.system_fingerprint, take(&mut fields, "system_fingerprint"));
    chunk.moderation = take(&mut fields, "moderation");
    chunk.extra = fields;
}

/// Adds the fields of a choice, and of its delta.
pub(super) fn add_to_delta(choice: &mut ChunkChoice, fields: OfChoice) {
    choice.extra = without(fields.choice, &CHOICE);
    choice.delta.extra = without(fields.message, &MESSAGE);
}

/// Adds the fields of an answer to a whole one.
pub(super) fn add_to_completion(completion: &mut Completion, fields: Extra) {
    let mut fields = without(fields, &ANSWER);
    replace(&mut completion.service_tier, take(&mut fields, "service_tier"));
    replace(&mut completion.system_fingerprint, take(&mut fields, "system_fingerprint"));
    completion.moderation = take(&mut fields, "moderation");
    completion.metadata = take(&mut fields, "metadata");
    completion.extra = fields;
}

/// Adds the fields of a whole choice.
pub(super) fn add_to_choice(choice: &mut Choice, fields: Extra) {
    choice.extra = without(fields, &CHOICE);
}

/// Adds the fields of a whole message.
pub(super) fn add_to_message(message: &mut ResponseMessage, fields: Extra) {
    let mut fields = without(fields, &MESSAGE);
    replace(&mut message.annotations, take(&mut fields, "annotations"));
    message.audio = take(&mut fields, "audio");
    message.extra = fields;
}

fn replace<T>(value: &mut Option<T>, by: Option<T>) {
    if by.is_some() {
        *value = by;
    }
}
