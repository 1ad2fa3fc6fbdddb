//! The bytes that a fake server answers with.

use antiphon_types::{Value, json};

use crate::fake::Act;

/// A whole answer with further header lines, each with its end.
pub(crate) fn reply(status: u16, media_type: &str, headers: &str, body: &str) -> Vec<Act> {
    let length = body.len();
    vec![Act::Send(
        format!(
            "HTTP/1.1 {status} Status\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        )
        .into_bytes(),
    )]
}

/// A whole answer of JSON.
pub(crate) fn json(status: u16, headers: &str, body: &str) -> Vec<Act> {
    reply(status, "application/json", headers, body)
}

/// The head of a stream.
pub(crate) fn stream_head() -> Act {
    Act::Send(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n"
            .to_vec(),
    )
}

/// Bytes of a stream's body, as one piece of its transfer coding.
pub(crate) fn piece(bytes: &str) -> Act {
    Act::Send(coded(bytes))
}

pub(crate) fn coded(bytes: &str) -> Vec<u8> {
    format!("{:x}\r\n{bytes}\r\n", bytes.len()).into_bytes()
}

/// The end of a stream's body.
pub(crate) fn stream_end() -> Act {
    Act::Send(b"0\r\n\r\n".to_vec())
}

/// An event.
pub(crate) fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}

/// A chunk of the first choice.
pub(crate) fn delta(delta: &Value) -> Value {
    json!({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{"index": 0, "delta": delta, "logprobs": null, "finish_reason": null}]})
}

/// A text of the first choice.
pub(crate) fn text(text: &str) -> Value {
    delta(&json!({"content": text}))
}

/// The finish of the first choice.
pub(crate) fn stop() -> Value {
    json!({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{"index": 0, "delta": {}, "logprobs": null, "finish_reason": "stop"}]})
}

/// The usage, which comes last.
pub(crate) fn usage() -> Value {
    json!({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}})
}

/// The whole of a stream that says `Hello there`, as its events.
pub(crate) fn hello() -> String {
    let chunks =
        [delta(&json!({"role": "assistant", "content": ""})), text("Hello "), text("there"), stop(), usage()];
    chunks.iter().map(event).collect::<Vec<_>>().concat() + "data:\n\n: over\n\ndata: [DONE]\n\n"
}

/// The whole of a stream that says `Hello there`.
pub(crate) fn hello_streamed() -> Vec<Act> {
    vec![stream_head(), piece(&hello()), stream_end()]
}

/// The same as a whole answer.
pub(crate) fn hello_whole() -> Vec<Act> {
    let body = json!({"id": "x", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello there", "refusal": null},
            "logprobs": null, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}});
    json(200, "", &body.to_string())
}
