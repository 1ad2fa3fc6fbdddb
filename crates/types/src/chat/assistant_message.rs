//! What the model said before, as a part of the conversation.

use serde::{Deserialize, Serialize};

use super::{AssistantPart, AudioReference, Content, FunctionCall, ResponseMessage, ToolCall};
use crate::Extra;

/// What the model said before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AssistantMessage {
    /// What was said; null or absent beside tool calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content<AssistantPart>>,
    /// What was said instead of an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// What the model thought, as several other servers name it.
    ///
    /// Some of them want it back beside tool calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_content: Option<String>,
    /// What the model thought, as yet others name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    /// Tells speakers of the same role apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// An earlier spoken answer, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<Box<AudioReference>>,
    /// The tools that were called; a `tool` message answers each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_calls: Option<Vec<ToolCall>>,
    /// The function that was called (deprecated: `tool_calls`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function_call: Option<Box<FunctionCall>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl AssistantMessage {
    /// Makes a message with this content.
    pub fn new(content: impl Into<Content<AssistantPart>>) -> Self {
        Self { content: Some(content.into()), ..Self::default() }
    }

    /// Makes a message that says nothing and calls these tools.
    pub fn calling(tool_calls: impl IntoIterator<Item = ToolCall>) -> Self {
        Self { tool_calls: Some(tool_calls.into_iter().collect()), ..Self::default() }
    }

    /// Tells speakers of the same role apart.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

/// What the model answered, as a part of the next request.
///
/// Thoughts go along, which only servers that told them get; notes on the text are left out.
impl From<ResponseMessage> for AssistantMessage {
    fn from(message: ResponseMessage) -> Self {
        Self {
            content: message.content.map(Content::Text),
            refusal: message.refusal,
            reasoning_content: message.reasoning_content,
            reasoning: message.reasoning,
            name: None,
            audio: message.audio.map(|audio| Box::new(AudioReference::new(audio.id))),
            // OpenAI refuses an empty list, which other servers send.
            tool_calls: message.tool_calls.filter(|calls| !calls.is_empty()),
            function_call: message.function_call,
            extra: message.extra,
        }
    }
}
