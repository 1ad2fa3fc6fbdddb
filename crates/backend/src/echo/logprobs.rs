//! How likely the echo says that its tokens were.

use antiphon_types::chat::{TokenLogprob, TopLogprob};

use super::Tokenizer;
use super::hash;

/// What else could have stood where a word stands; one more than can be asked for.
const WORDS: [&str; 21] = [
    "the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "was", "on", "as", "with", "be", "by",
    "at", "are", "this", "from", "or",
];

/// As many of the first tokens as are among the alternatives: they are the common ones.
const COMMON_TOKENS: u32 = 100_000;

/// A token with its log probability, and `top` of the likeliest at its place.
///
/// The same token is as likely at every place, and the likeliest: its probability is half or more, and each of the
/// others has half of what is left.
pub(super) fn token(tokenizer: Tokenizer, id: Option<u32>, bytes: &[u8], top: u32) -> TokenLogprob {
    let probability = 0.5 + 0.49 * hash::fraction(hash::of(bytes));
    let mut token = TokenLogprob::new(shown(bytes), probability.ln());
    token.bytes = Some(bytes.to_vec());
    let mut left = 1.0 - probability;
    let others = (1..).map_while(|place| other(tokenizer, id, bytes, place)).map(|other| {
        left /= 2.0;
        with_logprob(&other, left.ln())
    });
    let first = std::iter::once(with_logprob(bytes, token.logprob));
    token.top_logprobs = first.chain(others).take(top as usize).collect();
    token
}

fn with_logprob(bytes: &[u8], logprob: f64) -> TopLogprob {
    let mut token = TopLogprob::new(shown(bytes), logprob);
    token.bytes = Some(bytes.to_vec());
    token
}

/// Another token that could stand at the place of one, a different one for each number.
fn other(tokenizer: Tokenizer, id: Option<u32>, bytes: &[u8], number: u32) -> Option<Vec<u8>> {
    if let Some(id) = id {
        // By a prime, so that the first of them are all different.
        return tokenizer.bytes((id + number * 7_919) % COMMON_TOKENS).map(<[u8]>::to_vec);
    }
    let (word, space) = bytes.split_at(bytes.trim_ascii_end().len());
    let mut others = WORDS.iter().filter(|other| other.as_bytes() != word);
    others.nth(number as usize - 1).map(|word| [word.as_bytes(), space].concat())
}

/// The text of a token, as OpenAI writes it: a part of a character by its bytes.
fn shown(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().fold("bytes:".to_owned(), |shown, byte| format!("{shown}\\x{byte:02x}")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::pieces::Pieces;
    use super::*;
    use crate::Event;

    /// The text of the pieces, and their tokens.
    fn told(text: &str, tokenizer: Tokenizer, top: u32) -> (String, Vec<TokenLogprob>) {
        let (mut joined, mut tokens) = (String::new(), Vec::new());
        for piece in Pieces::tokens_with_logprobs(text.to_owned(), tokenizer, top) {
            if let Event::Text { text, logprobs: Some(of_piece), .. } = piece {
                joined.push_str(&text);
                tokens.extend(*of_piece);
            }
        }
        (joined, tokens)
    }

    #[test]
    fn part_of_a_character_is_shown_by_its_bytes() {
        let (_, tokens) = told("🦀", Tokenizer::O200kBase, 0);
        let shown: Vec<_> = tokens.iter().map(|token| &*token.token).collect();
        assert_eq!(shown, [r"bytes:\xf0\x9f", r"bytes:\xa6", r"bytes:\x80"]);
        assert_eq!(tokens[1].bytes, Some(vec![0xa6]));
    }

    #[test]
    fn words_have_words_beside_them() {
        let token = token(Tokenizer::Words, None, b"of ", 3);
        let texts: Vec<_> = token.top_logprobs.iter().map(|top| &*top.token).collect();
        assert_eq!(texts, ["of ", "the ", "and "]);
    }

    proptest! {
        #[test]
        fn tokens_are_the_text_and_the_likeliest(text in "\\PC{1,20}", top in 0_u32..=20) {
            for tokenizer in [Tokenizer::O200kBase, Tokenizer::Cl100kBase, Tokenizer::Words] {
                let (joined, tokens) = told(&text, tokenizer, top);
                prop_assert_eq!(&joined, &text);
                prop_assert_eq!(tokens.len() as u64, tokenizer.count(&text));
                let bytes: Vec<u8> = tokens.iter().filter_map(|token| token.bytes.clone()).flatten().collect();
                prop_assert_eq!(String::from_utf8(bytes), Ok(text.clone()));
                for token in tokens {
                    check(&token, top as usize)?;
                }
            }
        }
    }

    fn check(token: &TokenLogprob, top: usize) -> Result<(), TestCaseError> {
        let tops = &token.top_logprobs;
        prop_assert_eq!(tops.len(), top);
        let first = tops.first().map(|first| (&first.token, first.logprob.to_bits()));
        prop_assert!(first.is_none_or(|first| first == (&token.token, token.logprob.to_bits())));
        prop_assert!(tops.is_sorted_by(|one, other| one.logprob >= other.logprob));
        let texts: std::collections::BTreeSet<_> = tops.iter().map(|top| &top.token).collect();
        prop_assert_eq!(texts.len(), top);
        let all: f64 = tops.iter().map(|top| top.logprob.exp()).sum();
        prop_assert!(all <= 1.0 && token.logprob < 0.0 && tops.iter().all(|top| top.logprob.is_finite()));
        Ok(())
    }
}
