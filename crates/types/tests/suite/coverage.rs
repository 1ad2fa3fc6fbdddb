//! The types have every field of the published schemas, and none beside them.

use std::{collections::BTreeSet, fmt::Debug};

use proptest::{
    strategy::{BoxedStrategy, Strategy, ValueTree},
    test_runner::TestRunner,
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    schemas::definitions,
    strategies::{self, Api, completions, embeddings},
};

/// The ends of the paths of fields that are not in the published schemas.
const BESIDE: &[&str] = &[
    // Other servers send these.
    "reasoning",
    "reasoning_content",
    // Only the SDKs have these.
    "prompt_cache_breakpoint.ttl",
    "choices.delta.tool_calls.custom",
    // One type serves the functions of tools and those of old.
    "functions.strict",
];

/// Says that the fields which values of a type have are those of its schema.
fn check<T: Serialize + Debug>(name: &str, strategy: &BoxedStrategy<T>) {
    let Some(definitions) = definitions(name) else { return };
    let mut published = BTreeSet::new();
    schema_paths(&definitions[name], definitions, "", &mut published);

    let mut runner = TestRunner::deterministic();
    let mut written = BTreeSet::new();
    for _ in 0..400 {
        let value = strategy.new_tree(&mut runner).expect("strategies reject nothing").current();
        let json = serde_json::to_value(value).expect("every value can be written");
        value_paths(&json, "", &published, &mut written);
    }
    let missing: Vec<_> = published.difference(&written).collect();
    let beside: Vec<_> = written
        .difference(&published)
        .filter(|path| !BESIDE.iter().any(|known| path.ends_with(known)))
        .collect();
    assert!(
        missing.is_empty() && beside.is_empty(),
        "{name} lacks {missing:?}, and has beside it {beside:?}"
    );
}

/// Collects the paths of all properties that a schema names; a list's items have the list's own path.
fn schema_paths(schema: &Value, definitions: &Value, path: &str, paths: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/")) {
        schema_paths(&definitions[name], definitions, path, paths);
    }
    let branches = ["anyOf", "allOf"].iter().filter_map(|key| schema[*key].as_array()).flatten();
    for branch in branches.chain(schema.get("items")) {
        schema_paths(branch, definitions, path, paths);
    }
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        let path = join(path, key);
        schema_paths(property, definitions, &path, paths);
        paths.insert(path);
    }
}

/// Collects the paths of a value's fields, but of unknown ones and of what is free within known ones.
fn value_paths(value: &Value, path: &str, published: &BTreeSet<String>, paths: &mut BTreeSet<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| value_paths(value, path, published, paths)),
        Value::Object(object) if path.is_empty() || has_fields(path, published) => {
            for (key, value) in object.iter().filter(|(key, _)| !key.starts_with("x_")) {
                let path = join(path, key);
                value_paths(value, &path, published, paths);
                paths.insert(path);
            }
        }
        _ => {}
    }
}

/// Says whether the schema names fields below a path: it does not for maps and free objects.
fn has_fields(path: &str, published: &BTreeSet<String>) -> bool {
    let below = format!("{path}.");
    published.iter().any(|published| published.starts_with(&below))
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

#[test]
fn requests_have_the_published_fields() {
    check("CreateChatCompletionRequest", &strategies::request(Api::Published));
}

#[test]
fn completions_have_the_published_fields() {
    check("CreateChatCompletionResponse", &strategies::completion(Api::Published));
}

#[test]
fn chunks_have_the_published_fields() {
    check("CreateChatCompletionStreamResponse", &strategies::chunk(Api::Published));
}

#[test]
fn stored_completions_have_the_published_fields() {
    check("ChatCompletionList", &strategies::completion_list(Api::Published));
    check("ChatCompletionDeleted", &strategies::completion_deleted(Api::Published));
    check("ChatCompletionMessageList", &strategies::message_list(Api::Published));
}

#[test]
fn legacy_completions_have_the_published_fields() {
    check("CreateCompletionRequest", &completions::request(Api::Published));
    check("CreateCompletionResponse", &completions::completion(Api::Published));
    check("x.CompletionChunk", &completions::piece(Api::Published));
}

#[test]
fn embeddings_have_the_published_fields() {
    check("CreateEmbeddingRequest", &embeddings::request(Api::Published));
    check("CreateEmbeddingResponse", &embeddings::list(Api::Published, embeddings::floats()));
    check("x.EmbeddingBase64Response", &embeddings::list(Api::Published, embeddings::base64()));
}

#[test]
fn models_and_errors_have_the_published_fields() {
    check("ListModelsResponse", &strategies::model_list(Api::Published));
    check("DeleteModelResponse", &strategies::model_deleted(Api::Published));
    check("ErrorResponse", &strategies::error_response(Api::Published));
}
