//! Chat completions: `POST /chat/completions` and what it answers.
//!
//! A [`Request`] is answered by one [`Completion`], or, where it asks to [stream](Request::streaming), by many
//! [`Chunk`]s. The types mirror the wire: an object there is a struct here, with the same field names (`type` is
//! `kind`), and an object whose kind stands in a tag (`role`, `type`) is an enum over such structs.
//!
//! # Contents
//! - **Request**: [`Request`], [`Stop`], [`ResponseFormat`], [`StreamOptions`], [`ReasoningEffort`], [`Verbosity`],
//!   [`ServiceTier`], [`Modality`], [`AudioOptions`], [`Prediction`], [`PromptCacheOptions`],
//!   [`ModerationOptions`], [`WebSearchOptions`].
//! - **Messages**: [`Message`], one struct a [`Role`]; [`Content`] is a text or parts: [`TextPart`], [`UserPart`]
//!   (images, recordings, files), [`AssistantPart`].
//! - **Tools**: [`Tool`] is a [`Function`] or a [`Custom`] tool; [`ToolChoice`], [`ToolCall`], [`Message::tool`].
//! - **Answers**: [`Completion`], [`Choice`], [`ResponseMessage`], [`FinishReason`], [`Logprobs`], [`Annotation`],
//!   [`ResponseAudio`], [`Moderation`].
//! - **Stream**: [`StreamEvent`], [`Chunk`], [`ChunkChoice`], [`Delta`], [`ToolCallDelta`]; an [`Accumulator`]
//!   makes a [`Completion`] of them.
//! - **Stored**: [`CompletionList`], [`CompletionDeleted`], [`MessageList`], [`StoredMessage`].
//!
//! # A tool loop
//! Asks until the model calls no more tools, and shows the text as it comes; `post` is that of any HTTP library.
//! ```
//! use std::error::Error;
//!
//! use antiphon_types::{
//!     Value,
//!     chat::{Accumulator, Completion, Function, Message, Request, StreamEvent, ToolCall},
//!     json,
//! };
//!
//! fn ask(request: &Request) -> Result<Completion, Box<dyn Error>> {
//!     let mut accumulator = Accumulator::new();
//!     for line in post(&serde_json::to_string(request)?).lines() {
//!         let Some(data) = line.strip_prefix("data:") else { continue };
//!         match StreamEvent::parse(data)? {
//!             StreamEvent::Chunk(chunk) => {
//!                 print!("{}", chunk.text());
//!                 accumulator.push(*chunk);
//!             }
//!             StreamEvent::Error(error) => return Err(error.into()),
//!             StreamEvent::Done => break,
//!         }
//!     }
//!     Ok(accumulator.finish()?)
//! }
//!
//! fn run(call: &ToolCall) -> Result<Message, Box<dyn Error>> {
//!     let ToolCall::Function(call) = call else { return Err("only functions were offered".into()) };
//!     // The model wrote the arguments: they may be no JSON at all.
//!     let result = match serde_json::from_str::<Value>(&call.function.arguments) {
//!         Ok(arguments) => format!("Rain in {}.", arguments["city"]),
//!         Err(error) => format!("The arguments are no JSON: {error}"),
//!     };
//!     Ok(Message::tool(&call.id, result))
//! }
//!
//! let weather = Function::new("weather")
//!     .parameters(json!({"type": "object", "properties": {"city": {"type": "string"}}}));
//! let mut request =
//!     Request::new("gpt-5.5", [Message::user("What is the weather in Oslo?")]).tools([weather]).streaming();
//! let answer = loop {
//!     let completion = ask(&request)?;
//!     if completion.tool_calls().is_empty() {
//!         break completion;
//!     }
//!     let results = completion.tool_calls().iter().map(run).collect::<Result<Vec<_>, _>>()?;
//!     request.messages.extend(completion.into_message().map(Message::from));
//!     request.messages.extend(results);
//! };
//! assert_eq!(answer.text(), "It rains.");
//! assert_eq!(request.messages.len(), 3);
//! # // A server that calls the tool, then answers.
//! # fn post(body: &str) -> String {
//! #     let deltas = if body.contains("Rain in") {
//! #         [
//! #             r#"{"delta":{"role":"assistant","content":"It "},"finish_reason":null}"#,
//! #             r#"{"delta":{"content":"rains."},"finish_reason":null}"#,
//! #             r#"{"delta":{},"finish_reason":"stop"}"#,
//! #         ]
//! #     } else {
//! #         [
//! #             r#"{"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\""}}]}}"#,
//! #             r#"{"delta":{"tool_calls":[{"index":0,"function":{"arguments":":\"Oslo\"}"}}]}}"#,
//! #             r#"{"delta":{},"finish_reason":"tool_calls"}"#,
//! #         ]
//! #     };
//! #     let chunk = |delta: &str| format!(r#"data: {{"id":"c","created":1,"model":"m","choices":[{delta}]}}"#);
//! #     format!("{}\n\ndata: [DONE]\n\n", deltas.map(chunk).join("\n\n"))
//! # }
//! # Ok::<(), Box<dyn Error>>(())
//! ```

