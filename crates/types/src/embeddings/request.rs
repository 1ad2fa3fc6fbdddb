//! The request for embeddings.

use serde::{Deserialize, Serialize};

use crate::{Extra, TextInput, open_enum::open_enum};

/// The body of `POST /embeddings`, as OpenAI's [reference] has it.
///
/// Ranges are OpenAI's; the type does not check them. An optional field that is null is as one that is absent.
///
/// [reference]: https://platform.openai.com/docs/api-reference/embeddings/create
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "EmbeddingRequest"))]
#[non_exhaustive]
pub struct Request {
    /// The model's name.
    pub model: String,
    /// What is embedded: 1 to 2,048 inputs, none of them empty.
    pub input: TextInput,
    /// How the vectors are written; default `float`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding_format: Option<EncodingFormat>,
    /// How many numbers a vector has, at least 1.
    ///
    /// Absent: as many as the model makes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<u32>,
    /// Who asks, to find those who break the rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Fields that this version does not know; OpenAI takes none here.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Request {
    /// Asks a model for the vector of each input.
    pub fn new(model: impl Into<String>, input: impl Into<TextInput>) -> Self {
        Self {
            model: model.into(),
            input: input.into(),
            encoding_format: None,
            dimensions: None,
            user: None,
            extra: Extra::new(),
        }
    }

    /// Says how the vectors shall be written.
    #[must_use]
    pub fn encoding_format(mut self, format: EncodingFormat) -> Self {
        self.encoding_format = Some(format);
        self
    }

    /// Says how many numbers a vector shall have, at least 1.
    #[must_use]
    pub fn dimensions(mut self, dimensions: u32) -> Self {
        self.dimensions = Some(dimensions);
        self
    }

    /// Says whether the vectors shall be written in base64.
    pub fn wants_base64(&self) -> bool {
        self.encoding_format == Some(EncodingFormat::Base64)
    }
}

open_enum! {
    /// How vectors are written; default `float`.
    EncodingFormat {
        /// As arrays of numbers.
        Float = "float",
        /// As texts, the base64 of the numbers.
        ///
        /// Each has four bytes, the lowest first.
        Base64 = "base64",
    }
}
