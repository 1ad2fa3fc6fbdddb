//! The request for a chat completion.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    AudioOptions, Function, FunctionCallChoice, Message, Modality, ModerationOptions, Prediction,
    PromptCacheOptions, PromptCacheRetention, ReasoningEffort, ResponseFormat, ServiceTier, Stop,
    StreamOptions, Tool, ToolChoice, Verbosity, WebSearchOptions,
};
use crate::{Extra, whole};

/// The body of `POST /chat/completions`, as OpenAI's [reference] has it.
///
/// Ranges are OpenAI's; the type does not check them. An optional field that is null is as one that is absent.
/// The default has no model and no message, and is no valid request: begin with [`Request::new`].
///
/// ```
/// use antiphon_types::chat::{Message, ReasoningEffort, Request};
///
/// let mut request = Request::new("gpt-5.5", [Message::developer("Be brief."), Message::user("Why is the sky blue?")])
///     .reasoning_effort(ReasoningEffort::Low)
///     .max_completion_tokens(500)
///     .streaming_with_usage();
/// request.user = Some("user-1".to_owned()); // Rarer settings are fields.
/// assert_eq!(
///     serde_json::to_string(&request)?,
///     concat!(
///         r#"{"model":"gpt-5.5","messages":[{"role":"developer","content":"Be brief."},"#,
///         r#"{"role":"user","content":"Why is the sky blue?"}],"stream":true,"#,
///         r#""stream_options":{"include_usage":true},"max_completion_tokens":500,"user":"user-1","#,
///         r#""reasoning_effort":"low"}"#,
///     ),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// [reference]: https://platform.openai.com/docs/api-reference/chat/create
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "ChatRequest"))]
#[non_exhaustive]
pub struct Request {
    /// The model's name.
    pub model: String,
    /// The conversation so far, at least one message.
    pub messages: Vec<Message>,
    /// How freely tokens are chosen, 0 to 2; default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Chooses from this share of the likeliest tokens.
    ///
    /// 0 to 1; default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
    /// How many choices to make, 1 to 128; default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
    /// Whether the answer comes as a stream of chunks; default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    /// What a stream carries beside the answer; only with `stream`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_options: Option<StreamOptions>,
    /// The texts that end the answer, at most four.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
    /// The most tokens a choice may take, reasoning included; default none.
    ///
    /// Wins over `max_tokens`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_completion_tokens: Option<u64>,
    /// The most tokens a choice may take (deprecated: `max_completion_tokens`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
    /// Penalises tokens by how often they have appeared, -2 to 2; default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency_penalty: Option<f64>,
    /// Penalises tokens that have appeared at all, -2 to 2; default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presence_penalty: Option<f64>,
    /// How much tokens, by their ids, are favoured, -100 to 100.
    ///
    /// Whole values are written as integers.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "whole::map")]
    pub logit_bias: Option<BTreeMap<String, f64>>,
    /// Whether the answer tells how likely its tokens were; default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<bool>,
    /// How many alternatives are told for each token, 0 to 20.
    ///
    /// Only with `logprobs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_logprobs: Option<u32>,
    /// Asks for the same answer to the same request (deprecated).
    ///
    /// Servers try, and do not promise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<i64>,
    /// Who asks (deprecated: `safety_identifier`, `prompt_cache_key`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Who asks, as a hash of at most 64 characters.
    ///
    /// It lets a server find those who break its rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safety_identifier: Option<String>,
    /// Requests of one key share cached prompts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_cache_key: Option<String>,
    /// How the prompt is cached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_cache_options: Option<PromptCacheOptions>,
    /// How long the prompt is cached (deprecated: `prompt_cache_options`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_cache_retention: Option<PromptCacheRetention>,
    /// The caller's own notes, at most 16.
    ///
    /// Keys of up to 64 characters, values of up to 512.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
    /// Whether the answer is kept to be listed later; default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<bool>,
    /// At what speed and price; default `auto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_tier: Option<ServiceTier>,
    /// How much the model thinks first; default `medium`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_effort: Option<ReasoningEffort>,
    /// How long the answer is; default `medium`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verbosity: Option<Verbosity>,
    /// What the answer is made of; default text alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modalities: Option<Vec<Modality>>,
    /// How the answer is spoken; needed where `modalities` has audio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<Box<AudioOptions>>,
    /// What the answer will mostly be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prediction: Option<Box<Prediction>>,
    /// What form the answer's text has; default any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_format: Option<ResponseFormat>,
    /// The tools that the model may call, at most 128.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<Tool>>,
    /// Which tools the model may or must call; default `auto` with tools.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_choice: Option<ToolChoice>,
    /// Whether several tools may be called at once; default true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel_tool_calls: Option<bool>,
    /// What a moderation model does with prompt and answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moderation: Option<Box<ModerationOptions>>,
    /// How the web is searched for the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_search_options: Option<Box<WebSearchOptions>>,
    /// Which function the model may or must call (deprecated: `tool_choice`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function_call: Option<FunctionCallChoice>,
    /// The functions that the model may call, 1 to 128 (deprecated: `tools`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub functions: Option<Vec<Function>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Request {
    /// Asks a model to answer a conversation.
    pub fn new(model: impl Into<String>, messages: impl IntoIterator<Item = Message>) -> Self {
        Self { model: model.into(), messages: messages.into_iter().collect(), ..Self::default() }
    }

    /// Says whether the answer shall be streamed.
    pub fn is_streaming(&self) -> bool {
        self.stream == Some(true)
    }

    /// Returns how many choices are asked for; default 1.
    pub fn choices(&self) -> u32 {
        self.n.unwrap_or(1)
    }

    /// Returns the most tokens a choice may take: `max_completion_tokens`, else `max_tokens`.
    pub fn token_limit(&self) -> Option<u64> {
        self.max_completion_tokens.or(self.max_tokens)
    }

    /// Returns the stop texts, however they stand on the wire.
    pub fn stops(&self) -> &[String] {
        self.stop.as_ref().map_or(&[], Stop::as_slice)
    }

    /// Says whether a stream shall end in a chunk with the usage.
    pub fn includes_usage(&self) -> bool {
        self.stream_options.as_ref().and_then(|options| options.include_usage) == Some(true)
    }
}
