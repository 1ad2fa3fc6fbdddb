//! Several answers as one of several choices.

use antiphon_types::chat::FinishReason;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::ErrorKind;
use crate::testing::{Step, all, script};

/// Compares all that comes out of the streams of these steps.
async fn check(streams: Vec<Vec<Step>>, expected: Vec<Result<Event, ErrorKind>>) {
    assert_eq!(all(fan_out(streams.into_iter().map(script))).await, expected);
}

fn steps(events: impl IntoIterator<Item = Event>) -> Vec<Step> {
    events.into_iter().map(Step::Give).collect()
}

fn finish() -> Event {
    Event::finish(FinishReason::Stop)
}

#[tokio::test]
async fn streams_take_turns() {
    let [a, b, c] = ["a", "b", "c"].map(Event::text);
    let streams =
        vec![steps([a.clone(), b.clone(), finish()]), steps([finish()]), steps([c.clone(), finish()])];
    let expected = [a, finish().at(1), c.at(2), b, finish().at(2), finish()];
    check(streams, expected.map(Ok).to_vec()).await;
}

#[tokio::test]
async fn stream_that_waits_holds_up_no_other() {
    let [a, b, c] = ["a", "b", "c"].map(Event::text);
    let mut slow = steps([a.clone()]);
    slow.insert(0, Step::Wait);
    check(vec![slow, steps([b.clone(), c.clone()])], [b.at(1), a, c.at(1)].map(Ok).to_vec()).await;
}

#[tokio::test]
async fn usage_counts_the_prompt_once_and_every_completion() {
    let usage = |completion, reasoning| {
        let mut usage = Usage::new(7, completion);
        usage.completion_tokens_details.get_or_insert_default().reasoning_tokens = reasoning;
        Event::usage(usage)
    };
    let streams = vec![
        steps([usage(1, None), finish()]),
        steps([finish(), usage(2, Some(1))]),
        steps([finish()]),
        steps([finish(), usage(3, Some(2))]),
    ];
    let finishes = [0, 1, 2, 3].map(|choice| Ok(finish().at(choice)));
    check(streams, [&finishes[..], &[Ok(usage(6, Some(3)))]].concat()).await;
}

#[tokio::test]
async fn prompts_have_their_choices_one_behind_the_other_and_count_each() {
    let usage = |prompt, cached| {
        let mut usage = Usage::new(prompt, 2);
        usage.prompt_tokens_details.get_or_insert_default().cached_tokens = Some(cached);
        Event::usage(usage)
    };
    let of_two = |usage| steps([Event::text("a").at(1), finish(), finish().at(1), usage]);
    let streams = [of_two(usage(3, 1)), of_two(usage(4, 2))].map(script);
    let mut sum = Usage::new(7, 4);
    sum.prompt_tokens_details.get_or_insert_default().cached_tokens = Some(3);
    let text = Event::text("a");
    let expected = [
        text.clone().at(1),
        text.at(3),
        finish(),
        finish().at(2),
        finish().at(1),
        finish().at(3),
        Event::usage(sum),
    ];
    assert_eq!(all(fan_out_prompts(streams, 2)).await, expected.map(Ok));
}

#[tokio::test]
async fn error_of_one_ends_all() {
    let hanging = script([Step::Hang]);
    let dropped = hanging.dropped();
    let failing = script([Step::Give(Event::usage(Usage::new(1, 1))), Step::Fail(ErrorKind::Overloaded)]);
    assert_eq!(all(fan_out([hanging, failing])).await, [Err(ErrorKind::Overloaded)]);
    assert!(dropped.get());
}

fn events() -> impl Strategy<Value = Vec<Step>> {
    let step =
        prop_oneof![3 => "[a-c]{0,3}".prop_map(|text| Step::Give(Event::text(text))), 1 => Just(Step::Wait)];
    vec(step, 0..8)
}

proptest! {
    #[test]
    fn each_choice_keeps_its_order(streams in vec(events(), 0..5)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime starts");
        let seen = runtime.block_on(all(fan_out(streams.clone().into_iter().map(script))));
        let mut count = 0;
        for (choice, steps) in (0..).zip(streams) {
            let given = steps.into_iter().filter_map(|step| match step {
                Step::Give(event) => Some(event.at(choice)),
                _ => None,
            });
            let given: Vec<_> = given.collect();
            let of_choice = seen.iter().flatten().filter(|event| event.choice() == Some(choice));
            prop_assert_eq!(of_choice.collect::<Vec<_>>(), given.iter().collect::<Vec<_>>());
            count += given.len();
        }
        prop_assert_eq!(seen.len(), count);
    }
}
