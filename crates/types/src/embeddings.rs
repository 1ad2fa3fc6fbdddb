//! Embeddings: `POST /embeddings` and what it answers.
//!
//! A [`Request`] has one or many inputs, each a text or its tokens, and is answered by an [`EmbeddingList`] with a
//! vector for each.
//!
//! # A client
//! ```
//! use antiphon_types::embeddings::{EmbeddingList, Request};
//!
//! // The body for `POST /v1/embeddings`.
//! let request = Request::new("text-embedding-3-small", ["a", "b"]).dimensions(2);
//! let body = serde_json::to_string(&request)?;
//! # assert_eq!(body, r#"{"model":"text-embedding-3-small","input":["a","b"],"dimensions":2}"#);
//!
//! // The answer: numbers or base64, it is read alike.
//! let answer = r#"{"object": "list", "model": "text-embedding-3-small", "data": [
//!     {"object": "embedding", "index": 0, "embedding": [0.6, -0.8]},
//!     {"object": "embedding", "index": 1, "embedding": "AACAPwAAAAA="}],
//!     "usage": {"prompt_tokens": 2, "total_tokens": 2}}"#;
//! let list: EmbeddingList = serde_json::from_str(answer)?;
//! let vectors: Option<Vec<_>> = list.data.iter().map(|embedding| embedding.embedding.to_floats()).collect();
//! assert_eq!(vectors.ok_or("no base64 of floats")?, [[0.6, -0.8], [1.0, 0.0]]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A server
//! ```
//! use antiphon_types::embeddings::{Embedding, EmbeddingList, EmbeddingUsage, Request, Vector};
//!
//! // OpenAI's own clients ask for base64 unless they are told otherwise.
//! let request: Request = serde_json::from_str(r#"{"model": "m", "input": "a", "encoding_format": "base64"}"#)?;
//! let floats = vec![1.0, 0.0];
//! let vector = if request.wants_base64() { Vector::base64(&floats) } else { Vector::Floats(floats) };
//!
//! let list = EmbeddingList::new("m", [Embedding::new(0, vector)], EmbeddingUsage::new(1));
//! assert_eq!(
//!     serde_json::to_string(&list)?,
//!     concat!(
//!         r#"{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPwAAAAA="}],"#,
//!         r#""model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}"#,
//!     ),
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```

mod embedding;
mod list;
mod request;

pub use self::{
    embedding::{Embedding, Vector},
    list::{EmbeddingList, EmbeddingUsage},
    request::{EncodingFormat, Request},
};
