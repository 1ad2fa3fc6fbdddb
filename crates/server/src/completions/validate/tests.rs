use serde_json::{Value, json};

fn parse(body: &[u8], unknown: Unknown) -> Result<Request, ApiError> {
    super::parse(body, unknown, |_model| {})
}

use super::*;
use crate::validate::testing::Table;

const TABLE: Table = Table {
    parse: |body, unknown| parse(body, unknown).err(),
    good: || json!({"model": "m", "prompt": "hi"}),
    rules: &rules::REQUEST,
};

#[test]
fn ranges_hold() {
    for (field, value, code) in [
        ("best_of", json!(-1), "integer_below_min_value"),
        ("best_of", json!(21), "integer_above_max_value"),
        ("n", json!(0), "integer_below_min_value"),
        ("n", json!(129), "integer_above_max_value"),
        ("logprobs", json!(-1), "integer_below_min_value"),
        ("logprobs", json!(6), "integer_above_max_value"),
        ("max_tokens", json!(-1), "integer_below_min_value"),
        ("max_tokens", json!(9_223_372_036_854_775_808_u64), "integer_above_max_value"),
        ("temperature", json!(-0.1), "decimal_below_min_value"),
        ("temperature", json!(2.1), "decimal_above_max_value"),
        ("top_p", json!(-0.1), "decimal_below_min_value"),
        ("top_p", json!(1.1), "decimal_above_max_value"),
        ("frequency_penalty", json!(-2.1), "decimal_below_min_value"),
        ("frequency_penalty", json!(2.1), "decimal_above_max_value"),
        ("presence_penalty", json!(-2.1), "decimal_below_min_value"),
        ("presence_penalty", json!(2.1), "decimal_above_max_value"),
        ("seed", json!(9_223_372_036_854_775_808_u64), "integer_above_max_value"),
        ("stop", json!(""), "string_below_min_length"),
        ("stop", json!("x".repeat(1_025)), "string_above_max_length"),
        ("stop", json!(["a", "b", "c", "d", "e"]), "array_above_max_length"),
        ("prompt", json!([]), "empty_array"),
        ("prompt", json!(vec!["x"; 2_049]), "array_above_max_length"),
        ("prompt", json!(vec![[1]; 2_049]), "array_above_max_length"),
        ("model", json!("x".repeat(257)), "string_above_max_length"),
        ("model", json!("a\nb"), "invalid_value"),
    ] {
        TABLE.refused(&json!({field: value}), field, code);
    }
}

#[test]
fn edges_of_ranges_are_within() {
    for fields in [
        json!({"n": 128, "logprobs": 0, "max_tokens": 0, "temperature": 0, "top_p": 1, "seed": i64::MIN}),
        json!({"best_of": 20, "n": 20, "logprobs": 5, "max_tokens": i64::MAX, "temperature": 2.0, "seed": i64::MAX}),
        json!({"frequency_penalty": -2, "presence_penalty": 2, "stop": ["a", "b", "c", "d"], "suffix": ""}),
        json!({"logit_bias": {"50256": -100}, "stop": [], "echo": false, "user": "u", "top_k": 40}),
        json!({"logit_bias": {}, "stop": "\n", "echo": true}),
    ] {
        TABLE.accepted(&fields);
    }
}

#[test]
fn types_hold() {
    for (field, value) in [
        ("model", json!(5)),
        ("prompt", json!(5)),
        ("prompt", json!({})),
        ("prompt", json!(true)),
        ("best_of", json!("2")),
        ("echo", json!("true")),
        ("echo", json!(1)),
        ("frequency_penalty", json!("0")),
        ("presence_penalty", json!([])),
        ("logit_bias", json!([])),
        ("logprobs", json!(true)),
        ("logprobs", json!(1.5)),
        ("max_tokens", json!("16")),
        ("n", json!(1.5)),
        ("seed", json!("7")),
        ("stop", json!(7)),
        ("stream", json!("true")),
        ("stream_options", json!([])),
        ("suffix", json!(["x"])),
        ("temperature", json!("hot")),
        ("top_p", json!({})),
        ("user", json!(7)),
    ] {
        TABLE.refused(&json!({field: value}), field, "invalid_type");
    }
}

#[test]
fn prompts_are_all_of_one_kind() {
    for (prompt, param, code) in [
        (json!(["a", 1]), "prompt[1]", "invalid_type"),
        (json!([1, "a"]), "prompt[1]", "invalid_type"),
        (json!([1, [2]]), "prompt[1]", "invalid_type"),
        (json!([[1], 2]), "prompt[1]", "invalid_type"),
        (json!([[1], ["a"]]), "prompt[1][0]", "invalid_type"),
        (json!([null]), "prompt[0]", "invalid_type"),
        (json!([{}]), "prompt[0]", "invalid_type"),
        (json!([1.5]), "prompt[0]", "invalid_type"),
        (json!([[]]), "prompt[0]", "empty_array"),
        (json!([[1], []]), "prompt[1]", "empty_array"),
        (json!([-1]), "prompt[0]", "integer_below_min_value"),
        (json!([[1, 4_294_967_296_u64]]), "prompt[0][1]", "integer_above_max_value"),
    ] {
        TABLE.refused(&json!({"prompt": prompt}), param, code);
    }
    for prompt in
        [json!(""), json!([""]), json!(["a", "b"]), json!([0]), json!([[1, 2], [4_294_967_295_u64]])]
    {
        TABLE.accepted(&json!({"prompt": prompt}));
    }
}

