//! Values of the right type that nobody can use.

use antiphon_backend::ModelInfo;
use antiphon_tests::{Request, Scripted, Served, Step, ask_model, send, with};
use serde_json::{Value, json};

use super::{NO_JSON, Owed, check, check_fields, check_messages, raw};
use crate::errors::{assert_error, assert_invalid, error_of};

#[test]
fn numbers_out_of_range_are_refused() {
    let row = |name, param: &'static str, value: Value, code| {
        (name, json!({param: value}), (Some(param), Some(code)))
    };
    check_fields(vec![
        row("n 0", "n", json!(0), "integer_below_min_value"),
        row("n -1", "n", json!(-1), "integer_below_min_value"),
        row("n 129", "n", json!(129), "integer_above_max_value"),
        row("n 1e9", "n", json!(1_000_000_000), "integer_above_max_value"),
        row("n over the setting", "n", json!(9), "integer_above_max_value"),
        row("temperature -0.1", "temperature", json!(-0.1), "decimal_below_min_value"),
        row("temperature 2.1", "temperature", json!(2.1), "decimal_above_max_value"),
        row("top_p -0.1", "top_p", json!(-0.1), "decimal_below_min_value"),
        row("top_p 1.1", "top_p", json!(1.1), "decimal_above_max_value"),
        row("frequency_penalty 2.1", "frequency_penalty", json!(2.1), "decimal_above_max_value"),
        row("presence_penalty -2.1", "presence_penalty", json!(-2.1), "decimal_below_min_value"),
        row("max_tokens 0", "max_tokens", json!(0), "integer_below_min_value"),
        row("max_completion_tokens -1", "max_completion_tokens", json!(-1), "integer_below_min_value"),
    ]);
    let top_logprobs = json!({"logprobs": true, "top_logprobs": 21});
    check_fields(vec![
        ("top_logprobs 21", top_logprobs, (Some("top_logprobs"), Some("integer_above_max_value"))),
        (
            "logit_bias 101",
            json!({"logit_bias": {"1": 101}}),
            (Some("logit_bias.1"), Some("integer_above_max_value")),
        ),
        (
            "logit_bias -101",
            json!({"logit_bias": {"1": -101}}),
            (Some("logit_bias.1"), Some("integer_below_min_value")),
        ),
    ]);
}

#[test]
fn fields_that_need_another_are_refused_without_it() {
    check_fields(vec![
        ("top_logprobs", json!({"top_logprobs": 2}), (Some("top_logprobs"), None)),
        (
            "top_logprobs with false",
            json!({"logprobs": false, "top_logprobs": 2}),
            (Some("top_logprobs"), None),
        ),
        (
            "stream_options",
            json!({"stream_options": {"include_usage": true}}),
            (Some("stream_options"), None),
        ),
        (
            "stream_options with false",
            json!({"stream": false, "stream_options": {}}),
            (Some("stream_options"), None),
        ),
        ("tool_choice", json!({"tool_choice": "required"}), (Some("tool_choice"), None)),
    ]);
}

#[test]
fn too_many_and_too_long_are_refused() {
    let long: Owed = (Some("stop"), Some("array_above_max_length"));
    let messages: Value = vec![json!({"role": "user", "content": "x"}); 100_000].into();
    let tool = |name: String| json!({"type": "function", "function": {"name": name}});
    let tools: Value = (0..129).map(|number| tool(format!("f{number}"))).collect::<Vec<_>>().into();
    check_fields(vec![
        ("5 stops", json!({"stop": ["a", "b", "c", "d", "e"]}), long),
        ("500,000 stops", json!({"stop": vec!["a"; 500_000]}), long),
        ("empty stop", json!({"stop": ""}), (Some("stop"), Some("string_below_min_length"))),
        (
            "empty stop in a list",
            json!({"stop": ["a", ""]}),
            (Some("stop[1]"), Some("string_below_min_length")),
        ),
        (
            "100,000 messages",
            json!({"messages": messages}),
            (Some("messages"), Some("array_above_max_length")),
        ),
        ("bias of no token", json!({"logit_bias": {"a": 1}}), (Some("logit_bias.a"), Some("invalid_value"))),
        ("129 tools", json!({"tools": tools}), (Some("tools"), Some("array_above_max_length"))),
        ("no tools", json!({"tools": []}), (Some("tools"), Some("empty_array"))),
        (
            "17 metadata",
            json!({"metadata": (0..17).map(|n| (n.to_string(), json!("v"))).collect::<serde_json::Map<_, _>>()}),
            (Some("metadata"), Some("object_above_max_properties")),
        ),
        (
            "long metadata",
            json!({"metadata": {"k": "v".repeat(513)}}),
            (Some("metadata.k"), Some("string_above_max_length")),
        ),
        (
            "model of 10 KB",
            json!({"model": "m".repeat(10_240)}),
            (Some("model"), Some("string_above_max_length")),
        ),
        ("model with a new line", json!({"model": "ec\nho"}), (Some("model"), Some("invalid_value"))),
        ("empty model", json!({"model": ""}), NO_JSON),
    ]);
}

