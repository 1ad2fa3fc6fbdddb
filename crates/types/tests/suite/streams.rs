//! The chunks of a stream, byte by byte.

use antiphon_types::{
    ErrorBody, ErrorType, Usage,
    chat::{
        Chunk, ChunkChoice, Delta, FinishReason, Logprobs, Role, ServiceTier, StreamEvent, TokenLogprob,
        ToolCallDelta, ToolCallKind,
    },
};

use crate::support::{check_lossless, read, write};

fn chunk() -> Chunk {
    Chunk::new("chatcmpl-1", 1_763_769_600, "echo")
}

/// Compares a choice's bytes.
fn check(choice: &ChunkChoice, expected: &str) {
    assert_eq!(write(choice), expected);
    assert_eq!(read::<ChunkChoice>(expected), *choice);
}

#[test]
fn wire_03_the_first_chunk_has_role_content_and_refusal() {
    let mut first = chunk().choice(ChunkChoice::new(0, Delta::start()));
    first.service_tier = Some(ServiceTier::Default);
    first.system_fingerprint = Some("fp_1".to_owned());
    first.usage = Some(None);
    first.obfuscation = Some("a9".to_owned());
    assert_eq!(
        write(&first),
        r#"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1763769600,"model":"echo","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"a9"}"#,
    );
}

#[test]
fn wire_03_a_delta_without_role_has_what_it_adds() {
    check(
        &ChunkChoice::new(1, Delta::content("a ")),
        r#"{"index":1,"delta":{"content":"a "},"logprobs":null,"finish_reason":null}"#,
    );
}

#[test]
fn a_role_before_tool_calls_has_null_content() {
    assert_eq!(
        write(&Delta::start_without_content()),
        r#"{"role":"assistant","content":null,"refusal":null}"#
    );
}

#[test]
fn wire_04_the_finish_chunk_has_an_empty_delta() {
    check(
        &ChunkChoice::finish(2, FinishReason::ToolCalls),
        r#"{"index":2,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}"#,
    );
}

