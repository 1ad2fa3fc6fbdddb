//! Chat completions: `POST /chat/completions` and what it answers.
//!
//! A [`Request`] is answered by one [`Completion`], or, where it asks to [stream](Request::streaming), by many
//! [`Chunk`]s. The types mirror the wire: an object there is a struct here, with the same field names (`type` is
//! `kind`), and an object whose kind stands in a tag (`role`, `type`) is an enum over such structs.

mod annotation;
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
    annotation::{Annotation, UrlCitation, UrlCitationAnnotation},
    audio::{AudioFormat, AudioOptions, AudioReference, CustomVoice, ResponseAudio, Voice},
    chunk::{Chunk, ChunkChoice},
    completion::{Choice, Completion, FinishReason, ResponseMessage},
    content::{Content, Part},
    custom_format::{CustomFormat, FreeTextFormat, Grammar, GrammarFormat, GrammarSyntax},
    delta::{CustomCallDelta, Delta, FunctionCallDelta, ToolCallDelta},
    function_call_choice::{FunctionCallChoice, FunctionCallMode},
    logprobs::{Logprobs, TokenLogprob, TopLogprob},
    media::{File, FilePart, ImageDetail, ImagePart, ImageUrl, InputAudio, InputAudioFormat, InputAudioPart},
    message::{
        AssistantMessage, DeveloperMessage, FunctionMessage, Message, SystemMessage, ToolMessage, UserMessage,
    },
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
        AllowedTools, AllowedToolsChoice, AllowedToolsMode, CustomChoice, FunctionChoice, ToolChoice,
        ToolChoiceMode, ToolName,
    },
    web_search::{ApproximateLocation, SearchContextSize, UserLocation, WebSearchLocation, WebSearchOptions},
};
