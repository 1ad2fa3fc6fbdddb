use serde_json::{Value, json};

use super::*;

/// A fault's `param`, `code` and message, as the client reads them.
type Told = (Option<String>, Option<String>, String);

fn told(body: &[u8], unknown: Unknown) -> Option<Told> {
    let error = parse(body, unknown).err()?.envelope().error;
    assert_eq!(error.kind.as_str(), "invalid_request_error");
    Some((error.param, error.code, error.message))
}

/// A request that is right, with `fields` in place of or beside its own.
fn with(fields: &Value) -> Value {
    let mut request = json!({"model": "m", "messages": [{"role": "user", "content": "hi"}]});
    for (key, value) in fields.as_object().expect("an object of fields") {
        request[key] = value.clone();
    }
    request
}

fn refused(fields: &Value, param: &str, code: &str) {
    let (found_param, found_code, message) = told(with(fields).to_string().as_bytes(), Unknown::Accepted)
        .unwrap_or_else(|| panic!("accepted: {fields}"));
    assert_eq!(
        (found_param.as_deref(), found_code.as_deref()),
        (Some(param), Some(code)),
        "{fields}: {message}"
    );
}

fn accepted(fields: &Value) {
    assert_eq!(told(with(fields).to_string().as_bytes(), Unknown::Accepted), None, "{fields}");
}

fn message(fields: &Value, expected: &str) {
    let told = told(with(fields).to_string().as_bytes(), Unknown::Accepted);
    assert_eq!(told.map(|(_, _, message)| message).as_deref(), Some(expected), "{fields}");
}

#[test]
fn ranges_hold() {
    for (field, value, code) in [
        ("temperature", json!(-0.1), "decimal_below_min_value"),
        ("temperature", json!(2.1), "decimal_above_max_value"),
        ("top_p", json!(1.1), "decimal_above_max_value"),
        ("top_p", json!(-1), "decimal_below_min_value"),
        ("frequency_penalty", json!(-2.5), "decimal_below_min_value"),
        ("presence_penalty", json!(3), "decimal_above_max_value"),
        ("n", json!(0), "integer_below_min_value"),
        ("n", json!(-1), "integer_below_min_value"),
        ("n", json!(129), "integer_above_max_value"),
        ("n", json!(1_000_000_000), "integer_above_max_value"),
        ("max_tokens", json!(0), "integer_below_min_value"),
        ("max_completion_tokens", json!(0), "integer_below_min_value"),
        ("max_completion_tokens", json!(9_223_372_036_854_775_808_u64), "integer_above_max_value"),
        ("top_logprobs", json!(21), "integer_above_max_value"),
        ("seed", json!(9_223_372_036_854_775_808_u64), "integer_above_max_value"),
        ("stop", json!(["a", "b", "c", "d", "e"]), "array_above_max_length"),
        ("stop", json!(vec!["x"; 500_000]), "array_above_max_length"),
        ("stop", json!(""), "string_below_min_length"),
        ("stop", json!("x".repeat(1_025)), "string_above_max_length"),
        ("tools", json!([]), "empty_array"),
        (
            "tools",
            json!(vec![json!({"type": "function", "function": {"name": "f"}}); 129]),
            "array_above_max_length",
        ),
        ("messages", json!(vec![json!({"role": "user", "content": "x"}); 2_049]), "array_above_max_length"),
        ("safety_identifier", json!("x".repeat(129)), "string_above_max_length"),
        ("model", json!("x".repeat(10_240)), "string_above_max_length"),
        ("model", json!("a\nb"), "invalid_value"),
    ] {
        refused(&json!({field: value}), field, code);
    }
    accepted(
        &json!({"temperature": 2, "top_p": 0, "n": 128, "seed": i64::MIN, "stop": ["a", "b", "c", "d"]}),
    );
}

#[test]
fn types_hold() {
    for (field, value) in [
        ("model", json!(5)),
        ("messages", json!("hi")),
        ("messages", json!(null)),
        ("messages", json!({})),
        ("temperature", json!("1")),
        ("n", json!("1")),
        ("n", json!(1.5)),
        ("stream", json!("true")),
        ("stream_options", json!([])),
        ("stop", json!(3)),
        ("logit_bias", json!([])),
        ("logprobs", json!(1)),
        ("tools", json!({})),
        ("tool_choice", json!(true)),
        ("response_format", json!("json_object")),
        ("metadata", json!("x")),
        ("user", json!(7)),
        ("modalities", json!("text")),
    ] {
        refused(&json!({field: value}), field, "invalid_type");
    }
}