#[test]
fn wire_05_usage_is_absent_null_or_there() {
    let with = |usage: &str| {
        format!(
            r#"{{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[]{usage}}}"#
        )
    };
    let usage = r#","usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}"#;
    for (json, expected) in
        [("", None), (r#","usage":null"#, Some(None)), (usage, Some(Some(Usage::new(1, 2))))]
    {
        let chunk: Chunk = read(&with(json));
        assert_eq!(chunk.usage, expected);
        assert_eq!(write(&chunk), with(json));
    }
}

#[test]
fn wire_14_a_tool_call_begins_with_id_type_and_name() {
    assert_eq!(
        write(&Delta::tool_call(ToolCallDelta::function(0, "call_1", "f"))),
        r#"{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":""}}]}"#,
    );
    assert_eq!(
        write(&Delta::tool_call(ToolCallDelta::arguments(0, "{\"a\"")),),
        r#"{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}"#,
    );
    assert_eq!(
        write(&ToolCallDelta::custom(1, "call_2", "c")),
        r#"{"index":1,"id":"call_2","type":"custom","custom":{"name":"c","input":""}}"#,
    );
    assert_eq!(write(&ToolCallDelta::input(1, "x")), r#"{"index":1,"custom":{"input":"x"}}"#);
}

#[test]
fn wire_34_reasoning_has_both_names() {
    let delta = r#"{"reasoning_content":"a","reasoning":"a"}"#;
    let parsed: Delta = read(delta);
    assert_eq!((parsed.reasoning_content.as_deref(), parsed.reasoning.as_deref()), (Some("a"), Some("a")));
    assert_eq!(write(&parsed), delta);
    assert_eq!(write(&Delta::reasoning_content("a")), r#"{"reasoning_content":"a"}"#);
    assert_eq!(write(&Delta::reasoning("a")), r#"{"reasoning":"a"}"#);
}

#[test]
fn logprobs_ride_on_their_chunk() {
    let logprobs = Logprobs::content([TokenLogprob::new("a", -0.25)]);
    check(
        &ChunkChoice::new(0, Delta::content("a")).logprobs(logprobs),
        r#"{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-0.25,"bytes":[97],"top_logprobs":[]}],"refusal":null},"finish_reason":null}"#,
    );
}

#[test]
fn null_equals_absent_within_deltas() {
    let nulls = r#"{"role": null, "content": null, "refusal": null, "reasoning_content": null, "reasoning": null,
        "tool_calls": null, "function_call": null}"#;
    assert_eq!(write(&read::<Delta>(nulls)), "{}");
    let nulls = r#"{"index": 0, "id": null, "type": null, "function": {"name": null, "arguments": null}, "custom": null}"#;
    assert_eq!(write(&read::<ToolCallDelta>(nulls)), r#"{"index":0,"function":{}}"#);
}

#[test]
fn a_recorded_chunk_survives() {
    check_lossless::<Chunk>(
        r#"{"id": "chatcmpl-B9", "object": "chat.completion.chunk", "created": 1741569952, "model": "gpt-4.1",
            "service_tier": "default", "system_fingerprint": "fp_1", "choices": [{"index": 0, "delta":
            {"content": "Hello"}, "logprobs": null, "finish_reason": null}], "usage": null, "obfuscation": "J8x"}"#,
    );
}

#[test]
fn unknown_values_of_chunks_survive() {
    let json = r#"{"index":0,"delta":{"role":"oracle","content":null,"refusal":null,"tool_calls":[{"index":0,"type":"mcp","x":1}],"x":1},"logprobs":null,"finish_reason":"bored","x":1}"#;
    let choice: ChunkChoice = read(json);
    assert_eq!(choice.delta.role, Some(Role::Other("oracle".to_owned())));
    assert_eq!(
        choice.delta.tool_calls.as_ref().and_then(|calls| calls[0].kind.clone()),
        Some(ToolCallKind::from("mcp"))
    );
    assert_eq!(write(&choice), json);
}

#[test]
fn the_text_is_that_of_choice_0() {
    let chunk = chunk()
        .choice(ChunkChoice::new(1, Delta::content("b")))
        .choice(ChunkChoice::new(0, Delta::content("a")));
    assert_eq!(chunk.text(), "a");
    assert_eq!(self::chunk().text(), "");
}

#[test]
fn an_event_is_a_chunk_an_error_or_the_end() {
    let chunk = chunk().choice(ChunkChoice::new(0, Delta::content("[DONE]")));
    let error = ErrorBody::new(ErrorType::ServerError, "m");
    for (data, event) in [
        (write(&chunk), StreamEvent::Chunk(Box::new(chunk.clone()))),
        (format!(r#"{{"error":{}}}"#, write(&error)), StreamEvent::Error(error)),
        ("[DONE]".to_owned(), StreamEvent::Done),
    ] {
        assert_eq!(StreamEvent::parse(&data).expect("an event"), event);
        assert_eq!(StreamEvent::parse(&format!(" {data}\r")).expect("an event"), event);
        assert_eq!(event.to_string(), data);
    }
}

#[test]
fn an_error_within_a_chunk_is_an_error() {
    let event = |error: &str| {
        let chunk = format!(r#"{{"id": "c", "created": 1, "model": "m", "choices": [], "error": {error}}}"#);
        StreamEvent::parse(&chunk).expect("an event")
    };
    assert!(matches!(event(r#"{"message": "m"}"#), StreamEvent::Error(error) if error.message == "m"));
    assert!(matches!(event("null"), StreamEvent::Chunk(chunk) if chunk.id == "c"));
}

#[test]
fn other_data_is_no_event() {
    for (data, expected) in [
        ("", "EOF while parsing"),
        ("[DONE", "invalid type: sequence"),
        ("{}", "missing field `id`"),
        (r#"{"error": null}"#, "missing field `id`"),
        (r#"{"error": {"message": 1}}"#, "invalid type: integer `1`, expected a string"),
        ("[]", "invalid type: sequence"),
        (
            r#"{"id": "c", "created": 1, "model": "m", "choices": [], "error": 1}"#,
            "invalid type: integer `1`, expected an object or a string",
        ),
    ] {
        let refusal = StreamEvent::parse(data).expect_err(data).to_string();
        assert!(refusal.contains(expected), "{data}: {refusal}");
    }
}
