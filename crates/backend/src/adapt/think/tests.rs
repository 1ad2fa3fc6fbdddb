//! Reasoning in the text, wherever its tags are split.

use antiphon_types::chat::FinishReason;
use proptest::prelude::*;

use super::*;
use crate::ErrorKind;
use crate::testing::{Step, all, at_once, script};

fn finish() -> Event {
    Event::finish(FinishReason::Stop)
}

/// Compares the joined reasoning and text of an answer, however its text is split.
fn check(thinking: Thinking, text: &str, reasoning: &str, answer: &str) {
    let letters = text.split_inclusive(|_: char| true).map(Event::text).collect();
    for pieces in [vec![Event::text(text)], letters] {
        let events = at_once(&mut think(script([pieces, vec![finish()]].concat()), thinking, 1));
        assert_eq!(joined(&events), (reasoning.to_owned(), answer.to_owned()), "{text}");
        assert_eq!(events.last(), Some(&Ok(finish())));
    }
}

/// The reasoning and the text, each joined; no event of them is empty.
fn joined(events: &[Result<Event, ErrorKind>]) -> (String, String) {
    let (mut reasoning, mut answer) = (String::new(), String::new());
    for event in events.iter().flatten() {
        let (all, text) = match event {
            Event::Reasoning { text, .. } => (&mut reasoning, text),
            Event::Text { text, .. } => (&mut answer, text),
            _ => continue,
        };
        assert!(!text.is_empty());
        all.push_str(text);
    }
    (reasoning, answer)
}

#[test]
fn block_at_the_start_is_reasoning() {
    check(Thinking::Tagged, "<think>\nA b.\n</think>\n\nC d.\n", "A b.", "C d.\n");
    check(Thinking::Tagged, "\n<think>a</think>b", "a", "b");
    check(Thinking::Tagged, "<think>\n\n</think>\n\nb", "", "b");
    check(Thinking::Begun, "a </thin </think> b", "a </thin", "b");
    check(Thinking::Begun, "ä</think>ö", "ä", "ö");
}

#[test]
fn other_text_is_text() {
    for text in ["a <think>b</think>", "<thin air", "  ", " a", "<think", "</think>a"] {
        check(Thinking::Tagged, text, "", text);
    }
    check(Thinking::Tagged, "<think>a</think>b<think>c</think>", "a", "b<think>c</think>");
}

#[test]
fn reasoning_without_an_end_is_reasoning() {
    check(Thinking::Tagged, "<think>a </thi", "a </thi", "");
    check(Thinking::Begun, "a\n", "a\n", "");
}

#[test]
fn text_passes_as_soon_as_it_is_known() {
    let events = ["<th", "ink>a", " b", " c</", "x"].map(Event::text);
    let mut stream =
        think(script(events.map(Step::Give).into_iter().chain([Step::Hang])), Thinking::Tagged, 1);
    let expected = ["a", " b", " c", "</x"].map(Event::reasoning);
    assert_eq!(at_once(&mut stream), expected.map(Ok));
}

#[test]
fn choices_are_apart_and_other_events_stay_in_their_place() {
    let call = || Event::tool_call(0, None, "f");
    let given = [Event::text("<think>a"), Event::text("b").at(1), Event::text("</think>"), call(), finish()];
    let expected = [Event::reasoning("a"), Event::text("b").at(1), call(), finish()];
    assert_eq!(at_once(&mut think(script(given), Thinking::Tagged, 2)), expected.map(Ok));
    let held = [Event::text("<thi"), call(), finish()];
    assert_eq!(at_once(&mut think(script(held.clone()), Thinking::Tagged, 1)), held.map(Ok));
}

#[test]
fn empty_text_of_another_kind_breaks_no_tag() {
    let empty = || Event::reasoning("");
    let given = ["<th", "ink>a</thi", "nk>b"].map(Event::text).into_iter().flat_map(|event| [event, empty()]);
    let seen = at_once(&mut think(script(given.chain([finish()])), Thinking::Tagged, 1));
    let seen: Vec<_> = seen.into_iter().filter(|event| *event != Ok(empty())).collect();
    assert_eq!(seen, [Event::reasoning("a"), Event::text("b"), finish()].map(Ok));
}

#[test]
fn white_space_is_not_held_for_ever() {
    let spaces = || std::iter::repeat_n(Event::text("\n"), 1_000);
    for (thinking, first) in [(Thinking::Tagged, None), (Thinking::Begun, Some(Event::text("a")))] {
        let mut stream =
            think(script(first.into_iter().chain(spaces()).map(Step::Give).chain([Step::Hang])), thinking, 1);
        assert!(at_once(&mut stream).len() > 700);
    }
}

#[tokio::test]
async fn what_is_held_comes_before_an_error() {
    let failing = script([Step::Give(Event::text("<thi")), Step::Fail(ErrorKind::Upstream)]);
    let seen = all(think(failing, Thinking::Tagged, 1)).await;
    assert_eq!(seen, [Ok(Event::text("<thi")), Err(ErrorKind::Upstream)]);
}

#[test]
fn tokens_of_the_answer_keep_their_log_probabilities() {
    let tokens = |texts: &[&str]| texts.iter().map(|text| TokenLogprob::new(*text, -1.0)).collect::<Vec<_>>();
    let event = |texts: &[&str]| Event::text(texts.concat()).with_logprobs(tokens(texts));
    let given = [event(&["<think>", "a"]), event(&["</think>", "b", "c"]), event(&["d"]), finish()];
    let expected = [Event::reasoning("a"), event(&["b", "c"]), event(&["d"]), finish()];
    assert_eq!(at_once(&mut think(script(given), Thinking::Tagged, 1)), expected.map(Ok));
    let at_once_given = [event(&["<think>", "a", "</think>", "b", "c"]), finish()];
    let expected = [Event::reasoning("a"), event(&["b", "c"]), finish()];
    assert_eq!(at_once(&mut think(script(at_once_given), Thinking::Tagged, 1)), expected.map(Ok));
}

proptest! {
    #[test]
    fn splits_change_nothing(text in "( |a|<think>|</think>|<|think>){0,8}", cuts in prop::collection::vec(0..40_usize, 0..6)) {
        for thinking in [Thinking::Tagged, Thinking::Begun] {
            let whole = at_once(&mut think(script([Event::text(&*text), finish()]), thinking, 1));
            let mut cuts: Vec<_> = cuts.iter().map(|cut| (*cut).min(text.len())).chain([0, text.len()]).collect();
            cuts.sort_unstable();
            let pieces = cuts.windows(2).map(|ends| Event::text(&text[ends[0]..ends[1]])).filter(|event| {
                !matches!(event, Event::Text { text, .. } if text.is_empty())
            });
            let split = at_once(&mut think(script(pieces.chain([finish()])), thinking, 1));
            if !text.is_empty() {
                prop_assert_eq!(joined(&split), joined(&whole));
            }
        }
    }
}