#[test]
fn tokens_are_not_counted_among_the_values() {
    TABLE.accepted(&json!({"prompt": vec![1; 100_000]}));
    TABLE.accepted(&json!({"prompt": vec![vec![1; 1_000]; 100]}));
    let body = TABLE.with(&json!({"prompt": [1], "unknown": vec![0; 70_000]}));
    let (param, code, message) = TABLE.told(body.to_string().as_bytes(), Unknown::Accepted).expect("refused");
    assert_eq!((param, code), (None, None));
    assert!(message.contains("more than 65536 JSON values"), "{message}");
}

#[test]
fn nested_bounds_name_the_path() {
    TABLE.refused(&json!({"logit_bias": {"1": 101}}), "logit_bias.1", "integer_above_max_value");
    TABLE.refused(&json!({"logit_bias": {"1": -101}}), "logit_bias.1", "integer_below_min_value");
    TABLE.refused(&json!({"logit_bias": {"a": 1}}), "logit_bias.a", "invalid_value");
    TABLE.refused(&json!({"stop": ["a", ""]}), "stop[1]", "string_below_min_length");
    TABLE.refused(&json!({"stop": ["a", 7]}), "stop[1]", "invalid_type");
    let options = json!({"stream": true, "stream_options": {"include_usage": "yes"}});
    TABLE.refused(&options, "stream_options.include_usage", "invalid_type");
}

#[test]
fn rules_between_fields_hold() {
    for (fields, param) in [
        (json!({"stream_options": {"include_usage": true}}), "stream_options"),
        (json!({"stream": false, "stream_options": {}}), "stream_options"),
        (json!({"best_of": 1, "n": 2}), "best_of"),
        (json!({"best_of": 0}), "best_of"),
        (json!({"best_of": 2, "stream": true}), "best_of"),
        (json!({"best_of": 3, "n": 2, "stream": true}), "best_of"),
    ] {
        TABLE.breaks(&fields, param, None);
    }
    TABLE.accepted(&json!({"best_of": 2, "n": 2}));
    TABLE.accepted(&json!({"best_of": 3, "n": 2, "stream": false}));
    TABLE.accepted(&json!({"best_of": null, "n": 2}));
}

#[test]
fn the_words_are_openais() {
    TABLE.message(&json!({"model": null}), "you must provide a model parameter");
    TABLE.message(
        &json!({"best_of": 1, "n": 2}),
        "You requested that the server return more choices than it will generate (HINT: you must set 'n' (currently 2) to \
         be at most 'best_of' (currently 1), or omit either parameter if you don't specifically want to use them.)",
    );
    TABLE.message(
        &json!({"best_of": 2, "stream": true}),
        "The best 1 of 2 choices cannot be streamed: 'best_of' may not be greater than 'n' when 'stream' is enabled.",
    );
    TABLE.message(
        &json!({"prompt": 5}),
        "Invalid type for 'prompt': expected one of a string or array of strings or array of integers or array of arrays of \
         integers, but got an integer instead.",
    );
    TABLE.message(
        &json!({"prompt": [1.5]}),
        "Invalid type for 'prompt[0]': expected one of a string or integer or array of integers, but got a decimal instead.",
    );
    TABLE.message(
        &json!({"prompt": []}),
        "Invalid 'prompt': empty array. Expected an array with minimum length 1, but got an empty array instead.",
    );
    TABLE.message(
        &json!({"logprobs": 6}),
        "Invalid 'logprobs': integer above maximum value. Expected a value <= 5, but got 6 instead.",
    );
    TABLE.message(
        &json!({"temperature": 3}),
        "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3 instead.",
    );
    TABLE.message(
        &json!({"logit_bias": {"a": 1}}),
        "Invalid 'logit_bias.a': string does not match pattern. Expected a string that matches the pattern '^[0-9]+$'.",
    );
}

#[test]
fn the_first_fault_is_openais_first() {
    let check = |body: Value, expected: &str| {
        let (_, _, message) = TABLE.told(body.to_string().as_bytes(), Unknown::Refused).expect("refused");
        assert!(message.contains(expected), "{body}: {message}");
    };
    check(json!({"n": 0, "zzz": 1}), "you must provide a model parameter");
    check(json!({"n": 0, "zzz": 1, "model": "m"}), "Unknown parameter: 'zzz'");
    check(json!({"n": 0, "prompt": [], "model": "m"}), "'prompt'");
    check(json!({"n": 2, "best_of": 1, "temperature": 9, "model": "m"}), "'temperature'");
}

#[test]
fn null_is_absent_for_every_optional_field() {
    let mut requests = TABLE.null_is_absent().map(|body| parse(&body, Unknown::Refused).expect("accepted"));
    requests[1].prompt = None;
    assert_eq!(requests[0], requests[1]);
}

#[test]
fn every_field_of_the_table_is_a_field_of_the_type() {
    TABLE.is_typed(|request: &Request| &request.extra);
}
