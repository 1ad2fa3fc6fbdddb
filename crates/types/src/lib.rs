//! The OpenAI wire format as Rust types, for clients and for servers.
//!
//! Plain data, serde and nothing else: no HTTP, no async, no I/O. Every type is both written and read, so the same
//! types serve both ends of a connection, and a proxy between them.
//!
//! - [`chat`]: requests, completions, the chunks of a stream, stored completions.
//! - [`completions`]: the continuation of a prompt, of the legacy kind.
//! - [`embeddings`]: vectors of texts.
//! - [`TextInput`]: what a prompt or an input is: texts or tokens, one or many.
//! - [`StreamEvent`]: what the data of one event of a stream is.
//! - [`Model`], [`ModelList`]: the models that a server has.
//! - [`ErrorResponse`]: the envelope that every failure is told in.
//! - [`Usage`]: how many tokens a request took.
//!
//! # A client
//! ```
//! use antiphon_types::{
//!     ErrorResponse,
//!     chat::{Completion, Message, Request, StreamEvent},
//! };
//!
//! // The body for `POST /v1/chat/completions`.
//! let request = Request::new("gpt-5.5", [Message::system("Be brief."), Message::user("Say this is a test")])
//!     .temperature(0.2)
//!     .max_completion_tokens(100);
//! let body = serde_json::to_string(&request)?;
//! # assert_eq!(body, concat!(
//! #     r#"{"model":"gpt-5.5","messages":[{"role":"system","content":"Be brief."},"#,
//! #     r#"{"role":"user","content":"Say this is a test"}],"temperature":0.2,"max_completion_tokens":100}"#,
//! # ));
//!
//! // The answer, whole.
//! let answer = r#"{"id": "chatcmpl-1", "object": "chat.completion", "created": 1763769600, "model": "gpt-5.5",
//!     "choices": [{"index": 0, "message": {"role": "assistant", "content": "This is a test.", "refusal": null},
//!         "logprobs": null, "finish_reason": "stop"}]}"#;
//! let completion: Completion = serde_json::from_str(answer)?;
//! assert_eq!(completion.text(), "This is a test.");
//!
//! // The answer to `request.streaming()`: one chunk an event.
//! let stream = r#"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1763769600,"model":"gpt-5.5","choices":[{"index":0,"delta":{"content":"This is"},"finish_reason":null}]}
//!
//! data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1763769600,"model":"gpt-5.5","choices":[{"index":0,"delta":{"content":" a test."},"finish_reason":null}]}
//!
//! data: [DONE]
//!
//! "#;
//! let mut text = String::new();
//! for data in stream.lines().filter_map(|line| line.strip_prefix("data: ")) {
//!     match StreamEvent::parse(data)? {
//!         StreamEvent::Chunk(chunk) => text.push_str(chunk.text()),
//!         StreamEvent::Error(error) => return Err(error.into()),
//!         StreamEvent::Done => break,
//!     }
//! }
//! assert_eq!(text, "This is a test.");
//!
//! // The answer of any other status than 200.
//! let failed = r#"{"error": {"message": "Slow down.", "type": "requests", "param": null, "code": "rate_limit_exceeded"}}"#;
//! let response: ErrorResponse = serde_json::from_str(failed)?;
//! assert_eq!(response.error.to_string(), "Slow down.");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! An [`Accumulator`](chat::Accumulator) makes a whole answer of a stream, tool calls included: see the
//! [tool loop](chat#a-tool-loop).
//!
//! # A server
//! ```
//! use antiphon_types::{
//!     ErrorBody, ErrorResponse, ErrorType, Usage,
//!     chat::{Choice, Chunk, ChunkChoice, Completion, Delta, FinishReason, Request, ResponseMessage},
//! };
//!
//! // What clients send: nulls and fields of tomorrow included.
//! let request: Request = serde_json::from_str(
//!     r#"{"model": "echo", "messages": [{"role": "user", "content": "Hello"}], "stop": null, "tomorrow": 1}"#,
//! )?;
//! assert_eq!((request.stop, &request.extra["tomorrow"]), (None, &1.into()));
//!
//! // A whole answer.
//! let text = request.messages.last().map(|message| message.text()).unwrap_or_default();
//! let completion = Completion::new("chatcmpl-1", 1_763_769_600, "echo")
//!     .choice(Choice::new(0, ResponseMessage::text(text), FinishReason::Stop))
//!     .usage(Usage::new(1, 1));
//! # assert_eq!(serde_json::to_string(&completion)?, concat!(
//! #     r#"{"id":"chatcmpl-1","object":"chat.completion","created":1763769600,"model":"echo","#,
//! #     r#""choices":[{"index":0,"message":{"role":"assistant","content":"Hello","refusal":null},"#,
//! #     r#""logprobs":null,"finish_reason":"stop"}],"#,
//! #     r#""usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}"#,
//! # ));
//!
//! // The first chunk of a streamed one.
//! let chunk = Chunk::new("chatcmpl-1", 1_763_769_600, "echo").choice(ChunkChoice::new(0, Delta::start()));
//! assert_eq!(
//!     serde_json::to_string(&chunk)?,
//!     r#"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1763769600,"model":"echo","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}]}"#,
//! );
//!
//! // A failure.
//! let missing = ErrorBody::new(ErrorType::InvalidRequestError, "The model `x` does not exist.").code("model_not_found");
//! assert_eq!(
//!     serde_json::to_string(&ErrorResponse::new(missing))?,
//!     r#"{"error":{"message":"The model `x` does not exist.","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#,
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # What holds for every type
//! - A struct has the fields of its JSON object, by the same names (`type` is `kind`).
//! - An optional field is as absent when it is null, and is not written when it is `None`, unless its own
//!   documentation says that it always stands on the wire.
//! - Unknown fields are accepted at every level, kept in `extra`, and written back. They keep their order, as do the
//!   keys of a schema: models write an answer's fields in it.
//! - Unknown values of string enums are accepted, kept in `Other`, and written back. So are tools, formats and other
//!   tagged objects of an unknown kind, but roles and content parts: without them a conversation is not understood.
//! - Answers are read where a server leaves out what can be told: an `index` is then 0, a `role` the assistant's, a
//!   total the sum, the kind of a tool call that of its key, its arguments or a model's owner the empty text, the time
//!   of a model 0, a class of error or a finish reason `Other("")`. A time may have a fraction, a code be a number, arguments be an object.
//! - A known field that is given twice is an error.
//! - Ranges, such as that of a temperature, are documented and not checked.
//!
//! # JSON Schemas
//! With the feature `schemars`, which is off by default, every type of the wire implements `schemars::JsonSchema`, for
//! OpenAPI documents and validators. A schema for serialising says what is written, one for deserialising what must be
//! there to be read; both let unknown fields and values pass.
#![cfg_attr(
    feature = "schemars",
    doc = r#"
```
use antiphon_types::chat::Completion;
use schemars::generate::SchemaSettings;

let settings = SchemaSettings::draft2020_12().for_serialize();
let schema = settings.into_generator().into_root_schema_for::<Completion>();
assert_eq!(schema.get("title"), Some(&"ChatCompletion".into()));
assert_eq!(schema.pointer("/properties/created/type"), Some(&"integer".into()));
```
"#
)]

mod base64;
pub mod chat;
pub mod completions;
pub mod embeddings;
mod error;
mod extra;
#[cfg(feature = "schemars")]
mod json_schema;
mod lenient;
mod models;
mod object;
mod open_enum;
mod shape;
mod stream_event;
mod tagged;
mod text_input;
mod usage;
mod whole;

pub use crate::{
    error::{ErrorBody, ErrorResponse, ErrorType},
    extra::{Extra, join_extra},
    models::{Model, ModelDeleted, ModelList},
    object::Object,
    stream_event::StreamEvent,
    text_input::{TextInput, TextInputItem},
    usage::{CompletionTokensDetails, PromptTokensDetails, Usage},
};

#[doc(no_inline)]
pub use serde_json::{Value, json};

/// The examples of the README, as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
