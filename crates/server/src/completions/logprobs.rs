//! The tokens of a choice in the form of old: lists side by side, and where in the text each token begins.

use antiphon_types::chat::TokenLogprob;
use antiphon_types::completions::{Logprobs, Request};
use antiphon_types::{TextInput, TextInputItem};

/// Where the next token of a choice begins.
#[derive(Clone, Debug)]
pub(super) struct Position {
    /// In characters, from the beginning of the prompt.
    offset: u64,
    /// Whether the next token is the prompt's first, before which nothing stands that could make it likely.
    first: bool,
}

/// The position of each choice, at its number; `None` where log probabilities are not asked for.
///
/// The prompt counts. Where it is not echoed, and is given as tokens, its length is not known: such a choice begins at 0.
pub(super) fn positions(request: &Request) -> Vec<Option<Position>> {
    let prompts = request.prompt.iter().flat_map(TextInput::iter);
    let mut offsets: Vec<u64> = prompts
        .map(|prompt| match prompt {
            TextInputItem::Text(text) if !request.echoes() => characters(text.as_bytes()),
            _ => 0,
        })
        .collect();
    if offsets.is_empty() {
        offsets.push(0);
    }
    let position = |offset| request.logprobs.map(|_| Position { offset, first: request.echoes() });
    let choices = request.choices() as usize;
    offsets.into_iter().flat_map(|offset| std::iter::repeat_n(position(offset), choices)).collect()
}

impl Position {
    /// Tells the tokens of the choice's next text, and moves behind it.
    pub(super) fn tell(&mut self, text: &str, tokens: Option<Vec<TokenLogprob>>) -> Option<Logprobs> {
        let mut offset = self.offset;
        self.offset += characters(text.as_bytes());
        let mut logprobs = Logprobs::default();
        for token in tokens? {
            // A token of a part of a character begins where the next whole one does.
            let length = characters(token.bytes.as_deref().unwrap_or(token.token.as_bytes()));
            logprobs.push(token, offset);
            offset += length;
            if std::mem::take(&mut self.first) {
                logprobs.token_logprobs[0] = None;
                logprobs.top_logprobs.iter_mut().flatten().for_each(|top| *top = None);
            }
        }
        Some(logprobs)
    }
}

/// Adds the tokens of a later piece of a choice to those before it.
pub(super) fn join(before: &mut Logprobs, mut piece: Logprobs) {
    if before.top_logprobs.is_some() || piece.top_logprobs.is_some() {
        let tops = before.top_logprobs.get_or_insert_default();
        tops.resize(before.tokens.len(), None);
        tops.extend(piece.top_logprobs.take().unwrap_or_default());
        tops.resize(before.tokens.len() + piece.tokens.len(), None);
    }
    before.tokens.append(&mut piece.tokens);
    before.token_logprobs.append(&mut piece.token_logprobs);
    before.text_offset.append(&mut piece.text_offset);
}

/// How many characters begin in these bytes.
fn characters(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count() as u64
}

#[cfg(test)]
mod tests {
    use antiphon_types::chat::TopLogprob;
    use serde_json::{Value, json};

    use super::*;

    /// The lists of a choice's pieces, joined: tokens, logprobs, tops, offsets.
    fn told(request: &Request, pieces: &[(&str, &[&str])]) -> Value {
        let mut position = positions(request).pop().flatten().expect("a choice with logprobs");
        let mut all = Logprobs::default();
        for (text, tokens) in pieces {
            let tokens = tokens.iter().map(|token| {
                let mut likely = TokenLogprob::new(*token, -0.5);
                likely.top_logprobs = vec![TopLogprob::new(*token, -0.5)];
                likely
            });
            let piece = position.tell(text, Some(tokens.collect())).expect("tokens are told");
            join(&mut all, piece);
        }
        json!([all.tokens, all.token_logprobs, all.top_logprobs, all.text_offset])
    }

    #[test]
    fn offsets_are_counted_in_characters_behind_the_prompt() {
        let request = Request::new("m", "né").logprobs(1);
        assert_eq!(
            told(&request, &[("ça ", &["ç", "a "]), ("va", &["va"])]),
            json!([["ç", "a ", "va"], [-0.5, -0.5, -0.5], [{"ç": -0.5}, {"a ": -0.5}, {"va": -0.5}], [2, 3, 5]]),
        );
        assert_eq!(told(&Request::new("m", vec![7, 8]).logprobs(1), &[("a", &["a"])])[3], json!([0]));
    }

    #[test]
    fn echoed_prompt_begins_at_0_and_its_first_token_is_unlikely_by_nothing() {
        let request = Request::new("m", "ab").logprobs(1).echo();
        assert_eq!(
            told(&request, &[("ab", &["a", "b"]), ("c", &["c"])]),
            json!([["a", "b", "c"], [null, -0.5, -0.5], [null, {"b": -0.5}, {"c": -0.5}], [0, 1, 2]]),
        );
        assert_eq!(
            told(&request, &[("a", &["a"]), ("b", &["b"])]),
            json!([["a", "b"], [null, -0.5], [null, {"b": -0.5}], [0, 1]]),
        );
    }

    #[test]
    fn tokens_of_parts_of_a_character_begin_where_it_ends() {
        let mut position = positions(&Request::new("m", "").logprobs(0)).pop().flatten().expect("a choice");
        let part = |bytes: &[u8]| {
            let mut token = TokenLogprob::new("\u{fffd}", -0.5);
            token.bytes = Some(bytes.to_vec());
            token
        };
        let tokens = vec![part(&[0xf0, 0x9f]), part(&[0x98, 0x80]), TokenLogprob::new("!", -0.5)];
        let logprobs = position.tell("😀!", Some(tokens)).expect("tokens are told");
        assert_eq!((logprobs.text_offset, logprobs.top_logprobs), (vec![0, 1, 1], None));
        assert_eq!(position.offset, 2);
    }

    #[test]
    fn each_choice_has_the_position_of_its_prompt() {
        let offsets = |request: &Request| -> Vec<Option<u64>> {
            positions(request).into_iter().map(|position| position.map(|position| position.offset)).collect()
        };
        let request = Request::new("m", ["a", "bc"]).n(2);
        assert_eq!(offsets(&request), [None; 4]);
        assert_eq!(offsets(&request.logprobs(0)), [1, 1, 2, 2].map(Some));
        let mut absent = Request::new("m", "").n(2);
        absent.prompt = None;
        assert_eq!(offsets(&absent), [None; 2]);
    }
}
