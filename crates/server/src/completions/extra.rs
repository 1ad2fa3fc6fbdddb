//! Fields that a backend adds to those of the API, in the objects of a legacy completion.

use antiphon_types::completions::Completion;
use antiphon_types::join_extra;

use crate::extra::{ANSWER, Waiting, set, without};

/// What the encoder says of a choice.
const CHOICE: [&str; 4] = ["index", "text", "logprobs", "finish_reason"];

/// Adds the fields that wait for a piece of this choice; the fingerprint stands in all that follow.
///
/// Those of a message, which has no other place here, are the choice's.
pub(super) fn add_to_piece(piece: &mut Completion, waiting: &mut Waiting) {
    let mut fields = without(waiting.answer(), &ANSWER);
    set(&mut piece.system_fingerprint, &mut fields, "system_fingerprint");
    piece.extra = fields;
    let Some(choice) = piece.choices.first_mut() else { return };
    if let Some(fields) = waiting.choice(choice.index) {
        choice.extra = without(fields.choice, &CHOICE);
        join_extra(&mut choice.extra, without(fields.message, &CHOICE));
    }
}
