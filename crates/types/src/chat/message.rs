//! The messages of a conversation, one struct a role.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{
    AssistantPart, AudioReference, Content, FunctionCall, ResponseMessage, Role, TextPart, ToolCall, UserPart,
};
use crate::{Extra, tagged::tagged};

/// A message of a conversation; its `role` says which kind.
///
/// A role that is not among them is an error.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "role", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Message {
    /// Instructions of the program's author; newer models take them for `system`.
    Developer(DeveloperMessage),
    /// Instructions of the program's author.
    System(SystemMessage),
    /// What the person says.
    User(UserMessage),
    /// What the model said before.
    Assistant(AssistantMessage),
    /// The result of a tool call.
    Tool(ToolMessage),
    /// The result of a function call (deprecated).
    Function(FunctionMessage),
}

tagged!(Message: "role" {
    "developer" => Developer(DeveloperMessage),
    "system" => System(SystemMessage),
    "user" => User(UserMessage),
    "assistant" => Assistant(AssistantMessage),
    "tool" => Tool(ToolMessage),
    "function" => Function(FunctionMessage),
});

impl Message {
    /// Makes a developer's message.
    pub fn developer(content: impl Into<Content<TextPart>>) -> Self {
        Self::Developer(DeveloperMessage::new(content))
    }

    /// Makes a system message.
    pub fn system(content: impl Into<Content<TextPart>>) -> Self {
        Self::System(SystemMessage::new(content))
    }

    /// Makes a user's message.
    pub fn user(content: impl Into<Content<UserPart>>) -> Self {
        Self::User(UserMessage::new(content))
    }

    /// Makes an assistant's message.
    pub fn assistant(content: impl Into<Content<AssistantPart>>) -> Self {
        Self::Assistant(AssistantMessage::new(content))
    }

    /// Makes the result of the tool call with this id.
    pub fn tool(tool_call_id: impl Into<String>, content: impl Into<Content<TextPart>>) -> Self {
        Self::Tool(ToolMessage::new(tool_call_id, content))
    }

    /// Makes the result of a call of the function with this name (deprecated).
    pub fn function(name: impl Into<String>, content: impl Into<Content<TextPart>>) -> Self {
        Self::Function(FunctionMessage::new(name, content))
    }

    /// Returns who speaks.
    pub fn role(&self) -> Role {
        match self {
            Self::Developer(_) => Role::Developer,
            Self::System(_) => Role::System,
            Self::User(_) => Role::User,
            Self::Assistant(_) => Role::Assistant,
            Self::Tool(_) => Role::Tool,
            Self::Function(_) => Role::Function,
        }
    }

    /// Returns the message's text: its text parts in a row, empty where there is none.
    ///
    /// It is borrowed unless several parts have to be joined. Refusals are not text.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Developer(message) => message.content.text(),
            Self::System(message) => message.content.text(),
            Self::User(message) => message.content.text(),
            Self::Assistant(message) => message.content.as_ref().map_or(Cow::Borrowed(""), Content::text),
            Self::Tool(message) => message.content.text(),
            Self::Function(message) => message.content.as_ref().map_or(Cow::Borrowed(""), Content::text),
        }
    }
}

/// Instructions of the program's author, in the place of a system message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeveloperMessage {
    /// What is said.
    pub content: Content<TextPart>,
    /// Tells speakers of the same role apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl DeveloperMessage {
    /// Makes a message with this content.
    pub fn new(content: impl Into<Content<TextPart>>) -> Self {
        Self { content: content.into(), name: None, extra: Extra::new() }
    }
}

/// Instructions of the program's author.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SystemMessage {
    /// What is said.
    pub content: Content<TextPart>,
    /// Tells speakers of the same role apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl SystemMessage {
    /// Makes a message with this content.
    pub fn new(content: impl Into<Content<TextPart>>) -> Self {
        Self { content: content.into(), name: None, extra: Extra::new() }
    }
}

/// What the person says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserMessage {
    /// What is said or shown.
    pub content: Content<UserPart>,
    /// Tells speakers of the same role apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl UserMessage {
    /// Makes a message with this content.
    pub fn new(content: impl Into<Content<UserPart>>) -> Self {
        Self { content: content.into(), name: None, extra: Extra::new() }
    }
}

/// What the model said before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssistantMessage {
    /// What was said; null or absent beside tool calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content<AssistantPart>>,
    /// What was said instead of an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
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
}

/// What the model answered, as a part of the next request; thoughts and notes on the text are left out.
impl From<ResponseMessage> for AssistantMessage {
    fn from(message: ResponseMessage) -> Self {
        Self {
            content: message.content.map(Content::Text),
            refusal: message.refusal,
            name: None,
            audio: message.audio.map(|audio| Box::new(AudioReference::new(audio.id))),
            tool_calls: message.tool_calls,
            function_call: message.function_call,
            extra: message.extra,
        }
    }
}

impl From<ResponseMessage> for Message {
    fn from(message: ResponseMessage) -> Self {
        Self::Assistant(message.into())
    }
}

/// The result of a tool call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolMessage {
    /// The result.
    pub content: Content<TextPart>,
    /// The id of the call.
    pub tool_call_id: String,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ToolMessage {
    /// Makes the result of the call with this id.
    pub fn new(tool_call_id: impl Into<String>, content: impl Into<Content<TextPart>>) -> Self {
        Self { content: content.into(), tool_call_id: tool_call_id.into(), extra: Extra::new() }
    }
}

/// The result of a function call (deprecated: `tool`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FunctionMessage {
    /// The result; null where there is none. OpenAI takes no parts here.
    pub content: Option<Content<TextPart>>,
    /// The name of the function.
    pub name: String,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl FunctionMessage {
    /// Makes the result of a call of the function with this name.
    pub fn new(name: impl Into<String>, content: impl Into<Content<TextPart>>) -> Self {
        Self { content: Some(content.into()), name: name.into(), extra: Extra::new() }
    }
}
