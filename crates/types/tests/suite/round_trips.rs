//! Every value is what it was after it has been written and read.

use std::fmt::Debug;

use proptest::{prelude::*, test_runner::Config};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::strategies::{self, Api, completions, embeddings};

/// Says that every value of a type round-trips, however its JSON reaches the reader.
macro_rules! round_trips {
    ($($name:ident: $strategy:expr;)+) => {
        $(
            proptest! {
                #![proptest_config(Config { cases: 128, failure_persistence: None, ..Config::default() })]

                #[test]
                fn $name(value in $strategy) {
                    check(&value)?;
                }
            }
        )+
    };
}

round_trips! {
    request: strategies::request(Api::Newer);
    message: strategies::message(Api::Newer);
    user_part: strategies::user_part(Api::Newer);
    assistant_part: strategies::assistant_part(Api::Newer);
    text_part: strategies::text_part(Api::Newer);
    stop: strategies::stop(Api::Newer);
    response_format: strategies::response_format(Api::Newer);
    prediction: strategies::prediction(Api::Newer);
    voice: strategies::voice(Api::Newer);
    web_search_options: strategies::web_search(Api::Newer);
    moderation_options: strategies::moderation_options(Api::Newer);
    tool: strategies::tool(Api::Newer);
    custom_format: strategies::custom_format(Api::Newer);
    tool_choice: strategies::tool_choice(Api::Newer);
    function_call_choice: strategies::function_call_choice(Api::Newer);
    tool_call: strategies::tool_call(Api::Newer);
    completion: strategies::completion(Api::Newer);
    annotation: strategies::annotation(Api::Newer);
    moderation: strategies::moderation(Api::Newer);
    chunk: strategies::chunk(Api::Newer);
    delta: strategies::delta(Api::Newer);
    logprobs: strategies::logprobs();
    usage: strategies::usage();
    completion_list: strategies::completion_list(Api::Newer);
    completion_deleted: strategies::completion_deleted(Api::Newer);
    message_list: strategies::message_list(Api::Newer);
    text_input: strategies::text_input(Api::Newer);
    legacy_request: completions::request(Api::Newer);
    legacy_completion: completions::completion(Api::Newer);
    piece: completions::piece(Api::Newer);
    legacy_logprobs: completions::logprobs();
    embedding_request: embeddings::request(Api::Newer);
    embedding_list: embeddings::list(Api::Newer, embeddings::vector(Api::Newer));
    vector: embeddings::vector(Api::Newer);
    embedding_usage: embeddings::usage();
    model: strategies::model(Api::Newer);
    model_list: strategies::model_list(Api::Newer);
    model_deleted: strategies::model_deleted(Api::Newer);
    error_response: strategies::error_response(Api::Newer);
}

/// Writes a value and reads it back: as text, from a reader, as a tree, and with its keys in another order.
fn check<T>(value: &T) -> Result<(), TestCaseError>
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let text = serde_json::to_string(value)?;
    prop_assert_eq!(&serde_json::from_str::<T>(&text)?, value, "{}", text);
    prop_assert_eq!(&serde_json::from_reader::<_, T>(text.as_bytes())?, value, "{}", text);

    let tree: Value = serde_json::from_str(&text)?;
    prop_assert_eq!(&serde_json::to_value(value)?, &tree);
    prop_assert_eq!(&serde_json::from_value::<T>(tree.clone())?, value);
    for order in [in_order(&tree), in_reverse(&tree)] {
        prop_assert_eq!(&serde_json::from_str::<T>(&order)?, value, "{}", order);
    }
    Ok(())
}

/// Writes JSON with the keys of every object sorted: tags do not come first.
fn in_order(tree: &Value) -> String {
    ordered(tree, &|keys| keys.sort_unstable())
}

/// Writes JSON with the keys of every object sorted backwards: tags come in the middle.
fn in_reverse(tree: &Value) -> String {
    ordered(tree, &|keys| keys.sort_unstable_by(|one, other| other.cmp(one)))
}

fn ordered(tree: &Value, sort: &impl Fn(&mut Vec<&String>)) -> String {
    match tree {
        Value::Array(values) => {
            let values: Vec<_> = values.iter().map(|value| ordered(value, sort)).collect();
            format!("[{}]", values.join(","))
        }
        Value::Object(object) => {
            let mut keys = object.keys().collect();
            sort(&mut keys);
            let entries = keys
                .into_iter()
                .map(|key| format!("{}:{}", Value::from(key.as_str()), ordered(&object[key], sort)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
        _ => tree.to_string(),
    }
}
