//! The answer to a request.

use serde::{Deserialize, Serialize};

use super::Embedding;
use crate::{Extra, Object, lenient, object};

/// The vectors of all inputs, as `POST /embeddings` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EmbeddingList {
    /// `list`.
    #[serde(default = "Object::list", deserialize_with = "object::list")]
    pub object: Object,
    /// The vectors, one for each input.
    pub data: Vec<Embedding>,
    /// The model that made them.
    ///
    /// It may be named more exactly than in the request.
    pub model: String,
    /// How many tokens it took; none where a server does not say.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub usage: EmbeddingUsage,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl EmbeddingList {
    /// Makes a list of these vectors.
    pub fn new(
        model: impl Into<String>,
        data: impl IntoIterator<Item = Embedding>,
        usage: EmbeddingUsage,
    ) -> Self {
        Self {
            object: Object::List,
            data: data.into_iter().collect(),
            model: model.into(),
            usage,
            extra: Extra::new(),
        }
    }
}

/// The tokens that a request for embeddings took, as billed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(from = "Counts")]
#[non_exhaustive]
pub struct EmbeddingUsage {
    /// Tokens of all inputs together.
    pub prompt_tokens: u64,
    /// The same, also where a server leaves it out.
    pub total_tokens: u64,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl EmbeddingUsage {
    /// Makes a usage of so many tokens.
    pub fn new(prompt_tokens: u64) -> Self {
        Self { prompt_tokens, total_tokens: prompt_tokens, extra: Extra::new() }
    }
}

/// A usage as servers send it, with or without a total.
#[derive(Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename = "EmbeddingUsage")]
struct Counts {
    prompt_tokens: u64,
    total_tokens: Option<u64>,
    #[serde(flatten)]
    extra: Extra,
}

impl From<Counts> for EmbeddingUsage {
    fn from(Counts { prompt_tokens, total_tokens, extra }: Counts) -> Self {
        Self { prompt_tokens, total_tokens: total_tokens.unwrap_or(prompt_tokens), extra }
    }
}