mod accumulator;
mod annotation;
mod assistant_message;
mod audio;
mod builder;
mod chunk;
mod completion;
mod content;
mod custom_format;
mod delta;
mod function_call_choice;
mod logprobs;
mod media;
mod message;
mod moderation;
mod moderation_options;
mod options;
mod part;
mod prompt_cache;
mod request;
mod response_format;
mod role;
mod stop;
mod stored;
mod tool;
mod tool_call;
mod tool_choice;
mod web_search;

pub use self::{
    accumulator::{Accumulator, Unfinished},
    annotation::{Annotation, UrlCitation, UrlCitationAnnotation},
    assistant_message::AssistantMessage,
    audio::{AudioFormat, AudioOptions, AudioReference, CustomVoice, ResponseAudio, Voice},
    chunk::{Chunk, ChunkChoice, StreamEvent},
    completion::{Choice, Completion, FinishReason, ResponseMessage},
    content::{Content, Part},
    custom_format::{CustomFormat, FreeTextFormat, Grammar, GrammarFormat, GrammarSyntax},
    delta::{CustomCallDelta, Delta, FunctionCallDelta, ToolCallDelta},
    function_call_choice::{FunctionCallChoice, FunctionCallMode},
    logprobs::{Logprobs, TokenLogprob, TopLogprob},
    media::{File, FilePart, ImageDetail, ImagePart, ImageUrl, InputAudio, InputAudioFormat, InputAudioPart},
    message::{DeveloperMessage, FunctionMessage, Message, SystemMessage, ToolMessage, UserMessage},
    moderation::{
        Moderation, ModerationError, ModerationInput, ModerationOutcome, ModerationResult,
        ModerationResultKind, ModerationResults,
    },
    moderation_options::{ModerationConfig, ModerationMode, ModerationOptions, ModerationPolicy},
    options::{
        Modality, PredictedContent, Prediction, ReasoningEffort, ServiceTier, StreamOptions, Verbosity,
    },
    part::{AssistantPart, RefusalPart, TextPart, UserPart},
    prompt_cache::{PromptCacheBreakpoint, PromptCacheMode, PromptCacheOptions, PromptCacheRetention},
    request::Request,
    response_format::{JsonObjectFormat, JsonSchema, JsonSchemaFormat, ResponseFormat, TextFormat},
    role::Role,
    stop::Stop,
    stored::{CompletionDeleted, CompletionList, MessageList, StoredMessage, StoredPart},
    tool::{Custom, CustomTool, Function, FunctionTool, Tool},
    tool_call::{CustomCall, CustomToolCall, FunctionCall, FunctionToolCall, ToolCall, ToolCallKind},
    tool_choice::{
        AllowedTool, AllowedTools, AllowedToolsChoice, AllowedToolsMode, CustomChoice, FunctionChoice,
        ToolChoice, ToolChoiceMode, ToolName,
    },
    web_search::{ApproximateLocation, SearchContextSize, UserLocation, WebSearchLocation, WebSearchOptions},
};
