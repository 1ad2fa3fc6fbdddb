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
    // Behind the last byte where there is none that differs.
    let find = |from: usize, is_it: fn(u8) -> bool| {
        bytes[from..].iter().position(|byte| is_it(*byte)).map_or(bytes.len(), |after| from + after)
    };
    let word = find(0, |byte| !is_space(byte));
    let space = find(word, |byte| is_space(byte) || !byte.is_ascii());
    let next = find(space, |byte| !is_space(byte));
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
#[inline]
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
    let begins = |before: u8, byte: u8| u8::from(is_space(before) & !is_space(byte));
    let Some((first, rest)) = text.split_first() else { return 0 };
    let mut words = usize::from(begins(b' ', *first));
    // As many at a time as a byte can count, so that the processor compares sixteen and more at once.
    for (before, letters) in text.chunks(255).zip(rest.chunks(255)) {
        let some: u8 = before.iter().zip(letters).map(|(before, letter)| begins(*before, *letter)).sum();
        words += usize::from(some);
    }
    words
}
