//! Server-sent events as bytes: `data:` lines, comments, the end. Knows nothing of what they carry.
//!
//! Follows <https://html.spec.whatwg.org/multipage/server-sent-events.html>, in the one form that all clients read: a
//! single `data: ` line with one space, then an empty line.

use actix_web::http::header::{HeaderName, HeaderValue};
use serde::Serialize;

/// What a streamed answer says of itself: never cached, and never held back by a proxy.
pub(crate) fn headers() -> [(HeaderName, HeaderValue); 3] {
    use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
    [
        (CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ]
}

/// Writes an event that carries `value` as JSON.
pub(crate) fn data(buffer: &mut Vec<u8>, value: &impl Serialize) {
    buffer.extend_from_slice(b"data: ");
    let start = buffer.len();
    if let Err(error) = serde_json::to_writer(&mut *buffer, value) {
        // Only a map with keys that are no strings can fail, and no wire type holds one.
        tracing::error!(%error, "an event could not be serialised");
        buffer.truncate(start);
        buffer.extend_from_slice(b"{}");
    }
    buffer.extend_from_slice(b"\n\n");
}

/// Writes the event that ends a stream.
pub(crate) fn done(buffer: &mut Vec<u8>) {
    buffer.extend_from_slice(b"data: [DONE]\n\n");
}

/// Writes a comment, which clients skip.
pub(crate) fn comment(buffer: &mut Vec<u8>, text: &'static str) {
    buffer.extend_from_slice(b": ");
    buffer.extend_from_slice(text.as_bytes());
    buffer.extend_from_slice(b"\n\n");
}

/// An event whose JSON differs from its neighbours' in one string only, kept ready but for that string.
#[derive(Debug)]
pub(crate) struct Template {
    /// With the quote that opens the string.
    head: Box<[u8]>,
    /// With the one that closes it.
    tail: Box<[u8]>,
}

impl Template {
    /// Takes the event that carries `value` apart at its only empty `"field":""`.
    ///
    /// JSON escapes quotes inside of strings, so what is found is the field and no text that looks like it.
    pub(crate) fn new(value: &impl Serialize, field: &str) -> Option<Self> {
        let mut event = Vec::new();
        data(&mut event, value);
        let hole = format!("\"{field}\":\"\"");
        let start = event.windows(hole.len()).position(|window| window == hole.as_bytes())?;
        let tail = event.split_off(start + hole.len() - 1);
        Some(Self { head: event.into(), tail: tail.into() })
    }

    /// Writes the event with `text` in its place.
    pub(crate) fn data(&self, buffer: &mut Vec<u8>, text: &str) {
        buffer.reserve(self.head.len() + text.len() + self.tail.len());
        buffer.extend_from_slice(&self.head);
        if text.bytes().all(stands_for_itself) {
            buffer.extend_from_slice(text.as_bytes());
        } else {
            buffer.pop();
            // A string always serialises, and a vector takes all that is written.
            let _ = serde_json::to_writer(&mut *buffer, text);
            buffer.pop();
        }
        buffer.extend_from_slice(&self.tail);
    }
}

/// Whether a byte needs no escape within a JSON string.
fn stands_for_itself(byte: u8) -> bool {
    byte >= b' ' && byte != b'"' && byte != b'\\'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn events_are_one_data_line_and_an_empty_one() {
        let mut buffer = Vec::new();
        data(&mut buffer, &json!({"text": "a\r\nb\u{2028}"}));
        comment(&mut buffer, "keep-alive");
        done(&mut buffer);
        assert_eq!(
            String::from_utf8_lossy(&buffer),
            "data: {\"text\":\"a\\r\\nb\u{2028}\"}\n\n: keep-alive\n\ndata: [DONE]\n\n"
        );
    }

    proptest! {
        #[test]
        fn a_template_writes_what_serialising_writes(text in ".*", model in ".*") {
            let value = |text: &str| json!({"model": model, "delta": {"content": text}, "tail": "content"});
            let template = Template::new(&value(""), "content").expect("the field is there");
            let (mut ready, mut serialised) = (Vec::new(), Vec::new());
            template.data(&mut ready, &text);
            data(&mut serialised, &value(&text));
            prop_assert_eq!(ready, serialised);
        }
    }
}
