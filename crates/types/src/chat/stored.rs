//! Completions that the server keeps, and their messages.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Completion, ImagePart, ResponseMessage, TextPart};
use crate::{Extra, Object, object, tagged::tagged};

/// A page of stored completions, as `GET /chat/completions` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "ChatCompletionList"))]
#[non_exhaustive]
pub struct CompletionList {
    /// `list`.
    #[serde(default = "Object::list", deserialize_with = "object::list")]
    pub object: Object,
    /// The completions of this page.
    pub data: Vec<Completion>,
    /// The id of the first one; null on an empty page.
    pub first_id: Option<String>,
    /// The id of the last one; null on an empty page.
    ///
    /// The next page begins after it.
    pub last_id: Option<String>,
    /// Whether there are further pages.
    pub has_more: bool,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl CompletionList {
    /// Makes a page of these completions, the last one.
    pub fn new(data: impl IntoIterator<Item = Completion>) -> Self {
        let data: Vec<_> = data.into_iter().collect();
        Self {
            object: Object::List,
            first_id: data.first().map(|completion| completion.id.clone()),
            last_id: data.last().map(|completion| completion.id.clone()),
            has_more: false,
            data,
            extra: Extra::new(),
        }
    }
}

/// Says that a stored completion is gone, as `DELETE /chat/completions/{id}` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "ChatCompletionDeleted"))]
#[non_exhaustive]
pub struct CompletionDeleted {
    /// The completion's id.
    pub id: String,
    /// `chat.completion.deleted`.
    #[serde(
        default = "Object::chat_completion_deleted",
        deserialize_with = "object::chat_completion_deleted"
    )]
    pub object: Object,
    /// Whether it was deleted.
    pub deleted: bool,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl CompletionDeleted {
    /// Says that the completion with this id was deleted.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), object: Object::ChatCompletionDeleted, deleted: true, extra: Extra::new() }
    }
}

/// A page of a stored completion's messages, as `GET /chat/completions/{id}/messages` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MessageList {
    /// `list`.
    #[serde(default = "Object::list", deserialize_with = "object::list")]
    pub object: Object,
    /// The messages of this page.
    pub data: Vec<StoredMessage>,
    /// The id of the first one; null on an empty page.
    pub first_id: Option<String>,
    /// The id of the last one; null on an empty page.
    ///
    /// The next page begins after it.
    pub last_id: Option<String>,
    /// Whether there are further pages.
    pub has_more: bool,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl MessageList {
    /// Makes a page of these messages, the last one.
    pub fn new(data: impl IntoIterator<Item = StoredMessage>) -> Self {
        let data: Vec<_> = data.into_iter().collect();
        Self {
            object: Object::List,
            first_id: data.first().map(|message| message.id.clone()),
            last_id: data.last().map(|message| message.id.clone()),
            has_more: false,
            data,
            extra: Extra::new(),
        }
    }
}

/// A message of a stored completion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StoredMessage {
    /// The message's id.
    pub id: String,
    /// The parts, where the content had some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_parts: Option<Vec<StoredPart>>,
    /// The message; unknown fields are kept in its `extra`.
    #[serde(flatten)]
    pub message: ResponseMessage,
}

impl StoredMessage {
    /// Makes a message without parts.
    pub fn new(id: impl Into<String>, message: ResponseMessage) -> Self {
        Self { id: id.into(), content_parts: None, message }
    }
}

/// A part of a stored message; its `type` says which kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum StoredPart {
    /// A text.
    Text(#[serde(with = "TextPart")] TextPart),
    /// An image.
    ImageUrl(ImagePart),
    /// A kind that this version does not know: the whole object.
    #[serde(untagged)]
    Other(Value),
}

tagged!(StoredPart: "type" { "text" => Text(TextPart), "image_url" => ImageUrl(ImagePart) } else Other);
