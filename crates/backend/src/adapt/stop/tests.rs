//! The stop sequences: what is seen of a text, event by event.

use antiphon_types::Usage;
use antiphon_types::chat::{FinishReason, TokenLogprob};
use proptest::collection::vec;
use proptest::prelude::*;

use super::stop;
use crate::testing::{Step, all, at_once, script};
use crate::{ErrorKind, Event};

fn texts(texts: &[&str]) -> Vec<Event> {
    texts.iter().map(|text| Event::text(*text)).collect()
}

fn finished(reason: FinishReason, mut events: Vec<Event>) -> Vec<Event> {
    events.push(Event::finish(reason));
    events
}

/// Compares all that comes out of one choice, with the stops given.
async fn check(stops: &[&str], events: Vec<Event>, expected: Vec<Event>) {
    let expected: Vec<_> = expected.into_iter().map(Ok).collect();
    assert_eq!(all(stop(script(events), stops, 1)).await, expected, "stops {stops:?}");
}

/// The same for texts that the backend finishes with `length`; `stop` shows that the adapter did.
async fn check_texts(stops: &[&str], given: &[&str], expected: &[&str], reason: FinishReason) {
    check(stops, finished(FinishReason::Length, texts(given)), finished(reason, texts(expected))).await;
}

#[tokio::test]
async fn text_without_a_stop_passes_event_by_event() {
    use FinishReason::Length;
    check_texts(&[], &["one ", "two"], &["one ", "two"], Length).await;
    check_texts(&[""], &["one ", "", "two"], &["one ", "", "two"], Length).await;
    check_texts(&["END"], &["one ", "E", "ND?"], &["one "], FinishReason::Stop).await;
    check_texts(&["END"], &["one ", "E", "NE", "N"], &["one ", "E", "NE", "N"], Length).await;
}

#[tokio::test]
async fn stop_is_cut_out_wherever_it_lies() {
    use FinishReason::Stop;
    check_texts(&["END"], &["END"], &[], Stop).await;
    check_texts(&["END"], &["one END two", " three"], &["one "], Stop).await;
    check_texts(&["END"], &["one E", "N", "D two"], &["one "], Stop).await;
    check_texts(&["E"], &["E", "one"], &[], Stop).await;
    check_texts(&["\n\n"], &["a\n", "b\n", "\nc"], &["a\n", "b"], Stop).await;
    check_texts(&["aab"], &["a", "a", "a", "b"], &["a"], Stop).await;
}

#[tokio::test]
async fn stop_of_long_characters_is_cut_between_them() {
    use FinishReason::{Length, Stop};
    check_texts(&["é🦀"], &["caf", "é", "🦀!"], &["caf"], Stop).await;
    // The first bytes of both crabs' kin are the same.
    check_texts(&["🦀"], &["🦁🦀"], &["🦁"], Stop).await;
    check_texts(&["🦀"], &["🦁"], &["🦁"], Length).await;
}

#[tokio::test]
async fn stop_that_is_complete_first_counts() {
    use FinishReason::Stop;
    check_texts(&["abcd", "bc"], &["xa", "bc", "d"], &["xa"], Stop).await;
    check_texts(&["ab", "abc"], &["xabc"], &["x"], Stop).await;
}

#[tokio::test]
async fn longest_of_stops_that_end_together_counts() {
    check_texts(&["c", "abc", "bc"], &["xa", "b", "c"], &["x"], FinishReason::Stop).await;
}

#[tokio::test]
async fn other_events_keep_their_place_and_are_not_searched() {
    let finish = Event::finish(FinishReason::Length);
    let all = [
        Event::reasoning("END"),
        Event::refusal("END"),
        Event::tool_call(0, None, "END"),
        Event::arguments(0, "END"),
    ];
    check(&["END"], [&all[..], std::slice::from_ref(&finish)].concat(), [&all[..], &[finish]].concat()).await;

    let stop = Event::finish(FinishReason::Stop);
    let [before, empty] = ["before", ""].map(Event::reasoning);
    let given = vec![Event::text("a"), before.clone(), Event::text("E"), empty, Event::text("ND")];
    check(&["END"], given, vec![Event::text("a"), before, stop]).await;
}

#[test]
fn text_that_something_else_follows_is_no_longer_held() {
    let others =
        [Event::tool_call(0, None, "f"), Event::arguments(0, ""), Event::reasoning("a"), Event::refusal("a")];
    for other in others {
        let [first, rest, whole] = ["E", "ND", "END"].map(Event::text);
        let given = [first.clone(), other.clone(), rest.clone(), first.clone(), other.clone(), whole];
        let seen = at_once(&mut stop(script(given), ["END"], 1));
        let end = Event::finish(FinishReason::Stop);
        assert_eq!(seen, [first.clone(), other.clone(), rest, first, other, end].map(Ok));
    }
}

#[tokio::test]
async fn held_events_come_before_the_end_and_before_an_error() {
    let held = || texts(&["a", "E", "N"]);
    check(&["END"], held(), held()).await;
    let steps = held().into_iter().map(Step::Give).chain([Step::Fail(ErrorKind::Upstream)]);
    let seen = all(stop(script(steps), ["END"], 1)).await;
    assert_eq!(
        seen,
        [&held().into_iter().map(Ok).collect::<Vec<_>>()[..], &[Err(ErrorKind::Upstream)]].concat()
    );
}

