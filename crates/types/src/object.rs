//! What an object says it is in its `object` field.

use serde::Deserializer;

use crate::{lenient, open_enum::open_enum};

open_enum! {
    /// The `object` field: what a JSON object is.
    ///
    /// Constructors set the right one; when reading, absent or null means the right one too.
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

/// Declares what an absent or null `object` stands for.
///
/// Each kind has a default, and a reader of the same name.
macro_rules! absent {
    ($($kind:ident => $variant:ident,)+) => {
        impl Object {
            $(pub(crate) fn $kind() -> Self {
                Self::$variant
            })+
        }

        $(pub(crate) fn $kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Object, D::Error> {
            lenient::null_as(deserializer, Object::$kind)
        })+
    };
}

absent! {
    chat_completion => ChatCompletion,
    chat_completion_chunk => ChatCompletionChunk,
    chat_completion_deleted => ChatCompletionDeleted,
    embedding => Embedding,
    list => List,
    model => Model,
    text_completion => TextCompletion,
}
