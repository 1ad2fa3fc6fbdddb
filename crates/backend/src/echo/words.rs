//! Splits text into words, each with the white space that follows it.

/// The first word of a text, with the white space around it; empty for an empty text.
#[inline]
pub(super) fn first(text: &str) -> &str {
    first_ascii(text).unwrap_or_else(|| first_of_any(text))
}

/// The same, where the word and the letter behind it are ASCII, as most are.
#[inline]
fn first_ascii(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let skip = |mut at: usize, over_space: bool| {
        while let Some(byte) = bytes.get(at)
            && byte.is_ascii()
            && is_space(*byte) == over_space
        {
            at += 1;
        }
        at
    };
    let next = skip(skip(skip(0, true), false), true);
    bytes.get(next).is_none_or(u8::is_ascii).then(|| &text[..next])
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
    let begins = |before: u8, byte: u8| usize::from(is_space(before) && !is_space(byte));
    let first = text.first().map_or(0, |byte| begins(b' ', *byte));
    // Of neighbours, and not of what was last seen: so many of them are compared at once.
    first + text.iter().zip(text.iter().skip(1)).map(|(before, byte)| begins(*before, *byte)).sum::<usize>()
}
