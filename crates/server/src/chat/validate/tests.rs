mod rows;

use serde_json::{Value, json};

use super::*;
use crate::validate::testing::{Table, Told};

const TABLE: Table = Table {
    parse: |body, unknown| parse(body, unknown).err(),
    good: || json!({"model": "m", "messages": [{"role": "user", "content": "hi"}]}),
    rules: &rules::REQUEST,
};

fn parse(body: &[u8], unknown: Unknown) -> Result<Request, ApiError> {
    super::parse(body, unknown, |_model| {})
}

fn told(body: &[u8], unknown: Unknown) -> Option<Told> {
    TABLE.told(body, unknown)
}

fn with(fields: &Value) -> Value {
    TABLE.with(fields)
}

fn refused(fields: &Value, param: &str, code: &str) {
    TABLE.refused(fields, param, code);
}

fn accepted(fields: &Value) {
    TABLE.accepted(fields);
}

fn message(fields: &Value, expected: &str) {
    TABLE.message(fields, expected);
}

#[test]
fn the_words_are_openais() {
    message(
        &json!({"n": 130}),
        "Invalid 'n': integer above maximum value. Expected a value <= 128, but got 130 instead.",
    );
    message(
        &json!({"temperature": "hot"}),
        "Invalid type for 'temperature': expected a decimal, but got a string instead.",
    );
    message(
        &json!({"messages": [{"role": "foobar", "content": "x"}]}),
        "Invalid value: 'foobar'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.",
    );
    message(
        &json!({"messages": "x"}),
        "Invalid type for 'messages': expected an array of objects, but got a string instead.",
    );
    message(
        &json!({"messages": [{"role": "user", "content": 5}]}),
        "Invalid type for 'messages[0].content': expected one of a string or array of objects, but got an integer instead.",
    );
    message(
        &json!({"metadata": {"k": "x".repeat(600)}}),
        "Invalid 'metadata.k': string too long. Expected a string with maximum length 512, but got a string with length 600 instead.",
    );
    message(&json!({"model": ""}), "you must provide a model parameter");
    message(&json!({"model": null}), "you must provide a model parameter");
}

#[test]
fn the_first_fault_is_openais_first() {
    let check = |body: Value, expected: &str| {
        let (_, _, message) = told(body.to_string().as_bytes(), Unknown::Refused).expect("refused");
        assert!(message.contains(expected), "{body}: {message}");
    };
    check(json!({"n": 0, "zzz": 1}), "you must provide a model parameter");
    check(json!({"n": 0, "zzz": 1, "model": "m"}), "Missing required parameter: 'messages'");
    check(json!({"n": 0, "zzz": 1, "model": "m", "messages": []}), "Unknown parameter: 'zzz'");
    check(json!({"temperature": 9, "n": 0, "model": "m", "messages": []}), "'temperature'");
}

#[test]
fn unknown_fields_are_refused_only_where_strict() {
    let body = with(&json!({"top_k": 40, "messages": [{"role": "user", "content": "x", "mood": 1}]}));
    let request = parse(body.to_string().as_bytes(), Unknown::Accepted).expect("accepted");
    assert_eq!(request.extra["top_k"], 40);
    let told = told(body.to_string().as_bytes(), Unknown::Refused).expect("refused");
    assert_eq!((told.0.as_deref(), told.1.as_deref()), (Some("top_k"), Some("unknown_parameter")));
}

#[test]
fn thoughts_are_sent_back_even_where_strict() {
    let body = with(&json!({"messages": [
        {"role": "assistant", "content": "x", "reasoning_content": "y", "reasoning": "z"},
    ]}));
    assert_eq!(told(body.to_string().as_bytes(), Unknown::Refused), None);
    refused(
        &json!({"messages": [{"role": "assistant", "reasoning": {}}]}),
        "messages[0].reasoning",
        "invalid_type",
    );
}

#[test]
fn allowed_tools_are_one_at_least() {
    let body = json!({
        "tools": [{"type": "function", "function": {"name": "f"}}],
        "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}},
    });
    refused(&body, "tool_choice.allowed_tools.tools", "empty_array");
}

