//! The messages of a conversation, one struct a role.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{AssistantMessage, AssistantPart, Content, ResponseMessage, Role, TextPart, UserPart};
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
    ///
    /// It follows the assistant's message that makes the call; each call needs its result.
    ///
    /// ```
    /// use antiphon_types::chat::{AssistantMessage, Message, Request, ToolCall};
    ///
    /// let call = ToolCall::function("call_1", "weather", r#"{"city":"Oslo"}"#);
    /// let request = Request::new("gpt-5.5", [
    ///     Message::user("What is the weather in Oslo?"),
    ///     AssistantMessage::calling([call]).into(),
    ///     Message::tool("call_1", "Rain, 7 °C"),
    /// ]);
    /// assert_eq!(
    ///     serde_json::to_string(&request.messages[2])?,
    ///     r#"{"role":"tool","content":"Rain, 7 °C","tool_call_id":"call_1"}"#,
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn tool(tool_call_id: impl Into<String>, content: impl Into<Content<TextPart>>) -> Self {
        Self::Tool(ToolMessage::new(tool_call_id, content))
    }

    /// Makes the result of a function call (deprecated: `tool`).
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

    /// Returns the message's text, that of all text parts in a row.
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

impl From<ResponseMessage> for Message {
    fn from(message: ResponseMessage) -> Self {
        Self::Assistant(message.into())
    }
}

impl From<DeveloperMessage> for Message {
    fn from(message: DeveloperMessage) -> Self {
        Self::Developer(message)
    }
}

impl From<SystemMessage> for Message {
    fn from(message: SystemMessage) -> Self {
        Self::System(message)
    }
}

impl From<UserMessage> for Message {
    fn from(message: UserMessage) -> Self {
        Self::User(message)
    }
}

impl From<AssistantMessage> for Message {
    fn from(message: AssistantMessage) -> Self {
        Self::Assistant(message)
    }
}

impl From<ToolMessage> for Message {
    fn from(message: ToolMessage) -> Self {
        Self::Tool(message)
    }
}

impl From<FunctionMessage> for Message {
    fn from(message: FunctionMessage) -> Self {
        Self::Function(message)
    }
}

/// Instructions of the program's author, in the place of a system message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
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

    /// Tells speakers of the same role apart.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

/// Instructions of the program's author.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
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

    /// Tells speakers of the same role apart.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

/// What the person says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
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

    /// Tells speakers of the same role apart.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

/// The result of a tool call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
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
