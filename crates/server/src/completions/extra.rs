//! Fields that a backend adds to those of the API, in the objects of a legacy completion.

use antiphon_types::completions::{Choice, Completion};
use antiphon_types::{Extra, join_extra};

use crate::extra::{OfChoice, take, without};

/// What the server says itself of the answer.
const ANSWER: [&str; 7] = ["id", "object", "created", "model", "choices", "usage", "obfuscation"];
/// What the encoder says of a choice.
const CHOICE: [&str; 4] = ["index", "text", "logprobs", "finish_reason"];

/// Adds the fields of an answer; the fingerprint stands in all pieces that follow.
pub(super) fn add_to_piece(piece: &mut Completion, fields: Extra) {
    let mut fields = without(fields, &ANSWER);
    if let Some(fingerprint) = take(&mut fields, "system_fingerprint") {
        piece.system_fingerprint = Some(fingerprint);
    }
    piece.extra = fields;
}

/// Adds the fields of a choice, and those of its message, which has no other place here.
pub(super) fn add_to_choice(choice: &mut Choice, fields: OfChoice) {
    choice.extra = without(fields.choice, &CHOICE);
    join_extra(&mut choice.extra, without(fields.message, &CHOICE));
}