#[test]
fn schemas_are_free_even_where_strict() {
    let schema = json!({"type": "object", "properties": {"x": {"type": "string"}}});
    let body = with(&json!({
        "tools": [{"type": "function", "function": {"name": "f", "parameters": schema, "strict": true}}],
        "tool_choice": {"type": "allowed_tools", "allowed_tools": {
            "mode": "auto", "tools": [{"type": "function", "function": {"name": "f"}}],
        }},
        "functions": [{"name": "f", "parameters": schema}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": schema}},
    }));
    assert_eq!(told(body.to_string().as_bytes(), Unknown::Refused), None);
    let body = with(&json!({"response_format": {"type": "text", "zz": 1}}));
    let told = told(body.to_string().as_bytes(), Unknown::Refused).expect("refused");
    assert_eq!(told.0.as_deref(), Some("response_format.zz"));
}

#[test]
fn null_is_absent_for_every_optional_field() {
    let [nulls, absent] =
        TABLE.null_is_absent().map(|body| parse(&body, Unknown::Refused).expect("accepted"));
    assert_eq!(nulls, absent);
}

#[test]
fn every_field_of_the_table_is_a_field_of_the_type() {
    TABLE.is_typed(|request: &Request| &request.extra);
}

#[test]
fn bodies_that_are_no_objects_are_refused() {
    for body in ["[]", "null", "3", "\"x\"", "true"] {
        let (param, code, _) = told(body.as_bytes(), Unknown::Accepted).expect("refused");
        assert_eq!((param, code.as_deref()), (None, Some("invalid_type")), "{body}");
    }
    for body in ["", "{", "{}x", "{\"a\":1,}", "NaN", "{\"n\": 1e999}"] {
        let (param, code, message) = told(body.as_bytes(), Unknown::Accepted).expect("refused");
        assert_eq!((param, code), (None, None), "{body}");
        assert!(message.starts_with("We could not parse the JSON body of your request"), "{message}");
    }
}

#[test]
fn the_number_of_values_has_an_end_wherever_they_stand() {
    for fields in [
        json!({"unknown": vec![json!({"": 0}); 40_000]}),
        json!({"tools": [{"type": "function", "function": {"name": "f", "parameters": {"enum": vec![0; 70_000]}}}]}),
    ] {
        let (param, code, message) =
            told(with(&fields).to_string().as_bytes(), Unknown::Accepted).expect("refused");
        assert_eq!((param, code), (None, None));
        assert!(message.starts_with("The request body holds more than 65536 JSON values"), "{message}");
    }
    accepted(&json!({"unknown": vec![json!({"": 0}); 30_000]}));
}

#[test]
fn a_key_that_is_given_twice_is_refused() {
    let body = br#"{"model": "a", "messages": [], "model": "b"}"#;
    let (param, code, _) = told(body, Unknown::Accepted).expect("refused");
    assert_eq!((param.as_deref(), code.as_deref()), (Some("model"), Some("duplicate_parameter")));
    let message = r#""model": "m", "messages": [{"role": "user", "content": "x"}]"#;
    for (body, expected) in [
        (
            r#"{"model": "m", "messages": [{"role": "user", "role": "system", "content": "x"}]}"#.to_owned(),
            "messages[0].role",
        ),
        (format!(r#"{{{message}, "x": 1, "x": 2}}"#), "x"),
        (format!(r#"{{{message}, "x": {{"y": [{{"z": 1, "z": 1}}]}}}}"#), "x.y[0].z"),
        (format!(r#"{{{message}, "metadata": {{"a": "1", "a": "2"}}}}"#), "metadata.a"),
        (format!(r#"{{{message}, "logit_bias": {{"1": 1, "1": 2}}}}"#), "logit_bias.1"),
    ] {
        let (param, code, _) = told(body.as_bytes(), Unknown::Accepted).expect("refused");
        assert_eq!(
            (param.as_deref(), code.as_deref()),
            (Some(expected), Some("duplicate_parameter")),
            "{body}"
        );
    }
    let wide: Vec<String> = (0..1_000).chain([500]).map(|key| format!("\"k{key}\": 1")).collect();
    let (param, _, _) =
        told(format!("{{{message}, {}}}", wide.join(",")).as_bytes(), Unknown::Accepted).expect("refused");
    assert_eq!(param.as_deref(), Some("k500"));
}

#[test]
fn answers_quote_little_of_a_long_value() {
    let long = "x".repeat(100_000);
    let (_, _, message) =
        told(with(&json!({"verbosity": long})).to_string().as_bytes(), Unknown::Accepted).expect("refused");
    assert!(message.len() < 300, "{message}");
    let (param, _, message) =
        told(with(&json!({"metadata": {long: 1}})).to_string().as_bytes(), Unknown::Accepted)
            .expect("refused");
    assert!(message.len() < 600 && param.expect("a param").len() < 300);
}

#[test]
fn messages_of_every_kind_are_accepted() {
    let call = json!({"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}});
    accepted(&json!({"messages": [
        {"role": "developer", "content": [{"type": "text", "text": "x"}]},
        {"role": "system", "content": "x", "name": "s"},
        {"role": "user", "content": [
            {"type": "text", "text": "x", "prompt_cache_breakpoint": {"mode": "explicit"}},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,", "detail": "low"}},
            {"type": "input_audio", "input_audio": {"data": "", "format": "wav"}},
            {"type": "file", "file": {"file_id": "f"}},
        ]},
        {"role": "assistant", "content": null, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": "x"}]},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "assistant", "content": ""},
        {"role": "assistant", "content": null},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "no"}]},
        {"role": "function", "name": "f", "content": null},
        {"role": "system", "content": "late"},
    ]}));
}
