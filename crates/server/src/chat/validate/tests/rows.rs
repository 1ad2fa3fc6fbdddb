//! Bad values of every field, one a row.

use super::*;

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
        ("functions", json!([]), "empty_array"),
        ("functions", json!(vec![json!({"name": "f"}); 129]), "array_above_max_length"),
        ("frequency_penalty", json!(2.1), "decimal_above_max_value"),
        ("presence_penalty", json!(-2.1), "decimal_below_min_value"),
        ("max_tokens", json!(-1), "integer_below_min_value"),
        ("max_tokens", json!(9_223_372_036_854_775_808_u64), "integer_above_max_value"),
        ("top_logprobs", json!(-1), "integer_below_min_value"),
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
        ("temperature", json!(true)),
        ("top_p", json!([])),
        ("frequency_penalty", json!("0")),
        ("presence_penalty", json!({})),
        ("seed", json!(1.5)),
        ("seed", json!("1")),
        ("max_tokens", json!(1.5)),
        ("max_completion_tokens", json!("10")),
        ("top_logprobs", json!("2")),
        ("parallel_tool_calls", json!("true")),
        ("reasoning_effort", json!(1)),
        ("verbosity", json!([])),
        ("service_tier", json!(0)),
        ("store", json!(1)),
        ("audio", json!("alloy")),
        ("prediction", json!("text")),
        ("web_search_options", json!(true)),
        ("moderation", json!("model")),
        ("safety_identifier", json!({})),
        ("prompt_cache_key", json!(1)),
        ("prompt_cache_options", json!("implicit")),
        ("prompt_cache_retention", json!(24)),
        ("functions", json!({})),
        ("function_call", json!(1)),
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
        (json!({"function_call": "required"}), "function_call"),
        (json!({"prompt_cache_retention": "1h"}), "prompt_cache_retention"),
        (json!({"prompt_cache_options": {"mode": "maybe"}}), "prompt_cache_options.mode"),
        (
            json!({"web_search_options": {"search_context_size": "huge"}}),
            "web_search_options.search_context_size",
        ),
        (
            json!({"web_search_options": {"user_location": {"type": "exact"}}}),
            "web_search_options.user_location.type",
        ),
        (
            json!({"moderation": {"model": "m", "policy": {"input": {"mode": "x"}}}}),
            "moderation.policy.input.mode",
        ),
        (json!({"audio": {"voice": "alloy", "format": "ogg"}}), "audio.format"),
        (json!({"prediction": {"type": "guess"}}), "prediction.type"),
        (
            json!({"response_format": {"type": "json_schema", "json_schema": {"name": "a b"}}}),
            "response_format.json_schema.name",
        ),
        (json!({"logit_bias": {"a": 1}}), "logit_bias.a"),
    ] {
        refused(&fields, param, "invalid_value");
    }
}

#[test]
fn enums_of_messages_and_tools_hold() {
    for (fields, param) in [
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
        (json!({"functions": [{"name": "a.b"}]}), "functions[0].name"),
        (
            json!({"tools": [{"type": "custom", "custom": {"name": "c", "format": {"type": "grammar", "grammar": {
                "definition": "x", "syntax": "ebnf",
            }}}}]}),
            "tools[0].custom.format.grammar.syntax",
        ),
        (
            json!({"messages": [{"role": "user", "content": [
                {"type": "image_url", "image_url": {"url": "x", "detail": "ultra"}},
            ]}]}),
            "messages[0].content[0].image_url.detail",
        ),
        (
            json!({"messages": [{"role": "user", "content": [
                {"type": "input_audio", "input_audio": {"data": "", "format": "aiff"}},
            ]}]}),
            "messages[0].content[0].input_audio.format",
        ),
        (
            json!({"messages": [{"role": "assistant", "tool_calls": [{"id": "c", "type": "magic"}]}]}),
            "messages[0].tool_calls[0].type",
        ),
        (json!({"tools": [{"type": "function", "function": {"name": "a b"}}]}), "tools[0].function.name"),
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
        (
            json!({"response_format": {"type": "json_schema", "json_schema": {}}}),
            "response_format.json_schema.name",
        ),
        (json!({"messages": [{"role": "function", "content": "x"}]}), "messages[0].name"),
        (
            json!({"messages": [{"role": "assistant", "tool_calls": [{"type": "function"}]}]}),
            "messages[0].tool_calls[0].id",
        ),
        (
            json!({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]}),
            "messages[0].content[0].image_url.url",
        ),
        (json!({"tools": [{"type": "custom"}]}), "tools[0].custom"),
        (json!({"functions": [{}]}), "functions[0].name"),
        (json!({"audio": {"voice": "alloy"}}), "audio.format"),
        (json!({"audio": {"format": "wav"}}), "audio.voice"),
        (json!({"prediction": {"type": "content"}}), "prediction.content"),
        (json!({"moderation": {}}), "moderation.model"),
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
    refused(&json!({"logit_bias": {"1": -101}}), "logit_bias.1", "integer_below_min_value");
    refused(&json!({"logit_bias": {"1": null}}), "logit_bias.1", "invalid_type");
    refused(&json!({"logit_bias": {"1": 0.5}}), "logit_bias.1", "invalid_type");
    refused(&json!({"logit_bias": {"": 1}}), "logit_bias", "invalid_value");
    refused(&json!({"metadata": {"k": 1}}), "metadata.k", "invalid_type");
    refused(
        &json!({"stream_options": {"include_usage": 1}, "stream": true}),
        "stream_options.include_usage",
        "invalid_type",
    );
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
        (json!({"modalities": ["text", "audio"]}), "audio", Some("missing_required_parameter")),
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
        (json!({"function_call": "auto"}), "function_call", None),
        (json!({"function_call": {"name": "f"}}), "function_call", None),
        (
            json!({"functions": [{"name": "f"}], "function_call": {"name": "g"}}),
            "function_call",
            Some("invalid_value"),
        ),
        (
            json!({"messages": [{"role": "tool", "tool_call_id": "call_1", "content": "x"}]}),
            "messages[0].tool_call_id",
            None,
        ),
    ] {
        TABLE.breaks(&fields, param, code);
    }
}
