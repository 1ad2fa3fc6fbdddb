//! Cuts a text into the pieces that its events are.

use std::vec;

use antiphon_types::chat::TokenLogprob;

use super::{Tokenizer, logprobs, words};
use crate::Event;

/// How many characters of a call's arguments come at once where tokens are words, which arguments may not have.
const LETTERS: usize = 8;

/// Yields a text as events, piece by piece.
pub(super) struct Pieces {
    text: String,
    /// The bytes that have been yielded.
    yielded: usize,
    cut: Cut,
}

/// Where a text is cut.
enum Cut {
    /// Behind the white space after a word.
    Words,
    /// Behind a number of characters.
    Letters,
    /// Behind a token; where it ends within a character, behind those that make it whole.
    Tokens { tokenizer: Tokenizer, ids: vec::IntoIter<u32>, top: Option<u32> },
    /// Nowhere: with all tokens.
    Nowhere { logprobs: Option<Vec<TokenLogprob>> },
}

impl Pieces {
    pub(super) fn words(text: String) -> Self {
        Self { text, yielded: 0, cut: Cut::Words }
    }

    pub(super) fn tokens(text: String, tokenizer: Tokenizer) -> Self {
        let ids = tokenizer.encode(&text).into_iter();
        Self { text, yielded: 0, cut: Cut::Tokens { tokenizer, ids, top: None } }
    }

    /// With the log probability of each token, and `top` of the likeliest at its place.
    pub(super) fn tokens_with_logprobs(text: String, tokenizer: Tokenizer, top: u32) -> Self {
        let ids = tokenizer.encode(&text);
        Self::of_ids(text, ids, tokenizer, top)
    }

    /// The same for a text that was given as tokens, which are not always those that it would be made of.
    pub(super) fn of_ids(text: String, ids: Vec<u32>, tokenizer: Tokenizer, top: u32) -> Self {
        Self { text, yielded: 0, cut: Cut::Tokens { tokenizer, ids: ids.into_iter(), top: Some(top) } }
    }

    /// For the arguments of a call: by tokens, or else by characters.
    pub(super) fn arguments(text: String, tokenizer: Tokenizer) -> Self {
        match tokenizer {
            Tokenizer::Words => Self { text, yielded: 0, cut: Cut::Letters },
            tokenizer => Self::tokens(text, tokenizer),
        }
    }

    /// The whole text in one piece.
    pub(super) fn whole(text: String) -> Self {
        Self { text, yielded: 0, cut: Cut::Nowhere { logprobs: None } }
    }

    /// The same, with the tokens of all pieces.
    pub(super) fn joined(self) -> Self {
        let text = self.text.clone();
        let tokens = self.filter_map(|piece| match piece {
            Event::Text { logprobs, .. } => logprobs,
            _ => None,
        });
        let logprobs = Some(tokens.flat_map(|tokens| *tokens).collect());
        Self { text, yielded: 0, cut: Cut::Nowhere { logprobs } }
    }
}

impl Iterator for Pieces {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let rest = self.text.get(self.yielded..).filter(|rest| !rest.is_empty())?;
        let (length, logprobs) = match &mut self.cut {
            Cut::Words => (words::first(rest).len(), None),
            Cut::Letters => (rest.char_indices().nth(LETTERS).map_or(rest.len(), |(end, _)| end), None),
            Cut::Tokens { tokenizer, ids, top } => whole_token(rest, *tokenizer, ids, *top),
            Cut::Nowhere { logprobs } => (rest.len(), logprobs.take()),
        };
        self.yielded += length;
        let piece = Event::text(&rest[..length]);
        Some(match logprobs {
            Some(tokens) => piece.with_logprobs(tokens),
            None => piece,
        })
    }
}

/// The length of the first token, or of the first ones that make a character whole, and their log probabilities.
fn whole_token(
    rest: &str,
    tokenizer: Tokenizer,
    ids: &mut vec::IntoIter<u32>,
    top: Option<u32>,
) -> (usize, Option<Vec<TokenLogprob>>) {
    let mut length = 0;
    let mut logprobs = top.map(|_| Vec::new());
    loop {
        let id = ids.next();
        let bytes = match id {
            Some(id) => tokenizer.bytes(id).unwrap_or_default(),
            None => words::first(&rest[length..]).as_bytes(),
        };
        if let (Some(logprobs), Some(top)) = (&mut logprobs, top) {
            logprobs.push(logprobs::token(tokenizer, id, bytes, top));
        }
        length += bytes.len();
        if rest.is_char_boundary(length) {
            return (length, logprobs);
        }
    }
}
