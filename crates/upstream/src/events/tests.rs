use antiphon_backend::Event;
use antiphon_types::chat::{FinishReason, TokenLogprob};
use antiphon_types::{Value, json};

use super::*;

/// All events of these chunks, or of one whole answer, to their end.
fn events(choices: u32, answers: &[Value]) -> Result<Vec<Event>, Failure> {
    let mut events = Events::new(choices);
    for answer in answers {
        events.take(serde_json::from_value(answer.clone()).expect("an answer"))?;
    }
    events.end()?;
    Ok(std::iter::from_fn(|| events.pop()).collect())
}

fn check(answers: &[Value], expected: &[Event]) {
    assert_eq!(events(1, answers).expect("an answer that ends"), expected);
}

fn delta(delta: impl Into<Value>) -> Value {
    let delta: Value = delta.into();
    json!({"choices": [{"index": 0, "delta": delta, "finish_reason": null}]})
}

fn finish(reason: &str) -> Value {
    json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
}

fn extra(place: Place, fields: Value) -> Event {
    Event::extra(place, serde_json::from_value(fields).expect("an object"))
}

#[test]
fn chunks_become_events_and_usage_is_told_once_and_last() {
    let usage = json!({"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5});
    let with_usage = json!({"choices": [{"index": 0, "delta": {"content": "b"}}], "usage": usage});
    let chunks = [
        delta(json!({"role": "assistant", "content": "", "refusal": null})),
        delta(json!({"content": "a"})),
        with_usage,
        finish("stop"),
        json!({"choices": [], "usage": usage}),
    ];
    let end = [Event::finish(FinishReason::Stop), Event::usage(Usage::new(3, 2))];
    check(&chunks, &[&[Event::text("a"), Event::text("b")], &end[..]].concat());
}

#[test]
fn fields_that_no_event_has_come_before_what_they_stand_beside() {
    let chunk = json!({
        "service_tier": "flex",
        "choices": [{"index": 0, "delta": {"content": "a", "citations": ["x"]}, "stop_reason": 7, "finish_reason": "stop"}],
    });
    check(
        &[chunk],
        &[
            extra(Place::Answer, json!({"service_tier": "flex"})),
            extra(Place::Choice(0), json!({"stop_reason": 7})),
            extra(Place::Message(0), json!({"citations": ["x"]})),
            Event::text("a"),
            Event::finish(FinishReason::Stop),
        ],
    );
}

#[test]
fn fields_that_every_chunk_repeats_are_told_when_they_change() {
    let chunk = |fingerprint: &str| json!({"system_fingerprint": fingerprint, "service_tier": "flex", "choices": [{"delta": {"content": "a"}}]});
    let told = |fields: Value| extra(Place::Answer, fields);
    check(
        &[chunk("fp_1"), chunk("fp_1"), chunk("fp_2"), finish("stop")],
        &[
            told(json!({"system_fingerprint": "fp_1", "service_tier": "flex"})),
            Event::text("a"),
            Event::text("a"),
            told(json!({"system_fingerprint": "fp_2"})),
            Event::text("a"),
            Event::finish(FinishReason::Stop),
        ],
    );
}

#[test]
fn reasoning_under_two_names_is_told_once() {
    let stop = Event::finish(FinishReason::Stop);
    for reasoning in [
        json!({"reasoning_content": "r"}),
        json!({"reasoning": "r"}),
        json!({"reasoning": "r", "reasoning_content": "r"}),
        json!({"reasoning": "r", "reasoning_content": ""}),
    ] {
        check(&[delta(reasoning), finish("stop")], &[Event::reasoning("r"), stop.clone()]);
    }
}

#[test]
fn log_probabilities_stay_with_their_text() {
    let tokens = json!([{"token": "a", "logprob": -1.0, "bytes": [97]}]);
    let chunk = |delta: Value, logprobs: Value| json!({"choices": [{"delta": delta, "logprobs": logprobs}]});
    let token = || vec![TokenLogprob::new("a", -1.0)];
    check(
        &[
            chunk(json!({"content": "a"}), json!({"content": tokens})),
            chunk(json!({"content": ""}), json!({"content": tokens})),
            chunk(json!({"refusal": "a"}), json!({"content": null, "refusal": tokens})),
            finish("stop"),
        ],
        &[
            Event::text("a").with_logprobs(token()),
            Event::text("").with_logprobs(token()),
            Event::refusal("a").with_logprobs(token()),
            Event::finish(FinishReason::Stop),
        ],
    );
}

#[test]
fn calls_are_told_apart_by_index_or_by_id() {
    let call = |call: Value| delta(json!({"tool_calls": [call]}));
    let start = |index: Value, id: Value, name: Value| {
        call(
            json!({"index": index, "id": id, "type": "function", "function": {"name": name, "arguments": ""}}),
        )
    };
    let fragment = |index: Value, text: &str| call(json!({"index": index, "function": {"arguments": text}}));
    let end = Event::finish(FinishReason::ToolCalls);
    let expected = [
        Event::tool_call(0, "a", "f"),
        Event::arguments(0, "{"),
        Event::tool_call(1, "b", "g"),
        Event::arguments(1, "}"),
        end,
    ];
    // With indexes, with none, and with the same for all.
    for [first, second] in [[json!(0), json!(1)], [json!(null), json!(null)], [json!(0), json!(0)]] {
        let chunks = [
            start(first.clone(), json!("a"), json!("f")),
            fragment(first, "{"),
            start(second.clone(), json!("b"), json!("g")),
            fragment(second, "}"),
            finish("tool_calls"),
        ];
        check(&chunks, &expected);
    }
    // A server that repeats id and name with each fragment.
    let again = json!({"index": 0, "id": "a", "function": {"name": "f", "arguments": "{"}});
    let chunks = [start(json!(0), json!("a"), json!("f")), call(again), finish("tool_calls")];
    check(&chunks, &[&expected[..2], &expected[4..]].concat());
}

#[test]
fn fields_of_a_call_stay_with_it() {
    let signature = json!({"google": {"thought_signature": "s"}});
    let begins = json!({"index": 3, "id": "a", "type": "function", "extra_content": signature,
        "function": {"name": "f", "arguments": "{"}});
    let goes = json!({"index": 3, "function": {"arguments": "}"}, "note": 1});
    let of_call = |fields| extra(Place::ToolCall { choice: 0, slot: 0 }, fields);
    check(
        &[delta(json!({"tool_calls": [begins]})), delta(json!({"tool_calls": [goes]})), finish("tool_calls")],
        &[
            of_call(json!({"extra_content": signature})),
            Event::tool_call(0, "a", "f"),
            Event::arguments(0, "{"),
            of_call(json!({"note": 1})),
            Event::arguments(0, "}"),
            Event::finish(FinishReason::ToolCalls),
        ],
    );
}

#[test]
fn whole_answer_becomes_the_same_events() {
    let call = |id: &str, arguments: &str| json!({"id": id, "type": "function", "function": {"name": "f", "arguments": arguments}});
    let sh = json!({"id": "c", "type": "custom", "custom": {"name": "sh", "input": "ls"}});
    let message = json!({
        "role": "assistant", "content": "a", "refusal": null, "reasoning": "r", "annotations": [{"type": "url_citation"}],
        "tool_calls": [call("a", "{}"), call("b", ""), sh],
    });
    let answer = json!({
        "id": "x", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": "tool_calls"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
    });
    check(
        &[answer],
        &[
            extra(Place::Message(0), json!({"annotations": [{"type": "url_citation"}]})),
            Event::reasoning("r"),
            Event::text("a"),
            Event::tool_call(0, "a", "f"),
            Event::arguments(0, "{}"),
            Event::tool_call(1, "b", "f"),
            Event::custom_tool_call(2, "c", "sh"),
            Event::arguments(2, "ls"),
            Event::finish(FinishReason::ToolCalls),
            Event::usage(Usage::new(1, 2)),
        ],
    );
}

#[test]
fn calls_without_ids_are_told_apart_by_their_names() {
    let call = json!({"function": {"name": "f", "arguments": "{}"}});
    let message = json!({"tool_calls": [call, call]});
    let answer = json!({"choices": [{"message": message, "finish_reason": "tool_calls"}]});
    let one = |slot| [Event::tool_call(slot, None, "f"), Event::arguments(slot, "{}")];
    check(&[answer], &[&one(0)[..], &one(1), &[Event::finish(FinishReason::ToolCalls)]].concat());
}

#[test]
fn functions_of_old_and_completions_are_read_too() {
    let start = delta(json!({"function_call": {"name": "f", "arguments": ""}}));
    let fragment = delta(json!({"function_call": {"arguments": "{}"}}));
    let end = Event::finish(FinishReason::FunctionCall);
    let call = [Event::tool_call(0, None, "f"), Event::arguments(0, "{}"), end];
    check(&[start, fragment, finish("function_call")], &call);
    let piece =
        |text: &str, finish: Value| json!({"choices": [{"text": text, "index": 0, "finish_reason": finish}]});
    let pieces = [piece("a", json!(null)), piece("b", json!("length"))];
    check(&pieces, &[Event::text("a"), Event::text("b"), Event::finish(FinishReason::Length)]);
}

#[test]
fn empty_finish_reason_is_none() {
    let chunk = |text: &str, reason: &str| json!({"choices": [{"delta": {"content": text}, "finish_reason": reason}]});
    let stop = Event::finish(FinishReason::Stop);
    check(&[chunk("a", ""), chunk("b", ""), chunk("", "stop")], &[Event::text("a"), Event::text("b"), stop]);
}

#[test]
fn calls_may_have_any_index_and_are_bounded_in_number() {
    let call =
        |index: u32| delta(json!({"tool_calls": [{"index": index, "id": "a", "function": {"name": "f"}}]}));
    let ends = Event::finish(FinishReason::ToolCalls);
    let expected = [Event::tool_call(0, "a", "f"), Event::tool_call(1, "a", "f"), ends];
    check(&[call(u32::MAX), call(7), finish("tool_calls")], &expected);
    let many: Vec<_> = (0..2_000).map(call).collect();
    assert_eq!(events(1, &many).expect_err("too many").to_string(), Failure::Malformed.to_string());
}

#[test]
fn nothing_follows_a_finish_but_what_is_of_the_answer() {
    let filter =
        json!({"choices": [{"index": 0, "delta": {"content": "x"}, "filter": 1, "finish_reason": "stop"}]});
    let timings = json!({"choices": [], "timings": {"ms": 1}});
    let stop = Event::finish(FinishReason::Stop);
    check(&[finish("stop"), filter, timings], &[stop, extra(Place::Answer, json!({"timings": {"ms": 1}}))]);
}

#[test]
fn answer_that_ends_before_its_choices_or_is_nonsense_fails() {
    let failed = |choices, answers: &[Value]| events(choices, answers).expect_err("it fails").to_string();
    let (cut, malformed) = (Failure::Cut.to_string(), Failure::Malformed.to_string());
    assert_eq!(failed(1, &[]), cut);
    assert_eq!(failed(1, &[delta(json!({"content": "a"}))]), cut);
    assert_eq!(failed(2, &[finish("stop")]), cut);
    assert_eq!(failed(1, &[json!({"choices": [{"index": 1, "finish_reason": "stop"}]})]), malformed);
    let nameless = json!({"tool_calls": [{"index": 0, "id": "a", "function": {"arguments": "{}"}}]});
    assert_eq!(failed(1, &[delta(nameless)]), malformed);
}
