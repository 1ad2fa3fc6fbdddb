//! The types' own JSON Schemas accept all that is written, and refuse what is wrong.

use std::fmt::Debug;

use antiphon_types::{ErrorResponse, ModelList, chat, completions, embeddings};
use jsonschema::Validator;
use proptest::{prelude::*, test_runner::Config};
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    schemas::check,
    strategies::{self, Api},
};

/// The schema of what is written.
fn written<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

/// The schema of what is read.
fn read<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<T>()
}

fn validator(schema: &Schema) -> Validator {
    jsonschema::draft202012::meta::validate(schema.as_value()).expect("a valid schema");
    jsonschema::validator_for(schema.as_value()).expect("a schema without foreign references")
}

/// Says that both schemas of a type accept every value of it, those of a newer API included.
fn accept<T: Serialize + JsonSchema + Debug>(strategy: &BoxedStrategy<T>) {
    let (written, read) = (validator(&written::<T>()), validator(&read::<T>()));
    let config = Config { cases: 96, failure_persistence: None, ..Config::default() };
    proptest!(config, |(value in strategy)| {
        check(&written, &value)?;
        check(&read, &value)?;
    });
}

#[test]
fn chat_is_accepted() {
    accept(&strategies::request(Api::Newer));
    accept(&strategies::completion(Api::Newer));
    accept(&strategies::chunk(Api::Newer));
    accept(&strategies::completion_list(Api::Newer));
    accept(&strategies::completion_deleted(Api::Newer));
    accept(&strategies::message_list(Api::Newer));
}

#[test]
fn completions_and_embeddings_are_accepted() {
    accept(&strategies::completions::request(Api::Newer));
    accept(&strategies::completions::completion(Api::Newer));
    accept(&strategies::completions::piece(Api::Newer));
    accept(&strategies::embeddings::request(Api::Newer));
    accept(&strategies::embeddings::list(Api::Newer, strategies::embeddings::vector(Api::Newer)));
}

#[test]
fn models_and_errors_are_accepted() {
    accept(&strategies::model_list(Api::Newer));
    accept(&strategies::model_deleted(Api::Newer));
    accept(&strategies::error_response(Api::Newer));
}

/// Says that a value is as a type writes it, and is not with other values at some places.
fn refuse<T: JsonSchema>(value: &Value, wrong: &[(&str, Value)]) {
    let validator = validator(&written::<T>());
    assert!(validator.is_valid(value), "{value}");
    for (place, other) in wrong {
        let mut value = value.clone();
        *value.pointer_mut(place).unwrap_or_else(|| panic!("nothing at {place}")) = other.clone();
        assert!(!validator.is_valid(&value), "{place}: {other}");
    }
}

#[test]
fn what_is_wrong_is_refused() {
    let call = json!({"type": "function", "id": "call_1", "function": {"name": "f", "arguments": "{}"}});
    let message = json!({"role": "assistant", "content": null, "refusal": null, "tool_calls": [call]});
    refuse::<chat::Completion>(
        &json!({"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m", "choices": [
            {"index": 0, "message": message, "logprobs": null, "finish_reason": "tool_calls"},
        ]}),
        &[
            ("/created", json!(1.5)),
            ("/choices/0", json!({})),
            ("/choices/0/index", json!(-1)),
            ("/choices/0/finish_reason", json!(null)),
            ("/choices/0/message/content", json!([])),
            ("/choices/0/message/tool_calls/0", json!({"type": "function", "id": "call_1"})),
            ("/choices/0/message/tool_calls/0/type", json!(null)),
        ],
    );
    refuse::<chat::Chunk>(
        &json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [
            {"index": 0, "delta": {"content": "x"}, "logprobs": null, "finish_reason": null},
        ]}),
        &[("/choices/0/delta/content", json!(1)), ("/choices/0/delta", json!(null)), ("/id", json!(null))],
    );
    refuse::<completions::Completion>(
        &json!({"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m", "choices": [
            {"text": "x", "index": 0, "logprobs": null, "finish_reason": "stop"},
        ], "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}),
        &[("/choices/0/text", json!(null)), ("/usage", json!({"prompt_tokens": 1, "completion_tokens": 1}))],
    );
    refuse::<embeddings::EmbeddingList>(
        &json!({"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}], "model": "m",
            "usage": {"prompt_tokens": 1, "total_tokens": 1}}),
        &[("/data/0/embedding", json!(["0.5"])), ("/data", json!(null))],
    );
    refuse::<ModelList>(
        &json!({"object": "list", "data": [{"id": "m", "object": "model", "created": 1, "owned_by": "me"}]}),
        &[("/data/0/id", json!(null)), ("/data/0", json!("m"))],
    );
    refuse::<ErrorResponse>(
        &json!({"error": {"message": "", "type": "server_error", "param": null, "code": null}}),
        &[("/error/code", json!(404)), ("/error", json!("gone"))],
    );
}

/// What a server may leave out when it answers, no client may miss; the other way round is `written`.
#[test]
fn what_has_a_default_need_not_be_read() {
    let validator = validator(&read::<chat::Completion>());
    assert!(validator.is_valid(&json!({"id": "", "created": 1, "model": "", "choices": [{"message": {}}]})));
    assert!(!validator.is_valid(&json!({"id": "", "created": 1, "model": ""})));
}

#[test]
fn one_document_names_every_type_apart() {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    generator.subschema_for::<(
        (chat::Request, chat::Completion, chat::Chunk, chat::CompletionList),
        (completions::Request, completions::Completion),
        (embeddings::Request, embeddings::EmbeddingList),
    )>();
    // schemars tells two types of one name apart by a number.
    let numbered: Vec<_> =
        generator.definitions().keys().filter(|name| name.ends_with(char::is_numeric)).collect();
    assert_eq!(numbered, [""; 0]);
}
