use antiphon_backend::Place;
use antiphon_types::chat::TokenLogprob;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::stream::testing::{sent, serialised};

fn encoder(choices: u32, options: Options) -> Encoder {
    Encoder::new(Chunk::new("chatcmpl-1", 1_700_000_000, "m"), choices, Calls::Tools, options)
}

/// The chunks of an answer, as their choices alone: index, delta, finish reason.
fn check(choices: u32, events: impl IntoIterator<Item = Event>, expected: &Value) {
    check_with(Calls::Tools, choices, events, expected);
}

fn check_with(calls: Calls, choices: u32, events: impl IntoIterator<Item = Event>, expected: &Value) {
    let mut encoder = encoder(choices, Options::default());
    encoder.calls = calls;
    let mut sent = Vec::new();
    for event in events {
        encoder.event(event, |chunk| {
            let choice = &chunk.choices[0];
            sent.push(json!([choice.index, choice.delta, choice.finish_reason]));
        });
    }
    encoder.end(|chunk| panic!("nothing comes after the finish: {chunk:?}"));
    assert_eq!(&Value::from(sent), expected);
}

#[test]
fn text_has_its_role_first_and_its_reason_last() {
    check(
        1,
        [
            Event::text("a "),
            Event::text("b"),
            Event::finish(FinishReason::Length),
            Event::usage(Usage::new(1, 2)),
        ],
        &json!([
            [0, {"role": "assistant", "content": "", "refusal": null}, null],
            [0, {"content": "a "}, null],
            [0, {"content": "b"}, null],
            [0, {}, "length"],
        ]),
    );
}

#[test]
fn an_empty_answer_still_has_its_role() {
    check(
        1,
        [Event::finish(FinishReason::Stop)],
        &json!([[0, {"role": "assistant", "content": "", "refusal": null}, null], [0, {}, "stop"]]),
    );
}

#[test]
fn choices_appear_in_ascending_order() {
    check(
        3,
        [Event::text("late").at(2), Event::text("x").at(0), Event::finish(FinishReason::Stop).at(2)],
        &json!([
            [0, {"role": "assistant", "content": "", "refusal": null}, null],
            [1, {"role": "assistant", "content": "", "refusal": null}, null],
            [2, {"role": "assistant", "content": "", "refusal": null}, null],
            [2, {"content": "late"}, null],
            [0, {"content": "x"}, null],
            [2, {}, "stop"],
        ]),
    );
}

fn extra(place: Place, fields: &Value) -> Event {
    Event::extra(place, fields.as_object().cloned().expect("an object"))
}

#[test]
fn extra_fields_go_out_once_with_the_next_chunk_of_their_choice() {
    let events = vec![
        Event::text("a"),
        extra(Place::Message(0), &json!({"citations": ["x"], "content": "forged"})),
        extra(Place::Choice(1), &json!({"stop_reason": 7, "index": 9})),
        extra(Place::Answer, &json!({"service_tier": "flex", "provider": "p", "id": "forged"})),
        Event::text("b"),
        Event::text("c"),
        Event::text("d").at(1),
    ];
    let mut encoder = encoder(2, Options::default());
    let mut sent = Vec::new();
    for event in events.clone() {
        encoder.event(event, |chunk| sent.push(json!(chunk)));
    }
    let chunk = |choice: Value| {
        json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "m",
            "choices": [choice]})
    };
    let text = |index: u32, delta: Value| json!({"index": index, "delta": delta, "logprobs": null, "finish_reason": null});
    let mut first = chunk(text(0, json!({"content": "b", "citations": ["x"]})));
    first["service_tier"] = json!("flex");
    first["provider"] = json!("p");
    let mut second = chunk(text(0, json!({"content": "c"})));
    second["service_tier"] = json!("flex");
    let mut third = chunk(text(1, json!({"content": "d"})));
    third["choices"][0]["stop_reason"] = json!(7);
    third["service_tier"] = json!("flex");
    assert_eq!(sent[3..], [first, second, third]);
    let new = || self::encoder(2, Options::default());
    assert_eq!(crate::stream::testing::sent(new(), events.clone()), serialised(new(), events));
}

