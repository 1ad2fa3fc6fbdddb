//! Whole answers.

use antiphon_types::chat::TokenLogprob;
use antiphon_types::json;
use futures_util::FutureExt;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::ErrorKind;
use crate::testing::{Step, script};

/// Compares what is collected; of an error, its kind.
fn check(steps: impl IntoIterator<Item: Into<Step>>, choices: u32, expected: &Result<Whole, ErrorKind>) {
    let whole = collect(script(steps), choices).now_or_never().expect("the script does not wait");
    assert_eq!(&whole.map_err(|error| error.kind()), expected);
}

fn choice(text: &str, finish: FinishReason) -> WholeChoice {
    WholeChoice {
        text: text.to_owned(),
        reasoning: String::new(),
        refusal: String::new(),
        tool_calls: Vec::new(),
        logprobs: None,
        finish,
        extra: Extra::new(),
        message_extra: Extra::new(),
    }
}

fn fields(value: &antiphon_types::Value) -> Extra {
    value.as_object().cloned().expect("an object")
}

fn finish() -> Event {
    Event::finish(FinishReason::Stop)
}

#[test]
fn choices_are_joined_each_for_itself() {
    let events = [
        Event::text("a").at(1),
        Event::text("b"),
        Event::finish(FinishReason::Length).at(1),
        Event::text("c"),
        finish(),
        Event::usage(Usage::new(1, 3)),
    ];
    let choices = vec![choice("bc", FinishReason::Stop), choice("a", FinishReason::Length)];
    check(events, 2, &Ok(Whole { choices, usage: Some(Usage::new(1, 3)), ..Whole::default() }));
}

#[test]
fn every_kind_of_content_is_joined_apart() {
    let token = |text: &str| [TokenLogprob::new(text, -1.0)];
    let events = [
        Event::reasoning("r1"),
        Event::text("t1").with_logprobs(token("t1")),
        Event::refusal("f1").with_logprobs(token("f1")),
        Event::reasoning("r2"),
        Event::text("t2").with_logprobs(token("t2")),
        Event::refusal("f2"),
        finish(),
    ];
    let mut logprobs = Logprobs::content([token("t1"), token("t2")].concat());
    logprobs.refusal = Some(token("f1").to_vec());
    let whole = WholeChoice {
        reasoning: "r1r2".to_owned(),
        refusal: "f1f2".to_owned(),
        logprobs: Some(logprobs),
        ..choice("t1t2", FinishReason::Stop)
    };
    check(events, 1, &Ok(Whole { choices: vec![whole], ..Whole::default() }));
}

#[test]
fn tool_calls_are_joined_by_slot_in_order_of_their_start() {
    let events = [
        Event::tool_call(9, "call_1", "add"),
        Event::arguments(9, "{\"a\":"),
        Event::custom_tool_call(2, None, "sh"),
        Event::arguments(2, "ls"),
        Event::arguments(9, "1}"),
        Event::finish(FinishReason::ToolCalls),
    ];
    let call = |id: Option<&str>, name: &str, kind, arguments: &str| WholeToolCall {
        id: id.map(str::to_owned),
        name: name.to_owned(),
        kind,
        arguments: arguments.to_owned(),
        extra: Extra::new(),
    };
    let tool_calls = vec![
        call(Some("call_1"), "add", ToolKind::Function, "{\"a\":1}"),
        call(None, "sh", ToolKind::Custom, "ls"),
    ];
    let whole = WholeChoice { tool_calls, ..choice("", FinishReason::ToolCalls) };
    check(events, 1, &Ok(Whole { choices: vec![whole], ..Whole::default() }));
}

#[test]
fn extra_fields_are_joined_where_they_belong() {
    let said = |place, value| Event::extra(place, fields(&value));
    let events = [
        said(Place::Answer, json!({"citations": ["a"]})),
        said(Place::Message(0), json!({"audio": {"data": "AA"}})),
        said(Place::Message(0), json!({"audio": {"data": "BB"}})),
        said(Place::Answer, json!({"citations": ["a", "b"]})),
        said(Place::Choice(0), json!({"stop_reason": 7})),
        finish(),
    ];
    let mut whole = choice("", FinishReason::Stop);
    whole.extra = fields(&json!({"stop_reason": 7}));
    whole.message_extra = fields(&json!({"audio": {"data": "AABB"}}));
    let extra = fields(&json!({"citations": ["a", "b"]}));
    check(events, 1, &Ok(Whole { choices: vec![whole], extra, ..Whole::default() }));
}

#[test]
fn extra_fields_of_a_call_are_the_calls_whether_they_come_before_it_or_behind() {
    let said = |slot, value| Event::extra(Place::ToolCall { choice: 0, slot }, fields(&value));
    let events = [
        said(4, json!({"extra_content": {"signature": "a"}})),
        Event::tool_call(4, "call_1", "f"),
        Event::tool_call(2, "call_2", "f"),
        said(2, json!({"extra_content": "b", "again": 1})),
        said(2, json!({"again": 2})),
        said(9, json!({"of": "nothing"})),
        Event::finish(FinishReason::ToolCalls),
    ];
    let call = |id: &str, extra| WholeToolCall {
        id: Some(id.to_owned()),
        name: "f".to_owned(),
        kind: ToolKind::Function,
        arguments: String::new(),
        extra: fields(&extra),
    };
    let tool_calls = vec![
        call("call_1", json!({"extra_content": {"signature": "a"}})),
        call("call_2", json!({"extra_content": "b", "again": 2})),
    ];
    let whole = WholeChoice { tool_calls, ..choice("", FinishReason::ToolCalls) };
    check(events, 1, &Ok(Whole { choices: vec![whole], ..Whole::default() }));
}

#[test]
fn failures_are_the_outcome() {
    check([Step::Give(Event::text("a")), Step::Fail(ErrorKind::Upstream)], 1, &Err(ErrorKind::Upstream));
    check([Event::text("a")], 1, &Err(ErrorKind::Contract));
    check([finish()], 2, &Err(ErrorKind::Contract));
    check([finish().at(1)], 1, &Err(ErrorKind::Contract));
    check([Event::arguments(0, "{}"), finish()], 1, &Err(ErrorKind::Contract));
}

proptest! {
    #[test]
    fn joined_deltas_equal_the_whole(pieces in vec((0_u32..3, "\\PC{0,30}"), 0..20)) {
        let texts = pieces.iter().map(|(choice, text)| Event::text(text.as_str()).at(*choice));
        let events = texts.chain((0..3).map(|choice| finish().at(choice)));
        let joined = (0..3).map(|number| {
            let of_choice = pieces.iter().filter(|(choice, _)| *choice == number);
            choice(&of_choice.map(|(_, text)| text.as_str()).collect::<String>(), FinishReason::Stop)
        });
        check(events, 3, &Ok(Whole { choices: joined.collect(), ..Whole::default() }));
    }
}
