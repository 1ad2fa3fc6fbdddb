//! Splits text into words, each with the white space that follows it.

/// The first word of a text, with the white space around it; empty for an empty text.
pub(super) fn first(text: &str) -> &str {
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

/// How many words a text has; one of nothing but white space has one.
pub(super) fn count(text: &str) -> u64 {
    let words = text.split_whitespace().count().max(usize::from(!text.is_empty()));
    words as u64
}