#[test]
fn enums_hold() {
    for (fields, param) in [
        (json!({"service_tier": "slow"}), "service_tier"),
        (json!({"reasoning_effort": "huge"}), "reasoning_effort"),
        (json!({"verbosity": "loud"}), "verbosity"),
        (json!({"modalities": ["text", "smell"]}), "modalities[1]"),
        (json!({"tool_choice": "any"}), "tool_choice"),
        (json!({"tool_choice": {"type": "all"}}), "tool_choice.type"),
        (json!({"response_format": {"type": "xml"}}), "response_format.type"),
        (json!({"messages": [{"role": "robot", "content": "x"}]}), "messages[0].role"),
        (
            json!({"messages": [{"role": "user", "content": [{"type": "video"}]}]}),
            "messages[0].content[0].type",
        ),
        (
            json!({"messages": [{"role": "system", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]}),
            "messages[0].content[0].type",
        ),
        (json!({"tools": [{"type": "retrieval"}]}), "tools[0].type"),
        (json!({"tools": [{"type": "function", "function": {"name": "a b"}}]}), "tools[0].function.name"),
        (json!({"logit_bias": {"a": 1}}), "logit_bias.a"),
    ] {
        refused(&fields, param, "invalid_value");
    }
}

#[test]
fn what_is_missing_is_named() {
    for (fields, param) in [
        (json!({"messages": [{"content": "x"}]}), "messages[0].role"),
        (json!({"messages": [{"role": "user"}]}), "messages[0].content"),
        (
            json!({"messages": [{"role": "user", "content": [{"type": "text"}]}]}),
            "messages[0].content[0].text",
        ),
        (json!({"messages": [{"role": "user", "content": [{}]}]}), "messages[0].content[0].type"),
        (json!({"messages": [{"role": "tool", "content": "x"}]}), "messages[0].tool_call_id"),
        (json!({"tools": [{"type": "function", "function": {}}]}), "tools[0].function.name"),
        (json!({"tools": [{}]}), "tools[0].type"),
        (json!({"response_format": {}}), "response_format.type"),
        (json!({"response_format": {"type": "json_schema"}}), "response_format.json_schema"),
    ] {
        refused(&fields, param, "missing_required_parameter");
    }
}

#[test]
fn nested_bounds_name_the_path() {
    refused(&json!({"metadata": {"k": "x".repeat(513)}}), "metadata.k", "string_above_max_length");
    refused(
        &json!({"metadata": {"k".repeat(65): "x"}}),
        &format!("metadata.{}…", "k".repeat(64)),
        "property_name_above_max_length",
    );
    refused(&json!({"logit_bias": {"50256": 101}}), "logit_bias.50256", "integer_above_max_value");
    refused(&json!({"messages": [{"role": "user", "content": []}]}), "messages[0].content", "empty_array");
    refused(&json!({"messages": [{"role": "user", "content": null}]}), "messages[0].content", "invalid_type");
    refused(&json!({"stop": ["a", ""]}), "stop[1]", "string_below_min_length");
    let many: serde_json::Map<_, _> = (0..17).map(|key| (format!("k{key}"), json!("v"))).collect();
    refused(&json!({"metadata": many}), "metadata", "object_above_max_properties");
}

#[test]
fn rules_between_fields_hold() {
    let tool = json!([{"type": "function", "function": {"name": "f"}}]);
    for (fields, param, code) in [
        (json!({"stream_options": {"include_usage": true}}), "stream_options", None),
        (json!({"top_logprobs": 2}), "top_logprobs", None),
        (json!({"tool_choice": "auto"}), "tool_choice", None),
        (
            json!({"tools": tool, "tool_choice": {"type": "function", "function": {"name": "g"}}}),
            "tool_choice",
            Some("invalid_value"),
        ),
        (
            json!({"tools": tool, "tool_choice": {"type": "allowed_tools", "allowed_tools": {
                "mode": "auto", "tools": [{"type": "function", "function": {"name": "g"}}],
            }}}),
            "tool_choice.allowed_tools.tools[0]",
            Some("invalid_value"),
        ),
        (
            json!({"tools": tool, "tool_choice": {"type": "allowed_tools", "allowed_tools": {
                "mode": "auto", "tools": [{"type": "function", "function": {"name": "f"}}, {"type": "mcp"}],
            }}}),
            "tool_choice.allowed_tools.tools[1].type",
            Some("invalid_value"),
        ),
        (
            json!({"tools": tool, "tool_choice": {"type": "allowed_tools", "allowed_tools": {
                "mode": "auto", "tools": [{"type": "function", "name": "f"}],
            }}}),
            "tool_choice.allowed_tools.tools[0].function",
            Some("missing_required_parameter"),
        ),
        (json!({"tools": [tool[0], tool[0]]}), "tools[1].function.name", Some("invalid_value")),
        (json!({"functions": [{"name": "f"}, {"name": "f"}]}), "functions[1].name", Some("invalid_value")),
        (
            json!({"messages": [{"role": "tool", "tool_call_id": "call_1", "content": "x"}]}),
            "messages[0].tool_call_id",
            None,
        ),
    ] {
        let (found_param, found_code, message) =
            told(with(&fields).to_string().as_bytes(), Unknown::Accepted).expect("refused");
        assert_eq!(
            (found_param.as_deref(), found_code.as_deref()),
            (Some(param), code),
            "{fields}: {message}"
        );
    }
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
    let mut fields = serde_json::Map::new();
    let crate::validate::Rule::Object(table) = rules::REQUEST else { panic!("a request is an object") };
    for field in table.iter().filter(|field| !field.required) {
        fields.insert(field.name.to_owned(), Value::Null);
    }
    let request =
        parse(with(&Value::Object(fields)).to_string().as_bytes(), Unknown::Refused).expect("accepted");
    assert_eq!(request, parse(with(&json!({})).to_string().as_bytes(), Unknown::Refused).expect("accepted"));
}

#[test]
fn every_field_of_the_table_is_a_field_of_the_type() {
    let crate::validate::Rule::Object(table) = rules::REQUEST else { panic!("a request is an object") };
    let fields = table.iter().map(|field| (field.name.to_owned(), json!({})));
    // A known field refuses an empty object or reads it; an unknown one would end among the extra ones.
    for (name, value) in fields.filter(|(name, _)| name != "model" && name != "messages") {
        let body = with(&json!({ name.as_str(): value }));
        if let Ok(request) = Request::deserialize(body) {
            assert!(!request.extra.contains_key(&name), "{name}");
        }
    }
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
