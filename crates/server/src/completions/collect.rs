//! From the events of an answer to the one JSON object of a client that does not stream.
//!
//! It is joined of the pieces that a stream would have sent: what tells where tokens begin is lost in a text that is whole.

use antiphon_backend::BackendError;
use antiphon_types::completions::{Choice, Completion};
use antiphon_types::join_extra;
use futures_util::StreamExt;

use super::encode::Encoder;
use super::logprobs::{self, Position};
use crate::observe::Watched;
use crate::stream::{Encode, Options};

/// Fills `completion`, which has the answer's id, time and model; there is a position for each choice.
///
/// # Errors
/// The first of the events' own.
pub(super) async fn complete(
    mut completion: Completion,
    mut events: Watched,
    positions: Vec<Option<Position>>,
) -> Result<Completion, BackendError> {
    let choices = (0..).zip(&positions).map(|(index, _)| Choice::new(index, "")).collect();
    let options = Options { usage: true, ..Options::default() };
    let mut encoder = Encoder::new(completion.clone(), positions, options);
    completion.choices = choices;
    while let Some(event) = events.next().await {
        encoder.event(event?, |piece| add(&mut completion, piece));
    }
    encoder.end(|piece| {
        completion.usage.clone_from(&piece.usage);
        completion.extra.extend(piece.extra.clone());
    });
    Ok(completion)
}

/// Adds what a piece says.
fn add(completion: &mut Completion, piece: &Completion) {
    completion.system_fingerprint.clone_from(&piece.system_fingerprint);
    completion.extra.extend(piece.extra.clone());
    for said in &piece.choices {
        let Some(choice) = completion.choices.get_mut(said.index as usize) else { continue };
        choice.text.push_str(&said.text);
        choice.finish_reason.clone_from(&said.finish_reason);
        join_extra(&mut choice.extra, said.extra.clone());
        if let Some(tokens) = &said.logprobs {
            logprobs::join(choice.logprobs.get_or_insert_default(), tokens.clone());
        }
    }
}

#[cfg(test)]
mod tests;
