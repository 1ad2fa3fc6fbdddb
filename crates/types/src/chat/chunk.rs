//! One piece of a streamed answer.

use serde::{Deserialize, Serialize};

use super::{Delta, FinishReason, Logprobs, Moderation, ServiceTier};
use crate::{Extra, Object, Usage, lenient, object};

/// One event of a streamed chat completion.
pub type StreamEvent = crate::StreamEvent<Chunk>;

/// One piece of a streamed answer, as OpenAI's [reference] has it.
///
/// All chunks of an answer have the same `id`, `created` and `model`. A stream that fails has an
/// [`ErrorResponse`](crate::ErrorResponse) in the place of a chunk, and a stream ends in the data `[DONE]`.
///
/// [reference]: https://platform.openai.com/docs/api-reference/chat/streaming
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "ChatCompletionChunk"))]
#[non_exhaustive]
pub struct Chunk {
    /// The answer's id, such as `chatcmpl-abc123`.
    pub id: String,
    /// `chat.completion.chunk`.
    #[serde(default = "Object::chat_completion_chunk", deserialize_with = "object::chat_completion_chunk")]
    pub object: Object,
    /// When the answer was begun, in Unix seconds.
    #[serde(deserialize_with = "lenient::seconds")]
    pub created: u64,
    /// The model that answers.
    pub model: String,
    /// The tier that is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_tier: Option<ServiceTier>,
    /// What the server runs on (deprecated).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_fingerprint: Option<String>,
    /// The choices that go on; none in the chunk with the usage.
    pub choices: Vec<ChunkChoice>,
    /// How many tokens it took.
    ///
    /// The outer `None`: absent from the wire; the inner one: null. Where usage was asked for, it is null on all
    /// chunks but an extra last one.
    #[serde(default, deserialize_with = "lenient::present", skip_serializing_if = "Option::is_none")]
    pub usage: Option<Option<Usage>>,
    /// Random text against guessing by size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obfuscation: Option<String>,
    /// What moderation found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moderation: Option<Box<Moderation>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Chunk {
    /// Makes a chunk without choices; `created` is in Unix seconds.
    pub fn new(id: impl Into<String>, created: u64, model: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            object: Object::ChatCompletionChunk,
            created,
            model: model.into(),
            service_tier: None,
            system_fingerprint: None,
            choices: Vec::new(),
            usage: None,
            obfuscation: None,
            moderation: None,
            extra: Extra::new(),
        }
    }

    /// Adds a choice that goes on.
    #[must_use]
    pub fn choice(mut self, choice: ChunkChoice) -> Self {
        self.choices.push(choice);
        self
    }

    /// Tells how many tokens it took, in the stream's last chunk.
    #[must_use]
    pub fn usage(mut self, usage: Usage) -> Self {
        self.usage = Some(Some(usage));
        self
    }

    /// Returns the text that it adds to choice 0, perhaps empty.
    pub fn text(&self) -> &str {
        let first = self.choices.iter().find(|choice| choice.index == 0);
        first.and_then(|choice| choice.delta.content.as_deref()).unwrap_or_default()
    }
}

/// What a chunk adds to one choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "ChatChunkChoice"))]
#[non_exhaustive]
pub struct ChunkChoice {
    /// The choice's number, from 0; absent means 0.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub index: u32,
    /// What is added; absent or null means nothing.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub delta: Delta,
    /// How likely the added tokens were.
    ///
    /// Always on the wire, null where that was not asked for.
    pub logprobs: Option<Logprobs>,
    /// Why the choice ended; always on the wire, null until it has.
    pub finish_reason: Option<FinishReason>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ChunkChoice {
    /// Adds to a choice.
    pub fn new(index: u32, delta: Delta) -> Self {
        Self { index, delta, logprobs: None, finish_reason: None, extra: Extra::new() }
    }

    /// Tells how likely the added tokens were.
    #[must_use]
    pub fn logprobs(mut self, logprobs: Logprobs) -> Self {
        self.logprobs = Some(logprobs);
        self
    }

    /// Ends a choice.
    pub fn finish(index: u32, reason: FinishReason) -> Self {
        Self { finish_reason: Some(reason), ..Self::new(index, Delta::default()) }
    }
}
