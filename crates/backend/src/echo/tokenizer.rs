//! How texts are split into tokens: as OpenAI's models do it, or at words.

use super::words;

/// What the echo takes for a token.
///
/// It decides what usage counts, what limits limit and what log probabilities are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tokenizer {
    /// The encoding of GPT-4o and of the models since.
    #[default]
    O200kBase,
    /// The encoding of GPT-4, of GPT-3.5 and of the third embedding models.
    Cl100kBase,
    /// Words, each with the white space after it; they have no ids.
    Words,
}

/// The beginning of a text that takes no more than a number of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Beginning {
    /// Its bytes: whole characters.
    pub(super) length: usize,
    pub(super) tokens: u64,
}

impl Tokenizer {
    /// Loads the encoding, once for the whole process.
    pub(super) fn load(self) {
        self.encoding();
    }

    fn encoding(self) -> Option<&'static bpe_openai::Tokenizer> {
        match self {
            Self::O200kBase => Some(bpe_openai::o200k_base()),
            Self::Cl100kBase => Some(bpe_openai::cl100k_base()),
            Self::Words => None,
        }
    }

    /// How many tokens a text has; the names of special tokens are plain text.
    pub(super) fn count(self, text: &str) -> u64 {
        match self.encoding() {
            Some(encoding) => encoding.count(text) as u64,
            None => words::count(text),
        }
    }

    /// The beginning of a text that takes at most `limit` tokens.
    ///
    /// Where the last of them ends within a character, it ends before that character.
    pub(super) fn beginning(self, text: &str, limit: u64) -> Beginning {
        let Some(encoding) = self.encoding() else { return words_within(text, limit) };
        let mut beginning = Beginning { length: 0, tokens: 0 };
        for piece in encoding.split(text) {
            let tokens = encoding.bpe.count(piece.as_bytes()) as u64;
            if beginning.tokens + tokens > limit {
                let ids = encoding.bpe.encode_via_backtracking(piece.as_bytes());
                return beginning.and(text, encoding, &ids, limit);
            }
            beginning.length += piece.len();
            beginning.tokens += tokens;
        }
        beginning
    }

    /// The ids of a text's tokens; empty where tokens have none.
    pub(super) fn encode(self, text: &str) -> Vec<u32> {
        self.encoding().map_or_else(Vec::new, |encoding| encoding.encode(text))
    }

    /// The bytes of tokens in a row; none where one of them is unknown.
    pub(super) fn decode(self, ids: &[u32]) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for id in ids {
            bytes.extend_from_slice(self.bytes(*id)?);
        }
        Some(bytes)
    }

    /// The bytes of a token, which may be part of a character; of a special one, its name.
    pub(super) fn bytes(self, id: u32) -> Option<&'static [u8]> {
        let encoding = self.encoding()?;
        if (id as usize) < encoding.bpe.num_tokens() {
            return Some(encoding.bpe.token_bytes(id));
        }
        let specials = match self {
            Self::O200kBase => O200K_SPECIALS,
            Self::Cl100kBase => CL100K_SPECIALS,
            Self::Words => &[],
        };
        specials.iter().find(|(special, _)| *special == id).map(|(_, name)| name.as_bytes())
    }
}

/// The tokens that no text has, which programs that send tokens put between texts.
const O200K_SPECIALS: &[(u32, &str)] = &[(199_999, "<|endoftext|>"), (200_018, "<|endofprompt|>")];

/// The same for the older encoding.
const CL100K_SPECIALS: &[(u32, &str)] = &[
    (100_257, "<|endoftext|>"),
    (100_258, "<|fim_prefix|>"),
    (100_259, "<|fim_middle|>"),
    (100_260, "<|fim_suffix|>"),
    (100_276, "<|endofprompt|>"),
];

impl Beginning {
    /// Goes on by those of the next tokens that fit, up to the end of a character.
    fn and(mut self, text: &str, encoding: &bpe_openai::Tokenizer, ids: &[u32], limit: u64) -> Self {
        let mut end = self;
        for id in ids {
            end.length += encoding.bpe.token_len(*id);
            end.tokens += 1;
            if end.tokens > limit {
                break;
            }
            if text.is_char_boundary(end.length) {
                self = end;
            }
        }
        self
    }
}

