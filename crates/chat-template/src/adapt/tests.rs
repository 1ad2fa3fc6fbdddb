//! Calls in the text of a stream.

use antiphon_backend::adapt::{Thinking, think};
use antiphon_backend::chat::{Function, Message};
use antiphon_backend::{ErrorKind, Usage};
use futures_util::{FutureExt, StreamExt, stream};

use super::*;

const CALL: &str = "{\"name\": \"f\", \"arguments\": {}}";

fn request(choices: u32) -> chat::Request {
    let mut request = chat::Request::new("m", [Message::user("a")]).tools([Function::new("f")]);
    request.n = Some(choices);
    request
}

/// All that comes out of a stream of these; of an error, its kind.
fn adapted(items: Vec<Item>, choices: u32) -> Vec<Result<Event, ErrorKind>> {
    let calls = tool_calls(stream::iter(items), Format::Hermes, &request(choices));
    let all = calls.map(|item| item.map_err(|error| error.kind())).collect().now_or_never();
    all.expect("it never waits")
}

fn stop() -> Event {
    Event::finish(FinishReason::Stop)
}

#[test]
fn call_changes_the_reason_of_the_end() {
    let given = ["<tool_", "call>", CALL, "</tool_call>"].map(Event::text);
    let call = [Event::tool_call(0, None, "f"), Event::arguments(0, "{}")];
    for (reason, expected) in
        [(FinishReason::Stop, FinishReason::ToolCalls), (FinishReason::Length, FinishReason::Length)]
    {
        let given = given.iter().cloned().chain([Event::finish(reason)]);
        let seen = adapted(given.map(Ok).collect(), 1);
        assert_eq!(
            seen,
            [call.to_vec(), vec![Event::finish(expected)]].concat().into_iter().map(Ok).collect::<Vec<_>>()
        );
    }
}

#[test]
fn choices_are_apart_and_other_events_pass() {
    let usage = || Event::usage(Usage::new(1, 2));
    let text = format!("<tool_call>{CALL}</tool_call>");
    let given = vec![
        Event::text("<tool_").at(0),
        Event::text(&*text).at(1),
        Event::reasoning("r"),
        Event::text("x").at(0),
        stop(),
        stop().at(1),
        usage(),
    ];
    let expected = [
        Event::tool_call(0, None, "f").at(1),
        Event::arguments(0, "{}").at(1),
        Event::reasoning("r"),
        Event::text("<tool_x"),
        stop(),
        Event::finish(FinishReason::ToolCalls).at(1),
        usage(),
    ];
    assert_eq!(adapted(given.into_iter().map(Ok).collect(), 2), expected.map(Ok));
}

#[test]
fn what_is_held_comes_before_the_end_and_before_an_error() {
    let failing = || BackendError::new(ErrorKind::Upstream, "reset");
    let seen = adapted(vec![Ok(Event::text("<tool")), Err(failing()), Ok(stop())], 1);
    assert_eq!(seen, [Ok(Event::text("<tool")), Err(ErrorKind::Upstream)]);
    assert_eq!(adapted(vec![Ok(Event::text("<tool"))], 1), [Ok(Event::text("<tool"))]);
}

#[test]
fn call_within_the_reasoning_is_none() {
    let text = format!("<think><tool_call>{CALL}</tool_call></think>a");
    let events = stream::iter([Ok(Event::text(&*text)), Ok(stop())]);
    let calls = tool_calls(think(events, Thinking::Tagged, 1), Format::Hermes, &request(1));
    let seen: Vec<_> =
        calls.map(|item| item.expect("an event")).collect().now_or_never().expect("it never waits");
    assert_eq!(seen[1..], [Event::text("a"), stop()]);
}

#[test]
fn stream_is_dropped_as_soon_as_it_is_over() {
    let mut calls = tool_calls(stream::iter([Ok(Event::text("<t"))]), Format::Hermes, &request(1));
    let next = calls.next().now_or_never().flatten();
    assert!(next.is_some_and(|item| item.is_ok()) && calls.source.is_none());
}
