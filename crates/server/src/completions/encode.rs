//! From events to the pieces of a stream: texts, the finish, the usage.
//!
//! Pure: events go in, typed pieces come out, and no HTTP is near.

use antiphon_backend::Event;
use antiphon_types::Usage;
use antiphon_types::chat::FinishReason;
use antiphon_types::completions::{Choice, Completion};

use super::extra::add_to_piece;
use super::logprobs::Position;
use crate::extra::Waiting;
use crate::stream::{Encode, Options};

/// Encodes one answer.
///
/// One piece is kept and changed from event to event, so that its id, model and the rest are built once.
#[derive(Debug)]
pub(super) struct Encoder {
    piece: Completion,
    options: Options,
    choices: Vec<Progress>,
    usage: Option<Usage>,
    waiting: Option<Waiting>,
}

/// What has been sent of one choice.
#[derive(Debug)]
struct Progress {
    finished: bool,
    /// `None` where log probabilities are not asked for.
    position: Option<Position>,
}

impl Encoder {
    /// Encodes into copies of `piece`, which has the answer's id, time and model; there is a position for each choice.
    pub(super) fn new(mut piece: Completion, positions: Vec<Option<Position>>, options: Options) -> Self {
        piece.usage = options.usage.then_some(None);
        piece.choices = vec![Choice::new(0, "")];
        let begun = |position| Progress { finished: false, position };
        let choices = positions.into_iter().map(begun).collect();
        Self { piece, options, choices, usage: None, waiting: None }
    }
}

impl Encode for Encoder {
    type Chunk = Completion;

    const TEXT: &'static str = "text";

    fn choices(&self) -> usize {
        self.choices.len()
    }

    fn event(&mut self, event: Event, send: impl FnMut(&Completion)) {
        match event {
            // There is no field for a refusal, and it is what the model says.
            Event::Text { choice, text, logprobs } | Event::Refusal { choice, text, logprobs } => {
                let progress = self.choices.get_mut(choice as usize);
                let position = progress.and_then(|progress| progress.position.as_mut());
                let logprobs = position.and_then(|at| at.tell(&text, logprobs.map(|tokens| *tokens)));
                let mut piece = Choice::new(choice, text);
                piece.logprobs = logprobs;
                self.send(piece, send);
            }
            Event::Finish { choice, reason } => {
                if let Some(progress) = self.choices.get_mut(choice as usize) {
                    progress.finished = true;
                }
                self.send(Choice::new(choice, "").finish_reason(finish_reason(reason)), send);
            }
            Event::Usage(usage) => self.usage = Some(*usage),
            Event::Extra { place, fields } => self.waiting.get_or_insert_default().add(place, *fields),
            // Nor is there one for reasoning, nor a tool to call.
            _ => {}
        }
    }

    /// Sends the usage, where it is wanted.
    fn end(&mut self, send: impl FnMut(&Completion)) {
        if let Some(usage) = self.usage.take().filter(|_| self.options.usage) {
            self.piece.choices.clear();
            self.piece.usage = Some(Some(usage));
            self.emit(send);
        }
    }

    fn keep_alive(&mut self, send: impl FnMut(&Completion)) {
        let going_on = self.choices.iter().zip(0..).find(|(progress, _)| !progress.finished);
        if let Some((_, index)) = going_on {
            self.send(Choice::new(index, ""), send);
        }
    }

    fn empty_text(&mut self, choice: u32) -> Option<&Completion> {
        let progress = self.choices.get(choice as usize)?;
        if progress.position.is_some() {
            return None;
        }
        self.piece.choices[0] = Choice::new(choice, "");
        Some(&self.piece)
    }
}

impl Encoder {
    fn send(&mut self, choice: Choice, send: impl FnMut(&Completion)) {
        self.piece.choices[0] = choice;
        self.emit(send);
    }

    /// Sends the piece as it stands.
    fn emit(&mut self, mut send: impl FnMut(&Completion)) {
        if let Some(waiting) = &mut self.waiting {
            add_to_piece(&mut self.piece, waiting);
        }
        send(&self.piece);
        self.piece.extra.clear();
    }
}

/// The reason of a choice's end on the wire, one of the three that there are here.
fn finish_reason(reason: FinishReason) -> FinishReason {
    match reason {
        FinishReason::Length | FinishReason::ContentFilter => reason,
        // What a model ends by beside these, such as its own token for the end, is an end like any other.
        _ => FinishReason::Stop,
    }
}

#[cfg(test)]
mod tests;
