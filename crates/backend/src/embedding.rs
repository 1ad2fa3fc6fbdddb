//! What a backend answers to texts that it is asked to embed.

use std::pin::Pin;

use antiphon_types::Extra;

use crate::BackendError;

/// The embeddings of a request's inputs, when they are there.
pub type EmbeddingFuture = Pin<Box<dyn Future<Output = Result<Embeddings, BackendError>> + Send>>;

/// The embeddings of a request's inputs, and what they took.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Embeddings {
    /// A vector for each input, in their order: all of one length, every number finite.
    pub vectors: Vec<Vec<f32>>,
    /// The tokens of all inputs together.
    pub prompt_tokens: u64,
    /// Fields that the answer has besides; names that the server gives a value itself are left out.
    pub extra: Extra,
    /// Fields that its usage has besides, such as a `cost`.
    pub usage_extra: Extra,
}

impl Embeddings {
    /// These vectors, of so many tokens.
    pub fn new(vectors: impl Into<Vec<Vec<f32>>>, prompt_tokens: u64) -> Self {
        Self { vectors: vectors.into(), prompt_tokens, extra: Extra::new(), usage_extra: Extra::new() }
    }

    /// A future of what is there already.
    pub fn ready(self) -> EmbeddingFuture {
        Box::pin(std::future::ready(Ok(self)))
    }
}
