//! The whole answer to a request.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::{Annotation, FunctionCall, Logprobs, Moderation, ResponseAudio, Role, ServiceTier, ToolCall};
use crate::{Extra, Object, Usage, lenient, object, open_enum::open_enum};

/// The whole answer to a request, as OpenAI's [reference] has it.
///
/// [reference]: https://platform.openai.com/docs/api-reference/chat/object
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "ChatCompletion"))]
#[non_exhaustive]
pub struct Completion {
    /// The answer's id, such as `chatcmpl-abc123`.
    pub id: String,
    /// `chat.completion`.
    #[serde(default = "Object::chat_completion", deserialize_with = "object::chat_completion")]
    pub object: Object,
    /// When the answer was made, in Unix seconds.
    #[serde(deserialize_with = "lenient::seconds")]
    pub created: u64,
    /// The model that answered.
    ///
    /// It may be named more exactly than in the request.
    pub model: String,
    /// The choices, as many as were asked for.
    pub choices: Vec<Choice>,
    /// How many tokens it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// The tier that was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_tier: Option<ServiceTier>,
    /// What the server ran on (deprecated).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_fingerprint: Option<String>,
    /// The caller's own notes, from the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
    /// What moderation found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moderation: Option<Box<Moderation>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Completion {
    /// Makes an answer without choices; `created` is in Unix seconds.
    pub fn new(id: impl Into<String>, created: u64, model: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            object: Object::ChatCompletion,
            created,
            model: model.into(),
            choices: Vec::new(),
            usage: None,
            service_tier: None,
            system_fingerprint: None,
            metadata: None,
            moderation: None,
            extra: Extra::new(),
        }
    }

    /// Adds a choice.
    #[must_use]
    pub fn choice(mut self, choice: Choice) -> Self {
        self.choices.push(choice);
        self
    }

    /// Tells how many tokens it took.
    #[must_use]
    pub fn usage(mut self, usage: Usage) -> Self {
        self.usage = Some(usage);
        self
    }

    /// Returns the text of the first choice; empty where it has none.
    pub fn text(&self) -> &str {
        self.choices.first().and_then(|choice| choice.message.content.as_deref()).unwrap_or_default()
    }

    /// Returns the tool calls of the first choice, perhaps none.
    pub fn tool_calls(&self) -> &[ToolCall] {
        self.choices.first().and_then(|choice| choice.message.tool_calls.as_deref()).unwrap_or_default()
    }

    /// Takes the message of the first choice.
    ///
    /// Converted to a [`Message`](super::Message), it is sent back in the next request.
    pub fn into_message(self) -> Option<ResponseMessage> {
        self.choices.into_iter().next().map(|choice| choice.message)
    }
}

/// One of an answer's choices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "ChatChoice"))]
#[non_exhaustive]
pub struct Choice {
    /// The choice's number, from 0; absent means 0.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub index: u32,
    /// What the model says.
    pub message: ResponseMessage,
    /// How likely its tokens were.
    ///
    /// Always on the wire, null where that was not asked for.
    pub logprobs: Option<Logprobs>,
    /// Why it ended.
    ///
    /// `Other("")` where a server does not say.
    #[serde(default = "lenient::empty::<FinishReason>", deserialize_with = "lenient::null_as_empty")]
    pub finish_reason: FinishReason,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Choice {
    /// Makes a choice without logprobs.
    pub fn new(index: u32, message: ResponseMessage, finish_reason: FinishReason) -> Self {
        Self { index, message, logprobs: None, finish_reason, extra: Extra::new() }
    }

    /// Tells how likely the tokens were.
    #[must_use]
    pub fn logprobs(mut self, logprobs: Logprobs) -> Self {
        self.logprobs = Some(logprobs);
        self
    }
}

open_enum! {
    /// Why a choice ended.
    FinishReason {
        /// The model was done, or came to a stop text.
        Stop = "stop",
        /// The most tokens that it may take were reached.
        Length = "length",
        /// Tools were called.
        ToolCalls = "tool_calls",
        /// The rest was left out.
        ContentFilter = "content_filter",
        /// A function was called (deprecated).
        FunctionCall = "function_call",
    }
}

/// What the model says in a whole answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ResponseMessage {
    /// `assistant`; absent or null means that too.
    #[serde(default = "assistant", deserialize_with = "role")]
    pub role: Role,
    /// The text.
    ///
    /// Always on the wire, null beside tool calls or a refusal.
    pub content: Option<String>,
    /// What is said instead of an answer.
    ///
    /// Always on the wire, null where there is none.
    pub refusal: Option<String>,
    /// What the model thought, as several other servers name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_content: Option<String>,
    /// What the model thought, as yet others name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    /// The tools that are called; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_calls: Option<Vec<ToolCall>>,
    /// Notes on the text, such as its sources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotations: Option<Vec<Annotation>>,
    /// The answer, spoken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<Box<ResponseAudio>>,
    /// The function that is called (deprecated).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function_call: Option<Box<FunctionCall>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ResponseMessage {
    /// Makes an assistant's message that says nothing yet.
    pub fn assistant() -> Self {
        Self {
            role: Role::Assistant,
            content: None,
            refusal: None,
            reasoning_content: None,
            reasoning: None,
            tool_calls: None,
            annotations: None,
            audio: None,
            function_call: None,
            extra: Extra::new(),
        }
    }

    /// Makes an assistant's message of this text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { content: Some(text.into()), ..Self::assistant() }
    }

    /// Makes an assistant's message that refuses to answer, in this text.
    pub fn refusal(text: impl Into<String>) -> Self {
        Self { refusal: Some(text.into()), ..Self::assistant() }
    }

    /// Makes an assistant's message that says nothing and calls these tools.
    pub fn calling(tool_calls: impl IntoIterator<Item = ToolCall>) -> Self {
        Self { tool_calls: Some(tool_calls.into_iter().collect()), ..Self::assistant() }
    }

    /// Adds the answer as it is spoken.
    #[must_use]
    pub fn audio(mut self, audio: ResponseAudio) -> Self {
        self.audio = Some(Box::new(audio));
        self
    }

    /// Adds a note on the text.
    #[must_use]
    pub fn annotation(mut self, annotation: Annotation) -> Self {
        self.annotations.get_or_insert_default().push(annotation);
        self
    }
}

/// What an absent role stands for.
fn assistant() -> Role {
    Role::Assistant
}

/// Reads a role, null as the assistant's.
fn role<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Role, D::Error> {
    lenient::null_as(deserializer, assistant)
}