#[test]
fn tool_calls_have_dense_indexes_and_their_identity_once() {
    check(
        1,
        [
            Event::tool_call(7, "call_a", "f"),
            Event::arguments(7, "{\"x\":"),
            Event::custom_tool_call(3, "call_b", "g"),
            Event::arguments(3, "free"),
            Event::arguments(7, "1}"),
            Event::finish(FinishReason::Stop),
        ],
        &json!([
            [0, {"role": "assistant", "content": null, "refusal": null}, null],
            [0, {"tool_calls": [{"index": 0, "id": "call_a", "type": "function", "function": {"name": "f", "arguments": ""}}]}, null],
            [0, {"tool_calls": [{"index": 0, "function": {"arguments": "{\"x\":"}}]}, null],
            [0, {"tool_calls": [{"index": 1, "id": "call_b", "type": "custom", "custom": {"name": "g", "input": ""}}]}, null],
            [0, {"tool_calls": [{"index": 1, "custom": {"input": "free"}}]}, null],
            [0, {"tool_calls": [{"index": 0, "function": {"arguments": "1}"}}]}, null],
            [0, {}, "tool_calls"],
        ]),
    );
}

#[test]
fn extra_fields_of_a_call_go_out_with_its_start_or_behind_it() {
    let of = |slot, fields: Value| extra(Place::ToolCall { choice: 0, slot }, &fields);
    let events = [
        of(7, json!({"extra_content": {"signature": "s"}, "id": "forged", "function": 1})),
        Event::tool_call(7, "call_a", "f"),
        of(7, json!({"function": "forged"})),
        Event::tool_call(3, "call_b", "g"),
        of(3, json!({"late": true})),
        Event::finish(FinishReason::ToolCalls),
    ];
    let start = |index: u32, id: &str, name: &str| json!({"index": index, "id": id, "type": "function", "function": {"name": name, "arguments": ""}});
    let mut first = start(0, "call_a", "f");
    first["extra_content"] = json!({"signature": "s"});
    check(
        1,
        events.clone(),
        &json!([
            [0, {"role": "assistant", "content": null, "refusal": null}, null],
            [0, {"tool_calls": [first]}, null],
            [0, {"tool_calls": [start(1, "call_b", "g")]}, null],
            [0, {"tool_calls": [{"index": 1, "late": true}]}, null],
            [0, {}, "tool_calls"],
        ]),
    );
    let old = &events[..3];
    let start = json!([0, {"function_call": {"name": "f", "arguments": ""}}, null]);
    check_with(
        Calls::Function,
        1,
        old.to_vec(),
        &json!([[0, {"role": "assistant", "content": null, "refusal": null}, null], start]),
    );
}

#[test]
fn function_call_of_old_is_the_first_call_alone() {
    check_with(
        Calls::Function,
        1,
        [
            Event::tool_call(7, "call_a", "f"),
            Event::tool_call(3, "call_b", "g"),
            Event::arguments(3, "{}"),
            Event::arguments(7, "{\"x\":1}"),
            Event::finish(FinishReason::ToolCalls),
        ],
        &json!([
            [0, {"role": "assistant", "content": null, "refusal": null}, null],
            [0, {"function_call": {"name": "f", "arguments": ""}}, null],
            [0, {"function_call": {"arguments": "{\"x\":1}"}}, null],
            [0, {}, "function_call"],
        ]),
    );
}

#[test]
fn tool_calls_are_the_reason_only_where_there_are_some() {
    check(
        1,
        [Event::finish(FinishReason::ToolCalls)],
        &json!([[0, {"role": "assistant", "content": "", "refusal": null}, null], [0, {}, "stop"]]),
    );
}

#[test]
fn reasoning_goes_out_under_both_names_and_refusals_as_such() {
    check(
        1,
        [Event::reasoning("hm"), Event::refusal("no"), Event::finish(FinishReason::Stop)],
        &json!([
            [0, {"role": "assistant", "content": "", "refusal": null}, null],
            [0, {"reasoning_content": "hm", "reasoning": "hm"}, null],
            [0, {"refusal": "no"}, null],
            [0, {}, "stop"],
        ]),
    );
}

