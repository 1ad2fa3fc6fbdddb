//! Chunks that differ from the one before in their text alone: by far the most of what a stream has.
//!
//! A chunk is read as JSON until one has told a text and nothing else. One that is, around its text, the same to the
//! byte says the same but for that text: the rest need not be read again.

#[cfg(test)]
mod tests;

use memchr::memmem;

/// The names of the fields that hold a text, of chats and of legacy completions, as keys.
const KEYS: [&[u8]; 2] = [b"\"content\"", b"\"text\""];

/// After so many chunks in a row that were unlike, no more are compared: this server varies them.
const MOST_MISSES: u32 = 16;

/// What the last chunk with a text had around it.
#[derive(Debug, Default)]
pub(crate) struct Alike {
    around: Option<Around>,
    misses: u32,
}

#[derive(Debug)]
struct Around {
    choice: u32,
    before: Box<[u8]>,
    /// From the quote on that ends the text.
    after: Box<[u8]>,
}

impl Alike {
    /// The choice and the text of a chunk that is like the last one.
    pub(crate) fn text<'a>(&mut self, json: &'a [u8]) -> Option<(u32, &'a str)> {
        let around = self.around.as_ref()?;
        let text = json.strip_prefix(&*around.before)?.strip_suffix(&*around.after)?;
        let text = std::str::from_utf8(text).ok().filter(|text| stands_for_itself(text))?;
        self.misses = 0;
        Some((around.choice, text))
    }

    /// Learns of a chunk that was unlike the last, and that told this text of a choice and nothing else.
    pub(crate) fn learn(&mut self, json: &[u8], choice: u32, text: &str) {
        self.around = None;
        self.misses = self.misses.saturating_add(1);
        if self.misses > MOST_MISSES || !stands_for_itself(text) {
            return;
        }
        let place = KEYS
            .iter()
            .find_map(|key| value_of(key, json))
            .filter(|at| json[*at..].starts_with(text.as_bytes()));
        let Some((before, rest)) = place.and_then(|at| json.split_at_checked(at)) else { return };
        let after = &rest[text.len()..];
        if after.starts_with(b"\"") {
            self.around = Some(Around { choice, before: before.into(), after: after.into() });
        }
    }
}

/// Where the text begins that is the value of the only key of this name.
///
/// JSON escapes quotes inside of texts, so what is found is a key, unless a backslash stands before it.
fn value_of(key: &[u8], json: &[u8]) -> Option<usize> {
    let mut found = memmem::find_iter(json, key);
    let at = found.next().filter(|at| *at > 0 && json[at - 1] != b'\\')?;
    if found.next().is_some() {
        return None;
    }
    let rest = json[at + key.len()..].trim_ascii_start().strip_prefix(b":")?;
    let value = rest.trim_ascii_start().strip_prefix(b"\"")?;
    Some(json.len() - value.len())
}

/// Whether a text stands in JSON as it is.
fn stands_for_itself(text: &str) -> bool {
    text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\')
}
