//! Tool calls on the wire.

use antiphon_backend::{Event, ModelInfo};
use antiphon_tests::{Request, Schemas, Scripted, Served, Step, ask_model, send, streamed, with};
use antiphon_types::chat::FinishReason;
use serde_json::{Value, json};

use crate::errors::{assert_error, error_of};

/// A backend that says a word and calls two functions, in fragments.
fn caller() -> Served {
    let calls = [
        Event::text("let me see "),
        Event::tool_call(0, Some("call_a"), "weather"),
        Event::arguments(0, "{\"city\":"),
        Event::arguments(0, "\"Paris\"}"),
        Event::tool_call(1, Some("call_b"), "time"),
        Event::arguments(1, "{}"),
        Event::finish(FinishReason::ToolCalls),
    ];
    Served::start(Scripted::always(calls.map(Step::Event)))
}

fn body() -> Value {
    let function = |name: &str| json!({"type": "function", "function": {"name": name, "parameters": {"type": "object"}}});
    with(ask_model("scripted", "go"), json!({"tools": [function("weather"), function("time")]}))
}

#[test]
fn wire_13_whole_answer_has_calls_without_index() {
    let answer = send(caller().address(), &Request::chat(&body())).json();
    let choice = &answer["choices"][0];
    let call = |id: &str, name: &str, arguments: &str| json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}});
    assert_eq!(
        choice["message"]["tool_calls"],
        json!([call("call_a", "weather", "{\"city\":\"Paris\"}"), call("call_b", "time", "{}")])
    );
    assert_eq!(choice["finish_reason"], "tool_calls");
    if let Some(schemas) = Schemas::get() {
        schemas.check("CreateChatCompletionResponse", &answer);
    }
}

#[test]
fn wire_14_first_delta_of_a_call_names_it_and_later_ones_are_fragments() {
    let transcript = send(caller().address(), &Request::chat(&streamed(body()))).transcript();
    let deltas: Vec<Value> = transcript
        .choice(0)
        .iter()
        .filter_map(|choice| choice["delta"]["tool_calls"].as_array())
        .map(|entries| {
            assert_eq!(entries.len(), 1, "one entry a chunk");
            entries[0].clone()
        })
        .collect();
    let first = |index: u32, id: &str, name: &str| json!({"index": index, "id": id, "type": "function", "function": {"name": name, "arguments": ""}});
    let later = |index: u32, fragment: &str| json!({"index": index, "function": {"arguments": fragment}});
    assert_eq!(
        deltas,
        [
            first(0, "call_a", "weather"),
            later(0, "{\"city\":"),
            later(0, "\"Paris\"}"),
            first(1, "call_b", "time"),
            later(1, "{}"),
        ]
    );
    assert_eq!(transcript.finishes(0), ["tool_calls"]);
}

#[test]
fn wire_13_indexes_are_dense_whatever_the_slots() {
    let calls = [
        Event::tool_call(7, Some("call_a"), "weather"),
        Event::arguments(7, "{}"),
        Event::tool_call(3, Some("call_b"), "time"),
        Event::arguments(3, "{}"),
        Event::finish(FinishReason::ToolCalls),
    ];
    let served = Served::start(Scripted::always(calls.map(Step::Event)));
    let transcript = send(served.address(), &Request::chat(&streamed(body()))).transcript();
    let choices = transcript.choice(0);
    let indexes: Vec<_> =
        choices.iter().filter_map(|choice| choice["delta"]["tool_calls"][0]["index"].as_u64()).collect();
    assert_eq!(indexes, [0, 0, 1, 1]);
}

#[test]
fn wire_14_call_without_an_id_is_given_one() {
    let calls = [
        Event::tool_call(0, None::<&str>, "weather"),
        Event::arguments(0, "{}"),
        Event::finish(FinishReason::ToolCalls),
    ];
    let served = Served::start(Scripted::always(calls.map(Step::Event)));
    let answer = send(served.address(), &Request::chat(&body())).json();
    let id = answer["choices"][0]["message"]["tool_calls"][0]["id"].clone();
    assert!(id.as_str().is_some_and(|id| id.starts_with("call_") && id.len() > 10), "{id}");
}

#[test]
fn wire_15_answer_without_calls_has_no_empty_list() {
    let served = Served::start(Scripted::always([Step::text("no need"), Step::stop()]));
    let whole = send(served.address(), &Request::chat(&body())).text();
    let stream = send(served.address(), &Request::chat(&streamed(body()))).text();
    assert!(!whole.contains("tool_calls") && !stream.contains("tool_calls"), "{whole}\n{stream}");
}

#[test]
fn wire_16_calls_are_the_reason_when_and_only_when_made() {
    for (events, reason) in [
        (
            vec![Event::tool_call(0, Some("call_a"), "weather"), Event::finish(FinishReason::Stop)],
            "tool_calls",
        ),
        (vec![Event::text("no need"), Event::finish(FinishReason::ToolCalls)], "stop"),
        (vec![Event::text("end"), Event::finish(FinishReason::from("eos_token"))], "stop"),
        (vec![Event::tool_call(0, Some("call_a"), "weather"), Event::finish(FinishReason::Length)], "length"),
    ] {
        let steps: Vec<_> = events.into_iter().map(Step::Event).collect();
        let served = Served::start(Scripted::always(steps));
        let whole = send(served.address(), &Request::chat(&body())).json();
        assert_eq!(whole["choices"][0]["finish_reason"], reason);
        let stream = send(served.address(), &Request::chat(&streamed(body()))).transcript();
        assert_eq!(stream.finishes(0), [reason]);
    }
}

#[test]
fn functions_of_old_are_answered_by_a_function_call() {
    let function = json!({"name": "weather", "parameters": {"type": "object"}});
    let body = with(ask_model("scripted", "go"), json!({"functions": [function]}));
    let whole = send(caller().address(), &Request::chat(&body)).json();
    let choice = &whole["choices"][0];
    let call = json!({"name": "weather", "arguments": "{\"city\":\"Paris\"}"});
    assert_eq!(choice["message"]["function_call"], call);
    assert_eq!(choice["finish_reason"], "function_call");
    assert!(choice["message"].get("tool_calls").is_none());
    if let Some(schemas) = Schemas::get() {
        schemas.check("CreateChatCompletionResponse", &whole);
    }
    let stream = send(caller().address(), &Request::chat(&streamed(body))).transcript();
    let deltas: Vec<_> =
        stream.choice(0).iter().filter_map(|choice| choice["delta"].get("function_call").cloned()).collect();
    let fragment = |text: &str| json!({"arguments": text});
    let first = json!({"name": "weather", "arguments": ""});
    assert_eq!(deltas, [first, fragment("{\"city\":"), fragment("\"Paris\"}")]);
    assert_eq!(stream.finishes(0), ["function_call"]);
}

#[test]
fn wire_17_forced_tool_that_the_backend_cannot_call_is_refused() {
    let unable = Scripted::always([Step::text("no"), Step::stop()]).models([ModelInfo::new("scripted")]);
    let served = Served::start(unable);
    let function = json!({"type": "function", "function": {"name": "weather"}});
    for choice in [json!("required"), json!({"type": "function", "function": {"name": "weather"}})] {
        let body = with(ask_model("scripted", "go"), json!({"tools": [function], "tool_choice": choice}));
        let error = error_of(&send(served.address(), &Request::chat(&body)), 400);
        assert_error(&error, "invalid_request_error", error["param"].as_str(), error["code"].as_str());
        assert!(error["param"] == "tools" || error["param"] == "tool_choice", "{error}");
    }
}
