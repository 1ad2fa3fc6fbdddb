//! Makes whole characters of the bytes of tokens.

/// Joins bytes until they are whole characters.
///
/// Bytes that can begin no character become U+FFFD, as in [`String::from_utf8_lossy`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Characters {
    /// The begin of a character: three bytes at most.
    begun: Vec<u8>,
}

impl Characters {
    /// Takes bytes in, and gives back all characters that are whole now.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> String {
        self.begun.extend_from_slice(bytes);
        let mut text = String::with_capacity(self.begun.len());
        let mut rest = self.begun.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(whole) => {
                    text.push_str(whole);
                    rest = &[];
                    break;
                }
                Err(error) => {
                    let (whole, broken) = rest.split_at(error.valid_up_to());
                    text.push_str(std::str::from_utf8(whole).expect("it was found valid up to here"));
                    let Some(length) = error.error_len() else {
                        rest = broken;
                        break;
                    };
                    text.push(char::REPLACEMENT_CHARACTER);
                    rest = &broken[length..];
                }
            }
        }
        self.begun = rest.to_vec();
        text
    }

    /// Whether a character has begun that is not whole.
    pub(crate) fn is_within(&self) -> bool {
        !self.begun.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pieces: &[&[u8]], expected: &[&str], is_within: bool) {
        let mut characters = Characters::default();
        let seen: Vec<_> = pieces.iter().map(|piece| characters.push(piece)).collect();
        assert_eq!(
            (seen.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), characters.is_within()),
            (expected, is_within)
        );
    }

    #[test]
    fn character_comes_when_it_is_whole() {
        check(&[b"a\xf0\x9f", b"\x8e", b"\x89b"], &["a", "", "\u{1f389}b"], false);
        check(&["héllo".as_bytes()], &["héllo"], false);
        check(&[b"a\xe2\x82"], &["a"], true);
    }

    #[test]
    fn bytes_of_no_character_are_replaced() {
        check(&[b"a\xffb"], &["a\u{fffd}b"], false);
        check(&[b"\xf0\x9f", b"x"], &["", "\u{fffd}x"], false);
        check(&[b"\xc0\xafz"], &["\u{fffd}\u{fffd}z"], false);
    }

    #[test]
    fn every_split_gives_the_same_text() {
        let text = "a é 漢 🎉 z".as_bytes();
        for first in 0..text.len() {
            for second in first..text.len() {
                let mut characters = Characters::default();
                let pieces = [&text[..first], &text[first..second], &text[second..]];
                let joined: String = pieces.iter().map(|piece| characters.push(piece)).collect();
                assert_eq!(joined.as_bytes(), text);
            }
        }
    }
}
