//! Turns a breach of the contract into an error.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::rules::Rules;
use super::source::{Item, Source};

/// Passes events on until one breaks the contract.
///
/// There are `choices` choices. The breach becomes an error of kind [`Contract`](crate::ErrorKind::Contract)
/// in the event's place and ends the stream; so does an end before every choice has finished. What comes
/// after an error is never seen.
pub fn validate<S>(stream: S, choices: u32) -> Validate<S>
where
    S: Stream<Item = Item> + Unpin,
{
    Validate { source: Source::new(stream), rules: Rules::new(choices) }
}

/// The stream that [`validate`] makes.
#[derive(Debug)]
pub struct Validate<S> {
    source: Source<S>,
    rules: Rules,
}

impl<S: Stream<Item = Item> + Unpin> Stream for Validate<S> {
    type Item = Item;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let this = self.get_mut();
        if this.source.is_over() {
            return Poll::Ready(None);
        }
        let mut poll = this.source.poll(cx);
        let verdict = match &poll {
            Poll::Ready(Some(Ok(event))) => this.rules.event(event),
            Poll::Ready(None) => this.rules.end(),
            Poll::Ready(Some(Err(_))) | Poll::Pending => Ok(()),
        };
        if let Err(breach) = verdict {
            this.source.end();
            poll = Poll::Ready(Some(Err(breach.into())));
        }
        poll
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use antiphon_types::Usage;
    use antiphon_types::chat::FinishReason;
    use futures_util::StreamExt;

    use super::*;
    use crate::testing::{Step, all, script};
    use crate::{ErrorKind, Event};

    /// Compares the breach that ends a stream of two choices with the one expected, and that the rest passed.
    async fn check(mut given: Vec<Event>, breach: &str) {
        let mut stream = validate(script(given.clone()), 2);
        let mut seen = Vec::new();
        let error = loop {
            match stream.next().await {
                Some(Ok(event)) => seen.push(event),
                Some(Err(error)) => break error,
                None => panic!("no breach is seen, and it should be: {breach}"),
            }
        };
        assert_eq!(
            (error.kind(), error.source().map(ToString::to_string)),
            (ErrorKind::Contract, Some(breach.to_owned()))
        );
        given.truncate(seen.len());
        assert_eq!(seen, given);
        assert!(stream.next().await.is_none());
    }

    fn finish(choice: u32) -> Event {
        Event::finish(FinishReason::Stop).at(choice)
    }

    #[tokio::test]
    async fn each_breach_is_an_error() {
        check(vec![Event::text("a").at(2)], "an event came of choice 2, and the choices are 0 to 1").await;
        check(vec![finish(1), Event::text("a").at(1)], "choice 1 went on after its finish").await;
        check(vec![finish(0), finish(0)], "choice 0 finished twice").await;
        check(
            vec![Event::tool_call(0, None, "f"), Event::arguments(3, "")],
            "slot 3 of choice 0 began without the tool's name",
        )
        .await;
        check(
            vec![Event::tool_call(3, None, "f"), Event::tool_call(3, None, "f")],
            "slot 3 of choice 0 began twice",
        )
        .await;
        check(vec![Event::usage(Usage::new(1, 1)), Event::usage(Usage::new(1, 1))], "usage came twice").await;
        check(vec![finish(0)], "the stream ended before choice 1 had finished").await;
        check(vec![], "the stream ended before choice 0 had finished").await;
    }

    #[tokio::test]
    async fn stream_that_keeps_the_contract_passes() {
        let events = vec![
            Event::usage(Usage::new(1, 1)),
            Event::tool_call(7, None, "f").at(1),
            Event::text(""),
            Event::tool_call(7, None, "f"),
            Event::arguments(7, "{}").at(1),
            finish(1),
            finish(0),
        ];
        assert_eq!(
            all(validate(script(events.clone()), 2)).await,
            events.into_iter().map(Ok).collect::<Vec<_>>()
        );
    }

    #[tokio::test]
    async fn nothing_is_seen_after_an_error() {
        let stream =
            script([Step::Fail(ErrorKind::Upstream), Step::Give(Event::text("a")), Step::Give(finish(0))]);
        assert_eq!(all(validate(stream, 1)).await, [Err(ErrorKind::Upstream)]);
    }
}