#[tokio::test]
async fn usage_comes_last_and_is_forgotten_with_a_cut() {
    let usage = || Event::usage(Usage::new(1, 9));
    let given = |more: &[&str]| [vec![usage()], finished(FinishReason::Length, texts(more))].concat();
    let stopped = finished(FinishReason::Stop, texts(&["a"]));
    check(&["END"], given(&["a", "END", "b"]), stopped).await;
    let whole = [finished(FinishReason::Length, texts(&["a", "E"])), vec![usage()]].concat();
    check(&["END"], given(&["a", "E"]), whole).await;
    let steps = [Step::Give(usage()), Step::Fail(ErrorKind::Upstream)];
    assert_eq!(all(stop(script(steps), ["END"], 1)).await, [Err(ErrorKind::Upstream)]);
}

#[tokio::test]
async fn log_probabilities_are_cut_with_their_text() {
    let tokens =
        |tokens: &[&str]| tokens.iter().map(|token| TokenLogprob::new(*token, -0.5)).collect::<Vec<_>>();
    let given = vec![Event::text("one two. END").with_logprobs(tokens(&["one", " two", ". E", "ND"]))];
    let expected = vec![
        Event::text("one two. ").with_logprobs(tokens(&["one", " two"])),
        Event::finish(FinishReason::Stop),
    ];
    check(&["END"], given, expected).await;
}

#[tokio::test]
async fn choices_stop_each_by_itself() {
    let at = |choice, text| Event::text(text).at(choice);
    let finish = |choice, reason| Event::finish(reason).at(choice);
    let events = [
        at(0, "E"),
        at(1, "a"),
        at(0, "ND"),
        at(1, "E"),
        at(0, "more"),
        at(1, "!"),
        finish(0, FinishReason::Length),
    ];
    let stream = script(
        events.into_iter().map(Step::Give).chain([Step::Give(finish(1, FinishReason::Length)), Step::Hang]),
    );
    let dropped = stream.dropped();
    let seen = all(stop(stream, ["END"], 2)).await;
    let expected =
        [at(1, "a"), finish(0, FinishReason::Stop), at(1, "E"), at(1, "!"), finish(1, FinishReason::Length)];
    assert_eq!(seen, expected.map(Ok));
    assert!(dropped.get());
}

#[test]
fn stream_beneath_is_dropped_with_the_last_stop() {
    let stream = script([Step::Give(Event::text("a END")), Step::Hang]);
    let dropped = stream.dropped();
    let mut stream = stop(stream, ["END"], 1);
    assert_eq!(at_once(&mut stream), [Event::text("a "), Event::finish(FinishReason::Stop)].map(Ok));
    assert!(dropped.get());
}

/// Where the text ends, by definition: before the longest of the stops that end first.
fn reference(text: &str, stops: &[String]) -> Option<usize> {
    let mut ends = text.char_indices().map(|(start, character)| start + character.len_utf8());
    ends.find_map(|end| {
        let found = stops.iter().filter(|stop| !stop.is_empty() && text[..end].ends_with(*stop));
        found.map(String::len).max().map(|len| end - len)
    })
}

/// How many bytes at the end of a text may begin a stop.
fn pending(text: &str, stops: &[String]) -> usize {
    let starts = text.char_indices().map(|(start, _)| &text[start..]);
    starts.filter(|tail| stops.iter().any(|stop| stop.starts_with(tail))).map(str::len).max().unwrap_or(0)
}

fn pieces() -> impl Strategy<Value = Vec<String>> {
    vec("[abé🦀]{0,4}", 0..12)
}

fn stops() -> impl Strategy<Value = Vec<String>> {
    vec("[abé🦀]{0,4}", 0..4)
}

fn joined(events: &[Result<Event, ErrorKind>]) -> String {
    let text = |event: &Result<Event, ErrorKind>| match event {
        Ok(Event::Text { text, .. }) => text.to_string(),
        _ => String::new(),
    };
    events.iter().map(text).collect()
}

proptest! {
    #[test]
    fn any_split_is_cut_as_the_joined_text_is(pieces in pieces(), stops in stops()) {
        let text = pieces.concat();
        let events = finished(FinishReason::Length, pieces.into_iter().map(Event::text).collect());
        let seen = at_once(&mut stop(script(events), &stops, 1));
        let cut = reference(&text, &stops);
        let reason = if cut.is_some() { FinishReason::Stop } else { FinishReason::Length };
        prop_assert_eq!(joined(&seen), &text[..cut.unwrap_or(text.len())]);
        prop_assert_eq!(seen.last(), Some(&Ok(Event::finish(reason))));
    }

    #[test]
    fn only_events_that_may_begin_a_stop_are_held(pieces in pieces(), stops in stops()) {
        let text = pieces.concat();
        prop_assume!(reference(&text, &stops).is_none());
        let certain = text.len() - pending(&text, &stops);
        let mut end = 0;
        let passed: Vec<_> = pieces.iter().take_while(|piece| { end += piece.len(); end <= certain }).collect();
        let steps = pieces.iter().map(|piece| Step::Give(Event::text(piece.as_str()))).chain([Step::Hang]);
        let seen = at_once(&mut stop(script(steps), &stops, 1));
        let expected: Vec<_> =
            passed.into_iter().map(|piece| Ok(Event::text(piece.as_str()))).collect();
        prop_assert_eq!(seen, expected);
    }
}
