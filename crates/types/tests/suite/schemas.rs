//! OpenAI's own schemas accept all that is written.

use std::{
    env, fs,
    io::{self, Write},
    sync::LazyLock,
};

use jsonschema::Validator;
use proptest::{prelude::*, test_runner::Config};
use serde::Serialize;
use serde_json::{Value, json};

use crate::strategies::{self, Api, completions, embeddings};

/// Where the schema bundle is.
const VARIABLE: &str = "ANTIPHON_WIRE_SCHEMAS";

static BUNDLE: LazyLock<Option<Value>> = LazyLock::new(|| {
    let path = env::var_os(VARIABLE)?;
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{VARIABLE}={}: {error}", path.display()));
    let mut bundle: Value = serde_json::from_str(&text).expect("the bundle is JSON");
    for patch in bundle["x-reality-patches"].take().as_array().expect("the patches are a list") {
        apply(patch, &mut bundle["$defs"]);
    }
    Some(bundle)
});

/// Returns the schemas by name, with the patches that real traffic needs; where there are none, says so.
pub(crate) fn definitions(test: &str) -> Option<&'static Value> {
    if BUNDLE.is_none() {
        // Not `eprintln!`, which the test harness holds back.
        writeln!(io::stderr(), "skipped: {VARIABLE} is not set ({test} needs the path of wire-schemas.json)")
            .expect("stderr is open");
    }
    BUNDLE.as_ref().map(|bundle| &bundle["$defs"])
}

/// Applies a patch: `replace` puts a value at a path, `remove_required` makes the key there optional.
fn apply(patch: &Value, definitions: &mut Value) {
    let steps = patch["path"].as_array().expect("a path is a list");
    let place = steps.iter().fold(definitions, |place, step| match step {
        Value::Number(index) => {
            &mut place[usize::try_from(index.as_u64().expect("an index")).expect("an index")]
        }
        step => &mut place[step.as_str().expect("a key")],
    });
    match patch["op"].as_str() {
        Some("replace") => *place = patch["value"].clone(),
        Some("remove_required") => {
            place["required"].as_array_mut().expect("a list").retain(|key| *key != patch["value"]);
        }
        op => panic!("unknown patch: {op:?}"),
    }
}

/// Makes the validator of one schema.
pub(crate) fn validator(definitions: &Value, name: &str) -> Validator {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/$defs/{name}"),
        "$defs": definitions,
    });
    jsonschema::validator_for(&schema).expect("the bundle's schemas are valid")
}

/// Says that a schema accepts every value of a type.
macro_rules! validates {
    ($($test:ident: $strategy:expr, $name:literal;)+) => {
        $(
            #[test]
            fn $test() {
                let Some(definitions) = definitions(stringify!($test)) else { return };
                let validator = validator(definitions, $name);
                let config = Config { cases: 96, failure_persistence: None, ..Config::default() };
                proptest!(config, |(value in $strategy)| check(&validator, &value)?);
            }
        )+
    };
}

validates! {
    request: strategies::request(Api::Published), "CreateChatCompletionRequest";
    message: strategies::message(Api::Published), "ChatCompletionRequestMessage";
    tool_choice: strategies::tool_choice(Api::Published), "ChatCompletionToolChoiceOption";
    completion: strategies::completion(Api::Published), "CreateChatCompletionResponse";
    chunk: strategies::chunk(Api::Published), "CreateChatCompletionStreamResponse";
    usage: strategies::usage(), "CompletionUsage";
    completion_list: strategies::completion_list(Api::Published), "ChatCompletionList";
    completion_deleted: strategies::completion_deleted(Api::Published), "ChatCompletionDeleted";
    message_list: strategies::message_list(Api::Published), "ChatCompletionMessageList";
    legacy_request: completions::request(Api::Published), "CreateCompletionRequest";
    legacy_completion: completions::completion(Api::Published), "CreateCompletionResponse";
    piece: completions::piece(Api::Published), "x.CompletionChunk";
    embedding_request: embeddings::request(Api::Published), "CreateEmbeddingRequest";
    embedding_list: embeddings::list(Api::Published, embeddings::floats()), "CreateEmbeddingResponse";
    embedding_list_in_base64: embeddings::list(Api::Published, embeddings::base64()), "x.EmbeddingBase64Response";
    model: strategies::model(Api::Published), "Model";
    model_list: strategies::model_list(Api::Published), "ListModelsResponse";
    model_deleted: strategies::model_deleted(Api::Published), "DeleteModelResponse";
    error_response: strategies::error_response(Api::Published), "ErrorResponse";
    error_body: strategies::error_body(Api::Published), "Error";
}

/// Says that a schema accepts a value.
pub(crate) fn check<T: Serialize>(validator: &Validator, value: &T) -> Result<(), TestCaseError> {
    let json = serde_json::to_value(value)?;
    let faults: Vec<_> =
        validator.iter_errors(&json).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    prop_assert!(faults.is_empty(), "{}: {}", faults.join("; "), json);
    Ok(())
}

/// Otherwise every test above would pass whatever is written.
#[test]
fn schemas_refuse_what_is_wrong() {
    let Some(definitions) = definitions("schemas_refuse_what_is_wrong") else { return };
    let validator = validator(definitions, "CreateChatCompletionStreamResponse");
    let chunk = |reason: &str| {
        json!({"id": "", "object": "chat.completion.chunk", "created": 0, "model": "",
        "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
    };
    assert!(validator.is_valid(&chunk("stop")));
    assert!(!validator.is_valid(&chunk("tired")));
}
