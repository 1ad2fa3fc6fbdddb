//! Splits text into words, each with the white space that follows it.

/// The first word of a text, with the white space around it; empty for an empty text.
pub(super) fn first(text: &str) -> &str {
    first_ascii(text).unwrap_or_else(|| first_of_any(text))
}

/// The same, where the word and the letter behind it are ASCII, as most are.
fn first_ascii(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let skip = |from: usize, over_space: bool| {
        let rest = bytes.get(from..)?.iter();
        let length = rest.take_while(|byte| byte.is_ascii() && is_space(**byte) == over_space).count();
        Some(from + length)
    };
    let next = skip(skip(skip(0, true)?, false)?, true)?;
    bytes.get(next).is_none_or(u8::is_ascii).then(|| text.get(..next)).flatten()
}

fn first_of_any(text: &str) -> &str {
    let (mut is_in_word, mut is_behind_it) = (false, false);
    for (at, character) in text.char_indices() {
        if character.is_whitespace() {
            is_behind_it = is_in_word;
        } else if is_behind_it {
            return &text[..at];
        } else {
            is_in_word = true;
        }
    }
    text
}

/// The white space of Unicode that is ASCII.
fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

/// How many words a text has; one of nothing but white space has one.
pub(super) fn count(text: &str) -> u64 {
    let words = if text.is_ascii() { count_ascii(text.as_bytes()) } else { text.split_whitespace().count() };
    words.max(usize::from(!text.is_empty())) as u64
}

/// Counts the first letters of words: each follows white space, or nothing.
fn count_ascii(text: &[u8]) -> usize {
    let mut words = 0;
    let mut is_behind_space = true;
    for byte in text {
        let is_space = is_space(*byte);
        words += usize::from(is_behind_space && !is_space);
        is_behind_space = is_space;
    }
    words
}
