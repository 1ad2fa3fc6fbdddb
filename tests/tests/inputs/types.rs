//! Fields that are missing, or of the wrong type.

use serde_json::json;

use super::{NO_JSON, check, check_fields, check_messages, raw};

#[test]
fn wire_28_wrong_type_names_its_path() {
    let invalid = |param| (Some(param), Some("invalid_type"));
    check_fields(vec![
        ("text for an integer", json!({"n": "1"}), invalid("n")),
        ("fraction for an integer", json!({"n": 1.5}), invalid("n")),
        ("text for a number", json!({"temperature": "warm"}), invalid("temperature")),
        ("text for a boolean", json!({"stream": "true"}), invalid("stream")),
        ("number for a boolean", json!({"logprobs": 1}), invalid("logprobs")),
        ("number for a text", json!({"user": 7}), invalid("user")),
        ("number for the model", json!({"model": 7}), invalid("model")),
        ("text for messages", json!({"messages": "hello"}), invalid("messages")),
        ("object for messages", json!({"messages": {}}), invalid("messages")),
        ("text for a message", json!({"messages": ["hello"]}), invalid("messages[0]")),
        ("number for stop", json!({"stop": 7}), invalid("stop")),
        ("number in stop", json!({"stop": ["a", 7]}), invalid("stop[1]")),
        ("array for an object", json!({"logit_bias": []}), invalid("logit_bias")),
        ("number in metadata", json!({"metadata": {"k": 7}}), invalid("metadata.k")),
        ("text for tools", json!({"tools": "all"}), invalid("tools")),
        (
            "text for stream options",
            json!({"stream": true, "stream_options": "usage"}),
            invalid("stream_options"),
        ),
        (
            "text within stream options",
            json!({"stream": true, "stream_options": {"include_usage": "yes"}}),
            invalid("stream_options.include_usage"),
        ),
    ]);
    check_messages(vec![
        ("number for a role", json!([{"role": 7, "content": "x"}]), invalid("messages[0].role")),
        (
            "number for content",
            json!([{"role": "user", "content": "x"}, {"role": "user", "content": 7}]),
            invalid("messages[1].content"),
        ),
        (
            "null for content of a user",
            json!([{"role": "user", "content": null}]),
            invalid("messages[0].content"),
        ),
        (
            "number for a text",
            json!([{"role": "user", "content": [{"type": "text", "text": 7}]}]),
            invalid("messages[0].content[0].text"),
        ),
        ("text for a part", json!([{"role": "user", "content": ["x"]}]), invalid("messages[0].content[0]")),
        (
            "object for arguments",
            json!([{"role": "assistant", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": {}}}]}]),
            invalid("messages[0].tool_calls[0].function.arguments"),
        ),
    ]);
}

#[test]
fn wire_28_integer_of_any_size_is_read_or_refused() {
    let above = |param| (Some(param), Some("integer_above_max_value"));
    check(vec![
        ("2^63 for n", raw("n", "9223372036854775808"), above("n")),
        ("2^64 for n", raw("n", "18446744073709551616"), (Some("n"), Some("invalid_type"))),
        ("2^63 for max_tokens", raw("max_tokens", "9223372036854775808"), above("max_tokens")),
        ("2^63 for seed", raw("seed", "9223372036854775808"), above("seed")),
    ]);
}

#[test]
fn wire_28_missing_fields_are_named() {
    let missing = |param| (Some(param), Some("missing_required_parameter"));
    check(vec![
        ("no model", json!({"messages": [{"role": "user", "content": "x"}]}).to_string().into(), NO_JSON),
        ("nothing", b"{}".to_vec(), NO_JSON),
        ("null model", json!({"model": null, "messages": []}).to_string().into(), NO_JSON),
        ("no messages", json!({"model": "echo"}).to_string().into(), missing("messages")),
    ]);
    check_messages(vec![
        ("no role", json!([{"content": "x"}]), missing("messages[0].role")),
        ("no content", json!([{"role": "user"}]), missing("messages[0].content")),
        (
            "no type of a part",
            json!([{"role": "user", "content": [{"text": "x"}]}]),
            missing("messages[0].content[0].type"),
        ),
        (
            "no text of a part",
            json!([{"role": "user", "content": [{"type": "text"}]}]),
            missing("messages[0].content[0].text"),
        ),
        ("no id of a result", json!([{"role": "tool", "content": "x"}]), missing("messages[0].tool_call_id")),
        ("no name of a function", json!([{"role": "function", "content": "x"}]), missing("messages[0].name")),
    ]);
    check_fields(vec![
        (
            "no name of a tool",
            json!({"tools": [{"type": "function", "function": {}}]}),
            missing("tools[0].function.name"),
        ),
        ("no type of a tool", json!({"tools": [{"function": {"name": "f"}}]}), missing("tools[0].type")),
        ("no type of a format", json!({"response_format": {}}), missing("response_format.type")),
        (
            "no schema of a format",
            json!({"response_format": {"type": "json_schema"}}),
            missing("response_format.json_schema"),
        ),
    ]);
}

#[test]
fn first_of_two_faults_is_reported_as_openai_does() {
    check(vec![
        ("model before messages", b"{\"zzz\":1}".to_vec(), NO_JSON),
        (
            "messages before values",
            json!({"model": "echo", "n": 0}).to_string().into(),
            (Some("messages"), Some("missing_required_parameter")),
        ),
    ]);
    check_fields(vec![(
        "n before stop",
        json!({"stop": [""], "n": 0}),
        (Some("n"), Some("integer_below_min_value")),
    )]);
}
