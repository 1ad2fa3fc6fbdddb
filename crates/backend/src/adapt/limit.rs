//! Ends a choice at its token limit.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use antiphon_types::chat::FinishReason;
use futures_core::Stream;

use super::ends::Ends;
use super::per_choice::PerChoice;
use super::source::{Item, Source};
use crate::Event;

/// Ends each choice after a number of tokens.
///
/// There are `choices` choices, and `tokens` are for each. A content event counts as one token, reasoning and
/// tool calls included. The event that goes over the limit gives way to a finish of `length`, and the rest of
/// its choice is swallowed; a choice that finishes exactly at the limit keeps its own reason. A limit of 0
/// ends a choice at its first token. Once all choices have finished and one of them was cut, the stream
/// beneath is dropped. Its usage comes last, and not at all where a choice was cut, for it counts what nobody
/// sees: put [`meter`](super::meter) above.
pub fn limit<S>(stream: S, tokens: u64, choices: u32) -> Limit<S>
where
    S: Stream<Item = Item> + Unpin,
{
    let progress = PerChoice::new(choices, || Progress::Running { left: tokens });
    Limit { source: Source::new(stream), progress, ends: Ends::new(choices) }
}

/// The stream that [`limit`] makes.
#[derive(Debug)]
pub struct Limit<S> {
    source: Source<S>,
    progress: PerChoice<Progress>,
    ends: Ends,
}

#[derive(Clone, Copy, Debug)]
enum Progress {
    /// May have so many tokens more.
    Running {
        left: u64,
    },
    Finished,
    Cut,
}

impl<S> Limit<S> {
    /// What to pass on in this event's place.
    fn pass(&mut self, event: Event) -> Option<Event> {
        let Some(progress) = event.choice().and_then(|choice| self.progress.get_mut(choice)) else {
            let Event::Usage(usage) = event else { return Some(event) };
            self.ends.usage(usage);
            return None;
        };
        match (*progress, event) {
            (Progress::Cut, _) => None,
            (Progress::Running { .. }, Event::Finish { choice, reason }) => {
                *progress = Progress::Finished;
                self.ends.finished();
                Some(Event::Finish { choice, reason })
            }
            (Progress::Running { .. }, event) if !event.is_content() => Some(event),
            (Progress::Running { left: 0 }, event) => {
                *progress = Progress::Cut;
                self.ends.cut();
                event.choice().map(|choice| Event::finish(FinishReason::Length).at(choice))
            }
            (Progress::Running { left }, event) => {
                *progress = Progress::Running { left: left - 1 };
                Some(event)
            }
            (Progress::Finished, event) => Some(event),
        }
    }
}

impl<S: Stream<Item = Item> + Unpin> Stream for Limit<S> {
    type Item = Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let this = self.get_mut();
        loop {
            let item = ready!(this.source.poll(cx));
            let Some(Ok(event)) = item else { return Poll::Ready(this.ends.last(item)) };
            let passed = this.pass(event);
            if this.ends.is_in_vain() {
                this.source.end();
            }
            if let Some(event) = passed {
                return Poll::Ready(Some(Ok(event)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use antiphon_types::{Extra, Usage};

    use super::*;
    use crate::testing::{Step, at_once, script};
    use crate::{ErrorKind, Place};

    /// Compares what comes at once of two choices at most, under a limit of 2, and whether the stream beneath
    /// goes on.
    fn check(choices: u32, given: Vec<Event>, expected: Vec<Event>, goes_on: bool) {
        let stream = script(given.into_iter().map(Step::Give).chain([Step::Hang]));
        let dropped = stream.dropped();
        let mut stream = limit(stream, 2, choices);
        let seen = at_once(&mut stream);
        assert_eq!((seen, !dropped.get()), (expected.into_iter().map(Ok).collect(), goes_on));
    }

    fn stop() -> Event {
        Event::finish(FinishReason::Stop)
    }

    fn length() -> Event {
        Event::finish(FinishReason::Length)
    }

    #[test]
    fn answer_within_the_limit_passes_and_its_usage_comes_last() {
        let [a, b, usage] = [Event::text("a"), Event::text("b"), Event::usage(Usage::new(1, 2))];
        let events = [a.clone(), usage.clone(), b.clone(), stop()];
        let seen = at_once(&mut limit(script(events), 2, 1));
        assert_eq!(seen, [a, b, stop(), usage].map(Ok));
    }

    #[test]
    fn usage_is_forgotten_with_a_cut_and_with_an_error() {
        let [a, usage] = [Event::text("a"), Event::usage(Usage::new(1, 9))];
        let given = vec![usage.clone(), a.clone(), a.clone(), a.clone(), a.clone()];
        check(1, given, vec![a.clone(), a.clone(), length()], false);
        // The first choice is cut before the usage comes, the second finishes after it.
        let given = [vec![a.clone(); 3], vec![usage.clone(), stop().at(1)]].concat();
        check(2, given, vec![a.clone(), a, length(), stop().at(1)], false);
        let steps = [Step::Give(usage), Step::Fail(ErrorKind::Upstream)];
        assert_eq!(at_once(&mut limit(script(steps), 2, 1)), [Err(ErrorKind::Upstream)]);
    }

    #[test]
    fn token_over_the_limit_gives_way_to_length_and_ends_the_work() {
        let [a, b, c] = ["a", "b", "c"].map(Event::text);
        check(1, vec![a.clone(), b.clone(), c, stop()], vec![a, b, length()], false);
    }

    #[test]
    fn every_kind_of_content_is_a_token() {
        let kinds = [
            Event::reasoning("a"),
            Event::refusal("b"),
            Event::tool_call(0, None, "c"),
            Event::arguments(0, "d"),
        ];
        for kind in kinds {
            let given = vec![kind.clone(), kind.clone(), kind.clone()];
            check(1, given, vec![kind.clone(), kind, length()], false);
        }
    }

    #[test]
    fn extra_fields_are_no_tokens() {
        let extra = || Event::extra(Place::Message(0), Extra::new());
        let [a, b] = ["a", "b"].map(Event::text);
        let given = vec![a.clone(), extra(), b.clone(), extra(), stop()];
        check(1, given.clone(), given, true);
    }

    #[test]
    fn stream_goes_on_until_the_last_choice_has_finished() {
        let text = |choice| Event::text("a").at(choice);
        let open = vec![text(1), text(0), text(0), text(0), text(0)];
        let cut = vec![text(1), text(0), text(0), length()];
        check(2, open.clone(), cut.clone(), true);
        check(2, [open, vec![stop().at(1), text(0)]].concat(), [cut, vec![stop().at(1)]].concat(), false);
    }

    #[test]
    fn limit_of_none_ends_at_the_first_token() {
        let seen = at_once(&mut limit(script([Event::text("a"), stop()]), 0, 1));
        assert_eq!(seen, [Ok(length())]);
    }
}