fn words_within(text: &str, limit: u64) -> Beginning {
    let mut beginning = Beginning { length: 0, tokens: 0 };
    while beginning.tokens < limit && beginning.length < text.len() {
        beginning.length += words::first(&text[beginning.length..]).len();
        beginning.tokens += 1;
    }
    beginning
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Tokenizer; 3] = [Tokenizer::O200kBase, Tokenizer::Cl100kBase, Tokenizer::Words];

    /// Compares the beginnings of a text with one more token each.
    fn check(tokenizer: Tokenizer, text: &str, beginnings: &[&str]) {
        let found: Vec<_> = (1..=beginnings.len() as u64)
            .map(|limit| &text[..tokenizer.beginning(text, limit).length])
            .collect();
        assert_eq!(found, beginnings);
    }

    #[test]
    fn beginning_ends_at_a_token_and_never_within_a_character() {
        check(Tokenizer::O200kBase, "Say this is", &["Say", "Say this", "Say this is"]);
        check(Tokenizer::Words, "Say this is", &["Say ", "Say this ", "Say this is"]);
        // The crab is three tokens.
        assert_eq!(Tokenizer::O200kBase.count("🦀!"), 4);
        check(Tokenizer::O200kBase, "🦀!", &["", "", "🦀", "🦀!"]);
    }

    #[test]
    fn ids_are_those_of_openai_and_specials_have_their_names() {
        assert_eq!(Tokenizer::Cl100kBase.encode("hello world"), [15_339, 1_917]);
        assert_eq!(Tokenizer::O200kBase.encode("hello world"), [24_912, 2_375]);
        let decoded = Tokenizer::Cl100kBase.decode(&[15_339, 100_257]);
        assert_eq!(decoded.as_deref(), Some(&b"hello<|endoftext|>"[..]));
        assert_eq!(Tokenizer::O200kBase.decode(&[24_912, 5_000_000]), None);
        assert_eq!(Tokenizer::Words.decode(&[1]), None);
    }

    /// Texts of all kinds of characters: words, numbers, white space, contractions, other scripts, symbols.
    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-zA-Z' ]{0,40}",
            "[ \\t\\r\\n\u{a0}\u{3000}a1.]{0,40}",
            "\\PC{0,40}",
            "[\u{4e00}-\u{4fff}\u{600}-\u{6ff}\u{900}-\u{97f}🦀é0-9]{0,20}",
            any::<String>(),
        ]
    }

    proptest! {
        #[test]
        fn tokens_are_those_of_tiktoken(text in texts()) {
            let theirs = tiktoken_rs::o200k_base_singleton().encode_ordinary(&text);
            prop_assert_eq!(Tokenizer::O200kBase.count(&text), theirs.len() as u64);
            prop_assert_eq!(Tokenizer::O200kBase.encode(&text), theirs);
            let theirs = tiktoken_rs::cl100k_base_singleton().encode_ordinary(&text);
            prop_assert_eq!(Tokenizer::Cl100kBase.encode(&text), theirs);
        }

        #[test]
        fn beginning_is_the_longest_of_whole_characters(text in texts(), limit in 0_u64..12) {
            for tokenizer in ALL {
                let Beginning { length, tokens } = tokenizer.beginning(&text, limit);
                prop_assert!(text.is_char_boundary(length) && tokens <= limit);
                let whole = tokenizer.count(&text) <= limit;
                prop_assert_eq!(length == text.len(), whole);
                if whole {
                    prop_assert_eq!(tokens, tokenizer.count(&text));
                }
            }
        }

        #[test]
        fn decoded_tokens_are_the_text(text in texts()) {
            for tokenizer in [Tokenizer::O200kBase, Tokenizer::Cl100kBase] {
                let decoded = tokenizer.decode(&tokenizer.encode(&text));
                prop_assert_eq!(decoded.as_deref(), Some(text.as_bytes()));
            }
        }
    }
}
