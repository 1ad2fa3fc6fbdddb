//! Sees to it that a stream reports its usage, once and last.

use std::pin::Pin;
use std::task::{Context, Poll};

use antiphon_types::{CompletionTokensDetails, Usage};
use futures_core::Stream;

use super::source::{Item, Source};
use crate::Event;

/// Ends a stream with exactly one usage.
///
/// It is the stream's own, and else counted here: counted are `prompt_tokens` and, as a token each, the
/// content events that passed; reasoning stands in the details too. A stream that fails reports none.
pub fn meter<S>(stream: S, prompt_tokens: u64) -> Meter<S>
where
    S: Stream<Item = Item> + Unpin,
{
    Meter {
        source: Source::new(stream),
        prompt_tokens,
        tokens: 0,
        reasoning: 0,
        own: None,
        has_reported: false,
    }
}

/// The stream that [`meter`] makes.
#[derive(Debug)]
pub struct Meter<S> {
    source: Source<S>,
    prompt_tokens: u64,
    tokens: u64,
    reasoning: u64,
    /// The stream's own usage, once it came.
    own: Option<Box<Usage>>,
    has_reported: bool,
}

impl<S> Meter<S> {
    fn count(&mut self, event: &Event) {
        self.tokens += u64::from(event.is_content());
        self.reasoning += u64::from(matches!(event, Event::Reasoning { .. }));
    }

    fn counted(&self) -> Box<Usage> {
        let mut usage = Usage::new(self.prompt_tokens, self.tokens);
        if self.reasoning > 0 {
            let mut details = CompletionTokensDetails::default();
            details.reasoning_tokens = Some(self.reasoning);
            usage.completion_tokens_details = Some(details);
        }
        Box::new(usage)
    }
}

impl<S: Stream<Item = Item> + Unpin> Stream for Meter<S> {
    type Item = Item;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let this = self.get_mut();
        let mut poll = this.source.poll(cx);
        while let Poll::Ready(Some(Ok(Event::Usage(usage)))) = &mut poll {
            this.own = Some(std::mem::take(usage));
            poll = this.source.poll(cx);
        }
        match &poll {
            Poll::Ready(Some(Ok(event))) => this.count(event),
            Poll::Ready(None) if !this.has_reported => {
                this.has_reported = true;
                let usage = this.own.take().unwrap_or_else(|| this.counted());
                poll = Poll::Ready(Some(Ok(Event::Usage(usage))));
            }
            Poll::Ready(_) => this.has_reported = true,
            Poll::Pending => {}
        }
        poll
    }
}

#[cfg(test)]
mod tests {
    use antiphon_types::chat::FinishReason;

    use super::*;
    use crate::ErrorKind;
    use crate::adapt::{limit, stop};
    use crate::testing::{Step, all, script};

    fn finish() -> Event {
        Event::finish(FinishReason::Stop)
    }

    /// Compares the last item of a metered stream with the one expected, and that it is the only usage.
    async fn check(steps: Vec<Step>, expected: Result<Event, ErrorKind>) {
        let mut seen = all(meter(script(steps), 5)).await;
        assert_eq!(seen.pop(), Some(expected));
        assert!(!seen.iter().any(|item| matches!(item, Ok(Event::Usage(_)))));
    }

    #[tokio::test]
    async fn own_usage_comes_last() {
        let own = Event::usage(Usage::new(9, 9));
        check([own.clone(), Event::text("a"), finish()].map(Step::Give).to_vec(), Ok(own)).await;
    }

    #[tokio::test]
    async fn content_is_counted_where_no_usage_comes() {
        check(vec![], Ok(Event::usage(Usage::new(5, 0)))).await;
        let events = [Event::text("a"), Event::tool_call(0, None, "f"), Event::arguments(0, "{}"), finish()];
        check(events.map(Step::Give).to_vec(), Ok(Event::usage(Usage::new(5, 3)))).await;
    }

    #[tokio::test]
    async fn reasoning_is_counted_and_told() {
        let mut usage = Usage::new(5, 2);
        usage.completion_tokens_details.get_or_insert_default().reasoning_tokens = Some(1);
        let events = [Event::reasoning("a"), Event::text("b"), finish()];
        check(events.map(Step::Give).to_vec(), Ok(Event::usage(usage))).await;
    }

    #[tokio::test]
    async fn failed_stream_reports_none() {
        let steps = [Step::Give(Event::usage(Usage::new(9, 9))), Step::Fail(ErrorKind::Upstream)];
        check(steps.to_vec(), Err(ErrorKind::Upstream)).await;
    }

    #[tokio::test]
    async fn stream_that_an_adapter_cut_is_counted() {
        let events = [Event::usage(Usage::new(9, 9)), Event::text("a"), Event::text("b")];
        let text = || script(events.clone().map(Step::Give).into_iter().chain([Step::Hang]));
        let usage = Some(Ok(Event::usage(Usage::new(5, 1))));
        assert_eq!(all(meter(limit(text(), 1, 1), 5)).await.pop(), usage);
        assert_eq!(all(meter(stop(text(), ["b"], 1), 5)).await.pop(), usage);
    }
}
