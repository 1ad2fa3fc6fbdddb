use serde_json::{Value, json};

use super::*;

/// The `param` and `code` of what a model says to a request with these fields.
fn asked(model: &ModelInfo, fields: &Value) -> Option<(String, Option<&'static str>)> {
    let mut request = json!({"model": "m", "messages": [{"role": "user", "content": "hi"}]});
    for (key, value) in fields.as_object().expect("an object of fields") {
        request[key] = value.clone();
    }
    let request: Request = serde_json::from_value(request).expect("a request");
    check(&request, model, 8).err().map(|fault| (fault.param.clone(), fault.code()))
}

/// Each row is refused without the capability, and accepted with it.
fn check_rows(rows: impl IntoIterator<Item = (Value, Capability, &'static str, &'static str)>) {
    for (fields, capability, param, code) in rows {
        let refusal = asked(&ModelInfo::new("m"), &fields);
        assert_eq!(refusal, Some((param.to_owned(), Some(code))), "{fields}");
        assert_eq!(
            asked(&ModelInfo::new("m").with(capability), &fields),
            None,
            "{fields} with {capability:?}"
        );
    }
}

#[test]
fn options_that_a_model_lacks_are_refused_where_silence_would_lie() {
    let tool = json!([{"type": "function", "function": {"name": "f"}}]);
    check_rows([
        (json!({"messages": []}), Capability::EmptyMessages, "messages", "empty_array"),
        (
            json!({"tools": tool, "tool_choice": "required"}),
            Capability::Tools,
            "tool_choice",
            "unsupported_parameter",
        ),
        (
            json!({"tools": tool, "tool_choice": {"type": "function", "function": {"name": "f"}}}),
            Capability::Tools,
            "tool_choice",
            "unsupported_parameter",
        ),
        (
            json!({"function_call": {"name": "f"}}),
            Capability::Tools,
            "function_call",
            "unsupported_parameter",
        ),
        (
            json!({"response_format": {"type": "json_object"}}),
            Capability::JsonObject,
            "response_format",
            "unsupported_parameter",
        ),
        (
            json!({"response_format": {"type": "json_schema", "json_schema": {"name": "s"}}}),
            Capability::JsonSchema,
            "response_format",
            "unsupported_parameter",
        ),
        (json!({"logprobs": true}), Capability::Logprobs, "logprobs", "unsupported_parameter"),
        (
            json!({"modalities": ["text", "audio"]}),
            Capability::AudioOutput,
            "modalities",
            "unsupported_parameter",
        ),
        (
            json!({"web_search_options": {}}),
            Capability::WebSearch,
            "web_search_options",
            "unsupported_parameter",
        ),
        (
            json!({"moderation": {"model": "x"}}),
            Capability::Moderation,
            "moderation",
            "unsupported_parameter",
        ),
    ]);
}

#[test]
fn parts_that_a_model_cannot_read_are_refused() {
    let part = |part: Value| json!({"messages": [{"role": "user", "content": [{"type": "text", "text": "x"}, part]}]});
    check_rows([
        (
            part(json!({"type": "image_url", "image_url": {"url": "http://10.0.0.1/"}})),
            Capability::Vision,
            "messages[0].content[1].type",
            "unsupported_value",
        ),
        (
            part(json!({"type": "input_audio", "input_audio": {"data": "", "format": "wav"}})),
            Capability::AudioInput,
            "messages[0].content[1].type",
            "unsupported_value",
        ),
        (
            part(json!({"type": "file", "file": {"file_id": "f"}})),
            Capability::Files,
            "messages[0].content[1].type",
            "unsupported_value",
        ),
    ]);
}

#[test]
fn what_is_harmless_is_accepted() {
    let tool = json!([{"type": "function", "function": {"name": "f"}}]);
    for fields in [
        json!({"seed": 1, "user": "u", "store": true, "prediction": {"type": "content", "content": "x"}}),
        json!({"tools": tool, "tool_choice": "auto", "parallel_tool_calls": true}),
        json!({"tools": tool, "tool_choice": "none"}),
        json!({"response_format": {"type": "text"}, "modalities": ["text"], "logprobs": false}),
    ] {
        assert_eq!(asked(&ModelInfo::new("m"), &fields), None, "{fields}");
    }
}

#[test]
fn choices_are_limited_by_the_configuration() {
    assert_eq!(asked(&ModelInfo::new("m"), &json!({"n": 8})), None);
    let refusal = asked(&ModelInfo::new("m"), &json!({"n": 9}));
    assert_eq!(refusal, Some(("n".to_owned(), Some("integer_above_max_value"))));
}