#[test]
fn million_biases_are_refused() {
    let biases: Vec<String> = (0..1_000_000).map(|id| format!("\"{id}\":1")).collect();
    let owed = (Some("logit_bias"), Some("object_above_max_properties"));
    check(vec![("a million", raw("logit_bias", &format!("{{{}}}", biases.join(","))), owed)]);
}

#[test]
fn values_that_nobody_knows_are_refused() {
    let invalid = |param| (Some(param), Some("invalid_value"));
    check_messages(vec![
        ("role", json!([{"role": "foobar", "content": "x"}]), invalid("messages[0].role")),
        (
            "part",
            json!([{"role": "user", "content": [{"type": "smell", "smell": "x"}]}]),
            invalid("messages[0].content[0].type"),
        ),
        (
            "image in a system message",
            json!([{"role": "system", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]),
            invalid("messages[0].content[0].type"),
        ),
    ]);
    check_fields(vec![
        ("effort", json!({"reasoning_effort": "heroic"}), invalid("reasoning_effort")),
        ("format", json!({"response_format": {"type": "yaml"}}), invalid("response_format.type")),
        (
            "tool choice",
            json!({"tools": [{"type": "function", "function": {"name": "f"}}], "tool_choice": "maybe"}),
            invalid("tool_choice"),
        ),
        ("tool", json!({"tools": [{"type": "magic"}]}), invalid("tools[0].type")),
        ("tier", json!({"service_tier": "gold"}), invalid("service_tier")),
    ]);
}

#[test]
fn tools_are_named_once_and_well() {
    let function = |name: &str| json!({"type": "function", "function": {"name": name}});
    let name = Some("tools[0].function.name");
    check_fields(vec![
        ("space", json!({"tools": [function("two words")]}), (name, Some("invalid_value"))),
        ("empty", json!({"tools": [function("")]}), (name, Some("string_below_min_length"))),
        ("long", json!({"tools": [function(&"f".repeat(65))]}), (name, Some("string_above_max_length"))),
        (
            "double",
            json!({"tools": [function("f"), function("f")]}),
            (Some("tools[1].function.name"), Some("invalid_value")),
        ),
        (
            "forced and absent",
            json!({"tools": [function("f")], "tool_choice": {"type": "function", "function": {"name": "g"}}}),
            (Some("tool_choice"), Some("invalid_value")),
        ),
    ]);
    check_messages(vec![(
        "result without its call",
        json!([{"role": "user", "content": "x"}, {"role": "tool", "tool_call_id": "call_1", "content": "x"}]),
        (Some("messages[1].tool_call_id"), None),
    )]);
}

#[test]
fn content_that_the_model_cannot_take_names_its_param() {
    let served = Served::start(
        Scripted::always([Step::text("yes"), Step::stop()]).models([ModelInfo::new("scripted")]),
    );
    let check = |fields: Value, param: &str| {
        let body = with(ask_model("scripted", "hello"), fields);
        let response = send(served.address(), &Request::chat(&body));
        let error = error_of(&response, 400);
        assert_error(&error, "invalid_request_error", Some(param), error["code"].as_str());
    };
    for url in ["file:///etc/passwd", "http://169.254.169.254/latest/meta-data", "http://127.0.0.1:1/x.png"] {
        let part = json!({"type": "image_url", "image_url": {"url": url}});
        check(json!({"messages": [{"role": "user", "content": [part]}]}), "messages[0].content[0].type");
    }
    let audio = json!({"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}});
    check(json!({"messages": [{"role": "user", "content": [audio]}]}), "messages[0].content[0].type");
    let schema =
        |schema: Value| json!({"type": "json_schema", "json_schema": {"name": "s", "schema": schema}});
    for schema in [
        schema(json!({"$ref": "#"})),
        schema(json!({"$ref": "http://127.0.0.1:1/schema.json"})),
        schema(json!({"type": "string", "pattern": "(a+)+$"})),
        json!({"type": "json_object"}),
    ] {
        check(json!({"response_format": schema}), "response_format");
    }
    check(json!({"logprobs": true}), "logprobs");
    check(
        json!({"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}}),
        "modalities",
    );
}

#[test]
fn empty_messages_are_refused_for_a_model_that_needs_one() {
    let served = Served::start(
        Scripted::always([Step::text("yes"), Step::stop()]).models([ModelInfo::new("scripted")]),
    );
    let response = send(served.address(), &Request::chat(&json!({"model": "scripted", "messages": []})));
    assert_invalid(&response, Some("messages"), Some("empty_array"));
}
