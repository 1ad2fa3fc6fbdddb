//! What each endpoint takes and answers, method by method.

use actix_web::http::StatusCode;
use antiphon_types::{Model, ModelList, chat, completions, embeddings};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value};

use super::schemas::{Typed, whole};
use crate::chat::REQUEST as CHAT_RULES;
use crate::completions::REQUEST as COMPLETION_RULES;
use crate::embeddings::REQUEST as EMBEDDING_RULES;
use crate::health::Status;
use crate::paths::Endpoint;
use crate::validate::Rule;

/// One method of an endpoint.
pub(super) struct Operation {
    /// OpenAI's `operationId`, where it has one.
    pub(super) id: &'static str,
    pub(super) tag: &'static str,
    pub(super) summary: &'static str,
    pub(super) body: Option<Body>,
    pub(super) answer: Typed,
    /// What a stream is made of, where the answer may be one.
    pub(super) chunk: Option<Typed>,
    /// The statuses of failures, beside 500.
    pub(super) failures: &'static [StatusCode],
}

/// The body that an operation takes.
pub(super) struct Body {
    pub(super) rule: &'static Rule,
    pub(super) typed: Typed,
}

/// The groups of operations.
pub(super) const TAGS: [(&str, &str); 5] = [
    (CHAT, "Conversations, answered whole or as streams."),
    (COMPLETIONS, "Prompts of the legacy kind, continued whole or as streams."),
    (EMBEDDINGS, "Vectors of texts."),
    (MODELS, "The models that requests may name."),
    (SERVER, "The server itself."),
];
const CHAT: &str = "Chat";
const COMPLETIONS: &str = "Completions";
const EMBEDDINGS: &str = "Embeddings";
const MODELS: &str = "Models";
const SERVER: &str = "Server";

/// What each failure means.
pub(super) const FAILURES: &[(StatusCode, &str)] = &[
    (StatusCode::BAD_REQUEST, "The request is at fault; `param` names the field, where there is one."),
    (StatusCode::FORBIDDEN, "The backend does not allow it."),
    (StatusCode::NOT_FOUND, "There is no model of this name."),
    (StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time."),
    (StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than the server takes."),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is not JSON in UTF-8, or has a content encoding."),
    (StatusCode::TOO_MANY_REQUESTS, "The backend takes no more requests for now."),
    (StatusCode::INTERNAL_SERVER_ERROR, "The server or the backend failed."),
    (StatusCode::BAD_GATEWAY, "What the backend relies on failed."),
    (StatusCode::SERVICE_UNAVAILABLE, "The backend cannot take requests for now."),
    (StatusCode::GATEWAY_TIMEOUT, "The answer took too long."),
];

/// What can become of a request that a backend works for.
const GENERATION: &[StatusCode] = &[
    StatusCode::BAD_REQUEST,
    StatusCode::FORBIDDEN,
    StatusCode::NOT_FOUND,
    StatusCode::REQUEST_TIMEOUT,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::BAD_GATEWAY,
    StatusCode::SERVICE_UNAVAILABLE,
    StatusCode::GATEWAY_TIMEOUT,
];

impl Operation {
    /// What a method of an endpoint is.
    pub(super) fn of(endpoint: &Endpoint<'_>, method: &str) -> Self {
        match (endpoint, method) {
            (Endpoint::ChatCompletions, "POST") => {
                Self::new::<chat::Completion>("createChatCompletion", CHAT, "Answers a conversation.")
                    .takes::<chat::Request>(&CHAT_RULES)
                    .streams::<chat::Chunk>()
                    .fails(GENERATION)
            }
            (Endpoint::ChatCompletions, _) => {
                let summary = "Lists the stored completions, of which there are none.";
                Self::new::<chat::CompletionList>("listChatCompletions", CHAT, summary)
            }
            (Endpoint::Completions, _) => {
                Self::new::<completions::Completion>("createCompletion", COMPLETIONS, "Continues prompts.")
                    .takes::<completions::Request>(&COMPLETION_RULES)
                    .streams::<completions::Completion>()
                    .fails(GENERATION)
            }
            (Endpoint::Embeddings, _) => {
                Self::new::<embeddings::EmbeddingList>("createEmbedding", EMBEDDINGS, "Embeds texts.")
                    .takes::<embeddings::Request>(&EMBEDDING_RULES)
                    .fails(GENERATION)
            }
            (Endpoint::Models, _) => {
                let summary = "Lists the models, but those that a wildcard stands for.";
                Self::new::<ModelList>("listModels", MODELS, summary)
            }
            (Endpoint::Model(_), _) => {
                let summary = "Describes a model that a request may name.";
                Self::new::<Model>("retrieveModel", MODELS, summary).fails(&[StatusCode::NOT_FOUND])
            }
            (Endpoint::OpenApi, _) => {
                Self::new::<Map<String, Value>>("getOpenApi", SERVER, "Returns this document.")
            }
            (Endpoint::Health, _) => {
                Self::new::<Status>("getHealth", SERVER, "Says that the process answers.")
            }
            (Endpoint::Ready, _) => {
                let summary = "Says whether every backend can take requests.";
                Self::new::<Status>("getReadiness", SERVER, summary).fails(&[StatusCode::SERVICE_UNAVAILABLE])
            }
        }
    }

    /// An operation that takes no body and answers with a `T`.
    fn new<T: JsonSchema>(id: &'static str, tag: &'static str, summary: &'static str) -> Self {
        let answer = SchemaGenerator::subschema_for::<T>;
        Self { id, tag, summary, body: None, answer, chunk: None, failures: &[] }
    }

    /// Takes a `T` that keeps the rules.
    fn takes<T: JsonSchema>(self, rule: &'static Rule) -> Self {
        Self { body: Some(Body { rule, typed: whole::<T> }), ..self }
    }

    /// May answer with a stream of `T`.
    fn streams<T: JsonSchema>(self) -> Self {
        Self { chunk: Some(SchemaGenerator::subschema_for::<T>), ..self }
    }

    fn fails(self, failures: &'static [StatusCode]) -> Self {
        Self { failures, ..self }
    }
}
