//! Completions of the legacy kind: `POST /completions` and what it answers.
//!
//! A [`Request`] has a prompt, a [`TextInput`](crate::TextInput), in the place of messages. It is answered by one
//! [`Completion`], or, where it asks to [stream](Request::streaming), by many: a piece of an answer is an object of
//! the same type. Stop texts, stream options and finish reasons are those of [`chat`](crate::chat).
//!
//! # A client
//! ```
//! use antiphon_types::completions::{Completion, Request, StreamEvent};
//!
//! // The body for `POST /v1/completions`.
//! let request = Request::new("gpt-3.5-turbo-instruct", "Say this is").max_tokens(7).stop(["."]);
//! let body = serde_json::to_string(&request)?;
//! # assert_eq!(
//! #     body,
//! #     r#"{"model":"gpt-3.5-turbo-instruct","prompt":"Say this is","max_tokens":7,"stop":["."]}"#,
//! # );
//!
//! // The answer, whole.
//! let answer = r#"{"id": "cmpl-1", "object": "text_completion", "created": 1763769600,
//!     "model": "gpt-3.5-turbo-instruct", "choices": [{"text": " a test", "index": 0, "logprobs": null,
//!     "finish_reason": "stop"}], "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}}"#;
//! let completion: Completion = serde_json::from_str(answer)?;
//! assert_eq!(completion.text(), " a test");
//!
//! // The answer to `request.streaming()`: one piece an event.
//! let stream = r#"data: {"id":"cmpl-1","object":"text_completion","created":1763769600,"model":"m","choices":[{"text":" a","index":0,"logprobs":null,"finish_reason":null}]}
//!
//! data: {"id":"cmpl-1","object":"text_completion","created":1763769600,"model":"m","choices":[{"text":" test","index":0,"logprobs":null,"finish_reason":"stop"}]}
//!
//! data: [DONE]
//!
//! "#;
//! let mut text = String::new();
//! for data in stream.lines().filter_map(|line| line.strip_prefix("data: ")) {
//!     match StreamEvent::parse(data)? {
//!         StreamEvent::Chunk(piece) => text.push_str(piece.text()),
//!         StreamEvent::Error(error) => return Err(error.into()),
//!         StreamEvent::Done => break,
//!     }
//! }
//! assert_eq!(text, " a test");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A server
//! ```
//! use antiphon_types::{
//!     TextInputItem, Usage,
//!     chat::FinishReason,
//!     completions::{Choice, Completion, Request},
//! };
//!
//! let request: Request = serde_json::from_str(r#"{"model": "echo", "prompt": ["a", "b"], "suffix": null}"#)?;
//!
//! // A whole answer: the choices of the first prompt, then those of the next.
//! let mut completion = Completion::new("cmpl-1", 1_763_769_600, "echo").usage(Usage::new(2, 2));
//! for (index, prompt) in (0..).zip(request.prompt.iter().flat_map(|prompts| prompts.iter())) {
//!     let TextInputItem::Text(text) = prompt else { continue };
//!     completion.choices.push(Choice::new(index, text).finish_reason(FinishReason::Stop));
//! }
//! assert_eq!(
//!     serde_json::to_string(&completion)?,
//!     concat!(
//!         r#"{"id":"cmpl-1","object":"text_completion","created":1763769600,"model":"echo","choices":["#,
//!         r#"{"text":"a","index":0,"logprobs":null,"finish_reason":"stop"},"#,
//!         r#"{"text":"b","index":1,"logprobs":null,"finish_reason":"stop"}],"#,
//!         r#""usage":{"prompt_tokens":2,"completion_tokens":2,"total_tokens":4}}"#,
//!     ),
//! );
//!
//! // A piece of a streamed one.
//! let piece = Completion::new("cmpl-1", 1_763_769_600, "echo").choice(Choice::new(0, "a"));
//! assert_eq!(
//!     serde_json::to_string(&piece)?,
//!     r#"{"id":"cmpl-1","object":"text_completion","created":1763769600,"model":"echo","choices":[{"text":"a","index":0,"logprobs":null,"finish_reason":null}]}"#,
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```

mod builder;
mod completion;
mod logprobs;
mod request;

pub use self::{
    completion::{Choice, Completion, StreamEvent},
    logprobs::Logprobs,
    request::Request,
};
