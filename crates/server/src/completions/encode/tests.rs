use antiphon_types::chat::TokenLogprob;
use antiphon_types::completions::Request;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::logprobs::positions;
use super::*;
use crate::stream::testing::{sent, serialised};

fn encoder(request: &Request, options: Options) -> Encoder {
    Encoder::new(Completion::new("cmpl-1", 1_700_000_000, "m"), positions(request), options)
}

fn finish(reason: FinishReason) -> Event {
    Event::finish(reason)
}

/// The pieces of an answer, as their choices alone: index, text, finish reason.
fn check(events: impl IntoIterator<Item = Event>, expected: &Value) {
    let mut encoder = encoder(&Request::new("m", "p").n(2), Options::default());
    let mut sent = Vec::new();
    for event in events {
        encoder.event(event, |piece| {
            let choice = &piece.choices[0];
            sent.push(json!([choice.index, choice.text, choice.finish_reason]));
        });
    }
    encoder.end(|piece| panic!("nothing comes after the finish: {piece:?}"));
    assert_eq!(&Value::from(sent), expected);
}

#[test]
fn texts_come_as_they_are_and_the_reason_last() {
    check(
        [
            Event::text("a ").at(1),
            Event::text("b"),
            finish(FinishReason::Length),
            finish(FinishReason::ContentFilter).at(1),
            Event::usage(Usage::new(1, 2)),
        ],
        &json!([[1, "a ", null], [0, "b", null], [0, "", "length"], [1, "", "content_filter"]]),
    );
}

#[test]
fn refusal_is_text_and_reasoning_has_no_place() {
    check(
        [Event::reasoning("hm"), Event::refusal("no"), finish(FinishReason::Stop)],
        &json!([[0, "no", null], [0, "", "stop"]]),
    );
}

#[test]
fn every_reason_is_one_of_the_api() {
    for reason in [FinishReason::ToolCalls, FinishReason::FunctionCall, FinishReason::from("eos_token")] {
        check([finish(reason)], &json!([[0, "", "stop"]]));
    }
}

#[test]
fn a_piece_has_every_field_that_clients_read() {
    let mut encoder = encoder(&Request::new("m", "p"), Options { usage: true, obfuscation: false });
    let mut pieces = Vec::new();
    encoder.event(Event::text("a"), |piece| pieces.push(json!(piece)));
    encoder.event(Event::usage(Usage::new(1, 2)), |piece| pieces.push(json!(piece)));
    encoder.end(|piece| pieces.push(json!(piece)));
    let envelope = |choices: Value, usage: Value| {
        json!({
            "id": "cmpl-1", "object": "text_completion", "created": 1_700_000_000, "model": "m",
            "choices": choices, "usage": usage,
        })
    };
    let choice = json!({"text": "a", "index": 0, "logprobs": null, "finish_reason": null});
    let usage = json!({"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3});
    assert_eq!(pieces, [envelope(json!([choice]), Value::Null), envelope(json!([]), usage)]);
}

#[test]
fn tokens_are_told_where_they_are_asked_for() {
    let token = || Event::text("né").with_logprobs([TokenLogprob::new("né", -1.0)]);
    let told = |request: &Request| {
        let mut encoder = encoder(request, Options::default());
        assert_eq!(encoder.empty_text(0).is_none(), request.logprobs.is_some());
        let mut told = Vec::new();
        for event in [token(), Event::text("x"), token()] {
            encoder.event(event, |piece| told.push(json!(piece.choices[0].logprobs)));
        }
        told
    };
    let logprobs = |offset| json!({"tokens": ["né"], "token_logprobs": [-1.0], "text_offset": [offset]});
    let request = Request::new("m", "p");
    assert_eq!(told(&request), [Value::Null, Value::Null, Value::Null]);
    assert_eq!(told(&request.logprobs(0)), [logprobs(1), Value::Null, logprobs(4)]);
}

#[test]
fn obfuscation_is_not_sent_as_openai_sends_it_in_chats_alone() {
    let mut encoder = encoder(&Request::new("m", "p"), Options { usage: true, obfuscation: true });
    let mut sent = Vec::new();
    encoder.event(Event::text("said"), |piece| sent.push(piece.obfuscation.clone()));
    encoder.event(Event::usage(Usage::new(1, 2)), |_| {});
    encoder.end(|piece| sent.push(piece.obfuscation.clone()));
    assert_eq!(sent, [None, None]);
}

#[test]
fn keep_alive_says_nothing_of_a_choice_that_has_finished() {
    let mut encoder = encoder(&Request::new("m", "p").n(2), Options::default());
    let mut sent = Vec::new();
    encoder.keep_alive(|piece| sent.push(json!(piece.choices[0])));
    encoder.event(finish(FinishReason::Stop), |_| {});
    encoder.keep_alive(|piece| sent.push(json!(piece.choices[0])));
    encoder.event(finish(FinishReason::Stop).at(1), |_| {});
    encoder.keep_alive(|piece| sent.push(json!(piece.choices[0])));
    let nothing = |index| json!({"text": "", "index": index, "logprobs": null, "finish_reason": null});
    assert_eq!(sent, [nothing(0), nothing(1)]);
}

proptest! {
    /// The ready-made events of texts are the ones that serialising would give.
    #[test]
    fn templates_change_no_byte(texts in prop::collection::vec((".*", 0..2_u32), 0..20)) {
        let mut events: Vec<Event> = texts.into_iter().map(|(text, choice)| Event::text(text).at(choice)).collect();
        events.extend([0, 1].map(|choice| finish(FinishReason::Stop).at(choice)));
        events.push(Event::usage(Usage::new(1, 2)));
        let options = Options { usage: true, obfuscation: false };
        let encoder = || encoder(&Request::new("m", "p").n(2), options);
        prop_assert_eq!(sent(encoder(), events.clone()), serialised(encoder(), events));
    }
}
