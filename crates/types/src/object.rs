//! What an object says it is in its `object` field.

use crate::open_enum::open_enum;

open_enum! {
    /// The `object` field: what a JSON object is.
    ///
    /// Constructors set the right one; when reading, absent means the right one too.
    Object {
        ChatCompletion = "chat.completion",
        ChatCompletionChunk = "chat.completion.chunk",
        ChatCompletionDeleted = "chat.completion.deleted",
        Embedding = "embedding",
        List = "list",
        Model = "model",
        /// A completion of the legacy kind, or a piece of it.
        TextCompletion = "text_completion",
    }
}

/// The values that an absent `object` stands for.
impl Object {
    pub(crate) fn chat_completion() -> Self {
        Self::ChatCompletion
    }

    pub(crate) fn chat_completion_chunk() -> Self {
        Self::ChatCompletionChunk
    }

    pub(crate) fn chat_completion_deleted() -> Self {
        Self::ChatCompletionDeleted
    }

    pub(crate) fn embedding() -> Self {
        Self::Embedding
    }

    pub(crate) fn list() -> Self {
        Self::List
    }

    pub(crate) fn model() -> Self {
        Self::Model
    }

    pub(crate) fn text_completion() -> Self {
        Self::TextCompletion
    }
}
