//! Text that has come and is not decided upon, with the log probabilities of its tokens.

use std::collections::VecDeque;

use antiphon_backend::Event;
use antiphon_backend::chat::TokenLogprob;

/// The text that is held back.
#[derive(Debug, Default)]
pub(crate) struct Held {
    text: String,
    /// How much of the text has been let go already.
    gone: usize,
    /// How much was let go before, since the start of the answer.
    before: usize,
    /// The tokens, each with where it ends in the answer.
    tokens: VecDeque<(usize, TokenLogprob)>,
}

impl Held {
    pub(crate) fn push(&mut self, text: &str, logprobs: Option<Vec<TokenLogprob>>) {
        let mut end = self.before + self.text.len();
        self.text.push_str(text);
        let last = self.before + self.text.len();
        for token in logprobs.into_iter().flatten() {
            // A token's text may be longer than what is sent of it, where it splits a character.
            end = (end + token.token.len()).min(last);
            self.tokens.push_back((end, token));
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text[self.gone..]
    }

    /// Lets go of the first bytes as text of the answer.
    pub(crate) fn emit(&mut self, length: usize, events: &mut impl Extend<Event>) {
        if length == 0 {
            return;
        }
        let event = Event::text(&self.text()[..length]);
        let tokens = self.drop_front(length);
        events.extend([if tokens.is_empty() { event } else { event.with_logprobs(tokens) }]);
    }

    /// Lets go of the first bytes, which are no text.
    pub(crate) fn swallow(&mut self, length: usize) {
        self.drop_front(length);
    }

    fn drop_front(&mut self, length: usize) -> Vec<TokenLogprob> {
        self.gone += length;
        let end = self.before + self.gone;
        let count = self.tokens.iter().take_while(|(token_end, _)| *token_end <= end).count();
        self.tokens.drain(..count).map(|(_, token)| token).collect()
    }

    /// Frees the room of what has been let go.
    ///
    /// Once a piece, so that a long piece is moved but once.
    pub(crate) fn tidy(&mut self) {
        self.before += self.gone;
        self.text.drain(..self.gone);
        self.gone = 0;
    }
}