#[test]
fn log_probabilities_ride_on_their_text() {
    let mut encoder = encoder(1, Options::default());
    let mut sent = Vec::new();
    let event = Event::text("a").with_logprobs([TokenLogprob::new("a", -0.5)]);
    encoder.event(event, |chunk| sent.push(json!(chunk.choices[0].logprobs)));
    let token = json!({"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": []});
    assert_eq!(sent, [Value::Null, json!({"content": [token], "refusal": null})]);
}

#[test]
fn usage_comes_last_and_only_where_it_is_wanted() {
    let events = || [Event::text("a"), Event::usage(Usage::new(3, 1)), Event::finish(FinishReason::Stop)];
    let sent = |usage| {
        let mut encoder = encoder(1, Options { usage, obfuscation: false });
        let mut sent = Vec::new();
        for event in events() {
            encoder.event(event, |chunk| sent.push(json!(chunk)));
        }
        encoder.end(|chunk| sent.push(json!(chunk)));
        sent
    };
    assert!(sent(false).iter().all(|chunk| chunk.get("usage").is_none() && chunk["choices"] != json!([])));
    let with_usage = sent(true);
    let (last, others) = with_usage.split_last().expect("some chunks");
    assert!(others.iter().all(|chunk| chunk.get("usage") == Some(&Value::Null)));
    assert_eq!(last["choices"], json!([]));
    assert_eq!(last["usage"], json!({"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}));
}

#[test]
fn obfuscation_fills_every_chunk_to_one_length() {
    let mut encoder = encoder(1, Options { usage: true, obfuscation: true });
    let mut lengths = Vec::new();
    let mut note = |chunk: &Chunk| {
        let said = chunk.choices.first().map_or(0, |choice| length(&choice.delta));
        lengths.push((said, said + chunk.obfuscation.as_deref().map_or(0, str::len)));
    };
    for event in [
        Event::reasoning("hm"),
        Event::text("longer"),
        Event::tool_call(0, "call_1", "f"),
        Event::arguments(0, "{\"x\": 1}"),
        Event::usage(Usage::new(1, 2)),
    ] {
        encoder.event(event, &mut note);
    }
    encoder.end(&mut note);
    assert_eq!(lengths, [(0, 16), (4, 16), (6, 16), (0, 16), (8, 16), (0, 16)]);
    assert!(encoder.empty_text(0).is_none());
}

#[test]
fn keep_alive_opens_the_first_choice_and_says_nothing() {
    let mut encoder = encoder(1, Options::default());
    let mut sent = Vec::new();
    encoder.keep_alive(|chunk| sent.push(json!(chunk.choices[0].delta)));
    encoder.event(Event::text("a"), |chunk| sent.push(json!(chunk.choices[0].delta)));
    let role = json!({"role": "assistant", "content": "", "refusal": null});
    assert_eq!(sent, [role, json!({}), json!({"content": "a"})]);
}

#[test]
fn keep_alive_says_nothing_of_a_choice_that_has_finished() {
    let mut encoder = encoder(2, Options::default());
    let mut sent = Vec::new();
    encoder.event(Event::finish(FinishReason::Stop), |_| {});
    encoder.keep_alive(|chunk| sent.push(chunk.choices[0].index));
    encoder.event(Event::finish(FinishReason::Stop).at(1), |_| {});
    encoder.keep_alive(|chunk| sent.push(chunk.choices[0].index));
    // The role of the second choice, and its empty delta.
    assert_eq!(sent, [1, 1]);
}

fn content() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => ".*".prop_map(Event::text),
        1 => ".*".prop_map(Event::reasoning),
        1 => ".*".prop_map(Event::refusal),
        1 => Just(Event::tool_call(1, "call_1", "f")),
        1 => ".*".prop_map(|fragment| Event::arguments(1, fragment)),
    ]
}

proptest! {
    /// The ready-made events of texts are the ones that serialising would give.
    #[test]
    fn templates_change_no_byte(contents in prop::collection::vec((content(), 0..2_u32), 0..20)) {
        let mut events: Vec<Event> = contents.into_iter().map(|(event, choice)| event.at(choice)).collect();
        events.extend([0, 1].map(|choice| Event::finish(FinishReason::Stop).at(choice)));
        events.push(Event::usage(Usage::new(1, 2)));
        let encoder = || encoder(2, Options { usage: true, obfuscation: false });
        prop_assert_eq!(sent(encoder(), events.clone()), serialised(encoder(), events));
    }
}
